/* Patterns, rules and assertions, and the phases that choose among patterns. */
#include "schematron/schema_plan.h"

#include "base/origin.h"
#include "base/text.h"

#include <string.h>

static char *value_or_empty(const xmlNode *element, const char *attribute) {
  char *value = schema_value(element, attribute);
  return value != NULL ? value : alloc_text("");
}

static bool is_abstract(const xmlNode *element) {
  char *value = schema_value(element, "abstract");
  bool is = text_equal(value, "true");
  alloc_free(value);
  return is;
}

static size_t count_children(const xmlNode *parent, bool (*wanted)(const xmlNode *)) {
  size_t count = 0;
  for (const xmlNode *each = parent->children; each != NULL; each = each->next)
    count += wanted(each) ? 1 : 0;
  return count;
}

static bool is_rule(const xmlNode *node) {
  return schema_is(node, "rule") && !is_abstract(node);
}

static bool is_assertion(const xmlNode *node) {
  return schema_is(node, "assert") || schema_is(node, "report");
}

static bool is_pattern(const xmlNode *node) {
  return schema_is_pattern(node) && !is_abstract(node);
}

/* ---- Assertions ------------------------------------------------------------ */

/* Its expressions refer to variables of whoever uses it. */
static void check_diagnostic_variables(struct schema *schema,
                                       const struct plan_diagnostic *diagnostic,
                                       const struct expression_scope *where) {
  for (size_t i = diagnostic->first; i < diagnostic->end; i++)
    expression_check_variables(schema, schema->expressions[i], where);
}

struct words { /* the next word of a list; `offset` is where it begins */
  const char *rest;
  char word[256];
  size_t offset;
};

static bool next_word(struct words *words, const char *list) {
  words->rest += strspn(words->rest, " \t\r\n");
  size_t size = strcspn(words->rest, " \t\r\n");
  if (size == 0) return false;
  words->offset = (size_t)(words->rest - list);
  size_t kept = size < sizeof words->word ? size : sizeof words->word - 1;
  memcpy(words->word, words->rest, kept);
  words->word[kept] = '\0';
  words->rest += size;
  return true;
}

/* As an assertion of this element sees it. */
static struct plan_diagnostic *instance_of(struct schema *schema, const xmlNode *assertion,
                                           struct plan_diagnostic *found) {
  xmlNode *element = found->shown.element;
  xmlNode *own = schema_instance_of(schema, assertion->parent->parent, element);
  if (own == element) return found;
  struct plan_diagnostic *made = schema_new_diagnostic(schema, own);
  ARRAY_PUSH(schema->instance_diagnostics, schema->instance_diagnostic_count,
             schema->instance_diagnostic_capacity) = made;
  return made;
}

/* The diagnostics or properties that an attribute names. */
static struct schema_diagnostic **read_references(struct schema *schema, const xmlNode *element,
                                                  const char *name, const char *what,
                                                  const struct map *map, size_t *count,
                                                  const struct expression_scope *where) {
  const xmlAttr *attribute = schema_find_attribute(element, name);
  if (attribute == NULL) return NULL;
  char *list = schema_attribute_text(attribute);
  struct schema_diagnostic **found = NULL;
  size_t capacity = 0;
  for (struct words words = {.rest = list}; next_word(&words, list);) {
    struct plan_diagnostic *target = map_get(map, words.word);
    if (target == NULL) {
      schema_error(schema, (const xmlNode *)attribute, words.offset, "there is no %s '%s'", what,
                   words.word);
      continue;
    }
    target = instance_of(schema, element, target);
    check_diagnostic_variables(schema, target, where);
    ARRAY_PUSH(found, *count, capacity) = &target->shown;
  }
  alloc_free(list);
  return found;
}

static char *role_of(const xmlNode *assertion, const xmlNode *rule, const char *attribute) {
  char *value = schema_value(assertion, attribute);
  return value != NULL ? value : value_or_empty(rule, attribute);
}

/* A flag, role or severity that is the name of a variable is its value (2025). One that
 * nobody defines is meant as it stands. */
