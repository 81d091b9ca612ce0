/* Location paths, unions and filters, three-valued: step by step, from every
 * node that is or may be in the set. */
#include "schematron/run_state.h"

#include <libxml/xpathInternals.h>

/* A set under construction without doubles. */
struct gathering {
  struct value *value;
  struct pointers seen; /* node -> its index + 1 */
  bool distinct;        /* nothing can come twice */
};

static void gather(struct gathering *gathering, xmlNode *node, bool sure) {
  if (gathering->distinct) {
    value_add(gathering->value, node, sure);
    return;
  }
  void **place = pointers_at(&gathering->seen, node);
  if (*place == NULL) {
    value_add(gathering->value, node, sure);
    *place = (void *)gathering->value->count;
  } else if (sure) {
    gathering->value->items[(size_t)*place - 1].sure = true;
  }
}

/* ---- What a step could lead to --------------------------------------------- */

static bool is_element_test(const struct xpath_node *step) {
  return step->test == TEST_NAME || step->test == TEST_ANY || step->test == TEST_NODE;
}

static bool unknown_sibling(const struct marks *marks, const xmlNode *from, const char *name,
                            struct causes *causes) {
  bool in_tree = from->type != XML_ATTRIBUTE_NODE && from->type != XML_NAMESPACE_DECL &&
                 from->type != XML_DOCUMENT_NODE;
  return in_tree && from->parent != NULL && marks_child(marks, from->parent, name, causes);
}

bool unknown_step(struct evaluation *evaluation, const struct xpath_node *step,
                  enum xpath_axis axis, xmlNode *from) {
  const struct marks *marks = evaluation->run->marks;
  if (marks == NULL) return false;
  struct causes *causes = &evaluation->causes;
  const char *name = step->test == TEST_NAME && step->prefix == NULL ? step->name : NULL;
  bool element = is_element_test(step);
  switch (axis) {
  case AXIS_CHILD:
    return element && marks_child(marks, from, name, causes);
  case AXIS_ATTRIBUTE:
    return element && marks_attribute(marks, from, name, causes);
  case AXIS_FOLLOWING_SIBLING:
  case AXIS_PRECEDING_SIBLING:
    return element && unknown_sibling(marks, from, name, causes);
  case AXIS_DESCENDANT:
  case AXIS_DESCENDANT_OR_SELF:
    return marks_below(marks, from, element ? name : NULL, causes);
  case AXIS_FOLLOWING:
  case AXIS_PRECEDING:
    return marks_below(marks, (xmlNode *)evaluation->run->document, element ? name : NULL, causes);
  default:
    return false;
  }
}

/* ---- Predicates over candidates -------------------------------------------- */

static bool is_reverse(enum xpath_axis axis) {
  return axis == AXIS_ANCESTOR || axis == AXIS_ANCESTOR_OR_SELF || axis == AXIS_PRECEDING ||
         axis == AXIS_PRECEDING_SIBLING;
}

static bool all_sure(const struct value *list) {
  for (size_t i = 0; i < list->count; i++)
    if (!list->items[i].sure) return false;
  return true;
}

/* `counted`: the positions of the candidates are certain. */
static void filter(struct evaluation *evaluation, const struct expression *expression,
                   size_t predicate, struct value *list, bool counted, bool reverse) {
  size_t kept = 0, size = list->count;
  for (size_t i = 0; i < size && !evaluation->failed; i++) {
    struct focus focus = {list->items[i].node, 0, 0};
    if (counted && expression->parts[predicate].positional) {
      focus.position = (int)(reverse ? size - i : i + 1);
      focus.size = (int)size;
    }
    enum answer answer = unknown_predicate(evaluation, expression, predicate, focus);
    if (answer == ANSWER_NO) continue;
    struct member member = {list->items[i].node, list->items[i].sure && answer == ANSWER_YES};
    list->items[kept++] = member;
  }
  list->count = kept;
}

/* ---- One step from one node ------------------------------------------------ */

struct step {        /* a step, or "//" with the step behind it */
  size_t part;       /* where its compiled forms are kept */
  size_t predicates; /* its list of predicates */
  const struct xpath_node *node;
  enum xpath_axis axis;
  enum write_form full, bare;
  bool positional, touched; /* some predicate is */
};

