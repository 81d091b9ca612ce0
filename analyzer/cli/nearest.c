/* Slips of the finger, by edit distance. */
#include "cli/nearest.h"

#include "base/text.h"

#include <string.h>

struct nearest nearest_to(const char *word) {
  size_t size = strlen(word);
  return (struct nearest){.word = word, .distance = size < 2 ? 0 : (size + 2) / 3 + 1};
}

void nearest_try(struct nearest *nearest, const char *candidate) {
  size_t slips = text_distance(nearest->word, candidate);
  if (slips >= nearest->distance || slips >= strlen(candidate)) return;
  nearest->distance = slips;
  nearest->best = candidate;
}
