/* What all readers of XML begin with. */
#include "readers/xml_artifact.h"

#include <stdio.h>

xmlDoc *xml_artifact_parse(struct artifact *artifact, struct readings *readings,
                           struct xml_failure *failure) {
  size_t size = 0;
  const char *text = artifact->size ? artifact_text(artifact, &size) : NULL;
  *failure = (struct xml_failure){.line = 1, .column = 1};
  if (!text) {
    snprintf(failure->message, sizeof failure->message, "%s",
             artifact->size ? "it is binary, not XML" : "it is empty (0 bytes)");
    return NULL;
  }
  struct xml_source_options options = {.dict = readings->dict, .source = artifact->number + 1};
  return xml_source_parse(text, size, &options, failure);
}

struct origin xml_artifact_origin(const struct artifact *artifact, unsigned line, unsigned column) {
  return (struct origin){artifact->number + 1, line, column};
}

void xml_artifact_breaks(struct reading *reading, const struct xml_failure *failure, bool cut) {
  struct origin where = xml_artifact_origin(reading->artifact, failure->line, failure->column);
  reading_breaks(reading, cut && failure->at_end ? UNKNOWN_TRUNCATED : UNKNOWN_DAMAGED, where,
                 "%s%s", failure->refused ? "" : "not well-formed: ", failure->message);
}
