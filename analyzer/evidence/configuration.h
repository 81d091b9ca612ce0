/* The effective IIS configuration, as a question: what is in force at a node?
 * For now it answers from applicationHost.config alone; what a web.config that
 * the bundle lacks could change is `uncertain`. */
#ifndef SITEGLASS_EVIDENCE_CONFIGURATION_H
#define SITEGLASS_EVIDENCE_CONFIGURATION_H

#include "base/alloc.h"

#include <libxml/tree.h>
#include <stdbool.h>

struct configuration;

/* Indexes the <configuration> container of an evidence document. */
struct configuration *configuration_new(xmlNode *container) MUST_USE;
void configuration_free(struct configuration *configuration);

/* Is "group/section[/element...][/@attribute]" known to the schema facts?
 * Else `near` is the nearest known path, or "". */
bool configuration_path_known(const char *path, char near[160]);

struct configuration_answer {
  const char *value;  /* never NULL for a known attribute: schema default if unset */
  xmlNode *element;   /* the element that set it; NULL when it is the schema default */
  bool uncertain;     /* something the bundle lacks could change it */
  const char *reason; /* word of a mark's reason, when uncertain */
  const char *needs;  /* ids of kinds.h, when uncertain */
};

/* `key`: lower-case configuration path, "" (server), "default web site/owa". */
struct configuration_answer configuration_value(const struct configuration *configuration,
                                                const char *key, const char *path);
/* Is the section locked for files below applicationHost.config at `key`? */
bool configuration_locked(const struct configuration *configuration, const char *key,
                          const char *section);
/* The key of the nearest level at or above an evidence node (site, application,
 * virtualDirectory); "" for anything else. */
const char *configuration_key_of(const xmlNode *node);

#endif
