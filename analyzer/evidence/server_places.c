/* Which places of a bundle stand for a server. */
#include "evidence/server_places.h"

#include "base/map.h"
#include "base/text.h"
#include "evidence/path_names.h"
#include "evidence/server_names.h"

#include <string.h>

enum { LEVELS_MOST = 12 };

/* A folder or archive. */
struct node {
  struct node *parent;     /* NULL: the top */
  char *path;              /* its key: lower case; "" for the top */
  bool is_root;            /* an applicationHost.config belongs right here */
  bool roots_below;        /* here or below */
  unsigned children_roots; /* children of whom that is true */
  bool whole_below;        /* something of a server as a whole, here or below */
  bool splits;             /* its children are servers */
  bool splits_below;       /* here or below, folders are servers */
  bool in_family;          /* it is of a family of servers */
};

/* Names of one pattern in one folder. */
struct family {
  char *first;     /* the first name of it */
  bool several;    /* another one was seen */
  bool of_servers; /* one of them holds what only a server as a whole has */
};

struct server_places {
  struct map *nodes;    /* key of the folder -> struct node */
  struct map *families; /* key of the folder, '\n', pattern -> struct family */
  struct map *tokens;   /* the same of parts of the names of files, '\n' and their kind behind */
  struct map *by_token; /* those of them that are families, without the kind */
};

/* ---- Folders ------------------------------------------------------------------------ */

/* "a/b.zip!c" and "a/b.zip/c" are one key. */
static char *key_of(const char *path, size_t size) {
  char *copy = alloc_text_n(path, size), *key = text_lower(copy);
  alloc_free(copy);
  bool dotted = false;
  for (char *c = key; *c; c++) {
    if (*c == '!' && dotted) *c = '/';
    dotted = *c != '/' && (dotted || *c == '.');
  }
  return key;
}

static struct node *node_at(struct server_places *places, const char *path, size_t size,
                            struct node *parent) {
  char *key = key_of(path, size);
  void **place = map_at(places->nodes, key);
  if (!*place) {
    struct node *node = alloc_bytes(sizeof *node);
    *node = (struct node){.parent = parent, .path = key};
    *place = node;
  } else {
    alloc_free(key);
  }
  return *place;
}

/* Walks down the folders of a path: the deepest that is looked at. */
static struct node *walk(struct server_places *places, const char *path) {
  struct node *node = node_at(places, "", 0, NULL);
  for (size_t level = 0; level < LEVELS_MOST; level++) {
    struct span part = path_component(path, level);
    if (part.size == 0) break;
    node = node_at(places, path, (size_t)(part.start - path) + part.size, node);
  }
  return node;
}

/* ---- applicationHost.config ----------------------------------------------------------- */

static bool is_drive(const char *name) {
  static const char *const endings[] = {"", ":", "%3a", "_", "\\x3a"};
  for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
    if (name[0] >= 'a' && name[0] <= 'z' && strcmp(name + 1, endings[i]) == 0) return true;
  return false;
}

static const char *last_part(const struct node *node) {
  const char *slash = strrchr(node->path, '/');
  return slash ? slash + 1 : node->path;
}

static bool is_called(const struct node *node, const char *a, const char *b) {
  const char *name = last_part(node);
  return node->parent && (strcmp(name, a) == 0 || (b && strcmp(name, b) == 0));
}

