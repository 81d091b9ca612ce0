/* siteglass config: its options, its answers in three formats, and what it must not say. */
#include "check_main.h"
#include "report/support_schema.h"
#include "support_program.h"

#include "base/text.h"
#include "base/xml_source.h"

#include <stdio.h>
#include <string.h>

/* ---- A server of two sites ---------------------------------------------------------- */

static const char server[] =
    "<configuration>\n"
    "  <configSections>\n"
    "    <sectionGroup name='system.applicationHost'>\n"
    "      <section name='applicationPools' allowDefinition='AppHostOnly' "
    "overrideModeDefault='Deny'/>\n"
    "      <section name='sites' allowDefinition='AppHostOnly' overrideModeDefault='Deny'/>\n"
    "    </sectionGroup>\n"
    "    <sectionGroup name='system.webServer'>\n"
    "      <section name='directoryBrowse' overrideModeDefault='Allow'/>\n"
    "      <section name='defaultDocument' overrideModeDefault='Allow'/>\n"
    "      <sectionGroup name='security'>\n"
    "        <section name='access' overrideModeDefault='Deny'/>\n"
    "        <sectionGroup name='authentication'>\n"
    "          <section name='anonymousAuthentication' overrideModeDefault='Deny'/>\n"
    "        </sectionGroup>\n"
    "      </sectionGroup>\n"
    "    </sectionGroup>\n"
    "  </configSections>\n"
    "  <system.applicationHost>\n"
    "    <applicationPools>\n"
    "      <add name='Main'><processModel identityType='SpecificUser' userName='me' "
    "password='hunter2'/></add>\n"
    "      <add name='Idle'/>\n"
    "    </applicationPools>\n"
    "    <sites>\n"
    "      <site name='Shop' id='1'>\n"
    "        <application path='/' applicationPool='Main'>\n"
    "          <virtualDirectory path='/' physicalPath='%SystemDrive%\\inetpub\\shop'/>\n"
    "        </application>\n"
    "        <application path='/api' applicationPool='Main'>\n"
    "          <virtualDirectory path='/' physicalPath='C:\\inetpub\\api' userName='svc' "
    "password='[enc:AesProvider:c2VjcmV0:enc]'/>\n"
    "        </application>\n"
    "        <bindings>\n"
    "          <binding protocol='http' bindingInformation='*:80:'/>\n"
    "          <binding protocol='http' bindingInformation='1.1.1:81:h'/>\n"
    "          <binding protocol='http' bindingInformation='::'/>\n"
    "        </bindings>\n"
    "      </site>\n"
    "    </sites>\n"
    "  </system.applicationHost>\n"
    "  <system.webServer>\n"
    "    <directoryBrowse enabled='false'/>\n"
    "    <security><access sslFlags='None'/>\n"
    "      <authentication><anonymousAuthentication userName='IUSR' password='geheim'/>"
    "</authentication>\n"
    "    </security>\n"
    "  </system.webServer>\n"
    "  <location path='Shop/api'>\n"
    "    <system.webServer><security>\n"
    "      <access sslFlags='Ssl, Ssl128'/>\n"
    "    </security></system.webServer>\n"
    "  </location>\n"
    "</configuration>\n";

static const char shop[] =
    "<configuration><system.webServer>\n"
    "  <directoryBrowse enabled='true'/>\n"
    "</system.webServer>\n"
    "<connectionStrings><add name='x' connectionString='Server=s;Password=sesam1'/>"
    "</connectionStrings><appSettings><add key='ApiPassword' value='sesam2'/></appSettings>\n"
    "<system.web><machineKey validationKey='sesam3' decryptionKey='sesam4'/>"
    "<sessionState sqlConnectionString='data source=a;pwd=sesam5'/></system.web>\n"
    "</configuration>\n";

