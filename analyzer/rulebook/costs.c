/* Measuring rules one by one. */
#include "rulebook/costs.h"

#include <stdlib.h>
#include <string.h>

void costs_begin(struct verdicts *verdicts) {
  verdicts->costs = alloc_array(verdicts->rule_count, sizeof *verdicts->costs);
  for (size_t i = 0; i < verdicts->rule_count; i++) verdicts->costs[i].rule = i;
}

static uint64_t time_of(const struct rule_source *source, const bool *active,
                        const struct host *host, uint64_t (*clock)(void)) {
  struct engine_listener silent = {0};
  struct pattern_tally *tallies = alloc_array(source->count, sizeof *tallies);
  uint64_t start = clock();
  engine_run(source->schema, host->document, active, (void *)host, &silent, tallies);
  uint64_t end = clock();
  alloc_free(tallies);
  return end - start;
}

void costs_measure(struct verdicts *verdicts, const struct rule_source *source, const bool *active,
                   const long *rule_of, const struct host *host,
                   const struct pattern_tally *tallies, uint64_t (*clock)(void)) {
  bool *one = alloc_array(source->count, sizeof *one);
  uint64_t walk = time_of(source, one, host, clock);
  for (size_t i = 0; i < source->count; i++) {
    if (!active[i]) continue;
    struct rule_cost *cost = &verdicts->costs[rule_of[source->numbers[i]]];
    one[i] = true;
    uint64_t all = time_of(source, one, host, clock);
    one[i] = false;
    cost->nanoseconds += all > walk ? all - walk : 0;
    cost->contexts += tallies[i].contexts;
    cost->evaluations +=
        tallies[i].passed + tallies[i].failed + tallies[i].unknown + tallies[i].errors;
  }
  alloc_free(one);
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
