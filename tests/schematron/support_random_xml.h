/* Seeded chance, small random trees and patterns for the tests that compare
 * with an oracle. The same seed gives the same on every system. */
#ifndef SITEGLASS_TESTS_SUPPORT_RANDOM_XML_H
#define SITEGLASS_TESTS_SUPPORT_RANDOM_XML_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RANDOM_URI "urn:p" /* what the prefix "p" of trees and patterns is bound to */

struct chance {
  uint64_t state;
};
struct chance chance_of(uint64_t seed);
size_t chance_below(struct chance *chance, size_t limit);
bool chance_percent(struct chance *chance, size_t percent);
#define CHANCE_PICK(chance, texts)                                                                 \
  ((texts)[chance_below((chance), sizeof(texts) / sizeof *(texts))])

/* How many runs an oracle test makes: `usual`, or SITEGLASS_RUNS. */
size_t random_runs(size_t usual);

/* Elements a, b, c and p:a, attributes x, y and p:x with few values, text, CDATA,
 * comments, processing instructions; at most 5 deep. */
xmlDoc *random_document(struct chance *chance);

/* One alternative of an XSLT pattern, with no key() or id(). `simple`: only
 * predicates that need no evaluator. The caller frees it with alloc_free. */
char *random_pattern(struct chance *chance, bool simple);

#endif
