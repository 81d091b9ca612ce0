/* What a zip file says of itself: its central directory, read from memory.
 *
 * Names, times and flags come from here and not from the archive library, which
 * converts names through the locale and DOS times through the time zone of the
 * machine. Format: PKWARE APPNOTE 6.3.10, sections 4.3 and 4.5; the extra fields
 * 0x5455 (Info-ZIP time), 0x000A (NTFS times) and 0x7075 (the name in UTF-8 beside one
 * in a code page; APPNOTE 4.6.9). */
#ifndef SITEGLASS_BUNDLE_ZIP_DIRECTORY_H
#define SITEGLASS_BUNDLE_ZIP_DIRECTORY_H

#include "base/alloc.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct zip_member {
  const uint8_t *name; /* in the archive's bytes */
  size_t name_size;
  const uint8_t
      *stated; /* where a field gives the name in UTF-8: what the record says; else NULL */
  size_t stated_size;
  bool utf8;      /* the name is said to be UTF-8 */
  bool encrypted; /* in any of the ways that zip has */
  unsigned method;
  uint32_t crc;
  uint64_t packed, size; /* bytes, as stated: may lie */
  uint64_t header;       /* offset of the local header */
  unsigned mode;         /* Unix file mode; 0 when not made on Unix */
  int64_t modified;      /* UTC when an extra field says so, else DOS time taken as it stands */
  bool has_modified;
};

struct zip_directory {
  struct zip_member *members;
  size_t count;
  bool more; /* there are more than was asked for */
};

/* The checksum of zip and 7z (APPNOTE 4.4.7). */
uint32_t zip_crc32(const uint8_t *bytes, size_t size);

bool zip_is_archive(const uint8_t *bytes, size_t size);

/* At most `most` members. False, and why, when there is no directory or a damaged one; then nothing
 * is to be disposed. The directory must be dropped before `bytes`. */
bool zip_directory_read(const uint8_t *bytes, size_t size, size_t most,
                        struct zip_directory *directory, const char **why) MUST_USE;
void zip_directory_dispose(struct zip_directory *directory);

/* The local header at or after `at` (at most `reach` bytes later): name, flags
 * and time as above, `header` its offset. */
bool zip_local_read(const uint8_t *bytes, size_t size, size_t at, size_t reach,
                    struct zip_member *member) MUST_USE;

/* Where a member's data starts; false when its local header is not there or the
 * data would reach past the end. `*same_name`: both headers name it alike. */
bool zip_data_start(const uint8_t *bytes, size_t size, const struct zip_member *member,
                    uint64_t *start, bool *same_name) MUST_USE;

/* A local header for that member alone with sizes stated, so that its packed data
 * can be read behind it as an archive of one. Returns its length. */
enum { ZIP_HEADER_SIZE = 51 };
void zip_make_header(const struct zip_member *member, uint8_t out[ZIP_HEADER_SIZE]);

#endif
