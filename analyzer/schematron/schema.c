/* Loading a schema: files, shape, abstract parts, then everything with an
 * expression. Each stage goes on after an error, so that all are told. */
#include "schematron/schema_plan.h"

#include "base/text.h"
#include "schematron/functions.h"

#include <string.h>

/* ---- Prefixes -------------------------------------------------------------- */

static void add_namespace(struct schema *schema, const char *prefix, const char *uri) {
  xmlNsPtr ns = xmlNewNs(NULL, BAD_CAST uri, BAD_CAST prefix);
  if (ns == NULL) return; /* the prefix xml, which libxml2 knows by itself */
  ARRAY_PUSH(schema->namespaces, schema->namespace_count, schema->namespace_capacity) = ns;
}

static const char *bound_to(const struct schema *schema, const char *prefix) {
  for (size_t i = 0; i < schema->namespace_count; i++)
    if (text_equal((const char *)schema->namespaces[i]->prefix, prefix))
      return (const char *)schema->namespaces[i]->href;
  return NULL;
}

static void read_namespace(struct schema *schema, const xmlNode *element) {
  char *prefix = schema_value(element, "prefix"), *uri = schema_value(element, "uri");
  if (prefix != NULL && uri != NULL) {
    const xmlNode *at = (const xmlNode *)schema_find_attribute(element, "prefix");
    if (xmlValidateNCName(BAD_CAST prefix, 0) != 0)
      schema_error(schema, at, 0, "'%s' is no prefix", prefix);
    else if (text_equal(prefix, ENGINE_PREFIX) || text_equal(prefix, MARK_PREFIX))
      schema_error(schema, at, 0, "the prefix '%s' is the engine's own", prefix);
    else if (bound_to(schema, prefix) == NULL)
      add_namespace(schema, prefix, uri);
    else if (!text_equal(bound_to(schema, prefix), uri)) /* the same again comes with includes */
      schema_error(schema, at, 0, "the prefix '%s' is already bound", prefix);
  }
  alloc_free(prefix);
  alloc_free(uri);
}

static void read_namespaces(struct schema *schema) {
  for (const xmlNode *each = schema->root->children; each != NULL; each = each->next)
    if (schema_is(each, "ns")) read_namespace(schema, each);
  add_namespace(schema, ENGINE_PREFIX, ENGINE_NAMESPACE);
  if (schema->options.mark_namespace != NULL)
    add_namespace(schema, MARK_PREFIX, schema->options.mark_namespace);
}

/* ---- Predicates of patterns ------------------------------------------------ */

/* The matcher asks for predicates by their syntax node. */
static void index_predicates(struct schema *schema) {
  size_t total = 0;
  for (size_t i = 0; i < schema->expression_count; i++)
    total += schema->expressions[i]->pattern ? schema->expressions[i]->count : 0;
  schema->places = alloc_array(total + 1, sizeof *schema->places);
  for (size_t i = 0; i < schema->expression_count; i++) {
    const struct expression *expression = schema->expressions[i];
    for (size_t part = 0; expression->pattern && part < expression->count; part++) {
      struct part_place *place = &schema->places[schema->place_count++];
      *place = (struct part_place){expression, part};
      *pointers_at(&schema->by_predicate, expression->parts[part].node) = place;
    }
  }
}

/* ---- Load and free --------------------------------------------------------- */

static void read_all(struct schema *schema) {
  schema_resolve_includes(schema);
  if (schema->options.adopt != NULL)
    schema->options.adopt(schema->options.adopt_data, schema->root);
  schema_check_shape(schema);
  schema_expand(schema);
  read_namespaces(schema);
  schema_read_keys(schema);
  schema_read_lets(schema, schema->root, &schema->scope, false, (struct node_kind){.root = true});
  struct expression_scope where = {&schema->scope, (size_t)-1, {.root = true}, false};
  schema_compile_own(schema, schema->root, &where);
  schema_read_phase_lets(schema);
  schema_read_diagnostics(schema);
  schema_read_patterns(schema);
  index_predicates(schema);
}

static bool find_root(struct schema *schema) {
  schema->root = xmlDocGetRootElement(schema->files[0].document);
  if (schema_is(schema->root, "schema")) return true;
  schema_error(schema, schema->root, AT_NAME,
               "this is not a Schematron schema: the document element must be 'schema' in the "
               "namespace " SCHEMATRON_NAMESPACE);
  return false;
}

struct schema *schema_load(const char *text, size_t size, const char *path,
                           const struct schema_options *options, struct diags *diags) {
  struct schema *schema = alloc_bytes(sizeof *schema);
  schema->options = *options;
  schema->diags = diags;
  schema->dict = xmlDictCreate();
  schema->functions = functions_new(options->functions);
  schema->key_numbers = map_new();
  schema->checked_calls = map_new();
  schema->diagnostics = map_new();
  schema->properties = map_new();
  schema->pattern_ids = map_new();
  if (schema_read_file(schema, path, alloc_text_n(text, size), size) && find_root(schema))
    read_all(schema);
  schema->diags = NULL;
  if (schema->errors == 0) return schema;
  schema_free(schema);
  return NULL;
}

static void free_text(const char *text) {
  alloc_free((void *)text);
}

