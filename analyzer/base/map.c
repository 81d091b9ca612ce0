/* A hash map from text to pointer: open addressing over an array of entries. */
#include "base/map.h"

#include "base/alloc.h"
#include "base/text.h"

#include <string.h>

struct entry {
  char *key;
  void *value;
  uint64_t hash;
};

struct map {
  struct entry *entries;
  size_t count, capacity;
  uint32_t *slots; /* index of an entry + 1; 0 is empty */
  size_t slot_count;
};

struct map *map_new(void) { return alloc_bytes(sizeof(struct map)); }

void map_free(struct map *map) {
  if (!map) return;
  for (size_t i = 0; i < map->count; i++) alloc_free(map->entries[i].key);
  alloc_free(map->entries);
  alloc_free(map->slots);
  alloc_free(map);
}

static size_t find_slot(const struct map *map, const char *key, uint64_t hash) {
  size_t mask = map->slot_count - 1;
  size_t slot = (size_t)hash & mask;
  while (map->slots[slot]) {
    const struct entry *entry = &map->entries[map->slots[slot] - 1];
    if (entry->hash == hash && strcmp(entry->key, key) == 0) break;
    slot = (slot + 1) & mask;
  }
  return slot;
}

static void rehash(struct map *map) {
  alloc_free(map->slots);
  map->slot_count = map->slot_count ? map->slot_count * 2 : 16;
  map->slots = alloc_array(map->slot_count, sizeof *map->slots);
  for (size_t i = 0; i < map->count; i++)
    map->slots[find_slot(map, map->entries[i].key, map->entries[i].hash)] = (uint32_t)(i + 1);
}

void **map_at(struct map *map, const char *key) {
  if ((map->count + 1) * 2 > map->slot_count) rehash(map);
  uint64_t hash = text_hash(key, strlen(key));
  size_t slot = find_slot(map, key, hash);
  if (!map->slots[slot]) {
    struct entry entry = {alloc_text(key), NULL, hash};
    ARRAY_PUSH(map->entries, map->count, map->capacity) = entry;
    map->slots[slot] = (uint32_t)map->count;
  }
  return &map->entries[map->slots[slot] - 1].value;
}

void *map_get(const struct map *map, const char *key) {
  if (map->count == 0) return NULL;
  size_t slot = find_slot(map, key, text_hash(key, strlen(key)));
  return map->slots[slot] ? map->entries[map->slots[slot] - 1].value : NULL;
}

size_t map_count(const struct map *map) { return map->count; }

const char *map_key(const struct map *map, size_t index) { return map->entries[index].key; }

void *map_value(const struct map *map, size_t index) { return map->entries[index].value; }
