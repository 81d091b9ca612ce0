/* Evidence nodes: text that XML cannot hold, moves between documents, marks. */
#include "check_main.h"

#include "base/text.h"
#include "base/xml_source.h"
#include "evidence/node.h"

#include <libxml/dict.h>
#include <string.h>

static xmlDoc *new_document(xmlDict *dict, const char *root) {
  xmlDoc *document = xmlNewDoc((const xmlChar *)"1.0");
  if (dict) {
    document->dict = dict;
    xmlDictReference(dict);
  }
  xmlDocSetRootElement(document, xmlNewDocNode(document, NULL, (const xmlChar *)root, NULL));
  return document;
}

static xmlDoc *parse(xmlDict *dict, const char *text) {
  struct xml_source_options options = {.dict = dict, .source = 7};
  struct xml_failure failure;
  xmlDoc *document = xml_source_parse(text, strlen(text), &options, &failure);
  ck_assert_ptr_nonnull(document);
  return document;
}

START_TEST(an_attribute_is_set_twice_or_loses_its_origin) {
  xmlDict *dict = xmlDictCreate();
  xmlDoc *document = new_document(dict, "a");
  xmlNode *root = xmlDocGetRootElement(document);
  ck_assert_ptr_null(node_get(root, "x"));
  node_set(root, "x", "", (struct origin){1, 2, 3});
  ck_assert_str_eq(node_get(root, "x"), "");
  node_set(root, "x", "short", (struct origin){1, 2, 3});
  node_set(root, "x", "a value that is longer than two pointers", (struct origin){4, 5, 6});
  ck_assert_str_eq(node_get(root, "x"), "a value that is longer than two pointers");
  ck_assert_ptr_null(root->properties->next);
  struct origin origin = node_attribute_origin(root, "x");
  ck_assert_uint_eq(origin.source, 4);
  ck_assert_uint_eq(origin.line, 5);
  ck_assert_uint_eq(origin.column, 6);
  node_set(root, "x", node_get(root, "x"), (struct origin){8, 1, 1});
  ck_assert_str_eq(node_get(root, "x"), "a value that is longer than two pointers");
  ck_assert_ptr_null(node_set(root, "y", NULL, origin));
  ck_assert_ptr_null(node_get(root, "y"));
  xmlFreeDoc(document);
  xmlDictFree(dict);
}
END_TEST

START_TEST(a_value_that_xml_cannot_hold_gets_into_the_tree) {
  static const struct {
    const char *value, *kept;
  } rows[] = {
      {"plain \xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80",
       "plain \xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80"},
      {"a\x01z", "a\xEF\xBF\xBDz"},
      {"a\x1B[31mz", "a\xEF\xBF\xBD[31mz"},
      {"tab\tand\nline", "tab\tand\nline"},
      {"bad \xFF byte", "bad \xEF\xBF\xBD byte"},
      {"cut \xE2\x82", "cut \xEF\xBF\xBD\xEF\xBF\xBD"},
      {"\xEF\xBF\xBE", "\xEF\xBF\xBD"},
      {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"\x80", "\xEF\xBF\xBD"},
  };
  xmlDoc *document = new_document(NULL, "a");
  xmlNode *root = xmlDocGetRootElement(document);
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    node_set(root, "x", rows[i].value, (struct origin){0, 0, 0});
    ck_assert_str_eq(node_get(root, "x"), rows[i].kept);
  }
  xmlFreeDoc(document);
}
END_TEST

