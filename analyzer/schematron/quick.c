/* The commonest tests, straight from the syntax tree. */
#include "schematron/quick.h"

#include "schematron/functions.h"

#include <libxml/xpath.h>
#include <math.h>
#include <string.h>

enum { STEPS_MOST = 8 };

/* ---- What it can ----------------------------------------------------------- */

static bool is_self(const struct xpath_node *step) {
  return step->kind == EXPR_STEP && step->axis == AXIS_SELF && step->test == TEST_NODE &&
         step->predicates == NULL;
}

static bool is_named_step(const struct xpath_node *step) {
  return step->kind == EXPR_STEP && step->test == TEST_NAME && step->prefix == NULL &&
         step->predicates == NULL && (step->axis == AXIS_CHILD || step->axis == AXIS_ATTRIBUTE);
}

static bool is_path(const struct xpath_node *node) {
  if (node->kind != EXPR_PATH || node->absolute || node->first == NULL) return false;
  if (is_self(node->first) && node->first->next == NULL) return true;
  size_t count = 0;
  for (const struct xpath_node *each = node->first; each != NULL; each = each->next)
    if (!is_named_step(each) || ++count > STEPS_MOST) return false;
  return true;
}

static bool is_call(const struct xpath_node *node, const char *name, size_t arguments) {
  if (node->kind != EXPR_CALL || node->prefix != NULL || strcmp(node->name, name) != 0)
    return false;
  size_t count = 0;
  for (const struct xpath_node *each = node->first; each != NULL; each = each->next)
    count++;
  return count == arguments;
}

static bool is_text(const struct xpath_node *node) {
  return node->kind == EXPR_LITERAL || is_path(node) ||
         (is_call(node, "string", 1) && is_path(node->first));
}

/* Fractions are read by libxml2 in a way of its own. */
static bool is_number(const struct xpath_node *node) {
  if (node->kind == EXPR_NUMBER) return node->number < 1e15 && node->number == floor(node->number);
  if (is_call(node, "number", 1) || is_call(node, "count", 1)) return is_path(node->first);
  return is_call(node, "string-length", 1) && is_text(node->first);
}

static bool can_compare(const struct xpath_node *node) {
  const struct xpath_node *left = node->first, *right = left->next;
  bool equality = node->kind == EXPR_EQUAL || node->kind == EXPR_NOT_EQUAL;
  if (equality && is_path(left) && right->kind == EXPR_LITERAL) return true;
  return (is_number(left) || is_path(left)) && is_number(right);
}

bool quick_can(const struct xpath_node *node) {
  switch (node->kind) {
  case EXPR_OR:
  case EXPR_AND:
    return quick_can(node->first) && quick_can(node->first->next);
  case EXPR_EQUAL:
  case EXPR_NOT_EQUAL:
  case EXPR_LESS:
  case EXPR_LESS_EQUAL:
  case EXPR_GREATER:
  case EXPR_GREATER_EQUAL:
    return can_compare(node);
  case EXPR_CALL:
    if (is_call(node, "not", 1) || is_call(node, "boolean", 1)) return quick_can(node->first);
    if (is_call(node, "starts-with", 2) || is_call(node, "contains", 2))
      return is_text(node->first) && is_text(node->first->next);
    return is_call(node, "true", 0) || is_call(node, "false", 0);
  default:
    return is_path(node);
  }
}

/* ---- The nodes of a path --------------------------------------------------- */

/* What is done with each node, in document order; true ends the walk. */
struct visitor {
  bool (*visit)(struct visitor *visitor, const xmlNode *node);
  const struct xpath_node *comparison;
  const char *text;
  double number;
  size_t count;
  const xmlNode *first;
  bool cannot, not_number;
};

static bool walk(const struct xpath_node *step, const xmlNode *node, struct visitor *visitor);

static bool is_of_no_namespace(const xmlNode *node) {
  bool attribute = node->type == XML_ATTRIBUTE_NODE; /* as libxml2 has it */
  return node->ns == NULL || (attribute && node->ns->prefix == NULL);
}

static bool reach(const struct xpath_node *step, const xmlNode *node, struct visitor *visitor) {
  if (strcmp((const char *)node->name, step->name) != 0 || !is_of_no_namespace(node)) return false;
  return step->next == NULL ? visitor->visit(visitor, node) : walk(step->next, node, visitor);
}

static bool walk(const struct xpath_node *step, const xmlNode *node, struct visitor *visitor) {
  if (step->axis == AXIS_SELF) return visitor->visit(visitor, node);
  bool element = node->type == XML_ELEMENT_NODE;
  if (step->axis == AXIS_ATTRIBUTE) {
    for (const xmlAttr *each = element ? node->properties : NULL; each != NULL; each = each->next)
      if (reach(step, (const xmlNode *)each, visitor)) return true;
    return false;
  }
  bool parent = element || node->type == XML_DOCUMENT_NODE;
  for (const xmlNode *each = parent ? node->children : NULL; each != NULL; each = each->next)
    if (each->type == XML_ELEMENT_NODE && reach(step, each, visitor)) return true;
  return false;
}

static bool note_first(struct visitor *visitor, const xmlNode *node) {
  visitor->first = node;
  return true;
}

static const xmlNode *first_of(const struct xpath_node *path, const xmlNode *context) {
  struct visitor visitor = {.visit = note_first};
  walk(path->first, context, &visitor);
  return visitor.first;
}

static bool count_one(struct visitor *visitor, const xmlNode *node) {
  (void)node;
  visitor->count++;
  return false;
}

/* ---- Texts and numbers ----------------------------------------------------- */

