/* Locations: the steps from the root to a node. */
#include "schematron/svrl_location.h"

#include "base/map.h"
#include "base/text.h"

#include <string.h>

/* Up to so many siblings are counted each time; from there on it is remembered. */
enum { COUNTED = 64 };

static const char *uri_of(const xmlNode *node) {
  bool may = node->type == XML_ELEMENT_NODE || node->type == XML_ATTRIBUTE_NODE;
  return may && node->ns != NULL && node->ns->href != NULL ? (const char *)node->ns->href : "";
}

static bool is_text(const xmlNode *node) {
  return node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE;
}

/* Would one step select both? Pieces of one text are one node of XPath. */
static bool same_step(const xmlNode *a, const xmlNode *b) {
  if (is_text(a)) return is_text(b);
  return a->type == b->type && (a->type == XML_COMMENT_NODE ||
                                (text_equal((const char *)a->name, (const char *)b->name) &&
                                 text_equal(uri_of(a), uri_of(b))));
}

static bool continues_text(const xmlNode *node) {
  return is_text(node) && node->prev != NULL && is_text(node->prev);
}

/* ---- Positions ------------------------------------------------------------- */

static char *step_key(const xmlNode *node) {
  if (is_text(node)) return alloc_text("t");
  if (node->type == XML_COMMENT_NODE) return alloc_text("c");
  const char *name = node->name == NULL ? "" : (const char *)node->name;
  return alloc_format("%d %s %s", (int)node->type, name, uri_of(node));
}

static void number_siblings(struct locations *locations, const xmlNode *first) {
  struct map *counts = map_new();
  for (const xmlNode *each = first; each != NULL; each = each->next) {
    char *key = step_key(each);
    void **count = map_at(counts, key);
    alloc_free(key);
    if (!continues_text(each)) *count = (char *)*count + 1;
    *pointers_at(&locations->positions, each) = *count;
  }
  map_free(counts);
}

static size_t position_of(struct locations *locations, const xmlNode *node) {
  size_t position = 1, seen = 0;
  const xmlNode *first = node;
  if (continues_text(node)) {
    while (continues_text(first))
      first = first->prev;
    return position_of(locations, first);
  }
  for (; first->prev != NULL && seen < COUNTED; first = first->prev, seen++)
    if (same_step(first->prev, node) && !continues_text(first->prev)) position++;
  if (first->prev == NULL) return position;
  void *known = pointers_get(&locations->positions, node);
  if (known == NULL) {
    while (first->prev != NULL)
      first = first->prev;
    number_siblings(locations, first);
    known = pointers_get(&locations->positions, node);
  }
  return (size_t)known;
}

/* ---- Steps ----------------------------------------------------------------- */

/* A literal of XPath 1.0, which has no escapes. */
static void add_literal(struct buffer *out, const char *text) {
  if (strchr(text, '\'') == NULL || strchr(text, '"') == NULL) {
    const char *quote = strchr(text, '\'') == NULL ? "'" : "\"";
    buffer_add_format(out, "%s%s%s", quote, text, quote);
    return;
  }
  buffer_add_text(out, "concat(");
  while (*text != '\0') {
    size_t size = *text == '\'' ? strspn(text, "'") : strcspn(text, "'");
    const char *quote = *text == '\'' ? "\"" : "'";
    buffer_add_text(out, quote);
    buffer_add(out, text, size);
    buffer_add_text(out, quote);
    text += size;
    buffer_add_text(out, *text == '\0' ? ")" : ",");
  }
}

static void add_name(struct buffer *out, const xmlNode *node) {
  const char *uri = uri_of(node);
  if (uri[0] == '\0') {
    buffer_add_text(out, (const char *)node->name);
    return;
  }
  buffer_add_format(out, "*[local-name()='%s' and namespace-uri()=", (const char *)node->name);
  add_literal(out, uri);
  buffer_add_char(out, ']');
}

static void add_step(struct locations *locations, const xmlNode *node, struct buffer *out) {
  buffer_add_char(out, '/');
  if (node->type == XML_ATTRIBUTE_NODE) {
    buffer_add_char(out, '@');
    add_name(out, node);
    return;
  }
  if (is_text(node)) buffer_add_text(out, "text()");
  if (node->type == XML_COMMENT_NODE) buffer_add_text(out, "comment()");
  if (node->type == XML_PI_NODE)
    buffer_add_format(out, "processing-instruction('%s')", (const char *)node->name);
  if (node->type == XML_ELEMENT_NODE) add_name(out, node);
  buffer_add_format(out, "[%zu]", position_of(locations, node));
}

void locations_write(struct locations *locations, const xmlNode *node, struct buffer *out) {
  const xmlNode *path[1024]; /* the parser allows 256 levels */
  size_t count = 0;
  for (; node != NULL && node->type != XML_DOCUMENT_NODE && node->type != XML_NAMESPACE_DECL;
       node = node->parent)
    if (count < sizeof path / sizeof *path) path[count++] = node;
  if (count == 0) buffer_add_char(out, '/');
  while (count > 0)
    add_step(locations, path[--count], out);
}

void locations_dispose(struct locations *locations) {
  pointers_dispose(&locations->positions);
  *locations = (struct locations){0};
}
