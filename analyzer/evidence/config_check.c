/* A section by itself: names, values, keys. ASP.NET's sections are left to ASP.NET:
 * IIS never looks into them. */
#include "evidence/config_check.h"

#include "base/buffer.h"
#include "evidence/config_value.h"
#include "evidence/node.h"

#include <string.h>

enum { DEEPEST_ELEMENT = 32 };

static void report(struct config_check *check, struct origin origin, const char *hresult,
                   const char *problem, char *message) {
  struct error_report error = {.hresult = hresult,
                               .problem = problem,
                               .origin = origin,
                               .message = message,
                               .section = check->section,
                               .key = check->key};
  config_error_report(check->build->errors, check->build->bundle, &error);
  alloc_free(message);
}

static bool has_schema_mark(const xmlNode *errors) {
  for (const xmlNode *mark = node_child(errors, "unknown"); mark; mark = node_next(mark, "unknown"))
    if (text_equal(node_get(mark, "needs"), "iis-schema")) return true;
  return false;
}

/* A name that the schema facts do not have. A module may be newer than they are: only the
 * server's own schema files tell then. One mark says it for all. */
static void report_unknown(struct config_check *check, const xmlNode *node, const char *problem,
                           char *message) {
  xmlNode *errors = check->build->errors;
  if (!check->added) {
    report(check, origin_of(node), ERROR_INVALID_DATA, problem, message);
    return;
  }
  if (!has_schema_mark(errors)) {
    char *note =
        alloc_format("%s: %s. A newer version of its module may know it", check->section, message);
    node_mark(errors, "configurationError", "configurationErrors", UNKNOWN_NOT_IN_BUNDLE,
              "iis-schema", note, origin_of(node));
    alloc_free(note);
  }
  alloc_free(message);
}

/* ---- Attributes ------------------------------------------------------------------ */

static bool is_for_every_element(const char *name) {
  static const char *const names[] = {"lockAttributes",
                                      "lockAllAttributesExcept",
                                      "lockElements",
                                      "lockAllElementsExcept",
                                      "lockItem",
                                      "configSource",
                                      "configProtectionProvider",
                                      "childSource"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp(names[i], name) == 0) return true;
  return false;
}

static void check_value(struct config_check *check, const xmlNode *node,
                        const struct schema_attribute *attribute, const char *value) {
  char *why = config_value_refused(attribute, value);
  if (!why) return;
  report(check, origin_of(node), ERROR_INVALID_DATA, "bad-value",
         alloc_format("The '%s' attribute is invalid.  %s", attribute->name, why));
  alloc_free(why);
}

static void check_lock_list(struct config_check *check, const xmlNode *node,
                            const struct schema_element *schema, const char *list) {
  for (const char *at = list; *at;) {
    at += strspn(at, ", \t\r\n");
    size_t size = strcspn(at, ", \t\r\n");
    char *name = alloc_text_n(at, size);
    if (size && strcmp(name, "*") != 0 && !schema_attribute(schema, name))
      report(check, origin_of(node), ERROR_INVALID_DATA, "bad-lock-list",
             alloc_format("lockAttributes contains unknown attribute '%s'", name));
    alloc_free(name);
    at += size;
  }
}

static void unknown_attribute(struct config_check *check, const xmlNode *node, const char *name) {
  report_unknown(check, node, "unknown-attribute",
                 alloc_format("Unrecognized attribute '%.200s'", name));
}

static void check_attribute(struct config_check *check, const xmlNode *node,
                            const struct schema_element *schema, const xmlAttr *each, bool any) {
  const char *name = (const char *)each->name, *value = config_attribute_text(each);
  const struct schema_attribute *attribute = schema_attribute(schema, name);
  if (attribute) {
    check_value(check, node, attribute, value);
  } else if (strcmp(name, "lockAttributes") == 0 && !any) {
    check_lock_list(check, node, schema, value);
  } else if (strcmp(name, "configSource") == 0 && check->in_location &&
             check->kind == CONFIG_APPLICATION_HOST) {
    unknown_attribute(check, node, name);
  } else if (!any && !is_for_every_element(name)) {
    unknown_attribute(check, node, name);
  }
}

static void check_attributes(struct config_check *check, const xmlNode *node,
                             const struct schema_element *schema, bool any) {
  for (const xmlAttr *each = node->properties; each; each = each->next)
    if (!each->ns) check_attribute(check, node, schema, each, any);
}

static void check_required(struct config_check *check, const xmlNode *node,
                           const struct schema_element *schema) {
  for (size_t i = 0; i < schema->attribute_count; i++) {
    const struct schema_attribute *attribute = &schema->attributes[i];
    if (!attribute->required || node_get(node, attribute->name)) continue;
    report(check, origin_of(node), ERROR_INVALID_DATA, "missing-required",
           alloc_format("Missing required attribute '%s'", attribute->name));
    return; /* IIS stops at the first */
  }
}

/* ---- Keys -------------------------------------------------------------------------- */

static const char *text_of_key(const xmlNode *node, const struct schema_attribute *attribute) {
  const char *value = node_get(node, attribute->name);
  return value ? value : attribute->value ? attribute->value : "";
}