/* Velociraptor: the ways it read a disk by, of one server. */
static bool is_accessor(const struct node *node) {
  static const char *const names[] = {"auto", "ntfs", "lazy_ntfs", "file", "mft"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (is_called(node, names[i], NULL)) return true;
  return false;
}

/* From [drive/][windows/][system32/]inetsrv/config up to where the server begins. */
static struct node *server_root(struct node *folder) {
  if (!is_called(folder, "config", NULL) || !is_called(folder->parent, "inetsrv", NULL))
    return folder;
  struct node *node = folder->parent->parent;
  if (is_called(node, "system32", "sysnative")) node = node->parent;
  if (is_called(node, "windows", NULL)) node = node->parent;
  if (node->parent && is_drive(last_part(node))) node = node->parent;
  if (is_accessor(node)) node = node->parent;
  return node;
}

static bool is_root_above(const struct node *node) {
  for (node = node->parent; node; node = node->parent)
    if (node->is_root) return true;
  return false;
}

static void mark_roots_above(struct node *node) {
  for (; node && !node->roots_below; node = node->parent) {
    node->roots_below = true;
    if (node->parent) node->parent->children_roots++;
  }
}

/* A copy below another's folder is no server of its own. */
static void settle_roots(struct server_places *places) {
  for (size_t i = 0; i < map_count(places->nodes); i++) {
    struct node *node = map_value(places->nodes, i);
    if (node->is_root && !is_root_above(node)) mark_roots_above(node);
  }
  for (size_t i = 0; i < map_count(places->nodes); i++) {
    struct node *node = map_value(places->nodes, i);
    node->splits = node->children_roots > 1 && !node->is_root && !is_root_above(node);
  }
}

/* ---- Families ---------------------------------------------------------------------------- */

/* What is collected of a server as a whole: all but single files and the logs of sites. */
static bool is_of_whole_server(const char *kind) {
  static const char *const others[] = {"",           "web-config", "config-section",
                                       "exe-config", "clixml",     "certificate-file",
                                       "iis-schema", "w3c-log",    "machine-config"};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    if (text_equal(kind, others[i])) return false;
  return true;
}

static struct family *family_at(struct map *families, const struct node *folder, const char *name,
                                const char *kind, bool make) {
  char *pattern = server_name_pattern(name);
  char *key = alloc_format("%s\n%s%s%s", folder->path, pattern, *kind ? "\n" : "", kind);
  void **place = make ? map_at(families, key) : NULL;
  struct family *family = make ? *place : map_get(families, key);
  if (make && !family) *place = family = alloc_bytes(sizeof *family);
  alloc_free(key);
  alloc_free(pattern);
  return family;
}

static void add_name(struct map *families, const struct node *folder, const char *name,
                     const char *kind, bool of_servers) {
  struct family *family = family_at(families, folder, name, kind, true);
  if (!family->first)
    family->first = alloc_text(name);
  else if (strcmp(family->first, name) != 0)
    family->several = true;
  family->of_servers = family->of_servers || of_servers;
}

/* What stands in front of the first '_'; NULL when there is none that looks like a server. */
static char *prefix_of(const char *path) {
  const char *file = path_file(path), *mark = strchr(file, '_');
  return mark ? server_name_of((struct span){file, (size_t)(mark - file)}) : NULL;
}

/* The first part of a file's name that looks like a server; NULL when none does, or it
 * has no other part. */
static char *token_of(const char *path) {
  const char *at = path_file(path), *end = strrchr(at, '.');
  if (!end) end = at + strlen(at);
  if (strcspn(at, "_-. ") >= (size_t)(end - at)) return NULL;
  while (at < end) {
    size_t size = strcspn(at, "_-. ");
    if (at + size > end) size = (size_t)(end - at);
    char *name = size > 1 ? server_name_of((struct span){at, size}) : NULL;
    if (name) return name;
    at += size + 1;
  }
  return NULL;
}

static void add_file(struct server_places *places, const char *path, const char *kind) {
  struct node *folder = walk(places, path);
  bool whole = is_of_whole_server(kind) || path_is_application_host(path);
  if (path_is_application_host(path)) server_root(folder)->is_root = true;
  for (struct node *node = folder; node && whole && !node->whole_below; node = node->parent)
    node->whole_below = true;
  char *prefix = prefix_of(path), *token = token_of(path);
  if (prefix) add_name(places->families, folder, prefix, "", whole);
  if (token && whole) add_name(places->tokens, folder, token, kind, true);
  alloc_free(prefix);
  alloc_free(token);
}

static void add_folder_names(struct server_places *places) {
  for (size_t i = 0; i < map_count(places->nodes); i++) {
    const struct node *node = map_value(places->nodes, i);
    char *name = node->parent ? server_name_of(span_of(last_part(node))) : NULL;
    if (name) add_name(places->families, node->parent, name, "", node->whole_below);
    alloc_free(name);
  }
}

static bool is_family(const struct family *family) {
  return family && family->several && family->of_servers;
}

static void mark_split(struct node *node) {
  for (; node && !node->splits_below; node = node->parent)
    node->splits_below = true;
}

static void settle_families(struct server_places *places) {
  for (size_t i = 0; i < map_count(places->nodes); i++) {
    struct node *node = map_value(places->nodes, i);
    char *name = node->parent ? server_name_of(span_of(last_part(node))) : NULL;
    node->in_family = name && is_family(family_at(places->families, node->parent, name, "", false));
    alloc_free(name);
  }
  for (size_t i = 0; i < map_count(places->nodes); i++) {
    struct node *node = map_value(places->nodes, i);
    if (node->splits) mark_split(node);
    if (node->in_family) mark_split(node->parent);
  }
  for (size_t i = 0; i < map_count(places->tokens); i++) {
    if (!is_family(map_value(places->tokens, i))) continue;
    const char *key = map_key(places->tokens, i);
    char *plain = alloc_text_n(key, (size_t)(strrchr(key, '\n') - key));
    *map_at(places->by_token, plain) = map_value(places->tokens, i);
    alloc_free(plain);
  }
}

/* ---- Public --------------------------------------------------------------------------------- */

struct server_places *server_places_make(const struct bundle *bundle,
                                         const struct readings *readings) {
  struct server_places *places = alloc_bytes(sizeof *places);
  *places = (struct server_places){
      .nodes = map_new(), .families = map_new(), .tokens = map_new(), .by_token = map_new()};
  (void)walk(places, "");
  for (size_t i = 0; i < readings->count; i++) {
    const struct reading *reading = &readings->items[i];
    if (!path_is_backup(reading->artifact->path))
      add_file(places, reading->artifact->path, reading->kind);
  }
  for (size_t i = 0; i < bundle->count; i++) {
    const struct artifact *artifact = bundle->artifacts[i];
    bool lost =
        artifact->outcome == ARTIFACT_REFUSED || artifact->outcome == ARTIFACT_NOT_RECOGNISED;
    if (lost && !path_is_backup(artifact->path)) add_file(places, artifact->path, "");
  }
  settle_roots(places);
  add_folder_names(places);
  settle_families(places);
  return places;
}

/* A folder is a place when its parent splits or it is of a family, and nothing below it
 * is split again. */
static bool is_place(const struct node *node) {
  if (!node->parent || node->splits_below) return false;
  return node->in_family || (node->parent->splits && (node->roots_below || node->whole_below));
}

static char *by_file_name(const struct server_places *places, const struct node *folder,
                          const char *path, size_t folder_size) {
  char *name = prefix_of(path);
  bool found = name && is_family(family_at(places->families, folder, name, "", false));
  if (!found) {
    alloc_free(name);
    name = token_of(path);
    found = name && family_at(places->by_token, folder, name, "", false);
  }
  char *place = NULL;
  if (found) place = alloc_format("%.*s%s%s", (int)folder_size, path, folder_size ? "/" : "", name);
  alloc_free(name);
  return place;
}

char *server_places_of(const struct server_places *places, const char *path, bool *by_name) {
  const struct node *folder = map_get(places->nodes, ""), *deepest = folder;
  size_t size = 0, folder_size = 0;
  *by_name = false;
  for (size_t level = 0; level < LEVELS_MOST; level++) {
    struct span part = path_component(path, level);
    if (part.size == 0) break;
    size_t end = (size_t)(part.start - path) + part.size;
    char *key = key_of(path, end);
    const struct node *node = map_get(places->nodes, key);
    alloc_free(key);
    if (!node) break;
    if (is_place(node)) size = end;
    deepest = node, folder_size = end;
  }
  if (size) return alloc_text_n(path, size);
  char *place = by_file_name(places, deepest, path, folder_size);
  *by_name = place != NULL;
  return place ? place : alloc_text("");
}

static void free_families(struct map *families) {
  for (size_t i = 0; i < map_count(families); i++) {
    struct family *family = map_value(families, i);
    alloc_free(family->first);
    alloc_free(family);
  }
  map_free(families);
}

void server_places_free(struct server_places *places) {
  for (size_t i = 0; i < map_count(places->nodes); i++) {
    struct node *node = map_value(places->nodes, i);
    alloc_free(node->path);
    alloc_free(node);
  }
  map_free(places->nodes);
  free_families(places->families);
  free_families(places->tokens);
  map_free(places->by_token);
  alloc_free(places);
}

char *server_place_name(const char *place) {
  const char *last = place;
  for (const char *c = place; *c; c++)
    if (*c == '/' || (*c == '!' && c > place)) last = c + 1;
  char *name = server_name_of(span_of(last));
  if (name) {
    bool same = text_equal_nocase(name, last);
    if (same) alloc_free(name);
    return same ? alloc_text(last) : name;
  }
  return span_copy(archive_stem(span_of(last)));
}

/* What people put in front of a file's name for other ends than to name its server. */
static bool is_common_word(struct span name) {
  static const char *const words[] = {
      "iis",    "config", "configuration", "inetsrv", "web",     "site",     "server", "backup",
      "bak",    "copy",   "old",           "new",     "current", "original", "orig",   "default",
      "before", "after",  "test",          "dev",     "prod",    "live",     "build",  "export",
      "sample", "broken", "healthy",       "good",    "bad",     "temp",     "tmp",    "my"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (span_equal_nocase(name, words[i])) return true;
  return false;
}

/* What Windows lets a computer be called, but for common words. */
static bool may_be_name(struct span name) {
  enum { NETBIOS_MOST = 15 };
  if (name.size == 0 || name.size > NETBIOS_MOST || is_common_word(name)) return false;
  for (size_t i = 0; i < name.size; i++) {
    char c = name.start[i];
    bool good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                (c == '-' && i > 0);
    if (!good) return false;
  }
  return true;
}

char *server_in_file_name(const char *path) {
  static const char *const endings[] = {
      "_applicationHost.config",   "_machine.config",           "_GCM.txt",
      "_Web_App_IDs.txt",          "_TLS_RegistrySettings.reg", "_TLS_RegistrySettings.xml",
      "_TLS_RegistrySettings.txt", "_ExchangeServer.xml"};
  const char *file = path_file(path);
  struct span name = {file, 0};
  for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
    if (text_ends_nocase(file, endings[i])) name.size = strlen(file) - strlen(endings[i]);
  if (text_starts_nocase(file, "HealthChecker-")) {
    name.start += strlen("HealthChecker-");
    const char *last = strrchr(name.start, '-');
    name.size = last ? (size_t)(last - name.start) : 0;
  }
  if (name.size == 0 || name.size > 63) return NULL;
  const char *dot = memchr(name.start, '.', name.size);
  if (dot) name.size = (size_t)(dot - name.start);
  if (!may_be_name(name)) return NULL;
  char *copy = span_copy(name), *upper = text_upper(copy);
  alloc_free(copy);
  return upper;
}
