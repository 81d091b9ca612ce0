/* The predicates of one step. Without positions each is asked at the node
 * alone. With positions the siblings are sieved as XPath does it, predicate by
 * predicate, and the outcome for all of them is remembered: one per step and
 * depth, since a walk in document order leaves a parent before it enters the
 * next one of that depth. */
#include "schematron/matcher_plan.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>

/* What all siblings that pass a step's test answered to its predicates. */
struct sieve {
  const xmlNode *parent;
  xmlNode **nodes;
  uint8_t *answers;
  size_t count, node_capacity, answer_capacity;
  size_t cursor;     /* where the last answer was found: the next is mostly beside it */
  xmlNode *doubtful; /* the first sibling of which something was unknown */
};

/* The sieves of one step, by depth of the parent. */
struct step_memory {
  const struct step_plan *step;
  struct sieve *sieves;
  size_t count;
  struct step_memory *next;
};

enum { MEMORY_BUCKETS = 64 };

struct matcher_positions {
  struct step_memory *buckets[MEMORY_BUCKETS];
};

/* ---- Memory ------------------------------------------------------------------ */

static void sieve_dispose(struct sieve *sieve) {
  alloc_free(sieve->nodes);
  alloc_free(sieve->answers);
}

struct matcher_positions *matcher_positions_new(void) {
  return alloc_bytes(sizeof(struct matcher_positions));
}

void matcher_positions_free(struct matcher_positions *positions) {
  for (size_t i = 0; positions != NULL && i < MEMORY_BUCKETS; i++)
    for (struct step_memory *each = positions->buckets[i], *next; each != NULL; each = next) {
      next = each->next;
      for (size_t j = 0; j < each->count; j++)
        sieve_dispose(&each->sieves[j]);
      alloc_free(each->sieves);
      alloc_free(each);
    }
  alloc_free(positions);
}

static struct step_memory *memory_of(struct matcher_positions *positions,
                                     const struct step_plan *step) {
  size_t bucket = ((uintptr_t)step / sizeof *step) % MEMORY_BUCKETS;
  for (struct step_memory *each = positions->buckets[bucket]; each != NULL; each = each->next)
    if (each->step == step) return each;
  struct step_memory *memory = alloc_bytes(sizeof *memory);
  *memory = (struct step_memory){.step = step, .next = positions->buckets[bucket]};
  positions->buckets[bucket] = memory;
  return memory;
}

static size_t depth_of(const xmlNode *node) {
  size_t depth = 0;
  for (; node->parent != NULL; node = node->parent)
    depth++;
  return depth;
}

static struct sieve *sieve_at(struct matcher_positions *positions, const struct step_plan *step,
                              const xmlNode *parent) {
  struct step_memory *memory = memory_of(positions, step);
  size_t depth = depth_of(parent);
  if (depth >= memory->count) {
    memory->sieves = alloc_resize(memory->sieves, depth + 1, sizeof *memory->sieves);
    while (memory->count <= depth)
      memory->sieves[memory->count++] = (struct sieve){.parent = NULL};
  }
  return &memory->sieves[depth];
}

/* ---- One predicate at one node -------------------------------------------------- */

/* Where a node stands among its siblings that are left. A sibling whose standing
 * is unknown, or one that a mark hides, makes the figures open: at least so many. */
struct standing {
  size_t before, before_open; /* left for certain, and perhaps */
  size_t after, after_open;
  bool hidden; /* there may be others, anywhere */
};

static enum matcher_answer is_last(const struct standing *standing) {
  if (standing->after > 0) return MATCHER_NO;
  return standing->after_open > 0 || standing->hidden ? MATCHER_UNKNOWN : MATCHER_YES;
}

static enum matcher_answer is_number(double number, const struct standing *standing) {
  double least = (double)standing->before + 1, most = least + (double)standing->before_open;
  if (number < least || number != floor(number) || isnan(number)) return MATCHER_NO;
  if (standing->hidden) return isinf(number) ? MATCHER_NO : MATCHER_UNKNOWN;
  if (number > most) return MATCHER_NO;
  return least == most ? MATCHER_YES : MATCHER_UNKNOWN;
}

