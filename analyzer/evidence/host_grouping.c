/* Which artifact belongs to which server: --host first, then the folders that
 * hold an applicationHost.config each or are named like servers (EX01, EX02; also
 * EX01_file.txt), then the computer names that artifacts state. What fits no server goes to none,
 * and the ledger says so. */
#include "base/text.h"
#include "evidence/host_build.h"
#include "evidence/path_names.h"
#include "evidence/server_families.h"

#include <string.h>

static struct host_group *group_at(struct host_groups *groups, const char *name,
                                   const char *reason) {
  for (size_t i = 0; i < groups->count; i++)
    if (text_equal_nocase(groups->items[i].name, name)) return &groups->items[i];
  struct host_group group = {.name = alloc_text(name), .name_reason = alloc_text(reason)};
  ARRAY_PUSH(groups->items, groups->count, groups->capacity) = group;
  return &groups->items[groups->count - 1];
}

static void give(struct host_group *group, struct reading *reading, const char *why) {
  ARRAY_PUSH(group->readings, group->count, group->capacity) = reading;
  struct artifact *artifact = reading->artifact;
  alloc_free(artifact->host);
  alloc_free(artifact->host_reason);
  artifact->host = alloc_text(group->name);
  artifact->host_reason = alloc_text(why);
}

static void give_to_none(struct readings *readings, struct reading *reading, const char *why) {
  struct artifact *artifact = reading->artifact;
  alloc_free(artifact->host);
  alloc_free(artifact->host_reason);
  artifact->host = alloc_text("");
  artifact->host_reason = alloc_text(why);
  artifact->role = "unused";
  diags_add(readings->diags, DIAG_WARNING, artifact->path, 0, 0,
            "it belongs to no server (%s); it was not used; --host NAME=GLOB can say whose it is",
            why);
}

/* ---- --host ------------------------------------------------------------------ */

static const struct host_choice *chosen(const char *path, const struct host_choice *choices,
                                        size_t count) {
  for (size_t i = 0; i < count; i++)
    if (text_glob(choices[i].glob, path)) return &choices[i];
  return NULL;
}

static void group_by_choice(struct host_groups *groups, struct readings *readings,
                            const struct host_choice *choices, size_t count) {
  for (size_t i = 0; i < readings->count; i++) {
    struct reading *reading = &readings->items[i];
    const struct host_choice *choice = chosen(reading->artifact->path, choices, count);
    if (choice)
      give(group_at(groups, choice->name, "--host"), reading, "--host");
    else
      give_to_none(readings, reading, "no --host fits it");
  }
}

/* ---- Computer names ------------------------------------------------------------ */

/* "ex01.contoso.com" -> "EX01"; NULL when the artifact states none. Caller frees. */
static char *short_name(const struct reading *reading) {
  if (!reading->computer || !*reading->computer) return NULL;
  struct span name = span_trim(span_of(reading->computer));
  const char *dot = memchr(name.start, '.', name.size);
  if (dot) name.size = (size_t)(dot - name.start);
  if (name.size == 0) return NULL;
  char *copy = span_copy(name), *upper = text_upper(copy);
  alloc_free(copy);
  return upper;
}

/* What an export of Exchange lists may be another server's than the one it came from, and what is
 * of the organization came by way of any: such names count where other artifacts state
 * them too, or where no artifact states any. */
static void forget_mentioned(struct readings *readings) {
  struct map *stated = map_new();
  for (size_t i = 0; i < readings->count; i++) {
    char *name = readings->items[i].only_mentioned ? NULL : short_name(&readings->items[i]);
    if (name) *map_at(stated, name) = stated;
    alloc_free(name);
  }
  for (size_t i = 0; i < readings->count; i++) {
    struct reading *reading = &readings->items[i];
    char *name = reading->only_mentioned ? short_name(reading) : NULL;
    if (name && map_count(stated) > 0 && !map_get(stated, name)) {
      alloc_free(reading->computer);
      reading->computer = NULL;
    }
    alloc_free(name);
  }
  map_free(stated);
}

/* A set of readings that may be one server: those of one folder, or all. */
struct bucket {
  char *folder; /* "" at the top */
  struct reading **readings;
  size_t count, capacity;
  struct map *computers; /* short name -> a reading that states it */
};

static void bucket_add(struct bucket *bucket, struct reading *reading) {
  ARRAY_PUSH(bucket->readings, bucket->count, bucket->capacity) = reading;
  char *name = short_name(reading);
  if (name) *map_at(bucket->computers, name) = reading;
  alloc_free(name);
}

