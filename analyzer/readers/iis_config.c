/* Files of IIS configuration: XML whose document element is <configuration>
 * (learn.microsoft.com/iis/get-started/planning-your-iis-architecture,
 * "introduction to applicationHost.config").
 *
 * <facts> gets the parsed <configuration> itself, untouched. The kind is decided
 * by what stands in it:
 *   application-host       <system.applicationHost>, or a section group of that name
 *   redirection-config     <configurationRedirection>
 *   administration-config  <moduleProviders>; only for the ledger, without facts
 *   web-config             anything else (also machine.config and *.exe.config)
 * A damaged one is an application-host when it is named so or its text speaks of
 * system.applicationHost. What is named applicationHost.config and is no
 * configuration at all is a damaged one: IIS would not start from it. */
#include "readers/readers.h"

#include "base/text.h"
#include "readers/xml_artifact.h"

#include <string.h>

static bool is_named_application_host(const struct artifact *artifact) {
  return text_ends_nocase(artifact->path, "applicationHost.config");
}

static bool has_section(const xmlNode *configuration, const char *name) {
  if (node_child(configuration, name)) return true;
  const xmlNode *sections = node_child(configuration, "configSections");
  if (!sections) return false;
  for (const xmlNode *each = sections->children; each; each = each->next)
    if (each->type == XML_ELEMENT_NODE && text_equal(node_get(each, "name"), name)) return true;
  return false;
}

static const char *kind_of(const xmlNode *configuration) {
  if (has_section(configuration, "system.applicationHost")) return "application-host";
  if (has_section(configuration, "configurationRedirection")) return "redirection-config";
  if (has_section(configuration, "moduleProviders")) return "administration-config";
  return "web-config";
}

static const char *kind_of_damaged(struct artifact *artifact) {
  size_t size;
  const char *text = artifact_text(artifact, &size);
  if (is_named_application_host(artifact)) return "application-host";
  return text && strstr(text, "system.applicationHost") ? "application-host" : "web-config";
}

/* Puts <facts> above <configuration> in the parsed document: nothing is copied
 * or moved, however large. */
static void keep(struct reading *reading, xmlDoc *document) {
  xmlNode *configuration = xmlDocGetRootElement(document);
  reading->document = document;
  reading->facts = xmlNewDocNode(document, NULL, (const xmlChar *)"facts", NULL);
  xmlDocSetRootElement(document, reading->facts);
  xmlAddChild(reading->facts, configuration);
}

/* IIS says one thing of all of them, error 500.19; a person wants to know which. */
static void breaks_parse(struct reading *reading, const struct xml_failure *failure) {
  reading->problem = failure->refused ? "refused" : "not-well-formed";
  xml_artifact_breaks(reading, failure, false);
}

static void settle(struct reading *reading, xmlDoc *document) {
  const xmlNode *configuration = xmlDocGetRootElement(document);
  reading->kind = kind_of(configuration);
  if (text_equal(reading->kind, "web-config") && is_named_application_host(reading->artifact)) {
    reading->kind = "application-host";
    reading->problem = "not-configuration";
    reading_breaks(
        reading, UNKNOWN_DAMAGED, origin_of(configuration),
        "it has no <system.applicationHost>, so it is not a whole applicationHost.config");
  } else if (text_equal(reading->kind, "web-config")) {
    artifact_settle(reading->artifact, ARTIFACT_READ, "its settings are not judged yet");
  } else if (text_equal(reading->kind, "administration-config")) {
    artifact_settle(reading->artifact, ARTIFACT_READ, "kept on the ledger only");
  }
}

static void read_configuration(struct reading *reading, struct readings *readings) {
  struct xml_failure failure;
  xmlDoc *document = xml_artifact_parse(reading->artifact, readings, &failure);
  if (!document) {
    reading->kind = kind_of_damaged(reading->artifact);
    breaks_parse(reading, &failure);
    return;
  }
  settle(reading, document);
  if (!reading->complete || text_equal(reading->kind, "administration-config"))
    xmlFreeDoc(document);
  else
    keep(reading, document);
}

static bool is_configuration(const struct artifact *artifact, const char *text, size_t size,
                             const char *root) {
  (void)artifact, (void)text, (void)size;
  return text_equal(root, "configuration");
}

static void read_damaged(struct reading *reading, struct readings *readings) {
  struct xml_failure failure;
  xmlDoc *document = xml_artifact_parse(reading->artifact, readings, &failure);
  if (!document) {
    breaks_parse(reading, &failure);
    return;
  }
  const xmlNode *root = xmlDocGetRootElement(document);
  reading->problem = "not-configuration";
  reading_breaks(reading, UNKNOWN_DAMAGED, origin_of(root),
                 "its document element is <%.80s>, not <configuration>", (const char *)root->name);
  xmlFreeDoc(document);
}

static bool is_named(const struct artifact *artifact, const char *text, size_t size,
                     const char *root) {
  (void)text, (void)size, (void)root;
  return is_named_application_host(artifact);
}

const struct reader iis_config_reader = {"application-host", is_configuration, read_configuration};
const struct reader iis_damaged_reader = {"application-host", is_named, read_damaged};
