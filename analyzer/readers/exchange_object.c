/* Objects of the cmdlets in exchange_objects.tsv. */
#include "readers/exchange_object.h"

#include "base/moment.h"
#include "base/text.h"
#include "readers/exchange_value.h"

#include <string.h>

/* One object on its way to an element. */
struct transfer {
  const struct exchange_object *row;
  const struct clixml *clixml;
  const xmlNode *object;
  xmlNode *element;
  bool whole; /* all properties of its type are there */
  bool iis;   /* what comes from IIS is there */
};

static void mark(const struct transfer *transfer, const struct exchange_property *property,
                 enum unknown_reason reason, const char *note, struct origin origin) {
  char *of = property->form == PROPERTY_LIST ? alloc_text("value")
                                             : alloc_format("@%s", property->attribute);
  node_mark(transfer->element, of, transfer->row->element, reason, transfer->row->kind, note,
            origin);
  alloc_free(of);
}

static void mark_value(const struct transfer *transfer, const struct exchange_property *property,
                       enum unknown_reason reason, const char *what, struct origin origin) {
  char *note = alloc_format("%s: %s", property->name, what);
  mark(transfer, property, reason, note, origin);
  alloc_free(note);
}

/* ---- Lists -------------------------------------------------------------------- */

static bool add_value(const struct transfer *transfer, const struct exchange_property *property,
                      const xmlNode *member) {
  char *text = member ? exchange_value(member, PROPERTY_TEXT) : NULL;
  if (!text) return false;
  struct origin origin = origin_of(member);
  xmlNode *value = node_add(transfer->element, "value", origin);
  node_set(value, "of", property->attribute, origin);
  node_set(value, "text", text, origin);
  alloc_free(text);
  return true;
}

/* A text where a list should stand is what is left of a list that lay too deep. */
static void copy_list(const struct transfer *transfer, const struct exchange_property *property,
                      const xmlNode *list) {
  if (clixml_is_nil(list)) return;
  if (!clixml_is_list(list)) {
    mark_value(transfer, property, UNKNOWN_LIMIT, "the export shows no list", origin_of(list));
    return;
  }
  for (const xmlNode *member = clixml_first(list); member; member = clixml_next(member)) {
    xmlNode *resolved = clixml_resolve(transfer->clixml, (xmlNode *)member);
    if (add_value(transfer, property, resolved)) continue;
    mark_value(transfer, property, UNKNOWN_LIMIT, "the export does not show all of it",
               origin_of(member));
    return;
  }
}

/* ---- Properties ----------------------------------------------------------------- */

static void copy_known(const struct transfer *transfer, const struct exchange_property *property,
                       const xmlNode *value) {
  struct origin origin = origin_of(value);
  if (property->form == PROPERTY_LIST) {
    copy_list(transfer, property, value);
    return;
  }
  if (property->asked && clixml_is_nil(value)) {
    mark_value(transfer, property, UNKNOWN_NOT_IN_BUNDLE, "the cmdlet did not ask the server",
               origin);
    return;
  }
  char *text = exchange_value(value, property->form);
  if (text)
    node_set(transfer->element, property->attribute, text, origin);
  else
    mark_value(transfer, property, UNKNOWN_AMBIGUOUS, "its value is not shown as such", origin);
  alloc_free(text);
}

/* "SignatureDetails.Signer": of the object in that property. */
static const xmlNode *value_of(const struct transfer *transfer, const char *name) {
  const char *dot = strchr(name, '.');
  if (!dot) return clixml_property(transfer->clixml, transfer->object, name);
  char *outer = alloc_text_n(name, (size_t)(dot - name));
  const xmlNode *object = clixml_property(transfer->clixml, transfer->object, outer);
  alloc_free(outer);
  return object ? clixml_property(transfer->clixml, object, dot + 1) : NULL;
}

static void copy_property(const struct transfer *transfer,
                          const struct exchange_property *property) {
  const xmlNode *value = value_of(transfer, property->name);
  struct origin origin = origin_of(transfer->object);
  if (property->iis && !transfer->iis)
    mark_value(transfer, property, UNKNOWN_NOT_IN_BUNDLE, "exported without what IIS has of it",
               origin);
  else if (value)
    copy_known(transfer, property, value);
  else if (!property->newer || !transfer->whole)
    mark_value(transfer, property, UNKNOWN_NOT_IN_BUNDLE, "the export does not say it", origin);
}

