/* The evidence document as a person reads it: indented, with where each element
 * stood, and without secrets. */
#include "base/buffer.h"
#include "base/text.h"
#include "evidence/host_build.h"
#include "evidence/secret.h"

#include <stdint.h>
#include <string.h>

struct printer {
  struct buffer out;
  const struct bundle *bundle;
};

/* ---- Characters ------------------------------------------------------------------------ */

/* Code point at `text` (valid UTF-8) and its width. */
static uint32_t decode(const char *text, size_t *width) {
  const unsigned char *b = (const unsigned char *)text;
  *width = b[0] < 0x80 ? 1 : b[0] < 0xE0 ? 2 : b[0] < 0xF0 ? 3 : 4;
  uint32_t point = *width == 1 ? b[0] : b[0] & (0x7FU >> *width);
  for (size_t i = 1; i < *width; i++) {
    if (!b[i]) {
      *width = i;
      return 0xFFFD;
    }
    point = point << 6 | (b[i] & 0x3F);
  }
  return point;
}

/* What could change how a terminal shows the rest of the line. */
static bool is_treacherous(uint32_t point) {
  return (point < 0x20) || (point >= 0x7F && point < 0xA0) ||
         (point >= 0x200B && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E) ||
         (point >= 0x2060 && point <= 0x2069) || point == 0xFEFF;
}

static void add_escaped(struct buffer *out, const char *text) {
  while (*text) {
    size_t width;
    uint32_t point = decode(text, &width);
    if (point == '&')
      buffer_add_text(out, "&amp;");
    else if (point == '<')
      buffer_add_text(out, "&lt;");
    else if (point == '>')
      buffer_add_text(out, "&gt;");
    else if (point == '"')
      buffer_add_text(out, "&quot;");
    else if (is_treacherous(point))
      buffer_add_format(out, "&#x%X;", (unsigned)point);
    else
      buffer_add(out, text, width);
    text += width;
  }
}

/* ---- Secrets -------------------------------------------------------------------------- */

/* Text, or what stands there instead. */
static void add_shown(struct buffer *out, const char *value, bool secret) {
  if (secret) {
    buffer_add_text(out, SECRET_SHOWN);
    return;
  }
  char *shown = secret_free_text(value);
  add_escaped(out, shown);
  alloc_free(shown);
}

/* ---- Nodes ------------------------------------------------------------------------------ */

static void add_name(struct buffer *out, const xmlNs *ns, const xmlChar *name) {
  if (ns && ns->prefix) buffer_add_format(out, "%s:", (const char *)ns->prefix);
  buffer_add_text(out, (const char *)name);
}

static void add_attribute(struct buffer *out, const char *name, const char *value) {
  buffer_add_format(out, " %s=\"", name);
  add_escaped(out, value);
  buffer_add_char(out, '"');
}

static bool redefines_prefix(const xmlNode *element) {
  if (!element->parent || element->parent->type == XML_DOCUMENT_NODE) return false;
  for (const xmlNs *ns = element->nsDef; ns; ns = ns->next)
    if (ns->prefix && strcmp((const char *)ns->prefix, "ev") == 0) return true;
  return false;
}

static void add_place(struct printer *printer, const xmlNode *element) {
  struct origin origin = origin_of(element);
  if (origin.source == 0 || origin.source > printer->bundle->count) return;
  const char *path = printer->bundle->artifacts[origin.source - 1]->path;
  char *place = origin.line
                    ? alloc_format("%s:%u:%u", path, (unsigned)origin.line, (unsigned)origin.column)
                    : alloc_text(path);
  add_attribute(&printer->out, "ev:at", place);
  alloc_free(place);
}

static void add_namespaces(struct buffer *out, const xmlNode *element) {
  for (const xmlNs *ns = element->nsDef; ns; ns = ns->next) {
    char *name =
        ns->prefix ? alloc_format("xmlns:%s", (const char *)ns->prefix) : alloc_text("xmlns");
    add_attribute(out, name, ns->href ? (const char *)ns->href : "");
    alloc_free(name);
  }
}

static void add_attributes(struct buffer *out, const xmlNode *element) {
  for (const xmlAttr *attribute = element->properties; attribute; attribute = attribute->next) {
    const xmlNode *text = attribute->children;
    const char *value = text && text->content ? (const char *)text->content : "";
    buffer_add_char(out, ' ');
    add_name(out, attribute->ns, attribute->name);
    buffer_add_text(out, "=\"");
    add_shown(out, value, secret_attribute(element, attribute));
    buffer_add_char(out, '"');
  }
}

static void add_line(struct buffer *out, int depth) {
  buffer_add_char(out, '\n');
  for (int i = 0; i < depth; i++)
    buffer_add_text(out, "  ");
}

static bool is_text(const xmlNode *node) {
  return node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE;
}

static bool holds_text(const xmlNode *element) {
  for (const xmlNode *child = element->children; child; child = child->next)
    if (is_text(child)) return true;
  return false;
}

static void add_text(struct printer *printer, const xmlNode *text) {
  const char *value = text->content ? (const char *)text->content : "";
  add_shown(&printer->out, value, secret_name((const char *)text->parent->name));
}

static void add_element(struct printer *printer, const xmlNode *element, int depth, bool places) {
  struct buffer *out = &printer->out;
  places = places && !redefines_prefix(element);
  buffer_add_char(out, '<');
  add_name(out, element->ns, element->name);
  add_namespaces(out, element);
  add_attributes(out, element);
  if (places) add_place(printer, element);
  if (!element->children) {
    buffer_add_text(out, "/>");
    return;
  }
  buffer_add_char(out, '>');
  bool inline_text = holds_text(element);
  for (const xmlNode *child = element->children; child; child = child->next) {
    if (is_text(child)) add_text(printer, child);
    if (child->type != XML_ELEMENT_NODE) continue;
    if (!inline_text) add_line(out, depth + 1);
    add_element(printer, child, depth + 1, places);
  }
  if (!inline_text) add_line(out, depth);
  buffer_add_text(out, "</");
  add_name(out, element->ns, element->name);
  buffer_add_char(out, '>');
}

char *host_print(const struct host *host, const struct bundle *bundle) {
  struct printer printer = {.out = buffer_make(SIZE_MAX), .bundle = bundle};
  buffer_add_text(&printer.out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
  add_element(&printer, xmlDocGetRootElement(host->document), 0, true);
  buffer_add_char(&printer.out, '\n');
  return buffer_take(&printer.out);
}
