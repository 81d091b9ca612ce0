/* <registry>: what the exports of a host tell of its registry, as one. Where two of them
 * disagree, or one lists what the other covers and lacks, nobody knows which one holds. */
#include "base/text.h"
#include "evidence/host_build.h"
#include "evidence/registry_path.h"

#include <string.h>

struct merged_key {
  xmlNode *node;
  size_t number;       /* order of its first mention */
  size_t told;         /* exports that list it */
  size_t whole;        /* of those: that list all of its values */
  const void *counted; /* the reading that was counted last: each counts once */
};

struct merged_value {
  xmlNode *node;
  size_t told;
  const void *counted;
};

struct merge {
  struct host_build *build;
  struct map *keys;    /* path -> struct merged_key */
  struct map *values;  /* "number name" -> struct merged_value */
  struct map *exports; /* "path subkeys" -> the element */
  struct map *covers;  /* path -> how many exports list the whole tree below it */
  size_t artifacts;
};

static void drop(xmlNode *node) {
  xmlUnlinkNode(node);
  xmlFreeNode(node);
}

/* ---- Values ------------------------------------------------------------------------- */

static void dispute_value(xmlNode *value) {
  if (!node_get(value, "data") && node_mark_of(value, "@data")) return;
  xmlUnsetProp(value, (const xmlChar *)"data");
  xmlUnsetProp(value, (const xmlChar *)"type");
  const char *needs = registry_key_kind(node_get(value->parent, "key"));
  node_mark(value, "@data", "value", UNKNOWN_CONFLICT, needs, "artifacts disagree about the value",
            origin_of(value));
  node_mark(value, "@type", "value", UNKNOWN_CONFLICT, needs, "artifacts disagree about the value",
            origin_of(value));
}

static bool same_value(const xmlNode *a, const xmlNode *b) {
  return text_equal(node_get(a, "data"), node_get(b, "data")) &&
         text_equal(node_get(a, "type"), node_get(b, "type"));
}

/* Damaged, cut, too long: the artifact does not tell it. */
static bool is_not_told(const xmlNode *value) {
  const xmlNode *mark = node_get(value, "data") ? NULL : node_mark_of(value, "@data");
  return mark && !text_equal(node_get(mark, "reason"), unknown_reason_word(UNKNOWN_CONFLICT));
}

static void tell(xmlNode *value, const xmlNode *told) {
  drop(node_mark_of(value, "@data"));
  node_set(value, "type", node_get(told, "type"), node_attribute_origin(told, "type"));
  node_set(value, "data", node_get(told, "data"), node_attribute_origin(told, "data"));
}

/* Takes the value, or compares it with the one that is there. */
static void take_value(struct merge *merge, struct merged_key *key, xmlNode *value,
                       const void *reading) {
  char *name = alloc_format("%zu %s", key->number, node_get(value, "key"));
  void **place = map_at(merge->values, name);
  alloc_free(name);
  struct merged_value *merged = *place;
  if (!merged) {
    merged = *place = alloc_bytes(sizeof *merged);
    merged->node = value;
    if (value->parent != key->node) node_move(value, key->node);
  } else {
    if (is_not_told(merged->node) && !is_not_told(value))
      tell(merged->node, value);
    else if (!is_not_told(value) && !same_value(merged->node, value))
      dispute_value(merged->node);
    drop(value);
  }
  if (merged->counted != reading) merged->told++;
  merged->counted = reading;
}

/* ---- Keys ------------------------------------------------------------------------------ */

/* A doubt of one export about a key is none when another lists it all. */
static void settle_doubt(struct merged_key *merged, xmlNode *told, const char *of) {
  const xmlNode *own = node_mark_of(merged->node, of), *other = node_mark_of(told, of);
  if (own && !other) drop((xmlNode *)own);
}

static void take_key(struct merge *merge, xmlNode *told, const void *reading) {
  void **place = map_at(merge->keys, node_get(told, "key"));
  struct merged_key *merged = *place;
  bool is_new = !merged;
  if (is_new) {
    merged = *place = alloc_bytes(sizeof *merged);
    merged->number = map_count(merge->keys);
    merged->node = told;
    node_move(told, merge->build->registry);
  }
  if (merged->counted != reading) {
    merged->told++;
    merged->whole += !node_mark_of(told, "value");
  }
  merged->counted = reading;
  if (!is_new) settle_doubt(merged, told, "value");
  if (!is_new) settle_doubt(merged, told, "key");
  for (xmlNode *value = node_child(told, "value"), *next; value; value = next) {
    next = node_next(value, "value");
    take_value(merge, merged, value, reading);
  }
  if (!is_new) drop(told);
}

