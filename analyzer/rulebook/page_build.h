/* From rules and their cases to pages. */
#ifndef SITEGLASS_RULEBOOK_PAGE_BUILD_H
#define SITEGLASS_RULEBOOK_PAGE_BUILD_H

#include "rulebook/cases.h"
#include "rulebook/pages.h"

/* One page per rule, in the order of the rulebook. The examples come from the cases. */
struct rule_pages rule_pages_new(const struct rulebook *rulebook,
                                 const struct case_set *cases) MUST_USE;

struct page_filter {                    /* NULL: anything */
  const char *tag, *product, *severity; /* severity: the word */
  const char *id;                       /* a glob */
};
/* Drops the pages that do not fit. */
void rule_pages_filter(struct rule_pages *pages, const struct page_filter *filter);

#endif
