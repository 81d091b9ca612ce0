/* The subcommands of `siteglass rules`, one file for each of a few that belong together. */
#ifndef SITEGLASS_CLI_RULES_H
#define SITEGLASS_CLI_RULES_H

#include "cli/command.h"
#include "cli/rule_loading.h"
#include "rulebook/page_build.h"

/* rules_pages.c */
extern const struct command command_rules_list, command_rules_show, command_rules_doc,
    command_rules_settings;
/* rules_work.c */
extern const struct command command_rules_lint, command_rules_test, command_rules_schema;
/* rules_table.c */
extern const struct command command_rules_table;
/* rules_new.c */
extern const struct command command_rules_new;

#endif
