/* The server's own IIS schema files against the schema facts: what they know beyond them
 * (sections of added modules, attributes of a newer IIS) becomes schemaFact elements in
 * <configuration>, so that nothing that this server knows is called unknown. What both know
 * stays as the facts have it; of a section that comes with a module a schemaFact of type section
 * says that all is known now. The language is that of IIS_schema.xml itself and of
 * learn.microsoft.com/iis/develop/extending-iis-configuration, "Extending IIS schema". */
#include "base/buffer.h"
#include "base/text.h"
#include "evidence/host_build.h"
#include "evidence/iis_schema.h"

#include <string.h>

/* A whole IIS_schema.xml has some 1,500 facts; one that has more beyond ours is none. */
enum { FACTS_MOST = 20000, DEPTH_MOST = 24, NAMES_MOST = 8000 };

struct schema_walk {
  struct host_build *build;
  struct iis_schema *known; /* grows with what is found */
  const char *section;
  size_t facts;
};

static void add_fact(struct schema_walk *walk, const xmlNode *from, const char *element,
                     const char *attribute, const char *type, const char *value, const char *names,
                     const char *traits) {
  if (walk->facts++ >= FACTS_MOST) return;
  struct origin origin = origin_of(from);
  xmlNode *fact = node_add(walk->build->configuration, "schemaFact", origin);
  node_set(fact, "section", walk->section, origin);
  node_set(fact, "element", element, origin);
  node_set(fact, "attribute", attribute, origin);
  node_set(fact, "type", type, origin);
  if (value) node_set(fact, "value", *value || !*attribute ? value : "\"\"", origin);
  if (*names) node_set(fact, "names", names, origin);
  if (*traits) node_set(fact, "traits", traits, origin);
  iis_schema_add(walk->known, &(struct iis_fact){.section = span_of(walk->section),
                                                 .element = span_of(element),
                                                 .attribute = span_of(attribute),
                                                 .type = span_of(type),
                                                 .value = span_of(node_get(fact, "value")),
                                                 .names = span_of(names),
                                                 .traits = span_of(traits)});
}

static bool is_set(const xmlNode *node, const char *name) {
  return text_equal_nocase(node_get(node, name), "true");
}

/* ---- Attributes ------------------------------------------------------------------- */

/* "Integrated=0,Classic=1" */
static char *names_of(const xmlNode *attribute, const char *type) {
  struct buffer out = buffer_make(NAMES_MOST);
  const char *child = text_equal(type, "flags") ? "flag" : "enum";
  for (const xmlNode *each = node_child(attribute, child); each; each = node_next(each, child)) {
    const char *name = node_get(each, "name"), *value = node_get(each, "value");
    if (name && value && !strpbrk(name, ",=\t\n") && !strpbrk(value, ",=\t\n"))
      buffer_add_format(&out, "%s%s=%s", out.size ? "," : "", name, value);
  }
  return buffer_take(&out);
}

static char *traits_of(const xmlNode *attribute) {
  static const char *const traits[][2] = {{"required", "required"},      {"isUniqueKey", "key"},
                                          {"isCombinedKey", "part-key"}, {"caseSensitive", "case"},
                                          {"expanded", "expand"},        {"encrypted", "encrypted"},
                                          {"allowInfinite", "infinite"}};
  struct buffer out = buffer_make(200);
  for (size_t i = 0; i < sizeof traits / sizeof *traits; i++)
    if (is_set(attribute, traits[i][0]))
      buffer_add_format(&out, "%s%s", out.size ? "," : "", traits[i][1]);
  if (text_equal(node_get(attribute, "timeSpanFormat"), "seconds"))
    buffer_add_format(&out, "%sin-seconds", out.size ? "," : "");
  if (text_equal(node_get(attribute, "timeSpanFormat"), "minutes"))
    buffer_add_format(&out, "%sin-minutes", out.size ? "," : "");
  return buffer_take(&out);
}

static void add_attribute(struct schema_walk *walk, const xmlNode *attribute, const char *path) {
  static const char *const types[] = {"string", "bool", "uint",  "int",
                                      "int64",  "enum", "flags", "timeSpan"};
  const char *type = "string", *stated = node_get(attribute, "type");
  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    if (text_equal(stated, types[i])) type = types[i];
  char *names = names_of(attribute, type), *traits = traits_of(attribute);
  if (!*names && (text_equal(type, "enum") || text_equal(type, "flags"))) type = "string";
  add_fact(walk, attribute, path, node_get(attribute, "name"), type,
           node_get(attribute, "defaultValue"), names, traits);
  alloc_free(names);
  alloc_free(traits);
}

