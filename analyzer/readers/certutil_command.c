/* The command itself, as a console copy shows it above a dump. */
#include "readers/certutil_parts.h"

#include <string.h>

static const struct {
  const char *dash, *slash, *location;
} options[] = {{" -user", " /user", "CurrentUser"},
               {" -enterprise", " /enterprise", "Enterprise"},
               {" -grouppolicy", " /grouppolicy", "GroupPolicy"},
               {" -service", " /service", "Service"}};

/* The next word, a quoted one whole; size 0 at the end of the command. */
static struct span next_word(struct span *rest) {
  *rest = span_trim(*rest);
  if (rest->size == 0) return *rest;
  bool quoted = false;
  size_t size = 0;
  for (; size < rest->size && (quoted || rest->start[size] != ' '); size++)
    if (rest->start[size] == '"') quoted = !quoted;
  struct span word = {rest->start, size};
  *rest = (struct span){rest->start + size, rest->size - size};
  return word;
}

static bool is_verb(struct span word) {
  static const char *const verbs[] = {"store", "verifystore", "viewstore"};
  if (word.size < 2 || (word.start[0] != '-' && word.start[0] != '/')) return false;
  for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
    if (span_equal_nocase((struct span){word.start + 1, word.size - 1}, verbs[i])) return true;
  return false;
}

/* "-store My 0", "-store My mail.contoso.com": more than the name of the store. */
static bool asks_for_some(struct span command) {
  bool verb = false;
  size_t words = 0;
  for (struct span word; (word = next_word(&command)).size > 0;) {
    if (verb && (memchr(word.start, '>', word.size) || memchr(word.start, '|', word.size))) break;
    if (is_verb(word))
      verb = true;
    else if (verb && word.start[0] != '-' && word.start[0] != '/')
      words++;
  }
  return words > 1;
}

bool certutil_command(struct span line, struct certutil_command *command) {
  bool optional = memchr(line.start, '-', line.size) || memchr(line.start, '/', line.size);
  if (!optional || !span_holds(line, "certutil")) return false;
  *command = (struct certutil_command){NULL, asks_for_some(line)};
  for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
    if (span_holds(line, options[i].dash) || span_holds(line, options[i].slash))
      command->location = options[i].location;
  return true;
}
