/* Small pieces of memory of a few sizes, each size in its own pages. */
#include "base/slab.h"

#include "base/system.h"

enum {
  STEP = 8,
  CLASSES = SLAB_LARGEST / STEP,
  FOR_GOOD = CLASSES, /* pages of pieces of any size */
  PAGE_BITS = 15,
  PAGE = 1 << PAGE_BITS,
  POPULATE_MOST = 1 << 20,
};

/* A piece that was given back holds the next one. */
struct piece {
  struct piece *next;
};

struct pages {
  struct piece *back;           /* what was given back */
  unsigned char *fresh, *limit; /* the rest of the last page */
};

/* State of the process like malloc's own; the region is made on first use. */
struct slab_region slab_region;
static struct pages pages[CLASSES], for_good;
static uint8_t *class_of_page;
static size_t first_used; /* behind the table */
static size_t populated;  /* bytes of the region that have memory */
static bool asked;

/* At most so much address space, not memory; less where there is a limit on it. */
static void make_region(void) {
  asked = true;
#ifndef SITEGLASS_FREE_AT_EXIT
  for (size_t size = (size_t)1 << 36; size >= (size_t)1 << 30 && !slab_region.start; size >>= 2) {
    slab_region.start = system_reserve(size);
    slab_region.size = size;
  }
  if (!slab_region.start) return;
  class_of_page = slab_region.start; /* its own first pages hold the table */
  size_t table = slab_region.size >> PAGE_BITS;
  slab_region.used = (table + PAGE - 1) & ~((size_t)PAGE - 1);
  populated = first_used = slab_region.used;
#endif
}

/* One page fault for each 4 KiB is a third of the time that a large document takes to
 * parse: memory comes in pieces of up to a megabyte instead, never more than an eighth
 * ahead of what is used. */
static void populate(size_t wanted) {
  if (wanted <= populated) return;
  size_t step = (wanted - first_used) / 8 & ~((size_t)PAGE - 1);
  step = step > POPULATE_MOST ? POPULATE_MOST : step;
  size_t end = wanted + step < slab_region.size ? wanted + step : slab_region.size;
  system_populate(slab_region.start + populated, end - populated);
  populated = end;
}

static bool add_page(struct pages *own, size_t class) {
  if (!asked) make_region();
  if (slab_region.size - slab_region.used < PAGE) return false;
  unsigned char *page = slab_region.start + slab_region.used;
  class_of_page[slab_region.used >> PAGE_BITS] = (uint8_t) class;
  slab_region.used += PAGE;
  populate(slab_region.used);
  size_t size = (class + 1) * STEP;
  own->fresh = page;
  own->limit = page + PAGE / size * size;
  return true;
}

void *slab_take(size_t size) {
  if (size - 1 >= SLAB_LARGEST) return NULL;
  size_t class = (size - 1) / STEP;
  struct pages *own = &pages[class];
  if (own->back) {
    struct piece *piece = own->back;
    own->back = piece->next;
    return piece;
  }
  if (own->fresh == own->limit && !add_page(own, class)) return NULL;
  void *piece = own->fresh;
  own->fresh += (class + 1) * STEP;
  return piece;
}

void *slab_take_for_good(size_t size) {
  if (size - 1 >= SLAB_LARGEST) return NULL;
  size_t whole = (size + STEP - 1) / STEP * STEP;
  if ((size_t)(for_good.limit - for_good.fresh) < whole && !add_page(&for_good, FOR_GOOD))
    return NULL;
  void *piece = for_good.fresh;
  for_good.fresh += whole;
  return piece;
}

static size_t class_of(const void *piece) {
  return class_of_page[(size_t)((const unsigned char *)piece - slab_region.start) >> PAGE_BITS];
}

void slab_give_back(void *piece) {
  size_t class = class_of(piece);
  if (class == FOR_GOOD) return;
  struct pages *own = &pages[class];
  struct piece *back = piece;
  back->next = own->back;
  own->back = back;
}

size_t slab_size(const void *piece) {
  return (class_of(piece) + 1) * STEP;
}
