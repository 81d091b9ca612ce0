/* What an assertion says: its message, its diagnostics, and the expressions that
 * the caller put beside them, all at the context of the assertion. */
#include "schematron/run_state.h"

#include "base/text.h"

#include <libxml/xpathInternals.h>
#include <string.h>

enum { MESSAGE_MOST = 1024 * 1024, DEPTH_MOST = 100 };

static struct focus focus_of(const struct evaluation *evaluation) {
  return (struct focus){evaluation->told != NULL ? evaluation->told : evaluation->context, 1, 1};
}

static const struct expression *expression_at(const struct evaluation *evaluation,
                                              const xmlAttr *attribute) {
  return attribute == NULL ? NULL : pointers_get(&evaluation->run->schema->by_attribute, attribute);
}

/* Its value as text. What is not known and therefore empty says so. */
static char *text_of(struct evaluation *evaluation, const struct expression *expression,
                     bool say_unknown) {
  evaluation_reset(evaluation);
  xmlXPathObjectPtr object = evaluation_object(evaluation, expression->whole, focus_of(evaluation));
  xmlChar *text = object == NULL ? NULL : xmlXPathCastToString(object);
  char *copy = alloc_text(text == NULL ? "" : (const char *)text);
  xmlFree(text);
  xmlXPathFreeObject(object);
  bool empty = copy[0] == '\0';
  if (empty && say_unknown) {
    evaluation_reset(evaluation);
    struct value value = {0};
    unknown_value(evaluation, expression, 0, focus_of(evaluation), &value);
    if (!value_known(&value) && !evaluation->failed) {
      alloc_free(copy);
      copy = alloc_text("(not known)");
    }
    value_dispose(&value);
  }
  evaluation_reset(evaluation);
  return copy;
}

static xmlNodeSet *nodes_of(struct evaluation *evaluation, const struct expression *expression) {
  evaluation_reset(evaluation);
  xmlXPathObjectPtr object = evaluation_object(evaluation, expression->whole, focus_of(evaluation));
  evaluation_reset(evaluation);
  xmlNodeSet *nodes = NULL;
  if (object != NULL && object->type == XPATH_NODESET) {
    nodes = object->nodesetval != NULL ? object->nodesetval : xmlXPathNodeSetCreate(NULL);
    object->nodesetval = NULL;
    xmlXPathNodeSetSort(nodes);
  }
  xmlXPathFreeObject(object);
  return nodes;
}

static xmlNode *first_node(struct evaluation *evaluation, const struct expression *expression) {
  xmlNodeSet *nodes = expression == NULL ? NULL : nodes_of(evaluation, expression);
  xmlNode *first = nodes == NULL || nodes->nodeNr == 0 ? NULL : nodes->nodeTab[0];
  if (first != NULL && first->type == XML_NAMESPACE_DECL) first = NULL; /* freed with the set */
  xmlXPathFreeNodeSet(nodes);
  return first;
}

/* ---- Mixed content --------------------------------------------------------- */

static bool is_own(const struct evaluation *evaluation, const xmlNode *element) {
  const char *own = evaluation->run->schema->options.own_namespace;
  return own != NULL && element->ns != NULL && text_equal((const char *)element->ns->href, own);
}

static void add_name(struct buffer *out, const xmlNode *node) {
  bool named = node != NULL && (node->type == XML_ELEMENT_NODE ||
                                node->type == XML_ATTRIBUTE_NODE || node->type == XML_PI_NODE);
  if (!named) return; /* as XPath's name() has it: texts, comments and the root have none */
  bool prefixed = (node->type == XML_ELEMENT_NODE || node->type == XML_ATTRIBUTE_NODE) &&
                  node->ns != NULL && node->ns->prefix != NULL;
  if (prefixed) buffer_add_format(out, "%s:", (const char *)node->ns->prefix);
  buffer_add_text(out, (const char *)node->name);
}

/* The name of the context node, or what the path gives (annex C, clause 4): that is
 * text; of an element, as everybody means it, its name. */
static void render_name(struct evaluation *evaluation, const xmlNode *element, struct buffer *out) {
  const struct expression *path = expression_at(evaluation, schema_find_attribute(element, "path"));
  if (path == NULL) {
    add_name(out, focus_of(evaluation).node);
    return;
  }
  const xmlNode *first = first_node(evaluation, path);
  bool named = first != NULL && first->type != XML_ATTRIBUTE_NODE && first->type != XML_TEXT_NODE &&
               first->type != XML_COMMENT_NODE;
  if (named || (first == NULL && path->parts[0].type == TYPE_NODES)) {
    add_name(out, first);
    return;
  }
  char *text = text_of(evaluation, path, true);
  buffer_add_text(out, text);
  alloc_free(text);
}

static void render_value(struct evaluation *evaluation, const xmlNode *element,
                         struct buffer *out) {
  const struct expression *select =
      expression_at(evaluation, schema_find_attribute(element, "select"));
  if (select == NULL) return;
  char *text = text_of(evaluation, select, true);
  buffer_add_text(out, text);
  alloc_free(text);
}

