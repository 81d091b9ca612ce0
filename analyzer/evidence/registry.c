/* Index over <registry>: keys by path, with their subkeys and the exports that cover them. */
#include "evidence/registry.h"

#include "base/map.h"
#include "evidence/registry_path.h"

#include <string.h>

enum { DEPTH_MOST = 128 }; /* keys above a key that are entered for its sake */

struct entry {
  xmlNode *key, *export; /* NULL: none in the document */
  struct entry *parent;
  struct entry **subkeys;
  size_t count, capacity;
  xmlNode **listed; /* the subkeys that the document has */
  size_t listed_count, listed_capacity;
};

struct registry {
  struct map *entries; /* key path -> struct entry */
};

/* ---- Building --------------------------------------------------------------------- */

static struct entry *entry_at(struct registry *registry, const char *key, bool *made) {
  void **place = map_at(registry->entries, key);
  *made = *place == NULL;
  if (*made) *place = alloc_bytes(sizeof(struct entry));
  return *place;
}

/* The keys above a key exist too: each is entered, below its own parent. */
static struct entry *enter(struct registry *registry, const char *path) {
  char *key = registry_path_key(path);
  bool made;
  struct entry *first = entry_at(registry, key, &made), *below = first;
  for (int depth = 0; made && depth < DEPTH_MOST; depth++) {
    size_t size = registry_key_parent(key);
    if (size == 0) break;
    key[size] = '\0';
    struct entry *parent = entry_at(registry, key, &made);
    ARRAY_PUSH(parent->subkeys, parent->count, parent->capacity) = below;
    below->parent = parent;
    below = parent;
  }
  alloc_free(key);
  return first;
}

static void enter_key(struct registry *registry, xmlNode *key) {
  struct entry *entry = enter(registry, node_get(key, "path")), *parent = entry->parent;
  if (!entry->key && parent)
    ARRAY_PUSH(parent->listed, parent->listed_count, parent->listed_capacity) = key;
  entry->key = key;
}

struct registry *registry_new(xmlNode *element) {
  struct registry *registry = alloc_bytes(sizeof *registry);
  registry->entries = map_new();
  xmlNode *key = element ? node_child(element, "key") : NULL;
  for (; key; key = node_next(key, "key"))
    enter_key(registry, key);
  xmlNode *export = element ? node_child(element, "export") : NULL;
  for (; export; export = node_next(export, "export")) {
    struct entry *entry = enter(registry, node_get(export, "path"));
    bool whole = entry->export && text_equal(node_get(entry->export, "subkeys"), "all");
    if (!whole) entry->export = export;
  }
  return registry;
}

void registry_free(struct registry *registry) {
  if (!registry) return;
  for (size_t i = 0; i < map_count(registry->entries); i++) {
    struct entry *entry = map_value(registry->entries, i);
    alloc_free(entry->subkeys);
    alloc_free(entry->listed);
    alloc_free(entry);
  }
  map_free(registry->entries);
  alloc_free(registry);
}

/* ---- What covers a key ---------------------------------------------------------------- */

static struct registry_answer known(bool present, xmlNode *node) {
  return (struct registry_answer){.known = true, .present = present, .node = node};
}

static const char *or_empty(const char *text) {
  return text ? text : "";
}

static struct registry_answer marked(const xmlNode *mark, xmlNode *node) {
  return (struct registry_answer){.node = node,
                                  .reason = or_empty(node_get(mark, "reason")),
                                  .needs = or_empty(node_get(mark, "needs")),
                                  .note = or_empty(node_get(mark, "note"))};
}

static struct registry_answer disputed(const char *key, xmlNode *node) {
  return (struct registry_answer){.node = node,
                                  .reason = unknown_reason_word(UNKNOWN_CONFLICT),
                                  .needs = registry_key_kind(key),
                                  .note = "artifacts disagree whether the key exists"};
}

/* Does the export at a key tell of what is below it, through the subkey `child`? */
static bool export_reaches(const xmlNode *export, const struct entry *child) {
  const char *subkeys = node_get(export, "subkeys");
  return text_equal(subkeys, "all") || (text_equal(subkeys, "names") && !child);
}

/* Of a key that the document lacks (`self` false: of the subkeys of one that it has): is it
 * covered? From the key upwards: the first whole export that reaches down to it decides. */