static enum matcher_answer ask(const struct predicate_plan *plan, xmlNode *node, size_t position,
                               size_t size, const struct matcher_evaluator *evaluator) {
  if (evaluator->predicate == NULL) return MATCHER_UNKNOWN;
  return evaluator->predicate(evaluator->data, plan->expression, node, position, size);
}

static enum matcher_answer ask_in_place(const struct predicate_plan *plan, xmlNode *node,
                                        const struct standing *standing,
                                        const struct matcher_evaluator *evaluator) {
  bool open = standing->hidden || standing->before_open > 0;
  if (plan->reads_position && open) return MATCHER_UNKNOWN;
  if (plan->reads_last && standing->after_open > 0) return MATCHER_UNKNOWN;
  if (open || !(plan->reads_position || plan->maybe_number))
    return ask(plan, node, 0, 0, evaluator);
  size_t position = standing->before + 1;
  return ask(plan, node, position, plan->reads_last ? position + standing->after : 0, evaluator);
}

static enum matcher_answer answer_in_place(const struct predicate_plan *plan, xmlNode *node,
                                           const struct standing *standing,
                                           const struct matcher_evaluator *evaluator) {
  switch (plan->way) {
  case PREDICATE_NATIVE:
    return native_predicate(plan->expression, node, evaluator);
  case PREDICATE_NUMBER:
    return is_number(plan->expression->number, standing);
  case PREDICATE_LAST:
    return is_last(standing);
  case PREDICATE_ASKED:
    break;
  }
  return ask_in_place(plan, node, standing, evaluator);
}

/* What is known of the node by itself, with no sibling looked at. */
static enum matcher_answer answer_alone(const struct predicate_plan *plan, xmlNode *node,
                                        const struct matcher_evaluator *evaluator) {
  if (plan->way == PREDICATE_NATIVE) return native_predicate(plan->expression, node, evaluator);
  if (plan->way != PREDICATE_ASKED || plan->reads_position ||
      plan->expression->kind == EXPR_VARIABLE)
    return MATCHER_UNKNOWN;
  return ask(plan, node, 0, 0, evaluator);
}

/* ---- Sieving siblings ------------------------------------------------------------- */

static xmlNode *first_sibling(const xmlNode *node) {
  if (node->type == XML_ATTRIBUTE_NODE) return (xmlNode *)node->parent->properties;
  return node->parent->children;
}

/* May there be siblings for this test that the tree does not show? An attribute
 * has no sibling of its own name, and no mark hides text. */
static bool hides_siblings(const struct xpath_node *step, xmlNode *parent,
                           const struct matcher_evaluator *evaluator) {
  bool attribute = step->axis == AXIS_ATTRIBUTE;
  if (evaluator->marked == NULL || step->prefix != NULL) return false;
  if (step->test == TEST_ANY || step->test == TEST_NODE)
    return native_marked(evaluator, parent, attribute ? "@*" : "*");
  return step->test == TEST_NAME && !attribute && native_marked(evaluator, parent, step->name);
}

static void collect(struct sieve *sieve, const struct xpath_node *step, xmlNode *node,
                    const struct matcher_evaluator *evaluator) {
  for (xmlNode *each = first_sibling(node); each != NULL; each = each->next) {
    if (!step_accepts(step, each, evaluator)) continue;
    size_t count = sieve->count;
    ARRAY_PUSH(sieve->answers, count, sieve->answer_capacity) = MATCHER_YES;
    ARRAY_PUSH(sieve->nodes, sieve->count, sieve->node_capacity) = each;
  }
}

static struct standing before_all(const struct sieve *sieve, bool hidden) {
  struct standing standing = {.hidden = hidden};
  for (size_t i = 0; i < sieve->count; i++) {
    standing.after += sieve->answers[i] == MATCHER_YES;
    standing.after_open += sieve->answers[i] == MATCHER_UNKNOWN;
  }
  return standing;
}

