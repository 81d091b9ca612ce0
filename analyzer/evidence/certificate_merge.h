/* Private to evidence/: <certificates>, one per thumbprint. */
#ifndef SITEGLASS_EVIDENCE_CERTIFICATE_MERGE_H
#define SITEGLASS_EVIDENCE_CERTIFICATE_MERGE_H

#include "evidence/host_build.h"

/* Moves the certificates of all readings into <certificates>, merged, with marks
 * for what is not told of some. Returns thumbprint -> not NULL; caller map_frees. */
struct map *certificates_merge(struct host_build *build) MUST_USE;

/* A certificate of which only the thumbprint is known: every fact is marked. */
void certificate_add_undescribed(struct host_build *build, const char *thumbprint,
                                 const char *needs);

#endif
