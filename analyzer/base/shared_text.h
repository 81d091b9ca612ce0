/* Text nodes of attributes, held once. On a large server most attributes say "true",
 * "/", "443" or the same date, and a text node of its own for each is a third of all
 * memory.
 *
 * What is given out belongs to all attributes that hold it: it has no parent and no
 * document and must not be changed. It may be freed with its attribute as
 * any text node; that does nothing (slab.h, pieces for good). libxml2 asks an attribute's
 * text for its content and the next node only. */
#ifndef SITEGLASS_BASE_SHARED_TEXT_H
#define SITEGLASS_BASE_SHARED_TEXT_H

#include "base/slab.h"

#include <libxml/tree.h>

/* A node of that text, when it was asked for before and not long ago; else NULL: make
 * your own. Always NULL where there are no slabs, and before alloc_hook_libraries. */
xmlNode *shared_text(const char *text, size_t size);

#endif
