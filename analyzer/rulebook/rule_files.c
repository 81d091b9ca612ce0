/* Reading rule files, and finding them in folders. */
#include "rulebook/rule_files.h"

#include "base/map.h"
#include "base/system.h"
#include "base/text.h"
#include "base/xml_source.h"

#include <stdio.h>
#include <string.h>

enum { RULE_FILE_MOST = 16 * 1024 * 1024, FOLDER_DEPTH_MOST = 16, FOLDERS_ABOVE = 3 };

extern const struct embedded_file rule_files[];

struct rule_text {
  char *text;
  size_t size;
};

struct rule_files {
  struct map *texts; /* path -> struct rule_text */
};

struct rule_files *rule_files_new(void) {
  struct rule_files *files = alloc_bytes(sizeof *files);
  files->texts = map_new();
  return files;
}

void rule_files_free(struct rule_files *files) {
  if (!files) return;
  for (size_t i = 0; i < map_count(files->texts); i++) {
    struct rule_text *text = map_value(files->texts, i);
    alloc_free(text->text);
    alloc_free(text);
  }
  map_free(files->texts);
  alloc_free(files);
}

/* ---- Built in ---- */

const struct embedded_file *rule_files_builtin(const char *path) {
  for (const struct embedded_file *file = rule_files; file->path; file++)
    if (text_equal(file->path, path)) return file;
  return NULL;
}

void rule_files_each_builtin(const char *folder, const char *ending,
                             void (*tell)(void *data, const struct embedded_file *file),
                             void *data) {
  size_t size = strlen(folder);
  for (const struct embedded_file *file = rule_files; file->path; file++)
    if (text_starts(file->path, folder) && file->path[size] == '/' &&
        text_ends_nocase(file->path, ending))
      tell(data, file);
}

/* ---- Reading ---- */

const char *rule_files_text(const struct rule_files *files, const char *path, size_t *size) {
  const struct rule_text *text = map_get(files->texts, path);
  if (text) {
    *size = text->size;
    return text->text;
  }
  const struct embedded_file *builtin = rule_files_builtin(path);
  *size = builtin ? builtin->size : 0;
  return builtin ? builtin->text : NULL;
}

/* NULL and `error` when it cannot be read. A rule file may be a link: it is the user's own. */
static const struct rule_text *read_text(struct rule_files *files, const char *path,
                                         char error[128]) {
  struct rule_text *known = map_get(files->texts, path);
  if (known) return known;
  uint8_t *bytes;
  size_t size;
  char *whole = system_resolve(path);
  bool read = system_read(whole ? whole : path, RULE_FILE_MOST, &bytes, &size, error);
  alloc_free(whole);
  if (!read) return NULL;
  struct rule_text *text = alloc_bytes(sizeof *text);
  *text = (struct rule_text){(char *)bytes, size};
  *map_at(files->texts, path) = text;
  return text;
}

const char *rule_files_read(struct rule_files *files, const char *path, size_t *size,
                            struct diags *diags) {
  char error[128];
  const struct rule_text *text = read_text(files, path, error);
  if (!text) {
    diags_add(diags, DIAG_ERROR, path, 0, 0, "it cannot be read: %s", error);
    return NULL;
  }
  *size = text->size;
  return text->text;
}

char *rule_files_folder_of(const char *path) {
  const char *slash = strrchr(path, '/');
  if (!slash) return alloc_text(".");
  return alloc_text_n(path, slash == path ? 1 : (size_t)(slash - path));
}

static char *beside(const char *base, const char *href) {
  if (href[0] == '/') return alloc_text(href);
  char *folder = rule_files_folder_of(base);
  bool here = text_equal(folder, ".");
  char *path = here ? alloc_text(href) : alloc_format("%s/%s", folder, href);
  alloc_free(folder);
  return path;
}

char *rule_files_include(void *data, const char *base, const char *href, size_t *size,
                         char resolved[512]) {
  struct rule_files *files = data;
  char error[128];
  char *path = beside(base, href);
  bool from_disk = files && !rule_files_builtin(base) && strlen(path) < 512;
  const struct rule_text *own = from_disk ? read_text(files, path, error) : NULL;
  const struct embedded_file *builtin = from_disk ? NULL : rule_files_builtin(path);
  if (!own && !builtin) builtin = rule_files_builtin(href);
  if (own || builtin) snprintf(resolved, 512, "%s", own ? path : builtin->path);
  alloc_free(path);
  if (!own && !builtin) return NULL;
  *size = own ? own->size : builtin->size;
  return alloc_text_n(own ? own->text : builtin->text, *size);
}

/* ---- Finding ---- */

void rule_paths_dispose(struct rule_paths *paths) {
  for (size_t i = 0; i < paths->count; i++)
    alloc_free(paths->items[i]);
  alloc_free(paths->items);
  *paths = (struct rule_paths){0};
}

static enum system_kind kind_of(const char *path, bool follow) {
  struct system_status status;
  system_status(path, follow, &status);
  return status.kind;
}

static bool is_case_folder(const char *folder) {
  return text_equal(folder, "cases") || text_ends_nocase(folder, "/cases");
}

/* Adds the files below a folder that end in `ending`; `only_cases`: those in a folder "cases". */
static void walk(const char *folder, const char *ending, bool only_cases, unsigned depth,
                 struct rule_paths *out) {
  char **names, error[128];
  size_t count;
  if (depth > FOLDER_DEPTH_MOST || !system_list(folder, &names, &count, error)) return;
  for (size_t i = 0; i < count; i++) {
    char *path = alloc_format("%s/%s", folder, names[i]);
    enum system_kind kind = kind_of(path, false);
    bool wanted =
        kind == SYSTEM_FILE && text_ends_nocase(names[i], ending) &&
        (!only_cases || (is_case_folder(folder) && !text_equal_nocase(names[i], "stock.xml")));
    if (kind == SYSTEM_FOLDER) walk(path, ending, only_cases, depth + 1, out);
    if (wanted)
      ARRAY_PUSH(out->items, out->count, out->capacity) = path;
    else
      alloc_free(path);
  }
  system_list_free(names, count);
}

