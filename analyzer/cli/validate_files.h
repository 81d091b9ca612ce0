/* The files of one `siteglass validate`: those that were named, and what the schema
 * may read beside them. */
#ifndef SITEGLASS_CLI_VALIDATE_FILES_H
#define SITEGLASS_CLI_VALIDATE_FILES_H

#include "base/diag.h"
#include "bundle/bundle.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct validate_files; /* keeps the text of what belongs to the schema, for messages */

struct validate_files *validate_files_new(struct diags *diags) MUST_USE;
void validate_files_free(struct validate_files *files);

/* Files may be read from the folder of this one, and below it. */
void validate_files_allow(struct validate_files *files, const char *path);

/* A file that the user named, as UTF-8 without a mark; links are followed. NULL and an
 * error in the diagnostics when it cannot be read or is no text. */
char *validate_files_read(struct validate_files *files, const char *path, size_t *size) MUST_USE;

/* From now on what is read is remembered by digest: a report is never written over it. */
void validate_files_remember(struct validate_files *files);
/* For output_write; it belongs to `files`. */
const struct bundle *validate_files_known(const struct validate_files *files);

/* Keeps a copy of a text for validate_files_text. */
void validate_files_keep(struct validate_files *files, const char *path, const char *text,
                         size_t size);
/* A diagnostics_source whose data is a struct validate_files. */
const char *validate_files_text(void *files, const char *path);

/* A schema_reader whose data is a struct validate_files. A relative reference
 * alone is followed: no scheme, no absolute path, and never out of the allowed folders,
 * whether by ".." or by a symbolic link; a note says so when one is refused. */
char *validate_files_reader(void *files, const char *base, const char *href, size_t *size,
                            char resolved[512]);

#endif
