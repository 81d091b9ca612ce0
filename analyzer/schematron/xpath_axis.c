/* The thirteen axes and their names. */
#include "schematron/xpath_axis.h"

#include <string.h>

static const char *const axis_names[] = {
    [AXIS_CHILD] = "child",
    [AXIS_ATTRIBUTE] = "attribute",
    [AXIS_SELF] = "self",
    [AXIS_PARENT] = "parent",
    [AXIS_ANCESTOR] = "ancestor",
    [AXIS_ANCESTOR_OR_SELF] = "ancestor-or-self",
    [AXIS_DESCENDANT] = "descendant",
    [AXIS_DESCENDANT_OR_SELF] = "descendant-or-self",
    [AXIS_FOLLOWING] = "following",
    [AXIS_FOLLOWING_SIBLING] = "following-sibling",
    [AXIS_PRECEDING] = "preceding",
    [AXIS_PRECEDING_SIBLING] = "preceding-sibling",
    [AXIS_NAMESPACE] = "namespace",
};
enum { AXIS_COUNT = sizeof axis_names / sizeof *axis_names };

const char *xpath_axis_name(enum xpath_axis axis) {
  return axis_names[axis];
}

bool axis_of_name(struct span name, enum xpath_axis *axis) {
  for (size_t i = 0; i < AXIS_COUNT; i++) {
    if (!span_equal(name, axis_names[i])) continue;
    *axis = (enum xpath_axis)i;
    return true;
  }
  return false;
}

/* Edits (insert, delete, replace) between a short word and a name. */
static size_t edits_between(const char *word, struct span name) {
  enum { LONGEST = 31 };
  size_t size = strlen(word), row[LONGEST + 1];
  if (size > LONGEST || name.size > LONGEST) return LONGEST;
  for (size_t i = 0; i <= size; i++)
    row[i] = i;
  for (size_t j = 1; j <= name.size; j++) {
    size_t diagonal = row[0];
    row[0] = j;
    for (size_t i = 1; i <= size; i++) {
      size_t best = diagonal + (word[i - 1] != name.start[j - 1]);
      diagonal = row[i];
      best = row[i] + 1 < best ? row[i] + 1 : best;
      row[i] = row[i - 1] + 1 < best ? row[i - 1] + 1 : best;
    }
  }
  return row[size];
}

const char *axis_near_name(struct span name) {
  const char *nearest = NULL;
  size_t fewest = 4; /* more edits than three are no slip of the pen */
  for (size_t i = 0; i < AXIS_COUNT; i++) {
    size_t edits = edits_between(axis_names[i], name);
    if (edits < fewest && edits < name.size) {
      fewest = edits;
      nearest = axis_names[i];
    }
  }
  return nearest;
}
