/* What each rule says of itself: the sg: attributes of its pattern, and its
 * diagnostics as help. */
#ifndef SITEGLASS_RULEBOOK_CATALOGUE_H
#define SITEGLASS_RULEBOOK_CATALOGUE_H

#include "base/alloc.h"
#include "rulebook/own_names.h"
#include "rulebook/verdicts.h"
#include "schematron/engine.h"

struct rule_entry {
  const struct schema_pattern *pattern;
  struct rule_facts facts;
  bool none_means_pass; /* sg:none="pass": the context is the defect */
  char **superseded_by; /* rule ids; a deeper finding of one of them explains this one's */
  size_t superseded_by_count;
};

/* Reads the metadata of every pattern; what is missing or wrong goes to `diags`
 * as errors with the rule file's place. One entry per pattern. */
struct rule_entry *catalogue_new(const struct schema *schema, struct diags *diags) MUST_USE;
void catalogue_free(struct rule_entry *entries, size_t count);
/* A deep copy, for the verdicts. */
struct rule_facts rule_facts_copy(const struct rule_facts *facts) MUST_USE;
/* Blank-separated words as a list; free each and the list. */
char **word_list(const char *text, size_t *count) MUST_USE;
void word_list_free(char **list, size_t count);

#endif
