/* `siteglass config --format xml`: the same answer as JSON, one element a thing. */
#include "cli/config_show.h"

#include "base/text.h"
#include "cli/config_tree.h"
#include "evidence/node.h"

#include <stdio.h>
#include <string.h>

static const struct origin nowhere_at = {0, 0, 0};

/* Bytes that are no UTF-8 come in nowhere: every text was decoded when it was read. */
static void set(xmlNode *element, const char *name, const char *value) {
  node_set(element, name, value ? value : "", nowhere_at);
}

static void set_bool(xmlNode *element, const char *name, bool value) {
  set(element, name, value ? "true" : "false");
}

static void set_number(xmlNode *element, const char *name, size_t number) {
  char text[24];
  snprintf(text, sizeof text, "%zu", number);
  set(element, name, text);
}

static void set_place(xmlNode *element, const struct bundle *bundle, struct origin origin) {
  if (!origin.source) return;
  set(element, "artifact", config_artifact(bundle, origin));
  if (origin.line) set_number(element, "line", origin.line);
  if (origin.column) set_number(element, "column", origin.column);
}

static xmlNode *add(xmlNode *parent, const char *name) {
  return node_add(parent, name, nowhere_at);
}

static void add_attribute(xmlNode *parent, const struct config_question *question,
                          const struct effective_element *element,
                          const struct effective_attribute *attribute) {
  const struct effective_setter *winner = config_winner(attribute);
  xmlNode *node = add(parent, "attribute");
  set(node, "name", attribute->name);
  set(node, "value", config_shown_value(element, attribute));
  set(node, "source", winner ? "set" : "default");
  if (winner) set_place(node, question->bundle, winner->origin);
  if (attribute->locked) set_bool(node, "locked", true);
  if (attribute->uncertain) set_bool(node, "uncertain", true);
  for (size_t i = 0; i < attribute->set_by_count; i++) {
    xmlNode *setter = add(node, "setBy");
    set(setter, "path", attribute->set_by[i].key);
    set_place(setter, question->bundle, attribute->set_by[i].origin);
    if (question->why)
      set(setter, "value", config_shown_setter(element, attribute, &attribute->set_by[i]));
    if (question->why) set(setter, "what", attribute->set_by[i].what);
  }
}

static void add_body(xmlNode *node, const struct config_question *question,
                     const struct effective_element *element);

static void add_item(xmlNode *collection, const struct config_question *question,
                     const struct effective_element *item) {
  xmlNode *node = add(collection, "item");
  char endpoint[64];
  set(node, "element", item->name);
  set_place(node, question->bundle, item->source);
  if (config_is_binding(item) && config_endpoint(item, endpoint)) set(node, "endpoint", endpoint);
  add_body(node, question, item);
}

static void add_body(xmlNode *node, const struct config_question *question,
                     const struct effective_element *element) {
  for (size_t i = 0; i < element->attribute_count; i++)
    add_attribute(node, question, element, &element->attributes[i]);
  for (size_t i = 0; i < element->element_count; i++) {
    xmlNode *child = add(node, "element");
    set(child, "name", element->elements[i]->name);
    add_body(child, question, element->elements[i]);
  }
  if (!element->is_collection) return;
  xmlNode *collection = add(node, "collection");
  for (size_t i = 0; i < element->item_count; i++)
    add_item(collection, question, element->items[i]);
  for (size_t i = 0; question->why && i < element->gone_count; i++) {
    xmlNode *gone = add(collection, "gone");
    set(gone, "what", element->gone[i].what);
    set(gone, "value", element->gone[i].value);
    set_place(gone, question->bundle, element->gone[i].origin);
  }
}

