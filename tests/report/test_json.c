/* The JSON report: always valid, complete, the same for the same input, and
 * exactly what its published schema says. */
#include "../check_main.h"

#include "report/report.h"
#include "support_schema.h"
#include "support_verdicts.h"

#include <string.h>

static const char *const schema_path = "analyzer/report/siteglass-report.schema.json";

static char *print(const struct verdicts *verdicts) {
  return report_format_find("json")->write(verdicts, NULL);
}

static json_t *parse(const char *text) {
  json_error_t error;
  json_t *value = json_loads(text, JSON_REJECT_DUPLICATES, &error);
  ck_assert_msg(value != NULL, "line %d: %s", error.line, error.text);
  return value;
}

/* Prints, frees the verdicts, holds the result against the schema. */
static json_t *report_of(struct verdicts *verdicts) {
  char *text = print(verdicts);
  json_t *value = parse(text);
  json_t *schema = load_json(schema_path);
  ck_assert_ptr_nonnull(schema);
  char error[1024];
  ck_assert_msg(schema_accepts(schema, value, error, sizeof error), "%s", error);
  json_decref(schema);
  free(text);
  verdicts_free(verdicts);
  return value;
}

static void is_schema_exact(struct verdicts *verdicts) {
  json_decref(report_of(verdicts));
}

START_TEST(a_report_does_not_fit_its_published_schema) {
  is_schema_exact(example_broken());
  is_schema_exact(example_fine());
  is_schema_exact(example_unknown());
  is_schema_exact(example_inapplicable());
  is_schema_exact(example_two_hosts());
  is_schema_exact(example_empty());
}
END_TEST

/* Removes each member of each object in turn, and adds one: the schema must notice. */
static void mutate(json_t *schema, json_t *root, json_t *at, unsigned *tried) {
  char error[1024];
  if (json_is_array(at)) {
    for (size_t i = 0; i < json_array_size(at); i++)
      mutate(schema, root, json_array_get(at, i), tried);
    return;
  }
  if (!json_is_object(at)) return;
  json_object_set_new(at, "another", json_null());
  ck_assert_msg(!schema_accepts(schema, root, error, sizeof error), "a member more is accepted");
  json_object_del(at, "another");
  json_t *copy = json_copy(at);
  const char *key;
  json_t *member;
  json_object_foreach(copy, key, member) {
    json_object_del(at, key);
    ck_assert_msg(!schema_accepts(schema, root, error, sizeof error), "without \"%s\" it fits",
                  key);
    json_object_set(at, key, member);
    mutate(schema, root, member, tried);
    ++*tried;
  }
  json_decref(copy);
}

START_TEST(the_schema_lets_a_member_be_missing_or_unknown) {
  unsigned tried = 0;
  json_t *value = report_of(example_broken());
  json_t *schema = load_json(schema_path);
  mutate(schema, value, value, &tried);
  ck_assert_uint_gt(tried, 200);
  json_decref(schema);
  json_decref(value);
}
END_TEST

START_TEST(a_hostile_value_breaks_the_json) {
  static const char *const values[] = {"\x1B[2J\x1B]0;title\x07",
                                       "</script><script>alert(1)</script>",
                                       "a\nb\r\nc\td",
                                       "\"},{\"x\":\"",
                                       "bytes \xFF\xFE\x80 and \xC0\xAF and \xED\xA0\x80 end",
                                       "\xE2\x80\xAE"
                                       "desrever",
                                       "\xC2\x9B"
                                       "31m",
                                       "\x7F",
                                       "",
                                       "\xF0\x9F\x98\x80 {0} %s %n"};
  for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
    struct verdicts *verdicts = example_broken();
    poison(verdicts, values[i]);
    char *text = print(verdicts);
    for (const char *c = text; *c; c++)
      ck_assert_msg((*c >= 0x20 && *c < 0x7F) || *c == '\n', "byte %02X", (unsigned char)*c);
    free(text);
    is_schema_exact(verdicts);
  }
}
END_TEST

static const char *message_of(json_t *report) {
  json_t *finding = json_array_get(json_object_get(report, "findings"), 0);
  return json_string_value(json_object_get(finding, "message"));
}

START_TEST(a_value_is_changed_or_cut_on_its_way) {
  char *large = alloc_bytes(100001);
  memset(large, 'x', 100000);
  const char *const values[] = {"tab\there, \x1B, \xE2\x82\xAC, \"quoted\" \\ slash / \x7F", large};
  for (size_t i = 0; i < 2; i++) {
    struct verdicts *verdicts = example_broken();
    replace(&verdicts->findings[0].message, values[i]);
    json_t *report = report_of(verdicts);
    ck_assert_str_eq(message_of(report), values[i]);
    json_decref(report);
  }
  alloc_free(large);
}
END_TEST