static bool is_xslt(const xmlNode *node, const char *name) {
  return node->type == XML_ELEMENT_NODE && node->ns != NULL &&
         text_equal((const char *)node->ns->href, XSLT_NAMESPACE) &&
         text_equal((const char *)node->name, name);
}

/* As text: the text of each node. */
static void render_copies(struct evaluation *evaluation, const xmlNode *element,
                          struct buffer *out) {
  const struct expression *select =
      expression_at(evaluation, schema_find_attribute(element, "select"));
  xmlNodeSet *nodes = select == NULL ? NULL : nodes_of(evaluation, select);
  if (nodes == NULL) {
    render_value(evaluation, element, out);
    return;
  }
  for (int i = 0; i < nodes->nodeNr; i++) {
    xmlChar *text = xmlXPathCastNodeToString(nodes->nodeTab[i]);
    buffer_add_text(out, (const char *)text);
    xmlFree(text);
  }
  xmlXPathFreeNodeSet(nodes);
}

/* The caller's own elements inside are rendered by themselves, when asked for. */
static void render(struct evaluation *evaluation, const xmlNode *parent, struct buffer *out,
                   unsigned depth) {
  for (const xmlNode *each = parent->children; each != NULL && depth < DEPTH_MOST;
       each = each->next) {
    bool text = each->type == XML_TEXT_NODE || each->type == XML_CDATA_SECTION_NODE;
    if (text)
      buffer_add_text(out, each->content == NULL ? "" : (const char *)each->content);
    else if (schema_is(each, "value-of") || is_xslt(each, "value-of"))
      render_value(evaluation, each, out);
    else if (is_xslt(each, "copy-of"))
      render_copies(evaluation, each, out);
    else if (schema_is(each, "name"))
      render_name(evaluation, each, out);
    else if (each->type == XML_ELEMENT_NODE && !is_own(evaluation, each))
      render(evaluation, each, out, depth + 1);
  }
}

static char *folded(const char *text) {
  struct buffer out = buffer_make(MESSAGE_MOST);
  for (bool blank = false; *text != '\0'; text++) {
    if (strchr(" \t\r\n", *text) != NULL) {
      blank = out.size > 0;
      continue;
    }
    if (blank) buffer_add_char(&out, ' ');
    blank = false;
    buffer_add_char(&out, *text);
  }
  return buffer_take(&out);
}

char *evaluation_render(struct evaluation *evaluation, const xmlNode *element, bool keep_space) {
  struct buffer out = buffer_make(MESSAGE_MOST);
  render(evaluation, element, &out, 0);
  char *text = buffer_take(&out);
  if (keep_space) return text;
  char *short_text = folded(text);
  alloc_free(text);
  return short_text;
}

char *evaluation_message(struct evaluation *evaluation) {
  if (evaluation->assertion == NULL) return alloc_text("");
  return evaluation_render(evaluation, evaluation->assertion->shown->element, false);
}

/* ---- Expressions beside it ------------------------------------------------- */

static const struct expression *own_expression(const struct evaluation *evaluation,
                                               const xmlNode *element, const char *name) {
  const char *own = evaluation->run->schema->options.own_namespace;
  for (const xmlAttr *each = element->properties; each != NULL; each = each->next)
    if (own != NULL && each->ns != NULL && text_equal((const char *)each->ns->href, own) &&
        text_equal((const char *)each->name, name))
      return expression_at(evaluation, each);
  return expression_at(evaluation, schema_find_attribute(element, name));
}

char *evaluation_string(struct evaluation *evaluation, const xmlNode *element,
                        const char *own_attribute) {
  const struct expression *expression = own_expression(evaluation, element, own_attribute);
  return expression == NULL ? NULL : text_of(evaluation, expression, false);
}

char *evaluation_word(struct evaluation *evaluation, const xmlNode *element,
                      const char *attribute) {
  char *word = evaluation_string(evaluation, element, attribute);
  return word != NULL ? word : schema_value(element, attribute);
}

xmlNodeSet *evaluation_nodes(struct evaluation *evaluation, const xmlNode *element,
                             const char *attribute) {
  const struct expression *expression = own_expression(evaluation, element, attribute);
  return expression == NULL ? NULL : nodes_of(evaluation, expression);
}

xmlNode *evaluation_place(struct evaluation *evaluation) {
  return focus_of(evaluation).node;
}

xmlNode *evaluation_subject(struct evaluation *evaluation) {
  if (evaluation->told != NULL) return evaluation->told;
  xmlNode *node = NULL;
  if (evaluation->assertion != NULL) node = first_node(evaluation, evaluation->assertion->subject);
  if (node == NULL && evaluation->rule != NULL)
    node = first_node(evaluation, evaluation->rule->subject);
  return node != NULL ? node : evaluation->context;
}
