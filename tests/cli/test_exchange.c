/* Real Exchange 2019 exports, end to end. Facts of the E19 files, read by hand:
 * https *:444: (line 518), :443: (458) and 127.0.0.1:443: (460) are served with
 * 12FD38FA..., which is none of the three certificates of Get-ExchangeCertificate;
 * CN=Solo-E19A ends 2024-12-03T22:45:58Z. */
#include "check_main.h"
#include "cli/support_program.h"

#include "base/alloc.h"
#include "base/text.h"
#include "support/dumps.h"

#include <string.h>

#define E19 "exchange/E19/"
#define BACKEND "exchange-backend-certificate-missing"
#define UNUSABLE "https-binding-without-usable-certificate"
#define EXPIRED "certificate-in-service-expired"

enum { HOST = 1, BINDINGS = 2, CERTIFICATES = 4, RECORDS = 8 };

/* The export has no dump of HTTP.SYS; this is what it would have printed. */
static void add_records(const char *folder) {
#define SERVED "12FD38FA8F58C8A74B3039962882DEFE4199D453"
  static const struct dump_record records[] = {
      {.key = "0.0.0.0:443", .thumbprint = SERVED, .store = "My"},
      {.key = "0.0.0.0:444", .thumbprint = SERVED, .store = "My"},
      {.key = "127.0.0.1:443", .thumbprint = SERVED, .store = "My"}};
  struct dump_style style = {.language = DUMP_ENGLISH};
  struct buffer text = buffer_make(1 << 16);
  dump_sslcert(&text, records, 3, &style);
  folder_write_text(folder, "sslcert.txt", buffer_text(&text));
  buffer_dispose(&text);
}

static char *triple(int parts) {
  char *folder = folder_new();
  if (parts & HOST)
    folder_copy(folder, "applicationHost.config", shared(E19 "IIS/applicationHost.config"));
  if (parts & BINDINGS)
    folder_copy(folder, "GetWebBinding.xml", shared(E19 "IIS/GetWebBinding.xml"));
  if (parts & CERTIFICATES)
    folder_copy(folder, "GetExchangeCertificate.xml", shared(E19 "GetExchangeCertificate.xml"));
  if (parts & RECORDS) add_records(folder);
  return folder;
}

START_TEST(the_three_bindings_of_e19_are_not_one_finding) {
  NEEDS_SHARED();
  char *folder = triple(HOST | BINDINGS | CERTIFICATES);
  struct check_run check = CHECK("--profile", "listeners", folder);
  ck_assert_int_eq(check.run.status, 1);
  char *all = findings_text(&check, "low");
  ck_assert_msg(findings_from(&check, "low") == 1, "%s", all);
  alloc_free(all);
  json_t *finding = finding_of(&check, BACKEND);
  ck_assert_uint_eq(json_array_size(json_object_get(finding, "places")), 3);
  ck_assert(stands_at(finding, "places", "applicationHost.config", 518));
  ck_assert(stands_at(finding, "places", "applicationHost.config", 458));
  ck_assert(stands_at(finding, "places", "applicationHost.config", 460));
  ck_assert_str_eq(text_at(finding, "actual"), "12FD38FA8F58C8A74B3039962882DEFE4199D453");
  check_dispose(&check);
  folder_remove(folder);
}
END_TEST

/* Exit 3, nothing found, the verdict unknown, and the report names what to collect. */
static void is_undecided_without(int parts, const char *collect) {
  char *folder = triple(parts);
  struct check_run check = CHECK("--profile", "listeners", folder);
  char *all = findings_text(&check, "low");
  ck_assert_str_eq(all, "");
  alloc_free(all);
  ck_assert_int_eq(check.run.status, 3);
  ck_assert_str_eq(verdict_of(&check, BACKEND), "unknown");
  check_dispose(&check);
  struct run run = RUN("check", folder);
  ck_assert_msg(strstr(run.out, collect) != NULL, "no %s in\n%.2500s", collect, run.out);
  run_dispose(&run);
  folder_remove(folder);
}

START_TEST(without_the_certificates_something_is_decided) {
  NEEDS_SHARED();
  is_undecided_without(HOST | BINDINGS, "certutil -store");
}
END_TEST

START_TEST(without_the_bindings_export_something_is_decided) {
  NEEDS_SHARED();
  is_undecided_without(HOST | CERTIFICATES, "netsh http show sslcert");
}
END_TEST

START_TEST(without_application_host_something_is_not_applicable) {
  NEEDS_SHARED();
  char *folder = triple(BINDINGS | CERTIFICATES);
  struct check_run check = CHECK(folder);
  size_t i;
  json_t *item;
  json_array_foreach(json_object_get(check.report, "verdicts"), i, item) {
    ck_assert_msg(!text_equal(text_at(item, "result"), "notapplicable"), "%s",
                  text_at(item, "ruleId"));
  }
  ck_assert_str_eq(verdict_of(&check, BACKEND), "fail");
  ck_assert_str_eq(verdict_of(&check, "powershell-requires-ssl"), "unknown");
  ck_assert_int_eq(check.run.status, 1);
  check_dispose(&check);
  folder_remove(folder);
}
END_TEST

