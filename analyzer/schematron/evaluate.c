/* Evaluation by libxml2: its context, the variables it asks for, its errors. What
 * marks or functions leave unknown goes on to unknown.c. */
#include "schematron/run_state.h"

#include "base/text.h"
#include "schematron/quick.h"

#include <libxml/xpathInternals.h>
#include <stdio.h>
#include <string.h>

/* Steps of libxml2's evaluator for one expression; a hostile document or a rule
 * that walks everything for every node ends in an error result, not in hours. */
#define OPERATIONS_MOST 10000000ul

/* ---- Causes ---------------------------------------------------------------- */

void causes_add(struct causes *causes, const struct cause *cause) {
  for (size_t i = 0; i < causes->count; i++)
    if (causes->items[i]->words == cause->words) return;
  ARRAY_PUSH(causes->items, causes->count, causes->capacity) = cause;
}

void causes_add_all(struct causes *causes, const struct causes *more) {
  for (size_t i = 0; i < more->count; i++)
    causes_add(causes, more->items[i]);
}

void causes_dispose(struct causes *causes) {
  alloc_free(causes->items);
  *causes = (struct causes){0};
}

/* A function says the same of one node after another. */
static bool says(const struct cause *cause, const char *reason, const char *needs,
                 const char *note) {
  return cause != NULL && strcmp(cause->shown.reason, reason) == 0 &&
         strcmp(cause->shown.needs, needs) == 0 && strcmp(cause->shown.note, note) == 0;
}

/* Owns nothing but itself and its texts; kept until the run ends. */
const struct cause *run_cause(struct run *run, const char *reason, const char *needs,
                              const char *note, xmlNode *mark) {
  run = run_root(run);
  if (mark == NULL && says(run->last_cause, reason, needs, note)) return run->last_cause;
  char *key = alloc_format("%s\n%s\n%s", reason, needs, note);
  void **place = map_at(run->words, key);
  alloc_free(key);
  struct cause *first = *place;
  if (first != NULL && mark == NULL) return run->last_cause = first;
  struct cause *cause = alloc_bytes(sizeof *cause);
  cause->words = first != NULL ? first->words : map_count(run->words);
  cause->shown = first != NULL ? first->shown
                               : (struct unknown_cause){alloc_text(reason), alloc_text(needs),
                                                        alloc_text(note), NULL};
  cause->shown.mark = mark;
  if (first == NULL) *place = cause;
  ARRAY_PUSH(run->causes, run->cause_count, run->cause_capacity) = cause;
  return cause;
}

/* ---- What functions see ---------------------------------------------------- */

struct evaluation *evaluation_of(xmlXPathParserContextPtr ctxt) {
  return ctxt->context->userData;
}

void *evaluation_data(struct evaluation *evaluation) {
  return evaluation->run->data;
}

xmlNode *evaluation_current(struct evaluation *evaluation) {
  return evaluation->current;
}

void evaluation_unknown(struct evaluation *evaluation, const char *reason, const char *needs,
                        const char *note) {
  evaluation->unknown = true;
  causes_add(&evaluation->causes,
             run_cause(evaluation->run, reason == NULL ? "" : reason, needs == NULL ? "" : needs,
                       note == NULL ? "" : note, NULL));
}

void evaluation_saw(struct evaluation *evaluation, xmlNode *node) {
  if (evaluation->seen != NULL) xmlXPathNodeSetAddUnique(evaluation->seen, node);
}

/* The first error is the one to tell. */
void evaluation_fail(struct evaluation *evaluation, const char *message) {
  if (evaluation->failed) return;
  evaluation->failed = true;
  char *printable = text_printable(message, sizeof evaluation->error - 1);
  snprintf(evaluation->error, sizeof evaluation->error, "%s", printable);
  alloc_free(printable);
}

