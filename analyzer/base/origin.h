/* Where a fact stood. Packed into the `_private` pointer of every element and
 * attribute node (8 bytes, no allocation), so it travels with a moved node. */
#ifndef SITEGLASS_BASE_ORIGIN_H
#define SITEGLASS_BASE_ORIGIN_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stdint.h>

/* source: number of the artifact on the ledger + 1 (0: nowhere, computed), below
 * 2^20; line, column: 1-based, 0 when unknown; they stop at 2^26-1 and 2^18-1.
 * Columns count bytes of the UTF-8 text, as compilers do. */
struct origin {
  uint32_t source, line, column;
};

enum { ORIGIN_SOURCE_MOST = (1 << 20) - 1, ORIGIN_LINE_MOST = (1 << 26) - 1,
       ORIGIN_COLUMN_MOST = (1 << 18) - 1 };

_Static_assert(sizeof(void *) == 8, "origins are packed into 64-bit pointers");

static inline void *origin_pack(struct origin origin) {
  uint64_t line = origin.line > ORIGIN_LINE_MOST ? ORIGIN_LINE_MOST : origin.line;
  uint64_t column = origin.column > ORIGIN_COLUMN_MOST ? ORIGIN_COLUMN_MOST : origin.column;
  return (void *)(uintptr_t)(((uint64_t)origin.source << 44) | (line << 18) | column);
}

static inline struct origin origin_unpack(const void *packed) {
  uint64_t bits = (uint64_t)(uintptr_t)packed;
  return (struct origin){(uint32_t)(bits >> 44), (uint32_t)(bits >> 18) & ORIGIN_LINE_MOST,
                         (uint32_t)bits & ORIGIN_COLUMN_MOST};
}

/* Of an element or attribute; anything else: of its parent. */
struct origin origin_of(const xmlNode *node);
void origin_set(xmlNode *node, struct origin origin);

#endif
