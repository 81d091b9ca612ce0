/* Configuration paths and the disk: which site, application and virtual directory
 * a key belongs to (the longest prefix of each), and whose web.config counts. */
#include "base/buffer.h"
#include "evidence/config_engine.h"
#include "evidence/node.h"

#include <stdint.h>
#include <string.h>

static struct config_place *place_at(struct configuration *configuration, const char *key) {
  void **place = map_at(configuration->places, key);
  if (!*place) *place = alloc_bytes(sizeof(struct config_place));
  return *place;
}

static bool says_false(const xmlNode *element, const char *name) {
  const char *value = element ? node_get(element, name) : NULL;
  return value && text_equal_nocase(value, "false");
}

static void index_application(struct configuration *configuration, const xmlNode *site,
                              const xmlNode *application) {
  const char *key = node_get(application, "key");
  if (!key) return;
  struct config_place *place = place_at(configuration, key);
  if (!place->application) place->site = site, place->application = application;
  if (node_child(application, "virtualDirectoryDefaults")) configuration->some_ignored = true;
  for (const xmlNode *each = node_child(application, "virtualDirectory"); each;
       each = node_next(each, "virtualDirectory")) {
    const char *own = node_get(each, "key");
    if (!own) continue;
    struct config_place *at = place_at(configuration, own);
    if (!at->directory) at->directory = each;
    if (says_false(each, "allowSubDirConfig")) configuration->some_ignored = true;
  }
}

static void index_site(struct configuration *configuration, const xmlNode *site) {
  const char *key = node_get(site, "key");
  if (!key) return;
  struct config_place *place = place_at(configuration, key);
  if (!place->site) place->site = site;
  if (node_child(site, "virtualDirectoryDefaults")) configuration->some_ignored = true;
  for (const xmlNode *each = node_child(site, "application"); each;
       each = node_next(each, "application"))
    index_application(configuration, site, each);
}

static void index_pools(struct configuration *configuration, const xmlNode *pools) {
  for (const xmlNode *pool = node_child(pools, "applicationPool"); pool;
       pool = node_next(pool, "applicationPool")) {
    const char *key = node_get(pool, "key");
    if (key) *map_at(configuration->pools, key) = (void *)(uintptr_t)pool;
    if (says_false(pool, "enableConfigurationOverride")) configuration->some_ignored = true;
  }
}

void config_places_index(struct configuration *configuration, const xmlNode *host) {
  const xmlNode *sites = host ? node_child(host, "sites") : NULL;
  const xmlNode *pools = host ? node_child(host, "applicationPools") : NULL;
  for (const xmlNode *site = sites ? node_child(sites, "site") : NULL; site;
       site = node_next(site, "site"))
    index_site(configuration, site);
  if (pools) index_pools(configuration, pools);
  if ((configuration->sites_section &&
       node_child(configuration->sites_section, "virtualDirectoryDefaults")) ||
      (configuration->pools_section &&
       node_child(configuration->pools_section, "applicationPoolDefaults")))
    configuration->some_ignored = true;
}

/* ---- Keys --------------------------------------------------------------------------- */

char *config_trimmed(const char *path) {
  static const char *const prefixes[] = {"machine", "webroot", "apphost"};
  char *copy = alloc_text(path), *at = copy;
  for (char *each = copy; *each; each++)
    if (*each == '\\') *each = '/';
  at += strspn(at, "/");
  for (size_t i = 0; i < 3; i++) {
    size_t size = strcspn(at, "/");
    if (!span_equal_nocase((struct span){at, size}, prefixes[i])) break;
    at += size;
    at += strspn(at, "/");
  }
  size_t size = strlen(at);
  while (size > 0 && at[size - 1] == '/')
    at[--size] = '\0';
  char *trimmed = alloc_text(strcmp(at, ".") == 0 ? "" : at);
  alloc_free(copy);
  return trimmed;
}

char *config_key(const char *path) {
  char *trimmed = config_trimmed(path), *key = text_lower(trimmed);
  alloc_free(trimmed);
  return key;
}

static const struct config_place *place_of_prefix(const struct configuration *configuration,
                                                  const char *key, size_t size) {
  char small[256];
  if (size < sizeof small) {
    memcpy(small, key, size);
    small[size] = '\0';
    return map_get(configuration->places, small);
  }
  char *copy = alloc_text_n(key, size);
  const struct config_place *place = map_get(configuration->places, copy);
  alloc_free(copy);
  return place;
}

