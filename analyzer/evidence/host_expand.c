/* <ev:effective>: the answers that the iis: functions give, written into the document
 * for processors that do not have those functions. evidence.rng says its shape.
 *
 * The levels of the server are visited parents first; a section is written where its
 * answers differ from those of the level above, so that what every site inherits
 * stands once. */
#include "base/buffer.h"
#include "base/text.h"
#include "evidence/config_engine.h"
#include "evidence/host_build.h"
#include "evidence/secret.h"

#include <stdint.h>
#include <string.h>

/* Elements that are written at most for one server; then `complete` says "false". */
enum { MOST_WRITTEN = 4000000 };

struct depth {
  char *signature;        /* of what the answers follow from; NULL: not looked at */
  const xmlNode *written; /* <ev:section> in force, here or above; NULL: none */
};

struct opened {
  const char *key;
  xmlNode *node;
  struct depth *sections;
};

struct expansion {
  const struct configuration *configuration;
  xmlNode *effective;
  xmlNs *ns;
  const struct schema_section **sections; /* those with a schema */
  size_t section_count;
  struct opened *open; /* from the server down to where we are */
  size_t open_count, open_capacity;
  size_t written;
};

static xmlNode *add(struct expansion *expansion, xmlNode *parent, const char *name,
                    struct origin origin) {
  xmlNode *node = node_add(parent, name, origin);
  node->ns = expansion->ns;
  expansion->written++;
  return node;
}

static void set(xmlNode *node, const char *name, const char *value) {
  node_set(node, name, value, nowhere());
}

static void set_uncertain(xmlNode *node, bool uncertain, const char *reason, const char *needs) {
  if (!uncertain) return;
  set(node, "uncertain", reason);
  set(node, "needs", needs);
}

static bool is_uncertain_alike(const xmlNode *section, const struct configuration_answer *answer) {
  const char *reason = node_get(section, "uncertain");
  if (!reason || !answer->uncertain) return !reason && !answer->uncertain;
  return strcmp(reason, answer->reason) == 0 &&
         text_equal(node_get(section, "needs"), answer->needs);
}

/* ---- Elements of a section ---------------------------------------------------------- */

/* What an element of the schema becomes, told its path from the section on. */
struct visitor {
  void (*attribute)(struct expansion *expansion, xmlNode *section, const char *key,
                    const char *path, const struct schema_attribute *attribute);
  void (*items)(struct expansion *expansion, xmlNode *section, const char *key, const char *path,
                const struct schema_element *element);
};

static void visit(struct expansion *expansion, xmlNode *section, const char *key, const char *path,
                  const struct schema_element *element, const struct visitor *visitor) {
  for (size_t i = 0; i < element->attribute_count; i++) {
    char *below = text_joined(path, "/@", element->attributes[i].name);
    visitor->attribute(expansion, section, key, below, &element->attributes[i]);
    alloc_free(below);
  }
  if (element->collection) visitor->items(expansion, section, key, path, element);
  for (size_t i = 0; i < element->child_count; i++) {
    char *below = text_joined(path, "/", element->children[i]->name);
    visit(expansion, section, key, below, element->children[i], visitor);
    alloc_free(below);
  }
}

/* ---- Schema facts ----------------------------------------------------------------------- */

static void write_default(struct expansion *expansion, xmlNode *section, const char *key,
                          const char *path, const struct schema_attribute *attribute) {
  (void)key;
  if (!attribute->value) return;
  xmlNode *node = add(expansion, section, "value", nowhere());
  set(node, "path", path);
  set(node, "is", attribute->value);
}

static void write_item_facts(struct expansion *expansion, xmlNode *section, const char *key,
                             const char *path, const struct schema_element *element) {
  const struct schema_element *item = element->collection->item;
  xmlNode *node = add(expansion, section, "items", nowhere());
  set(node, "path", path);
  for (size_t i = 0; item && i < item->attribute_count; i++) {
    const struct schema_attribute *attribute = &item->attributes[i];
    if ((attribute->key || attribute->part_key) && !node_get(node, "identifiedBy")) {
      set(node, "identifiedBy", attribute->name);
      if (attribute->by_case) set(node, "caseSensitive", "true");
    }
    char *below = text_joined("@", "", attribute->name);
    write_default(expansion, node, key, below, attribute);
    alloc_free(below);
  }
}

static void write_facts(struct expansion *expansion) {
  static const struct visitor facts = {write_default, write_item_facts};
  xmlNode *schema = add(expansion, expansion->effective, "schema", nowhere());
  for (size_t i = 0; i < expansion->section_count; i++) {
    const struct schema_section *each = expansion->sections[i];
    xmlNode *section = add(expansion, schema, "section", nowhere());
    set(section, "path", each->path);
    visit(expansion, section, "", each->path, each->root, &facts);
  }
}

/* ---- Answers ------------------------------------------------------------------------------- */

