/* siteglass check: the main job. */
#include "base/system.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/intake.h"
#include "cli/nearest.h"
#include "cli/output.h"
#include "report/report.h"
#include "rulebook/rulebook.h"

#include <stdlib.h>

static const struct option check_options[] = {
    {.name = "format",
     .letter = 'f',
     .argument = "FORMAT",
     .summary = "text (default), json or sarif"},
    {.name = "output",
     .letter = 'o',
     .argument = "FILE",
     .summary = "write the report to FILE instead of standard output"},
    {.name = "fail-on",
     .argument = "SEVERITY",
     .summary = "exit with 1 for findings from this severity upwards:\n"
                "info, low (default), medium, high, critical; or none"},
    {.name = "rule",
     .argument = "ID",
     .repeatable = true,
     .summary = "run this rule only (may be given several times)"},
    {.name = "quiet", .letter = 'q', .summary = "text: findings and summary only"},
    {.name = NULL},
};

/* Everything that one check owns, freed in one place. */
struct check {
  const struct report_format *format;
  struct check_options options;
  const char **only;
  size_t only_capacity;
  struct diags rule_diags;
  struct rulebook *rulebook;
  struct intake intake;
  struct verdicts *verdicts;
};

static bool read_format(struct check *check, const struct arguments *arguments) {
  const char *name = arguments_value(arguments, "format");
  check->format = report_format_find(name ? name : "text");
  if (check->format) return true;
  struct nearest nearest = nearest_to(name);
  char *shown = text_printable(name, 200);
  fprintf(stderr, "siteglass: error: unknown format %s; there are", shown);
  for (const struct report_format *format = report_formats; format->name; format++) {
    fprintf(stderr, " %s", format->name);
    nearest_try(&nearest, format->name);
  }
  if (nearest.best) fprintf(stderr, "; did you mean %s?", nearest.best);
  fputc('\n', stderr);
  alloc_free(shown);
  return false;
}

static bool read_fail_on(struct check *check, const struct arguments *arguments) {
  const char *word = arguments_value(arguments, "fail-on");
  check->options.fail_on = SEVERITY_LOW;
  if (!word) return true;
  if (text_equal(word, "none")) {
    check->options.fail_on_none = true;
    return true;
  }
  if (severity_from_word(word, &check->options.fail_on)) return true;
  char *shown = text_printable(word, 200);
  fprintf(stderr,
          "siteglass: error: unknown severity %s; there are none info low medium high critical\n",
          shown);
  alloc_free(shown);
  return false;
}

static void say_unknown_rule(const struct check *check, const char *id, const char *near) {
  char *shown = text_printable(id, 200);
  fprintf(stderr, "siteglass: error: unknown rule %s", shown);
  if (near) {
    fprintf(stderr, "; did you mean %s?\n", near);
  } else {
    fprintf(stderr, "; there are\n");
    for (size_t i = 0; i < rulebook_count(check->rulebook); i++)
      fprintf(stderr, "  %s\n", rulebook_id(check->rulebook, i));
  }
  alloc_free(shown);
}

static bool read_rules(struct check *check, const struct arguments *arguments) {
  for (size_t i = 0; i < arguments->use_count; i++) {
    if (!text_equal(arguments->uses[i].option->name, "rule")) continue;
    const char *near = NULL, *id = arguments->uses[i].value;
    if (rulebook_find(check->rulebook, id, &near) < 0) {
      say_unknown_rule(check, id, near);
      return false;
    }
    ARRAY_PUSH(check->only, check->options.only_count, check->only_capacity) = id;
  }
  check->options.only = check->only;
  return true;
}

