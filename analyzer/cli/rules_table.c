/* siteglass rules table: the rules as one Markdown table, kept up to date in a file. */
#include "cli/rules.h"

#include "base/text.h"
#include "cli/output.h"
#include "report/pages.h"

#include <string.h>

static const char begin[] = "<!-- rules table -->\n", end[] = "<!-- end of rules table -->";

static const struct option table_options[] = {
    {.name = "update",
     .argument = "FILE",
     .summary = "write it into FILE, between its lines <!-- rules table -->\n"
                "and <!-- end of rules table -->"},
    {.name = NULL},
};

/* The file with the table in its place; NULL, and said on stderr, when it has no place. */
static char *updated(const char *path, const char *table) {
  struct rule_files *files = rule_files_new();
  struct diags diags = {0};
  size_t size;
  const char *text = rule_files_read(files, path, &size, &diags);
  const char *from = text ? strstr(text, begin) : NULL;
  const char *to = from ? strstr(from, end) : NULL;
  char *whole = NULL;
  if (to)
    whole = alloc_format("%.*s%s\n%s\n%s", (int)(from - text), text, begin, table, to);
  else
    fprintf(stderr, "siteglass: error: %s cannot be read, or has no place for the table\n", path);
  diags_dispose(&diags);
  rule_files_free(files);
  return whole;
}

static bool write_over(const char *path, const char *text) {
  char *folder = rule_files_folder_of(path);
  const char *slash = strrchr(path, '/');
  bool written = output_write_in(folder, slash ? slash + 1 : path, text, true, stderr);
  alloc_free(folder);
  return written;
}

static bool print(const char *text) {
  fputs(text, stdout);
  return output_finish(stderr);
}

static bool put(const struct arguments *arguments, char *table) {
  const char *path = arguments_value(arguments, "update");
  char *text = path ? updated(path, table) : alloc_text(table);
  bool written = text && (path ? write_over(path, text) : print(text));
  alloc_free(text);
  alloc_free(table);
  return written;
}

static int run_table(const struct arguments *arguments, const char *version) {
  (void)version;
  struct rule_loading loading = {0};
  int status = CLI_UNUSABLE;
  if (arguments->operand_count)
    fprintf(stderr, "siteglass: error: rules table takes options only\n");
  else if (rule_loading_open(&loading, arguments, NULL, 0, stderr) &&
           rule_loading_cases(&loading, !arguments_have(arguments, "no-builtin"), stderr)) {
    struct rule_pages pages = rule_pages_new(loading.rulebook, loading.cases);
    struct peer_checks checks = peer_checks_read();
    if (put(arguments, rule_table_markdown(&pages, &checks))) status = CLI_CLEAN;
    peer_checks_dispose(&checks);
    rule_pages_dispose(&pages);
  }
  rule_loading_dispose(&loading);
  return status;
}

static const struct option *const table_tables[] = {table_options, rule_options, common_options,
                                                    NULL};

const struct command command_rules_table = {
    .name = "rules table",
    .usage = "[OPTION]...",
    .summary = "all rules in one table, with what corresponds elsewhere",
    .text =
        "Prints two Markdown tables: the rules with their severity, reference, evidence and the\n"
        "ids of HealthChecker and DISA that correspond; and the checks of HealthChecker with\n"
        "the rules that look at the same, or why none does.\n",
    .examples = "  siteglass rules table --update rules/README.md\n",
    .options = table_tables,
    .run = run_table,
};
