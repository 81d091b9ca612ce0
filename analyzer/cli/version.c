/* siteglass version, and --version everywhere. */
#include "cli/command.h"
#include "cli/output.h"

static int run_version(const struct arguments *arguments, const char *version) {
  if (arguments->operand_count) {
    fprintf(stderr, "siteglass: error: version takes no operand\n");
    return CLI_UNUSABLE;
  }
  printf("siteglass %s\n", version);
  return output_finish(stderr) ? CLI_CLEAN : CLI_UNUSABLE;
}

static const struct option *const version_tables[] = {common_options, NULL};

const struct command command_version = {
    .name = "version",
    .usage = "",
    .summary = "show the version",
    .text = "Shows the version of siteglass.\n",
    .examples = "",
    .options = version_tables,
    .run = run_version,
};