static void read_words(struct schema *schema, const xmlNode *element,
                       const struct expression_scope *where) {
  static const char *const names[] = {"flag", "role", "severity"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char *value = schema_value(element, names[i]);
    const char *name = value != NULL && value[0] == '$' ? value + 1 : "";
    bool known = xmlValidateNCName(BAD_CAST name, 0) == 0 &&
                 (scope_find(where->scope, name) != NULL || phase_let_find(schema, name) != NULL ||
                  pattern_let_find(schema, name) != NULL);
    alloc_free(value);
    if (known) schema_expression(schema, element, names[i], where);
  }
}

static void read_assertion(struct schema *schema, xmlNode *element, const xmlNode *rule,
                           struct schema_assertion *shown, struct plan_assertion *plan,
                           const struct expression_scope *where) {
  *shown = (struct schema_assertion){.id = value_or_empty(element, "id"),
                                     .role = role_of(element, rule, "role"),
                                     .flag = role_of(element, rule, "flag"),
                                     .see = role_of(element, rule, "see"),
                                     .test = value_or_empty(element, "test"),
                                     .is_report = schema_is(element, "report"),
                                     .element = element,
                                     .line = origin_of(element).line};
  plan->shown = shown;
  plan->test = schema_expression(schema, element, "test", where);
  read_words(schema, element, where);
  plan->subject = schema_expression(schema, element, "subject", where);
  shown->diagnostics = read_references(schema, element, "diagnostics", "diagnostic",
                                       schema->diagnostics, &shown->diagnostic_count, where);
  shown->properties = read_references(schema, element, "properties", "property", schema->properties,
                                      &shown->property_count, where);
  schema_compile_content(schema, element, where);
}

/* ---- Rules ----------------------------------------------------------------- */

static void read_context(struct schema *schema, const xmlNode *element, struct plan_rule *plan,
                         const struct scope *scope) {
  const xmlAttr *attribute = schema_find_attribute(element, "context");
  if (attribute == NULL) return;
  plan->context = schema_compile(schema, attribute, true);
  if (plan->context == NULL) return;
  struct expression_scope where = {scope, (size_t)-1, {0}, false};
  expression_check(schema, plan->context, &where);
  plan->alternatives =
      schema_split(plan->context, &plan->alternative_count, &plan->alternative_nodes);
}

/* What the assertions look at: the context node, or each of the nodes chosen there. */
static struct node_kind read_visit_each(struct schema *schema, const xmlNode *element,
                                        struct plan_rule *plan, const struct scope *outer) {
  struct node_kind context = {0};
  if (plan->context != NULL) context = plan->context->kind;
  const xmlAttr *attribute = schema_find_attribute(element, "visit-each");
  if (attribute == NULL) return context;
  struct expression_scope where = {outer, (size_t)-1, context, false};
  plan->visit_each = schema_expression(schema, element, "visit-each", &where);
  if (plan->visit_each == NULL) return (struct node_kind){0};
  enum value_type type = plan->visit_each->parts[0].type;
  if (type != TYPE_NODES && type != TYPE_ANY)
    schema_error(schema, (const xmlNode *)attribute, 0, "visit-each chooses nodes");
  return plan->visit_each->kind;
}

static void read_rule(struct schema *schema, xmlNode *element, struct schema_rule *shown,
                      struct plan_rule *plan, const struct scope *outer) {
  size_t count = count_children(element, is_assertion);
  struct schema_assertion *assertions = alloc_array(count + 1, sizeof *assertions);
  plan->assertions = alloc_array(count + 1, sizeof *plan->assertions);
  *shown = (struct schema_rule){.id = value_or_empty(element, "id"),
                                .context = value_or_empty(element, "context"),
                                .assertions = assertions,
                                .assertion_count = count,
                                .element = element,
                                .line = origin_of(element).line};
  plan->shown = shown;
  plan->scope.outer = outer;
  read_context(schema, element, plan, outer);
  struct node_kind context = read_visit_each(schema, element, plan, outer);
  schema_read_lets(schema, element, &plan->scope, true, context);
  struct expression_scope where = {&plan->scope, (size_t)-1, context, false};
  plan->subject = schema_expression(schema, element, "subject", &where);
  schema_compile_own(schema, element, &where);
  size_t number = 0;
  for (xmlNode *each = element->children; each != NULL; each = each->next) {
    if (!is_assertion(each)) continue;
    read_assertion(schema, each, element, &assertions[number], &plan->assertions[number], &where);
    number++;
  }
}

