/* <logs> and <events>: what logs of a host tell happened. A log covers a part of the time,
 * and old ones are deleted: what is not in it may have happened all the same, so neither
 * is ever known to be complete. */
#include "base/text.h"
#include "evidence/host_build.h"

static void move_all(struct host_build *build, const char *kind, const char *name, xmlNode *to) {
  struct reading *reading;
  for (size_t position = 0; (reading = host_reading(build->group, kind, &position));) {
    xmlNode *node = reading->facts ? node_child(reading->facts, name) : NULL;
    for (xmlNode *next; node; node = next) {
      next = node_next(node, name);
      node_move(node, to);
    }
  }
}

static void mark(xmlNode *container, const char *of, const char *under, const char *needs) {
  node_mark(container, of, under, UNKNOWN_NOT_IN_BUNDLE, needs,
            "a log covers only a part of the time", nowhere());
}

void host_logs_build(struct host_build *build) {
  move_all(build, "w3c-log", "log", build->logs);
  move_all(build, "httperr-log", "log", build->logs);
  mark(build->logs, "log", "logs", "w3c-log httperr-log");
  static const char *const children[] = {"status", "reason", "address"};
  for (size_t i = 0; i < 3; i++)
    mark(build->logs, children[i], "log", "");
  move_all(build, "event-log", "event", build->events);
  mark(build->events, "event", "events", "event-log");
}
