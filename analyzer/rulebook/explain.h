/* How a finding came about: the chain from the rule to the nodes it read. */
#ifndef SITEGLASS_RULEBOOK_EXPLAIN_H
#define SITEGLASS_RULEBOOK_EXPLAIN_H

#include "rulebook/verdicts.h"
#include "schematron/engine.h"

/* While the failed assertion's evaluation is live. Free with explanation_free. */
struct explanation *explanation_new(const struct engine_outcome *outcome,
                                    struct evaluation *evaluation) MUST_USE;

#endif
