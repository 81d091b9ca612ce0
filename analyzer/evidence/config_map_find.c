/* One level's file: by hand, by the disk, by the site's folder, by a flat name, by the
 * end of its path. */
#include "base/text.h"
#include "evidence/config_map_names.h"
#include "evidence/config_map_parts.h"
#include "evidence/host_folders.h"
#include "evidence/path_names.h"

#include <string.h>

enum { MOST_SAME_END = 1000 };

/* "c:/.../clientaccess/ecp" -> "clientaccess/ecp"; "" when there are no two names. */
const char *config_map_ending(const char *folder) {
  const char *last = strrchr(folder, '/');
  if (!last) return "";
  while (last > folder && last[-1] != '/')
    last--;
  return last > folder ? last : "";
}

/* The folder of the bundle that a found file lies in. */
char *config_map_folder(const struct bundle_file *file) {
  const char *slash = strrchr(file->key, '/');
  return slash ? alloc_text_n(file->key, (size_t)(slash - file->key)) : alloc_text("");
}

bool config_map_usable(const struct bundle_file *file) {
  return file && !path_is_backup(file->artifact->path);
}

void config_map_take(struct found *found, struct bundle_file *file, const char *how) {
  found->file = file;
  found->how = how;
  if (!file->reading)
    found->state = CONFIG_NOT_IN_BUNDLE;
  else
    found->state = file->reading->complete ? CONFIG_FOUND : CONFIG_DAMAGED;
}

/* --map: what the user says holds, also that nothing else is there. */
void config_map_by_hand(struct config_map *map, struct found *found, struct map_target *target,
                        const char *rest) {
  target->used = true;
  struct bundle_file *file = map_get(map->index.by_key, target->where);
  if (file && !*rest) {
    config_map_take(found, file, "--map");
    return;
  }
  found->folder = key_join(target->where, rest);
  found->whole = !target->lost;
  found->missing = map_get(map->index.folders, found->folder) == NULL;
  file = bundle_file_in(&map->index, found->folder, "web.config");
  if (file)
    config_map_take(found, file, "--map");
  else
    found->state = target->lost ? CONFIG_NOT_IN_BUNDLE : CONFIG_NONE;
}

static void say_ambiguous(struct config_map *map, const struct level *level,
                          const struct bundle_file *a, const struct bundle_file *b) {
  diags_add(map->build->diags, DIAG_WARNING, a->artifact->path, 0, 0,
            "it could be the web.config of %s%s%s, and so could %s: neither is used; "
            "--map TARGET=PATH can say which",
            level->site, *level->path ? "/" : "", level->path,
            b == a ? "another file of that name" : b->artifact->path);
}

bool config_map_differ(const struct bundle_file *a, const struct bundle_file *b) {
  return strcmp(a->artifact->sha256, b->artifact->sha256) != 0 || !*a->artifact->sha256;
}

/* The file of a folder in the trees of a drive ('/': of the sites). True when that settles it. */
static bool found_in_tree(struct config_map *map, struct found *found, const struct level *level,
                          char letter, const char *rest, const char *how) {
  struct bundle_file *best = NULL;
  for (size_t i = 0; i < map->index.drive_count; i++) {
    const struct bundle_drive *drive = &map->index.drives[i];
    if (drive->letter != letter) continue;
    char *folder = key_join(drive->key, rest);
    struct bundle_file *file = bundle_file_in(&map->index, folder, "web.config");
    alloc_free(folder);
    if (!config_map_usable(file)) continue;
    if (file->twice || (best && config_map_differ(best, file))) {
      say_ambiguous(map, level, file, best ? best : file);
      return true;
    }
    best = file;
  }
  if (!best) return false;
  config_map_take(found, best, how);
  return true;
}

/* "c:/inetpub" -> 'c' and "inetpub"; 0 when it is on no drive. */
char config_map_drive(const char *folder, const char **rest) {
  if (!folder[0] || folder[1] != ':') return 0;
  *rest = folder + 2 + (folder[2] == '/');
  return folder[0];
}

