/* A section with the reason for every value: the schema's element over what each
 * input says, attribute by attribute and item by item. */
#include "evidence/effective.h"

#include "evidence/config_merge.h"
#include "evidence/config_value.h"
#include "evidence/effective_parts.h"
#include "evidence/node.h"

#include <stdint.h>
#include <string.h>

/* One element that speaks of the element that is built. */
struct part {
  const xmlNode *node;
  size_t input; /* number in the chain */
  const char *what;
};

struct parts {
  struct part *items;
  size_t count, capacity;
};

/* Elements around, for defaults elements: siteDefaults in <sites>, ... */
struct scope {
  const struct parts *parts;
  const struct scope *outer;
};

struct building {
  const struct configuration *configuration;
  const struct config_chain *chain;
  struct arena *arena;
  const char *key;
  enum effective_view view;
  bool in_item;
};

/* ---- Memory that goes in one go --------------------------------------------------- */

void *arena_bytes(struct arena *arena, size_t size) {
  void *memory = alloc_bytes(size);
  ARRAY_PUSH(arena->items, arena->count, arena->capacity) = memory;
  return memory;
}

const char *arena_keep(struct arena *arena, char *text) {
  ARRAY_PUSH(arena->items, arena->count, arena->capacity) = text;
  return text;
}

void arena_free(struct arena *arena) {
  for (size_t i = 0; i < arena->count; i++)
    alloc_free(arena->items[i]);
  alloc_free(arena->items);
  alloc_free(arena);
}

/* ---- Attributes ----------------------------------------------------------------------- */

static const struct config_input *input_of(const struct building *building, size_t number) {
  return building->chain->inputs[number];
}

/* Is the input in the file of the level that is asked about? */
static bool is_own_file(const struct building *building, const struct config_input *input) {
  if (building->view == VIEW_APPHOST || !*building->key)
    return input->kind == CONFIG_APPLICATION_HOST;
  return input->kind == CONFIG_WEB && strcmp(input->file_key, building->key) == 0;
}

static bool list_holds(const char *list, const char *name) {
  for (const char *at = list; *at;) {
    at += strspn(at, ", \t\r\n");
    size_t size = strcspn(at, ", \t\r\n");
    if (size && (span_equal((struct span){at, size}, name) || (size == 1 && *at == '*')))
      return true;
    at += size;
  }
  return false;
}

static bool is_locked(const struct building *building, const struct parts *parts,
                      const char *name) {
  for (size_t i = 0; i < parts->count && !building->in_item; i++) {
    if (is_own_file(building, input_of(building, parts->items[i].input))) continue;
    const char *some = node_get(parts->items[i].node, "lockAttributes");
    const char *except = node_get(parts->items[i].node, "lockAllAttributesExcept");
    if (some && list_holds(some, name)) return true;
    if (except && !list_holds(except, name)) return true;
  }
  return false;
}

static void add_setters(const struct building *building, const struct parts *parts,
                        struct effective_attribute *attribute, size_t *winner) {
  for (size_t i = 0; i < parts->count; i++) {
    const struct part *part = &parts->items[i];
    const xmlAttr *found = config_attribute(building->configuration, part->node, attribute->name);
    if (!found) continue;
    struct effective_setter setter = {.origin = origin_unpack(found->_private),
                                      .key = input_of(building, part->input)->target,
                                      .value = config_attribute_text(found),
                                      .what = part->what};
    *winner = part->input;
    ARRAY_PUSH(attribute->set_by, attribute->set_by_count, attribute->set_by_capacity) = setter;
  }
}

static bool is_bracketed(const char *value) {
  size_t size = strlen(value);
  return size >= 2 && value[0] == '[' && value[size - 1] == ']';
}

/* The value as IIS writes it; a password is not for printing. */
static void settle_value(const struct building *building, const struct schema_attribute *schema,
                         struct effective_attribute *attribute) {
  const char *raw = attribute->set_by_count ? attribute->set_by[attribute->set_by_count - 1].value
                    : schema->value         ? schema->value
                                            : "";
  struct span provider;
  bool empty = false;
  attribute->encrypted = config_value_encrypted(raw, &provider, &empty) && !empty;
  attribute->value = arena_keep(building->arena, config_value_written(schema, raw));
  attribute->secret = schema->encrypted && *attribute->value && !is_bracketed(attribute->value);
  if (attribute->secret) attribute->value = "";
  if (schema->expand)
    attribute->expanded = arena_keep(building->arena, config_expand(attribute->value));
  for (size_t i = 0; i < attribute->set_by_count; i++) {
    struct effective_setter *setter = &attribute->set_by[i];
    char *written = config_value_written(schema, setter->value);
    bool hide = schema->encrypted && *written && !is_bracketed(written);
    setter->value = hide ? "" : arena_keep(building->arena, written);
    if (hide) alloc_free(written);
  }
}