/* ---- Exports ------------------------------------------------------------------------------- */

static void take_export(struct merge *merge, xmlNode *told) {
  bool marked = node_mark_of(told, "key") != NULL;
  const char *key = node_get(told, "key"), *subkeys = node_get(told, "subkeys");
  if (!marked && text_equal(subkeys, "all")) {
    void **count = map_at(merge->covers, key);
    *count = (void *)((uintptr_t)*count + 1);
  }
  char *name = alloc_format("%s %s", key, subkeys);
  void **place = map_at(merge->exports, name);
  alloc_free(name);
  xmlNode *own = *place;
  if (!own) {
    *place = told;
    node_move(told, merge->build->registry);
    return;
  }
  const xmlNode *mark = node_mark_of(own, "key");
  if (mark && !marked) drop((xmlNode *)mark);
  drop(told);
}

static void read_all(struct merge *merge) {
  struct reading *reading;
  for (size_t position = 0; (reading = host_reading(merge->build->group, "registry", &position));) {
    merge->artifacts++;
    for (xmlNode *told = reading->facts ? reading->facts->children : NULL, *next; told;
         told = next) {
      next = told->next;
      if (told->type != XML_ELEMENT_NODE) continue;
      if (text_equal((const char *)told->name, "export"))
        take_export(merge, told); /* which may free it */
      else if (text_equal((const char *)told->name, "key"))
        take_key(merge, told, reading);
    }
  }
}

/* ---- Who lacks what he covers -----------------------------------------------------------------
 */

/* How many exports list everything at `key`? */
static size_t covers_of(const struct merge *merge, const char *key) {
  char *path = alloc_text(key);
  size_t count = 0;
  for (size_t size = strlen(path); size > 0; size = registry_key_parent(path)) {
    path[size] = '\0';
    count += (uintptr_t)map_get(merge->covers, path);
  }
  alloc_free(path);
  return count;
}

static void dispute_key(struct merged_key *key) {
  node_set(key->node, "disputed", "true", origin_of(key->node));
  if (!node_mark_of(key->node, "value"))
    node_mark(key->node, "value", "key", UNKNOWN_CONFLICT,
              registry_key_kind(node_get(key->node, "key")),
              "artifacts disagree whether the key exists", origin_of(key->node));
}

/* Values that some list and others, which list all of the key, do not. */
static void compare_values(const struct merge *merge, struct merged_key *key) {
  for (xmlNode *value = node_child(key->node, "value"); value && key->whole > 1;
       value = node_next(value, "value")) {
    char *name = alloc_format("%zu %s", key->number, node_get(value, "key"));
    const struct merged_value *merged = map_get(merge->values, name);
    alloc_free(name);
    if (merged->told < key->whole) dispute_value(value);
  }
}

static void compare_all(const struct merge *merge) {
  for (size_t i = 0; i < map_count(merge->keys); i++) {
    struct merged_key *key = map_value(merge->keys, i);
    if (merge->artifacts < 2) return;
    if (covers_of(merge, map_key(merge->keys, i)) > key->told)
      dispute_key(key);
    else
      compare_values(merge, key);
  }
}

/* ---- The container
 * ------------------------------------------------------------------------------- */

/* What no export covers may be there all the same. */
static void mark_rest(struct host_build *build) {
  static const char *const needs = "registry-system registry-software";
  node_mark(build->registry, "key", "registry", UNKNOWN_NOT_IN_BUNDLE, needs, NULL, nowhere());
  node_mark(build->registry, "export", "registry", UNKNOWN_NOT_IN_BUNDLE, needs, NULL, nowhere());
}

static void free_values(struct map *map) {
  for (size_t i = 0; i < map_count(map); i++)
    alloc_free(map_value(map, i));
  map_free(map);
}

/* Marks stand before the values, as the schema has it. */
static void order_marks(xmlNode *registry) {
  for (xmlNode *key = node_child(registry, "key"); key; key = node_next(key, "key"))
    host_marks_first(key);
}

void host_registry_build(struct host_build *build) {
  struct merge merge = {.build = build,
                        .keys = map_new(),
                        .values = map_new(),
                        .exports = map_new(),
                        .covers = map_new()};
  read_all(&merge);
  compare_all(&merge);
  order_marks(build->registry);
  mark_rest(build);
  free_values(merge.keys);
  free_values(merge.values);
  map_free(merge.exports);
  map_free(merge.covers);
}
