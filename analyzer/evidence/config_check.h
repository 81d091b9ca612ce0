/* Private to evidence/: what is wrong with a section by itself, and against what
 * the files above set. */
#ifndef SITEGLASS_EVIDENCE_CONFIG_CHECK_H
#define SITEGLASS_EVIDENCE_CONFIG_CHECK_H

#include "evidence/config_engine.h"
#include "evidence/config_errors.h"

struct config_check {
  struct host_build *build;
  const struct configuration *configuration; /* of the content check: only its schema counts */
  const char *section, *key;                 /* where we are */
  enum config_file_kind kind;
  bool in_location;
  bool added; /* of a module whose version, and so whose schema, is not known */
};

/* The content alone: unknown names, values, missing attributes, duplicates, lists of
 * locks. Before anything is moved out of it. */
void config_check_content(struct config_check *check, const xmlNode *element);

/* "Cannot add duplicate collection entry of type ..." Caller frees. */
char *config_duplicate_message(const struct schema_collection *collection,
                               const xmlNode *node) MUST_USE;

/* Every section against the files above it: locks, definitions, duplicates of inherited items,
 * sections that no file declares. */
void config_check_against(struct host_build *build, const struct configuration *configuration);

/* The files that the server level loads, against whole listings of their folders. */
void config_check_modules(struct host_build *build, const struct configuration *configuration);

#endif
