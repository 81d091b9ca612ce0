/* Evidence nodes: made, set, moved between documents that share a dictionary,
 * and marked. Cheap on purpose: servers with 100,000 sites pass through here. */
#include "evidence/node.h"

#include "base/buffer.h"
#include "base/shared_text.h"
#include "base/text.h"

#include <string.h>

static const xmlChar *xml(const char *text) {
  return (const xmlChar *)text;
}

/* A zeroed piece for libxml2 to free. Nodes are made here as its constructors make them,
 * without looking the name up twice or asking whether an attribute of no DTD is an ID. */
static void *new_piece(size_t size) {
  return memset(xmlMalloc(size), 0, size);
}

static const xmlChar *intern(xmlDoc *document, const char *name) {
  return document->dict ? xmlDictLookup(document->dict, xml(name), -1) : xmlStrdup(xml(name));
}

static void append(xmlNode *node, xmlNode *parent) {
  node->parent = parent;
  node->prev = parent->last;
  if (parent->last)
    parent->last->next = node;
  else
    parent->children = node;
  parent->last = node;
}

xmlNode *node_add(xmlNode *parent, const char *name, struct origin origin) {
  xmlNode *node = new_piece(sizeof *node);
  node->type = XML_ELEMENT_NODE;
  node->doc = parent->doc;
  node->name = intern(parent->doc, name);
  origin_set(node, origin);
  append(node, parent);
  return node;
}

/* ---- Attributes ----------------------------------------------------------- */

static xmlAttr *find_attribute(const xmlNode *element, const char *name) {
  for (xmlAttr *attribute = element->properties; attribute; attribute = attribute->next)
    if (!attribute->ns && strcmp((const char *)attribute->name, name) == 0) return attribute;
  return NULL;
}

static bool is_ascii(const char *text, size_t size) {
  for (size_t i = 0; i < size; i++)
    if ((unsigned char)(text[i] - 0x20) > 0x7E - 0x20) return false;
  return true;
}

/* Is every character one that XML 1.0 may hold? */
static bool is_plain(const char *text, size_t size) {
  if (is_ascii(text, size)) return true;
  if (text_utf8_prefix(text, size) != size) return false;
  for (size_t i = 0; i < size; i++) {
    unsigned char c = (unsigned char)text[i];
    if (c < 0x20 && c != '\t' && c != '\n' && c != '\r') return false;
    if (c == 0xEF && (unsigned char)text[i + 1] == 0xBF && (unsigned char)text[i + 2] >= 0xBE)
      return false; /* U+FFFE, U+FFFF */
  }
  return true;
}

/* Byte by byte where something is wrong: each bad byte or character becomes U+FFFD. */
static char *replace_bad(const char *text, size_t size) {
  struct buffer buffer = buffer_make(size * 3 + 1);
  while (size > 0) {
    size_t width = 1;
    while (width < 4 && width < size && ((unsigned char)text[width] & 0xC0) == 0x80)
      width++;
    bool fine = text_utf8_prefix(text, width) == width && is_plain(text, width);
    if (!fine) width = text_utf8_prefix(text, width) == width ? width : 1;
    if (fine)
      buffer_add(&buffer, text, width);
    else
      buffer_add_text(&buffer, "\xEF\xBF\xBD");
    text += width;
    size -= width;
  }
  return buffer_take(&buffer);
}

static xmlAttr *append_attribute(xmlNode *element, const char *name) {
  xmlAttr *attribute = new_piece(sizeof *attribute);
  attribute->type = XML_ATTRIBUTE_NODE;
  attribute->doc = element->doc;
  attribute->name = intern(element->doc, name);
  attribute->parent = element;
  xmlAttr **place = &element->properties;
  for (; *place; place = &(*place)->next)
    attribute->prev = *place;
  return *place = attribute;
}

/* As libxml2's own SAX2 does, a short text lives in two unused pointers of its
 * node: no second allocation for "true", "443", "*". */
static xmlNode *new_text(xmlDoc *document, const char *value, size_t size) {
  xmlNode *text = xmlNewDocText(document, NULL);
  if (size < 2 * sizeof(void *)) {
    text->content = (xmlChar *)&text->properties;
    memcpy(text->content, value, size + 1);
  } else {
    text->content = xmlStrndup(xml(value), (int)size);
  }
  return text;
}

static void set_text(xmlAttr *attribute, xmlDoc *document, const char *value) {
  if (attribute->children) xmlFreeNodeList(attribute->children);
  attribute->children = attribute->last = NULL;
  size_t size = strlen(value);
  char *replaced = is_plain(value, size) ? NULL : replace_bad(value, size);
  if (replaced) size = strlen(value = replaced);
  xmlNode *text = shared_text(value, size);
  if (!text) {
    text = new_text(document, value, size);
    text->parent = (xmlNode *)attribute;
  }
  attribute->children = attribute->last = text;
  alloc_free(replaced);
}

static const char *text_of(const xmlAttr *attribute) {
  const xmlNode *text = attribute->children;
  return text && text->content ? (const char *)text->content : "";
}

xmlAttr *node_set(xmlNode *element, const char *name, const char *value, struct origin origin) {
  if (!value) return NULL;
  xmlAttr *attribute = find_attribute(element, name);
  if (!attribute) {
    attribute = append_attribute(element, name);
  } else if (strcmp(text_of(attribute), value) == 0) {
    origin_set((xmlNode *)attribute, origin);
    return attribute; /* it has that text already, or it is its own */
  }
  set_text(attribute, element->doc, value);
  origin_set((xmlNode *)attribute, origin);
  return attribute;
}

