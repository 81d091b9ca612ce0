/* Levels, paths and sections: where one can ask, and what is set where. */
#include "base/buffer.h"
#include "evidence/effective_parts.h"
#include "evidence/node.h"
#include "evidence/text_near.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

const char *config_file_state_word(enum config_file_state state) {
  static const char *const words[] = {"not in bundle", "found", "known not to exist", "damaged"};
  return words[state];
}

/* ---- Levels -------------------------------------------------------------------------- */

static const struct artifact *artifact_of(const struct configuration *configuration,
                                          const xmlNode *level) {
  uint32_t source = origin_of(level).source;
  bool known = configuration->bundle && source && source - 1 < configuration->bundle->count;
  return known ? configuration->bundle->artifacts[source - 1] : NULL;
}

static void add_machine(const struct configuration *configuration, struct effective_levels *levels,
                        const char *kind, enum level_kind level_kind, const char *path) {
  struct effective_level level = {.path = alloc_text(path),
                                  .key = alloc_text(""),
                                  .folder = alloc_text(""),
                                  .kind = level_kind,
                                  .state = CONFIG_NOT_IN_BUNDLE};
  for (const xmlNode *each = node_child(configuration->container, "level"); each;
       each = node_next(each, "level"))
    if (text_equal(node_get(each, "kind"), kind)) {
      const char *state = node_get(each, "state"), *folder = node_get(each, "folder");
      level.state = text_equal(state, "damaged")       ? CONFIG_DAMAGED
                    : text_equal(state, "none")        ? CONFIG_NONE
                    : text_equal(state, "notInBundle") ? CONFIG_NOT_IN_BUNDLE
                                                       : CONFIG_FOUND;
      if (level.state == CONFIG_FOUND || level.state == CONFIG_DAMAGED)
        level.artifact = artifact_of(configuration, each);
      alloc_free(level.folder);
      level.folder = alloc_text(folder ? folder : "");
      break;
    }
  ARRAY_PUSH(levels->items, levels->count, levels->capacity) = level;
}

static enum level_kind kind_of(const struct configuration *configuration, const char *key) {
  if (!strchr(key, '/')) return LEVEL_SITE;
  const struct config_place *place = config_place_at(configuration, key);
  if (place && place->application) return LEVEL_APPLICATION;
  return place && place->directory ? LEVEL_VIRTUAL_DIRECTORY : LEVEL_DIRECTORY;
}

/* The Windows folder of a level, by the site's own words. */
static char *folder_of(const struct configuration *configuration, const char *key) {
  size_t size = strcspn(key, "/");
  char *site = alloc_text_n(key, size);
  const struct config_place *place = config_place_at(configuration, site);
  alloc_free(site);
  if (!place || !place->site) return alloc_text("");
  struct level_place found = level_place_find(place->site, key);
  const char *path = found.directory ? node_get(found.directory, "physicalPath") : NULL;
  if (!path) return alloc_text("");
  struct buffer text = buffer_make(1 << 20);
  char *expanded = config_expand(path);
  buffer_add_text(&text, expanded);
  alloc_free(expanded);
  if (found.rest.size && text.size && text.data[text.size - 1] != '\\')
    buffer_add_char(&text, '\\');
  for (size_t i = 0; i < found.rest.size; i++)
    buffer_add_char(&text, found.rest.start[i] == '/' ? '\\' : found.rest.start[i]);
  return buffer_take(&text);
}

enum config_file_state effective_file_at(const struct configuration *configuration, const char *key,
                                         const struct artifact **artifact) {
  const struct config_level_file *file = map_get(configuration->files, key);
  enum config_file_state state = config_state_at(configuration, key);
  bool there = file && (state == CONFIG_FOUND || state == CONFIG_DAMAGED);
  *artifact = there ? artifact_of(configuration, file->level) : NULL;
  return state;
}

static void add_level(const struct configuration *configuration, struct effective_levels *levels,
                      const char *key) {
  struct effective_level level = {.path = config_display(configuration, key),
                                  .key = alloc_text(key),
                                  .folder = folder_of(configuration, key),
                                  .kind = kind_of(configuration, key),
                                  .ignored = config_ignored(configuration, key)};
  level.state = effective_file_at(configuration, key, &level.artifact);
  ARRAY_PUSH(levels->items, levels->count, levels->capacity) = level;
}

bool effective_has_levels(const struct configuration *configuration, const char *key) {
  return configuration->unknown_reason || config_path_exists(configuration, key);
}

struct effective_levels effective_levels_of(const struct configuration *configuration,
                                            const char *path) {
  struct effective_levels levels = {NULL, 0, 0};
  char *key = config_key(path);
  if (!effective_has_levels(configuration, key)) {
    alloc_free(key);
    return levels;
  }
  add_machine(configuration, &levels, "machine", LEVEL_MACHINE, "MACHINE");
  add_machine(configuration, &levels, "rootWeb", LEVEL_ROOT_WEB, "MACHINE/WEBROOT");
  add_machine(configuration, &levels, "server", LEVEL_SERVER, "MACHINE/WEBROOT/APPHOST");
  for (size_t i = 1, size = strlen(key); i <= size; i++) {
    if (key[i] != '/' && key[i] != '\0') continue;
    char kept = key[i];
    key[i] = '\0';
    add_level(configuration, &levels, key);
    key[i] = kept;
  }
  alloc_free(key);
  return levels;
}

