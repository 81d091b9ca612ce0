/* Events, counted. Providers and what they say: KB2971270 and KB2779694 (HttpEvent 15021),
 * learn.microsoft.com "Schannel events", "WAS and W3SVC events", "ASP.NET event codes". */
#include "readers/event_tally.h"

#include "base/map.h"
#include "base/moment.h"

#include <stdio.h>
#include <string.h>

enum { TALLIES_MOST = 5000, NAME_MOST = 120 };

struct event_count {
  char *log, *provider;
  uint64_t id, count;
  bool has_moment, lacks_moment; /* some had one; some had none */
  int64_t first, last;
  struct origin origin;
};

struct events {
  struct map *counts;
  uint64_t all, wanted;
  bool has_moment, overflowed;
  int64_t first, last;
  char last_log[NAME_MOST];
};

struct events *events_new(void) {
  struct events *events = alloc_bytes(sizeof *events);
  events->counts = map_new();
  return events;
}

void events_free(struct events *events) {
  if (!events) return;
  for (size_t i = 0; i < map_count(events->counts); i++) {
    struct event_count *count = map_value(events->counts, i);
    alloc_free(count->log);
    alloc_free(count->provider);
    alloc_free(count);
  }
  map_free(events->counts);
  alloc_free(events);
}

/* ---- Providers ------------------------------------------------------------------- */

/* Get-EventLog and the export of the event viewer name the source. */
static const struct {
  const char *source, *provider;
} sources[] = {
    {"HttpEvent", "Microsoft-Windows-HttpEvent"},
    {"WAS", "Microsoft-Windows-WAS"},
    {"W3SVC", "Microsoft-Windows-IIS-W3SVC"},
    {"W3SVC-WP", "Microsoft-Windows-IIS-W3SVC-WP"},
    {"IIS-W3SVC-WP", "Microsoft-Windows-IIS-W3SVC-WP"},
    {"IIS-APPHOSTSVC", "Microsoft-Windows-IIS-APPHOSTSVC"},
    {"IIS-IISManager", "Microsoft-Windows-IIS-IISManager"},
    {"CAPI2", "Microsoft-Windows-CAPI2"},
    {"Security-Kerberos", "Microsoft-Windows-Security-Kerberos"},
};

static const char *const wanted[] = {
    "Microsoft-Windows-HttpEvent",
    "Microsoft-Windows-HttpService",
    "Schannel",
    "Microsoft-Windows-Schannel*",
    "Microsoft-Windows-WAS*",
    "Microsoft-Windows-IIS-*",
    "Microsoft-Windows-CAPI2",
    "Microsoft-Windows-Security-Kerberos",
    "ASP.NET *",
    "Active Server Pages",
    "MSExchange*",
    "Microsoft Exchange*",
    "Microsoft-Exchange*",
    ".NET Runtime",
    "Application Error",
    "LsaSrv",
};

/* `out` holds NAME_MOST. */
static void provider_of(struct span name, char *out) {
  size_t size = name.size < NAME_MOST ? name.size : NAME_MOST - 1;
  if (size) memcpy(out, name.start, size);
  out[size] = '\0';
  for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
    if (text_equal_nocase(out, sources[i].source))
      snprintf(out, NAME_MOST, "%s", sources[i].provider);
}

static bool is_wanted(const char *provider) {
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
    if (text_glob(wanted[i], provider)) return true;
  return false;
}

bool events_wants(struct span provider) {
  char name[NAME_MOST];
  provider_of(provider, name);
  return is_wanted(name);
}

/* ---- Counting ------------------------------------------------------------------------ */

void events_note(struct events *events, int64_t moment) {
  if (!events->has_moment || moment < events->first) events->first = moment;
  if (!events->has_moment || moment > events->last) events->last = moment;
  events->has_moment = true;
}

static struct event_count *count_at(struct events *events, const char *log, const char *provider,
                                    uint64_t id) {
  char key[3 * NAME_MOST];
  snprintf(key, sizeof key, "%s\n%s\n%ju", log, provider, (uintmax_t)id);
  struct event_count *count = map_get(events->counts, key);
  if (count) return count;
  if (map_count(events->counts) >= TALLIES_MOST) {
    events->overflowed = true;
    return NULL;
  }
  count = *map_at(events->counts, key) = alloc_bytes(sizeof *count);
  count->log = alloc_text(log);
  count->provider = alloc_text(provider);
  count->id = id;
  return count;
}

