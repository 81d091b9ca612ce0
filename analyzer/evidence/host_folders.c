/* <folders>: listings, and the copied disks of the bundle, folder by folder. */
#include "evidence/host_folders.h"

#include "base/text.h"
#include "evidence/config_map_names.h"
#include "evidence/path_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of a copied disk; what lies deeper in a large one is told by its own evidence. */
enum { TREE_FOLDERS_MOST = 5000 };

struct known_folder {
  const char *key; /* "c:/inetpub/wwwroot" */
  xmlNode *node;
  size_t files; /* told so far */
  bool complete, disputed;
  bool incomplete_below; /* some folder below it is not complete */
};

struct folder_index {
  struct map *folders;              /* key -> struct known_folder */
  struct map *files;                /* "c:/inetpub/wwwroot/web.config" -> <file> */
  struct known_folder **configured; /* those with a web.config, by key */
  size_t configured_count;
  size_t from_trees;
};

static struct known_folder *folder_at(struct folder_index *index, const char *key) {
  void **place = map_at(index->folders, key);
  if (!*place) {
    struct known_folder *folder = *place = alloc_bytes(sizeof *folder);
    folder->key = map_key(index->folders, map_count(index->folders) - 1);
  }
  return *place;
}

/* ---- Listings ---------------------------------------------------------------------------- */

static char *backslashed(const char *key) {
  char *copy = alloc_text(key);
  for (char *c = copy; *c; c++)
    if (*c == '/') *c = '\\';
  size_t size = strlen(copy);
  if (size == 2 && copy[1] == ':') {
    char *root = text_joined(copy, "\\", "");
    alloc_free(copy);
    return root;
  }
  return copy;
}

static xmlNode *add_folder(struct host_build *build, struct known_folder *folder, const char *path,
                           struct origin origin) {
  if (folder->node) return folder->node;
  folder->node = node_add(build->folders, "folder", origin);
  char *key = backslashed(folder->key);
  node_set(folder->node, "path", path, origin);
  node_set(folder->node, "key", key, origin);
  alloc_free(key);
  return folder->node;
}

/* The file's own node, once; NULL when it was told before. */
static xmlNode *add_file(struct folder_index *index, struct known_folder *folder, const char *name,
                         const char *size, struct origin origin) {
  char *lower = text_lower(name), *path = key_join(folder->key, lower);
  void **place = map_at(index->files, path);
  xmlNode *node = NULL;
  if (!*place) {
    node = *place = node_add(folder->node, "file", origin);
    node_set(node, "name", name, origin);
    node_set(node, "key", lower, origin);
    if (size) node_set(node, "size", size, origin);
    folder->files++;
  }
  alloc_free(path);
  alloc_free(lower);
  return node;
}

/* Two listings of one folder that differ are of different days: neither is proof. */
static void take_folder(struct host_build *build, struct folder_index *index,
                        const xmlNode *listed) {
  const char *path = node_get(listed, "path");
  if (!path) return;
  char *key = windows_key(path, NULL);
  struct known_folder *folder = folder_at(index, key);
  add_folder(build, folder, path, origin_of(listed));
  bool complete = text_equal(node_get(listed, "listing"), "complete");
  size_t before = folder->files, told = 0;
  for (const xmlNode *file = node_child(listed, "file"); file; file = node_next(file, "file")) {
    told++;
    add_file(index, folder, node_get(file, "name"), node_get(file, "size"), origin_of(file));
  }
  bool adds = folder->files > before;
  if (folder->complete && (adds || (complete && told != before))) folder->disputed = true;
  if (complete && before > 0 && told != folder->files) folder->disputed = true;
  folder->complete = folder->complete || complete;
  alloc_free(key);
}

static void take_listings(struct host_build *build, struct folder_index *index) {
  struct reading *reading;
  for (size_t position = 0; (reading = host_reading(build->group, "folder-listing", &position));) {
    const xmlNode *folder = reading->facts ? node_child(reading->facts, "folder") : NULL;
    for (; folder; folder = node_next(folder, "folder"))
      take_folder(build, index, folder);
  }
}

/* ---- Copied disks ------------------------------------------------------------------------ */

/* "C:\\inetpub\\wwwroot" of "kape/C/inetpub/wwwroot/web.config"; NULL: not on a drive. */
static char *folder_of_tree(const char *path) {
  for (size_t i = 0;; i++) {
    struct span part = path_component(path, i);
    if (part.size == 0) return NULL;
    char letter = drive_of(part);
    if (!letter) continue;
    const char *rest = part.start + part.size + 1;
    size_t size = strlen(rest) - strlen(path_file(path));
    char *folder = alloc_format("%c:\\%.*s", letter - 'a' + 'A', (int)size, rest);
    for (char *c = folder; *c; c++)
      if (*c == '/') *c = '\\';
    size = strlen(folder);
    if (size > 3) folder[size - 1] = '\0';
    return folder;
  }
}

static void take_artifact(struct host_build *build, struct folder_index *index,
                          const struct artifact *artifact) {
  if (path_is_backup(artifact->path)) return;
  char *path = folder_of_tree(artifact->path);
  if (!path) return;
  char *key = windows_key(path, NULL), size[24];
  struct origin origin = {artifact->number + 1, 0, 0};
  bool known = map_get(index->folders, key) != NULL;
  if (known || index->from_trees++ < TREE_FOLDERS_MOST) {
    struct known_folder *folder = folder_at(index, key);
    add_folder(build, folder, path, origin);
    snprintf(size, sizeof size, "%zu", artifact->size);
    if (add_file(index, folder, path_file(artifact->path), size, origin) && folder->complete)
      folder->disputed = true;
  }
  alloc_free(key);
  alloc_free(path);
}

