/* Reads the rows of the embedded iis_schema.tsv and grows the tree from them. */
#include "evidence/iis_schema.h"

#include "base/embedded.h"
#include "evidence/node.h"

#include <stdlib.h>
#include <string.h>

extern const struct embedded_file evidence_files[];

const char *evidence_file(const char *path, size_t *size) {
  for (const struct embedded_file *file = evidence_files; file->path; file++) {
    if (strcmp(file->path, path) != 0) continue;
    *size = file->size;
    return file->text;
  }
  *size = 0;
  return "";
}

static struct span take_until(struct span *line, char separator) {
  const char *end = memchr(line->start, separator, line->size);
  struct span taken = {line->start, end ? (size_t)(end - line->start) : line->size};
  size_t used = taken.size + (end ? 1 : 0);
  *line = (struct span){line->start + used, line->size - used};
  return taken;
}

bool iis_schema_row(size_t *position, struct iis_fact *fact) {
  size_t size;
  const char *text = evidence_file("iis_schema.tsv", &size);
  while (*position < size) {
    struct span rest = {text + *position, size - *position};
    struct span line = take_until(&rest, '\n');
    *position = size - rest.size;
    if (line.size == 0 || line.start[0] == '#') continue;
    struct span *const cells[] = {&fact->section, &fact->element, &fact->attribute, &fact->type,
                                  &fact->value,   &fact->names,   &fact->rule,      &fact->traits,
                                  &fact->since,   &fact->until};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
      *cells[i] = take_until(&line, '\t');
    return true;
  }
  return false;
}

/* ---- The tree ------------------------------------------------------------------ */

struct iis_schema {
  struct map *sections, *groups;
  void **memory; /* all that was allocated, to free it in one go */
  size_t memory_count, memory_capacity;
  const char *version;
};

static void *keep(struct iis_schema *schema, void *memory) {
  ARRAY_PUSH(schema->memory, schema->memory_count, schema->memory_capacity) = memory;
  return memory;
}

static const char *keep_text(struct iis_schema *schema, struct span text) {
  return keep(schema, span_copy(text));
}

static bool has_trait(const struct iis_fact *fact, const char *trait) {
  for (struct span rest = fact->traits; rest.size > 0;)
    if (span_equal(take_until(&rest, ','), trait)) return true;
  return false;
}

static int64_t number_of(struct span text) {
  char digits[24] = "";
  memcpy(digits, text.start, text.size < sizeof digits - 1 ? text.size : sizeof digits - 1);
  return strtoll(digits, NULL, 10);
}

/* "10..99", "not 10..99", "0..86400 step 60". */
static void read_range(struct schema_attribute *attribute, struct span rule) {
  attribute->rule = RULE_RANGE;
  if (rule.size > 4 && strncmp(rule.start, "not ", 4) == 0) {
    attribute->rule = RULE_NOT_RANGE;
    rule = (struct span){rule.start + 4, rule.size - 4};
  }
  struct span low = take_until(&rule, '.');
  attribute->least = number_of(low);
  take_until(&rule, '.');
  attribute->most = number_of(take_until(&rule, ' '));
  if (rule.size == 0) return;
  take_until(&rule, ' ');
  attribute->rule = RULE_TIME_RANGE;
  attribute->step = number_of(rule);
}

static void read_rule(struct schema_attribute *attribute, struct span rule) {
  static const struct {
    const char *word;
    enum schema_rule rule;
  } words[] = {{"not-empty", RULE_NOT_EMPTY},
               {"trimmed", RULE_TRIMMED},
               {"site-name", RULE_SITE_NAME},
               {"pool-name", RULE_POOL_NAME},
               {"application-path", RULE_APPLICATION_PATH},
               {"directory-path", RULE_DIRECTORY_PATH}};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (span_equal(rule, words[i].word)) attribute->rule = words[i].rule;
  if (rule.size && attribute->rule == RULE_NONE) read_range(attribute, rule);
}

