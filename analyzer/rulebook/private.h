/* What the files of rulebook/ share. */
#ifndef SITEGLASS_RULEBOOK_PRIVATE_H
#define SITEGLASS_RULEBOOK_PRIVATE_H

#include "evidence/vocabulary.h"
#include "rulebook/catalogue.h"
#include "rulebook/functions.h"
#include "rulebook/rule_files.h"
#include "rulebook/rulebook.h"
#include "rulebook/settings.h"
#include "schematron/engine.h"

/* One schema: the built-in rules, or a file of a user with all that it includes. */
struct rule_source {
  char *path;
  bool builtin;
  size_t operand; /* which --rules it came from; the built-in one: 0 */
  struct schema *schema;
  struct rule_entry *entries; /* one per pattern */
  size_t count;
  long *numbers; /* per pattern: which rule of the rulebook; -1 when another replaces it */
};

struct rulebook {
  struct evidence_vocabulary *names;
  struct vocabulary vocabulary;
  struct rule_files *files;
  bool owns_files;
  struct settings *settings;
  struct rule_source *sources;
  size_t source_count, source_capacity;
  const struct rule_entry **entries; /* the rules, in the order of their sources */
  size_t count, capacity;
};

#endif
