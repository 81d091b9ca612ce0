/* Colour only on a terminal that can, and never with NO_COLOR (https://no-color.org). */
#include "cli/style.h"

#include "base/system.h"
#include "base/text.h"

#include <stdlib.h>

static bool wants_colour(void) {
  const char *no_colour = getenv("NO_COLOR"), *terminal = getenv("TERM");
  return !(no_colour && no_colour[0]) && system_is_terminal(stdout) &&
         !(terminal && text_equal(terminal, "dumb"));
}

static unsigned report_width(void) {
  unsigned width = system_terminal_width(stdout);
  return width == 0 ? 80 : width < 60 ? 60 : width > 120 ? 120 : width;
}

struct report_style style_for(const char *path) {
  return (struct report_style){.colour = !path && wants_colour(),
                               .width = path ? 80 : report_width()};
}