START_TEST(a_moved_subtree_dies_with_the_document_it_came_from) {
  xmlDict *dict = xmlDictCreate();
  xmlDoc *from = parse(dict, "<configuration xmlns='urn:net' xmlns:xdt='urn:xdt'>\n"
                             "<site name='Default' id='1' xdt:Transform='Insert'>"
                             "<b long='a value that is longer than two pointers'>text</b>"
                             "<own:c xmlns:own='urn:own' own:d='1'/></site></configuration>");
  xmlDoc *to = new_document(dict, "sites");
  xmlNode *sites = xmlDocGetRootElement(to);
  node_move_foreign(node_child(xmlDocGetRootElement(from), "site"), sites);
  ck_assert_ptr_null(node_child(xmlDocGetRootElement(from), "site"));
  xmlFreeDoc(from);
  xmlNode *site = node_child(sites, "site");
  ck_assert_ptr_nonnull(site);
  ck_assert_ptr_eq(site->doc, to);
  ck_assert_ptr_null(site->ns); /* the default namespace stayed behind */
  ck_assert_str_eq(node_get(site, "name"), "Default");
  ck_assert_str_eq(node_get(node_child(site, "b"), "long"),
                   "a value that is longer than two pointers");
  struct origin origin = origin_of(site);
  ck_assert_uint_eq(origin.source, 7);
  ck_assert_uint_eq(origin.line, 2);
  xmlChar *value = xmlGetNsProp(site, (const xmlChar *)"Transform", (const xmlChar *)"urn:xdt");
  ck_assert_str_eq((const char *)value, "Insert");
  xmlFree(value);
  ck_assert_str_eq((const char *)node_child(site, "c")->ns->href, "urn:own");
  xmlFreeDoc(to);
  xmlDictFree(dict);
}
END_TEST

START_TEST(a_customers_file_brings_a_mark_along) {
  xmlDict *dict = xmlDictCreate();
  xmlDoc *from = parse(dict, "<c xmlns:e='urn:siteglass:evidence'><site e:of='x'>"
                             "<e:unknown of='binding' under='bindings'/></site></c>");
  xmlDoc *to = new_document(dict, "sites");
  node_move_foreign(node_child(xmlDocGetRootElement(from), "site"), xmlDocGetRootElement(to));
  xmlNode *site = node_child(xmlDocGetRootElement(to), "site");
  ck_assert_ptr_null(site->properties);
  ck_assert_ptr_null(site->children->ns);
  xmlFreeDoc(from);
  xmlFreeDoc(to);
  xmlDictFree(dict);
}
END_TEST

START_TEST(a_readers_mark_is_lost_on_the_way) {
  xmlDict *dict = xmlDictCreate();
  xmlDoc *from = new_document(dict, "facts"), *to = new_document(dict, "evidence");
  xmlNode *config = node_add(xmlDocGetRootElement(from), "authConfig", (struct origin){1, 1, 1});
  node_mark(config, "@usable", "authConfig", UNKNOWN_DAMAGED, "get-authconfig", "why",
            (struct origin){1, 2, 3});
  node_move(config, xmlDocGetRootElement(to));
  xmlFreeDoc(from);
  xmlNode *mark = node_child(config, "unknown");
  ck_assert_str_eq((const char *)mark->ns->href, EVIDENCE_MARK_NAMESPACE);
  ck_assert_ptr_eq(mark->ns, xmlDocGetRootElement(to)->nsDef);
  ck_assert_str_eq(node_get(mark, "of"), "@usable");
  ck_assert_str_eq(node_get(mark, "under"), "authConfig");
  ck_assert_str_eq(node_get(mark, "reason"), "damaged");
  ck_assert_str_eq(node_get(mark, "needs"), "get-authconfig");
  ck_assert_str_eq(node_get(mark, "note"), "why");
  ck_assert_uint_eq(origin_of(mark).line, 2);
  xmlFreeDoc(to);
  xmlDictFree(dict);
}
END_TEST

CHECK_MAIN("evidence/node", {
  xml_source_setup();
  tcase_add_test(tests, an_attribute_is_set_twice_or_loses_its_origin);
  tcase_add_test(tests, a_value_that_xml_cannot_hold_gets_into_the_tree);
  tcase_add_test(tests, a_moved_subtree_dies_with_the_document_it_came_from);
  tcase_add_test(tests, a_customers_file_brings_a_mark_along);
  tcase_add_test(tests, a_readers_mark_is_lost_on_the_way);
})
