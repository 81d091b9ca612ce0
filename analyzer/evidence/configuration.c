/* The index over the evidence's <configuration>: sections, levels, files. */
#include "evidence/configuration.h"

#include "base/text.h"
#include "evidence/config_engine.h"
#include "evidence/node.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static enum override_mode mode_of(const char *word) {
  if (text_equal_nocase(word, "Allow")) return MODE_ALLOW;
  return text_equal_nocase(word, "Deny") ? MODE_DENY : MODE_INHERIT;
}

/* What <level kind> and <location in> say of the file. */
static enum config_file_kind file_kind(const char *word) {
  if (text_equal(word, "machine")) return CONFIG_MACHINE;
  if (text_equal(word, "rootWeb")) return CONFIG_ROOT_WEB;
  return text_equal(word, "webConfig") ? CONFIG_WEB : CONFIG_APPLICATION_HOST;
}

static enum config_file_kind kind_of_level(const xmlNode *level) {
  const char *kind = node_get(level, "kind");
  return file_kind(text_equal(kind, "location") ? node_get(level, "in") : kind);
}

static const char *or_empty(const char *text) {
  return text ? text : "";
}

/* ---- Sections ------------------------------------------------------------------- */

static bool has_collection(const struct schema_element *element) {
  if (element->collection) return true;
  for (size_t i = 0; i < element->child_count; i++)
    if (has_collection(element->children[i])) return true;
  return false;
}

static struct config_section *section_at(struct configuration *configuration, const char *path) {
  void **place = map_at(configuration->sections, path);
  if (!*place) {
    struct config_section *section = alloc_bytes(sizeof *section);
    section->path = map_key(configuration->sections, map_count(configuration->sections) - 1);
    section->schema = iis_schema_section(configuration->schema, path);
    if (section->schema && section->schema->root)
      section->has_collection = has_collection(section->schema->root);
    section->default_mode = MODE_ALLOW;
    section->levels = map_new();
    *place = section;
  }
  return *place;
}

struct config_section *config_section_find(const struct configuration *configuration,
                                           const char *path) {
  return map_get(configuration->sections, path);
}

static const char *why_hidden(const xmlNode *element) {
  if (node_get(element, "configProtectionProvider") || node_child(element, "EncryptedData"))
    return unknown_reason_word(UNKNOWN_ENCRYPTED);
  return node_get(element, "configSource") ? unknown_reason_word(UNKNOWN_NOT_IN_BUNDLE) : NULL;
}

static bool is_lock(const xmlAttr *attribute) {
  return strncmp((const char *)attribute->name, "lock", 4) == 0;
}

static bool holds_locks(const xmlNode *root) {
  for (const xmlNode *node = root;;) {
    if (node->type == XML_ELEMENT_NODE) {
      for (const xmlAttr *each = node->properties; each; each = each->next)
        if (is_lock(each)) return true;
      if (node->children) {
        node = node->children;
        continue;
      }
    }
    while (node != root && !node->next)
      node = node->parent;
    if (node == root) return false;
    node = node->next;
  }
}

/* `level` says where it holds; the element may stand in another level that has the same file. */
static void add_input(struct config_section *section, const xmlNode *level, xmlNode *element) {
  struct config_input *input = alloc_bytes(sizeof *input);
  input->section = section;
  input->element = element;
  input->level = level;
  input->target = or_empty(node_get(level, "key"));
  input->in_location = text_equal(node_get(level, "kind"), "location");
  input->kind = (unsigned char)kind_of_level(level);
  const char *in = input->in_location ? node_get(level, "inKey") : input->target;
  input->file_key = input->kind == CONFIG_WEB ? or_empty(in) : "";
  input->mode = (unsigned char)mode_of(node_get(level, "overrideMode"));
  input->not_in_child_applications =
      text_equal(node_get(level, "inheritInChildApplications"), "false");
  input->hidden = input->elsewhere = why_hidden(element);
  if (node_get(element, "childSource")) /* what it adds is documented nowhere */
    input->elsewhere = unknown_reason_word(UNKNOWN_NOT_IN_BUNDLE);
  input->has_locks = holds_locks(element);
  void **place = map_at(section->levels, input->target);
  if (!*place) *place = alloc_bytes(sizeof(struct config_inputs));
  struct config_inputs *inputs = *place;
  if (inputs->last)
    inputs->last->next = input;
  else
    inputs->first = input;
  inputs->last = input;
}

