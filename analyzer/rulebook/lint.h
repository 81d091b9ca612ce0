/* What a rule may do that loads and runs, and is wrong all the same: slow, never
 * true, true by accident, or useless to who reads the report. Each complaint ends with
 * its name in brackets; rules/README.md says why each is one. */
#ifndef SITEGLASS_RULEBOOK_LINT_H
#define SITEGLASS_RULEBOOK_LINT_H

#include "rulebook/rulebook.h"

/* Adds an error for each complaint, in the order of the files. `builtin`: of the built-in
 * rules too; else of those that --rules and the like brought. */
void rules_lint(const struct rulebook *rulebook, bool builtin, struct diags *diags);

#endif
