/* Where a node is, as an XPath 1.0 that needs no prefixes: a name in a namespace
 * is asked for by local-name() and namespace-uri(), one in none stands plain.
 * Every step of an element has its position: /shop[1]/item[2]/@price. */
#ifndef SITEGLASS_SCHEMATRON_SVRL_LOCATION_H
#define SITEGLASS_SCHEMATRON_SVRL_LOCATION_H

#include "base/buffer.h"
#include "schematron/pointers.h"

#include <libxml/tree.h>

/* Positions among siblings that were counted before. Many locations in a wide
 * document cost no more than one walk over it. Begin with all zeros. */
struct locations {
  struct pointers positions;
};

void locations_write(struct locations *locations, const xmlNode *node, struct buffer *out);
/* Before the document is freed. */
void locations_dispose(struct locations *locations);

#endif