static bool is_ours(const struct host_build *build, const struct artifact *artifact) {
  return text_equal(artifact->host, build->group->name) || !artifact->host || !*artifact->host;
}

static void take_trees(struct host_build *build, struct folder_index *index) {
  for (size_t i = 0; i < build->bundle->count; i++)
    if (is_ours(build, build->bundle->artifacts[i]))
      take_artifact(build, index, build->bundle->artifacts[i]);
}

/* ---- What is not known --------------------------------------------------------------------- */

/* In a bare list every folder looks like a file at first. */
static void drop_folders(struct folder_index *index) {
  for (size_t i = 0; i < map_count(index->folders); i++) {
    void **place = map_at(index->files, map_key(index->folders, i));
    xmlNode *file = *place;
    if (!file) continue;
    xmlUnlinkNode(file);
    xmlFreeNode(file);
    *place = NULL;
  }
}

static void settle_folder(struct known_folder *folder) {
  bool complete = folder->complete && !folder->disputed;
  struct origin origin = origin_of(folder->node);
  folder->complete = complete;
  node_set(folder->node, "listing", complete ? "complete" : "partial", origin);
  if (complete) return;
  xmlNode *mark = node_mark(
      folder->node, "file", "folder", folder->disputed ? UNKNOWN_CONFLICT : UNKNOWN_NOT_IN_BUNDLE,
      "folder-listing",
      folder->disputed ? "several listings of the folder, or a listing and the bundle, differ"
                       : NULL,
      nowhere());
  if (folder->node->children != mark) { /* marks first */
    xmlNode *first = folder->node->children;
    xmlUnlinkNode(mark);
    xmlAddPrevSibling(first, mark);
  }
}

static int by_key(const void *a, const void *b) {
  const struct known_folder *const *x = a, *const *y = b;
  return strcmp((*x)->key, (*y)->key);
}

/* What is not complete makes all above it so, too. */
static void tell_above(struct folder_index *index, const struct known_folder *folder) {
  char *key = alloc_text(folder->key);
  for (char *slash = strrchr(key, '/'); slash; slash = strrchr(key, '/')) {
    *slash = '\0';
    struct known_folder *above = map_get(index->folders, key);
    if (above && above->incomplete_below) break;
    if (above) above->incomplete_below = true;
  }
  alloc_free(key);
}

static void index_folders(struct folder_index *index) {
  size_t count = map_count(index->folders);
  index->configured = alloc_array(count + 1, sizeof(struct known_folder *));
  for (size_t i = 0; i < count; i++)
    settle_folder(map_value(index->folders, i));
  for (size_t i = 0; i < count; i++) {
    struct known_folder *folder = map_value(index->folders, i);
    if (!folder->complete) tell_above(index, folder);
    if (folder_has(index, folder->key, "web.config") == FOLDER_HAS)
      index->configured[index->configured_count++] = folder;
  }
  if (index->configured_count)
    qsort((void *)index->configured, index->configured_count, sizeof *index->configured, by_key);
}

struct folder_index *host_folders_build(struct host_build *build) {
  struct folder_index *index = alloc_bytes(sizeof *index);
  index->folders = map_new();
  index->files = map_new();
  take_listings(build, index);
  take_trees(build, index);
  drop_folders(index);
  index_folders(index);
  node_mark(build->folders, "folder", "folders", UNKNOWN_NOT_IN_BUNDLE, "folder-listing", NULL,
            nowhere());
  node_mark(build->folders, "@size", "file", UNKNOWN_NOT_IN_BUNDLE, "folder-listing", NULL,
            nowhere());
  return index;
}

void folder_index_free(struct folder_index *index) {
  if (!index) return;
  for (size_t i = 0; i < map_count(index->folders); i++)
    alloc_free(map_value(index->folders, i));
  map_free(index->folders);
  map_free(index->files);
  alloc_free((void *)index->configured);
  alloc_free(index);
}

/* ---- Questions ------------------------------------------------------------------------------- */

enum folder_answer folder_has(const struct folder_index *index, const char *folder,
                              const char *file) {
  const struct known_folder *known = index ? map_get(index->folders, folder) : NULL;
  if (!known) return FOLDER_UNKNOWN;
  char *path = key_join(folder, file);
  bool has = map_get(index->files, path) != NULL;
  alloc_free(path);
  if (has) return FOLDER_HAS;
  return known->complete ? FOLDER_LACKS : FOLDER_UNKNOWN;
}

bool folder_complete_below(const struct folder_index *index, const char *folder) {
  const struct known_folder *known = index ? map_get(index->folders, folder) : NULL;
  return known && known->complete && !known->incomplete_below;
}

/* The first with a web.config whose key is not before `below`. */
static size_t first_below(const struct folder_index *index, const char *below) {
  size_t low = 0, high = index->configured_count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (strcmp(index->configured[middle]->key, below) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

const char *folder_with_web_config(const struct folder_index *index, const char *folder,
                                   size_t *position) {
  if (!index || index->configured_count == 0) return NULL;
  char *below = text_joined(folder, "/", "");
  size_t i = *position ? *position : first_below(index, below);
  bool is_below =
      i < index->configured_count && strncmp(index->configured[i]->key, below, strlen(below)) == 0;
  *position = i + 1;
  alloc_free(below);
  return is_below ? index->configured[i]->key : NULL;
}
