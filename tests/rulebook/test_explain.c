/* Explanations: the chain from a rule to the nodes that it read. */
#include "check_main.h"

#include "base/text.h"
#include "base/xml_source.h"
#include "rulebook/rulebook.h"
#include "support_rules.h"

#include <string.h>

static char *folder;
static struct rules_loaded loaded;
static struct verdicts *verdicts;
static xmlDoc *document;

#define SERVER(mark)                                                                               \
  "<evidence version='1' xmlns:ev='urn:siteglass:evidence'><host name='A'><products/>"             \
  "<artifacts/><sites>" mark "\n"                                                                  \
  "<site name='x' key='x' id='1'><bindings>\n"                                                     \
  "<binding protocol='http' bindingInformation='*:80:' ip='*' port='80' host=''/>\n"               \
  "<binding protocol='http' bindingInformation='*:81:' ip='*' port='81' host=''/>\n"               \
  "</bindings></site></sites><applicationPools/><configuration/><configurationErrors/>"            \
  "<httpSys/><certificateStores/><certificates/><exchange/><registry>\n"                           \
  "<key path='HKEY_LOCAL_MACHINE\\A' key='hkey_local_machine\\a'>\n"                               \
  "<value name='V' key='v' type='REG_SZ' data='7'/></key></registry><folders/></host></evidence>"

static const char *server;

static void setup(void) {
  xml_source_setup();
  folder = rules_folder_new();
  server = SERVER("");
}

static void teardown(void) {
  verdicts_free(verdicts);
  xmlFreeDoc(document);
  rules_unload(&loaded);
  rules_folder_remove(folder);
  xml_source_teardown();
}

/* The explanation of the only finding of a rule on `site` with these lets and this test. */
static const struct explanation *explain(const char *lets, const char *test, bool asked) {
  char *patterns = alloc_format("<let name='top' value=\"'t'\"/><pattern id='one-more'>"
                                "<title>t</title><rule context='site'>%s<report role='low' "
                                "test=\"%s\">M.</report></rule></pattern>",
                                lets, test);
  char *schema = rules_schema(patterns);
  rules_write(folder, "own.sch", schema);
  loaded = rules_load(folder, true);
  char *messages = rules_messages(&loaded.diags);
  ck_assert_msg(loaded.rulebook != NULL, "%s", messages);
  alloc_free(messages);
  struct xml_failure failure;
  struct xml_source_options source = {.source = 1};
  document = xml_source_parse(server, strlen(server), &source, &failure);
  const xmlNode *root = node_child(xmlDocGetRootElement(document), "host");
  struct host host = {.name = (char *)"A",
                      .document = document,
                      .registry = registry_new(node_child(root, "registry"))};
  struct hosts hosts = {.items = &host, .count = 1};
  struct bundle bundle = {.name = (char *)"b"};
  struct check_options options = {.version = "test", .explain = asked};
  verdicts = rulebook_check(loaded.rulebook, &bundle, &hosts, &options);
  registry_free(host.registry);
  alloc_free(schema);
  alloc_free(patterns);
  ck_assert_uint_eq(verdicts->finding_count, 1);
  return verdicts->findings[0].explanation;
}

static const struct explained_value *find(const struct explained_value *values, size_t count,
                                          const char *name) {
  for (size_t i = 0; i < count; i++)
    if (text_equal(values[i].name, name)) return &values[i];
  ck_abort_msg("no %s", name);
  return NULL;
}

START_TEST(nobody_asked_and_findings_are_explained) {
  ck_assert_ptr_null(explain("", "@name", false));
}
END_TEST

START_TEST(the_chain_does_not_name_rule_and_node) {
  const struct explanation *e = explain("", "@name = 'x'", true);
  ck_assert(text_ends_nocase(e->file, "own.sch"));
  ck_assert_uint_eq(e->line, 5);
  ck_assert_str_eq(e->context, "site");
  ck_assert_str_eq(e->test, "@name = 'x'");
  ck_assert(e->is_report);
  ck_assert_str_eq(e->node.element, "/evidence/host/sites/site[@key='x']");
  ck_assert_uint_eq(e->node.line, 2);
}
END_TEST

START_TEST(what_a_test_reads_is_not_told) {
  const struct explanation *e = explain("",
                                        "count(bindings/binding[@port]) = 2 and (@name = 'x' or "
                                        "not(bindings/binding/certificateBinding))",
                                        true);
  ck_assert_uint_eq(e->read_count, 3);
  const struct explained_value *v = find(e->reads, e->read_count, "bindings/binding[@port]");
  ck_assert_uint_eq(v->node_count, 2);
  ck_assert_uint_eq(v->place_count, 2);
  ck_assert_uint_eq(v->places[0].line, 3);
  ck_assert_uint_eq(v->places[1].line, 4);
  ck_assert(v->known);
  ck_assert_uint_eq(
      find(e->reads, e->read_count, "bindings/binding/certificateBinding")->node_count, 0);
  ck_assert_str_eq(find(e->reads, e->read_count, "@name")->text, "x");
}
END_TEST

