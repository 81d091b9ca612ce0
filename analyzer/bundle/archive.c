/* Zip archives. The directory is our own reading (zip_directory.h); libarchive
 * unpacks one member after the other from memory. Where the directory is lost,
 * libarchive walks the local headers of what is left. */
#include "bundle/archive.h"

#include "base/text.h"
#include "bundle/path.h"
#include "bundle/zip_directory.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  FREE_EXPANSION = 64 << 20, /* what may come out before the ratio counts */
  READ_STEP = 1 << 20,
  MODE_KIND = 0170000, /* of a Unix mode, as zip stores it */
  MODE_LINK = 0120000,
  MODE_FILE = 0100000,
  MODE_FOLDER = 0040000,
};

struct unpacking {
  struct intake *intake;
  struct artifact *archive;
  const uint8_t *bytes;
  size_t size;
  uint64_t came_out;
  size_t members, refused;
  bool stopped; /* the expansion limit: nothing more is unpacked */
};

/* --- one member ---------------------------------------------------------- */

/* What libarchive reads: a made header, then the packed data where they lie. */
struct piece {
  const void *bytes;
  size_t size;
};
struct source {
  struct piece pieces[2];
  size_t next;
};

static la_ssize_t next_piece(struct archive *reader, void *data, const void **bytes) {
  struct source *source = data;
  (void)reader;
  while (source->next < 2 && source->pieces[source->next].size == 0)
    source->next++;
  if (source->next == 2) return 0;
  *bytes = source->pieces[source->next].bytes;
  return (la_ssize_t)source->pieces[source->next++].size;
}

static struct archive *open_reader(struct source *source) {
  struct archive *reader = archive_read_new();
  if (!reader) return NULL;
  if (archive_read_support_format_zip_streamable(reader) == ARCHIVE_OK &&
      archive_read_open(reader, source, NULL, next_piece, NULL) == ARCHIVE_OK)
    return reader;
  archive_read_free(reader);
  return NULL;
}

/* libarchive's own words, harmless and without a full stop. */
static char *reader_error(struct archive *reader) {
  const char *text = reader ? archive_error_string(reader) : NULL;
  return text_printable(text && text[0] ? text : "unpacking failed", 200);
}

static void refuse(struct unpacking *u, struct artifact *a, enum diag_level level,
                   const char *reason) {
  u->refused++;
  ledger_refuse(u->intake, a, level, "%s", reason);
}

/* Beyond 64 MiB no more than `expansion` times the archive may come out: that also
 * bounds members that overlap. */
static bool over_expansion(struct unpacking *u, uint64_t more) {
  uint64_t out = u->came_out + more;
  uint64_t most = u->intake->limits.expansion ? u->intake->limits.expansion : 1;
  return out > FREE_EXPANSION && out / most > u->size;
}

static void stop(struct unpacking *u) {
  u->stopped = u->intake->bundle->incomplete = true;
  diags_add(&u->intake->bundle->diags, DIAG_WARNING, u->archive->path, 0, 0,
            "more than %u times its size came out of it (expansion): unpacking was stopped, the "
            "members not yet read are refused",
            u->intake->limits.expansion);
}

struct unpacked {
  uint8_t *bytes;
  size_t size, capacity;
};

/* Room for one more step; never more than what is still allowed, plus one byte
 * that shows that there was more. */
static bool make_room(struct unpacked *out, uint64_t most) {
  if (out->size > most) return false;
  if (out->capacity - out->size > 1) return true;
  size_t wanted = out->capacity * 2;
  if (wanted > most + 2) wanted = (size_t)most + 2;
  out->bytes = alloc_resize(out->bytes, wanted, 1);
  out->capacity = wanted;
  return true;
}

static uint64_t allowance(const struct unpacking *u) {
  const struct bundle_limits *limits = &u->intake->limits;
  uint64_t left = limits->total_size - u->intake->total;
  return left < limits->artifact_size ? left : limits->artifact_size;
}

/* Unpacks the entry that `reader` stands at. NULL: done; else why not, to be freed. */
static char *unpack(struct unpacking *u, struct archive *reader, uint64_t stated,
                    struct unpacked *out) {
  uint64_t most = allowance(u);
  out->capacity = (size_t)(stated < READ_STEP ? stated : READ_STEP) + 2;
  out->bytes = alloc_resize(NULL, out->capacity, 1);
  for (;;) {
    if (!make_room(out, most)) return alloc_text("");
    size_t step = out->capacity - out->size - 1;
    if (step > READ_STEP) step = READ_STEP;
    la_ssize_t got = archive_read_data(reader, out->bytes + out->size, step);
    if (got < 0) return reader_error(reader);
    if (got == 0) break;
    out->size += (size_t)got;
    if (over_expansion(u, out->size)) {
      stop(u);
      return alloc_text("unpacking of the archive was stopped inside it (expansion)");
    }
  }
  out->bytes = alloc_resize(out->bytes, out->size + 1, 1);
  out->bytes[out->size] = 0;
  return NULL;
}

