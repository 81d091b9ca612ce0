/* What one node can say by itself: whether it passes the test of a step, and
 * the predicates that need no evaluator. */
#include "schematron/matcher_plan.h"

#include "base/buffer.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define XML_URI "http://www.w3.org/XML/1998/namespace"

/* ---- Names ----------------------------------------------------------------- */

static const char *uri_of_prefix(const char *prefix, const struct matcher_evaluator *evaluator) {
  if (text_equal(prefix, "xml")) return XML_URI;
  if (evaluator->namespace_uri == NULL) return NULL;
  return evaluator->namespace_uri(evaluator->data, prefix);
}

/* NULL and "" are both no namespace. */
static bool in_namespace(const xmlNs *ns, const char *uri) {
  const char *own = ns == NULL || ns->href == NULL ? "" : (const char *)ns->href;
  return strcmp(own, uri) == 0;
}

static bool namespace_fits(const struct xpath_node *test, const xmlNs *ns,
                           const struct matcher_evaluator *evaluator) {
  if (test->prefix == NULL) return test->test == TEST_ANY || in_namespace(ns, "");
  const char *uri = uri_of_prefix(test->prefix, evaluator);
  return uri != NULL && in_namespace(ns, uri);
}

static bool name_fits(const struct xpath_node *test, const xmlNode *node,
                      const struct matcher_evaluator *evaluator) {
  if (test->test == TEST_NAME && strcmp((const char *)node->name, test->name) != 0) return false;
  return namespace_fits(test, node->ns, evaluator);
}

static bool is_unseen(const xmlNode *node, const struct matcher_evaluator *evaluator) {
  return evaluator->unseen_namespace != NULL && node->type == XML_ELEMENT_NODE &&
         node->ns != NULL && in_namespace(node->ns, evaluator->unseen_namespace);
}

static bool child_fits(const struct xpath_node *step, const xmlNode *node,
                       const struct matcher_evaluator *evaluator) {
  if (is_unseen(node, evaluator)) return false;
  switch (step->test) {
  case TEST_NAME:
  case TEST_ANY:
    return node->type == XML_ELEMENT_NODE && name_fits(step, node, evaluator);
  case TEST_NODE:
    return node->type == XML_ELEMENT_NODE || node->type == XML_TEXT_NODE ||
           node->type == XML_CDATA_SECTION_NODE || node->type == XML_COMMENT_NODE ||
           node->type == XML_PI_NODE;
  case TEST_TEXT:
    return node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE;
  case TEST_COMMENT:
    return node->type == XML_COMMENT_NODE;
  case TEST_INSTRUCTION:
    return node->type == XML_PI_NODE &&
           (step->name == NULL || text_equal(step->name, (const char *)node->name));
  }
  return false;
}

bool step_accepts(const struct xpath_node *step, const xmlNode *node,
                  const struct matcher_evaluator *evaluator) {
  if (step->axis == AXIS_CHILD) return child_fits(step, node, evaluator);
  if (node->type != XML_ATTRIBUTE_NODE) return false;
  if (step->test == TEST_NODE) return true;
  return (step->test == TEST_NAME || step->test == TEST_ANY) && name_fits(step, node, evaluator);
}

/* ---- Attributes and children ------------------------------------------------- */

/* Not xmlHasNsProp: that one also looks into a DTD. */
const xmlAttr *native_attribute(const xmlNode *element, const char *name, const char *uri) {
  if (element->type != XML_ELEMENT_NODE) return NULL;
  for (const xmlAttr *each = element->properties; each != NULL; each = each->next)
    if (strcmp((const char *)each->name, name) == 0 && in_namespace(each->ns, uri)) return each;
  return NULL;
}

bool native_marked(const struct matcher_evaluator *evaluator, xmlNode *element, const char *of) {
  return evaluator->marked != NULL && element->type == XML_ELEMENT_NODE &&
         evaluator->marked(evaluator->data, element, of);
}

/* What is not there is a "no", unless a mark says that it may be. Marks know
 * names without a namespace only. */
