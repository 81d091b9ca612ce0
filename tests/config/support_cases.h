/* Cases of the configuration rules as text: several small files and what must be
 * true of them. cases/README.txt describes the form. */
#ifndef SITEGLASS_TESTS_SUPPORT_CASES_H
#define SITEGLASS_TESTS_SUPPORT_CASES_H

#include <stddef.h>

struct rule_case {
  char *name; /* "1.3.3-duplicate-location-path-with-same-section" */
  char *text; /* its files and expectations, as written */
};

struct rule_cases {
  struct rule_case *items;
  size_t count, capacity;
};

/* Adds the cases of tests/config/cases/FILE; ends the program when it cannot be
 * read. With SITEGLASS_CASE set, only those whose names hold that text. */
void rule_cases_read(struct rule_cases *cases, const char *file);
/* Adds one made case. `format` and what follows make its text. */
void rule_cases_add(struct rule_cases *cases, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void rule_cases_dispose(struct rule_cases *cases);

/* How many, for a loop test: all, or every third under the sanitizers, which look
 * for other defects and cost ten times the time. */
int rule_cases_steps(const struct rule_cases *cases);
const struct rule_case *rule_cases_step(const struct rule_cases *cases, int step);

/* Writes the files to a temporary folder, runs the program, compares. The failures,
 * one a line, "" when all is as expected; the caller frees. SITEGLASS_KEEP=1 keeps
 * the folder and prints where it is. */
char *rule_case_run(const struct rule_case *rule_case);

#endif
