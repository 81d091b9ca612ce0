/* Archives: their members become artifacts of their own, in memory only. */
#ifndef SITEGLASS_BUNDLE_ARCHIVE_H
#define SITEGLASS_BUNDLE_ARCHIVE_H

#include "bundle/intake.h"

/* Does nothing unless the artifact's bytes are an archive. A zip is opened, its
 * members follow on the ledger, and the archive is settled (kind "archive") and its
 * bytes released. Other archives (7z, rar, cab, tar, gzip ...) and archives
 * inside archives are refused, so that nobody thinks they were read. */
void archive_open(struct intake *intake, struct artifact *artifact);

#endif
