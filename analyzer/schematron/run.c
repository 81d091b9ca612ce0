/* The run: one walk over the document, every node held against the contexts that
 * its kind and name can match, the first matching rule of each pattern, and the
 * outcomes told. */
#include "schematron/run_state.h"

#include "base/text.h"

#include <string.h>

/* ---- Walking --------------------------------------------------------------- */

xmlNode *run_next(xmlNode *node, const xmlNode *top, bool enter) {
  bool parent = node->type == XML_ELEMENT_NODE || node->type == XML_DOCUMENT_NODE;
  if (enter && parent && node->children != NULL) return node->children;
  while (node != top && node->next == NULL)
    node = node->parent;
  return node == top ? NULL : node->next;
}

/* ---- What the matcher asks ------------------------------------------------- */

static enum matcher_answer to_matcher(enum answer answer) {
  switch (answer) {
  case ANSWER_NO:
    return MATCHER_NO;
  case ANSWER_YES:
    return MATCHER_YES;
  default:
    return MATCHER_UNKNOWN;
  }
}

/* An error is no answer: the matcher may remember what it is told. One that came
 * before stays the one to tell, and does not disturb this question. */
static enum matcher_answer on_predicate(void *data, const struct xpath_node *predicate,
                                        xmlNode *node, size_t position, size_t size) {
  struct run *run = data;
  struct evaluation *live = &run->live;
  const struct part_place *place = pointers_get(&run->schema->by_predicate, predicate);
  if (place == NULL) return MATCHER_UNKNOWN;
  bool failed = live->failed;
  char error[sizeof live->error];
  if (failed) memcpy(error, live->error, sizeof error);
  live->failed = false;
  struct focus focus = {node, (int)position, (int)size};
  enum answer answer = unknown_predicate(live, place->expression, place->part, focus);
  if (live->failed) answer = ANSWER_UNKNOWN;
  if (failed) memcpy(live->error, error, sizeof error);
  live->failed = live->failed || failed;
  return to_matcher(answer);
}

static enum matcher_answer on_front(void *data, const struct xpath_node *call, xmlNode *node) {
  struct run *run = data;
  const struct xpath_node *first = call->first;
  if (text_equal(call->name, "id")) {
    const xmlAttr *id = xmlGetID(run->document, BAD_CAST first->name);
    return id != NULL && id->parent == node ? MATCHER_YES : MATCHER_NO;
  }
  return to_matcher(keys_front(&run->live, first->name, first->next->name, node));
}

static bool on_marked(void *data, xmlNode *element, const char *of) {
  struct run *run = data;
  if (run->marks == NULL) return false;
  struct causes *causes = &run->live.causes;
  if (of[0] == '@')
    return marks_attribute(run->marks, element, strcmp(of, "@*") == 0 ? NULL : of + 1, causes);
  return marks_child(run->marks, element, strcmp(of, "*") == 0 ? NULL : of, causes);
}

static const char *on_prefix(void *data, const char *prefix) {
  const struct run *run = data;
  for (size_t i = 0; i < run->schema->namespace_count; i++)
    if (text_equal((const char *)run->schema->namespaces[i]->prefix, prefix))
      return (const char *)run->schema->namespaces[i]->href;
  return NULL;
}

enum answer run_match(struct run *run, const struct matcher *matcher, xmlNode *node) {
  switch (matcher_match(matcher, node, &run->evaluator)) {
  case MATCHER_NO:
    return ANSWER_NO;
  case MATCHER_YES:
    return ANSWER_YES;
  default:
    return ANSWER_UNKNOWN;
  }
}

/* ---- Telling --------------------------------------------------------------- */

void run_tell_unknown(struct run *run, const struct engine_outcome *outcome,
                      const struct causes *causes) {
  run->tallies[outcome->pattern->number].unknown++;
  if (run->listener->on_unknown == NULL) return;
  struct unknown_cause *shown = alloc_array(causes->count + 1, sizeof *shown);
  for (size_t i = 0; i < causes->count; i++)
    shown[i] = causes->items[i]->shown;
  run->listener->on_unknown(run->listener->data, outcome, shown, causes->count);
  alloc_free(shown);
}

/* The matcher remembers answers about siblings without the marks they came from;
 * the marks that bear on the node are named then. */
static void tell_unknown_at(struct run *run, const struct engine_outcome *outcome) {
  struct causes *causes = &run->live.causes;
  if (causes->count == 0 && run->marks != NULL) marks_around(run->marks, outcome->context, causes);
  run_tell_unknown(run, outcome, causes);
}

