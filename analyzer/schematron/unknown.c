/* Three-valued evaluation of expressions that marks touch, or in which a
 * function, key or variable said "unknown": a walk over the syntax tree that
 * hands every part that is certain to libxml2.
 *
 * A node-set is held as its sure members, its maybe members, and whether others
 * may belong to it (`open`). So existence and comparisons, which only need one
 * pair that holds, stay true where the rest is not known. */
#include "schematron/run_state.h"

#include "base/text.h"
#include "schematron/quick.h"

#include <libxml/xpathInternals.h>
#include <string.h>

/* ---- Which parts can be touched -------------------------------------------- */

static bool touched_by_name(const struct marks *marks, const struct part *part, const char *element,
                            const char *name) {
  switch (part->node->axis) {
  case AXIS_CHILD:
    return marks_touch_child(marks, element, name);
  case AXIS_ATTRIBUTE:
    return marks_touch_attribute(marks, element, name);
  case AXIS_FOLLOWING_SIBLING:
  case AXIS_PRECEDING_SIBLING:
    return marks_touch_child(marks, NULL, name);
  case AXIS_DESCENDANT:
  case AXIS_DESCENDANT_OR_SELF:
  case AXIS_FOLLOWING:
  case AXIS_PRECEDING:
    return marks_touch_below(marks, name);
  default:
    return false;
  }
}

/* "//" before a step to children: what matters is the step's name at any depth. */
bool unknown_deep_pair(const struct expression *expression, const struct part *part) {
  if (part->node->kind != EXPR_STEP || part->node->start != part->node->end || part->next == 0)
    return false;
  const struct part *next = &expression->parts[part->next];
  if (next->node->axis != AXIS_CHILD) return false;
  for (size_t each = next->predicates; each != 0; each = expression->parts[each].next)
    if (expression->parts[each].positional) return false;
  return true;
}

static bool step_touched(const struct marks *marks, const struct expression *expression,
                         const struct part *part) {
  const struct xpath_node *step = part->node;
  if (part->from.unchecked) return touched_by_name(marks, part, NULL, step->name);
  if (unknown_deep_pair(expression, part)) {
    const struct xpath_node *next = expression->parts[part->next].node;
    return (next->test == TEST_NAME || next->test == TEST_ANY || next->test == TEST_NODE) &&
           marks_touch_below(marks, next->test == TEST_NAME ? next->name : NULL);
  }
  if (step->test == TEST_TEXT || step->test == TEST_COMMENT || step->test == TEST_INSTRUCTION)
    return (step->axis == AXIS_DESCENDANT || step->axis == AXIS_FOLLOWING ||
            step->axis == AXIS_PRECEDING) &&
           marks_touch_below(marks, NULL);
  return touched_by_name(marks, part, part->from.element,
                         step->test == TEST_NAME ? step->name : NULL);
}

static void find_touched(struct run *run, const struct expression *expression, size_t number) {
  const struct part *part = &expression->parts[number];
  unsigned char *touched = run->touched + expression->first_part;
  bool any = part->node->kind == EXPR_STEP && step_touched(run->marks, expression, part);
  any = any || (part->reads_text && marks_touch_child(run->marks, NULL, NULL));
  for (size_t each = part->first; each != 0; each = expression->parts[each].next) {
    find_touched(run, expression, each);
    any = any || touched[each];
  }
  for (size_t each = part->predicates; each != 0; each = expression->parts[each].next) {
    find_touched(run, expression, each);
    any = any || touched[each];
  }
  touched[number] = any;
}

bool unknown_touched(struct run *run, const struct expression *expression, size_t part) {
  if (run->marks == NULL) return false;
  if (!run->touch_known[expression->number]) {
    find_touched(run, expression, 0);
    run->touch_known[expression->number] = true;
  }
  return run->touched[expression->first_part + part] != 0;
}

/* ---- Values ---------------------------------------------------------------- */

