/* The index: one pass over a host's readings, one over the whole ledger. */
#include "evidence/config_map_index.h"

#include "base/text.h"
#include "evidence/config_map_names.h"
#include "evidence/path_names.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_DRIVES = 64 };

struct bundle_file ambiguous_stem;

static bool is_web_config(const struct bundle_file *file) {
  const char *name = strrchr(file->key, '/');
  return strcmp(name ? name + 1 : file->key, "web.config") == 0;
}

/* ---- Collecting ------------------------------------------------------------------- */

static bool may_be_configuration(const char *path) {
  return text_ends_nocase(path, ".config");
}

static void add_files(struct bundle_index *index, const struct host_group *group) {
  for (size_t i = 0; i < group->count; i++) {
    struct reading *reading = group->readings[i];
    bool kind = text_equal(reading->kind, "web-config") ||
                text_equal(reading->kind, "machine-config") ||
                text_equal(reading->kind, "config-section");
    if (!kind && !may_be_configuration(reading->artifact->path)) continue;
    ARRAY_PUSH(index->files, index->count, index->capacity) =
        (struct bundle_file){.artifact = reading->artifact,
                             .reading = reading,
                             .key = bundle_key(reading->artifact->path)};
  }
}

/* Those that nobody could read: they are there, whatever they say. */
static void add_unread(struct bundle_index *index, const struct bundle *bundle) {
  for (size_t i = 0; i < bundle->count; i++) {
    struct artifact *artifact = bundle->artifacts[i];
    bool lost =
        artifact->outcome == ARTIFACT_REFUSED || artifact->outcome == ARTIFACT_NOT_RECOGNISED;
    if (!lost || !may_be_configuration(artifact->path)) continue;
    ARRAY_PUSH(index->files, index->count, index->capacity) =
        (struct bundle_file){.artifact = artifact, .key = bundle_key(artifact->path)};
  }
}

static int by_key(const void *a, const void *b) {
  const struct bundle_file *x = a, *y = b;
  int order = strcmp(x->key, y->key);
  if (order != 0) return order;
  return x->artifact->number < y->artifact->number ? -1 : x->artifact->number > y->artifact->number;
}

static bool same_bytes(const struct bundle_file *a, const struct bundle_file *b) {
  return *a->artifact->sha256 && strcmp(a->artifact->sha256, b->artifact->sha256) == 0;
}

/* ---- The ways to find them ---------------------------------------------------------- */

static void index_key(struct bundle_index *index, struct bundle_file *file) {
  void **place = map_at(index->by_key, file->key);
  struct bundle_file *first = *place;
  if (!first)
    *place = file;
  else if (!same_bytes(first, file))
    first->twice = true;
}

static void put_stem(struct bundle_index *index, const char *stem, struct bundle_file *file) {
  if (!*stem) return;
  void **place = map_at(index->stems, stem);
  if (!*place)
    *place = file;
  else if (*place != &ambiguous_stem && !same_bytes(*place, file))
    *place = &ambiguous_stem;
}

/* "EX01_Default Web Site" is also that of the site: collectors put the server in front. */
static void index_stem(struct bundle_index *index, struct bundle_file *file) {
  if (path_is_backup(file->artifact->path)) return;
  char *stem = flat_stem(path_file(file->artifact->path));
  put_stem(index, stem, file);
  const char *after = strchr(stem, '_');
  if (after) put_stem(index, after + 1, file);
  alloc_free(stem);
}

/* Where the part that ends at `end` begins. */
static const char *part_before(const char *key, const char *end) {
  while (end > key && end[-1] != '/')
    end--;
  return end;
}

/* The last two folder names; "" when the file lies less deep. */
static char *ending_of(const char *key) {
  const char *end = strrchr(key, '/');
  if (!end) return alloc_text("");
  const char *last = part_before(key, end);
  if (last == key) return alloc_text("");
  const char *start = part_before(key, last - 1);
  return alloc_text_n(start, (size_t)(end - start));
}

static void index_ending(struct bundle_index *index, struct bundle_file *file) {
  if (!is_web_config(file) || path_is_backup(file->artifact->path)) return;
  char *ending = ending_of(file->key);
  if (*ending) {
    void **place = map_at(index->endings, ending);
    file->same_end = *place;
    *place = file;
  }
  alloc_free(ending);
}

static bool has_drive(const struct bundle_index *index, const char *key, size_t size) {
  for (size_t i = 0; i < index->drive_count; i++)
    if (strlen(index->drives[i].key) == size && strncmp(index->drives[i].key, key, size) == 0)
      return true;
  return false;
}

static void index_drives(struct bundle_index *index, struct bundle_file *file) {
  for (const char *at = file->key; *at;) {
    size_t size = strcspn(at, "/");
    if (at[size] != '/') return;
    struct span name = {at, size};
    char letter = span_equal(name, "sites") ? '/' : drive_of(name);
    file->on_drive = file->on_drive || (letter && letter != '/');
    size_t whole = (size_t)(at - file->key) + size;
    if (letter && index->drive_count < MOST_DRIVES && !has_drive(index, file->key, whole))
      ARRAY_PUSH(index->drives, index->drive_count, index->drive_capacity) =
          (struct bundle_drive){letter, alloc_text_n(file->key, whole)};
    at += size + 1;
  }
}

/* Every folder above every file of the bundle. */
static void index_folders(struct bundle_index *index, const struct bundle *bundle) {
  index->folders = map_new();
  *map_at(index->folders, "") = index;
  for (size_t i = 0; i < bundle->count; i++) {
    char *key = bundle_key(bundle->artifacts[i]->path);
    for (char *slash = strrchr(key, '/'); slash; slash = strrchr(key, '/')) {
      *slash = '\0';
      void **place = map_at(index->folders, key);
      if (*place) break;
      *place = index;
    }
    alloc_free(key);
  }
}

void bundle_index_make(struct bundle_index *index, const struct bundle *bundle,
                       const struct host_group *group, bool folders) {
  *index = (struct bundle_index){.by_key = map_new(), .stems = map_new(), .endings = map_new()};
  add_files(index, group);
  add_unread(index, bundle);
  if (index->count > 1) qsort(index->files, index->count, sizeof *index->files, by_key);
  for (size_t i = 0; i < index->count; i++) {
    struct bundle_file *file = &index->files[i];
    index_key(index, file);
    index_stem(index, file);
    index_ending(index, file);
    index_drives(index, file);
  }
  if (folders) index_folders(index, bundle);
}

void bundle_index_dispose(struct bundle_index *index) {
  for (size_t i = 0; i < index->count; i++) {
    alloc_free(index->files[i].key);
    alloc_free(index->files[i].used_for);
  }
  for (size_t i = 0; i < index->drive_count; i++)
    alloc_free(index->drives[i].key);
  alloc_free(index->files);
  alloc_free(index->drives);
  map_free(index->by_key);
  map_free(index->folders);
  map_free(index->stems);
  map_free(index->endings);
  *index = (struct bundle_index){0};
}

/* ---- Look-ups ----------------------------------------------------------------------- */

struct bundle_file *bundle_file_in(const struct bundle_index *index, const char *folder,
                                   const char *name) {
  char *key = key_join(folder, name);
  struct bundle_file *file = map_get(index->by_key, key);
  alloc_free(key);
  return file;
}

size_t bundle_index_from(const struct bundle_index *index, const char *key) {
  size_t low = 0, high = index->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (strcmp(index->files[middle].key, key) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}
