/* What can be said of an expression before any document is seen: that its names
 * exist, of which type each part is, and on which elements it steps. */
#include "schematron/expression.h"

#include "base/buffer.h"
#include "base/text.h"
#include "schematron/functions.h"
#include "schematron/schema_plan.h"

#include <stdio.h>
#include <string.h>

struct checker {
  struct schema *schema;
  struct expression *expression;
  const struct expression_scope *where;
};

static const struct node_kind any_node = {0};
static const struct node_kind unchecked = {.unchecked = true};
static const struct node_kind document_node = {.root = true};
static const struct node_kind leaf = {.leaf = true};

static struct node_kind check(struct checker *checker, size_t number, struct node_kind focus);

PRINTF_LIKE(3, 4)
static void complain(struct checker *checker, const struct xpath_node *node, const char *format,
                     ...) {
  char message[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  schema_error(checker->schema, (const xmlNode *)checker->expression->attribute, node->start, "%s",
               message);
}

/* ---- Names ----------------------------------------------------------------- */

static const char *namespace_of(struct checker *checker, const struct xpath_node *node) {
  const struct schema *schema = checker->schema;
  for (size_t i = 0; i < schema->namespace_count; i++)
    if (text_equal((const char *)schema->namespaces[i]->prefix, node->prefix))
      return (const char *)schema->namespaces[i]->href;
  return NULL;
}

static bool check_prefix(struct checker *checker, const struct xpath_node *node) {
  if (node->prefix == NULL || text_equal(node->prefix, "xml")) return true;
  const char *uri = namespace_of(checker, node);
  if (uri == NULL) {
    complain(checker, node, "the prefix '%s' is not bound by an ns element", node->prefix);
    return false;
  }
  if (node->kind == EXPR_STEP && text_equal(uri, checker->schema->options.mark_namespace)) {
    complain(checker, node, "marks of what is unknown cannot be asked for; they act by themselves");
    return false;
  }
  return true;
}

static void check_element_name(struct checker *checker, const struct xpath_node *step,
                               struct node_kind from) {
  const struct vocabulary *vocabulary = checker->schema->options.vocabulary;
  if (vocabulary == NULL || from.unchecked) return;
  if (!vocabulary->has_element(vocabulary->data, step->name)) {
    const char *near = vocabulary->near_element(vocabulary->data, step->name);
    complain(checker, step, "there is no element '%s'%s%s%s", step->name,
             near == NULL ? "" : "; did you mean '", near == NULL ? "" : near,
             near == NULL ? "" : "'?");
    return;
  }
  bool down = step->axis == AXIS_CHILD || step->axis == AXIS_DESCENDANT;
  if (down && from.element != NULL &&
      !vocabulary->may_contain(vocabulary->data, from.element, step->name))
    complain(checker, step, "'%s' never stands in '%s'", step->name, from.element);
}

static void check_attribute_name(struct checker *checker, const struct xpath_node *step,
                                 struct node_kind from) {
  const struct vocabulary *vocabulary = checker->schema->options.vocabulary;
  if (vocabulary == NULL || from.unchecked ||
      vocabulary->has_attribute(vocabulary->data, from.element, step->name))
    return;
  const char *near = vocabulary->near_attribute(vocabulary->data, from.element, step->name);
  complain(checker, step, "%s%s%s '@%s'%s%s%s",
           from.element == NULL ? "no element has an attribute" : "'",
           from.element == NULL ? "" : from.element,
           from.element == NULL ? "" : "' has no attribute", step->name,
           near == NULL ? "" : "; did you mean '@", near == NULL ? "" : near,
           near == NULL ? "" : "'?");
}

/* ---- Steps ----------------------------------------------------------------- */

static struct node_kind kind_of_test(const struct xpath_node *step, struct node_kind from) {
  if (from.unchecked) return unchecked;
  switch (step->test) {
  case TEST_NAME:
    if (step->prefix != NULL) return unchecked; /* an element of another vocabulary */
    return (struct node_kind){.element = step->name};
  case TEST_ANY:
  case TEST_NODE:
    return any_node;
  default:
    return leaf;
  }
}

static struct node_kind kind_after(const struct xpath_node *step, struct node_kind from) {
  switch (step->axis) {
  case AXIS_ATTRIBUTE:
  case AXIS_NAMESPACE:
    return from.unchecked ? unchecked : leaf;
  case AXIS_SELF:
  case AXIS_ANCESTOR_OR_SELF:
  case AXIS_DESCENDANT_OR_SELF:
    if (step->test == TEST_NODE && step->axis == AXIS_SELF) return from;
    if (step->test == TEST_ANY && step->axis == AXIS_SELF && !from.leaf && !from.root) return from;
    return kind_of_test(step, from);
  default:
    return kind_of_test(step, from);
  }
}

static void check_predicates(struct checker *checker, size_t number, struct node_kind kind) {
  struct part *parts = checker->expression->parts;
  for (size_t each = parts[number].predicates; each != 0; each = parts[each].next) {
    check(checker, each, kind);
    parts[each].positional = parts[each].type == TYPE_NUMBER || parts[each].type == TYPE_ANY ||
                             parts[each].uses_position;
    parts[number].soft = parts[number].soft || parts[each].soft;
  }
}

static struct node_kind check_step(struct checker *checker, size_t number, struct node_kind from) {
  struct part *part = &checker->expression->parts[number];
  const struct xpath_node *step = part->node;
  part->type = TYPE_NODES;
  part->from = from;
  if (check_prefix(checker, step) && step->test == TEST_NAME && step->prefix == NULL) {
    if (step->axis == AXIS_ATTRIBUTE)
      check_attribute_name(checker, step, from);
    else if (step->axis != AXIS_NAMESPACE)
      check_element_name(checker, step, from);
  }
  struct node_kind kind = kind_after(step, from);
  check_predicates(checker, number, kind);
  return kind;
}

/* Where only a node-set can stand. */
static void want_nodes(struct checker *checker, size_t number, const char *what) {
  const struct part *part = &checker->expression->parts[number];
  if (part->type == TYPE_BOOLEAN || part->type == TYPE_NUMBER || part->type == TYPE_STRING)
    complain(checker, part->node, "%s needs a node-set here", what);
}

static struct node_kind check_path(struct checker *checker, size_t number, struct node_kind focus) {
  struct part *parts = checker->expression->parts;
  struct node_kind kind = parts[number].node->absolute ? document_node : focus;
  parts[number].type = TYPE_NODES;
  for (size_t each = parts[number].first; each != 0; each = parts[each].next) {
    bool step = parts[each].node->kind == EXPR_STEP;
    kind = step ? check_step(checker, each, kind) : check(checker, each, focus);
    if (!step) want_nodes(checker, each, "a path");
    parts[number].soft = parts[number].soft || parts[each].soft;
  }
  return kind;
}

/* ---- Calls and variables --------------------------------------------------- */

static struct node_kind check_variable(struct checker *checker, size_t number) {
  struct part *part = &checker->expression->parts[number];
  const struct xpath_node *node = part->node;
  part->soft = true;
  if (checker->where->any_variable) return unchecked;
  const struct let *let =
      node->prefix == NULL ? scope_find(checker->where->scope, node->name) : NULL;
  if (let != NULL && let->scope == checker->where->scope &&
      let->position >= checker->where->visible)
    let = NULL;
  if (let == NULL && node->prefix == NULL) let = pattern_let_find(checker->schema, node->name);
  if (let != NULL && let->scope == &checker->schema->scope &&
      phase_let_find(checker->schema, node->name) != NULL)
    return unchecked; /* a phase may have another value for it */
  if (let == NULL) {
    if (node->prefix != NULL || phase_let_find(checker->schema, node->name) == NULL)
      complain(checker, node, "the variable '$%s' is not defined here", node->name);
    return unchecked; /* of a phase: a run without it says so */
  }
  if (let->value != NULL && let->checked) part->type = let->value->parts[0].type;
  if (let->value == NULL) part->type = TYPE_NODES;
  return let->checked ? let->kind : unchecked;
}

static int count_arguments(const struct xpath_node *call) {
  int count = 0;
  for (const struct xpath_node *each = call->first; each != NULL; each = each->next)
    count++;
  return count;
}

static bool check_arity(struct checker *checker, const struct xpath_node *call,
                        const struct known_function *function) {
  int count = count_arguments(call);
  if (count >= function->least && (function->most < 0 || count <= function->most)) return true;
  if (function->most == function->least)
    complain(checker, call, "%s() takes %d argument%s, not %d", call->name, function->least,
             function->least == 1 ? "" : "s", count);
  else if (function->most < 0)
    complain(checker, call, "%s() takes at least %d argument%s, not %d", call->name,
             function->least, function->least == 1 ? "" : "s", count);
  else
    complain(checker, call, "%s() takes %d to %d arguments, not %d", call->name, function->least,
             function->most, count);
  return false;
}

/* Many expressions ask the same: one answer is enough for those that are right. */
static void **known_right(struct checker *checker, const struct engine_function *caller,
                          const char *const *literals, int count) {
  struct buffer key = buffer_make(1 << 20);
  buffer_add_format(&key, "%s %s", caller->namespace_uri, caller->name);
  for (int i = 0; i < count; i++)
    buffer_add_format(&key, "%c%s", literals[i] == NULL ? '-' : '=',
                      literals[i] == NULL ? "" : literals[i]);
  void **place = map_at(checker->schema->checked_calls, buffer_text(&key));
  buffer_dispose(&key);
  return place;
}

static void check_literals(struct checker *checker, const struct xpath_node *call,
                           const struct engine_function *caller) {
  if (caller->check == NULL) return;
  int count = count_arguments(call), wrong = 0;
  const char **literals = alloc_array((size_t)count + 1, sizeof *literals);
  const struct xpath_node *argument = call->first;
  for (int i = 0; i < count; i++, argument = argument->next)
    literals[i] = argument->kind == EXPR_LITERAL ? argument->name : NULL;
  char error[256] = "";
  void **right = known_right(checker, caller, literals, count);
  if (*right == NULL &&
      caller->check(checker->schema->options.data, literals, count, error, &wrong))
    *right = checker->schema;
  if (*right == NULL) {
    const struct xpath_node *place = call->first;
    for (int i = 0; i < wrong && place != NULL; i++)
      place = place->next;
    complain(checker, place == NULL ? call : place, "%s", error);
  }
  alloc_free(literals);
}

/* A regular expression that stands there as text. */
static void check_expression_literal(struct checker *checker, const struct xpath_node *call,
                                     const struct known_function *function) {
  if (!text_equal(function->namespace_uri, REGEXP_NAMESPACE)) return;
  const struct xpath_node *argument = call->first == NULL ? NULL : call->first->next;
  char error[160];
  if (argument != NULL && argument->kind == EXPR_LITERAL &&
      !exslt_regexp_fine(argument->name, error))
    complain(checker, argument, "%s", error);
}

static struct node_kind check_key(struct checker *checker, const struct xpath_node *call) {
  const struct xpath_node *name = call->first;
  if (name->kind != EXPR_LITERAL) {
    complain(checker, name, "the name of a key must be a literal text");
    return any_node;
  }
  const struct schema *schema = checker->schema;
  size_t number = (size_t)map_get(schema->key_numbers, name->name);
  if (number == 0) {
    complain(checker, name, "there is no xsl:key '%s'", name->name);
    return any_node;
  }
  const struct key *key = &schema->keys[number - 1];
  if (key->count != 1 || key->declarations[0].match == NULL) return any_node;
  return key->declarations[0].match->kind;
}

static const struct known_function *find_function(struct checker *checker,
                                                  const struct xpath_node *call) {
  if (!check_prefix(checker, call)) return NULL;
  const char *uri = call->prefix == NULL ? NULL : namespace_of(checker, call);
  const struct known_function *function =
      functions_find(checker->schema->functions, call->name, uri);
  const char *refusal = functions_refuse(call->name, uri, count_arguments(call));
  if (function == NULL)
    complain(checker, call, "there is no function '%s%s%s'",
             call->prefix == NULL ? "" : call->prefix, call->prefix == NULL ? "" : ":", call->name);
  else if (refusal != NULL)
    complain(checker, call, "%s() %s", call->name, refusal);
  return function == NULL || refusal != NULL || !check_arity(checker, call, function) ? NULL
                                                                                      : function;
}

/* An operand whose text is taken: of an element, that is all text below it. */
static void note_text(struct checker *checker, size_t reader, size_t operand,
                      struct node_kind kind) {
  struct part *parts = checker->expression->parts;
  if (parts[operand].type != TYPE_NODES || kind.leaf || kind.unchecked) return;
  bool other = parts[reader].reads_text && !text_equal(parts[reader].text_of, kind.element);
  parts[reader].reads_text = true;
  parts[reader].text_of = other ? NULL : kind.element;
}

static struct node_kind kind_of_call(struct checker *checker, size_t number,
                                     const struct known_function *function, struct node_kind first,
                                     struct node_kind focus) {
  struct part *part = &checker->expression->parts[number];
  switch (function->role) {
  case ROLE_KEY:
    return check_key(checker, part->node);
  case ROLE_CURRENT:
    return checker->where->context;
  case ROLE_SAME_KIND:
    return first;
  case ROLE_OF_FOCUS:
    if (part->first == 0 && !focus.leaf && !focus.unchecked) {
      part->reads_text = true;
      part->text_of = focus.element;
    }
    return any_node;
  case ROLE_CALLER:
  case ROLE_FOREIGN:
    return unchecked;
  default:
    return part->type == TYPE_ANY ? unchecked : any_node;
  }
}

static bool takes_text(const struct known_function *function) {
  return function->role != ROLE_OF_NODES && function->role != ROLE_BOOLEAN &&
         function->role != ROLE_NOT && function->role != ROLE_SAME_KIND;
}

static struct node_kind check_call(struct checker *checker, size_t number, struct node_kind focus) {
  struct part *parts = checker->expression->parts;
  const struct known_function *function = find_function(checker, parts[number].node);
  struct node_kind first = unchecked;
  for (size_t each = parts[number].first; each != 0; each = parts[each].next) {
    struct node_kind kind = check(checker, each, focus);
    if (each == parts[number].first) first = kind;
    parts[number].soft = parts[number].soft || parts[each].soft;
    if (function != NULL && takes_text(function)) note_text(checker, number, each, kind);
  }
  if (function == NULL) return unchecked;
  parts[number].type = function->type;
  if (function->role == ROLE_KEY || function->role == ROLE_CALLER) parts[number].soft = true;
  check_expression_literal(checker, parts[number].node, function);
  if (function->caller != NULL) check_literals(checker, parts[number].node, function->caller);
  return kind_of_call(checker, number, function, first, focus);
}

/* ---- Operators ------------------------------------------------------------- */

static struct node_kind common_kind(struct node_kind a, struct node_kind b) {
  return (struct node_kind){.unchecked = a.unchecked || b.unchecked,
                            .leaf = a.leaf && b.leaf,
                            .element = text_equal(a.element, b.element) ? a.element : NULL};
}

static struct node_kind check_binary(struct checker *checker, size_t number,
                                     struct node_kind focus) {
  struct part *parts = checker->expression->parts;
  size_t left = parts[number].first, right = parts[left].next;
  enum xpath_kind sign = parts[number].node->kind;
  struct node_kind a = check(checker, left, focus), b = check(checker, right, focus);
  parts[number].soft = parts[left].soft || parts[right].soft;
  if (sign == EXPR_UNION) {
    want_nodes(checker, left, "a union");
    want_nodes(checker, right, "a union");
    parts[number].type = TYPE_NODES;
    return common_kind(a, b);
  }
  bool logic = sign == EXPR_OR || sign == EXPR_AND;
  bool arithmetic = sign >= EXPR_ADD && sign <= EXPR_MODULO;
  parts[number].type = arithmetic ? TYPE_NUMBER : TYPE_BOOLEAN;
  if (!logic) note_text(checker, number, left, a);
  if (!logic) note_text(checker, number, right, b);
  return any_node;
}

static struct node_kind check_filter(struct checker *checker, size_t number,
                                     struct node_kind focus) {
  struct part *parts = checker->expression->parts;
  size_t primary = parts[number].first;
  struct node_kind kind = check(checker, primary, focus);
  want_nodes(checker, primary, "a predicate");
  parts[number].type = TYPE_NODES;
  parts[number].soft = parts[primary].soft;
  check_predicates(checker, number, kind);
  return kind;
}

static struct node_kind check(struct checker *checker, size_t number, struct node_kind focus) {
  struct part *part = &checker->expression->parts[number];
  switch (part->node->kind) {
  case EXPR_PATH:
    return check_path(checker, number, focus);
  case EXPR_STEP:
    return check_step(checker, number, focus);
  case EXPR_FILTER:
    return check_filter(checker, number, focus);
  case EXPR_CALL:
    return check_call(checker, number, focus);
  case EXPR_VARIABLE:
    return check_variable(checker, number);
  case EXPR_LITERAL:
    part->type = TYPE_STRING;
    return any_node;
  case EXPR_NUMBER:
    part->type = TYPE_NUMBER;
    return any_node;
  case EXPR_NEGATE: {
    struct node_kind kind = check(checker, part->first, focus);
    part->type = TYPE_NUMBER;
    part->soft = checker->expression->parts[part->first].soft;
    note_text(checker, number, part->first, kind);
    return any_node;
  }
  default:
    return check_binary(checker, number, focus);
  }
}

void expression_check(struct schema *schema, struct expression *expression,
                      const struct expression_scope *where) {
  struct checker checker = {schema, expression, where};
  /* A pattern begins anywhere; what its last step matches is the context. */
  expression->kind = check(&checker, 0, where->context);
  expression->checked = true;
}

void expression_check_variables(struct schema *schema, struct expression *expression,
                                const struct expression_scope *where) {
  struct checker checker = {schema, expression, where};
  for (size_t i = 0; i < expression->count; i++)
    if (expression->parts[i].node->kind == EXPR_VARIABLE) check_variable(&checker, i);
}