static char *bundle_new(void) {
  char *folder = folder_new();
  folder_write(folder, "applicationHost.config", server, strlen(server));
  folder_make(folder, "C");
  folder_make(folder, "C/inetpub");
  folder_make(folder, "C/inetpub/shop");
  folder_write(folder, "C/inetpub/shop/web.config", shop, strlen(shop));
  return folder;
}

static struct run ask(const char *bundle, const char *const *more) {
  const char *arguments[24] = {"config", bundle};
  size_t count = 2;
  while (*more && count < 23)
    arguments[count++] = *more++;
  return program_run(arguments);
}
#define ASK(bundle, ...) ask(bundle, (const char *const[]){__VA_ARGS__, NULL})

static json_t *json_of(const struct run *run) {
  json_error_t error;
  json_t *json = json_loads(run->out, JSON_REJECT_DUPLICATES, &error);
  ck_assert_msg(json != NULL, "no JSON: %s\n%.500s%.500s", error.text, run->out, run->err);
  return json;
}

static void fits(json_t *json, const char *definition) {
  json_t *schema = load_json("analyzer/report/siteglass-config.schema.json");
  char *reference = alloc_format("#/$defs/%s", definition), error[600];
  json_object_del(schema, "oneOf");
  json_object_set_new(schema, "$ref", json_string(reference));
  ck_assert_msg(schema_accepts(schema, json, error, sizeof error), "%s: %s", definition, error);
  alloc_free(reference);
  json_decref(schema);
}

static const char *value_of(json_t *section, const char *attribute) {
  json_t *found = json_object_get(json_object_get(section, "attributes"), attribute);
  return json_string_value(json_object_get(found, "value"));
}

static json_int_t line_of(json_t *section, const char *attribute) {
  json_t *found = json_object_get(json_object_get(section, "attributes"), attribute);
  return json_integer_value(json_object_get(json_object_get(found, "source"), "line"));
}

/* ---- Answers ---------------------------------------------------------------------------- */

START_TEST(a_value_or_its_source_is_wrong) {
  char *bundle = bundle_new();
  struct run run = ASK(bundle, "--at", "shop/API", "--section", "system.webServer/security/access",
                       "--format", "json");
  json_t *json = json_of(&run);
  fits(json, "section");
  ck_assert_int_eq(run.status, 0);
  ck_assert_str_eq(run.err, "");
  ck_assert_str_eq(value_of(json, "sslFlags"), "Ssl, Ssl128");
  ck_assert_int_eq(line_of(json, "sslFlags"), 47);
  ck_assert(json_is_true(json_object_get(json, "locked")));
  ck_assert_uint_eq(json_array_size(json_object_get(json, "uncertain")), 0);
  json_decref(json);
  run_dispose(&run);
  run = ASK(bundle, "--at", "Shop", "--section", "system.webServer/directoryBrowse", "--format",
            "json");
  json = json_of(&run);
  fits(json, "section");
  ck_assert_str_eq(value_of(json, "enabled"), "true");
  ck_assert_int_eq(line_of(json, "enabled"), 2);
  json_decref(json);
  run_dispose(&run);
  run = ASK(bundle, "--at", "Shop", "--section", "system.webServer/directoryBrowse", "--view",
            "apphost", "--format", "json");
  json = json_of(&run);
  ck_assert_str_eq(value_of(json, "enabled"), "false");
  json_decref(json);
  run_dispose(&run);
  folder_remove(bundle);
}
END_TEST

START_TEST(a_missing_web_config_leaves_a_value_certain) {
  char *bundle = bundle_new();
  struct run run = ASK(bundle, "--at", "Shop/api", "--section", "system.webServer/directoryBrowse",
                       "--format", "json");
  json_t *json = json_of(&run);
  ck_assert_uint_gt(json_array_size(json_object_get(json, "uncertain")), 0);
  json_decref(json);
  run_dispose(&run);
  run = ASK(bundle, "--map", "C:\\inetpub=C/inetpub", "--at", "Shop/api", "--section",
            "system.webServer/directoryBrowse", "--format", "json");
  json = json_of(&run);
  ck_assert_uint_eq(json_array_size(json_object_get(json, "uncertain")), 0);
  json_decref(json);
  run_dispose(&run);
  folder_remove(bundle);
}
END_TEST

