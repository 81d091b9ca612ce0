/* The effective IIS configuration, as a question: what is in force at a node?
 * Hash look-ups, for rules; effective.h gives the reasons. What a file that the
 * bundle lacks could change is `uncertain`. */
#ifndef SITEGLASS_EVIDENCE_CONFIGURATION_H
#define SITEGLASS_EVIDENCE_CONFIGURATION_H

#include "base/alloc.h"

#include <libxml/tree.h>
#include <stdbool.h>

struct configuration;

/* Indexes the <configuration> container of an evidence document, with the sites and
 * pools beside it. The tree must outlive it and not change but for marks. */
struct configuration *configuration_new(xmlNode *container) MUST_USE;
void configuration_free(struct configuration *configuration);

/* What a path of the functions leads to. */
enum configuration_path {
  PATH_VALUE,   /* group/section[/element...]/@attribute */
  PATH_SECTION, /* group/section */
  PATH_ITEMS,   /* group/section[/element...] that holds a collection */
};
/* Do the schema facts know it? Else `near` is the nearest that they do, or "". */
bool configuration_path_known(const char *path, enum configuration_path kind, char near[160]);

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
/* The element of the last file that says anything of the section; where none does, one
 * with the schema's defaults. NULL only when the section is not known; `value` is "". */
struct configuration_answer configuration_section(const struct configuration *configuration,
                                                  const char *key, const char *path);

/* The level that the web.config of exactly this path is: of its application or folder, not of those
 * above. NULL and certain when it is known that there is none. `value` is "". */
struct configuration_answer configuration_web_config(const struct configuration *configuration,
                                                     const char *key);

/* The items of a collection that are in force, in the order that IIS gives them. */
struct configuration_items {
  xmlNode **nodes; /* what adds each; belongs to the evidence */
  size_t count, capacity;
  bool uncertain;       /* then these are those of the files that are there */
  bool uncertain_below; /* a web.config is missing that could add or remove some */
  const char *reason, *needs;
};
struct configuration_items configuration_items(const struct configuration *configuration,
                                               const char *key, const char *path);
void configuration_items_dispose(struct configuration_items *items);
/* The value of an item's attribute: as set, else the schema default; NULL when neither. */
const char *configuration_item_value(const struct configuration *configuration, const char *path,
                                     const xmlNode *item, const char *attribute);
/* Is it what identifies the item? Compared as IIS compares keys; of combined keys the first. */
bool configuration_item_is(const struct configuration *configuration, const char *path,
                           const xmlNode *item, const char *key);

/* Is the section locked for a web.config at `key`? */
bool configuration_locked(const struct configuration *configuration, const char *key,
                          const char *section);
/* The key of the nearest level at or above an evidence node (site, application,
 * virtualDirectory, configuration/level); "" for anything else. */
const char *configuration_key_of(const xmlNode *node);
/* The key of a configuration path as people write it; the caller frees. */
char *configuration_key_of_path(const char *path) MUST_USE;
/* The site, application or virtual directory at a configuration path; NULL: none. */
xmlNode *configuration_node_at(const struct configuration *configuration, const char *path);

#endif
