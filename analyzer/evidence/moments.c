/* The moment a host is judged at. See host_build.h for the rule. */
#include "base/moment.h"
#include "evidence/host_build.h"

#include <string.h>

/* The best so far; `why` is owned. */
struct choice {
  bool known;
  int64_t at;
  char *why;
};

static bool is_newer(const struct choice *choice, int64_t at) {
  return !choice->known || at > choice->at;
}

/* Takes the reason over. */
static void choose(struct choice *choice, int64_t at, char *why) {
  alloc_free(choice->why);
  *choice = (struct choice){true, at, why};
}

/* ---- What the artifacts state ------------------------------------------------------ */

static void add_stated(struct choice *choice, const struct host_group *group) {
  for (size_t i = 0; i < group->count; i++) {
    const struct reading *reading = group->readings[i];
    if (!reading->has_newest || reading->newest_is_hint || !is_newer(choice, reading->newest))
      continue;
    choose(choice, reading->newest,
           alloc_format("newest time in %s (%s)", reading->artifact->path,
                        reading->newest_what ? reading->newest_what : "stated in it"));
  }
}

/* ---- File times in archives ---------------------------------------------------------- */

/* Packers that keep no times write the first day that their format can say (1970, 1980).
 * IIS 7, the oldest that is read, is of 2006. */
static bool has_file_time(const struct artifact *artifact) {
  const int64_t year_2006 = 1136073600;
  return artifact->from_archive && artifact->has_modified && artifact->modified >= year_2006;
}

static void add_file_times(struct choice *choice, const struct host_group *group) {
  for (size_t i = 0; i < group->count; i++) {
    const struct artifact *artifact = group->readings[i]->artifact;
    if (!has_file_time(artifact) || !is_newer(choice, artifact->modified)) continue;
    choose(choice, artifact->modified,
           alloc_format("newest file time in the archive (%s)", artifact->path));
  }
}

/* ---- Certificates in use --------------------------------------------------------------- */

static void add_use(struct map *used, const char *thumbprint) {
  if (thumbprint && *thumbprint) *map_at(used, thumbprint) = used;
}

/* What sites, HTTP.SYS and Exchange work with. */
static struct map *used_certificates(const struct host_build *build) {
  struct map *used = map_new();
  for (size_t i = 0; i < build->served.count; i++)
    add_use(used, node_get(build->served.items[i], "certificateHash"));
  const xmlNode *node = node_child(build->http_sys, "sslCertificate");
  for (; node; node = node_next(node, "sslCertificate"))
    add_use(used, node_get(node, "certificateHash"));
  node = node_child(build->exchange, "exchangeCertificate");
  for (; node; node = node_next(node, "exchangeCertificate")) {
    const char *services = node_get(node, "services");
    if (services && *services && strcmp(services, "None") != 0)
      add_use(used, node_get(node, "thumbprint"));
  }
  node = node_child(build->exchange, "authConfig");
  for (; node; node = node_next(node, "authConfig"))
    add_use(used, node_get(node, "currentCertificateThumbprint"));
  return used;
}

static const struct artifact *source_of(const struct host_build *build, const xmlNode *node) {
  struct origin origin = node_attribute_origin(node, "notBefore");
  if (origin.source == 0) origin = origin_of(node);
  if (origin.source == 0 || origin.source > build->bundle->count) return NULL;
  return build->bundle->artifacts[origin.source - 1];
}

static void add_certificates(struct choice *choice, const struct host_build *build) {
  struct map *used = used_certificates(build);
  const xmlNode *node = node_child(build->certificates, "certificate");
  for (; node; node = node_next(node, "certificate")) {
    /* Of a date without a time zone, the latest that it can be. */
    const char *latest = node_get(node, "notBeforeLatest"), *first = node_get(node, "notBefore");
    const char *begin = latest ? latest : first, *thumbprint = node_get(node, "thumbprint");
    const struct artifact *artifact = source_of(build, node);
    int64_t at;
    if (!begin || !thumbprint || !artifact || !map_get(used, thumbprint)) continue;
    if (has_file_time(artifact) || !moment_parse(begin, &at) || !is_newer(choice, at)) continue;
    choose(choice, at,
           alloc_format("newest time in %s (NotBefore of a certificate in use)", artifact->path));
  }
  map_free(used);
}

/* ---- Together ------------------------------------------------------------------------------ */

void moments_settle(struct host *host, const struct host_build *build, const int64_t *as_of) {
  struct choice choice = {.known = false};
  if (as_of) {
    choose(&choice, *as_of, alloc_text("--as-of"));
  } else {
    add_stated(&choice, build->group);
    add_file_times(&choice, build->group);
    add_certificates(&choice, build);
  }
  host->has_as_of = choice.known;
  host->as_of = choice.at;
  host->as_of_reason = choice.known ? choice.why : alloc_text("no artifact states a time");
  if (!choice.known) {
    node_mark(build->evidence, "@asOf", "evidence", UNKNOWN_NOT_IN_BUNDLE,
              "get-exchangecertificate get-authconfig",
              "no artifact states a time; --as-of can give one", nowhere());
    return;
  }
  char text[21];
  moment_format(host->as_of, text);
  node_set(build->evidence, "asOf", text, nowhere());
  node_set(build->evidence, "asOfReason", host->as_of_reason, nowhere());
}
