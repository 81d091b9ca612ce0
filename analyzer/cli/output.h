/* Where a report goes: standard output, or a file that is named. */
#ifndef SITEGLASS_CLI_OUTPUT_H
#define SITEGLASS_CLI_OUTPUT_H

#include "bundle/bundle.h"

#include <stdbool.h>
#include <stdio.h>

/* A closed pipe becomes a write error, which is reported, instead of a silent end. */
void output_setup(void);

/* Writes `text` to the file `path`, or to standard output when `path` is NULL.
 * A folder, or a file that is part of `bundle` (evidence is never written over),
 * is refused. False when it could not be written: one line on `errors` says why. */
bool output_write(const char *path, const char *text, const struct bundle *bundle,
                  FILE *errors) MUST_USE;

/* Makes sure that what was printed to standard output has arrived. */
bool output_finish(FILE *errors) MUST_USE;

#endif
