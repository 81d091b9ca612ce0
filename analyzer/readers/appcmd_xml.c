/* appcmd list ... /xml and /config: see appcmd.c. With /config alone there is no document
 * element: one element an object, one behind the other. */
#include "base/buffer.h"
#include "base/text.h"
#include "base/xml_source.h"
#include "readers/appcmd.h"
#include "readers/xml_artifact.h"

#include <string.h>

static bool is_element(const xmlNode *node, const char *name) {
  return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static void copy(xmlNode *to, const char *name, const xmlNode *from, const char *attribute) {
  node_set(to, name, node_get(from, attribute), node_attribute_origin(from, attribute));
}

/* ---- The configuration of a site ------------------------------------------------------ */

static void add_configured_bindings(xmlNode *site, const xmlNode *configured) {
  const xmlNode *bindings = node_child(configured, "bindings");
  for (const xmlNode *each = bindings ? node_child(bindings, "binding") : NULL; each;
       each = node_next(each, "binding")) {
    xmlNode *binding = node_add(site, "binding", origin_of(each));
    copy(binding, "protocol", each, "protocol");
    copy(binding, "bindingInformation", each, "bindingInformation");
    const char *flags = node_get(each, "sslFlags"); /* left out when it is 0 */
    node_set(binding, "sslFlags", flags ? flags : "0",
             flags ? node_attribute_origin(each, "sslFlags") : origin_of(each));
  }
  node_set(site, "bindings", "all", origin_of(configured));
}

static void add_configured_applications(xmlNode *site, const xmlNode *configured) {
  for (const xmlNode *each = node_child(configured, "application"); each;
       each = node_next(each, "application")) {
    xmlNode *application = node_add(site, "application", origin_of(each));
    copy(application, "path", each, "path");
    copy(application, "applicationPool", each, "applicationPool");
    copy(application, "enabledProtocols", each, "enabledProtocols");
    for (const xmlNode *inner = node_child(each, "virtualDirectory"); inner;
         inner = node_next(inner, "virtualDirectory")) {
      xmlNode *directory = node_add(application, "virtualDirectory", origin_of(inner));
      copy(directory, "path", inner, "path");
      copy(directory, "physicalPath", inner, "physicalPath");
    }
  }
  node_set(site, "applications", "all", origin_of(configured));
}

static void add_configured(xmlNode *site, const xmlNode *configured) {
  if (!node_get(site, "name")) copy(site, "name", configured, "name");
  if (!node_get(site, "id")) copy(site, "id", configured, "id");
  const char *start = node_get(configured, "serverAutoStart");
  bool stays = start && text_equal_nocase(start, "false");
  node_set(site, "serverAutoStart", stays ? "false" : "true", origin_of(configured));
  add_configured_bindings(site, configured);
  add_configured_applications(site, configured);
}

/* ---- Objects ------------------------------------------------------------------------------ */

static void add_site(xmlNode *facts, const xmlNode *object) {
  xmlNode *site = node_add(facts, "site", origin_of(object));
  copy(site, "name", object, "SITE.NAME");
  copy(site, "id", object, "SITE.ID");
  copy(site, "state", object, "state");
  const xmlNode *configured = node_child(object, "site");
  const char *bindings = node_get(object, "bindings");
  if (configured)
    add_configured(site, configured);
  else if (bindings)
    appcmd_add_bindings(site, span_of(bindings), node_attribute_origin(object, "bindings"));
}

static void add_pool(xmlNode *facts, const xmlNode *object) {
  xmlNode *pool = node_add(facts, "applicationPool", origin_of(object));
  copy(pool, "name", object, "APPPOOL.NAME");
  copy(pool, "state", object, "state");
}

static void add_application(xmlNode *facts, const xmlNode *object) {
  const char *name = node_get(object, "SITE.NAME"), *path = node_get(object, "path");
  if (!name || !path) return;
  xmlNode *site = node_add(facts, "site", origin_of(object));
  copy(site, "name", object, "SITE.NAME");
  xmlNode *application = node_add(site, "application", origin_of(object));
  copy(application, "path", object, "path");
  copy(application, "applicationPool", object, "APPPOOL.NAME");
}

static void add_objects(xmlNode *facts, const xmlNode *parent) {
  for (const xmlNode *each = parent->children; each; each = each->next) {
    if (is_element(each, "SITE")) add_site(facts, each);
    if (is_element(each, "APPPOOL")) add_pool(facts, each);
    if (is_element(each, "APP")) add_application(facts, each);
    if (is_element(each, "site")) add_configured(node_add(facts, "site", origin_of(each)), each);
  }
}

/* ---- The reader ----------------------------------------------------------------------------- */

/* In an element of its own; line 1 moves to the right by that. */
static xmlDoc *parse_elements(struct artifact *artifact, struct readings *readings,
                              struct xml_failure *failure) {
  size_t size;
  const char *text = artifact_text(artifact, &size);
  struct buffer whole = buffer_make(size + 64);
  buffer_add_text(&whole, "<appcmd>");
  buffer_add(&whole, text, size);
  buffer_add_text(&whole, "</appcmd>");
  struct xml_source_options options = {.dict = readings->dict, .source = artifact->number + 1};
  xmlDoc *document = xml_source_parse(buffer_text(&whole), whole.size, &options, failure);
  buffer_dispose(&whole);
  return document;
}

static void read_xml(struct reading *reading, struct readings *readings) {
  struct xml_failure failure = {.line = 1, .column = 1};
  size_t size;
  const char *text = artifact_text(reading->artifact, &size);
  char root[64] = "";
  xml_source_sniff(text, size, root);
  bool bare = strcmp(root, "appcmd") != 0;
  xmlDoc *document = bare ? parse_elements(reading->artifact, readings, &failure)
                          : xml_artifact_parse(reading->artifact, readings, &failure);
  if (!document) {
    failure.at_end = failure.at_end || bare;
    xml_artifact_breaks(reading, &failure, true);
    return;
  }
  reading_start(reading, readings);
  add_objects(reading->facts, xmlDocGetRootElement(document));
  if (!reading->facts->children)
    artifact_settle(reading->artifact, ARTIFACT_NOT_RECOGNISED,
                    "appcmd's list of effective settings or of things that are not evidence");
  xmlFreeDoc(document);
}

static bool is_xml(const struct artifact *artifact, const char *text, size_t size,
                   const char *root) {
  (void)artifact, (void)size;
  return text && (strcmp(root, "appcmd") == 0 || strcmp(root, "site") == 0);
}

const struct reader appcmd_xml_reader = {"appcmd", is_xml, read_xml};
