/* Reads the rows of the embedded exchange_objects.tsv. */
#include "evidence/exchange_objects.h"

#include "base/text.h"
#include "evidence/iis_schema.h"
#include "evidence/node.h"

#include <string.h>

static struct span take_until(struct span *line, char separator) {
  const char *end = memchr(line->start, separator, line->size);
  struct span taken = {line->start, end ? (size_t)(end - line->start) : line->size};
  size_t used = taken.size + (end ? 1 : 0);
  *line = (struct span){line->start + used, line->size - used};
  return taken;
}

/* Words that blanks separate; "-" is none. */
static char **split_words(struct span text) {
  char **words = NULL;
  size_t count = 0, capacity = 0;
  while (text.size > 0) {
    struct span word = take_until(&text, ' ');
    if (word.size > 0 && !span_equal(word, "-"))
      ARRAY_PUSH(words, count, capacity) = span_copy(word);
  }
  ARRAY_PUSH(words, count, capacity) = NULL;
  return words;
}

static void free_words(char **words) {
  for (size_t i = 0; words[i]; i++)
    alloc_free(words[i]);
  alloc_free(words);
}

/* The table is ours; a word that it does not know would show in its test. */
static enum property_form form_of(struct span word) {
  static const char *const names[] = {"text", "words",    "flag", "number",
                                      "size", "duration", "list"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (span_equal(word, names[i])) return (enum property_form)i;
  return 0;
}

static enum exchange_scope scope_of(struct span word) {
  static const char *const names[] = {"server", "organization", "machine", "windows"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (span_equal(word, names[i])) return (enum exchange_scope)i;
  return 0;
}

static bool has_trait(struct span traits, const char *trait) {
  while (traits.size > 0)
    if (span_equal(take_until(&traits, ' '), trait)) return true;
  return false;
}

static void add_properties(struct exchange_object *object, struct span line) {
  enum property_form form = form_of(take_until(&line, '\t'));
  char **names = split_words(take_until(&line, '\t'));
  for (size_t i = 0; names[i]; i++) {
    const char *dot = strrchr(names[i], '.');
    char *attribute = alloc_text(dot ? dot + 1 : names[i]);
    if (attribute[0] >= 'A' && attribute[0] <= 'Z') attribute[0] += 'a' - 'A';
    ARRAY_PUSH(object->properties, object->property_count, object->property_capacity) =
        (struct exchange_property){.name = names[i],
                                   .attribute = attribute,
                                   .form = form,
                                   .iis = has_trait(line, "iis"),
                                   .asked = has_trait(line, "asked"),
                                   .newer = has_trait(line, "newer")};
  }
  alloc_free(names); /* the names themselves went to the properties */
}

static void add_object(struct exchange_objects *objects, struct span line) {
  struct exchange_object object = {.element = span_copy(take_until(&line, '\t'))};
  object.kind = span_copy(take_until(&line, '\t'));
  object.scope = scope_of(take_until(&line, '\t'));
  struct span of = take_until(&line, '\t');
  object.of = span_equal(of, "-") ? NULL : span_copy(of);
  object.types = split_words(take_until(&line, '\t'));
  object.shape = split_words(take_until(&line, '\t'));
  object.whole = split_words(line);
  ARRAY_PUSH(objects->items, objects->count, objects->capacity) = object;
}

struct exchange_objects *exchange_objects_new(void) {
  struct exchange_objects *objects = alloc_bytes(sizeof *objects);
  size_t size;
  const char *text = evidence_file("exchange_objects.tsv", &size);
  for (struct span rest = {text, size}; rest.size > 0;) {
    struct span line = take_until(&rest, '\n');
    if (line.size == 0 || line.start[0] == '#') continue;
    struct span first = take_until(&line, '\t');
    if (first.size > 0)
      add_object(objects, line);
    else
      add_properties(&objects->items[objects->count - 1], line);
  }
  return objects;
}

static void dispose_object(struct exchange_object *object) {
  for (size_t i = 0; i < object->property_count; i++) {
    alloc_free(object->properties[i].name);
    alloc_free(object->properties[i].attribute);
  }
  alloc_free(object->properties);
  free_words(object->types);
  free_words(object->shape);
  free_words(object->whole);
  alloc_free(object->of);
  alloc_free(object->kind);
  alloc_free(object->element);
}

void exchange_objects_free(struct exchange_objects *objects) {
  if (!objects) return;
  for (size_t i = 0; i < objects->count; i++)
    dispose_object(&objects->items[i]);
  alloc_free(objects->items);
  alloc_free(objects);
}

const struct exchange_object *exchange_objects_of_kind(const struct exchange_objects *objects,
                                                       const char *kind) {
  for (size_t i = 0; i < objects->count; i++)
    if (text_equal(objects->items[i].kind, kind)) return &objects->items[i];
  return NULL;
}

/* Names of directories and connectors begin with it: "EX01\owa (Default Web Site)". */
static const char *server_of_identity(const xmlNode *element, char buffer[256]) {
  const char *identity = node_get(element, "identity");
  const char *end = identity ? strchr(identity, '\\') : NULL;
  if (!end || end == identity || end - identity > 255) return NULL;
  memcpy(buffer, identity, (size_t)(end - identity));
  buffer[end - identity] = '\0';
  return buffer;
}

const char *exchange_object_server(const struct exchange_object *object, const xmlNode *element,
                                   char buffer[256]) {
  if (!object->of) return NULL;
  for (size_t i = 0; i < object->property_count; i++) {
    if (strcmp(object->properties[i].name, object->of) != 0) continue;
    const char *server = node_get(element, object->properties[i].attribute);
    if (server && server[0] && strcmp(server, ".") != 0) return server;
  }
  return server_of_identity(element, buffer);
}
