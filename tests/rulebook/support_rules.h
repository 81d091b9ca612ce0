/* Rules and cases out of strings, in a folder of their own. */
#ifndef SITEGLASS_TESTS_SUPPORT_RULES_H
#define SITEGLASS_TESTS_SUPPORT_RULES_H

#include "rulebook/rulebook.h"

/* A new empty folder; its path (free with rules_folder_remove). */
char *rules_folder_new(void);
void rules_folder_remove(char *folder);
/* Writes folder/name, and the folders on the way. */
void rules_write(const char *folder, const char *name, const char *text);

/* A schema around `patterns`, with the prefixes and namespaces that rules use. Allocated. */
char *rules_schema(const char *patterns);

struct rules_loaded {
  struct rule_files *files;
  struct diags diags;
  struct rulebook *rulebook; /* NULL when it does not load */
};
struct rules_loaded rules_load(const char *path, bool no_builtin);
void rules_unload(struct rules_loaded *loaded);
/* Is there an error whose message holds `words`? Its number, else -1. */
int rules_said(const struct diags *diags, const char *words);
/* All messages, for a failing test. Allocated. */
char *rules_messages(const struct diags *diags);

#endif
