/* Compares what the program says of a case's bundle with its expectations. */
#ifndef SITEGLASS_TESTS_SUPPORT_EXPECT_H
#define SITEGLASS_TESTS_SUPPORT_EXPECT_H

#include "base/buffer.h"

enum { CASE_ARGUMENTS = 24 };

struct case_bundle {
  char *folder;
  int lines[10]; /* of the marks @1@ ... @9@; 0: not there */
  char *arguments[CASE_ARGUMENTS];
  size_t argument_count;
};

/* Each failure on lines of its own, with the command that shows it. */
void expect_all(const struct case_bundle *bundle, const char *expected, struct buffer *failures);

#endif
