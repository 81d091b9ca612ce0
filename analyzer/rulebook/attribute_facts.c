/* Attributes as the RELAX NG of the evidence declares them. */
#include "rulebook/attribute_facts.h"

#include "base/map.h"
#include "base/text.h"
#include "base/xml_source.h"
#include "evidence/vocabulary.h"

#include <string.h>

struct fact {
  bool number, required;
};

struct attribute_facts {
  struct map *elements; /* name -> map: attribute -> struct fact */
};

static bool is_named(const xmlNode *node, const char *name) {
  return node->type == XML_ELEMENT_NODE && text_equal((const char *)node->name, name);
}

static const char *value_of(const xmlNode *node, const char *name) {
  for (const xmlAttr *a = node->properties; a; a = a->next)
    if (text_equal((const char *)a->name, name) && a->children)
      return (const char *)a->children->content;
  return "";
}

static const xmlNode *definition(const xmlNode *grammar, const char *name) {
  for (const xmlNode *n = grammar->children; n; n = n->next)
    if (is_named(n, "define") && text_equal(value_of(n, "name"), name)) return n;
  return NULL;
}

/* XML Schema's numbers, as the schema uses them. */
static bool is_numeric_type(const char *type) {
  static const char *const types[] = {
      "integer", "nonNegativeInteger", "positiveInteger", "decimal", "double", "float", "int",
      "long"};
  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    if (text_equal(type, types[i])) return true;
  return false;
}

static bool holds_number(const xmlNode *grammar, const xmlNode *node, unsigned depth) {
  for (const xmlNode *n = node ? node->children : NULL; n && depth < 16; n = n->next) {
    if (is_named(n, "data") && is_numeric_type(value_of(n, "type"))) return true;
    if (is_named(n, "ref") &&
        holds_number(grammar, definition(grammar, value_of(n, "name")), depth + 1))
      return true;
  }
  return false;
}

static void add_fact(struct map *owner, const char *name, struct fact fact) {
  struct fact **place = (struct fact **)map_at(owner, name);
  if (*place) { /* declared twice: only what both say */
    (*place)->required = (*place)->required && fact.required;
    (*place)->number = (*place)->number || fact.number;
    return;
  }
  *place = alloc_bytes(sizeof **place);
  **place = fact;
}

/* What stands directly in an element: through references and choices, not into its children. */
static void collect(struct map *owner, const xmlNode *grammar, const xmlNode *pattern,
                    bool required, unsigned depth) {
  for (const xmlNode *n = pattern ? pattern->children : NULL; n && depth < 32; n = n->next) {
    if (n->type != XML_ELEMENT_NODE || is_named(n, "element")) continue;
    const char *name = value_of(n, "name");
    bool surely = required && !is_named(n, "optional") && !is_named(n, "zeroOrMore") &&
                  !is_named(n, "choice");
    if (is_named(n, "attribute")) {
      if (*name) add_fact(owner, name, (struct fact){holds_number(grammar, n, 0), required});
    } else if (is_named(n, "ref")) {
      collect(owner, grammar, definition(grammar, name), required, depth + 1);
    } else {
      collect(owner, grammar, n, surely, depth + 1);
    }
  }
}

static void collect_all(struct attribute_facts *facts, const xmlNode *grammar,
                        const xmlNode *parent) {
  for (const xmlNode *n = parent->children; n; n = n->next) {
    if (is_named(n, "element") && *value_of(n, "name")) {
      void **place = map_at(facts->elements, value_of(n, "name"));
      if (!*place) *place = map_new();
      collect(*place, grammar, n, true, 0);
    }
    collect_all(facts, grammar, n);
  }
}

struct attribute_facts *attribute_facts_new(void) {
  struct attribute_facts *facts = alloc_bytes(sizeof *facts);
  facts->elements = map_new();
  size_t size;
  const char *text = evidence_relax_ng(&size);
  struct xml_failure failure;
  xmlDoc *document = xml_source_parse(text, size, &(struct xml_source_options){0}, &failure);
  if (!document) return facts;
  const xmlNode *grammar = xmlDocGetRootElement(document);
  collect_all(facts, grammar, grammar);
  xmlFreeDoc(document);
  return facts;
}

void attribute_facts_free(struct attribute_facts *facts) {
  for (size_t i = 0; i < map_count(facts->elements); i++) {
    struct map *owner = map_value(facts->elements, i);
    for (size_t j = 0; j < map_count(owner); j++)
      alloc_free(map_value(owner, j));
    map_free(owner);
  }
  map_free(facts->elements);
  alloc_free(facts);
}

static enum number_answer answer_of(const struct map *owner, const char *attribute) {
  const struct fact *fact = owner ? map_get(owner, attribute) : NULL;
  return !fact ? NUMBER_NOT_SAID : fact->number ? NUMBER_YES : NUMBER_NO;
}

enum number_answer attribute_is_number(const struct attribute_facts *facts, const char *element,
                                       const char *attribute) {
  if (element) return answer_of(map_get(facts->elements, element), attribute);
  enum number_answer all = NUMBER_NOT_SAID;
  for (size_t i = 0; i < map_count(facts->elements); i++) {
    enum number_answer one = answer_of(map_value(facts->elements, i), attribute);
    if (one > all) all = one;
  }
  return all;
}

bool attribute_is_required(const struct attribute_facts *facts, const char *element,
                           const char *attribute) {
  const struct map *owner = element ? map_get(facts->elements, element) : NULL;
  const struct fact *fact = owner ? map_get(owner, attribute) : NULL;
  return fact && fact->required;
}

bool element_is_declared(const struct attribute_facts *facts, const char *element) {
  return map_get(facts->elements, element) != NULL;
}
