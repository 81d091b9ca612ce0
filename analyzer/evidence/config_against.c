/* Every section against the files above: may it be there, is it locked, does it
 * touch what is locked, does it add what is there already? */
#include "base/buffer.h"
#include "base/text.h"
#include "evidence/config_check.h"
#include "evidence/config_merge.h"
#include "evidence/node.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct against {
  struct host_build *build;
  const struct configuration *configuration;
  const struct config_section *section;
  const struct config_input *input;
  struct config_chain chain; /* at the input's target; inputs[..index] are above or before it */
  size_t index;
  bool refused;
  struct map *of_applications; /* numbers of files that are some application's; made when asked */
};

static void report_at(const struct against *against, const xmlNode *node, const char *hresult,
                      const char *problem, const char *message, const char *note, bool whole) {
  struct error_report error = {.hresult = hresult,
                               .problem = problem,
                               .origin = origin_of(node),
                               .message = message,
                               .section = against->section->path,
                               .key = against->input->target,
                               .note = note,
                               .whole = whole};
  config_error_report(against->build->errors, against->build->bundle, &error);
}

static char *place_of(const struct against *against, struct origin origin) {
  const struct bundle *bundle = against->build->bundle;
  if (!origin.source || origin.source - 1 >= bundle->count) return alloc_text("");
  return alloc_format("%s:%u", bundle->artifacts[origin.source - 1]->path, (unsigned)origin.line);
}

/* ---- May it be there at all? --------------------------------------------------------- */

static bool is_declared(const struct against *against) {
  const struct config_section *section = against->section;
  if (strcmp(section->path, "configProtectedData") == 0) return true; /* built in */
  if (section->definition && section->definition_kind != CONFIG_WEB) return true;
  if (!section->definitions || against->input->kind != CONFIG_WEB) return false;
  char *key = alloc_text(against->input->file_key);
  bool found = map_get(section->definitions, key) != NULL;
  for (char *slash = strrchr(key, '/'); slash && !found; slash = strrchr(key, '/')) {
    *slash = '\0';
    found = map_get(section->definitions, key) != NULL;
  }
  alloc_free(key);
  return found;
}

/* Is it, or something around it, what every machine.config declares? */
static bool is_of_machine(const struct against *against) {
  char *path = alloc_text(against->section->path);
  path[strcspn(path, "/")] = '\0';
  const struct schema_section *top = iis_schema_section(against->configuration->schema, path);
  alloc_free(path);
  return top && top->foreign && top->framework;
}

/* Would machine.config declare it? Then its absence from the bundle says nothing. */
static bool may_be_declared(const struct against *against) {
  const struct config_section *section = against->section;
  if (is_of_machine(against)) return true;
  if (against->configuration->has_machine) return false;
  static const char *const of_iis[] = {"system.webServer/", "system.applicationHost/",
                                       "system.ftpServer/"};
  for (size_t i = 0; i < sizeof of_iis / sizeof *of_iis; i++)
    if (text_starts(section->path, of_iis[i])) return false;
  return !section->schema || section->schema->framework || section->schema->foreign;
}

/* IIS takes an unknown element for a group, as long as it has no attributes, and
 * stumbles over what is in it. */
static const xmlNode *stumbling_block(const xmlNode *node) {
  while (!node->properties) {
    const xmlNode *child = node->children;
    while (child && child->type != XML_ELEMENT_NODE)
      child = child->next;
    if (!child) break;
    node = child;
  }
  return node;
}

static void check_declared(const struct against *against) {
  if (against->configuration->is_excerpt || is_declared(against) || may_be_declared(against))
    return;
  char *note = alloc_format("no file declares the section %s (a <section> in <configSections>): "
                            "its module is not installed, or the name is wrong",
                            against->section->path);
  report_at(against, stumbling_block(against->input->element), ERROR_INVALID_DATA,
            "unknown-section", "", note, true);
  alloc_free(note);
}

static void check_twice(const struct against *against, const struct config_input *first) {
  if (against->section->path[0] == '\0') return;
  for (const struct config_input *other = first; other != against->input; other = other->next) {
    if (!config_same_file(other, against->input)) continue;
    char *message = alloc_format("Config section '%s' already defined. Sections must only appear "
                                 "once per config file. See the help topic <location> for "
                                 "exceptions",
                                 against->section->path);
    report_at(against, against->input->element, ERROR_EXISTS, "duplicate-section", message, NULL,
              true);
    alloc_free(message);
    return;
  }
}

