/* Files above and beside the sites: machine.config, root web.config, configSource; and
 * what the ledger says of all of them. */
#include "base/text.h"
#include "evidence/config_map_names.h"
#include "evidence/config_map_parts.h"
#include "evidence/path_names.h"

#include <string.h>

/* ---- applicationHost.config ------------------------------------------------------------ */

static struct reading *reading_at(const struct host_group *group, const char *folder,
                                  const char *name) {
  char *wanted = key_join(folder, name);
  struct reading *found = NULL;
  for (size_t i = 0; i < group->count && !found; i++) {
    char *key = bundle_key(group->readings[i]->artifact->path);
    if (text_equal(key, wanted)) found = group->readings[i];
    alloc_free(key);
  }
  alloc_free(wanted);
  return found;
}

struct reading *config_map_application_host(const struct bundle *bundle,
                                            const struct host_group *group,
                                            const struct config_mapping *mappings, size_t count,
                                            const char *redirected) {
  static const char name[] = "applicationhost.config";
  struct map_targets targets;
  map_targets_make(&targets, bundle, mappings, count, NULL);
  struct reading *found = NULL;
  const char *rest = "";
  char *key = windows_key(redirected ? redirected : "", NULL);
  struct map_target *target = redirected ? map_target_above(&targets, key, &rest)
                                         : map_target_at(&targets, TARGET_SERVER, NULL);
  if (target) {
    char *folder = key_join(target->where, rest);
    found = reading_at(group, folder, "");
    if (!found) found = reading_at(group, folder, name);
    alloc_free(folder);
  }
  alloc_free(key);
  map_targets_dispose(&targets);
  return found;
}

/* ---- machine.config and the web.config beside it -------------------------------------------- */

static int framework_rank(const char *key) {
  bool four = strstr(key, "/v4.") != NULL;
  if (strstr(key, "framework64/")) return four ? 4 : 2;
  if (strstr(key, "framework/")) return four ? 3 : 1;
  return strstr(key, "framework64") ? 2 : 0;
}

static struct bundle_file *find_machine(struct config_map *map) {
  struct bundle_file *best = NULL;
  int rank = -1;
  bool tie = false;
  for (size_t i = 0; i < map->index.count; i++) {
    struct bundle_file *file = &map->index.files[i];
    if (!file->reading || !text_equal(file->reading->kind, "machine-config") ||
        !config_map_usable(file))
      continue;
    int own = framework_rank(file->key);
    if (own < rank) continue;
    tie = own == rank && config_map_differ(best, file);
    if (own > rank) best = file;
    rank = own;
  }
  return tie ? NULL : best;
}

static void add_machine(struct config_map *map, enum config_file_kind kind,
                        struct bundle_file *file, const char *how) {
  if (!file) return;
  struct found found = {0};
  config_map_take(&found, file, how);
  bool machine = kind == CONFIG_MACHINE;
  config_map_note(file, machine ? "the machine (MACHINE)" : "all sites (MACHINE/WEBROOT)", how,
                  false);
  config_map_add(
      map,
      (struct config_file){
          .kind = kind, .state = found.state, .key = "", .folder = "", .reading = file->reading});
}

static struct bundle_file *by_hand(struct config_map *map, enum target_sort sort,
                                   const char *name) {
  struct map_target *target = map_target_at(&map->targets, sort, NULL);
  if (!target) return NULL;
  target->used = true;
  struct bundle_file *file = map_get(map->index.by_key, target->where);
  return file ? file : bundle_file_in(&map->index, target->where, name);
}

void config_map_machine(struct config_map *map) {
  struct bundle_file *machine = by_hand(map, TARGET_MACHINE, "machine.config");
  struct bundle_file *root = by_hand(map, TARGET_ROOT_WEB, "web.config");
  const char *how = machine ? "--map" : "its place", *root_how = root ? "--map" : "its place";
  if (!machine) machine = find_machine(map);
  if (machine && !root) {
    char *folder = config_map_folder(machine);
    if (text_ends_nocase(folder, "config"))
      root = bundle_file_in(&map->index, folder, "web.config");
    alloc_free(folder);
  }
  add_machine(map, CONFIG_MACHINE, machine, how);
  add_machine(map, CONFIG_ROOT_WEB, root, root_how);
}

/* ---- configSource ---------------------------------------------------------------------------- */

static const struct bundle_file *file_of(const struct config_map *map,
                                         const struct config_file *file) {
  if (!file || !file->reading) return NULL;
  char *key = bundle_key(file->reading->artifact->path);
  const struct bundle_file *own = map_get(map->index.by_key, key);
  alloc_free(key);
  return own;
}

struct config_source config_map_source(void *data, const struct config_file *file,
                                       const char *name) {
  struct config_map *map = data;
  const struct bundle_file *own = file_of(map, file);
  struct config_source source = {.state = CONFIG_NOT_IN_BUNDLE};
  if (!own) return source;
  char *folder = config_map_folder(own), *joined = key_join(folder, name);
  char *key = windows_key(joined, NULL);
  struct bundle_file *found = map_get(map->index.by_key, key);
  if (!found) {
    source.state = own->used_whole ? CONFIG_NONE : CONFIG_NOT_IN_BUNDLE;
  } else if (found->reading && found->reading->complete && found->reading->facts) {
    source = (struct config_source){CONFIG_FOUND, found->reading->facts->children, found->artifact};
    char *whose = alloc_format("a section of %s", own->artifact->path);
    config_map_note(found, whose, "configSource", false);
    alloc_free(whose);
  } else if (found->artifact->outcome != ARTIFACT_REFUSED) {
    source = (struct config_source){CONFIG_DAMAGED, NULL, found->artifact};
  }
  alloc_free(key);
  alloc_free(joined);
  alloc_free(folder);
  return source;
}

/* ---- The ledger ---------------------------------------------------------------------- */

static void settle_used(const struct bundle_file *file) {
  struct artifact *artifact = file->artifact;
  artifact->role = "live";
  if (artifact->outcome != ARTIFACT_READ) return;
  if (file->used_more)
    artifact_settle(artifact, ARTIFACT_READ, "configuration of %s and %zu more (%s)",
                    file->used_for, file->used_more, file->used_how);
  else
    artifact_settle(artifact, ARTIFACT_READ, "configuration of %s (%s)", file->used_for,
                    file->used_how);
}

static void settle_unused(const struct config_map *map, const struct bundle_file *file) {
  struct artifact *artifact = file->artifact;
  artifact->role = path_is_backup(artifact->path) ? "backup" : "unused";
  if (artifact->outcome != ARTIFACT_READ) return;
  if (!text_equal(file->reading->kind, "web-config")) {
    artifact_settle(artifact, ARTIFACT_READ, "no configuration that is read refers to it");
    return;
  }
  bool sites = map->level_count > 0;
  artifact_settle(artifact, ARTIFACT_READ, "%s",
                  sites ? "no level of the configuration is known to use it; --map can say which"
                        : "whose configuration it is only applicationHost.config can say");
}

static bool is_judged(const struct reading *reading) {
  return text_equal(reading->kind, "web-config") || text_equal(reading->kind, "machine-config") ||
         text_equal(reading->kind, "config-section");
}

void config_map_settle(struct config_map *map) {
  for (size_t i = 0; i < map->index.count; i++) {
    struct bundle_file *file = &map->index.files[i];
    if (!file->reading || !is_judged(file->reading)) continue;
    if (file->used_for)
      settle_used(file);
    else
      settle_unused(map, file);
  }
}
