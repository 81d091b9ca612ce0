/* The commands. One file each; a new command is one file and one row in cli.c. */
#ifndef SITEGLASS_CLI_COMMAND_H
#define SITEGLASS_CLI_COMMAND_H

#include "cli/cli.h"
#include "cli/options.h"

struct command {
  const char *name;     /* "check"; of a subcommand with its command: "rules list" */
  const char *usage;    /* after the name: "[OPTION]... BUNDLE..." */
  const char *summary;  /* one line, for the list of commands */
  const char *text;     /* what it does, for `help NAME`; lines of at most 78 columns */
  const char *examples; /* lines, each with its newline */
  const struct option *const *options; /* tables, ended by NULL */
  /* NULL when there are subcommands. */
  int (*run)(const struct arguments *arguments, const char *version);
  const struct command *const *subcommands; /* ends with NULL; NULL: there are none */
};

extern const struct command command_check, command_inventory, command_collect, command_config,
    command_evidence, command_rules, command_validate, command_help, command_version;

/* All of them, in the order of help; ends with NULL. */
extern const struct command *const commands[];

/* NULL when there is none; then one line on `errors` says so. */
const struct command *command_find(const char *name, FILE *errors);

/* The same among the subcommands of a command. */
const struct command *subcommand_find(const struct command *command, const char *name,
                                      FILE *errors);

void help_print(FILE *out);
void help_print_command(const struct command *command, FILE *out);

/* --help and --version, which every command takes. */
extern const struct option common_options[];

#endif
