/* A hash map from pointer to pointer, and so a set. Open addressing; it is never
 * walked, so no output can depend on addresses. Begin with all zeros. */
#ifndef SITEGLASS_SCHEMATRON_POINTERS_H
#define SITEGLASS_SCHEMATRON_POINTERS_H

#include <stdbool.h>
#include <stddef.h>

struct pointers {
  struct pointer_slot {
    const void *key;
    void *value;
  } * slots;
  size_t count, capacity;
};

/* The place of a key's value; NULL in it when the key is new. Good until the
 * next call. The key is not NULL. */
void **pointers_at(struct pointers *map, const void *key);
void *pointers_get(const struct pointers *map, const void *key); /* NULL when absent */
bool pointers_add(struct pointers *set, const void *key);        /* false: it was there */
void pointers_dispose(struct pointers *map);                     /* the values are the caller's */

#endif