static void add_errors(xmlNode *parent, const struct bundle *bundle,
                       const struct config_errors *errors) {
  for (size_t i = 0; i < errors->count; i++) {
    const struct config_error *error = &errors->items[i];
    xmlNode *node = add(parent, "error");
    set(node, "hresult", error->hresult);
    if (error->origin.source)
      set_place(node, bundle, error->origin);
    else if (error->file && *error->file)
      set(node, "artifact", error->file);
    set(node, "message", error->message);
    if (error->section && *error->section) set(node, "section", error->section);
    set_bool(node, "everyRequest", error->whole);
    for (size_t j = 0; j < error->affects_count; j++)
      set(add(node, "affects"), "path", error->affects[j]);
    if (error->affects_more) set_number(node, "affectsMore", error->affects_more);
  }
}

static void fill_section(xmlNode *node, const struct config_question *question,
                         const struct effective_section *section) {
  set(node, "path", section->path);
  set(node, "section", section->section);
  set(node, "overrideMode", section->override_mode);
  set(node, "overrideModeEffective", section->override_mode_effective);
  set_bool(node, "locked", section->locked);
  set_bool(node, "locallyStored", section->locally_stored);
  for (size_t i = 0; i < section->uncertain_count; i++)
    set(add(node, "uncertain"), "reason", section->uncertain[i]);
  if (section->root) add_body(node, question, section->root);
  add_errors(node, question->bundle, &section->errors);
}

/* ---- Documents ---------------------------------------------------------------------- */

static xmlNode *new_root(const char *name) {
  xmlDoc *document = xmlNewDoc((const xmlChar *)"1.0");
  xmlNode *root = xmlNewDocNode(document, NULL, (const xmlChar *)name, NULL);
  xmlDocSetRootElement(document, root);
  return root;
}

static char *print(xmlNode *root) {
  xmlChar *printed = NULL;
  int size = 0;
  xmlDocDumpFormatMemoryEnc(root->doc, &printed, &size, "UTF-8", 1);
  char *text = alloc_text_n((const char *)printed, (size_t)size);
  xmlFree(printed);
  xmlFreeDoc(root->doc);
  return text;
}

static char *print_section(const struct config_question *question,
                           const struct effective_section *section) {
  xmlNode *root = new_root("section");
  fill_section(root, question, section);
  return print(root);
}

static char *print_sections(const struct config_question *question,
                            struct effective_section *const *sections, size_t count) {
  xmlNode *root = new_root("sections");
  set(root, "path", question->at);
  const char *why;
  set(root, "iisVersion", effective_iis_version(question->configuration, &why));
  for (size_t i = 0; i < count; i++)
    fill_section(add(root, "section"), question, sections[i]);
  struct config_errors errors = effective_errors(question->configuration, question->at);
  add_errors(root, question->bundle, &errors);
  config_errors_dispose(&errors);
  return print(root);
}

static char *print_errors(const struct config_question *question,
                          const struct config_errors *errors) {
  xmlNode *root = new_root("errors");
  add_errors(root, question->bundle, errors);
  return print(root);
}

static void add_tree_level(xmlNode *root, const struct config_question *question,
                           const struct tree_level *level) {
  xmlNode *node = add(root, level->kind);
  set(node, "path", level->path);
  if (*level->folder) set(node, "folder", level->folder);
  if (*level->pool) set(node, "pool", level->pool);
  if (*level->state) set(node, "webConfig", level->state);
  if (level->artifact) set(node, "artifact", level->artifact->path);
  for (size_t i = 0; i < level->set_count; i++) {
    xmlNode *child = add(node, "sets");
    set(child, "section", level->sets[i].section);
    set_place(child, question->bundle, level->sets[i].origin);
  }
}

static char *print_tree(const struct config_question *question) {
  struct tree tree = tree_make(question);
  xmlNode *root = new_root("tree");
  for (size_t i = 0; i < tree.count; i++)
    add_tree_level(root, question, &tree.levels[i]);
  for (size_t i = 0; i < tree.pool_count; i++) {
    xmlNode *node = add(root, "pool");
    set(node, "name", tree.pools[i].name);
    set_place(node, question->bundle, tree.pools[i].origin);
    set_number(node, "applications", tree.pools[i].applications);
  }
  tree_dispose(&tree);
  return print(root);
}

const struct config_format config_xml = {"xml", print_section, print_sections, print_errors,
                                         print_tree};