START_TEST(a_variable_has_another_value_than_in_the_test) {
  const struct explanation *e = explain("<let name='first' value='bindings/binding[1]/@port'/>"
                                        "<let name='sum' value='$first + 1'/>",
                                        "$sum = 81 and $top = 't'", true);
  ck_assert_uint_eq(e->variable_count, 3);
  ck_assert_str_eq(e->variables[0].name, "$first"); /* before what refers to it */
  ck_assert_str_eq(e->variables[1].name, "$sum");
  ck_assert_str_eq(find(e->variables, 3, "$sum")->text, "81");
  ck_assert_str_eq(find(e->variables, 3, "$sum")->source, "$first + 1");
  ck_assert_str_eq(find(e->variables, 3, "$top")->text, "t");
  const struct explained_value *first = find(e->variables, 3, "$first");
  ck_assert_uint_eq(first->node_count, 1);
  ck_assert_uint_eq(first->places[0].line, 3);
  ck_assert(first->known);
}
END_TEST

START_TEST(what_is_not_known_is_told_as_known) {
  server = SERVER("<ev:unknown of='binding' under='bindings' reason='truncated' needs='x'/>");
  const struct explanation *e = explain("<let name='b' value='bindings/binding'/>",
                                        "$b and @name and bindings/binding", true);
  ck_assert(!find(e->reads, e->read_count, "bindings/binding")->known);
  ck_assert(find(e->reads, e->read_count, "@name")->known);
  ck_assert(!find(e->variables, e->variable_count, "$b")->known);
}
END_TEST

START_TEST(an_explanation_shows_a_password) {
  server = SERVER("<add userName='u' password='hunter2'/>");
  const struct explanation *e =
      explain("<let name='p' value='../add/@password'/><let name='q' value='concat($p, 1)'/>"
              "<let name='n' value='string(../add/@userName)'/>",
              "$q and ../add/@password and ../add and $n", true);
  for (size_t i = 0; i < e->variable_count; i++) {
    ck_assert_ptr_null(strstr(e->variables[i].text, "hunter2"));
    for (size_t k = 0; k < e->variables[i].place_count; k++)
      ck_assert_ptr_null(strstr(e->variables[i].places[k].text, "hunter2"));
  }
  for (size_t i = 0; i < e->read_count; i++) {
    ck_assert_ptr_null(strstr(e->reads[i].text, "hunter2"));
    for (size_t k = 0; k < e->reads[i].place_count; k++)
      ck_assert_ptr_null(strstr(e->reads[i].places[k].text, "hunter2"));
  }
  ck_assert_str_eq(find(e->variables, e->variable_count, "$n")->text, "u");
}
END_TEST

START_TEST(explaining_changes_the_verdict) {
  explain("<let name='n' value='count(bindings/binding)'/>", "$n = 2", true);
  ck_assert_uint_eq(verdicts->rules_failed, 1);
  ck_assert_uint_eq(verdicts->error_count, 0);
  ck_assert_uint_eq(verdicts->unknown_count, 0);
}
END_TEST

START_TEST(what_a_function_looked_at_is_not_told) {
  const struct explanation *e =
      explain("", "@name and sg:registry('HKLM\\A', 'V') = 7 and sg:flag('a b', 'b')", true);
  ck_assert_uint_eq(e->read_count, 3);
  const struct explained_value *v = find(e->reads, e->read_count, "sg:registry('HKLM\\A', 'V')");
  ck_assert(v->plain && v->known);
  ck_assert_str_eq(v->text, "7");
  ck_assert_uint_eq(v->place_count, 1);
  ck_assert_str_eq(v->places[0].element,
                   "/evidence/host/registry/key[@key='hkey_local_machine\\a']/value[@key='v']");
  ck_assert_uint_gt(v->places[0].line, 0);
  v = find(e->reads, e->read_count, "sg:flag('a b', 'b')");
  ck_assert_str_eq(v->text, "true");
  ck_assert_uint_eq(v->place_count, 0);
}
END_TEST

CHECK_MAIN("rulebook/explain", {
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, nobody_asked_and_findings_are_explained);
  tcase_add_test(tests, the_chain_does_not_name_rule_and_node);
  tcase_add_test(tests, what_a_test_reads_is_not_told);
  tcase_add_test(tests, what_a_function_looked_at_is_not_told);
  tcase_add_test(tests, a_variable_has_another_value_than_in_the_test);
  tcase_add_test(tests, what_is_not_known_is_told_as_known);
  tcase_add_test(tests, an_explanation_shows_a_password);
  tcase_add_test(tests, explaining_changes_the_verdict);
})
