/* The chain from a rule to the nodes that it read. */
#include "rulebook/explain.h"

#include "base/text.h"
#include "rulebook/place.h"

struct explanation *explanation_new(const struct engine_outcome *outcome,
                                    struct evaluation *evaluation) {
  struct explanation *explanation = alloc_bytes(sizeof *explanation);
  (void)evaluation;
  *explanation = (struct explanation){.file = alloc_text(outcome->pattern->path),
                                      .line = outcome->assertion->line,
                                      .context = alloc_text(outcome->rule->context),
                                      .test = alloc_text(outcome->assertion->test),
                                      .is_report = outcome->assertion->is_report,
                                      .node = place_of(outcome->context, NULL)};
  return explanation;
}
