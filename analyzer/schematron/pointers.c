/* Open addressing with linear probing, at most half full. */
#include "schematron/pointers.h"

#include "base/alloc.h"

#include <stdint.h>

static size_t slot_of(const struct pointers *map, const void *key) {
  uint64_t hash = (uint64_t)(uintptr_t)key * UINT64_C(0x9E3779B97F4A7C15);
  size_t mask = map->capacity - 1;
  size_t slot = (size_t)(hash >> 20) & mask;
  while (map->slots[slot].key != NULL && map->slots[slot].key != key)
    slot = (slot + 1) & mask;
  return slot;
}

static void grow(struct pointers *map) {
  struct pointers larger = {.count = map->count,
                            .capacity = map->capacity == 0 ? 16 : map->capacity * 2};
  larger.slots = alloc_array(larger.capacity, sizeof *larger.slots);
  for (size_t i = 0; i < map->capacity; i++)
    if (map->slots[i].key != NULL)
      larger.slots[slot_of(&larger, map->slots[i].key)] = map->slots[i];
  alloc_free(map->slots);
  *map = larger;
}

void **pointers_at(struct pointers *map, const void *key) {
  if (map->count * 2 >= map->capacity) grow(map);
  struct pointer_slot *slot = &map->slots[slot_of(map, key)];
  if (slot->key == NULL) {
    slot->key = key;
    map->count++;
  }
  return &slot->value;
}

void *pointers_get(const struct pointers *map, const void *key) {
  return map->count == 0 ? NULL : map->slots[slot_of(map, key)].value;
}

bool pointers_add(struct pointers *set, const void *key) {
  size_t before = set->count;
  pointers_at(set, key);
  return set->count > before;
}

void pointers_dispose(struct pointers *map) {
  alloc_free(map->slots);
  *map = (struct pointers){0};
}
