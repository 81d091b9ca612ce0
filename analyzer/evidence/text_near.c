/* Edit distance, case-insensitive, over two rows. */
#include "evidence/text_near.h"

#include "base/text.h"

#include <string.h>

enum { LONGEST = 200 };

static char fold(char c) {
  return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static size_t least(size_t a, size_t b, size_t c) {
  size_t smaller = a < b ? a : b;
  return smaller < c ? smaller : c;
}

static size_t edit_distance(const char *a, size_t a_size, const char *b, size_t b_size) {
  size_t row[LONGEST + 1];
  for (size_t j = 0; j <= b_size; j++)
    row[j] = j;
  for (size_t i = 1; i <= a_size; i++) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b_size; j++) {
      size_t above = row[j];
      size_t swap = diagonal + (fold(a[i - 1]) != fold(b[j - 1]));
      row[j] = least(swap, above + 1, row[j - 1] + 1);
      diagonal = above;
    }
  }
  return row[b_size];
}

struct text_near text_near_start(const char *name) {
  size_t most = strlen(name) / 3;
  return (struct text_near){name, NULL, (most < 2 ? 2 : most) + 1};
}

void text_near_try(struct text_near *near, const char *candidate) {
  size_t a = strlen(near->name), b = strlen(candidate);
  if (a > LONGEST || b > LONGEST) return;
  if ((a > b ? a - b : b - a) >= near->distance) return;
  size_t distance = edit_distance(near->name, a, candidate, b);
  if (distance >= near->distance) return;
  near->distance = distance;
  near->best = candidate;
}
