/* Regular expressions: PCRE2, with limits. A limit that is hit is an answer
 * of its own, never "no match". */
#ifndef SITEGLASS_BASE_REGEX_H
#define SITEGLASS_BASE_REGEX_H

#include "base/alloc.h"

#include <stdbool.h>
#include <stddef.h>

struct regex;

enum regex_answer { REGEX_NO_MATCH, REGEX_MATCH, REGEX_LIMIT };

/* UTF-8 pattern. NULL on a bad pattern: `error` says what, `*offset` where. */
struct regex *regex_new(const char *pattern, bool ignore_case, char error[128],
                        size_t *offset) MUST_USE;
void regex_free(struct regex *regex);

#define REGEX_GROUPS 10
struct regex_group {
  size_t start, end; /* byte offsets; start == (size_t)-1 when the group is unset */
};
/* `groups` may be NULL; else REGEX_GROUPS of them, the first is the match. A
 * subject that is not UTF-8 never matches. Match limit: 100,000 steps. */
enum regex_answer regex_match(const struct regex *regex, const char *text, size_t size,
                              struct regex_group *groups) MUST_USE;
/* The same from byte `start` on; what stands before it is still seen by ^, \b and
 * look-behind. */
enum regex_answer regex_match_from(const struct regex *regex, const char *text, size_t size,
                                   size_t start, struct regex_group *groups) MUST_USE;

#endif
