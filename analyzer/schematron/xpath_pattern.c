/* XSLT 1.0 patterns (XSLT 1.0, section 5.2): expressions of a restricted form,
 * so the expression parser reads them and what is not allowed is refused here. */
#include "schematron/xpath.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

static bool refuse(struct xpath_error *error, size_t offset, const char *message) {
  error->offset = offset;
  snprintf(error->message, sizeof error->message, "%s", message);
  return false;
}

static bool check_step(const struct xpath_node *step, struct xpath_error *error) {
  if (step->start == step->end) /* "//" */
    return true;
  if (step->axis == AXIS_CHILD || step->axis == AXIS_ATTRIBUTE) return true;
  char message[sizeof error->message];
  snprintf(message, sizeof message,
           "a pattern steps only to children, attributes and by '//', not along '%s'",
           xpath_axis_name(step->axis));
  return refuse(error, step->start, message);
}

static size_t literal_arguments(const struct xpath_node *call) {
  size_t count = 0;
  for (const struct xpath_node *each = call->first; each != NULL; each = each->next) {
    if (each->kind != EXPR_LITERAL) return 0;
    count++;
  }
  return count;
}

static bool is_front(const struct xpath_node *node) {
  if (node->kind != EXPR_CALL || node->prefix != NULL) return false;
  size_t arguments = literal_arguments(node);
  return (text_equal(node->name, "id") && arguments == 1) ||
         (text_equal(node->name, "key") && arguments == 2);
}

static bool check_front(const struct xpath_node *node, struct xpath_error *error) {
  if (is_front(node)) return true;
  return refuse(error, node->start,
                "a pattern is a path of names, or begins with key('name', 'value') or "
                "id('value'), both with literal texts");
}

static bool check_path(const struct xpath_node *path, struct xpath_error *error) {
  for (const struct xpath_node *each = path->first; each != NULL; each = each->next) {
    bool fine = each->kind == EXPR_STEP ? check_step(each, error) : check_front(each, error);
    if (!fine) return false;
  }
  return true;
}

/* The tree forgets parentheses, the source does not: what stands before an
 * alternative can only be "|", the beginning, or "(". */
static bool in_parentheses(const char *source, size_t start) {
  while (start > 0 && strchr(" \t\r\n", source[start - 1]) != NULL)
    start--;
  return start > 0 && source[start - 1] == '(';
}

static bool check_alternative(const char *source, const struct xpath_node *node,
                              struct xpath_error *error) {
  size_t start = node->start;
  if (source[start] == '(' || in_parentheses(source, start))
    return refuse(error, start, "parentheses are not allowed in a pattern outside predicates");
  return node->kind == EXPR_PATH ? check_path(node, error) : check_front(node, error);
}

/* Alternatives from the last to the first: a union binds from the left. */
static bool check_pattern(const char *source, const struct xpath_node *node,
                          struct xpath_error *error) {
  while (node->kind == EXPR_UNION) {
    if (!check_alternative(source, node->first->next, error)) return false;
    node = node->first;
  }
  return check_alternative(source, node, error);
}

struct xpath_node *xpath_parse_pattern(const char *source, struct xpath_error *error) {
  struct xpath_node *pattern = xpath_parse(source, error);
  if (pattern != NULL && !check_pattern(source, pattern, error)) {
    xpath_free(pattern);
    return NULL;
  }
  return pattern;
}
