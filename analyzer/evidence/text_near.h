/* "Did you mean": the nearest of some names by edit distance. */
#ifndef SITEGLASS_EVIDENCE_TEXT_NEAR_H
#define SITEGLASS_EVIDENCE_TEXT_NEAR_H

#include <stddef.h>

struct text_near {
  const char *name; /* as written */
  const char *best; /* NULL while none is near enough */
  size_t distance;
};

/* Near enough: a third of the name may differ, at least two letters. */
struct text_near text_near_start(const char *name);
void text_near_try(struct text_near *near, const char *candidate);

#endif
