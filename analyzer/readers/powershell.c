/* Recognises what a PowerShell export holds and reads it object by object.
 *
 * A damaged or truncated export is not used at all: half of a list would look
 * like a whole one. It still says what it was, so that evidence can say what is
 * missing. */
#include "readers/powershell.h"

#include "base/text.h"
#include "readers/powershell_kind.h"
#include "readers/xml_artifact.h"

#include <string.h>

char *powershell_computer_name(const struct clixml *clixml, const xmlNode *object) {
  xmlNode *property = clixml_property(clixml, object, "PSComputerName");
  return property ? clixml_text(property) : NULL;
}

bool powershell_computer(struct reading *reading, const char *name, struct origin origin) {
  if (!name || !name[0]) return true;
  if (!reading->computer) reading->computer = alloc_text(name);
  if (text_same_computer(reading->computer, name)) return true;
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

/* ---- Of no kind ------------------------------------------------------------- */

static void settle_other(struct reading *reading, const struct clixml *clixml, const char *form) {
  struct artifact *artifact = reading->artifact;
  if (clixml_count(clixml) == 0) {
    artifact_settle(artifact, ARTIFACT_NOT_RECOGNISED, "%s of nothing", form);
    return;
  }
  char *type = text_printable(clixml_type(clixml, clixml_object(clixml, 0)), 120);
  if (type[0])
    artifact_settle(artifact, ARTIFACT_NOT_RECOGNISED, "%s of %s; not used yet", form, type);
  else
    artifact_settle(artifact, ARTIFACT_NOT_RECOGNISED,
                    "%s of values that are of no kind siteglass reads", form);
  alloc_free(type);
}

/* Written with -InputObject @(...), an export of nothing is an empty list; by way of the
 * pipeline it has nothing at all, as it has after an error. What it was of, only its name
 * tells. */
static bool read_nothing(struct reading *reading, struct readings *readings, const xmlDoc *document,
                         const struct powershell_kinds *kinds) {
  const struct powershell_kind *kind = powershell_kind_of_name(kinds, reading->artifact->path);
  if (!kind) return false;
  reading->kind = kind->id;
  reading_start(reading, readings);
  const xmlNode *root = xmlDocGetRootElement((xmlDoc *)document);
  if (!xmlFirstElementChild((xmlNode *)root))
    reading_breaks(reading, UNKNOWN_AMBIGUOUS, origin_of(root),
                   "it lists nothing: there is nothing, or the command failed");
  return true;
}

/* ---- Reading ---------------------------------------------------------------- */

static void read_objects(struct reading *reading, struct readings *readings,
                         const struct clixml *clixml, const struct powershell_kinds *kinds,
                         const struct powershell_kind *kind) {
  size_t others = 0;
  struct origin first_other = {0};
  reading->kind = kind->id;
  reading_start(reading, readings);
  struct powershell_export from = {.reading = reading,
                                   .clixml = clixml,
                                   .row = kind->row,
                                   .readings = readings,
                                   .kinds = kinds,
                                   .made = map_new()};
  for (size_t i = 0; i < clixml_count(clixml); i++) {
    xmlNode *object = clixml_object(clixml, i);
    if (powershell_kind_of(kinds, clixml, object) == kind)
      kind->read(&from, object);
    else if (others++ == 0)
      first_other = origin_of(object);
  }
  if (kind->settle) kind->settle(&from);
  map_free(from.made);
  /* What is not in it proves nothing then: one of the others may be it, its type lost. */
  if (others && reading->complete)
    reading_breaks(reading, UNKNOWN_AMBIGUOUS, first_other,
                   "%zu of its %zu objects are of another type and not used", others,
                   clixml_count(clixml));
}

static const struct powershell_kind *first_kind(const struct powershell_kinds *kinds,
                                                const struct clixml *clixml) {
  const struct powershell_kind *kind = NULL;
  for (size_t i = 0; i < clixml_count(clixml) && !kind; i++)
    kind = powershell_kind_of(kinds, clixml, clixml_object(clixml, i));
  return kind;
}

static void read_damaged(struct reading *reading, const struct powershell_kinds *kinds,
                         const struct xml_failure *failure) {
  size_t size;
  const char *text = artifact_text(reading->artifact, &size);
  const struct powershell_kind *kind = powershell_kind_of_damaged(kinds, text);
  if (!kind) kind = powershell_kind_of_name(kinds, reading->artifact->path);
  if (kind) {
    reading->kind = kind->id;
    xml_artifact_breaks(reading, failure, true);
    return;
  }
  artifact_settle(reading->artifact, ARTIFACT_NOT_RECOGNISED,
                  "damaged PowerShell export of an unknown type (line %u: %s)", failure->line,
                  failure->message);
}

static void read_document(struct reading *reading, struct readings *readings, xmlDoc *document,
                          const struct powershell_kinds *kinds, const char *form) {
  struct clixml *clixml = clixml_new(document);
  const struct powershell_kind *kind = clixml ? first_kind(kinds, clixml) : NULL;
  if (kind)
    read_objects(reading, readings, clixml, kinds, kind);
  else if (!clixml)
    artifact_settle(reading->artifact, ARTIFACT_NOT_RECOGNISED, "not a PowerShell export");
  else if (clixml_count(clixml) > 0 || !read_nothing(reading, readings, document, kinds))
    settle_other(reading, clixml, form);
  clixml_free(clixml);
}

void powershell_read_told(struct reading *reading, struct readings *readings, xmlDoc *document,
                          const char *form) {
  struct powershell_kinds *kinds = powershell_kinds_new();
  read_document(reading, readings, document, kinds, form);
  powershell_kinds_free(kinds);
}

static void read_export(struct reading *reading, struct readings *readings) {
  struct xml_failure failure;
  struct powershell_kinds *kinds = powershell_kinds_new();
  xmlDoc *document = xml_artifact_parse(reading->artifact, readings, &failure);
  if (document)
    read_document(reading, readings, document, kinds, "PowerShell export");
  else
    read_damaged(reading, kinds, &failure);
  if (document) xmlFreeDoc(document);
  powershell_kinds_free(kinds);
}

static bool is_export(const struct artifact *artifact, const char *text, size_t size,
                      const char *root) {
  (void)artifact, (void)text, (void)size;
  return text_equal(root, "Objs");
}

const struct reader clixml_reader = {"clixml", is_export, read_export};