/* folder -> the one computer that artifacts in it name; "" when they name several. */
static struct map *names_by_folder(const struct bucket *bucket) {
  struct map *folders = map_new();
  for (size_t i = 0; i < bucket->count; i++) {
    char *name = short_name(bucket->readings[i]);
    if (!name) continue;
    char *folder = span_copy(path_folder(bucket->readings[i]->artifact->path));
    void **place = map_at(folders, folder);
    if (*place && strcmp(*place, name) != 0) name[0] = '\0'; /* "" never equals: it stays */
    alloc_free(*place);
    *place = name;
    alloc_free(folder);
  }
  return folders;
}

static char *stated_in(const struct reading *reading) {
  return alloc_format("stated in %s", reading->artifact->path);
}

/* Several computer names in one place: each artifact by its own name, the others
 * by their neighbours'. */
static void split_by_computer(struct host_groups *groups, struct readings *readings,
                              const struct bucket *bucket) {
  struct map *folders = names_by_folder(bucket);
  for (size_t i = 0; i < bucket->count; i++) {
    struct reading *reading = bucket->readings[i];
    char *own = short_name(reading), *folder = span_copy(path_folder(reading->artifact->path));
    const char *name = own ? own : map_get(folders, folder);
    if (name && *name) {
      char *reason = stated_in(map_get(bucket->computers, name));
      struct host_group *group = group_at(groups, name, reason);
      give(group, reading, own ? "it states this computer name" : "lies beside what states it");
      alloc_free(reason);
    } else {
      give_to_none(readings, reading, "several servers are here and it names none of them");
    }
    alloc_free(folder);
    alloc_free(own);
  }
  for (size_t i = 0; i < map_count(folders); i++)
    alloc_free(map_value(folders, i));
  map_free(folders);
}

/* Of EX01_a.txt rather than EX01/a.txt. */
static bool is_prefix(const struct bucket *bucket) {
  const char *file = path_file(bucket->readings[0]->artifact->path);
  char *prefix = alloc_format("%s_", bucket->folder);
  bool starts = *bucket->folder && text_starts(file, prefix);
  alloc_free(prefix);
  return starts;
}

static void take_whole(struct host_groups *groups, const struct bucket *bucket, bool several) {
  const char *computer = map_count(bucket->computers) ? map_key(bucket->computers, 0) : NULL;
  char *reason;
  const char *name = computer;
  char *folder = path_server_name(bucket->folder);
  if (computer)
    reason = stated_in(map_value(bucket->computers, 0));
  else
    reason = *folder
                 ? alloc_format("%s %s", is_prefix(bucket) ? "prefix" : "folder", bucket->folder)
                 : alloc_text("no artifact states a computer name");
  if (!name) name = folder;
  struct host_group *group = group_at(groups, name, reason);
  for (size_t i = 0; i < bucket->count; i++)
    give(group, bucket->readings[i],
         several ? (is_prefix(bucket) ? "the prefix of its name" : "its folder")
                 : "everything is one server");
  alloc_free(reason);
  alloc_free(folder);
}

/* ---- Folders --------------------------------------------------------------------- */

static bool is_candidate(const struct reading *reading, bool live_place_only) {
  const char *path = reading->artifact->path;
  if (!text_equal(reading->kind, "application-host") || !path_is_application_host(path))
    return false;
  return live_place_only ? path_is_live_place(path) && !path_is_backup(path)
                         : !path_is_backup(path);
}

/* Do several folders hold an applicationHost.config each, under its own name and
 * not in a place of backups? One that lies in IIS's own place (inetsrv/config)
 * makes the others plain copies; one above all folders makes them copies of it. */
static bool folders_are_servers(const struct readings *readings, size_t skip) {
  struct map *folders = map_new();
  bool live_place = false;
  for (size_t i = 0; i < readings->count; i++)
    live_place = live_place || is_candidate(&readings->items[i], true);
  for (size_t i = 0; i < readings->count; i++) {
    const struct reading *reading = &readings->items[i];
    if (!is_candidate(reading, live_place)) continue;
    char *folder = span_copy(path_component(reading->artifact->path, skip));
    *map_at(folders, folder) = folders;
    alloc_free(folder);
  }
  bool several = map_count(folders) > 1 && !map_get(folders, "");
  map_free(folders);
  return several;
}

static struct bucket *bucket_at(struct map *buckets, const char *folder) {
  void **place = map_at(buckets, folder);
  if (!*place) {
    struct bucket *bucket = alloc_bytes(sizeof *bucket);
    bucket->folder = alloc_text(folder);
    bucket->computers = map_new();
    *place = bucket;
  }
  return *place;
}

/* Where it lies: in a server's folder, under a server's prefix, else "". Caller frees. */
static char *place_of(const struct map *families, const char *path, bool by_folder, size_t skip) {
  struct span folder = path_component(path, skip);
  if (by_folder && folder.size > 0) return span_copy(folder);
  char *own = server_part(path, skip);
  if (server_families_have(families, own)) return own;
  alloc_free(own);
  return alloc_text("");
}