static void apply(struct sieve *sieve, const struct predicate_plan *plan, bool hidden,
                  const struct matcher_evaluator *evaluator) {
  struct standing standing = before_all(sieve, hidden);
  for (size_t i = 0; i < sieve->count; i++) {
    enum matcher_answer so_far = (enum matcher_answer)sieve->answers[i];
    if (so_far == MATCHER_NO) continue;
    standing.after -= so_far == MATCHER_YES;
    standing.after_open -= so_far == MATCHER_UNKNOWN;
    enum matcher_answer answer = answer_in_place(plan, sieve->nodes[i], &standing, evaluator);
    sieve->answers[i] = (uint8_t)answer_and(so_far, answer);
    if (answer == MATCHER_UNKNOWN && sieve->doubtful == NULL) sieve->doubtful = sieve->nodes[i];
    standing.before += so_far == MATCHER_YES;
    standing.before_open += so_far == MATCHER_UNKNOWN;
  }
}

static struct sieve sieve_siblings(const struct step_plan *step, xmlNode *node,
                                   const struct matcher_evaluator *evaluator) {
  struct sieve sieve = {.parent = node->parent};
  bool hidden = hides_siblings(step->node, node->parent, evaluator);
  collect(&sieve, step->node, node, evaluator);
  for (size_t i = 0; i < step->predicate_count; i++)
    apply(&sieve, &step->predicates[i], hidden, evaluator);
  return sieve;
}

/* From the cursor on, and round. */
static enum matcher_answer look_up(struct sieve *sieve, const xmlNode *node) {
  for (size_t i = 0; i < sieve->count; i++) {
    if (sieve->nodes[sieve->cursor] == node)
      return (enum matcher_answer)sieve->answers[sieve->cursor];
    sieve->cursor = sieve->cursor + 1 < sieve->count ? sieve->cursor + 1 : 0;
  }
  return MATCHER_NO;
}

static struct sieve *remember(struct matcher_positions *positions, const struct step_plan *step,
                              struct sieve sieve) {
  struct sieve *kept = sieve_at(positions, step, sieve.parent);
  sieve_dispose(kept);
  *kept = sieve;
  return kept;
}

/* The caller learns from its own answers why something is unknown, so what was
 * unknown and is only remembered is asked for once more. */
static void ask_for_reasons(const struct step_plan *step, const struct sieve *sieve, xmlNode *node,
                            const struct matcher_evaluator *evaluator) {
  (void)hides_siblings(step->node, node->parent, evaluator);
  for (size_t i = 0; sieve->doubtful != NULL && i < step->predicate_count; i++)
    (void)answer_alone(&step->predicates[i], sieve->doubtful, evaluator);
}

static enum matcher_answer among_siblings(const struct step_plan *step, xmlNode *node,
                                          const struct matcher_evaluator *evaluator) {
  struct matcher_positions *positions = evaluator->positions;
  if (positions == NULL) {
    struct sieve sieve = sieve_siblings(step, node, evaluator);
    enum matcher_answer answer = look_up(&sieve, node);
    sieve_dispose(&sieve);
    return answer;
  }
  struct sieve *sieve = sieve_at(positions, step, node->parent);
  if (sieve->parent != node->parent)
    return look_up(remember(positions, step, sieve_siblings(step, node, evaluator)), node);
  enum matcher_answer answer = look_up(sieve, node);
  struct sieve seen = *sieve; /* asking may come back here and move the memory */
  if (answer == MATCHER_UNKNOWN) ask_for_reasons(step, &seen, node, evaluator);
  return answer;
}

/* ---- All predicates at a node ------------------------------------------------------ */

/* Alone first: a "no" needs no position, and a function whose value is no number
 * after all (who knows before) needs none either. Siblings are sieved only for
 * what that leaves open because of a position. */
enum matcher_answer step_predicates(const struct step_plan *step, xmlNode *node,
                                    const struct matcher_evaluator *evaluator) {
  enum matcher_answer answer = MATCHER_YES;
  bool open_place = false;
  for (size_t i = 0; i < step->predicate_count && answer != MATCHER_NO; i++) {
    const struct predicate_plan *plan = &step->predicates[i];
    enum matcher_answer alone = answer_alone(plan, node, evaluator);
    open_place =
        open_place || (alone == MATCHER_UNKNOWN && (plan->maybe_number || plan->reads_position));
    answer = answer_and(answer, alone);
  }
  if (answer != MATCHER_UNKNOWN || !open_place || node->parent == NULL) return answer;
  return among_siblings(step, node, evaluator);
}