static void add_attribute(const struct building *building, struct effective_element *element,
                          const struct schema_attribute *schema, const struct parts *parts) {
  struct effective_attribute attribute = {.name = schema->name};
  size_t winner = SIZE_MAX;
  const char *reason, *needs;
  add_setters(building, parts, &attribute, &winner);
  attribute.is_default = attribute.set_by_count == 0;
  attribute.has_value = !attribute.is_default || schema->value;
  settle_value(building, schema, &attribute);
  attribute.locked = is_locked(building, parts, schema->name);
  if (!building->in_item)
    attribute.uncertain =
        config_value_uncertain(building->configuration, building->chain, winner, &reason, &needs);
  ARRAY_PUSH(element->attributes, element->attribute_count, element->attribute_capacity) =
      attribute;
}

/* Of collections with allowUnrecognizedAttributes: whatever the item has besides. */
static void add_others(const struct building *building, struct effective_element *element,
                       const struct schema_element *schema, const struct parts *parts) {
  const xmlNode *node = parts->items[parts->count - 1].node;
  for (const xmlAttr *each = node->properties; each; each = each->next) {
    const char *name = (const char *)each->name;
    if (each->ns || schema_attribute(schema, name) || strncmp(name, "lock", 4) == 0) continue;
    struct schema_attribute free_form = {.name = name, .type = SCHEMA_STRING};
    add_attribute(building, element, &free_form, parts);
  }
}

/* ---- Collections -------------------------------------------------------------------------- */

static struct effective_element *build(struct building *building,
                                       const struct schema_element *schema,
                                       const struct parts *parts, const struct scope *outer);

static void add_defaults(const struct building *building, struct parts *parts,
                         const struct scope *scope, const char *name) {
  if (!scope) return;
  add_defaults(building, parts, scope->outer, name);
  for (size_t i = 0; i < scope->parts->count; i++)
    for (const xmlNode *each = node_child(scope->parts->items[i].node, name); each;
         each = node_next(each, name))
      ARRAY_PUSH(parts->items, parts->count, parts->capacity) =
          (struct part){each, scope->parts->items[i].input, "defaults"};
}

static void add_item(struct building *building, struct effective_element *element,
                     const struct schema_collection *collection, const struct config_item *item,
                     size_t input, const struct scope *scope) {
  struct parts parts = {NULL, 0, 0};
  if (collection->defaults) add_defaults(building, &parts, scope, collection->defaults);
  ARRAY_PUSH(parts.items, parts.count, parts.capacity) = (struct part){item->node, input, "set"};
  bool outside = !building->in_item;
  building->in_item = true;
  struct effective_element *built = build(building, collection->item, &parts, scope);
  if (outside) building->in_item = false;
  if (collection->any_attribute) add_others(building, built, collection->item, &parts);
  built->name = config_name_of(item->node);
  built->source = origin_of(item->node);
  built->level_key = item->input->target;
  built->node = item->node;
  const char *lock = node_get(item->node, "lockItem");
  built->locked_item = lock && text_equal_nocase(lock, "true");
  ARRAY_PUSH(element->items, element->item_count, element->item_capacity) = built;
  alloc_free(parts.items);
}

static void add_gone(const struct building *building, struct effective_element *element,
                     const struct config_merge *merge) {
  for (size_t i = 0; i < merge->count; i++) {
    const struct config_item *item = &merge->items[i];
    if (!item->ended_at) continue;
    bool removed = (item->ended_at->properties != NULL);
    struct effective_setter setter = {
        .origin = origin_of(item->ended_at),
        .key = item->ended_by ? item->ended_by->target : "",
        .value = arena_keep(building->arena, alloc_text(item->key ? item->key : "")),
        .what = removed ? "removed" : "cleared"};
    ARRAY_PUSH(element->gone, element->gone_count, element->gone_capacity) = setter;
  }
}

static void merge_part(const struct building *building, struct config_merge *merge,
                       const struct part *part) {
  for (const xmlNode *node = config_child_next(building->configuration, part->node, NULL); node;
       node = config_child_next(building->configuration, part->node, node)) {
    enum directive_kind kind;
    if (!config_directive_kind(merge->collection, config_name_of(node), &kind)) continue;
    char *key = kind == DIRECTIVE_CLEAR
                    ? NULL
                    : config_item_key(building->configuration, merge->collection, node);
    struct config_directive directive = {
        kind, key ? (char *)(uintptr_t)arena_keep(building->arena, key) : NULL, node};
    config_merge_add(merge, &directive, input_of(building, part->input), part->what);
  }
}

