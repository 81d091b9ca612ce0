/* Printing what is wrong with a rule file: the line, and a caret under the part. */
#ifndef SITEGLASS_CLI_DIAGNOSTICS_H
#define SITEGLASS_CLI_DIAGNOSTICS_H

#include "base/diag.h"
#include "rulebook/rule_files.h"

#include <stdio.h>

/* Each diagnostic with its source line, as far as `text_of` has the file's text (NULL: none). */
typedef const char *(*diagnostics_source)(void *data, const char *path);
void diagnostics_print_from(const struct diags *diags, diagnostics_source text_of, void *data,
                            FILE *out);
/* Each diagnostic with its source line, as far as `files` has it (NULL: none). */
void diagnostics_print(const struct diags *diags, const struct rule_files *files, FILE *out);

#endif
