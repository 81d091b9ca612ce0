/* Which artifact belongs to which server: --host first, then the places that their paths
 * show (server_places.h), then the computer names that artifacts state. What fits no server
 * goes to none, and the ledger says so: evidence of two servers in one is a wrong verdict. */
#include "base/text.h"
#include "evidence/host_build.h"
#include "evidence/host_objects.h"
#include "evidence/path_names.h"
#include "evidence/server_places.h"

#include <string.h>

enum { HOSTS_MOST = 1000 };

/* NULL: there are too many. Good until the next one is made. */
static struct host_group *group_at(struct host_groups *groups, const char *name,
                                   const char *reason) {
  if (!groups->names) groups->names = map_new();
  char *upper = text_upper(name);
  size_t number = (size_t)(uintptr_t)map_get(groups->names, upper);
  if (number == 0 && groups->count < HOSTS_MOST) {
    struct host_group group = {.name = alloc_text(name), .name_reason = alloc_text(reason)};
    ARRAY_PUSH(groups->items, groups->count, groups->capacity) = group;
    number = groups->count;
    *map_at(groups->names, upper) = (void *)(uintptr_t)number;
  }
  alloc_free(upper);
  return number ? &groups->items[number - 1] : NULL;
}

static void own(struct artifact *artifact, const char *host, const char *why) {
  alloc_free(artifact->host);
  alloc_free(artifact->host_reason);
  artifact->host = alloc_text(host);
  artifact->host_reason = alloc_text(why);
}

static void give_to_none(struct readings *readings, struct reading *reading, const char *why) {
  struct artifact *artifact = reading->artifact;
  own(artifact, "", why);
  artifact->role = "unused";
  if (host_objects_of_exchange(reading->kind)) return; /* host_lending.c sees to it */
  diags_add(readings->diags, DIAG_WARNING, artifact->path, 0, 0,
            "it belongs to no server (%s); it was not used; --host NAME=GLOB can say whose it is",
            why);
}

static void give(struct host_group *group, struct readings *readings, struct reading *reading,
                 const char *why) {
  if (!group) {
    give_to_none(readings, reading, "there are more than 1,000 servers");
    return;
  }
  ARRAY_PUSH(group->readings, group->count, group->capacity) = reading;
  own(reading->artifact, group->name, why);
}

/* ---- --host ------------------------------------------------------------------ */

