/* `siteglass config --format json`: siteglass-config.schema.json beside the reports
 * describes it exactly. */
#include "cli/config_show.h"

#include "base/text.h"
#include "cli/config_tree.h"
#include "report/value.h"

static void put_line(struct json_t *object, const char *key, unsigned number) {
  if (number > 0)
    value_number(object, key, number);
  else
    value_null(object, key);
}

static void fill_place(struct json_t *object, const struct bundle *bundle, struct origin origin) {
  value_text(object, "artifact", config_artifact(bundle, origin));
  put_line(object, "line", origin.line);
  put_line(object, "column", origin.column);
}

/* An object, or the word "default" when nobody set it. */
static void put_source(struct json_t *object, const char *key, const struct bundle *bundle,
                       struct origin origin) {
  if (origin.source)
    fill_place(value_object(object, key), bundle, origin);
  else
    value_text(object, key, "default");
}

static void put_setters(struct json_t *object, const struct config_question *question,
                        const struct effective_element *element,
                        const struct effective_attribute *attribute) {
  struct json_t *setters = value_array(object, "set_by");
  for (size_t i = 0; i < attribute->set_by_count; i++) {
    const struct effective_setter *setter = &attribute->set_by[i];
    struct json_t *item = value_item(setters);
    fill_place(item, question->bundle, setter->origin);
    if (!question->why) continue;
    value_text(item, "path", setter->key);
    value_text(item, "what", setter->what);
    value_text(item, "value", config_shown_setter(element, attribute, setter));
  }
}

static void put_attributes(struct json_t *object, const struct config_question *question,
                           const struct effective_element *element) {
  struct json_t *attributes = value_object(object, "attributes");
  for (size_t i = 0; i < element->attribute_count; i++) {
    const struct effective_attribute *attribute = &element->attributes[i];
    const struct effective_setter *winner = config_winner(attribute);
    struct json_t *own = value_object(attributes, attribute->name);
    value_text(own, "value", config_shown_value(element, attribute));
    put_source(own, "source", question->bundle, winner ? winner->origin : (struct origin){0});
    put_setters(own, question, element, attribute);
    if (!question->why) continue;
    value_bool(own, "locked", attribute->locked);
    value_bool(own, "uncertain", attribute->uncertain);
  }
}

static void put_body(struct json_t *object, const struct config_question *question,
                     const struct effective_element *element);

static void put_item(struct json_t *array, const struct config_question *question,
                     const struct effective_element *item) {
  struct json_t *object = value_item(array);
  value_text(object, "element", item->name);
  put_source(object, "source", question->bundle, item->source);
  if (config_is_binding(item)) {
    char endpoint[64];
    if (config_endpoint(item, endpoint))
      value_text(object, "endpoint", endpoint);
    else
      value_null(object, "endpoint");
  }
  put_body(object, question, item);
}

static void put_gone(struct json_t *object, const struct config_question *question,
                     const struct effective_element *element) {
  struct json_t *gone = value_array(object, "gone");
  for (size_t i = 0; i < element->gone_count; i++) {
    struct json_t *item = value_item(gone);
    fill_place(item, question->bundle, element->gone[i].origin);
    value_text(item, "path", element->gone[i].key);
    value_text(item, "what", element->gone[i].what);
    value_text(item, "value", element->gone[i].value);
  }
}

/* As deep as the schema: four or five. */
static void put_body(struct json_t *object, const struct config_question *question,
                     const struct effective_element *element) {
  put_attributes(object, question, element);
  struct json_t *elements = value_object(object, "elements");
  for (size_t i = 0; i < element->element_count; i++)
    put_body(value_object(elements, element->elements[i]->name), question, element->elements[i]);
  struct json_t *collection = value_array(object, "collection");
  for (size_t i = 0; i < element->item_count; i++)
    put_item(collection, question, element->items[i]);
  if (question->why && element->is_collection) put_gone(object, question, element);
}

/* ---- Errors -------------------------------------------------------------------------- */

