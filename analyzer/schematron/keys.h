/* key(): a hash from value to nodes, in document order. Built on first use, in
 * one walk; a key shared by many nodes stays linear. */
#ifndef SITEGLASS_SCHEMATRON_KEYS_H
#define SITEGLASS_SCHEMATRON_KEYS_H

#include "base/alloc.h"

#include <libxml/tree.h>
#include <stddef.h>

struct key_index;

struct key_nodes {
  xmlNode **nodes; /* document order, no doubles */
  size_t count, capacity;
};

struct key_index *key_index_new(void) MUST_USE;
void key_index_free(struct key_index *index);
/* Call in document order of the nodes; the same node and value twice counts once. */
void key_index_add(struct key_index *index, const char *value, xmlNode *node);
/* NULL when no node has the value. */
const struct key_nodes *key_index_find(const struct key_index *index, const char *value);

#endif