START_TEST(a_binding_has_a_wrong_endpoint) {
  char *bundle = bundle_new();
  struct run run = ASK(bundle, "--section", "system.applicationHost/sites", "--format", "json");
  json_t *json = json_of(&run);
  fits(json, "section");
  json_t *site = json_array_get(json_object_get(json, "collection"), 0);
  json_t *bindings =
      json_object_get(json_object_get(json_object_get(site, "elements"), "bindings"), "collection");
  static const char *const expected[] = {"0.0.0.0:80", "1.1.0.1:81", NULL};
  ck_assert_uint_eq(json_array_size(bindings), 3);
  for (size_t i = 0; i < 3; i++) {
    json_t *endpoint = json_object_get(json_array_get(bindings, i), "endpoint");
    ck_assert_ptr_nonnull(endpoint);
    ck_assert_msg(text_equal(json_string_value(endpoint), expected[i]), "%zu: %s", i,
                  json_string_value(endpoint));
  }
  json_decref(json);
  run_dispose(&run);
  folder_remove(bundle);
}
END_TEST

START_TEST(whole_answers_do_not_fit_the_schema) {
  char *bundle = bundle_new();
  struct run run = ASK(bundle, "--at", "Shop/api", "--format", "json", "--why");
  json_t *json = json_of(&run);
  fits(json, "sections");
  ck_assert_uint_gt(json_array_size(json_object_get(json, "sections")), 2);
  json_decref(json);
  run_dispose(&run);
  run = ASK(bundle, "--tree", "--format", "json");
  json = json_of(&run);
  fits(json, "tree");
  ck_assert_uint_eq(json_array_size(json_object_get(json, "pools")), 2);
  ck_assert_uint_eq(json_array_size(json_object_get(json, "levels")), 3);
  json_decref(json);
  run_dispose(&run);
  run = ASK(bundle, "--errors", "--format", "json");
  json = json_of(&run);
  fits(json, "errorList");
  ck_assert_uint_eq(json_array_size(json_object_get(json, "errors")), 0);
  ck_assert_int_eq(run.status, 0);
  json_decref(json);
  run_dispose(&run);
  folder_remove(bundle);
}
END_TEST

START_TEST(an_error_is_not_told_as_evidence) {
  char *bundle = bundle_new();
  static const char wrong[] = "<configuration><system.webServer>\n"
                              "<directoryBrowse enabled='true' nonsense='1'/>\n"
                              "</system.webServer></configuration>";
  folder_write(bundle, "C/inetpub/shop/web.config", wrong, sizeof wrong - 1);
  struct run run = ASK(bundle, "--errors", "--format", "json");
  json_t *json = json_of(&run);
  fits(json, "errorList");
  json_t *error = json_array_get(json_object_get(json, "errors"), 0);
  ck_assert_str_eq(json_string_value(json_object_get(error, "hresult")), "0x8007000d");
  ck_assert_int_eq(json_integer_value(json_object_get(error, "line")), 2);
  json_decref(json);
  run_dispose(&run);
  run = ASK(bundle, "--errors");
  ck_assert_ptr_nonnull(strstr(run.out, "C/inetpub/shop/web.config:2"));
  ck_assert_ptr_nonnull(strstr(run.out, "nonsense"));
  run_dispose(&run);
  folder_remove(bundle);
}
END_TEST

/* ---- Text -------------------------------------------------------------------------------- */

