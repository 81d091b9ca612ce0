/* A program that runs rule cases, one Check test each. */
#ifndef SITEGLASS_TESTS_SUPPORT_SUITE_H
#define SITEGLASS_TESTS_SUPPORT_SUITE_H

#include "config/support_cases.h"

/* Reads the files (NULL ends them), lets `make` add more (may be NULL), runs all.
 * The program's exit status. */
int rule_suite(const char *title, const char *const *files, void (*make)(struct rule_cases *cases));

#endif
