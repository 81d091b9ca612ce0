/* From the syntax tree of a pattern to a list of steps, and for each predicate
 * the question who decides it and whether positions matter. */
#include "schematron/matcher_plan.h"

#include "base/text.h"

static bool is_call(const struct xpath_node *node, const char *name, size_t arguments) {
  if (node->kind != EXPR_CALL || node->prefix != NULL || !text_equal(node->name, name))
    return false;
  size_t count = 0;
  for (const struct xpath_node *each = node->first; each != NULL; each = each->next)
    count++;
  return count == arguments;
}

/* ---- Native shapes --------------------------------------------------------- */

/* One step to a name, without predicates: "@a" or "a". */
static bool is_name_path(const struct xpath_node *node, enum xpath_axis axis) {
  if (node->kind != EXPR_PATH || node->absolute || node->first == NULL) return false;
  const struct xpath_node *step = node->first;
  return step->kind == EXPR_STEP && step->next == NULL && step->axis == axis &&
         step->test == TEST_NAME && step->predicates == NULL;
}

static bool is_attribute_against_literal(const struct xpath_node *node) {
  const struct xpath_node *left = node->first, *right = left->next;
  return (is_name_path(left, AXIS_ATTRIBUTE) && right->kind == EXPR_LITERAL) ||
         (is_name_path(right, AXIS_ATTRIBUTE) && left->kind == EXPR_LITERAL);
}

static bool is_native(const struct xpath_node *node) {
  switch (node->kind) {
  case EXPR_AND:
  case EXPR_OR:
    return is_native(node->first) && is_native(node->first->next);
  case EXPR_EQUAL:
  case EXPR_NOT_EQUAL:
    return is_attribute_against_literal(node);
  case EXPR_PATH:
    return is_name_path(node, AXIS_ATTRIBUTE) || is_name_path(node, AXIS_CHILD);
  case EXPR_CALL:
    return is_call(node, "not", 1) && is_native(node->first);
  default:
    return false;
  }
}

/* ---- Positions --------------------------------------------------------------- */

/* Functions of XPath and XSLT whose value is never a number. */
static bool call_is_no_number(const struct xpath_node *call) {
  static const char *const names[] = {
      "id",
      "key",
      "current",
      "document",
      "not",
      "true",
      "false",
      "boolean",
      "lang",
      "contains",
      "starts-with",
      "string",
      "concat",
      "substring",
      "substring-before",
      "substring-after",
      "translate",
      "normalize-space",
      "name",
      "local-name",
      "generate-id",
      "namespace-uri",
      "format-number",
      "function-available",
      "element-available",
      "system-property",
      "unparsed-entity-uri",
  };
  for (size_t i = 0; call->prefix == NULL && i < sizeof names / sizeof *names; i++)
    if (text_equal(call->name, names[i])) return true;
  return false;
}

static bool may_be_number(const struct xpath_node *node) {
  switch (node->kind) {
  case EXPR_ADD:
  case EXPR_SUBTRACT:
  case EXPR_MULTIPLY:
  case EXPR_DIVIDE:
  case EXPR_MODULO:
  case EXPR_NEGATE:
  case EXPR_NUMBER:
  case EXPR_VARIABLE:
    return true;
  case EXPR_CALL:
    return !call_is_no_number(node);
  default:
    return false;
  }
}

/* Does it call position() or last() for the node itself? Predicates inside the
 * expression have positions of their own. */
static bool calls_outside_predicates(const struct xpath_node *node, const char *name) {
  if (is_call(node, name, 0)) return true;
  for (const struct xpath_node *each = node->first; each != NULL; each = each->next)
    if (calls_outside_predicates(each, name)) return true;
  return false;
}

static struct predicate_plan predicate_plan_make(const struct xpath_node *expression) {
  struct predicate_plan plan = {.expression = expression, .way = PREDICATE_ASKED};
  if (is_native(expression))
    plan.way = PREDICATE_NATIVE;
  else if (expression->kind == EXPR_NUMBER)
    plan.way = PREDICATE_NUMBER;
  else if (is_call(expression, "last", 0))
    plan.way = PREDICATE_LAST;
  plan.maybe_number = may_be_number(expression);
  plan.reads_last = calls_outside_predicates(expression, "last");
  plan.reads_position = plan.reads_last || calls_outside_predicates(expression, "position");
  return plan;
}

/* ---- Steps --------------------------------------------------------------------- */

static void plan_predicates(struct step_plan *step) {
  size_t capacity = 0;
  for (const struct xpath_node *each = step->node->predicates; each != NULL; each = each->next) {
    struct predicate_plan plan = predicate_plan_make(each);
    ARRAY_PUSH(step->predicates, step->predicate_count, capacity) = plan;
  }
}

static void add_step(struct matcher *matcher, size_t *capacity, struct step_plan step) {
  if (step.way == STEP_TEST) plan_predicates(&step);
  if (step.deep) matcher->straight = false;
  if (step.predicate_count > 0 || step.way == STEP_FRONT) matcher->simple = false;
  ARRAY_PUSH(matcher->steps, matcher->count, *capacity) = step;
}

static void plan_path(struct matcher *matcher, const struct xpath_node *path) {
  size_t capacity = 0;
  bool deep = false;
  if (path->absolute) add_step(matcher, &capacity, (struct step_plan){.way = STEP_ROOT});
  for (const struct xpath_node *each = path->first; each != NULL; each = each->next) {
    enum step_way way = each->kind == EXPR_STEP ? STEP_TEST : STEP_FRONT;
    if (way == STEP_FRONT || each->axis != AXIS_DESCENDANT_OR_SELF)
      add_step(matcher, &capacity, (struct step_plan){.way = way, .node = each, .deep = deep});
    deep = way == STEP_TEST && each->axis == AXIS_DESCENDANT_OR_SELF;
  }
}

struct matcher *matcher_new(const struct xpath_node *alternative) {
  struct matcher *matcher = alloc_bytes(sizeof *matcher);
  size_t capacity = 0;
  matcher->simple = matcher->straight = true;
  if (alternative->kind == EXPR_PATH)
    plan_path(matcher, alternative);
  else if (alternative->kind == EXPR_CALL)
    add_step(matcher, &capacity, (struct step_plan){.way = STEP_FRONT, .node = alternative});
  return matcher;
}

void matcher_free(struct matcher *matcher) {
  if (matcher == NULL) return;
  for (size_t i = 0; i < matcher->count; i++)
    alloc_free(matcher->steps[i].predicates);
  alloc_free(matcher->steps);
  alloc_free(matcher);
}

size_t matcher_split(const struct xpath_node *pattern, const struct xpath_node **out, size_t most) {
  size_t count = 1;
  for (const struct xpath_node *each = pattern; each->kind == EXPR_UNION; each = each->first)
    count++;
  for (size_t i = count; i > 0; i--) { /* the last alternative hangs on top */
    bool more = pattern->kind == EXPR_UNION;
    if (i <= most) out[i - 1] = more ? pattern->first->next : pattern;
    if (more) pattern = pattern->first;
  }
  return count;
}