static bool adds_any(const struct building *building, const struct schema_collection *collection,
                     const struct part *part) {
  for (const xmlNode *node = config_child_next(building->configuration, part->node, NULL); node;
       node = config_child_next(building->configuration, part->node, node))
    if (schema_adds(collection, config_name_of(node))) return true;
  return false;
}

/* Bindings of siteDefaults are for sites that have none of their own. */
static bool is_left_out(const struct building *building, const struct schema_element *schema,
                        const struct parts *parts, size_t number) {
  if (strcmp(schema->name, "bindings") != 0 || strcmp(parts->items[number].what, "defaults") != 0)
    return false;
  for (size_t i = number + 1; i < parts->count; i++)
    if (adds_any(building, schema->collection, &parts->items[i])) return true;
  return false;
}

static size_t number_of(const struct config_chain *chain, const struct config_input *input) {
  for (size_t i = 0; i < chain->count; i++)
    if (chain->inputs[i] == input) return i;
  return 0;
}

static void build_items(struct building *building, struct effective_element *element,
                        const struct schema_element *schema, const struct parts *parts,
                        const struct scope *scope) {
  struct config_merge merge = config_merge_new(schema->collection);
  size_t last = SIZE_MAX;
  for (size_t i = 0; i < parts->count; i++) {
    if (is_left_out(building, schema, parts, i)) continue;
    if (parts->items[i].input != last || building->in_item) config_merge_start(&merge);
    last = parts->items[i].input;
    merge_part(building, &merge, &parts->items[i]);
  }
  config_merge_finish(&merge);
  element->is_collection = true;
  const struct config_item *item;
  for (size_t position = 0; (item = config_merge_next(&merge, &position));)
    add_item(building, element, schema->collection, item, number_of(building->chain, item->input),
             scope);
  add_gone(building, element, &merge);
  config_merge_dispose(&merge);
}

/* ---- Elements ------------------------------------------------------------------------------- */

static struct parts child_parts(const struct building *building, const struct parts *parts,
                                const char *name) {
  struct parts children = {NULL, 0, 0};
  for (size_t i = 0; i < parts->count; i++) {
    const struct part *part = &parts->items[i];
    for (const xmlNode *node = config_child_next(building->configuration, part->node, NULL); node;
         node = config_child_next(building->configuration, part->node, node))
      if (node->parent == part->node && strcmp((const char *)node->name, name) == 0)
        ARRAY_PUSH(children.items, children.count, children.capacity) =
            (struct part){node, part->input, part->what};
  }
  return children;
}

static struct effective_element *build(struct building *building,
                                       const struct schema_element *schema,
                                       const struct parts *parts, const struct scope *outer) {
  struct effective_element *element = arena_bytes(building->arena, sizeof *element);
  element->name = schema->name;
  if (parts->count) element->source = origin_of(parts->items[0].node);
  for (size_t i = 0; i < schema->attribute_count; i++)
    add_attribute(building, element, &schema->attributes[i], parts);
  for (size_t i = 0; i < schema->child_count; i++) {
    struct parts children = child_parts(building, parts, schema->children[i]->name);
    struct effective_element *child = build(building, schema->children[i], &children, NULL);
    ARRAY_PUSH(element->elements, element->element_count, element->element_capacity) = child;
    alloc_free(children.items);
  }
  struct scope scope = {parts, outer};
  if (schema->collection) build_items(building, element, schema, parts, &scope);
  return element;
}

static void free_element(struct effective_element *element) {
  if (!element) return;
  for (size_t i = 0; i < element->attribute_count; i++)
    alloc_free(element->attributes[i].set_by);
  alloc_free(element->attributes);
  for (size_t i = 0; i < element->element_count; i++)
    free_element(element->elements[i]);
  alloc_free(element->elements);
  for (size_t i = 0; i < element->item_count; i++)
    free_element(element->items[i]);
  alloc_free(element->items);
  alloc_free(element->gone);
}

/* ---- The section -------------------------------------------------------------------------------
 */

static const char *mode_word(enum override_mode mode) {
  static const char *const words[] = {"Inherit", "Allow", "Deny"};
  return words[mode];
}