static void tell_error(struct run *run, const struct engine_outcome *outcome) {
  run->tallies[outcome->pattern->number].errors++;
  if (run->listener->on_error != NULL)
    run->listener->on_error(run->listener->data, outcome, run->live.error);
}

static void tell_fail(struct run *run, const struct engine_outcome *outcome) {
  run->tallies[outcome->pattern->number].failed++;
  if (run->listener->on_fail == NULL) return;
  struct evaluation *live = &run->live;
  evaluation_reset(live);
  if (run->schema->edition_2025) live->told = evaluation_subject(live);
  run->listener->on_fail(run->listener->data, outcome, live);
  live->told = NULL;
}

/* ---- Rules ----------------------------------------------------------------- */

static void judge(struct run *run, const struct plan_assertion *assertion,
                  const struct engine_outcome *outcome) {
  struct evaluation *live = &run->live;
  live->assertion = assertion;
  run->tallies[outcome->pattern->number].evaluations++;
  struct focus focus = {live->context, 1, 1};
  enum answer answer = evaluation_test(live, assertion->test, focus);
  if (live->failed)
    tell_error(run, outcome);
  else if (answer == ANSWER_UNKNOWN)
    tell_unknown_at(run, outcome);
  else if ((answer == ANSWER_YES) == assertion->shown->is_report)
    tell_fail(run, outcome);
  else
    run->tallies[outcome->pattern->number].passed++;
}

/* `place` is the context node that is told: `node`, or where it was chosen. */
static void judge_all(struct run *run, const struct plan_pattern *pattern,
                      const struct plan_rule *rule, xmlNode *node, xmlNode *place) {
  struct evaluation *live = &run->live;
  run->tallies[pattern->shown->number].contexts++;
  live->pattern = pattern->shown;
  live->rule = rule;
  live->context = live->current = node;
  live->scope = &rule->scope;
  if (run->listener->on_fire != NULL)
    run->listener->on_fire(run->listener->data,
                           &(struct engine_outcome){pattern->shown, rule->shown, NULL, place});
  for (size_t i = 0; i < rule->shown->assertion_count; i++) {
    struct engine_outcome outcome = {pattern->shown, rule->shown, &rule->shown->assertions[i],
                                     place};
    judge(run, &rule->assertions[i], &outcome);
  }
  live->rule = NULL;
  live->assertion = NULL;
  for (size_t i = 0; i < rule->scope.count; i++)
    evaluation_forget_variable(&run->variables[rule->scope.lets[i]->slot]);
}

/* One after the other, at each of the nodes that the rule chooses here. */
static void visit_each(struct run *run, const struct plan_pattern *pattern,
                       const struct plan_rule *rule, xmlNode *node) {
  struct evaluation *live = &run->live;
  struct engine_outcome outcome = {pattern->shown, rule->shown, NULL, node};
  struct value chosen = {0};
  enum answer answer = choose_visits(live, rule->visit_each, node, &chosen);
  if (live->failed)
    tell_error(run, &outcome);
  else if (answer == ANSWER_UNKNOWN)
    tell_unknown_at(run, &outcome);
  for (size_t i = 0; answer == ANSWER_YES && i < chosen.count; i++) {
    xmlNode *each = chosen.items[i].node;
    bool placed = each->type != XML_NAMESPACE_DECL && each->doc == node->doc;
    judge_all(run, pattern, rule, each, placed ? each : node);
  }
  value_dispose(&chosen);
}

static void fire(struct run *run, const struct plan_pattern *pattern, const struct plan_rule *rule,
                 xmlNode *node) {
  if (rule->visit_each == NULL)
    judge_all(run, pattern, rule, node, node);
  else
    visit_each(run, pattern, rule, node);
  scratch_release(run); /* now nothing refers to them */
}

static void leave_undecided(struct run *run, const struct plan_pattern *pattern,
                            const struct plan_rule *rule, xmlNode *node) {
  struct engine_outcome outcome = {pattern->shown, rule->shown, NULL, node};
  if (run->live.failed)
    tell_error(run, &outcome);
  else
    tell_unknown_at(run, &outcome);
}

