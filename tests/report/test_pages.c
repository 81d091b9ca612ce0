/* Pages of rules in every format: whatever a rule file says, it stays text. */
#include "../check_main.h"

#include "report/markup.h"
#include "report/pages.h"
#include "support_schema.h"
#include "support_verdicts.h"

#include "base/text.h"

#include <string.h>

static char *const evil =
    (char *)"<script>alert(1)</script> \"x\" 'y' & `z` | [a](b) *c* \x1b[31m\xff";

/* A page whose every text is `text`. Nothing of it is allocated. */
static struct rule_page page_of(char *text, char **list, struct page_assertion *assertion,
                                struct page_repair *repair, struct step *step,
                                struct page_need *need, struct page_kind *kind) {
  struct page_texts texts = {.items = list, .count = 1};
  list[0] = text;
  *assertion = (struct page_assertion){SEVERITY_HIGH, text};
  *step = (struct step){text, (char *)"cmd", text};
  struct steps steps = {.items = step, .count = 1};
  *repair = (struct page_repair){text, steps, steps, steps};
  *kind = (struct page_kind){"netsh-sslcert", text, "cmd", text, text};
  *need = (struct page_need){.kinds = kind, .count = 1};
  return (struct rule_page){.id = (char *)"one-rule",
                            .title = text,
                            .severity = SEVERITY_HIGH,
                            .why = text,
                            .products = texts,
                            .tags = texts,
                            .references = texts,
                            .kb = text,
                            .catalogue = text,
                            .file = text,
                            .profiles = texts,
                            .assertions = assertion,
                            .assertion_count = 1,
                            .repairs = repair,
                            .repair_count = 1,
                            .needs = need,
                            .need_count = 1,
                            .bad = {text, texts, text},
                            .good = {text, texts, text}};
}

#define PAGE(text)                                                                                 \
  char *list[1];                                                                                   \
  struct page_assertion assertion;                                                                 \
  struct page_repair repair;                                                                       \
  struct step step;                                                                                \
  struct page_need need;                                                                           \
  struct page_kind kind;                                                                           \
  struct rule_page page = page_of(text, list, &assertion, &repair, &step, &need, &kind);           \
  struct rule_pages pages = {&page, 1}

static size_t count_of(const char *text, const char *what) {
  size_t count = 0;
  for (const char *at = text; (at = strstr(at, what)) != NULL; at++)
    count++;
  return count;
}

START_TEST(markup_in_a_rule_becomes_markup_of_the_html_file) {
  PAGE(evil);
  char *html = rule_pages_html(&pages, evil);
  ck_assert_uint_eq(count_of(html, "<script"), 1); /* its own search */
  ck_assert_uint_eq(count_of(html, "alert(1)"), count_of(html, "&lt;script&gt;alert(1)"));
  ck_assert_ptr_null(strchr(html, '\x1b'));
  ck_assert_uint_eq(text_utf8_prefix(html, strlen(html)), strlen(html));
  alloc_free(html);
}
END_TEST

START_TEST(the_html_file_asks_for_something_from_elsewhere) {
  PAGE((char *)"https://example.com/x");
  char *html = rule_pages_html(&pages, "1");
  ck_assert_ptr_nonnull(strstr(html, "default-src 'none'"));
  static const char *const never[] = {"src=",  "href=\"http", "url(",   "@import",
                                      "<link", "<img",        "fetch(", "XMLHttp"};
  for (size_t i = 0; i < sizeof never / sizeof *never; i++)
    ck_assert_msg(strstr(html, never[i]) == NULL, "%s", never[i]);
  ck_assert_ptr_nonnull(strstr(html, "id=\"search\""));
  ck_assert_ptr_nonnull(strstr(html, "<details id=\"one-rule\">"));
  alloc_free(html);
}
END_TEST

START_TEST(markup_in_a_rule_becomes_markdown) {
  PAGE(evil);
  char *markdown = rule_page_markdown(&page);
  ck_assert_ptr_null(strchr(markdown, '\x1b'));
  /* outside of fenced blocks there is no unescaped < */
  bool fenced = false;
  for (const char *line = markdown; *line; line += strcspn(line, "\n") + 1) {
    if (strncmp(line, "```", 3) == 0) fenced = !fenced;
    for (const char *c = line; !fenced && *c && *c != '\n'; c++)
      ck_assert_msg(*c != '<' || (c > line && c[-1] == '\\'), "%.80s", line);
  }
  ck_assert(!fenced);
  alloc_free(markdown);
  markdown = rule_index_markdown(&pages);
  ck_assert_ptr_nonnull(strstr(markdown, "| [one-rule](one-rule.md) | high | \\<script\\>"));
  alloc_free(markdown);
}
END_TEST

START_TEST(a_text_leaves_its_fenced_block) {
  struct buffer out = buffer_make(1000);
  markdown_add_block(&out, "xml", "a\n```\nb\n`````\nc");
  ck_assert_str_eq(buffer_text(&out), "``````xml\na\n```\nb\n`````\nc\n``````\n");
  buffer_dispose(&out);
}
END_TEST

START_TEST(a_table_cell_ends_early) {
  struct buffer out = buffer_make(1000);
  markdown_add(&out, "a | b\nc");
  ck_assert_str_eq(buffer_text(&out), "a \\| b c");
  buffer_dispose(&out);
}
END_TEST

START_TEST(hostile_text_of_a_rule_reaches_the_terminal) {
  PAGE(evil);
  char *text = rule_page_text(&page, NULL);
  ck_assert_ptr_null(strchr(text, '\x1b'));
  alloc_free(text);
  text = rule_list_text(&pages, NULL);
  ck_assert_ptr_null(strchr(text, '\x1b'));
  alloc_free(text);
}
END_TEST

START_TEST(the_list_is_no_json) {
  PAGE(evil);
  char *text = rule_list_json(&pages);
  json_t *value = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
  ck_assert_ptr_nonnull(value);
  json_t *rule = json_array_get(json_object_get(value, "rules"), 0);
  ck_assert_str_eq(json_string_value(json_object_get(rule, "id")), "one-rule");
  ck_assert_uint_eq(json_array_size(json_object_get(rule, "needs")), 1);
  json_decref(value);
  alloc_free(text);
}
END_TEST

CHECK_MAIN("report/pages", {
  tcase_add_test(tests, markup_in_a_rule_becomes_markup_of_the_html_file);
  tcase_add_test(tests, the_html_file_asks_for_something_from_elsewhere);
  tcase_add_test(tests, markup_in_a_rule_becomes_markdown);
  tcase_add_test(tests, a_text_leaves_its_fenced_block);
  tcase_add_test(tests, a_table_cell_ends_early);
  tcase_add_test(tests, hostile_text_of_a_rule_reaches_the_terminal);
  tcase_add_test(tests, the_list_is_no_json);
})
