/* The files below and above applicationHost.config enter the evidence, and all of them
 * are held against each other. */
#include "base/text.h"
#include "evidence/config_adopt.h"
#include "evidence/config_check.h"
#include "evidence/node.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* HKLM\SOFTWARE\Microsoft\InetStp\Configuration\MaxWebConfigFileSizeInKB, when not set
 * (learn.microsoft.com, "HTTP Error 500.19", 0x80070032). */
enum { LARGEST_WEB_CONFIG = 250 * 1024 };

struct entering {
  struct host_build *build;
  const struct config_files *files;
  struct configuration *places; /* knows sites and pools only */
  struct iis_schema *schema;
  struct map *groups, *sections; /* declared by what has entered so far */
  struct map *readings;          /* artifact number -> struct entered */
  size_t level_count;            /* <level> elements so far */
};

/* What one reading became, in case its folder is mapped again. */
struct entered {
  const char *key;
  xmlNode *first; /* its first level, number first_level + 1 */
  size_t first_level, level_count;
  xmlNode *first_error, *last_error; /* NULL: none */
};

static xmlNode *root_of(const struct reading *reading) {
  xmlNode *facts = reading->facts;
  if (!facts) return NULL;
  if (strcmp((const char *)facts->name, "configuration") == 0) return facts;
  return node_child(facts, "configuration");
}

static void report(struct entering *entering, const struct config_file *file, const char *hresult,
                   const char *problem, const char *message, const char *note) {
  const struct reading *reading = file->reading;
  struct origin origin = {0, 0, 0};
  if (reading)
    origin = reading->complete ? (struct origin){reading->artifact->number + 1, 0, 0}
                               : reading->broken_at;
  char *name = reading ? NULL : text_joined(file->folder ? file->folder : "", "\\", "web.config");
  struct error_report error = {.hresult = hresult,
                               .problem = problem,
                               .origin = origin,
                               .file = name,
                               .message = message,
                               .key = file->key,
                               .note = note,
                               .whole = true};
  config_error_report(entering->build->errors, entering->build->bundle, &error);
  alloc_free(name);
}

/* ---- Levels --------------------------------------------------------------------------- */

static const char *kind_word(enum config_file_kind kind) {
  static const char *const words[] = {"machine", "rootWeb", "server", "webConfig"};
  return words[kind];
}

static void set_file(xmlNode *level, const struct config_file *file) {
  struct origin origin = origin_of(level);
  if (file->folder && *file->folder) node_set(level, "folder", file->folder, origin);
  if (file->state == CONFIG_NONE) node_set(level, "state", "none", origin);
  if (file->state == CONFIG_DAMAGED) node_set(level, "state", "damaged", origin);
  if (file->state == CONFIG_NOT_IN_BUNDLE) node_set(level, "state", "notInBundle", origin);
  if (file->complete_below) node_set(level, "completeBelow", "true", origin);
  if (file->folder_missing) node_set(level, "folderMissing", "true", origin);
}

static xmlNode *add_level(struct entering *entering, const struct config_file *file) {
  struct origin origin = {0, 0, 0};
  if (file->reading) origin.source = file->reading->artifact->number + 1;
  xmlNode *level = node_add(entering->build->configuration, "level", origin);
  node_set(level, "key", file->key, origin);
  node_set(level, "kind", kind_word(file->kind), origin);
  set_file(level, file);
  entering->level_count++;
  return level;
}

/* The first level behind `last`. */
static xmlNode *level_behind(xmlNode *container, xmlNode *last) {
  return last ? node_next(last, "level") : node_child(container, "level");
}

static size_t count_levels(const xmlNode *first) {
  size_t count = 0;
  for (; first; first = node_next(first, "level"))
    count++;
  return count;
}

static void remember_declarations(struct entering *entering, const char *path) {
  char *copy = alloc_text(path);
  *map_at(entering->sections, copy) = entering;
  for (char *slash = strrchr(copy, '/'); slash; slash = strrchr(copy, '/')) {
    *slash = '\0';
    *map_at(entering->groups, copy) = entering;
  }
  alloc_free(copy);
}

/* ---- Files ----------------------------------------------------------------------------- */

/* Moves what is after `last` to the front: files of the machine stand above all others. */
static void to_front(xmlNode *container, xmlNode *last) {
  xmlNode *front = container->children;
  for (xmlNode *node = last ? last->next : NULL, *next; node; node = next) {
    next = node->next;
    xmlAddPrevSibling(front, node);
  }
}

