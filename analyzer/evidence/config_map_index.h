/* Private to config_map: the files of a bundle, found by folder, by flat name, by the
 * end of their path. */
#ifndef SITEGLASS_EVIDENCE_CONFIG_MAP_INDEX_H
#define SITEGLASS_EVIDENCE_CONFIG_MAP_INDEX_H

#include "base/map.h"
#include "evidence/host_build.h"

struct bundle_file {
  struct artifact *artifact;
  struct reading *reading;      /* NULL: it was not read */
  char *key;                    /* of its path */
  bool on_drive;                /* it lies in the tree of a drive: its whole path is known */
  bool twice;                   /* another file of this key (by case) has other bytes */
  struct bundle_file *same_end; /* the next file whose folder ends in the same two names */
  char *used_for;               /* the first level whose configuration it is; NULL: none */
  const char *used_how;         /* a literal */
  size_t used_more;             /* further levels */
  bool used_whole;              /* all of its folder is in the bundle, by --map */
};

/* A folder that stands for a drive: "kape/c" for 'c'; letter '/': one called Sites, where
 * LogCatcher keeps a folder for each site. */
struct bundle_drive {
  char letter;
  char *key;
};

struct bundle_index {
  struct bundle_file *files; /* those that may be configuration, sorted by key */
  size_t count, capacity;
  struct map *by_key;
  struct map
      *folders;      /* key of every folder that holds something, also far below; NULL: not asked */
  struct map *stems; /* flat name -> bundle_file; ambiguous ones -> &ambiguous_stem */
  struct map *endings; /* "clientaccess/ecp" -> bundle_file, chained */
  struct bundle_drive *drives;
  size_t drive_count, drive_capacity;
};

extern struct bundle_file ambiguous_stem;

/* Of one host's readings; with `folders` of everything in the bundle besides. */
void bundle_index_make(struct bundle_index *index, const struct bundle *bundle,
                       const struct host_group *group, bool folders);
void bundle_index_dispose(struct bundle_index *index);

/* folder/name, NULL when there is none. */
struct bundle_file *bundle_file_in(const struct bundle_index *index, const char *folder,
                                   const char *name);
/* The first file whose key is not before `key`: where a folder's files begin. */
size_t bundle_index_from(const struct bundle_index *index, const char *key);

#endif
