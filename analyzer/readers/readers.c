/* The table of readers, and the loop that gives each artifact to its own. */
#include "readers/readers.h"

#include "base/text.h"
#include "base/xml_source.h"

#include <stdio.h>
#include <string.h>

const struct reader *const reader_table[] = {
    &iis_config_reader,
    &clixml_reader,
    &netsh_sslcert_reader,
    &certutil_store_reader,
    &certificate_file_reader,
    &iis_section_reader,
    &iis_damaged_reader,
    NULL,
};

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
  if (reason != UNKNOWN_TRUNCATED && reason != UNKNOWN_DAMAGED)
    artifact_settle(reading->artifact, ARTIFACT_PARTLY_READ, "%s", reading->broken_why);
  else if (where.line)
    artifact_settle(reading->artifact, ARTIFACT_PARTLY_READ, "%s at line %u: %s", how, where.line,
                    reading->broken_why);
  else
    artifact_settle(reading->artifact, ARTIFACT_PARTLY_READ, "%s: %s", how, reading->broken_why);
}

void reading_saw_moment(struct reading *reading, int64_t moment, const char *what) {
  if (reading->has_newest && reading->newest >= moment) return;
  reading->has_newest = true;
  reading->newest = moment;
  reading->newest_what = what;
}

static void settle_unknown(struct artifact *artifact, const char *text, const char *root) {
  if (artifact->size == 0) {
    artifact_settle(artifact, ARTIFACT_NOT_RECOGNISED, "empty (0 bytes)");
  } else if (!text) {
    artifact_settle(artifact, ARTIFACT_NOT_RECOGNISED, "binary, of no known kind");
  } else if (root[0]) {
    char *name = text_printable(root, 80);
    artifact_settle(artifact, ARTIFACT_NOT_RECOGNISED,
                    "XML, but its document element <%s> is of no kind siteglass reads", name);
    alloc_free(name);
  } else {
    artifact_settle(artifact, ARTIFACT_NOT_RECOGNISED, "text of no known kind");
  }
}

static const struct reader *find_reader(const struct artifact *artifact, const char *text,
                                        size_t size, const char *root) {
  for (size_t i = 0; reader_table[i]; i++)
    if (reader_table[i]->recognise(artifact, text, size, root)) return reader_table[i];
  return NULL;
}

static void dispose_reading(struct reading *reading) {
  struct readings one = {.items = alloc_array(1, sizeof *one.items), .count = 1};
  one.items[0] = *reading;
  readings_dispose(&one);
}

static void read_artifact(struct artifact *artifact, struct readings *readings) {
  size_t size = 0;
  const char *text = artifact->size ? artifact_text(artifact, &size) : "";
  char root[64] = "";
  if (text) xml_source_sniff(text, size, root);
  const struct reader *reader = find_reader(artifact, text, size, root);
  if (!reader) {
    settle_unknown(artifact, text, root);
    return;
  }
  struct reading reading = {.artifact = artifact, .kind = reader->kind, .complete = true};
  reader->read(&reading, readings);
  if (artifact->outcome == ARTIFACT_UNREAD) artifact_settle(artifact, ARTIFACT_READ, "%s", "");
  if (artifact->outcome == ARTIFACT_NOT_RECOGNISED) {
    dispose_reading(&reading);
    return;
  }
  artifact->kind = reading.kind;
  ARRAY_PUSH(readings->items, readings->count, readings->capacity) = reading;
}

void readers_run(struct bundle *bundle, struct readings *readings) {
  for (size_t i = 0; i < bundle->count; i++) {
    struct artifact *artifact = bundle->artifacts[i];
    if (artifact->outcome != ARTIFACT_UNREAD) continue;
    read_artifact(artifact, readings);
    artifact_release(artifact);
  }
}
