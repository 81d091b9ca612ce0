/* The table of exported objects against the vocabulary and the table of kinds, and
 * what becomes of such objects in a host's evidence. */
#include "check_main.h"

#include "base/text.h"
#include "evidence/exchange_objects.h"
#include "evidence/kinds.h"
#include "evidence/vocabulary.h"
#include "support_world.h"

#include <string.h>

START_TEST(a_row_names_what_rules_may_not_speak_of) {
  struct exchange_objects *objects = exchange_objects_new();
  struct evidence_vocabulary *vocabulary = evidence_vocabulary_new();
  ck_assert_uint_gt(objects->count, 40);
  for (size_t i = 0; i < objects->count; i++) {
    const struct exchange_object *row = &objects->items[i];
    ck_assert_msg(evidence_has_element(vocabulary, row->element), "%s", row->element);
    const struct evidence_kind *kind = evidence_kind_find(row->kind);
    ck_assert_msg(kind && kind->file && kind->file[0], "%s", row->kind);
    ck_assert_msg(exchange_objects_of_kind(objects, row->kind) == row, "%s twice", row->kind);
    for (size_t j = 0; j < row->property_count; j++) {
      const struct exchange_property *property = &row->properties[j];
      bool known = property->form == PROPERTY_LIST
                       ? evidence_may_contain(vocabulary, row->element, "value")
                       : evidence_has_attribute(vocabulary, row->element, property->attribute);
      ck_assert_msg(known, "%s/%s", row->element, property->attribute);
    }
  }
  evidence_vocabulary_free(vocabulary);
  exchange_objects_free(objects);
}
END_TEST

#define CONNECTOR "//exchange/receiveConnector"
#define OF_EX01 "<receiveConnector identity='EX01\\Default' server='EX01' maxHopCount='60'>"
#define OF_EX02 "<receiveConnector identity='EX02\\Default' server='EX02' maxHopCount='30'/>"
#define BINDING(text) "<value of='bindings' text='" text "'/>"

static struct world world;

static void add(const char *path, const char *kind, const char *facts, const char *computer) {
  struct reading *reading = world_add(&world, path, kind, facts);
  reading->computer = computer ? alloc_text(computer) : NULL;
}

START_TEST(an_absent_export_passes_for_one_of_nothing) {
  world_start(&world);
  add("a.xml", "get-sendconnector", "", NULL);
  world_build(&world);
  const xmlNode *exchange = world_node(&world, 0, "//exchange");
  ck_assert_str_eq(world_mark(exchange, "receiveConnector"), "not-in-bundle");
  ck_assert_str_eq(world_mark(exchange, "service"), "not-in-bundle");
  ck_assert_ptr_null(world_mark(exchange, "sendConnector"));
  world_end(&world);
}
END_TEST

START_TEST(objects_of_another_server_are_taken_for_this_ones) {
  world_start(&world);
  add("a.xml", "get-receiveconnector", OF_EX01 "</receiveConnector>" OF_EX02, "EX01.contoso.com");
  world_build(&world);
  ck_assert(world_number(&world, 0, "count(" CONNECTOR ")") == 1);
  ck_assert_str_eq(world_text(&world, 0, CONNECTOR "/@server"), "EX01");
  ck_assert_ptr_null(world_mark(world_node(&world, 0, "//exchange"), "receiveConnector"));
  world_end(&world);
}
END_TEST

START_TEST(an_export_of_other_servers_proves_that_this_one_has_none) {
  world_start(&world);
  add("a.xml", "get-exchangeserver", "<exchangeServer name='EX01'/>", "EX01");
  add("b.xml", "get-receiveconnector", OF_EX02, NULL);
  world_build(&world);
  ck_assert(world_number(&world, 0, "count(" CONNECTOR ")") == 0);
  ck_assert_str_eq(world_mark(world_node(&world, 0, "//exchange"), "receiveConnector"),
                   "not-in-bundle");
  world_end(&world);
}
END_TEST

START_TEST(exports_that_differ_are_both_believed) {
  world_start(&world);
  add("a.xml", "get-receiveconnector",
      OF_EX01 BINDING("0.0.0.0:25") BINDING("[::]:25") "</receiveConnector>", "EX01");
  add("b.xml", "get-receiveconnector",
      "<receiveConnector identity='ex01\\default' server='EX01' "
      "maxHopCount='30' banner='x'>" BINDING("[::]:25") BINDING("0.0.0.0:25") "</receiveConnector>",
      "EX01");
  world_build(&world);
  ck_assert(world_number(&world, 0, "count(" CONNECTOR ")") == 1);
  ck_assert_str_eq(world_known(&world, 0, CONNECTOR, "maxHopCount"), "?");
  ck_assert_str_eq(world_known(&world, 0, CONNECTOR, "server"), "EX01");
  ck_assert_ptr_null(world_mark(world_node(&world, 0, CONNECTOR), "value"));
  world_end(&world);

  world_start(&world);
  add("a.xml", "get-receiveconnector", OF_EX01 BINDING("0.0.0.0:25") "</receiveConnector>", "EX01");
  add("b.xml", "get-receiveconnector",
      OF_EX01 BINDING("0.0.0.0:26") "</receiveConnector>"
                                    "<receiveConnector identity='EX01\\b' server='EX01'/>",
      "EX01");
  world_build(&world);
  ck_assert_str_eq(world_mark(world_node(&world, 0, CONNECTOR "[1]"), "value"), "conflict");
  ck_assert_str_eq(world_mark(world_node(&world, 0, "//exchange"), "receiveConnector"), "conflict");
  world_end(&world);
}
END_TEST

