/* siteglass rules lint, test, schema: the workbench. */
#include "cli/rules.h"

#include "base/map.h"
#include "base/system.h"
#include "base/text.h"
#include "cli/diagnostics.h"
#include "cli/output.h"
#include "rulebook/lint.h"

#include <string.h>

/* ---- lint ---- */

static bool is_same_file(const char *a, const char *b) {
  char *left = system_resolve(a), *right = system_resolve(b);
  bool same = left && right ? text_equal(left, right) : text_equal(a, b);
  alloc_free(left);
  alloc_free(right);
  return same;
}

/* Of a file that is part of a larger schema, only its own complaints are wanted. */
static bool is_wanted(const struct diag *diag, const struct arguments *arguments) {
  if (arguments->operand_count == 0) return true;
  for (size_t i = 0; i < arguments->operand_count; i++) {
    struct system_status status;
    system_status(arguments->operands[i], true, &status);
    if (status.kind == SYSTEM_FOLDER || is_same_file(diag->file, arguments->operands[i]))
      return true;
  }
  return false;
}

static size_t print_complaints(struct diags *found, const struct arguments *arguments,
                               const struct rule_files *files) {
  struct diags wanted = {0};
  for (size_t i = 0; i < found->count; i++) {
    const struct diag *d = &found->items[i];
    if (is_wanted(d, arguments))
      diags_add(&wanted, d->level, d->file, d->line, d->column, "%s", d->message);
  }
  diagnostics_print(&wanted, files, stdout);
  size_t count = wanted.count + found->dropped;
  diags_dispose(&wanted);
  return count;
}

static int run_lint(const struct arguments *arguments, const char *version) {
  (void)version;
  struct rule_loading loading = {0};
  struct diags found = {0};
  int status = CLI_UNUSABLE;
  if (rule_loading_open(&loading, arguments, arguments->operands, arguments->operand_count,
                        stderr)) {
    rules_lint(loading.rulebook, arguments->operand_count == 0, &found);
    size_t count = print_complaints(&found, arguments, loading.files);
    printf("%zu %s\n", count, count == 1 ? "complaint" : "complaints");
    status = count ? CLI_FINDINGS : CLI_CLEAN;
    if (!output_finish(stderr)) status = CLI_UNUSABLE;
  }
  diags_dispose(&found);
  rule_loading_dispose(&loading);
  return status;
}

static const struct option *const work_tables[] = {rule_options, common_options, NULL};

const struct command command_rules_lint = {
    .name = "rules lint",
    .usage = "[OPTION]... [FILE|DIR]...",
    .summary = "what is wrong with rule files that load",
    .text = "Loads rule files and says what loads, yet is wrong: missing metadata, slow or\n"
            "accidental XPath, messages with gaps. Without an operand, the built-in rules. Each\n"
            "complaint ends with its name in brackets; rules/README.md says why it is one.\n"
            "\n"
            "Exit status: 0 nothing to complain about; 1 complaints; 2 a file does not load.\n",
    .examples = "  siteglass rules lint my-rules/\n",
    .options = work_tables,
    .run = run_lint,
};

/* ---- test ---- */

static const struct option test_options[] = {
    {.name = "verbose", .letter = 'v', .summary = "name the cases that hold, too"},
    {.name = NULL},
};

struct testing {
  struct rule_loading loading;
  const char **rule_paths; /* operands that are rules; the others are case files */
  size_t rule_count, rule_capacity;
  bool verbose;
  size_t held, failed, gaps;
};

static bool is_case_file(const char *path) {
  struct system_status status;
  system_status(path, true, &status);
  return status.kind == SYSTEM_FILE && text_ends_nocase(path, ".xml");
}

static void split_operands(struct testing *testing, const struct arguments *arguments) {
  for (size_t i = 0; i < arguments->operand_count; i++)
    if (!is_case_file(arguments->operands[i]))
      ARRAY_PUSH(testing->rule_paths, testing->rule_count, testing->rule_capacity) =
          arguments->operands[i];
}

static bool read_cases(struct testing *testing, const struct arguments *arguments) {
  struct rule_loading *loading = &testing->loading;
  bool all = arguments->operand_count == 0 && !arguments_have(arguments, "no-builtin");
  if (!rule_loading_cases(loading, all, stderr)) return false;
  for (size_t i = 0; i < arguments->operand_count; i++)
    if (is_case_file(arguments->operands[i]))
      case_set_add(loading->cases, loading->files, arguments->operands[i], &loading->diags);
  if (diags_count(&loading->diags, DIAG_ERROR) == 0) return true;
  diagnostics_print(&loading->diags, loading->files, stderr);
  return false;
}

