/* Private to config_map: the map while it grows. */
#ifndef SITEGLASS_EVIDENCE_CONFIG_MAP_PARTS_H
#define SITEGLASS_EVIDENCE_CONFIG_MAP_PARTS_H

#include "evidence/config_map.h"
#include "evidence/config_map_index.h"
#include "evidence/config_map_targets.h"

enum { MOST_SHARING = 16 };

/* A virtual directory, as the sites of the evidence have it. */
struct level {
  const char *site, *key, *physical, *pool;
  char *path;   /* below the site, as written */
  char *folder; /* key of the physical folder; "" not known */
};

/* A physical folder and the levels that point to it. */
struct spot {
  size_t levels[MOST_SHARING];
  size_t count;
};

struct config_map {
  struct host_build *build;
  struct bundle_index index;
  struct map_targets targets;
  struct config_files files;
  struct level *levels;
  size_t level_count, level_capacity;
  struct map *level_keys, *spots, *seen; /* by key, by folder, keys of entries */
  struct map *endings; /* "clientaccess/ecp" of levels -> how many physical folders end so */
  char **texts;        /* owned by the entries */
  size_t text_count, text_capacity;
  char *exchange;
  bool full;
};

/* ---- config_map_find.c: one level's file ------------------------------------------- */

struct found {
  enum config_file_state state;
  struct bundle_file *file;
  const char *how;     /* a literal */
  char *folder;        /* of the bundle, when the place is known there; owned */
  bool whole, missing; /* --map: all of the folder is there; there is no such folder */
};

struct found config_map_find(struct config_map *map, const struct level *level);
void config_map_by_hand(struct config_map *map, struct found *found, struct map_target *target,
                        const char *rest);
void config_map_take(struct found *found, struct bundle_file *file, const char *how);

/* "c:/inetpub" -> 'c' and "inetpub"; 0 when it is on no drive. */
char config_map_drive(const char *folder, const char **rest);
/* "c:/.../clientaccess/ecp" -> "clientaccess/ecp"; "" when there are no two names. */
const char *config_map_ending(const char *folder);
bool config_map_differ(const struct bundle_file *a, const struct bundle_file *b); /* in bytes */
bool config_map_usable(const struct bundle_file *file);           /* there, and no backup */
char *config_map_folder(const struct bundle_file *file) MUST_USE; /* key of its folder */

/* ---- config_map_server.c: what is no web.config of a site ----------------------------- */

void config_map_machine(struct config_map *map);
struct config_source config_map_source(void *data, const struct config_file *file,
                                       const char *name);
void config_map_settle(struct config_map *map); /* the ledger */

/* ---- config_map.c ---------------------------------------------------------------------- */

/* False when there is one of that kind and key, or too many. */
bool config_map_add(struct config_map *map, struct config_file entry);
void config_map_note(struct bundle_file *file, const char *level, const char *how, bool whole);

#endif
