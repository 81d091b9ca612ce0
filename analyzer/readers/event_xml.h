/* One event as XML, for the readers that have it so. */
#ifndef SITEGLASS_READERS_EVENT_XML_H
#define SITEGLASS_READERS_EVENT_XML_H

#include "readers/event_tally.h"

/* Counts the event in `text`, one <Event> and nothing else. False: it cannot be read. */
bool event_xml_add(struct reading *reading, struct readings *readings, struct events *events,
                   struct span text, struct origin origin) MUST_USE;

#endif
