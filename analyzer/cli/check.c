/* siteglass check: the main job. */
#include "base/system.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/diagnostics.h"
#include "cli/intake.h"
#include "cli/nearest.h"
#include "cli/output.h"
#include "cli/rule_loading.h"
#include "cli/style.h"
#include "report/explain.h"
#include "rulebook/waivers.h"

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
    {.name = "profile",
     .argument = "NAME",
     .summary = "run the rules of this profile (default: support)"},
    {.name = "waivers",
     .argument = "FILE",
     .summary = "findings that this file accepts are shown as waived\n"
                "and do not count; its dates are judged at the moment\n"
                "that the report judges dates at"},
    {.name = "settings",
     .argument = "FILE",
     .summary = "limits of rules that this file sets, such as\n"
                "days before an expiry; the report names them\n"
                "('siteglass rules settings' lists them)"},
    {.name = "explain",
     .argument = "ID",
     .summary = "text: then show how this rule came to its findings:\n"
                "what it read, and where that stands (json always does)"},
    {.name = "profile-rules", .summary = "then print what each rule cost on standard error"},
    {.name = "quiet",
     .letter = 'q',
     .summary = "text: findings and summary only; the explanation alone\n"
                "with --explain"},
    {.name = NULL},
};

/* Everything that one check owns, freed in one place. */
struct check {
  const struct report_format *format;
  struct check_options options;
  const char **only;
  size_t only_capacity;
  struct rule_loading rules;
  struct waivers *waivers;
  const char *explain; /* rule id; NULL */
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

static bool read_rules(struct check *check, const struct arguments *arguments) {
  for (size_t i = 0; i < arguments->use_count; i++) {
    if (!text_equal(arguments->uses[i].option->name, "rule")) continue;
    const char *id = arguments->uses[i].value;
    if (rule_loading_find(&check->rules, id, stderr) < 0) return false;
    ARRAY_PUSH(check->only, check->options.only_count, check->only_capacity) = id;
  }
  check->options.only = check->only;
  if (rulebook_count(check->rules.rulebook) > 0) return true;
  fprintf(stderr, "siteglass: error: --no-builtin leaves no rule; --rules adds some\n");
  return false;
}

static bool read_profile(struct check *check, const struct arguments *arguments) {
  const char *name = arguments_value(arguments, "profile"), *near = NULL;
  if (!name) return true;
  const struct rulebook *rulebook = check->rules.rulebook;
  bool *active = alloc_array(rulebook_count(rulebook), sizeof *active);
  bool found = rulebook_profile(rulebook, name, active, &near);
  alloc_free(active);
  check->options.profile = name;
  if (found) return true;
  char *shown = text_printable(name, 200), *names = rulebook_profiles(rulebook);
  fprintf(stderr, "siteglass: error: unknown profile %s; there are: %s", shown, names);
  if (near) fprintf(stderr, "; did you mean %s?", near);
  fputc('\n', stderr);
  alloc_free(shown);
  alloc_free(names);
  return false;
}

static bool read_waivers(struct check *check, const struct arguments *arguments) {
  const char *path = arguments_value(arguments, "waivers");
  if (!path) return true;
  size_t size;
  struct rule_files *files = check->rules.files;
  const char *text = rule_files_read(files, path, &size, &check->rules.diags);
  if (text) check->waivers = waivers_read(path, text, size, &check->rules.diags);
  check->options.waivers = check->waivers;
  if (check->waivers) return true;
  diagnostics_print(&check->rules.diags, files, stderr);
  fprintf(stderr, "siteglass: error: the waivers cannot be used; nothing was run\n");
  return false;
}

static bool read_explain(struct check *check, const struct arguments *arguments) {
  check->explain = arguments_value(arguments, "explain");
  check->options.explain = check->explain || text_equal(check->format->name, "json");
  if (!check->explain) return true;
  if (text_equal(check->format->name, "text"))
    return rule_loading_find(&check->rules, check->explain, stderr) >= 0;
  fprintf(stderr, "siteglass: error: --explain goes with --format text; json explains every "
                  "finding by itself\n");
  return false;
}

/* What is wrong with a rule is told before any bundle is opened. */
static bool load_rules(struct check *check, const struct arguments *arguments) {
  if (arguments_have(arguments, "profile-rules")) check->options.clock = system_ticks;
  return rule_loading_open(&check->rules, arguments, NULL, 0, stderr) &&
         read_rules(check, arguments) && read_profile(check, arguments) &&
         read_waivers(check, arguments) && read_explain(check, arguments);
}

static bool prepare(struct check *check, const struct arguments *arguments) {
  if (arguments->operand_count == 0) {
    fprintf(stderr, "siteglass: error: check needs a folder, file or archive to look at\n"
                    "'siteglass help check' shows how.\n");
    return false;
  }
  return read_format(check, arguments) && read_fail_on(check, arguments) &&
         intake_prepare(&check->intake, arguments, stderr) && load_rules(check, arguments);
}

/* The report, the explanation behind it, or with --quiet the explanation alone. */
static char *write_text(const struct check *check, const struct report_style *style) {
  if (!check->explain) return check->format->write(check->verdicts, style);
  char *chain = explain_text(check->verdicts, check->explain, style);
  if (style->quiet) return chain;
  char *page = check->format->write(check->verdicts, style);
  char *both = alloc_format("%s\n%s", page, chain);
  alloc_free(page);
  alloc_free(chain);
  return both;
}

static bool report(const struct check *check, const struct arguments *arguments) {
  const char *path = arguments_value(arguments, "output");
  struct report_style style = style_for(path);
  style.quiet = arguments_have(arguments, "quiet");
  char *text = write_text(check, &style);
  bool written = output_write(path, text, check->intake.bundle, stderr);
  alloc_free(text);
  if (check->verdicts->costs) {
    char *costs = costs_text(check->verdicts);
    fputs(costs, stderr);
    alloc_free(costs);
  }
  return written;
}

static void dispose(struct check *check) {
  if (check->verdicts) verdicts_free(check->verdicts);
  intake_dispose(&check->intake);
  waivers_free(check->waivers);
  rule_loading_dispose(&check->rules);
  alloc_free(check->only);
}

static int run_check(const struct arguments *arguments, const char *version) {
  struct check check = {.options = {.version = version}};
  int status = CLI_UNUSABLE;
  if (prepare(&check, arguments) && intake_run(&check.intake, arguments, stderr)) {
    check.verdicts = rulebook_check(check.rules.rulebook, check.intake.bundle, check.intake.hosts,
                                    &check.options);
    if (report(&check, arguments)) status = check.verdicts->exit_status;
  }
  dispose(&check);
  return status;
}

static const struct option *const check_tables[] = {check_options, rule_options, intake_options,
                                                    common_options, NULL};

const struct command command_check = {
    .name = "check",
    .usage = "[OPTION]... BUNDLE...",
    .summary = "what is wrong, how that is known, and how to repair it",
    .text = "Looks at what was exported from a server and reports what is wrong with it:\n"
            "each finding with its proof (file, line, value), what users see, the steps that\n"
            "repair it and how to verify them; then what could not be decided, and the\n"
            "command that collects what is missing.\n"
            "\n"
            "BUNDLE is a folder, a file or an archive (zip, tar, 7z, cab, gzip, xz, bzip2,\n"
            "zstd); several are read together. Nothing is unpacked to disk, nothing is\n"
            "changed, nothing is sent anywhere.\n"
            "\n"
            "Exit status: 0 everything was decided and nothing was found; 1 findings; 2 wrong\n"
            "usage, or nothing readable; 3 no findings, but something could not be decided.\n",
    .examples = "  siteglass check case-4711/\n"
                "  siteglass check applicationHost.config sslcert.txt certutil-my.txt\n"
                "  siteglass check --format sarif --output report.sarif case-4711.zip\n"
                "  siteglass check --as-of 2026-03-02 --fail-on high case-4711/\n"
                "  siteglass check --host EX01='*ex01*' --host EX02='*ex02*' case-4711/\n"
                "  siteglass check --rules my-rules/ --waivers accepted.xml case-4711/\n"
                "  siteglass check --quiet --explain oauth-certificate-missing case-4711/\n",
    .options = check_tables,
    .run = run_check,
};
