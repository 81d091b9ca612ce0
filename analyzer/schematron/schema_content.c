/* What holds expressions: lets, keys, diagnostics, messages, and the caller's
 * own attributes. */
#include "schematron/schema_plan.h"

#include "base/text.h"

#include <libxml/xmlmemory.h>
#include <string.h>

struct expression *schema_compile(struct schema *schema, const xmlAttr *attribute, bool pattern) {
  struct expression *expression = expression_new(schema, attribute, pattern);
  if (expression == NULL) return NULL;
  expression->number = schema->expression_count;
  expression->first_part = schema->part_count;
  schema->part_count += expression->count;
  ARRAY_PUSH(schema->expressions, schema->expression_count, schema->expression_capacity) =
      expression;
  *pointers_at(&schema->by_attribute, attribute) = expression;
  return expression;
}

struct expression *schema_expression(struct schema *schema, const xmlNode *element,
                                     const char *attribute, const struct expression_scope *where) {
  const xmlAttr *found = schema_attribute(element, attribute);
  if (found == NULL) return NULL;
  struct expression *expression = schema_compile(schema, found, false);
  if (expression != NULL) expression_check(schema, expression, where);
  return expression;
}

struct matcher **schema_split(const struct expression *pattern, size_t *count,
                              const struct xpath_node ***nodes) {
  const struct xpath_node *found[XPATH_HEIGHT_MOST];
  size_t size = matcher_split(pattern->tree, found, XPATH_HEIGHT_MOST);
  struct matcher **matchers = alloc_array(size + 1, sizeof *matchers);
  if (nodes != NULL) *nodes = alloc_array(size + 1, sizeof **nodes);
  for (size_t i = 0; i < size; i++) {
    matchers[i] = matcher_new(found[i]);
    if (nodes != NULL) (*nodes)[i] = found[i];
  }
  *count = size;
  return matchers;
}

/* ---- The caller's own, and mixed content ----------------------------------- */

static bool is_own(const struct schema *schema, const xmlNs *ns) {
  return ns != NULL && schema->options.own_namespace != NULL &&
         text_equal((const char *)ns->href, schema->options.own_namespace);
}

static bool is_own_expression(const struct schema *schema, const char *name) {
  const char *const *each = schema->options.own_expressions;
  for (; each != NULL && *each != NULL; each++)
    if (text_equal(*each, name)) return true;
  return false;
}

void schema_compile_own(struct schema *schema, const xmlNode *element,
                        const struct expression_scope *where) {
  bool own_element = is_own(schema, element->ns);
  for (const xmlAttr *each = element->properties; each != NULL; each = each->next) {
    bool own = is_own(schema, each->ns) || (own_element && each->ns == NULL);
    if (!own || !is_own_expression(schema, (const char *)each->name)) continue;
    struct expression *expression = schema_compile(schema, each, false);
    if (expression != NULL) expression_check(schema, expression, where);
  }
}

void schema_compile_content(struct schema *schema, const xmlNode *element,
                            const struct expression_scope *where) {
  schema_compile_own(schema, element, where);
  if (schema_is(element, "value-of")) schema_expression(schema, element, "select", where);
  if (schema_is(element, "name")) schema_expression(schema, element, "path", where);
  for (const xmlNode *each = element->children; each != NULL; each = each->next)
    if (each->type == XML_ELEMENT_NODE) schema_compile_content(schema, each, where);
}

/* ---- Lets ------------------------------------------------------------------ */

struct let *scope_find(const struct scope *scope, const char *name) {
  for (; scope != NULL; scope = scope->outer)
    for (size_t i = 0; i < scope->count; i++)
      if (text_equal(scope->lets[i]->name, name)) return scope->lets[i];
  return NULL;
}

static void read_let(struct schema *schema, const xmlNode *element, struct scope *scope,
                     bool of_rule) {
  char *name = schema_value(element, "name");
  if (name == NULL) return; /* the shape check says so */
  if (name[0] == '\0' || xmlValidateNCName(BAD_CAST name, 0) != 0) {
    schema_error(schema, (xmlNode *)schema_attribute(element, "name"), 0,
                 "'%s' is no name for a variable", name);
    alloc_free(name);
    return;
  }
  /* ISO/IEC 19757-3, 5.4.5: not twice in the current schema, phase, pattern and rule. */
  if (scope_find(scope, name) != NULL)
    schema_error(schema, (xmlNode *)schema_attribute(element, "name"), 0,
                 "the variable '$%s' is already defined", name);
  struct let *let = alloc_bytes(sizeof *let);
  *let = (struct let){.name = name,
                      .element = element,
                      .scope = scope,
                      .position = scope->count,
                      .slot = schema->let_count,
                      .of_rule = of_rule};
  ARRAY_PUSH(schema->lets, schema->let_count, schema->let_capacity) = let;
  ARRAY_PUSH(scope->lets, scope->count, scope->capacity) = let;
}

