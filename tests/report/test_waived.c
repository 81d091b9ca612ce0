/* Waived findings and explanations in every format: shown, never hidden, never counted;
 * and valid for the published schemas. */
#include "../check_main.h"

#include "report/explain.h"
#include "report/report.h"
#include "support_schema.h"
#include "support_verdicts.h"

#include "base/text.h"

#include <string.h>

/* The broken server, its first finding waived, and one waiver that does nothing. */
static struct verdicts *waived(enum waiver_status other) {
  struct verdicts *v = example_broken();
  v->waivers = alloc_array(2, sizeof *v->waivers);
  v->waiver_count = 2;
  for (size_t i = 0; i < 2; i++)
    v->waivers[i] = (struct waiver_facts){.rule = alloc_text(i ? "another-rule" : v->rules[0].id),
                                          .host = alloc_text("*"),
                                          .artifact = alloc_text("*"),
                                          .element = alloc_text("*"),
                                          .who = alloc_text("J. Doe"),
                                          .why = alloc_text("change 4711"),
                                          .until = alloc_text("2026-06-30"),
                                          .file = alloc_text("w.xml"),
                                          .near = alloc_text(""),
                                          .line = (unsigned)i + 2};
  v->waivers[1].status = other;
  struct finding first = v->findings[0];
  for (size_t i = 1; i < v->finding_count; i++)
    v->findings[i - 1] = v->findings[i];
  v->findings[v->finding_count - 1] = first;
  v->findings[v->finding_count - 1].waiver = 1;
  v->waived_count = 1;
  v->by_severity[first.severity]--;
  return v;
}

static void add_value(struct explained_value *value, const char *name, const char *source) {
  *value = (struct explained_value){.name = alloc_text(name),
                                    .source = alloc_text(source),
                                    .text = alloc_text("v"),
                                    .node_count = 30,
                                    .places = alloc_array(1, sizeof *value->places),
                                    .place_count = 1};
  value->places[0] = (struct place){.artifact = 0,
                                    .line = 7,
                                    .column = 3,
                                    .element = alloc_text("/evidence/host"),
                                    .text = alloc_text("what stands there")};
}

static void explain_first(struct verdicts *v) {
  struct explanation *e = alloc_bytes(sizeof *e);
  *e = (struct explanation){.file = alloc_text("own.sch"),
                            .line = 12,
                            .context = alloc_text("site[@name]"),
                            .test = alloc_text("$p = 1"),
                            .node = {.artifact = -1,
                                     .element = alloc_text("/evidence/host/sites/site"),
                                     .text = alloc_text("site x")},
                            .variables = alloc_array(1, sizeof *e->variables),
                            .variable_count = 1,
                            .reads = alloc_array(1, sizeof *e->reads),
                            .read_count = 1};
  add_value(&e->variables[0], "$p", "@port");
  add_value(&e->reads[0], "../@id", "");
  v->findings[0].explanation = e;
}

static char *print(const struct verdicts *v, const char *format, bool quiet) {
  struct report_style style = {.width = 80, .quiet = quiet};
  return report_format_find(format)->write(v, &style);
}

/* As it is, or with its lines joined. */
static void says(const char *text, const char *words) {
  char *joined = alloc_text(text), *to = joined;
  for (const char *c = text; *c; c++) {
    bool blank = strchr(" \n", *c) != NULL;
    if (!blank)
      *to++ = *c;
    else if (to > joined && to[-1] != ' ')
      *to++ = ' ';
  }
  *to = '\0';
  ck_assert_msg(strstr(text, words) || strstr(joined, words), "no \"%s\" in:\n%s", words, text);
  alloc_free(joined);
}

START_TEST(a_waived_finding_is_hidden_from_the_text) {
  for (int quiet = 0; quiet < 2; quiet++) {
    struct verdicts *v = waived(WAIVER_EXPIRED);
    char *text = print(v, "text", quiet);
    const char *section = strstr(text, "WAIVED");
    ck_assert_ptr_nonnull(section);
    says(section, "J. Doe until 2026-06-30: change");
    says(section, v->rules[0].id);
    says(section, "w.xml:3: the waiver for another-rule (until 2026-06-30) has expired");
    says(text, "1 waived");
    alloc_free(text);
    verdicts_free(v);
  }
}
END_TEST