void events_add(struct events *events, const struct event *event) {
  char provider[NAME_MOST], log[NAME_MOST];
  events->all++;
  if (event->has_moment) events_note(events, event->moment);
  size_t size = event->log.size < NAME_MOST ? event->log.size : NAME_MOST - 1;
  if (size) memcpy(log, event->log.start, size);
  log[size] = '\0';
  if (*log) memcpy(events->last_log, log, NAME_MOST);
  provider_of(event->provider, provider);
  if (!is_wanted(provider)) return;
  events->wanted++;
  struct event_count *count = count_at(events, log, provider, event->id);
  if (!count) return;
  if (count->count++ == 0) count->origin = event->origin;
  if (!event->has_moment) {
    count->lacks_moment = true;
    return;
  }
  if (!count->has_moment || event->moment < count->first) count->first = event->moment;
  if (!count->has_moment || event->moment > count->last) count->last = event->moment;
  count->has_moment = true;
}

/* ---- Elements ------------------------------------------------------------------------- */

static void set_moment(xmlNode *element, const char *name, const struct event_count *count,
                       int64_t moment) {
  char text[21], of[8];
  if (count->has_moment && !count->lacks_moment) {
    moment_format(moment, text);
    node_set(element, name, text, count->origin);
    return;
  }
  snprintf(of, sizeof of, "@%s", name);
  node_mark(element, of, "event", UNKNOWN_AMBIGUOUS, "event-log",
            "the export states times without a zone", count->origin);
}

static void add_element(struct reading *reading, const struct event_count *count) {
  char number[24];
  xmlNode *element = node_add(reading->facts, "event", count->origin);
  if (*count->log) node_set(element, "log", count->log, count->origin);
  if (!*count->log)
    node_mark(element, "@log", "event", UNKNOWN_NOT_IN_BUNDLE, "event-log", NULL, count->origin);
  node_set(element, "provider", count->provider, count->origin);
  snprintf(number, sizeof number, "%ju", (uintmax_t)count->id);
  node_set(element, "id", number, count->origin);
  snprintf(number, sizeof number, "%ju", (uintmax_t)count->count);
  node_set(element, "count", number, count->origin);
  set_moment(element, "first", count, count->first);
  set_moment(element, "last", count, count->last);
}

static void settle(const struct events *events, struct reading *reading) {
  if (reading->artifact->outcome != ARTIFACT_UNREAD) return;
  char *log = text_printable(events->last_log, NAME_MOST), first[21], last[21], *span;
  moment_format(events->first, first);
  moment_format(events->last, last);
  span = events->has_moment ? alloc_format(" from %.10s %.5s to %.10s %.5s UTC", first, first + 11,
                                           last, last + 11)
                            : alloc_text(", their times have no zone");
  artifact_settle(reading->artifact, ARTIFACT_READ,
                  "%ju %s%s%s%s, %ju of HTTP, TLS, IIS, ASP.NET or Exchange",
                  (uintmax_t)events->all, events->all == 1 ? "event" : "events", *log ? " of " : "",
                  log, span, (uintmax_t)events->wanted);
  alloc_free(log);
  alloc_free(span);
}

void events_finish(struct events *events, struct reading *reading) {
  for (size_t i = 0; i < map_count(events->counts); i++)
    add_element(reading, map_value(events->counts, i));
  if (events->has_moment) reading_saw_moment(reading, events->last, "last event of a log");
  if (events->overflowed)
    reading_breaks(reading, UNKNOWN_LIMIT, (struct origin){reading->artifact->number + 1, 0, 0},
                   "it has more kinds of events than are kept");
  settle(events, reading);
}

bool event_moment(const char *text, int64_t *moment) {
  size_t size = strlen(text);
  bool zone =
      size > 19 && (text[size - 1] == 'Z' || text[size - 6] == '+' || text[size - 6] == '-');
  return zone && moment_parse(text, moment);
}
