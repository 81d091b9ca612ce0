/* A schema as the runner sees it: what engine.h shows, and beside it the compiled
 * expressions, scopes, keys and contexts. Private to the engine. */
#ifndef SITEGLASS_SCHEMATRON_SCHEMA_PLAN_H
#define SITEGLASS_SCHEMATRON_SCHEMA_PLAN_H

#include "base/map.h"
#include "schematron/engine.h"
#include "schematron/expression.h"
#include "schematron/matcher.h"
#include "schematron/pointers.h"

#include <libxml/hash.h>

#define SCHEMATRON_NAMESPACE "http://purl.oclc.org/dsdl/schematron"
#define XSLT_NAMESPACE "http://www.w3.org/1999/XSL/Transform"

struct schema_file {
  char *path, *text;
  size_t size;
  xmlDoc *document;
  size_t *lines; /* offset of the first byte of each line; made when first needed */
  size_t line_count;
};

struct let {
  char *name;
  const xmlNode *element;
  struct expression *value; /* NULL: the element's content */
  const struct scope *scope;
  size_t position; /* in its scope */
  size_t slot;     /* in the run's variables */
  bool of_rule;    /* evaluated at the rule's context node, else at the document */
  bool checked;
  int visit;             /* while circles are looked for */
  struct node_kind kind; /* of the nodes it holds, once checked */
};

/* The lets of one level; names are unique along the chain. */
struct scope {
  struct let **lets;
  size_t count, capacity;
  const struct scope *outer;
};
/* NULL: there is none. */
struct let *scope_find(const struct scope *scope, const char *name);

/* NULL: no phase has such a variable. For references that only a run can resolve. */
const struct let *phase_let_find(const struct schema *schema, const char *name);
/* A pattern's variable as it is seen from elsewhere: variables that are not of a rule
 * are calculated once for the document (5.4.5). NULL: none, or more than one. */
const struct let *pattern_let_find(const struct schema *schema, const char *name);

/* One xsl:key element; several may share a name. */
struct key_declaration {
  struct expression *match, *use;
  char *constant; /* the value of every node, where `use` is NULL */
  struct matcher **alternatives;
  size_t alternative_count;
};
struct key {
  char *name;
  struct key_declaration *declarations;
  size_t count, capacity;
  bool unique; /* each value belongs to one node at most */
};

struct plan_assertion {
  const struct schema_assertion *shown;
  struct expression *test, *subject;
};
struct plan_rule {
  const struct schema_rule *shown;
  struct expression *context;
  struct matcher **alternatives;
  const struct xpath_node **alternative_nodes; /* of the matchers */
  size_t alternative_count;
  struct scope scope;
  struct expression *visit_each; /* NULL: the context node itself (2025) */
  struct expression *subject;
  struct plan_assertion *assertions;
};
struct plan_pattern {
  const struct schema_pattern *shown;
  bool group; /* every rule that matches fires, not the first alone (2025) */
  struct expression *documents; /* NULL: the document of the run */
  struct plan_rule *rules;
  struct scope scope;
};

struct plan_diagnostic {
  struct schema_diagnostic shown; /* first: the map of diagnostics holds these */
  size_t first, end;              /* numbers of its expressions */
};

struct phase {
  char *id;
  size_t *patterns; /* numbers of the active ones */
  size_t count, capacity;
  struct scope scope;
  struct expression *when, *from; /* NULL: none (2025) */
};

struct schema {
  struct schema_options options;
  xmlDict *dict;
  struct schema_file *files;
  size_t file_count, file_capacity;
  xmlNode *root;

  xmlNsPtr *namespaces; /* prefixes of ns elements, then the engine's own */
  size_t namespace_count, namespace_capacity;
  xmlHashTablePtr functions; /* (name, namespace) -> struct known_function */

  struct scope scope;
  struct let **lets; /* all of them, by slot */
  size_t let_count, let_capacity;
  struct key *keys;
  size_t key_count, key_capacity;
  struct map *key_numbers; /* name -> number + 1 */
  struct map *checked_calls; /* function and literals -> not NULL when they are right */
  struct map *diagnostics; /* id -> struct plan_diagnostic */
  struct map *properties;  /* id -> struct plan_diagnostic */
  struct map *pattern_ids; /* id -> number + 1 */
  struct phase *phases;
  size_t phase_count, phase_capacity;
  char *default_phase;
  bool edition_2025; /* schematronEdition says so: messages are written at the subject */

