/* Files of IIS configuration: XML whose document element is <configuration>
 * (learn.microsoft.com/iis/get-started/planning-your-iis-architecture,
 * "introduction to applicationHost.config").
 *
 * <facts> gets the parsed <configuration> itself, untouched. The kind is decided
 * by what stands in it:
 *   application-host       <system.applicationHost>, or a section group of that name
 *   redirection-config     <configurationRedirection>
 *   administration-config  <moduleProviders>
 *   machine-config         <configSections> that declares configProtectedData, as
 *                          machine.config alone does, or that name
 *   exe-config             the name ends in .exe.config, .dll.config or _CLRConfig.config, or is
 *                          GenericAppPoolConfig...: of a program or a CLR, no web.config
 *   shared-web-config      named SharedWebConfig.config: what web.configs of Exchange link to
 *   web-config             anything else
 * A damaged one is an application-host when it is named so or its text speaks of
 * system.applicationHost. What is named applicationHost.config and is no whole
 * configuration of a server is a damaged one, but keeps its facts.
 *
 * A config-section is what configSource of a section leads to: a .config file whose
 * document element is a section that the schema knows. <facts> gets that element.
 * What is named web.config and is empty or no XML is a damaged web-config: IIS would
 * answer 500.19. */
#include "readers/readers.h"

#include "base/text.h"
#include "evidence/iis_schema.h"
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

static bool is_named_machine(const struct artifact *artifact) {
  return text_ends_nocase(artifact->path, "machine.config");
}

static bool is_program(const struct artifact *artifact) {
  const char *slash = strrchr(artifact->path, '/');
  return text_ends_nocase(artifact->path, ".exe.config") ||
         text_ends_nocase(artifact->path, ".dll.config") ||
         text_ends_nocase(artifact->path, "_CLRConfig.config") ||
         text_starts_nocase(slash ? slash + 1 : artifact->path, "GenericAppPoolConfig");
}

static const char *kind_of(const struct artifact *artifact, const xmlNode *configuration) {
  if (has_section(configuration, "system.applicationHost")) return "application-host";
  if (has_section(configuration, "configurationRedirection")) return "redirection-config";
  if (has_section(configuration, "moduleProviders")) return "administration-config";
  if (has_section(configuration, "configProtectedData") || is_named_machine(artifact))
    return "machine-config";
  if (text_ends_nocase(artifact->path, "SharedWebConfig.config")) return "shared-web-config";
  return is_program(artifact) ? "exe-config" : "web-config";
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
  reading->kind = kind_of(reading->artifact, configuration);
  if (!text_equal(reading->kind, "application-host") &&
      is_named_application_host(reading->artifact)) {
    reading->kind = "application-host";
    reading->problem = "not-configuration";
    reading_breaks(
        reading, UNKNOWN_DAMAGED, origin_of(configuration),
        "it has no <system.applicationHost>, so it is not a whole applicationHost.config");
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
  keep(reading, document);
}

static bool is_configuration(const struct artifact *artifact, const char *text, size_t size,
                             const char *root) {
  (void)artifact, (void)text, (void)size;
  return text_equal(root, "configuration");
}

static void read_damaged(struct reading *reading, struct readings *readings) {
  if (!is_named_application_host(reading->artifact)) reading->kind = "web-config";
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

/* web.config, or what collectors make of that name. */
static bool is_named_web_config(const struct artifact *artifact) {
  static const char ending[] = "web.config";
  size_t size = strlen(artifact->path), cut = sizeof ending - 1;
  if (!text_ends_nocase(artifact->path, ending)) return false;
  return size == cut || strchr("/!_-", artifact->path[size - cut - 1]) != NULL;
}

static bool is_named(const struct artifact *artifact, const char *text, size_t size,
                     const char *root) {
  (void)text, (void)size, (void)root;
  return is_named_application_host(artifact) || is_named_web_config(artifact);
}

/* ---- AntiMalware.xml ------------------------------------------------------------ */

static bool is_antimalware(const struct artifact *artifact, const char *text, size_t size,
                           const char *root) {
  (void)text, (void)size;
  return text_equal(root, "Definition") && text_ends_nocase(artifact->path, "AntiMalware.xml");
}

/* ---- configSource ------------------------------------------------------------- */

/* Is it the last name of a section: "directoryBrowse" of system.webServer/directoryBrowse? */
static bool is_section_name(const char *name) {
  static const char *const others[] = {"appSettings", "connectionStrings"};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++)
    if (text_equal(name, others[i])) return true;
  struct iis_fact fact;
  size_t size = strlen(name);
  for (size_t position = 0; iis_schema_row(&position, &fact);) {
    if (fact.section.size < size || fact.element.size || fact.attribute.size) continue;
    const char *end = fact.section.start + fact.section.size - size;
    bool whole = end == fact.section.start || end[-1] == '/';
    if (whole && memcmp(end, name, size) == 0) return true;
  }
  return false;
}

static bool is_section_file(const struct artifact *artifact, const char *text, size_t size,
                            const char *root) {
  (void)text, (void)size;
  return *root && text_ends_nocase(artifact->path, ".config") && !is_named(artifact, NULL, 0, "") &&
         is_section_name(root);
}

static void read_section(struct reading *reading, struct readings *readings) {
  struct xml_failure failure;
  xmlDoc *document = xml_artifact_parse(reading->artifact, readings, &failure);
  if (document)
    keep(reading, document);
  else
    breaks_parse(reading, &failure);
}

const struct reader iis_config_reader = {"application-host", is_configuration, read_configuration};
const struct reader antimalware_reader = {"antimalware-config", is_antimalware, read_section};
const struct reader iis_section_reader = {"config-section", is_section_file, read_section};
const struct reader iis_damaged_reader = {"application-host", is_named, read_damaged};
