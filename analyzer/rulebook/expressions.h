/* Every XPath expression of a rule, with its syntax tree: what lint judges, and
 * what tells which evidence a rule needs. */
#ifndef SITEGLASS_RULEBOOK_EXPRESSIONS_H
#define SITEGLASS_RULEBOOK_EXPRESSIONS_H

#include "schematron/engine.h"
#include "schematron/xpath.h"

enum expression_role {
  EXPRESSION_CONTEXT, /* a pattern: rule/@context, xsl:key/@match */
  EXPRESSION_TEST,    /* assert/@test, report/@test */
  EXPRESSION_LET,     /* let/@value; xsl:key/@use */
  EXPRESSION_SHOWN,   /* only for the report: subject, value-of, sg:actual, sg:evidence... */
};

struct rule_expression {
  enum expression_role role;
  const struct schema_pattern *pattern; /* NULL: of the whole schema */
  const struct schema_rule *rule;       /* NULL: of the pattern or the schema */
  const xmlNode *element;               /* the attribute's */
  const xmlAttr *attribute;
  const char *source;
  const struct xpath_node *tree;
};

/* Calls `tell` with each expression of a pattern, its diagnostics included, in the order
 * of the file. What it gets lives until `tell` returns. */
void pattern_expressions(const struct schema_pattern *pattern,
                         void (*tell)(void *data, const struct rule_expression *expression),
                         void *data);
/* The keys and lets of the whole schema. */
void schema_expressions(const struct schema *schema,
                        void (*tell)(void *data, const struct rule_expression *expression),
                        void *data);
/* The xsl:key elements of that name: the next from `key` on (NULL: the first); NULL at the end. */
const xmlNode *schema_key_element(const struct schema *schema, const char *name,
                                  const xmlNode *after);

/* Calls `see` with every node of a tree, outermost first, predicates and arguments included. */
void xpath_walk(const struct xpath_node *node,
                void (*see)(void *data, const struct xpath_node *node), void *data);

/* An attribute in no namespace; NULL. Its value is `attribute_text`, allocated. */
const xmlAttr *plain_attribute(const xmlNode *element, const char *name);
char *attribute_text(const xmlAttr *attribute) MUST_USE;
bool is_schematron(const xmlNode *node, const char *name);

#endif
