/* The names that evidence.rng and the schema facts know, as a small graph. */
#include "evidence/vocabulary.h"

#include "base/map.h"
#include "base/xml_source.h"
#include "evidence/iis_schema.h"
#include "evidence/text_near.h"

#include <stdint.h>
#include <string.h>

struct element {
  char *name;
  struct map *attributes; /* values are not used */
  struct map *children;   /* name -> struct element */
  bool any_attribute;     /* customers' own attributes may stand here */
  bool any_child;         /* and their elements */
  bool foreign;           /* known from the schema facts only */
  size_t visited;         /* number of the walk that saw it */
  size_t number;          /* place in vocabulary->elements */
};

struct evidence_vocabulary {
  struct map *elements; /* name -> struct element */
  bool *contains;       /* elements x elements: may the first contain the second? */
};

/* ---- Building ------------------------------------------------------------- */

static struct element *element_at(struct evidence_vocabulary *vocabulary, const char *name) {
  void **place = map_at(vocabulary->elements, name);
  if (!*place) {
    struct element *element = alloc_bytes(sizeof *element);
    element->name = alloc_text(name);
    element->attributes = map_new();
    element->children = map_new();
    element->number = map_count(vocabulary->elements) - 1;
    *place = element;
  }
  return *place;
}

static const char *name_of(const xmlNode *node) {
  for (const xmlAttr *attribute = node->properties; attribute; attribute = attribute->next)
    if (strcmp((const char *)attribute->name, "name") == 0 && attribute->children)
      return (const char *)attribute->children->content;
  return NULL;
}

