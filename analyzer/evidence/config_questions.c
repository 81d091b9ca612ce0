/* The questions of rules: scalars and items in force, each by a few hash look-ups. */
#include "base/text.h"
#include "evidence/config_engine.h"
#include "evidence/config_merge.h"
#include "evidence/config_value.h"
#include "evidence/node.h"
#include "evidence/text_near.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "section/element/@attribute", taken apart once. */
struct config_question {
  struct config_section *section; /* NULL: no file says anything of it */
  const struct schema_section *schema;
  struct config_route route;
  const struct schema_attribute *attribute; /* NULL: about the element */
};

/* ---- Taking paths apart ------------------------------------------------------------ */

static const struct schema_section *section_of(const struct iis_schema *schema, char *path,
                                               const char **rest) {
  size_t size = strlen(path);
  for (size_t end = size; end > 0; end--) {
    if (path[end] != '\0' && path[end] != '/') continue;
    char kept = path[end];
    path[end] = '\0';
    const struct schema_section *section = iis_schema_section(schema, path);
    path[end] = kept;
    if (!section) continue;
    *rest = path + end + (kept == '/');
    return section;
  }
  return NULL;
}

/* Follows "element/element/@attribute" from the section's element. */
static bool follow(struct config_question *question, const char *rest) {
  const struct schema_element *element = question->route.element = question->schema->root;
  while (*rest && *rest != '@') {
    size_t size = strcspn(rest, "/");
    const struct schema_element *child = NULL;
    for (size_t i = 0; i < element->child_count && !child; i++)
      if (span_equal((struct span){rest, size}, element->children[i]->name))
        child = element->children[i];
    if (!child || question->route.count == sizeof question->route.names / sizeof(char *))
      return false;
    question->route.names[question->route.count++] = child->name;
    question->route.element = element = child;
    rest += size;
    rest += *rest == '/';
  }
  if (*rest != '@') return true;
  question->attribute = schema_attribute(element, rest + 1);
  return question->attribute != NULL;
}

static bool take_apart(const struct iis_schema *schema, const char *path,
                       struct config_question *question) {
  char *copy = alloc_text(path);
  const char *rest = "";
  *question = (struct config_question){.schema = section_of(schema, copy, &rest)};
  bool good = question->schema && question->schema->root && follow(question, rest);
  alloc_free(copy);
  return good;
}

static const struct config_question *question_of(const struct configuration *configuration,
                                                 const char *path) {
  struct config_question *known = map_get(configuration->questions, path);
  if (known) return known;
  struct config_question question;
  if (!take_apart(configuration->schema, path, &question)) return NULL;
  question.section = config_section_find(configuration, question.schema->path);
  known = alloc_bytes(sizeof *known);
  *known = question;
  *map_at(configuration->questions, path) = known;
  return known;
}

/* ---- Known paths ---------------------------------------------------------------------- */

/* Does the row name a thing of this kind, outside of items? */
static bool row_is(const struct iis_fact *fact, enum configuration_path kind) {
  if (memchr(fact->element.start, '[', fact->element.size)) return false;
  if (kind == PATH_VALUE) return fact->attribute.size > 0;
  if (kind == PATH_ITEMS) return span_equal(fact->type, "collection");
  return span_equal(fact->type, "section");
}

static void find_near(const char *path, enum configuration_path kind, char near[160]) {
  struct text_near nearest = text_near_start(path);
  struct iis_fact fact;
  for (size_t position = 0; iis_schema_row(&position, &fact);) {
    if (!row_is(&fact, kind)) continue;
    char *known = alloc_format("%.*s%s%.*s%s%.*s", (int)fact.section.size, fact.section.start,
                               fact.element.size ? "/" : "", (int)fact.element.size,
                               fact.element.start, fact.attribute.size ? "/@" : "",
                               (int)fact.attribute.size, fact.attribute.start);
    nearest.best = NULL;
    text_near_try(&nearest, known);
    if (nearest.best) snprintf(near, 160, "%s", known);
    alloc_free(known);
  }
}

/* Is this what `path` begins with? Then moves behind it. */
static bool passes(const char **path, struct span part) {
  if (strncmp(*path, part.start, part.size) != 0) return false;
  *path += part.size;
  return true;
}

static bool is_path_of(const struct iis_fact *fact, const char *path) {
  if (!passes(&path, fact->section)) return false;
  if (fact->element.size && (*path++ != '/' || !passes(&path, fact->element))) return false;
  if (fact->attribute.size && (!passes(&path, span_of("/@")) || !passes(&path, fact->attribute)))
    return false;
  return *path == '\0';
}

/* Asked of every literal in the rules: so from the rows, without growing their tree. */
bool configuration_path_known(const char *path, enum configuration_path kind, char near[160]) {
  struct iis_fact fact;
  near[0] = '\0';
  for (size_t position = 0; iis_schema_row(&position, &fact);)
    if (is_path_of(&fact, path) && row_is(&fact, kind) && fact.until.size == 0) return true;
  find_near(path, kind, near);
  return false;
}

