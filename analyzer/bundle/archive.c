/* Archives: what is one, how far each may be opened, and what became of it. */
#include "bundle/archive.h"

#include "base/text.h"
#include "bundle/archive_parts.h"
#include "bundle/code_page.h"
#include "bundle/path.h"
#include "bundle/zip_directory.h"

#include <stdio.h>
#include <string.h>

enum {
  FREE_EXPANSION = 64 << 20, /* what may come out before the ratio counts */
  READ_STEP = 1 << 20,
  SKIP_STEP = 1 << 16,
  NAMES_MOST = 2048, /* of names, to guess their code page by */
  ZIP_PAGE = 437,
};

/* --- names ---------------------------------------------------------------- */

void names_learn(struct unpacking *u, const void *name, size_t size) {
  if (u->names.size >= NAMES_MOST || code_page_is_utf8(name, size)) return;
  buffer_add(&u->names, name, size < NAMES_MOST ? size : NAMES_MOST);
  buffer_add_char(&u->names, '\n');
  u->page = 0;
}

static int page_of_names(struct unpacking *u) {
  if (u->page || u->names.size == 0) return u->page;
  enum encoding_confidence confidence;
  u->page = code_page_guess((const uint8_t *)buffer_text(&u->names), u->names.size, &confidence);
  if (confidence == CONFIDENCE_UNSURE) u->page = ZIP_PAGE;
  return u->page;
}

char *member_path(struct unpacking *u, const struct member *m, const char **unsafe) {
  char *name = path_member(m->name, m->name_size, m->utf8, page_of_names(u), unsafe);
  char *path = alloc_format("%s!%s", u->archive->path, name);
  alloc_free(name);
  return path;
}

static void note_name(struct unpacking *u, struct artifact *a, const struct member *m,
                      const char *unsafe) {
  if (unsafe) {
    ledger_note(a, "its name in the archive has %s; it is shown here in a harmless spelling",
                unsafe);
    diags_add(&u->intake->bundle->diags, DIAG_NOTE, a->path, 0, 0,
              "its name in the archive has %s; it is shown here in a harmless spelling", unsafe);
  }
  if (!m->utf8 && !code_page_is_utf8(m->name, m->name_size))
    ledger_note(a, "its name is not UTF-8 and was read as code page %d", page_of_names(u));
}

bool unpacking_crowded(const struct unpacking *u) {
  if (u->intake->full) return true;
  for (; u; u = u->outer)
    if (u->crowded) return true;
  return false;
}

/* Counts one more, of this archive and those it stands in. */
static bool is_one_too_many(struct unpacking *u, const char *path) {
  struct bundle *bundle = u->intake->bundle;
  size_t most = u->intake->limits.member_count;
  bool many = unpacking_crowded(u);
  for (; u && !many; u = u->outer) {
    many = u->crowded = u->inside++ >= most;
    if (!many) continue;
    bundle->incomplete = bundle->cut_short = true;
    diags_add(&bundle->diags, DIAG_WARNING, u->archive->path, 0, 0,
              "the limit of %zu members (--max-members) is reached at %s; this one and all that "
              "come after it were left out",
              most, path);
  }
  return many;
}

struct artifact *member_add(struct unpacking *u, const struct member *m) {
  const char *unsafe;
  char *path = member_path(u, m, &unsafe);
  struct artifact *a = is_one_too_many(u, path) ? NULL : ledger_add(u->intake, path);
  alloc_free(path);
  if (!a) return NULL;
  u->members++;
  u->refused += a->outcome == ARTIFACT_REFUSED;
  a->from_archive = true;
  a->modified = m->modified;
  a->has_modified = m->has_modified;
  a->size = (size_t)m->size;
  note_name(u, a, m, unsafe);
  return a;
}

/* --- limits --------------------------------------------------------------- */

