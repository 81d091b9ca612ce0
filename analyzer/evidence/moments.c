/* The moment a host is judged at: --as-of, else the newest of the moments that its
 * artifacts state and of the file times an archive states: none of it was collected
 * earlier. Times of loose files are the copy's, not the server's. */
#include "base/moment.h"
#include "evidence/host_build.h"

static bool newest_stated(struct host *host, const struct host_group *group) {
  const struct reading *newest = NULL;
  for (size_t i = 0; i < group->count; i++) {
    const struct reading *reading = group->readings[i];
    if (reading->has_newest && (!newest || reading->newest > newest->newest)) newest = reading;
  }
  if (!newest) return false;
  host->as_of = newest->newest;
  host->as_of_reason = alloc_format("newest time in %s (%s)", newest->artifact->path,
                                    newest->newest_what ? newest->newest_what : "stated in it");
  return true;
}

/* Only when it is newer than what is stated. */
static bool newest_in_archive(struct host *host, const struct host_group *group) {
  const struct artifact *newest = NULL;
  for (size_t i = 0; i < group->count; i++) {
    const struct artifact *artifact = group->readings[i]->artifact;
    if (!artifact->from_archive || !artifact->has_modified) continue;
    if (!newest || artifact->modified > newest->modified) newest = artifact;
  }
  if (!newest || (host->as_of_reason && newest->modified <= host->as_of)) return false;
  alloc_free(host->as_of_reason);
  host->as_of = newest->modified;
  host->as_of_reason = alloc_format("newest file time in the archive (%s)", newest->path);
  return true;
}

static bool newest_of_all(struct host *host, const struct host_group *group) {
  bool stated = newest_stated(host, group), in_archive = newest_in_archive(host, group);
  return stated || in_archive;
}

void moments_settle(struct host *host, const struct host_group *group, xmlNode *evidence,
                    const int64_t *as_of) {
  host->has_as_of = true;
  if (as_of) {
    host->as_of = *as_of;
    host->as_of_reason = alloc_text("--as-of");
  } else if (!newest_of_all(host, group)) {
    host->has_as_of = false;
    host->as_of_reason = alloc_text("no artifact states a time");
    node_mark(evidence, "@asOf", "evidence", UNKNOWN_NOT_IN_BUNDLE,
              "get-exchangecertificate get-authconfig",
              "no artifact states a time; --as-of can give one", nowhere());
    return;
  }
  char text[21];
  moment_format(host->as_of, text);
  node_set(evidence, "asOf", text, nowhere());
  node_set(evidence, "asOfReason", host->as_of_reason, nowhere());
}
