/* The costs of rules, summed over all hosts. */
#include "rulebook/costs.h"

#include <stdlib.h>

void costs_begin(struct verdicts *verdicts) {
  verdicts->costs = alloc_array(verdicts->rule_count, sizeof *verdicts->costs);
  for (size_t i = 0; i < verdicts->rule_count; i++)
    verdicts->costs[i].rule = i;
}

void costs_add(struct verdicts *verdicts, size_t rule, const struct pattern_tally *tally) {
  struct rule_cost *cost = &verdicts->costs[rule];
  cost->nanoseconds += tally->ticks;
  cost->contexts += tally->contexts;
  cost->evaluations += tally->evaluations;
}

static int by_time(const void *left, const void *right) {
  const struct rule_cost *a = left, *b = right;
  if (a->nanoseconds != b->nanoseconds) return a->nanoseconds > b->nanoseconds ? -1 : 1;
  return a->rule < b->rule ? -1 : a->rule > b->rule;
}

void costs_settle(struct verdicts *verdicts) {
  if (verdicts->rule_count)
    qsort(verdicts->costs, verdicts->rule_count, sizeof *verdicts->costs, by_time);
}
