/* The map itself: every virtual directory in turn, its folder, its file, and the
 * web.config files of the folders below it. */
#include "evidence/config_map.h"

#include "base/text.h"
#include "evidence/config_map_names.h"
#include "evidence/config_map_parts.h"
#include "evidence/host_folders.h"

#include <string.h>

enum { MOST_ENTRIES = 4 * 1000 * 1000 };

static const char *keep_text(struct config_map *map, char *text) {
  ARRAY_PUSH(map->texts, map->text_count, map->text_capacity) = text;
  return text;
}

/* ---- The levels ------------------------------------------------------------------------ */

/* "/" + "/vdir" below the site: the two paths without slashes at their ends. */
static char *path_below_site(const char *application, const char *directory) {
  struct span parts[2] = {span_of(application ? application : ""),
                          span_of(directory ? directory : "")};
  for (int i = 0; i < 2; i++) {
    while (parts[i].size && parts[i].start[0] == '/')
      parts[i].start++, parts[i].size--;
    while (parts[i].size && parts[i].start[parts[i].size - 1] == '/')
      parts[i].size--;
  }
  return alloc_format("%.*s%s%.*s", (int)parts[0].size, parts[0].start,
                      parts[0].size && parts[1].size ? "/" : "", (int)parts[1].size,
                      parts[1].start);
}

static void add_level(struct config_map *map, const xmlNode *site, const xmlNode *application,
                      const xmlNode *directory, bool only_one_in_pool) {
  const char *key = node_get(directory, "key"), *physical = node_get(directory, "physicalPath");
  if (!key || map_get(map->level_keys, key)) return;
  *map_at(map->level_keys, key) = map;
  struct level level = {.site = node_get(site, "name"),
                        .key = key,
                        .physical = physical ? physical : "",
                        .pool = only_one_in_pool ? node_get(application, "applicationPool") : NULL};
  if (!level.site) level.site = "";
  level.path = path_below_site(node_get(application, "path"), node_get(directory, "path"));
  ARRAY_PUSH(map->levels, map->level_count, map->level_capacity) = level;
  if (!map->exchange) map->exchange = exchange_folder(level.physical);
}

/* How many applications of a site are in each pool, up to two. */
static bool alone_in_pool(const xmlNode *site, const xmlNode *application) {
  const char *pool = node_get(application, "applicationPool");
  if (!pool) return false;
  size_t count = 0, looked = 0;
  for (const xmlNode *other = node_child(site, "application"); other && looked < 256;
       other = node_next(other, "application"), looked++)
    count += text_equal_nocase(node_get(other, "applicationPool"), pool);
  return count == 1 && looked < 256;
}

/* Does the key belong to an application below that of `own`? The longest path of an
 * application goes first, so no request reaches such a virtual directory. */
static bool is_behind_application(const struct map *applications, const char *key,
                                  const char *own) {
  bool found = false;
  char *copy = alloc_text(key);
  for (size_t size = strlen(copy), least = strlen(own); size > least && !found;) {
    found = map_get(applications, copy) != NULL;
    while (size > least && copy[--size] != '/')
      ;
    copy[size] = '\0';
  }
  alloc_free(copy);
  return found;
}

static struct map *applications_of(const xmlNode *site) {
  struct map *keys = map_new();
  for (const xmlNode *each = node_child(site, "application"); each;
       each = node_next(each, "application"))
    if (node_get(each, "key")) *map_at(keys, node_get(each, "key")) = keys;
  return keys;
}

static void add_site(struct config_map *map, const xmlNode *site) {
  struct map *applications = applications_of(site);
  for (const xmlNode *application = node_child(site, "application"); application;
       application = node_next(application, "application")) {
    bool alone = alone_in_pool(site, application);
    for (const xmlNode *directory = node_child(application, "virtualDirectory"); directory;
         directory = node_next(directory, "virtualDirectory")) {
      const char *key = node_get(directory, "key"), *own = node_get(application, "key");
      if (!key || !own || !is_behind_application(applications, key, own))
        add_level(map, site, application, directory, alone);
    }
  }
  map_free(applications);
}

static void add_spot(struct config_map *map, size_t number) {
  struct level *level = &map->levels[number];
  level->folder = windows_key(level->physical, map->exchange);
  if (!*level->folder) return;
  void **place = map_at(map->spots, level->folder);
  struct spot *spot = *place;
  if (!spot) {
    spot = *place = alloc_bytes(sizeof *spot);
    size_t *ends = *map_at(map->endings, config_map_ending(level->folder));
    if (!ends)
      *map_at(map->endings, config_map_ending(level->folder)) = ends = alloc_bytes(sizeof *ends);
    ++*ends;
  }
  if (spot->count < MOST_SHARING) spot->levels[spot->count++] = number;
}