bool value_known(const struct value *value) {
  if (!value->nodes) return value->object != NULL;
  for (size_t i = 0; i < value->count; i++)
    if (!value->items[i].sure) return false;
  return !value->open;
}

void value_add(struct value *value, xmlNode *node, bool sure) {
  struct member member = {node, sure};
  ARRAY_PUSH(value->items, value->count, value->capacity) = member;
}

void value_dispose(struct value *value) {
  alloc_free(value->items);
  xmlXPathFreeObject(value->object);
  *value = (struct value){0};
}

void value_take_object(struct value *value, xmlXPathObjectPtr object) {
  if (object == NULL || (object->type != XPATH_NODESET && object->type != XPATH_XSLT_TREE)) {
    value->object = object;
    return;
  }
  value->nodes = true;
  for (int i = 0; object->nodesetval != NULL && i < object->nodesetval->nodeNr; i++)
    value_add(value, object->nodesetval->nodeTab[i], true);
  xmlXPathFreeObject(object);
}

enum answer value_boolean(const struct value *value) {
  if (!value->nodes) {
    if (value->object == NULL) return ANSWER_UNKNOWN;
    return xmlXPathCastToBoolean(value->object) ? ANSWER_YES : ANSWER_NO;
  }
  for (size_t i = 0; i < value->count; i++)
    if (value->items[i].sure) return ANSWER_YES;
  return value->count > 0 || value->open ? ANSWER_UNKNOWN : ANSWER_NO;
}

/* The text of an element is all text below it, so all that may be hidden there. */
bool text_known(struct evaluation *evaluation, const xmlNode *node) {
  const struct marks *marks = evaluation->run->marks;
  if (marks == NULL || (node->type != XML_ELEMENT_NODE && node->type != XML_DOCUMENT_NODE))
    return true;
  return !marks_below(marks, node, NULL, &evaluation->causes);
}

static bool texts_known(struct evaluation *evaluation, const struct value *value) {
  for (size_t i = 0; i < value->count; i++)
    if (!text_known(evaluation, value->items[i].node)) return false;
  return true;
}

/* ---- Parts that libxml2 evaluates ------------------------------------------ */

xmlXPathCompExprPtr unknown_native(struct run *run, const struct expression *expression,
                                   size_t part, enum write_form form) {
  struct native *native = &run->natives[expression->first_part + part];
  bool bare = form == WRITE_BARE || form == WRITE_DEEP_BARE;
  xmlXPathCompExprPtr *place = bare ? &native->bare : &native->full;
  const struct xpath_node *node = expression->parts[part].node;
  if (form == WRITE_DEEP || form == WRITE_DEEP_BARE) node = node->next; /* kept at the "//" */
  if (*place == NULL) *place = expression_compile(run->schema, expression->source, node, form);
  return *place;
}

xmlXPathObjectPtr unknown_plain(struct evaluation *evaluation, const struct expression *expression,
                                size_t part, struct focus focus) {
  bool failed = evaluation->failed;
  evaluation->unknown = false;
  xmlXPathCompExprPtr compiled = unknown_native(evaluation->run, expression, part, WRITE_WHOLE);
  xmlXPathObjectPtr object = evaluation_object(evaluation, compiled, focus);
  if (evaluation->unknown) evaluation->failed = failed;
  return object;
}

/* Is this part certain as it stands? Then `*object` is its value. */
static bool is_plain(struct evaluation *evaluation, const struct expression *expression,
                     size_t part, struct focus focus, xmlXPathObjectPtr *object) {
  *object = NULL;
  if (unknown_touched(evaluation->run, expression, part) ||
      (expression->parts[part].uses_position && focus.position == 0))
    return false;
  size_t causes = evaluation->causes.count;
  *object = unknown_plain(evaluation, expression, part, focus);
  if (!evaluation->unknown) return true;
  evaluation->unknown = false;
  evaluation->causes.count = causes;
  xmlXPathFreeObject(*object);
  *object = NULL;
  return false;
}

/* ---- Logic ----------------------------------------------------------------- */

