/* Private to evidence/: the objects of exchange_objects.tsv, from readings to <exchange>. */
#ifndef SITEGLASS_EVIDENCE_HOST_OBJECTS_H
#define SITEGLASS_EVIDENCE_HOST_OBJECTS_H

#include "evidence/exchange_objects.h"
#include "evidence/host_build.h"

/* `exchange`: whether the server may have Exchange; if not, only what is of Windows
 * is asked for. */
void host_objects_build(struct host_build *build, bool exchange);
/* Is there an export of Exchange among the host's, of a kind of the table? */
bool host_objects_any(const struct host_build *build);
/* Is it such a kind? */
bool host_objects_of_exchange(const char *kind);

#endif