/* ---- Patterns -------------------------------------------------------------- */

static char *folded_title(const xmlNode *pattern) {
  for (const xmlNode *each = pattern->children; each != NULL; each = each->next) {
    if (!schema_is(each, "title")) continue;
    xmlChar *content = xmlNodeGetContent(each);
    struct buffer out = buffer_make(64 * 1024);
    for (const xmlChar *at = content; at != NULL && *at != '\0'; at++) {
      bool blank = strchr(" \t\r\n", *at) != NULL;
      if (!blank) buffer_add_char(&out, (char)*at);
      if (blank && out.size > 0 && out.data[out.size - 1] != ' ') buffer_add_char(&out, ' ');
    }
    xmlFree(content);
    if (out.size > 0 && out.data[out.size - 1] == ' ') out.data[--out.size] = '\0';
    return buffer_take(&out);
  }
  return alloc_text("");
}

static void read_pattern_lets(struct schema *schema, xmlNode *element, size_t number) {
  struct plan_pattern *plan = &schema->plans[number];
  plan->scope.outer = &schema->scope;
  schema_read_lets(schema, element, &plan->scope, false, (struct node_kind){.root = true});
}

const struct let *pattern_let_find(const struct schema *schema, const char *name) {
  const struct let *found = NULL;
  for (size_t i = 0; i < schema->pattern_count; i++)
    for (size_t j = 0; j < schema->plans[i].scope.count; j++) {
      const struct let *let = schema->plans[i].scope.lets[j];
      if (!text_equal(let->name, name)) continue;
      if (found != NULL) return NULL;
      found = let;
    }
  return found;
}

static void read_pattern(struct schema *schema, xmlNode *element, size_t number) {
  size_t count = count_children(element, is_rule);
  struct schema_rule *rules = alloc_array(count + 1, sizeof *rules);
  struct schema_pattern *shown = &schema->patterns[number];
  struct plan_pattern *plan = &schema->plans[number];
  plan->rules = alloc_array(count + 1, sizeof *plan->rules);
  *shown = (struct schema_pattern){.id = value_or_empty(element, "id"),
                                   .title = folded_title(element),
                                   .rules = rules,
                                   .rule_count = count,
                                   .element = element,
                                   .number = number,
                                   .path = schema_path_of(schema, element),
                                   .line = origin_of(element).line};
  plan->shown = shown;
  plan->group = schema_is(element, "group");
  if (shown->id[0] != '\0') *map_at(schema->pattern_ids, shown->id) = (void *)(number + 1);
  struct expression_scope where = {&plan->scope, (size_t)-1, {.root = true}, false};
  schema_compile_own(schema, element, &where);
  /* Evaluated at the document of the run; the pattern's own variables belong to
   * the documents that it names. */
  where.scope = &schema->scope;
  plan->documents = schema_expression(schema, element, "documents", &where);
  size_t rule = 0;
  for (xmlNode *each = element->children; each != NULL; each = each->next) {
    if (!is_rule(each)) continue;
    read_rule(schema, each, &rules[rule], &plan->rules[rule], &plan->scope);
    rule++;
  }
}

/* ---- Phases ---------------------------------------------------------------- */

static bool is_phase(const xmlNode *node) {
  return schema_is(node, "phase");
}

/* Before the patterns, which may refer to them. */
void schema_read_phase_lets(struct schema *schema) {
  schema->phases = alloc_array(count_children(schema->root, is_phase) + 1, sizeof *schema->phases);
  for (const xmlNode *each = schema->root->children; each != NULL; each = each->next) {
    if (!is_phase(each)) continue;
    struct phase *phase = &schema->phases[schema->phase_count++];
    phase->id = value_or_empty(each, "id");
    phase->scope.outer = &schema->scope;
    schema_read_lets(schema, each, &phase->scope, false, (struct node_kind){.root = true});
    /* What chooses the phase comes before it is chosen. */
    struct expression_scope where = {&schema->scope, (size_t)-1, {.root = true}, false};
    phase->when = schema_expression(schema, each, "when", &where);
    where.scope = &phase->scope;
    phase->from = schema_expression(schema, each, "from", &where);
    const xmlAttr *from = schema_find_attribute(each, "from");
    if (phase->from != NULL && phase->from->parts[0].type != TYPE_NODES &&
        phase->from->parts[0].type != TYPE_ANY)
      schema_error(schema, (const xmlNode *)from, 0, "from chooses nodes");
  }
}