/* The alternatives of one pattern that can match this node, in order of rules. */
static void visit_pattern(struct run *run, const struct alternative *const *items, size_t count,
                          xmlNode *node) {
  const struct plan_pattern *pattern = &run->schema->plans[items[0]->pattern];
  struct evaluation *live = &run->live;
  for (size_t i = 0; i < count;) {
    size_t rule = items[i]->rule;
    enum answer answer = ANSWER_NO;
    live->scope = &pattern->scope;
    live->current = live->context = node;
    evaluation_reset(live);
    for (; i < count && items[i]->rule == rule; i++) {
      enum answer one = answer == ANSWER_YES ? ANSWER_NO : run_match(run, items[i]->matcher, node);
      if (one != ANSWER_NO) answer = one;
    }
    if (answer == ANSWER_UNKNOWN) leave_undecided(run, pattern, &pattern->rules[rule], node);
    if (answer == ANSWER_YES) fire(run, pattern, &pattern->rules[rule], node);
    if (answer != ANSWER_NO && !pattern->group) return;
  }
}

static void visit(struct run *run, const struct candidates *candidates, xmlNode *node) {
  if (candidates->count == 0 || !chosen_has(run, node)) return;
  for (size_t i = 0, end = 0; i < candidates->count; i = end) {
    while (end < candidates->count &&
           candidates->items[end]->pattern == candidates->items[i]->pattern)
      end++;
    uint64_t (*clock)(void *) = run->listener->clock;
    uint64_t begin = clock == NULL ? 0 : clock(run->listener->data);
    struct pattern_tally *tally = &run->tallies[candidates->items[i]->pattern];
    visit_pattern(run, candidates->items + i, end - i, node);
    if (clock != NULL) tally->ticks += clock(run->listener->data) - begin;
    scratch_release(run);
  }
}

/* ---- Nodes ----------------------------------------------------------------- */

static void visit_element(struct run *run, xmlNode *node) {
  if (run->elements.wanted) visit(run, dispatch_candidates(run, &run->elements, node), node);
  for (xmlAttr *each = run->attributes.wanted ? node->properties : NULL; each != NULL;
       each = each->next)
    visit(run, dispatch_candidates(run, &run->attributes, (xmlNode *)each), (xmlNode *)each);
}

static void walk_surveyed(struct run *run) {
  for (size_t i = 0; i < run->survey.count; i++) {
    xmlNode *node = run->survey.elements[i];
    visit(run, dispatch_candidates(run, &run->elements, node), node);
  }
}

static void walk(struct run *run) {
  if (run->survey.has_contexts) {
    walk_surveyed(run);
    return;
  }
  xmlNode *top = (xmlNode *)run->document;
  for (xmlNode *node = top; node != NULL;) {
    bool is_mark = run->marks != NULL && run_is_mark(run, node);
    if (node->type == XML_ELEMENT_NODE) {
      if (!is_mark) visit_element(run, node);
    } else if (run->others.wanted && node->type != XML_DTD_NODE) {
      visit(run, dispatch_others(run, node), node);
    }
    node = run_next(node, top, !is_mark);
  }
}

/* ---- Beginning and end ----------------------------------------------------- */

void run_begin(struct run *run) {
  const struct schema *schema = run->schema;
  evaluation_setup(run);
  run->natives = alloc_array(schema->part_count + 1, sizeof *run->natives);
  run->touched = alloc_array(schema->part_count + 1, sizeof *run->touched);
  run->touch_known = alloc_array(schema->expression_count + 1, sizeof *run->touch_known);
  dispatch_setup(run);
  survey_make(run);
  run->marks = marks_new(run);
  run->evaluator = (struct matcher_evaluator){.data = run,
                                              .predicate = on_predicate,
                                              .front = on_front,
                                              .marked = run->marks == NULL ? NULL : on_marked,
                                              .namespace_uri = on_prefix,
                                              .positions = matcher_positions_new(),
                                              .unseen_namespace = schema->options.mark_namespace};
}

void run_end(struct run *run) {
  keys_dispose(run);
  for (size_t i = 0; i < run->schema->part_count; i++) {
    if (run->natives[i].full != NULL) xmlXPathFreeCompExpr(run->natives[i].full);
    if (run->natives[i].bare != NULL) xmlXPathFreeCompExpr(run->natives[i].bare);
  }
  alloc_free(run->natives);
  alloc_free(run->touched);
  alloc_free(run->touch_known);
  marks_free(run->marks);
  matcher_positions_free(run->evaluator.positions);
  dispatch_teardown(run);
  survey_dispose(run);
  evaluation_teardown(run);
  scratch_dispose(run);
  pointers_dispose(&run->chosen);
}

/* ---- Other documents ------------------------------------------------------- */

