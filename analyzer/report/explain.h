/* How findings came about, and what the rules cost: pages for authors of rules. */
#ifndef SITEGLASS_REPORT_EXPLAIN_H
#define SITEGLASS_REPORT_EXPLAIN_H

#include "report/report.h"

/* The chain from a rule to the nodes that it read, for each of its findings; what it
 * said otherwise. `style` may be NULL. Freed with alloc_free. */
char *explain_text(const struct verdicts *verdicts, const char *rule,
                   const struct report_style *style) MUST_USE;
/* A table of verdicts->costs, dearest first. */
char *costs_text(const struct verdicts *verdicts) MUST_USE;

#endif
