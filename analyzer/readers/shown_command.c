/* A prompt, and what was typed behind it. */
#include "readers/shown_command.h"

#include <string.h>

static bool is_space(char c) {
  return c == ' ' || c == '\t';
}

static struct span rest_from(struct span text, const char *at) {
  return span_trim((struct span){at, (size_t)(text.start + text.size - at)});
}

bool shown_command(struct span line, struct span *command) {
  struct span text = span_trim(line);
  if (text.size > 4 && text.start[0] == '[' && !text_starts(text.start, "[PS]")) {
    const char *computer = memchr(text.start, ']', text.size); /* "[EX01]: PS C:\>" */
    if (!computer || computer + 2 >= text.start + text.size || computer[1] != ':') return false;
    text = rest_from(text, computer + 2);
  }
  const char *end = text.size ? memchr(text.start, '>', text.size) : NULL;
  bool prompt =
      text.size > 4 && (memcmp(text.start, "[PS]", 4) == 0 || memcmp(text.start, "PS ", 3) == 0 ||
                        memcmp(text.start, "PS>", 3) == 0);
  if (!prompt || !end) return false;
  *command = rest_from(text, end + 1);
  return command->size > 0;
}

/* The next word, quotes and all; size 0 at the end. */
static struct span next_word(struct span *rest) {
  *rest = span_trim(*rest);
  size_t size = 0;
  while (size < rest->size && !is_space(rest->start[size]))
    size++;
  struct span word = {rest->start, size};
  *rest = (struct span){rest->start + size, rest->size - size};
  return word;
}

static bool is_cmdlet(struct span word) {
  bool hyphen = false;
  for (size_t i = 0; i < word.size; i++) {
    char c = word.start[i];
    if (c == '-' && i > 0 && !hyphen)
      hyphen = true;
    else if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
      return false;
  }
  return hyphen;
}

static bool is_plain_value(struct span word) {
  return word.size > 0 && word.start[0] != '-' && !memchr(word.start, ',', word.size) &&
         !memchr(word.start, ';', word.size) && !memchr(word.start, '$', word.size);
}

static bool asks_for_all(struct span before) {
  static const char *const switches[] = {"-Status", "-ADPropertiesOnly",
                                         "-ShowMailboxVirtualDirectories"};
  if (!is_cmdlet(next_word(&before))) return false;
  for (struct span word; (word = next_word(&before)).size > 0;) {
    bool known = false;
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
      known = known || span_equal_nocase(word, switches[i]);
    if (!known && !(span_equal_nocase(word, "-Server") && is_plain_value(next_word(&before))))
      return false;
  }
  return true;
}

static bool is_shown(struct span after) {
  static const char *const shows[] = {"fl", "format-list", "ft", "format-table"};
  struct span word = next_word(&after);
  for (size_t i = 0; i < sizeof shows / sizeof *shows; i++)
    if (span_equal_nocase(word, shows[i])) return true;
  return false;
}

bool shown_command_lists_all(struct span command) {
  const char *bar = memchr(command.start, '|', command.size);
  if (memchr(command.start, ';', command.size)) return false;
  if (!bar) return asks_for_all(command);
  struct span after = rest_from(command, bar + 1);
  if (!is_shown(after) || memchr(after.start, '|', after.size)) return false;
  return asks_for_all((struct span){command.start, (size_t)(bar - command.start)});
}

struct span shown_command_server(struct span command) {
  for (struct span rest = command, word; (word = next_word(&rest)).size > 0;) {
    if (!span_equal_nocase(word, "-Server")) continue;
    struct span server = next_word(&rest);
    while (server.size > 0 && strchr("\"'", server.start[0]))
      server.start++, server.size--;
    while (server.size > 0 && strchr("\"'", server.start[server.size - 1]))
      server.size--;
    return is_plain_value(server) ? server : (struct span){server.start, 0};
  }
  return (struct span){command.start, 0};
}
