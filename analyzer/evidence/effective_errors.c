/* Errors as answers: those of the evidence, and those of a question. */
#include "base/text.h"
#include "evidence/effective_parts.h"
#include "evidence/node.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Paths that one error names, and that all errors of an answer name together: beyond
 * that each still names its own level, and how many there are below it. */
enum { MOST_AFFECTED = 1000, MOST_AFFECTED_IN_ALL = 100000 };

/* ---- What an error takes down ---------------------------------------------------- */

struct sorted {
  const char **keys;
  size_t count;
};

static int compare_keys(const void *left, const void *right) {
  return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static struct sorted sort_places(const struct configuration *configuration) {
  struct sorted sorted = {alloc_array(map_count(configuration->places) + 1, sizeof(char *)),
                          map_count(configuration->places)};
  for (size_t i = 0; i < sorted.count; i++)
    sorted.keys[i] = map_key(configuration->places, i);
  if (sorted.count > 1) qsort((void *)sorted.keys, sorted.count, sizeof *sorted.keys, compare_keys);
  return sorted;
}

static size_t lower_bound(const struct sorted *sorted, const char *key) {
  size_t low = 0, high = sorted->count;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (strcmp(sorted->keys[middle], key) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static const char *keep(const struct configuration *configuration, char *text) {
  void **place = map_at(configuration->texts, text);
  if (*place)
    alloc_free(text);
  else
    *place = text;
  return *place;
}

struct affected {
  const char **items;
  size_t count, capacity;
};

static void affect(const struct configuration *configuration, struct affected *affected,
                   const char *key) {
  ARRAY_PUSH(affected->items, affected->count, affected->capacity) =
      keep(configuration, config_display(configuration, key));
}

/* Of the places below `key`: the number of the first, and of the first after the last. */
static size_t first_below(const struct sorted *sorted, const char *key, size_t *end) {
  *end = sorted->count;
  if (!*key) return lower_bound(sorted, "");
  char *below = text_joined(key, "/", "");
  size_t first = lower_bound(sorted, below);
  below[strlen(below) - 1] = '/' + 1;
  *end = lower_bound(sorted, below);
  alloc_free(below);
  return first;
}

/* The level itself, then the sites, applications and directories below it. */
static void settle_affected(const struct configuration *configuration, const struct sorted *sorted,
                            size_t *left, struct config_error *error, const char *key) {
  struct affected affected = {NULL, 0, 0};
  if (*key) affect(configuration, &affected, key);
  size_t end, first = first_below(sorted, key, &end), i = first;
  for (; i < end && affected.count<MOST_AFFECTED && * left> 0; i++, --*left)
    affect(configuration, &affected, sorted->keys[i]);
  error->affects = affected.items;
  error->affects_count = affected.count;
  error->affects_more = end - i;
}

/* ---- From the evidence ------------------------------------------------------------- */

static const char *or_empty(const char *text) {
  return text ? text : "";
}

static struct config_error error_of(const xmlNode *node) {
  struct config_error error = {.hresult = or_empty(node_get(node, "hresult")),
                               .problem = or_empty(node_get(node, "problem")),
                               .origin = origin_of(node),
                               .file = or_empty(node_get(node, "file")),
                               .message = or_empty(node_get(node, "message")),
                               .section = or_empty(node_get(node, "section")),
                               .note = or_empty(node_get(node, "note")),
                               .whole = text_equal(node_get(node, "scope"), "whole")};
  if (strcmp(error.problem, "not-well-formed") != 0) return error;
  error.note = error.message; /* what is wrong; IIS says less */
  error.message = "Configuration file is not well-formed XML";
  return error;
}

static bool strikes(const char *error_key, const char *key) {
  size_t size = strlen(error_key);
  return size == 0 ||
         (strncmp(error_key, key, size) == 0 && (key[size] == '/' || key[size] == '\0'));
}

/* That of applicationHost.config as a whole, then the others; NULL at the end. */
static const xmlNode *next_error(const struct configuration *configuration, const xmlNode *error) {
  const xmlNode *errors = node_child(configuration->container->parent, "configurationErrors");
  if (!errors) return NULL;
  const xmlNode *whole = node_child(errors, "applicationHost");
  const xmlNode *next = error   ? node_next(error, "configurationError")
                        : whole ? node_child(whole, "configurationError")
                                : NULL;
  bool at_end = !next && whole && (!error || error->parent == whole);
  return at_end || (!error && !whole) ? node_child(errors, "configurationError") : next;
}

static struct config_error no_server_error(const char *section) {
  return (struct config_error){.hresult = "0x80070002",
                               .problem = "no-server",
                               .file = "applicationHost.config",
                               .message = "Cannot read configuration file",
                               .section = section,
                               .note =
                                   "the bundle has no applicationHost.config that could be read",
                               .whole = true};
}

/* Is applicationHost.config simply not there? (Where shared configuration sends IIS to
 * another file, some file of the bundle says so.) */
static bool has_no_server(const struct configuration *configuration) {
  if (!configuration->unknown_reason) return false;
  for (const xmlNode *mark = node_child(configuration->container, "unknown"); mark;
       mark = node_next(mark, "unknown"))
    if (origin_of(mark).source) return false;
  return true;
}

struct config_errors effective_errors(const struct configuration *configuration, const char *path) {
  struct config_errors errors = {NULL, 0, 0};
  char *key = path ? config_key(path) : NULL;
  struct sorted sorted = sort_places(configuration);
  size_t left = MOST_AFFECTED_IN_ALL;
  for (const xmlNode *node = next_error(configuration, NULL); node;
       node = next_error(configuration, node)) {
    const char *own = or_empty(node_get(node, "key"));
    if (key && !strikes(own, key)) continue;
    struct config_error error = error_of(node);
    settle_affected(configuration, &sorted, &left, &error, own);
    ARRAY_PUSH(errors.items, errors.count, errors.capacity) = error;
  }
  alloc_free((void *)sorted.keys);
  alloc_free(key);
  if (errors.count == 0 && has_no_server(configuration))
    ARRAY_PUSH(errors.items, errors.count, errors.capacity) = no_server_error("");
  return errors;
}

void config_errors_dispose(struct config_errors *errors) {
  for (size_t i = 0; i < errors->count; i++)
    alloc_free((void *)(uintptr_t)errors->items[i].affects);
  alloc_free(errors->items);
  *errors = (struct config_errors){NULL, 0, 0};
}

/* ---- Of a question ------------------------------------------------------------------- */

struct asking {
  const struct configuration *configuration;
  struct arena *arena;
  const struct config_section *section;
  const char *key;
  struct config_errors errors;
};

static void refuse(struct asking *asking, const char *hresult, const char *problem,
                   struct origin origin, char *message, const char *note) {
  const char **affects = alloc_array(1, sizeof *affects);
  affects[0] = arena_keep(asking->arena, config_display(asking->configuration, asking->key));
  struct config_error error = {.hresult = hresult,
                               .problem = problem,
                               .origin = origin,
                               .file = "",
                               .message = arena_keep(asking->arena, message),
                               .section = asking->section->path,
                               .note = note,
                               .affects = affects,
                               .affects_count = 1};
  ARRAY_PUSH(asking->errors.items, asking->errors.count, asking->errors.capacity) = error;
}

/* Of the file that is applicationHost.config, without a line. */
static struct origin server_file(const struct configuration *configuration) {
  for (const xmlNode *level = node_child(configuration->container, "level"); level;
       level = node_next(level, "level"))
    if (text_equal(node_get(level, "kind"), "server"))
      return (struct origin){origin_of(level).source, 0, 0};
  const xmlNode *error = next_error(configuration, NULL);
  return (struct origin){error ? origin_of(error).source : 0, 0, 0};
}

/* Does the whole file of this error fall, so that nothing can be read below? */
static bool is_of_file(const struct config_error *error) {
  return *error->section == '\0' || strcmp(error->problem, "unknown-section") == 0 ||
         strcmp(error->problem, "duplicate-section") == 0;
}

/* Is it of a web.config, which the view of applicationHost.config does not read? */
static bool is_below(const struct configuration *configuration, const struct config_error *error) {
  for (const xmlNode *level = node_child(configuration->container, "level"); level;
       level = node_next(level, "level"))
    if (origin_of(level).source == error->origin.source && error->origin.source)
      return text_equal(node_get(level, "kind"), "webConfig") ||
             text_equal(node_get(level, "in"), "webConfig");
  return strcmp(error->problem, "physical-path") == 0;
}

static void add_known(struct asking *asking, enum effective_view view) {
  char *path = config_display(asking->configuration, asking->key);
  struct config_errors all = effective_errors(asking->configuration, path);
  alloc_free(path);
  for (size_t i = 0; i < all.count; i++) {
    struct config_error *error = &all.items[i];
    bool ours = is_of_file(error) || strcmp(error->section, asking->section->path) == 0;
    if (!ours || (view == VIEW_APPHOST && is_below(asking->configuration, error))) continue;
    ARRAY_PUSH(asking->errors.items, asking->errors.count, asking->errors.capacity) = *error;
    error->affects = NULL;
  }
  config_errors_dispose(&all);
}

/* The <section> that is in scope; NULL: none. */
static const xmlNode *declaration(const struct asking *asking) {
  const struct config_section *section = asking->section;
  if (section->definition && section->definition_kind != CONFIG_WEB) return section->definition;
  if (!section->definitions) return NULL;
  char *key = alloc_text(asking->key);
  const xmlNode *found = map_get(section->definitions, key);
  for (char *slash = strrchr(key, '/'); slash && !found; slash = strrchr(key, '/')) {
    *slash = '\0';
    found = map_get(section->definitions, key);
  }
  alloc_free(key);
  return found;
}

static void check_section(struct asking *asking) {
  const char *path = asking->section->path;
  const struct schema_section *schema = asking->section->schema;
  const xmlNode *declared = declaration(asking);
  bool built_in = strcmp(path, "configProtectedData") == 0;
  bool excerpt = asking->configuration->is_excerpt && !asking->configuration->unknown_reason;
  bool of_machine =
      built_in || excerpt || (schema && schema->framework && !asking->configuration->has_machine);
  struct origin origin = declared ? (struct origin){origin_of(declared).source, 0, 0}
                                  : server_file(asking->configuration);
  if (!declared && !of_machine)
    refuse(asking, "0x8007000d", "undeclared-section", origin,
           alloc_format("The configuration section '%s' cannot be read because it is missing a "
                        "section declaration",
                        path),
           "");
  else if (!schema || !schema->root)
    refuse(asking, "0x80070003", "missing-schema", origin,
           alloc_format("The configuration section '%s' cannot be read because it is missing "
                        "schema",
                        path),
           "");
}

static bool has_problem(const struct asking *asking, const char *problem) {
  for (size_t i = 0; i < asking->errors.count; i++)
    if (strcmp(asking->errors.items[i].problem, problem) == 0) return true;
  return false;
}

struct config_errors effective_question_errors(const struct configuration *configuration,
                                               struct arena *arena,
                                               const struct config_section *section,
                                               const char *key, const char *path,
                                               enum effective_view view) {
  struct asking asking = {.configuration = configuration,
                          .arena = arena,
                          .section = section,
                          .key = key,
                          .errors = {NULL, 0, 0}};
  add_known(&asking, view);
  if (configuration->unknown_reason) {
    if (has_problem(&asking, "not-configuration")) {
      config_errors_dispose(&asking.errors);
      check_section(&asking);
    }
    if (asking.errors.count == 0)
      ARRAY_PUSH(asking.errors.items, asking.errors.count, asking.errors.capacity) =
          no_server_error(section->path);
    return asking.errors;
  }
  if (!config_path_exists(configuration, key) && !has_problem(&asking, "unknown-path"))
    refuse(&asking, "0x80070003", "unknown-path", server_file(configuration),
           alloc_format("Unrecognized configuration path 'MACHINE/WEBROOT/APPHOST/%s'", path), "");
  check_section(&asking);
  return asking.errors;
}

bool effective_is_answerable(const struct configuration *configuration,
                             const struct config_errors *errors,
                             const struct config_section *section, const char *key) {
  if (configuration->unknown_reason || !config_path_exists(configuration, key)) return false;
  if (!section->schema || !section->schema->root) return false;
  for (size_t i = 0; i < errors->count; i++)
    if (is_of_file(&errors->items[i]) ||
        strcmp(errors->items[i].problem, "undeclared-section") == 0)
      return false;
  return true;
}