static struct registry_answer covered(const struct registry *registry, const char *path,
                                      bool self) {
  char *key = registry_path_key(path);
  struct registry_answer answer = {.reason = unknown_reason_word(UNKNOWN_NOT_IN_BUNDLE),
                                   .needs = registry_key_kind(key),
                                   .note = ""};
  const struct entry *child = NULL;
  for (bool first = true; !answer.known; first = false) {
    const struct entry *entry = registry ? map_get(registry->entries, key) : NULL;
    const xmlNode *mark = entry && entry->key ? node_mark_of(entry->key, "key") : NULL;
    if (mark && !answer.node) answer = marked(mark, entry->key);
    if (mark) break;
    bool reaches =
        entry && entry->export && (export_reaches(entry->export, child) || (first && self));
    mark = reaches ? node_mark_of(entry->export, "key") : NULL;
    if (reaches && !mark) answer = known(false, entry->export);
    if (mark && !answer.node) answer = marked(mark, entry->export);
    child = entry;
    size_t parent = registry_key_parent(key);
    if (parent == 0) break;
    key[parent] = '\0';
  }
  alloc_free(key);
  return answer;
}

/* ---- Questions ---------------------------------------------------------------------------- */

static const struct entry *find(const struct registry *registry, const char *path) {
  if (!registry) return NULL;
  char *key = registry_path_key(path);
  const struct entry *entry = map_get(registry->entries, key);
  alloc_free(key);
  return entry;
}

/* Of a key that was not listed itself, one below it shows that it exists. */
static xmlNode *listed_below(const struct entry *entry) {
  for (int depth = 0; entry && depth <= DEPTH_MOST; depth++) {
    if (entry->key) return entry->key;
    const struct entry *next = NULL;
    for (size_t i = 0; i < entry->count && !next; i++)
      if (entry->subkeys[i]->key || entry->subkeys[i]->count) next = entry->subkeys[i];
    entry = next;
  }
  return NULL;
}

static bool is_disputed(const struct entry *entry) {
  return entry && entry->key && node_get(entry->key, "disputed");
}

static struct registry_answer dispute(const struct entry *entry) {
  char *key = registry_path_key(node_get(entry->key, "path"));
  struct registry_answer answer = disputed(key, entry->key);
  alloc_free(key);
  return answer;
}

struct registry_answer registry_key(const struct registry *registry, const char *path) {
  const struct entry *entry = find(registry, path);
  if (is_disputed(entry)) return dispute(entry);
  xmlNode *shown = entry ? listed_below(entry) : NULL;
  return shown ? known(true, shown) : covered(registry, path, true);
}

struct registry_answer registry_values(const struct registry *registry, const char *path) {
  const struct entry *entry = find(registry, path);
  if (is_disputed(entry)) return dispute(entry);
  if (!entry || !entry->key) return covered(registry, path, true);
  const xmlNode *mark = node_mark_of(entry->key, "value");
  return mark ? marked(mark, entry->key) : known(true, entry->key);
}

static xmlNode *value_named(const xmlNode *key, const char *name) {
  xmlNode *value = node_child(key, "value");
  while (value && !text_equal_nocase(node_get(value, "name"), name))
    value = node_next(value, "value");
  return value;
}

struct registry_answer registry_value(const struct registry *registry, const char *path,
                                      const char *name) {
  const struct entry *entry = find(registry, path);
  if (is_disputed(entry)) return dispute(entry);
  xmlNode *value = entry && entry->key ? value_named(entry->key, name) : NULL;
  if (!value) {
    struct registry_answer answer = registry_values(registry, path);
    answer.present = false;
    return answer;
  }
  const xmlNode *mark = node_get(value, "data") ? NULL : node_mark_of(value, "@data");
  return mark ? marked(mark, value) : known(true, value);
}

struct registry_answer registry_subkeys(const struct registry *registry, const char *path) {
  const struct entry *entry = find(registry, path);
  if (is_disputed(entry)) return dispute(entry);
  struct registry_answer answer = covered(registry, path, false);
  if (answer.known && entry && entry->key) answer = known(true, entry->key);
  return answer;
}

xmlNode *registry_subkey(const struct registry *registry, const char *path, size_t number) {
  const struct entry *entry = find(registry, path);
  return entry && number < entry->listed_count ? entry->listed[number] : NULL;
}
