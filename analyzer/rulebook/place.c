/* Nodes of an evidence document as places of a report. */
#include "rulebook/place.h"

#include "base/buffer.h"
#include "base/origin.h"
#include "base/text.h"
#include "evidence/node.h"
#include "evidence/secret.h"

#include <string.h>

static unsigned sibling_number(const xmlNode *node) {
  unsigned number = 1;
  for (const xmlNode *n = node->prev; n; n = n->prev)
    if (n->type == XML_ELEMENT_NODE && text_equal((const char *)n->name, (const char *)node->name))
      number++;
  return number;
}

static bool has_twin(const xmlNode *node) {
  for (const xmlNode *n = node->next; n; n = n->next)
    if (n->type == XML_ELEMENT_NODE && text_equal((const char *)n->name, (const char *)node->name))
      return true;
  return false;
}

/* Of a binding: http and https may share the rest. */
static void add_protocol(struct buffer *out, const xmlNode *node) {
  const char *protocol = node_get(node, "protocol");
  if (protocol && !strchr(protocol, '\'')) buffer_add_format(out, "[@protocol='%s']", protocol);
}

/* Elements that stand in long lists are named by what identifies them: counting
 * siblings would make 100,000 findings quadratic. */
static bool add_identity(struct buffer *out, const xmlNode *node) {
  static const char *const identities[] = {"key", "thumbprint", "record", "bindingInformation"};
  for (const xmlAttr *a = node->properties; a; a = a->next) {
    for (size_t i = 0; i < sizeof identities / sizeof *identities; i++) {
      if (a->ns || !text_equal((const char *)a->name, identities[i]) || !a->children) continue;
      const char *value = (const char *)a->children->content;
      char quote = strchr(value, '\'') ? '"' : '\'';
      if (strchr(value, quote)) return false;
      buffer_add_format(out, "[@%s=%c%s%c]", identities[i], quote, value, quote);
      add_protocol(out, node);
      return true;
    }
  }
  return false;
}

static void add_steps(struct buffer *out, const xmlNode *node) {
  if (!node || node->type == XML_DOCUMENT_NODE) return;
  add_steps(out, node->parent);
  if (node->type == XML_ATTRIBUTE_NODE) {
    buffer_add_format(out, "/@%s", (const char *)node->name);
    return;
  }
  buffer_add_format(out, "/%s", (const char *)node->name);
  if (add_identity(out, node)) return;
  unsigned number = sibling_number(node);
  if (number > 1 || has_twin(node)) buffer_add_format(out, "[%u]", number);
}

char *place_path(const xmlNode *node) {
  struct buffer out = buffer_make(4096);
  add_steps(&out, node);
  return buffer_take(&out);
}

static void add_attribute(struct buffer *out, const xmlAttr *attribute) {
  const char *value = attribute->children && attribute->children->content
                          ? (const char *)attribute->children->content
                          : "";
  const char *name = (const char *)attribute->name;
  char *free_of_secrets = secret_free_text(value);
  buffer_add_format(out, " %s=\"%s\"", name,
                    secret_attribute(attribute->parent, attribute) ? SECRET_SHOWN
                                                                   : free_of_secrets);
  alloc_free(free_of_secrets);
}

static const char *own(const xmlNode *node, const char *name) {
  const char *value = node ? node_get(node, name) : NULL;
  return value ? value : "";
}

/* The nearest element of that name above a node. */
static const xmlNode *above(const xmlNode *node, const char *name) {
  while (node && !(node->type == XML_ELEMENT_NODE && text_equal((const char *)node->name, name)))
    node = node->parent;
  return node;
}

/* What people call the things of this field. NULL: no word for it. */
static char *in_words(const xmlNode *node) {
  const char *name = (const char *)node->name;
  const char *site = own(above(node, "site"), "name");
  if (text_equal(name, "binding"))
    return alloc_format("binding %s %s of %s", own(node, "protocol"),
                        own(node, "bindingInformation"), site);
  if (text_equal(name, "site")) return alloc_format("site %s", site);
  if (text_equal(name, "application"))
    return alloc_format("application %s%s", site, own(node, "path"));
  if (text_equal(name, "claim"))
    return alloc_format("%s says %s", own(node, "source"),
                        *own(node, "certificateHash") ? own(node, "certificateHash")
                                                      : "no certificate");
  return NULL;
}

static char *start_tag(const xmlNode *node) {
  struct buffer out = buffer_make(4096);
  buffer_add_format(&out, "<%s", (const char *)node->name);
  size_t shown = 0;
  for (const xmlAttr *a = node->properties; a && shown < 4; a = a->next, shown++)
    if (origin_unpack(a->_private).line) add_attribute(&out, a);
  buffer_add_text(&out, ">");
  return buffer_take(&out);
}

static char *describe(const xmlNode *node) {
  if (node->type == XML_ATTRIBUTE_NODE) {
    struct buffer out = buffer_make(4096);
    add_attribute(&out, (const xmlAttr *)node);
    char *text = alloc_text(out.size ? out.data + 1 : "");
    buffer_dispose(&out);
    return text;
  }
  char *words = in_words(node);
  return words ? words : start_tag(node);
}

struct place place_of(const xmlNode *node, char *text) {
  struct origin origin = origin_of(node);
  /* What was computed (a joined attribute, a container) stands where its parent stood. */
  for (const xmlNode *n = node; n && origin.source == 0 && n->type != XML_DOCUMENT_NODE;
       n = n->parent)
    origin = origin_of(n);
  struct place place = {.artifact = (int)origin.source - 1,
                        .line = origin.line,
                        .column = origin.column,
                        .element = place_path(node),
                        .text = text};
  if (!place.text || !*place.text) {
    alloc_free(place.text);
    place.text = describe(node);
  }
  return place;
}
