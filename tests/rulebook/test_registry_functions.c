/* sg:registry and its sisters, asked by a rule of a document alone, as cases do. */
#include "check_main.h"

#include "base/text.h"
#include "base/xml_source.h"
#include "rulebook/cases.h"
#include "rulebook/rulebook.h"
#include "support_rules.h"

#include <string.h>

#define HTTP "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\HTTP"
#define HTTP_KEY "hkey_local_machine\\system\\currentcontrolset\\services\\http"
#define EXPORT(path, key, subkeys, marks)                                                          \
  "<export path='" path "' key='" key "' subkeys='" subkeys "'>" marks "</export>"
#define KEY(path, key, inside) "<key path='" path "' key='" key "'>" inside "</key>"
#define VALUE(name, key, type, data)                                                               \
  "<value name='" name "' key='" key "' type='" type "' data='" data "'/>"
#define MARK(of, under, reason)                                                                    \
  "<ev:unknown of='" of "' under='" under "' reason='" reason "' needs='registry-http' note='n'/>"
#define ALL EXPORT(HTTP, HTTP_KEY, "all", "")
#define PARAMETERS(inside) KEY(HTTP "\\Parameters", HTTP_KEY "\\parameters", inside)
#define LIMIT VALUE("MaxFieldLength", "maxfieldlength", "REG_DWORD", "65534")

static char *folder, *needs, *reason;
static struct rules_loaded loaded;

static void setup(void) {
  xml_source_setup();
  folder = rules_folder_new();
  needs = reason = NULL;
}

static void forget(void) {
  alloc_free(needs);
  alloc_free(reason);
  needs = reason = NULL;
}

static void teardown(void) {
  forget();
  rules_folder_remove(folder);
  xml_source_teardown();
}

static void load(const char *test) {
  char *patterns = alloc_format("<pattern id='one-more'><title>t</title><rule context='registry'>"
                                "<assert role='low' test=\"%s\">M.</assert></rule></pattern>",
                                test);
  char *schema = rules_schema(patterns);
  rules_write(folder, "own.sch", schema);
  loaded = rules_load(folder, true);
  alloc_free(schema);
  alloc_free(patterns);
}

/* 't' holds, 'f' does not, '?' unknown (needs and reason say why), 'e' an error, 'x' does not
 * load. */
static char answer(const char *registry, const char *test) {
  forget();
  load(test);
  char said = 'x';
  if (loaded.rulebook) {
    char *server = alloc_format(
        "<evidence version='1' xmlns:ev='urn:siteglass:evidence'><host name='A'><products/>"
        "<artifacts/><sites/><applicationPools/><configuration/><configurationErrors/><httpSys/>"
        "<certificateStores/><certificates/><exchange/><registry>%s</registry><folders/></host>"
        "</evidence>",
        registry);
    struct xml_failure failure;
    struct xml_source_options source = {.source = 1};
    xmlDoc *document = xml_source_parse(server, strlen(server), &source, &failure);
    ck_assert_msg(document != NULL, "%s", failure.message);
    struct case_set *cases = case_set_new();
    char *invalid = case_invalid(cases, document);
    ck_assert_msg(invalid == NULL, "%s", invalid);
    case_set_free(cases);
    struct verdicts *v = case_check(loaded.rulebook, document);
    said = v->rules_error ? 'e' : v->rules_unknown ? '?' : v->rules_failed ? 'f' : 't';
    if (v->unknown_count) {
      needs = alloc_text(v->unknowns[0].needs);
      reason = alloc_text(v->unknowns[0].items[0].reason);
    }
    verdicts_free(v);
    xmlFreeDoc(document);
    alloc_free(server);
  }
  rules_unload(&loaded);
  return said;
}

#define LENGTH                                                                                     \
  "sg:registry('HKLM\\SYSTEM\\CurrentControlSet\\Services\\HTTP\\Parameters', 'MaxFieldLength')"
#define EXISTS(path) "sg:registry-key('HKLM\\SYSTEM\\CurrentControlSet\\Services\\" path "')='true'"

START_TEST(a_value_is_not_found) {
  ck_assert_int_eq(answer(ALL PARAMETERS(LIMIT), LENGTH "='65534'"), 't');
  ck_assert_int_eq(answer(PARAMETERS(LIMIT), LENGTH "&gt;16384"), 't');
  ck_assert_int_eq(answer(PARAMETERS(LIMIT),
                          "sg:registry('HKEY_LOCAL_MACHINE\\system\\CurrentControlSet\\services"
                          "\\http\\PARAMETERS', 'MAXFIELDLENGTH')='65534'"),
                   't');
  ck_assert_int_eq(answer(PARAMETERS(LIMIT), "sg:registry-type('HKLM\\SYSTEM\\CurrentControlSet"
                                             "\\Services\\HTTP\\Parameters', 'maxFieldLength')"
                                             "='REG_DWORD'"),
                   't');
}
END_TEST

