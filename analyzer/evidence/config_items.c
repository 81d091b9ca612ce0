/* Elements as they stood in the file, and what an input does to a collection. */
#include "base/buffer.h"
#include "evidence/config_engine.h"
#include "evidence/node.h"

#include <stdint.h>
#include <string.h>

/* ---- As it stood in the file --------------------------------------------------------- */

static const xmlNode *next_element(const xmlNode *node) {
  while (node && node->type != XML_ELEMENT_NODE)
    node = node->next;
  return node;
}

/* Nothing has an origin of its own in a document that somebody made by hand, nor far to
 * the right on a very long line, where columns are not counted any more. */
enum { LAST_CERTAIN_COLUMN = 65534 };

static bool same_origin(struct origin a, struct origin b) {
  return a.source && a.column && a.column <= LAST_CERTAIN_COLUMN && a.source == b.source &&
         a.line == b.line && a.column == b.column;
}

/* <bindings> that the evidence adds to every site, and bindings copied from siteDefaults. */
static bool is_ours(const struct configuration *configuration, const xmlNode *node) {
  const char *name = (const char *)node->name;
  if (strcmp(name, "bindings") == 0 && node->parent->name &&
      strcmp((const char *)node->parent->name, "site") == 0)
    return same_origin(origin_of(node), origin_of(node->parent)) && !node->children;
  if (strcmp(name, "binding") != 0 || !configuration->sites_section) return false;
  const xmlNode *defaults = node_child(configuration->sites_section, "siteDefaults");
  const xmlNode *bindings = defaults ? node_child(defaults, "bindings") : NULL;
  if (!bindings || node->parent == bindings) return false;
  for (const xmlNode *each = node_child(bindings, "binding"); each;
       each = node_next(each, "binding"))
    if (same_origin(origin_of(each), origin_of(node))) return true;
  return false;
}

/* The first of what was moved out of the section into a container of its own. */
static const xmlNode *moved_out(const struct configuration *configuration, const xmlNode *element) {
  const xmlNode *host = configuration->container->parent;
  const xmlNode *container = NULL;
  if (element == configuration->sites_section) container = node_child(host, "sites");
  if (element == configuration->pools_section) container = node_child(host, "applicationPools");
  return container ? container->children : NULL;
}

static bool counts(const struct configuration *configuration, const xmlNode *node) {
  if (node->ns && node->ns->href &&
      strcmp((const char *)node->ns->href, EVIDENCE_MARK_NAMESPACE) == 0)
    return false;
  return !is_ours(configuration, node);
}

const xmlNode *config_child_next(const struct configuration *configuration, const xmlNode *element,
                                 const xmlNode *position) {
  bool inside = !position || position->parent == element;
  const xmlNode *node = next_element(position ? position->next : element->children);
  for (;;) {
    while (node && !counts(configuration, node))
      node = next_element(node->next);
    if (node || !inside || !element) return node;
    node = next_element(moved_out(configuration, element));
    inside = false;
    if (!node) return NULL;
  }
}

const char *config_name_of(const xmlNode *node) {
  const char *name = (const char *)node->name;
  bool pool = strcmp(name, "applicationPool") == 0 && node->parent && node->parent->name &&
              strcmp((const char *)node->parent->name, "applicationPools") == 0;
  return pool ? "add" : name;
}

static bool comes_from(const xmlNode *parent, const char *defaults, const xmlAttr *attribute) {
  const xmlNode *element = parent ? node_child(parent, defaults) : NULL;
  return element && node_get(element, (const char *)attribute->name) &&
         same_origin(node_attribute_origin(element, (const char *)attribute->name),
                     origin_unpack(attribute->_private));
}

/* Did host_sites.c take it over from a defaults element? */
static bool is_taken_over(const struct configuration *configuration, const xmlNode *element,
                          const xmlAttr *attribute) {
  const char *name = (const char *)attribute->name;
  const xmlNode *sites = configuration->sites_section;
  if (strcmp(name, "serverAutoStart") == 0)
    return comes_from(sites, "siteDefaults", attribute) && element->parent &&
           strcmp((const char *)element->name, "site") == 0;
  if (strcmp(name, "applicationPool") != 0 && strcmp(name, "enabledProtocols") != 0) return false;
  if (strcmp((const char *)element->name, "application") != 0) return false;
  return comes_from(element->parent, "applicationDefaults", attribute) ||
         comes_from(sites, "applicationDefaults", attribute);
}

const xmlAttr *config_attribute(const struct configuration *configuration, const xmlNode *element,
                                const char *name) {
  for (const xmlAttr *attribute = element->properties; attribute; attribute = attribute->next) {
    if (attribute->ns || strcmp((const char *)attribute->name, name) != 0) continue;
    if (same_origin(origin_unpack(attribute->_private), origin_of(element))) return NULL;
    return is_taken_over(configuration, element, attribute) ? NULL : attribute;
  }
  return NULL;
}

const char *config_attribute_text(const xmlAttr *attribute) {
  const xmlNode *text = attribute->children;
  return text && text->content ? (const char *)text->content : "";
}

/* ---- Keys ------------------------------------------------------------------------------ */

bool config_directive_kind(const struct schema_collection *collection, const char *name,
                           enum directive_kind *kind) {
  *kind = DIRECTIVE_ADD;
  if (schema_adds(collection, name)) return true;
  *kind = DIRECTIVE_REMOVE;
  if (collection->remove && strcmp(collection->remove, name) == 0) return true;
  *kind = DIRECTIVE_CLEAR;
  return collection->clear && strcmp(collection->clear, name) == 0;
}

