/* Settings: reading them, and putting them into rule files. */
#include "rulebook/settings.h"

#include "base/origin.h"
#include "base/text.h"
#include "base/xml_source.h"
#include "rulebook/own_names.h"

#include <string.h>

struct settings *settings_new(void) {
  return alloc_bytes(sizeof(struct settings));
}

static void free_list(struct setting *items, size_t count) {
  for (size_t i = 0; i < count; i++) {
    alloc_free(items[i].name);
    alloc_free(items[i].standard);
    alloc_free(items[i].unit);
    alloc_free(items[i].about);
    alloc_free(items[i].value);
  }
  alloc_free(items);
}

void settings_free(struct settings *settings) {
  if (!settings) return;
  free_list(settings->given, settings->given_count);
  free_list(settings->known, settings->known_count);
  alloc_free(settings->path);
  alloc_free(settings);
}

static struct setting *find(struct setting *items, size_t count, const char *name) {
  for (size_t i = 0; i < count; i++)
    if (text_equal(items[i].name, name)) return &items[i];
  return NULL;
}

static bool is_number(const char *text) {
  size_t size = strspn(text, "0123456789");
  return size > 0 && size <= 9 && text[size] == '\0';
}

/* ---- The file ---- */

static char *value_of(const xmlNode *element, const char *name) {
  xmlChar *value = xmlGetNoNsProp(element, (const xmlChar *)name);
  char *copy = alloc_text(value ? (const char *)value : "");
  xmlFree(value);
  return copy;
}

static bool read_set(struct settings *settings, const xmlNode *element, struct diags *diags) {
  struct origin at = origin_of(element);
  struct setting one = {
      .name = value_of(element, "name"), .value = value_of(element, "value"), .line = at.line};
  const char *wrong = NULL;
  if (!*one.name)
    wrong = "set needs an attribute 'name'";
  else if (!is_number(one.value))
    wrong = "set needs an attribute 'value': a whole number of at most nine digits";
  else if (find(settings->given, settings->given_count, one.name))
    wrong = "this setting is given twice";
  if (wrong) diags_add(diags, DIAG_ERROR, settings->path, at.line, at.column, "%s", wrong);
  ARRAY_PUSH(settings->given, settings->given_count, settings->given_capacity) = one;
  return !wrong;
}

static bool read_all(struct settings *settings, const xmlNode *root, struct diags *diags) {
  bool good = true;
  struct origin at = origin_of(root);
  if (!text_equal((const char *)root->name, "settings") || root->ns) {
    diags_add(diags, DIAG_ERROR, settings->path, at.line, at.column,
              "this is no settings file: its document element must be 'settings'");
    return false;
  }
  for (const xmlNode *n = root->children; n; n = n->next) {
    if (n->type != XML_ELEMENT_NODE) continue;
    if (text_equal((const char *)n->name, "set") && !n->ns) {
      good = read_set(settings, n, diags) && good;
      continue;
    }
    at = origin_of(n);
    diags_add(diags, DIAG_ERROR, settings->path, at.line, at.column,
              "settings holds nothing but 'set' elements");
    good = false;
  }
  return good;
}

bool settings_read(struct settings *settings, const char *path, const char *text, size_t size,
                   struct diags *diags) {
  struct xml_failure failure;
  struct xml_source_options options = {.source = 1};
  xmlDoc *document = xml_source_parse(text, size, &options, &failure);
  settings->path = alloc_text(path);
  if (!document) {
    diags_add(diags, DIAG_ERROR, path, failure.line, failure.column, "%s", failure.message);
    return false;
  }
  bool good = read_all(settings, xmlDocGetRootElement(document), diags);
  xmlFreeDoc(document);
  return good;
}

/* ---- The rule files ---- */

static bool is_setting(const xmlNode *node) {
  return node->type == XML_ELEMENT_NODE && text_equal((const char *)node->name, "let") &&
         own_attribute(node, "unit") != NULL;
}

static void adopt_one(struct settings *settings, xmlNode *let) {
  char *name = value_of(let, "name");
  const struct setting *given = find(settings->given, settings->given_count, name);
  if (!find(settings->known, settings->known_count, name)) {
    const char *about = own_attribute(let, "about");
    struct setting one = {.name = alloc_text(name),
                          .standard = value_of(let, "value"),
                          .unit = alloc_text(own_attribute(let, "unit")),
                          .about = alloc_text(about ? about : ""),
                          .value = given ? alloc_text(given->value) : NULL,
                          .line = given ? given->line : 0};
    ARRAY_PUSH(settings->known, settings->known_count, settings->known_capacity) = one;
  }
  xmlAttr *value = xmlHasProp(let, (const xmlChar *)"value");
  if (given && value && value->children)
    xmlNodeSetContent(value->children, (const xmlChar *)given->value);
  alloc_free(name);
}

void settings_adopt(void *data, xmlNode *root) {
  for (xmlNode *n = root->children; n; n = n->next)
    if (is_setting(n)) adopt_one(data, n);
}

static const char *nearest(const struct settings *settings, const char *name) {
  const char *near = NULL;
  size_t least = strlen(name) / 3 + 1;
  for (size_t i = 0; i < settings->known_count; i++) {
    size_t distance = text_distance(name, settings->known[i].name);
    if (distance >= least) continue;
    least = distance;
    near = settings->known[i].name;
  }
  return near;
}

void settings_check(const struct settings *settings, struct diags *diags) {
  for (size_t i = 0; i < settings->known_count; i++)
    if (!is_number(settings->known[i].standard))
      diags_add(diags, DIAG_ERROR, "", 0, 0, "the setting '%s' of a rule file is no whole number",
                settings->known[i].name);
  for (size_t i = 0; i < settings->given_count; i++) {
    const struct setting *one = &settings->given[i];
    if (find(settings->known, settings->known_count, one->name)) continue;
    const char *near = nearest(settings, one->name);
    diags_add(diags, DIAG_ERROR, settings->path, one->line, 0, "no rule has a setting '%s'%s%s%s",
              one->name, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
  }
}
