/* What HealthChecker's own tests assert of its data sets, and what siteglass says of the same
 * files. Sets and assertions: github.com/microsoft/CSS-Exchange, HealthChecker/Tests and
 * Shared/Tests, released versions of 2025; numbers of checks as in rules/healthchecker.xml. */
#include "check_main.h"
#include "cli/support_program.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/text.h"

#include <string.h>

#define IIS "exchange/E19/IIS/"
#define EP "exchange/extended-protection/"
#define CU11 "15.02.0986.005" /* the build of the set's ExSetup.xml */
#define CU12 "15.02.1118.025" /* the one that the tests put in its place */

/* Of each set: the files, as "from to" pairs; then what is expected. `says` is HealthChecker's
 * row; where siteglass differs on purpose, `why` has the reason. */
struct expectation {
  const char *rule, *result, *says, *why;
};

struct set {
  const char *name, *as_of, *build; /* build: NULL: no ExSetup.xml */
  const char *files[12];
  struct expectation expected[12];
};

static const struct set sets[] = {
    {"E19.Main, Hyper-V",
     "2022-01-01",
     CU11,
     {IIS "applicationHost.config", "applicationHost.config", IIS "GetWebBinding.xml",
      "GetWebBinding.xml", "exchange/E19/GetExchangeCertificate.xml", "GetExchangeCertificate.xml",
      "exchange/E19/GetAuthConfig.xml", "GetAuthConfig.xml"},
     {{"extended-protection-off", "fail", "Extended Protection Vulnerable: Red", NULL},
      {"token-cache-module-removed", "pass", "TokenCacheModule loaded: no row", NULL},
      {"exchange-backend-certificate-missing", "fail", "Certificate Binding Issue: 3 x Red", NULL},
      {"exchange-backend-https-binding-narrowed", "pass", "*:444: no row", NULL},
      {"oauth-certificate-missing", "pass", "Valid Auth Certificate: found", NULL},
      {"oauth-certificate-expired", "pass", "all valid as of 2022", NULL},
      {"certificate-in-service-expired", "unknown", "all valid as of 2022",
       "the bound certificate is described nowhere; HealthChecker passes over it"},
      {"hsts-on-exchange-back-end", "unknown", "no HSTS rows",
       "a web.config that is not in this set could send the header"}}},
    {"E19.Main, as of today",
     "2026-01-01",
     CU11,
     {IIS "applicationHost.config", "applicationHost.config",
      "exchange/E19/GetExchangeCertificate.xml", "GetExchangeCertificate.xml",
      "exchange/E19/GetAuthConfig.xml", "GetAuthConfig.xml"},
     {{"oauth-certificate-expired", "fail", "Valid Auth Certificate: False, Red", NULL},
      {"certificate-in-service-expired", "fail", "Red", NULL},
      {"certificate-signature-weak", "unknown", "sha1: Yellow",
       "self-signed certificates are not judged by their signature"}}},
    {"E19.Main, Physical",
     "2023-03-01",
     CU12,
     {IIS "applicationHost2.config", "applicationHost.config", IIS "DefaultWebSite_web2.config",
      "DefaultWebSite_web.config"},
     {{"extended-protection-incomplete", "fail", "isn't configured as expected: Red", NULL},
      {"extended-protection-on-old-build", "pass", "a build that supports it", NULL},
      {"hsts-max-age-short", "notapplicable", "max-age 300: Yellow",
       "HealthChecker reads Get-Website, which is of another moment than this "
       "applicationHost.config without hsts; the file that IIS reads counts"},
      {"hsts-defined-twice", "notapplicable", "hsts-conflict: Yellow",
       "the same: only the header stands in a file"}}},
    {"E19.Scenarios, 1",
     "2023-03-01",
     CU11,
     {IIS "applicationHost1.config", "applicationHost.config", IIS "GetWebSite2.xml",
      "GetWebSite.xml"},
     {{"extended-protection-on-old-build", "fail", "not supported on this build: Red", NULL},
      {"hsts-on-exchange-back-end", "unknown", "HSTS of the back end: Red",
       "it stands in the Get-Website of another moment; applicationHost.config has none, and the "
       "files that could send the header are not in this set"}}},
    {"E19.Scenarios, 2",
     "2023-03-01",
     CU12,
     {IIS "applicationHost1.config", "applicationHost.config"},
     {{"extended-protection-on-old-build", "pass", "EP Vulnerable: no row", NULL},
      {"extended-protection-off", "pass", "EP Vulnerable: no row", NULL},
      {"extended-protection-too-strict", "fail", "no row",
       "OAB is Require where Microsoft supports Allow; HealthChecker says so in scenario 3"}}},
    {"E19.Scenarios, 3",
     "2023-03-01",
     CU12,
     {IIS "applicationHost2.config", "applicationHost.config",
      "exchange/E19/GetSettingOverride.xml", "GetSettingOverride.xml"},
     {{"extended-protection-incomplete", "fail", "isn't configured as expected: Red", NULL},
      {"extended-protection-too-strict", "fail", "Default Web Site/OAB Require: Yellow", NULL},
      {"amsi-scan-overridden", "pass", "the override says Enabled=True: Green", NULL}}},
    {"E19.Scenarios2, bad applicationHost.config",
     "2023-03-01",
     NULL,
     {IIS "BadApplicationHost.config", "applicationHost.config"},
     {{"application-host-damaged", "fail", "Invalid Configuration File: Red", NULL},
      {"exchange-web-config-missing", "unknown", "no row", NULL}}},
    {"E19.Scenarios2, bad web.config of the site",
     "2023-03-01",
     NULL,
     {IIS "applicationHost.config", "applicationHost.config", IIS "DefaultWebSite_web1.config",
      "DefaultWebSite_web.config"},
     {{"web-config-damaged", "fail", "Invalid Configuration File: Red", NULL},
      {"exchange-web-config-missing", "unknown", "Missing Web Application Configuration File: Red",
       "the files of the applications were not collected: their absence here proves nothing"}}},
    {"Extended Protection, E16 and E19 configured",
     "2023-03-01",
     CU12,
     {EP "E19_Configured_ApplicationHost.config", "applicationHost.config"},
     {{"extended-protection-off", "pass", "22 of 25", NULL},
      {"extended-protection-incomplete", "pass", "0 insecure", NULL},
      {"extended-protection-too-strict", "pass", "0 not supported", NULL}}},
    {"Extended Protection, E19 not configured",
     "2023-03-01",
     CU12,
     {EP "E19_NotConfigured_ApplicationHost.config", "applicationHost.config"},
     {{"extended-protection-off", "fail", "22 entries insecure", NULL}}},
    {"Extended Protection, E19 misconfigured",
     "2023-03-01",
     CU12,
     {EP "E19_MisConfigured_ApplicationHost.config", "applicationHost.config"},
     {{"extended-protection-incomplete", "fail", "ecp, PowerShell None; owa Allow", NULL},
      {"extended-protection-too-strict", "fail", "EAS and OAB Require", NULL}}},
    {"Extended Protection, E15 with both roles",
     "2023-03-01",
     NULL,
     {EP "E15_Configured_Both_ApplicationHost.config", "applicationHost.config"},
     {{"extended-protection-off", "pass", "20 of 20", NULL},
      {"extended-protection-incomplete", "pass", "0 insecure", NULL},
      {"extended-protection-too-strict", "pass", "0 not supported", NULL}}},
    {"Extended Protection, E15 front end alone",
     "2023-03-01",
     NULL,
     {EP "E15_Configured_Cas_ApplicationHost.config", "applicationHost.config"},
     {{"extended-protection-incomplete", "pass", "9, 0 insecure", NULL}}},
};