/* The string value where it stands in one piece; else NULL. */
static const char *text_of_node(const xmlNode *node) {
  if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
    return node->content == NULL ? "" : (const char *)node->content;
  if (node->type != XML_ELEMENT_NODE && node->type != XML_ATTRIBUTE_NODE) return NULL;
  const xmlNode *only = node->children;
  if (only == NULL) return "";
  bool text = only->type == XML_TEXT_NODE || only->type == XML_CDATA_SECTION_NODE;
  if (!text || only->next != NULL) return NULL;
  return only->content == NULL ? "" : (const char *)only->content;
}

static const char *text_of(const struct xpath_node *node, const xmlNode *context) {
  if (node->kind == EXPR_LITERAL) return node->name;
  const xmlNode *first = first_of(node->kind == EXPR_CALL ? node->first : node, context);
  return first == NULL ? "" : text_of_node(first);
}

/* False when it cannot be told. */
static bool number_of(const struct xpath_node *node, const xmlNode *context, double *number) {
  if (node->kind == EXPR_NUMBER) {
    *number = node->number;
    return true;
  }
  if (node->name[0] == 'c') {
    struct visitor visitor = {.visit = count_one};
    walk(node->first->first, context, &visitor);
    *number = (double)visitor.count;
    return true;
  }
  const char *text = text_of(node->first, context);
  if (text == NULL) return false;
  *number =
      node->name[0] == 'n' ? number_of_text(text) : (double)xmlUTF8Strlen((const xmlChar *)text);
  return true;
}

/* ---- Comparisons ----------------------------------------------------------- */

static bool numbers_hold(enum xpath_kind relation, double left, double right) {
  switch (relation) {
  case EXPR_EQUAL:
    return left == right;
  case EXPR_NOT_EQUAL:
    return left != right;
  case EXPR_LESS:
    return left < right;
  case EXPR_LESS_EQUAL:
    return left <= right;
  case EXPR_GREATER:
    return left > right;
  default:
    return left >= right;
  }
}

static bool compare_text(struct visitor *visitor, const xmlNode *node) {
  const char *text = text_of_node(node);
  if (text == NULL) return visitor->cannot = true;
  return (strcmp(text, visitor->text) == 0) == (visitor->comparison->kind == EXPR_EQUAL);
}

static bool compare_number(struct visitor *visitor, const xmlNode *node) {
  const char *text = text_of_node(node);
  if (text == NULL) return visitor->cannot = true;
  double number = number_of_text(text);
  if (isnan(number)) visitor->not_number = true;
  return numbers_hold(visitor->comparison->kind, number, visitor->number);
}

/* Equality may meet not-a-number; a relation that does not hold for it decides nothing. */
static enum quick_answer answer_of(const struct xpath_node *node, bool holds, bool not_number) {
  bool equality = node->kind == EXPR_EQUAL || node->kind == EXPR_NOT_EQUAL;
  if (!holds && not_number && !equality) return QUICK_CANNOT;
  return holds ? QUICK_YES : QUICK_NO;
}

static enum quick_answer compare(const struct xpath_node *node, const xmlNode *context) {
  const struct xpath_node *left = node->first, *right = left->next;
  struct visitor visitor = {.comparison = node};
  if (right->kind == EXPR_LITERAL) {
    visitor.visit = compare_text;
    visitor.text = right->name;
  } else if (!number_of(right, context, &visitor.number)) {
    return QUICK_CANNOT;
  } else if (is_number(left)) {
    double number;
    if (!number_of(left, context, &number)) return QUICK_CANNOT;
    return answer_of(node, numbers_hold(node->kind, number, visitor.number),
                     isnan(number) || isnan(visitor.number));
  } else {
    visitor.visit = compare_number;
    visitor.not_number = isnan(visitor.number);
  }
  bool holds = walk(left->first, context, &visitor);
  return visitor.cannot ? QUICK_CANNOT : answer_of(node, holds, visitor.not_number);
}

static enum quick_answer search(const struct xpath_node *call, const xmlNode *context) {
  const char *text = text_of(call->first, context), *part = text_of(call->first->next, context);
  if (text == NULL || part == NULL) return QUICK_CANNOT;
  bool found =
      call->name[0] == 's' ? strncmp(text, part, strlen(part)) == 0 : strstr(text, part) != NULL;
  return found ? QUICK_YES : QUICK_NO;
}

/* ---- Truth ----------------------------------------------------------------- */

static enum quick_answer negated(enum quick_answer answer) {
  if (answer == QUICK_CANNOT) return answer;
  return answer == QUICK_YES ? QUICK_NO : QUICK_YES;
}

static enum quick_answer call(const struct xpath_node *node, xmlNode *context) {
  switch (node->name[0]) {
  case 'n':
    return negated(quick_truth(node->first, context));
  case 'b':
    return quick_truth(node->first, context);
  case 't':
    return QUICK_YES;
  case 'f':
    return QUICK_NO;
  default:
    return search(node, context);
  }
}

enum quick_answer quick_truth(const struct xpath_node *node, xmlNode *context) {
  enum quick_answer answer;
  switch (node->kind) {
  case EXPR_OR:
    answer = quick_truth(node->first, context);
    return answer == QUICK_NO ? quick_truth(node->first->next, context) : answer;
  case EXPR_AND:
    answer = quick_truth(node->first, context);
    return answer == QUICK_YES ? quick_truth(node->first->next, context) : answer;
  case EXPR_CALL:
    return call(node, context);
  case EXPR_PATH:
    return first_of(node, context) != NULL ? QUICK_YES : QUICK_NO;
  default:
    return compare(node, context);
  }
}
