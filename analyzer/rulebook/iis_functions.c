/* The iis: functions: the effective configuration, asked from a rule. */
#include "rulebook/iis_functions.h"

#include "evidence/hosts.h"
#include "schematron/engine.h"

#include <libxml/xpathInternals.h>
#include <stdio.h>

/* Pops [path, node?]. The path is the caller's to free; the key lives as long as the tree. */
static xmlChar *pop_question(xmlXPathParserContextPtr ctxt, int count, const char **key) {
  xmlNode *node = ctxt->context->node;
  if (count == 2) {
    xmlNodeSet *nodes = xmlXPathPopNodeSet(ctxt);
    node = nodes && nodes->nodeNr ? nodes->nodeTab[0] : NULL;
    xmlXPathFreeNodeSet(nodes);
  }
  *key = node ? configuration_key_of(node) : "";
  return xmlXPathPopString(ctxt);
}

static struct configuration_answer ask(xmlXPathParserContextPtr ctxt, int count) {
  const char *key;
  xmlChar *path = pop_question(ctxt, count, &key);
  struct evaluation *evaluation = evaluation_of(ctxt);
  const struct host *host = evaluation_data(evaluation);
  struct configuration_answer answer =
      configuration_value(host->configuration, key, path ? (const char *)path : "");
  if (answer.uncertain) evaluation_unknown(evaluation, answer.reason, answer.needs, "");
  xmlFree(path);
  return answer;
}

void iis_value(xmlXPathParserContextPtr ctxt, int count) {
  struct configuration_answer answer = ask(ctxt, count);
  xmlXPathReturnString(ctxt, xmlStrdup((const xmlChar *)(answer.value ? answer.value : "")));
}

void iis_source(xmlXPathParserContextPtr ctxt, int count) {
  struct configuration_answer answer = ask(ctxt, count);
  xmlXPathReturnNodeSet(ctxt, xmlXPathNodeSetCreate(answer.element));
}

void iis_locked(xmlXPathParserContextPtr ctxt, int count) {
  const char *key;
  xmlChar *path = pop_question(ctxt, count, &key);
  const struct host *host = evaluation_data(evaluation_of(ctxt));
  bool locked = path && configuration_locked(host->configuration, key, (const char *)path);
  xmlFree(path);
  xmlXPathReturnBoolean(ctxt, locked);
}

bool iis_check_path(void *data, const char *const *arguments, int count, char error[256],
                    int *argument) {
  (void)data, (void)count;
  char near[160];
  *argument = 0;
  if (!arguments[0] || configuration_path_known(arguments[0], near)) return true;
  if (near[0]) snprintf(error, 256, "no such configuration path; did you mean '%s'?", near);
  else snprintf(error, 256, "no such configuration path");
  return false;
}
