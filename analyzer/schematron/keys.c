/* A map from value to a growing array of nodes. Nodes come in document order,
 * so the same node twice under one value comes twice in a row. */
#include "schematron/keys.h"

#include "base/map.h"

struct key_index {
  struct map *map; /* value -> struct key_nodes */
};

struct key_index *key_index_new(void) {
  struct key_index *index = alloc_bytes(sizeof *index);
  index->map = map_new();
  return index;
}

void key_index_free(struct key_index *index) {
  if (index == NULL) return;
  for (size_t i = 0; i < map_count(index->map); i++) {
    struct key_nodes *nodes = map_value(index->map, i);
    alloc_free(nodes->nodes);
    alloc_free(nodes);
  }
  map_free(index->map);
  alloc_free(index);
}

void key_index_add(struct key_index *index, const char *value, xmlNode *node) {
  void **place = map_at(index->map, value);
  if (*place == NULL) *place = alloc_bytes(sizeof(struct key_nodes));
  struct key_nodes *nodes = *place;
  if (nodes->count > 0 && nodes->nodes[nodes->count - 1] == node) return;
  ARRAY_PUSH(nodes->nodes, nodes->count, nodes->capacity) = node;
}

const struct key_nodes *key_index_find(const struct key_index *index, const char *value) {
  return map_get(index->map, value);
}
