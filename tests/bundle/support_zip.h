/* Zip files made byte by byte, as an attacker would make them. */
#ifndef SITEGLASS_TESTS_BUNDLE_SUPPORT_ZIP_H
#define SITEGLASS_TESTS_BUNDLE_SUPPORT_ZIP_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stdint.h>

struct zip {
  struct buffer out, directory;
  size_t count;
  bool large;    /* end with the zip64 records; set when there are over 65,535 */
  uint64_t last; /* offset of the newest local header */
};

/* Zero is the ordinary value of every field but name. */
struct zip_entry {
  const char *name;
  size_t name_size;       /* 0: strlen */
  const char *local_name; /* another name in the local header, of the same length */
  const void *data;
  size_t size;
  const void *packed; /* already deflated data; then method 8 */
  size_t packed_size;
  unsigned flags, method;
  unsigned mode; /* Unix mode; made on Unix then */
  uint32_t dos;  /* date << 16 | time; 0: 2024-12-03 14:47:32 */
  uint32_t utc;  /* an 0x5455 field, when not 0 */
  uint64_t ntfs; /* a 0x000A field, when not 0 */
  bool zip64;    /* sizes and offset in a zip64 field */
  bool bad_crc;
  size_t stated_size; /* a lie about the size, when not 0 */
  bool again;         /* a directory record alone, for the data of the entry before */
};

enum { FLAG_ENCRYPTED = 1, FLAG_DESCRIPTOR = 8, FLAG_UTF8 = 0x800 };

struct zip zip_begin(void);
void zip_add(struct zip *zip, const struct zip_entry *entry);
void zip_add_text(struct zip *zip, const char *name, const char *text);
/* The whole file, in `zip->out`. */
void zip_end(struct zip *zip);
void zip_dispose(struct zip *zip);

/* `size` zeros, deflated (by libarchive); alloc_free it. */
char *deflated_zeros(size_t size, size_t *packed_size) MUST_USE;
uint32_t crc_of(const void *bytes, size_t size);

/* A zip of `count` records named "same" of 8 MiB of zeros, all for one packed piece. */
struct zip overlapping_zeros(size_t count);

#endif
