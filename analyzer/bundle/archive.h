/* Archives: their members become artifacts of their own, in memory only. */
#ifndef SITEGLASS_BUNDLE_ARCHIVE_H
#define SITEGLASS_BUNDLE_ARCHIVE_H

#include "bundle/intake.h"

/* Do bytes begin like an archive? The first 512 are enough. */
bool archive_is_one(const uint8_t *bytes, size_t size);

/* Does nothing unless the artifact's bytes are an archive: zip, tar, 7z, cab, or gzip, xz,
 * bzip2, zstd around a tar or one file. It is opened, its members follow on the ledger,
 * archives among them are opened likewise as far as archive_depth goes, and it is settled
 * (kind "archive") and its bytes released. What is damaged, encrypted, over a limit, a
 * link or a device is refused; RAR is, too, so that nobody thinks it was read. */
void archive_open(struct intake *intake, struct artifact *artifact);

#endif
