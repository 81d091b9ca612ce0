/* Where a fact stood. */
#include "base/origin.h"

struct origin origin_of(const xmlNode *node) {
  while (node && node->type != XML_ELEMENT_NODE && node->type != XML_ATTRIBUTE_NODE)
    node = node->type == XML_DOCUMENT_NODE ? NULL : node->parent;
  return origin_unpack(node ? node->_private : NULL);
}

void origin_set(xmlNode *node, struct origin origin) { node->_private = origin_pack(origin); }
