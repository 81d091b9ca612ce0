/* siteglass rules list, show, doc: reading the catalogue. */
#include "cli/rules.h"

#include "base/system.h"
#include "base/text.h"
#include "cli/nearest.h"
#include "cli/output.h"
#include "cli/style.h"
#include "report/pages.h"

/* Loads the rules with their cases, makes the pages, and hands them to `use`. */
static int with_pages(const struct arguments *arguments, const char *version,
                      bool (*use)(const struct arguments *arguments, const char *version,
                                  const struct rule_loading *loading, struct rule_pages *pages)) {
  struct rule_loading loading = {0};
  int status = CLI_UNUSABLE;
  bool builtin = !arguments_have(arguments, "no-builtin");
  if (rule_loading_open(&loading, arguments, NULL, 0, stderr) &&
      rule_loading_cases(&loading, builtin, stderr)) {
    struct rule_pages pages = rule_pages_new(loading.rulebook, loading.cases);
    if (use(arguments, version, &loading, &pages)) status = CLI_CLEAN;
    rule_pages_dispose(&pages);
  }
  rule_loading_dispose(&loading);
  return status;
}

static bool print(char *text) {
  fputs(text, stdout);
  alloc_free(text);
  return output_finish(stderr);
}

/* ---- list ---- */

static const struct option list_options[] = {
    {.name = "tag", .argument = "TAG", .summary = "only rules with this tag"},
    {.name = "product", .argument = "PRODUCT", .summary = "only rules for exchange, iis, windows"},
    {.name = "severity",
     .argument = "SEVERITY",
     .summary = "only rules of this severity: info, low, medium,\nhigh, critical"},
    {.name = "id", .argument = "GLOB", .summary = "only rules whose id fits: 'exchange-*'"},
    {.name = "format", .letter = 'f', .argument = "FORMAT", .summary = "text (default) or json"},
    {.name = NULL},
};

/* A word that no rule has is a slip, not a question with an empty answer. `*found`: as the
 * rules write it; NULL when nothing was asked. */
static bool find_word(const struct rule_pages *pages, const char *what, const char *word,
                      char **found) {
  *found = NULL;
  if (!word) return true;
  struct nearest nearest = nearest_to(word);
  for (size_t i = 0; i < pages->count; i++) {
    const struct rule_page *page = &pages->items[i];
    const struct page_texts *words = text_equal(what, "tag") ? &page->tags : &page->products;
    for (size_t j = 0; j < words->count && !*found; j++) {
      if (text_equal_nocase(words->items[j], word)) *found = alloc_text(words->items[j]);
      nearest_try(&nearest, words->items[j]);
    }
  }
  if (*found || pages->count == 0) return true;
  char *shown = text_printable(word, 200);
  fprintf(stderr, "siteglass: error: no rule has the %s %s%s%s%s\n", what, shown,
          nearest.best ? "; did you mean " : "", nearest.best ? nearest.best : "",
          nearest.best ? "?" : "");
  alloc_free(shown);
  return false;
}

static bool list_pages(const struct arguments *arguments, const char *version,
                       const struct rule_loading *loading, struct rule_pages *pages) {
  (void)version, (void)loading;
  char *tag = NULL, *product = NULL;
  bool good = find_word(pages, "tag", arguments_value(arguments, "tag"), &tag) &&
              find_word(pages, "product", arguments_value(arguments, "product"), &product);
  if (good) {
    struct page_filter filter = {.tag = tag,
                                 .product = product,
                                 .severity = arguments_value(arguments, "severity"),
                                 .id = arguments_value(arguments, "id")};
    struct report_style style = style_for(NULL);
    rule_pages_filter(pages, &filter);
    bool json = text_equal(arguments_value(arguments, "format"), "json");
    good = print(json ? rule_list_json(pages) : rule_list_text(pages, &style));
  }
  alloc_free(tag);
  alloc_free(product);
  return good;
}

static bool is_format(const char *format) {
  if (!format || text_equal(format, "text") || text_equal(format, "json")) return true;
  char *shown = text_printable(format, 200);
  fprintf(stderr, "siteglass: error: unknown format %s; there are text and json\n", shown);
  alloc_free(shown);
  return false;
}

static bool is_severity(const char *word) {
  enum severity severity;
  if (!word || severity_from_word(word, &severity)) return true;
  char *shown = text_printable(word, 200);
  fprintf(stderr,
          "siteglass: error: unknown severity %s; there are info low medium high critical\n",
          shown);
  alloc_free(shown);
  return false;
}

static int run_list(const struct arguments *arguments, const char *version) {
  if (arguments->operand_count) {
    fprintf(stderr, "siteglass: error: rules list takes options only; --id GLOB chooses by id\n");
    return CLI_UNUSABLE;
  }
  if (!is_format(arguments_value(arguments, "format")) ||
      !is_severity(arguments_value(arguments, "severity")))
    return CLI_UNUSABLE;
  return with_pages(arguments, version, list_pages);
}

static const struct option *const list_tables[] = {list_options, rule_options, common_options,
                                                   NULL};

