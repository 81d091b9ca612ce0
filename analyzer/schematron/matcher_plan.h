/* A pattern as the matcher's own files see it. */
#ifndef SITEGLASS_SCHEMATRON_MATCHER_PLAN_H
#define SITEGLASS_SCHEMATRON_MATCHER_PLAN_H

#include "schematron/matcher.h"

enum predicate_way {
  PREDICATE_NATIVE, /* a shape of matcher_predicate.c */
  PREDICATE_NUMBER, /* [2] */
  PREDICATE_LAST,   /* [last()] */
  PREDICATE_ASKED,  /* the evaluator's */
};

struct predicate_plan {
  const struct xpath_node *expression;
  enum predicate_way way;
  bool maybe_number; /* asked: the value may turn out to be a number */
  bool reads_position, reads_last;
};

enum step_way {
  STEP_TEST,  /* an ordinary step */
  STEP_ROOT,  /* the "/" at the front: the document node */
  STEP_FRONT, /* key() or id() at the front */
};

struct step_plan {
  enum step_way way;
  const struct xpath_node *node; /* the step or the call; NULL for the root */
  bool deep;                     /* "//" stands before it */
  struct predicate_plan *predicates;
  size_t predicate_count;
};

struct matcher {
  struct step_plan *steps; /* from the front to the last */
  size_t count;
  bool straight; /* no "//" */
  bool simple;   /* names decide: no predicates, no key() or id() */
};

static inline enum matcher_answer answer_and(enum matcher_answer a, enum matcher_answer b) {
  if (a == MATCHER_NO || b == MATCHER_NO) return MATCHER_NO;
  return a == MATCHER_YES && b == MATCHER_YES ? MATCHER_YES : MATCHER_UNKNOWN;
}

static inline enum matcher_answer answer_or(enum matcher_answer a, enum matcher_answer b) {
  if (a == MATCHER_YES || b == MATCHER_YES) return MATCHER_YES;
  return a == MATCHER_NO && b == MATCHER_NO ? MATCHER_NO : MATCHER_UNKNOWN;
}

static inline enum matcher_answer answer_not(enum matcher_answer a) {
  return a == MATCHER_UNKNOWN ? a : a == MATCHER_YES ? MATCHER_NO : MATCHER_YES;
}

/* matcher_predicate.c: the test of a step alone, and native predicates. */
bool step_accepts(const struct xpath_node *step, const xmlNode *node,
                  const struct matcher_evaluator *evaluator);
enum matcher_answer native_predicate(const struct xpath_node *expression, xmlNode *node,
                                     const struct matcher_evaluator *evaluator);
bool native_marked(const struct matcher_evaluator *evaluator, xmlNode *element, const char *of);
const xmlAttr *native_attribute(const xmlNode *element, const char *name, const char *uri);

/* matcher_position.c: all predicates of a step at a node that passes its test. */
enum matcher_answer step_predicates(const struct step_plan *step, xmlNode *node,
                                    const struct matcher_evaluator *evaluator);

/* matcher.c: the first `count` steps, the last of them at `node` or, if
 * `anywhere`, at `node` or one of its ancestors. */
enum matcher_answer steps_match(const struct matcher *matcher, size_t count, xmlNode *node,
                                bool anywhere, const struct matcher_evaluator *evaluator);

#endif
