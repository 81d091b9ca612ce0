/* Private to config_map: --map TARGET=PATH, resolved against a bundle. */
#ifndef SITEGLASS_EVIDENCE_CONFIG_MAP_TARGETS_H
#define SITEGLASS_EVIDENCE_CONFIG_MAP_TARGETS_H

#include "evidence/config_map.h"

enum target_sort {
  TARGET_MACHINE,  /* machine.config */
  TARGET_ROOT_WEB, /* the web.config beside it */
  TARGET_SERVER,   /* MACHINE/WEBROOT/APPHOST: applicationHost.config */
  TARGET_LEVEL,    /* a configuration path: `key` is that of the level */
  TARGET_WINDOWS,  /* a prefix of physical paths: `key` is that of the folder */
  TARGET_NONE,     /* nothing that can be mapped */
};

struct map_target {
  enum target_sort sort;
  char *key, *typed; /* `typed`: the path of a level as it was typed */
  char *where;       /* key of the file or folder of the bundle */
  bool used;
  bool lost; /* not all that is there came in: then nothing is known to be absent */
};

enum target_sort target_sort_of(const char *target);
/* Key in the bundle of what `path` names; NULL when there is nothing. Caller frees. */
char *target_where(const struct bundle *bundle, const char *path) MUST_USE;

struct map_targets {
  struct map_target *items;
  size_t count;
};

void map_targets_make(struct map_targets *targets, const struct bundle *bundle,
                      const struct config_mapping *mappings, size_t count, const char *exchange);
void map_targets_dispose(struct map_targets *targets);

/* The last of that sort and key; NULL when there is none. */
struct map_target *map_target_at(const struct map_targets *targets, enum target_sort sort,
                                 const char *key);
/* The longest Windows prefix of `key`; `*rest` is what follows it, without slash. */
struct map_target *map_target_above(const struct map_targets *targets, const char *key,
                                    const char **rest);

#endif
