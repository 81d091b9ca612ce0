/* From failed assertions to findings: one cause is one finding. */
#ifndef SITEGLASS_RULEBOOK_FINDINGS_H
#define SITEGLASS_RULEBOOK_FINDINGS_H

#include "rulebook/catalogue.h"

struct findings; /* being collected */

/* `explain`: findings say how they came about. */
struct findings *findings_new(struct verdicts *verdicts, bool explain) MUST_USE;
void findings_free(struct findings *findings);

/* A failed assertion, while its evaluation is live. `rule` is the index in verdicts.rules. */
void findings_add(struct findings *findings, size_t rule, const struct rule_entry *entry, int host,
                  const struct engine_outcome *outcome, struct evaluation *evaluation);

/* After all hosts: folds what a deeper finding explains into that one, gives each
 * its fingerprint, and puts them in order. */
void findings_settle(struct findings *findings);
/* Puts what is waived behind the rest, in order; for whoever sets finding.waiver. */
void findings_sort(struct verdicts *verdicts);

#endif
