/* Zip archives. The directory is our own reading (zip_directory.h); libarchive
 * unpacks one member after the other from memory. Where the directory is lost,
 * libarchive walks the local headers of what is left. */
#include "bundle/archive_parts.h"

#include "bundle/path.h"
#include "bundle/zip_directory.h"

#include <stdlib.h>

enum {
  MODE_KIND = 0170000, /* of a Unix mode, as zip stores it */
  MODE_LINK = 0120000,
  MODE_FILE = 0100000,
  MODE_FOLDER = 0040000,
};

/* A folder has no bytes of its own; one that does is taken for a file. */
static bool is_folder(const struct zip_member *m) {
  bool named =
      m->name_size && (m->name[m->name_size - 1] == '/' || m->name[m->name_size - 1] == '\\');
  return m->size == 0 && m->packed <= 2 && (named || (m->mode & MODE_KIND) == MODE_FOLDER);
}

static struct member member_of(const struct zip_member *m) {
  return (struct member){.name = m->name,
                         .name_size = m->name_size,
                         .utf8 = m->utf8,
                         .size = m->size,
                         .modified = m->modified,
                         .has_modified = m->has_modified};
}

/* True when the member must not be unpacked; then it is refused. What zip read
 * from a pipe is marked as a FIFO but has bytes: those are evidence like any. */
static bool must_not_open(struct unpacking *u, struct artifact *a, const struct zip_member *m) {
  unsigned kind = m->mode & MODE_KIND;
  a->may_hold_more = kind == MODE_LINK;
  if (m->encrypted)
    member_refuse(u, a, DIAG_WARNING, "it is encrypted; export it again without a password");
  else if (kind == MODE_LINK)
    member_refuse(u, a, DIAG_NOTE, "a symbolic link, which is never followed");
  else if (kind != 0 && kind != MODE_FILE && kind != MODE_FOLDER && m->size == 0)
    member_refuse(u, a, DIAG_NOTE, "a device, FIFO or socket, which is never opened");
  else if (unpacking_stopped(u))
    member_refuse(u, a, DIAG_WARNING,
                  "unpacking of the archive was stopped before it (--max-expansion)");
  else
    return false;
  return true;
}

/* --- with a directory ---------------------------------------------------- */

static void unpack_member(struct unpacking *u, struct artifact *a, const struct zip_member *m,
                          uint64_t start) {
  uint8_t header[ZIP_HEADER_SIZE];
  zip_make_header(m, header);
  char *why = NULL;
  struct unpacker *unpacker = unpacker_open(UNPACKER_ZIP_PIECE, header, sizeof header,
                                            u->bytes + start, (size_t)m->packed, &why);
  struct unpacker_entry entry;
  if (unpacker && unpacker_next(unpacker, &entry) == UNPACKER_ENTRY) {
    member_keep(u, a, unpacker, m->size);
  } else {
    if (unpacker) why = unpacker_error(unpacker);
    member_refuse(u, a, DIAG_WARNING, "%s", why);
  }
  alloc_free(why);
  unpacker_close(unpacker);
}

static void open_member(struct unpacking *u, struct artifact *a, const struct zip_member *m) {
  uint64_t start;
  bool same_name;
  if (!zip_data_start(u->bytes, u->size, m, &start, &same_name)) {
    member_refuse(u, a, DIAG_WARNING, "the archive is damaged where it should be");
    return;
  }
  if (!same_name) {
    ledger_note(a, "the archive names it differently in its directory (shown here) and in front "
                   "of its data");
    diags_add(&u->intake->bundle->diags, DIAG_WARNING, a->path, 0, 0,
              "the archive names it differently in its directory (shown here) and in front of "
              "its data");
  }
  if (!member_over_limit(u, a, m->size)) unpack_member(u, a, m, start);
}

/* Members in the order of their names, however the archive was packed. */
struct listed {
  char *path;
  const struct zip_member *member;
};

static int by_path(const void *a, const void *b) {
  const struct listed *left = a, *right = b;
  int order = path_compare(left->path, right->path);
  if (order) return order;
  return left->member < right->member ? -1 : left->member > right->member;
}

static void open_listed(struct unpacking *u, const struct zip_directory *directory) {
  struct listed *listed = alloc_array(directory->count + 1, sizeof *listed);
  size_t count = 0;
  for (size_t i = 0; i < directory->count; i++) {
    const struct zip_member *m = &directory->members[i];
    const char *unsafe;
    struct member member = member_of(m);
    if (!is_folder(m)) listed[count++] = (struct listed){member_path(u, &member, &unsafe), m};
  }
  if (count > 1) qsort(listed, count, sizeof *listed, by_path);
  for (size_t i = 0; i < count && !unpacking_crowded(u); i++) {
    const struct zip_member *m = listed[i].member;
    struct member member = member_of(m);
    struct artifact *a = member_add(u, &member);
    if (a && a->outcome != ARTIFACT_REFUSED && !must_not_open(u, a, m)) open_member(u, a, m);
  }
  for (size_t i = 0; i < count; i++)
    alloc_free(listed[i].path);
  alloc_free(listed);
}

/* --- without one --------------------------------------------------------- */

/* Whatever stands between two members, at most: a data descriptor. */
enum { HEADER_REACH = 64 };

static bool open_next(struct unpacking *u, struct unpacker *unpacker) {
  struct unpacker_entry entry;
  struct zip_member m;
  if (unpacker_next(unpacker, &entry) != UNPACKER_ENTRY) return false;
  int64_t at = unpacker_header_at(unpacker);
  if (at < 0 || !zip_local_read(u->bytes, u->size, (size_t)at, HEADER_REACH, &m)) return false;
  if (is_folder(&m)) return true;
  struct member member = member_of(&m);
  struct artifact *a = member_add(u, &member);
  if (!a || a->outcome == ARTIFACT_REFUSED || must_not_open(u, a, &m))
    member_skip(u, unpacker);
  else
    member_keep(u, a, unpacker, m.size);
  return true;
}

static void open_streamed(struct unpacking *u) {
  char *why = NULL;
  struct unpacker *unpacker = unpacker_open(UNPACKER_ZIP_PIECE, u->bytes, u->size, NULL, 0, &why);
  while (unpacker && !unpacking_crowded(u) && !unpacking_stopped(u) && open_next(u, unpacker))
    continue;
  unpacker_close(unpacker);
  alloc_free(why);
}

/* Folders are not on the ledger, so a few more records than artifacts are fine. */
static size_t members_most(const struct unpacking *u) {
  return 2 * (u->intake->limits.member_count + 1024);
}

void archive_zip_open(struct unpacking *u) {
  struct zip_directory directory;
  const char *damage = NULL;
  if (!zip_directory_read(u->bytes, u->size, members_most(u), &directory, &damage)) {
    open_streamed(u);
    u->damage = alloc_text(damage);
    return;
  }
  for (size_t i = 0; i < directory.count; i++)
    if (!directory.members[i].utf8)
      names_learn(u, directory.members[i].name, directory.members[i].name_size);
  if (directory.more)
    u->damage = alloc_format("its directory lists more than the %zu members that are looked at "
                             "(--max-members)",
                             directory.count);
  open_listed(u, &directory);
  zip_directory_dispose(&directory);
}
