/* What could not be decided, grouped by what would decide it. */
#ifndef SITEGLASS_RULEBOOK_UNKNOWNS_H
#define SITEGLASS_RULEBOOK_UNKNOWNS_H

#include "rulebook/catalogue.h"

struct unknowns; /* being collected */

struct unknowns *unknowns_new(struct verdicts *verdicts) MUST_USE;
void unknowns_free(struct unknowns *unknowns);
void unknowns_add(struct unknowns *unknowns, size_t rule, int host, enum severity severity,
                  const struct unknown_cause *causes, size_t count);
/* Counts, names the commands, and puts the most deciding group first. */
void unknowns_settle(struct unknowns *unknowns);

#endif
