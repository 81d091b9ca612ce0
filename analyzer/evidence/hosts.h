/* Readings -> one evidence document per host, plus the fleet document. */
#ifndef SITEGLASS_EVIDENCE_HOSTS_H
#define SITEGLASS_EVIDENCE_HOSTS_H

#include "evidence/configuration.h"
#include "evidence/reading.h"

/* --host NAME=GLOB, in the order given; the first glob that fits a path wins. */
struct host_choice {
  const char *name, *glob;
};

struct host {
  char *name; /* "EX01"; "this server" never: when no name is known it is "" */
  char *name_reason;
  xmlDoc *document;                    /* <evidence>, see evidence.rng; owns everything */
  struct configuration *configuration; /* index behind the iis: functions */
  bool has_as_of;
  int64_t as_of;
  char *as_of_reason; /* "newest time in GetAuthConfig.xml (WhenChangedUTC)" */
};

struct hosts {
  struct host *items;
  size_t count, capacity;
  xmlDoc *fleet; /* <fleet>, see evidence.rng */
};

/* Takes the nodes out of `readings` (which stays for readings_dispose), sets
 * role and host of every artifact, and gives each host what is its own. With no
 * readings at all there is still one host, all unknown. `as_of`: --as-of, or NULL. */
struct hosts *hosts_build(struct bundle *bundle, struct readings *readings,
                          const struct host_choice *choices, size_t choice_count,
                          const int64_t *as_of) MUST_USE;
void hosts_free(struct hosts *hosts);

/* The document as `siteglass evidence` prints it: indented XML, with the origin
 * of each element as ev:at="path:line:column". Caller frees. */
char *host_print(const struct host *host, const struct bundle *bundle) MUST_USE;

#endif
