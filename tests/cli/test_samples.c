/* The samples of the repository: what a reader of samples/README.md is promised. */
#include "check_main.h"
#include "cli/support_program.h"
#include "cli/support_zip.h"

#include "base/alloc.h"
#include "base/text.h"

#include <string.h>

#define BACKEND "exchange-backend-certificate-missing"
#define DELETED "F6F4501B6059B0EFF5EF4D9F17E4144D21387C47"

/* The line of a sample's file that holds `text`; the test fails when none does. */
static int line_of(const char *file, const char *text) {
  size_t size;
  char *all = file_read(sample(file), &size), *at = strstr(all, text);
  ck_assert_msg(at != NULL, "%s has no %s", file, text);
  int line = 1;
  for (const char *c = all; c < at; c++)
    line += *c == '\n';
  alloc_free(all);
  return line;
}

START_TEST(the_broken_sample_is_not_one_finding_with_its_proof) {
  struct check_run check = CHECK(sample("kb2779694-broken"));
  ck_assert_int_eq(check.run.status, 1);
  char *all = findings_text(&check, "info");
  ck_assert_msg(json_array_size(json_object_get(check.report, "findings")) == 1, "%s", all);
  alloc_free(all);
  json_t *finding = finding_of(&check, BACKEND);
  ck_assert_str_eq(text_at(finding, "severity"), "critical");
  ck_assert_str_eq(text_at(finding, "actual"), DELETED);
  ck_assert_uint_eq(json_array_size(json_object_get(finding, "places")), 1);
  ck_assert(stands_at(finding, "places", "applicationHost.config",
                      line_of("kb2779694-broken/applicationHost.config", "\"*:444:\"")));
  ck_assert(stands_at(finding, "evidence", "sslcert.txt",
                      line_of("kb2779694-broken/sslcert.txt", "0.0.0.0:444")));
  ck_assert_str_eq(text_at(json_object_get(finding, "references"), "kb"), "2779694");
  ck_assert_uint_gt(json_array_size(json_object_get(finding, "remediation")), 1);
  check_dispose(&check);
}
END_TEST