static void source_number(const xmlNode *node, char number[16]) {
  snprintf(number, 16, "%u", (unsigned)origin_of(node).source);
}

/* Is the same file the web.config of an application's root as well? IIS reads sections
 * for applications (modules, ...) there only: in a virtual directory of the same folder,
 * as Exchange has them, they do no harm. */
static bool serves_application(struct against *against, const xmlNode *level) {
  const struct map *files = against->configuration->files;
  char number[16];
  if (!against->of_applications) {
    against->of_applications = map_new();
    for (size_t i = 0; i < map_count(files); i++) {
      const struct config_level_file *file = map_value(files, i);
      if (!config_is_application(against->configuration, map_key(files, i))) continue;
      source_number(file->level, number);
      *map_at(against->of_applications, number) = against;
    }
  }
  source_number(level, number);
  return map_get(against->of_applications, number) != NULL;
}

static void check_locked(struct against *against) {
  const struct config_input *input = against->input;
  if (!against->refused) return;
  struct config_lock lock =
      config_lock_for(against->configuration, &against->chain, against->chain.count, input->kind,
                      input->file_key, input->target);
  if (against->section->allow_definition == ALLOW_TO_APPLICATION &&
      strcmp(lock.how, "allowDefinition") == 0 && serves_application(against, input->level))
    return;
  char *place = place_of(against, lock.origin);
  char *note = alloc_format("%s at %s", lock.how, place);
  report_at(against, input->element, ERROR_LOCKED, "locked-section", MESSAGE_LOCKED_SECTION, note,
            false);
  alloc_free(place);
  alloc_free(note);
}

static void check_location(const struct against *against) {
  if (!against->input->in_location || !against->section->no_location) return;
  report_at(against, against->input->element, ERROR_INVALID_DATA, "bad-location", "",
            "its declaration has allowLocation=\"false\"", false);
}

/* ---- Unlocked above, locked here ------------------------------------------------------- */

/* Keys strictly above location tags that unlock the section. */
static struct map *unlocked_below(struct config_section *section) {
  if (section->unlocked) return section->unlocked;
  section->unlocked = map_new();
  for (size_t i = 0; i < map_count(section->levels); i++) {
    const struct config_inputs *inputs = map_value(section->levels, i);
    for (const struct config_input *each = inputs->first; each; each = each->next) {
      if (each->mode != MODE_ALLOW || each->kind == CONFIG_WEB) continue;
      char *key = alloc_text(each->target);
      for (char *slash = strrchr(key, '/'); slash; slash = strrchr(key, '/')) {
        *slash = '\0';
        *map_at(section->unlocked, key) = (void *)(uintptr_t)each;
      }
      alloc_free(key);
    }
  }
  return section->unlocked;
}

static void check_conflict(const struct against *against) {
  const struct config_input *input = against->input;
  if (input->kind != CONFIG_WEB || input->mode != MODE_DENY) return;
  struct config_section *section =
      config_section_find(against->configuration, against->section->path);
  const struct config_input *other = map_get(unlocked_below(section), input->target);
  if (!other) return;
  char *place = place_of(against, origin_of(other->level));
  char *note = alloc_format("it locks the section for what %s unlocks", place);
  report_at(against, input->level, ERROR_LOCKED, "lock-conflict", "", note, false);
  alloc_free(place);
  alloc_free(note);
}

/* ---- Locks on attributes, elements, items ------------------------------------------------ */

/* Elements of inputs above that hold locks, at the same place of the section. */
struct above {
  const xmlNode **items;
  size_t count, capacity;
};

static bool list_has(const char *list, const char *name, bool *star) {
  *star = false;
  for (const char *at = list; *at;) {
    at += strspn(at, ", \t\r\n");
    size_t size = strcspn(at, ", \t\r\n");
    if (size == 1 && *at == '*') *star = true;
    if (size && span_equal((struct span){at, size}, name)) return true;
    at += size;
  }
  return *star;
}

static bool locks(const xmlNode *element, const char *some, const char *except, const char *name) {
  bool star;
  const char *list = node_get(element, some);
  if (list && list_has(list, name, &star)) return true;
  list = node_get(element, except);
  return list && !list_has(list, name, &star);
}