/* The rules are part of the program: an error in them is never the user's. */
static bool load_rules(struct check *check) {
  check->rulebook = rulebook_load(&check->rule_diags);
  if (check->rulebook) return true;
  for (size_t i = 0; i < check->rule_diags.count; i++) {
    const struct diag *diag = &check->rule_diags.items[i];
    fprintf(stderr, "siteglass: %s: %s:%u:%u: %s\n", diag_level_word(diag->level), diag->file,
            diag->line, diag->column, diag->message);
  }
  fprintf(stderr, "siteglass: error: the built-in rules could not be loaded; no verdict\n");
  return false;
}

static bool prepare(struct check *check, const struct arguments *arguments) {
  if (arguments->operand_count == 0) {
    fprintf(stderr, "siteglass: error: check needs a folder, file or archive to look at\n"
                    "'siteglass help check' shows how.\n");
    return false;
  }
  return read_format(check, arguments) && read_fail_on(check, arguments) &&
         intake_prepare(&check->intake, arguments, stderr) && load_rules(check) &&
         read_rules(check, arguments);
}

/* Colour only on a terminal that can, and never with NO_COLOR (https://no-color.org). */
static bool wants_colour(void) {
  const char *no_colour = getenv("NO_COLOR"), *terminal = getenv("TERM");
  return !(no_colour && no_colour[0]) && system_is_terminal(stdout) &&
         !(terminal && text_equal(terminal, "dumb"));
}

static unsigned report_width(void) {
  unsigned width = system_terminal_width(stdout);
  return width == 0 ? 80 : width < 60 ? 60 : width > 120 ? 120 : width;
}

static bool report(const struct check *check, const struct arguments *arguments) {
  const char *path = arguments_value(arguments, "output");
  struct report_style style = {.colour = !path && wants_colour(),
                               .width = path ? 80 : report_width(),
                               .quiet = arguments_have(arguments, "quiet")};
  char *text = check->format->write(check->verdicts, &style);
  bool written = output_write(path, text, check->intake.bundle, stderr);
  alloc_free(text);
  return written;
}

static void dispose(struct check *check) {
  if (check->verdicts) verdicts_free(check->verdicts);
  intake_dispose(&check->intake);
  if (check->rulebook) rulebook_free(check->rulebook);
  diags_dispose(&check->rule_diags);
  alloc_free(check->only);
}

static int run_check(const struct arguments *arguments, const char *version) {
  struct check check = {.options = {.version = version}};
  int status = CLI_UNUSABLE;
  if (prepare(&check, arguments) && intake_run(&check.intake, arguments, stderr)) {
    check.verdicts =
        rulebook_check(check.rulebook, check.intake.bundle, check.intake.hosts, &check.options);
    if (report(&check, arguments)) status = check.verdicts->exit_status;
  }
  dispose(&check);
  return status;
}

static const struct option *const check_tables[] = {check_options, intake_options, common_options,
                                                    NULL};

const struct command command_check = {
    .name = "check",
    .usage = "[OPTION]... BUNDLE...",
    .summary = "what is wrong, how that is known, and how to repair it",
    .text = "Looks at what was exported from a server and reports what is wrong with it:\n"
            "each finding with its proof (file, line, value), what users see, the steps that\n"
            "repair it and how to verify them; then what could not be decided, and the\n"
            "command that collects what is missing.\n"
            "\n"
            "BUNDLE is a folder, a file or a zip archive; several are read together. Nothing\n"
            "is unpacked, nothing is changed, nothing is sent anywhere.\n"
            "\n"
            "Exit status: 0 everything was decided and nothing was found; 1 findings; 2 wrong\n"
            "usage, or nothing readable; 3 no findings, but something could not be decided.\n",
    .examples = "  siteglass check case-4711/\n"
                "  siteglass check applicationHost.config sslcert.txt certutil-my.txt\n"
                "  siteglass check --format sarif --output report.sarif case-4711.zip\n"
                "  siteglass check --as-of 2026-03-02 --fail-on high case-4711/\n"
                "  siteglass check --host EX01='*ex01*' --host EX02='*ex02*' case-4711/\n",
    .options = check_tables,
    .run = run_check,
};
