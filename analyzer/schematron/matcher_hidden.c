/* What a mark hides. A hidden node stands in a chain: the child `of` of the real
 * element `under`, below it whatever the vocabulary allows. The last steps of a
 * pattern fall into the chain, where names decide; the steps before them on the
 * real element or its ancestors. Every place of that border is tried. */
#include "schematron/matcher_plan.h"

#include "base/text.h"

struct hidden {
  const struct matcher *matcher;
  xmlNode *under;
  const char *of; /* child name, or attribute name without "@" */
  const struct vocabulary *vocabulary;
  const struct matcher_evaluator *evaluator;
  bool *top;   /* per step: it and all behind it can fall into the chain, it on `of` itself */
  bool *below; /* the same, it below `of` */
};

/* ---- Names in the chain ------------------------------------------------------ */

static bool may_contain(const struct vocabulary *vocabulary, const char *above, const char *below) {
  return vocabulary == NULL || above == NULL || below == NULL ||
         vocabulary->may_contain(vocabulary->data, above, below);
}

static bool may_have(const struct vocabulary *vocabulary, const char *element,
                     const char *attribute) {
  return vocabulary == NULL || attribute == NULL ||
         vocabulary->has_attribute(vocabulary->data, element, attribute);
}

static bool is_element_step(const struct step_plan *step) {
  return step->way == STEP_TEST && step->node->axis == AXIS_CHILD &&
         (step->node->test == TEST_NAME || step->node->test == TEST_ANY ||
          step->node->test == TEST_NODE);
}

static bool is_attribute_step(const struct step_plan *step) {
  return step->way == STEP_TEST && step->node->axis == AXIS_ATTRIBUTE;
}

/* An attribute step that no attribute passes: @text(). */
static bool is_empty_step(const struct step_plan *step) {
  return is_attribute_step(step) && step->node->test != TEST_NAME && step->node->test != TEST_ANY &&
         step->node->test != TEST_NODE;
}

/* Can `step` stand in the chain below an element of this name (NULL: any)? At
 * once below it, when it is no "//". */
static bool fits_below(const struct hidden *hidden, const char *above,
                       const struct step_plan *step) {
  if (step->way != STEP_TEST || is_empty_step(step)) return false;
  if (is_attribute_step(step))
    return may_have(hidden->vocabulary, step->deep ? NULL : above, step->node->name);
  return !is_element_step(step) || may_contain(hidden->vocabulary, above, step->node->name);
}

/* ---- Steps in the chain -------------------------------------------------------- */

static bool fits_on_top(const struct hidden *hidden, size_t i) {
  const struct step_plan *step = &hidden->matcher->steps[i];
  if (!is_element_step(step)) return false;
  return step->node->test != TEST_NAME || text_equal(step->node->name, hidden->of);
}

/* From the last step to the first: what stands behind must fit too. */
static void fill_chain(const struct hidden *hidden) {
  const struct matcher *matcher = hidden->matcher;
  for (size_t i = matcher->count; i-- > 0;) {
    const struct step_plan *step = &matcher->steps[i];
    bool last = i + 1 == matcher->count;
    const struct step_plan *next = last ? NULL : step + 1;
    bool rest = last || (is_element_step(step) && hidden->below[i + 1]);
    hidden->top[i] =
        rest && fits_on_top(hidden, i) && (last || fits_below(hidden, hidden->of, next));
    bool placed = is_attribute_step(step)
                      ? !is_empty_step(step) && may_have(hidden->vocabulary, NULL, step->node->name)
                      : fits_below(hidden, hidden->of, step);
    hidden->below[i] = rest && placed && (last || fits_below(hidden, step->node->name, next));
  }
}

/* ---- The border ------------------------------------------------------------------ */

/* The steps before `i` on real nodes, which may be at `under` or (`deep`) above. */
static bool real_before(const struct hidden *hidden, size_t i, bool deep) {
  return steps_match(hidden->matcher, i, hidden->under, deep, hidden->evaluator) != MATCHER_NO;
}

/* Could step `i` be the first that falls into the chain? */
static bool border_at(const struct hidden *hidden, size_t i) {
  const struct step_plan *step = &hidden->matcher->steps[i];
  bool top = hidden->top[i], below = hidden->below[i];
  if (step->way != STEP_TEST) return step->way == STEP_FRONT && i + 1 == hidden->matcher->count;
  if (i == 0) return top || below;
  if (hidden->matcher->steps[i - 1].way == STEP_FRONT && below)
    return true; /* what key() finds may be hidden itself */
  if (!top && !(step->deep && below)) return false;
  return real_before(hidden, i, step->deep);
}

static bool child_could_match(struct hidden *hidden) {
  size_t count = hidden->matcher->count;
  hidden->top = alloc_array(count, sizeof *hidden->top);
  hidden->below = alloc_array(count, sizeof *hidden->below);
  fill_chain(hidden);
  bool could = false;
  for (size_t i = count; i-- > 0 && !could;)
    could = border_at(hidden, i);
  alloc_free(hidden->top);
  alloc_free(hidden->below);
  return could;
}

static bool attribute_could_match(const struct hidden *hidden) {
  size_t count = hidden->matcher->count;
  const struct step_plan *last = &hidden->matcher->steps[count - 1];
  if (native_attribute(hidden->under, hidden->of, "") != NULL) return false;
  if (last->way == STEP_FRONT) return true;
  if (!is_attribute_step(last) || is_empty_step(last)) return false;
  if (last->node->test == TEST_NAME && !text_equal(last->node->name, hidden->of)) return false;
  return count == 1 || real_before(hidden, count - 1, last->deep);
}

enum matcher_answer matcher_hidden(const struct matcher *matcher, xmlNode *under, const char *of,
                                   const struct vocabulary *vocabulary,
                                   const struct matcher_evaluator *evaluator) {
  struct hidden hidden = {.matcher = matcher,
                          .under = under,
                          .of = *of == '@' ? of + 1 : of,
                          .vocabulary = vocabulary,
                          .evaluator = evaluator};
  if (matcher->count == 0) /* not an alternative of a pattern */
    return MATCHER_UNKNOWN;
  bool could = *of == '@' ? attribute_could_match(&hidden) : child_could_match(&hidden);
  return could ? MATCHER_UNKNOWN : MATCHER_NO;
}