void member_refuse(struct unpacking *u, struct artifact *a, enum diag_level level,
                   const char *format, ...) {
  char reason[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(reason, sizeof reason, format, arguments);
  va_end(arguments);
  u->refused++;
  ledger_refuse(u->intake, a, level, "%s", reason);
}

bool member_over_limit(struct unpacking *u, struct artifact *a, uint64_t size) {
  if (!ledger_over_limit(u->intake, a, size)) return false;
  u->refused++;
  return true;
}

bool unpacking_stopped(const struct unpacking *u) {
  for (; u; u = u->outer)
    if (u->stopped) return true;
  return false;
}

static void stop(struct unpacking *u) {
  struct bundle *bundle = u->intake->bundle;
  u->stopped = bundle->incomplete = bundle->cut_short = true;
  diags_add(&bundle->diags, DIAG_WARNING, u->archive->path, 0, 0,
            "more than %u times its size came out of it (--max-expansion): unpacking was stopped, "
            "the members not yet read are refused or not even listed",
            u->intake->limits.expansion);
}

/* Beyond 64 MiB no more than `expansion` times an archive may come out of it and of
 * those in it: that also bounds members that overlap, and bombs in bombs. Counts `more`;
 * true when that was too much. */
static bool over_expansion(struct unpacking *u, uint64_t more) {
  uint64_t most = u->intake->limits.expansion ? u->intake->limits.expansion : 1;
  bool over = false;
  for (; u; u = u->outer) {
    u->came_out += more;
    if (u->came_out <= FREE_EXPANSION || u->came_out / most <= u->size) continue;
    if (!u->stopped) stop(u);
    over = true;
  }
  return over;
}

/* --- one member ----------------------------------------------------------- */

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

/* NULL: done; else why not, to be freed ("": over a limit). */
static char *unpack(struct unpacking *u, struct unpacker *unpacker, uint64_t stated,
                    struct unpacked *out) {
  uint64_t most = allowance(u);
  out->capacity = (size_t)(stated < READ_STEP ? stated : READ_STEP) + 2;
  out->bytes = alloc_resize(NULL, out->capacity, 1);
  for (;;) {
    if (!make_room(out, most)) return alloc_text("");
    size_t step = out->capacity - out->size - 1;
    if (step > READ_STEP) step = READ_STEP;
    long got = unpacker_read(unpacker, out->bytes + out->size, step);
    if (got < 0) return unpacker_error(unpacker);
    if (got == 0) break;
    out->size += (size_t)got;
    if (over_expansion(u, (uint64_t)got))
      return alloc_text("unpacking of the archive was stopped inside it (--max-expansion)");
  }
  out->bytes = alloc_resize(out->bytes, out->size + 1, 1);
  out->bytes[out->size] = 0;
  return NULL;
}

void member_keep(struct unpacking *u, struct artifact *a, struct unpacker *unpacker,
                 uint64_t stated) {
  struct unpacked out = {0};
  char *why = unpack(u, unpacker, stated, &out);
  if (!why) {
    ledger_fill(u->intake, a, out.bytes, out.size);
    archive_open(u->intake, a);
    u->refused += a->outcome == ARTIFACT_REFUSED;
    ledger_take(u->intake, a);
    return;
  }
  alloc_free(out.bytes);
  if (why[0]) {
    member_refuse(u, a, DIAG_WARNING, "it cannot be unpacked whole, so none of it is used: %s",
                  why);
  } else {
    a->size = out.size;
    (void)!member_over_limit(u, a, out.size);
    member_skip(u, unpacker);
  }
  alloc_free(why);
}

void member_skip(struct unpacking *u, struct unpacker *unpacker) {
  uint8_t *scratch = alloc_bytes(SKIP_STEP);
  long got;
  do
    got = unpacker_read(unpacker, scratch, SKIP_STEP);
  while (got > 0 && !over_expansion(u, (uint64_t)got));
  alloc_free(scratch);
}

/* --- the archive ---------------------------------------------------------- */

/* How archives begin (their public format descriptions; file(1) knows the same). */
static const struct sort {
  const char *name, *bytes;
  size_t size, offset;
  enum unpacker_format format;
} sorts[] = {
    {"7z", "7z\xBC\xAF\x27\x1C", 6, 0, UNPACKER_SEVENZIP},
    {"RAR", "Rar!\x1A\x07", 6, 0, UNPACKER_ZIP_PIECE /* not opened */},
    {"cabinet", "MSCF\0\0\0\0", 8, 0, UNPACKER_CABINET},
    {"gzip", "\x1F\x8B\x08", 3, 0, UNPACKER_FILTER},
    {"xz",
     "\xFD"
     "7zXZ\0",
     6, 0, UNPACKER_FILTER},
    {"zstd", "\x28\xB5\x2F\xFD", 4, 0, UNPACKER_FILTER},
    {"bzip2", "1AY&SY", 6, 4, UNPACKER_FILTER},
    {"tar", "ustar", 5, 257, UNPACKER_TAR},
};

static const struct sort *sort_of(const uint8_t *bytes, size_t size) {
  static const struct sort zip = {"zip", "", 0, 0, UNPACKER_ZIP_PIECE};
  if (zip_is_archive(bytes, size)) return &zip;
  for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++)
    if (size >= sorts[i].offset + sorts[i].size &&
        memcmp(bytes + sorts[i].offset, sorts[i].bytes, sorts[i].size) == 0)
      return &sorts[i];
  return NULL;
}

