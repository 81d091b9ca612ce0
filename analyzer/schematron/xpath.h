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
   * that is not a STEP: a call, a variable, an expression in parentheses, or a
   * FILTER), then STEPs. "/" alone is absolute without children. "//" is an
   * explicit step descendant-or-self::node() whose start == end. An expression
   * without steps is never wrapped in a PATH: "$x" is a VARIABLE, "(a)" is the
   * path a. */
  EXPR_PATH,
  EXPR_STEP,     /* axis, test, prefix, name, predicates */
  EXPR_FILTER,   /* one child: the primary; predicates. Only where there are predicates */
  EXPR_CALL,     /* prefix, name; children are the arguments */
  EXPR_VARIABLE, /* prefix, name */
  EXPR_LITERAL,  /* name holds the text without quotes */
  EXPR_NUMBER,   /* number */
};

enum xpath_axis {
  AXIS_CHILD,
  AXIS_ATTRIBUTE,
  AXIS_SELF,
  AXIS_PARENT,
  AXIS_ANCESTOR,
  AXIS_ANCESTOR_OR_SELF,
  AXIS_DESCENDANT,
  AXIS_DESCENDANT_OR_SELF,
  AXIS_FOLLOWING,
  AXIS_FOLLOWING_SIBLING,
  AXIS_PRECEDING,
  AXIS_PRECEDING_SIBLING,
  AXIS_NAMESPACE,
};

enum xpath_test {
  TEST_NAME,        /* prefix (or NULL) and name */
  TEST_ANY,         /* *, or prefix:* when prefix is set */
  TEST_NODE,        /* node() */
  TEST_TEXT,        /* text() */
  TEST_COMMENT,     /* comment() */
  TEST_INSTRUCTION, /* processing-instruction(), its literal in name or NULL */
};

/* Spans: source[start, end) of every node but a "//" step is an expression by
 * itself that means the same. Parentheses around an expression belong to no
 * node; they are inside the span of the operator, filter or path that holds
 * them. Of a path, source[path->start, step->end) is the path up to that step;
 * up to a "//" step it must be completed with "." ("a//" + "."). Up to a primary
 * the path is the primary's own span. */
struct xpath_node {
  enum xpath_kind kind;
  size_t start, end;               /* byte offsets in the source: [start, end) */
  struct xpath_node *first, *next; /* children in order */
  struct xpath_node *predicates;   /* linked by next */
  bool absolute;
  bool from_root_descendant; /* a path that began with "//" */
  enum xpath_axis axis;
  enum xpath_test test;
  char *prefix, *name;
  double number; /* of a call of document(): the file of the schema it stands in */
  unsigned height; /* 1 + the greatest height among children and predicates */
};

struct xpath_error {
  char message[160]; /* for a person; printable */
  size_t offset;     /* where in the source */
};

/* Limits: what recurses over a tree may rely on XPATH_HEIGHT_MOST. A chain of
 * n operators ("a or b or c") is n levels deep. */
enum { XPATH_SOURCE_MOST = 64 * 1024, XPATH_HEIGHT_MOST = 512 };

/* NULL on a syntax error, with `error` filled. The source is UTF-8. */
struct xpath_node *xpath_parse(const char *source, struct xpath_error *error) MUST_USE;

/* An XSLT 1.0 pattern (a rule context): a union of location path patterns on
 * the child and attribute axes and "//", key('n','v') or id('v') at the front,
 * and also "/", "@*", "text()", "comment()", "processing-instruction()". In the
 * tree, "//" between steps is the explicit step as above. As Schematron allows,
 * predicates may use variables. */
struct xpath_node *xpath_parse_pattern(const char *source, struct xpath_error *error) MUST_USE;
void xpath_free(struct xpath_node *node);

/* The tree in one line, fully parenthesised and unabbreviated, for tests and
 * --explain. It is an expression again, with the same dump. */
char *xpath_dump(const struct xpath_node *node) MUST_USE;
const char *xpath_axis_name(enum xpath_axis axis); /* "child", "descendant-or-self", ... */

#endif
