/* A pattern is matched from the node upwards, as a set of steps that may come
 * next: every step is held against every ancestor at most once, however many
 * "//" there are. Names go first and predicates only when the names allow it. */
#include "schematron/matcher_plan.h"

#include <stdint.h>
#include <string.h>

static bool is_document(const xmlNode *node) {
  return node->type == XML_DOCUMENT_NODE || node->type == XML_HTML_DOCUMENT_NODE;
}

/* ---- One step at one node -------------------------------------------------- */

static enum matcher_answer try_step(const struct step_plan *step, xmlNode *node, bool names_only,
                                    const struct matcher_evaluator *evaluator) {
  if (step->way == STEP_ROOT) return is_document(node) ? MATCHER_YES : MATCHER_NO;
  if (step->way == STEP_TEST) {
    if (!step_accepts(step->node, node, evaluator)) return MATCHER_NO;
    return names_only ? MATCHER_YES : step_predicates(step, node, evaluator);
  }
  if (names_only) return MATCHER_YES;
  if (evaluator->front == NULL) return MATCHER_UNKNOWN;
  return evaluator->front(evaluator->data, step->node, node);
}

/* ---- The walk to the root ---------------------------------------------------- */

/* For each step, whether all steps behind it are matched below: so that it must
 * match at this very node (`here`), or at this node or any above (`above`). */
struct wanted {
  uint8_t here, above;
};

enum { WANTED_ON_STACK = 24 };

struct walk {
  const struct matcher *matcher;
  const struct matcher_evaluator *evaluator;
  bool names_only;
  struct wanted *wanted;
  size_t low, high; /* only steps in [low, high) can be wanted */
  enum matcher_answer result;
};

static void want(struct walk *walk, size_t step, bool deep, enum matcher_answer below) {
  struct wanted *wanted = &walk->wanted[step];
  if (deep)
    wanted->above = (uint8_t)answer_or((enum matcher_answer)wanted->above, below);
  else
    wanted->here = (uint8_t)answer_or((enum matcher_answer)wanted->here, below);
  if (step < walk->low) walk->low = step;
}

/* From the front to the back, so that what a step asks of the parent is not
 * tried at this node. */
static void try_node(struct walk *walk, xmlNode *node) {
  for (size_t i = walk->low; i < walk->high; i++) {
    struct wanted *wanted = &walk->wanted[i];
    enum matcher_answer below =
        answer_or((enum matcher_answer)wanted->here, (enum matcher_answer)wanted->above);
    wanted->here = MATCHER_NO;
    if (below == MATCHER_NO) continue;
    const struct step_plan *step = &walk->matcher->steps[i];
    below = answer_and(below, try_step(step, node, walk->names_only, walk->evaluator));
    if (below == MATCHER_NO) continue;
    if (i == 0)
      walk->result = answer_or(walk->result, below);
    else
      want(walk, i - 1, step->deep, below);
  }
}

/* Nothing wanted any more? Also moves the bounds together. */
static bool is_over(struct walk *walk) {
  while (walk->low < walk->high) {
    const struct wanted *last = &walk->wanted[walk->high - 1];
    if (last->here != MATCHER_NO || last->above != MATCHER_NO) return walk->result == MATCHER_YES;
    walk->high--;
  }
  return true;
}

static enum matcher_answer walk_up(const struct matcher *matcher, size_t count, xmlNode *node,
                                   bool anywhere, bool names_only,
                                   const struct matcher_evaluator *evaluator) {
  struct wanted few[WANTED_ON_STACK];
  struct wanted *many = count > WANTED_ON_STACK ? alloc_array(count, sizeof *many) : NULL;
  struct walk walk = {.matcher = matcher,
                      .evaluator = evaluator,
                      .names_only = names_only,
                      .wanted = many != NULL ? many : few,
                      .low = count,
                      .high = count,
                      .result = MATCHER_NO};
  memset(walk.wanted, 0, count * sizeof *walk.wanted);
  want(&walk, count - 1, anywhere, MATCHER_YES);
  for (; node != NULL && !is_over(&walk); node = node->parent)
    try_node(&walk, node);
  alloc_free(many);
  return walk.result;
}

/* Without "//" each step has one place: the common case, and no set is needed. */
static enum matcher_answer climb(const struct matcher *matcher, size_t count, xmlNode *node,
                                 bool names_only, const struct matcher_evaluator *evaluator) {
  enum matcher_answer answer = MATCHER_YES;
  for (; count > 0 && answer != MATCHER_NO; count--, node = node->parent) {
    if (node == NULL) return MATCHER_NO;
    answer = answer_and(answer, try_step(&matcher->steps[count - 1], node, names_only, evaluator));
  }
  return answer;
}

static enum matcher_answer climb_twice(const struct matcher *matcher, size_t count, xmlNode *node,
                                       const struct matcher_evaluator *evaluator) {
  enum matcher_answer names = climb(matcher, count, node, true, evaluator);
  if (names == MATCHER_NO || matcher->simple) return names;
  return climb(matcher, count, node, false, evaluator);
}

enum matcher_answer steps_match(const struct matcher *matcher, size_t count, xmlNode *node,
                                bool anywhere, const struct matcher_evaluator *evaluator) {
  if (matcher->straight && !anywhere) return climb_twice(matcher, count, node, evaluator);
  enum matcher_answer names = walk_up(matcher, count, node, anywhere, true, evaluator);
  if (names == MATCHER_NO || matcher->simple) return names;
  return walk_up(matcher, count, node, anywhere, false, evaluator);
}

enum matcher_answer matcher_match(const struct matcher *matcher, xmlNode *node,
                                  const struct matcher_evaluator *evaluator) {
  if (matcher->count == 0) /* not an alternative of a pattern */
    return MATCHER_UNKNOWN;
  return steps_match(matcher, matcher->count, node, false, evaluator);
}

/* ---- Dispatch ------------------------------------------------------------------ */

static xmlElementType child_kind(enum xpath_test test) {
  switch (test) {
  case TEST_NAME:
  case TEST_ANY:
    return XML_ELEMENT_NODE;
  case TEST_TEXT:
    return XML_TEXT_NODE;
  case TEST_COMMENT:
    return XML_COMMENT_NODE;
  case TEST_INSTRUCTION:
    return XML_PI_NODE;
  case TEST_NODE:
    break;
  }
  return (xmlElementType)0;
}

void matcher_target(const struct matcher *matcher, xmlElementType *kind, const char **name) {
  *kind = (xmlElementType)0;
  *name = NULL;
  if (matcher->count == 0) return;
  const struct step_plan *last = &matcher->steps[matcher->count - 1];
  if (last->way == STEP_ROOT) *kind = XML_DOCUMENT_NODE;
  if (last->way != STEP_TEST) return;
  bool child = last->node->axis == AXIS_CHILD;
  *kind = child ? child_kind(last->node->test) : XML_ATTRIBUTE_NODE;
  *name = last->node->name;
  if (!child && last->node->test == TEST_INSTRUCTION) /* @processing-instruction('x') is nothing */
    *name = NULL;
}