START_TEST(the_reason_is_not_beside_the_value) {
  char *bundle = bundle_new();
  struct run run = ASK(bundle, "--at", "Shop/api", "--section", "system.webServer/security/access");
  ck_assert_ptr_nonnull(strstr(run.out, "Ssl, Ssl128"));
  ck_assert_ptr_nonnull(strstr(run.out, "applicationHost.config:47"));
  ck_assert_ptr_null(strstr(run.out, "wins"));
  run_dispose(&run);
  run = ASK(bundle, "--why", "--at", "Shop/api", "--section", "system.webServer/security/access");
  const char *loser = strstr(run.out, "1. server"), *winner = strstr(run.out, "2. Shop/api");
  ck_assert_msg(loser && winner && loser < winner, "%s", run.out);
  ck_assert_ptr_nonnull(strstr(winner, "wins"));
  ck_assert_ptr_nonnull(strstr(run.out, "overrideModeDefault"));
  ck_assert_ptr_nonnull(strstr(run.out, "to change it"));
  run_dispose(&run);
  run = ASK(bundle, "--section", "system.webServer/defaultDocument");
  ck_assert_ptr_nonnull(strstr(run.out, "schema default"));
  run_dispose(&run);
  folder_remove(bundle);
}
END_TEST

START_TEST(a_secret_of_an_environment_or_a_url_is_printed) {
  static const char text[] =
      "<configuration><configSections><sectionGroup name=\"system.webServer\">\n"
      "<section name=\"aspNetCore\" /><section name=\"httpRedirect\" />\n"
      "</sectionGroup></configSections><system.webServer>\n"
      "<aspNetCore processPath=\"shop.exe\"><environmentVariables>\n"
      "<environmentVariable name=\"DB\" value=\"moewe\" />\n"
      "</environmentVariables></aspNetCore>\n"
      "<httpRedirect enabled=\"true\" destination=\"https://u:moewe@shop.example/\" />\n"
      "</system.webServer></configuration>\n";
  static const char *const sections[] = {"system.webServer/aspNetCore",
                                         "system.webServer/httpRedirect"};
  char *bundle = bundle_new();
  folder_write(bundle, "C/inetpub/shop/web.config", text, sizeof text - 1);
  for (size_t i = 0; i < 2; i++) {
    struct run run = ASK(bundle, "--why", "--at", "Shop", "--section", sections[i]);
    ck_assert_msg(!strstr(run.out, "moewe"), "%s", run.out);
    ck_assert_msg(strstr(run.out, "(not shown)") != NULL, "%s", run.out);
    run_dispose(&run);
  }
  folder_remove(bundle);
}
END_TEST

START_TEST(a_secret_is_printed) {
  char *bundle = bundle_new();
  static const char *const formats[] = {"text", "json", "xml"};
  static const char *const secrets[] = {"hunter2", "c2VjcmV0", "geheim", "sesam"};
  static const char *const sections[] = {
      "system.applicationHost/applicationPools",
      "system.applicationHost/sites",
      "system.webServer/security/authentication/anonymousAuthentication",
      "connectionStrings",
      "appSettings",
      "system.web/machineKey",
      "system.web/sessionState"};
  for (size_t i = 0; i < 3; i++) {
    for (size_t j = 0; j < 7; j++) {
      struct run run =
          ASK(bundle, "--why", "--at", "Shop", "--section", sections[j], "--format", formats[i]);
      ck_assert_int_eq(run.status, 0);
      for (size_t k = 0; k < 4; k++)
        ck_assert_msg(!strstr(run.out, secrets[k]) && !strstr(run.err, secrets[k]),
                      "%s in %s of %s", secrets[k], formats[i], sections[j]);
      ck_assert_msg(strstr(run.out, "(not shown)") != NULL, "%s", run.out);
      run_dispose(&run);
    }
    struct run all = ASK(bundle, "--why", "--at", "Shop/api", "--format", formats[i]);
    struct run tree = ASK(bundle, "--tree", "--format", formats[i]);
    for (size_t k = 0; k < 4; k++) {
      ck_assert(!strstr(all.out, secrets[k]));
      ck_assert(!strstr(tree.out, secrets[k]));
    }
    run_dispose(&all);
    run_dispose(&tree);
  }
  folder_remove(bundle);
}
END_TEST

