/* Schema files of IIS: XML whose document element is <configSchema>, in
 * inetsrv\config\schema (IIS_schema.xml, rewrite_schema.xml ...). <facts> gets the parsed
 * element; what it tells beyond the facts at hand, evidence/host_schema.c finds. */
#include "readers/readers.h"

#include "base/text.h"
#include "readers/xml_artifact.h"

static bool is_schema(const struct artifact *artifact, const char *text, size_t size,
                      const char *root) {
  (void)artifact, (void)text, (void)size;
  return text_equal(root, "configSchema");
}

static void read_schema(struct reading *reading, struct readings *readings) {
  struct xml_failure failure;
  xmlDoc *document = xml_artifact_parse(reading->artifact, readings, &failure);
  if (!document) {
    xml_artifact_breaks(reading, &failure, true);
    return;
  }
  xmlNode *root = xmlDocGetRootElement(document);
  reading->document = document;
  reading->facts = xmlNewDocNode(document, NULL, (const xmlChar *)"facts", NULL);
  xmlDocSetRootElement(document, reading->facts);
  xmlAddChild(reading->facts, root);
}

const struct reader iis_schema_reader = {"iis-schema", is_schema, read_schema};
