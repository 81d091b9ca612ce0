/* Rich text of SVRL: what an assertion, a diagnostic or a property says. */
#include "schematron/svrl_parts.h"

#include "base/text.h"
#include "schematron/schema_plan.h"

#include <string.h>

enum { DEPTH_MOST = 100 };

/* What may stand where the writer is: annex D has text alone in emph, dir and
 * span, and text or foreign elements in foreign elements. */
enum room { ROOM_ALL, ROOM_FOREIGN, ROOM_TEXT };

struct rich {
  struct buffer *out;
  const struct svrl_live *live;
  bool keep_space;
  bool blank, any; /* a blank is due; something was written */
};

/* ---- Escapes --------------------------------------------------------------- */

static const char *entity_of(unsigned char c, bool attribute) {
  switch (c) {
  case '&':
    return "&amp;";
  case '<':
    return "&lt;";
  case '>':
    return "&gt;";
  case '\r':
    return "&#13;";
  case '"':
    return attribute ? "&quot;" : NULL;
  case '\n':
    return attribute ? "&#10;" : NULL;
  case '\t':
    return attribute ? "&#9;" : NULL;
  default:
    return c < 0x20 ? "\xEF\xBF\xBD" : NULL;
  }
}

void svrl_add_escaped(struct buffer *out, const char *text, size_t size, bool attribute) {
  size_t plain = 0;
  for (size_t i = 0; i < size; i++) {
    bool unassigned = size - i >= 3 && memcmp(text + i, "\xEF\xBF", 2) == 0 &&
                      ((unsigned char)text[i + 2] & 0xFE) == 0xBE; /* U+FFFE, U+FFFF */
    const char *entity = unassigned ? "\xEF\xBF\xBD" : entity_of((unsigned char)text[i], attribute);
    if (entity == NULL) continue;
    buffer_add(out, text + plain, i - plain);
    buffer_add_text(out, entity);
    if (unassigned) i += 2;
    plain = i + 1;
  }
  buffer_add(out, text + plain, size - plain);
}

void svrl_add_attribute(struct buffer *out, const char *name, const char *value) {
  if (value == NULL) return;
  buffer_add_format(out, " %s=\"", name);
  svrl_add_escaped(out, value, strlen(value), true);
  buffer_add_char(out, '"');
}

void svrl_copy_attribute(struct buffer *out, const xmlNode *element, const char *name) {
  char *value = schema_value(element, name);
  svrl_add_attribute(out, name, value);
  alloc_free(value);
}

/* ---- Text ------------------------------------------------------------------ */

static void flush_blank(struct rich *rich) {
  if (rich->blank && rich->any) buffer_add_char(rich->out, ' ');
  rich->blank = false;
}

static void add_text(struct rich *rich, const char *text) {
  if (rich->keep_space) {
    svrl_add_escaped(rich->out, text, strlen(text), false);
    return;
  }
  while (*text != '\0') {
    size_t blanks = strspn(text, " \t\r\n");
    rich->blank = rich->blank || blanks > 0;
    text += blanks;
    size_t size = strcspn(text, " \t\r\n");
    if (size == 0) continue;
    flush_blank(rich);
    svrl_add_escaped(rich->out, text, size, false);
    rich->any = true;
    text += size;
  }
}

static void add_value(struct rich *rich, const xmlNode *element, const char *attribute) {
  if (rich->live == NULL) return;
  char *text = evaluation_string(rich->live->evaluation, element, attribute);
  if (text != NULL) add_text(rich, text);
  alloc_free(text);
}

static void add_node_name(struct rich *rich, const xmlNode *node) {
  bool named = node != NULL && (node->type == XML_ELEMENT_NODE || node->type == XML_ATTRIBUTE_NODE);
  bool target = node != NULL && node->type == XML_PI_NODE;
  if (named && node->ns != NULL && node->ns->prefix != NULL) {
    add_text(rich, (const char *)node->ns->prefix);
    add_text(rich, ":");
  }
  if ((named || target) && node->name != NULL) add_text(rich, (const char *)node->name);
}

static bool has_value_only(const xmlNode *node) {
  return node->type == XML_ATTRIBUTE_NODE || node->type == XML_TEXT_NODE ||
         node->type == XML_CDATA_SECTION_NODE || node->type == XML_COMMENT_NODE;
}