static struct step step_at(struct evaluation *evaluation, const struct expression *expression,
                           size_t part) {
  const struct part *parts = expression->parts;
  struct step step = {part,
                      parts[part].predicates,
                      parts[part].node,
                      parts[part].node->axis,
                      WRITE_WHOLE,
                      WRITE_BARE,
                      false,
                      false};
  if (unknown_deep_pair(expression, &parts[part])) {
    step.node = parts[parts[part].next].node;
    step.predicates = parts[parts[part].next].predicates;
    step.axis = AXIS_DESCENDANT;
    step.full = WRITE_DEEP;
    step.bare = WRITE_DEEP_BARE;
  }
  for (size_t each = step.predicates; each != 0; each = parts[each].next) {
    step.positional = step.positional || parts[each].positional;
    step.touched = step.touched || unknown_touched(evaluation->run, expression, each);
  }
  return step;
}

static xmlXPathObjectPtr step_nodes(struct evaluation *evaluation,
                                    const struct expression *expression, const struct step *step,
                                    enum write_form form, xmlNode *from) {
  xmlXPathCompExprPtr compiled = unknown_native(evaluation->run, expression, step->part, form);
  evaluation->unknown = false;
  return evaluation_object(evaluation, compiled, (struct focus){from, 1, 1});
}

/* The candidates of the step, through each predicate in turn. */
static void take_carefully(struct evaluation *evaluation, const struct expression *expression,
                           const struct step *step, const struct member *from, bool open,
                           struct gathering *out) {
  struct value list = {0};
  value_take_object(&list, step_nodes(evaluation, expression, step, step->bare, from->node));
  evaluation->unknown = false;
  for (size_t each = step->predicates; each != 0 && !evaluation->failed;
       each = expression->parts[each].next)
    filter(evaluation, expression, each, &list, !open && all_sure(&list), is_reverse(step->axis));
  for (size_t i = 0; i < list.count; i++)
    gather(out, list.items[i].node, from->sure && list.items[i].sure);
  value_dispose(&list);
}

static void take_step(struct evaluation *evaluation, const struct expression *expression,
                      const struct step *step, const struct member *from, struct gathering *out) {
  bool open = unknown_step(evaluation, step->node, step->axis, from->node);
  out->value->open = out->value->open || open;
  if (step->touched || (open && step->positional)) {
    take_carefully(evaluation, expression, step, from, open, out);
    return;
  }
  bool failed = evaluation->failed;
  size_t causes = evaluation->causes.count;
  xmlXPathObjectPtr object = step_nodes(evaluation, expression, step, step->full, from->node);
  if (evaluation->unknown) { /* a function in a predicate */
    evaluation->unknown = false;
    evaluation->failed = failed;
    evaluation->causes.count = causes;
    xmlXPathFreeObject(object);
    take_carefully(evaluation, expression, step, from, open, out);
    return;
  }
  for (int i = 0; object != NULL && object->nodesetval != NULL && i < object->nodesetval->nodeNr;
       i++)
    gather(out, object->nodesetval->nodeTab[i], from->sure);
  xmlXPathFreeObject(object);
}

/* ---- Paths ----------------------------------------------------------------- */

static bool gives_doubles(const struct step *step) {
  return step->axis != AXIS_CHILD && step->axis != AXIS_ATTRIBUTE && step->axis != AXIS_SELF;
}

static void walk_step(struct evaluation *evaluation, const struct expression *expression,
                      const struct step *step, struct value *set) {
  struct value next = {.nodes = true, .open = set->open};
  struct gathering out = {.value = &next, .distinct = set->count <= 1 || !gives_doubles(step)};
  for (size_t i = 0; i < set->count && !evaluation->failed; i++)
    take_step(evaluation, expression, step, &set->items[i], &out);
  pointers_dispose(&out.seen);
  value_dispose(set);
  *set = next;
}

static void start_path(struct evaluation *evaluation, const struct expression *expression,
                       size_t part, struct focus focus, struct value *set) {
  const struct part *parts = expression->parts;
  size_t first = parts[part].first;
  if (parts[part].node->absolute) {
    set->nodes = true;
    value_add(set, (xmlNode *)evaluation_document(evaluation->run, focus.node), true);
  } else if (parts[first].node->kind == EXPR_STEP) {
    set->nodes = true;
    value_add(set, focus.node, true);
  } else {
    unknown_value(evaluation, expression, first, focus, set);
    if (set->object != NULL) evaluation_fail(evaluation, "a path begins at what is no node-set");
    if (!set->nodes) { /* nobody knows */
      set->nodes = true;
      set->open = true;
    }
  }
}

