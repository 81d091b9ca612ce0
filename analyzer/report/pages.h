/* The pages of rules, for people and for programs. They compute nothing and escape
 * everything. All results are freed with alloc_free. */
#ifndef SITEGLASS_REPORT_PAGES_H
#define SITEGLASS_REPORT_PAGES_H

#include "report/report.h"
#include "rulebook/pages.h"
#include "rulebook/peer_checks.h"
#include "rulebook/settings.h"

/* `style` may be NULL. */
char *rule_list_text(const struct rule_pages *pages, const struct report_style *style) MUST_USE;
char *rule_page_text(const struct rule_page *page, const struct report_style *style) MUST_USE;
char *rule_settings_text(const struct settings *settings,
                         const struct report_style *style) MUST_USE;
/* Everything that the pages hold: {"format": "siteglass-rules", "version": 1, "rules": [...]}. */
char *rule_list_json(const struct rule_pages *pages) MUST_USE;
/* A page links others as ID.md; the index links all of them. */
char *rule_page_markdown(const struct rule_page *page) MUST_USE;
char *rule_index_markdown(const struct rule_pages *pages) MUST_USE;
/* One table of the rules, and one of the checks of HealthChecker. */
char *rule_table_markdown(const struct rule_pages *pages,
                          const struct peer_checks *checks) MUST_USE;
/* All pages in one file that needs nothing else, with a search box. */
char *rule_pages_html(const struct rule_pages *pages, const char *version) MUST_USE;

#endif