/* ---- Certainty --------------------------------------------------------------------------- */

struct certainty {
  bool uncertain;
  const char *reason, *needs;
};

static const struct certainty certain = {false, "", ""};

static struct certainty doubtful(enum unknown_reason reason, const char *needs) {
  return (struct certainty){true, unknown_reason_word(reason), needs};
}

/* Could a file that the bundle lacks still overrule what input number `winner` sets? */
static bool may_be_overruled(const struct configuration *configuration,
                             const struct config_chain *chain, size_t winner) {
  if (chain->unknown == 0) return false;
  if (chain->unknown_at > winner) return true;
  const struct config_input *input = chain->inputs[winner];
  if (input->kind == CONFIG_WEB) return strlen(input->file_key) < chain->unknown_longest;
  return !config_lock_for(configuration, chain, winner + 1, CONFIG_WEB, "", input->target).locked;
}

static struct certainty certainty_of_all(const struct configuration *configuration,
                                         const struct config_chain *chain) {
  if (configuration->unknown_reason)
    return (struct certainty){true, configuration->unknown_reason, configuration->unknown_needs};
  for (size_t i = 0; i < chain->count; i++)
    if (chain->inputs[i]->elsewhere)
      return (struct certainty){true, chain->inputs[i]->elsewhere, ""};
  if (chain->unknown) return doubtful(UNKNOWN_MAY_BE_OVERRIDDEN, "web-config");
  if (chain->unknown_above) return doubtful(UNKNOWN_NOT_IN_BUNDLE, "web-config");
  return certain;
}

bool config_value_uncertain(const struct configuration *configuration,
                            const struct config_chain *chain, size_t winner, const char **reason,
                            const char **needs) {
  struct certainty answer = certain;
  for (size_t i = winner == SIZE_MAX ? 0 : winner + 1; i < chain->count; i++)
    if (chain->inputs[i]->elsewhere)
      answer = (struct certainty){true, chain->inputs[i]->elsewhere, ""};
  if (winner == SIZE_MAX ? chain->unknown > 0 : may_be_overruled(configuration, chain, winner))
    answer = doubtful(UNKNOWN_MAY_BE_OVERRIDDEN, "web-config");
  else if (winner == SIZE_MAX && chain->unknown_above)
    answer = doubtful(UNKNOWN_NOT_IN_BUNDLE, "web-config");
  if (configuration->unknown_reason)
    answer = (struct certainty){true, configuration->unknown_reason, configuration->unknown_needs};
  *reason = answer.reason;
  *needs = answer.needs;
  return answer.uncertain;
}

/* ---- Values -------------------------------------------------------------------------------- */

static const xmlNode *descend(const struct configuration *configuration, const xmlNode *element,
                              const struct config_route *route, size_t depth, const char *name) {
  if (depth == route->count) return config_attribute(configuration, element, name) ? element : NULL;
  const xmlNode *found = NULL;
  for (const xmlNode *node = element->children; node; node = node->next) {
    if (node->type != XML_ELEMENT_NODE || strcmp((const char *)node->name, route->names[depth]))
      continue;
    const xmlNode *deeper = descend(configuration, node, route, depth + 1, name);
    if (deeper) found = deeper;
  }
  return found;
}

/* The text lives as long as the configuration. */
static const char *keep(const struct configuration *configuration, char *text) {
  void **place = map_at(configuration->texts, text);
  if (*place)
    alloc_free(text);
  else
    *place = text;
  return *place;
}

static const char *spelled(const struct configuration *configuration,
                           const struct schema_attribute *attribute, const char *value) {
  for (size_t i = 0; i < attribute->name_count; i++)
    if (strcmp(attribute->names[i].name, value) == 0) return value;
  if (attribute->type == SCHEMA_BOOL && (!strcmp(value, "true") || !strcmp(value, "false")))
    return value;
  return keep(configuration, config_value_written(attribute, value));
}

/* IIS reads nothing of a section with such a value: requests get 500.19. */
static void tell_refused(const struct schema_attribute *attribute,
                         struct configuration_answer *answer, const char *raw) {
  if (attribute->type == SCHEMA_STRING) return;
  char *refused = config_value_refused(attribute, raw);
  if (!refused) return;
  answer->uncertain = true;
  answer->reason = unknown_reason_word(UNKNOWN_DAMAGED);
  answer->needs = "";
  alloc_free(refused);
}

static void tell_encrypted(struct configuration_answer *answer, const char *raw) {
  struct span provider;
  bool empty;
  if (!config_value_encrypted(raw, &provider, &empty) || empty) return;
  answer->uncertain = true;
  answer->reason = unknown_reason_word(UNKNOWN_ENCRYPTED);
  answer->needs = "";
}

