/* Get-WinEvent through Export-Clixml: objects of EventLogRecord, whose TimeCreated has its
 * zone; counted as all events are. */
#include "readers/event_tally.h"
#include "readers/powershell.h"

#include <string.h>

static char *text_of(struct powershell_export *from, const xmlNode *object, const char *name) {
  xmlNode *property = clixml_property(from->clixml, object, name);
  char *text = property ? clixml_text(property) : NULL;
  return text ? text : alloc_text("");
}

void get_winevent_read(struct powershell_export *from, const xmlNode *object) {
  void **place = map_at(from->made, "events");
  if (!*place) *place = events_new();
  char *log = text_of(from, object, "LogName"), *provider = text_of(from, object, "ProviderName");
  char *moment = text_of(from, object, "TimeCreated");
  char *computer = text_of(from, object, "MachineName");
  struct event event = {
      .log = span_of(log), .provider = span_of(provider), .origin = origin_of(object)};
  int64_t id = 0;
  const xmlNode *number = clixml_property(from->clixml, object, "Id");
  event.has_moment = event_moment(moment, &event.moment);
  if (number && clixml_integer(number, &id) && id >= 0 &&
      powershell_computer(from->reading, computer, event.origin)) {
    event.id = (uint64_t)id;
    events_add(*place, &event);
  }
  alloc_free(log);
  alloc_free(provider);
  alloc_free(moment);
  alloc_free(computer);
}

void get_winevent_settle(struct powershell_export *from) {
  struct events *events = map_get(from->made, "events");
  if (events) events_finish(events, from->reading);
  events_free(events);
}
