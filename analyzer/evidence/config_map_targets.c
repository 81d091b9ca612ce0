/* What the user mapped by hand. */
#include "evidence/config_map_targets.h"

#include "evidence/config_map_names.h"

#include <string.h>

static const char server_prefix[] = "MACHINE/WEBROOT/APPHOST/";

enum target_sort target_sort_of(const char *target) {
  if (text_equal_nocase(target, "MACHINE")) return TARGET_MACHINE;
  if (text_equal_nocase(target, "MACHINE/WEBROOT")) return TARGET_ROOT_WEB;
  if (text_equal_nocase(target, "MACHINE/WEBROOT/APPHOST")) return TARGET_SERVER;
  if (!*target) return TARGET_NONE;
  bool windows = target[0] == '%' || text_starts(target, "\\\\") || (target[1] == ':') ||
                 strchr(target, '\\') != NULL;
  return windows ? TARGET_WINDOWS : TARGET_LEVEL;
}

/* ---- Paths inside the bundle --------------------------------------------------------- */

static bool is_in(const char *key, const char *folder) {
  size_t size = strlen(folder);
  return size == 0 || (strncmp(key, folder, size) == 0 && (key[size] == '/' || key[size] == '\0'));
}

static bool exists(const struct bundle *bundle, const char *where) {
  bool found = false;
  for (size_t i = 0; i < bundle->count && !found; i++) {
    char *key = bundle_key(bundle->artifacts[i]->path);
    found = is_in(key, where);
    alloc_free(key);
  }
  return found;
}

/* Of a bundle that is one archive: its key; NULL otherwise. */
static char *only_archive(const struct bundle *bundle) {
  if (bundle->count == 0 || !text_equal(bundle->artifacts[0]->kind, "archive")) return NULL;
  char *archive = bundle_key(bundle->artifacts[0]->path);
  for (size_t i = 1; i < bundle->count; i++) {
    char *key = bundle_key(bundle->artifacts[i]->path);
    bool inside = is_in(key, archive);
    alloc_free(key);
    if (inside) continue;
    alloc_free(archive);
    return NULL;
  }
  return archive;
}

/* "./a\b/" -> "a/b", "." -> "". */
static char *tidy(const char *path) {
  char *key = bundle_key(path);
  for (char *c = key; *c; c++)
    if (*c == '\\') *c = '/';
  size_t size = strlen(key), start = 0;
  while (size > 0 && key[size - 1] == '/')
    key[--size] = '\0';
  while (key[start] == '.' && key[start + 1] == '/')
    start += 2;
  char *out = alloc_text(text_equal(key + start, ".") ? "" : key + start);
  alloc_free(key);
  return out;
}

char *target_where(const struct bundle *bundle, const char *path) {
  char *where = tidy(path), *archive = only_archive(bundle);
  if (archive && !is_in(where, archive)) {
    char *inside = key_join(archive, where);
    alloc_free(where);
    where = inside;
  }
  alloc_free(archive);
  if (exists(bundle, where)) return where;
  alloc_free(where);
  return NULL;
}

/* ---- The list -------------------------------------------------------------------------- */

static char *level_path(const char *target) {
  if (text_starts_nocase(target, server_prefix)) target += sizeof server_prefix - 1;
  while (*target == '/')
    target++;
  size_t size = strlen(target);
  while (size > 0 && target[size - 1] == '/')
    size--;
  return alloc_text_n(target, size);
}

static void resolve(struct map_target *target, const struct config_mapping *mapping,
                    const char *exchange) {
  target->sort = target_sort_of(mapping->target);
  target->typed = level_path(mapping->target);
  target->key = target->sort == TARGET_WINDOWS ? windows_key(mapping->target, exchange)
                                               : text_lower(target->typed);
}

/* Links, folders that could not be read, and what a limit or damage cut off the ledger. */
static bool is_lost_below(const struct bundle *bundle, const char *where) {
  bool lost = bundle->cut_short;
  for (size_t i = 0; i < bundle->count && !lost; i++) {
    const struct artifact *artifact = bundle->artifacts[i];
    if (artifact->outcome != ARTIFACT_REFUSED || !artifact->may_hold_more) continue;
    char *key = bundle_key(artifact->path);
    lost = is_in(key, where);
    alloc_free(key);
  }
  return lost;
}

void map_targets_make(struct map_targets *targets, const struct bundle *bundle,
                      const struct config_mapping *mappings, size_t count, const char *exchange) {
  *targets = (struct map_targets){.items = alloc_array(count + 1, sizeof *targets->items)};
  for (size_t i = 0; i < count; i++) {
    char *where = target_where(bundle, mappings[i].path);
    if (!where) continue;
    struct map_target *target = &targets->items[targets->count++];
    target->where = where;
    target->lost = is_lost_below(bundle, where);
    resolve(target, &mappings[i], exchange);
  }
}

void map_targets_dispose(struct map_targets *targets) {
  for (size_t i = 0; i < targets->count; i++) {
    alloc_free(targets->items[i].key);
    alloc_free(targets->items[i].typed);
    alloc_free(targets->items[i].where);
  }
  alloc_free(targets->items);
  *targets = (struct map_targets){0};
}

struct map_target *map_target_at(const struct map_targets *targets, enum target_sort sort,
                                 const char *key) {
  for (size_t i = targets->count; i-- > 0;) {
    struct map_target *target = &targets->items[i];
    if (target->sort == sort && (!key || text_equal(target->key, key))) return target;
  }
  return NULL;
}

struct map_target *map_target_above(const struct map_targets *targets, const char *key,
                                    const char **rest) {
  struct map_target *best = NULL;
  for (size_t i = targets->count; i-- > 0;) {
    struct map_target *target = &targets->items[i];
    if (target->sort != TARGET_WINDOWS || !is_in(key, target->key)) continue;
    if (best && strlen(best->key) >= strlen(target->key)) continue;
    best = target;
  }
  if (!best) return NULL;
  *rest = key + strlen(best->key);
  if (**rest == '/') ++*rest;
  return best;
}

const char *config_mapping_wrong(const struct bundle *bundle,
                                 const struct config_mapping *mapping) {
  if (target_sort_of(mapping->target) == TARGET_NONE)
    return "a target is a configuration path, MACHINE, MACHINE/WEBROOT, "
           "MACHINE/WEBROOT/APPHOST, or the start of a Windows path";
  char *where = target_where(bundle, mapping->path);
  bool found = where != NULL;
  alloc_free(where);
  return found ? NULL : "there is no such file or folder in the bundle";
}