static void settle_value(const struct configuration *configuration,
                         const struct config_chain *chain, const struct config_question *question,
                         struct configuration_answer *answer) {
  const struct schema_attribute *attribute = question->attribute;
  size_t winner = SIZE_MAX;
  const xmlNode *element = NULL;
  for (size_t i = chain->count; i-- > 0 && !element;) {
    if (chain->inputs[i]->hidden) continue;
    element =
        descend(configuration, chain->inputs[i]->element, &question->route, 0, attribute->name);
    if (element) winner = i;
  }
  answer->uncertain =
      config_value_uncertain(configuration, chain, winner, &answer->reason, &answer->needs);
  if (!element) return;
  const char *raw =
      config_attribute_text(config_attribute(configuration, element, attribute->name));
  answer->element = (xmlNode *)(uintptr_t)element;
  answer->value = spelled(configuration, attribute, raw);
  tell_encrypted(answer, raw);
  tell_refused(attribute, answer, raw);
}

/* Nothing speaks of the section: only missing files matter, as of one not declared. */
static const struct config_section *section_for(const struct config_question *question,
                                                struct config_section *none) {
  if (question->section) return question->section;
  *none = (struct config_section){
      .path = question->schema->path, .schema = question->schema, .default_mode = MODE_ALLOW};
  none->levels = map_new();
  return none;
}

struct configuration_answer configuration_value(const struct configuration *configuration,
                                                const char *key, const char *path) {
  const struct config_question *question = question_of(configuration, path);
  struct configuration_answer answer = {.value = "", .reason = "", .needs = ""};
  if (!question || !question->attribute) {
    answer.uncertain = true;
    answer.reason = unknown_reason_word(UNKNOWN_AMBIGUOUS);
    return answer;
  }
  struct config_section none = {.path = NULL};
  struct config_chain chain;
  chain.unknown_keys = NULL;
  const struct config_section *section = section_for(question, &none);
  config_chain_fill(&chain, configuration, section, key, VIEW_FULL, false);
  if (question->attribute->value) answer.value = question->attribute->value;
  settle_value(configuration, &chain, question, &answer);
  config_chain_dispose(&chain);
  map_free(none.levels);
  return answer;
}

/* ---- Sections ---------------------------------------------------------------------------------
 */

static void add_defaults(xmlNode *node, const struct schema_element *element) {
  for (size_t i = 0; i < element->attribute_count; i++)
    if (element->attributes[i].value)
      node_set(node, element->attributes[i].name, element->attributes[i].value,
               (struct origin){0, 0, 0});
  for (size_t i = 0; i < element->child_count; i++)
    if (!element->children[i]->is_defaults)
      add_defaults(node_add(node, element->children[i]->name, (struct origin){0, 0, 0}),
                   element->children[i]);
}

/* An element that says what holds when nobody sets the section. */
static xmlNode *default_element(const struct configuration *configuration,
                                const struct schema_section *schema) {
  void **place = map_at(configuration->default_elements, schema->path);
  if (*place) return *place;
  struct configuration *owner = (struct configuration *)(uintptr_t)configuration; /* a cache */
  if (!owner->defaults) {
    owner->defaults = xmlNewDoc((const xmlChar *)"1.0");
    xmlDocSetRootElement(owner->defaults,
                         xmlNewDocNode(owner->defaults, NULL, (const xmlChar *)"defaults", NULL));
  }
  xmlNode *element =
      node_add(xmlDocGetRootElement(owner->defaults), schema->root->name, (struct origin){0, 0, 0});
  add_defaults(element, schema->root);
  return *place = element;
}

struct configuration_answer configuration_section(const struct configuration *configuration,
                                                  const char *key, const char *path) {
  const struct config_question *question = question_of(configuration, path);
  struct configuration_answer answer = {.value = "", .reason = "", .needs = ""};
  if (!question) {
    answer.uncertain = true;
    answer.reason = unknown_reason_word(UNKNOWN_AMBIGUOUS);
    return answer;
  }
  struct config_section none = {.path = NULL};
  struct config_chain chain;
  chain.unknown_keys = NULL;
  config_chain_fill(&chain, configuration, section_for(question, &none), key, VIEW_FULL, false);
  struct certainty all = certainty_of_all(configuration, &chain);
  answer.uncertain = all.uncertain;
  answer.reason = all.reason;
  answer.needs = all.needs;
  answer.element = chain.count ? chain.inputs[chain.count - 1]->element
                               : default_element(configuration, question->schema);
  config_chain_dispose(&chain);
  map_free(none.levels);
  return answer;
}

