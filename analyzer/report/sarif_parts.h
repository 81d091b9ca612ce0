/* The parts of the SARIF 2.1.0 log, and what they share. Section numbers are of
 * the OASIS standard with errata 01 (28 August 2023). */
#ifndef SITEGLASS_REPORT_SARIF_PARTS_H
#define SITEGLASS_REPORT_SARIF_PARTS_H

#include "report/value.h"
#include "rulebook/verdicts.h"

/* The base of all artifact URIs in originalUriBaseIds (3.14.14). */
#define SARIF_BUNDLE_BASE "BUNDLE"

void sarif_results(struct json_t *run, const struct verdicts *verdicts);
void sarif_invocations(struct json_t *run, const struct verdicts *verdicts);
void sarif_rules(struct json_t *driver, const struct verdicts *verdicts);

const char *sarif_level(enum severity severity); /* error, warning, note */

/* A message object (3.11): braces are doubled (3.11.5), and no value from the
 * bundle can become an embedded link (3.11.6). */
void sarif_message(struct json_t *object, const char *key, const char *text);

/* A path inside the bundle as a relative URI reference (RFC 3986): it cannot
 * name a scheme, an authority or a folder above. */
char *sarif_uri(const char *path) MUST_USE;
void sarif_artifact_location(struct json_t *object, const char *key,
                             const struct verdicts *verdicts, size_t artifact);

/* "host" in a property bag: its name; null for all hosts together. */
void sarif_host(struct json_t *properties, const struct verdicts *verdicts, int host);

#endif
