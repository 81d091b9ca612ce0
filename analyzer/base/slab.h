/* Small pieces of memory without a header: a large server is tens of millions of
 * nodes, attributes and short texts, and what malloc keeps beside each is a tenth
 * of all memory.
 *
 * Pieces of one size stand side by side in pages of their own, in one region of
 * address space. (Huge pages were tried: clearing them costs more than they save.)
 * Nothing is given back before the end of the run. Not for several threads. */
#ifndef SITEGLASS_BASE_SLAB_H
#define SITEGLASS_BASE_SLAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SLAB_LARGEST = 128 };

/* The region; NULL start: none (the system has none to give, or this is a
 * sanitizer build, which is to see every piece on its own). */
struct slab_region {
  unsigned char *start;
  size_t size, used; /* bytes; used grows by whole pages */
};
extern struct slab_region slab_region;

/* A piece of at least `size` bytes, aligned to 8, not zeroed; NULL when `size` is
 * above SLAB_LARGEST or there is no room: then it is malloc's turn. */
void *slab_take(size_t size);
/* The same, for what is never given back: slab_give_back leaves it alone. */
void *slab_take_for_good(size_t size);
/* Only for what slab_owns. */
void slab_give_back(void *piece);
size_t slab_size(const void *piece); /* how many bytes it has room for */

static inline bool slab_owns(const void *piece) {
  return (uintptr_t)piece - (uintptr_t)slab_region.start < slab_region.used;
}

#endif