const struct config_place *config_place_at(const struct configuration *configuration,
                                           const char *key) {
  return map_get(configuration->places, key);
}

/* The next shorter prefix on a segment's boundary; SIZE_MAX when there is none. */
static size_t shorter(const char *key, size_t size) {
  while (size > 0)
    if (key[--size] == '/') return size;
  return SIZE_MAX;
}

size_t config_application_of(const struct configuration *configuration, const char *key) {
  for (size_t size = strlen(key); size != SIZE_MAX && size > 0; size = shorter(key, size)) {
    const struct config_place *place = place_of_prefix(configuration, key, size);
    if (place && place->application) return size;
  }
  return SIZE_MAX;
}

bool config_is_application(const struct configuration *configuration, const char *key) {
  const struct config_place *place = map_get(configuration->places, key);
  if (place) return place->application != NULL;
  return *key && !strchr(key, '/'); /* a site that is not told */
}

/* The virtual directory of a key within its application. */
static const xmlNode *directory_of(const struct configuration *configuration, const char *key,
                                   size_t least, const xmlNode *application, size_t *at) {
  for (size_t size = strlen(key); size != SIZE_MAX && size >= least; size = shorter(key, size)) {
    const struct config_place *place = place_of_prefix(configuration, key, size);
    *at = size;
    if (place && place->directory && place->directory->parent == application)
      return place->directory;
  }
  return NULL;
}

bool config_path_exists(const struct configuration *configuration, const char *key) {
  if (!*key) return true;
  const struct config_place *site = place_of_prefix(configuration, key, strcspn(key, "/"));
  return site && site->site && site->application && site->directory;
}

struct level_place level_place_find(const xmlNode *site, const char *key) {
  struct level_place best = {NULL, NULL, {"", 0}};
  size_t best_application = 0, best_directory = 0;
  for (const xmlNode *each = node_child(site, "application"); each;
       each = node_next(each, "application")) {
    const char *own = node_get(each, "key");
    size_t size = own ? strlen(own) : 0;
    bool prefix = own && strncmp(own, key, size) == 0 && (key[size] == '/' || !key[size]);
    if (prefix && (!best.application || size > best_application))
      best.application = each, best_application = size;
  }
  for (const xmlNode *each = best.application ? node_child(best.application, "virtualDirectory")
                                              : NULL;
       each; each = node_next(each, "virtualDirectory")) {
    const char *own = node_get(each, "key");
    size_t size = own ? strlen(own) : 0;
    bool prefix = own && strncmp(own, key, size) == 0 && (key[size] == '/' || !key[size]);
    if (prefix && (!best.directory || size > best_directory))
      best.directory = each, best_directory = size;
  }
  if (!best.directory) return (struct level_place){NULL, NULL, {"", 0}};
  best.rest = span_of(key + best_directory + (key[best_directory] == '/'));
  return best;
}

/* ---- As people write it ------------------------------------------------------------- */

static void add_path(struct buffer *text, const xmlNode *element) {
  const char *path = element ? node_get(element, "path") : NULL;
  size_t size = path ? strlen(path) : 0;
  while (size > 0 && path[size - 1] == '/')
    size--;
  if (size == 0) return;
  if (path[0] != '/') buffer_add_char(text, '/');
  buffer_add(text, path, size);
}

static void add_place(struct buffer *text, const struct config_place *place) {
  const xmlNode *element = place->directory ? place->directory : place->application;
  const xmlNode *application = place->application ? place->application
                               : element          ? element->parent
                                                  : NULL;
  const xmlNode *site = place->site ? place->site : application ? application->parent : NULL;
  const char *name = site ? node_get(site, "name") : NULL;
  buffer_add_text(text, name ? name : "");
  add_path(text, application);
  if (!place->application) add_path(text, place->directory);
}

char *config_display(const struct configuration *configuration, const char *key) {
  for (size_t size = strlen(key); size != SIZE_MAX && size > 0; size = shorter(key, size)) {
    const struct config_place *place = place_of_prefix(configuration, key, size);
    if (!place) continue;
    struct buffer text = buffer_make(1 << 20);
    add_place(&text, place);
    buffer_add_text(&text, key + size);
    return buffer_take(&text);
  }
  return alloc_text(key);
}