static void put_error(struct json_t *array, const struct bundle *bundle,
                      const struct config_error *error) {
  struct json_t *object = value_item(array);
  value_text(object, "hresult", error->hresult);
  if (error->origin.source)
    value_text(object, "artifact", config_artifact(bundle, error->origin));
  else if (error->file && *error->file)
    value_text(object, "artifact", error->file);
  else
    value_null(object, "artifact");
  put_line(object, "line", error->origin.line);
  put_line(object, "column", error->origin.column);
  value_text(object, "message", error->message);
  if (error->section && *error->section)
    value_text(object, "section", error->section);
  else
    value_null(object, "section");
  struct json_t *affects = value_array(object, "affects");
  for (size_t i = 0; i < error->affects_count; i++)
    value_item_text(affects, error->affects[i]);
  value_number(object, "affectsMore", error->affects_more);
  value_bool(object, "everyRequest", error->whole);
  value_text(object, "problem", error->problem ? error->problem : "");
  value_text(object, "note", error->note ? error->note : "");
}

static void put_errors(struct json_t *object, const struct bundle *bundle,
                       const struct config_errors *errors) {
  struct json_t *array = value_array(object, "errors");
  for (size_t i = 0; i < errors->count; i++)
    put_error(array, bundle, &errors->items[i]);
}

static char *print_errors(const struct config_question *question,
                          const struct config_errors *errors) {
  struct json_t *root = value_root();
  put_errors(root, question->bundle, errors);
  return value_print(root);
}

/* ---- Sections -------------------------------------------------------------------------- */

static void put_section(struct json_t *object, const struct config_question *question,
                        const struct effective_section *section) {
  value_text(object, "path", section->path);
  value_text(object, "section", section->section);
  value_text(object, "overrideMode", section->override_mode);
  value_text(object, "overrideModeEffective", section->override_mode_effective);
  value_bool(object, "locked", section->locked);
  value_bool(object, "locallyStored", section->locally_stored);
  if (question->why) {
    struct json_t *lock = value_object(object, "lockedBy");
    fill_place(lock, question->bundle, section->locked_by);
    value_text(lock, "how", section->locked_how);
  }
  struct json_t *uncertain = value_array(object, "uncertain");
  for (size_t i = 0; i < section->uncertain_count; i++)
    value_item_text(uncertain, section->uncertain[i]);
  if (section->root) put_body(object, question, section->root);
  put_errors(object, question->bundle, &section->errors);
}

static char *print_section(const struct config_question *question,
                           const struct effective_section *section) {
  struct json_t *root = value_root();
  put_section(root, question, section);
  return value_print(root);
}

static char *print_sections(const struct config_question *question,
                            struct effective_section *const *sections, size_t count) {
  const char *why;
  struct json_t *root = value_root();
  value_text(root, "path", question->at);
  value_text(root, "iisVersion", effective_iis_version(question->configuration, &why));
  value_text(root, "iisVersionReason", why ? why : "");
  struct json_t *array = value_array(root, "sections");
  for (size_t i = 0; i < count; i++)
    put_section(value_item(array), question, sections[i]);
  struct config_errors errors = effective_errors(question->configuration, question->at);
  put_errors(root, question->bundle, &errors);
  config_errors_dispose(&errors);
  return value_print(root);
}

/* ---- The tree ---------------------------------------------------------------------------- */

static void put_set(struct json_t *object, const struct config_question *question,
                    const struct tree_level *level) {
  struct json_t *array = value_array(object, "sets");
  for (size_t i = 0; i < level->set_count; i++) {
    struct json_t *item = value_item(array);
    value_text(item, "section", level->sets[i].section);
    fill_place(item, question->bundle, level->sets[i].origin);
    value_bool(item, "location", level->sets[i].in_location);
  }
}

static char *print_tree(const struct config_question *question) {
  struct tree tree = tree_make(question);
  struct json_t *root = value_root();
  struct json_t *levels = value_array(root, "levels");
  for (size_t i = 0; i < tree.count; i++) {
    const struct tree_level *level = &tree.levels[i];
    struct json_t *item = value_item(levels);
    value_text(item, "kind", level->kind);
    value_text(item, "path", level->path);
    value_text(item, "folder", level->folder);
    value_text(item, "pool", level->pool);
    value_text(item, "webConfig", level->state);
    if (level->artifact)
      value_text(item, "artifact", level->artifact->path);
    else
      value_null(item, "artifact");
    put_set(item, question, level);
  }
  struct json_t *pools = value_array(root, "pools");
  for (size_t i = 0; i < tree.pool_count; i++) {
    struct json_t *item = value_item(pools);
    value_text(item, "name", tree.pools[i].name);
    fill_place(item, question->bundle, tree.pools[i].origin);
    value_number(item, "applications", tree.pools[i].applications);
  }
  tree_dispose(&tree);
  return value_print(root);
}

const struct config_format config_json = {"json", print_section, print_sections, print_errors,
                                          print_tree};