bool config_has_key(const struct schema_collection *collection) {
  for (size_t i = 0; i < collection->item->attribute_count; i++)
    if (collection->item->attributes[i].key || collection->item->attributes[i].part_key)
      return true;
  return false;
}

char *config_item_key(const struct configuration *configuration,
                      const struct schema_collection *collection, const xmlNode *node) {
  struct buffer key = buffer_make((size_t)1 << 30);
  const struct schema_element *item = collection->item;
  for (size_t i = 0; i < item->attribute_count; i++) {
    const struct schema_attribute *attribute = &item->attributes[i];
    if (!attribute->key && !attribute->part_key) continue;
    const xmlAttr *found = config_attribute(configuration, node, attribute->name);
    const char *value = found ? config_attribute_text(found) : attribute->value;
    char *lower = attribute->by_case ? NULL : text_lower(value ? value : "");
    if (key.size) buffer_add_char(&key, '\x1f');
    buffer_add_text(&key, lower ? lower : value ? value : "");
    alloc_free(lower);
    if (attribute->key) break;
  }
  return buffer_take(&key);
}

/* ---- Deltas ------------------------------------------------------------------------------ */

enum { FEW_DIRECTIVES = 8 };

static void read_directives(const struct configuration *configuration, struct config_delta *delta,
                            const xmlNode *element) {
  for (const xmlNode *node = config_child_next(configuration, element, NULL); node;
       node = config_child_next(configuration, element, node)) {
    enum directive_kind kind;
    if (!config_directive_kind(delta->collection, config_name_of(node), &kind)) continue;
    char *key =
        kind == DIRECTIVE_CLEAR ? NULL : config_item_key(configuration, delta->collection, node);
    ARRAY_PUSH(delta->items, delta->count, delta->capacity) =
        (struct config_directive){kind, key, node};
    if (kind == DIRECTIVE_CLEAR) delta->cleared = delta->count;
  }
}

static void read_along(const struct configuration *configuration, struct config_delta *delta,
                       const xmlNode *element, const struct config_route *route, size_t depth) {
  if (depth == route->count) {
    read_directives(configuration, delta, element);
    return;
  }
  for (const xmlNode *node = config_child_next(configuration, element, NULL); node;
       node = config_child_next(configuration, element, node))
    if (strcmp((const char *)node->name, route->names[depth]) == 0)
      read_along(configuration, delta, node, route, depth + 1);
}

static void index_delta(struct config_delta *delta) {
  if (delta->count <= FEW_DIRECTIVES) return;
  delta->last = map_new();
  for (size_t i = 0; i < delta->count; i++)
    if (delta->items[i].key) *map_at(delta->last, delta->items[i].key) = (void *)(uintptr_t)(i + 1);
}

struct config_delta *config_delta_of(const struct configuration *configuration,
                                     const struct config_input *input,
                                     const struct config_route *route) {
  const struct schema_collection *collection = route->element->collection;
  for (struct config_delta *delta = input->deltas; delta; delta = delta->next)
    if (delta->collection == collection) return delta;
  struct config_delta *delta = alloc_bytes(sizeof *delta);
  delta->collection = collection;
  if (!input->hidden) read_along(configuration, delta, input->element, route, 0);
  index_delta(delta);
  struct config_input *owner = (struct config_input *)(uintptr_t)input; /* a cache, nothing else */
  delta->next = owner->deltas;
  return owner->deltas = delta;
}

void config_deltas_free(struct config_input *input) {
  for (struct config_delta *delta = input->deltas, *next; delta; delta = next) {
    next = delta->next;
    for (size_t i = 0; i < delta->count; i++)
      alloc_free(delta->items[i].key);
    alloc_free(delta->items);
    map_free(delta->last);
    alloc_free(delta);
  }
  input->deltas = NULL;
}

static enum delta_answer answer_at(const struct config_delta *delta, size_t index,
                                   const xmlNode **node) {
  const struct config_directive *directive = &delta->items[index];
  if (directive->kind != DIRECTIVE_ADD) return DELTA_GONE;
  *node = directive->node;
  return DELTA_ADDED;
}

enum delta_answer config_delta_ask(const struct config_delta *delta, const char *key, size_t before,
                                   const xmlNode **node) {
  if (delta->last && before >= delta->count) {
    size_t at = (size_t)(uintptr_t)map_get(delta->last, key);
    if (at > delta->cleared) return answer_at(delta, at - 1, node);
    return delta->cleared ? DELTA_GONE : DELTA_SILENT;
  }
  for (size_t i = before < delta->count ? before : delta->count; i-- > 0;)
    if (!delta->items[i].key || strcmp(delta->items[i].key, key) == 0)
      return answer_at(delta, i, node);
  return DELTA_SILENT;
}

const xmlNode *config_item_before(const struct configuration *configuration,
                                  const struct config_chain *chain, size_t count,
                                  const struct config_route *route, const char *key,
                                  const struct config_input **input) {
  for (size_t i = count; i-- > 0;) {
    const xmlNode *node = NULL;
    const struct config_delta *delta = config_delta_of(configuration, chain->inputs[i], route);
    enum delta_answer answer = config_delta_ask(delta, key, delta->count, &node);
    if (answer == DELTA_SILENT) continue;
    *input = chain->inputs[i];
    return answer == DELTA_ADDED ? node : NULL;
  }
  return NULL;
}