static bool any_locks(const struct above *above, const char *some, const char *except,
                      const char *name) {
  for (size_t i = 0; i < above->count; i++)
    if (locks(above->items[i], some, except, name)) return true;
  return false;
}

static void violation(const struct against *against, const xmlNode *node, const char *what) {
  report_at(against, node, ERROR_LOCKED, "lock-violation", "Lock violation", what, false);
}

static void check_attribute_locks(const struct against *against, const xmlNode *node,
                                  const struct above *above) {
  for (const xmlAttr *each = node->properties; above->count && each; each = each->next) {
    const char *name = (const char *)each->name;
    if (each->ns || text_starts(name, "lock") || strcmp(name, "configSource") == 0) continue;
    if (!any_locks(above, "lockAttributes", "lockAllAttributesExcept", name)) continue;
    char *note = alloc_format("the attribute %s is locked above", name);
    violation(against, node, note);
    alloc_free(note);
    return; /* IIS stops at the first of an element */
  }
}

static bool is_locked_item(const struct against *against, const xmlNode *item,
                           const struct config_input *input) {
  const char *lock = node_get(item, "lockItem");
  return lock && text_equal_nocase(lock, "true") && !config_same_file(input, against->input);
}

static void check_clear(const struct against *against, const xmlNode *node,
                        const struct config_route *route) {
  struct config_merge merge = config_merge_new(route->element->collection);
  for (size_t i = 0; i < against->index; i++)
    config_merge_delta(&merge,
                       config_delta_of(against->configuration, against->chain.inputs[i], route),
                       against->chain.inputs[i]);
  const struct config_item *item;
  for (size_t position = 0; (item = config_merge_next(&merge, &position));)
    if (is_locked_item(against, item->node, item->input)) {
      violation(against, node, "it clears an item with lockItem=\"true\"");
      break;
    }
  config_merge_dispose(&merge);
}

static void check_item(const struct against *against, const struct config_directive *directive,
                       const struct config_route *route) {
  const struct schema_collection *collection = route->element->collection;
  const struct config_input *input = NULL;
  bool adds = directive->kind == DIRECTIVE_ADD;
  if (!config_has_key(collection) || (adds && collection->duplicates)) return;
  const xmlNode *item = config_item_before(against->configuration, &against->chain, against->index,
                                           route, directive->key, &input);
  if (!item) return;
  if (!adds && is_locked_item(against, item, input))
    violation(against, directive->node, "it removes an item with lockItem=\"true\"");
  if (!adds) return;
  char *message = config_duplicate_message(collection, directive->node);
  char *place = place_of(against, origin_of(item)), *note = alloc_format("added at %s", place);
  report_at(against, directive->node, ERROR_EXISTS, "duplicate-key", message, note, false);
  alloc_free(message);
  alloc_free(place);
  alloc_free(note);
}

/* Keys that the input itself has spoken of are its own affair. */
static void check_collection(const struct against *against, const struct config_route *route) {
  const struct config_delta *delta = config_delta_of(against->configuration, against->input, route);
  struct map *spoken = delta->count > 1 ? map_new() : NULL;
  for (size_t i = 0; i < delta->count; i++) {
    const struct config_directive *directive = &delta->items[i];
    if (directive->kind == DIRECTIVE_CLEAR) {
      check_clear(against, directive->node, route);
      break; /* nothing is inherited any more */
    }
    void **place = spoken ? map_at(spoken, directive->key) : NULL;
    if (!place || !*place) check_item(against, directive, route);
    if (place) *place = spoken;
  }
  map_free(spoken);
}

/* ---- Down the section ---------------------------------------------------------------------- */

static struct above children_above(const struct above *above, const char *name) {
  struct above children = {NULL, 0, 0};
  for (size_t i = 0; i < above->count; i++)
    for (const xmlNode *each = node_child(above->items[i], name); each;
         each = node_next(each, name))
      ARRAY_PUSH(children.items, children.count, children.capacity) = each;
  return children;
}

static void check_element_lock(const struct against *against, const xmlNode *node,
                               const struct above *above) {
  if (!any_locks(above, "lockElements", "lockAllElementsExcept", (const char *)node->name)) return;
  char *note = alloc_format("<%.80s> is locked above", (const char *)node->name);
  violation(against, node, note);
  alloc_free(note);
}