static char *combined_message(const struct schema_element *item, const xmlNode *node) {
  struct buffer names = buffer_make(4096), values = buffer_make(1 << 20);
  for (size_t i = 0; i < item->attribute_count; i++) {
    const struct schema_attribute *attribute = &item->attributes[i];
    if (!attribute->part_key) continue;
    buffer_add_format(&names, "%s%s", names.size ? ", " : "", attribute->name);
    if (names.size > strlen(attribute->name)) buffer_add_text(&values, ", ");
    buffer_add_text(&values, text_of_key(node, attribute));
  }
  char *message = alloc_format("Cannot add duplicate collection entry of type '%s' with combined "
                               "key attributes '%s' respectively set to '%s'",
                               config_name_of(node), buffer_text(&names), buffer_text(&values));
  buffer_dispose(&names);
  buffer_dispose(&values);
  return message;
}

static char *unique_message(const struct schema_attribute *attribute, const xmlNode *node) {
  return alloc_format("Cannot add duplicate collection entry of type '%s' with unique key "
                      "attribute '%s' set to '%s'",
                      config_name_of(node), attribute->name, text_of_key(node, attribute));
}

char *config_duplicate_message(const struct schema_collection *collection, const xmlNode *node) {
  for (size_t i = 0; i < collection->item->attribute_count; i++)
    if (collection->item->attributes[i].key)
      return unique_message(&collection->item->attributes[i], node);
  return combined_message(collection->item, node);
}

/* Only sites have a second one: each must be unique by itself. */
static const struct schema_attribute *second_key(const struct schema_element *item) {
  const struct schema_attribute *first = NULL;
  for (size_t i = 0; i < item->attribute_count; i++) {
    if (!item->attributes[i].key) continue;
    if (first) return &item->attributes[i];
    first = &item->attributes[i];
  }
  return NULL;
}

struct keys {
  struct map *first, *second;
};

static void forget(struct keys *keys) {
  map_free(keys->first);
  map_free(keys->second);
  *keys = (struct keys){map_new(), map_new()};
}

static void check_key(struct config_check *check, const struct schema_collection *collection,
                      const xmlNode *node, enum directive_kind kind, struct keys *keys) {
  char *key = config_item_key(check->configuration, collection, node);
  void **place = map_at(keys->first, key);
  if (kind == DIRECTIVE_ADD && *place)
    report(check, origin_of(node), ERROR_EXISTS, "duplicate-key",
           config_duplicate_message(collection, node));
  *place = kind == DIRECTIVE_ADD ? check : NULL;
  alloc_free(key);
  const struct schema_attribute *second = second_key(collection->item);
  const char *value = second ? node_get(node, second->name) : NULL;
  if (!value || kind != DIRECTIVE_ADD) return;
  place = map_at(keys->second, value);
  if (*place)
    report(check, origin_of(node), ERROR_EXISTS, "duplicate-key", unique_message(second, node));
  *place = check;
}

/* ---- Elements -------------------------------------------------------------------------- */

static void check_element(struct config_check *check, const xmlNode *node,
                          const struct schema_element *schema, bool any, int depth);

static void check_directive(struct config_check *check, const xmlNode *node,
                            const struct schema_collection *collection, enum directive_kind kind,
                            struct keys *keys, int depth) {
  if (kind == DIRECTIVE_CLEAR) {
    forget(keys);
    return;
  }
  bool keyed = config_has_key(collection) && !collection->duplicates;
  if (keyed) check_key(check, collection, node, kind, keys);
  if (kind == DIRECTIVE_REMOVE) {
    check_attributes(check, node, collection->item, collection->any_attribute);
    return;
  }
  check_required(check, node, collection->item);
  check_element(check, node, collection->item, collection->any_attribute, depth + 1);
}

static void check_child(struct config_check *check, const xmlNode *node,
                        const struct schema_element *schema, struct keys *keys, int depth) {
  const char *name = (const char *)node->name;
  const struct schema_element *child = schema_child(schema, name);
  enum directive_kind kind;
  if (child && child->foreign) return;
  if (child) {
    if (!child->is_defaults) check_required(check, node, child);
    check_element(check, node, child, false, depth + 1);
  } else if (schema->collection && config_directive_kind(schema->collection, name, &kind)) {
    check_directive(check, node, schema->collection, kind, keys, depth);
  } else {
    report_unknown(check, node, "unknown-element",
                   alloc_format("Unrecognized element '%.200s'", name));
  }
}

static void check_element(struct config_check *check, const xmlNode *node,
                          const struct schema_element *schema, bool any, int depth) {
  if (depth > DEEPEST_ELEMENT) return;
  check_attributes(check, node, schema, any);
  struct keys keys = {NULL, NULL};
  if (schema->collection && node->children) keys = (struct keys){map_new(), map_new()};
  for (const xmlNode *child = node->children; child; child = child->next)
    if (child->type == XML_ELEMENT_NODE) check_child(check, child, schema, &keys, depth);
  map_free(keys.first);
  map_free(keys.second);
}

static bool is_elsewhere(const xmlNode *element) {
  return node_get(element, "configProtectionProvider") || node_child(element, "EncryptedData");
}

void config_check_content(struct config_check *check, const xmlNode *element) {
  const struct schema_section *section =
      iis_schema_section(check->configuration->schema, check->section);
  if (!section || !section->root || section->framework || is_elsewhere(element)) return;
  check->added = section->module && !section->whole;
  check_element(check, element, section->root, false, 0);
}
