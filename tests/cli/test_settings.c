/* Settings: limits of the rules that a small file sets otherwise. */
#include "check_main.h"
#include "cli/support_program.h"

#include "base/alloc.h"
#include "base/text.h"

#include <string.h>

#define RULE                                                                                       \
  "<schema xmlns='http://purl.oclc.org/dsdl/schematron' queryBinding='xslt'\n"                     \
  "        xmlns:sg='urn:siteglass:rules'>\n"                                                      \
  "  <let name='most-sites' value='1' sg:unit='sites' sg:about='a server with more is full'/>\n"   \
  "  <pattern id='too-many-sites'><title>Too many sites</title>\n"                                 \
  "    <rule context='sites'><assert test='count(site) &lt;= $most-sites' role='high'>\n"          \
  "      More than <value-of select='$most-sites'/>.</assert></rule></pattern>\n"                  \
  "</schema>\n"
#define SITE(name, id)                                                                             \
  "<site name='" name "' id='" id "'><application path='/'>"                                       \
  "<virtualDirectory path='/' physicalPath='C:\\w'/></application>"                                \
  "<bindings><binding protocol='http' bindingInformation='*:8" id ":'/></bindings></site>"
#define HOST                                                                                       \
  "<configuration><system.applicationHost><sites>" SITE("a", "1")                                  \
      SITE("b", "2") "</sites></system.applicationHost></configuration>"

static char *folder_with(const char *settings) {
  char *folder = folder_new();
  folder_write_text(folder, "rule.sch", RULE);
  folder_write_text(folder, "applicationHost.config", HOST);
  folder_write_text(folder, "settings.xml", settings);
  return folder;
}

static struct check_run check_with(const char *folder, bool settings) {
  char *rules = path_of(folder, "rule.sch"), *host = path_of(folder, "applicationHost.config");
  char *file = path_of(folder, "settings.xml");
  struct check_run check = settings
                               ? CHECK("--no-builtin", "--rules", rules, "--settings", file, host)
                               : CHECK("--no-builtin", "--rules", rules, host);
  alloc_free(rules);
  alloc_free(host);
  alloc_free(file);
  return check;
}

START_TEST(a_setting_changes_nothing) {
  char *folder = folder_with("<settings>\n  <set name='most-sites' value='2'/>\n</settings>");
  struct check_run without = check_with(folder, false), with = check_with(folder, true);
  ck_assert_str_eq(verdict_of(&without, "too-many-sites"), "fail");
  ck_assert_str_eq(verdict_of(&with, "too-many-sites"), "pass");
  check_dispose(&without);
  check_dispose(&with);
  folder_remove(folder);
}
END_TEST

START_TEST(the_report_hides_a_setting) {
  char *folder = folder_with("<settings>\n  <set name='most-sites' value='2'/>\n</settings>");
  struct check_run with = check_with(folder, true), without = check_with(folder, false);
  json_t *settings = json_object_get(with.report, "settings");
  ck_assert_uint_eq(json_array_size(settings), 1);
  ck_assert_str_eq(text_at(json_array_get(settings, 0), "name"), "most-sites");
  ck_assert_str_eq(text_at(json_array_get(settings, 0), "value"), "2");
  ck_assert_str_eq(text_at(json_array_get(settings, 0), "standard"), "1");
  ck_assert_uint_eq(json_array_size(json_object_get(without.report, "settings")), 0);
  check_dispose(&with);
  check_dispose(&without);
  char *rules = path_of(folder, "rule.sch"), *host = path_of(folder, "applicationHost.config");
  char *file = path_of(folder, "settings.xml");
  struct run text = RUN("check", "--no-builtin", "--rules", rules, "--settings", file, host);
  ck_assert_msg(strstr(text.out, "sets most-sites to 2 sites") != NULL, "%s", text.out);
  struct run sarif =
      RUN("check", "-f", "sarif", "--no-builtin", "--rules", rules, "--settings", file, host);
  ck_assert_msg(strstr(sarif.out, "\"most-sites\"") != NULL, "no setting in SARIF");
  run_dispose(&text);
  run_dispose(&sarif);
  alloc_free(rules);
  alloc_free(host);
  alloc_free(file);
  folder_remove(folder);
}
END_TEST

/* A settings file that cannot be used stops the run, and says why. */
static void is_refused(const char *settings, const char *why) {
  char *folder = folder_with(settings);
  char *rules = path_of(folder, "rule.sch"), *file = path_of(folder, "settings.xml");
  struct run run = RUN("check", "--rules", rules, "--settings", file, folder);
  ck_assert_msg(run.status == 2, "%s: %d", settings, run.status);
  ck_assert_msg(strstr(run.err, why) != NULL, "no \"%s\" in\n%s", why, run.err);
  run_dispose(&run);
  alloc_free(rules);
  alloc_free(file);
  folder_remove(folder);
}

START_TEST(a_bad_settings_file_is_used) {
  is_refused("<settings><set name='most-site' value='2'/></settings>",
             "did you mean 'most-sites'?");
  is_refused("<settings><set name='most-sites' value='two'/></settings>", "a whole number");
  is_refused("<settings><set name='most-sites' value='-1'/></settings>", "a whole number");
  is_refused("<settings><set name='most-sites' value='2'/><set name='most-sites' value='3'/>"
             "</settings>",
             "given twice");
  is_refused("<waivers/>", "no settings file");
  is_refused("<settings><let/></settings>", "nothing but 'set'");
  is_refused("<settings>", "settings.xml");
}
END_TEST

START_TEST(a_setting_is_not_listed) {
  struct run run = RUN("rules", "settings");
  ck_assert_int_eq(run.status, 0);
  ck_assert_msg(strstr(run.out, "certificate-ends-soon   60 days") != NULL, "%s", run.out);
  run_dispose(&run);
}
END_TEST

CHECK_MAIN("cli/settings", {
  tcase_add_test(tests, a_setting_changes_nothing);
  tcase_add_test(tests, the_report_hides_a_setting);
  tcase_add_test(tests, a_bad_settings_file_is_used);
  tcase_add_test(tests, a_setting_is_not_listed);
})
