/* A small cache of text nodes. */
#include "base/shared_text.h"

#include "base/alloc.h"

#include <libxml/xmlmemory.h>
#include <string.h>

enum { SLOTS = 512, LONGEST = 63, MOST_HITS = 200 };

/* The text was seen; from the second time on it has a node. One that others keep
 * asking for stays; one that is only missed goes. */
struct slot {
  xmlNode *node;
  uint8_t size, hits;
  char text[LONGEST];
};

/* State of the process, as that of the slabs it rests on. */
static struct slot slots[SLOTS];

static size_t slot_of(const char *text, size_t size) {
  uint64_t hash = size;
  for (uint64_t word = 0; size > 0; word = 0) {
    size_t part = size < sizeof word ? size : sizeof word;
    memcpy(&word, text, part);
    hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
    hash ^= hash >> 29;
    text += part;
    size -= part;
  }
  return hash % SLOTS;
}

/* Its text stands in the node where it fits, as libxml2's own SAX2 does it. */
static xmlNode *make_node(const char *text, size_t size) {
  xmlNode *node = slab_take_for_good(sizeof *node);
  bool fits = size < 2 * sizeof(void *);
  char *content = fits || !node ? NULL : slab_take_for_good(size + 1);
  if (!node || (!fits && !content)) return NULL;
  xmlNode *model = xmlNewText(NULL); /* with the name that tells text nodes */
  *node = *model;
  xmlFreeNode(model);
  if (fits) content = (char *)&node->properties;
  memcpy(content, text, size);
  content[size] = '\0';
  node->content = (xmlChar *)content;
  return node;
}

xmlNode *shared_text(const char *text, size_t size) {
  if (size > LONGEST || xmlFree != alloc_free) return NULL; /* libxml2 frees it our way, or not */
  struct slot *slot = &slots[slot_of(text, size)];
  if (slot->size == size && slot->hits > 0 && memcmp(slot->text, text, size) == 0) {
    if (slot->hits < MOST_HITS) slot->hits++;
    if (!slot->node) slot->node = make_node(text, size);
    return slot->node;
  }
  if (slot->hits > 1) {
    slot->hits--;
    return NULL;
  }
  *slot = (struct slot){.size = (uint8_t)size, .hits = 1};
  memcpy(slot->text, text, size);
  return NULL;
}