START_TEST(the_text_report_of_the_broken_sample_lacks_what_a_person_needs) {
  struct run run = RUN("check", sample("kb2779694-broken"));
  static const char *const words[] = {"CRITICAL",
                                      BACKEND,
                                      "2779694",
                                      DELETED,
                                      "0.0.0.0:444",
                                      "sslcert.txt:",
                                      "applicationHost.config:",
                                      "netsh http"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    ck_assert_msg(strstr(run.out, words[i]) != NULL, "no \"%s\" in\n%.2500s", words[i], run.out);
  ck_assert_str_eq(run.err, "");
  run_dispose(&run);
}
END_TEST

START_TEST(the_healthy_sample_is_not_found_healthy) {
  struct check_run check = CHECK("--fail-on", "info", "--profile", "listeners", sample("kb2779694-healthy"));
  char *all = findings_text(&check, "info");
  ck_assert_str_eq(all, "");
  alloc_free(all);
  ck_assert_uint_eq(json_array_size(json_object_get(check.report, "unknowns")), 0);
  ck_assert_uint_eq(json_array_size(json_object_get(check.report, "errors")), 0);
  ck_assert_str_eq(verdict_of(&check, BACKEND), "pass");
  ck_assert_int_eq(check.run.status, 0);
  check_dispose(&check);
}
END_TEST

START_TEST(the_healthy_sample_has_a_finding_of_another_profile) {
  struct check_run check = CHECK("--fail-on", "info", sample("kb2779694-healthy"));
  char *all = findings_text(&check, "info");
  ck_assert_str_eq(all, "");
  alloc_free(all);
  ck_assert_uint_eq(json_array_size(json_object_get(check.report, "errors")), 0);
  ck_assert_int_eq(check.run.status, 3);
  check_dispose(&check);
}
END_TEST

START_TEST(the_incomplete_sample_is_decided_or_does_not_say_what_to_collect) {
  struct check_run check = CHECK(sample("kb2779694-incomplete"));
  ck_assert_int_eq(check.run.status, 3);
  ck_assert_uint_eq(findings_from(&check, "low"), 0);
  ck_assert_str_eq(verdict_of(&check, BACKEND), "unknown");
  check_dispose(&check);
  struct run run = RUN("check", sample("kb2779694-incomplete"));
  ck_assert_ptr_nonnull(strstr(run.out, "netsh http show sslcert"));
  run_dispose(&run);
}
END_TEST

START_TEST(a_zip_or_loose_files_give_other_verdicts_than_the_folder) {
  char *folder = folder_new(), *zip = path_of(folder, "case.zip");
  zip_folder(zip, sample("kb2779694-broken"), "case 1/EX01/");
  struct check_run zipped = CHECK(zip);
  ck_assert_int_eq(zipped.run.status, 1);
  ck_assert_uint_eq(findings_of(&zipped, BACKEND), 1);
  ck_assert_uint_eq(findings_from(&zipped, "info"), 1);
  check_dispose(&zipped);
  char *files[5];
  static const char *const names[] = {"applicationHost.config", "sslcert.txt", "certutil-my.txt",
                                      "GetExchangeCertificate.xml", "GetAuthConfig.xml"};
  for (size_t i = 0; i < 5; i++)
    files[i] = path_of(sample("kb2779694-broken"), names[i]);
  struct check_run loose = CHECK(files[3], files[1], files[0], files[4], files[2]);
  ck_assert_int_eq(loose.run.status, 1);
  ck_assert_uint_eq(findings_of(&loose, BACKEND), 1);
  ck_assert_uint_eq(findings_from(&loose, "info"), 1);
  check_dispose(&loose);
  for (size_t i = 0; i < 5; i++)
    alloc_free(files[i]);
  alloc_free(zip);
  folder_remove(folder);
}
END_TEST

START_TEST(two_servers_are_mixed_into_one) {
  char *broken = alloc_format("EX01=kb2779694-broken/*"),
       *healthy = alloc_format("EX02=kb2779694-healthy/*");
  struct check_run check = CHECK("--host", broken, "--host", healthy, sample("kb2779694-broken"),
                                 sample("kb2779694-healthy"));
  ck_assert_uint_eq(json_array_size(json_object_get(check.report, "hosts")), 2);
  ck_assert_uint_eq(findings_of(&check, BACKEND), 1);
  ck_assert_str_eq(text_at(finding_of(&check, BACKEND), "host"), "EX01");
  ck_assert_int_eq(check.run.status, 1);
  check_dispose(&check);
  struct run run = RUN("evidence", "--host", broken, "--host", healthy, sample("kb2779694-broken"),
                       sample("kb2779694-healthy"));
  ck_assert_int_eq(run.status, 0);
  ck_assert_ptr_nonnull(strstr(run.out, "<documents>"));
  ck_assert_ptr_nonnull(strstr(run.out, "<fleet"));
  run_dispose(&run);
  alloc_free(broken);
  alloc_free(healthy);
}
END_TEST

START_TEST(the_evidence_does_not_say_where_a_fact_stood) {
  struct run run = RUN("evidence", sample("kb2779694-broken"));
  ck_assert_int_eq(run.status, 0);
  ck_assert_msg(text_starts(run.out, "<?xml"), "%.80s", run.out);
  char *at = alloc_format("applicationHost.config:%d:",
                          line_of("kb2779694-broken/applicationHost.config", "\"*:444:\""));
  ck_assert_msg(strstr(run.out, at) != NULL, "%s", at);
  ck_assert_ptr_nonnull(strstr(run.out, "<httpSys"));
  ck_assert_ptr_null(strstr(run.out + 5, "<?xml"));
  alloc_free(at);
  run_dispose(&run);
}
END_TEST

CHECK_MAIN("cli/samples", {
  tcase_add_test(tests, the_broken_sample_is_not_one_finding_with_its_proof);
  tcase_add_test(tests, the_text_report_of_the_broken_sample_lacks_what_a_person_needs);
  tcase_add_test(tests, the_healthy_sample_is_not_found_healthy);
  tcase_add_test(tests, the_healthy_sample_has_a_finding_of_another_profile);
  tcase_add_test(tests, the_incomplete_sample_is_decided_or_does_not_say_what_to_collect);
  tcase_add_test(tests, a_zip_or_loose_files_give_other_verdicts_than_the_folder);
  tcase_add_test(tests, two_servers_are_mixed_into_one);
  tcase_add_test(tests, the_evidence_does_not_say_where_a_fact_stood);
})
