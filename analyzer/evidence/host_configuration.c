/* <configuration> and <configurationErrors>: what applicationHost.config declares,
 * by level and section, moved as it stood. */
#include "base/text.h"
#include "evidence/config_adopt.h"
#include "evidence/config_errors.h"

#include <string.h>

/* ---- What the file itself does not tell -------------------------------------------- */

static void mark_elsewhere(xmlNode *container, const char *of, const char *under,
                           const xmlNode *section) {
  if (!section) {
    node_mark(container, of, under, UNKNOWN_AMBIGUOUS, "application-host",
              "applicationHost.config has no such section: it is not a whole one", nowhere());
    return;
  }
  struct origin origin = origin_of(section);
  if (node_get(section, "configProtectionProvider") || node_child(section, "EncryptedData"))
    node_mark(container, of, under, UNKNOWN_ENCRYPTED, "", NULL, origin);
  else if (node_get(section, "configSource"))
    node_mark(container, of, under, UNKNOWN_NOT_IN_BUNDLE, "",
              "the section is kept in another file (configSource)", origin);
}

static xmlNode *configuration_root(const struct reading *reading) {
  xmlNode *facts = reading->facts;
  if (!facts) return NULL;
  if (strcmp((const char *)facts->name, "configuration") == 0) return facts;
  return node_child(facts, "configuration");
}

static void take_server(struct host_build *build, xmlNode *root) {
  struct iis_schema *schema = iis_schema_new_of(build->configuration, NULL);
  struct config_adoption adoption = {
      .build = build, .schema = schema, .kind = CONFIG_APPLICATION_HOST, .key = ""};
  config_adopt(&adoption, root);
  mark_elsewhere(build->sites, "site", "sites", adoption.sites);
  mark_elsewhere(build->pools, "applicationPool", "applicationPools", adoption.pools);
  map_free(adoption.groups);
  map_free(adoption.sections);
  iis_schema_free(schema);
}

/* ---- Errors ------------------------------------------------------------------------- */

static void add_error(struct host_build *build, const struct reading *reading, const char *problem,
                      const char *message) {
  struct error_report error = {.hresult = ERROR_INVALID_DATA,
                               .problem = problem,
                               .origin = reading->broken_at,
                               .file = reading->artifact->path,
                               .message = message,
                               .key = "",
                               .whole = true};
  config_error_report(build->host_errors, build->bundle, &error);
}

static const char *const malformed = "not well-formed: ";

static const char *problem_of(const struct reading *reading) {
  if (reading->problem) return reading->problem;
  bool plainly = reading->broken_why && text_starts(reading->broken_why, malformed);
  return plainly || reading->incomplete_reason == UNKNOWN_TRUNCATED ? "not-well-formed" : "refused";
}

/* Why it breaks, without the words that @problem says already. */
static const char *message_of(const struct reading *reading) {
  const char *why = reading->broken_why ? reading->broken_why : "";
  return text_starts(why, malformed) ? why + strlen(malformed) : why;
}

static void doubt_not_configuration(struct host_group *group) {
  struct reading *reading = group->application_host;
  group->server =
      (struct doubt){.reason = UNKNOWN_DAMAGED,
                     .needs = "application-host",
                     .note = alloc_format("%s: the document element is not <configuration>",
                                          reading->artifact->path),
                     .origin = {reading->artifact->number + 1, 0, 0}};
}

static void mark_all(struct host_build *build) {
  const struct doubt *doubt = &build->group->server;
  doubt_mark(build->configuration, "level", "configuration", doubt);
  doubt_mark(build->configuration, "sectionDefinition", "configuration", doubt);
  doubt_mark(build->errors, "configurationError", "configurationErrors", doubt);
  doubt_mark(build->host_errors, "configurationError", "applicationHost", doubt);
}

void host_configuration_build(struct host_build *build) {
  host_schema_build(build);
  struct reading *live = build->group->application_host;
  if (live && !live->complete) add_error(build, live, problem_of(live), message_of(live));
  xmlNode *root = live && live->complete ? configuration_root(live) : NULL;
  if (live && live->complete && !root) {
    add_error(build, live, "not-configuration", "the document element is not <configuration>");
    doubt_not_configuration(build->group);
  }
  if (root && build->group->server.known)
    take_server(build, root);
  else
    mark_all(build);
}