/* ---- Whose web.config counts ----------------------------------------------------------- */

static const char *default_of(const xmlNode *parent, const char *element, const char *attribute) {
  const xmlNode *defaults = parent ? node_child(parent, element) : NULL;
  return defaults ? node_get(defaults, attribute) : NULL;
}

static bool overrides_configuration(const struct configuration *configuration,
                                    const xmlNode *application) {
  const char *name = node_get(application, "applicationPool");
  char *lower = text_lower(name ? name : "");
  const xmlNode *pool = map_get(configuration->pools, lower);
  alloc_free(lower);
  const char *value = pool ? node_get(pool, "enableConfigurationOverride") : NULL;
  if (!value)
    value = default_of(configuration->pools_section, "applicationPoolDefaults",
                       "enableConfigurationOverride");
  return !value || !text_equal_nocase(value, "false");
}

static bool allows_below(const struct configuration *configuration, const xmlNode *directory) {
  const char *value = node_get(directory, "allowSubDirConfig");
  const xmlNode *application = directory->parent, *site = application->parent;
  static const char *const defaults = "virtualDirectoryDefaults";
  if (!value) value = default_of(application, defaults, "allowSubDirConfig");
  if (!value) value = default_of(site, defaults, "allowSubDirConfig");
  if (!value) value = default_of(configuration->sites_section, defaults, "allowSubDirConfig");
  return !value || !text_equal_nocase(value, "false");
}

const char *config_ignored(const struct configuration *configuration, const char *key) {
  if (!configuration->some_ignored || !*key) return NULL;
  size_t size = config_application_of(configuration, key);
  if (size == SIZE_MAX) return NULL;
  const struct config_place *place = place_of_prefix(configuration, key, size);
  if (!overrides_configuration(configuration, place->application))
    return "enableConfigurationOverride";
  size_t at = 0;
  const xmlNode *directory = directory_of(configuration, key, size, place->application, &at);
  bool below = directory && key[at] != '\0';
  return below && !allows_below(configuration, directory) ? "allowSubDirConfig" : NULL;
}

enum config_file_state config_state_at(const struct configuration *configuration, const char *key) {
  const struct config_level_file *file = map_get(configuration->files, key);
  if (file) return file->state;
  if (map_count(configuration->files) == 0) return CONFIG_NOT_IN_BUNDLE;
  char *copy = alloc_text(key);
  enum config_file_state state = CONFIG_NOT_IN_BUNDLE;
  for (char *slash = strrchr(copy, '/'); slash; slash = strrchr(copy, '/')) {
    const struct config_place *place = map_get(configuration->places, copy);
    if (place && (place->directory || place->application)) break; /* another folder on the disk */
    *slash = '\0';
    file = map_get(configuration->files, copy);
    if (!file) continue;
    if (file->complete_below) state = CONFIG_NONE;
    break;
  }
  alloc_free(copy);
  return state;
}

/* ---- Environment variables ---------------------------------------------------------------- */

static const char *variable(struct span name) {
  static const char *const known[][2] = {{"SystemDrive", "C:"},
                                         {"SystemRoot", "C:\\Windows"},
                                         {"windir", "C:\\Windows"},
                                         {"ProgramFiles", "C:\\Program Files"},
                                         {"ProgramFiles(x86)", "C:\\Program Files (x86)"},
                                         {"ProgramData", "C:\\ProgramData"},
                                         {"ALLUSERSPROFILE", "C:\\ProgramData"},
                                         {"CommonProgramFiles", "C:\\Program Files\\Common Files"}};
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (span_equal_nocase(name, known[i][0])) return known[i][1];
  return NULL;
}

char *config_expand(const char *text) {
  struct buffer out = buffer_make(1 << 20);
  for (const char *at = text; *at;) {
    const char *end = *at == '%' ? strchr(at + 1, '%') : NULL;
    const char *value = end ? variable((struct span){at + 1, (size_t)(end - at) - 1}) : NULL;
    if (value) {
      buffer_add_text(&out, value);
      at = end + 1;
    } else {
      buffer_add_char(&out, *at++);
    }
  }
  return buffer_take(&out);
}
