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
  const xmlAttr *found = schema_find_attribute(element, attribute);
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

static bool is_xslt(const xmlNode *node, const char *name) {
  return node->type == XML_ELEMENT_NODE && node->ns != NULL &&
         text_equal((const char *)node->ns->href, XSLT_NAMESPACE) &&
         text_equal((const char *)node->name, name);
}

void schema_compile_content(struct schema *schema, const xmlNode *element,
                            const struct expression_scope *where) {
  schema_compile_own(schema, element, where);
  if (schema_is(element, "value-of") || is_xslt(element, "value-of") || is_xslt(element, "copy-of"))
    schema_expression(schema, element, "select", where);
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

/* ISO/IEC 19757-3, 5.4.5: not twice in the current schema, phase, pattern and rule. A
 * phase may put its own value in the place of the schema's. */
static bool is_defined(const struct scope *scope, const char *name, bool of_phase) {
  for (size_t i = 0; of_phase && i < scope->count; i++)
    if (text_equal(scope->lets[i]->name, name)) return true;
  return !of_phase && scope_find(scope, name) != NULL;
}

static void read_let(struct schema *schema, const xmlNode *element, struct scope *scope,
                     bool of_rule) {
  char *name = schema_value(element, "name");
  if (name == NULL) return; /* the shape check says so */
  if (name[0] == '\0' || xmlValidateNCName(BAD_CAST name, 0) != 0) {
    schema_error(schema, (xmlNode *)schema_find_attribute(element, "name"), 0,
                 "'%s' is no name for a variable", name);
    alloc_free(name);
    return;
  }
  if (is_defined(scope, name, schema_is(element->parent, "phase")))
    schema_error(schema, (xmlNode *)schema_find_attribute(element, "name"), 0,
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
  const xmlAttr *attribute = schema_find_attribute(let->element, "value");
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

/* Does a let use itself, by way of others? Each is looked at once; `let->visit` 1:
 * on the way, 2: done. */
static void find_circle(struct schema *schema, struct let *let) {
  if (let->visit != 0 || let->value == NULL) return;
  let->visit = 1;
  for (size_t i = 0; i < let->value->count; i++) {
    const struct xpath_node *node = let->value->parts[i].node;
    if (node->kind != EXPR_VARIABLE || node->prefix != NULL) continue;
    struct let *used = scope_find(let->scope, node->name);
    if (used == NULL) continue;
    if (used->visit == 1)
      schema_error(schema, (const xmlNode *)let->value->attribute, node->start,
                   "the variable '$%s' depends on itself", used->name);
    else
      find_circle(schema, used);
  }
  let->visit = 2;
}

void schema_read_lets(struct schema *schema, const xmlNode *parent, struct scope *scope,
                      bool of_rule, struct node_kind context) {
  for (const xmlNode *each = parent->children; each != NULL; each = each->next) {
    bool parameter = schema_is(each, "param") && schema_is(parent, "schema"); /* 2025 */
    if (!schema_is(each, "let") && !parameter) continue;
    read_let(schema, each, scope, of_rule);
    if (schema_find_attribute(each, "value") != NULL && has_content(each))
      schema_error(schema, each, AT_NAME, "let has a value or content, not both");
  }
  for (size_t i = 0; i < scope->count; i++)
    check_let(schema, scope->lets[i], context);
  for (size_t i = 0; i < scope->count; i++)
    find_circle(schema, scope->lets[i]);
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

/* Content of nothing but text is the same for every node; NULL when it is not so. */
static char *constant_of_key(const xmlNode *element) {
  bool text = false;
  for (const xmlNode *each = element->children; each != NULL; each = each->next) {
    const char *content = (const char *)each->content;
    bool blank = each->type == XML_TEXT_NODE && content != NULL &&
                 content[strspn(content, " \t\r\n")] == '\0';
    if (each->type == XML_ELEMENT_NODE && !is_xslt(each, "text")) return NULL;
    text = text || each->type == XML_ELEMENT_NODE || (each->type == XML_TEXT_NODE && !blank);
  }
  if (!text) return NULL;
  struct buffer out = buffer_make(1024 * 1024);
  for (const xmlNode *each = element->children; each != NULL; each = each->next) {
    xmlChar *content = xmlNodeGetContent(each);
    const char *written = (const char *)content;
    bool blank = written == NULL || written[strspn(written, " \t\r\n")] == '\0';
    if (each->type == XML_ELEMENT_NODE || !blank) buffer_add_text(&out, written);
    xmlFree(content);
  }
  return buffer_take(&out);
}

/* The value of a key: an attribute, or content that selects it (XSLT 2.0, 16.3). */
static const xmlAttr *use_of_key(struct schema *schema, const xmlNode *element, bool constant) {
  const xmlAttr *use = schema_find_attribute(element, "use");
  const xmlNode *content = NULL;
  for (const xmlNode *each = element->children; each != NULL && content == NULL; each = each->next)
    if (each->type == XML_ELEMENT_NODE) content = each;
  if (constant && use == NULL) return NULL;
  if (content == NULL && !constant) {
    if (use == NULL) schema_error(schema, element, AT_NAME, "xsl:key needs an attribute 'use'");
    return use;
  }
  bool selects = content != NULL && (is_xslt(content, "value-of") || is_xslt(content, "sequence") ||
                                     is_xslt(content, "copy-of"));
  const xmlAttr *select = selects ? schema_find_attribute(content, "select") : NULL;
  if (use != NULL)
    schema_error(schema, element, AT_NAME, "xsl:key has an attribute 'use' or content, not both");
  else if (!selects || select == NULL || xmlNextElementSibling((xmlNode *)content) != NULL)
    schema_error(schema, element, AT_NAME,
                 "the content of xsl:key is one xsl:value-of or xsl:sequence with a 'select'");
  else
    return select;
  return NULL;
}

/* unique="true" in any namespace of its own: our word for "one node a value". */
static bool is_unique_key(const xmlNode *element) {
  for (const xmlAttr *each = element->properties; each != NULL; each = each->next) {
    if (each->ns == NULL || strcmp((const char *)each->name, "unique") != 0) continue;
    char *value = schema_attribute_text(each);
    bool unique = text_equal(value, "true");
    alloc_free(value);
    return unique;
  }
  return false;
}

static void declare_key(struct schema *schema, const xmlNode *element) {
  char *name = schema_value(element, "name");
  static const char *const needed[] = {"name", "match"};
  bool complete = true;
  for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
    if (schema_find_attribute(element, needed[i]) != NULL) continue;
    schema_error(schema, element, AT_NAME, "xsl:key needs an attribute '%s'", needed[i]);
    complete = false;
  }
  char *constant = constant_of_key(element);
  const xmlAttr *use = use_of_key(schema, element, constant != NULL);
  if (complete && (use != NULL || constant != NULL)) {
    struct key *key = key_at(schema, name);
    key->unique = is_unique_key(element);
    struct key_declaration declaration = {
        .match = schema_compile(schema, schema_find_attribute(element, "match"), true),
        .use = use == NULL ? NULL : schema_compile(schema, use, false),
        .constant = constant};
    constant = NULL;
    if (declaration.match != NULL)
      declaration.alternatives =
          schema_split(declaration.match, &declaration.alternative_count, NULL);
    ARRAY_PUSH(key->declarations, key->count, key->capacity) = declaration;
  }
  alloc_free(constant);
  alloc_free(name);
}

/* All names first: a key may be used in the declaration of another. */
void schema_read_keys(struct schema *schema) {
  for (const xmlNode *each = schema->root->children; each != NULL; each = each->next)
    if (is_xslt(each, "key")) declare_key(schema, each);
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

/* A diagnostic or a property; its variables are checked by those who use it. */
struct plan_diagnostic *schema_new_diagnostic(struct schema *schema, xmlNode *element) {
  struct plan_diagnostic *diagnostic = alloc_bytes(sizeof *diagnostic);
  diagnostic->shown = (struct schema_diagnostic){schema_value(element, "id"), element};
  diagnostic->first = schema->expression_count;
  struct expression_scope where = {&schema->scope, (size_t)-1, {0}, true};
  schema_compile_content(schema, element, &where);
  diagnostic->end = schema->expression_count;
  return diagnostic;
}

static void read_referenced(struct schema *schema, struct map *map, xmlNode *element) {
  char *id = schema_value(element, "id");
  void **place = id == NULL ? NULL : map_at(map, id);
  /* What is wrong with an id is said by the check of the shape. */
  if (place != NULL && *place == NULL) *place = schema_new_diagnostic(schema, element);
  alloc_free(id);
}

void schema_read_diagnostics(struct schema *schema) {
  for (xmlNode *each = schema->root->children; each != NULL; each = each->next) {
    for (xmlNode *inner = each->children; inner != NULL; inner = inner->next) {
      if (schema_is(each, "diagnostics") && schema_is(inner, "diagnostic"))
        read_referenced(schema, schema->diagnostics, inner);
      if (schema_is(each, "properties") && schema_is(inner, "property"))
        read_referenced(schema, schema->properties, inner);
    }
  }
}
