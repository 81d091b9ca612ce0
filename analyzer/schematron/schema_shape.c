/* What may stand where in a schema: ISO/IEC 19757-3, annex A (its RELAX NG), of
 * the 2016, 2020 and 2025 editions. Elements and attributes of other namespaces are
 * left to the caller. */
#include "schematron/schema_plan.h"

#include "base/origin.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

struct shape {
  const char *name;
  const char *required;   /* attributes, blank-separated */
  const char *attributes; /* the others */
  const char *children;   /* Schematron elements */
  bool text;              /* may hold text */
};

#define RICH "icon see fpi"
#define INLINE "name value-of emph dir span"

static const struct shape shapes[] = {
    {"schema", "", "id schemaVersion schematronEdition defaultPhase queryBinding " RICH,
     "include extends title ns p param let phase rules pattern group diagnostics properties",
     false},
    {"title", "", "", "dir emph span", true},
    {"p", "", "id class icon", "dir emph span", true},
    {"ns", "prefix uri", "id", "", false},
    {"let", "name", "value as id", "", true},
    {"include", "href", "id", "", false},
    {"phase", "id", "from when " RICH, "include p let active", false},
    {"active", "pattern", "id", "dir emph span", true},
    {"pattern", "", "id abstract is-a documents role severity " RICH,
     "include extends title p let param rule", false},
    {"group", "", "id abstract is-a documents role severity " RICH,
     "include extends title p let param rule", false},
    {"rules", "", "id " RICH, "include title p rule", false},
    {"param", "name", "value id", "", false},
    {"rule", "", "id context visit-each abstract flag role severity subject " RICH,
     "include title let assert report extends p", false},
    {"extends", "", "rule href id", "", false},
    {"assert", "test", "id flag role severity subject diagnostics properties " RICH, INLINE, true},
    {"report", "test", "id flag role severity subject diagnostics properties " RICH, INLINE, true},
    {"name", "", "path id", "", false},
    {"value-of", "select", "id", "", false},
    {"emph", "", "id class", INLINE, true},
    {"dir", "", "id value", INLINE, true},
    {"span", "class", "id", INLINE, true},
    {"diagnostics", "", "id", "include diagnostic", false},
    {"diagnostic", "id", "role severity " RICH, INLINE, true},
    {"properties", "", "id", "include property", false},
    {"property", "id", "role scheme " RICH, INLINE, true},
};

static const struct shape *shape_of(const char *name) {
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
    if (text_equal(shapes[i].name, name)) return &shapes[i];
  return NULL;
}

static bool in_list(const char *list, const char *word) {
  size_t size = strlen(word);
  for (const char *at = list; (at = strstr(at, word)) != NULL; at++)
    if ((at == list || at[-1] == ' ') && (at[size] == ' ' || at[size] == '\0')) return true;
  return false;
}

static const char *nearest_element(const char *name) {
  const char *best = NULL;
  size_t least = 3;
  for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
    size_t distance = text_distance(name, shapes[i].name);
    if (distance < least) {
      least = distance;
      best = shapes[i].name;
    }
  }
  return best;
}

static void check_attributes(struct schema *schema, const xmlNode *element,
                             const struct shape *shape) {
  for (const xmlAttr *each = element->properties; each != NULL; each = each->next) {
    const char *name = (const char *)each->name;
    if (each->ns == NULL && !in_list(shape->attributes, name) && !in_list(shape->required, name))
      schema_error(schema, (const xmlNode *)each, AT_NAME, "%s has no attribute '%s'", shape->name,
                   name);
  }
  char list[128];
  snprintf(list, sizeof list, "%s", shape->required);
  for (char *word = list; *word != '\0';) {
    char *end = word + strcspn(word, " ");
    char *next = *end == '\0' ? end : end + 1;
    *end = '\0';
    if (schema_find_attribute(element, word) == NULL)
      schema_error(schema, element, AT_NAME, "%s needs an attribute '%s'", shape->name, word);
    word = next;
  }
}