/* A folder that is mapped twice has its settings at the first of its levels. */
static xmlNode *level_with_settings(const struct configuration *configuration,
                                    const xmlNode *level) {
  const char *same = node_get(level, "sameAs");
  size_t number = same ? strtoul(same, NULL, 10) : 0;
  xmlNode *first = number ? node_child(configuration->container, "level") : NULL;
  for (; first && number > 1; number--)
    first = node_next(first, "level");
  return first ? first : (xmlNode *)level;
}

struct configuration_answer configuration_web_config(const struct configuration *configuration,
                                                     const char *key) {
  struct configuration_answer answer = {.value = "", .reason = "", .needs = "web-config"};
  const struct config_level_file *file = map_get(configuration->files, key);
  switch (config_state_at(configuration, key)) {
  case CONFIG_FOUND:
    answer.element = file ? level_with_settings(configuration, file->level) : NULL;
    break;
  case CONFIG_NONE:
    break;
  case CONFIG_DAMAGED:
    answer.uncertain = true;
    answer.reason = unknown_reason_word(UNKNOWN_DAMAGED);
    break;
  case CONFIG_NOT_IN_BUNDLE:
    answer.uncertain = true;
    answer.reason = unknown_reason_word(UNKNOWN_NOT_IN_BUNDLE);
    break;
  }
  return answer;
}

/* ---- Items --------------------------------------------------------------------------------------
 */

static const struct config_question *items_question(const struct configuration *configuration,
                                                    const char *path) {
  const struct config_question *question = question_of(configuration, path);
  return question && !question->attribute && question->route.element->collection ? question : NULL;
}

struct configuration_items configuration_items(const struct configuration *configuration,
                                               const char *key, const char *path) {
  const struct config_question *question = items_question(configuration, path);
  struct configuration_items items = {.reason = "", .needs = ""};
  if (!question) {
    items.uncertain = true;
    items.reason = unknown_reason_word(UNKNOWN_AMBIGUOUS);
    return items;
  }
  struct config_section none = {.path = NULL};
  struct config_chain chain;
  chain.unknown_keys = NULL;
  config_chain_fill(&chain, configuration, section_for(question, &none), key, VIEW_FULL, false);
  struct certainty all = certainty_of_all(configuration, &chain);
  items.uncertain = all.uncertain;
  items.reason = all.reason;
  items.needs = all.needs;
  items.uncertain_below =
      all.uncertain && (configuration->unknown_reason || chain.hidden || chain.unknown);
  struct config_merge merge = config_merge_new(question->route.element->collection);
  for (size_t i = 0; i < chain.count; i++)
    config_merge_delta(&merge, config_delta_of(configuration, chain.inputs[i], &question->route),
                       chain.inputs[i]);
  config_merge_finish(&merge);
  const struct config_item *item;
  for (size_t position = 0; (item = config_merge_next(&merge, &position));)
    ARRAY_PUSH(items.nodes, items.count, items.capacity) = (xmlNode *)(uintptr_t)item->node;
  config_merge_dispose(&merge);
  config_chain_dispose(&chain);
  map_free(none.levels);
  return items;
}

void configuration_items_dispose(struct configuration_items *items) {
  alloc_free(items->nodes);
  items->nodes = NULL;
}

const char *configuration_item_value(const struct configuration *configuration, const char *path,
                                     const xmlNode *item, const char *attribute) {
  const struct config_question *question = items_question(configuration, path);
  const struct schema_attribute *known =
      question ? schema_attribute(question->route.element->collection->item, attribute) : NULL;
  const xmlAttr *found = config_attribute(configuration, item, attribute);
  if (found && known) return spelled(configuration, known, config_attribute_text(found));
  if (found) return config_attribute_text(found);
  return known ? known->value : NULL;
}

bool configuration_item_is(const struct configuration *configuration, const char *path,
                           const xmlNode *item, const char *key) {
  const struct config_question *question = items_question(configuration, path);
  const struct schema_element *schema = question ? question->route.element->collection->item : NULL;
  for (size_t i = 0; schema && i < schema->attribute_count; i++) {
    const struct schema_attribute *attribute = &schema->attributes[i];
    if (!attribute->key && !attribute->part_key) continue;
    const char *value = configuration_item_value(configuration, path, item, attribute->name);
    if (!value) return false;
    return attribute->by_case ? strcmp(value, key) == 0 : text_equal_nocase(value, key);
  }
  return false;
}

/* ---- Locks
 * ------------------------------------------------------------------------------------------ */

bool configuration_locked(const struct configuration *configuration, const char *key,
                          const char *section) {
  const struct config_section *found = config_section_find(configuration, section);
  if (!found) return false;
  struct config_chain chain;
  chain.unknown_keys = NULL;
  config_chain_fill(&chain, configuration, found, key, VIEW_FULL, false);
  bool locked = config_lock_for(configuration, &chain, chain.count, CONFIG_WEB, key, key).locked;
  config_chain_dispose(&chain);
  return locked;
}
