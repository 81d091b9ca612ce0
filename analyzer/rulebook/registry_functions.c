/* The sg:registry functions: what exports tell of the registry, asked from a rule. */
#include "rulebook/registry_functions.h"

#include "base/text.h"
#include "evidence/hosts.h"
#include "evidence/registry.h"
#include "evidence/registry_path.h"
#include "schematron/engine.h"

#include <libxml/xpathInternals.h>
#include <stdio.h>
#include <string.h>

#define HIVE "HKEY_LOCAL_MACHINE\\"

static const struct registry *registry_of(xmlXPathParserContextPtr ctxt) {
  const struct host *host = evaluation_data(evaluation_of(ctxt));
  return host->registry;
}

static const char *text_of(const xmlChar *text) {
  return text ? (const char *)text : "";
}

/* A path that a rule puts together is held against the same rules as a literal one; NULL: it
 * fails, and the error was said. */
static xmlChar *pop_path(xmlXPathParserContextPtr ctxt) {
  xmlChar *path = xmlXPathPopString(ctxt);
  const char *literal = text_of(path);
  char error[256];
  int argument;
  if (rule_registry_check(NULL, &literal, 1, error, &argument)) return path;
  evaluation_error(evaluation_of(ctxt), "%s", error);
  xmlFree(path);
  return NULL;
}

static void tell(xmlXPathParserContextPtr ctxt, const xmlChar *path,
                 const struct registry_answer *answer) {
  struct evaluation *evaluation = evaluation_of(ctxt);
  if (!path) return;
  if (answer->node) evaluation_saw(evaluation, answer->node);
  if (!answer->known) evaluation_unknown(evaluation, answer->reason, answer->needs, answer->note);
}

/* ---- Values ------------------------------------------------------------------------ */

/* A type is told also where the data is not. */
static void value(xmlXPathParserContextPtr ctxt, const char *attribute) {
  xmlChar *name = xmlXPathPopString(ctxt), *path = pop_path(ctxt);
  struct registry_answer answer = registry_value(registry_of(ctxt), text_of(path), text_of(name));
  bool is_value = answer.node && text_equal((const char *)answer.node->name, "value");
  const char *text = is_value ? node_get(answer.node, attribute) : NULL;
  if (text) answer.known = true;
  tell(ctxt, path, &answer);
  xmlXPathReturnString(ctxt, xmlStrdup((const xmlChar *)(text ? text : "")));
  xmlFree(path);
  xmlFree(name);
}

void rule_registry(xmlXPathParserContextPtr ctxt, int count) {
  (void)count;
  value(ctxt, "data");
}

void rule_registry_type(xmlXPathParserContextPtr ctxt, int count) {
  (void)count;
  value(ctxt, "type");
}

void rule_registry_values(xmlXPathParserContextPtr ctxt, int count) {
  (void)count;
  xmlChar *path = pop_path(ctxt);
  struct registry_answer answer = registry_values(registry_of(ctxt), text_of(path));
  tell(ctxt, path, &answer);
  xmlNodeSet *found = xmlXPathNodeSetCreate(NULL);
  bool is_key = answer.node && text_equal((const char *)answer.node->name, "key");
  for (xmlNode *n = is_key ? node_child(answer.node, "value") : NULL; n; n = node_next(n, "value"))
    xmlXPathNodeSetAddUnique(found, n);
  xmlFree(path);
  xmlXPathReturnNodeSet(ctxt, found);
}

/* ---- Keys ------------------------------------------------------------------------------ */

void rule_registry_key(xmlXPathParserContextPtr ctxt, int count) {
  (void)count;
  xmlChar *path = pop_path(ctxt);
  struct registry_answer answer = registry_key(registry_of(ctxt), text_of(path));
  tell(ctxt, path, &answer);
  xmlFree(path);
  xmlXPathReturnString(
      ctxt, xmlStrdup((const xmlChar *)(answer.known && answer.present ? "true" : "false")));
}

void rule_registry_keys(xmlXPathParserContextPtr ctxt, int count) {
  (void)count;
  xmlChar *path = pop_path(ctxt);
  struct registry_answer answer = registry_subkeys(registry_of(ctxt), text_of(path));
  tell(ctxt, path, &answer);
  xmlNodeSet *found = xmlXPathNodeSetCreate(NULL);
  xmlNode *key;
  for (size_t i = 0; (key = registry_subkey(registry_of(ctxt), text_of(path), i)); i++)
    xmlXPathNodeSetAddUnique(found, key);
  xmlFree(path);
  xmlXPathReturnNodeSet(ctxt, found);
}

/* What shows it: for the place of a finding, so nothing is unknown here. */
void rule_registry_source(xmlXPathParserContextPtr ctxt, int count) {
  xmlChar *name = count == 2 ? xmlXPathPopString(ctxt) : NULL, *path = pop_path(ctxt);
  struct registry_answer answer =
      name ? registry_value(registry_of(ctxt), text_of(path), text_of(name))
           : registry_key(registry_of(ctxt), text_of(path));
  xmlFree(path);
  xmlFree(name);
  xmlXPathReturnNodeSet(ctxt, xmlXPathNodeSetCreate(answer.node));
}

/* ---- When a rule is loaded ---------------------------------------------------------------- */

bool rule_registry_check(void *data, const char *const *arguments, int count, char error[256],
                         int *argument) {
  (void)data, (void)count;
  *argument = 0;
  const char *path = arguments[0];
  if (!path) return true;
  char *usual = registry_path(span_of(path));
  bool good = usual && text_starts(usual, HIVE) &&
              (text_starts(path, "HKLM\\") || text_starts(path, HIVE)) &&
              text_equal(strchr(path, '\\'), strchr(usual, '\\'));
  if (!good && usual && text_starts(usual, HIVE))
    snprintf(error, 256, "a registry path is written HKLM%.200s", strchr(usual, '\\'));
  else if (!good)
    snprintf(error, 256, "a registry path begins with HKLM\\ or HKEY_LOCAL_MACHINE\\");
  alloc_free(usual);
  return good;
}