bool archive_is_one(const uint8_t *bytes, size_t size) {
  return sort_of(bytes, size) != NULL;
}

static void settle_damaged(struct unpacking *u, const char *name, size_t got) {
  struct artifact *a = u->archive;
  u->intake->bundle->cut_short = true;
  if (got == 0) {
    ledger_refuse(u->intake, a, DIAG_WARNING, "a %s archive that cannot be read: %s", name,
                  u->damage);
    return;
  }
  artifact_settle(a, ARTIFACT_PARTLY_READ, "%s; %zu of its members could still be read", u->damage,
                  got);
  diags_add(&u->intake->bundle->diags, DIAG_WARNING, a->path, 0, 0, "partly read: %s", a->reason);
  u->intake->bundle->incomplete = true;
}

static void settle(struct unpacking *u, const char *name) {
  struct artifact *a = u->archive;
  if (u->damage)
    settle_damaged(u, name, u->members - u->refused);
  else if (u->intake->full)
    artifact_settle(a, ARTIFACT_PARTLY_READ,
                    "the limit of artifacts (--max-files) was reached inside it");
  else if (unpacking_crowded(u))
    artifact_settle(a, ARTIFACT_PARTLY_READ,
                    "the limit of members (--max-members) was reached after %zu of them",
                    u->members);
  else if (unpacking_stopped(u))
    artifact_settle(a, ARTIFACT_PARTLY_READ,
                    "unpacking was stopped (--max-expansion) after %zu members", u->members);
  else if (u->refused)
    artifact_settle(a, ARTIFACT_PARTLY_READ, "%zu of its %zu members %s refused", u->refused,
                    u->members, u->refused == 1 ? "was" : "were");
  else
    artifact_settle(a, ARTIFACT_READ, "%s", u->members ? "" : "an archive without members");
}

static void open_archive(struct intake *intake, struct artifact *a, const struct sort *sort) {
  struct unpacking u = {.intake = intake,
                        .outer = intake->unpacking,
                        .depth = intake->unpacking ? intake->unpacking->depth + 1 : 1,
                        .archive = a,
                        .bytes = a->bytes,
                        .size = a->size,
                        .names = buffer_make(2 * NAMES_MOST)};
  intake->unpacking = &u;
  if (sort->size == 0)
    archive_zip_open(&u);
  else
    archive_stream_open(&u, sort->format);
  intake->unpacking = u.outer;
  settle(&u, sort->name);
  buffer_dispose(&u.names);
  alloc_free(u.damage);
}

void archive_open(struct intake *intake, struct artifact *a) {
  const struct sort *sort = sort_of(a->bytes, a->size);
  if (!sort) return;
  unsigned outside = intake->unpacking ? intake->unpacking->depth : 0;
  a->encoding = ENCODING_BINARY;
  a->encoding_guessed = a->encoding_mixed = a->encoding_given = false;
  a->confidence = CONFIDENCE_CERTAIN;
  a->kind = "archive";
  if (outside && outside >= intake->limits.archive_depth)
    ledger_refuse(intake, a, DIAG_WARNING,
                  "an archive in %u others, deeper than the limit of %u (--max-archive-depth); "
                  "unpack the outer ones first",
                  outside, intake->limits.archive_depth);
  else if (sort->format == UNPACKER_ZIP_PIECE && sort->size)
    ledger_refuse(intake, a, DIAG_WARNING,
                  "a %s archive, which is not opened; hand over what is in it", sort->name);
  else
    open_archive(intake, a, sort);
  artifact_release(a);
}
