/* Modules that are not there: what globalModules, isapiFilters and httpCompression of the
 * server level load, held against listings of whole folders. IIS answers 0x8007007e
 * (learn.microsoft.com, KB942055). Where no whole listing has the folder, nothing is said. */
#include "base/text.h"
#include "evidence/config_check.h"
#include "evidence/config_map_names.h"
#include "evidence/host_folders.h"
#include "evidence/node.h"

#include <string.h>

static const struct {
  const char *section, *attribute;
  bool whole; /* every request needs it, where no precondition keeps it from some pools */
} loaded[] = {
    {"system.webServer/globalModules", "image", true},
    {"system.webServer/isapiFilters", "path", true},
    {"system.webServer/httpCompression", "dll", false},
};

/* A whole listing of its folder lacks it. Names alone are looked for along the PATH. */
static bool is_missing(const struct host_build *build, const char *path) {
  char *key = windows_key(path, NULL), *name = strrchr(key, '/');
  bool missing = false;
  if (name && key[0] && key[1] == ':' && !strchr(key, '%')) {
    *name++ = '\0';
    missing = folder_has(build->folder_index, key, name) == FOLDER_LACKS;
  }
  alloc_free(key);
  return missing;
}

static void check_item(struct host_build *build, size_t number, const xmlNode *item) {
  const char *path = node_get(item, loaded[number].attribute);
  if (!path || !is_missing(build, path)) return;
  const char *condition = node_get(item, "preCondition");
  char *note = alloc_format("the listing of its folder does not have %s", path);
  struct error_report error = {.hresult = ERROR_NO_MODULE,
                               .problem = "missing-module",
                               .origin = node_attribute_origin(item, loaded[number].attribute),
                               .message = "The specified module could not be found",
                               .section = loaded[number].section,
                               .key = "",
                               .note = note,
                               .whole = loaded[number].whole && (!condition || !*condition)};
  config_error_report(build->errors, build->bundle, &error);
  alloc_free(note);
}

void config_check_modules(struct host_build *build, const struct configuration *configuration) {
  for (size_t i = 0; i < sizeof loaded / sizeof *loaded; i++) {
    struct configuration_items items = configuration_items(configuration, "", loaded[i].section);
    for (size_t j = 0; j < items.count; j++)
      check_item(build, i, items.nodes[j]);
    configuration_items_dispose(&items);
  }
}