static bool is_true(const struct transfer *transfer, const struct exchange_property *property) {
  const xmlNode *value = clixml_property(transfer->clixml, transfer->object, property->name);
  char *text = value ? exchange_value(value, property->form) : NULL;
  bool truth = text_equal(text, "true");
  alloc_free(text);
  return truth;
}

/* -ADPropertiesOnly leaves Path empty and every flag false. */
static bool knows_iis(const struct transfer *transfer) {
  const struct exchange_object *row = transfer->row;
  const xmlNode *path = clixml_property(transfer->clixml, transfer->object, "Path");
  char *text = path ? exchange_value(path, PROPERTY_TEXT) : NULL;
  bool known = text && text[0];
  alloc_free(text);
  for (size_t i = 0; !known && !path && i < row->property_count; i++)
    known = row->properties[i].iis && row->properties[i].form == PROPERTY_FLAG &&
            is_true(transfer, &row->properties[i]);
  return known;
}

/* "...,CN=Contoso,CN=Microsoft Exchange,CN=Services,CN=Configuration,DC=contoso,DC=com": from the
 * organization's own name on. */
static void note_organization(struct reading *reading, const struct clixml *clixml,
                              const xmlNode *object) {
  const xmlNode *value = clixml_property(clixml, object, "DistinguishedName");
  char *name = value && !reading->organization ? clixml_text(value) : NULL;
  const char *services = name ? strstr(name, ",CN=Microsoft Exchange,CN=Services,") : NULL;
  const char *start = services;
  while (start && start > name && start[-1] != ',')
    start--;
  if (start && start < services) reading->organization = text_lower(start);
  alloc_free(name);
}

static void note_change(struct reading *reading, const struct clixml *clixml,
                        const xmlNode *object) {
  const xmlNode *value = clixml_property(clixml, object, "WhenChangedUTC");
  char *text = value ? clixml_text(value) : NULL;
  int64_t moment;
  if (text && moment_parse(text, &moment)) reading_saw_moment(reading, moment, "WhenChangedUTC");
  alloc_free(text);
}

void exchange_object_read(struct powershell_export *from, const xmlNode *object) {
  struct transfer transfer = {
      .row = from->row, .clixml = from->clixml, .object = object, .iis = true};
  transfer.whole = clixml_is_whole(from->clixml, object);
  transfer.iis = knows_iis(&transfer);
  transfer.element = node_add(from->reading->facts, from->row->element, origin_of(object));
  for (size_t i = 0; i < from->row->property_count; i++)
    copy_property(&transfer, &from->row->properties[i]);
  note_change(from->reading, from->clixml, object);
  note_organization(from->reading, from->clixml, object);
  char *computer = powershell_computer_name(from->clixml, object);
  if (computer && computer[0]) *map_at(from->made, computer) = from;
  alloc_free(computer);
}

/* ---- By shape --------------------------------------------------------------------- */

bool exchange_object_has(const struct clixml *clixml, const xmlNode *object,
                         const char *const *shape) {
  for (size_t i = 0; shape[i]; i++)
    if (!clixml_property(clixml, object, shape[i])) return false;
  return shape[0] != NULL;
}

/* ---- Whose export ------------------------------------------------------------------- */

/* The one server that all objects name; NULL when they name several, or none. */
static char *only_server(const struct powershell_export *from) {
  char *only = NULL, buffer[256];
  for (xmlNode *each = node_child(from->reading->facts, from->row->element); each;
       each = node_next(each, from->row->element)) {
    const char *named = exchange_object_server(from->row, each, buffer);
    if (named && only && !text_same_computer(only, named)) {
      alloc_free(only);
      return NULL;
    }
    if (named && !only) only = alloc_text(named);
  }
  return only;
}

void exchange_object_settle(struct powershell_export *from) {
  const char *computer = map_count(from->made) == 1 ? map_key(from->made, 0) : NULL;
  char *server = only_server(from);
  from->reading->only_mentioned = true;
  bool fuller = server && computer && text_same_computer(server, computer);
  if (server && !fuller)
    from->reading->computer = server;
  else if (computer)
    from->reading->computer = alloc_text(computer);
  if (fuller || !server) alloc_free(server);
}
