/* The sg: functions that rules call, asked through a schema. */
#include "check_main.h"

#include "base/text.h"
#include "base/xml_source.h"
#include "evidence/hosts.h"
#include "rulebook/functions.h"

#include <string.h>

struct seen {
  size_t failed, unknown, errors;
};

static void on_fail(void *data, const struct engine_outcome *outcome, struct evaluation *e) {
  (void)outcome, (void)e;
  ((struct seen *)data)->failed++;
}

static void on_unknown(void *data, const struct engine_outcome *outcome,
                       const struct unknown_cause *causes, size_t count) {
  (void)outcome, (void)causes, (void)count;
  ((struct seen *)data)->unknown++;
}

static void on_error(void *data, const struct engine_outcome *outcome, const char *message) {
  (void)outcome, (void)message;
  ((struct seen *)data)->errors++;
}

/* 't' holds, 'f' does not, '?' unknown, 'e' an error, 'x' does not load. */
static char answer_at(const char *test, const int64_t *as_of) {
  char *text =
      alloc_format("<schema xmlns='http://purl.oclc.org/dsdl/schematron' queryBinding='xslt'>"
                   "<ns prefix='sg' uri='%s'/><pattern id='p'><rule context='x'>"
                   "<assert id='a' test=\"%s\">no</assert></rule></pattern></schema>",
                   RULES_NAMESPACE, test);
  struct schema_options options = {.functions = rule_functions};
  struct diags diags = {0};
  struct schema *schema = schema_load(text, strlen(text), "test.sch", &options, &diags);
  diags_dispose(&diags);
  alloc_free(text);
  if (!schema) return 'x';
  struct xml_failure failure;
  static const char document_text[] = "<x v='15.2.1544.4'/>";
  struct xml_source_options source = {.source = 1};
  xmlDoc *document = xml_source_parse(document_text, sizeof document_text - 1, &source, &failure);
  struct host host = {.has_as_of = as_of != NULL, .as_of = as_of ? *as_of : 0};
  struct seen seen = {0};
  struct engine_listener listener = {
      .data = &seen, .on_fail = on_fail, .on_unknown = on_unknown, .on_error = on_error};
  struct pattern_tally tally = {0};
  engine_run(schema, document, NULL, &host, &listener, &tally);
  xmlFreeDoc(document);
  schema_free(schema);
  return seen.errors ? 'e' : seen.unknown ? '?' : seen.failed ? 'f' : 't';
}

static char answer(const char *test) {
  int64_t moment = 1767225600; /* 2026-01-01T00:00:00Z */
  return answer_at(test, &moment);
}

START_TEST(a_date_before_the_moment_is_not_called_past) {
  ck_assert_int_eq(answer("sg:after(sg:as-of(), '2025-12-31', '2025-12-31')"), 't');
  ck_assert_int_eq(answer("sg:after(sg:as-of(), '2026-01-02', '2026-01-02')"), 'f');
  ck_assert_int_eq(answer("sg:before(sg:as-of(), '2026-01-02', '2026-01-02')"), 't');
  ck_assert_int_eq(answer("sg:before(sg:as-of(), '2025-12-31', '2025-12-31')"), 'f');
}
END_TEST

START_TEST(a_date_of_unknown_zone_near_the_moment_is_decided) {
  ck_assert_int_eq(answer("sg:after(sg:as-of(), '2025-12-31T20:00', '2026-01-01T10:00')"), '?');
  ck_assert_int_eq(answer("sg:before(sg:as-of(), '2025-12-31T20:00', '2026-01-01T10:00')"), '?');
  ck_assert_int_eq(answer("sg:after(sg:as-of(), '2025-12-30T20:00', '2025-12-31T23:59')"), 't');
}
END_TEST

START_TEST(without_a_moment_something_is_called_expired_or_not) {
  ck_assert_int_eq(answer_at("sg:after(sg:as-of(), '2000-01-01', '2000-01-01')", NULL), '?');
  ck_assert_int_eq(answer_at("not(sg:after(sg:as-of(), '2000-01-01', '2000-01-01'))", NULL), '?');
}
END_TEST

START_TEST(text_that_is_no_moment_gives_a_verdict) {
  ck_assert_int_eq(answer("sg:time('soon') &lt; 1"), 'e');
  ck_assert_int_eq(answer("not(sg:time('2026-13-01') &lt; 1)"), 'e');
  ck_assert_int_eq(answer("sg:time('1970-01-01T00:01:00Z') = 60"), 't');
}
END_TEST

START_TEST(a_flag_is_found_inside_another_word) {
  ck_assert_int_eq(answer("sg:flag('Ssl, SslNegotiateCert', 'ssl')"), 't');
  ck_assert_int_eq(answer("sg:flag('SslNegotiateCert', 'Ssl')"), 'f');
  ck_assert_int_eq(answer("sg:flag('', 'Ssl')"), 'f');
  ck_assert_int_eq(answer("sg:flag('None', '')"), 'f');
}
END_TEST

START_TEST(versions_are_compared_as_text) {
  ck_assert_int_eq(answer("sg:compare-version(@v, '15.2.986.28') = 1"), 't');
  ck_assert_int_eq(answer("sg:compare-version('15.2', '15.2.0.0') = 0"), 't');
  ck_assert_int_eq(answer("sg:compare-version('9', '10') = -1"), 't');
  ck_assert_int_eq(answer("sg:compare-version('15.x', '15') = 0"), 'e');
  ck_assert_int_eq(answer("sg:compare-version('', '15') = 0"), 'e');
}
END_TEST

START_TEST(what_a_rule_cannot_tell_is_decided) {
  ck_assert_int_eq(answer("sg:undecided('newer than the table')"), '?');
  ck_assert_int_eq(answer("not(sg:undecided('newer than the table', 'exsetup'))"), '?');
  ck_assert_int_eq(answer("@v and sg:undecided('newer than the table')"), '?');
  ck_assert_int_eq(answer("not(@v) and sg:undecided('newer than the table')"), 'f');
}
END_TEST

START_TEST(a_regular_expression_that_is_too_slow_counts_as_no_match) {
  ck_assert_int_eq(answer("sg:matches('Exchange Back End', '^exchange', 'i')"), 't');
  ck_assert_int_eq(answer("sg:matches('Exchange', '^exchange')"), 'f');
  ck_assert_int_eq(answer("sg:matches('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', '^(a|aa)+$')"),
                   '?');
  ck_assert_int_eq(answer("sg:matches('x', '(')"), 'x');
}
END_TEST

static void setup(void) {
  xml_source_setup();
}

CHECK_MAIN("rulebook/functions", {
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, a_date_before_the_moment_is_not_called_past);
  tcase_add_test(tests, a_date_of_unknown_zone_near_the_moment_is_decided);
  tcase_add_test(tests, without_a_moment_something_is_called_expired_or_not);
  tcase_add_test(tests, text_that_is_no_moment_gives_a_verdict);
  tcase_add_test(tests, a_flag_is_found_inside_another_word);
  tcase_add_test(tests, versions_are_compared_as_text);
  tcase_add_test(tests, what_a_rule_cannot_tell_is_decided);
  tcase_add_test(tests, a_regular_expression_that_is_too_slow_counts_as_no_match);
})
