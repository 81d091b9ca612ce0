/* Which contexts can a node match? Found by its kind and name, and for contexts
 * with a literal predicate (site[@key='exchange back end']/bindings/binding) by
 * the value of that attribute: hundreds of rules that name one thing each cost
 * one look-up. */
#include "schematron/run_state.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* ---- Literal predicates ---------------------------------------------------- */

static const struct xpath_node *plain_attribute(const struct xpath_node *node) {
  if (node->kind != EXPR_PATH || node->absolute || node->first == NULL || node->first->next != NULL)
    return NULL;
  const struct xpath_node *step = node->first;
  bool plain = step->kind == EXPR_STEP && step->axis == AXIS_ATTRIBUTE && step->test == TEST_NAME &&
               step->prefix == NULL && step->predicates == NULL;
  return plain ? step : NULL;
}

static bool is_literal_predicate(const struct xpath_node *predicate,
                                 struct alternative *alternative) {
  if (predicate->kind != EXPR_EQUAL) return false;
  const struct xpath_node *left = predicate->first, *right = left->next;
  const struct xpath_node *literal = left->kind == EXPR_LITERAL ? left : right;
  const struct xpath_node *step = plain_attribute(literal == left ? right : left);
  if (literal->kind != EXPR_LITERAL || step == NULL) return false;
  alternative->attribute = step->name;
  alternative->literal = literal->name;
  return true;
}

/* The step of a path that is `level` levels above the last; NULL past a "//". */
static const struct xpath_node *step_above(const struct xpath_node *path, size_t level) {
  size_t count = 0;
  for (const struct xpath_node *each = path->first; each != NULL; each = each->next)
    count++;
  if (level >= count) return NULL;
  const struct xpath_node *step = path->first;
  for (size_t i = 0; i + level + 1 < count; i++)
    step = step->next;
  for (const struct xpath_node *each = step; each != NULL; each = each->next)
    if (each->kind != EXPR_STEP || each->start == each->end) return NULL;
  return step;
}

static void find_literal(struct alternative *alternative, const struct xpath_node *node) {
  const struct xpath_node *step = NULL;
  for (size_t level = 0; node->kind == EXPR_PATH && (step = step_above(node, level)) != NULL;
       level++) {
    alternative->level = level;
    for (const struct xpath_node *each = step->predicates; each != NULL; each = each->next)
      if (is_literal_predicate(each, alternative)) return;
  }
}

/* ---- All alternatives ------------------------------------------------------ */

static int by_order(const void *a, const void *b) {
  const struct alternative *left = a, *right = b;
  if (left->pattern != right->pattern) return left->pattern < right->pattern ? -1 : 1;
  return left->rule < right->rule ? -1 : left->rule > right->rule;
}

static void note_kind(struct run *run, xmlElementType kind) {
  run->elements.wanted = run->elements.wanted || kind == XML_ELEMENT_NODE || kind == 0;
  run->attributes.wanted = run->attributes.wanted || kind == XML_ATTRIBUTE_NODE || kind == 0;
  run->others.wanted =
      run->others.wanted || (kind != XML_ELEMENT_NODE && kind != XML_ATTRIBUTE_NODE);
}

static void add_rule(struct run *run, size_t pattern, size_t rule, size_t *capacity) {
  const struct plan_rule *plan = &run->schema->plans[pattern].rules[rule];
  for (size_t i = 0; i < plan->alternative_count; i++) {
    struct alternative alternative = {
        .pattern = pattern, .rule = rule, .matcher = plan->alternatives[i]};
    matcher_target(alternative.matcher, &alternative.kind, &alternative.name);
    find_literal(&alternative, plan->alternative_nodes[i]);
    note_kind(run, alternative.kind);
    ARRAY_PUSH(run->alternatives, run->alternative_count, *capacity) = alternative;
  }
}

void dispatch_setup(struct run *run) {
  size_t capacity = 0;
  for (size_t i = 0; i < run->schema->pattern_count; i++)
    for (size_t j = 0; j < run->schema->patterns[i].rule_count; j++)
      if (run->active == NULL || run->active[i]) add_rule(run, i, j, &capacity);
  if (run->alternative_count > 1)
    qsort(run->alternatives, run->alternative_count, sizeof *run->alternatives, by_order);
  run->elements.kind = XML_ELEMENT_NODE;
  run->attributes.kind = XML_ATTRIBUTE_NODE;
  run->elements.by_text = map_new();
  run->attributes.by_text = map_new();
}

/* ---- The candidates of a name ---------------------------------------------- */

struct probe { /* contexts that want an attribute so many levels up to have some value */
  size_t level;
  const char *attribute;
  struct map *by_value; /* -> struct candidates */
  struct candidates all;
};

struct of_name {
  struct candidates plain;
  struct probe *probes;
  size_t count, capacity;
};

static bool fits(const struct alternative *alternative, xmlElementType kind, const char *name) {
  return (alternative->kind == 0 || alternative->kind == kind) &&
         (alternative->name == NULL || text_equal(alternative->name, name));
}

static void add(struct candidates *candidates, const struct alternative *alternative) {
  ARRAY_PUSH(candidates->items, candidates->count, candidates->capacity) = alternative;
}

static struct probe *probe_at(struct of_name *of_name, const struct alternative *alternative) {
  for (size_t i = 0; i < of_name->count; i++) {
    struct probe *each = &of_name->probes[i];
    if (each->level == alternative->level && text_equal(each->attribute, alternative->attribute))
      return each;
  }
  struct probe probe = {
      .level = alternative->level, .attribute = alternative->attribute, .by_value = map_new()};
  ARRAY_PUSH(of_name->probes, of_name->count, of_name->capacity) = probe;
  return &of_name->probes[of_name->count - 1];
}

