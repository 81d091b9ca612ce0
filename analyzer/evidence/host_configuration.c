/* <configuration> and <configurationErrors>: what applicationHost.config declares,
 * by level and section, moved as it stood. */
#include "base/text.h"
#include "evidence/host_build.h"
#include "evidence/host_server.h"
#include "evidence/iis_schema.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { DEEPEST_GROUP = 16 };

struct declared {
  struct host_build *build;
  struct map *groups;     /* paths of section groups */
  struct map *sections;   /* paths of sections -> the declaring element */
  xmlNode *sites, *pools; /* the section elements, wherever they stood */
};

static void note_group(struct declared *declared, const char *path) {
  *map_at(declared->groups, path) = declared;
}

/* Every group above a path that the schema facts know. */
static void note_schema_groups(struct declared *declared) {
  struct iis_fact fact;
  for (size_t position = 0; iis_schema_row(&position, &fact);) {
    if (fact.attribute.size || fact.element.size) continue;
    char *path = span_copy(fact.section);
    for (char *slash = strrchr(path, '/'); slash; slash = strrchr(path, '/')) {
      *slash = '\0';
      note_group(declared, path);
    }
    alloc_free(path);
  }
}

static bool is_element(const xmlNode *node, const char *name) {
  return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static char *path_below(const char *path, const char *name) {
  return text_joined(path, *path ? "/" : "", name);
}

static void read_declarations(struct declared *declared, const xmlNode *parent, const char *path,
                              int depth) {
  for (const xmlNode *node = parent->children; node && depth < DEEPEST_GROUP; node = node->next) {
    const char *name = node->type == XML_ELEMENT_NODE ? node_get(node, "name") : NULL;
    if (!name) continue;
    char *own = path_below(path, name);
    if (is_element(node, "sectionGroup")) {
      note_group(declared, own);
      read_declarations(declared, node, own, depth + 1);
    } else if (is_element(node, "section")) {
      *map_at(declared->sections, own) = (void *)(uintptr_t)node;
    }
    alloc_free(own);
  }
}

/* ---- Sections ------------------------------------------------------------------- */

/* <sites>: the sites go to their container, defaults stay in the section. */
static void hand_over_sites(struct declared *declared, xmlNode *section) {
  declared->sites = section;
  struct site_defaults defaults = {.site = node_child(section, "siteDefaults"),
                                   .application = node_child(section, "applicationDefaults")};
  for (xmlNode *site = node_child(section, "site"), *next; site; site = next) {
    next = node_next(site, "site");
    server_adopt_site(declared->build, site, &defaults);
  }
}

static void hand_over_pools(struct declared *declared, xmlNode *section) {
  declared->pools = section;
  for (xmlNode *pool = node_child(section, "add"), *next; pool; pool = next) {
    next = node_next(pool, "add");
    server_adopt_pool(declared->build, pool);
  }
}

static void take_section(struct declared *declared, xmlNode *element, const char *path,
                         xmlNode *level) {
  xmlNode *section = node_add(level, "section", origin_of(element));
  node_set(section, "path", path, origin_of(element));
  node_move_foreign(element, section);
  if (*node_get(level, "key")) return;
  if (strcmp(path, "system.applicationHost/sites") == 0) hand_over_sites(declared, element);
  if (strcmp(path, "system.applicationHost/applicationPools") == 0)
    hand_over_pools(declared, element);
}

static void take_sections(struct declared *declared, xmlNode *parent, const char *path,
                          xmlNode *level, int depth) {
  for (xmlNode *node = parent->children, *next; node; node = next) {
    next = node->next;
    if (node->type != XML_ELEMENT_NODE) continue;
    if (!*path && (is_element(node, "configSections") || is_element(node, "location"))) continue;
    char *own = path_below(path, (const char *)node->name);
    bool section = map_get(declared->sections, own) != NULL;
    if (!section && depth < DEEPEST_GROUP && map_get(declared->groups, own))
      take_sections(declared, node, own, level, depth + 1);
    else
      take_section(declared, node, own, level);
    alloc_free(own);
  }
}

/* ---- Levels ---------------------------------------------------------------------- */

static xmlNode *add_level(struct declared *declared, const char *key, const char *kind,
                          struct origin origin) {
  xmlNode *level = node_add(declared->build->configuration, "level", origin);
  node_set(level, "key", key, origin);
  node_set(level, "kind", kind, origin);
  return level;
}

/* "Default Web Site/OWA/" -> "default web site/owa"; "." and "" -> "". */
static char *location_key(const char *path) {
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
  if (!mode && older) mode = text_equal_nocase(older, "false") ? "Deny" : "Allow";
  node_set(level, "overrideMode", mode, origin);
  const char *inherit = node_get(location, "inheritInChildApplications");
  if (text_equal_nocase(inherit, "false"))
    node_set(level, "inheritInChildApplications", "false",
             node_attribute_origin(location, "inheritInChildApplications"));
}

static void take_location(struct declared *declared, xmlNode *location) {
  const char *path = node_get(location, "path");
  char *key = location_key(path ? path : "");
  xmlNode *level = add_level(declared, key, "location", origin_of(location));
  node_set(level, "path", path, node_attribute_origin(location, "path"));
  set_override(level, location);
  take_sections(declared, location, "", level, 0);
  alloc_free(key);
}

static void take_levels(struct declared *declared, xmlNode *root) {
  xmlNode *server = add_level(declared, "", "server", origin_of(root));
  take_sections(declared, root, "", server, 0);
  for (xmlNode *location = node_child(root, "location"); location;
       location = node_next(location, "location"))
    take_location(declared, location);
}

static void add_definitions(struct declared *declared) {
  for (size_t i = 0; i < map_count(declared->sections); i++) {
    const xmlNode *element = map_value(declared->sections, i);
    xmlNode *definition =
        node_add(declared->build->configuration, "sectionDefinition", origin_of(element));
    const char *mode = node_get(element, "overrideModeDefault");
    node_set(definition, "path", map_key(declared->sections, i), origin_of(element));
    node_set(definition, "overrideModeDefault", mode ? mode : "Allow",
             node_attribute_origin(element, "overrideModeDefault"));
    node_set(definition, "allowDefinition", node_get(element, "allowDefinition"),
             node_attribute_origin(element, "allowDefinition"));
  }
}

/* ---- What the file itself does not tell -------------------------------------------- */

static void mark_elsewhere(xmlNode *container, const char *of, const char *under,
                           const xmlNode *section) {
  if (!section) {
    node_mark(container, of, under, UNKNOWN_AMBIGUOUS, "application-host",
              "applicationHost.config has no such section: it is not a whole one", nowhere());
    return;
  }
  struct origin origin = origin_of(section);
  if (node_get(section, "configProtectionProvider") || node_child(section, "EncryptedData"))
    node_mark(container, of, under, UNKNOWN_ENCRYPTED, "", NULL, origin);
  else if (node_get(section, "configSource"))
    node_mark(container, of, under, UNKNOWN_NOT_IN_BUNDLE, "",
              "the section is kept in another file (configSource)", origin);
}

static xmlNode *configuration_root(const struct reading *reading) {
  xmlNode *facts = reading->facts;
  if (!facts) return NULL;
  if (strcmp((const char *)facts->name, "configuration") == 0) return facts;
  return node_child(facts, "configuration");
}

static void take_server(struct host_build *build, xmlNode *root) {
  struct declared declared = {.build = build, .groups = map_new(), .sections = map_new()};
  note_schema_groups(&declared);
  for (xmlNode *sections = node_child(root, "configSections"); sections;
       sections = node_next(sections, "configSections"))
    read_declarations(&declared, sections, "", 0);
  take_levels(&declared, root);
  add_definitions(&declared);
  mark_elsewhere(build->sites, "site", "sites", declared.sites);
  mark_elsewhere(build->pools, "applicationPool", "applicationPools", declared.pools);
  map_free(declared.groups);
  map_free(declared.sections);
}

/* ---- Errors ------------------------------------------------------------------------- */

static void add_error(struct host_build *build, const struct reading *reading, const char *problem,
                      const char *message) {
  xmlNode *error = node_add(build->errors, "configurationError", reading->broken_at);
  struct origin origin = reading->broken_at;
  char line[16];
  snprintf(line, sizeof line, "%u", (unsigned)origin.line);
  node_set(error, "hresult", "0x8007000d", origin);
  node_set(error, "problem", problem, origin);
  node_set(error, "file", reading->artifact->path, origin);
  node_set(error, "line", line, origin);
  node_set(error, "message", message, origin);
  node_set(error, "key", "", origin);
}

static const char *const malformed = "not well-formed: ";

static const char *problem_of(const struct reading *reading) {
  if (reading->problem) return reading->problem;
  bool plainly = reading->broken_why && text_starts(reading->broken_why, malformed);
  return plainly || reading->incomplete_reason == UNKNOWN_TRUNCATED ? "not-well-formed" : "refused";
}

/* Why it breaks, without the words that @problem says already. */
static const char *message_of(const struct reading *reading) {
  const char *why = reading->broken_why ? reading->broken_why : "";
  return text_starts(why, malformed) ? why + strlen(malformed) : why;
}

static void doubt_not_configuration(struct host_group *group) {
  struct reading *reading = group->application_host;
  group->server =
      (struct doubt){.reason = UNKNOWN_DAMAGED,
                     .needs = "application-host",
                     .note = alloc_format("%s: the document element is not <configuration>",
                                          reading->artifact->path),
                     .origin = {reading->artifact->number + 1, 0, 0}};
}

static void mark_all(struct host_build *build) {
  const struct doubt *doubt = &build->group->server;
  doubt_mark(build->configuration, "level", "configuration", doubt);
  doubt_mark(build->configuration, "sectionDefinition", "configuration", doubt);
  doubt_mark(build->errors, "configurationError", "configurationErrors", doubt);
}

void host_configuration_build(struct host_build *build) {
  struct reading *live = build->group->application_host;
  if (live && !live->complete) add_error(build, live, problem_of(live), message_of(live));
  xmlNode *root = live && live->complete ? configuration_root(live) : NULL;
  if (live && live->complete && !root) {
    add_error(build, live, "not-configuration", "the document element is not <configuration>");
    doubt_not_configuration(build->group);
  }
  if (root && build->group->server.known)
    take_server(build, root);
  else
    mark_all(build);
}
