/* A compiled expression of a schema: its syntax tree laid out as numbered parts,
 * what is known of each part before any document is seen, and libxml2's form of
 * the whole. Private to the engine. */
#ifndef SITEGLASS_SCHEMATRON_EXPRESSION_H
#define SITEGLASS_SCHEMATRON_EXPRESSION_H

#include "base/buffer.h"
#include "schematron/xpath.h"

#include <libxml/tree.h>
#include <libxml/xpath.h>

struct schema;
struct scope;

enum value_type { TYPE_ANY, TYPE_BOOLEAN, TYPE_NUMBER, TYPE_STRING, TYPE_NODES };

/* What is known of the nodes at some place of an expression. */
struct node_kind {
  bool unchecked;      /* not of the document: a table, a function's result */
  bool leaf;           /* attributes, text, ...: nothing stands below */
  bool root;           /* the document node */
  const char *element; /* name of the elements; NULL: any */
};

struct part {
  const struct xpath_node *node;
  size_t first, next, predicates; /* numbers of other parts; 0: none */
  enum value_type type;
  bool positional;    /* a predicate that depends on the position, or may be a number */
  bool uses_position; /* calls position() or last() of its own focus */
  bool soft;          /* holds a variable, a key or a caller's function, which
                         can turn out unknown whatever the marks say */
  bool quick;         /* quick.h may be asked for its truth: of the whole and of predicates */
  bool reads_text;    /* takes the string value of elements (text_of; NULL: any) */
  const char *text_of;
  struct node_kind from; /* a step: where it starts */
};

struct expression {
  size_t number;     /* in the schema */
  size_t first_part; /* numbers of parts across the schema */
  char *source;
  const xmlNode *element; /* where it stands */
  const xmlAttr *attribute;
  struct xpath_node *tree;
  struct part *parts; /* parts[0] is the whole */
  size_t count;
  struct node_kind kind;     /* of its result */
  xmlXPathCompExprPtr whole; /* NULL for a pattern */
  bool pattern, checked;
};

struct part_place {
  const struct expression *expression;
  size_t part;
};

/* Where an expression stands: what it may refer to. */
struct expression_scope {
  const struct scope *scope;
  size_t visible;           /* lets of the innermost scope it may see */
  struct node_kind context; /* its context node, also current() */
  bool any_variable;        /* variables are checked elsewhere */
};

/* Parses and compiles; an error is reported and gives NULL. */
struct expression *expression_new(struct schema *schema, const xmlAttr *attribute,
                                  bool pattern) MUST_USE;
void expression_free(struct expression *expression);
/* Names, prefixes, functions, variables; fills in what is known of the parts. */
void expression_check(struct schema *schema, struct expression *expression,
                      const struct expression_scope *where);
/* Only the variables: for a diagnostic, once per rule that uses it. */
void expression_check_variables(struct schema *schema, struct expression *expression,
                                const struct expression_scope *where);

/* Writes a part for libxml2: unabbreviated; elements in the mark namespace are
 * invisible to * and node(); relational operators call the engine's own. */
enum write_form {
  WRITE_WHOLE,
  WRITE_TRUTH, /* the whole, of which nothing but its truth is asked */
  WRITE_BARE,  /* a step without its predicates */
  WRITE_DEEP,  /* a step that follows "//": on the descendant axis */
  WRITE_DEEP_BARE,
};
void expression_write(struct buffer *out, const struct schema *schema, const char *source,
                      const struct xpath_node *node, enum write_form form);
xmlXPathCompExprPtr expression_compile(const struct schema *schema, const char *source,
                                       const struct xpath_node *node, enum write_form form);

#define ENGINE_NAMESPACE "urn:siteglass:engine"
#define ENGINE_PREFIX "_engine"
#define MARK_PREFIX "_mark"

#endif