  struct schema_pattern *patterns;
  struct plan_pattern *plans;
  size_t pattern_count, pattern_capacity;

  struct expression **expressions;
  size_t expression_count, expression_capacity;
  size_t part_count;            /* of all expressions */
  struct pointers by_attribute; /* xmlAttr -> struct expression */
  struct pointers by_predicate; /* xpath_node in a pattern -> struct part_place */
  struct part_place *places;    /* storage of by_predicate */
  size_t place_count;

  struct instance { /* of an abstract pattern */
    const xmlNode *pattern;
    struct parameters *parameters;
  } * instances;
  size_t instance_count, instance_capacity;
  struct plan_diagnostic **instance_diagnostics;
  size_t instance_diagnostic_count, instance_diagnostic_capacity;
  struct pointers extended; /* top nodes taken over from other files: they share ids */
  size_t copies;            /* made of abstract patterns and rules */
  struct diags *diags;      /* while loading */
  size_t errors;
};

/* ---- For the files that load ----------------------------------------------- */

/* An error at a node of the schema. `offset`: byte of an attribute's value, or
 * AT_NAME for the node itself. */
#define AT_NAME ((size_t)-1)
void schema_error(struct schema *schema, const xmlNode *node, size_t offset, const char *format,
                  ...) PRINTF_LIKE(4, 5);
bool schema_is(const xmlNode *node, const char *name); /* a Schematron element of that name */
bool schema_is_any(const xmlNode *node);               /* any Schematron element */
bool schema_is_pattern(const xmlNode *node);           /* a pattern, or a group (2025) */
xmlAttr *schema_find_attribute(const xmlNode *element, const char *name); /* in no namespace */
/* The value of an attribute, allocated; NULL when there is none. */
char *schema_value(const xmlNode *element, const char *name) MUST_USE;
char *schema_attribute_text(const xmlAttr *attribute) MUST_USE;
const char *schema_path_of(const struct schema *schema, const xmlNode *node);

/* schema_source.c: takes over `text`; false when it is not XML. */
bool schema_read_file(struct schema *schema, const char *path, char *text, size_t size);
/* schema_include.c */
void schema_resolve_includes(struct schema *schema);
/* schema_shape.c: what may stand where. */
void schema_check_shape(struct schema *schema);
/* schema_expand.c: abstract patterns and rules become concrete ones. */
void schema_expand(struct schema *schema);
/* A copy that keeps its positions; NULL when there are too many. */
xmlNode *schema_copy(struct schema *schema, xmlNode *node);
/* A diagnostic or property as an assertion of an instance of an abstract pattern sees
 * it, with the parameters put in: a copy in the pattern, or `element` itself. */
xmlNode *schema_instance_of(struct schema *schema, xmlNode *pattern, xmlNode *element);
void schema_drop_instances(struct schema *schema);
/* schema_content.c: what holds expressions. */
struct expression *schema_compile(struct schema *schema, const xmlAttr *attribute, bool pattern);
/* The expression of an attribute in no namespace, checked; NULL when there is none or it is bad. */
struct expression *schema_expression(struct schema *schema, const xmlNode *element,
                                     const char *attribute, const struct expression_scope *where);
/* The caller's own expressions of this element. */
void schema_compile_own(struct schema *schema, const xmlNode *element,
                        const struct expression_scope *where);
/* Those, and everything in its mixed content. */
void schema_compile_content(struct schema *schema, const xmlNode *element,
                            const struct expression_scope *where);
void schema_read_lets(struct schema *schema, const xmlNode *parent, struct scope *scope,
                      bool of_rule, struct node_kind context);
void schema_read_keys(struct schema *schema);
void schema_read_diagnostics(struct schema *schema);
struct plan_diagnostic *schema_new_diagnostic(struct schema *schema, xmlNode *element);
/* A matcher for each alternative of a pattern; `nodes`, if not NULL, gets what they match. */
struct matcher **schema_split(const struct expression *pattern, size_t *count,
                              const struct xpath_node ***nodes);
/* schema_patterns.c */
void schema_read_phase_lets(struct schema *schema);
void schema_read_patterns(struct schema *schema);

#endif