static bool is_named(const xmlNode *node, const char *name) {
  return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static const xmlNode *definition(const xmlNode *grammar, const char *name) {
  for (const xmlNode *node = grammar->children; node; node = node->next)
    if (is_named(node, "define") && text_equal(name_of(node), name)) return node;
  return NULL;
}

/* Adds what stands directly in `owner`: its own attributes and child elements,
 * through choices and references but not into the children. */
static void collect(struct evidence_vocabulary *vocabulary, const xmlNode *grammar,
                    const xmlNode *pattern, struct element *owner, int depth) {
  if (!pattern || depth > 32) return;
  for (const xmlNode *node = pattern->children; node; node = node->next) {
    const char *name = name_of(node);
    if (is_named(node, "attribute")) {
      if (name)
        *map_at(owner->attributes, name) = owner;
      else
        owner->any_attribute = true;
    } else if (is_named(node, "element")) {
      if (!name)
        owner->any_child = true;
      else if (!strchr(name, ':'))
        *map_at(owner->children, name) = element_at(vocabulary, name);
    } else if (is_named(node, "ref")) {
      collect(vocabulary, grammar, definition(grammar, name ? name : ""), owner, depth + 1);
    } else if (node->type == XML_ELEMENT_NODE) {
      collect(vocabulary, grammar, node, owner, depth + 1);
    }
  }
}

static void collect_all(struct evidence_vocabulary *vocabulary, const xmlNode *grammar,
                        const xmlNode *parent) {
  for (const xmlNode *node = parent->children; node; node = node->next) {
    const char *name = is_named(node, "element") ? name_of(node) : NULL;
    if (name && !strchr(name, ':'))
      collect(vocabulary, grammar, node, element_at(vocabulary, name), 0);
    collect_all(vocabulary, grammar, node);
  }
}

/* The last name in "siteDefaults/bindings[binding]" or a section's path. */
static struct span last_name(struct span path) {
  while (path.size > 0 && path.start[path.size - 1] == ']')
    path.size--;
  size_t start = path.size;
  while (start > 0 && !strchr("/[]", path.start[start - 1]))
    start--;
  return (struct span){path.start + start, path.size - start};
}

static void add_fact(struct evidence_vocabulary *vocabulary, const struct iis_fact *fact) {
  struct span last = last_name(fact->element.size ? fact->element : fact->section);
  bool pool = span_equal(fact->section, "system.applicationHost/applicationPools") &&
              span_equal(fact->element, "[add]");
  char *name = pool ? alloc_text("applicationPool") : span_copy(last);
  struct element *element = map_get(vocabulary->elements, name);
  if (!element) {
    element = element_at(vocabulary, name);
    element->foreign = element->any_attribute = element->any_child = true;
  }
  bool takes = element->foreign || element->any_attribute;
  if (takes && fact->attribute.size) {
    char *attribute = span_copy(fact->attribute);
    *map_at(element->attributes, attribute) = element;
    alloc_free(attribute);
  }
  alloc_free(name);
}

static void add_facts(struct evidence_vocabulary *vocabulary) {
  struct iis_fact fact;
  for (size_t position = 0; iis_schema_row(&position, &fact);)
    add_fact(vocabulary, &fact);
}

static void add_schema(struct evidence_vocabulary *vocabulary) {
  size_t size;
  const char *text = evidence_relax_ng(&size);
  struct xml_failure failure;
  xmlDoc *document = xml_source_parse(text, size, &(struct xml_source_options){0}, &failure);
  if (!document) return; /* every name is then unknown; the tests hold the schema to its form */
  xmlNode *grammar = xmlDocGetRootElement(document);
  collect_all(vocabulary, grammar, grammar);
  xmlFreeDoc(document);
}

static void close_over(const struct element *element, size_t walk) {
  for (size_t i = 0; i < map_count(element->children); i++) {
    struct element *child = map_value(element->children, i);
    if (child->visited == walk) continue;
    child->visited = walk;
    close_over(child, walk);
  }
}

/* One row per element: what the walk from it visits; foreign names wherever
 * customers' own elements may stand on the way. */
static void fill_contains(struct evidence_vocabulary *vocabulary) {
  size_t count = map_count(vocabulary->elements);
  vocabulary->contains = alloc_array(count * count, sizeof *vocabulary->contains);
  for (size_t i = 0; i < count; i++) {
    const struct element *from = map_value(vocabulary->elements, i);
    bool *row = vocabulary->contains + i * count;
    close_over(from, i + 1);
    bool any = from->any_child;
    for (size_t j = 0; j < count; j++) {
      const struct element *to = map_value(vocabulary->elements, j);
      row[j] = to->visited == i + 1;
      any = any || (row[j] && to->any_child);
    }
    for (size_t j = 0; j < count && any; j++)
      if (((const struct element *)map_value(vocabulary->elements, j))->foreign) row[j] = true;
  }
}

struct evidence_vocabulary *evidence_vocabulary_new(void) {
  struct evidence_vocabulary *vocabulary = alloc_bytes(sizeof *vocabulary);
  vocabulary->elements = map_new();
  add_schema(vocabulary);
  add_facts(vocabulary);
  fill_contains(vocabulary);
  return vocabulary;
}

void evidence_vocabulary_free(struct evidence_vocabulary *vocabulary) {
  if (!vocabulary) return;
  for (size_t i = 0; i < map_count(vocabulary->elements); i++) {
    struct element *element = map_value(vocabulary->elements, i);
    map_free(element->attributes);
    map_free(element->children);
    alloc_free(element->name);
    alloc_free(element);
  }
  map_free(vocabulary->elements);
  alloc_free(vocabulary->contains);
  alloc_free(vocabulary);
}

/* ---- Asking ---------------------------------------------------------------- */

bool evidence_has_element(const struct evidence_vocabulary *vocabulary, const char *name) {
  return map_get(vocabulary->elements, name) != NULL;
}

/* A section holds anything; elsewhere a customer's attribute is known when the
 * schema facts name it, so that a misspelt one is still caught. */
static bool takes(const struct element *element, const char *attribute) {
  if (map_get(element->attributes, attribute)) return true;
  return element->foreign || strcmp(element->name, "section") == 0;
}

bool evidence_has_attribute(const struct evidence_vocabulary *vocabulary, const char *element,
                            const char *attribute) {
  if (element) {
    const struct element *found = map_get(vocabulary->elements, element);
    return found && takes(found, attribute);
  }
  for (size_t i = 0; i < map_count(vocabulary->elements); i++) {
    const struct element *each = map_value(vocabulary->elements, i);
    if (map_get(each->attributes, attribute)) return true;
  }
  return false;
}

bool evidence_may_contain(const struct evidence_vocabulary *vocabulary, const char *ancestor,
                          const char *descendant) {
  const struct element *from = map_get(vocabulary->elements, ancestor);
  const struct element *to = map_get(vocabulary->elements, descendant);
  if (!from || !to) return false;
  return vocabulary->contains[from->number * map_count(vocabulary->elements) + to->number];
}

const char *evidence_near_element(const struct evidence_vocabulary *vocabulary, const char *name) {
  struct text_near near = text_near_start(name);
  for (size_t i = 0; i < map_count(vocabulary->elements); i++)
    text_near_try(&near, map_key(vocabulary->elements, i));
  return near.best;
}

static void try_attributes(struct text_near *near, const struct element *element) {
  for (size_t i = 0; i < map_count(element->attributes); i++)
    text_near_try(near, map_key(element->attributes, i));
}

const char *evidence_near_attribute(const struct evidence_vocabulary *vocabulary,
                                    const char *element, const char *name) {
  struct text_near near = text_near_start(name);
  const struct element *only = element ? map_get(vocabulary->elements, element) : NULL;
  if (only) try_attributes(&near, only);
  for (size_t i = 0; !only && i < map_count(vocabulary->elements); i++)
    try_attributes(&near, map_value(vocabulary->elements, i));
  return near.best;
}

const char *evidence_relax_ng(size_t *size) {
  return evidence_file("evidence.rng", size);
}