START_TEST(the_xml_is_no_xml) {
  char *bundle = bundle_new();
  static const char *const questions[][2] = {
      {"--tree", "tree"}, {"--errors", "errors"}, {"--why", "sections"}};
  xml_source_setup();
  for (size_t i = 0; i < 3; i++) {
    struct run run = ASK(bundle, "--format", "xml", questions[i][0]);
    struct xml_source_options options = {0};
    struct xml_failure failure;
    xmlDoc *document = xml_source_parse(run.out, strlen(run.out), &options, &failure);
    ck_assert_msg(document != NULL, "%s", run.out);
    ck_assert_str_eq((const char *)xmlDocGetRootElement(document)->name, questions[i][1]);
    xmlFreeDoc(document);
    run_dispose(&run);
  }
  folder_remove(bundle);
}
END_TEST

/* ---- No answer ------------------------------------------------------------------------------ */

static void no_answer(const char *bundle, const char *word, const char *const *more) {
  struct run run = ask(bundle, more);
  ck_assert_msg(run.status == 2, "%d: %s%s", run.status, run.out, run.err);
  ck_assert_msg(strstr(run.err, word) != NULL, "no \"%s\" in: %s", word, run.err);
  run_dispose(&run);
}
#define NO_ANSWER(bundle, word, ...)                                                               \
  no_answer(bundle, word, (const char *const[]){__VA_ARGS__, NULL})

START_TEST(a_slip_is_not_told) {
  char *bundle = bundle_new();
  NO_ANSWER(bundle, "did you mean Shop/api?", "--at", "Shoop/api", "--section",
            "system.webServer/directoryBrowse");
  NO_ANSWER(bundle, "did you mean Shop?", "--at", "Shoop");
  NO_ANSWER(bundle, "did you mean system.webServer/directoryBrowse?", "--section",
            "system.webServer/directoryBrouse");
  NO_ANSWER(bundle, "there is no path", "--at", "qqqqqqqqqqqqqqqq", "--errors");
  NO_ANSWER(bundle, "unknown format yaml", "--format", "yaml");
  NO_ANSWER(bundle, "unknown view half", "--view", "half");
  NO_ANSWER(bundle, "three questions", "--tree", "--errors");
  NO_ANSWER(bundle, "wanted TARGET=PATH", "--map", "Shop");
  NO_ANSWER(bundle, "no such file or folder", "--map", "Shop=nowhere");
  NO_ANSWER(bundle, "there is no server EX09", "--host", "EX09");
  struct run run = RUN("config");
  ck_assert_int_eq(run.status, 2);
  ck_assert_ptr_nonnull(strstr(run.err, "needs a folder, file or archive"));
  run_dispose(&run);
  folder_remove(bundle);
}
END_TEST

START_TEST(a_question_without_answer_gives_no_errors_in_json) {
  char *bundle = bundle_new();
  struct run run = ASK(bundle, "--at", "NotExist", "--section", "system.webServer/directoryBrowse",
                       "--format", "json");
  json_t *json = json_of(&run);
  fits(json, "errorList");
  json_t *error = json_array_get(json_object_get(json, "errors"), 0);
  const char *message = json_string_value(json_object_get(error, "message"));
  ck_assert_ptr_nonnull(
      strstr(message, "Unrecognized configuration path 'MACHINE/WEBROOT/APPHOST/NotExist'"));
  ck_assert_int_eq(run.status, 2);
  json_decref(json);
  run_dispose(&run);
  folder_write(bundle, "applicationHost.config", server, sizeof server / 2);
  run = ASK(bundle, "--section", "system.webServer/directoryBrowse", "--format", "json");
  json = json_of(&run);
  fits(json, "errorList");
  ck_assert_uint_gt(json_array_size(json_object_get(json, "errors")), 0);
  ck_assert_int_eq(run.status, 2);
  json_decref(json);
  run_dispose(&run);
  folder_remove(bundle);
}
END_TEST

