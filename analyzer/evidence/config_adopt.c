/* Takes a file of configuration apart: declarations, levels, sections. Nothing is
 * copied; what is wrong with a section is said before its parts go elsewhere. */
#include "evidence/config_adopt.h"

#include "base/text.h"
#include "evidence/config_check.h"
#include "evidence/host_server.h"

#include <stdint.h>
#include <string.h>

enum { DEEPEST_GROUP = 16 };

static const char *const blank = "";

static void report(const struct config_adoption *adoption, const char *hresult, const char *problem,
                   struct origin origin, const char *message, const char *note) {
  struct error_report error = {.hresult = hresult,
                               .problem = problem,
                               .origin = origin,
                               .message = message,
                               .key = adoption->key,
                               .note = note,
                               .whole = true};
  config_error_report(adoption->build->errors, adoption->build->bundle, &error);
}

static bool is_element(const xmlNode *node, const char *name) {
  return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static char *path_below(const char *path, const char *name) {
  return text_joined(path, *path ? "/" : "", name);
}

/* ---- Declarations --------------------------------------------------------------------- */

static void add_definition(struct config_adoption *adoption, const char *path,
                           const xmlNode *element) {
  static const char *const in[] = {"machine", "rootWeb", NULL, "webConfig"};
  xmlNode *definition =
      node_add(adoption->build->configuration, "sectionDefinition", origin_of(element));
  const char *mode = node_get(element, "overrideModeDefault");
  node_set(definition, "path", path, origin_of(element));
  node_set(definition, "overrideModeDefault", mode ? mode : "Allow",
           node_attribute_origin(element, "overrideModeDefault"));
  static const char *const names[] = {"allowDefinition", "allowLocation"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    node_set(definition, names[i], node_get(element, names[i]),
             node_attribute_origin(element, names[i]));
  node_set(definition, "in", in[adoption->kind], origin_of(element));
  if (adoption->kind == CONFIG_WEB)
    node_set(definition, "inKey", adoption->key, origin_of(element));
}

static void declare(struct config_adoption *adoption, const char *path, const xmlNode *element) {
  void **place = map_at(adoption->sections, path);
  if (*place) {
    char *message = alloc_format("There is a duplicate '%.200s' section defined", path);
    report(adoption, ERROR_EXISTS, "duplicate-section-definition", origin_of(element), message,
           NULL);
    alloc_free(message);
    return;
  }
  *place = (void *)(uintptr_t)element;
}

static void read_declarations(struct config_adoption *adoption, const xmlNode *parent,
                              const char *path, int depth) {
  for (const xmlNode *node = parent->children; node && depth < DEEPEST_GROUP; node = node->next) {
    const char *name = node->type == XML_ELEMENT_NODE ? node_get(node, "name") : NULL;
    if (!name) continue;
    char *own = path_below(path, name);
    if (is_element(node, "sectionGroup")) {
      *map_at(adoption->groups, own) = adoption;
      read_declarations(adoption, node, own, depth + 1);
    } else if (is_element(node, "section")) {
      declare(adoption, own, node);
    }
    alloc_free(own);
  }
}

static void read_config_sections(struct config_adoption *adoption, const xmlNode *root) {
  bool first = true;
  for (const xmlNode *node = root->children; node; node = node->next) {
    if (node->type != XML_ELEMENT_NODE) continue;
    if (is_element(node, "configSections") && !first) {
      report(adoption, ERROR_INVALID_DATA, "config-sections", origin_of(node),
             "Only one <configSections> element allowed.  It must be the first child element of "
             "the root <configuration> element   ",
             NULL);
    }
    if (is_element(node, "configSections")) read_declarations(adoption, node, blank, 0);
    first = false;
  }
}

/* ---- Sections -------------------------------------------------------------------------- */

/* <sites>: the sites go to their container, defaults stay in the section. */
static void hand_over_sites(struct config_adoption *adoption, xmlNode *section) {
  adoption->sites = section;
  struct site_defaults defaults = {.site = node_child(section, "siteDefaults"),
                                   .application = node_child(section, "applicationDefaults")};
  for (xmlNode *site = node_child(section, "site"), *next; site; site = next) {
    next = node_next(site, "site");
    server_adopt_site(adoption->build, site, &defaults);
  }
}

static void hand_over_pools(struct config_adoption *adoption, xmlNode *section) {
  adoption->pools = section;
  for (xmlNode *pool = node_child(section, "add"), *next; pool; pool = next) {
    next = node_next(pool, "add");
    server_adopt_pool(adoption->build, pool);
  }
}

static void section_error(const struct config_adoption *adoption, const xmlNode *element,
                          const char *path, const char *key, const char *message,
                          const char *note) {
  struct error_report error = {.hresult = ERROR_INVALID_DATA,
                               .problem = "config-source",
                               .origin = origin_of(element),
                               .message = message,
                               .section = path,
                               .key = key,
                               .note = note};
  config_error_report(adoption->build->errors, adoption->build->bundle, &error);
}

static bool name_is_good(const char *name) {
  return *name && !strpbrk(name, "/:") && name[0] != '\\';
}

/* The element that a configSource leads to; NULL when it is not there, with the error
 * that IIS would give. The file may be missing from the bundle only: then no error. */
static xmlNode *follow_source(const struct config_adoption *adoption, const xmlNode *element,
                              const char *path, const char *key) {
  static const char *const message = "Specified configSource cannot be parsed";
  const char *name = node_get(element, "configSource");
  bool has_child = false, has_other = false;
  for (const xmlNode *child = element->children; child; child = child->next)
    has_child = has_child || child->type == XML_ELEMENT_NODE;
  for (const xmlAttr *each = element->properties; each; each = each->next)
    has_other = has_other || strcmp((const char *)each->name, "configSource") != 0;
  if (has_child || has_other || !name_is_good(name)) {
    section_error(adoption, element, path, key, message,
                  "configSource stands alone on its element, and names a file beside or below");
    return NULL;
  }
  if (!adoption->source || !adoption->file) return NULL;
  struct config_source source = adoption->source(adoption->source_data, adoption->file, name);
  const char *local = strrchr(path, '/');
  bool same = source.root && strcmp((const char *)source.root->name, local ? local + 1 : path) == 0;
  if (source.state == CONFIG_NONE)
    section_error(adoption, element, path, key, message, "the file does not exist");
  else if (source.state == CONFIG_DAMAGED)
    section_error(adoption, element, path, key, message, "the file is not well-formed XML");
  else if (source.state == CONFIG_FOUND && !same)
    section_error(adoption, element, path, key, message, "its document element is not the section");
  return source.state == CONFIG_FOUND && same ? source.root : NULL;
}

static void take_section(struct config_adoption *adoption, xmlNode *element, const char *path,
                         xmlNode *level) {
  const char *key = node_get(level, "key");
  struct configuration as_is = {.container = adoption->build->configuration,
                                .schema = (struct iis_schema *)(uintptr_t)adoption->schema};
  struct config_check check = {.build = adoption->build,
                               .configuration = &as_is,
                               .section = path,
                               .key = key,
                               .kind = adoption->kind,
                               .in_location = text_equal(node_get(level, "kind"), "location")};
  bool follows = node_get(element, "configSource") &&
                 !(check.in_location && adoption->kind == CONFIG_APPLICATION_HOST);
  struct origin origin = origin_of(element);
  xmlNode *source = follows ? follow_source(adoption, element, path, key) : NULL;
  if (source) element = source;
  config_check_content(&check, element);
  xmlNode *section = node_add(level, "section", origin);
  node_set(section, "path", path, origin);
  node_move_foreign(element, section);
  if (adoption->kind != CONFIG_APPLICATION_HOST || *key) return;
  if (strcmp(path, "system.applicationHost/sites") == 0) hand_over_sites(adoption, element);
  if (strcmp(path, "system.applicationHost/applicationPools") == 0)
    hand_over_pools(adoption, element);
}

static bool is_declared(const struct config_adoption *adoption, const char *path) {
  if (map_get(adoption->sections, path)) return true;
  if (adoption->sections_above && map_get(adoption->sections_above, path)) return true;
  const struct schema_section *section = iis_schema_section(adoption->schema, path);
  return section != NULL;
}

static bool is_declared_group(const struct config_adoption *adoption, const char *path) {
  return map_get(adoption->groups, path) ||
         (adoption->groups_above && map_get(adoption->groups_above, path));
}

/* What a file declares counts more than what the schema knows by name. */
static bool is_group(const struct config_adoption *adoption, const char *path) {
  const struct schema_section *section = iis_schema_section(adoption->schema, path);
  if (section && section->foreign && is_declared_group(adoption, path)) return true;
  if (is_declared(adoption, path)) return false;
  return is_declared_group(adoption, path) || iis_schema_group(adoption->schema, path);
}

static void take_sections(struct config_adoption *adoption, xmlNode *parent, const char *path,
                          xmlNode *level, int depth) {
  for (xmlNode *node = parent->children, *next; node; node = next) {
    next = node->next;
    if (node->type != XML_ELEMENT_NODE) continue;
    if (!*path && is_element(node, "configSections")) continue;
    if (!*path && is_element(node, "location")) {
      if (is_element(parent, "location"))
        report(adoption, ERROR_INVALID_DATA, "bad-location", origin_of(node), blank,
               "a location tag inside a location tag");
      continue;
    }
    char *own = path_below(path, (const char *)node->name);
    if (depth < DEEPEST_GROUP && is_group(adoption, own))
      take_sections(adoption, node, own, level, depth + 1);
    else
      take_section(adoption, node, own, level);
    alloc_free(own);
  }
}

/* ---- Levels ------------------------------------------------------------------------------ */

static xmlNode *add_level(struct config_adoption *adoption, const char *key, const char *kind,
                          struct origin origin) {
  xmlNode *level = node_add(adoption->build->configuration, "level", origin);
  node_set(level, "key", key, origin);
  node_set(level, "kind", kind, origin);
  return level;
}

char *config_location_key(const char *path) {
  struct span trimmed = span_trim(span_of(path));
  while (trimmed.size > 0 && trimmed.start[trimmed.size - 1] == '/')
    trimmed.size--;
  while (trimmed.size > 0 && trimmed.start[0] == '/')
    trimmed.start++, trimmed.size--;
  if (span_equal(trimmed, ".")) trimmed.size = 0;
  char *copy = span_copy(trimmed), *lower = text_lower(copy);
  alloc_free(copy);
  return lower;
}

/* overrideMode, or what the older allowOverride means for IIS. */
static void set_override(xmlNode *level, const xmlNode *location) {
  const char *mode = node_get(location, "overrideMode");
  struct origin origin = node_attribute_origin(location, mode ? "overrideMode" : "allowOverride");
  const char *older = node_get(location, "allowOverride");
  if (!mode && older) {
    mode = text_equal_nocase(older, "false") ? "Deny" : "Allow";
    node_set(level, "overrideBy", "allowOverride", origin);
  }
  node_set(level, "overrideMode", mode, origin);
  const char *inherit = node_get(location, "inheritInChildApplications");
  if (text_equal_nocase(inherit, "false"))
    node_set(level, "inheritInChildApplications", "false",
             node_attribute_origin(location, "inheritInChildApplications"));
}

/* What .NET's configuration system takes, of which IIS's is a sibling; and a slash at the
 * end, which files that people wrote have. */
static bool location_path_is_good(const char *path) {
  size_t size = strlen(path);
  if (size == 0 || strcmp(path, ".") == 0) return true;
  if (strpbrk(path, "?:*\"<>|") || span_trim(span_of(path)).size != size) return false;
  if (strchr("/\\.", path[size - 1]) && path[size - 1] != '/') return false;
  if (path[0] == '/' || path[0] == '\\') return false;
  return !text_starts(path, "./") && !text_starts(path, "../") && !text_starts(path, ".\\") &&
         !text_starts(path, "..\\");
}

static void check_location(const struct config_adoption *adoption, const xmlNode *location) {
  static const char *const known[] = {"path", "overrideMode", "allowOverride",
                                      "inheritInChildApplications"};
  for (const xmlAttr *each = location->properties; each; each = each->next) {
    bool found = each->ns != NULL;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
      found = found || strcmp((const char *)each->name, known[i]) == 0;
    if (found) continue;
    char *message = alloc_format("Unrecognized attribute '%.200s'", (const char *)each->name);
    report(adoption, ERROR_INVALID_DATA, "unknown-attribute", origin_of(location), message, NULL);
    alloc_free(message);
  }
  if (node_get(location, "overrideMode") && node_get(location, "allowOverride"))
    report(adoption, ERROR_INVALID_DATA, "bad-location", origin_of(location), blank,
           "overrideMode and allowOverride on one location tag");
  const char *path = node_get(location, "path");
  if (path && !location_path_is_good(path))
    report(adoption, ERROR_INVALID_DATA, "bad-location", origin_of(location), blank,
           "the path of the location tag has a character that no path may have, or has it at an "
           "end");
  bool own = !path || !*path || strcmp(path, ".") == 0;
  if (own && adoption->kind < CONFIG_APPLICATION_HOST &&
      text_equal_nocase(node_get(location, "inheritInChildApplications"), "false"))
    report(adoption, ERROR_INVALID_DATA, "bad-location", origin_of(location), blank,
           "inheritInChildApplications=\"false\" above all applications");
}

static void take_location(struct config_adoption *adoption, xmlNode *location) {
  static const char *const in[] = {"machine", "rootWeb", NULL, "webConfig"};
  const char *path = node_get(location, "path");
  char *below = config_location_key(path ? path : "");
  char *key = text_joined(adoption->key, *adoption->key && *below ? "/" : "", below);
  xmlNode *level = add_level(adoption, key, "location", origin_of(location));
  node_set(level, "path", path, node_attribute_origin(location, "path"));
  node_set(level, "in", in[adoption->kind], origin_of(location));
  if (adoption->kind == CONFIG_WEB) node_set(level, "inKey", adoption->key, origin_of(location));
  set_override(level, location);
  check_location(adoption, location);
  take_sections(adoption, location, blank, level, 0);
  alloc_free(below);
  alloc_free(key);
}

void config_adopt(struct config_adoption *adoption, xmlNode *root) {
  static const char *const kinds[] = {"machine", "rootWeb", "server", "webConfig"};
  adoption->groups = map_new();
  adoption->sections = map_new();
  read_config_sections(adoption, root);
  xmlNode *own = add_level(adoption, adoption->key, kinds[adoption->kind], origin_of(root));
  take_sections(adoption, root, blank, own, 0);
  for (xmlNode *location = node_child(root, "location"); location;
       location = node_next(location, "location"))
    take_location(adoption, location);
  for (size_t i = 0; i < map_count(adoption->sections); i++)
    add_definition(adoption, map_key(adoption->sections, i), map_value(adoption->sections, i));
}