/* ---- Elements ------------------------------------------------------------------------ */

static void walk_content(struct schema_walk *walk, const xmlNode *node, const char *path,
                         const struct schema_element *known, unsigned depth);

static void walk_element(struct schema_walk *walk, const xmlNode *node, const char *path,
                         const struct schema_element *known, unsigned depth) {
  const char *name = node_get(node, "name");
  if (!name || !*name || strpbrk(name, "/[]\t\n")) return;
  char *own = alloc_format("%s%s%s", path, *path ? "/" : "", name);
  const struct schema_element *child = known ? schema_child(known, name) : NULL;
  if (!child) {
    add_fact(walk, node, own, "", "element", NULL, "",
             is_set(node, "isCollectionDefault") ? "defaults" : "");
    child = known ? schema_child(known, name) : NULL;
  }
  if (!child || !child->foreign) walk_content(walk, node, own, child, depth + 1);
  alloc_free(own);
}

/* "add" of "add, other"; NULL when there is none. Caller frees. */
static char *first_add(const xmlNode *collection) {
  const char *adds = node_get(collection, "addElement");
  if (!adds || !*adds || strpbrk(adds, "/[]\t\n")) return NULL;
  return alloc_text_n(adds, strcspn(adds, ", "));
}

static char *commands_of(const xmlNode *collection) {
  const char *remove = node_get(collection, "removeElement");
  const char *clear = node_get(collection, "clearElement");
  struct buffer adds = buffer_make(1000);
  for (const char *at = node_get(collection, "addElement"); *at; at++)
    if (*at != ' ') buffer_add_char(&adds, *at);
  char *commands = alloc_format("%s %s %s", buffer_text(&adds), remove && *remove ? remove : "-",
                                clear && *clear ? clear : "-");
  buffer_dispose(&adds);
  return commands;
}

static void walk_collection(struct schema_walk *walk, const xmlNode *node, const char *path,
                            const struct schema_element *known, unsigned depth) {
  char *add = first_add(node);
  if (!add) return;
  if (known && !known->collection) {
    char *commands = commands_of(node);
    bool any = is_set(node, "allowUnrecognizedAttributes");
    bool twice = is_set(node, "allowDuplicates");
    add_fact(walk, node, path, "", "collection", NULL, commands,
             any && twice ? "any-attribute,duplicates"
             : any        ? "any-attribute"
             : twice      ? "duplicates"
                          : "");
    alloc_free(commands);
  }
  char *own = alloc_format("%s[%s]", path, add);
  walk_content(walk, node, own, known && known->collection ? known->collection->item : NULL,
               depth + 1);
  alloc_free(own);
  alloc_free(add);
}

/* `known`: the element as the growing schema has it. */
static void walk_content(struct schema_walk *walk, const xmlNode *node, const char *path,
                         const struct schema_element *known, unsigned depth) {
  if (!known || depth > DEPTH_MOST) return;
  for (const xmlNode *each = node->children; each; each = each->next) {
    if (each->type != XML_ELEMENT_NODE) continue;
    const char *what = (const char *)each->name, *name = node_get(each, "name");
    if (strcmp(what, "attribute") == 0 && name && *name && !schema_attribute(known, name))
      add_attribute(walk, each, path);
    else if (strcmp(what, "element") == 0)
      walk_element(walk, each, path, known, depth);
    else if (strcmp(what, "collection") == 0)
      walk_collection(walk, each, path, known, depth);
  }
}

static void walk_section(struct schema_walk *walk, const xmlNode *node) {
  const char *name = node_get(node, "name");
  if (!name || !*name || strpbrk(name, "[]\t\n")) return;
  walk->section = name;
  const struct schema_section *section = iis_schema_section(walk->known, name);
  if (!section || (section->module && !section->whole)) {
    add_fact(walk, node, "", "", "section", NULL, "", "");
    section = iis_schema_section(walk->known, name);
  }
  if (section && !section->foreign && !section->framework)
    walk_content(walk, node, "", section->root, 0);
}

void host_schema_build(struct host_build *build) {
  struct reading *reading;
  struct schema_walk walk = {.build = build};
  for (size_t position = 0; (reading = host_reading(build->group, "iis-schema", &position));) {
    const xmlNode *schema = reading->facts ? node_child(reading->facts, "configSchema") : NULL;
    if (!schema) continue;
    if (!walk.known) walk.known = iis_schema_new(NULL);
    for (const xmlNode *each = node_child(schema, "sectionSchema"); each;
         each = node_next(each, "sectionSchema"))
      walk_section(&walk, each);
  }
  iis_schema_free(walk.known);
}