static void walk(const struct against *against, const xmlNode *node, const struct above *above,
                 struct config_route *route) {
  const struct schema_element *schema = route->element;
  check_attribute_locks(against, node, above);
  bool lists = false;
  for (const xmlNode *child = node->children; child; child = child->next) {
    if (child->type != XML_ELEMENT_NODE) continue;
    check_element_lock(against, child, above);
    const struct schema_element *deeper = schema_child(schema, (const char *)child->name);
    lists = lists || !deeper;
    if (!deeper || route->count == sizeof route->names / sizeof *route->names) continue;
    struct above children = children_above(above, deeper->name);
    route->names[route->count++] = deeper->name;
    route->element = deeper;
    walk(against, child, &children, route);
    route->count--;
    route->element = schema;
    alloc_free((void *)children.items);
  }
  if (schema->collection && lists) check_collection(against, route);
}

static void check_inside(const struct against *against) {
  const struct schema_section *schema = against->section->schema;
  if (!schema || !schema->root || schema->framework || against->input->hidden) return;
  struct above above = {NULL, 0, 0};
  for (size_t i = 0; i < against->index; i++) {
    const struct config_input *other = against->chain.inputs[i];
    if (other->has_locks && !config_same_file(other, against->input))
      ARRAY_PUSH(above.items, above.count, above.capacity) = other->element;
  }
  bool matters = above.count || (against->section->has_collection && against->index);
  struct config_route route = {.element = schema->root};
  if (matters) walk(against, against->input->element, &above, &route);
  alloc_free((void *)above.items);
}

/* ---- httpErrors -------------------------------------------------------------------------------
 */

static bool is_absolute(const char *path) {
  bool drive = ((path[0] | 32) >= 'a' && (path[0] | 32) <= 'z') && path[1] == ':';
  return drive || path[0] == '\\' || path[0] == '%';
}

/* Of a web.config unless allowAbsolutePathsWhenDelegated says otherwise. */
static void check_absolute_paths(const struct against *against) {
  static const char *const section = "system.webServer/httpErrors";
  if (against->input->kind != CONFIG_WEB || strcmp(against->section->path, section) != 0) return;
  const xmlNode *error = node_child(against->input->element, "error");
  if (!error) return;
  struct configuration_answer allowed =
      configuration_value(against->configuration, against->input->target,
                          "system.webServer/httpErrors/@allowAbsolutePathsWhenDelegated");
  if (text_equal(allowed.value, "true")) return;
  for (; error; error = node_next(error, "error")) {
    const char *path = node_get(error, "path"), *mode = node_get(error, "responseMode");
    if (!path || !is_absolute(path) || (mode && !text_equal_nocase(mode, "File"))) continue;
    char *message = alloc_format("Absolute physical path \"%.500s\" is not allowed in "
                                 "system.webServer/httpErrors section in web.config file. Use "
                                 "relative path instead.",
                                 path);
    report_at(against, error, ERROR_INVALID_DATA, "absolute-path", message, NULL, false);
    alloc_free(message);
  }
}

/* ---- All
 * ------------------------------------------------------------------------------------------ */

static bool find_index(struct against *against) {
  for (size_t i = 0; i < against->chain.count; i++) {
    if (against->chain.inputs[i] != against->input) continue;
    against->index = i;
    return true;
  }
  return false;
}

static bool needs_chain(const struct against *against) {
  const struct config_input *input = against->input;
  if (input->kind == CONFIG_WEB || input->kind == CONFIG_ROOT_WEB) return true;
  return against->section->has_collection && (*input->target || input->kind > CONFIG_MACHINE);
}

static void check_input(struct against *against, const struct config_input *first) {
  check_declared(against);
  check_twice(against, first);
  check_location(against);
  check_conflict(against);
  if (!needs_chain(against)) return;
  config_chain_fill(&against->chain, against->configuration, against->section,
                    against->input->target, VIEW_FULL, false);
  against->refused = !find_index(against);
  check_locked(against);
  if (!against->refused) {
    check_inside(against);
    check_absolute_paths(against);
  }
  config_chain_dispose(&against->chain);
  size_t kept = 0;
  for (const struct config_delta *delta = against->input->deltas; delta; delta = delta->next)
    kept += delta->count;
  bool cheap = kept <= 8 && *against->input->target;
  if (cheap) config_deltas_free((struct config_input *)(uintptr_t)against->input);
}