/* Of an element that the path selects the name, of an attribute or a text the value:
 * as evaluation_message has it. */
static void add_name(struct rich *rich, const xmlNode *element) {
  if (rich->live == NULL) return;
  if (schema_find_attribute(element, "path") == NULL) {
    add_node_name(rich, rich->live->context);
    return;
  }
  xmlNodeSet *nodes = evaluation_nodes(rich->live->evaluation, element, "path");
  if (nodes == NULL || (nodes->nodeNr > 0 && has_value_only(nodes->nodeTab[0])))
    add_value(rich, element, "path");
  else if (nodes->nodeNr > 0)
    add_node_name(rich, nodes->nodeTab[0]);
  xmlXPathFreeNodeSet(nodes);
}

/* ---- Copies of nodes ------------------------------------------------------- */

static void copy_element(struct rich *rich, xmlNode *node) {
  flush_blank(rich);
  xmlNode *copy = xmlDocCopyNode(node, NULL, 1); /* brings the namespaces it uses */
  xmlBuffer *printed = xmlBufferCreate();
  if (copy != NULL && xmlNodeDump(printed, NULL, copy, 0, 0) >= 0)
    buffer_add_text(rich->out, (const char *)xmlBufferContent(printed));
  xmlBufferFree(printed);
  xmlFreeNode(copy);
  rich->any = true;
}

static void copy_node(struct rich *rich, xmlNode *node, enum room room) {
  if (node->type == XML_DOCUMENT_NODE) {
    for (xmlNode *each = node->children; each != NULL; each = each->next)
      copy_node(rich, each, room);
  } else if (node->type == XML_ELEMENT_NODE && room != ROOM_TEXT) {
    copy_element(rich, node);
  } else if (node->type != XML_COMMENT_NODE && node->type != XML_PI_NODE) {
    xmlChar *text = xmlXPathCastNodeToString(node);
    add_text(rich, text == NULL ? "" : (const char *)text);
    xmlFree(text);
  }
}

static void add_copies(struct rich *rich, const xmlNode *element, enum room room) {
  if (rich->live == NULL) return;
  xmlNodeSet *nodes = evaluation_nodes(rich->live->evaluation, element, "select");
  if (nodes == NULL) add_value(rich, element, "select");
  for (int i = 0; nodes != NULL && i < nodes->nodeNr; i++)
    copy_node(rich, nodes->nodeTab[i], room);
  xmlXPathFreeNodeSet(nodes);
}

/* ---- Elements -------------------------------------------------------------- */

static void add_content(struct rich *rich, const xmlNode *parent, enum room room, unsigned depth);

static void add_markup(struct rich *rich, const xmlNode *element, unsigned depth) {
  const char *name = (const char *)element->name;
  flush_blank(rich);
  buffer_add_format(rich->out, "<svrl:%s", name);
  svrl_copy_attribute(rich->out, element, "class");
  char *direction = schema_value(element, "value");
  if (text_equal(name, "dir")) svrl_add_attribute(rich->out, "dir", direction);
  alloc_free(direction);
  buffer_add_char(rich->out, '>');
  add_content(rich, element, ROOM_TEXT, depth);
  buffer_add_format(rich->out, "</svrl:%s>", name);
}

static void add_qualified(struct buffer *out, const xmlNs *ns, const xmlChar *name) {
  if (ns != NULL && ns->prefix != NULL) buffer_add_format(out, "%s:", (const char *)ns->prefix);
  buffer_add_text(out, (const char *)name);
}

static void declare(struct buffer *out, const xmlNs *ns) {
  const char *prefix = ns == NULL ? NULL : (const char *)ns->prefix;
  if (text_equal(prefix, "xml")) return;
  char *name = prefix == NULL ? alloc_text("xmlns") : alloc_format("xmlns:%s", prefix);
  svrl_add_attribute(out, name, ns == NULL || ns->href == NULL ? "" : (const char *)ns->href);
  alloc_free(name);
}

static bool declared(const xmlNode *element, const xmlAttr *attribute) {
  const char *prefix = (const char *)attribute->ns->prefix;
  if (element->ns != NULL && text_equal((const char *)element->ns->prefix, prefix)) return true;
  for (const xmlAttr *each = element->properties; each != attribute; each = each->next)
    if (each->ns != NULL && text_equal((const char *)each->ns->prefix, prefix)) return true;
  return false;
}

