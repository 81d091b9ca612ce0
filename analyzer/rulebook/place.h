/* Nodes of an evidence document as places of a report. */
#ifndef SITEGLASS_RULEBOOK_PLACE_H
#define SITEGLASS_RULEBOOK_PLACE_H

#include "base/alloc.h"
#include "rulebook/verdicts.h"

#include <libxml/tree.h>

/* Where a node stood, and what stood there: `text` (allocated, taken over), or
 * when that is NULL or empty the node's own start tag in short. Secrets
 * (passwords, keys) are never in it. */
struct place place_of(const xmlNode *node, char *text) MUST_USE;

/* The node's XPath in the evidence document: /evidence/host/sites/site[2]/... */
char *place_path(const xmlNode *node) MUST_USE;

#endif
