/* Private to evidence/: exports of Exchange that speak of more servers than the one they came
 * from. */
#ifndef SITEGLASS_EVIDENCE_HOST_LENDING_H
#define SITEGLASS_EVIDENCE_HOST_LENDING_H

#include "evidence/host_build.h"

/* Lends each export to the servers whose objects it lists, and one of the organization to
 * those that plainly are of that organization and have no export of the kind themselves. One
 * that belongs to no server and is lent to none is reported. */
void host_lending_make(struct host_groups *groups, struct readings *readings,
                       const struct exchange_objects *objects);

/* A copy of an element of a reading, last under `parent`, with all that is in it. */
xmlNode *host_lending_copy(const xmlNode *node, xmlNode *parent);

#endif
