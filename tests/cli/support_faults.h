/* tests/cli/exchange-faults.tsv: faults of the server of support_server.h. */
#ifndef SITEGLASS_TESTS_SUPPORT_FAULTS_H
#define SITEGLASS_TESTS_SUPPORT_FAULTS_H

#include <stdbool.h>
#include <stddef.h>

struct fault {
  const char *name, *rules; /* rules: ids with spaces between */
  size_t first, count;      /* its edits */
};

struct faults {
  struct fault *items;
  size_t count, capacity;
  struct fault_edit *edits;
  size_t edit_count, edit_capacity;
  char *text;
};

struct faults faults_read(void);
void faults_dispose(struct faults *faults);
/* Makes the edits of one fault; false when a text is not there (then some may be made). */
bool fault_apply(const struct faults *faults, const struct fault *fault, const char *folder);

#endif