static enum answer ask_junction(struct evaluation *evaluation, const struct expression *expression,
                                size_t part, struct focus focus, enum answer decisive) {
  size_t left = expression->parts[part].first, right = expression->parts[left].next;
  enum answer a = unknown_boolean(evaluation, expression, left, focus);
  if (a == decisive || evaluation->failed) return a;
  enum answer b = unknown_boolean(evaluation, expression, right, focus);
  if (b == decisive || evaluation->failed) return b;
  return a == ANSWER_UNKNOWN ? a : b;
}

static enum answer negated(enum answer answer) {
  if (answer == ANSWER_UNKNOWN) return answer;
  return answer == ANSWER_YES ? ANSWER_NO : ANSWER_YES;
}

/* All operands certain: then the whole is, unless a function says otherwise. */
static enum answer ask_plainly(struct evaluation *evaluation, const struct expression *expression,
                               size_t part, struct focus focus) {
  xmlXPathObjectPtr object = unknown_plain(evaluation, expression, part, focus);
  bool unknown = evaluation->unknown;
  evaluation->unknown = false;
  enum answer answer = ANSWER_UNKNOWN;
  if (!unknown && object != NULL) answer = xmlXPathCastToBoolean(object) ? ANSWER_YES : ANSWER_NO;
  xmlXPathFreeObject(object);
  return answer;
}

static enum answer ask_comparison(struct evaluation *evaluation,
                                  const struct expression *expression, size_t part,
                                  struct focus focus) {
  const struct part *parts = expression->parts;
  size_t left = parts[part].first, right = parts[left].next;
  struct value a = {0}, b = {0};
  enum answer answer = ANSWER_UNKNOWN;
  unknown_value(evaluation, expression, left, focus, &a);
  if (!evaluation->failed) unknown_value(evaluation, expression, right, focus, &b);
  if (!evaluation->failed) {
    bool certain = value_known(&a) && value_known(&b) && texts_known(evaluation, &a) &&
                   texts_known(evaluation, &b);
    answer = certain ? ask_plainly(evaluation, expression, part, focus)
                     : compare_values(evaluation, parts[part].node->kind, &a, parts[left].type, &b,
                                      parts[right].type);
  }
  value_dispose(&a);
  value_dispose(&b);
  return answer;
}

/* What has a text that is not known may have any. */
static void doubt_texts(struct evaluation *evaluation, struct value *value) {
  for (size_t i = 0; i < value->count; i++) {
    if (text_known(evaluation, value->items[i].node)) continue;
    value->items[i].sure = false;
    value->open = true;
  }
}

/* What is found by key() is found, whatever else there may be. */
static bool key_finds(struct evaluation *evaluation, const struct expression *expression,
                      size_t part, struct focus focus) {
  const struct part *parts = expression->parts;
  size_t name = parts[part].first;
  struct value wanted = {0};
  unknown_value(evaluation, expression, parts[name].next, focus, &wanted);
  doubt_texts(evaluation, &wanted);
  bool found =
      !evaluation->failed && keys_found(evaluation, parts[name].node->name, focus.node, &wanted);
  value_dispose(&wanted);
  return found;
}

static enum answer ask_structure(struct evaluation *evaluation, const struct expression *expression,
                                 size_t part, struct focus focus) {
  const struct part *parts = expression->parts;
  const struct xpath_node *node = parts[part].node;
  switch (node->kind) {
  case EXPR_OR:
    return ask_junction(evaluation, expression, part, focus, ANSWER_YES);
  case EXPR_AND:
    return ask_junction(evaluation, expression, part, focus, ANSWER_NO);
  case EXPR_EQUAL:
  case EXPR_NOT_EQUAL:
  case EXPR_LESS:
  case EXPR_LESS_EQUAL:
  case EXPR_GREATER:
  case EXPR_GREATER_EQUAL:
    return ask_comparison(evaluation, expression, part, focus);
  case EXPR_CALL: {
    const struct known_function *function = schema_function(evaluation->run->schema, node);
    if (function != NULL && function->role == ROLE_NOT)
      return negated(unknown_boolean(evaluation, expression, parts[part].first, focus));
    if (function != NULL && function->role == ROLE_BOOLEAN)
      return unknown_boolean(evaluation, expression, parts[part].first, focus);
    if (function != NULL && function->role == ROLE_KEY &&
        key_finds(evaluation, expression, part, focus))
      return ANSWER_YES;
    break;
  }
  default:
    break;
  }
  struct value value = {0};
  unknown_value(evaluation, expression, part, focus, &value);
  enum answer answer = value_boolean(&value);
  value_dispose(&value);
  return answer;
}