/* ---- What no table says ---------------------------------------------------- */

static bool has(const xmlNode *element, const char *attribute) {
  return schema_find_attribute(element, attribute) != NULL;
}

static bool has_child(const xmlNode *element, const char *name) {
  for (const xmlNode *each = element->children; each != NULL; each = each->next)
    if (schema_is(each, name)) return true;
  return false;
}

static void check_rule(struct schema *schema, const xmlNode *element, bool is_abstract) {
  if (!is_abstract && schema_is(element->parent, "rules"))
    schema_error(schema, element, AT_NAME, "the rules of 'rules' are abstract");
  if (!is_abstract && !has(element, "context"))
    schema_error(schema, element, AT_NAME, "rule needs an attribute 'context'");
  if (is_abstract && has(element, "context"))
    schema_error(schema, element, AT_NAME, "an abstract rule has no context");
  if (is_abstract && has(element, "visit-each"))
    schema_error(schema, element, AT_NAME, "an abstract rule has no visit-each");
}

static void check_pattern(struct schema *schema, const xmlNode *element, bool is_abstract) {
  bool is_a = has(element, "is-a");
  if (is_a && is_abstract)
    schema_error(schema, element, AT_NAME, "a %s with is-a cannot be abstract", element->name);
  if (is_a && has_child(element, "rule"))
    schema_error(schema, element, AT_NAME, "a %s with is-a has no rules of its own", element->name);
  /* Those of an abstract pattern stand for the ones not given (2025). */
  for (const xmlNode *each = element->children; !is_a && !is_abstract && each != NULL;
       each = each->next)
    if (schema_is(each, "param"))
      schema_error(schema, each, AT_NAME, "only a %s with is-a has parameters", element->name);
}

/* One without a value declares the parameter of an abstract pattern (2025). */
static void check_param(struct schema *schema, const xmlNode *element) {
  char *abstract = schema_value(element->parent, "abstract");
  if (!has(element, "value") && !text_equal(abstract, "true"))
    schema_error(schema, element, AT_NAME, "param needs an attribute 'value'");
  alloc_free(abstract);
}

static void check_phase(struct schema *schema, const xmlNode *element) {
  char *id = schema_value(element, "id");
  if (id != NULL && xmlValidateNCName(BAD_CAST id, 0) != 0)
    schema_error(schema, (xmlNode *)schema_find_attribute(element, "id"), 0, "'%s' is no name", id);
  alloc_free(id);
}

/* Those that name a file are resolved by now, or were refused. */
static void check_extends(struct schema *schema, const xmlNode *element) {
  if (has(element, "rule") && has(element, "href"))
    schema_error(schema, element, AT_NAME, "extends has either a rule or a href");
  else if (!schema_is(element->parent, "rule"))
    schema_error(schema, element, AT_NAME, "extends needs an attribute 'href' here");
}

static void check_dir(struct schema *schema, const xmlNode *element) {
  char *value = schema_value(element, "value");
  if (value != NULL && !text_equal(value, "ltr") && !text_equal(value, "rtl"))
    schema_error(schema, (xmlNode *)schema_find_attribute(element, "value"), 0,
                 "the value of dir is 'ltr' or 'rtl', not '%s'", value);
  alloc_free(value);
}

