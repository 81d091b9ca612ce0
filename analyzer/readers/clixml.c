/* CLIXML: the questions one asks of an export. */
#include "readers/clixml.h"

#include "base/base64.h"
#include "base/text.h"
#include "base/utf8.h"

#include <string.h>

/* RefIds are given out in document order from 0, so an index is an array. One
 * that is far beyond what could have been given out is ignored: a Ref to it
 * leads nowhere, and what it would have told is not known. */
struct index {
  xmlNode **items;
  size_t count, capacity;
};

struct clixml {
  struct index objects, types; /* by RefId */
  xmlNode **items;
  size_t count, capacity;
};

static bool is_element(const xmlNode *node, const char *name) {
  return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static xmlNode *child(const xmlNode *parent, const char *name) {
  for (xmlNode *node = parent->children; node; node = node->next)
    if (is_element(node, name)) return node;
  return NULL;
}

static xmlNode *first_element(xmlNode *node) {
  while (node && node->type != XML_ELEMENT_NODE)
    node = node->next;
  return node;
}

/* The text of an attribute or element as it stands; "" when empty. CLIXML has no
 * mixed content, and CDATA is already text. */
static const char *raw_text(const xmlNode *node) {
  const xmlNode *text = node->children;
  while (text && text->type != XML_TEXT_NODE)
    text = text->next;
  return text && text->content ? (const char *)text->content : "";
}

static const char *attribute(const xmlNode *element, const char *name) {
  for (const xmlAttr *a = element->properties; a; a = a->next)
    if (strcmp((const char *)a->name, name) == 0) return raw_text((const xmlNode *)a);
  return NULL;
}

/* ---- References ------------------------------------------------------------ */

static void index_add(struct index *index, xmlNode *node) {
  const char *id = attribute(node, "RefId");
  uint64_t number;
  if (!id || !text_unsigned(span_of(id), &number)) return;
  if (number > index->count * 2 + 1024) return;
  while (index->count <= number)
    ARRAY_PUSH(index->items, index->count, index->capacity) = NULL;
  if (!index->items[number]) index->items[number] = node;
}

static xmlNode *index_get(const struct index *index, const xmlNode *node) {
  const char *id = attribute(node, "RefId");
  uint64_t number;
  if (!id || !text_unsigned(span_of(id), &number) || number >= index->count) return NULL;
  return index->items[number];
}

static xmlNode *next_in_document(xmlNode *node, const xmlNode *root) {
  if (node->children && node->type == XML_ELEMENT_NODE) return node->children;
  while (node != root && !node->next)
    node = node->parent;
  return node == root ? NULL : node->next;
}

static void index_document(struct clixml *clixml, xmlNode *root) {
  for (xmlNode *node = root; node; node = next_in_document(node, root)) {
    if (is_element(node, "Obj")) index_add(&clixml->objects, node);
    if (is_element(node, "TN")) index_add(&clixml->types, node);
  }
}

xmlNode *clixml_resolve(const struct clixml *clixml, xmlNode *node) {
  return node && is_element(node, "Ref") ? index_get(&clixml->objects, node) : node;
}

/* ---- Objects --------------------------------------------------------------- */

static xmlNode *container(const xmlNode *object) {
  static const char *const names[] = {"LST", "IE", "STK", "QUE"};
  if (!is_element(object, "Obj")) return NULL;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    xmlNode *found = child(object, names[i]);
    if (found) return found;
  }
  return NULL;
}

xmlNode *clixml_first(const xmlNode *object) {
  const xmlNode *list = container(object);
  return list ? first_element(list->children) : NULL;
}

xmlNode *clixml_next(const xmlNode *member) {
  return first_element(member->next);
}

/* A plain list, not an object of its own that can also be walked. */
static bool is_list(const struct clixml *clixml, const xmlNode *object) {
  if (!container(object)) return false;
  return !child(object, "Props") || text_starts(clixml_type(clixml, object), "System.");
}

/* Nesting is bounded by the parser; a Ref is not followed into a list. */
static void collect(struct clixml *clixml, xmlNode *node) {
  for (; node; node = clixml_next(node)) {
    xmlNode *object = clixml_resolve(clixml, node);
    if (!object || clixml_is_nil(object)) continue;
    if (!is_list(clixml, object))
      ARRAY_PUSH(clixml->items, clixml->count, clixml->capacity) = object;
    else if (object == node)
      collect(clixml, clixml_first(object));
  }
}

