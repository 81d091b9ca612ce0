/* The edits of a case: from the stock server to the one that a rule judges. */
#include "base/buffer.h"
#include "base/text.h"
#include "evidence/node.h"
#include "rulebook/cases.h"

#include <libxml/xpathInternals.h>
#include <stdio.h>
#include <string.h>

/* The five attributes that edits have; "" when absent. */
struct edit {
  const char *kind;
  char *at, *name, *value, *of, *under, *reason, *needs;
  bool has_value;
};

static char *value_of(const xmlNode *element, const char *name) {
  xmlChar *value = xmlGetNoNsProp(element, (const xmlChar *)name);
  char *copy = alloc_text(value ? (const char *)value : "");
  xmlFree(value);
  return copy;
}

static struct edit read_edit(const xmlNode *element) {
  return (struct edit){.kind = (const char *)element->name,
                       .at = value_of(element, "at"),
                       .name = value_of(element, "name"),
                       .value = value_of(element, "value"),
                       .of = value_of(element, "of"),
                       .under = value_of(element, "under"),
                       .reason = value_of(element, "reason"),
                       .needs = value_of(element, "needs"),
                       .has_value = xmlHasProp(element, (const xmlChar *)"value") != NULL};
}

static void edit_dispose(struct edit *edit) {
  alloc_free(edit->at);
  alloc_free(edit->name);
  alloc_free(edit->value);
  alloc_free(edit->of);
  alloc_free(edit->under);
  alloc_free(edit->reason);
  alloc_free(edit->needs);
}

/* ---- In words ---- */

static void add_elements(struct buffer *out, const xmlNode *element) {
  xmlBuffer *dump = xmlBufferCreate();
  for (xmlNode *n = element->children; n; n = n->next)
    if (n->type == XML_ELEMENT_NODE) xmlNodeDump(dump, n->doc, n, 0, 0);
  buffer_add(out, xmlBufferContent(dump), (size_t)xmlBufferLength(dump));
  xmlBufferFree(dump);
}

char *case_edit_words(const xmlNode *element) {
  if (element->type != XML_ELEMENT_NODE) return NULL;
  struct edit edit = read_edit(element);
  struct buffer out = buffer_make(1 << 16);
  buffer_add_format(&out, "%s: ", edit.at);
  if (text_equal(edit.kind, "set")) {
    buffer_add_format(&out, "%s=\"%s\"", edit.name, edit.value);
  } else if (text_equal(edit.kind, "unset")) {
    buffer_add_format(&out, "without %s", edit.name);
  } else if (text_equal(edit.kind, "remove")) {
    buffer_add_text(&out, "not there");
  } else if (text_equal(edit.kind, "add")) {
    buffer_add_text(&out, "with ");
    add_elements(&out, element);
  } else {
    buffer_add_format(&out, "%s of %s is not known (%s)", edit.of, edit.under, edit.reason);
  }
  edit_dispose(&edit);
  return buffer_take(&out);
}

/* ---- In the tree ---- */

static bool fail(char error[256], const char *format, ...) PRINTF_LIKE(2, 3);

static bool fail(char error[256], const char *format, ...) {
  char message[1024];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  char *shown = text_printable(message, 250);
  snprintf(error, 256, "%s", shown);
  alloc_free(shown);
  return false;
}

static bool set_attribute(xmlNode *node, const struct edit *edit, char error[256]) {
  if (xmlValidateNCName((const xmlChar *)edit->name, 0) != 0 || !edit->has_value)
    return fail(error, "set at %s needs a name and a value", edit->at);
  xmlSetProp(node, (const xmlChar *)edit->name, (const xmlChar *)edit->value);
  return true;
}

static bool unset_attribute(xmlNode *node, const struct edit *edit, char error[256]) {
  if (xmlUnsetProp(node, (const xmlChar *)edit->name) == 0) return true;
  return fail(error, "there is no attribute %s to unset", edit->name);
}

static bool add_children(xmlNode *node, const xmlNode *element) {
  for (const xmlNode *n = element->children; n; n = n->next)
    if (n->type == XML_ELEMENT_NODE) xmlAddChild(node, xmlDocCopyNode((xmlNode *)n, node->doc, 1));
  return true;
}

static bool add_mark(xmlNode *node, const struct edit *edit, char error[256]) {
  enum unknown_reason reason = UNKNOWN_NOT_IN_BUNDLE;
  while (reason < UNKNOWN_LIMIT && !text_equal(unknown_reason_word(reason), edit->reason))
    reason = (enum unknown_reason)(reason + 1);
  if (!text_equal(unknown_reason_word(reason), edit->reason))
    return fail(error, "'%s' is no reason of a mark", edit->reason);
  if (!*edit->of || !*edit->under) return fail(error, "mark at %s needs of and under", edit->at);
  xmlNode *mark =
      node_mark(node, edit->of, edit->under, reason, edit->needs, NULL, (struct origin){0, 0, 0});
  /* The schema wants marks first where order counts. */
  if (node->children != mark) xmlAddPrevSibling(node->children, mark);
  return true;
}

static bool remove_node(xmlNode **node, const struct edit *edit, char error[256]) {
  if ((*node)->type == XML_DOCUMENT_NODE || !(*node)->parent ||
      (*node)->parent->type == XML_DOCUMENT_NODE)
    return fail(error, "%s would remove the whole document", edit->at);
  xmlUnlinkNode(*node);
  xmlFreeNode(*node);
  *node = NULL;
  return true;
}

static bool edit_node(xmlNode **node, const xmlNode *element, const struct edit *edit,
                      char error[256]) {
  if (text_equal(edit->kind, "remove")) return remove_node(node, edit, error);
  if ((*node)->type != XML_ELEMENT_NODE) return fail(error, "%s is no element", edit->at);
  if (text_equal(edit->kind, "set")) return set_attribute(*node, edit, error);
  if (text_equal(edit->kind, "unset")) return unset_attribute(*node, edit, error);
  if (text_equal(edit->kind, "add")) return add_children(*node, element);
  return add_mark(*node, edit, error);
}

/* Last node first: what is removed takes with it only nodes that were dealt with. */
static bool apply(xmlDoc *document, const xmlNode *element, char error[256]) {
  struct edit edit = read_edit(element);
  xmlXPathContext *context = xmlXPathNewContext(document);
  xmlXPathObject *found = xmlXPathEval((const xmlChar *)edit.at, context);
  xmlXPathFreeContext(context);
  bool good =
      found && found->type == XPATH_NODESET && found->nodesetval && found->nodesetval->nodeNr > 0;
  if (!good) fail(error, "there is nothing at %s to edit", edit.at);
  if (good) xmlXPathNodeSetSort(found->nodesetval);
  for (int i = good ? found->nodesetval->nodeNr : 0; good && i-- > 0;)
    good = edit_node(&found->nodesetval->nodeTab[i], element, &edit, error);
  if (found && found->nodesetval) found->nodesetval->nodeNr = 0; /* some are gone */
  xmlXPathFreeObject(found);
  edit_dispose(&edit);
  return good;
}

/* Origins are not copied with a document; places are told apart by their paths anyway. */
xmlDoc *case_document(const struct rule_case *rule_case, char error[256]) {
  xmlDoc *document = xmlCopyDoc((xmlDoc *)rule_case->stock, 1);
  for (const xmlNode *edit = rule_case->element->children; edit; edit = edit->next) {
    if (edit->type != XML_ELEMENT_NODE || apply(document, edit, error)) continue;
    xmlFreeDoc(document);
    return NULL;
  }
  return document;
}