START_TEST(several_servers_are_mixed) {
  char *folder = folder_new();
  folder_make(folder, "EX01");
  folder_make(folder, "EX02");
  folder_write(folder, "EX01/applicationHost.config", server, strlen(server));
  folder_write(folder, "EX02/applicationHost.config", server, strlen(server));
  NO_ANSWER(folder, "--host NAME", "--tree");
  struct run run = ASK(folder, "--host", "ex02", "--section", "system.webServer/security/access");
  ck_assert_int_eq(run.status, 0);
  ck_assert_ptr_nonnull(strstr(run.out, "EX02/applicationHost.config"));
  ck_assert_ptr_null(strstr(run.out, "EX01/"));
  run_dispose(&run);
  folder_remove(folder);
}
END_TEST

START_TEST(a_mapping_that_is_not_used_is_passed_over) {
  char *bundle = bundle_new();
  struct run run = ASK(bundle, "--map", "Shup=C", "--tree");
  ck_assert_int_eq(run.status, 0);
  ck_assert_ptr_nonnull(strstr(run.err, "--map Shup"));
  run_dispose(&run);
  folder_remove(bundle);
}
END_TEST

START_TEST(check_does_not_see_the_same_files) {
  char *bundle = bundle_new();
  struct check_run check = CHECK("--map", "Shop/api=C/inetpub/shop/web.config", bundle);
  json_t *artifacts = json_object_get(check.report, "artifacts"), *artifact;
  size_t index, seen = 0;
  json_array_foreach(artifacts, index, artifact) {
    if (!text_equal(text_at(artifact, "path"), "C/inetpub/shop/web.config")) continue;
    ck_assert_str_eq(text_at(artifact, "role"), "live");
    ck_assert_str_eq(text_at(artifact, "reason"), "configuration of Shop and 1 more (disk tree)");
    seen++;
  }
  ck_assert_uint_eq(seen, 1);
  check_dispose(&check);
  folder_remove(bundle);
}
END_TEST

START_TEST(help_does_not_say_what_config_can) {
  struct run run = RUN("help", "config");
  static const char *const options[] = {"--at",  "--section", "--view", "--errors", "--tree",
                                        "--why", "--format",  "--map",  "--host",   "--output"};
  ck_assert_int_eq(run.status, 0);
  for (size_t i = 0; i < sizeof options / sizeof *options; i++)
    ck_assert_msg(strstr(run.out, options[i]) != NULL, "%s", options[i]);
  for (const char *line = run.out; *line; line += strcspn(line, "\n") + 1)
    ck_assert_msg(strcspn(line, "\n") <= 80, "wider than 80 columns: %.90s", line);
  run_dispose(&run);
}
END_TEST

CHECK_MAIN("cli/config", {
  tcase_add_test(tests, a_value_or_its_source_is_wrong);
  tcase_add_test(tests, a_missing_web_config_leaves_a_value_certain);
  tcase_add_test(tests, a_binding_has_a_wrong_endpoint);
  tcase_add_test(tests, whole_answers_do_not_fit_the_schema);
  tcase_add_test(tests, an_error_is_not_told_as_evidence);
  tcase_add_test(tests, the_reason_is_not_beside_the_value);
  tcase_add_test(tests, a_secret_is_printed);
  tcase_add_test(tests, a_secret_of_an_environment_or_a_url_is_printed);
  tcase_add_test(tests, the_xml_is_no_xml);
  tcase_add_test(tests, a_slip_is_not_told);
  tcase_add_test(tests, a_question_without_answer_gives_no_errors_in_json);
  tcase_add_test(tests, several_servers_are_mixed);
  tcase_add_test(tests, a_mapping_that_is_not_used_is_passed_over);
  tcase_add_test(tests, check_does_not_see_the_same_files);
  tcase_add_test(tests, help_does_not_say_what_config_can);
})