static void note_target(struct map *targets, const char *file, const char *href) {
  char *name = alloc_text_n(href, strcspn(href, "#"));
  char *path = beside(file, name);
  char *whole = system_resolve(path);
  if (whole) *map_at(targets, whole) = targets;
  alloc_free(whole);
  alloc_free(path);
  alloc_free(name);
}

static void note_includes(struct map *targets, const char *file, const xmlNode *node) {
  for (; node; node = node->next) {
    if (node->type != XML_ELEMENT_NODE) continue;
    const char *name = (const char *)node->name;
    bool refers = text_equal(name, "include") || text_equal(name, "extends");
    xmlChar *href = refers ? xmlGetNoNsProp(node, (const xmlChar *)"href") : NULL;
    if (href) note_target(targets, file, (const char *)href);
    xmlFree(href);
    note_includes(targets, file, node->children);
  }
}

/* What a file includes, as full paths. A file that is no XML includes nothing here;
 * loading it says what is wrong. */
static void add_targets(struct rule_files *files, const char *path, struct map *targets) {
  char error[128];
  const struct rule_text *text = read_text(files, path, error);
  struct xml_failure failure;
  xmlDoc *document =
      text ? xml_source_parse(text->text, text->size, &(struct xml_source_options){0}, &failure)
           : NULL;
  if (!document) return;
  note_includes(targets, path, xmlDocGetRootElement(document));
  xmlFreeDoc(document);
}

static bool is_target(const struct map *targets, const char *path) {
  char *whole = system_resolve(path);
  bool is = whole && map_get(targets, whole) != NULL;
  alloc_free(whole);
  return is;
}

static void find_in_folder(struct rule_files *files, const char *path, struct rule_paths *out) {
  struct rule_paths all = {0};
  struct map *targets = map_new();
  walk(path, ".sch", false, 0, &all);
  for (size_t i = 0; i < all.count; i++)
    add_targets(files, all.items[i], targets);
  for (size_t i = 0; i < all.count; i++)
    if (!is_target(targets, all.items[i]))
      ARRAY_PUSH(out->items, out->count, out->capacity) = alloc_text(all.items[i]);
  map_free(targets);
  rule_paths_dispose(&all);
}

bool rule_files_find(struct rule_files *files, const char *path, struct rule_paths *out,
                     struct diags *diags) {
  size_t before = out->count;
  switch (kind_of(path, true)) {
  case SYSTEM_FILE:
    ARRAY_PUSH(out->items, out->count, out->capacity) = alloc_text(path);
    return true;
  case SYSTEM_FOLDER:
    find_in_folder(files, path, out);
    if (out->count > before) return true;
    diags_add(diags, DIAG_ERROR, path, 0, 0, "there is no rule file (.sch) in this folder");
    return false;
  default:
    diags_add(diags, DIAG_ERROR, path, 0, 0, "there is no such rule file or folder");
    return false;
  }
}

/* A file in `folder` that includes `path`, itself not included by another there; NULL. */
static char *includer_in(struct rule_files *files, const char *folder, const char *path) {
  char **names, error[128];
  size_t count;
  char *found = NULL;
  if (!system_list(folder, &names, &count, error)) return NULL;
  for (size_t i = 0; i < count && !found; i++) {
    char *candidate = alloc_format("%s/%s", folder, names[i]);
    if (text_ends_nocase(names[i], ".sch") && kind_of(candidate, false) == SYSTEM_FILE) {
      struct map *targets = map_new();
      add_targets(files, candidate, targets);
      if (is_target(targets, path)) found = alloc_text(candidate);
      map_free(targets);
    }
    alloc_free(candidate);
  }
  system_list_free(names, count);
  return found;
}

/* Takes over `folder`. */
static char *folder_above(char *folder) {
  bool is_up = text_equal(folder, "..") || text_ends_nocase(folder, "/..");
  char *above = text_equal(folder, ".") ? alloc_text("..")
                : is_up                 ? alloc_format("%s/..", folder)
                                        : rule_files_folder_of(folder);
  alloc_free(folder);
  return above;
}

bool rule_files_find_whole(struct rule_files *files, const char *path, struct rule_paths *out,
                           struct diags *diags) {
  if (kind_of(path, true) != SYSTEM_FILE) return rule_files_find(files, path, out, diags);
  char *folder = rule_files_folder_of(path), *whole = NULL;
  for (unsigned i = 0; i <= FOLDERS_ABOVE && !whole; i++) {
    whole = includer_in(files, folder, path);
    folder = folder_above(folder);
  }
  alloc_free(folder);
  ARRAY_PUSH(out->items, out->count, out->capacity) = whole ? whole : alloc_text(path);
  return true;
}

void rule_files_find_cases(const char *path, struct rule_paths *out) {
  if (kind_of(path, true) == SYSTEM_FOLDER) {
    walk(path, ".xml", true, 0, out);
    return;
  }
  char *folder = rule_files_folder_of(path);
  char *cases = alloc_format("%s/cases", folder);
  walk(cases, ".xml", true, FOLDER_DEPTH_MOST, out);
  alloc_free(cases);
  alloc_free(folder);
}