static void write_value(struct expansion *expansion, xmlNode *section, const char *key,
                        const char *path, const struct schema_attribute *attribute) {
  struct configuration_answer answer = configuration_value(expansion->configuration, key, path);
  if (!answer.element && is_uncertain_alike(section, &answer)) return;
  const xmlAttr *found = NULL;
  if (answer.element)
    found = config_attribute(expansion->configuration, answer.element, attribute->name);
  xmlNode *node =
      add(expansion, section, "value", found ? origin_unpack(found->_private) : nowhere());
  bool secret = *answer.value &&
                (attribute->encrypted || secret_is(attribute->name, answer.value, NULL, NULL));
  set(node, "path", path);
  set(node, "is", secret ? SECRET_SHOWN : answer.value);
  set_uncertain(node, answer.uncertain, answer.reason, answer.needs);
}

static bool is_foreign(const xmlNode *node) {
  return node->ns && node->ns->href &&
         strcmp((const char *)node->ns->href, EVIDENCE_MARK_NAMESPACE) == 0;
}

/* As it stood; what has a name space of its own is nothing that IIS reads. */
static void copy_element(struct expansion *expansion, const xmlNode *from, xmlNode *parent,
                         const char *name) {
  xmlNode *copy = node_add(parent, name, origin_of(from));
  expansion->written++;
  for (const xmlAttr *each = from->properties; each; each = each->next)
    if (!each->ns)
      node_set(copy, (const char *)each->name, config_attribute_text(each),
               origin_unpack(each->_private));
  for (const xmlNode *child = from->children; child; child = child->next)
    if (child->type == XML_ELEMENT_NODE && !child->ns && !is_foreign(child))
      copy_element(expansion, child, copy, (const char *)child->name);
}

/* Sites and pools stand in the document as they are: they are no copies of themselves. */
static bool is_elsewhere(const struct expansion *expansion, const xmlNode *item) {
  const xmlNode *host = expansion->configuration->container->parent;
  return item->parent && item->parent->parent == host;
}

static void write_items(struct expansion *expansion, xmlNode *section, const char *key,
                        const char *path, const struct schema_element *element) {
  (void)element;
  struct configuration_items items = configuration_items(expansion->configuration, key, path);
  bool elsewhere = items.count && is_elsewhere(expansion, items.nodes[0]);
  if (!elsewhere && (items.count || items.uncertain)) {
    xmlNode *node = add(expansion, section, "items", nowhere());
    set(node, "path", path);
    set_uncertain(node, items.uncertain, items.reason, items.needs);
    for (size_t i = 0; i < items.count; i++)
      copy_element(expansion, items.nodes[i], node, config_name_of(items.nodes[i]));
  }
  configuration_items_dispose(&items);
}

static void write_section(struct expansion *expansion, xmlNode *level, const char *key,
                          const struct schema_section *schema) {
  static const struct visitor answers = {write_value, write_items};
  struct configuration_answer whole =
      configuration_section(expansion->configuration, key, schema->path);
  bool set_somewhere = whole.element && origin_of(whole.element).source;
  xmlNode *section =
      add(expansion, level, "section", set_somewhere ? origin_of(whole.element) : nowhere());
  set(section, "path", schema->path);
  if (configuration_locked(expansion->configuration, key, schema->path))
    set(section, "locked", "true");
  set_uncertain(section, whole.uncertain, whole.reason, whole.needs);
  visit(expansion, section, key, schema->path, schema->root, &answers);
}

/* ---- What has changed ------------------------------------------------------------------------ */

/* All that the answers of a section at a key follow from, but for the places in force. */
static char *signature_of(const struct expansion *expansion, const char *key, const char *path) {
  const struct config_section *section = config_section_find(expansion->configuration, path);
  struct config_section none = {.path = path, .default_mode = MODE_ALLOW};
  none.schema = iis_schema_section(expansion->configuration->schema, path);
  if (!section) none.levels = map_new();
  struct config_chain chain;
  chain.unknown_keys = NULL;
  config_chain_fill(&chain, expansion->configuration, section ? section : &none, key, VIEW_FULL,
                    false);
  struct buffer text = buffer_make(SIZE_MAX / 2);
  buffer_add_format(&text, "%d %zu %zu %zu %d %d", section != NULL, chain.unknown, chain.unknown_at,
                    chain.unknown_longest, chain.hidden, chain.unknown_above);
  bool locked =
      section &&
      config_lock_for(expansion->configuration, &chain, chain.count, CONFIG_WEB, key, key).locked;
  buffer_add_format(&text, " %d", locked);
  for (size_t i = 0; i < chain.count; i++)
    buffer_add_format(&text, " %zx", (size_t)(uintptr_t)chain.inputs[i]);
  config_chain_dispose(&chain);
  map_free(none.levels);
  return buffer_take(&text);
}

static bool is_same_tree(const xmlNode *a, const xmlNode *b) {
  if (strcmp((const char *)a->name, (const char *)b->name) != 0) return false;
  struct origin at = origin_of(a), there = origin_of(b);
  if (at.source != there.source || at.line != there.line || at.column != there.column) return false;
  const xmlAttr *left = a->properties, *right = b->properties;
  for (; left && right; left = left->next, right = right->next)
    if (strcmp((const char *)left->name, (const char *)right->name) != 0 ||
        strcmp(config_attribute_text(left), config_attribute_text(right)) != 0)
      return false;
  if (left || right) return false;
  const xmlNode *first = a->children, *second = b->children;
  for (; first && second; first = first->next, second = second->next)
    if (!is_same_tree(first, second)) return false;
  return !first && !second;
}