static void free_rule(struct plan_rule *plan) {
  const struct schema_rule *shown = plan->shown;
  for (size_t i = 0; i < shown->assertion_count; i++) {
    const struct schema_assertion *each = &shown->assertions[i];
    free_text(each->id);
    free_text(each->role);
    free_text(each->flag);
    free_text(each->see);
    free_text(each->test);
    alloc_free((void *)each->diagnostics);
    alloc_free((void *)each->properties);
  }
  for (size_t i = 0; i < plan->alternative_count; i++)
    matcher_free(plan->alternatives[i]);
  alloc_free(plan->alternatives);
  alloc_free(plan->alternative_nodes);
  alloc_free(plan->assertions);
  alloc_free(plan->scope.lets);
  free_text(shown->id);
  free_text(shown->context);
  alloc_free((void *)shown->assertions);
}

static void free_patterns(struct schema *schema) {
  for (size_t i = 0; i < schema->pattern_count; i++) {
    struct schema_pattern *shown = &schema->patterns[i];
    for (size_t j = 0; j < shown->rule_count; j++)
      free_rule(&schema->plans[i].rules[j]);
    alloc_free(schema->plans[i].rules);
    alloc_free(schema->plans[i].scope.lets);
    alloc_free((void *)shown->rules);
    free_text(shown->id);
    free_text(shown->title);
  }
  alloc_free(schema->patterns);
  alloc_free(schema->plans);
  for (size_t i = 0; i < schema->phase_count; i++) {
    alloc_free(schema->phases[i].id);
    alloc_free(schema->phases[i].patterns);
    alloc_free(schema->phases[i].scope.lets);
  }
  alloc_free(schema->phases);
  alloc_free(schema->default_phase);
}

static void free_keys(struct schema *schema) {
  for (size_t i = 0; i < schema->key_count; i++) {
    for (size_t j = 0; j < schema->keys[i].count; j++) {
      struct key_declaration *each = &schema->keys[i].declarations[j];
      for (size_t k = 0; k < each->alternative_count; k++)
        matcher_free(each->alternatives[k]);
      alloc_free(each->alternatives);
      alloc_free(each->constant);
    }
    alloc_free(schema->keys[i].declarations);
    alloc_free(schema->keys[i].name);
  }
  alloc_free(schema->keys);
}

static void free_referenced(struct map *map) {
  for (size_t i = 0; i < map_count(map); i++) {
    struct plan_diagnostic *each = map_value(map, i);
    if (each != NULL) free_text(each->shown.id);
    alloc_free(each);
  }
  map_free(map);
}

static void free_lets(struct schema *schema) {
  for (size_t i = 0; i < schema->let_count; i++) {
    alloc_free(schema->lets[i]->name);
    alloc_free(schema->lets[i]);
  }
  alloc_free(schema->lets);
  alloc_free(schema->scope.lets);
}

/* The first document goes first: nodes that were put into it still point to the
 * namespaces of those they came from. */
static void free_files(struct schema *schema) {
  for (size_t i = 0; i < schema->file_count; i++) {
    xmlFreeDoc(schema->files[i].document);
    alloc_free(schema->files[i].path);
    alloc_free(schema->files[i].text);
    alloc_free(schema->files[i].lines);
  }
  alloc_free(schema->files);
}

void schema_free(struct schema *schema) {
  if (schema == NULL) return;
  free_patterns(schema);
  free_keys(schema);
  free_referenced(schema->diagnostics);
  free_referenced(schema->properties);
  for (size_t i = 0; i < schema->instance_diagnostic_count; i++) {
    free_text(schema->instance_diagnostics[i]->shown.id);
    alloc_free(schema->instance_diagnostics[i]);
  }
  alloc_free(schema->instance_diagnostics);
  schema_drop_instances(schema);
  free_lets(schema);
  for (size_t i = 0; i < schema->expression_count; i++)
    expression_free(schema->expressions[i]);
  alloc_free(schema->expressions);
  pointers_dispose(&schema->by_attribute);
  pointers_dispose(&schema->by_predicate);
  pointers_dispose(&schema->extended);
  alloc_free(schema->places);
  for (size_t i = 0; i < schema->namespace_count; i++)
    xmlFreeNs(schema->namespaces[i]);
  alloc_free(schema->namespaces);
  xmlHashFree(schema->functions, functions_drop);
  map_free(schema->key_numbers);
  map_free(schema->checked_calls);
  map_free(schema->pattern_ids);
  free_files(schema);
  xmlDictFree(schema->dict);
  alloc_free(schema);
}

/* ---- What it holds --------------------------------------------------------- */

size_t schema_pattern_count(const struct schema *schema) {
  return schema->pattern_count;
}

const struct schema_pattern *schema_pattern(const struct schema *schema, size_t number) {
  return number < schema->pattern_count ? &schema->patterns[number] : NULL;
}

size_t schema_phase_count(const struct schema *schema) {
  return schema->phase_count;
}

const char *schema_phase_id(const struct schema *schema, size_t number) {
  return number < schema->phase_count ? schema->phases[number].id : NULL;
}

const char *schema_default_phase(const struct schema *schema) {
  return schema->default_phase[0] == '\0' ? "#ALL" : schema->default_phase;
}

const xmlNode *schema_root(const struct schema *schema) {
  return schema->root;
}

bool schema_phase(const struct schema *schema, const char *name, bool *active) {
  const char *wanted = text_equal(name, "#DEFAULT") ? schema->default_phase : name;
  bool all = text_equal(wanted, "#ALL") || wanted[0] == '\0';
  for (size_t i = 0; i < schema->pattern_count; i++)
    active[i] = all;
  for (size_t i = 0; i < schema->phase_count && !all; i++) {
    const struct phase *phase = &schema->phases[i];
    if (!text_equal(phase->id, wanted)) continue;
    for (size_t j = 0; j < phase->count; j++)
      active[phase->patterns[j]] = true;
    return true;
  }
  return all;
}
