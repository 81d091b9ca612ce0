/* What each rule costs: for check --profile-rules. The only numbers of a run that
 * depend on the day and the machine; no report shows them. */
#ifndef SITEGLASS_RULEBOOK_COSTS_H
#define SITEGLASS_RULEBOOK_COSTS_H

#include "rulebook/verdicts.h"
#include "schematron/engine.h"

void costs_begin(struct verdicts *verdicts); /* a row per rule that runs */
/* Adds what a rule (index in verdicts.rules) cost on one host. */
void costs_add(struct verdicts *verdicts, size_t rule, const struct pattern_tally *tally);
void costs_settle(struct verdicts *verdicts); /* dearest first */

#endif