const struct command command_rules_list = {
    .name = "rules list",
    .usage = "[OPTION]...",
    .summary = "the rules, by severity word, id and title",
    .text = "Lists the rules. JSON holds everything that 'rules show' shows.\n",
    .examples = "  siteglass rules list --product exchange --severity critical\n"
                "  siteglass rules list --format json --rules my-rules\n",
    .options = list_tables,
    .run = run_list,
};

/* ---- show ---- */

static bool show_pages(const struct arguments *arguments, const char *version,
                       const struct rule_loading *loading, struct rule_pages *pages) {
  (void)version;
  struct report_style style = style_for(NULL);
  for (size_t i = 0; i < arguments->operand_count; i++)
    if (rule_loading_find(loading, arguments->operands[i], stderr) < 0) return false;
  for (size_t i = 0; i < arguments->operand_count; i++) {
    const char *near;
    long number = rulebook_find(loading->rulebook, arguments->operands[i], &near);
    if (i) fputc('\n', stdout);
    if (!print(rule_page_text(&pages->items[number], &style))) return false;
  }
  return true;
}

static int run_show(const struct arguments *arguments, const char *version) {
  if (arguments->operand_count) return with_pages(arguments, version, show_pages);
  fprintf(stderr, "siteglass: error: rules show needs the id of a rule\n");
  return CLI_UNUSABLE;
}

static const struct option *const show_tables[] = {rule_options, common_options, NULL};

const struct command command_rules_show = {
    .name = "rules show",
    .usage = "[OPTION]... ID...",
    .summary = "the page of a rule",
    .text = "Shows what a rule looks for and why, a server that is wrong and one that is well\n"
            "(from its cases), what users see, what to do, the evidence it needs, and where\n"
            "its knowledge comes from. {words} stand for values that a finding fills in.\n",
    .examples = "  siteglass rules show powershell-requires-ssl\n",
    .options = show_tables,
    .run = run_show,
};

/* ---- doc ---- */

static const struct option doc_options[] = {
    {.name = "output",
     .letter = 'o',
     .argument = "DIR",
     .summary = "the folder to write to; made if it is not there"},
    {.name = NULL},
};

static bool write_pages(const char *folder, const struct rule_pages *pages, const char *version) {
  char *index = rule_index_markdown(pages), *html = rule_pages_html(pages, version);
  bool written = output_write_in(folder, "index.md", index, true, stderr) &&
                 output_write_in(folder, "rules.html", html, true, stderr);
  for (size_t i = 0; written && i < pages->count; i++) {
    char *name = alloc_format("%s.md", pages->items[i].id);
    char *text = rule_page_markdown(&pages->items[i]);
    written = output_write_in(folder, name, text, true, stderr);
    alloc_free(text);
    alloc_free(name);
  }
  alloc_free(index);
  alloc_free(html);
  return written;
}

static bool doc_pages(const struct arguments *arguments, const char *version,
                      const struct rule_loading *loading, struct rule_pages *pages) {
  (void)loading;
  const char *folder = arguments_value(arguments, "output");
  if (!output_make_folder(folder, stderr) || !write_pages(folder, pages, version)) return false;
  char *shown = text_printable(folder, 1000);
  fprintf(stderr, "siteglass: wrote %zu pages, index.md and rules.html to %s\n", pages->count,
          shown);
  alloc_free(shown);
  return true;
}

static int run_doc(const struct arguments *arguments, const char *version) {
  if (arguments_have(arguments, "output") && arguments->operand_count == 0)
    return with_pages(arguments, version, doc_pages);
  fprintf(stderr, "siteglass: error: rules doc needs --output DIR, and nothing else\n");
  return CLI_UNUSABLE;
}

static const struct option *const doc_tables[] = {doc_options, rule_options, common_options, NULL};

const struct command command_rules_doc = {
    .name = "rules doc",
    .usage = "[OPTION]... --output DIR",
    .summary = "the pages of all rules as files",
    .text = "Writes a Markdown page for each rule, an index of them, and rules.html: all pages\n"
            "in one file with a search box, which needs no network. Files of the same names\n"
            "are written over.\n",
    .examples = "  siteglass rules doc --output /tmp/rules\n",
    .options = doc_tables,
    .run = run_doc,
};

/* ---- settings ---- */

static int run_settings(const struct arguments *arguments, const char *version) {
  (void)version;
  struct rule_loading loading = {0};
  int status = CLI_UNUSABLE;
  if (arguments->operand_count)
    fprintf(stderr, "siteglass: error: rules settings takes options only\n");
  else if (rule_loading_open(&loading, arguments, NULL, 0, stderr)) {
    struct report_style style = style_for(NULL);
    if (print(rule_settings_text(rulebook_settings(loading.rulebook), &style))) status = CLI_CLEAN;
  }
  rule_loading_dispose(&loading);
  return status;
}

static const struct option *const settings_tables[] = {rule_options, common_options, NULL};

const struct command command_rules_settings = {
    .name = "rules settings",
    .usage = "[OPTION]...",
    .summary = "limits that a settings file may set otherwise",
    .text = "Lists the limits that rules judge by, with their values. A file gives others:\n"
            "\n"
            "  <settings><set name=\"certificate-ends-soon\" value=\"90\"/></settings>\n"
            "\n"
            "'siteglass check --settings FILE' uses it, and its report says so.\n",
    .examples = "  siteglass rules settings\n",
    .options = settings_tables,
    .run = run_settings,
};