static void add_sections(struct configuration *configuration, const xmlNode *level,
                         const xmlNode *source) {
  for (xmlNode *section = node_child(source, "section"); section;
       section = node_next(section, "section")) {
    const char *path = node_get(section, "path");
    for (xmlNode *element = section->children; element && path; element = element->next)
      if (element->type == XML_ELEMENT_NODE && !element->ns) {
        if (level == source && text_equal(path, "system.applicationHost/sites"))
          configuration->sites_section = element;
        if (level == source && text_equal(path, "system.applicationHost/applicationPools"))
          configuration->pools_section = element;
        add_input(section_at(configuration, path), level, element);
      }
  }
}

static enum allow_definition allow_of(const char *word) {
  if (text_equal_nocase(word, "MachineToApplication")) return ALLOW_TO_APPLICATION;
  if (text_equal_nocase(word, "MachineToRootWeb") || text_equal_nocase(word, "MachineToWebRoot"))
    return ALLOW_TO_ROOT_WEB;
  return text_equal_nocase(word, "AppHostOnly") || text_equal_nocase(word, "MachineOnly")
             ? ALLOW_ABOVE
             : ALLOW_EVERYWHERE;
}

static void add_definition(struct configuration *configuration, const xmlNode *definition) {
  const char *path = node_get(definition, "path"), *key = or_empty(node_get(definition, "inKey"));
  if (!path) return;
  configuration->is_excerpt = false;
  struct config_section *section = section_at(configuration, path);
  enum config_file_kind kind = file_kind(node_get(definition, "in"));
  if (kind == CONFIG_WEB) {
    if (!section->definitions) section->definitions = map_new();
    void **place = map_at(section->definitions, key);
    if (!*place) *place = (void *)(uintptr_t)definition;
  }
  if (section->definition) return;
  section->definition = definition;
  section->definition_kind = (unsigned char)kind;
  section->definition_key = key;
  section->default_mode = mode_of(node_get(definition, "overrideModeDefault"));
  if (section->default_mode == MODE_INHERIT) section->default_mode = MODE_ALLOW;
  section->allow_definition = allow_of(node_get(definition, "allowDefinition"));
  section->no_location = text_equal_nocase(node_get(definition, "allowLocation"), "false");
}

/* ---- Levels ----------------------------------------------------------------------- */

static enum config_file_state state_of(const char *word) {
  if (text_equal(word, "none")) return CONFIG_NONE;
  if (text_equal(word, "notInBundle")) return CONFIG_NOT_IN_BUNDLE;
  return text_equal(word, "damaged") ? CONFIG_DAMAGED : CONFIG_FOUND;
}

static void add_file(struct configuration *configuration, const xmlNode *level) {
  void **place = map_at(configuration->files, or_empty(node_get(level, "key")));
  if (*place) return;
  struct config_level_file *file = *place = alloc_bytes(sizeof *file);
  file->state = state_of(node_get(level, "state"));
  file->level = level;
  file->complete_below = node_get(level, "completeBelow") != NULL;
  file->folder_missing = node_get(level, "folderMissing") != NULL;
}

struct levels {
  const xmlNode **items;
  size_t count, capacity;
};

