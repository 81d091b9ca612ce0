/* siteglass help, siteglass help COMMAND, and --help everywhere. */
#include "cli/command.h"
#include "cli/output.h"

void help_print(FILE *out) {
  fputs("siteglass reads what was exported from a Windows web server (IIS, Exchange) and\n"
        "says, offline, what is wrong with it, how it knows, and how to repair it.\n\n"
        "Usage: siteglass COMMAND ...\n\n",
        out);
  for (size_t i = 0; commands[i]; i++)
    fprintf(out, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
  fputs("\nExamples:\n"
        "  siteglass check case-4711/                 what is wrong, and how to repair it\n"
        "  siteglass check applicationHost.config sslcert.txt\n"
        "  siteglass inventory case-4711/             what came in, and what is missing\n"
        "  siteglass collect --missing case-4711/     a script that collects the rest\n"
        "  siteglass evidence case-4711/              what the rules see, as XML\n"
        "  siteglass rules list                       what it looks for\n"
        "  siteglass validate books.sch books.xml     any Schematron schema, any document\n"
        "  siteglass help check                       all options of a command\n\n"
        "Exit status of check: 0 all is well, 1 findings, 2 wrong usage or nothing\n"
        "readable, 3 no findings but something could not be decided.\n",
        out);
}

void help_print_command(const struct command *command, FILE *out) {
  fprintf(out, "Usage: siteglass %s %s\n\n%s\n", command->name, command->usage, command->text);
  for (size_t i = 0; command->subcommands && command->subcommands[i]; i++)
    fprintf(out, "  %-14s %s\n", command->subcommands[i]->name, command->subcommands[i]->summary);
  fprintf(out, "%sOptions:\n", command->subcommands ? "\n" : "");
  options_print(command->options, out);
  if (command->examples[0]) fprintf(out, "\nExamples:\n%s", command->examples);
}

static int run_help(const struct arguments *arguments, const char *version) {
  (void)version;
  size_t count = arguments->operand_count;
  if (count > 0) {
    const struct command *command = command_find(arguments->operands[0], stderr);
    if (command && count > 1 && command->subcommands)
      command = subcommand_find(command, arguments->operands[1], stderr), count--;
    if (!command) return CLI_UNUSABLE;
    if (count > 1) {
      fprintf(stderr, "siteglass: error: help takes one command\n");
      return CLI_UNUSABLE;
    }
    help_print_command(command, stdout);
  } else {
    help_print(stdout);
  }
  return output_finish(stderr) ? CLI_CLEAN : CLI_UNUSABLE;
}

static const struct option *const help_tables[] = {common_options, NULL};

const struct command command_help = {
    .name = "help",
    .usage = "[COMMAND]",
    .summary = "show this help, or that of a command",
    .text = "Shows what siteglass can do, or all options of one command.\n",
    .examples = "  siteglass help check\n",
    .options = help_tables,
    .run = run_help,
};
