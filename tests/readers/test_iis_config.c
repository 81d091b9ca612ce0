/* Which kind a <configuration> is, what damage does, and the framework around. */
#include "check_main.h"

#include "base/system.h"
#include "base/text.h"
#include "base/xml_source.h"
#include "support_run.h"

#include <string.h>

static struct run run;

static struct reading *read_one(const char *path, const char *text) {
  run_start(&run);
  size_t number = run_add_text(&run, path, text);
  run_read(&run);
  return run_reading(&run, number);
}

static const struct artifact *artifact_of(size_t number) {
  return run.bundle.artifacts[number];
}

static void is_kind(const char *path, const char *text, const char *kind) {
  struct reading *reading = read_one(path, text);
  ck_assert_ptr_nonnull(reading);
  ck_assert_str_eq(reading->kind, kind);
  ck_assert_str_eq(artifact_of(0)->kind, kind);
  ck_assert(reading->complete);
  ck_assert_int_eq(artifact_of(0)->outcome, ARTIFACT_READ);
  ck_assert_ptr_null(artifact_of(0)->bytes);
  run_end(&run);
}

START_TEST(the_kind_depends_on_the_name) {
  is_kind("odd.txt", "<configuration><system.applicationHost/></configuration>",
          "application-host");
  is_kind("a.xml",
          "<configuration><configSections><sectionGroup name='system.applicationHost'/>"
          "</configSections></configuration>",
          "application-host");
  is_kind("x/web.config", "<configuration><system.webServer/></configuration>", "web-config");
  is_kind("applicationHost1.config", "<configuration><appSettings/></configuration>", "web-config");
  is_kind("redirection.config",
          "<configuration><configurationRedirection enabled='true' path='\\\\s\\c'/>"
          "</configuration>",
          "redirection-config");
  is_kind("a", "<configuration><moduleProviders/></configuration>", "administration-config");
  is_kind("a", "<configuration xmlns='http://schemas.microsoft.com/.NetConfiguration/v2.0'/>",
          "web-config");
}
END_TEST

START_TEST(the_configuration_is_changed_or_loses_its_origins) {
  struct reading *reading =
      read_one("applicationHost.config", "<?xml version='1.0'?>\n<configuration>\n"
                                         "<system.applicationHost><sites><site name='a'/>"
                                         "</sites></system.applicationHost></configuration>");
  xmlNode *site = run_fact(reading, "site", 0), *configuration = reading->facts->children;
  ck_assert_str_eq((char *)reading->facts->name, "facts");
  ck_assert_ptr_eq(xmlDocGetRootElement(reading->document), reading->facts);
  ck_assert_str_eq((char *)configuration->name, "configuration");
  ck_assert_ptr_eq(reading->document->dict, run.readings.dict);
  ck_assert_uint_eq(origin_of(configuration).line, 2);
  ck_assert_uint_eq(origin_of(site).source, 1);
  ck_assert_uint_eq(origin_of(site).line, 3);
  ck_assert_uint_eq(node_attribute_origin(site, "name").column, 38);
  run_end(&run);
}
END_TEST

static void is_damaged(const char *path, const char *text, unsigned line, const char *problem,
                       const char *why) {
  struct reading *reading = read_one(path, text);
  ck_assert_msg(reading != NULL, "%s", path);
  ck_assert_str_eq(reading->kind, "application-host");
  ck_assert(!reading->complete);
  bool kept = strstr(text, "<configuration") && text_equal(problem, "not-configuration");
  ck_assert_msg((reading->facts != NULL) == kept, "%s: %s", path, text);
  ck_assert_int_eq(reading->incomplete_reason, UNKNOWN_DAMAGED);
  ck_assert_uint_eq(reading->broken_at.line, line);
  ck_assert_uint_eq(reading->broken_at.source, 1);
  ck_assert_str_eq(reading->problem, problem);
  ck_assert_msg(strstr(reading->broken_why, why) != NULL, "%s", reading->broken_why);
  ck_assert_int_eq(artifact_of(0)->outcome, ARTIFACT_PARTLY_READ);
  ck_assert(text_starts(artifact_of(0)->reason, "damaged at line "));
  run_end(&run);
}