static void adopt(struct entering *entering, const struct config_file *file, xmlNode *root) {
  struct config_adoption adoption = {.build = entering->build,
                                     .schema = entering->schema,
                                     .kind = file->kind,
                                     .key = file->key,
                                     .file = file,
                                     .source = entering->files->source,
                                     .source_data = entering->files->source_data,
                                     .groups_above = entering->groups,
                                     .sections_above = entering->sections};
  xmlNode *last = entering->build->configuration->last;
  config_adopt(&adoption, root);
  xmlNode *first = level_behind(entering->build->configuration, last);
  if (first) set_file(first, file);
  entering->level_count += count_levels(first);
  for (size_t i = 0; i < map_count(adoption.sections); i++)
    remember_declarations(entering, map_key(adoption.sections, i));
  map_free(adoption.groups);
  map_free(adoption.sections);
  if (file->kind < CONFIG_APPLICATION_HOST) to_front(entering->build->configuration, last);
}

static const char *message_of_damage(const struct config_file *file) {
  const char *why = file->reading->broken_why ? file->reading->broken_why : "";
  static const char *const malformed = "not well-formed: ";
  return text_starts(why, malformed) ? why + strlen(malformed) : why;
}

static void enter_damaged(struct entering *entering, const struct config_file *file) {
  xmlNode *last = entering->build->configuration->last;
  add_level(entering, file);
  if (file->kind < CONFIG_APPLICATION_HOST) to_front(entering->build->configuration, last);
  if (!file->reading) return;
  const char *problem = file->reading->problem ? file->reading->problem : "not-well-formed";
  report(entering, file, ERROR_INVALID_DATA, problem, message_of_damage(file), NULL);
}

/* The levels of a file again, for another level of the same folder. */
static void repeat_levels(struct entering *entering, const struct entered *entered,
                          const struct config_file *file) {
  xmlNode *container = entering->build->configuration;
  xmlNode *source = entered->first;
  for (size_t i = 0; source && i < entered->level_count; i++) {
    static const char *const copied[] = {
        "kind", "path", "in", "overrideMode", "overrideBy", "inheritInChildApplications"};
    xmlNode *level = node_add(container, "level", origin_of(source));
    const char *below = node_get(source, "key") + strlen(entered->key);
    char *key = text_joined(file->key, "", below), number[24];
    node_set(level, "key", key, origin_of(source));
    for (size_t j = 0; j < sizeof copied / sizeof *copied; j++)
      node_set(level, copied[j], node_get(source, copied[j]),
               node_attribute_origin(source, copied[j]));
    if (node_get(source, "inKey")) node_set(level, "inKey", file->key, origin_of(source));
    snprintf(number, sizeof number, "%zu", entered->first_level + i + 1);
    node_set(level, "sameAs", number, origin_of(source));
    if (i == 0) set_file(level, file);
    alloc_free(key);
    entering->level_count++;
    source = node_next(source, "level");
  }
}

static void repeat_errors(struct entering *entering, const struct entered *entered,
                          const struct config_file *file) {
  if (!entered->first_error) return;
  for (xmlNode *error = entered->first_error;; error = error->next) {
    xmlNode *copy = node_add(entering->build->errors, "configurationError", origin_of(error));
    for (const xmlAttr *each = error->properties; each; each = each->next)
      node_set(copy, (const char *)each->name, node_get(error, (const char *)each->name),
               origin_of(error));
    char *key = text_joined(file->key, "", node_get(error, "key") + strlen(entered->key));
    node_set(copy, "key", key, origin_of(error));
    alloc_free(key);
    if (error == entered->last_error) return;
  }
}

static void enter_found(struct entering *entering, const struct config_file *file) {
  char number[16];
  snprintf(number, sizeof number, "%u", (unsigned)file->reading->artifact->number);
  void **place = map_at(entering->readings, number);
  struct entered *entered = *place;
  if (entered) {
    repeat_levels(entering, entered, file);
    repeat_errors(entering, entered, file);
    return;
  }
  entered = *place = alloc_bytes(sizeof *entered);
  entered->key = file->key;
  entered->first_level = entering->level_count;
  xmlNode *errors = entering->build->errors, *before = errors->last;
  xmlNode *last = entering->build->configuration->last;
  xmlNode *root = root_of(file->reading);
  if (!root) {
    report(entering, file, ERROR_INVALID_DATA, "not-configuration", "",
           "the document element is not <configuration>");
    add_level(entering, file);
  } else {
    adopt(entering, file, root);
  }
  if (file->kind == CONFIG_WEB && file->reading->artifact->size > LARGEST_WEB_CONFIG)
    report(entering, file, ERROR_TOO_LARGE, "too-large",
           "Cannot read configuration file because it exceeds the maximum file size",
           "the limit is 250 KB unless MaxWebConfigFileSizeInKB in the registry says otherwise");
  entered->level_count = entering->level_count - entered->first_level;
  entered->first = level_behind(entering->build->configuration, last);
  entered->first_error = before ? before->next : errors->children;
  entered->last_error = errors->last;
}