static void check_combinations(struct schema *schema, const xmlNode *element,
                               const struct shape *shape) {
  char *abstract = schema_value(element, "abstract");
  bool is_abstract = text_equal(abstract, "true");
  if (abstract != NULL && !is_abstract && !text_equal(abstract, "false"))
    schema_error(schema, element, AT_NAME, "abstract is 'true' or 'false', not '%s'", abstract);
  if (is_abstract && !has(element, "id"))
    schema_error(schema, element, AT_NAME, "an abstract %s needs an attribute 'id'", shape->name);
  if (text_equal(shape->name, "rule")) check_rule(schema, element, is_abstract);
  if (schema_is_pattern(element)) check_pattern(schema, element, is_abstract);
  if (text_equal(shape->name, "param")) check_param(schema, element);
  if (text_equal(shape->name, "phase")) check_phase(schema, element);
  if (text_equal(shape->name, "extends")) check_extends(schema, element);
  if (text_equal(shape->name, "dir")) check_dir(schema, element);
  if (text_equal(shape->name, "let") && !has(element, "value") && element->children == NULL)
    schema_error(schema, element, AT_NAME, "let needs a value or content");
  alloc_free(abstract);
}

/* ---- Elements -------------------------------------------------------------- */

static bool is_blank(const xmlNode *text) {
  const char *content = (const char *)text->content;
  return content == NULL || content[strspn(content, " \t\r\n")] == '\0';
}

static void check_element(struct schema *schema, const xmlNode *element, const char *children);

static void check_children(struct schema *schema, const xmlNode *element,
                           const struct shape *shape) {
  for (const xmlNode *each = element->children; each != NULL; each = each->next) {
    if (each->type == XML_TEXT_NODE && !shape->text && !is_blank(each))
      schema_error(schema, element, AT_NAME, "%s holds no text", shape->name);
    else if (schema_is_any(each))
      check_element(schema, each, shape->children);
    else if (each->type == XML_ELEMENT_NODE && in_list(shape->children, "value-of"))
      check_children(schema, each, shape); /* foreign, in a message: as the message itself */
  }
}

static void check_element(struct schema *schema, const xmlNode *element, const char *children) {
  const char *name = (const char *)element->name;
  const struct shape *shape = shape_of(name);
  if (shape == NULL) {
    const char *near = nearest_element(name);
    schema_error(schema, element, AT_NAME, "Schematron has no element '%s'%s%s%s", name,
                 near == NULL ? "" : "; did you mean '", near == NULL ? "" : near,
                 near == NULL ? "" : "'?");
    return;
  }
  if (!in_list(children, name))
    schema_error(schema, element, AT_NAME, "%s cannot stand in %s", name,
                 (const char *)element->parent->name);
  check_attributes(schema, element, shape);
  check_combinations(schema, element, shape);
  check_children(schema, element, shape);
}

/* One id, one element. Included files share the ids of the whole. */
static void check_ids(struct schema *schema, const xmlNode *element, struct map *seen) {
  if (pointers_get(&schema->extended, element) != NULL) return;
  xmlAttr *attribute = schema_find_attribute(element, "id");
  if (attribute != NULL && schema_is_any(element)) {
    char *id = schema_attribute_text(attribute);
    void **place = map_at(seen, id);
    if (*place != NULL)
      schema_error(schema, (xmlNode *)attribute, 0,
                   "the id '%s' is already that of the %s in line %u", id,
                   (const char *)((xmlNode *)*place)->name, origin_of(*place).line);
    else
      *place = (void *)element;
    alloc_free(id);
  }
  for (const xmlNode *each = element->children; each != NULL; each = each->next)
    if (each->type == XML_ELEMENT_NODE && !schema_is(element, "let")) check_ids(schema, each, seen);
}

static void check_binding(struct schema *schema) {
  char *binding = schema_value(schema->root, "queryBinding");
  if (binding != NULL && !text_equal_nocase(binding, "xslt") &&
      !text_equal_nocase(binding, "xpath") && !text_equal_nocase(binding, "exslt"))
    schema_error(schema, (xmlNode *)schema_find_attribute(schema->root, "queryBinding"), 0,
                 "the query binding '%s' is not supported; xslt, xpath and exslt are", binding);
  alloc_free(binding);
}

void schema_check_shape(struct schema *schema) {
  check_element(schema, schema->root, "schema");
  check_binding(schema);
  struct map *seen = map_new();
  check_ids(schema, schema->root, seen);
  map_free(seen);
}
