/* Events of Windows logs, counted: of providers that speak of HTTP, TLS, IIS, ASP.NET and
 * Exchange, by log, provider and id. The others are only counted in all. What is kept is
 * bounded. The readers of event logs share this. */
#ifndef SITEGLASS_READERS_EVENT_TALLY_H
#define SITEGLASS_READERS_EVENT_TALLY_H

#include "base/text.h"
#include "readers/readers.h"

struct events;

struct event {
  struct span log, provider; /* "System", "Schannel"; log may be empty */
  uint64_t id;
  bool has_moment; /* false: it states none, or one without a zone */
  int64_t moment;
  struct origin origin;
};

struct events *events_new(void) MUST_USE;
void events_free(struct events *events);

/* Is it one of those that are told apart? Short names of sources ("WAS") count as their
 * providers ("Microsoft-Windows-WAS"). */
bool events_wants(struct span provider);
void events_add(struct events *events, const struct event *event);
/* The log covers this moment, too. */
void events_note(struct events *events, int64_t moment);
/* Makes the event elements, notes the newest moment, and settles the artifact. */
void events_finish(struct events *events, struct reading *reading);

/* A moment with its zone: "2026-03-01T10:00:00.123Z", "...+01:00". Others have none. */
bool event_moment(const char *text, int64_t *moment);

#endif
