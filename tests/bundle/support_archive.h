/* Archives of the kinds that libarchive writes, and cabinets made byte by byte. */
#ifndef SITEGLASS_TESTS_BUNDLE_SUPPORT_ARCHIVE_H
#define SITEGLASS_TESTS_BUNDLE_SUPPORT_ARCHIVE_H

#include "base/alloc.h"

#include <stdbool.h>
#include <stddef.h>

enum packed { TAR, TAR_GZIP, TAR_XZ, TAR_BZIP2, TAR_ZSTD, SEVENZIP, CABINET, PACKED_KINDS };
extern const char *const packed_names[PACKED_KINDS]; /* "case.tar.gz" ... */

struct packed_file {
  const char *name;
  const void *bytes;
  size_t size;
  const char *link;     /* a symbolic link to it */
  const char *hardlink; /* another name of that member */
  bool folder, fifo;
};

/* The archive, to be freed with alloc_free. */
char *pack_files(enum packed kind, const struct packed_file *files, size_t count,
                 size_t *size) MUST_USE;
/* One file in gzip, without a tar. */
char *pack_gzip(const void *bytes, size_t size, size_t *packed) MUST_USE;

#endif