const struct let *phase_let_find(const struct schema *schema, const char *name) {
  for (size_t i = 0; i < schema->phase_count; i++)
    for (size_t j = 0; j < schema->phases[i].scope.count; j++)
      if (text_equal(schema->phases[i].scope.lets[j]->name, name))
        return schema->phases[i].scope.lets[j];
  return NULL;
}

/* ISO/IEC 19757-3, 5.4.5: not twice in the current schema, phase, pattern and rule. */
static void check_phase_names(struct schema *schema, const struct phase *phase,
                              const struct scope *scope) {
  for (size_t i = 0; i < scope->count; i++)
    for (size_t j = 0; j < phase->scope.count; j++)
      if (text_equal(scope->lets[i]->name, phase->scope.lets[j]->name))
        schema_error(schema, (xmlNode *)schema_find_attribute(scope->lets[i]->element, "name"), 0,
                     "the variable '$%s' is already defined by the phase '%s'",
                     scope->lets[i]->name, phase->id);
}

static void check_phase_pattern(struct schema *schema, const struct phase *phase, size_t number) {
  check_phase_names(schema, phase, &schema->plans[number].scope);
  for (size_t i = 0; i < schema->patterns[number].rule_count; i++)
    check_phase_names(schema, phase, &schema->plans[number].rules[i].scope);
}

static void read_phase(struct schema *schema, struct phase *phase, const xmlNode *element) {
  for (const xmlNode *each = element->children; each != NULL; each = each->next) {
    const xmlAttr *attribute =
        schema_is(each, "active") ? schema_find_attribute(each, "pattern") : NULL;
    if (attribute == NULL) continue;
    char *id = schema_attribute_text(attribute);
    size_t number = (size_t)map_get(schema->pattern_ids, id);
    if (number == 0)
      schema_error(schema, (const xmlNode *)attribute, 0, "there is no pattern '%s'", id);
    else
      ARRAY_PUSH(phase->patterns, phase->count, phase->capacity) = number - 1;
    if (number != 0) check_phase_pattern(schema, phase, number - 1);
    alloc_free(id);
  }
}

static void read_edition(struct schema *schema) {
  char *edition = schema_value(schema->root, "schematronEdition");
  schema->edition_2025 = edition != NULL && strcmp(edition, "2025") >= 0;
  alloc_free(edition);
}

static void read_phases(struct schema *schema) {
  size_t number = 0;
  for (const xmlNode *each = schema->root->children; each != NULL; each = each->next)
    if (is_phase(each)) read_phase(schema, &schema->phases[number++], each);
  schema->default_phase = value_or_empty(schema->root, "defaultPhase");
  bool known = schema->default_phase[0] == '\0' || text_equal(schema->default_phase, "#ALL");
  for (size_t i = 0; i < schema->phase_count; i++)
    known = known || text_equal(schema->phases[i].id, schema->default_phase);
  if (!known)
    schema_error(schema, (xmlNode *)schema_find_attribute(schema->root, "defaultPhase"), 0,
                 "there is no phase '%s'", schema->default_phase);
}

void schema_read_patterns(struct schema *schema) {
  size_t count = count_children(schema->root, is_pattern);
  schema->patterns = alloc_array(count + 1, sizeof *schema->patterns);
  schema->plans = alloc_array(count + 1, sizeof *schema->plans);
  for (xmlNode *each = schema->root->children; each != NULL; each = each->next)
    if (is_pattern(each)) read_pattern_lets(schema, each, schema->pattern_count++);
  size_t number = 0;
  for (xmlNode *each = schema->root->children; each != NULL; each = each->next)
    if (is_pattern(each)) read_pattern(schema, each, number++);
  read_phases(schema);
  read_edition(schema);
}
