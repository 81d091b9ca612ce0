/* The table of readers, and the loop that gives each artifact to its own. */
#include "readers/readers.h"

#include "base/text.h"
#include "base/xml_source.h"
#include "readers/remote_command.h"

#include <stdio.h>
#include <string.h>

/* One row a line. */
/* clang-format off */
const struct reader *const reader_table[] = {
    &iis_config_reader,
    &clixml_reader,
    &json_objects_reader,
    &netsh_sslcert_reader,
    &netsh_iplisten_reader,
    &netsh_urlacl_reader,
    &netsh_servicestate_reader,
    &certutil_store_reader,
    &reg_query_reader,
    &reg_file_reader,
    &registry_hive_reader,
    &certificate_file_reader,
    &iis_schema_reader,
    &antimalware_reader,
    &http_log_reader,
    &event_xml_reader,
    &event_evtx_reader,
    &event_csv_reader,
    &folder_listing_reader,
    &csv_objects_reader,
    &appcmd_text_reader,
    &appcmd_xml_reader,
    &format_list_reader,
    &format_table_reader,
    &iis_section_reader,
    &iis_damaged_reader,
    NULL,
};

const struct reader *const console_readers[] = {
    &netsh_sslcert_reader,
    &netsh_iplisten_reader,
    &netsh_urlacl_reader,
    &netsh_servicestate_reader,
    &certutil_store_reader,
    &reg_query_reader,
    NULL,
};
/* clang-format on */

void reading_start(struct reading *reading, struct readings *readings) {
  xmlDoc *document = xmlNewDoc((const xmlChar *)"1.0");
  document->dict = readings->dict;
  xmlDictReference(document->dict);
  reading->document = document;
  reading->facts = xmlNewDocNode(document, NULL, (const xmlChar *)"facts", NULL);
  xmlDocSetRootElement(document, reading->facts);
}

void reading_breaks(struct reading *reading, enum unknown_reason reason, struct origin where,
                    const char *format, ...) {
  if (!reading->complete) return;
  va_list arguments;
  va_start(arguments, format);
  char why[512];
  vsnprintf(why, sizeof why, format, arguments);
  va_end(arguments);
  reading->complete = false;
  reading->incomplete_reason = reason;
  reading->broken_at = where;
  reading->broken_why = text_printable(why, sizeof why);
  const char *how = reason == UNKNOWN_TRUNCATED ? "cut off" : "damaged";
  const char *before = reading->artifact->outcome == ARTIFACT_PARTLY_READ /* by another reader */
                           ? reading->artifact->reason
                           : "";
  const char *then = *before ? "; " : "";
  if (reason != UNKNOWN_TRUNCATED && reason != UNKNOWN_DAMAGED)
    artifact_settle(reading->artifact, ARTIFACT_PARTLY_READ, "%s%s%s", before, then,
                    reading->broken_why);
  else if (where.line)
    artifact_settle(reading->artifact, ARTIFACT_PARTLY_READ, "%s%s%s at line %u: %s", before, then,
                    how, where.line, reading->broken_why);
  else
    artifact_settle(reading->artifact, ARTIFACT_PARTLY_READ, "%s%s%s: %s", before, then, how,
                    reading->broken_why);
}

static void keep_moment(struct reading *reading, int64_t moment, const char *what, bool hint) {
  reading->has_newest = true;
  reading->newest_is_hint = hint;
  reading->newest = moment;
  reading->newest_what = what;
}

void reading_saw_moment(struct reading *reading, int64_t moment, const char *what) {
  if (!reading->has_newest || reading->newest_is_hint || reading->newest < moment)
    keep_moment(reading, moment, what, false);
}

void reading_saw_hint(struct reading *reading, int64_t moment, const char *what) {
  if (!reading->has_newest || (reading->newest_is_hint && reading->newest < moment))
    keep_moment(reading, moment, what, true);
}

