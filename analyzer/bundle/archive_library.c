/* libarchive: the one file that calls it. */
#include "bundle/archive_library.h"

#include "base/system.h"
#include "base/text.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

enum { TAR_BLOCK = 512, RETRIES_MOST = 10 };

struct piece {
  const void *bytes;
  size_t size;
};

struct unpacker {
  struct archive *reader;
  struct archive_entry *entry; /* the reader's */
  struct piece pieces[2];
  size_t next;
  enum unpacker_format format;
  void *names;        /* see system_names_make */
  const char *broken; /* our own words; NULL: ask libarchive */
};

static la_ssize_t next_piece(struct archive *reader, void *data, const void **bytes) {
  struct unpacker *u = data;
  (void)reader;
  while (u->next < 2 && u->pieces[u->next].size == 0)
    u->next++;
  if (u->next == 2) return 0;
  *bytes = u->pieces[u->next].bytes;
  return (la_ssize_t)u->pieces[u->next++].size;
}

static bool support(struct archive *reader, enum unpacker_format format) {
  switch (format) {
  case UNPACKER_ZIP_PIECE:
    return archive_read_support_format_zip_streamable(reader) == ARCHIVE_OK;
  case UNPACKER_TAR:
    return archive_read_support_format_tar(reader) == ARCHIVE_OK;
  case UNPACKER_SEVENZIP:
    return archive_read_support_format_7zip(reader) == ARCHIVE_OK;
  case UNPACKER_CABINET:
    return archive_read_support_format_cab(reader) == ARCHIVE_OK;
  case UNPACKER_FILTER:
    break;
  }
  /* A warning only says that libarchive would need another program; that is not run. */
  bool filters = archive_read_support_filter_gzip(reader) == ARCHIVE_OK &&
                 archive_read_support_filter_bzip2(reader) == ARCHIVE_OK &&
                 archive_read_support_filter_xz(reader) == ARCHIVE_OK;
#if ARCHIVE_VERSION_NUMBER >= 3003003
  filters = filters && archive_read_support_filter_zstd(reader) == ARCHIVE_OK;
#endif
  return filters && archive_read_support_format_tar(reader) == ARCHIVE_OK &&
         archive_read_support_format_raw(reader) == ARCHIVE_OK &&
         archive_read_support_format_empty(reader) == ARCHIVE_OK;
}

/* 7z needs to jump about; the pieces of a zip are read one after the other. */
static int open_source(struct unpacker *u) {
  if (u->format == UNPACKER_ZIP_PIECE)
    return archive_read_open(u->reader, u, NULL, next_piece, NULL);
  return archive_read_open_memory(u->reader, u->pieces[0].bytes, u->pieces[0].size);
}

struct unpacker *unpacker_open(enum unpacker_format format, const void *first, size_t first_size,
                               const void *second, size_t second_size, char **why) {
  struct unpacker *u = alloc_bytes(sizeof *u);
  *u = (struct unpacker){.reader = archive_read_new(),
                         .pieces = {{first, first_size}, {second, second_size}},
                         .format = format,
                         .names = format == UNPACKER_ZIP_PIECE ? NULL : system_names_make()};
  if (u->reader && support(u->reader, format) && open_source(u) == ARCHIVE_OK) return u;
  *why = unpacker_error(u);
  unpacker_close(u);
  return NULL;
}

static enum unpacker_kind kind_of(struct archive_entry *entry) {
  if (archive_entry_hardlink(entry)) return UNPACKER_LINK;
  switch (archive_entry_filetype(entry)) {
  case AE_IFLNK:
    return UNPACKER_LINK;
  case AE_IFDIR:
    return UNPACKER_FOLDER;
  case AE_IFCHR:
  case AE_IFBLK:
  case AE_IFIFO:
  case AE_IFSOCK:
    return UNPACKER_SPECIAL;
  default:
    return UNPACKER_FILE;
  }
}

static const char *or_empty(const char *text) {
  return text ? text : "";
}

/* A cabinet's times have no zone, and libarchive takes them for local ones of this
 * machine: they are left out. */
static void fill_entry(const struct unpacker *u, struct unpacker_entry *out) {
  struct archive_entry *entry = u->entry;
  bool raw = archive_format(u->reader) == ARCHIVE_FORMAT_RAW;
  *out = (struct unpacker_entry){.name = raw ? "" : or_empty(archive_entry_pathname(entry)),
                                 .kind = kind_of(entry),
                                 .hard = archive_entry_hardlink(entry) != NULL,
                                 .target = "",
                                 .encrypted = archive_entry_is_encrypted(entry) == 1};
  if (out->kind == UNPACKER_LINK)
    out->target =
        or_empty(out->hard ? archive_entry_hardlink(entry) : archive_entry_symlink(entry));
  if (archive_entry_size_is_set(entry) && archive_entry_size(entry) > 0)
    out->size = (uint64_t)archive_entry_size(entry);
  out->has_modified = u->format != UNPACKER_CABINET && archive_entry_mtime_is_set(entry);
  if (out->has_modified) out->modified = archive_entry_mtime(entry);
}

/* The end mark of a tar is blocks of zeros; libarchive ends without one, too. */
static enum unpacker_step at_end(struct unpacker *u, int64_t before) {
  bool tar = (archive_format(u->reader) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_TAR;
  if (!tar || archive_filter_bytes(u->reader, 0) - before >= TAR_BLOCK) return UNPACKER_END;
  u->broken = "it has no end mark: it was cut off";
  return UNPACKER_BROKEN;
}

/* What only begins like gzip would come out as one file, as it is. */
static bool is_filtered(struct unpacker *u) {
  bool good = u->format != UNPACKER_FILTER || archive_filter_count(u->reader) > 1;
  if (!good) u->broken = "only its first bytes are those of such an archive";
  return good;
}

enum unpacker_step unpacker_next(struct unpacker *u, struct unpacker_entry *entry) {
  void *names = system_names_use(u->names);
  if (u->entry) (void)archive_read_data_skip(u->reader);
  int64_t before = archive_filter_bytes(u->reader, 0);
  int got = archive_read_next_header(u->reader, &u->entry);
  for (int i = 0; got == ARCHIVE_RETRY && i < RETRIES_MOST; i++)
    got = archive_read_next_header(u->reader, &u->entry);
  enum unpacker_step step = UNPACKER_ENTRY;
  if (got == ARCHIVE_EOF)
    step = at_end(u, before);
  else if (!is_filtered(u))
    step = UNPACKER_BROKEN;
  else if (got < ARCHIVE_WARN)
    step = UNPACKER_BROKEN;
  else
    fill_entry(u, entry);
  if (step != UNPACKER_ENTRY) u->entry = NULL;
  system_names_use(names);
  return step;
}

long unpacker_read(struct unpacker *u, void *bytes, size_t size) {
  la_ssize_t got = archive_read_data(u->reader, bytes, size);
  return got < 0 ? -1 : (long)got;
}

int64_t unpacker_header_at(struct unpacker *u) {
  return archive_read_header_position(u->reader);
}

char *unpacker_error(struct unpacker *u) {
  const char *text = u->broken ? u->broken : u->reader ? archive_error_string(u->reader) : NULL;
  return text_printable(text && text[0] ? text : "it is damaged", 200);
}

void unpacker_close(struct unpacker *u) {
  if (!u) return;
  archive_read_free(u->reader);
  system_names_free(u->names);
  alloc_free(u);
}
