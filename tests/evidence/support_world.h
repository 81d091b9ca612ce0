/* A small world for tests: artifacts given as the facts a reader would hand over. */
#ifndef SITEGLASS_TESTS_EVIDENCE_SUPPORT_WORLD_H
#define SITEGLASS_TESTS_EVIDENCE_SUPPORT_WORLD_H

#include "evidence/hosts.h"

#include <stdbool.h>

#define HASH_A "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define HASH_B "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"

struct world {
  struct bundle *bundle;
  struct readings readings;
  struct hosts *hosts; /* after world_build */
};

void world_start(struct world *world);
/* `xml`: <configuration> for application-host and its like, else the children of
 * <facts>; NULL: nothing could be read. The reading stays good until the next one. */
struct reading *world_add(struct world *world, const char *path, const char *kind, const char *xml);
void world_break(struct reading *reading, enum unknown_reason reason, unsigned line,
                 const char *why);
/* Builds, and fails the test unless every document, as it is and as it is printed,
 * fits evidence.rng. */
void world_build(struct world *world);
void world_build_with(struct world *world, const struct host_choice *choices, size_t count,
                      const int64_t *as_of);
void world_end(struct world *world);

/* string(expression) on a host's document; the text stays good until the next call. */
const char *world_text(const struct world *world, size_t host, const char *expression);
double world_number(const struct world *world, size_t host, const char *expression);
xmlNode *world_node(const struct world *world, size_t host, const char *expression);
/* What is known of an attribute: its value, "?" when a mark covers it, "-" when it
 * is known to be absent. Of a missing element: "?" when marks hide it, else "-". */
const char *world_known(const struct world *world, size_t host, const char *element,
                        const char *attribute);
/* Does a mark at or above the node cover `of` (child or @attribute) of it? Its reason, or NULL. */
const char *world_mark(const xmlNode *node, const char *of);
bool fits_schema(xmlDoc *document);

/* An applicationHost.config with these sites (children of <sites>) and locations. */
char *server_xml(const char *sites, const char *locations);

#endif
