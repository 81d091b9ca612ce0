/* A hash map from text to pointer: open addressing over an array of entries.
 *
 * Keys come from hostile files, so the hash is SipHash-1-3 (Aumasson, Bernstein,
 * 2012) with a key that differs from map to map and from run to run. Nothing that
 * can be seen depends on it: the order is that of insertion. */
#include "base/map.h"

#include "base/alloc.h"

#include <stdint.h>
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
  uint64_t seed[2];
};

/* Where the system put things is what an attacker cannot know. */
struct map *map_new(void) {
  struct map *map = alloc_bytes(sizeof *map);
  map->seed[0] = (uint64_t)(uintptr_t)map * 0x9E3779B97F4A7C15u;
  map->seed[1] = ~(uint64_t)(uintptr_t)&map ^ ((uint64_t)(uintptr_t)map_new << 16);
  return map;
}

static uint64_t rotate(uint64_t word, unsigned bits) {
  return word << bits | word >> (64 - bits);
}

static void sip_round(uint64_t v[4]) {
  v[0] += v[1], v[1] = rotate(v[1], 13) ^ v[0], v[0] = rotate(v[0], 32);
  v[2] += v[3], v[3] = rotate(v[3], 16) ^ v[2];
  v[0] += v[3], v[3] = rotate(v[3], 21) ^ v[0];
  v[2] += v[1], v[1] = rotate(v[1], 17) ^ v[2], v[2] = rotate(v[2], 32);
}

static void sip_word(uint64_t v[4], uint64_t word) {
  v[3] ^= word;
  sip_round(v);
  v[0] ^= word;
}

static uint64_t hash_of(const struct map *map, const char *key) {
  uint64_t v[4] = {map->seed[0] ^ 0x736F6D6570736575u, map->seed[1] ^ 0x646F72616E646F6Du,
                   map->seed[0] ^ 0x6C7967656E657261u, map->seed[1] ^ 0x7465646279746573u};
  size_t size = strlen(key), left = size;
  for (uint64_t word; left >= 8; key += 8, left -= 8) {
    memcpy(&word, key, 8);
    sip_word(v, word);
  }
  uint64_t last = (uint64_t)size << 56;
  memcpy(&last, key, left); /* the size stays in the last byte where bytes are little endian */
  sip_word(v, last);
  v[2] ^= 0xFF;
  for (int i = 0; i < 3; i++)
    sip_round(v);
  return v[0] ^ v[1] ^ v[2] ^ v[3];
}

void map_free(struct map *map) {
  if (!map) return;
  for (size_t i = 0; i < map->count; i++)
    alloc_free(map->entries[i].key);
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
  uint64_t hash = hash_of(map, key);
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
  size_t slot = find_slot(map, key, hash_of(map, key));
  return map->slots[slot] ? map->entries[map->slots[slot] - 1].value : NULL;
}

size_t map_count(const struct map *map) {
  return map->count;
}

const char *map_key(const struct map *map, size_t index) {
  return map->entries[index].key;
}

void *map_value(const struct map *map, size_t index) {
  return map->entries[index].value;
}
