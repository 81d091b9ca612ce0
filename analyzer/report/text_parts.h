/* The parts of the text report, in the order in which they stand on the page. */
#ifndef SITEGLASS_REPORT_TEXT_PARTS_H
#define SITEGLASS_REPORT_TEXT_PARTS_H

#include "report/paper.h"
#include "rulebook/verdicts.h"

/* Lists on the page are cut at these; what is left out is counted, and is in the JSON. */
enum {
  TEXT_PLACES_MOST = 10,   /* further places of one finding */
  TEXT_EVIDENCE_MOST = 20, /* links of one chain of evidence */
  TEXT_TITLES_MOST = 12,   /* titles in the overview */
  TEXT_FINDINGS_OF_RULE_MOST = 10,
  TEXT_RULES_MOST = 6,   /* rules of one group of unknowns */
  TEXT_GROUPS_MOST = 8,  /* groups of unknowns with their command; the script has them all */
  TEXT_OTHERS_MOST = 12, /* rules of all other groups together */
  TEXT_REASONS_MOST = 4,
  TEXT_HOSTS_MOST = 5,
  TEXT_FILES_MOST = 10, /* of each outcome */
  TEXT_DIAGS_MOST = 10,
  TEXT_ERRORS_MOST = 20,
};

void text_findings(struct paper *paper, const struct verdicts *verdicts, bool quiet);
void text_waivers(struct paper *paper, const struct verdicts *verdicts);
void text_unknowns(struct paper *paper, const struct verdicts *verdicts);
void text_rule_errors(struct paper *paper, const struct verdicts *verdicts);
void text_files(struct paper *paper, const struct verdicts *verdicts);

/* "... and 12 more (see --format json)"; nothing when `shown` is all. */
void text_and_more(struct paper *paper, unsigned indent, size_t shown, size_t all);

#endif