void evaluation_error(struct evaluation *evaluation, const char *format, ...) {
  char message[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  evaluation_fail(evaluation, message);
}

static bool is_not_a_number(xmlXPathObjectPtr object) {
  return range_of_object(object, false).not_number;
}

void evaluation_not_a_number(struct evaluation *evaluation, xmlXPathObjectPtr left,
                             xmlXPathObjectPtr right) {
  xmlXPathObjectPtr culprit = is_not_a_number(left) ? left : right;
  xmlChar *text = xmlXPathCastToString(culprit);
  evaluation_error(evaluation, "a comparison by size with something that is not a number: '%s'",
                   (const char *)text);
  xmlFree(text);
}

/* ---- libxml2 --------------------------------------------------------------- */

static void on_error(void *data, xmlErrorPtr error) {
  char message[512];
  snprintf(message, sizeof message, "%s", error->message == NULL ? "" : error->message);
  message[strcspn(message, "\r\n")] = '\0';
  if (error->code == XML_XPATH_EXPRESSION_OK + XPATH_OP_LIMIT_EXCEEDED)
    snprintf(message, sizeof message, "the evaluation takes too long and was stopped");
  evaluation_fail(data, message[0] == '\0' ? "the expression cannot be evaluated" : message);
}

static xmlXPathFunction look_up_function(void *data, const xmlChar *name, const xmlChar *uri) {
  const struct run *run = data;
  const struct known_function *function =
      functions_find(run->schema->functions, (const char *)name, (const char *)uri);
  return function == NULL ? NULL : function->call;
}

static xmlXPathObjectPtr look_up_variable(void *data, const xmlChar *name, const xmlChar *uri) {
  struct run *run = data;
  struct evaluation *evaluation = &run->live;
  const struct let *let =
      uri == NULL ? evaluation_let(evaluation, evaluation->scope, (const char *)name) : NULL;
  if (let == NULL) {
    evaluation_error(evaluation, "the variable '$%s' is not defined in this phase",
                     (const char *)name);
    return NULL;
  }
  const struct variable *variable = evaluation_variable(evaluation, let);
  if (variable->error != NULL) evaluation_fail(evaluation, variable->error);
  if (!variable->known) {
    evaluation->unknown = true;
    causes_add_all(&evaluation->causes, &variable->causes);
  }
  return variable->object == NULL ? xmlXPathNewNodeSet(NULL) : xmlXPathObjectCopy(variable->object);
}

void evaluation_setup(struct run *run) {
  xmlXPathContextPtr context = xmlXPathNewContext(run->document);
  run->xpath = context;
  xmlXPathContextSetCache(context, 1, -1, 0);
  context->namespaces = run->schema->namespaces;
  context->nsNr = (int)run->schema->namespace_count;
  context->userData = &run->live;
  context->error = on_error;
  context->opLimit = OPERATIONS_MOST;
  xmlXPathRegisterFuncLookup(context, look_up_function, run);
  xmlXPathRegisterVariableLookup(context, look_up_variable, run);
  run->live = (struct evaluation){.run = run, .current = (xmlNode *)run->document};
  if (run->home == NULL) run->words = map_new();
  run->variables = alloc_array(run->schema->let_count + 1, sizeof *run->variables);
}

static void drop_causes(struct run *run) {
  if (run->words == NULL) return;
  for (size_t i = 0; i < map_count(run->words); i++) {
    struct cause *first = map_value(run->words, i);
    alloc_free((void *)first->shown.reason);
    alloc_free((void *)first->shown.needs);
    alloc_free((void *)first->shown.note);
  }
  for (size_t i = 0; i < run->cause_count; i++)
    alloc_free(run->causes[i]);
  alloc_free(run->causes);
  map_free(run->words);
}

void evaluation_teardown(struct run *run) {
  for (size_t i = 0; i < run->schema->let_count; i++)
    evaluation_forget_variable(&run->variables[i]);
  alloc_free(run->variables);
  run->xpath->namespaces = NULL;
  run->xpath->nsNr = 0;
  xmlXPathFreeContext(run->xpath);
  causes_dispose(&run->live.causes);
  drop_causes(run);
  pointers_dispose(&run->identities);
}

struct run *run_root(struct run *run) {
  return run->home == NULL ? run : run->home;
}

xmlDoc *evaluation_document(const struct run *run, const xmlNode *node) {
  if (node == NULL || node->type == XML_NAMESPACE_DECL || node->doc == NULL) return run->document;
  return node->doc;
}

static void put_focus(struct run *run, struct focus focus) {
  xmlXPathContextPtr context = run->xpath;
  context->node = focus.node;
  context->doc = evaluation_document(run, focus.node);
  context->proximityPosition = focus.position > 0 ? focus.position : 1;
  context->contextSize = focus.size > 0 ? focus.size : 1;
}

xmlXPathObjectPtr evaluation_object(struct evaluation *evaluation, xmlXPathCompExprPtr compiled,
                                    struct focus focus) {
  xmlXPathContextPtr context = evaluation->run->xpath;
  if (compiled == NULL) {
    evaluation_fail(evaluation, "the expression is too large");
    return NULL;
  }
  put_focus(evaluation->run, focus);
  xmlXPathObjectPtr object = xmlXPathCompiledEval(compiled, context);
  if (object == NULL && !evaluation->failed)
    evaluation_fail(evaluation, "the expression cannot be evaluated");
  if (!evaluation->failed) return object;
  xmlXPathFreeObject(object);
  return NULL;
}

bool evaluation_truth(struct evaluation *evaluation, xmlXPathCompExprPtr compiled,
                      struct focus focus) {
  if (compiled == NULL) {
    evaluation_fail(evaluation, "the expression is too large");
    return false;
  }
  put_focus(evaluation->run, focus);
  int truth = xmlXPathCompiledEvalToBoolean(compiled, evaluation->run->xpath);
  if (truth < 0) evaluation_fail(evaluation, "the expression cannot be evaluated");
  return truth > 0;
}

/* ---- Three-valued ---------------------------------------------------------- */

void evaluation_reset(struct evaluation *evaluation) {
  evaluation->causes.count = 0;
  evaluation->unknown = evaluation->failed = false;
  evaluation->run->xpath->opCount = 0;
}

enum answer evaluation_test(struct evaluation *evaluation, const struct expression *expression,
                            struct focus focus) {
  evaluation_reset(evaluation);
  if (!unknown_touched(evaluation->run, expression, 0)) {
    enum quick_answer quick =
        expression->parts[0].quick ? quick_truth(expression->tree, focus.node) : QUICK_CANNOT;
    if (quick != QUICK_CANNOT) return quick == QUICK_YES ? ANSWER_YES : ANSWER_NO;
    bool truth = evaluation_truth(evaluation, expression->whole, focus);
    if (!evaluation->unknown) return truth ? ANSWER_YES : ANSWER_NO;
    evaluation_reset(evaluation);
  }
  return unknown_boolean(evaluation, expression, 0, focus);
}

/* ---- Variables ------------------------------------------------------------- */

void evaluation_enter(struct evaluation *evaluation, struct frame *frame, const struct scope *scope,
                      xmlNode *current) {
  xmlXPathContextPtr context = evaluation->run->xpath;
  *frame = (struct frame){.current = evaluation->current,
                          .node = context->node,
                          .document = context->doc,
                          .position = context->proximityPosition,
                          .size = context->contextSize,
                          .operations = context->opCount,
                          .scope = evaluation->scope,
                          .causes = evaluation->causes,
                          .unknown = evaluation->unknown,
                          .failed = evaluation->failed};
  memcpy(frame->error, evaluation->error, sizeof frame->error);
  evaluation->causes = (struct causes){0};
  evaluation->scope = scope;
  evaluation->current = current;
  evaluation_reset(evaluation);
}

void evaluation_leave(struct evaluation *evaluation, struct frame *frame) {
  xmlXPathContextPtr context = evaluation->run->xpath;
  causes_dispose(&evaluation->causes);
  evaluation->current = frame->current;
  context->node = frame->node;
  context->doc = frame->document;
  context->proximityPosition = frame->position;
  context->contextSize = frame->size;
  context->opCount = frame->operations;
  evaluation->scope = frame->scope;
  evaluation->causes = frame->causes;
  evaluation->unknown = frame->unknown;
  evaluation->failed = frame->failed;
  memcpy(evaluation->error, frame->error, sizeof frame->error);
}

static void compute_variable(struct evaluation *evaluation, const struct let *let,
                             struct variable *variable, xmlNode *node) {
  const struct expression *expression = let->value;
  struct focus focus = {node, 1, 1};
  variable->object = evaluation_object(evaluation, expression->whole, focus);
  variable->known = !evaluation->unknown && !unknown_touched(evaluation->run, expression, 0);
  if (!variable->known) {
    evaluation_reset(evaluation);
    unknown_value(evaluation, expression, 0, focus, &variable->value);
    variable->known = !evaluation->failed && value_known(&variable->value);
  }
  if (evaluation->failed && variable->error == NULL)
    variable->error = alloc_text(evaluation->error);
  if (!variable->known) causes_add_all(&variable->causes, &evaluation->causes);
  if (variable->error != NULL) variable->known = true; /* an error, not an unknown */
}

static const struct let *let_in(const struct scope *scope, const char *name) {
  for (size_t i = 0; i < scope->count; i++)
    if (text_equal(scope->lets[i]->name, name)) return scope->lets[i];
  return NULL;
}

const struct let *evaluation_let(const struct evaluation *evaluation, const struct scope *scope,
                                 const char *name) {
  const struct run *run = evaluation->run;
  const struct scope *outermost = &run->schema->scope;
  bool of_schema = scope == outermost; /* the schema's own do not see those of a phase */
  for (; scope != NULL; scope = scope->outer) {
    const struct let *let = NULL;
    if (scope == outermost && run->phase != NULL && !of_schema)
      let = let_in(&run->phase->scope, name);
    if (let == NULL) let = let_in(scope, name);
    if (let != NULL) return let;
  }
  return pattern_let_find(run->schema, name);
}

/* Those of schema and phase belong to the document of the whole run. */
static bool is_of_home(const struct run *run, const struct let *let) {
  return run->home != NULL && (let->scope == &run->schema->scope ||
                               (run->phase != NULL && let->scope == &run->phase->scope));
}

/* Once per scope, when first asked for. */
const struct variable *evaluation_variable(struct evaluation *evaluation, const struct let *let) {
  if (is_of_home(evaluation->run, let))
    return evaluation_variable(&evaluation->run->home->live, let);
  struct variable *variable = &evaluation->run->variables[let->slot];
  if (variable->state == VARIABLE_DONE) return variable;
  if (variable->state == VARIABLE_BUSY) {
    if (variable->error == NULL)
      variable->error = alloc_format("the variable '$%s' depends on itself", let->name);
    variable->known = true;
    return variable;
  }
  variable->state = VARIABLE_BUSY;
  if (let->value == NULL) {
    variable->object = xmlXPathNewNodeSet((xmlNode *)let->element);
    variable->known = true;
  } else {
    xmlNode *node = let->of_rule ? evaluation->context : (xmlNode *)evaluation->run->document;
    struct frame frame;
    unsigned lasting = let->of_rule ? 0 : 1;
    evaluation->run->scratch.depth += lasting;
    evaluation_enter(evaluation, &frame, let->scope, node);
    compute_variable(evaluation, let, variable, node);
    evaluation_leave(evaluation, &frame);
    evaluation->run->scratch.depth -= lasting;
  }
  variable->state = VARIABLE_DONE;
  return variable;
}

void evaluation_forget_variable(struct variable *variable) {
  if (variable->state == VARIABLE_NEW) return;
  xmlXPathFreeObject(variable->object);
  value_dispose(&variable->value);
  causes_dispose(&variable->causes);
  alloc_free(variable->error);
  *variable = (struct variable){0};
}

/* ---- Identities ------------------------------------------------------------ */

void run_identity(struct run *run, const xmlNode *node, char text[32]) {
  run = run_root(run);
  void **place = pointers_at(&run->identities, node);
  if (*place == NULL) *place = (void *)run->identities.count;
  snprintf(text, 32, "id%zu", (size_t)*place);
}