START_TEST(a_waiver_that_does_nothing_is_not_told) {
  static const struct {
    enum waiver_status status;
    const char *words;
  } rows[] = {{WAIVER_UNUSED, "fits no finding"},
              {WAIVER_PARTLY, "only some places"},
              {WAIVER_UNDATED, "is not applied"},
              {WAIVER_NOT_RUN, "that did not run"},
              {WAIVER_NO_RULE, "that does not exist"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct verdicts *v = waived(rows[i].status);
    char *text = print(v, "text", false);
    says(text, rows[i].words);
    alloc_free(text);
    verdicts_free(v);
  }
}
END_TEST

START_TEST(a_report_whose_findings_are_all_waived_calls_the_server_well) {
  struct verdicts *v = waived(WAIVER_USED);
  size_t kept = v->finding_count;
  v->waived_count = kept;
  for (size_t i = 0; i < kept; i++)
    v->findings[i].waiver = 1;
  char *text = print(v, "text", false);
  ck_assert_ptr_null(strstr(text, "No finding. Every check"));
  says(text, "waived (see WAIVED)");
  alloc_free(text);
  verdicts_free(v);
}
END_TEST

static json_t *json_of(struct verdicts *v) {
  char *text = print(v, "json", false), error[1024];
  json_t *value = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
  json_t *schema = load_json("analyzer/report/siteglass-report.schema.json");
  ck_assert_ptr_nonnull(value);
  ck_assert_msg(schema_accepts(schema, value, error, sizeof error), "%s", error);
  json_decref(schema);
  free(text);
  return value;
}

START_TEST(json_of_waivers_and_explanations_does_not_fit_its_schema) {
  struct verdicts *v = waived(WAIVER_UNUSED);
  explain_first(v);
  json_t *report = json_of(v);
  json_t *findings = json_object_get(report, "findings");
  json_t *first = json_array_get(findings, 0);
  json_t *last = json_array_get(findings, json_array_size(findings) - 1);
  ck_assert(json_is_null(json_object_get(first, "waived")));
  ck_assert_str_eq(json_string_value(json_object_get(json_object_get(last, "waived"), "why")),
                   "change 4711");
  json_t *why = json_object_get(first, "explanation");
  ck_assert_str_eq(json_string_value(json_object_get(why, "assert")), "$p = 1");
  ck_assert_str_eq(json_string_value(json_object_get(why, "report")), "");
  json_t *read = json_array_get(json_object_get(why, "reads"), 0);
  ck_assert_int_eq(json_integer_value(json_object_get(read, "nodes")), 30);
  ck_assert(json_is_null(json_object_get(last, "explanation")));
  json_t *waivers = json_object_get(report, "waivers");
  ck_assert_str_eq(json_string_value(json_object_get(json_array_get(waivers, 1), "status")),
                   "unused");
  json_t *counts = json_object_get(json_object_get(report, "summary"), "findings");
  ck_assert_int_eq(json_integer_value(json_object_get(counts, "waived")), 1);
  json_decref(report);
  verdicts_free(v);
}
END_TEST

START_TEST(sarif_does_not_suppress_what_is_waived) {
  struct verdicts *v = waived(WAIVER_USED);
  char *text = print(v, "sarif", false), error[1024];
  json_t *log = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
  json_t *schema = load_json("tests/report/sarif-log.schema.json");
  ck_assert_msg(schema_accepts(schema, log, error, sizeof error), "%s", error);
  json_t *run = json_array_get(json_object_get(log, "runs"), 0);
  json_t *results = json_object_get(run, "results");
  ck_assert_ptr_null(json_object_get(json_array_get(results, 0), "suppressions"));
  json_t *one = json_array_get(
      json_object_get(json_array_get(results, v->finding_count - 1), "suppressions"), 0);
  ck_assert_str_eq(json_string_value(json_object_get(one, "kind")), "external");
  ck_assert_str_eq(json_string_value(json_object_get(one, "status")), "accepted");
  ck_assert_str_eq(json_string_value(json_object_get(one, "justification")),
                   "change 4711 (J. Doe, until 2026-06-30)");
  json_decref(schema);
  json_decref(log);
  free(text);
  verdicts_free(v);
}
END_TEST

START_TEST(the_explanation_as_text_leaves_out_a_link) {
  struct verdicts *v = example_broken();
  explain_first(v);
  const char *rule = v->rules[v->findings[0].rule].id;
  char *text = explain_text(v, rule, NULL);
  static const char *const wanted[] = {"own.sch:12",    "site[@name]",      "$p = 1",
                                       "does not hold", "from @port",       "../@id",
                                       "and 29 more",   "what stands there"};
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
    says(text, wanted[i]);
  alloc_free(text);
  text = explain_text(v, "no-such-rule", NULL);
  says(text, "did not run");
  alloc_free(text);
  verdicts_free(v);
}
END_TEST

START_TEST(hostile_text_reaches_the_terminal) {
  struct verdicts *v = waived(WAIVER_EXPIRED);
  explain_first(v);
  poison(v, "\x1b[31m\xE2\x80\xAE");
  replace(&v->waivers[0].why, "\x1b]0;x\x07");
  replace(&v->findings[0].explanation->variables[0].text, "\x1b[2J");
  char *text = print(v, "text", false);
  ck_assert_ptr_null(strchr(text, '\x1b'));
  alloc_free(text);
  text = explain_text(v, v->rules[v->findings[0].rule].id, NULL);
  ck_assert_ptr_null(strchr(text, '\x1b'));
  alloc_free(text);
  verdicts_free(v);
}
END_TEST

START_TEST(the_costs_are_in_another_order_or_unit) {
  struct verdicts *v = example_broken();
  v->costs = alloc_array(v->rule_count, sizeof *v->costs);
  for (size_t i = 0; i < v->rule_count; i++)
    v->costs[i] =
        (struct rule_cost){.rule = i, .contexts = 3, .evaluations = 12, .nanoseconds = 1234567};
  char *text = costs_text(v);
  char *row = alloc_format("\n     1.234 ms         3         12  %s\n", v->rules[0].id);
  says(text, row);
  alloc_free(row);
  alloc_free(text);
  verdicts_free(v);
}
END_TEST

CHECK_MAIN("report/waived", {
  tcase_add_test(tests, a_waived_finding_is_hidden_from_the_text);
  tcase_add_test(tests, a_waiver_that_does_nothing_is_not_told);
  tcase_add_test(tests, a_report_whose_findings_are_all_waived_calls_the_server_well);
  tcase_add_test(tests, json_of_waivers_and_explanations_does_not_fit_its_schema);
  tcase_add_test(tests, sarif_does_not_suppress_what_is_waived);
  tcase_add_test(tests, the_explanation_as_text_leaves_out_a_link);
  tcase_add_test(tests, hostile_text_reaches_the_terminal);
  tcase_add_test(tests, the_costs_are_in_another_order_or_unit);
})
