/* Findings that somebody accepted until a day. A small XML file:
 *
 *   <waivers>
 *     <waiver rule="exchange-backend-http-binding-missing" host="EX01"
 *             artifact="applicationHost.config" element="*site*"
 *             who="J. Doe" why="removed on purpose, change 4711" until="2026-06-30"/>
 *   </waivers>
 *
 * rule, who, why and until are needed. host, artifact and element are globs over the host's
 * name and over the places of a finding (path of the artifact, XPath of the node); left
 * out, they fit everything. A finding is waived when waivers cover all its places.
 * `until` is judged at the moment that the report judges dates at (there is no clock): a date
 * holds to the end of that day, UTC. */
#ifndef SITEGLASS_RULEBOOK_WAIVERS_H
#define SITEGLASS_RULEBOOK_WAIVERS_H

#include "base/diag.h"
#include "rulebook/rulebook.h"

struct waivers;

/* NULL when the text is not such a file: every error is in `diags`. `path` is for messages. */
struct waivers *waivers_read(const char *path, const char *text, size_t size,
                             struct diags *diags) MUST_USE;
void waivers_free(struct waivers *waivers);

/* Marks the findings that are waived, puts them last, and says of each waiver what became of it. */
void waivers_apply(const struct waivers *waivers, const struct rulebook *rulebook,
                   struct verdicts *verdicts);

#endif
