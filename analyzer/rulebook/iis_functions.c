/* The iis: functions: the effective configuration, asked from a rule. */
#include "rulebook/iis_functions.h"

#include "base/text.h"
#include "evidence/hosts.h"
#include "evidence/node.h"
#include "schematron/engine.h"

#include <libxml/xpathInternals.h>
#include <stdio.h>
#include <string.h>

static const struct configuration *configuration_of(xmlXPathParserContextPtr ctxt) {
  const struct host *host = evaluation_data(evaluation_of(ctxt));
  return host->configuration;
}

/* The place that a question is about: the last argument, a node or a configuration path, or
 * the context node. The caller frees. */
static char *pop_key(xmlXPathParserContextPtr ctxt, bool given) {
  xmlNode *node = ctxt->context->node;
  if (given && ctxt->value && ctxt->value->type == XPATH_STRING) {
    xmlChar *path = xmlXPathPopString(ctxt);
    char *key = configuration_key_of_path(path ? (const char *)path : "");
    xmlFree(path);
    return key;
  }
  if (given) {
    xmlNodeSet *nodes = xmlXPathPopNodeSet(ctxt);
    node = nodes && nodes->nodeNr ? nodes->nodeTab[0] : NULL;
    xmlXPathFreeNodeSet(nodes);
  }
  return alloc_text(node ? configuration_key_of(node) : "");
}

static const char *text_of(const xmlChar *text) {
  return text ? (const char *)text : "";
}

static void tell(xmlXPathParserContextPtr ctxt, bool uncertain, const char *reason,
                 const char *needs) {
  if (uncertain) evaluation_unknown(evaluation_of(ctxt), reason, needs, "");
}

typedef struct configuration_answer (*question)(const struct configuration *configuration,
                                                const char *key, const char *path);

static struct configuration_answer ask(xmlXPathParserContextPtr ctxt, int count, question what) {
  char *key = pop_key(ctxt, count == 2);
  xmlChar *path = xmlXPathPopString(ctxt);
  struct configuration_answer answer = what(configuration_of(ctxt), key, text_of(path));
  tell(ctxt, answer.uncertain, answer.reason, answer.needs);
  alloc_free(key);
  xmlFree(path);
  return answer;
}

void iis_value(xmlXPathParserContextPtr ctxt, int count) {
  struct configuration_answer answer = ask(ctxt, count, configuration_value);
  xmlXPathReturnString(ctxt, xmlStrdup((const xmlChar *)(answer.value ? answer.value : "")));
}

void iis_source(xmlXPathParserContextPtr ctxt, int count) {
  struct configuration_answer answer = ask(ctxt, count, configuration_value);
  xmlXPathReturnNodeSet(ctxt, xmlXPathNodeSetCreate(answer.element));
}

void iis_section(xmlXPathParserContextPtr ctxt, int count) {
  struct configuration_answer answer = ask(ctxt, count, configuration_section);
  xmlXPathReturnNodeSet(ctxt, xmlXPathNodeSetCreate(answer.element));
}

void iis_web_config(xmlXPathParserContextPtr ctxt, int count) {
  char *key = pop_key(ctxt, count == 1);
  struct configuration_answer answer = configuration_web_config(configuration_of(ctxt), key);
  tell(ctxt, answer.uncertain, answer.reason, answer.needs);
  alloc_free(key);
  xmlXPathReturnNodeSet(ctxt, xmlXPathNodeSetCreate(answer.element));
}

/* ---- Collections --------------------------------------------------------------- */

struct search {
  xmlChar *path, *name, *value; /* name, value: NULL when not given */
  struct configuration_items items;
};

static struct search search_start(xmlXPathParserContextPtr ctxt, int words, int count) {
  struct search search = {NULL, NULL, NULL, {0}};
  char *key = pop_key(ctxt, count > words);
  if (words >= 2) search.value = xmlXPathPopString(ctxt);
  if (words >= 3) search.name = xmlXPathPopString(ctxt);
  search.path = xmlXPathPopString(ctxt);
  search.items = configuration_items(configuration_of(ctxt), key, text_of(search.path));
  tell(ctxt, search.items.uncertain, search.items.reason, search.items.needs);
  alloc_free(key);
  return search;
}

static void search_end(xmlXPathParserContextPtr ctxt, struct search *search, xmlNodeSet *found) {
  configuration_items_dispose(&search->items);
  xmlFree(search->path);
  xmlFree(search->name);
  xmlFree(search->value);
  xmlXPathReturnNodeSet(ctxt, found);
}

void iis_items(xmlXPathParserContextPtr ctxt, int count) {
  struct search search = search_start(ctxt, 1, count);
  xmlNodeSet *found = xmlXPathNodeSetCreate(NULL);
  for (size_t i = 0; i < search.items.count; i++)
    xmlXPathNodeSetAddUnique(found, search.items.nodes[i]);
  search_end(ctxt, &search, found);
}

