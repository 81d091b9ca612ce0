/* Readings -> one evidence document per host, and the fleet document. */
#ifndef SITEGLASS_EVIDENCE_HOSTS_H
#define SITEGLASS_EVIDENCE_HOSTS_H

#include "evidence/config_map.h"
#include "evidence/configuration.h"
#include "evidence/reading.h"
#include "evidence/registry.h"

/* --host NAME=GLOB, in the order given; the first glob that fits a path wins. */
struct host_choice {
  const char *name, *glob;
};

/* What the command line says; zeros are fine. */
struct host_options {
  const struct host_choice *choices;
  size_t choice_count;
  const struct config_mapping *mappings; /* --map, see config_map.h */
  size_t mapping_count;
  const int64_t *as_of; /* --as-of, or NULL */
};

struct host {
  char *name; /* "EX01"; "this server" never: when no name is known it is "" */
  char *name_reason;
  xmlDoc *document;                    /* <evidence>, see evidence.rng; owns everything */
  struct configuration *configuration; /* index behind the iis: functions */
  struct registry *registry;           /* index behind the sg:registry functions */
  bool has_as_of;
  int64_t as_of;
  char *as_of_reason; /* "newest time in GetAuthConfig.xml (WhenChangedUTC)" */
};

struct hosts {
  struct host *items;
  size_t count, capacity;
  xmlDoc *fleet; /* see hosts_fleet */
};

/* Takes the nodes out of `readings` (which stays for readings_dispose), sets
 * role and host of every artifact, and gives each host what is its own. With no
 * readings at all there is still one host, all unknown. `options` may be NULL. */
struct hosts *hosts_build(struct bundle *bundle, struct readings *readings,
                          const struct host_options *options) MUST_USE;
/* The document across servers (<fleet>, see evidence.rng), made when first asked for. */
xmlDoc *hosts_fleet(struct hosts *hosts);
void hosts_free(struct hosts *hosts);

/* Adds <ev:effective>, the answers of the iis: functions, for processors that have none
 * (see evidence.rng). Once, and nothing may be judged by the document afterwards. */
void host_expand(struct host *host);

/* The document as `siteglass evidence` prints it: indented XML, with the origin
 * of each element as ev:at="path:line:column". Caller frees. */
char *host_print(const struct host *host, const struct bundle *bundle) MUST_USE;

#endif
