/* Functions of XSLT 1.0 that need no transformation (section 12). */
#include "schematron/run_state.h"

#include "base/text.h"

#include <libxml/xpathInternals.h>
#include <string.h>

/* Numbers in order of first use: the same on every run, unlike addresses. */
void call_generate_id(xmlXPathParserContextPtr ctxt, int nargs) {
  if (nargs > 1) XP_ERROR(XPATH_INVALID_ARITY);
  xmlNode *node = ctxt->context->node;
  if (nargs == 1) {
    CHECK_TYPE(XPATH_NODESET);
    xmlXPathObjectPtr nodes = valuePop(ctxt);
    xmlXPathNodeSetSort(nodes->nodesetval);
    node = xmlXPathNodeSetIsEmpty(nodes->nodesetval) ? NULL : nodes->nodesetval->nodeTab[0];
    xmlXPathFreeObject(nodes);
  }
  char text[32] = "";
  if (node != NULL) run_identity(evaluation_of(ctxt)->run, node, text);
  valuePush(ctxt, xmlXPathNewCString(text));
}

void call_format_number(xmlXPathParserContextPtr ctxt, int nargs) {
  if (nargs != 2 && nargs != 3) XP_ERROR(XPATH_INVALID_ARITY);
  struct evaluation *evaluation = evaluation_of(ctxt);
  if (nargs == 3) {
    xmlXPathFreeObject(valuePop(ctxt));
    evaluation_error(evaluation, "there is no xsl:decimal-format for format-number()");
  }
  xmlChar *picture = xmlXPathPopString(ctxt);
  double number = xmlXPathPopNumber(ctxt);
  char *text = picture == NULL ? NULL : format_number(number, (const char *)picture);
  if (text == NULL)
    evaluation_error(evaluation, "'%s' is no picture for format-number()",
                     picture == NULL ? "" : (const char *)picture);
  valuePush(ctxt, xmlXPathNewCString(text == NULL ? "" : text));
  alloc_free(text);
  xmlFree(picture);
}

/* ---- What there is --------------------------------------------------------- */

struct name {
  const char *uri, *local; /* uri NULL: no prefix */
  xmlChar *text;
};

/* False, with an error, when the prefix is not bound. `text` is to be freed. */
static bool pop_name(xmlXPathParserContextPtr ctxt, struct name *name) {
  struct evaluation *evaluation = evaluation_of(ctxt);
  const struct schema *schema = evaluation->run->schema;
  *name = (struct name){.text = xmlXPathPopString(ctxt)};
  if (name->text == NULL) return false;
  char *colon = strchr((char *)name->text, ':');
  name->local = colon == NULL ? (char *)name->text : colon + 1;
  if (colon == NULL) return true;
  *colon = '\0';
  for (size_t i = 0; i < schema->namespace_count; i++)
    if (text_equal((const char *)schema->namespaces[i]->prefix, (char *)name->text))
      name->uri = (const char *)schema->namespaces[i]->href;
  if (name->uri == NULL)
    evaluation_error(evaluation, "the prefix '%s' is not bound by an ns element",
                     (char *)name->text);
  return name->uri != NULL;
}

void call_function_available(xmlXPathParserContextPtr ctxt, int nargs) {
  CHECK_ARITY(1);
  struct name name;
  bool is = pop_name(ctxt, &name);
  const struct schema *schema = evaluation_of(ctxt)->run->schema;
  is = is && functions_find(schema->functions, name.local, name.uri) != NULL &&
       functions_refuse(name.local, name.uri, 1) == NULL && !text_equal(name.local, "date-time");
  xmlFree(name.text);
  valuePush(ctxt, xmlXPathNewBoolean(is));
}

/* The instructions that mean something somewhere in a schema. */
void call_element_available(xmlXPathParserContextPtr ctxt, int nargs) {
  CHECK_ARITY(1);
  struct name name;
  bool is = pop_name(ctxt, &name) && text_equal(name.uri, XSLT_NAMESPACE) &&
            (text_equal(name.local, "value-of") || text_equal(name.local, "copy-of") ||
             text_equal(name.local, "key"));
  xmlFree(name.text);
  valuePush(ctxt, xmlXPathNewBoolean(is));
}

void call_system_property(xmlXPathParserContextPtr ctxt, int nargs) {
  CHECK_ARITY(1);
  struct name name;
  bool is = pop_name(ctxt, &name) && text_equal(name.uri, XSLT_NAMESPACE);
  bool version = is && text_equal(name.local, "version");
  bool vendor = is && text_equal(name.local, "vendor");
  xmlFree(name.text);
  valuePush(ctxt, version ? xmlXPathNewFloat(1) : xmlXPathNewCString(vendor ? "siteglass" : ""));
}

void call_unparsed_entity_uri(xmlXPathParserContextPtr ctxt, int nargs) {
  CHECK_ARITY(1);
  xmlChar *name = xmlXPathPopString(ctxt);
  const xmlEntity *entity = name == NULL ? NULL : xmlGetDocEntity(ctxt->context->doc, name);
  bool unparsed = entity != NULL && entity->etype == XML_EXTERNAL_GENERAL_UNPARSED_ENTITY &&
                  entity->URI != NULL;
  valuePush(ctxt, unparsed ? xmlXPathNewString(entity->URI) : xmlXPathNewCString(""));
  xmlFree(name);
}
