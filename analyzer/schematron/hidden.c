/* Contexts that nobody sees: a mark that could hide a context node of a pattern
 * is one unknown of that pattern, so that "not applicable" is never said of what
 * is not known. */
#include "schematron/run_state.h"

#include "base/text.h"

#include <string.h>

struct search {
  struct run *run;
  const struct matcher *matcher;
  xmlElementType kind; /* of the matcher's target */
  const char *name;
  struct causes *causes;
  bool found;
};

/* Names first: most marks have nothing to do with most contexts. */
static bool name_fits(const struct search *search, const char *of, bool attribute) {
  const struct vocabulary *vocabulary = search->run->schema->options.vocabulary;
  if (attribute)
    return (search->kind == XML_ATTRIBUTE_NODE || search->kind == 0) &&
           (search->name == NULL || strcmp(search->name, of) == 0);
  if (search->kind == XML_DOCUMENT_NODE) return false;
  if (search->kind != XML_ELEMENT_NODE || search->name == NULL || vocabulary == NULL) return true;
  return strcmp(search->name, of) == 0 ||
         vocabulary->may_contain(vocabulary->data, of, search->name);
}

static bool has_words(const struct causes *causes, const struct cause *cause) {
  for (size_t i = 0; i < causes->count; i++)
    if (causes->items[i]->words == cause->words) return true;
  return false;
}

static bool wanted(void *data, const char *of, bool attribute, const struct cause *cause) {
  struct search *search = data;
  if (cause == NULL) return name_fits(search, of, attribute);
  return !has_words(search->causes, cause);
}

static bool visit(void *data, xmlNode *under, const char *of, const struct cause *cause) {
  struct search *search = data;
  struct run *run = search->run;
  evaluation_reset(&run->live);
  run->live.current = under;
  enum matcher_answer answer =
      matcher_hidden(search->matcher, under, of, run->schema->options.vocabulary, &run->evaluator);
  if (answer != MATCHER_NO || run->live.failed) {
    causes_add(search->causes, cause);
    search->found = true;
  }
  return answer != MATCHER_NO;
}

bool hidden_nodes(struct run *run, const struct matcher *matcher, struct causes *causes) {
  if (run->marks == NULL) return false;
  struct causes found = {0}; /* its own: words that are told already still hide nodes */
  struct search search = {.run = run, .matcher = matcher, .causes = &found};
  matcher_target(matcher, &search.kind, &search.name);
  struct mark_visitor visitor = {&search, wanted, visit};
  marks_visit(run->marks, &visitor);
  causes_add_all(causes, &found);
  causes_dispose(&found);
  return search.found;
}

/* A context that is key('k', 'v') itself matches what the key matches. */
static void hidden_of_key(struct run *run, const struct xpath_node *call, struct causes *causes) {
  size_t number = (size_t)map_get(run->schema->key_numbers, call->first->name);
  const struct key *key = number == 0 ? NULL : &run->schema->keys[number - 1];
  for (size_t i = 0; key != NULL && i < key->count; i++)
    for (size_t j = 0; j < key->declarations[i].alternative_count; j++)
      hidden_nodes(run, key->declarations[i].alternatives[j], causes);
}

static void hidden_of_rule(struct run *run, const struct plan_rule *rule, struct causes *causes) {
  for (size_t i = 0; i < rule->alternative_count; i++) {
    const struct xpath_node *node = rule->alternative_nodes[i];
    if (node->kind == EXPR_CALL && text_equal(node->name, "key"))
      hidden_of_key(run, node, causes);
    else
      hidden_nodes(run, rule->alternatives[i], causes);
  }
}

static void hidden_of_pattern(struct run *run, const struct plan_pattern *plan) {
  struct causes causes = {0};
  run->live.scope = &plan->scope;
  run->live.rule = NULL;
  run->live.assertion = NULL;
  for (size_t i = 0; i < plan->shown->rule_count; i++)
    hidden_of_rule(run, &plan->rules[i], &causes);
  if (causes.count > 0) {
    struct engine_outcome outcome = {.pattern = plan->shown};
    run_tell_unknown(run, &outcome, &causes);
  }
  causes_dispose(&causes);
}

void hidden_contexts(struct run *run) {
  for (size_t i = 0; run->marks != NULL && i < run->schema->pattern_count; i++)
    if (run->active == NULL || run->active[i]) hidden_of_pattern(run, &run->schema->plans[i]);
}