static void write_build(const char *folder, const char *build) {
  size_t size;
  char *text = file_read(shared("exchange/E19/ExSetup.xml"), &size);
  struct buffer out = buffer_make(1 << 20);
  for (char *at = text, *found; *at; at = found) {
    found = strstr(at, CU11);
    buffer_add(&out, at, found ? (size_t)(found - at) : strlen(at));
    if (!found) break;
    buffer_add_text(&out, build);
    found += strlen(CU11);
  }
  folder_write_text(folder, "ExSetup.xml", buffer_text(&out));
  buffer_dispose(&out);
  alloc_free(text);
}

static struct check_run check_set(const struct set *set) {
  char *folder = folder_new();
  for (size_t i = 0; set->files[i]; i += 2)
    folder_copy(folder, set->files[i + 1], shared(set->files[i]));
  if (set->build) write_build(folder, set->build);
  struct check_run check = CHECK("--as-of", set->as_of, folder);
  folder_remove(folder);
  return check;
}

START_TEST(a_data_set_of_healthchecker_is_judged_otherwise) {
  NEEDS_SHARED();
  struct buffer wrong = buffer_make(3000);
  for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
    struct check_run check = check_set(&sets[i]);
    for (const struct expectation *each = sets[i].expected; each->rule; each++) {
      const char *is = verdict_of(&check, each->rule);
      if (!text_equal(is, each->result))
        buffer_add_format(&wrong, "%s: %s is %s; HealthChecker: %s%s%s\n", sets[i].name, each->rule,
                          is, each->says, each->why ? "; but " : "", each->why ? each->why : "");
    }
    check_dispose(&check);
  }
  ck_assert_msg(wrong.size == 0, "%s", buffer_text(&wrong));
  buffer_dispose(&wrong);
}
END_TEST

START_TEST(the_three_bindings_without_a_certificate_are_not_told) {
  NEEDS_SHARED();
  struct check_run check = check_set(&sets[0]);
  json_t *finding = finding_of(&check, "exchange-backend-certificate-missing");
  ck_assert_uint_eq(json_array_size(json_object_get(finding, "places")), 3);
  check_dispose(&check);
}
END_TEST

CHECK_MAIN("cli/healthchecker-oracle", {
  tcase_add_test(tests, a_data_set_of_healthchecker_is_judged_otherwise);
  tcase_add_test(tests, the_three_bindings_without_a_certificate_are_not_told);
})