START_TEST(another_day_changes_more_than_the_expiry_findings) {
  NEEDS_SHARED();
  char *folder = triple(HOST | BINDINGS | CERTIFICATES | RECORDS);
  struct check_run before =
      CHECK("--profile", "listeners", "--as-of", "2024-12-03T22:00:00Z", folder);
  struct check_run after = CHECK("--profile", "listeners", "--as-of", "2024-12-04", folder);
  ck_assert_uint_eq(findings_of(&before, EXPIRED), 0);
  ck_assert_uint_eq(findings_of(&after, EXPIRED), 1);
  size_t i;
  json_t *item;
  json_array_foreach(json_object_get(before.report, "verdicts"), i, item) {
    const char *rule = text_at(item, "ruleId");
    if (text_equal(rule, EXPIRED)) continue;
    ck_assert_msg(text_equal(text_at(item, "result"), verdict_of(&after, rule)), "%s", rule);
    ck_assert_msg(findings_of(&before, rule) == findings_of(&after, rule), "%s", rule);
  }
  ck_assert_uint_eq(findings_from(&after, "low"), findings_from(&before, "low") + 1);
  check_dispose(&before);
  check_dispose(&after);
  folder_remove(folder);
}
END_TEST

/* The role that the ledger gives to a file; "" when it is not there. */
static const char *role_of(const struct check_run *check, const char *path) {
  size_t i;
  json_t *item;
  json_array_foreach(json_object_get(check->report, "artifacts"), i, item) {
    if (text_equal(text_at(item, "path"), path)) return text_at(item, "role");
  }
  return "not on the ledger";
}

START_TEST(of_four_copies_the_wrong_one_is_judged) {
  NEEDS_SHARED();
  struct check_run check = CHECK(shared("exchange/E19"));
  ck_assert_int_eq(check.run.status, 1);
  ck_assert_uint_eq(findings_of(&check, BACKEND), 1);
  ck_assert_uint_eq(findings_of(&check, "application-host-damaged"), 0);
  ck_assert_uint_eq(json_array_size(json_object_get(check.report, "hosts")), 1);
  ck_assert(stands_at(finding_of(&check, BACKEND), "places", "IIS/applicationHost.config", 518));
  ck_assert_str_eq(role_of(&check, "IIS/applicationHost.config"), "live");
  static const char *const others[] = {"IIS/applicationHost1.config", "IIS/applicationHost2.config",
                                       "IIS/BadApplicationHost.config"};
  for (size_t i = 0; i < 3; i++) {
    const char *role = role_of(&check, others[i]);
    ck_assert_msg(role[0] && !text_equal(role, "live") && !text_equal(role, "not on the ledger"),
                  "%s is \"%s\"", others[i], role);
  }
  ck_assert_uint_eq(json_array_size(json_object_get(check.report, "errors")), 0);
  check_dispose(&check);
}
END_TEST

START_TEST(a_damaged_application_host_is_not_named_with_its_line) {
  NEEDS_SHARED();
  char *folder = folder_new();
  folder_copy(folder, "applicationHost.config", shared(E19 "IIS/BadApplicationHost.config"));
  struct check_run check = CHECK(folder);
  ck_assert_int_eq(check.run.status, 1);
  json_t *finding = finding_of(&check, "application-host-damaged");
  ck_assert_str_eq(text_at(finding, "severity"), "critical");
  ck_assert(stands_at(finding, "places", "applicationHost.config", 128));
  size_t i;
  json_t *item;
  json_array_foreach(json_object_get(check.report, "verdicts"), i, item) {
    if (text_equal(text_at(item, "ruleId"), "application-host-damaged")) continue;
    ck_assert_msg(text_equal(text_at(item, "result"), "unknown"), "%s is %s",
                  text_at(item, "ruleId"), text_at(item, "result"));
  }
  check_dispose(&check);
  folder_remove(folder);
}
END_TEST

START_TEST(a_secret_of_the_bundle_is_printed) {
  char *folder = folder_new();
  folder_write_text(folder, "applicationHost.config",
                    "<configuration><system.applicationHost><applicationPools><add name='p'>"
                    "<processModel identityType='SpecificUser' userName='CONTOSO\\svc'"
                    " password='S3cr3t-Word'/></add></applicationPools><sites>"
                    "<site name='Default Web Site' id='1'><application path='/'>"
                    "<virtualDirectory path='/' physicalPath='\\\\nas\\web' userName='u'"
                    " password='S3cr3t-Word'/></application><bindings>"
                    "<binding protocol='https' bindingInformation='*:443:'/></bindings></site>"
                    "</sites></system.applicationHost></configuration>\n");
  static const char *const formats[] = {"text", "json", "sarif"};
  for (size_t i = 0; i < 3; i++) {
    struct run run = RUN("check", "-f", formats[i], folder);
    ck_assert_ptr_null(strstr(run.out, "S3cr3t-Word"));
    ck_assert_ptr_null(strstr(run.err, "S3cr3t-Word"));
    run_dispose(&run);
  }
  struct run run = RUN("evidence", folder);
  ck_assert_ptr_null(strstr(run.out, "S3cr3t-Word"));
  run_dispose(&run);
  folder_remove(folder);
}
END_TEST

CHECK_MAIN("cli/exchange", {
  tcase_add_test(tests, the_three_bindings_of_e19_are_not_one_finding);
  tcase_add_test(tests, without_the_certificates_something_is_decided);
  tcase_add_test(tests, without_the_bindings_export_something_is_decided);
  tcase_add_test(tests, without_application_host_something_is_not_applicable);
  tcase_add_test(tests, another_day_changes_more_than_the_expiry_findings);
  tcase_add_test(tests, of_four_copies_the_wrong_one_is_judged);
  tcase_add_test(tests, a_damaged_application_host_is_not_named_with_its_line);
  tcase_add_test(tests, a_secret_of_the_bundle_is_printed);
})
