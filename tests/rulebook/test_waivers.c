/* Waivers: what they cover, when they end, and that none hides anything. */
#include "check_main.h"

#include "base/text.h"
#include "base/xml_source.h"
#include "rulebook/cases.h"
#include "rulebook/waivers.h"
#include "support_rules.h"

#include <string.h>

static struct rules_loaded loaded;
static struct case_set *cases;

static void setup(void) {
  xml_source_setup();
  loaded = rules_load(NULL, false);
  ck_assert_ptr_nonnull(loaded.rulebook);
  cases = case_set_new();
  case_set_add_builtin(cases, loaded.files, &loaded.diags);
}

static void teardown(void) {
  case_set_free(cases);
  rules_unload(&loaded);
  xml_source_teardown();
}

static struct waivers *read(const char *rows, struct diags *diags) {
  char *text = alloc_format("<waivers>\n%s</waivers>", rows);
  struct waivers *waivers = waivers_read("w.xml", text, strlen(text), diags);
  alloc_free(text);
  return waivers;
}

#define RULE "https-binding-without-usable-certificate"

/* The stock server without records for port 443: one finding with two places, judged at
 * 2026-01-01 unless `undated`. */
static struct verdicts *check(const char *rows, bool undated) {
  struct diags diags = {0};
  struct waivers *waivers = read(rows, &diags);
  ck_assert_msg(waivers != NULL, "%s", diags.count ? diags.items[0].message : "");
  char error[256];
  const struct rule_case *one = case_set_find(cases, RULE, CASE_MUST_FIRE);
  xmlDoc *document = case_document(one, error);
  struct host host = {
      .name = (char *)"EX01", .document = document, .has_as_of = !undated, .as_of = 1767225600};
  xmlNode *root = xmlDocGetRootElement(document);
  host.configuration = configuration_new(node_child(node_child(root, "host"), "configuration"));
  host.registry = registry_new(node_child(node_child(root, "host"), "registry"));
  struct hosts hosts = {.items = &host, .count = 1};
  struct bundle bundle = {.name = (char *)"b"};
  const char *only[] = {RULE};
  struct check_options options = {.version = "test",
                                  .fail_on = SEVERITY_LOW,
                                  .only = only,
                                  .only_count = 1,
                                  .waivers = waivers};
  struct verdicts *verdicts = rulebook_check(loaded.rulebook, &bundle, &hosts, &options);
  verdicts->diags = NULL;
  configuration_free(host.configuration);
  registry_free(host.registry);
  xmlFreeDoc(document);
  waivers_free(waivers);
  diags_dispose(&diags);
  return verdicts;
}

/* One finding with two places; what became of it and of the (last) waiver. */
static void expect(const char *rows, bool undated, bool waived, enum waiver_status status) {
  struct verdicts *v = check(rows, undated);
  ck_assert_uint_eq(v->finding_count, 1);
  ck_assert_uint_eq(v->findings[0].place_count, 2);
  ck_assert_int_eq(v->findings[0].waiver != 0, waived);
  ck_assert_uint_eq(v->waived_count, waived ? 1 : 0);
  ck_assert_uint_eq(v->by_severity[SEVERITY_CRITICAL], waived ? 0 : 1);
  ck_assert_int_eq(v->exit_status, waived ? 0 : 1);
  ck_assert_str_eq(waiver_status_word(v->waivers[v->waiver_count - 1].status),
                   waiver_status_word(status));
  verdicts_free(v);
}

#define W(more) "<waiver rule='" RULE "' who='J. Doe' why='w' " more "/>\n"

START_TEST(a_waived_finding_counts) {
  expect(W("until='2026-06-30'"), false, true, WAIVER_USED);
  expect(W("until='2026-06-30' host='ex*' artifact='*' element='*binding*'"), false, true,
         WAIVER_USED);
}
END_TEST

