/* Where a report goes: standard output, or a file or folder that is named. */
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

/* Makes a folder unless it is there; those above it must exist. False: one line on
 * `errors` says why. */
bool output_make_folder(const char *path, FILE *errors) MUST_USE;
/* Is there nothing called folder/name? False, and said on `errors`, when there is. */
bool output_is_free(const char *folder, const char *name, FILE *errors) MUST_USE;
/* Writes folder/name; a file that is there is written over only with `replace`. */
bool output_write_in(const char *folder, const char *name, const char *text, bool replace,
                     FILE *errors) MUST_USE;

/* Makes sure that what was printed to standard output has arrived. */
bool output_finish(FILE *errors) MUST_USE;

#endif
