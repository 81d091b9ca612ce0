/* From paths on the disk to artifacts: files, folders, and what must not be opened. */
#include "bundle/intake.h"

#include "base/buffer.h"
#include "base/system.h"
#include "base/text.h"
#include "bundle/archive.h"
#include "bundle/path.h"

#include <string.h>

/* What an origin can name (base/origin.h: 20 bits, 0 is nowhere). */
enum { ARTIFACTS_MOST = (1 << 20) - 2 };

/* A place on the disk, and how the ledger calls it. */
struct place {
  const char *disk, *shown;
  unsigned depth;        /* of a folder below the argument: 1 for the argument itself */
  enum diag_level level; /* of a refusal: an error for what the user named */
};

/* It is for its members to be measured one by one. */
static bool is_archive(const char *path) {
  uint8_t start[512];
  return archive_is_one(start, system_peek(path, start, sizeof start));
}

/* Archives larger than one file may be are not copied into memory. */
static void read_large(struct intake *intake, const struct place *place,
                       struct artifact *artifact) {
  uint64_t left = intake->limits.total_size - intake->total;
  uint8_t *bytes;
  size_t size;
  char error[128];
  if (!system_map(place->disk, left, &bytes, &size, error)) {
    ledger_refuse(intake, artifact, place->level, "it cannot be read: %s", error);
    return;
  }
  artifact->mapped = true;
  ledger_fill(intake, artifact, bytes, size);
  archive_open(intake, artifact);
  if (artifact->outcome != ARTIFACT_UNREAD) return;
  artifact_release(artifact);
  ledger_refuse(intake, artifact, place->level, "it changed while it was being read");
}

static void read_ordinary(struct intake *intake, const struct place *place,
                          struct artifact *artifact) {
  uint64_t left = intake->limits.total_size - intake->total;
  uint64_t most = left < intake->limits.artifact_size ? left : intake->limits.artifact_size;
  uint8_t *bytes;
  size_t size;
  char error[128];
  if (!system_read(place->disk, most, &bytes, &size, error)) {
    ledger_refuse(intake, artifact, place->level, "it cannot be read: %s", error);
    return;
  }
  ledger_fill(intake, artifact, bytes, size);
  archive_open(intake, artifact);
  ledger_take(intake, artifact);
}

static void read_file(struct intake *intake, const struct place *place,
                      const struct system_status *status) {
  struct artifact *artifact = ledger_add(intake, place->shown);
  if (!artifact) return;
  artifact->size = (size_t)status->size;
  artifact->modified = status->modified;
  artifact->has_modified = true;
  if (artifact->outcome == ARTIFACT_REFUSED) return; /* its path is too long */
  const struct bundle_limits *limits = &intake->limits;
  if (status->size > limits->artifact_size && status->size <= limits->total_size - intake->total &&
      is_archive(place->disk))
    read_large(intake, place, artifact);
  else if (!ledger_over_limit(intake, artifact, status->size))
    read_ordinary(intake, place, artifact);
}

static void refuse_place(struct intake *intake, const struct place *place, enum diag_level level,
                         const char *reason) {
  struct artifact *artifact = ledger_add(intake, place->shown);
  if (artifact) artifact->may_hold_more = true;
  if (artifact && artifact->outcome != ARTIFACT_REFUSED)
    ledger_refuse(intake, artifact, level, "%s", reason);
}

static void take(struct intake *intake, const struct place *place,
                 const struct system_status *status);

static void take_below(struct intake *intake, const struct place *folder, const char *name) {
  char *disk = text_joined(folder->disk, "/", name);
  char *plain = path_name(name);
  char *shown = path_join(folder->shown, plain);
  struct system_status status;
  system_status(disk, false, &status);
  struct place place = {disk, shown, folder->depth + 1, DIAG_WARNING};
  take(intake, &place, &status);
  alloc_free(shown);
  alloc_free(plain);
  alloc_free(disk);
}

/* The ledger names the argument itself when it is refused. */
static struct place named(const struct place *folder) {
  struct place place = *folder;
  if (place.shown[0] == '\0') place.shown = "(the folder itself)";
  return place;
}

