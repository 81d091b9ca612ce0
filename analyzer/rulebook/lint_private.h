/* What the files of lint share.
 *
 *   lint.c         the complaints of a whole schema; telling
 *   lint_facts.c   metadata, references, messages
 *   lint_xpath.c   expressions */
#ifndef SITEGLASS_RULEBOOK_LINT_PRIVATE_H
#define SITEGLASS_RULEBOOK_LINT_PRIVATE_H

#include "base/map.h"
#include "rulebook/attribute_facts.h"
#include "rulebook/expressions.h"
#include "rulebook/private.h"

struct linter {
  const struct rulebook *rulebook;
  const struct rule_source *source;
  const struct rule_entry *entry; /* NULL: what belongs to the whole schema */
  struct attribute_facts *facts;
  struct map *told; /* place and message: copies of abstract patterns say it once */
  struct diags *diags;
};

/* At an element, or at a byte of an attribute's value. `name`: of the complaint. */
void lint_at(struct linter *linter, const char *name, const xmlNode *element, const char *format,
             ...) PRINTF_LIKE(4, 5);
void lint_in(struct linter *linter, const char *name, const xmlAttr *attribute, size_t offset,
             const char *format, ...) PRINTF_LIKE(5, 6);

void lint_facts(struct linter *linter);
/* A rule_expression teller whose data is a struct linter. */
void lint_expression(void *data, const struct rule_expression *expression);
void lint_same_contexts(struct linter *linter);

#endif