START_TEST(a_value_of_an_exported_key_is_not_known_to_be_absent) {
  ck_assert_int_eq(answer(ALL PARAMETERS(""), LENGTH "=''"), 't');
  ck_assert_int_eq(answer(PARAMETERS(""), LENGTH "=''"), 't');
  ck_assert_int_eq(answer(ALL, LENGTH "=''"), 't');
  ck_assert_int_eq(answer(ALL, EXISTS("HTTP\\Parameters")), 'f');
  ck_assert_int_eq(
      answer(EXPORT("HKEY_LOCAL_MACHINE", "hkey_local_machine", "all", ""), EXISTS("HTTP")), 'f');
}
END_TEST

START_TEST(what_no_export_covers_is_absent) {
  ck_assert_int_eq(answer("", LENGTH "=''"), '?');
  ck_assert_str_eq(needs, "registry-http");
  ck_assert_str_eq(reason, "not-in-bundle");
  ck_assert_int_eq(answer(ALL, EXISTS("Tcpip\\Parameters")), '?');
  ck_assert_str_eq(needs, "registry-tcpip");
  /* a key whose name only begins like the exported one */
  ck_assert_int_eq(answer(ALL, EXISTS("HTTPFilter")), '?');
  ck_assert_str_eq(needs, "registry-services");
}
END_TEST

START_TEST(a_listing_of_names_tells_of_what_is_in_the_subkeys) {
  const char *names = EXPORT(HTTP, HTTP_KEY, "names", "")
      PARAMETERS(MARK("value", "key", "not-in-bundle") MARK("key", "key", "not-in-bundle"));
  ck_assert_int_eq(answer(names, EXISTS("HTTP\\Parameters")), 't');
  ck_assert_int_eq(answer(names, EXISTS("HTTP\\Enum")), 'f');
  ck_assert_int_eq(answer(names, EXISTS("HTTP\\Enum\\Deep")), 'f');
  ck_assert_int_eq(answer(names, EXISTS("HTTP\\Parameters\\UrlAclInfo")), '?');
  ck_assert_int_eq(answer(names, LENGTH "=''"), '?');
  const char *none = EXPORT(HTTP, HTTP_KEY, "none", "");
  ck_assert_int_eq(answer(none, EXISTS("HTTP\\Enum")), '?');
}
END_TEST

START_TEST(a_broken_export_tells_what_is_absent) {
  const char *cut = EXPORT(HTTP, HTTP_KEY, "all", MARK("key", "export", "truncated"))
      PARAMETERS(LIMIT) KEY(HTTP "\\Last", HTTP_KEY "\\last", MARK("value", "key", "truncated"));
  ck_assert_int_eq(answer(cut, LENGTH "='65534'"), 't');
  ck_assert_int_eq(answer(cut, EXISTS("HTTP\\Enum")), '?');
  ck_assert_str_eq(reason, "truncated");
  ck_assert_int_eq(answer(cut, "sg:registry('HKLM\\SYSTEM\\CurrentControlSet\\Services\\HTTP"
                               "\\Last', 'x')=''"),
                   '?');
  char *both = alloc_format(
      "%s%s", cut, EXPORT("HKEY_LOCAL_MACHINE\\SYSTEM", "hkey_local_machine\\system", "all", ""));
  ck_assert_int_eq(answer(both, EXISTS("HTTP\\Enum")), 'f');
  alloc_free(both);
}
END_TEST

START_TEST(artifacts_that_disagree_are_believed) {
  const char *differ = ALL PARAMETERS("<value name='MaxFieldLength' key='maxfieldlength'>"
                                      "<ev:unknown of='@data' under='value' reason='conflict' "
                                      "needs='registry-http'/></value>");
  ck_assert_int_eq(answer(differ, LENGTH "='65534'"), '?');
  ck_assert_str_eq(reason, "conflict");
  const char *disputed = ALL "<key path='" HTTP "\\Parameters' key='" HTTP_KEY
                             "\\parameters' disputed='true'>" LIMIT "</key>";
  ck_assert_int_eq(answer(disputed, EXISTS("HTTP\\Parameters")), '?');
  ck_assert_int_eq(answer(disputed, LENGTH "='65534'"), '?');
}
END_TEST

#define KEYS(what) "count(sg:registry-keys('HKLM\\SYSTEM\\CurrentControlSet\\Services\\HTTP'))" what
#define VALUES(what)                                                                               \
  "sg:registry-values('HKLM\\SYSTEM\\CurrentControlSet\\Services\\HTTP\\Parameters')" what

