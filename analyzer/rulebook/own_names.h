/* The names of our own namespace in a rule file: reading them, and refusing
 * those that mean nothing, with "did you mean". rules/rules.rng says the same. */
#ifndef SITEGLASS_RULEBOOK_OWN_NAMES_H
#define SITEGLASS_RULEBOOK_OWN_NAMES_H

#include "base/diag.h"
#include "schematron/engine.h"

bool is_own_name(const xmlNs *ns);
/* An attribute of the rules' namespace; NULL when absent. The text is the tree's. */
const char *own_attribute(const xmlNode *element, const char *name);
/* The next own-namespace element called `name`, from `node` on; NULL when none. */
const xmlNode *own_element(const xmlNode *node, const char *name);

/* Errors for every sg: name of a pattern, and of the diagnostics that it refers to, that
 * stands where it means nothing, and for a command without a known shell. */
void own_names_check(const struct schema *schema, const struct schema_pattern *pattern,
                     struct diags *diags);

/* "rule 'x' ..." at a node of the rule's file. */
void rule_error(struct diags *diags, const struct schema *schema,
                const struct schema_pattern *pattern, const xmlNode *at, const char *format, ...)
    PRINTF_LIKE(5, 6);

#endif
