/* Builds CLIXML-shaped trees. */
#include "readers/told_objects.h"

#include "base/buffer.h"

#include <string.h>

xmlDoc *told_document(struct readings *readings, struct origin origin) {
  xmlDoc *document = xmlNewDoc((const xmlChar *)"1.0");
  document->dict = readings->dict;
  xmlDictReference(document->dict);
  xmlNode *root = xmlNewDocNode(document, NULL, (const xmlChar *)"Objs", NULL);
  xmlDocSetRootElement(document, root);
  origin_set(root, origin);
  return document;
}

/* CLIXML writes its own escape where the text has what looks like one. */
static char *escaped(const char *text) {
  struct buffer out = buffer_make(strlen(text) * 4 + 1);
  for (const char *next; (next = strstr(text, "_x")); text = next + 2) {
    buffer_add(&out, text, (size_t)(next - text));
    buffer_add_text(&out, "_x005F_x");
  }
  buffer_add_text(&out, text);
  return buffer_take(&out);
}

/* Where the properties of an object go. */
static xmlNode *properties_of(xmlNode *object, struct origin origin) {
  xmlNode *properties = node_child(object, "MS");
  return properties ? properties : node_add(object, "MS", origin);
}

static xmlNode *add(xmlNode *parent, const char *element, const char *name, struct origin origin) {
  xmlNode *node = node_add(name ? properties_of(parent, origin) : parent, element, origin);
  if (name) {
    char *written = escaped(name);
    node_set(node, "N", written, origin);
    alloc_free(written);
  }
  return node;
}

xmlNode *told_object(xmlNode *parent, const char *name, struct origin origin) {
  return add(parent, "Obj", name, origin);
}

void told_type(xmlNode *object, const char *type, struct origin origin) {
  xmlNode *name = node_add(node_add(object, "TN", origin), "T", origin);
  xmlAddChild(name, xmlNewDocText(name->doc, (const xmlChar *)type));
}

xmlNode *told_list(xmlNode *parent, const char *name, struct origin origin) {
  return node_add(add(parent, "Obj", name, origin), "LST", origin);
}

xmlNode *told_scalar(xmlNode *parent, const char *name, const char *type, const char *text,
                     struct origin origin) {
  xmlNode *node = add(parent, type, name, origin);
  if (!text) return node;
  char *written = escaped(text);
  xmlNode *content = xmlNewDocText(node->doc, (const xmlChar *)written);
  xmlAddChild(node, content);
  alloc_free(written);
  return node;
}