static void add_level(struct configuration *configuration, struct levels *levels,
                      const xmlNode *level) {
  const char *same = node_get(level, "sameAs");
  const xmlNode *source = level;
  if (same) {
    size_t number = strtoul(same, NULL, 10);
    source = number && number <= levels->count ? levels->items[number - 1] : level;
  }
  ARRAY_PUSH(levels->items, levels->count, levels->capacity) = level;
  const char *kind = node_get(level, "kind");
  bool found = state_of(node_get(level, "state")) == CONFIG_FOUND;
  if (text_equal(kind, "webConfig")) add_file(configuration, level);
  if (text_equal(kind, "machine") && found) configuration->has_machine = true;
  if (text_equal(kind, "rootWeb") && found) configuration->has_root_web = true;
  const char *key = node_get(level, "key");
  bool ignored =
      kind_of_level(level) == CONFIG_WEB &&
      config_ignored(configuration,
                     or_empty(text_equal(kind, "location") ? node_get(level, "inKey") : key));
  if (!ignored) add_sections(configuration, level, source);
}

static bool is_mark(const xmlNode *node) {
  return node->ns && node->ns->href &&
         strcmp((const char *)node->ns->href, EVIDENCE_MARK_NAMESPACE) == 0;
}

static bool is_named(const xmlNode *node, const char *name) {
  return node->type == XML_ELEMENT_NODE && !node->ns && strcmp((const char *)node->name, name) == 0;
}

/* Files above web.configs first: which of those count depends on them. */
static void index_levels(struct configuration *configuration) {
  struct levels levels = {NULL, 0, 0};
  bool placed = false;
  for (const xmlNode *node = configuration->container->children; node; node = node->next) {
    if (!is_named(node, "level")) continue;
    if (!placed && kind_of_level(node) == CONFIG_WEB) {
      config_places_index(configuration, configuration->container->parent);
      placed = true;
    }
    add_level(configuration, &levels, node);
  }
  if (!placed) config_places_index(configuration, configuration->container->parent);
  alloc_free(levels.items);
}

static void index_rest(struct configuration *configuration) {
  for (const xmlNode *node = configuration->container->children; node; node = node->next) {
    if (node->type != XML_ELEMENT_NODE) continue;
    if (is_named(node, "sectionDefinition")) add_definition(configuration, node);
    if (is_mark(node) && text_equal(node_get(node, "of"), "level")) {
      configuration->unknown_reason = or_empty(node_get(node, "reason"));
      configuration->unknown_needs = or_empty(node_get(node, "needs"));
    }
  }
}

/* ---- The version ------------------------------------------------------------------- */

static const char *iis_of_windows(const char *version) {
  static const char *const pairs[][2] = {
      {"6.0", "7.0"}, {"6.1", "7.5"}, {"6.2", "8.0"}, {"6.3", "8.5"}};
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
    if (text_starts(version, pairs[i][0])) return pairs[i][1];
  if (!text_starts(version, "10.0.")) return NULL;
  return strtoul(version + 5, NULL, 10) >= 16299 ? "10.0.1709" : "10.0";
}

/* IIS 10.0 alone does not tell its release of Windows, whose build does. */
static void settle_version(struct configuration *configuration) {
  const xmlNode *host = configuration->container->parent;
  const xmlNode *products = host ? node_child(host, "products") : NULL;
  configuration->version_why = "the bundle does not say which IIS it is: the newest is assumed";
  for (const xmlNode *each = products ? node_child(products, "product") : NULL; each;
       each = node_next(each, "product")) {
    const char *name = node_get(each, "name"), *version = node_get(each, "version");
    if (!version) continue;
    if (text_equal(name, "IIS") && !configuration->version) {
      bool ten = text_equal(version, "10.0");
      configuration->version = ten ? "10.0.1709" : version;
      configuration->version_why = ten ? "the bundle names IIS 10.0, but not its build of Windows"
                                       : "the bundle names the version";
    }
    if (text_equal(name, "Windows") && iis_of_windows(version)) {
      configuration->version = iis_of_windows(version);
      configuration->version_why = "the bundle names the build of Windows";
    }
  }
}

/* ---- Public -------------------------------------------------------------------------- */

