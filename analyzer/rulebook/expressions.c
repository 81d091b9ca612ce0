/* Finding the expressions of a rule. */
#include "rulebook/expressions.h"

#include "base/text.h"
#include "rulebook/own_names.h"
#include "rulebook/private.h"

#define SCHEMATRON "http://purl.oclc.org/dsdl/schematron"
#define XSLT "http://www.w3.org/1999/XSL/Transform"

struct telling {
  void (*tell)(void *data, const struct rule_expression *expression);
  void *data;
  const struct schema_pattern *pattern;
  const struct schema_rule *rule;
};

static bool in_namespace(const xmlNode *node, const char *uri, const char *name) {
  return node && node->type == XML_ELEMENT_NODE && node->ns &&
         text_equal((const char *)node->ns->href, uri) &&
         text_equal((const char *)node->name, name);
}

bool is_schematron(const xmlNode *node, const char *name) {
  return in_namespace(node, SCHEMATRON, name);
}

const xmlAttr *plain_attribute(const xmlNode *element, const char *name) {
  for (const xmlAttr *a = element->properties; a; a = a->next)
    if (!a->ns && text_equal((const char *)a->name, name)) return a;
  return NULL;
}

char *attribute_text(const xmlAttr *attribute) {
  xmlChar *text = xmlNodeListGetString(attribute->doc, attribute->children, 1);
  char *copy = alloc_text(text ? (const char *)text : "");
  xmlFree(text);
  return copy;
}

/* A bad expression is a load error: it never comes here. */
static void tell_one(const struct telling *telling, const xmlNode *element,
                     const xmlAttr *attribute, enum expression_role role) {
  if (!attribute) return;
  char *source = attribute_text(attribute);
  struct xpath_error error;
  struct xpath_node *tree = role == EXPRESSION_CONTEXT ? xpath_parse_pattern(source, &error)
                                                       : xpath_parse(source, &error);
  struct rule_expression expression = {.role = role,
                                       .pattern = telling->pattern,
                                       .rule = telling->rule,
                                       .element = element,
                                       .attribute = attribute,
                                       .source = source,
                                       .tree = tree};
  if (tree) telling->tell(telling->data, &expression);
  xpath_free(tree);
  alloc_free(source);
}

static void tell_plain(const struct telling *telling, const xmlNode *element, const char *name,
                       enum expression_role role) {
  tell_one(telling, element, plain_attribute(element, name), role);
}

static void tell_own(const struct telling *telling, const xmlNode *element) {
  for (const xmlAttr *a = element->properties; a; a = a->next)
    if (is_own_name(a->ns)) tell_one(telling, element, a, EXPRESSION_SHOWN);
}

/* value-of, name, sg:evidence: at any depth. */
static void tell_content(const struct telling *telling, const xmlNode *element) {
  for (const xmlNode *n = element->children; n; n = n->next) {
    if (n->type != XML_ELEMENT_NODE) continue;
    if (is_schematron(n, "value-of")) tell_plain(telling, n, "select", EXPRESSION_SHOWN);
    if (is_schematron(n, "name")) tell_plain(telling, n, "path", EXPRESSION_SHOWN);
    if (is_own_name(n->ns)) tell_plain(telling, n, "select", EXPRESSION_SHOWN);
    tell_content(telling, n);
  }
}

static void tell_lets(const struct telling *telling, const xmlNode *parent) {
  for (const xmlNode *n = parent->children; n; n = n->next)
    if (is_schematron(n, "let")) tell_plain(telling, n, "value", EXPRESSION_LET);
}

static void tell_assertion(const struct telling *telling,
                           const struct schema_assertion *assertion) {
  tell_plain(telling, assertion->element, "test", EXPRESSION_TEST);
  tell_plain(telling, assertion->element, "subject", EXPRESSION_SHOWN);
  tell_own(telling, assertion->element);
  tell_content(telling, assertion->element);
  for (size_t d = 0; d < assertion->diagnostic_count; d++)
    tell_content(telling, assertion->diagnostics[d]->element);
}

void pattern_expressions(const struct schema_pattern *pattern,
                         void (*tell)(void *data, const struct rule_expression *expression),
                         void *data) {
  struct telling telling = {tell, data, pattern, NULL};
  tell_lets(&telling, pattern->element);
  for (size_t r = 0; r < pattern->rule_count; r++) {
    telling.rule = &pattern->rules[r];
    tell_plain(&telling, telling.rule->element, "context", EXPRESSION_CONTEXT);
    tell_lets(&telling, telling.rule->element);
    tell_plain(&telling, telling.rule->element, "subject", EXPRESSION_SHOWN);
    for (size_t a = 0; a < telling.rule->assertion_count; a++)
      tell_assertion(&telling, &telling.rule->assertions[a]);
  }
}

static bool is_key(const xmlNode *node) {
  return in_namespace(node, XSLT, "key");
}

void schema_expressions(const struct schema *schema,
                        void (*tell)(void *data, const struct rule_expression *expression),
                        void *data) {
  struct telling telling = {tell, data, NULL, NULL};
  const xmlNode *root = schema_root(schema);
  if (!root) return;
  tell_lets(&telling, root);
  for (const xmlNode *n = root->children; n; n = n->next) {
    if (!is_key(n)) continue;
    tell_plain(&telling, n, "match", EXPRESSION_CONTEXT);
    tell_plain(&telling, n, "use", EXPRESSION_LET);
  }
}

const xmlNode *schema_key_element(const struct schema *schema, const char *name,
                                  const xmlNode *after) {
  const xmlNode *root = schema_root(schema);
  for (const xmlNode *n = after ? after->next : root ? root->children : NULL; n; n = n->next) {
    const xmlAttr *attribute = is_key(n) ? plain_attribute(n, "name") : NULL;
    char *found = attribute ? attribute_text(attribute) : NULL;
    bool is = found && text_equal(found, name);
    alloc_free(found);
    if (is) return n;
  }
  return NULL;
}

void xpath_walk(const struct xpath_node *node,
                void (*see)(void *data, const struct xpath_node *node), void *data) {
  for (; node; node = node->next) {
    see(data, node);
    xpath_walk(node->first, see, data);
    xpath_walk(node->predicates, see, data);
  }
}