const char *node_get(const xmlNode *element, const char *name) {
  const xmlAttr *attribute = find_attribute(element, name);
  return attribute ? text_of(attribute) : NULL;
}

struct origin node_attribute_origin(const xmlNode *element, const char *name) {
  const xmlAttr *attribute = find_attribute(element, name);
  return attribute ? origin_unpack(attribute->_private) : origin_of(element);
}

/* ---- Children ------------------------------------------------------------- */

static xmlNode *first_named(xmlNode *node, const char *name) {
  for (; node; node = node->next)
    if (node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0) return node;
  return NULL;
}

xmlNode *node_child(const xmlNode *parent, const char *name) {
  return first_named(parent->children, name);
}

xmlNode *node_next(const xmlNode *node, const char *name) {
  return first_named(node->next, name);
}

/* ---- Moving --------------------------------------------------------------- */

static bool defined_within(const xmlNs *ns, const xmlNode *node, const xmlNode *root) {
  for (;; node = node->parent) {
    for (const xmlNs *each = node->nsDef; each; each = each->next)
      if (each == ns) return true;
    if (node == root) return false;
  }
}

static bool is_mark_namespace(const xmlNs *ns) {
  return ns->href && strcmp((const char *)ns->href, EVIDENCE_MARK_NAMESPACE) == 0;
}

struct adoption {
  xmlDoc *document;
  const xmlNode *root; /* of what moves */
  xmlNs *marks;        /* of the document it goes to; NULL: marks stay behind */
  bool declare;        /* some prefix must be declared anew */
};

/* A default namespace that stays behind is dropped: IIS reads such files as if
 * it were not there. */
static xmlNs *settle_namespace(struct adoption *adoption, xmlNs *ns, const xmlNode *node) {
  if (!ns) return NULL;
  if (is_mark_namespace(ns)) return adoption->marks;
  if (defined_within(ns, node, adoption->root)) return ns;
  if (!ns->prefix) return NULL;
  adoption->declare = true;
  return ns;
}

static void adopt_attributes(struct adoption *adoption, xmlNode *node) {
  for (xmlAttr *attribute = node->properties, *next; attribute; attribute = next) {
    next = attribute->next;
    if (attribute->atype == XML_ATTRIBUTE_ID) xmlRemoveID(attribute->doc, attribute);
    attribute->doc = adoption->document;
    for (xmlNode *text = attribute->children; text; text = text->next)
      if (text->doc) text->doc = adoption->document;
    if (!attribute->ns) continue;
    if (is_mark_namespace(attribute->ns))
      xmlRemoveProp(attribute);
    else
      attribute->ns = settle_namespace(adoption, attribute->ns, node);
  }
}

/* What xmlSetTreeDoc does, for documents of one dictionary: without looking up
 * each name, without recursion. */
static void adopt_subtree(struct adoption *adoption, xmlNode *root) {
  xmlNode *node = root;
  for (;;) {
    node->doc = adoption->document;
    if (node->type == XML_ELEMENT_NODE) {
      adopt_attributes(adoption, node);
      node->ns = settle_namespace(adoption, node->ns, node);
      if (node->children) {
        node = node->children;
        continue;
      }
    }
    while (node != root && !node->next)
      node = node->parent;
    if (node == root) return;
    node = node->next;
  }
}

static xmlNs *mark_namespace(const xmlNode *scope) {
  xmlNode *root = xmlDocGetRootElement(scope->doc);
  for (xmlNs *ns = root->nsDef; ns; ns = ns->next)
    if (is_mark_namespace(ns)) return ns;
  return xmlNewNs(root, xml(EVIDENCE_MARK_NAMESPACE), xml("ev"));
}

static void move(xmlNode *node, xmlNode *parent, bool with_marks) {
  struct adoption adoption = {parent->doc, node, with_marks ? mark_namespace(parent) : NULL, false};
  xmlUnlinkNode(node);
  adopt_subtree(&adoption, node);
  append(node, parent);
  if (adoption.declare) xmlReconciliateNs(parent->doc, node);
}

void node_move(xmlNode *node, xmlNode *parent) {
  move(node, parent, true);
}

void node_move_foreign(xmlNode *node, xmlNode *parent) {
  move(node, parent, false);
}

/* ---- Marks ---------------------------------------------------------------- */

const char *unknown_reason_word(enum unknown_reason reason) {
  static const char *const words[] = {"not-in-bundle", "damaged",  "truncated",         "encrypted",
                                      "ambiguous",     "conflict", "may-be-overridden", "limit"};
  return words[reason];
}

xmlNode *node_mark(xmlNode *scope, const char *of, const char *under, enum unknown_reason reason,
                   const char *needs, const char *note, struct origin origin) {
  xmlNode *mark = node_add(scope, "unknown", origin);
  mark->ns = mark_namespace(scope);
  node_set(mark, "of", of, origin);
  node_set(mark, "under", under, origin);
  node_set(mark, "reason", unknown_reason_word(reason), origin);
  node_set(mark, "needs", needs ? needs : "", origin);
  node_set(mark, "note", note, origin);
  return mark;
}

bool node_is_marked(const xmlNode *scope, const char *of) {
  for (const xmlNode *mark = node_child(scope, "unknown"); mark; mark = node_next(mark, "unknown"))
    if (mark->ns && text_equal(node_get(mark, "of"), of)) return true;
  return false;
}

xmlNode *node_mark_of(const xmlNode *scope, const char *of) {
  xmlNode *node = scope->children;
  for (; node; node = node->next)
    if (node->type == XML_ELEMENT_NODE && node->ns && is_mark_namespace(node->ns) &&
        text_equal(node_get(node, "of"), of))
      break;
  return node;
}
