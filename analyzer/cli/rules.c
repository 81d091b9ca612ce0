/* siteglass rules: the catalogue, and the workbench of its authors. */
#include "cli/rules.h"

static const struct command *const subcommands[] = {
    &command_rules_list,   &command_rules_show,
    &command_rules_doc,    &command_rules_test,
    &command_rules_lint,   &command_rules_new,
    &command_rules_schema, &command_rules_settings,
    &command_rules_table,  NULL,
};

static const struct option *const rules_tables[] = {common_options, NULL};

const struct command command_rules = {
    .name = "rules",
    .usage = "COMMAND ...",
    .summary = "what it looks for; and to write, lint and test rules",
    .text = "The rules are ISO Schematron files. Those that are compiled in can be read here;\n"
            "--rules adds others, or replaces some. 'siteglass help rules COMMAND' shows the\n"
            "options of each command:\n",
    .examples = "  siteglass rules list --tag certificate\n"
                "  siteglass rules show exchange-backend-certificate-missing\n"
                "  siteglass rules new site-without-pool --output my-rules\n"
                "  siteglass rules lint my-rules && siteglass rules test my-rules\n",
    .options = rules_tables,
    .subcommands = subcommands,
};
