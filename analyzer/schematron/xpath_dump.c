/* Writes a syntax tree as an unabbreviated expression. The recursion is as deep
 * as the tree is high, which the parser limits. */
#include "schematron/xpath.h"

#include "base/buffer.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A source of 64 KiB made of "//" grows to about 900 KiB. */
enum { DUMP_MOST = 8 * 1024 * 1024 };

static void dump(struct buffer *out, const struct xpath_node *node);

static const char *operator_word(enum xpath_kind kind) {
  static const char *const words[] = {
      [EXPR_OR] = "or",        [EXPR_AND] = "and",          [EXPR_EQUAL] = "=",
      [EXPR_NOT_EQUAL] = "!=", [EXPR_LESS] = "<",           [EXPR_LESS_EQUAL] = "<=",
      [EXPR_GREATER] = ">",    [EXPR_GREATER_EQUAL] = ">=", [EXPR_ADD] = "+",
      [EXPR_SUBTRACT] = "-",   [EXPR_MULTIPLY] = "*",       [EXPR_DIVIDE] = "div",
      [EXPR_MODULO] = "mod",   [EXPR_UNION] = "|",
  };
  return words[kind];
}

static void dump_name(struct buffer *out, const struct xpath_node *node) {
  if (node->prefix != NULL) buffer_add_format(out, "%s:", node->prefix);
  buffer_add_text(out, node->name != NULL ? node->name : "*");
}

/* A literal never holds both kinds of quotes: XPath 1.0 cannot write that. */
static void dump_literal(struct buffer *out, const char *text) {
  char quote = strchr(text, '\'') != NULL ? '"' : '\'';
  buffer_add_char(out, quote);
  buffer_add_text(out, text);
  buffer_add_char(out, quote);
}

/* XPath has no exponents and no word for infinity. */
static void dump_number(struct buffer *out, double number) {
  char text[400];
  snprintf(text, sizeof text, "%.15g", number);
  if (isinf(number))
    snprintf(text, sizeof text, "(1 div 0)");
  else if (strchr(text, 'e') != NULL)
    snprintf(text, sizeof text, fabs(number) < 1 ? "%.40f" : "%.0f", number);
  buffer_add_text(out, text);
}

static void dump_test(struct buffer *out, const struct xpath_node *step) {
  switch (step->test) {
  case TEST_NAME:
  case TEST_ANY:
    dump_name(out, step);
    return;
  case TEST_NODE:
    buffer_add_text(out, "node()");
    return;
  case TEST_TEXT:
    buffer_add_text(out, "text()");
    return;
  case TEST_COMMENT:
    buffer_add_text(out, "comment()");
    return;
  case TEST_INSTRUCTION:
    buffer_add_text(out, "processing-instruction(");
    if (step->name != NULL) dump_literal(out, step->name);
    buffer_add_char(out, ')');
    return;
  }
}

static void dump_predicates(struct buffer *out, const struct xpath_node *node) {
  for (const struct xpath_node *each = node->predicates; each != NULL; each = each->next) {
    buffer_add_char(out, '[');
    dump(out, each);
    buffer_add_char(out, ']');
  }
}

static void dump_step(struct buffer *out, const struct xpath_node *step) {
  buffer_add_format(out, "%s::", xpath_axis_name(step->axis));
  dump_test(out, step);
  dump_predicates(out, step);
}

/* Where a path would run on into what follows, and a filter into the next. */
static void dump_primary(struct buffer *out, const struct xpath_node *node, bool filtered) {
  bool parentheses = node->kind == EXPR_PATH || (filtered && node->kind == EXPR_FILTER);
  if (parentheses) buffer_add_char(out, '(');
  dump(out, node);
  if (parentheses) buffer_add_char(out, ')');
}

static void dump_path(struct buffer *out, const struct xpath_node *path) {
  if (path->absolute) buffer_add_char(out, '/');
  for (const struct xpath_node *each = path->first; each != NULL; each = each->next) {
    if (each != path->first) buffer_add_char(out, '/');
    if (each->kind == EXPR_STEP)
      dump_step(out, each);
    else
      dump_primary(out, each, false);
  }
}

static void dump_call(struct buffer *out, const struct xpath_node *call) {
  dump_name(out, call);
  buffer_add_char(out, '(');
  for (const struct xpath_node *each = call->first; each != NULL; each = each->next) {
    if (each != call->first) buffer_add_text(out, ", ");
    dump(out, each);
  }
  buffer_add_char(out, ')');
}

static void dump_binary(struct buffer *out, const struct xpath_node *node) {
  buffer_add_char(out, '(');
  dump(out, node->first);
  buffer_add_format(out, " %s ", operator_word(node->kind));
  dump(out, node->first->next);
  buffer_add_char(out, ')');
}

static void dump_negate(struct buffer *out, const struct xpath_node *node) {
  buffer_add_text(out, "(-");
  dump(out, node->first);
  buffer_add_char(out, ')');
}

static void dump(struct buffer *out, const struct xpath_node *node) {
  switch (node->kind) {
  case EXPR_NEGATE:
    dump_negate(out, node);
    return;
  case EXPR_PATH:
    dump_path(out, node);
    return;
  case EXPR_STEP:
    dump_step(out, node);
    return;
  case EXPR_FILTER:
    dump_primary(out, node->first, true);
    dump_predicates(out, node);
    return;
  case EXPR_CALL:
    dump_call(out, node);
    return;
  case EXPR_VARIABLE:
    buffer_add_char(out, '$');
    dump_name(out, node);
    return;
  case EXPR_LITERAL:
    dump_literal(out, node->name);
    return;
  case EXPR_NUMBER:
    dump_number(out, node->number);
    return;
  default:
    dump_binary(out, node);
    return;
  }
}

char *xpath_dump(const struct xpath_node *node) {
  struct buffer out = buffer_make(DUMP_MOST);
  dump(&out, node);
  return buffer_take(&out);
}