static void print_case(const char *word, const struct rule_case *one, const char *why) {
  char *title = text_printable(one->title, 400), *file = text_printable(one->file, 1000);
  printf("%s  %s:%u  %s %s: %s\n", word, file, one->line, one->rule, case_kind_word(one->kind),
         title);
  if (why) {
    char *shown = text_printable(why, 2000);
    printf("      %s\n", shown);
    alloc_free(shown);
  }
  alloc_free(title);
  alloc_free(file);
}

static void run_case(struct testing *testing, const struct rule_case *one) {
  bool gap;
  char *why = case_run(testing->loading.cases, testing->loading.rulebook, one, &gap);
  if (why)
    testing->failed++;
  else if (gap)
    testing->gaps++;
  else
    testing->held++;
  if (why)
    print_case("FAIL", one, why);
  else if (gap)
    print_case("gap ", one, NULL);
  else if (testing->verbose)
    print_case("ok  ", one, NULL);
  alloc_free(why);
}

/* Rules that came with the operands and that no case speaks of. */
static size_t print_untested(const struct testing *testing, bool all) {
  size_t count = 0;
  for (size_t i = 0; i < rulebook_count(testing->loading.rulebook); i++) {
    const char *id = rulebook_id(testing->loading.rulebook, i);
    bool tested = !all && rulebook_is_builtin(testing->loading.rulebook, i);
    for (int kind = 0; !tested && kind < CASE_KINDS; kind++)
      tested = case_set_find(testing->loading.cases, id, (enum case_kind)kind) != NULL;
    if (tested) continue;
    printf("FAIL  %s has no case\n", id);
    count++;
  }
  return count;
}

static int run_cases(struct testing *testing, const struct arguments *arguments) {
  const struct case_set *cases = testing->loading.cases;
  for (size_t i = 0; i < case_set_count(cases); i++)
    run_case(testing, case_set_at(cases, i));
  bool only_cases = arguments->operand_count > 0 && testing->rule_count == 0;
  size_t untested = only_cases ? 0 : print_untested(testing, arguments->operand_count == 0);
  printf("%zu cases hold, %zu do not", testing->held, testing->failed);
  if (testing->gaps) printf(", %zu known %s", testing->gaps, testing->gaps == 1 ? "gap" : "gaps");
  if (untested) printf("; %zu %s untested", untested, untested == 1 ? "rule is" : "rules are");
  putchar('\n');
  if (!output_finish(stderr)) return CLI_UNUSABLE;
  return testing->failed || untested ? CLI_FINDINGS : CLI_CLEAN;
}

static int run_test(const struct arguments *arguments, const char *version) {
  (void)version;
  struct testing testing = {.verbose = arguments_have(arguments, "verbose")};
  int status = CLI_UNUSABLE;
  split_operands(&testing, arguments);
  if (rule_loading_open(&testing.loading, arguments, testing.rule_paths, testing.rule_count,
                        stderr) &&
      read_cases(&testing, arguments))
    status = run_cases(&testing, arguments);
  rule_loading_dispose(&testing.loading);
  alloc_free(testing.rule_paths);
  return status;
}

static const struct option *const test_tables[] = {test_options, rule_options, common_options,
                                                   NULL};

const struct command command_rules_test = {
    .name = "rules test",
    .usage = "[OPTION]... [FILE|DIR]...",
    .summary = "run the cases beside the rules",
    .text = "Runs cases: small servers, and what a rule must say of them (must-fire with the\n"
            "node to blame, must-pass, must-be-unknown, fine, known-gap). FILE is a rule file,\n"
            "whose cases are in cases/*.xml beside it, or a case file (.xml); DIR holds both.\n"
            "Without an operand, all built-in cases.\n"
            "\n"
            "Exit status: 0 every case holds; 1 one does not, or a rule has none; 2 a file\n"
            "does not load.\n",
    .examples = "  siteglass rules test\n"
                "  siteglass rules test my-rules/\n"
                "  siteglass rules test --rules my-rules/own.sch more-cases.xml\n",
    .options = test_tables,
    .run = run_test,
};

/* ---- schema ---- */

static int run_schema(const struct arguments *arguments, const char *version) {
  (void)version;
  const struct embedded_file *schema = rule_files_builtin("rules.rng");
  if (arguments->operand_count || !schema) {
    fprintf(stderr, "siteglass: error: rules schema takes no operand\n");
    return CLI_UNUSABLE;
  }
  fwrite(schema->text, 1, schema->size, stdout);
  return output_finish(stderr) ? CLI_CLEAN : CLI_UNUSABLE;
}

static const struct option *const schema_tables[] = {common_options, NULL};

const struct command command_rules_schema = {
    .name = "rules schema",
    .usage = "",
    .summary = "the RELAX NG of rule files, for editors",
    .text = "Prints the RELAX NG schema of rule files: ISO Schematron with our sg: attributes\n"
            "and elements.\n",
    .examples = "  siteglass rules schema > rules.rng\n",
    .options = schema_tables,
    .run = run_schema,
};
