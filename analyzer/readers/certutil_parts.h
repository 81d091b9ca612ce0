/* Private to certutil_*.c: the lines of one entry, and the command above a dump. */
#ifndef SITEGLASS_READERS_CERTUTIL_PARTS_H
#define SITEGLASS_READERS_CERTUTIL_PARTS_H

#include "readers/certutil_entry.h"

struct certutil_cursor {
  const struct line *lines; /* the first is the banner */
  size_t count, margin, wrap;
  uint32_t source;
};

/* Blanks in front, beyond the margin that the whole dump may have been given. */
size_t certutil_indent(const struct certutil_cursor *c, size_t i);
bool certutil_is_blank(const struct certutil_cursor *c, size_t i);
bool certutil_is_rule(struct span text); /* of = or - */
/* "CERT_SHA1_HASH_PROP_ID(3):" is never translated. The line, or count. */
size_t certutil_find_property(const struct certutil_cursor *c, const char *id);
struct certutil_value certutil_value_at(const struct certutil_cursor *c, size_t i,
                                        struct span text);

/* certutil_key.c: fill `key`, `key_provider`, `key_sentence` and `after_key`, from the lines
 * behind the hash (`hash` is its line) or from the properties of -v. */
void certutil_key_of_lines(const struct certutil_cursor *c, size_t hash,
                           struct certutil_entry *entry);
void certutil_key_of_properties(const struct certutil_cursor *c, struct certutil_entry *entry);

/* The command that a console copy shows. False: the line holds none. */
struct certutil_command {
  const char *location; /* of another store than the machine's own; NULL: it does not say */
  bool some_only;       /* it asks for some entries of the store */
};
bool certutil_command(struct span line, struct certutil_command *command) MUST_USE;

#endif