struct clixml *clixml_new(xmlDoc *document) {
  xmlNode *root = xmlDocGetRootElement(document);
  if (!root || !is_element(root, "Objs")) return NULL;
  struct clixml *clixml = alloc_bytes(sizeof *clixml);
  index_document(clixml, root);
  collect(clixml, first_element(root->children));
  return clixml;
}

void clixml_free(struct clixml *clixml) {
  if (!clixml) return;
  alloc_free(clixml->objects.items);
  alloc_free(clixml->types.items);
  alloc_free(clixml->items);
  alloc_free(clixml);
}

size_t clixml_count(const struct clixml *clixml) {
  return clixml->count;
}

xmlNode *clixml_object(const struct clixml *clixml, size_t index) {
  return clixml->items[index];
}

/* ---- Types ----------------------------------------------------------------- */

static const char *without_prefix(const char *type) {
  static const char *const prefixes[] = {"Deserialized.", "Selected.", "Deserialized."};
  for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
    if (text_starts(type, prefixes[i])) type += strlen(prefixes[i]);
  return type;
}

static xmlNode *first_type(const struct clixml *clixml, const xmlNode *object) {
  xmlNode *names = child(object, "TN");
  xmlNode *reference = names ? NULL : child(object, "TNRef");
  if (reference) names = index_get(&clixml->types, reference);
  return names ? child(names, "T") : NULL;
}

const char *clixml_type(const struct clixml *clixml, const xmlNode *object) {
  const xmlNode *type = first_type(clixml, object);
  return type ? without_prefix(raw_text(type)) : "";
}

bool clixml_type_is(const struct clixml *clixml, const xmlNode *object, const char *type) {
  for (const xmlNode *each = first_type(clixml, object); each; each = each->next)
    if (is_element(each, "T") && text_equal(without_prefix(raw_text(each)), type)) return true;
  return false;
}

bool clixml_is_whole(const struct clixml *clixml, const xmlNode *object) {
  const xmlNode *type = first_type(clixml, object);
  if (!type) return false;
  const char *name = raw_text(type), *prefix = "Deserialized.";
  return !text_starts(text_starts(name, prefix) ? name + strlen(prefix) : name, "Selected.");
}

/* ---- Properties ------------------------------------------------------------ */

static bool decode_escapes(const char *text, struct buffer *out);

static bool has_name(const xmlNode *property, const char *name) {
  const char *written = attribute(property, "N");
  if (!written) return false;
  if (!strstr(written, "_x")) return text_equal_nocase(written, name);
  struct buffer decoded = buffer_make(strlen(written) * 3 + 1);
  bool same = decode_escapes(written, &decoded) && text_equal_nocase(buffer_text(&decoded), name);
  buffer_dispose(&decoded);
  return same;
}

static xmlNode *named(const xmlNode *properties, const char *name) {
  if (!properties) return NULL;
  for (xmlNode *each = properties->children; each; each = each->next)
    if (each->type == XML_ELEMENT_NODE && has_name(each, name)) return each;
  return NULL;
}

xmlNode *clixml_property(const struct clixml *clixml, const xmlNode *object, const char *name) {
  xmlNode *found = named(child(object, "MS"), name);
  if (!found) found = named(child(object, "Props"), name);
  return clixml_resolve(clixml, found);
}

xmlNode *clixml_entry(const struct clixml *clixml, const xmlNode *object, const char *key) {
  const xmlNode *dictionary = child(object, "DCT");
  if (!dictionary) return NULL;
  for (const xmlNode *entry = dictionary->children; entry; entry = entry->next) {
    if (!is_element(entry, "En")) continue;
    xmlNode *entry_key = clixml_resolve(clixml, named(entry, "Key"));
    char *text = entry_key ? clixml_text(entry_key) : NULL;
    bool same = text_equal_nocase(text, key);
    alloc_free(text);
    if (same) return clixml_resolve(clixml, named(entry, "Value"));
  }
  return NULL;
}

/* ---- Values ---------------------------------------------------------------- */

bool clixml_is_nil(const xmlNode *value) {
  return is_element(value, "Nil");
}

bool clixml_is_list(const xmlNode *value) {
  return container(value) != NULL;
}