static void keep(struct unpacking *u, struct artifact *a, struct archive *reader, uint64_t stated) {
  struct unpacked out = {0};
  char *why = unpack(u, reader, stated, &out);
  u->came_out += out.size;
  if (!why) {
    ledger_fill(u->intake, a, out.bytes, out.size);
    archive_open(u->intake, a);
    if (a->outcome == ARTIFACT_REFUSED) u->refused++;
    return;
  }
  alloc_free(out.bytes);
  if (why[0]) {
    char *reason = alloc_format("it cannot be unpacked whole, so none of it is used: %s", why);
    refuse(u, a, DIAG_WARNING, reason);
    alloc_free(reason);
  } else {
    u->refused++;
    a->size = out.size;
    (void)!ledger_over_limit(u->intake, a, out.size);
  }
  alloc_free(why);
}

static struct artifact *add_member(struct unpacking *u, const struct zip_member *m) {
  const char *unsafe;
  char *name = path_member(m->name, m->name_size, m->utf8, &unsafe);
  char *path = alloc_format("%s!%s", u->archive->path, name);
  struct artifact *a = ledger_add(u->intake, path);
  if (a) {
    u->members++;
    a->from_archive = true;
    a->modified = m->modified;
    a->has_modified = m->has_modified;
    a->size = (size_t)m->size;
    if (unsafe)
      diags_add(&u->intake->bundle->diags, DIAG_NOTE, a->path, 0, 0,
                "its name in the archive has %s; it is shown here in a harmless spelling", unsafe);
  }
  alloc_free(path);
  alloc_free(name);
  return a;
}

/* A folder has no bytes of its own; one that does is taken for a file. */
static bool is_folder(const struct zip_member *m) {
  bool named =
      m->name_size && (m->name[m->name_size - 1] == '/' || m->name[m->name_size - 1] == '\\');
  return m->size == 0 && m->packed <= 2 && (named || (m->mode & MODE_KIND) == MODE_FOLDER);
}

/* True when the member must not be unpacked; then it is refused. What zip read
 * from a pipe is marked as a FIFO but has bytes: those are evidence like any. */
static bool must_not_open(struct unpacking *u, struct artifact *a, const struct zip_member *m) {
  unsigned kind = m->mode & MODE_KIND;
  if (m->encrypted)
    refuse(u, a, DIAG_WARNING, "it is encrypted; export it again without a password");
  else if (kind == MODE_LINK)
    refuse(u, a, DIAG_NOTE, "a symbolic link, which is never followed");
  else if (kind != 0 && kind != MODE_FILE && kind != MODE_FOLDER && m->size == 0)
    refuse(u, a, DIAG_NOTE, "a device, FIFO or socket, which is never opened");
  else if (u->stopped)
    refuse(u, a, DIAG_WARNING, "unpacking of the archive was stopped before it (expansion)");
  else
    return false;
  return true;
}

/* --- with a directory ---------------------------------------------------- */

static void open_member(struct unpacking *u, struct artifact *a, const struct zip_member *m) {
  uint64_t start;
  bool same_name;
  if (!zip_data_start(u->bytes, u->size, m, &start, &same_name)) {
    refuse(u, a, DIAG_WARNING, "the archive is damaged where it should be");
    return;
  }
  if (!same_name)
    diags_add(&u->intake->bundle->diags, DIAG_WARNING, a->path, 0, 0,
              "the archive names it differently in its directory (shown here) and in front of "
              "its data");
  if (ledger_over_limit(u->intake, a, m->size)) {
    u->refused++;
    return;
  }
  uint8_t header[ZIP_HEADER_SIZE];
  zip_make_header(m, header);
  struct source source = {{{header, sizeof header}, {u->bytes + start, (size_t)m->packed}}, 0};
  struct archive *reader = open_reader(&source);
  struct archive_entry *entry;
  if (reader && archive_read_next_header(reader, &entry) >= ARCHIVE_WARN) {
    keep(u, a, reader, m->size);
  } else {
    char *why = reader_error(reader);
    refuse(u, a, DIAG_WARNING, why);
    alloc_free(why);
  }
  archive_read_free(reader);
}

static void open_listed(struct unpacking *u, const struct zip_directory *directory) {
  for (size_t i = 0; i < directory->count && !u->intake->full; i++) {
    const struct zip_member *m = &directory->members[i];
    if (is_folder(m)) continue;
    struct artifact *a = add_member(u, m);
    if (a && !must_not_open(u, a, m)) open_member(u, a, m);
  }
}

/* --- without one --------------------------------------------------------- */

/* Whatever stands between two members, at most: a data descriptor. */
enum { HEADER_REACH = 64 };

