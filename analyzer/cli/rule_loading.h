/* Which rules a command works with: the built-in ones, --rules and --no-builtin. */
#ifndef SITEGLASS_CLI_RULE_LOADING_H
#define SITEGLASS_CLI_RULE_LOADING_H

#include "cli/options.h"
#include "rulebook/cases.h"
#include "rulebook/rulebook.h"

/* --rules and --no-builtin. */
extern const struct option rule_options[];

struct rule_loading {
  struct rule_files *files;
  struct diags diags;
  struct rulebook *rulebook;
  struct case_set *cases;
  const char **paths; /* of --rules, then `more` */
  size_t path_count, path_capacity;
};

/* Loads what the options say, and with it the rule files `more` (each may be a part of a larger
 * schema). False when a file is broken: every error is printed. */
bool rule_loading_open(struct rule_loading *loading, const struct arguments *arguments,
                       const char *const *more, size_t more_count, FILE *errors) MUST_USE;
/* Reads the cases beside the rules: the built-in ones, and those of each --rules. False when
 * a file is broken: every error is printed. */
bool rule_loading_cases(struct rule_loading *loading, bool builtin, FILE *errors) MUST_USE;
void rule_loading_dispose(struct rule_loading *loading); /* after either, whatever it returned */

/* The number of a rule; -1 after a message with what was probably meant. */
long rule_loading_find(const struct rule_loading *loading, const char *id, FILE *errors);

#endif
