/* A scratch folder for one test, and what a ledger says as text. */
#ifndef SITEGLASS_TESTS_BUNDLE_SUPPORT_SCRATCH_H
#define SITEGLASS_TESTS_BUNDLE_SUPPORT_SCRATCH_H

#include "bundle/bundle.h"

void scratch_begin(void); /* mkdtemp under $TMPDIR or /tmp */
void scratch_end(void);   /* removes everything in it */
/* The path of `name` inside; good until the end of the test. */
const char *scratch_path(const char *name);
void scratch_folder(const char *name);
void scratch_write(const char *name, const void *bytes, size_t size);
void scratch_text(const char *name, const char *text);

/* bundle_open of one or two paths, limits NULL. */
struct bundle *open_one(const char *path);
struct bundle *open_two(const char *first, const char *second);
/* Of an artifact's path; fails the test when there is none. */
struct artifact *found(const struct bundle *bundle, const char *path);
/* Whether a diagnostic of that level on that file contains `part`. */
bool was_told(const struct bundle *bundle, enum diag_level level, const char *file,
              const char *part);
/* Everything that the ledger and the diagnostics say, a line each; alloc_free it. */
char *ledger_text(const struct bundle *bundle);

#endif