/* Causes of what turned out not to matter are dropped. */
enum answer unknown_boolean(struct evaluation *evaluation, const struct expression *expression,
                            size_t part, struct focus focus) {
  if (expression->parts[part].quick && !unknown_touched(evaluation->run, expression, part)) {
    enum quick_answer quick = quick_truth(expression->parts[part].node, focus.node);
    if (quick != QUICK_CANNOT) return quick == QUICK_YES ? ANSWER_YES : ANSWER_NO;
  }
  size_t causes = evaluation->causes.count;
  xmlXPathObjectPtr object;
  enum answer answer;
  if (is_plain(evaluation, expression, part, focus, &object))
    answer = object != NULL && xmlXPathCastToBoolean(object) ? ANSWER_YES : ANSWER_NO;
  else
    answer = ask_structure(evaluation, expression, part, focus);
  xmlXPathFreeObject(object);
  if (answer != ANSWER_UNKNOWN) evaluation->causes.count = causes;
  return answer;
}

/* ---- Values of parts ------------------------------------------------------- */

/* The part's value where all it takes is certain; else not known: a node-set
 * then may hold anything. */
static void value_plainly(struct evaluation *evaluation, const struct expression *expression,
                          size_t part, struct focus focus, bool certain, struct value *value) {
  enum value_type type = expression->parts[part].type;
  if (!certain) {
    value->nodes = type == TYPE_NODES;
    value->open = value->nodes;
    return;
  }
  value_take_object(value, unknown_plain(evaluation, expression, part, focus));
  if (!evaluation->unknown) return;
  evaluation->unknown = false;
  for (size_t i = 0; i < value->count; i++)
    value->items[i].sure = false;
  value->open = value->nodes;
  xmlXPathFreeObject(value->object);
  value->object = NULL;
}

static void value_of_operands(struct evaluation *evaluation, const struct expression *expression,
                              size_t part, struct focus focus, bool texts, struct value *value) {
  bool certain = true;
  for (size_t each = expression->parts[part].first; each != 0;
       each = expression->parts[each].next) {
    struct value operand = {0};
    unknown_value(evaluation, expression, each, focus, &operand);
    certain = certain && value_known(&operand) && (!texts || texts_known(evaluation, &operand));
    value_dispose(&operand);
    if (evaluation->failed) return;
  }
  value_plainly(evaluation, expression, part, focus, certain, value);
}

static void value_of_key(struct evaluation *evaluation, const struct expression *expression,
                         size_t part, struct focus focus, struct value *value) {
  const struct part *parts = expression->parts;
  size_t name = parts[part].first;
  struct value wanted = {0};
  unknown_value(evaluation, expression, parts[name].next, focus, &wanted);
  if (!evaluation->failed) {
    doubt_texts(evaluation, &wanted);
    keys_value(evaluation, parts[name].node->name, focus.node, &wanted, value);
  }
  value_dispose(&wanted);
}

