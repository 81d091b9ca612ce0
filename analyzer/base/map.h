/* A hash map from text to pointer. Walking it is in order of insertion, so no
 * output can depend on the hash. */
#ifndef SITEGLASS_BASE_MAP_H
#define SITEGLASS_BASE_MAP_H

#include <stddef.h>

struct map;

struct map *map_new(void);
void map_free(struct map *map); /* the values are the caller's */
/* Copies the key. Returns the place of the value: NULL in it when new. The
 * place is good until the next map_at. */
void **map_at(struct map *map, const char *key);
void *map_get(const struct map *map, const char *key); /* NULL when absent */
size_t map_count(const struct map *map);
const char *map_key(const struct map *map, size_t index); /* in order of insertion */
void *map_value(const struct map *map, size_t index);

#endif