START_TEST(bytes_that_are_not_utf8_are_lost_silently) {
  struct verdicts *verdicts = example_broken();
  replace(&verdicts->findings[0].message, "a\xFF\xC3\xA9\xE2\x82z");
  json_t *report = report_of(verdicts);
  ck_assert_str_eq(message_of(report), "a\xEF\xBF\xBD\xC3\xA9\xEF\xBF\xBD\xEF\xBF\xBDz");
  json_decref(report);
}
END_TEST

START_TEST(the_same_verdicts_print_differently) {
  struct verdicts *one = example_broken(), *two = example_broken();
  char *first = print(one), *second = print(two), *again = print(one);
  ck_assert_str_eq(first, second);
  ck_assert_str_eq(first, again);
  free(first);
  free(second);
  free(again);
  verdicts_free(one);
  verdicts_free(two);
}
END_TEST

START_TEST(a_finding_lacks_what_a_program_needs) {
  json_t *report = report_of(example_broken());
  json_t *finding = json_array_get(json_object_get(report, "findings"), 0);
  ck_assert_str_eq(json_string_value(json_object_get(finding, "ruleId")),
                   "exchange-backend-certificate-missing");
  ck_assert_str_eq(json_string_value(json_object_get(finding, "result")), "fail");
  ck_assert_str_eq(json_string_value(json_object_get(finding, "severity")), "critical");
  ck_assert_str_eq(json_string_value(json_object_get(finding, "host")), "EX01");
  json_t *place = json_array_get(json_object_get(finding, "places"), 2);
  ck_assert_str_eq(json_string_value(json_object_get(place, "artifact")),
                   "IIS/applicationHost.config");
  ck_assert_int_eq(json_integer_value(json_object_get(place, "line")), 460);
  ck_assert_uint_eq(json_array_size(json_object_get(finding, "evidence")), 3);
  json_t *step = json_array_get(json_object_get(finding, "remediation"), 3);
  ck_assert_ptr_nonnull(strstr(json_string_value(json_object_get(step, "command")),
                               "appid={4dc3e181-e14b-4a21-b022-59fc669b0914} certstorename=MY\n"));
  json_t *kb = json_object_get(json_object_get(finding, "references"), "kb");
  ck_assert_str_eq(json_string_value(kb), "2779694");
  json_decref(report);
}
END_TEST

START_TEST(a_finding_of_the_fleet_names_a_host) {
  struct verdicts *verdicts = example_two_hosts();
  verdicts->findings[0].host = -1;
  verdicts->findings[0].places[0].artifact = -1;
  json_t *report = report_of(verdicts);
  json_t *finding = json_array_get(json_object_get(report, "findings"), 0);
  ck_assert(json_is_null(json_object_get(finding, "host")));
  json_t *place = json_array_get(json_object_get(finding, "places"), 0);
  ck_assert(json_is_null(json_object_get(place, "artifact")));
  json_decref(report);
}
END_TEST

START_TEST(the_counts_of_the_summary_are_not_the_verdicts) {
  json_t *report = report_of(example_broken());
  json_t *summary = json_object_get(report, "summary");
  json_t *checks = json_object_get(summary, "checks");
  ck_assert_int_eq(json_integer_value(json_object_get(checks, "unknown")), 4);
  ck_assert_int_eq(json_integer_value(json_object_get(checks, "partlyUnknown")), 1);
  json_t *status = json_object_get(json_object_get(summary, "exit"), "status");
  ck_assert_int_eq(json_integer_value(status), 1);
  ck_assert_uint_eq(json_array_size(json_object_get(report, "artifacts")), 7);
  ck_assert_uint_eq(json_array_size(json_object_get(report, "verdicts")), 7);
  json_decref(report);
}
END_TEST

CHECK_MAIN("report/json", {
  tcase_add_test(tests, a_report_does_not_fit_its_published_schema);
  tcase_add_test(tests, the_schema_lets_a_member_be_missing_or_unknown);
  tcase_add_test(tests, a_hostile_value_breaks_the_json);
  tcase_add_test(tests, a_value_is_changed_or_cut_on_its_way);
  tcase_add_test(tests, bytes_that_are_not_utf8_are_lost_silently);
  tcase_add_test(tests, the_same_verdicts_print_differently);
  tcase_add_test(tests, a_finding_lacks_what_a_program_needs);
  tcase_add_test(tests, a_finding_of_the_fleet_names_a_host);
  tcase_add_test(tests, the_counts_of_the_summary_are_not_the_verdicts);
})