static bool found_by_stem(struct config_map *map, struct found *found, const struct level *level) {
  char *stems[FLAT_STEMS];
  bool settled = false;
  flat_stems_of(level->site, level->path, level->pool, stems);
  for (size_t i = 0; i < FLAT_STEMS && stems[i] && !settled; i++) {
    struct bundle_file *file = map_get(map->index.stems, stems[i]);
    if (!file) continue;
    settled = true;
    if (file == &ambiguous_stem)
      diags_add(map->build->diags, DIAG_WARNING, "", 0, 0,
                "several files are named as the web.config of %s%s%s: none is used; "
                "--map TARGET=PATH can say which",
                level->site, *level->path ? "/" : "", level->path);
    else
      config_map_take(found, file, "flat name");
  }
  flat_stems_free(stems);
  return settled;
}

/* By its own name, else by that of another level with the same folder. */
static bool found_flat(struct config_map *map, struct found *found, const struct level *level) {
  if (map_count(map->index.stems) == 0) return false;
  if (found_by_stem(map, found, level)) return true;
  const struct spot *spot = *level->folder ? map_get(map->spots, level->folder) : NULL;
  for (size_t i = 0; spot && i < spot->count; i++) {
    const struct level *other = &map->levels[spot->levels[i]];
    if (other == level || !found_by_stem(map, found, other)) continue;
    if (found->file) found->how = "flat name of a level with the same folder";
    return true;
  }
  return false;
}

/* How many folder names, from the end, the two have in common. */
static size_t common_end(const char *folder, const char *key, size_t key_size) {
  size_t size = strlen(folder), names = 0;
  while (size > 0 && key_size > 0 && folder[size - 1] == key[key_size - 1]) {
    size--, key_size--;
    if (folder[size] == '/') names++;
  }
  bool whole =
      (size == 0 || folder[size - 1] == '/') && (key_size == 0 || key[key_size - 1] == '/');
  return names + whole;
}

static bool found_by_ending(struct config_map *map, struct found *found,
                            const struct level *level) {
  const char *end = config_map_ending(level->folder);
  size_t *folders = *end ? map_get(map->endings, end) : NULL;
  if (!folders || *folders != 1) return false;
  struct bundle_file *best = NULL;
  size_t most = 0, looked = 0;
  bool tie = false;
  for (struct bundle_file *file = map_get(map->index.endings, end); file && looked < MOST_SAME_END;
       file = file->same_end, looked++) {
    if (file->on_drive) continue;
    size_t names = common_end(level->folder, file->key, strlen(file->key) - strlen("/web.config"));
    if (names < 2 || names < most) continue;
    tie = names == most && config_map_differ(best, file);
    if (names > most) best = file;
    most = names;
  }
  if (!best || looked == MOST_SAME_END) return false;
  if (tie)
    say_ambiguous(map, level, best, best);
  else
    config_map_take(found, best, "end of the path");
  return true;
}

static bool find_by_place(struct config_map *map, struct found *found, const struct level *level) {
  const char *rest = "";
  char drive = config_map_drive(level->folder, &rest);
  if (drive && found_in_tree(map, found, level, drive, rest, "disk tree")) return true;
  return found_in_tree(map, found, level, '/', level->key, "site folder") ||
         found_flat(map, found, level) || found_by_ending(map, found, level);
}

struct found config_map_find(struct config_map *map, const struct level *level) {
  struct found found = {.state = CONFIG_NOT_IN_BUNDLE};
  const char *rest = "";
  struct map_target *target = map_target_at(&map->targets, TARGET_LEVEL, level->key);
  if (!target && *level->folder) target = map_target_above(&map->targets, level->folder, &rest);
  if (target) {
    config_map_by_hand(map, &found, target, rest);
    return found;
  }
  if (!find_by_place(map, &found, level) &&
      folder_has(map->build->folder_index, level->folder, "web.config") == FOLDER_LACKS)
    found.state = CONFIG_NONE;
  found.whole = folder_complete_below(map->build->folder_index, level->folder);
  return found;
}