static void run_elsewhere(struct run *home, size_t pattern, xmlDoc *document) {
  bool *active = alloc_array(home->schema->pattern_count, sizeof *active);
  active[pattern] = true;
  struct run run = {.schema = home->schema,
                    .home = home,
                    .phase = home->phase,
                    .library = home->library,
                    .document = document,
                    .active = active,
                    .data = home->data,
                    .listener = home->listener,
                    .tallies = home->tallies};
  run_begin(&run);
  walk(&run);
  hidden_contexts(&run);
  run_end(&run);
  alloc_free(active);
}

/* A pattern with `documents` looks at those alone. What marks leave unknown in the
 * document of the run is not followed into others: then nothing is said of it. */
static void run_named(struct run *run, size_t number) {
  struct evaluation *live = &run->live;
  const struct expression *documents = run->schema->plans[number].documents;
  struct engine_outcome outcome = {.pattern = run->schema->plans[number].shown};
  struct focus focus = {(xmlNode *)run->document, 1, 1};
  struct value value = {0};
  evaluation_reset(live);
  live->scope = run->phase != NULL ? &run->phase->scope : &run->schema->scope;
  live->current = live->context = focus.node;
  unknown_value(live, documents, 0, focus, &value);
  bool known = value_known(&value) && run->marks == NULL;
  xmlNodeSet *found = known && !live->failed ? documents_named(live, &value) : NULL;
  if (live->failed) {
    tell_error(run, &outcome);
  } else if (!known) {
    outcome.context = focus.node; /* to name the marks around it */
    if (live->causes.count == 0) marks_around(run->marks, outcome.context, &live->causes);
    outcome.context = NULL;
    run_tell_unknown(run, &outcome, &live->causes);
  }
  for (int i = 0; found != NULL && i < found->nodeNr; i++)
    run_elsewhere(run, number, (xmlDoc *)found->nodeTab[i]);
  xmlXPathFreeNodeSet(found);
  value_dispose(&value);
  scratch_release(run);
}

/* Which part of the document the phase looks at cannot be told. */
static void tell_all(struct run *run) {
  for (size_t i = 0; i < run->schema->pattern_count; i++) {
    struct engine_outcome outcome = {.pattern = run->schema->plans[i].shown};
    if (!run->active[i]) continue;
    if (run->live.failed)
      tell_error(run, &outcome);
    else
      run_tell_unknown(run, &outcome, &run->live.causes);
  }
}

static bool is_elsewhere(const struct run *run, size_t pattern) {
  return run->schema->plans[pattern].documents != NULL;
}

static void run_all(struct run *run, const bool *active) {
  size_t count = run->schema->pattern_count;
  bool *here = alloc_array(count + 1, sizeof *here);
  for (size_t i = 0; i < count; i++)
    here[i] = (active == NULL || active[i]) && !is_elsewhere(run, i);
  memset(run->tallies, 0, count * sizeof *run->tallies);
  run->active = here;
  run->library = library_new();
  run_begin(run);
  if (choose_nodes(run)) {
    walk(run);
    hidden_contexts(run);
  } else {
    tell_all(run);
  }
  for (size_t i = 0; i < count; i++)
    if ((active == NULL || active[i]) && is_elsewhere(run, i)) run_named(run, i);
  run_end(run);
  exslt_regexp_dispose(run);
  library_free(run->library);
  alloc_free(here);
}

/* ---- From outside ---------------------------------------------------------- */

void engine_run(const struct schema *schema, xmlDoc *document, const bool *active, void *data,
                const struct engine_listener *listener, struct pattern_tally *tallies) {
  struct run run = {.schema = schema,
                    .document = document,
                    .data = data,
                    .listener = listener,
                    .tallies = tallies};
  run_all(&run, active);
}

static const struct phase *find_phase(const struct schema *schema, const char *name) {
  if (text_equal(name, "#DEFAULT")) name = schema_default_phase(schema);
  for (size_t i = 0; i < schema->phase_count; i++)
    if (text_equal(schema->phases[i].id, name)) return &schema->phases[i];
  return NULL;
}

bool engine_run_phase(const struct schema *schema, xmlDoc *document, const char *phase, void *data,
                      const struct engine_listener *listener, struct pattern_tally *tallies) {
  bool *active = alloc_array(schema->pattern_count + 1, sizeof *active);
  bool known = schema_phase(schema, phase, active);
  struct run run = {.schema = schema,
                    .phase = find_phase(schema, phase),
                    .document = document,
                    .data = data,
                    .listener = listener,
                    .tallies = tallies};
  if (known) run_all(&run, active);
  alloc_free(active);
  return known;
}