static enum schema_type type_of(struct span word) {
  static const char *const words[] = {"string", "bool", "uint",  "int",
                                      "int64",  "enum", "flags", "timeSpan"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (span_equal(word, words[i])) return (enum schema_type)i;
  return SCHEMA_STRING;
}

static void read_names(struct iis_schema *schema, struct schema_attribute *attribute,
                       struct span names) {
  size_t capacity = 0;
  while (names.size > 0) {
    struct span pair = take_until(&names, ',');
    struct span name = take_until(&pair, '=');
    ARRAY_PUSH(attribute->names, attribute->name_count, capacity) =
        (struct schema_name){keep_text(schema, name), (uint64_t)number_of(pair)};
  }
  if (attribute->names) keep(schema, attribute->names);
}

int iis_version_order(const char *a, const char *b) {
  while (*a || *b) {
    char *ends[2];
    unsigned long x = strtoul(a, &ends[0], 10), y = strtoul(b, &ends[1], 10);
    if (x != y) return x < y ? -1 : 1;
    a = ends[0] + (*ends[0] == '.');
    b = ends[1] + (*ends[1] == '.');
    if (a == ends[0] && b == ends[1]) return 0;
  }
  return 0;
}

/* Does the row hold for our version? */
static bool holds(const struct iis_schema *schema, const struct iis_fact *fact) {
  if (fact->until.size == 0) return true;
  if (!schema->version) return false;
  char until[16] = "";
  memcpy(until, fact->until.start, fact->until.size < 15 ? fact->until.size : 15);
  return iis_version_order(schema->version, until) < 0;
}

static void add_attribute(struct iis_schema *schema, struct schema_element *element,
                          const struct iis_fact *fact) {
  if (element->attribute_count &&
      span_equal(fact->attribute, element->attributes[element->attribute_count - 1].name))
    return; /* an older state of it holds */
  struct schema_attribute attribute = {.name = keep_text(schema, fact->attribute),
                                       .type = type_of(fact->type),
                                       .required = has_trait(fact, "required"),
                                       .key = has_trait(fact, "key"),
                                       .part_key = has_trait(fact, "part-key"),
                                       .by_case = has_trait(fact, "case"),
                                       .expand = has_trait(fact, "expand"),
                                       .encrypted = has_trait(fact, "encrypted"),
                                       .infinite = has_trait(fact, "infinite"),
                                       .in_seconds = has_trait(fact, "in-seconds"),
                                       .in_minutes = has_trait(fact, "in-minutes")};
  if (span_equal(fact->value, "\"\""))
    attribute.value = "";
  else if (fact->value.size)
    attribute.value = keep_text(schema, fact->value);
  read_names(schema, &attribute, fact->names);
  read_rule(&attribute, fact->rule);
  ARRAY_PUSH(element->attributes, element->attribute_count, element->attribute_capacity) =
      attribute;
}

static struct schema_element *new_element(struct iis_schema *schema, struct span name) {
  struct schema_element *element = keep(schema, alloc_bytes(sizeof *element));
  element->name = keep_text(schema, name);
  return element;
}

static struct schema_element *child_at(struct iis_schema *schema, struct schema_element *element,
                                       struct span name) {
  for (size_t i = 0; i < element->child_count; i++)
    if (span_equal(name, element->children[i]->name)) return element->children[i];
  struct schema_element *child = new_element(schema, name);
  ARRAY_PUSH(element->children, element->child_count, element->child_capacity) = child;
  return child;
}

static struct schema_collection *collection_at(struct iis_schema *schema,
                                               struct schema_element *element, struct span item) {
  if (element->collection) return element->collection;
  struct schema_collection *collection = keep(schema, alloc_bytes(sizeof *collection));
  collection->item = new_element(schema, item);
  return element->collection = collection;
}

/* "[site]/logFile/customFields[add]" below the section's element. */
static struct schema_element *element_at(struct iis_schema *schema, struct schema_element *element,
                                         struct span path) {
  while (path.size > 0) {
    if (path.start[0] == '[') {
      const char *end = memchr(path.start, ']', path.size);
      size_t size = end ? (size_t)(end - path.start) + 1 : path.size;
      struct span item = {path.start + 1, size > 2 ? size - 2 : 0};
      element = collection_at(schema, element, item)->item;
      path = (struct span){path.start + size, path.size - size};
    } else {
      size_t size = 0;
      while (size < path.size && path.start[size] != '/' && path.start[size] != '[')
        size++;
      if (size) element = child_at(schema, element, (struct span){path.start, size});
      if (size < path.size && path.start[size] == '/') size++;
      path = (struct span){path.start + size, path.size - size};
    }
  }
  return element;
}

static const char *or_none(struct iis_schema *schema, struct span word) {
  return span_equal(word, "-") ? NULL : keep_text(schema, word);
}

static void read_collection(struct iis_schema *schema, struct schema_element *element,
                            const struct iis_fact *fact) {
  struct span words = fact->names, adds = take_until(&words, ' ');
  struct schema_collection *collection = collection_at(schema, element, adds);
  size_t capacity = 0;
  while (adds.size > 0)
    ARRAY_PUSH(collection->adds, collection->add_count, capacity) =
        keep_text(schema, take_until(&adds, ','));
  if (collection->adds) keep(schema, (void *)collection->adds);
  collection->remove = or_none(schema, take_until(&words, ' '));
  collection->clear = or_none(schema, words);
  collection->before = has_trait(fact, "before");
  collection->duplicates = has_trait(fact, "duplicates");
  collection->any_attribute = has_trait(fact, "any-attribute");
  if (fact->value.size) collection->defaults = keep_text(schema, fact->value);
}

static void note_groups(struct iis_schema *schema, const char *path) {
  char *copy = alloc_text(path);
  for (char *slash = strrchr(copy, '/'); slash; slash = strrchr(copy, '/')) {
    *slash = '\0';
    *map_at(schema->groups, copy) = schema;
  }
  alloc_free(copy);
}

static struct schema_section *section_at(struct iis_schema *schema, const struct iis_fact *fact,
                                         struct schema_section *last) {
  if (last && span_equal(fact->section, last->path)) return last;
  const char *path = keep_text(schema, fact->section);
  void **place = map_at(schema->sections, path);
  if (*place) return *place;
  struct schema_section *section = *place = keep(schema, alloc_bytes(sizeof *section));
  section->path = path;
  section->framework = has_trait(fact, "framework");
  section->module = has_trait(fact, "module");
  section->foreign = span_equal(fact->type, "foreign");
  const char *slash = strrchr(path, '/');
  if (!section->foreign) section->root = new_element(schema, span_of(slash ? slash + 1 : path));
  note_groups(schema, path);
  return section;
}

static void read_row(struct iis_schema *schema, const struct schema_section *section,
                     const struct iis_fact *fact) {
  if (!section->root) return;
  struct schema_element *element = element_at(schema, section->root, fact->element);
  if (fact->attribute.size)
    add_attribute(schema, element, fact);
  else if (span_equal(fact->type, "collection"))
    read_collection(schema, element, fact);
  else if (has_trait(fact, "defaults"))
    element->is_defaults = true;
  else if (span_equal(fact->type, "foreign"))
    element->foreign = true;
}

struct iis_schema *iis_schema_new(const char *version) {
  struct iis_schema *schema = alloc_bytes(sizeof *schema);
  schema->sections = map_new();
  schema->groups = map_new();
  schema->version = version;
  struct schema_section *section = NULL;
  struct iis_fact fact;
  for (size_t position = 0; iis_schema_row(&position, &fact);) {
    section = section_at(schema, &fact, section);
    if (holds(schema, &fact)) read_row(schema, section, &fact);
  }
  schema->version = NULL;
  return schema;
}

void iis_schema_add(struct iis_schema *schema, const struct iis_fact *fact) {
  struct schema_section *section = section_at(schema, fact, NULL);
  if (span_equal(fact->type, "section")) section->whole = true;
  read_row(schema, section, fact);
}

static struct span cell(const xmlNode *element, const char *name) {
  return span_of(node_get(element, name));
}

struct iis_schema *iis_schema_new_of(const xmlNode *configuration, const char *version) {
  struct iis_schema *schema = iis_schema_new(version);
  for (const xmlNode *each = node_child(configuration, "schemaFact"); each;
       each = node_next(each, "schemaFact"))
    iis_schema_add(schema, &(struct iis_fact){.section = cell(each, "section"),
                                              .element = cell(each, "element"),
                                              .attribute = cell(each, "attribute"),
                                              .type = cell(each, "type"),
                                              .value = cell(each, "value"),
                                              .names = cell(each, "names"),
                                              .traits = cell(each, "traits")});
  return schema;
}

static void free_arrays(const struct schema_element *element) {
  alloc_free(element->attributes);
  for (size_t i = 0; i < element->child_count; i++)
    free_arrays(element->children[i]);
  alloc_free(element->children);
  if (element->collection) free_arrays(element->collection->item);
}

void iis_schema_free(struct iis_schema *schema) {
  if (!schema) return;
  for (size_t i = 0; i < map_count(schema->sections); i++) {
    const struct schema_section *section = map_value(schema->sections, i);
    if (section->root) free_arrays(section->root);
  }
  for (size_t i = 0; i < schema->memory_count; i++)
    alloc_free(schema->memory[i]);
  alloc_free(schema->memory);
  map_free(schema->sections);
  map_free(schema->groups);
  alloc_free(schema);
}

const struct schema_section *iis_schema_section(const struct iis_schema *schema, const char *path) {
  return map_get(schema->sections, path);
}

const struct schema_section *iis_schema_section_at(const struct iis_schema *schema, size_t index) {
  return map_value(schema->sections, index);
}

size_t iis_schema_section_count(const struct iis_schema *schema) {
  return map_count(schema->sections);
}

bool iis_schema_group(const struct iis_schema *schema, const char *path) {
  return map_get(schema->groups, path) != NULL;
}

const struct schema_attribute *schema_attribute(const struct schema_element *element,
                                                const char *name) {
  for (size_t i = 0; i < element->attribute_count; i++)
    if (strcmp(element->attributes[i].name, name) == 0) return &element->attributes[i];
  return NULL;
}

const struct schema_element *schema_child(const struct schema_element *element, const char *name) {
  for (size_t i = 0; i < element->child_count; i++)
    if (strcmp(element->children[i]->name, name) == 0) return element->children[i];
  return NULL;
}

bool schema_adds(const struct schema_collection *collection, const char *name) {
  for (size_t i = 0; i < collection->add_count; i++)
    if (strcmp(collection->adds[i], name) == 0) return true;
  return false;
}