static void add_foreign(struct rich *rich, const xmlNode *element, unsigned depth) {
  struct buffer *out = rich->out;
  flush_blank(rich);
  buffer_add_char(out, '<');
  add_qualified(out, element->ns, element->name);
  declare(out, element->ns);
  for (const xmlAttr *each = element->properties; each != NULL; each = each->next) {
    if (each->ns != NULL && !declared(element, each)) declare(out, each->ns);
    struct buffer name = buffer_make(1000);
    add_qualified(&name, each->ns, each->name);
    char *value = schema_attribute_text(each);
    svrl_add_attribute(out, buffer_text(&name), value);
    alloc_free(value);
    buffer_dispose(&name);
  }
  buffer_add_char(out, '>');
  rich->any = true;
  add_content(rich, element, ROOM_FOREIGN, depth);
  buffer_add_text(out, "</");
  add_qualified(out, element->ns, element->name);
  buffer_add_char(out, '>');
}

static bool is_xslt(const xmlNode *node, const char *name) {
  return node->ns != NULL && text_equal((const char *)node->ns->href, XSLT_NAMESPACE) &&
         (name == NULL || text_equal((const char *)node->name, name));
}

static void add_element(struct rich *rich, const xmlNode *element, enum room room, unsigned depth) {
  bool markup =
      schema_is(element, "emph") || schema_is(element, "dir") || schema_is(element, "span");
  if (schema_is(element, "value-of") || is_xslt(element, "value-of"))
    add_value(rich, element, "select");
  else if (schema_is(element, "name"))
    add_name(rich, element);
  else if (is_xslt(element, "copy-of"))
    add_copies(rich, element, room);
  else if (is_xslt(element, "text"))
    add_content(rich, element, room, depth);
  else if (markup && room == ROOM_ALL)
    add_markup(rich, element, depth);
  else if (markup || schema_is_any(element) || room == ROOM_TEXT)
    add_content(rich, element, room, depth);
  else if (!is_xslt(element, NULL))
    add_foreign(rich, element, depth);
}

static void add_content(struct rich *rich, const xmlNode *parent, enum room room, unsigned depth) {
  if (depth >= DEPTH_MOST) return;
  for (const xmlNode *each = parent->children; each != NULL; each = each->next) {
    if (each->type == XML_TEXT_NODE || each->type == XML_CDATA_SECTION_NODE)
      add_text(rich, each->content == NULL ? "" : (const char *)each->content);
    else if (each->type == XML_ELEMENT_NODE)
      add_element(rich, each, room, depth + 1);
  }
}

/* ---- svrl:text ------------------------------------------------------------- */

/* xml:lang or xml:space of this element. */
static char *xml_value(const xmlNode *element, const char *name) {
  for (const xmlAttr *each = element->properties; each != NULL; each = each->next)
    if (each->ns != NULL &&
        text_equal((const char *)each->ns->href, (const char *)XML_XML_NAMESPACE) &&
        text_equal((const char *)each->name, name))
      return schema_attribute_text(each);
  return NULL;
}

/* SVRL has room for a language on its texts alone, so they carry the inherited one. */
static char *language_of(const xmlNode *element) {
  char *language = NULL;
  for (; language == NULL && element != NULL && element->type == XML_ELEMENT_NODE;
       element = element->parent)
    language = xml_value(element, "lang");
  return language;
}

void svrl_add_text(struct buffer *out, const xmlNode *element, const struct svrl_live *live,
                   const char *place) {
  char *space = xml_value(element, "space"), *language = language_of(element);
  buffer_add_text(out, "<svrl:text");
  svrl_add_attribute(out, "xml:space", space);
  svrl_add_attribute(out, "xml:lang", language);
  svrl_copy_attribute(out, element, "see");
  svrl_copy_attribute(out, element, "icon");
  svrl_copy_attribute(out, element, "fpi");
  buffer_add_text(out, place);
  buffer_add_char(out, '>');
  struct rich rich = {.out = out, .live = live, .keep_space = text_equal(space, "preserve")};
  add_content(&rich, element, ROOM_ALL, 0);
  buffer_add_text(out, "</svrl:text>");
  alloc_free(space);
  alloc_free(language);
}