static const char *const containers[] = {"Obj", "TN",  "TNRef", "ToString", "Props",
                                         "MS",  "LST", "IE",    "STK",      "QUE",
                                         "DCT", "Ref", "Nil",   "Cut",      NULL};

static bool is_scalar(const xmlNode *node) {
  if (node->type != XML_ELEMENT_NODE) return false;
  for (size_t i = 0; containers[i]; i++)
    if (is_element(node, containers[i])) return false;
  return true;
}

/* An enumeration or a decorated string holds its scalar as a child. */
static const xmlNode *scalar_of(const xmlNode *value) {
  if (is_scalar(value)) return value;
  if (!is_element(value, "Obj")) return NULL;
  for (const xmlNode *each = value->children; each; each = each->next)
    if (is_scalar(each)) return each;
  return NULL;
}

static int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* _xHHHH_ at `at`: its UTF-16 unit, else -1. */
static long unit_at(const char *at) {
  long unit = 0;
  if (at[0] != '_' || at[1] != 'x') return -1;
  for (int i = 2; i < 6; i++) {
    int digit = hex_value(at[i]);
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return at[6] == '_' ? unit : -1;
}

static bool decode_escapes(const char *text, struct buffer *out) {
  while (*text) {
    const char *next = strstr(text, "_x");
    buffer_add(out, text, next ? (size_t)(next - text) : strlen(text));
    if (!next) break;
    long unit = unit_at(next), low;
    text = next + 7;
    if (unit < 0) {
      buffer_add_char(out, '_');
      text = next + 1;
    } else if (unit >= 0xD800 && unit < 0xDC00 && (low = unit_at(text)) >= 0xDC00 && low < 0xE000) {
      utf8_add(out, 0x10000 + (uint32_t)((unit - 0xD800) * 0x400 + (low - 0xDC00)));
      text += 7;
    } else {
      utf8_add(out, (uint32_t)unit);
    }
  }
  return !out->overflowed;
}

char *clixml_text(const xmlNode *value) {
  const xmlNode *source = is_element(value, "Obj") ? child(value, "ToString") : NULL;
  if (!source) source = scalar_of(value);
  if (!source) return NULL;
  const char *text = raw_text(source);
  struct buffer out = buffer_make(strlen(text) + 1);
  decode_escapes(text, &out);
  return buffer_take(&out);
}

bool clixml_integer(const xmlNode *value, int64_t *number) {
  static const char *const names[] = {"I32", "I64", "U32", "U64", "I16", "U16", "By", "SB"};
  const xmlNode *scalar = scalar_of(value);
  bool known = false;
  for (size_t i = 0; scalar && i < sizeof names / sizeof *names; i++)
    known = known || is_element(scalar, names[i]);
  if (!known) return false;
  struct span text = span_trim(span_of(raw_text(scalar)));
  bool negative = text.size && text.start[0] == '-';
  if (negative) text.start++, text.size--;
  uint64_t magnitude;
  if (!text_unsigned(text, &magnitude) || magnitude > INT64_MAX) return false;
  *number = negative ? -(int64_t)magnitude : (int64_t)magnitude;
  return true;
}

bool clixml_boolean(const xmlNode *value, bool *truth) {
  const xmlNode *scalar = scalar_of(value);
  if (!scalar || !is_element(scalar, "B")) return false;
  struct span text = span_trim(span_of(raw_text(scalar)));
  *truth = span_equal_nocase(text, "true");
  return *truth || span_equal_nocase(text, "false");
}

static bool listed_bytes(const xmlNode *value, uint8_t **bytes, size_t *size) {
  size_t capacity = 0;
  *bytes = NULL;
  *size = 0;
  for (const xmlNode *each = clixml_first(value); each; each = clixml_next(each)) {
    int64_t number;
    bool is_byte = clixml_integer(each, &number) && number >= 0 && number < 256;
    if (is_byte) ARRAY_PUSH(*bytes, *size, capacity) = (uint8_t)number;
    if (is_byte) continue;
    alloc_free(*bytes);
    return false;
  }
  return *size > 0;
}

bool clixml_bytes(const xmlNode *value, uint8_t **bytes, size_t *size) {
  const xmlNode *scalar = scalar_of(value);
  if (!scalar && clixml_is_list(value)) return listed_bytes(value, bytes, size);
  if (!scalar || !is_element(scalar, "BA")) return false;
  return base64_decode(span_of(raw_text(scalar)), bytes, size);
}