static bool says_nothing(const xmlNode *section) {
  return !section->children && !node_get(section, "locked") && !node_get(section, "uncertain");
}

static bool is_news(const xmlNode *section, const xmlNode *above) {
  return above ? !is_same_tree(section, above) : !says_nothing(section);
}

static void write_level(struct expansion *expansion, struct opened *level,
                        const struct opened *above) {
  for (size_t i = 0; i < expansion->section_count; i++) {
    struct depth *depth = &level->sections[i];
    const char *path = expansion->sections[i]->path;
    depth->signature = signature_of(expansion, level->key, path);
    depth->written = above ? above->sections[i].written : NULL;
    if (above && text_equal(above->sections[i].signature, depth->signature)) continue;
    write_section(expansion, level->node, level->key, expansion->sections[i]);
    xmlNode *section = level->node->last;
    if (is_news(section, depth->written)) {
      depth->written = section;
      continue;
    }
    xmlUnlinkNode(section);
    xmlFreeNode(section);
  }
}

/* ---- Levels --------------------------------------------------------------------------------- */

static bool is_below(const char *key, const char *above) {
  size_t size = strlen(above);
  return size == 0 || (strncmp(key, above, size) == 0 && key[size] == '/');
}

static void close_last(struct expansion *expansion) {
  struct opened *last = &expansion->open[--expansion->open_count];
  for (size_t i = 0; i < expansion->section_count; i++)
    alloc_free(last->sections[i].signature);
  alloc_free(last->sections);
}

static void open_level(struct expansion *expansion, const char *key) {
  while (expansion->open_count && !is_below(key, expansion->open[expansion->open_count - 1].key))
    close_last(expansion);
  const struct opened *above =
      expansion->open_count ? &expansion->open[expansion->open_count - 1] : NULL;
  struct opened level = {.key = key};
  level.node = add(expansion, above ? above->node : expansion->effective, "level", nowhere());
  level.sections = alloc_array(expansion->section_count, sizeof *level.sections);
  set(level.node, "key", key);
  write_level(expansion, &level, above);
  ARRAY_PUSH(expansion->open, expansion->open_count, expansion->open_capacity) = level;
}

/* '/' before every other character: what stands below a key follows it at once. */
static int compare_keys(const void *a, const void *b) {
  const unsigned char *left = *(const unsigned char *const *)a;
  const unsigned char *right = *(const unsigned char *const *)b;
  while (*left && *left == *right)
    left++, right++;
  int first = *left == '/' ? 1 : *left ? *left + 1 : 0;
  int second = *right == '/' ? 1 : *right ? *right + 1 : 0;
  return first - second;
}

static void collect_keys(const xmlNode *node, const char ***keys, size_t *count, size_t *capacity) {
  const char *key = node_get(node, "key");
  if (key && *key) ARRAY_PUSH(*keys, *count, *capacity) = key;
  static const char *const below[] = {"site", "application", "virtualDirectory"};
  for (size_t i = 0; i < sizeof below / sizeof *below; i++)
    for (const xmlNode *child = node_child(node, below[i]); child;
         child = node_next(child, below[i]))
      collect_keys(child, keys, count, capacity);
}

static void write_levels(struct expansion *expansion) {
  const xmlNode *host = expansion->configuration->container->parent;
  const char **keys = NULL;
  size_t count = 0, capacity = 0, done = 0;
  collect_keys(node_child(host, "sites"), &keys, &count, &capacity);
  if (count) qsort((void *)keys, count, sizeof *keys, compare_keys);
  open_level(expansion, "");
  for (; done < count && expansion->written < MOST_WRITTEN; done++)
    if (done == 0 || strcmp(keys[done], keys[done - 1]) != 0) open_level(expansion, keys[done]);
  set(expansion->effective, "complete", done == count ? "true" : "false");
  while (expansion->open_count)
    close_last(expansion);
  alloc_free(expansion->open);
  alloc_free((void *)keys);
}

void host_expand(struct host *host) {
  xmlNode *root = xmlDocGetRootElement(host->document);
  xmlNode *node = node_child(root, "host");
  struct expansion expansion = {.configuration = host->configuration};
  expansion.ns = xmlSearchNs(host->document, root, (const xmlChar *)"ev");
  expansion.effective = add(&expansion, node, "effective", nowhere());
  const char *why;
  set(expansion.effective, "version", effective_iis_version(host->configuration, &why));
  const struct iis_schema *schema = host->configuration->schema;
  size_t known = iis_schema_section_count(schema);
  expansion.sections = alloc_array(known, sizeof *expansion.sections);
  for (size_t i = 0; i < known; i++) {
    const struct schema_section *section = iis_schema_section_at(schema, i);
    if (section->root) expansion.sections[expansion.section_count++] = section;
  }
  write_facts(&expansion);
  write_levels(&expansion);
  alloc_free((void *)expansion.sections);
}
