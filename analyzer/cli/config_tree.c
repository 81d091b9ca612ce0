/* Sites of the evidence document, joined with what is set where. */
#include "cli/config_tree.h"

#include "base/map.h"
#include "base/text.h"
#include "evidence/node.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct making {
  struct tree *tree;
  struct map *by_key; /* key -> index of the level + 1 */
};

static struct tree_level *add_level(struct making *making, const char *kind, char *path,
                                    const char *key) {
  void **place = map_at(making->by_key, key);
  if (*place) {
    alloc_free(path);
    return &making->tree->levels[(uintptr_t)*place - 1];
  }
  struct tree *tree = making->tree;
  ARRAY_PUSH(tree->levels, tree->count, tree->capacity) =
      (struct tree_level){.kind = kind,
                          .path = path,
                          .key = alloc_text(key),
                          .folder = alloc_text(""),
                          .pool = alloc_text(""),
                          .state = ""};
  *place = (void *)(uintptr_t)tree->count;
  return &tree->levels[tree->count - 1];
}

static void set_text(char **place, const char *text) {
  alloc_free(*place);
  *place = alloc_text(text ? text : "");
}

static const char *or_empty(const char *text) {
  return text ? text : "";
}

/* "Site" + "/owa" + "/": as people write a path. */
static char *joined_path(const char *above, const char *path) {
  size_t size = strlen(path);
  while (size > 0 && path[size - 1] == '/')
    size--;
  while (size > 0 && *path == '/')
    path++, size--;
  return alloc_format("%s%s%.*s", above, size ? "/" : "", (int)size, path);
}

static void add_directories(struct making *making, const xmlNode *application, const char *path) {
  for (const xmlNode *directory = node_child(application, "virtualDirectory"); directory;
       directory = node_next(directory, "virtualDirectory")) {
    const char *key = node_get(directory, "key");
    if (!key) continue;
    struct tree_level *level = add_level(
        making, "virtualDirectory", joined_path(path, or_empty(node_get(directory, "path"))), key);
    set_text(&level->folder, node_get(directory, "physicalPath"));
  }
}

static void add_site(struct making *making, const xmlNode *site) {
  const char *name = or_empty(node_get(site, "name")), *key = node_get(site, "key");
  if (!key) return;
  add_level(making, "site", alloc_text(name), key);
  for (const xmlNode *application = node_child(site, "application"); application;
       application = node_next(application, "application")) {
    const char *own = node_get(application, "key");
    if (!own) continue;
    char *path = joined_path(name, or_empty(node_get(application, "path")));
    struct tree_level *level = add_level(making, "application", alloc_text(path), own);
    set_text(&level->pool, node_get(application, "applicationPool"));
    add_directories(making, application, path);
    alloc_free(path);
  }
}

/* ---- What is set where ---------------------------------------------------------------- */

static void add_set(struct making *making, const struct effective_place *place) {
  struct tree_level *level = add_level(making, "path", alloc_text(place->key), place->key);
  ARRAY_PUSH(level->sets, level->set_count, level->set_capacity) =
      (struct tree_set){place->section, place->origin, place->in_location};
}

static void add_sets(struct making *making, const struct configuration *configuration) {
  struct effective_place place;
  for (size_t position = 0; effective_place_next(configuration, &position, &place);)
    add_set(making, &place);
}

static void add_files(struct making *making, const struct configuration *configuration) {
  for (size_t i = 0; i < making->tree->count; i++) {
    struct tree_level *level = &making->tree->levels[i];
    if (!*level->key || !effective_has_levels(configuration, level->key)) continue;
    level->state =
        config_file_state_word(effective_file_at(configuration, level->key, &level->artifact));
  }
}

/* '/' before all other characters, so that a site's paths stay together. */
static int by_key(const void *a, const void *b) {
  const unsigned char *x = (const unsigned char *)((const struct tree_level *)a)->key;
  const unsigned char *y = (const unsigned char *)((const struct tree_level *)b)->key;
  while (*x && *x == *y)
    x++, y++;
  int left = *x == '/' ? 1 : *x, right = *y == '/' ? 1 : *y;
  return left - right;
}

static void add_pools(struct tree *tree, const xmlNode *host) {
  const xmlNode *pools = node_child(host, "applicationPools");
  struct map *counts = map_new();
  for (size_t i = 0; i < tree->count; i++) {
    if (!*tree->levels[i].pool) continue;
    char *lower = text_lower(tree->levels[i].pool);
    void **place = map_at(counts, lower);
    *place = (void *)((uintptr_t)*place + 1);
    alloc_free(lower);
  }
  for (const xmlNode *pool = node_child(pools, "applicationPool"); pool;
       pool = node_next(pool, "applicationPool")) {
    const char *name = or_empty(node_get(pool, "name"));
    char *lower = text_lower(name);
    ARRAY_PUSH(tree->pools, tree->pool_count, tree->pool_capacity) =
        (struct tree_pool){name, origin_of(pool), (uintptr_t)map_get(counts, lower)};
    alloc_free(lower);
  }
  map_free(counts);
}

struct tree tree_make(const struct config_question *question) {
  struct tree tree = {0};
  struct making making = {.tree = &tree, .by_key = map_new()};
  const xmlNode *host = node_child(xmlDocGetRootElement(question->host->document), "host");
  add_level(&making, "server", alloc_text(""), "");
  for (const xmlNode *site = node_child(node_child(host, "sites"), "site"); site;
       site = node_next(site, "site"))
    add_site(&making, site);
  add_sets(&making, question->configuration);
  map_free(making.by_key);
  if (tree.count > 1) qsort(tree.levels, tree.count, sizeof *tree.levels, by_key);
  add_files(&making, question->configuration);
  add_pools(&tree, host);
  return tree;
}

void tree_dispose(struct tree *tree) {
  for (size_t i = 0; i < tree->count; i++) {
    alloc_free(tree->levels[i].path);
    alloc_free(tree->levels[i].key);
    alloc_free(tree->levels[i].folder);
    alloc_free(tree->levels[i].pool);
    alloc_free(tree->levels[i].sets);
  }
  alloc_free(tree->levels);
  alloc_free(tree->pools);
  *tree = (struct tree){0};
}