static bool is_of_web_config(const xmlNode *node) {
  for (; node && node->type == XML_ELEMENT_NODE; node = node->parent)
    if (strcmp((const char *)node->name, "level") == 0)
      return text_equal(node_get(node, "kind"), "webConfig") ||
             text_equal(node_get(node, "in"), "webConfig");
  return false;
}

void iis_added(xmlXPathParserContextPtr ctxt, int count) {
  char *key = pop_key(ctxt, count > 1);
  xmlChar *path = xmlXPathPopString(ctxt);
  struct configuration_items items =
      configuration_items(configuration_of(ctxt), key, text_of(path));
  tell(ctxt, items.uncertain_below, items.reason, items.needs);
  xmlNodeSet *found = xmlXPathNodeSetCreate(NULL);
  for (size_t i = 0; i < items.count; i++)
    if (is_of_web_config(items.nodes[i])) xmlXPathNodeSetAddUnique(found, items.nodes[i]);
  configuration_items_dispose(&items);
  xmlFree(path);
  alloc_free(key);
  xmlXPathReturnNodeSet(ctxt, found);
}

void iis_item(xmlXPathParserContextPtr ctxt, int count) {
  struct search search = search_start(ctxt, 2, count);
  xmlNodeSet *found = xmlXPathNodeSetCreate(NULL);
  for (size_t i = 0; i < search.items.count && found->nodeNr == 0; i++)
    if (configuration_item_is(configuration_of(ctxt), text_of(search.path), search.items.nodes[i],
                              text_of(search.value)))
      xmlXPathNodeSetAdd(found, search.items.nodes[i]);
  search_end(ctxt, &search, found);
}

void iis_first(xmlXPathParserContextPtr ctxt, int count) {
  struct search search = search_start(ctxt, 3, count);
  xmlNodeSet *found = xmlXPathNodeSetCreate(NULL);
  for (size_t i = 0; i < search.items.count && found->nodeNr == 0; i++) {
    const char *value = configuration_item_value(configuration_of(ctxt), text_of(search.path),
                                                 search.items.nodes[i], text_of(search.name));
    if (value && text_equal_nocase(value, text_of(search.value)))
      xmlXPathNodeSetAdd(found, search.items.nodes[i]);
  }
  search_end(ctxt, &search, found);
}

void iis_position(xmlXPathParserContextPtr ctxt, int count) {
  struct search search = search_start(ctxt, 2, count);
  size_t place = 0;
  for (size_t i = 0; i < search.items.count && place == 0; i++)
    if (configuration_item_is(configuration_of(ctxt), text_of(search.path), search.items.nodes[i],
                              text_of(search.value)))
      place = i + 1;
  search_end(ctxt, &search, NULL);
  xmlXPathObject *none = valuePop(ctxt); /* what search_end gave */
  xmlXPathFreeObject(none);
  xmlXPathReturnNumber(ctxt, (double)place);
}

/* ---- Levels ---------------------------------------------------------------------- */

void iis_locked(xmlXPathParserContextPtr ctxt, int count) {
  char *key = pop_key(ctxt, count == 2);
  xmlChar *path = xmlXPathPopString(ctxt);
  bool locked = configuration_locked(configuration_of(ctxt), key, text_of(path));
  alloc_free(key);
  xmlFree(path);
  xmlXPathReturnBoolean(ctxt, locked);
}

void iis_at(xmlXPathParserContextPtr ctxt, int count) {
  (void)count;
  xmlChar *path = xmlXPathPopString(ctxt);
  xmlNode *node = configuration_node_at(configuration_of(ctxt), text_of(path));
  xmlFree(path);
  xmlXPathReturnNodeSet(ctxt, xmlXPathNodeSetCreate(node));
}

/* ---- When a rule is loaded --------------------------------------------------------- */

static bool check(enum configuration_path kind, const char *what, const char *const *arguments,
                  char error[256], int *argument) {
  char near[160];
  *argument = 0;
  if (!arguments[0] || configuration_path_known(arguments[0], kind, near)) return true;
  if (near[0])
    snprintf(error, 256, "no such configuration %s; did you mean '%s'?", what, near);
  else
    snprintf(error, 256, "no such configuration %s", what);
  return false;
}

bool iis_check_path(void *data, const char *const *arguments, int count, char error[256],
                    int *argument) {
  (void)data, (void)count;
  return check(PATH_VALUE, "path", arguments, error, argument);
}

bool iis_check_section(void *data, const char *const *arguments, int count, char error[256],
                       int *argument) {
  (void)data, (void)count;
  return check(PATH_SECTION, "section", arguments, error, argument);
}

bool iis_check_items(void *data, const char *const *arguments, int count, char error[256],
                     int *argument) {
  (void)data, (void)count;
  return check(PATH_ITEMS, "collection", arguments, error, argument);
}
