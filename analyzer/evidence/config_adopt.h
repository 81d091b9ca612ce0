/* Private to evidence/: a file's <configuration> becomes levels and sections. */
#ifndef SITEGLASS_EVIDENCE_CONFIG_ADOPT_H
#define SITEGLASS_EVIDENCE_CONFIG_ADOPT_H

#include "evidence/effective.h"
#include "evidence/host_build.h"
#include "evidence/iis_schema.h"

struct config_adoption {
  struct host_build *build;
  const struct iis_schema *schema;
  enum config_file_kind kind;
  const char *key; /* of the file's level */
  const struct config_file *file;
  config_source_provider source;
  void *source_data;
  /* Paths of groups and sections that files above declare; and of this file. */
  const struct map *groups_above, *sections_above;
  struct map *groups, *sections; /* sections: path -> the declaring element */
  xmlNode *sites, *pools;        /* their section elements, wherever they stood */
};

/* Moves everything out of `root` into levels at the end of build->configuration, with
 * the errors of each section. Fills groups and sections; the caller frees both maps. */
void config_adopt(struct config_adoption *adoption, xmlNode *root);

/* "Default Web Site/OWA/" -> "default web site/owa"; "." and "" -> "". Caller frees. */
char *config_location_key(const char *path) MUST_USE;

#endif