static void add_by_value(struct of_name *of_name, const struct alternative *alternative) {
  struct probe *probe = probe_at(of_name, alternative);
  void **place = map_at(probe->by_value, alternative->literal);
  if (*place == NULL) *place = alloc_bytes(sizeof(struct candidates));
  add(*place, alternative);
  add(&probe->all, alternative);
}

static struct of_name *find_name(struct run *run, struct dispatch *dispatch, const char *name) {
  void **place = map_at(dispatch->by_text, name);
  if (*place != NULL) return *place;
  struct of_name *of_name = alloc_bytes(sizeof *of_name);
  *place = of_name;
  for (size_t i = 0; i < run->alternative_count; i++) {
    const struct alternative *each = &run->alternatives[i];
    if (!fits(each, dispatch->kind, name)) continue;
    if (each->attribute == NULL)
      add(&of_name->plain, each);
    else
      add_by_value(of_name, each);
  }
  return of_name;
}

/* Names of the document's dictionary are found by their address. */
static struct of_name *of_name_at(struct run *run, struct dispatch *dispatch, const xmlChar *name) {
  struct of_name *found = pointers_get(&dispatch->by_name, name);
  if (found != NULL) return found;
  found = find_name(run, dispatch, (const char *)name);
  if (run->document->dict != NULL && xmlDictOwns(run->document->dict, name) == 1)
    *pointers_at(&dispatch->by_name, name) = found;
  return found;
}

/* ---- At a node ------------------------------------------------------------- */

static const struct candidates *with_value(const struct probe *probe, const xmlAttr *attribute) {
  const xmlNode *text = attribute->children;
  if (text == NULL) return map_get(probe->by_value, "");
  if (text->next == NULL && text->type == XML_TEXT_NODE)
    return map_get(probe->by_value, text->content == NULL ? "" : (const char *)text->content);
  char *value = schema_attribute_text(attribute);
  const struct candidates *found = map_get(probe->by_value, value);
  alloc_free(value);
  return found;
}

/* An attribute that is not there may be marked: then any of them may match. */
static const struct candidates *ask(struct run *run, const struct probe *probe,
                                    const xmlNode *node) {
  for (size_t i = 0; i < probe->level && node != NULL; i++)
    node = node->parent;
  if (node == NULL || node->type != XML_ELEMENT_NODE) return NULL;
  const xmlAttr *attribute = schema_find_attribute(node, probe->attribute);
  if (attribute != NULL) return with_value(probe, attribute);
  bool marked = run->marks != NULL && marks_attribute(run->marks, node, probe->attribute, NULL);
  return marked ? &probe->all : NULL;
}

/* Both are in order: alternatives lie in one array. */
static void merge(struct candidates *into, const struct candidates *more) {
  for (size_t i = 0; i < more->count; i++) {
    add(into, more->items[i]);
    for (size_t j = into->count - 1; j > 0 && into->items[j - 1] > into->items[j]; j--) {
      const struct alternative *swapped = into->items[j];
      into->items[j] = into->items[j - 1];
      into->items[j - 1] = swapped;
    }
  }
}

const struct candidates *dispatch_candidates(struct run *run, struct dispatch *dispatch,
                                             const xmlNode *node) {
  const struct of_name *of_name = of_name_at(run, dispatch, node->name);
  if (of_name->count == 0) return &of_name->plain;
  const struct candidates *only = &of_name->plain;
  struct candidates *found = &dispatch->merged;
  found->count = 0;
  for (size_t i = 0; i < of_name->count; i++) {
    const struct candidates *more = ask(run, &of_name->probes[i], node);
    if (more == NULL) continue;
    if (found->count == 0) merge(found, only);
    merge(found, more);
  }
  return found->count == 0 ? only : found;
}

/* Of the document, a text, comment or instruction: few contexts are of these. */
const struct candidates *dispatch_others(struct run *run, const xmlNode *node) {
  xmlElementType kind = node->type == XML_CDATA_SECTION_NODE ? XML_TEXT_NODE : node->type;
  struct candidates *found = &run->others.merged;
  found->count = 0;
  for (size_t i = 0; i < run->alternative_count; i++)
    if (fits(&run->alternatives[i], kind, (const char *)node->name))
      add(found, &run->alternatives[i]);
  return found;
}

/* ---- The end --------------------------------------------------------------- */

static void free_of_name(struct of_name *of_name) {
  for (size_t i = 0; i < of_name->count; i++) {
    struct map *values = of_name->probes[i].by_value;
    for (size_t j = 0; j < map_count(values); j++) {
      struct candidates *each = map_value(values, j);
      alloc_free(each->items);
      alloc_free(each);
    }
    map_free(values);
    alloc_free(of_name->probes[i].all.items);
  }
  alloc_free(of_name->probes);
  alloc_free(of_name->plain.items);
  alloc_free(of_name);
}

static void free_dispatch(struct dispatch *dispatch) {
  for (size_t i = 0; dispatch->by_text != NULL && i < map_count(dispatch->by_text); i++)
    free_of_name(map_value(dispatch->by_text, i));
  if (dispatch->by_text != NULL) map_free(dispatch->by_text);
  pointers_dispose(&dispatch->by_name);
  alloc_free(dispatch->merged.items);
}

void dispatch_teardown(struct run *run) {
  free_dispatch(&run->elements);
  free_dispatch(&run->attributes);
  free_dispatch(&run->others);
  alloc_free(run->alternatives);
}
