/* Archives that are read from their start to their end: tar, 7z, cabinets, and what
 * gzip, xz, bzip2 or zstd was put around. */
#include "bundle/archive_parts.h"

#include "base/text.h"
#include "bundle/zip_directory.h"

#include <string.h>

/* "web.log.gz" -> "web.log"; ".tgz" and ".taz" never get here, they hold a tar. */
static struct span name_inside(const struct artifact *archive) {
  static const char *const endings[] = {".gz", ".xz", ".bz2", ".zst", ".lzma"};
  const char *name = archive->named;
  for (const char *c = name; *c; c++)
    if (*c == '/' || *c == '!') name = c + 1;
  for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
    if (text_ends_nocase(name, endings[i]) && strlen(name) > strlen(endings[i]))
      return (struct span){name, strlen(name) - strlen(endings[i])};
  return span_of("data");
}

/* True, after refusing, when it must not be unpacked. */
static bool must_not_open(struct unpacking *u, struct artifact *a, const struct unpacker_entry *e) {
  if (e->kind == UNPACKER_LINK) {
    a->may_hold_more = true;
    char *target = text_printable(e->target, 200);
    member_refuse(u, a, e->hard ? DIAG_WARNING : DIAG_NOTE,
                  "a %s link to \"%s\", which is never followed", e->hard ? "hard" : "symbolic",
                  target);
    alloc_free(target);
  } else if (e->kind == UNPACKER_SPECIAL) {
    member_refuse(u, a, DIAG_NOTE, "a device, FIFO or socket, which is never opened");
  } else if (e->encrypted) {
    member_refuse(u, a, DIAG_WARNING, "it is encrypted; export it again without a password");
  } else {
    return member_over_limit(u, a, e->size);
  }
  return true;
}

static void open_entry(struct unpacking *u, struct unpacker *unpacker,
                       const struct unpacker_entry *e) {
  struct span inside = name_inside(u->archive);
  bool named = e->name[0] != '\0';
  struct member member = {.name = named ? e->name : inside.start,
                          .name_size = named ? strlen(e->name) : inside.size,
                          .utf8 = !named,
                          .size = e->size,
                          .modified = e->modified,
                          .has_modified = e->has_modified};
  if (named) names_learn(u, member.name, member.name_size);
  struct artifact *a = member_add(u, &member);
  if (!a || a->outcome == ARTIFACT_REFUSED || must_not_open(u, a, e))
    member_skip(u, unpacker);
  else
    member_keep(u, a, unpacker, e->size);
}

/* The start header of 7z (7zFormat.txt: 12 bytes, then 20 under the checksum at 8), which
 * libarchive does not hold against its checksum. */
static bool is_sound_7z(const struct unpacking *u) {
  const uint8_t *p = u->bytes + 8;
  if (u->size < 32) return false;
  uint32_t stated =
      (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
  return stated == zip_crc32(u->bytes + 12, 20);
}

void archive_stream_open(struct unpacking *u, enum unpacker_format format) {
  struct unpacker *unpacker = unpacker_open(format, u->bytes, u->size, NULL, 0, &u->damage);
  if (!unpacker) return;
  while (!unpacking_crowded(u) && !unpacking_stopped(u)) {
    struct unpacker_entry entry;
    enum unpacker_step step = unpacker_next(unpacker, &entry);
    if (step == UNPACKER_BROKEN) u->damage = unpacker_error(unpacker);
    if (step != UNPACKER_ENTRY) break;
    if (entry.kind == UNPACKER_FOLDER)
      member_skip(u, unpacker);
    else
      open_entry(u, unpacker, &entry);
  }
  unpacker_close(unpacker);
  if (!u->damage && format == UNPACKER_SEVENZIP && !is_sound_7z(u))
    u->damage = alloc_text("its start header does not fit its checksum");
}
