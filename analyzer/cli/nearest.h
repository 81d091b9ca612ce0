/* "Did you mean": of several words, the one nearest to what was typed. */
#ifndef SITEGLASS_CLI_NEAREST_H
#define SITEGLASS_CLI_NEAREST_H

#include <stddef.h>

struct nearest {
  const char *word; /* what was typed */
  const char *best; /* NULL while nothing is near enough to be meant */
  size_t distance;
};

/* Near enough: at most a third of its letters wrong, and at least one right. */
struct nearest nearest_to(const char *word);
void nearest_try(struct nearest *nearest, const char *candidate);

#endif