/* ---- Entries ------------------------------------------------------------------------------ */

void config_map_note(struct bundle_file *file, const char *level, const char *how, bool whole) {
  if (file->used_for)
    file->used_more++;
  else
    file->used_for = alloc_text(level);
  if (!file->used_how) file->used_how = how;
  file->used_whole = file->used_whole || whole;
}

bool config_map_add(struct config_map *map, struct config_file entry) {
  if (map->files.count >= MOST_ENTRIES) {
    map->full = true;
    return false;
  }
  if (entry.kind == CONFIG_WEB) {
    void **place = map_at(map->seen, entry.key);
    if (*place) return false;
    *place = map;
  }
  ARRAY_PUSH(map->files.items, map->files.count, map->files.capacity) = entry;
  return true;
}

/* The Windows folder, and what lies below it with '/' turned round. */
static const char *windows_folder(struct config_map *map, const struct level *level,
                                  const char *rest) {
  char *folder = windows_expand(level->physical, map->exchange);
  if (!*rest) return keep_text(map, folder);
  size_t size = strlen(folder);
  while (size > 0 && (folder[size - 1] == '\\' || folder[size - 1] == '/'))
    folder[--size] = '\0';
  char *below = text_joined(folder, "\\", rest);
  for (char *c = below + size; *c; c++)
    if (*c == '/') *c = '\\';
  alloc_free(folder);
  return keep_text(map, below);
}

static char *shown_level(const struct level *level, const char *rest) {
  char *path = text_joined(level->site, *level->path ? "/" : "", level->path);
  if (!*rest) return path;
  char *below = text_joined(path, "/", rest);
  alloc_free(path);
  return below;
}

static void add_found(struct config_map *map, const struct level *level, const char *rest,
                      const struct found *found) {
  const char *key = *rest ? keep_text(map, text_joined(level->key, "/", rest)) : level->key;
  struct config_file entry = {.kind = CONFIG_WEB,
                              .state = found->state,
                              .key = key,
                              .folder = windows_folder(map, level, rest),
                              .reading = found->file ? found->file->reading : NULL,
                              .complete_below = found->whole,
                              .folder_missing = found->missing};
  if (!config_map_add(map, entry) || !found->file) return;
  char *shown = shown_level(level, rest);
  config_map_note(found->file, shown, found->how, found->whole);
  alloc_free(shown);
}

/* Is a folder below a level mapped to somewhere else by an application or a virtual
 * directory at it or above it? Then the one on the disk is not seen. */
static bool is_shadowed(const struct config_map *map, const char *key, size_t from) {
  char *copy = alloc_text(key);
  bool shadowed = map_get(map->level_keys, copy) != NULL;
  for (char *slash = strrchr(copy, '/'); slash && (size_t)(slash - copy) > from && !shadowed;
       slash = strrchr(copy, '/')) {
    *slash = '\0';
    shadowed = map_get(map->level_keys, copy) != NULL;
  }
  alloc_free(copy);
  return shadowed;
}

/* One web.config below a level; `below`: its path there. */
static void add_one_below(struct config_map *map, const struct level *level,
                          struct bundle_file *file, const char *below, const char *how,
                          bool whole) {
  static const char name[] = "/web.config";
  if (!text_ends_nocase(below, name) || (!whole && !config_map_usable(file))) return;
  char *rest = alloc_text_n(below, strlen(below) - (sizeof name - 1));
  char *key = text_joined(level->key, "/", rest);
  if (!is_shadowed(map, key, strlen(level->key))) {
    struct found found = {.whole = whole};
    config_map_take(&found, file, how);
    add_found(map, level, rest, &found);
  }
  alloc_free(key);
  alloc_free(rest);
}

static void add_below(struct config_map *map, const struct level *level, const char *folder,
                      const char *how, bool whole) {
  char *start = text_joined(folder, *folder ? "/" : "", "");
  size_t size = strlen(start);
  for (size_t i = bundle_index_from(&map->index, start); i < map->index.count; i++) {
    struct bundle_file *file = &map->index.files[i];
    if (strncmp(file->key, start, size) != 0) break;
    add_one_below(map, level, file, file->key + size, how, whole);
  }
  alloc_free(start);
}

static void add_tree_below(struct config_map *map, const struct level *level, char letter,
                           const char *rest, const char *how) {
  for (size_t i = 0; i < map->index.drive_count; i++) {
    if (map->index.drives[i].letter != letter) continue;
    char *folder = key_join(map->index.drives[i].key, rest);
    add_below(map, level, folder, how, false);
    alloc_free(folder);
  }
}

