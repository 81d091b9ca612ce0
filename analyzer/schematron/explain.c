/* Explanations: the paths and variables of an expression, evaluated once more. */
#include "schematron/explain.h"

#include "base/text.h"
#include "schematron/run_state.h"

#include <libxml/xpathInternals.h>

enum { EXPLAINED_VARIABLES_MOST = 64 };

struct telling {
  struct evaluation *evaluation;
  void (*tell)(void *data, const struct engine_value *value);
  void *data;
  const struct let *told[EXPLAINED_VARIABLES_MOST];
  size_t told_count;
};

static const struct expression *expression_of(const struct evaluation *evaluation,
                                              const xmlNode *element, const char *name) {
  for (const xmlAttr *each = element->properties; each != NULL; each = each->next)
    if (each->ns == NULL && text_equal((const char *)each->name, name))
      return pointers_get(&evaluation->run->schema->by_attribute, each);
  return NULL;
}

static size_t part_of(const struct expression *expression, const struct xpath_node *node) {
  for (size_t i = 0; i < expression->count; i++)
    if (expression->parts[i].node == node) return i;
  return 0;
}

/* ---- Paths ---------------------------------------------------------------- */

/* Does everything that it reads stand there for certain? */
static bool is_known(struct evaluation *evaluation, const struct expression *expression,
                     const struct xpath_node *node) {
  struct focus focus = {evaluation->context, 1, 1};
  struct value value = {0};
  evaluation_reset(evaluation);
  unknown_value(evaluation, expression, part_of(expression, node), focus, &value);
  bool known = value_known(&value) && !evaluation->failed && !evaluation->unknown;
  value_dispose(&value);
  evaluation_reset(evaluation);
  return known;
}

static void tell_object(struct telling *telling, struct engine_value *value,
                        xmlXPathObjectPtr object) {
  xmlChar *text = object == NULL ? NULL : xmlXPathCastToString(object);
  value->text = text == NULL ? "" : (const char *)text;
  xmlNodeSet *none = NULL;
  if (object != NULL && object->type == XPATH_NODESET) {
    if (object->nodesetval == NULL)
      none = xmlXPathNodeSetCreate(NULL);
    else
      xmlXPathNodeSetSort(object->nodesetval);
    value->nodes = object->nodesetval != NULL ? object->nodesetval : none;
  }
  telling->tell(telling->data, value);
  xmlXPathFreeNodeSet(none);
  xmlFree(text);
}

/* A call of one of the caller's functions. */
static bool is_caller(const struct telling *telling, const struct xpath_node *node) {
  const struct known_function *function =
      node->kind == EXPR_CALL ? schema_function(telling->evaluation->run->schema, node) : NULL;
  return function != NULL && function->role == ROLE_CALLER;
}

static void tell_path(struct telling *telling, const struct expression *expression,
                      const struct xpath_node *node) {
  struct evaluation *evaluation = telling->evaluation;
  xmlXPathCompExprPtr compiled =
      expression_compile(evaluation->run->schema, expression->source, node, WRITE_WHOLE);
  if (compiled == NULL) return;
  struct focus focus = {evaluation->context, 1, 1};
  char *source = alloc_text_n(expression->source + node->start, node->end - node->start);
  struct engine_value value = {.name = source, .source = ""};
  value.known = is_known(evaluation, expression, node);
  evaluation->seen = xmlXPathNodeSetCreate(NULL);
  xmlXPathObjectPtr object = evaluation_object(evaluation, compiled, focus);
  value.plain = object != NULL && object->type != XPATH_NODESET;
  if (value.plain) value.nodes = evaluation->seen;
  evaluation_reset(evaluation);
  if (object != NULL && (!value.plain || is_caller(telling, node)))
    tell_object(telling, &value, object);
  xmlXPathFreeNodeSet(evaluation->seen);
  evaluation->seen = NULL;
  xmlXPathFreeObject(object);
  xmlXPathFreeCompExpr(compiled);
  alloc_free(source);
}

static void tell_paths(struct telling *telling, const struct expression *expression,
                       const struct xpath_node *node) {
  if (node->kind == EXPR_PATH || node->kind == EXPR_FILTER || node->kind == EXPR_UNION) {
    tell_path(telling, expression, node);
    return;
  }
  bool gives_nodes =
      node->kind == EXPR_CALL && expression->parts[part_of(expression, node)].type == TYPE_NODES;
  if (gives_nodes || is_caller(telling, node)) tell_path(telling, expression, node);
  for (const struct xpath_node *each = node->first; each != NULL; each = each->next)
    tell_paths(telling, expression, each);
}

void evaluation_reads(struct evaluation *evaluation, const xmlNode *element, const char *attribute,
                      void (*tell)(void *data, const struct engine_value *value), void *data) {
  const struct expression *expression = expression_of(evaluation, element, attribute);
  struct telling telling = {.evaluation = evaluation, .tell = tell, .data = data};
  if (expression != NULL) tell_paths(&telling, expression, expression->tree);
}

/* ---- Variables ------------------------------------------------------------- */

static bool was_told(const struct telling *telling, const struct let *let) {
  for (size_t i = 0; i < telling->told_count; i++)
    if (telling->told[i] == let) return true;
  return telling->told_count == EXPLAINED_VARIABLES_MOST;
}

static void tell_variables(struct telling *telling, const struct xpath_node *node);

static void tell_variable(struct telling *telling, const char *name) {
  struct evaluation *evaluation = telling->evaluation;
  const struct let *let = evaluation_let(evaluation, evaluation->scope, name);
  if (let == NULL || was_told(telling, let)) return;
  telling->told[telling->told_count++] = let;
  if (let->value != NULL) tell_variables(telling, let->value->tree);
  evaluation_reset(evaluation);
  const struct variable *variable = evaluation_variable(evaluation, let);
  struct engine_value value = {.name = let->name,
                               .source = let->value == NULL ? "" : let->value->source,
                               .known = variable != NULL && variable->known &&
                                        variable->causes.count == 0 && variable->error == NULL};
  tell_object(telling, &value, variable == NULL ? NULL : variable->object);
  evaluation_reset(evaluation);
}

static void tell_variables(struct telling *telling, const struct xpath_node *node) {
  for (; node != NULL; node = node->next) {
    if (node->kind == EXPR_VARIABLE) tell_variable(telling, node->name);
    tell_variables(telling, node->first);
    tell_variables(telling, node->predicates);
  }
}

void evaluation_variables(struct evaluation *evaluation, const xmlNode *element,
                          const char *attribute,
                          void (*tell)(void *data, const struct engine_value *value), void *data) {
  const struct expression *expression = expression_of(evaluation, element, attribute);
  struct telling telling = {.evaluation = evaluation, .tell = tell, .data = data};
  if (expression != NULL) tell_variables(&telling, expression->tree);
}