static void value_of_call(struct evaluation *evaluation, const struct expression *expression,
                          size_t part, struct focus focus, struct value *value) {
  const struct part *here = &expression->parts[part];
  const struct known_function *function = schema_function(evaluation->run->schema, here->node);
  enum function_role role = function == NULL ? ROLE_PLAIN : function->role;
  if (role == ROLE_KEY) {
    value_of_key(evaluation, expression, part, focus, value);
    return;
  }
  if (role == ROLE_POSITION && focus.position == 0) return; /* nobody knows */
  bool texts = role != ROLE_OF_NODES;
  if (role == ROLE_OF_FOCUS && here->first == 0) {
    bool certain = text_known(evaluation, focus.node);
    value_plainly(evaluation, expression, part, focus, certain, value);
    return;
  }
  value_of_operands(evaluation, expression, part, focus, texts, value);
}

static void value_of_variable(struct evaluation *evaluation, const struct xpath_node *node,
                              struct value *value) {
  const struct let *let = evaluation_let(evaluation, evaluation->scope, node->name);
  if (let == NULL) {
    evaluation_error(evaluation, "the variable '$%s' is not defined in this phase", node->name);
    return;
  }
  const struct variable *variable = evaluation_variable(evaluation, let);
  if (variable->error != NULL) {
    evaluation_fail(evaluation, variable->error);
    return;
  }
  if (variable->known) {
    value_take_object(value, xmlXPathObjectCopy(variable->object));
    return;
  }
  causes_add_all(&evaluation->causes, &variable->causes);
  value->nodes = variable->value.nodes;
  value->open = variable->value.open;
  for (size_t i = 0; i < variable->value.count; i++)
    value_add(value, variable->value.items[i].node, variable->value.items[i].sure);
}

static void value_of_answer(enum answer answer, struct value *value) {
  if (answer != ANSWER_UNKNOWN) value->object = xmlXPathNewBoolean(answer == ANSWER_YES);
}

static bool is_logical(struct run *run, const struct xpath_node *node) {
  if (node->kind != EXPR_CALL) return node->kind <= EXPR_GREATER_EQUAL;
  const struct known_function *function = schema_function(run->schema, node);
  return function != NULL && (function->role == ROLE_NOT || function->role == ROLE_BOOLEAN);
}

static void value_of_structure(struct evaluation *evaluation, const struct expression *expression,
                               size_t part, struct focus focus, struct value *value) {
  const struct xpath_node *node = expression->parts[part].node;
  if (is_logical(evaluation->run, node)) {
    value_of_answer(ask_structure(evaluation, expression, part, focus), value);
    return;
  }
  switch (node->kind) {
  case EXPR_PATH:
  case EXPR_UNION:
  case EXPR_FILTER:
    unknown_nodes(evaluation, expression, part, focus, value);
    return;
  case EXPR_CALL:
    value_of_call(evaluation, expression, part, focus, value);
    return;
  case EXPR_VARIABLE:
    value_of_variable(evaluation, node, value);
    return;
  default:
    value_of_operands(evaluation, expression, part, focus, true, value);
    return;
  }
}

void unknown_value(struct evaluation *evaluation, const struct expression *expression, size_t part,
                   struct focus focus, struct value *value) {
  size_t causes = evaluation->causes.count;
  xmlXPathObjectPtr object;
  if (is_plain(evaluation, expression, part, focus, &object))
    value_take_object(value, object);
  else
    value_of_structure(evaluation, expression, part, focus, value);
  if (value_known(value)) evaluation->causes.count = causes;
}

/* ---- Predicates ------------------------------------------------------------ */

enum answer unknown_predicate(struct evaluation *evaluation, const struct expression *expression,
                              size_t part, struct focus focus) {
  const struct part *here = &expression->parts[part];
  if (here->type != TYPE_NUMBER && here->type != TYPE_ANY)
    return unknown_boolean(evaluation, expression, part, focus);
  struct value value = {0};
  unknown_value(evaluation, expression, part, focus, &value);
  enum answer answer = value_boolean(&value);
  if (value.object != NULL && value.object->type == XPATH_NUMBER) {
    answer = ANSWER_UNKNOWN;
    if (focus.position > 0)
      answer = value.object->floatval == focus.position ? ANSWER_YES : ANSWER_NO;
  }
  value_dispose(&value);
  return answer;
}