static void settle_modes(const struct building *building, struct effective_section *section) {
  const struct config_chain *chain = building->chain;
  enum override_mode own = MODE_INHERIT, effective = chain->section->default_mode;
  for (size_t i = 0; i < chain->count; i++) {
    const struct config_input *input = chain->inputs[i];
    if (strcmp(input->target, building->key) == 0) {
      section->locally_stored = true;
      if (input->mode != MODE_INHERIT) own = (enum override_mode)input->mode;
    }
    if (input->mode != MODE_INHERIT) effective = (enum override_mode)input->mode;
  }
  section->override_mode = mode_word(own);
  section->override_mode_effective = mode_word(effective);
  bool apphost = building->view == VIEW_APPHOST || !*building->key;
  struct config_lock lock = config_lock_for(building->configuration, chain, chain->count,
                                            apphost ? CONFIG_APPLICATION_HOST : CONFIG_WEB,
                                            apphost ? "" : building->key, building->key);
  section->locked = lock.locked;
  section->locked_how = lock.locked ? lock.how : "";
  if (lock.locked) section->locked_by = lock.origin;
}

static void add_reason(struct building *building, struct effective_section *section, char *text) {
  ARRAY_PUSH(section->uncertain, section->uncertain_count, section->uncertain_capacity) =
      arena_keep(building->arena, text);
}

static void settle_uncertainty(struct building *building, struct effective_section *section) {
  const struct config_chain *chain = building->chain;
  for (size_t i = 0; i < map_count(chain->unknown_keys); i++) {
    char *path = config_display(building->configuration, map_key(chain->unknown_keys, i));
    add_reason(building, section,
               alloc_format("the web.config of \"%s\" is %s and could set it", path,
                            config_state_at(building->configuration,
                                            map_key(chain->unknown_keys, i)) == CONFIG_DAMAGED
                                ? "damaged"
                                : "not in the bundle"));
    alloc_free(path);
  }
  for (size_t i = 0; i < chain->count; i++)
    if (chain->inputs[i]->elsewhere)
      add_reason(building, section,
                 alloc_format("%s", strcmp(chain->inputs[i]->elsewhere, "encrypted") == 0
                                        ? "a part of it is encrypted"
                                        : "a part of it is in a file that is not in the bundle "
                                          "(configSource, childSource)"));
  if (chain->unknown_above)
    add_reason(building, section,
               alloc_text("machine.config or the web.config beside it is not in the bundle"));
}

static void fill(struct effective_section *section, const struct configuration *configuration,
                 const struct config_section *found, const char *key, enum effective_view view) {
  struct config_chain chain;
  chain.unknown_keys = map_new();
  config_chain_fill(&chain, configuration, found, key, view, false);
  struct building building = {.configuration = configuration,
                              .chain = &chain,
                              .arena = section->arena,
                              .key = key,
                              .view = view};
  struct parts parts = {NULL, 0, 0};
  for (size_t i = 0; i < chain.count; i++)
    if (!chain.inputs[i]->hidden)
      ARRAY_PUSH(parts.items, parts.count, parts.capacity) =
          (struct part){chain.inputs[i]->element, i, "set"};
  section->root = build(&building, found->schema->root, &parts, NULL);
  settle_modes(&building, section);
  settle_uncertainty(&building, section);
  alloc_free(parts.items);
  map_free(chain.unknown_keys);
  config_chain_dispose(&chain);
}

struct effective_section *effective_section_of(const struct configuration *configuration,
                                               const char *path, const char *name,
                                               enum effective_view view) {
  struct effective_section *section = alloc_bytes(sizeof *section);
  struct arena *arena = alloc_bytes(sizeof *arena);
  char *key = config_key(path);
  section->arena = arena;
  section->override_mode = section->override_mode_effective = "Inherit";
  section->locked_how = "";
  section->section = arena_keep(arena, alloc_text(name));
  char *shown = config_path_exists(configuration, key) ? config_display(configuration, key)
                                                       : config_trimmed(path);
  section->path = arena_keep(arena, shown);
  struct config_section none = {.path = name, .default_mode = MODE_ALLOW};
  const struct config_section *found = config_section_find(configuration, name);
  if (!found) {
    none.schema = iis_schema_section(configuration->schema, name);
    none.levels = map_new();
    found = &none;
  }
  section->errors =
      effective_question_errors(configuration, arena, found, key, section->path, view);
  bool answerable = effective_is_answerable(configuration, &section->errors, found, key);
  if (answerable) fill(section, configuration, found, key, view);
  map_free(none.levels);
  alloc_free(key);
  return section;
}

void effective_section_free(struct effective_section *section) {
  if (!section) return;
  free_element(section->root);
  config_errors_dispose(&section->errors);
  alloc_free((void *)section->uncertain);
  arena_free(section->arena);
  alloc_free(section);
}
