/* What each rule costs: for check --profile-rules. The only numbers of a run that
 * depend on the day and the machine; no report shows them. */
#ifndef SITEGLASS_RULEBOOK_COSTS_H
#define SITEGLASS_RULEBOOK_COSTS_H

#include "rulebook/private.h"

void costs_begin(struct verdicts *verdicts); /* a row per rule that runs */
/* Measures the active patterns of a source on one host, each alone, less what a walk
 * without any rule takes. `rule_of`: per rule of the rulebook, its index in verdicts.rules. */
void costs_measure(struct verdicts *verdicts, const struct rule_source *source, const bool *active,
                   const long *rule_of, const struct host *host,
                   const struct pattern_tally *tallies, uint64_t (*clock)(void));
void costs_settle(struct verdicts *verdicts); /* dearest first */

#endif