void effective_levels_dispose(struct effective_levels *levels) {
  for (size_t i = 0; i < levels->count; i++) {
    alloc_free(levels->items[i].path);
    alloc_free(levels->items[i].key);
    alloc_free(levels->items[i].folder);
  }
  alloc_free(levels->items);
  *levels = (struct effective_levels){NULL, 0, 0};
}

/* ---- Paths and sections ------------------------------------------------------------------ */

bool effective_path_known(const struct configuration *configuration, const char *path,
                          char near[160]) {
  char *key = config_key(path);
  near[0] = '\0';
  bool known = config_path_exists(configuration, key);
  struct text_near nearest = text_near_start(key);
  for (size_t i = 0; !known && i < map_count(configuration->places); i++)
    if (config_path_exists(configuration, map_key(configuration->places, i)))
      text_near_try(&nearest, map_key(configuration->places, i));
  if (!known && nearest.best) {
    char *display = config_display(configuration, nearest.best);
    snprintf(near, 160, "%s", display);
    alloc_free(display);
  }
  alloc_free(key);
  return known;
}

bool effective_section_known(const struct configuration *configuration, const char *section,
                             char near[160]) {
  near[0] = '\0';
  if (iis_schema_section(configuration->schema, section)) return true;
  if (config_section_find(configuration, section)) return true;
  struct text_near nearest = text_near_start(section);
  for (size_t i = 0; i < iis_schema_section_count(configuration->schema); i++)
    text_near_try(&nearest, iis_schema_section_at(configuration->schema, i)->path);
  for (size_t i = 0; i < map_count(configuration->sections); i++)
    text_near_try(&nearest, map_key(configuration->sections, i));
  if (nearest.best) snprintf(near, 160, "%s", nearest.best);
  return false;
}

struct names {
  const char **items;
  size_t count, capacity;
};

static bool is_set(const struct configuration *configuration, const struct config_section *section,
                   const char *key, enum effective_view view) {
  struct config_chain chain;
  chain.unknown_keys = NULL;
  config_chain_fill(&chain, configuration, section, key, view, false);
  bool set = chain.count > 0;
  config_chain_dispose(&chain);
  return set;
}

const char **effective_sections_set(const struct configuration *configuration, const char *path,
                                    enum effective_view view, size_t *count) {
  struct names names = {NULL, 0, 0};
  char *key = config_key(path);
  for (size_t i = 0; i < iis_schema_section_count(configuration->schema); i++) {
    const char *name = iis_schema_section_at(configuration->schema, i)->path;
    const struct config_section *section = config_section_find(configuration, name);
    if (section && is_set(configuration, section, key, view))
      ARRAY_PUSH(names.items, names.count, names.capacity) = name;
  }
  for (size_t i = 0; i < map_count(configuration->sections); i++) {
    const struct config_section *section = map_value(configuration->sections, i);
    if (!section->schema && is_set(configuration, section, key, view))
      ARRAY_PUSH(names.items, names.count, names.capacity) = section->path;
  }
  alloc_free(key);
  *count = names.count;
  return names.items;
}

const char **effective_sections_known(const struct configuration *configuration, size_t *count) {
  struct names names = {NULL, 0, 0};
  for (size_t i = 0; i < iis_schema_section_count(configuration->schema); i++)
    ARRAY_PUSH(names.items, names.count, names.capacity) =
        iis_schema_section_at(configuration->schema, i)->path;
  for (size_t i = 0; i < map_count(configuration->sections); i++) {
    const struct config_section *section = map_value(configuration->sections, i);
    if (!section->schema) ARRAY_PUSH(names.items, names.count, names.capacity) = section->path;
  }
  *count = names.count;
  return names.items;
}

/* ---- What is set where ----------------------------------------------------------------------- */

static const xmlNode *section_after(const struct configuration *configuration,
                                    const xmlNode *section) {
  const xmlNode *level = section ? section->parent : node_child(configuration->container, "level");
  const xmlNode *next = section ? node_next(section, "section")
                        : level ? node_child(level, "section")
                                : NULL;
  while (level && !next) {
    level = node_next(level, "level");
    next = level ? node_child(level, "section") : NULL;
  }
  return next;
}

static const xmlNode *element_of(const xmlNode *section) {
  const xmlNode *node = section->children;
  while (node && (node->type != XML_ELEMENT_NODE || node->ns))
    node = node->next;
  return node;
}

bool effective_place_next(const struct configuration *configuration, size_t *position,
                          struct effective_place *place) {
  const xmlNode *section = (const xmlNode *)*position;
  do {
    section = section_after(configuration, section);
    if (!section) return false;
  } while (!element_of(section));
  *position = (size_t)(uintptr_t)section;
  const char *key = node_get(section->parent, "key");
  *place = (struct effective_place){.key = key ? key : "",
                                    .section = node_get(section, "path"),
                                    .element = element_of(section),
                                    .origin = origin_of(element_of(section)),
                                    .in_location =
                                        text_equal(node_get(section->parent, "kind"), "location")};
  return true;
}

const char *effective_iis_version(const struct configuration *configuration, const char **why) {
  *why = configuration->version_why;
  return configuration->version ? configuration->version : "10.0.1709";
}