static void check_let(struct schema *schema, struct let *let, struct node_kind context) {
  const xmlAttr *attribute = schema_attribute(let->element, "value");
  struct expression_scope where = {let->scope, let->of_rule ? let->position : (size_t)-1, context,
                                   false};
  let->kind = (struct node_kind){.unchecked = true};
  if (attribute == NULL) {
    let->checked = true;
    return;
  }
  let->value = schema_compile(schema, attribute, false);
  if (let->value == NULL) return;
  expression_check(schema, let->value, &where);
  if (let->value->parts[0].type == TYPE_NODES) let->kind = let->value->kind;
  let->checked = true;
}

static bool has_content(const xmlNode *element) {
  for (const xmlNode *each = element->children; each != NULL; each = each->next)
    if (each->type == XML_ELEMENT_NODE) return true;
  return false;
}

void schema_read_lets(struct schema *schema, const xmlNode *parent, struct scope *scope,
                      bool of_rule, struct node_kind context) {
  for (const xmlNode *each = parent->children; each != NULL; each = each->next) {
    if (!schema_is(each, "let")) continue;
    read_let(schema, each, scope, of_rule);
    if (schema_attribute(each, "value") != NULL && has_content(each))
      schema_error(schema, each, AT_NAME, "let has a value or content, not both");
  }
  for (size_t i = 0; i < scope->count; i++)
    check_let(schema, scope->lets[i], context);
}

/* ---- Keys ------------------------------------------------------------------ */

static struct key *key_at(struct schema *schema, const char *name) {
  void **place = map_at(schema->key_numbers, name);
  if (*place == NULL) {
    ARRAY_PUSH(schema->keys, schema->key_count, schema->key_capacity) =
        (struct key){.name = alloc_text(name)};
    *place = (void *)schema->key_count;
  }
  return &schema->keys[(size_t)*place - 1];
}

static bool is_key(const xmlNode *node) {
  return node->type == XML_ELEMENT_NODE && node->ns != NULL &&
         text_equal((const char *)node->ns->href, XSLT_NAMESPACE) &&
         text_equal((const char *)node->name, "key");
}

static void declare_key(struct schema *schema, const xmlNode *element) {
  char *name = schema_value(element, "name");
  static const char *const needed[] = {"name", "match", "use"};
  bool complete = true;
  for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
    if (schema_attribute(element, needed[i]) != NULL) continue;
    schema_error(schema, element, AT_NAME, "xsl:key needs an attribute '%s'", needed[i]);
    complete = false;
  }
  if (complete) {
    struct key *key = key_at(schema, name);
    struct key_declaration declaration = {
        .match = schema_compile(schema, schema_attribute(element, "match"), true),
        .use = schema_compile(schema, schema_attribute(element, "use"), false)};
    if (declaration.match != NULL)
      declaration.alternatives =
          schema_split(declaration.match, &declaration.alternative_count, NULL);
    ARRAY_PUSH(key->declarations, key->count, key->capacity) = declaration;
  }
  alloc_free(name);
}

/* All names first: a key may be used in the declaration of another. */
void schema_read_keys(struct schema *schema) {
  for (const xmlNode *each = schema->root->children; each != NULL; each = each->next)
    if (is_key(each)) declare_key(schema, each);
  for (size_t i = 0; i < schema->key_count; i++) {
    for (size_t j = 0; j < schema->keys[i].count; j++) {
      struct key_declaration *declaration = &schema->keys[i].declarations[j];
      struct expression_scope where = {&schema->scope, (size_t)-1, {0}, false};
      if (declaration->match == NULL) continue;
      expression_check(schema, declaration->match, &where);
      where.context = declaration->match->kind;
      if (declaration->use != NULL) expression_check(schema, declaration->use, &where);
    }
  }
}

/* ---- Diagnostics and properties -------------------------------------------- */

static void read_diagnostic(struct schema *schema, xmlNode *element) {
  char *id = schema_value(element, "id");
  void **place = id == NULL ? NULL : map_at(schema->diagnostics, id);
  if (place == NULL || *place != NULL) { /* said by the shape check */
    alloc_free(id);
    return;
  }
  struct plan_diagnostic *diagnostic = alloc_bytes(sizeof *diagnostic);
  *place = diagnostic;
  diagnostic->shown = (struct schema_diagnostic){id, element};
  diagnostic->first = schema->expression_count;
  struct expression_scope where = {&schema->scope, (size_t)-1, {0}, true};
  schema_compile_content(schema, element, &where);
  diagnostic->end = schema->expression_count;
}

void schema_read_diagnostics(struct schema *schema) {
  for (xmlNode *each = schema->root->children; each != NULL; each = each->next) {
    for (xmlNode *inner = each->children; inner != NULL; inner = inner->next) {
      if (schema_is(each, "diagnostics") && schema_is(inner, "diagnostic"))
        read_diagnostic(schema, inner);
      char *id = schema_is(each, "properties") && schema_is(inner, "property")
                     ? schema_value(inner, "id")
                     : NULL;
      if (id != NULL) *map_at(schema->properties, id) = inner;
      alloc_free(id);
    }
  }
}