START_TEST(lists_are_taken_for_whole) {
  const char *whole = ALL PARAMETERS(LIMIT) KEY(HTTP "\\Enum", HTTP_KEY "\\enum", "");
  ck_assert_int_eq(answer(whole, KEYS("=2")), 't');
  ck_assert_int_eq(answer(whole, VALUES("/@name='MaxFieldLength'")), 't');
  ck_assert_int_eq(answer(whole, VALUES("[@key='maxbytes']")), 'f');
  ck_assert_int_eq(answer(PARAMETERS(LIMIT), KEYS("=1")), '?');
  ck_assert_int_eq(answer(PARAMETERS(LIMIT), VALUES("[@key='maxbytes']")), 'f');
  ck_assert_int_eq(
      answer(PARAMETERS(MARK("value", "key", "truncated") LIMIT), VALUES("[@key='maxbytes']")),
      '?');
  ck_assert_int_eq(answer("", VALUES("")), '?');
  ck_assert_int_eq(answer(ALL, VALUES("")), 'f');
}
END_TEST

START_TEST(the_node_to_blame_is_another) {
  const char *whole = ALL PARAMETERS(LIMIT);
#define SOURCE(more) "sg:registry-source('HKLM\\SYSTEM\\CurrentControlSet\\Services\\HTTP" more
  ck_assert_int_eq(answer(whole, SOURCE("\\Parameters', 'MaxFieldLength')/@data='65534'")), 't');
  ck_assert_int_eq(answer(whole, "name(" SOURCE("\\Parameters', 'Other'))='key'")), 't');
  ck_assert_int_eq(answer(whole, "name(" SOURCE("\\Enum'))='export'")), 't');
}
END_TEST

START_TEST(a_path_that_no_key_can_have_loads) {
  ck_assert_int_eq(answer("", "sg:registry('SYSTEM\\Select', 'Current')=''"), 'x');
  ck_assert_int_eq(answer("", "sg:registry('HKCU\\Software', 'x')=''"), 'x');
  ck_assert_int_eq(answer("", "sg:registry('HKLM\\SYSTEM\\ControlSet001\\Services', 'x')=''"), 'x');
  ck_assert_int_eq(answer("", "sg:registry-key('HKLM\\SYSTEM\\')='true'"), 'x');
  ck_assert_int_eq(answer("", "sg:registry(concat('HKU\\', 'x'), 'x')=''"), 'e');
}
END_TEST

/* As rule authors write them: edits of the stock server. */
START_TEST(cases_cannot_speak_of_the_registry) {
  load(LENGTH "='' or " LENGTH " &lt;= 65534");
  ck_assert(loaded.rulebook != NULL);
  rules_write(
      folder, "cases/own.xml",
      "<cases>"
      "<case rule='one-more' kind='must-pass' title='stock'/>"
      "<case rule='one-more' kind='must-fire' at='//registry' title='too long'>"
      "<add at='//registry'>" PARAMETERS(
          VALUE("MaxFieldLength", "maxfieldlength", "REG_DWORD",
                "70000")) "</add></case>"
                          "<case rule='one-more' kind='must-be-unknown' title='no export'>"
                          "<remove at='//registry/export'/></case>"
                          "<case rule='one-more' kind='must-be-unknown' title='cut'>"
                          "<mark at='//registry/export' of='key' under='export' reason='truncated' "
                          "needs='registry-http'/></case>"
                          "</cases>");
  struct case_set *cases = case_set_new();
  char *path = alloc_format("%s/cases/own.xml", folder);
  case_set_add(cases, loaded.files, path, &loaded.diags);
  ck_assert_uint_eq(case_set_count(cases), 4);
  for (size_t i = 0; i < 4; i++) {
    bool gap;
    char *why = case_run(cases, loaded.rulebook, case_set_at(cases, i), &gap);
    ck_assert_msg(why == NULL, "%s: %s", case_set_at(cases, i)->title, why);
  }
  alloc_free(path);
  case_set_free(cases);
  rules_unload(&loaded);
}
END_TEST

CHECK_MAIN("rulebook/registry_functions", {
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, a_value_is_not_found);
  tcase_add_test(tests, a_value_of_an_exported_key_is_not_known_to_be_absent);
  tcase_add_test(tests, what_no_export_covers_is_absent);
  tcase_add_test(tests, a_listing_of_names_tells_of_what_is_in_the_subkeys);
  tcase_add_test(tests, a_broken_export_tells_what_is_absent);
  tcase_add_test(tests, artifacts_that_disagree_are_believed);
  tcase_add_test(tests, lists_are_taken_for_whole);
  tcase_add_test(tests, the_node_to_blame_is_another);
  tcase_add_test(tests, a_path_that_no_key_can_have_loads);
  tcase_add_test(tests, cases_cannot_speak_of_the_registry);
})