static void settle_unknown(struct artifact *artifact, const char *text, size_t size,
                           const char *root) {
  if (artifact->size == 0) {
    artifact_settle(artifact, ARTIFACT_NOT_RECOGNISED, "empty (0 bytes)");
  } else if (!text) {
    artifact_settle(artifact, ARTIFACT_NOT_RECOGNISED, "binary, of no known kind");
  } else if (root[0]) {
    char *name = text_printable(root, 80);
    artifact_settle(artifact, ARTIFACT_NOT_RECOGNISED,
                    "XML, but its document element <%s> is of no kind siteglass reads", name);
    alloc_free(name);
  } else if (certutil_is_other_output(text, size)) {
    artifact_settle(artifact, ARTIFACT_NOT_RECOGNISED,
                    "output of certutil, but not of a store: no heading with entries below");
  } else {
    artifact_settle(artifact, ARTIFACT_NOT_RECOGNISED, "text of no known kind");
  }
}

static const struct reader *find_reader(const struct reader *const *table,
                                        const struct artifact *artifact, const char *text,
                                        size_t size, const char *root) {
  for (; *table; table++)
    if ((*table)->recognise(artifact, text, size, root)) return *table;
  return NULL;
}

static void dispose_reading(struct reading *reading) {
  struct readings one = {.items = alloc_array(1, sizeof *one.items), .count = 1};
  one.items[0] = *reading;
  readings_dispose(&one);
}

/* False when the reader found that the artifact is not its own after all. */
static bool read_as(const struct reader *reader, struct artifact *artifact,
                    struct readings *readings) {
  struct reading reading = {.artifact = artifact, .kind = reader->kind, .complete = true};
  reader->read(&reading, readings);
  if (artifact->outcome == ARTIFACT_NOT_RECOGNISED) {
    dispose_reading(&reading);
    return false;
  }
  if (!*artifact->kind) artifact->kind = reading.kind;
  ARRAY_PUSH(readings->items, readings->count, readings->capacity) = reading;
  return true;
}

/* What other commands printed into the same text. */
static void read_further(const struct reader *first, struct artifact *artifact, const char *text,
                         size_t size, struct readings *readings) {
  const struct reader *const *row = console_readers;
  while (*row && *row != first)
    row++;
  if (!*row) return;
  for (row = console_readers; *row; row++)
    if (*row != first && (*row)->recognise(artifact, text, size, ""))
      read_as(*row, artifact, readings);
}

static void read_one(struct artifact *artifact, struct readings *readings) {
  size_t size = 0;
  const char *text = artifact->size ? artifact_text(artifact, &size) : "";
  char root[64] = "";
  if (text) xml_source_sniff(text, size, root);
  const struct reader *reader = find_reader(reader_table, artifact, text, size, root);
  size_t first = readings->count;
  if (!reader)
    settle_unknown(artifact, text, size, root);
  else if (read_as(reader, artifact, readings))
    read_further(reader, artifact, text, size, readings);
  for (size_t i = first; i < readings->count && text && !*root; i++)
    remote_command_apply(&readings->items[i], text, size);
  if (artifact->outcome == ARTIFACT_UNREAD) artifact_settle(artifact, ARTIFACT_READ, "%s", "");
}

/* The computer that what was read from `first` on states. */
static const char *stated_computer(const struct readings *readings, size_t first) {
  for (size_t i = readings->count; i > first; i--)
    if (readings->items[i - 1].computer) return readings->items[i - 1].computer;
  return NULL;
}

/* What stands inside an artifact is of the computer that the artifact is of. */
static void read_inner(struct artifact *inner, struct readings *readings, const char *computer) {
  size_t first = readings->count;
  char *name = computer ? alloc_text(computer) : NULL;
  read_one(inner, readings);
  for (size_t i = first; i < readings->count && name; i++)
    if (!readings->items[i].computer) readings->items[i].computer = alloc_text(name);
  artifact_release(inner);
  alloc_free(name);
}

void readers_read(struct artifact *artifact, struct readings *readings) {
  struct bundle *bundle = readings->bundle;
  size_t first = readings->count, inner = bundle ? bundle->count : 0;
  read_one(artifact, readings);
  for (; bundle && inner < bundle->count; inner++)
    if (bundle->artifacts[inner]->inner && bundle->artifacts[inner]->outcome == ARTIFACT_UNREAD)
      read_inner(bundle->artifacts[inner], readings, stated_computer(readings, first));
}

void readers_run(struct bundle *bundle, struct readings *readings) {
  readings->bundle = bundle;
  for (size_t i = 0; i < bundle->count; i++) {
    struct artifact *artifact = bundle->artifacts[i];
    if (artifact->outcome != ARTIFACT_UNREAD) continue;
    readers_read(artifact, readings);
    artifact_release(artifact);
  }
}
