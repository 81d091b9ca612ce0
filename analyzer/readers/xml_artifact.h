/* What all readers of XML begin with. */
#ifndef SITEGLASS_READERS_XML_ARTIFACT_H
#define SITEGLASS_READERS_XML_ARTIFACT_H

#include "readers/readers.h"

#include "base/xml_source.h"

/* The artifact's document, in the run's dictionary, origins set. NULL and
 * `failure` filled when it is not well-formed, refused, or not text at all. */
xmlDoc *xml_artifact_parse(struct artifact *artifact, struct readings *readings,
                           struct xml_failure *failure) MUST_USE;

struct origin xml_artifact_origin(const struct artifact *artifact, unsigned line, unsigned column);

/* reading_breaks for a failed parse. `cut`: whether the format's files are
 * written front to back, so that one that stops early is truncated, not damaged. */
void xml_artifact_breaks(struct reading *reading, const struct xml_failure *failure, bool cut);

#endif