static void ask_path(struct evaluation *evaluation, const struct expression *expression,
                     size_t part, struct focus focus, struct value *set) {
  const struct part *parts = expression->parts;
  start_path(evaluation, expression, part, focus, set);
  size_t each = parts[part].first;
  if (each != 0 && parts[each].node->kind != EXPR_STEP) each = parts[each].next;
  while (each != 0 && !evaluation->failed) {
    struct step step = step_at(evaluation, expression, each);
    walk_step(evaluation, expression, &step, set);
    if (step.full == WRITE_DEEP) each = parts[each].next; /* taken with the "//" */
    each = parts[each].next;
  }
}

/* ---- Unions and filters ---------------------------------------------------- */

static void add_operand(struct evaluation *evaluation, const struct expression *expression,
                        size_t part, struct focus focus, struct gathering *out) {
  struct value operand = {0};
  unknown_value(evaluation, expression, part, focus, &operand);
  if (operand.open || (!operand.nodes && operand.object == NULL)) out->value->open = true;
  if (operand.object != NULL) evaluation_fail(evaluation, "a union of what is no node-set");
  for (size_t i = 0; i < operand.count; i++)
    gather(out, operand.items[i].node, operand.items[i].sure);
  value_dispose(&operand);
}

static void ask_union(struct evaluation *evaluation, const struct expression *expression,
                      size_t part, struct focus focus, struct value *set) {
  struct gathering out = {.value = set};
  set->nodes = true;
  for (size_t each = expression->parts[part].first; each != 0 && !evaluation->failed;
       each = expression->parts[each].next)
    add_operand(evaluation, expression, each, focus, &out);
  pointers_dispose(&out.seen);
}

static bool predicates_touched(struct evaluation *evaluation, const struct expression *expression,
                               size_t part) {
  for (size_t each = expression->parts[part].predicates; each != 0;
       each = expression->parts[each].next)
    if (unknown_touched(evaluation->run, expression, each)) return true;
  return false;
}

/* A set in parentheses is counted in document order (XPath 1.0, 2.4 and 3.3). What
 * a function or variable gives comes in its own order, as in libxml2. */
static void sort(struct value *set, const struct xpath_node *primary) {
  if (primary->kind == EXPR_CALL || primary->kind == EXPR_VARIABLE || set->count < 2) return;
  xmlNodeSetPtr nodes = xmlXPathNodeSetCreate(NULL);
  for (size_t i = 0; i < set->count; i++)
    xmlXPathNodeSetAddUnique(nodes, set->items[i].node);
  xmlXPathNodeSetSort(nodes);
  for (size_t i = 0; i < set->count; i++)
    set->items[i].node = nodes->nodeTab[i];
  xmlXPathFreeNodeSet(nodes);
}

static void ask_filter(struct evaluation *evaluation, const struct expression *expression,
                       size_t part, struct focus focus, struct value *set) {
  unknown_value(evaluation, expression, expression->parts[part].first, focus, set);
  if (set->object != NULL) {
    evaluation_fail(evaluation, "a predicate on what is no node-set");
    return;
  }
  if (!set->nodes) return; /* nobody knows; libxml2 lets a boolean through a filter */
  if (value_known(set) && !predicates_touched(evaluation, expression, part)) {
    size_t causes = evaluation->causes.count;
    xmlXPathObjectPtr object = unknown_plain(evaluation, expression, part, focus);
    if (!evaluation->unknown) {
      value_dispose(set);
      value_take_object(set, object);
      return;
    }
    evaluation->unknown = false;
    evaluation->causes.count = causes;
    xmlXPathFreeObject(object);
  }
  bool known = value_known(set);
  if (known) sort(set, expression->parts[expression->parts[part].first].node);
  for (size_t each = expression->parts[part].predicates; each != 0 && !evaluation->failed;
       each = expression->parts[each].next)
    filter(evaluation, expression, each, set, known && all_sure(set), false);
}

void unknown_nodes(struct evaluation *evaluation, const struct expression *expression, size_t part,
                   struct focus focus, struct value *value) {
  switch (expression->parts[part].node->kind) {
  case EXPR_PATH:
    ask_path(evaluation, expression, part, focus, value);
    return;
  case EXPR_UNION:
    ask_union(evaluation, expression, part, focus, value);
    return;
  default:
    ask_filter(evaluation, expression, part, focus, value);
    return;
  }
}
