/* JSON that ConvertTo-Json wrote: shapes, places, what lies too deep. */
#include "check_main.h"

#include "base/text.h"
#include "support_text.h"

#include <string.h>

static struct run run;

static struct reading *read_json(const char *json) {
  run = text_run("export.json", json, strlen(json));
  return run_reading(&run, 0);
}

#define AUTH(next, date)                                                                           \
  "{\"CurrentCertificateThumbprint\":\"0123456789ABCDEF0123456789ABCDEF01234567\","                \
  "\n \"PreviousCertificateThumbprint\":null,\"NextCertificateThumbprint\":" next                  \
  ",\n \"NextCertificateEffectiveDate\":" date "}"

static const struct {
  const char *json, *next, *date; /* NULL: marked or absent */
} configs[] = {
    {AUTH("null", "null"), "", NULL},
    {AUTH("\"\"", "\"\\/Date(1577836800000)\\/\""), "", "2020-01-01T00:00:00Z"},
    {AUTH("\"\"", "\"/Date(1577836800000+0200)/\""), "", "2020-01-01T00:00:00Z"},
    {AUTH("\"\"", "\"2020-01-01T01:00:00+01:00\""), "", "2020-01-01T00:00:00Z"},
    {AUTH("\"\"", "{\"value\":\"\\/Date(1577836800999)\\/\",\"DisplayHint\":2,"
                  "\"DateTime\":\"Mittwoch, 1. Januar 2020 00:00:00\"}"),
     "", "2020-01-01T00:00:00Z"},
    {"[" AUTH("\"\"", "null") "]", "", NULL},
    {"{\"value\":[" AUTH("\"\"", "null") "],\"Count\":1}", "", NULL},
    {AUTH("\"@{Name=x}\"", "null"), NULL, NULL},
};

START_TEST(a_form_of_json_is_misread) {
  struct reading *reading = read_json(configs[_i].json);
  ck_assert_ptr_nonnull(reading);
  ck_assert_str_eq(reading->kind, "get-authconfig");
  ck_assert(reading->complete);
  const xmlNode *config = run_fact(reading, "authConfig", 0);
  text_is(config, "currentCertificateThumbprint", "0123456789ABCDEF0123456789ABCDEF01234567");
  text_is(config, "previousCertificateThumbprint", "");
  text_is(config, "nextCertificateThumbprint", configs[_i].next);
  text_is(config, "nextCertificateEffectiveDate", configs[_i].date);
  run_end(&run);
}
END_TEST

START_TEST(a_list_that_counts_more_than_it_holds_is_whole) {
  ck_assert_ptr_null(read_json("{\"value\":[" AUTH("\"\"", "null") "],\"Count\":2}"));
  run_end(&run);
}
END_TEST

START_TEST(a_value_stands_elsewhere) {
  struct reading *reading =
      read_json("\n\n " AUTH("\"FEDCBA9876543210FEDCBA9876543210FEDCBA98\"", "null"));
  const xmlNode *config = run_fact(reading, "authConfig", 0);
  text_stands(config, "currentCertificateThumbprint", 3, 34);
  text_stands(config, "nextCertificateThumbprint", 4, 67);
  run_end(&run);
}
END_TEST

#define OVERRIDE(parameters)                                                                       \
  "[{\"Name\":\"a, "                                                                               \
  "\\\"b\\\"\",\"ComponentName\":\"Cafe\",\"SectionName\":\"S\",\"Parameters\":" parameters        \
  ",\"Server\":null}]"

START_TEST(a_list_that_was_cut_is_taken_for_whole) {
  static const struct {
    const char *json;
    bool known;
  } lists[] = {
      {OVERRIDE("[\"Enabled=False\"]"), true},
      {OVERRIDE("{\"value\":[\"Enabled=False\"],\"Count\":1}"), true},
      {OVERRIDE("\"Enabled=False\""), false},
      {OVERRIDE("\"System.Object[]\""), false},
  };
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
    struct reading *reading = read_json(lists[i].json);
    const xmlNode *override = run_fact(reading, "settingOverride", 0);
    text_is(override, "name", "a, \"b\"");
    ck_assert_int_eq(run_marked(override, "value"), !lists[i].known);
    if (lists[i].known) text_is(run_fact(reading, "value", 0), "text", "Enabled=False");
    run_end(&run);
  }
}
END_TEST

START_TEST(what_is_no_evidence_is_read_as_such) {
  static const char *const texts[] = {
      "{}", "[]", "{\"a\":1,\"a\":2}", "[1,2", "{\"a\":\"\\u0000\"}", "[[[[[{\"name\":\"x\"}]]]]]"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    ck_assert_ptr_null(read_json(texts[i]));
    ck_assert_int_eq(run.bundle.artifacts[0]->outcome, ARTIFACT_NOT_RECOGNISED);
    run_end(&run);
  }
}
END_TEST

START_TEST(the_real_sites_are_misread) {
  NEEDS_SHARED();
  run = text_run_shared("exchange/matching-pair/GetWebSite.json");
  struct reading *reading = text_reading(&run, "get-website", true);
  ck_assert_uint_eq(run_count(reading, "site"), 2);
  ck_assert_uint_eq(run_count(reading, "binding"), 11);
  ck_assert_uint_eq(run_count(reading, "application"), 30);
  const xmlNode *site = run_fact(reading, "site", 1), *binding = run_fact(reading, "binding", 10);
  text_is(site, "name", "Exchange Back End");
  text_is(site, "state", "Started");
  text_is(site, "bindings", "all");
  text_is(binding, "bindingInformation", "*:444:");
  text_is(binding, "certificateHash", "D003810EBE1624145889D031FBB77ED2BD280FD3");
  run_end(&run);
}
END_TEST

CHECK_MAIN("readers/json_objects", {
  tcase_add_loop_test(tests, a_form_of_json_is_misread, 0, (int)(sizeof configs / sizeof *configs));
  tcase_add_test(tests, a_list_that_counts_more_than_it_holds_is_whole);
  tcase_add_test(tests, a_value_stands_elsewhere);
  tcase_add_test(tests, a_list_that_was_cut_is_taken_for_whole);
  tcase_add_test(tests, what_is_no_evidence_is_read_as_such);
  tcase_add_test(tests, the_real_sites_are_misread);
})
