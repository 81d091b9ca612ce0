/* Events as XML (learn.microsoft.com, "Event schema"): what the event viewer saves, and what
 * `wevtutil qe LOG /f:xml` prints, which is one <Event> after another without a root around
 * them. Each event is found in the text and parsed alone, so a log of any length takes the
 * memory of one event; those of providers that nobody asks for are not parsed at all. */
#include "readers/event_xml.h"

#include "base/xml_source.h"
#include "readers/lines.h"
#include "readers/xml_artifact.h"

#include <string.h>

/* Windows writes no event that is larger (64 KiB in UTF-16, more with markup). */
enum { EVENT_MOST = 1 << 20 };

static const char schema[] = "schemas.microsoft.com/win/2004/08/events/event";

static bool is_events(const struct artifact *artifact, const char *text, size_t size,
                      const char *root) {
  (void)artifact;
  struct span start = {text, size < 4096 ? size : 4096};
  return (text_equal(root, "Events") || text_equal(root, "Event")) && span_holds(start, schema);
}

/* ---- Finding them ------------------------------------------------------------------ */

struct scan {
  const char *at, *end;
  const char *counted; /* up to here lines are counted */
  uint32_t line;
  const char *line_start;
};

static const char *find(const char *at, const char *end, const char *word, size_t size) {
  while (at < end && (at = memchr(at, *word, (size_t)(end - at)))) {
    if ((size_t)(end - at) < size) return NULL;
    if (memcmp(at, word, size) == 0) return at;
    at++;
  }
  return NULL;
}

/* "<Event>" or "<Event xmlns=...", not "<EventID>". */
static const char *find_start(const char *at, const char *end) {
  while ((at = find(at, end, "<Event", 6))) {
    if (at + 6 < end && strchr(" >\t\r\n", at[6]) && at[6]) return at;
    at += 6;
  }
  return NULL;
}

static bool next_event(struct scan *scan, struct span *event) {
  const char *start = find_start(scan->at, scan->end);
  if (!start) return false;
  const char *close = find(start, scan->end, "</Event>", 8);
  scan->at = close ? close + 8 : scan->end;
  *event = (struct span){start, (size_t)(scan->at - start)};
  if (!close) event->size = 0; /* cut off */
  return true;
}

static struct origin origin_at(struct scan *scan, const char *place, uint32_t source) {
  for (; scan->counted < place; scan->counted++)
    if (*scan->counted == '\n') {
      scan->line++;
      scan->line_start = scan->counted + 1;
    }
  return (struct origin){source, scan->line, (uint32_t)(place - scan->line_start) + 1};
}

/* ---- What they say -------------------------------------------------------------------- */

/* <Provider Name='Schannel' ...>, as it stands there. */
static struct span provider_in(struct span event) {
  const char *end = event.start + event.size, *at = find(event.start, end, "<Provider", 9);
  at = at ? find(at, end, "Name=", 5) : NULL;
  if (!at || at + 6 >= end || (at[5] != '\'' && at[5] != '"')) return (struct span){"", 0};
  const char *close = memchr(at + 6, at[5], (size_t)(end - at - 6));
  return close ? (struct span){at + 6, (size_t)(close - at - 6)} : (struct span){"", 0};
}

static const char *text_in(const xmlNode *parent, const char *name) {
  const xmlNode *node = parent ? node_child(parent, name) : NULL;
  const xmlNode *text = node ? node->children : NULL;
  return text && text->content ? (const char *)text->content : "";
}

static const char *attribute_in(const xmlNode *parent, const char *name, const char *attribute) {
  const xmlNode *node = parent ? node_child(parent, name) : NULL;
  const char *value = node ? node_get(node, attribute) : NULL;
  return value ? value : "";
}

static bool event_of(const xmlNode *root, struct event *event) {
  const xmlNode *system = node_child(root, "System");
  if (!system) return false;
  event->provider = span_of(attribute_in(system, "Provider", "Name"));
  event->log = span_of(text_in(system, "Channel"));
  event->has_moment =
      event_moment(attribute_in(system, "TimeCreated", "SystemTime"), &event->moment);
  return text_unsigned(span_trim(span_of(text_in(system, "EventID"))), &event->id);
}

/* Parses one event; the text of `event` is `document`'s. NULL when it is none. */
static xmlDoc *parse_event(struct readings *readings, struct span text, struct event *event) {
  struct xml_failure failure;
  char *copy = alloc_text_n(text.start, text.size);
  struct xml_source_options options = {.dict = readings->dict};
  xmlDoc *document =
      text.size <= EVENT_MOST ? xml_source_parse(copy, text.size, &options, &failure) : NULL;
  alloc_free(copy);
  if (!document || event_of(xmlDocGetRootElement(document), event)) return document;
  xmlFreeDoc(document);
  return NULL;
}

bool event_xml_add(struct reading *reading, struct readings *readings, struct events *events,
                   struct span text, struct origin origin) {
  struct event event = {.origin = origin};
  xmlDoc *document = parse_event(readings, text, &event);
  if (!document) return false;
  const xmlNode *system = node_child(xmlDocGetRootElement(document), "System");
  const char *computer = text_in(system, "Computer");
  if (!reading->computer && *computer) reading->computer = alloc_text(computer);
  events_add(events, &event);
  xmlFreeDoc(document);
  return true;
}

/* Only how late it is. */
static void note_event(struct readings *readings, struct events *events, struct span text) {
  struct event event = {.id = 0};
  xmlDoc *document = text.size ? parse_event(readings, text, &event) : NULL;
  if (document && event.has_moment) events_note(events, event.moment);
  if (document) xmlFreeDoc(document);
}

/* The first and the last tell the time that the log covers, whoever wrote them. */
static void read_events(struct reading *reading, struct readings *readings) {
  size_t size;
  const char *text = artifact_text(reading->artifact, &size);
  struct scan scan = {text, text + size, text, 1, text};
  struct events *events = events_new();
  struct span event, last = {"", 0};
  reading_start(reading, readings);
  for (bool first = true; next_event(&scan, &event); first = false) {
    struct origin origin = origin_at(&scan, event.start, reading->artifact->number + 1);
    struct span provider = provider_in(event);
    if (event.size == 0)
      reading_breaks(reading, UNKNOWN_TRUNCATED, origin, "an event is cut off");
    else if (!first && !events_wants(provider))
      events_add(events, &(struct event){.provider = provider});
    else if (!event_xml_add(reading, readings, events, event, origin))
      reading_breaks(reading, UNKNOWN_DAMAGED, origin, "an event cannot be read");
    if (event.size) last = event;
  }
  note_event(readings, events, last);
  events_finish(events, reading);
  events_free(events);
}

const struct reader event_xml_reader = {"event-log", is_events, read_events};
