/* Finds the command, reads its arguments, runs it. */
#include "cli/cli.h"

#include "base/text.h"
#include "cli/command.h"
#include "cli/nearest.h"
#include "cli/output.h"

#include <string.h>

const struct command *const commands[] = {
    &command_check, &command_inventory, &command_collect, &command_config,  &command_evidence,
    &command_rules, &command_validate,  &command_help,    &command_version, NULL,
};

const struct option common_options[] = {
    {.name = "help", .letter = 'h', .summary = "show this help"},
    {.name = "version", .letter = 'V', .summary = "show the version"},
    {.name = NULL},
};

const struct command *command_find(const char *name, FILE *errors) {
  struct nearest nearest = nearest_to(name);
  for (size_t i = 0; commands[i]; i++) {
    if (text_equal(name, commands[i]->name)) return commands[i];
    nearest_try(&nearest, commands[i]->name);
  }
  char *shown = text_printable(name, 200);
  fprintf(errors, "siteglass: error: unknown command %s", shown);
  if (nearest.best) fprintf(errors, "; did you mean %s?", nearest.best);
  fprintf(errors, "\n'siteglass help' lists the commands.\n");
  alloc_free(shown);
  return NULL;
}

/* "list" of "rules list" */
static const char *last_word(const char *name) {
  const char *blank = strrchr(name, ' ');
  return blank ? blank + 1 : name;
}

const struct command *subcommand_find(const struct command *command, const char *name,
                                      FILE *errors) {
  struct nearest nearest = nearest_to(name);
  for (size_t i = 0; command->subcommands[i]; i++) {
    if (text_equal(name, last_word(command->subcommands[i]->name))) return command->subcommands[i];
    nearest_try(&nearest, last_word(command->subcommands[i]->name));
  }
  char *shown = text_printable(name, 200);
  fprintf(errors, "siteglass: error: unknown command %s %s", command->name, shown);
  if (nearest.best) fprintf(errors, "; did you mean %s?", nearest.best);
  fprintf(errors, "\n'siteglass help %s' lists them.\n", command->name);
  alloc_free(shown);
  return NULL;
}

static int run_with(const struct command *command, const struct arguments *arguments,
                    const char *version) {
  if (arguments_have(arguments, "help")) {
    help_print_command(command, stdout);
    return output_finish(stderr) ? CLI_CLEAN : CLI_UNUSABLE;
  }
  if (arguments_have(arguments, "version"))
    return command_version.run(&(struct arguments){0}, version);
  if (command->run) return command->run(arguments, version);
  help_print_command(command, stderr);
  return CLI_UNUSABLE;
}

static int run_command(const struct command *command, char **argv, const char *version) {
  struct arguments arguments = {0};
  int status = CLI_UNUSABLE;
  if (arguments_parse(command->options, argv, &arguments, stderr))
    status = run_with(command, &arguments, version);
  else
    fprintf(stderr, "'siteglass help %s' lists the options.\n", command->name);
  arguments_dispose(&arguments);
  return status;
}

/* siteglass --help and its like: options before any command. */
static int run_bare(char **argv, const char *version) {
  const struct option *const tables[] = {common_options, NULL};
  struct arguments arguments = {0};
  int status = CLI_UNUSABLE;
  if (!arguments_parse(tables, argv, &arguments, stderr))
    fprintf(stderr, "'siteglass help' lists the commands; options stand after a command.\n");
  else if (arguments_have(&arguments, "help"))
    status = command_help.run(&(struct arguments){0}, version);
  else if (arguments_have(&arguments, "version"))
    status = command_version.run(&(struct arguments){0}, version);
  else
    help_print(stderr);
  arguments_dispose(&arguments);
  return status;
}

int cli_main(int argc, char **argv, const char *version) {
  output_setup();
  if (argc < 2) {
    help_print(stderr);
    return CLI_UNUSABLE;
  }
  if (argv[1][0] == '-') return run_bare(argv + 1, version);
  const struct command *command = command_find(argv[1], stderr);
  if (!command) return CLI_UNUSABLE;
  char **rest = argv + 2;
  if (command->subcommands && rest[0] && rest[0][0] != '-')
    command = subcommand_find(command, *rest++, stderr);
  return command ? run_command(command, rest, version) : CLI_UNUSABLE;
}