START_TEST(a_damaged_application_host_is_used_or_not_recognised) {
  is_damaged("x/applicationHost.config", "<configuration>\n<a></b>", 2, "not-well-formed",
             "not well-formed: ");
  is_damaged("APPLICATIONHOST.CONFIG", "<configuration>\n<a>", 2, "not-well-formed",
             "not well-formed: ");
  is_damaged("EX01_applicationHost.config", "", 1, "not-well-formed", "empty");
  is_damaged("applicationHost.config", "\x89PNG\r\n\x1A\n\x01", 1, "not-well-formed", "binary");
  is_damaged("applicationHost.config", "PK\x03\x04 garbage", 1, "not-well-formed",
             "not well-formed");
  is_damaged("applicationHost.config", "\n<html/>", 2, "not-configuration",
             "<html>, not <configuration>");
  is_damaged("applicationHost.config", "<configuration/>", 1, "not-configuration",
             "no <system.applicationHost>");
  is_damaged("applicationHost.config", "<!DOCTYPE a><configuration/>", 1, "refused",
             "it has a DOCTYPE");
  is_damaged("backup.xml", "<configuration><system.applicationHost>\n&x;", 2, "not-well-formed",
             "not well-formed");
}
END_TEST

START_TEST(a_damaged_web_config_is_taken_for_the_server) {
  struct reading *reading = read_one("web.config", "<configuration>\n<a></b>");
  ck_assert_str_eq(reading->kind, "web-config");
  ck_assert(!reading->complete);
  ck_assert_uint_eq(reading->broken_at.line, 2);
  run_end(&run);
}
END_TEST

static void is_unknown(const char *path, const void *bytes, size_t size, const char *reason) {
  run_start(&run);
  size_t number = run_add(&run, path, bytes, size);
  run_read(&run);
  ck_assert_ptr_null(run_reading(&run, number));
  ck_assert_int_eq(artifact_of(number)->outcome, ARTIFACT_NOT_RECOGNISED);
  ck_assert_str_eq(artifact_of(number)->reason, reason);
  ck_assert_str_eq(artifact_of(number)->kind, "");
  run_end(&run);
}

START_TEST(the_ledger_does_not_say_why_a_file_is_not_read) {
  is_unknown("a", "", 0, "empty (0 bytes)");
  is_unknown("a.png", "\x89PNG\0\0", 6, "binary, of no known kind");
  is_unknown("a.txt", "hello\n", 6, "text of no known kind");
  is_unknown("a.xml", "<html><body/></html>", 20,
             "XML, but its document element <html> is of no kind siteglass reads");
}
END_TEST

START_TEST(refused_artifacts_are_read) {
  run_start(&run);
  size_t number = run_add_text(&run, "applicationHost.config", "<configuration/>");
  artifact_settle(run.bundle.artifacts[number], ARTIFACT_REFUSED, "no permission");
  run_read(&run);
  ck_assert_uint_eq(run.readings.count, 0);
  ck_assert_str_eq(artifact_of(number)->reason, "no permission");
  run_end(&run);
}
END_TEST

START_TEST(nodes_cannot_move_between_documents_of_a_run) {
  run_start(&run);
  run_add_text(&run, "a",
               "<configuration><system.applicationHost><x a='1'/>"
               "</system.applicationHost></configuration>");
  run_add_text(&run, "b", "<configuration><x/></configuration>");
  run_read(&run);
  struct reading *a = run_reading(&run, 0), *b = run_reading(&run, 1);
  node_move(run_fact(a, "x", 0), b->facts);
  xmlFreeDoc(a->document);
  a->document = NULL;
  ck_assert_uint_eq(run_count(b, "x"), 2);
  ck_assert_str_eq(node_get(run_fact(b, "x", 1), "a"), "1");
  ck_assert_uint_eq(origin_of(run_fact(b, "x", 1)).source, 1);
  run_end(&run);
}
END_TEST

START_TEST(the_damaged_exchange_configuration_is_not_damaged_at_line_128) {
  NEEDS_SHARED();
  run_start(&run);
  size_t number = run_add_shared(&run, "exchange/E19/IIS/BadApplicationHost.config");
  run_read(&run);
  struct reading *reading = run_reading(&run, number);
  ck_assert_str_eq(reading->kind, "application-host");
  ck_assert_uint_eq(reading->broken_at.line, 128);
  ck_assert_str_eq(reading->broken_why,
                   "not well-formed: Opening and ending tag mismatch: sectionGroup line 52 and "
                   "configSections");
  run_end(&run);
}
END_TEST