/* A <section> that a file above, or the same, declares already. */
static void check_definitions(struct host_build *build, const struct configuration *configuration) {
  struct map *seen = map_new();
  for (const xmlNode *each = node_child(configuration->container, "sectionDefinition"); each;
       each = node_next(each, "sectionDefinition")) {
    const char *path = node_get(each, "path"), *key = node_get(each, "inKey");
    struct config_section *section = config_section_find(configuration, path);
    const struct config_section *known = map_get(seen, path);
    *map_at(seen, path) = section;
    bool again = known && (section->definition_kind != CONFIG_WEB || !key);
    char *above = alloc_text(key ? key : "");
    for (char *slash = strrchr(above, '/'); key && section->definitions && slash && !again;
         slash = strrchr(above, '/')) {
      *slash = '\0';
      again = map_get(section->definitions, above) != NULL;
    }
    alloc_free(above);
    if (!again || each == section->definition) continue;
    char *message = alloc_format("There is a duplicate '%.200s' section defined", path);
    struct error_report error = {.hresult = ERROR_EXISTS,
                                 .problem = "duplicate-section-definition",
                                 .origin = origin_of(each),
                                 .message = message,
                                 .key = key ? key : "",
                                 .whole = true};
    config_error_report(build->errors, build->bundle, &error);
    alloc_free(message);
  }
  map_free(seen);
}

/* ---- Places
 * ------------------------------------------------------------------------------------------ */

static void report_folder(struct host_build *build, const xmlNode *directory, const char *key) {
  const char *path = node_get(directory, "physicalPath");
  if (!path || !strpbrk(path, "*?\"<>|") || text_starts(path, "\\\\?\\")) return;
  char *folder = config_expand(path), *file = text_joined(folder, "\\", "web.config");
  struct error_report error = {.hresult = ERROR_NO_PATH,
                               .problem = "physical-path",
                               .file = file,
                               .message = "Cannot read configuration file",
                               .key = key,
                               .note = "the physical path has a character that no path may have",
                               .whole = true};
  config_error_report(build->errors, build->bundle, &error);
  alloc_free(folder);
  alloc_free(file);
}

static void report_rootless(struct host_build *build, const struct config_place *place,
                            const char *key) {
  const xmlNode *site = place->site;
  const char *name = node_get(site, "name");
  char *message = alloc_format("Unrecognized configuration path 'MACHINE/WEBROOT/APPHOST/%.500s'",
                               name ? name : key);
  struct error_report error = {.hresult = ERROR_NO_PATH,
                               .problem = "unknown-path",
                               .origin = origin_of(place->application ? place->application : site),
                               .message = message,
                               .key = key,
                               .note = "the site has no application \"/\" with a virtual "
                                       "directory \"/\"",
                               .whole = true};
  config_error_report(build->errors, build->bundle, &error);
  alloc_free(message);
}

static void check_places(struct host_build *build, const struct configuration *configuration) {
  for (size_t i = 0; i < map_count(configuration->places); i++) {
    const struct config_place *place = map_value(configuration->places, i);
    const char *key = map_key(configuration->places, i);
    if (place->directory) report_folder(build, place->directory, key);
    bool is_site = place->site && text_equal(node_get(place->site, "key"), key) &&
                   node_child(place->site, "application"); /* else it is an excerpt */
    if (is_site && !config_path_exists(configuration, key)) report_rootless(build, place, key);
  }
}

void config_check_against(struct host_build *build, const struct configuration *configuration) {
  struct against against = {.build = build, .configuration = configuration};
  check_definitions(build, configuration);
  for (size_t i = 0; i < map_count(configuration->sections); i++) {
    against.section = map_value(configuration->sections, i);
    for (size_t j = 0; j < map_count(against.section->levels); j++) {
      const struct config_inputs *inputs = map_value(against.section->levels, j);
      for (const struct config_input *each = inputs->first; each; each = each->next) {
        against.input = each;
        check_input(&against, inputs->first);
      }
    }
  }
  map_free(against.of_applications);
  check_places(build, configuration);
}