static void enter_file(struct entering *entering, const struct config_file *file) {
  if (file->kind == CONFIG_WEB && config_ignored(entering->places, file->key)) {
    add_level(entering, file); /* there, and IIS does not look at it */
    return;
  }
  if (file->state == CONFIG_FOUND && file->reading)
    enter_found(entering, file);
  else if (file->state == CONFIG_DAMAGED)
    enter_damaged(entering, file);
  else
    add_level(entering, file);
}

/* ---- Order ------------------------------------------------------------------------------- */

static size_t depth_of(const char *key) {
  size_t depth = *key != '\0';
  for (; *key; key++)
    depth += *key == '/';
  return depth;
}

static int compare(const void *left, const void *right) {
  const struct config_file *a = *(const struct config_file *const *)left;
  const struct config_file *b = *(const struct config_file *const *)right;
  if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
  size_t deep_a = depth_of(a->key), deep_b = depth_of(b->key);
  if (deep_a != deep_b) return deep_a < deep_b ? -1 : 1;
  return strcmp(a->key, b->key);
}

/* From the top of the hierarchy down; of the machine's two the root web.config first,
 * since each goes to the front of what is there. */
static void enter_files(struct entering *entering) {
  const struct config_files *files = entering->files;
  const struct config_file **order = alloc_array(files->count + 1, sizeof *order);
  size_t count = 0;
  for (size_t i = 0; i < files->count; i++)
    if (files->items[i].kind != CONFIG_APPLICATION_HOST) order[count++] = &files->items[i];
  if (count > 1) qsort(order, count, sizeof *order, compare);
  for (size_t i = count; i-- > 0;)
    if (order[i]->kind < CONFIG_APPLICATION_HOST) enter_file(entering, order[i]);
  for (size_t i = 0; i < count; i++)
    if (order[i]->kind == CONFIG_WEB) enter_file(entering, order[i]);
  alloc_free(order);
}

static void enter_all(struct host_build *build, const struct config_files *files) {
  struct entering entering = {.build = build,
                              .files = files,
                              .places = config_places_new(build->configuration),
                              .schema = iis_schema_new_of(build->configuration, NULL),
                              .groups = map_new(),
                              .sections = map_new(),
                              .readings = map_new()};
  entering.level_count = count_levels(node_child(build->configuration, "level"));
  for (const xmlNode *each = node_child(build->configuration, "sectionDefinition"); each;
       each = node_next(each, "sectionDefinition"))
    remember_declarations(&entering, node_get(each, "path"));
  enter_files(&entering);
  for (size_t i = 0; i < map_count(entering.readings); i++)
    alloc_free(map_value(entering.readings, i));
  map_free(entering.readings);
  map_free(entering.groups);
  map_free(entering.sections);
  iis_schema_free(entering.schema);
  configuration_free(entering.places);
}

/* Are all web.configs of the server there, or known not to exist? */
static bool all_are_known(const struct configuration *configuration) {
  for (size_t i = 0; i < map_count(configuration->places); i++) {
    const char *key = map_key(configuration->places, i);
    const struct config_place *place = map_value(configuration->places, i);
    const struct config_level_file *file = map_get(configuration->files, key);
    if (!*key || (!place->directory && !place->application) || config_ignored(configuration, key))
      continue;
    if (!file || !file->complete_below || file->state == CONFIG_NOT_IN_BUNDLE) return false;
  }
  return true;
}

/* What is wrong in a file that is not in the bundle is not known. */
static void mark_errors(struct host_build *build) {
  if (build->engine->unknown_reason || all_are_known(build->engine)) return;
  node_mark(build->errors, "configurationError", "configurationErrors", UNKNOWN_NOT_IN_BUNDLE,
            "web-config", "not every web.config of the server is in the bundle", nowhere());
}

void host_effective_build(struct host_build *build, const struct config_files *files) {
  if (files && files->count) enter_all(build, files);
  build->engine = configuration_new(build->configuration);
  build->engine->bundle = build->bundle;
  if (!build->engine->unknown_reason) {
    config_check_against(build, build->engine);
    config_check_modules(build, build->engine);
  }
  config_errors_sort(build->errors, build->configuration);
  mark_errors(build);
}