static void add_folders_below(struct config_map *map, const struct level *level,
                              const struct found *found) {
  if (found->folder) {
    add_below(map, level, found->folder, "--map", found->whole);
    return;
  }
  const char *rest = "";
  char drive = config_map_drive(level->folder, &rest);
  if (drive) add_tree_below(map, level, drive, rest, "disk tree");
  add_tree_below(map, level, '/', level->key, "site folder");
  if (found->file && text_equal(found->how, "end of the path")) {
    char *folder = config_map_folder(found->file);
    add_below(map, level, folder, found->how, false);
    alloc_free(folder);
  }
}

/* Those that a listing shows and the bundle lacks, so that nobody takes them for none. */
static void add_listed_below(struct config_map *map, const struct level *level) {
  const char *folder;
  const struct folder_index *index = map->build->folder_index;
  for (size_t position = 0;
       !map->full && (folder = folder_with_web_config(index, level->folder, &position));) {
    const char *rest = folder + strlen(level->folder) + 1;
    char *key = text_joined(level->key, "/", rest);
    struct found found = {.state = CONFIG_NOT_IN_BUNDLE};
    if (!is_shadowed(map, key, strlen(level->key))) add_found(map, level, rest, &found);
    alloc_free(key);
  }
}

static void map_level(struct config_map *map, const struct level *level) {
  struct found found = config_map_find(map, level);
  add_found(map, level, "", &found);
  add_folders_below(map, level, &found);
  if (*level->folder) add_listed_below(map, level);
  alloc_free(found.folder);
}

/* --map of a path that is no virtual directory: a folder somewhere below one. */
static void map_by_hand(struct config_map *map, struct map_target *target) {
  if (target->sort != TARGET_LEVEL || target->used) return;
  size_t size = strlen(target->key);
  for (size_t i = 0; i < map->level_count; i++) {
    const struct level *level = &map->levels[i];
    size_t own = strlen(level->key);
    bool above =
        own < size && strncmp(target->key, level->key, own) == 0 && target->key[own] == '/';
    if (!above || is_shadowed(map, target->key, own)) continue;
    struct found found = {.state = CONFIG_NOT_IN_BUNDLE};
    config_map_by_hand(map, &found, target, "");
    add_found(map, level, target->typed + own + 1, &found);
    alloc_free(found.folder);
    return;
  }
  diags_add(map->build->diags, DIAG_WARNING, "", 0, 0,
            "--map %s=...: applicationHost.config has no such site or path; it was not used",
            target->typed);
}

/* ---- Public -------------------------------------------------------------------------- */

static void make_levels(struct config_map *map) {
  for (const xmlNode *site = node_child(map->build->sites, "site"); site;
       site = node_next(site, "site"))
    add_site(map, site);
  for (size_t i = 0; i < map->level_count; i++)
    add_spot(map, i);
}

struct config_map *config_map_new(struct host_build *build, const struct config_mapping *mappings,
                                  size_t count) {
  struct config_map *map = alloc_bytes(sizeof *map);
  *map = (struct config_map){.build = build,
                             .level_keys = map_new(),
                             .spots = map_new(),
                             .seen = map_new(),
                             .endings = map_new()};
  map->files.source = config_map_source;
  map->files.source_data = map;
  bundle_index_make(&map->index, build->bundle, build->group, count > 0);
  make_levels(map);
  map_targets_make(&map->targets, build->bundle, mappings, count, map->exchange);
  config_map_machine(map);
  for (size_t i = 0; i < map->level_count; i++)
    map_level(map, &map->levels[i]);
  for (size_t i = 0; i < map->targets.count; i++)
    map_by_hand(map, &map->targets.items[i]);
  for (size_t i = 0; map->full && i < map->files.count; i++)
    map->files.items[i].complete_below = false; /* what was not looked up may be there */
  if (map->full)
    diags_add(build->diags, DIAG_WARNING, "", 0, 0,
              "more than %d configuration files at levels of sites: the rest was not looked up",
              MOST_ENTRIES);
  return map;
}

static void free_values(struct map *map) {
  for (size_t i = 0; i < map_count(map); i++)
    alloc_free(map_value(map, i));
  map_free(map);
}

void config_map_free(struct config_map *map) {
  if (!map) return;
  config_map_settle(map);
  for (size_t i = 0; i < map->level_count; i++) {
    alloc_free(map->levels[i].path);
    alloc_free(map->levels[i].folder);
  }
  for (size_t i = 0; i < map->text_count; i++)
    alloc_free(map->texts[i]);
  alloc_free(map->levels);
  alloc_free(map->texts);
  alloc_free(map->files.items);
  alloc_free(map->exchange);
  map_free(map->level_keys);
  map_free(map->seen);
  free_values(map->spots);
  free_values(map->endings);
  map_targets_dispose(&map->targets);
  bundle_index_dispose(&map->index);
  alloc_free(map);
}

const struct config_files *config_map_files(const struct config_map *map) {
  return &map->files;
}