#define SERVICE(name) "<service serviceName='" name "' startType='Automatic'/>"

START_TEST(some_services_pass_for_all) {
  world_start(&world);
  add("a.xml", "get-service", SERVICE("W3SVC"), NULL);
  world_build(&world);
  ck_assert_str_eq(world_mark(world_node(&world, 0, "//exchange"), "service"), "ambiguous");
  world_end(&world);
  world_start(&world);
  add("a.xml", "get-service", SERVICE("W3SVC") SERVICE("RpcSs") SERVICE("EventLog"), NULL);
  world_build(&world);
  ck_assert_ptr_null(world_mark(world_node(&world, 0, "//exchange"), "service"));
  ck_assert(world_number(&world, 0, "count(//service)") == 3);
  world_end(&world);
}
END_TEST

START_TEST(a_damaged_export_passes_for_whole) {
  world_start(&world);
  world_break(world_add(&world, "a.xml", "get-settingoverride", NULL), UNKNOWN_TRUNCATED, 7,
              "not well-formed");
  world_build(&world);
  ck_assert_str_eq(world_mark(world_node(&world, 0, "//exchange"), "settingOverride"), "truncated");
  world_end(&world);
}
END_TEST

#define DOMAIN "<acceptedDomain identity='contoso.com' domainName='contoso.com'/>"

static struct reading *add_of(const char *path, const char *kind, const char *facts,
                              const char *computer, const char *organization) {
  struct reading *reading = world_add(&world, path, kind, facts);
  reading->computer = computer ? alloc_text(computer) : NULL;
  reading->organization = organization ? alloc_text(organization) : NULL;
  reading->only_mentioned = true;
  return reading;
}

/* Two servers of one organization, by what each of them states, and one of another. */
START_TEST(what_holds_for_several_servers_is_kept_to_one) {
  world_start(&world);
  add_of("a.xml", "get-exchangeserver", "<exchangeServer name='EX01'/>", "EX01", "o");
  add_of("b.xml", "get-exchangeserver", "<exchangeServer name='EX02'/>", "EX02", "o");
  add_of("c.xml", "get-exchangeserver", "<exchangeServer name='EX03'/>", "EX03", "other");
  add_of("d.xml", "get-accepteddomain", DOMAIN, "EX01", "o");
  add_of("e.xml", "get-receiveconnector", OF_EX01 BINDING("x") "</receiveConnector>" OF_EX02, NULL,
         "o");
  world_build(&world);
  static const struct {
    const char *domain, *connector;
    size_t values;
  } hosts[] = {{"1", "1", 1}, {"1", "1", 0}, {"0", "0", 0}};
  ck_assert_uint_eq(world.hosts->count, 3);
  for (size_t i = 0; i < 3; i++) {
    ck_assert_str_eq(world_text(&world, i, "count(//acceptedDomain)"), hosts[i].domain);
    ck_assert_str_eq(world_text(&world, i, "count(" CONNECTOR ")"), hosts[i].connector);
    ck_assert(world_number(&world, i, "count(" CONNECTOR "/value)") == (double)hosts[i].values);
    bool known = world_mark(world_node(&world, i, "//exchange"), "acceptedDomain") == NULL;
    ck_assert_int_eq(known, hosts[i].domain[0] == '1');
    known = world_mark(world_node(&world, i, "//exchange"), "receiveConnector") == NULL;
    ck_assert_int_eq(known, hosts[i].connector[0] == '1');
  }
  world_end(&world);
}
END_TEST

START_TEST(another_organization_counts_as_this_one) {
  world_start(&world);
  add_of("a.xml", "get-exchangeserver", "<exchangeServer name='EX01'/>", "EX01", "o");
  add_of("b.xml", "get-accepteddomain", DOMAIN, NULL, "other");
  world_build(&world);
  ck_assert(world_number(&world, 0, "count(//acceptedDomain)") == 0);
  ck_assert_ptr_nonnull(world_mark(world_node(&world, 0, "//exchange"), "acceptedDomain"));
  world_end(&world);
}
END_TEST

CHECK_MAIN("evidence/exchange_objects", {
  tcase_add_test(tests, another_organization_counts_as_this_one);
  tcase_add_test(tests, what_holds_for_several_servers_is_kept_to_one);
  tcase_add_test(tests, a_row_names_what_rules_may_not_speak_of);
  tcase_add_test(tests, an_absent_export_passes_for_one_of_nothing);
  tcase_add_test(tests, objects_of_another_server_are_taken_for_this_ones);
  tcase_add_test(tests, an_export_of_other_servers_proves_that_this_one_has_none);
  tcase_add_test(tests, exports_that_differ_are_both_believed);
  tcase_add_test(tests, some_services_pass_for_all);
  tcase_add_test(tests, a_damaged_export_passes_for_whole);
})