struct configuration *configuration_new(xmlNode *container) {
  struct configuration *configuration = alloc_bytes(sizeof *configuration);
  configuration->container = container;
  settle_version(configuration);
  configuration->schema = iis_schema_new_of(container, configuration->version);
  configuration->sections = map_new();
  configuration->questions = map_new();
  configuration->places = map_new();
  configuration->files = map_new();
  configuration->pools = map_new();
  configuration->default_elements = map_new();
  configuration->texts = map_new();
  configuration->is_excerpt = true;
  index_rest(configuration);
  index_levels(configuration);
  return configuration;
}

/* The section elements of sites and pools, which hold their defaults elements. */
static void find_defaults(struct configuration *configuration) {
  for (const xmlNode *level = node_child(configuration->container, "level"); level;
       level = node_next(level, "level")) {
    if (kind_of_level(level) != CONFIG_APPLICATION_HOST || *or_empty(node_get(level, "key")))
      continue;
    for (const xmlNode *section = node_child(level, "section"); section;
         section = node_next(section, "section")) {
      const char *path = node_get(section, "path");
      if (text_equal(path, "system.applicationHost/sites"))
        configuration->sites_section = section->children;
      if (text_equal(path, "system.applicationHost/applicationPools"))
        configuration->pools_section = section->children;
    }
  }
}

struct configuration *config_places_new(xmlNode *container) {
  struct configuration *configuration = alloc_bytes(sizeof *configuration);
  configuration->container = container;
  configuration->places = map_new();
  configuration->pools = map_new();
  find_defaults(configuration);
  config_places_index(configuration, container->parent);
  return configuration;
}

static void free_section(struct config_section *section) {
  for (size_t i = 0; i < map_count(section->levels); i++) {
    struct config_inputs *inputs = map_value(section->levels, i);
    for (struct config_input *input = inputs->first, *next; input; input = next) {
      next = input->next;
      config_deltas_free(input);
      alloc_free(input);
    }
    alloc_free(inputs);
  }
  map_free(section->levels);
  map_free(section->definitions);
  map_free(section->unlocked);
  alloc_free(section);
}

static void free_values(struct map *map) {
  if (!map) return;
  for (size_t i = 0; i < map_count(map); i++)
    alloc_free(map_value(map, i));
  map_free(map);
}

void configuration_free(struct configuration *configuration) {
  if (!configuration) return;
  for (size_t i = 0; configuration->sections && i < map_count(configuration->sections); i++)
    free_section(map_value(configuration->sections, i));
  map_free(configuration->sections);
  free_values(configuration->questions);
  free_values(configuration->places);
  free_values(configuration->files);
  free_values(configuration->texts);
  map_free(configuration->pools);
  map_free(configuration->default_elements);
  iis_schema_free(configuration->schema);
  if (configuration->defaults) xmlFreeDoc(configuration->defaults);
  alloc_free(configuration);
}

const char *configuration_key_of(const xmlNode *node) {
  static const char *const levels[] = {"site", "application", "virtualDirectory", "level"};
  for (; node && node->type != XML_DOCUMENT_NODE; node = node->parent) {
    if (node->type != XML_ELEMENT_NODE) continue;
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
      const char *key =
          strcmp((const char *)node->name, levels[i]) == 0 ? node_get(node, "key") : NULL;
      if (key) return key;
    }
  }
  return "";
}

char *configuration_key_of_path(const char *path) {
  return config_key(path);
}

xmlNode *configuration_node_at(const struct configuration *configuration, const char *path) {
  char *key = config_key(path);
  const struct config_place *place = config_place_at(configuration, key);
  alloc_free(key);
  if (!place) return NULL;
  const xmlNode *node =
      place->site && text_equal(node_get(place->site, "key"),
                                place->application ? node_get(place->application, "key")
                                                   : node_get(place->site, "key"))
          ? place->site
      : place->application ? place->application
                           : place->directory;
  return (xmlNode *)(uintptr_t)node;
}
