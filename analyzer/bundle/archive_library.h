/* Private to bundle/: libarchive, reading from memory. Knows no limits: what is
 * read, skipped and kept is for archive.c to say. */
#ifndef SITEGLASS_BUNDLE_ARCHIVE_LIBRARY_H
#define SITEGLASS_BUNDLE_ARCHIVE_LIBRARY_H

#include "base/alloc.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct unpacker;

enum unpacker_format {
  UNPACKER_ZIP_PIECE, /* local headers of a zip, without its directory */
  UNPACKER_TAR,
  UNPACKER_SEVENZIP,
  UNPACKER_CABINET,
  UNPACKER_FILTER, /* gzip, xz, bzip2 or zstd around a tar, or around one file */
};

enum unpacker_kind { UNPACKER_FILE, UNPACKER_FOLDER, UNPACKER_LINK, UNPACKER_SPECIAL };

struct unpacker_entry {
  const char
      *name; /* as stated, of whatever encoding; "" when there is none (one file in a filter) */
  enum unpacker_kind kind;
  bool hard;          /* of a link: the other name of a member */
  const char *target; /* of a link; "" */
  uint64_t size;      /* as stated: may lie; 0 when not stated */
  int64_t modified;
  bool has_modified;
  bool encrypted;
};

enum unpacker_step { UNPACKER_ENTRY, UNPACKER_END, UNPACKER_BROKEN };

/* Reads `first` and behind it `second` (of size 0: nothing; only for UNPACKER_ZIP_PIECE), which
 * must outlive it. NULL, and `*why` (to be freed), when it is no such archive. */
struct unpacker *unpacker_open(enum unpacker_format format, const void *first, size_t first_size,
                               const void *second, size_t second_size, char **why) MUST_USE;
/* What the entry points to is good until the next step. A tar without its end mark is
 * broken: it was cut between two members. */
enum unpacker_step unpacker_next(struct unpacker *unpacker, struct unpacker_entry *entry) MUST_USE;
/* The next bytes of the entry; 0: its end; -1: it cannot be read. */
long unpacker_read(struct unpacker *unpacker, void *bytes, size_t size) MUST_USE;
int64_t unpacker_header_at(struct unpacker *unpacker); /* where the entry's header starts */
/* Why it is broken or could not be read: libarchive's words, harmless, without a full stop. */
char *unpacker_error(struct unpacker *unpacker) MUST_USE;
void unpacker_close(struct unpacker *unpacker); /* NULL is fine */

#endif
