/* Cells of 8 bytes upwards in one bin, in the layout that the hivex library reads. */
#include "support_hive.h"

#include "base/alloc.h"
#include "base/text.h"

#include <check.h>
#include <string.h>

enum { HEAD = 4096, BIN_HEAD = 32, KEYS_MOST = 200, VALUES_MOST = 40 };

struct key {
  const char *path;
  size_t parent;
  const char *values[VALUES_MOST];
  size_t value_count;
  uint32_t offset;
};

struct maker {
  uint8_t *bytes;
  size_t used, size;
  struct key keys[KEYS_MOST];
  size_t count;
};

static void put(uint8_t *at, uint64_t value, size_t size) {
  for (size_t i = 0; i < size; i++)
    at[i] = (uint8_t)(value >> (8 * i));
}

/* Its offset, from the first bin. */
static uint32_t cell(struct maker *maker, size_t size) {
  size_t whole = (size + 4 + 7) & ~(size_t)7;
  ck_assert_uint_lt(maker->used + whole, maker->size);
  uint32_t offset = (uint32_t)(maker->used - HEAD);
  put(maker->bytes + maker->used, (uint64_t) - (int64_t)whole, 4);
  maker->used += whole;
  return offset;
}

static uint8_t *at(struct maker *maker, uint32_t offset) {
  return maker->bytes + HEAD + offset;
}

static const char *leaf(const char *path) {
  const char *last = strrchr(path, '\\');
  return last ? last + 1 : path;
}

static size_t parent_of(const struct maker *maker, const char *path) {
  const char *last = strrchr(path, '\\');
  size_t size = last ? (size_t)(last - path) : 0;
  for (size_t i = 0; i < maker->count; i++)
    if (strlen(maker->keys[i].path) == size && memcmp(maker->keys[i].path, path, size) == 0)
      return i;
  ck_abort_msg("%s has no parent", path);
  return 0;
}

static void parse(struct maker *maker, const char *const *lines, size_t count) {
  maker->keys[maker->count++] = (struct key){.path = ""};
  for (size_t i = 0; i < count; i++) {
    struct key *last = &maker->keys[maker->count - 1];
    if (text_starts(lines[i], "key ")) {
      const char *path = lines[i] + 4;
      size_t parent = parent_of(maker, path);
      maker->keys[maker->count++] = (struct key){.path = path, .parent = parent};
    } else {
      last->values[last->value_count++] = lines[i];
    }
  }
}

static uint8_t digit(char c) {
  return (uint8_t)(c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
}

/* NAME=TYPE:HEX; up to four bytes stand in the cell of the value itself. */
static uint32_t make_value(struct maker *maker, const char *line) {
  const char *equals = strchr(line, '='), *colon = strchr(line, ':');
  size_t name = (size_t)(equals - line), size = strlen(colon + 1) / 2;
  uint8_t data[4096] = {0};
  for (size_t i = 0; i < size; i++)
    data[i] = (uint8_t)(digit(colon[1 + 2 * i]) << 4 | digit(colon[2 + 2 * i]));
  uint32_t place = 0;
  if (size > 4) {
    place = cell(maker, size);
    memcpy(at(maker, place) + 4, data, size);
  }
  uint32_t offset = cell(maker, 20 + name);
  uint8_t *vk = at(maker, offset);
  memcpy(vk + 4, "vk", 2);
  put(vk + 6, name, 2);
  put(vk + 8, size > 4 ? size : size | 0x80000000u, 4);
  if (size > 4)
    put(vk + 12, place, 4);
  else
    memcpy(vk + 12, data, 4);
  put(vk + 16, (uint64_t)(equals[1] - '0'), 4);
  put(vk + 20, name > 0, 2);
  memcpy(vk + 24, line, name);
  return offset;
}

static void make_values(struct maker *maker, struct key *key) {
  if (key->value_count == 0) return;
  uint32_t list = cell(maker, 4 * key->value_count);
  for (size_t i = 0; i < key->value_count; i++) {
    uint32_t value = make_value(maker, key->values[i]);
    put(at(maker, list) + 4 + 4 * i, value, 4);
  }
  put(at(maker, key->offset) + 40, key->value_count, 4);
  put(at(maker, key->offset) + 44, list, 4);
}

static void make_subkeys(struct maker *maker, size_t number) {
  size_t count = 0;
  for (size_t i = 1; i < maker->count; i++)
    count += maker->keys[i].parent == number;
  if (count == 0) return;
  uint32_t list = cell(maker, 4 + 8 * count);
  memcpy(at(maker, list) + 4, "lh", 2);
  put(at(maker, list) + 6, count, 2);
  count = 0;
  for (size_t i = 1; i < maker->count; i++)
    if (maker->keys[i].parent == number)
      put(at(maker, list) + 8 + 8 * count++, maker->keys[i].offset, 4);
  put(at(maker, maker->keys[number].offset) + 24, count, 4);
  put(at(maker, maker->keys[number].offset) + 32, list, 4);
}

static void make_key(struct maker *maker, struct key *key) {
  const char *name = *key->path ? leaf(key->path) : "ROOT";
  key->offset = cell(maker, 76 + strlen(name));
  uint8_t *nk = at(maker, key->offset);
  memcpy(nk + 4, "nk", 2);
  put(nk + 6, *key->path ? 0x20 : 0x2C, 2);
  put(nk + 20, maker->keys[key->parent].offset, 4);
  for (size_t i = 32; i <= 52; i += 4)
    if (i != 40) put(nk + i, 0xFFFFFFFF, 4);
  put(nk + 76, strlen(name), 2);
  memcpy(nk + 80, name, strlen(name));
}

static void make_head(struct maker *maker) {
  uint8_t *head = maker->bytes;
  memcpy(head, "regf", 4);
  put(head + 4, 7, 4);
  put(head + 8, 7, 4);
  put(head + 12, 0x01DA000000000000, 8);
  put(head + 20, 1, 4);
  put(head + 24, 5, 4);
  put(head + 32, 1, 4);
  put(head + 36, maker->keys[0].offset, 4);
  put(head + 40, maker->size - HEAD, 4);
  put(head + 44, 1, 4);
  uint32_t sum = 0;
  for (size_t i = 0; i < 508; i += 4)
    sum ^= (uint32_t)head[i] | (uint32_t)head[i + 1] << 8 | (uint32_t)head[i + 2] << 16 |
           (uint32_t)head[i + 3] << 24;
  put(head + 508, sum, 4);
  memcpy(head + HEAD, "hbin", 4);
  put(head + HEAD + 8, maker->size - HEAD, 4);
}

uint8_t *hive_make(const char *const *lines, size_t count, size_t *size) {
  static struct maker maker;
  maker = (struct maker){.size = HEAD + 16 * 4096, .used = HEAD + BIN_HEAD};
  maker.bytes = alloc_bytes(maker.size);
  parse(&maker, lines, count);
  for (size_t i = 0; i < maker.count; i++)
    make_key(&maker, &maker.keys[i]);
  for (size_t i = 0; i < maker.count; i++) {
    make_values(&maker, &maker.keys[i]);
    make_subkeys(&maker, i);
  }
  put(maker.bytes + maker.used, maker.size - maker.used, 4); /* the rest is free */
  make_head(&maker);
  *size = maker.size;
  return maker.bytes;
}
