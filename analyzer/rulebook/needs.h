/* Which evidence a rule needs: from the names that it reads, and from what the program
 * says is missing when there is no evidence at all. No author has to list it. */
#ifndef SITEGLASS_RULEBOOK_NEEDS_H
#define SITEGLASS_RULEBOOK_NEEDS_H

#include "rulebook/cases.h"
#include "rulebook/pages.h"
#include "rulebook/private.h"

/* The marks of a server of which nothing is known: name -> the kinds that would tell. */
struct evidence_needs;
struct evidence_needs *evidence_needs_new(void) MUST_USE;
void evidence_needs_free(struct evidence_needs *needs);

/* Fills page->needs. The rule's must-be-unknown cases add what only they know. */
void needs_of_rule(const struct evidence_needs *needs, const struct schema *schema,
                   const struct rule_entry *entry, const struct case_set *cases,
                   struct rule_page *page);

#endif
