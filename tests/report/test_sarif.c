/* The SARIF log: its shape (sarif-log.schema.json beside this file), and what a
 * schema cannot say: kinds and levels, indices, links, URIs. */
#include "../check_main.h"

#include "report/report.h"
#include "support_schema.h"
#include "support_verdicts.h"

#include <string.h>

static const char *text_at(json_t *object, const char *key) {
  const char *text = json_string_value(json_object_get(object, key));
  return text ? text : "";
}

/* Every index points to what it says it points to. */
static void check_result(json_t *run, json_t *result) {
  json_t *driver = json_object_get(json_object_get(run, "tool"), "driver");
  json_t *rules = json_object_get(driver, "rules");
  size_t index = (size_t)json_integer_value(json_object_get(result, "ruleIndex"));
  ck_assert_str_eq(text_at(json_array_get(rules, index), "id"), text_at(result, "ruleId"));
  bool fails = strcmp(text_at(result, "kind"), "fail") == 0;
  bool has_level = strcmp(text_at(result, "level"), "none") != 0;
  ck_assert_msg(fails == has_level, "only kind fail has a level, and it must have one");
  ck_assert(!fails || json_array_size(json_object_get(result, "locations")) > 0);
  size_t i;
  json_t *location;
  json_array_foreach(json_object_get(result, "locations"), i, location) {
    json_t *physical = json_object_get(location, "physicalLocation");
    json_t *artifact = json_object_get(physical, "artifactLocation");
    if (!artifact) continue;
    json_t *ledger = json_array_get(json_object_get(run, "artifacts"),
                                    (size_t)json_integer_value(json_object_get(artifact, "index")));
    ck_assert_str_eq(text_at(artifact, "uri"), text_at(json_object_get(ledger, "location"), "uri"));
  }
}

static json_t *log_of(struct verdicts *verdicts) {
  char *text = report_format_find("sarif")->write(verdicts, NULL);
  for (const char *c = text; *c; c++)
    ck_assert((*c >= 0x20 && *c < 0x7F) || *c == '\n');
  json_error_t where;
  json_t *log = json_loads(text, JSON_REJECT_DUPLICATES, &where);
  ck_assert_msg(log != NULL, "line %d: %s", where.line, where.text);
  json_t *schema = load_json("tests/report/sarif-log.schema.json");
  ck_assert_ptr_nonnull(schema);
  char error[1024];
  ck_assert_msg(schema_accepts(schema, log, error, sizeof error), "%s", error);
  json_t *run = json_array_get(json_object_get(log, "runs"), 0), *result;
  size_t i;
  json_array_foreach(json_object_get(run, "results"), i, result) check_result(run, result);
  json_decref(schema);
  free(text);
  verdicts_free(verdicts);
  return log;
}

static json_t *run_of(json_t *log) {
  return json_array_get(json_object_get(log, "runs"), 0);
}

static json_t *result_of(json_t *log, size_t number) {
  return json_array_get(json_object_get(run_of(log), "results"), number);
}

static const char *message_of(json_t *result) {
  return text_at(json_object_get(result, "message"), "text");
}

START_TEST(a_log_has_not_the_shape_of_sarif) {
  json_decref(log_of(example_broken()));
  json_decref(log_of(example_fine()));
  json_decref(log_of(example_unknown()));
  json_decref(log_of(example_inapplicable()));
  json_decref(log_of(example_two_hosts()));
  json_decref(log_of(example_empty()));
}
END_TEST

START_TEST(a_severity_has_the_wrong_level) {
  static const char *const levels[] = {"note", "note", "warning", "error", "error"};
  for (int severity = SEVERITY_INFO; severity <= SEVERITY_CRITICAL; severity++) {
    struct verdicts *verdicts = example_broken();
    verdicts->findings[0].severity = (enum severity)severity;
    json_t *log = log_of(verdicts);
    ck_assert_str_eq(text_at(result_of(log, 0), "kind"), "fail");
    ck_assert_str_eq(text_at(result_of(log, 0), "level"), levels[severity]);
    json_decref(log);
  }
}
END_TEST

START_TEST(an_unknown_is_not_open_or_does_not_say_what_is_missing) {
  json_t *log = log_of(example_unknown());
  size_t i, open = 0;
  json_t *result;
  json_array_foreach(json_object_get(run_of(log), "results"), i, result) {
    ck_assert_str_eq(text_at(result, "kind"), "open");
    ck_assert_str_eq(text_at(result, "level"), "none");
    open++;
  }
  ck_assert_uint_eq(open, 4);
  ck_assert_ptr_nonnull(strstr(message_of(result_of(log, 0)), "not in the bundle"));
  ck_assert_ptr_nonnull(strstr(message_of(result_of(log, 0)), "netsh http show iplisten"));
  ck_assert_ptr_nonnull(strstr(message_of(result_of(log, 2)), "redirection.config:128"));
  ck_assert_ptr_nonnull(strstr(message_of(result_of(log, 3)), "encrypted"));
  json_decref(log);
}
END_TEST

