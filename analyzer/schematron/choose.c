/* What the 2025 edition lets a schema choose by an expression: the phase for a document
 * (phase/@when), the part of the document that a phase looks at (phase/@from), and the
 * nodes that a rule looks at (rule/@visit-each). */
#include "schematron/run_state.h"

#include "base/text.h"

#include <libxml/xpathInternals.h>
#include <stdlib.h>

/* A node-set, wholly known: yes. */
static enum answer choose(struct evaluation *live, const struct expression *expression,
                          const struct scope *scope, xmlNode *node, struct value *value) {
  struct focus focus = {node, 1, 1};
  evaluation_reset(live);
  live->scope = scope;
  live->current = live->context = node;
  unknown_value(live, expression, 0, focus, value);
  if (!live->failed && value_known(value) && !value->nodes)
    evaluation_error(live, "%s gave no nodes", (const char *)expression->attribute->name);
  if (live->failed) return ANSWER_NO;
  return value_known(value) ? ANSWER_YES : ANSWER_UNKNOWN;
}

/* ---- The phase ------------------------------------------------------------- */

static const char *first_phase(struct run *run) {
  for (size_t i = 0; i < run->schema->phase_count; i++) {
    const struct phase *phase = &run->schema->phases[i];
    if (phase->when == NULL) continue;
    run->live.scope = &run->schema->scope;
    run->live.current = run->live.context = (xmlNode *)run->document;
    struct focus focus = {run->live.context, 1, 1};
    enum answer answer = evaluation_test(&run->live, phase->when, focus);
    if (run->live.failed || answer == ANSWER_UNKNOWN) return NULL;
    if (answer == ANSWER_YES) return phase->id;
  }
  return "#ALL";
}

const char *engine_choose_phase(const struct schema *schema, xmlDoc *document, const char *name,
                                void *data) {
  if (!text_equal(name, "#ANY")) return name;
  bool *none = alloc_array(schema->pattern_count + 1, sizeof *none);
  struct engine_listener deaf = {0};
  struct run run = {.schema = schema,
                    .document = document,
                    .active = none,
                    .data = data,
                    .listener = &deaf,
                    .library = library_new()};
  run_begin(&run);
  const char *chosen = first_phase(&run);
  run_end(&run);
  exslt_regexp_dispose(&run);
  library_free(run.library);
  alloc_free(none);
  return chosen;
}

/* ---- The part of the document ---------------------------------------------- */

bool choose_nodes(struct run *run) {
  const struct expression *from = run->phase == NULL ? NULL : run->phase->from;
  if (from == NULL) return true;
  struct value value = {0};
  bool known =
      choose(&run->live, from, &run->phase->scope, (xmlNode *)run->document, &value) == ANSWER_YES;
  run->has_chosen = true;
  for (size_t i = 0; known && i < value.count; i++)
    if (value.items[i].node->type != XML_NAMESPACE_DECL)
      *pointers_at(&run->chosen, value.items[i].node) = value.items[i].node;
  value_dispose(&value);
  scratch_release(run);
  return known;
}

bool chosen_has(const struct run *run, const xmlNode *node) {
  if (!run->has_chosen) return true;
  for (; node != NULL; node = node->parent)
    if (pointers_get(&run->chosen, node) != NULL) return true;
  return false;
}

/* ---- The nodes of a rule --------------------------------------------------- */

static int by_place(const void *left, const void *right) {
  return -xmlXPathCmpNodes(((const struct member *)left)->node,
                           ((const struct member *)right)->node);
}

/* Most come in order. For the others libxml2 numbers the elements first: comparing
 * two siblings is a walk from one to the other otherwise. */
static void put_in_order(struct value *value, xmlDoc *document) {
  bool ordered = true;
  for (size_t i = 1; ordered && i < value->count; i++)
    ordered = xmlXPathCmpNodes(value->items[i - 1].node, value->items[i].node) == 1;
  if (ordered) return;
  xmlXPathOrderDocElems(document);
  qsort(value->items, value->count, sizeof *value->items, by_place);
}

enum answer choose_visits(struct evaluation *evaluation, const struct expression *expression,
                          xmlNode *node, struct value *chosen) {
  enum answer answer = choose(evaluation, expression, evaluation->scope, node, chosen);
  if (answer == ANSWER_YES) put_in_order(chosen, evaluation->run->document);
  return answer;
}