static void walk(struct intake *intake, const struct place *folder) {
  struct place shown = named(folder);
  if (folder->depth > intake->limits.folder_depth) {
    char *reason = alloc_format("a folder below the limit of %u levels (--max-folder-depth)",
                                intake->limits.folder_depth);
    refuse_place(intake, &shown, DIAG_WARNING, reason);
    alloc_free(reason);
    return;
  }
  char **names, error[128];
  size_t count;
  if (!system_list(folder->disk, &names, &count, error)) {
    char *reason = alloc_format("the folder cannot be read: %s", error);
    refuse_place(intake, &shown, folder->level, reason);
    alloc_free(reason);
    return;
  }
  for (size_t i = 0; i < count && !intake->full; i++)
    take_below(intake, folder, names[i]);
  system_list_free(names, count);
}

static void take(struct intake *intake, const struct place *place,
                 const struct system_status *status) {
  switch (status->kind) {
  case SYSTEM_FILE:
    read_file(intake, place, status);
    return;
  case SYSTEM_FOLDER:
    walk(intake, place);
    return;
  case SYSTEM_LINK:
    refuse_place(intake, place, DIAG_NOTE, "a symbolic link, which is never followed");
    return;
  case SYSTEM_SPECIAL:
    refuse_place(intake, place, place->level == DIAG_ERROR ? DIAG_ERROR : DIAG_NOTE,
                 "a device, FIFO or socket, which is never opened");
    return;
  case SYSTEM_MISSING:
    refuse_place(intake, place, place->level, status->error);
    return;
  }
}

/* How an argument is called: its last part, "." and its like by their real name. */
static char *argument_name(const char *path) {
  char *name = path_last_part(path);
  if (name[0]) return name;
  alloc_free(name);
  char *real = system_resolve(path);
  name = path_last_part(real ? real : "");
  alloc_free(real);
  if (name[0]) return name;
  alloc_free(name);
  return alloc_text("bundle");
}

static void take_folder(struct intake *intake, struct place *place, bool alone) {
  size_t before = intake->bundle->count;
  char *prefix = alone ? alloc_text("") : ledger_unique(intake, alloc_text(place->shown));
  struct place folder = *place;
  folder.shown = prefix;
  walk(intake, &folder);
  if (intake->bundle->count == before && !intake->full)
    diags_add(&intake->bundle->diags, DIAG_WARNING, place->shown, 0, 0,
              "the folder holds no files; nothing was read from it");
  alloc_free(prefix);
}

/* A link that the user named is followed, by reading what it leads to. */
static void take_argument(struct intake *intake, const char *path, const char *name, bool alone) {
  struct system_status status;
  system_status(path, true, &status);
  if (status.kind == SYSTEM_MISSING) {
    char *shown = path_name(path);
    diags_add(&intake->bundle->diags, DIAG_ERROR, shown, 0, 0,
              "cannot be opened: %s; it is not part of this report", status.error);
    intake->bundle->incomplete = true;
    alloc_free(shown);
    return;
  }
  char *real = system_resolve(path);
  struct place place = {real ? real : path, name, 1, DIAG_ERROR};
  if (status.kind == SYSTEM_FOLDER)
    take_folder(intake, &place, alone);
  else
    take(intake, &place, &status);
  alloc_free(real);
}

struct bundle *bundle_open_with(const char *const *paths, size_t count,
                                const struct bundle_options *options) {
  struct intake intake = {.bundle = alloc_bytes(sizeof(struct bundle)),
                          .limits = options->limits ? *options->limits : bundle_default_limits,
                          .options = options,
                          .names = map_new()};
  if (intake.limits.artifact_count > ARTIFACTS_MOST) intake.limits.artifact_count = ARTIFACTS_MOST;
  if (intake.limits.name_length > BUNDLE_NAME_MOST) intake.limits.name_length = BUNDLE_NAME_MOST;
  char *joined = alloc_text("");
  for (size_t i = 0; i < count; i++) {
    char *name = argument_name(paths[i]);
    char *longer = i ? alloc_format("%s, %s", joined, name) : alloc_text(name);
    alloc_free(joined);
    joined = longer;
    if (!intake.full) take_argument(&intake, paths[i], name, count == 1);
    alloc_free(name);
  }
  intake.bundle->name = joined;
  map_free(intake.names);
  return intake.bundle;
}

struct bundle *bundle_open(const char *const *paths, size_t count,
                           const struct bundle_limits *limits) {
  return bundle_open_with(paths, count, &(struct bundle_options){.limits = limits});
}
