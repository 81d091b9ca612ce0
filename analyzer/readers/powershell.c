/* Recognises what a PowerShell export holds and reads it object by object.
 *
 * A damaged or truncated export is not used at all: half of a list would look
 * like a whole one. It still says what it was, so that evidence can say what is
 * missing. */
#include "readers/powershell.h"

#include "base/text.h"
#include "readers/xml_artifact.h"

#include <string.h>

struct export_kind {
  const char *kind, *type;
  powershell_object_reader read;
};

static const struct export_kind export_kinds[] = {
    {"get-exchangecertificate",
     "Microsoft.Exchange.Management.SystemConfigurationTasks.ExchangeCertificate",
     get_exchangecertificate_read},
    {"get-webbinding", "Microsoft.IIs.PowerShell.Framework.ConfigurationElement#bindings#binding",
     get_webbinding_read},
    {"get-authconfig", "Microsoft.Exchange.Data.Directory.SystemConfiguration.AuthConfig",
     get_authconfig_read},
};
enum { EXPORT_KINDS = sizeof export_kinds / sizeof *export_kinds };

char *powershell_computer_name(const struct clixml *clixml, const xmlNode *object) {
  xmlNode *property = clixml_property(clixml, object, "PSComputerName");
  return property ? clixml_text(property) : NULL;
}

/* "EX01" is EX01.contoso.com; EX01.contoso.com is not EX01.fabrikam.com. */
static bool same_computer(const char *a, const char *b) {
  if (text_equal_nocase(a, b)) return true;
  const char *full = strchr(a, '.') ? a : b, *name = full == a ? b : a;
  return !strchr(name, '.') && text_starts_nocase(full, name) && full[strlen(name)] == '.';
}

bool powershell_computer(struct reading *reading, const char *name, struct origin origin) {
  if (!name || !name[0]) return true;
  if (!reading->computer) reading->computer = alloc_text(name);
  if (same_computer(reading->computer, name)) return true;
  reading_breaks(reading, UNKNOWN_AMBIGUOUS, origin,
                 "it speaks of several computers, %.100s and %.100s; only what is of the first is "
                 "used",
                 reading->computer, name);
  return false;
}

bool powershell_copy(xmlNode *element, const char *name, const struct clixml *clixml,
                     const xmlNode *object, const char *property) {
  xmlNode *value = clixml_property(clixml, object, property);
  if (!value) return false;
  char *text = clixml_text(value);
  if (text || clixml_is_nil(value)) node_set(element, name, text ? text : "", origin_of(value));
  bool found = text || clixml_is_nil(value);
  alloc_free(text);
  return found;
}

/* ---- Which export ----------------------------------------------------------- */

static const struct export_kind *kind_of(const struct clixml *clixml) {
  for (size_t i = 0; i < clixml_count(clixml); i++)
    for (size_t k = 0; k < EXPORT_KINDS; k++)
      if (clixml_type_is(clixml, clixml_object(clixml, i), export_kinds[k].type))
        return &export_kinds[k];
  return NULL;
}

/* Of an export that cannot be parsed: by the first type name that stands in it. */
static const struct export_kind *kind_of_damaged(struct artifact *artifact) {
  size_t size;
  const char *text = artifact_text(artifact, &size);
  const char *type = text ? strstr(text, "<T>") : NULL;
  if (!type) return NULL;
  type += 3;
  if (text_starts(type, "Deserialized.")) type += strlen("Deserialized.");
  for (size_t k = 0; k < EXPORT_KINDS; k++) {
    size_t length = strlen(export_kinds[k].type);
    if (text_starts(type, export_kinds[k].type) && type[length] == '<') return &export_kinds[k];
  }
  return NULL;
}

static void settle_other(struct reading *reading, const struct clixml *clixml) {
  struct artifact *artifact = reading->artifact;
  if (clixml_count(clixml) == 0) {
    artifact_settle(artifact, ARTIFACT_NOT_RECOGNISED, "PowerShell export of nothing");
    return;
  }
  char *type = text_printable(clixml_type(clixml, clixml_object(clixml, 0)), 120);
  artifact_settle(artifact, ARTIFACT_NOT_RECOGNISED, "PowerShell export of %s; not used yet",
                  type[0] ? type : "plain values");
  alloc_free(type);
}

/* ---- Reading ---------------------------------------------------------------- */

static void read_objects(struct reading *reading, struct readings *readings,
                         const struct clixml *clixml, const struct export_kind *kind) {
  size_t others = 0;
  struct origin first_other = {0};
  reading->kind = kind->kind;
  reading_start(reading, readings);
  struct powershell_export from = {reading, clixml, map_new()};
  for (size_t i = 0; i < clixml_count(clixml); i++) {
    xmlNode *object = clixml_object(clixml, i);
    if (clixml_type_is(clixml, object, kind->type))
      kind->read(&from, object);
    else if (others++ == 0)
      first_other = origin_of(object);
  }
  map_free(from.made);
  /* What is not in it proves nothing then: one of the others may be it, its type lost. */
  if (others && reading->complete)
    reading_breaks(reading, UNKNOWN_AMBIGUOUS, first_other,
                   "%zu of its %zu objects are of another type and not used", others,
                   clixml_count(clixml));
}

static void read_damaged(struct reading *reading, const struct xml_failure *failure) {
  const struct export_kind *kind = kind_of_damaged(reading->artifact);
  if (kind) {
    reading->kind = kind->kind;
    xml_artifact_breaks(reading, failure, true);
    return;
  }
  artifact_settle(reading->artifact, ARTIFACT_NOT_RECOGNISED,
                  "damaged PowerShell export of an unknown type (line %u: %s)", failure->line,
                  failure->message);
}

static void read_export(struct reading *reading, struct readings *readings) {
  struct xml_failure failure;
  xmlDoc *document = xml_artifact_parse(reading->artifact, readings, &failure);
  if (!document) {
    read_damaged(reading, &failure);
    return;
  }
  struct clixml *clixml = clixml_new(document);
  const struct export_kind *kind = clixml ? kind_of(clixml) : NULL;
  if (kind)
    read_objects(reading, readings, clixml, kind);
  else if (clixml)
    settle_other(reading, clixml);
  else
    artifact_settle(reading->artifact, ARTIFACT_NOT_RECOGNISED, "not a PowerShell export");
  clixml_free(clixml);
  xmlFreeDoc(document);
}

static bool is_export(const struct artifact *artifact, const char *text, size_t size,
                      const char *root) {
  (void)artifact, (void)text, (void)size;
  return text_equal(root, "Objs");
}

const struct reader clixml_reader = {"clixml", is_export, read_export};