static const struct host_choice *chosen(const char *path, const struct host_choice *choices,
                                        size_t count) {
  for (size_t i = 0; i < count; i++)
    if (text_glob(choices[i].glob, path)) return &choices[i];
  return NULL;
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

/* The user's word counts; but files of two servers under one name are rarely meant. */
static void warn_of_several(struct map *stated, struct readings *readings,
                            const struct reading *reading, const char *host) {
  char *name = reading->only_mentioned ? NULL : short_name(reading);
  if (!name) return;
  void **place = map_at(stated, host);
  char *other = *place ? short_name(*place) : NULL;
  if (!*place)
    *place = (void *)reading;
  else if (!text_equal(name, other))
    diags_add(readings->diags, DIAG_WARNING, reading->artifact->path, 0, 0,
              "it states the computer name %.100s, %.200s states %.100s; --host %.100s takes both",
              reading->computer, ((const struct reading *)*place)->artifact->path,
              ((const struct reading *)*place)->computer, host);
  alloc_free(other);
  alloc_free(name);
}

static void group_by_choice(struct host_groups *groups, struct readings *readings,
                            const struct host_choice *choices, size_t count) {
  struct map *stated = map_new(); /* host -> the first reading that states a name */
  for (size_t i = 0; i < readings->count; i++) {
    struct reading *reading = &readings->items[i];
    const struct host_choice *choice = chosen(reading->artifact->path, choices, count);
    if (choice) {
      give(group_at(groups, choice->name, "--host"), readings, reading, "--host");
      warn_of_several(stated, readings, reading, choice->name);
    }
    if (!choice) give_to_none(readings, reading, "no --host fits it");
  }
  map_free(stated);
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
  char *place;  /* see server_places.h; "" for what belongs to none */
  char *label;  /* its last part */
  bool by_name; /* by the names of files */
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

/* Of a text of several commands, one may state the name for all; its readings stand side
 * by side. To be freed. */
static char *stated_by(const struct bucket *bucket, size_t number) {
  const struct artifact *artifact = bucket->readings[number]->artifact;
  char *name = short_name(bucket->readings[number]);
  for (size_t i = number; !name && i-- > 0 && bucket->readings[i]->artifact == artifact;)
    name = short_name(bucket->readings[i]);
  for (size_t i = number + 1;
       !name && i < bucket->count && bucket->readings[i]->artifact == artifact; i++)
    name = short_name(bucket->readings[i]);
  return name;
}

/* Several computer names in one place: each artifact by its own name, the others
 * by their neighbours'. */
static void split_by_computer(struct host_groups *groups, struct readings *readings,
                              const struct bucket *bucket) {
  struct map *folders = names_by_folder(bucket);
  for (size_t i = 0; i < bucket->count; i++) {
    struct reading *reading = bucket->readings[i];
    char *stated = stated_by(bucket, i), *folder = span_copy(path_folder(reading->artifact->path));
    const char *name = stated ? stated : map_get(folders, folder);
    if (name && *name) {
      char *reason = stated_in(map_get(bucket->computers, name));
      struct host_group *group = group_at(groups, name, reason);
      give(group, readings, reading,
           stated ? "it states this computer name" : "lies beside what states it");
      alloc_free(reason);
    } else {
      give_to_none(readings, reading, "several servers are here and it names none of them");
    }
    alloc_free(folder);
    alloc_free(stated);
  }
  for (size_t i = 0; i < map_count(folders); i++)
    alloc_free(map_value(folders, i));
  map_free(folders);
}

/* No artifact states a name: what collectors put into the names of files. */
static char *name_in_files(const struct bucket *bucket, char **reason) {
  for (size_t i = 0; i < bucket->count; i++) {
    const char *path = bucket->readings[i]->artifact->path;
    char *name = server_in_file_name(path);
    if (name) *reason = alloc_format("in the name of %s", path);
    if (name) return name;
  }
  return NULL;
}

/* What the server of a bucket is called, and why. A name that another bucket has, too,
 * is none: then it is called by its whole place. */
static char *bucket_name(const struct bucket *bucket, const struct map *taken, char **reason) {
  if (map_count(bucket->computers)) {
    const char *computer = map_key(bucket->computers, 0);
    if (!taken || (uintptr_t)map_get(taken, computer) < 2) {
      *reason = stated_in(map_value(bucket->computers, 0));
      return alloc_text(computer);
    }
  }
  char *name = server_place_name(bucket->place), *upper = text_upper(name);
  const char *sort = bucket->by_name ? "prefix" : "folder";
  if (taken && (uintptr_t)map_get(taken, upper) > 1 && *bucket->place) {
    alloc_free(name);
    name = alloc_text(bucket->place);
  }
  alloc_free(upper);
  char *in_files = *name ? NULL : name_in_files(bucket, reason);
  if (in_files) {
    alloc_free(name);
    return in_files;
  }
  *reason = *name ? alloc_format("%s %s", sort, bucket->label)
                  : alloc_text("no artifact states a computer name");
  return name;
}

static void take_whole(struct host_groups *groups, struct readings *readings,
                       const struct bucket *bucket, const struct map *taken) {
  char *reason = NULL, *name = bucket_name(bucket, taken, &reason);
  const char *why = !*bucket->place   ? "everything is one server"
                    : bucket->by_name ? "the name of the file"
                                      : "its folder";
  struct host_group *group = group_at(groups, name, reason);
  for (size_t i = 0; i < bucket->count; i++)
    give(group, readings, bucket->readings[i], why);
  alloc_free(reason);
  alloc_free(name);
}

/* ---- Places ----------------------------------------------------------------------- */

static struct bucket *bucket_at(struct map *buckets, const char *place, bool by_name) {
  char *key = text_lower(place);
  void **slot = map_at(buckets, key);
  if (!*slot) {
    struct bucket *bucket = alloc_bytes(sizeof *bucket);
    const char *last = place;
    for (const char *c = place; *c; c++)
      if (*c == '/' || (*c == '!' && c > place)) last = c + 1;
    *bucket = (struct bucket){.place = alloc_text(place),
                              .label = last == place ? NULL : alloc_text(last),
                              .by_name = by_name,
                              .computers = map_new()};
    if (!bucket->label) bucket->label = alloc_text(place);
    *slot = bucket;
  }
  alloc_free(key);
  return *slot;
}

static struct map *sort_into_buckets(const struct server_places *places,
                                     const struct readings *readings) {
  struct map *buckets = map_new();
  for (size_t i = 0; i < readings->count; i++) {
    struct reading *reading = &readings->items[i];
    bool by_name;
    char *place = server_places_of(places, reading->artifact->path, &by_name);
    bucket_add(bucket_at(buckets, place, by_name), reading);
    alloc_free(place);
  }
  return buckets;
}

static void free_buckets(struct map *buckets) {
  for (size_t i = 0; i < map_count(buckets); i++) {
    struct bucket *bucket = map_value(buckets, i);
    map_free(bucket->computers);
    alloc_free(bucket->readings);
    alloc_free(bucket->place);
    alloc_free(bucket->label);
    alloc_free(bucket);
  }
  map_free(buckets);
}

static void count_name(struct map *taken, const char *name) {
  void **place = map_at(taken, name);
  *place = (void *)((uintptr_t)*place + 1);
}

/* Two folders that state the same computer stay two: a state before and one after must
 * not be mixed. How many places claim a name: by what is stated in them, or their own. */
static struct map *names_taken(const struct map *buckets) {
  struct map *taken = map_new();
  for (size_t i = 0; i < map_count(buckets); i++) {
    const struct bucket *bucket = map_value(buckets, i);
    if (!*bucket->place) continue;
    char *own = server_place_name(bucket->place), *upper = text_upper(own);
    count_name(taken, upper);
    for (size_t j = 0; j < map_count(bucket->computers); j++)
      if (strcmp(map_key(bucket->computers, j), upper) != 0)
        count_name(taken, map_key(bucket->computers, j));
    alloc_free(upper);
    alloc_free(own);
  }
  return taken;
}

static void settle_bucket(struct host_groups *groups, struct readings *readings,
                          const struct map *buckets, const struct map *taken,
                          struct bucket *bucket) {
  bool several = map_count(buckets) > 1;
  if (map_count(bucket->computers) > 1 || (several && !*bucket->place)) {
    split_by_computer(groups, readings, bucket);
  } else {
    take_whole(groups, readings, bucket, several ? taken : NULL);
  }
}

/* What has no reading belongs to a server all the same: to the one that the readings of its
 * place went to, if it is one. */
static void give_the_rest(const struct host_groups *groups, const struct bundle *bundle,
                          const struct server_places *places, const struct map *buckets) {
  for (size_t i = 0; i < bundle->count; i++) {
    struct artifact *artifact = bundle->artifacts[i];
    bool read = artifact->outcome == ARTIFACT_READ || artifact->outcome == ARTIFACT_PARTLY_READ;
    if (read || *artifact->host_reason) continue;
    if (groups->count == 1) {
      own(artifact, groups->items[0].name, "everything is one server");
      continue;
    }
    bool by_name;
    char *place = server_places_of(places, artifact->path, &by_name), *key = text_lower(place);
    const struct bucket *bucket = *place ? map_get(buckets, key) : NULL;
    if (bucket && map_count(bucket->computers) <= 1)
      own(artifact, bucket->readings[0]->artifact->host,
          by_name ? "the name of the file" : "its folder");
    alloc_free(key);
    alloc_free(place);
  }
}

static void group_by_content(struct host_groups *groups, const struct bundle *bundle,
                             struct readings *readings) {
  struct server_places *places = server_places_make(bundle, readings);
  struct map *buckets = sort_into_buckets(places, readings), *taken = names_taken(buckets);
  /* Places first: what lies at the top may belong to one of their servers. */
  for (size_t i = 0; i < map_count(buckets); i++) {
    struct bucket *bucket = map_value(buckets, i);
    if (*bucket->place) settle_bucket(groups, readings, buckets, taken, bucket);
  }
  struct bucket *top = map_get(buckets, "");
  if (top) settle_bucket(groups, readings, buckets, taken, top);
  give_the_rest(groups, bundle, places, buckets);
  free_buckets(buckets);
  map_free(taken);
  server_places_free(places);
}

/* ---- Together ---------------------------------------------------------------------- */

static int by_number(const void *a, const void *b) {
  const struct reading *const *x = a, *const *y = b;
  uint32_t left = (*x)->artifact->number, right = (*y)->artifact->number;
  return left < right ? -1 : left > right;
}

static void give_the_rest_by_choice(const struct bundle *bundle, const struct host_choice *choices,
                                    size_t count) {
  for (size_t i = 0; i < bundle->count; i++) {
    struct artifact *artifact = bundle->artifacts[i];
    const struct host_choice *choice = chosen(artifact->path, choices, count);
    if (choice && !*artifact->host_reason) own(artifact, choice->name, "--host");
  }
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
  forget_mentioned(readings);
  if (choice_count > 0) {
    group_by_choice(&groups, readings, choices, choice_count);
    give_the_rest_by_choice(bundle, choices, choice_count);
    report_unused_choices(readings, choices, choice_count);
  } else if (readings->count > 0) {
    group_by_content(&groups, bundle, readings);
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
    alloc_free(groups->items[i].borrowed);
    doubt_dispose(&groups->items[i].server);
  }
  alloc_free(groups->items);
  map_free(groups->names);
  *groups = (struct host_groups){0};
}
