/* The syntax tree of XPath 1.0 expressions and XSLT 1.0 patterns, with the
 * position of every part. libxml2 evaluates; this tree is what unknown-tracking,
 * the context matcher, explanations, lint and carets need. */
#ifndef SITEGLASS_SCHEMATRON_XPATH_H
#define SITEGLASS_SCHEMATRON_XPATH_H

#include "base/alloc.h"

#include <stdbool.h>
#include <stddef.h>

enum xpath_kind {
  EXPR_OR, /* two children, as all binary operators */
  EXPR_AND,
  EXPR_EQUAL,
  EXPR_NOT_EQUAL,
  EXPR_LESS,
  EXPR_LESS_EQUAL,
  EXPR_GREATER,
  EXPR_GREATER_EQUAL,
  EXPR_ADD,
  EXPR_SUBTRACT,
  EXPR_MULTIPLY,
  EXPR_DIVIDE,
  EXPR_MODULO,
  EXPR_NEGATE, /* one child */
  EXPR_UNION,  /* two children */
  /* A location path. `absolute` or not; children: an optional primary (anything
   * that is not a STEP: a call, a variable, a parenthesised expression, as
   * FILTER), then STEPs. "/" alone is absolute without children. "//" is an
   * explicit step descendant-or-self::node() whose start == end. */
  EXPR_PATH,
  EXPR_STEP,     /* axis, test, prefix, name, predicates */
  EXPR_FILTER,   /* one child: the primary; predicates. Only where there are predicates */
  EXPR_CALL,     /* prefix, name; children are the arguments */
  EXPR_VARIABLE, /* prefix, name */
  EXPR_LITERAL,  /* name holds the text without quotes */
  EXPR_NUMBER,   /* number */
};

enum xpath_axis {
  AXIS_CHILD, AXIS_ATTRIBUTE, AXIS_SELF, AXIS_PARENT, AXIS_ANCESTOR, AXIS_ANCESTOR_OR_SELF,
  AXIS_DESCENDANT, AXIS_DESCENDANT_OR_SELF, AXIS_FOLLOWING, AXIS_FOLLOWING_SIBLING,
  AXIS_PRECEDING, AXIS_PRECEDING_SIBLING, AXIS_NAMESPACE,
};

enum xpath_test {
  TEST_NAME,        /* prefix (or NULL) and name */
  TEST_ANY,         /* *, or prefix:* when prefix is set */
  TEST_NODE,        /* node() */
  TEST_TEXT,        /* text() */
  TEST_COMMENT,     /* comment() */
  TEST_INSTRUCTION, /* processing-instruction(), its literal in name or NULL */
};

struct xpath_node {
  enum xpath_kind kind;
  size_t start, end; /* byte offsets in the source: [start, end) */
  struct xpath_node *first, *next; /* children in order */
  struct xpath_node *predicates;   /* linked by next */
  bool absolute;
  bool from_root_descendant; /* patterns: the path began with "//" */
  enum xpath_axis axis;
  enum xpath_test test;
  char *prefix, *name;
  double number;
};

struct xpath_error {
  char message[160];
  size_t offset; /* where in the source */
};

/* NULL on a syntax error, with `error` filled. Limits: 64 KiB of source, 512
 * levels of nesting. */
struct xpath_node *xpath_parse(const char *source, struct xpath_error *error) MUST_USE;

/* An XSLT 1.0 pattern (a rule context): a union of location path patterns on
 * the child and attribute axes and "//", key('n','v') or id('v') at the front,
 * and also "/", "@*", "text()", "comment()", "processing-instruction()". In the
 * tree, "//" between steps is the explicit step as above. As Schematron allows,
 * predicates may use variables. */
struct xpath_node *xpath_parse_pattern(const char *source, struct xpath_error *error) MUST_USE;
void xpath_free(struct xpath_node *node);

/* The tree in one line, fully parenthesised, for tests and --explain. */
char *xpath_dump(const struct xpath_node *node) MUST_USE;

#endif