static struct map *sort_into_buckets(const struct readings *readings, bool by_folder, size_t skip) {
  struct map *buckets = map_new(), *families = server_families_make(readings, skip);
  for (size_t i = 0; i < readings->count; i++) {
    struct reading *reading = &readings->items[i];
    char *folder = place_of(families, reading->artifact->path, by_folder, skip);
    bucket_add(bucket_at(buckets, folder), reading);
    alloc_free(folder);
  }
  server_families_free(families);
  return buckets;
}

static void free_buckets(struct map *buckets) {
  for (size_t i = 0; i < map_count(buckets); i++) {
    struct bucket *bucket = map_value(buckets, i);
    map_free(bucket->computers);
    alloc_free(bucket->readings);
    alloc_free(bucket->folder);
    alloc_free(bucket);
  }
  map_free(buckets);
}

/* Two folders that state the same computer stay two: a state before and one
 * after must not be mixed. Then both are called by their folders. */
static bool name_is_shared(const struct map *buckets, const struct bucket *bucket) {
  if (map_count(bucket->computers) != 1) return false;
  const char *name = map_key(bucket->computers, 0);
  for (size_t i = 0; i < map_count(buckets); i++) {
    const struct bucket *other = map_value(buckets, i);
    if (other == bucket || !*other->folder) continue;
    char *folder = path_server_name(other->folder);
    bool shared = map_get(other->computers, name) || text_equal_nocase(folder, name);
    alloc_free(folder);
    if (shared) return true;
  }
  return false;
}

static void settle_bucket(struct host_groups *groups, struct readings *readings,
                          const struct map *buckets, struct bucket *bucket) {
  bool several = map_count(buckets) > 1;
  if (several && (!*bucket->folder || map_count(bucket->computers) > 1)) {
    split_by_computer(groups, readings, bucket);
    return;
  }
  if (map_count(bucket->computers) > 1) {
    split_by_computer(groups, readings, bucket);
    return;
  }
  struct map *kept = bucket->computers, *none = NULL;
  if (several && name_is_shared(buckets, bucket)) bucket->computers = none = map_new();
  take_whole(groups, bucket, several);
  bucket->computers = kept;
  map_free(none);
}

static void group_by_content(struct host_groups *groups, struct readings *readings) {
  size_t skip = path_common_components(readings);
  bool by_folder = folders_are_servers(readings, skip);
  struct map *buckets = sort_into_buckets(readings, by_folder, skip);
  /* Folders first: what lies at the top may belong to one of their servers. */
  for (size_t i = 0; i < map_count(buckets); i++) {
    struct bucket *bucket = map_value(buckets, i);
    if (*bucket->folder) settle_bucket(groups, readings, buckets, bucket);
  }
  struct bucket *top = map_get(buckets, "");
  if (top) settle_bucket(groups, readings, buckets, top);
  free_buckets(buckets);
}

/* ---- Together ---------------------------------------------------------------------- */

static int by_number(const void *a, const void *b) {
  const struct reading *const *x = a, *const *y = b;
  uint32_t left = (*x)->artifact->number, right = (*y)->artifact->number;
  return left < right ? -1 : left > right;
}

static void report_unused_choices(struct readings *readings, const struct host_choice *choices,
                                  size_t count) {
  for (size_t i = 0; i < count; i++) {
    bool used = false;
    for (size_t j = 0; j < readings->count && !used; j++)
      used = chosen(readings->items[j].artifact->path, choices, count) == &choices[i];
    if (!used)
      diags_add(readings->diags, DIAG_WARNING, "", 0, 0, "--host %s=%s fits nothing in the bundle",
                choices[i].name, choices[i].glob);
  }
}

struct host_groups host_groups_make(struct bundle *bundle, struct readings *readings,
                                    const struct host_choice *choices, size_t choice_count) {
  struct host_groups groups = {0};
  (void)bundle;
  forget_mentioned(readings);
  if (choice_count > 0) {
    group_by_choice(&groups, readings, choices, choice_count);
    report_unused_choices(readings, choices, choice_count);
  } else if (readings->count > 0) {
    group_by_content(&groups, readings);
  }
  if (groups.count == 0) group_at(&groups, "", "nothing in the bundle names a server");
  for (size_t i = 0; i < groups.count; i++)
    if (groups.items[i].count > 1)
      qsort(groups.items[i].readings, groups.items[i].count, sizeof(struct reading *), by_number);
  return groups;
}

void host_groups_dispose(struct host_groups *groups) {
  for (size_t i = 0; i < groups->count; i++) {
    alloc_free(groups->items[i].name);
    alloc_free(groups->items[i].name_reason);
    alloc_free(groups->items[i].readings);
    doubt_dispose(&groups->items[i].server);
  }
  alloc_free(groups->items);
  *groups = (struct host_groups){0};
}