static void open_streamed(struct unpacking *u) {
  struct source source = {{{u->bytes, u->size}, {NULL, 0}}, 0};
  struct archive *reader = open_reader(&source);
  struct archive_entry *entry;
  while (reader && !u->intake->full && archive_read_next_header(reader, &entry) >= ARCHIVE_WARN) {
    struct zip_member m;
    la_int64_t at = archive_read_header_position(reader);
    if (at < 0 || !zip_local_read(u->bytes, u->size, (size_t)at, HEADER_REACH, &m)) break;
    if (is_folder(&m)) continue;
    struct artifact *a = add_member(u, &m);
    if (!a || must_not_open(u, a, &m)) continue;
    keep(u, a, reader, m.size);
  }
  archive_read_free(reader);
}

/* --- the archive --------------------------------------------------------- */

static int by_path(const void *a, const void *b) {
  const struct artifact *const *left = a, *const *right = b;
  return path_compare((*left)->path, (*right)->path);
}

/* Members in the order of their names, however the archive was packed. */
static void sort_members(struct bundle *bundle, size_t first) {
  if (bundle->count - first > 1)
    qsort(bundle->artifacts + first, bundle->count - first, sizeof *bundle->artifacts, by_path);
  for (size_t i = first; i < bundle->count; i++)
    bundle->artifacts[i]->number = (uint32_t)i;
}

static void settle(struct unpacking *u, const char *damage) {
  struct artifact *a = u->archive;
  size_t got = u->members - u->refused;
  if (damage && got == 0) {
    ledger_refuse(u->intake, a, DIAG_WARNING, "a zip archive that cannot be read: %s", damage);
    return;
  }
  if (damage) {
    artifact_settle(a, ARTIFACT_PARTLY_READ, "%s; %zu of its members could still be read", damage,
                    got);
    diags_add(&u->intake->bundle->diags, DIAG_WARNING, a->path, 0, 0, "partly read: %s", a->reason);
    u->intake->bundle->incomplete = true;
  } else if (u->intake->full) {
    artifact_settle(a, ARTIFACT_PARTLY_READ,
                    "the limit of artifacts (artifact_count) was reached "
                    "inside it");
  } else if (u->refused) {
    artifact_settle(a, ARTIFACT_PARTLY_READ, "%zu of its %zu members %s refused", u->refused,
                    u->members, u->refused == 1 ? "was" : "were");
  } else {
    artifact_settle(a, ARTIFACT_READ, "%s", u->members ? "" : "an archive without members");
  }
}

static void open_zip(struct intake *intake, struct artifact *archive) {
  struct unpacking u = {
      .intake = intake, .archive = archive, .bytes = archive->bytes, .size = archive->size};
  size_t first = intake->bundle->count;
  struct zip_directory directory;
  const char *damage = NULL;
  if (zip_directory_read(u.bytes, u.size, &directory, &damage)) {
    damage = NULL;
    open_listed(&u, &directory);
    zip_directory_dispose(&directory);
  } else {
    open_streamed(&u);
  }
  sort_members(intake->bundle, first);
  settle(&u, damage);
}

/* How other archives begin (their public format descriptions; file(1) knows the same). */
static const struct {
  const char *name, *bytes;
  size_t size, offset;
} others[] = {
    {"7z", "7z\xBC\xAF\x27\x1C", 6, 0},
    {"RAR", "Rar!\x1A\x07", 6, 0},
    {"cabinet", "MSCF\0\0\0\0", 8, 0},
    {"gzip", "\x1F\x8B\x08", 3, 0},
    {"xz",
     "\xFD"
     "7zXZ\0",
     6, 0},
    {"zstd", "\x28\xB5\x2F\xFD", 4, 0},
    {"bzip2", "1AY&SY", 6, 4},
    {"tar", "ustar", 5, 257},
};

static const char *other_archive(const struct artifact *a) {
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    if (a->size >= others[i].offset + others[i].size &&
        memcmp(a->bytes + others[i].offset, others[i].bytes, others[i].size) == 0)
      return others[i].name;
  return NULL;
}

void archive_open(struct intake *intake, struct artifact *a) {
  bool zip = zip_is_archive(a->bytes, a->size);
  const char *other = zip ? NULL : other_archive(a);
  if (!zip && !other) return;
  a->encoding = ENCODING_BINARY;
  a->encoding_guessed = a->encoding_mixed = false;
  a->kind = "archive";
  if (zip && a->from_archive)
    ledger_refuse(intake, a, DIAG_WARNING,
                  "an archive inside an archive, which is not opened; unpack the outer one first");
  else if (zip)
    open_zip(intake, a);
  else
    ledger_refuse(intake, a, DIAG_WARNING,
                  "a %s archive, which is not opened; hand over what is in it", other);
  artifact_release(a);
}