START_TEST(a_waiver_for_another_host_or_place_is_used) {
  expect(W("until='2026-06-30' host='EX02'"), false, false, WAIVER_UNUSED);
  expect(W("until='2026-06-30' element='*[@key=\"exchange back end\"]*'"), false, false,
         WAIVER_UNUSED);
  expect(W("until='2026-06-30' artifact='web.config'"), false, false, WAIVER_UNUSED);
}
END_TEST

START_TEST(a_waiver_of_one_place_covers_the_others) {
  expect(W("until='2026-06-30' element='*127.0.0.1:443:*'"), false, false, WAIVER_PARTLY);
  expect(W("until='2026-06-30' element='*127.0.0.1:443:*'")
             W("until='2026-06-30' element='*=?:443:?]*'"),
         false, true, WAIVER_USED);
}
END_TEST

START_TEST(an_expired_waiver_is_used) {
  expect(W("until='2025-12-31'"), false, false, WAIVER_EXPIRED);
  expect(W("until='2026-01-01'"), false, true, WAIVER_USED); /* to the end of that day */
  expect(W("until='2025-12-31T23:59:59Z'"), false, false, WAIVER_EXPIRED);
}
END_TEST

START_TEST(a_waiver_is_used_although_nobody_knows_the_day) {
  expect(W("until='2026-06-30'"), true, false, WAIVER_UNDATED);
}
END_TEST

START_TEST(a_waiver_of_no_rule_goes_unnoticed) {
  struct verdicts *v = check("<waiver rule='https-binding-without-usable-certficate' who='a' "
                             "why='b' until='2026-06-30'/>"
                             "<waiver rule='powershell-requires-ssl' who='a' why='b' "
                             "until='2026-06-30'/>",
                             false);
  ck_assert_int_eq(v->waivers[0].status, WAIVER_NO_RULE);
  ck_assert_str_eq(v->waivers[0].near, RULE);
  ck_assert_int_eq(v->waivers[1].status, WAIVER_NOT_RUN);
  ck_assert_uint_eq(v->waivers[1].line, 2);
  verdicts_free(v);
}
END_TEST

static void refuses(const char *rows, const char *words) {
  struct diags diags = {0};
  ck_assert_ptr_null(read(rows, &diags));
  int at = rules_said(&diags, words);
  ck_assert_msg(at >= 0, "%s", words);
  ck_assert_uint_eq(diags.items[at].line, 2);
  diags_dispose(&diags);
}

START_TEST(a_waiver_file_with_errors_is_taken) {
  refuses("<waiver rule='a' why='b' until='2026-06-30'/>", "needs an attribute 'who'");
  refuses("<waiver rule='a' who='' why='b' until='2026-06-30'/>", "needs an attribute 'who'");
  refuses("<waiver rule='a' who='a' why='b'/>", "needs an attribute 'until'");
  refuses("<waiver rule='a' who='a' why='b' until='soon'/>", "is not a date");
  refuses("<waiver rule='a' who='a' why='b' until='2026-06-30' hots='x'/>", "did you mean 'host'?");
  refuses("<waver/>", "nothing but 'waiver'");
  struct diags diags = {0};
  ck_assert_ptr_null(waivers_read("w.xml", "<cases/>", 8, &diags));
  ck_assert_ptr_null(waivers_read("w.xml", "<waivers>", 9, &diags));
  ck_assert_uint_eq(diags.count, 2);
  diags_dispose(&diags);
}
END_TEST

CHECK_MAIN("rulebook/waivers", {
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, a_waived_finding_counts);
  tcase_add_test(tests, a_waiver_for_another_host_or_place_is_used);
  tcase_add_test(tests, a_waiver_of_one_place_covers_the_others);
  tcase_add_test(tests, an_expired_waiver_is_used);
  tcase_add_test(tests, a_waiver_is_used_although_nobody_knows_the_day);
  tcase_add_test(tests, a_waiver_of_no_rule_goes_unnoticed);
  tcase_add_test(tests, a_waiver_file_with_errors_is_taken);
})