static void check_kinds(const char *folder) {
  char **names, error[128];
  size_t count;
  char *path = alloc_format("%s/data/corpus/%s", SITEGLASS_SHARED_DIR, folder);
  ck_assert(system_list(path, &names, &count, error));
  for (size_t i = 0; i < count; i++) {
    char *shared = alloc_format("corpus/%s/%s", folder, names[i]);
    struct reading *reading;
    run_start(&run);
    size_t number = run_add_shared(&run, shared);
    run_read(&run);
    reading = run_reading(&run, number);
    char *lower = text_lower(names[i]);
    if (reading && strstr(lower, "applicationhost"))
      ck_assert_msg(text_equal(reading->kind, "application-host"), "%s: %s", shared, reading->kind);
    if (reading && strstr(lower, "web.config"))
      ck_assert_msg(text_equal(reading->kind, "web-config"), "%s: %s", shared, reading->kind);
    if (reading && strstr(lower, "redirection.config"))
      ck_assert_msg(text_equal(reading->kind, "redirection-config"), "%s", shared);
    if (reading && strstr(lower, "administration.config"))
      ck_assert_msg(text_equal(reading->kind, "administration-config"), "%s", shared);
    ck_assert_msg(reading != NULL, "%s: %s", shared, artifact_of(number)->reason);
    alloc_free(lower);
    alloc_free(shared);
    run_end(&run);
  }
  system_list_free(names, count);
  alloc_free(path);
}

START_TEST(real_configurations_are_of_another_kind) {
  NEEDS_SHARED();
  char **names, error[128];
  size_t count;
  ck_assert(system_list(SITEGLASS_SHARED_DIR "/data/corpus", &names, &count, error));
  for (size_t i = 0; i < count; i++)
    if (!strchr(names[i], '.')) check_kinds(names[i]);
  system_list_free(names, count);
}
END_TEST

static void kind_is(const char *path, const char *text, const char *kind, bool complete) {
  struct reading *reading = read_one(path, text);
  ck_assert_msg(reading != NULL, "%s", path);
  ck_assert_msg(text_equal(reading->kind, kind), "%s: %s, not %s", path, reading->kind, kind);
  ck_assert_msg(reading->complete == complete, "%s", path);
  run_end(&run);
}

START_TEST(a_kind_of_configuration_is_mistaken) {
  kind_is("web.config", "<configuration/>", "web-config", true);
  kind_is("a/web.config", "", "web-config", false);
  kind_is("S-owa_web.config", "<configuration>", "web-config", false);
  kind_is("web.config", "<system.web/>", "web-config", false);
  kind_is("EX01_machine.config", "<configuration/>", "machine-config", true);
  kind_is("m.config",
          "<configuration><configSections><section name='configProtectedData'/></configSections>"
          "</configuration>",
          "machine-config", true);
  kind_is("a.exe.config", "<configuration/>", "exe-config", true);
  kind_is("browse.config", "<directoryBrowse enabled='true'/>", "config-section", true);
  kind_is("applicationHost.config", "<configuration><moduleProviders/></configuration>",
          "application-host", false);
  kind_is("administration.config", "<configuration><moduleProviders/></configuration>",
          "administration-config", true);
}
END_TEST

START_TEST(any_xml_is_a_section) {
  ck_assert_ptr_null(read_one("packages.config", "<packages/>"));
  run_end(&run);
  ck_assert_ptr_null(read_one("browse.xml", "<directoryBrowse/>"));
  run_end(&run);
}
END_TEST

CHECK_MAIN("readers/iis_config", {
  alloc_hook_libraries();
  xml_source_setup();
  tcase_add_test(tests, a_kind_of_configuration_is_mistaken);
  tcase_add_test(tests, any_xml_is_a_section);
  tcase_add_test(tests, the_kind_depends_on_the_name);
  tcase_add_test(tests, the_configuration_is_changed_or_loses_its_origins);
  tcase_add_test(tests, a_damaged_application_host_is_used_or_not_recognised);
  tcase_add_test(tests, a_damaged_web_config_is_taken_for_the_server);
  tcase_add_test(tests, the_ledger_does_not_say_why_a_file_is_not_read);
  tcase_add_test(tests, refused_artifacts_are_read);
  tcase_add_test(tests, nodes_cannot_move_between_documents_of_a_run);
  tcase_add_test(tests, the_damaged_exchange_configuration_is_not_damaged_at_line_128);
  tcase_add_test(tests, real_configurations_are_of_another_kind);
})