static enum matcher_answer absent(const struct xpath_node *step, xmlNode *element,
                                  const struct matcher_evaluator *evaluator) {
  if (evaluator->marked == NULL || step->prefix != NULL) return MATCHER_NO;
  char of[256];
  bool attribute = step->axis == AXIS_ATTRIBUTE;
  int size = snprintf(of, sizeof of, "%s%s", attribute ? "@" : "", step->name);
  if (size < 0 || (size_t)size >= sizeof of)
    return MATCHER_UNKNOWN; /* no vocabulary has such a name; it would not be loaded */
  return native_marked(evaluator, element, of) ? MATCHER_UNKNOWN : MATCHER_NO;
}

static const xmlAttr *find_attribute(const struct xpath_node *step, const xmlNode *node,
                                     const struct matcher_evaluator *evaluator) {
  const char *uri = step->prefix == NULL ? "" : uri_of_prefix(step->prefix, evaluator);
  return uri == NULL ? NULL : native_attribute(node, step->name, uri);
}

static enum matcher_answer has_child(const struct xpath_node *step, xmlNode *node,
                                     const struct matcher_evaluator *evaluator) {
  if (node->type != XML_ELEMENT_NODE) return MATCHER_NO;
  for (const xmlNode *each = node->children; each != NULL; each = each->next)
    if (child_fits(step, each, evaluator)) return MATCHER_YES;
  return absent(step, node, evaluator);
}

static enum matcher_answer has_attribute(const struct xpath_node *step, xmlNode *node,
                                         const struct matcher_evaluator *evaluator) {
  if (find_attribute(step, node, evaluator) != NULL) return MATCHER_YES;
  return absent(step, node, evaluator);
}

/* Nearly always the value is one text node; entity references make it several. */
static bool value_equals(const xmlAttr *attribute, const char *text) {
  const xmlNode *value = attribute->children;
  if (value == NULL) return *text == '\0';
  if (value->next == NULL && value->type == XML_TEXT_NODE)
    return strcmp(value->content == NULL ? "" : (const char *)value->content, text) == 0;
  xmlChar *whole = xmlNodeGetContent((const xmlNode *)attribute);
  bool equal = whole != NULL && strcmp((const char *)whole, text) == 0;
  xmlFree(whole);
  return equal;
}

/* @a = 'x' and @a != 'x': of an attribute that is there; else neither holds. */
static enum matcher_answer compare(const struct xpath_node *node, xmlNode *element,
                                   const struct matcher_evaluator *evaluator) {
  const struct xpath_node *path = node->first, *literal = node->first->next;
  if (path->kind == EXPR_LITERAL) {
    literal = path;
    path = path->next;
  }
  const xmlAttr *attribute = find_attribute(path->first, element, evaluator);
  if (attribute == NULL) return absent(path->first, element, evaluator);
  bool equal = value_equals(attribute, literal->name);
  return equal == (node->kind == EXPR_EQUAL) ? MATCHER_YES : MATCHER_NO;
}

enum matcher_answer native_predicate(const struct xpath_node *expression, xmlNode *node,
                                     const struct matcher_evaluator *evaluator) {
  const struct xpath_node *first = expression->first;
  enum matcher_answer left;
  switch (expression->kind) {
  case EXPR_AND:
    left = native_predicate(first, node, evaluator);
    return left == MATCHER_NO ? left
                              : answer_and(left, native_predicate(first->next, node, evaluator));
  case EXPR_OR:
    left = native_predicate(first, node, evaluator);
    return left == MATCHER_YES ? left
                               : answer_or(left, native_predicate(first->next, node, evaluator));
  case EXPR_EQUAL:
  case EXPR_NOT_EQUAL:
    return compare(expression, node, evaluator);
  case EXPR_PATH:
    return first->axis == AXIS_ATTRIBUTE ? has_attribute(first, node, evaluator)
                                         : has_child(first, node, evaluator);
  default: /* not() is the only call among the native shapes */
    return answer_not(native_predicate(first, node, evaluator));
  }
}