START_TEST(a_region_is_written_where_no_line_is_known) {
  struct verdicts *verdicts = example_broken();
  verdicts->findings[0].places[0].line = 0;
  verdicts->findings[0].places[0].column = 7;
  verdicts->findings[0].places[1].column = 0;
  verdicts->findings[0].places[2].artifact = -1;
  json_t *log = log_of(verdicts);
  json_t *locations = json_object_get(result_of(log, 0), "locations");
  json_t *physical = json_object_get(json_array_get(locations, 0), "physicalLocation");
  ck_assert_ptr_nonnull(json_object_get(physical, "artifactLocation"));
  ck_assert_ptr_null(json_object_get(physical, "region"));
  physical = json_object_get(json_array_get(locations, 1), "physicalLocation");
  json_t *region = json_object_get(physical, "region");
  ck_assert_int_eq(json_integer_value(json_object_get(region, "startLine")), 458);
  ck_assert_ptr_null(json_object_get(region, "startColumn"));
  ck_assert_ptr_null(json_object_get(json_array_get(locations, 2), "physicalLocation"));
  json_decref(log);
}
END_TEST

START_TEST(a_path_is_no_relative_uri_inside_the_bundle) {
  static const char *const cases[][2] = {
      {"IIS/applicationHost.config", "IIS/applicationHost.config"},
      {"case 1.zip!EX01/caf\xC3\xA9#1?.txt", "case%201.zip!EX01/caf%C3%A9%231%3F.txt"},
      {"/etc/passwd", "%2Fetc/passwd"},
      {"//host/share", "%2F%2Fhost/share"},
      {"../../up/./x", "%2E%2E/%2E%2E/up/%2E/x"},
      {"javascript:alert(1)", "javascript%3Aalert(1)"},
      {"C:\\a%20b", "C%3A%5Ca%2520b"},
      {".config/..a/b..", ".config/..a/b.."},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    struct verdicts *verdicts = example_broken();
    replace(&verdicts->artifacts[0].path, cases[i][0]);
    json_t *log = log_of(verdicts);
    json_t *artifact = json_array_get(json_object_get(run_of(log), "artifacts"), 0);
    ck_assert_str_eq(text_at(json_object_get(artifact, "location"), "uri"), cases[i][1]);
    json_decref(log);
  }
}
END_TEST

START_TEST(a_value_becomes_a_link_or_a_placeholder) {
  struct verdicts *verdicts = example_broken();
  replace(&verdicts->findings[0].message, "see [here](https://evil.example) and {0}");
  json_t *log = log_of(verdicts);
  ck_assert_str_eq(message_of(result_of(log, 0)), "see [here] (https://evil.example) and {{0}}");
  json_decref(log);
}
END_TEST

START_TEST(a_hostile_value_breaks_the_log) {
  static const char *const values[] = {"\x1B[2J", "</script>",    "a\nb",      "\xFF\xC0\xAF",
                                       "",        "\xE2\x80\xAE", "/../..//x", "http://x"};
  for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
    struct verdicts *verdicts = example_broken();
    poison(verdicts, values[i]);
    json_decref(log_of(verdicts));
  }
}
END_TEST

START_TEST(a_rule_error_is_not_a_notification) {
  json_t *log = log_of(example_broken());
  json_t *invocation = json_array_get(json_object_get(run_of(log), "invocations"), 0);
  json_t *notifications = json_object_get(invocation, "toolExecutionNotifications");
  ck_assert(json_is_false(json_object_get(invocation, "executionSuccessful")));
  ck_assert_int_eq(json_integer_value(json_object_get(invocation, "exitCode")), 1);
  json_t *rule = json_object_get(json_array_get(notifications, 0), "associatedRule");
  ck_assert_str_eq(text_at(rule, "id"), "certificate-in-service-expired");
  ck_assert_str_eq(text_at(json_array_get(notifications, 1), "level"), "warning");
  ck_assert_uint_eq(json_array_size(notifications), 3);
  json_decref(log);
}
END_TEST

START_TEST(a_help_address_is_no_url) {
  struct verdicts *verdicts = example_broken();
  replace(&verdicts->rules[0].see, "KB 2779694");
  replace(&verdicts->rules[1].see, "https://example.org/a b");
  replace(&verdicts->rules[2].see, "javascript:alert(1)");
  json_t *log = log_of(verdicts);
  json_t *driver = json_object_get(json_object_get(run_of(log), "tool"), "driver");
  json_t *rules = json_object_get(driver, "rules");
  for (size_t i = 0; i < 3; i++)
    ck_assert_ptr_null(json_object_get(json_array_get(rules, i), "helpUri"));
  ck_assert_str_eq(text_at(json_array_get(rules, 3), "helpUri"),
                   "https://support.microsoft.com/kb/2276957");
  json_decref(log);
}
END_TEST

START_TEST(an_artifact_that_was_never_opened_has_a_hash) {
  json_t *log = log_of(example_broken());
  json_t *artifacts = json_object_get(run_of(log), "artifacts");
  ck_assert_ptr_nonnull(json_object_get(json_array_get(artifacts, 0), "hashes"));
  ck_assert_ptr_null(json_object_get(json_array_get(artifacts, 6), "hashes"));
  json_decref(log);
}
END_TEST

CHECK_MAIN("report/sarif", {
  tcase_add_test(tests, a_log_has_not_the_shape_of_sarif);
  tcase_add_test(tests, a_severity_has_the_wrong_level);
  tcase_add_test(tests, an_unknown_is_not_open_or_does_not_say_what_is_missing);
  tcase_add_test(tests, a_region_is_written_where_no_line_is_known);
  tcase_add_test(tests, a_path_is_no_relative_uri_inside_the_bundle);
  tcase_add_test(tests, a_value_becomes_a_link_or_a_placeholder);
  tcase_add_test(tests, a_hostile_value_breaks_the_log);
  tcase_add_test(tests, a_rule_error_is_not_a_notification);
  tcase_add_test(tests, a_help_address_is_no_url);
  tcase_add_test(tests, an_artifact_that_was_never_opened_has_a_hash);
})
