/* Several copies of one thing: which is live. The conventional name and place
 * is; an older copy is never mixed in, not even for a damaged live one. */
#include "base/text.h"
#include "evidence/host_build.h"
#include "evidence/path_names.h"

#include <string.h>

static const char *const needs_server = "application-host";

static bool is_application_host(const struct reading *reading) {
  return text_equal(reading->kind, "application-host");
}

/* A copy with the very bytes of an earlier one tells nothing new. */
static bool repeats_earlier(struct map *seen, const struct reading *reading) {
  if (!*reading->artifact->sha256) return false;
  char *key = alloc_format("%s %s", reading->kind, reading->artifact->sha256);
  void **place = map_at(seen, key);
  bool repeats = *place != NULL;
  *place = seen;
  alloc_free(key);
  return repeats;
}

/* What is collected once a server. Single files (a certificate, a section's own
 * file) are no copies of each other. */
static bool is_collected_once(const struct reading *reading) {
  static const char *const kinds[] = {
      "certutil-store",        "cert-drive",    "iis-schema",    "redirection-config",
      "administration-config", "registry-http", "machine-config"};
  if (text_starts(reading->kind, "netsh-") || text_starts(reading->kind, "get-")) return true;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (text_equal(reading->kind, kinds[i])) return true;
  return text_starts(reading->kind, "registry");
}

/* Does anything of the server lie outside the places of backups, be it a file that could not
 * be read? Then what lies in them is older: even where nothing newer of its kind is there, no old
 * state speaks for what is not known. */
static bool has_outside(const struct host_group *group, const struct bundle *bundle) {
  for (size_t i = 0; i < group->count; i++)
    if (!path_is_backup(group->readings[i]->artifact->path)) return true;
  for (size_t i = 0; i < bundle->count; i++) {
    const struct artifact *artifact = bundle->artifacts[i];
    if (artifact->outcome != ARTIFACT_REFUSED || path_is_backup(artifact->path)) continue;
    if (!*artifact->host || text_equal(artifact->host, group->name)) return true;
  }
  return false;
}

/* An artifact is live when it is in any of its kinds. */
static void give_role(struct reading *reading, const char *role) {
  reading->role = role;
  if (!text_equal(reading->artifact->role, "live")) reading->artifact->role = role;
}

static bool is_live_in(const struct host_group *group, const char *kind) {
  for (size_t i = 0; i < group->count; i++)
    if (text_equal(group->readings[i]->kind, kind) && text_equal(group->readings[i]->role, "live"))
      return true;
  return false;
}

/* A part of what the registry has would only make doubtful what netsh prints of all. */
static void leave_parts_aside(struct host_group *group) {
  if (!is_live_in(group, "netsh-sslcert")) return;
  for (size_t i = 0; i < group->count; i++)
    if (text_equal(group->readings[i]->kind, "registry-http") && !group->readings[i]->complete)
      give_role(group->readings[i], "unused");
}

static void settle_ordinary(struct host_group *group, const struct bundle *bundle) {
  struct map *seen = map_new();
  bool outside = has_outside(group, bundle);
  for (size_t i = 0; i < group->count; i++) {
    struct reading *reading = group->readings[i];
    if (is_application_host(reading)) continue;
    if (outside && is_collected_once(reading) && path_is_backup(reading->artifact->path)) {
      give_role(reading, "older copy");
      continue;
    }
    bool unused = text_equal(reading->kind, "web-config") || repeats_earlier(seen, reading);
    give_role(reading, unused ? "unused" : "live");
  }
  leave_parts_aside(group);
  map_free(seen);
}

/* ---- applicationHost.config --------------------------------------------------- */

typedef bool (*test)(const struct host_group *group, size_t index);

static bool has_the_name(const struct host_group *group, size_t index) {
  const char *path = artifact_named(group->readings[index]->artifact);
  return path_is_application_host(path) && !path_is_backup(path);
}

static bool has_name_and_place(const struct host_group *group, size_t index) {
  return has_the_name(group, index) && path_is_live_place(group->readings[index]->artifact->path);
}

static bool has_the_name_in_a_backup(const struct host_group *group, size_t index) {
  return path_is_application_host(artifact_named(group->readings[index]->artifact));
}

static bool is_complete(const struct host_group *group, size_t index) {
  return group->readings[index]->complete;
}

static bool is_any(const struct host_group *group, size_t index) {
  (void)group;
  (void)index;
  return true;
}

/* How many copies pass; the first of them in `*first`. Copies of the same bytes count once. */
static size_t count_passing(const struct host_group *group, test passes, struct reading **first) {
  size_t count = 0;
  for (size_t i = 0; i < group->count; i++) {
    if (!is_application_host(group->readings[i]) || !passes(group, i)) continue;
    if (count > 0 && strcmp((*first)->artifact->sha256, group->readings[i]->artifact->sha256) == 0)
      continue;
    if (count++ == 0) *first = group->readings[i];
  }
  return count;
}

/* The first of these tests that any copy passes decides: exactly one is live,
 * several leave it open. */
static struct reading *choose_live(const struct host_group *group, bool *several) {
  static const test tests[] = {has_name_and_place, has_the_name, has_the_name_in_a_backup,
                               is_complete, is_any};
  *several = false;
  for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
    struct reading *live = NULL;
    size_t count = count_passing(group, tests[i], &live);
    if (count == 0) continue;
    *several = count > 1;
    return count == 1 ? live : NULL;
  }
  return NULL;
}

static const char *role_of(const struct host_group *group, const struct reading *reading) {
  if (reading == group->application_host) return "live";
  if (!reading->complete) return "damaged";
  if (group->application_host &&
      strcmp(group->application_host->artifact->sha256, reading->artifact->sha256) == 0)
    return "unused";
  if (path_is_backup(reading->artifact->path)) return "backup";
  return group->application_host ? "older copy" : "unused";
}

static char *list_copies(const struct host_group *group) {
  char *list = alloc_text("");
  for (size_t i = 0; i < group->count; i++) {
    if (!is_application_host(group->readings[i])) continue;
    char *longer =
        alloc_format("%s%s%s", list, *list ? ", " : "", group->readings[i]->artifact->path);
    alloc_free(list);
    list = longer;
  }
  return list;
}

/* A file of the conventional name that could not be read at all is the live one
 * all the same: what it says is not known, and no copy may speak for it. One that belongs
 * to no server may be any server's. */
static const struct artifact *unreadable_live(const struct host_group *group,
                                              const struct bundle *bundle) {
  for (size_t i = 0; i < bundle->count; i++) {
    const struct artifact *artifact = bundle->artifacts[i];
    bool lost =
        artifact->outcome == ARTIFACT_REFUSED || artifact->outcome == ARTIFACT_NOT_RECOGNISED;
    if (!lost || (*artifact->host && !text_equal(artifact->host, group->name))) continue;
    if (path_is_application_host(artifact_named(artifact)) && !path_is_backup(artifact->path))
      return artifact;
  }
  return NULL;
}

static void doubt_unreadable(struct host_group *group, const struct artifact *artifact) {
  bool refused = artifact->outcome == ARTIFACT_REFUSED;
  group->server = (struct doubt){.reason = refused ? UNKNOWN_LIMIT : UNKNOWN_DAMAGED,
                                 .needs = needs_server,
                                 .note = alloc_format("%s: %s", artifact->path,
                                                      artifact->reason && *artifact->reason
                                                          ? artifact->reason
                                                          : "it is not a configuration"),
                                 .origin = {artifact->number + 1, 0, 0}};
}

static void doubt_several(struct host_group *group, struct bundle *bundle) {
  char *list = list_copies(group);
  diags_add(&bundle->diags, DIAG_WARNING, "", 0, 0,
            "several copies of applicationHost.config (%s): which one is live is not known, "
            "none is used; name the live one applicationHost.config",
            list);
  group->server =
      (struct doubt){.reason = UNKNOWN_AMBIGUOUS,
                     .needs = needs_server,
                     .note = alloc_format("several copies, none of them plainly live: %s", list)};
  alloc_free(list);
}

static void doubt_broken(struct host_group *group, const struct reading *live) {
  group->server = (struct doubt){.reason = live->incomplete_reason,
                                 .needs = needs_server,
                                 .note = reading_break_note(live),
                                 .origin = live->broken_at};
}

/* redirection.config enabled="true": IIS reads another file, in another place. */
static const xmlNode *find_redirection(const xmlNode *facts) {
  for (const xmlNode *node = facts; node;) {
    if (node->type == XML_ELEMENT_NODE &&
        strcmp((const char *)node->name, "configurationRedirection") == 0)
      return node;
    const xmlNode *next = node->children;
    while (!next && node != facts) {
      next = node->next;
      if (!next) node = node->parent;
    }
    if (!next) return NULL;
    node = next;
  }
  return NULL;
}

static void doubt_redirection(struct host_group *group, const struct reading *reading,
                              const xmlNode *redirection) {
  const char *path = redirection ? node_get(redirection, "path") : NULL;
  doubt_dispose(&group->server);
  group->server = (struct doubt){
      .reason = UNKNOWN_AMBIGUOUS,
      .needs = needs_server,
      .note = redirection
                  ? alloc_format("%s: IIS reads its configuration from \"%s\", not from the "
                                 "local applicationHost.config",
                                 reading->artifact->path, path ? path : "")
                  : reading_break_note(reading),
      .origin = redirection ? origin_of(redirection) : reading->broken_at};
  if (group->application_host) group->application_host->artifact->role = "unused";
  group->application_host = NULL;
}

/* What --map names is the live one, whatever it is called. */
static void take_as_live(struct host_group *group, struct reading *live) {
  if (group->application_host) group->application_host->artifact->role = "unused";
  doubt_dispose(&group->server);
  group->application_host = live;
  live->artifact->role = "live";
  if (live->complete)
    group->server = (struct doubt){.known = true};
  else
    doubt_broken(group, live);
}

static bool may_redirect(const struct reading *reading) {
  if (path_is_backup(reading->artifact->path)) return false;
  return text_equal(reading->kind, "redirection-config") ||
         (!reading->complete &&
          text_equal_nocase(path_file(reading->artifact->path), "redirection.config"));
}

/* --map of the folder that it leads to: then that applicationHost.config is the one. */
static bool follow_redirection(struct host_group *group, const struct bundle *bundle,
                               const struct host_options *options, const xmlNode *redirection) {
  const char *path = redirection ? node_get(redirection, "path") : NULL;
  struct reading *live = path ? config_map_application_host(bundle, group, options->mappings,
                                                            options->mapping_count, path)
                              : NULL;
  if (!live) return false;
  take_as_live(group, live);
  return true;
}

/* A damaged one may redirect; none in the bundle: taken as not redirected, as
 * nearly every server is. */
static void doubt_redirected(struct host_group *group, const struct bundle *bundle,
                             const struct host_options *options) {
  for (size_t i = 0; i < group->count; i++) {
    const struct reading *reading = group->readings[i];
    if (!may_redirect(reading)) continue;
    const xmlNode *redirection = reading->facts ? find_redirection(reading->facts) : NULL;
    bool enabled = redirection && text_equal_nocase(node_get(redirection, "enabled"), "true");
    if (reading->complete && !enabled) continue;
    if (enabled && follow_redirection(group, bundle, options, redirection)) return;
    doubt_redirection(group, reading, enabled ? redirection : NULL);
    return;
  }
}

static void settle_application_host(struct host_group *group, struct bundle *bundle) {
  const struct artifact *lost = unreadable_live(group, bundle);
  bool several = false, named = false;
  struct reading *live = choose_live(group, &several);
  if (live) named = path_is_application_host(artifact_named(live->artifact));
  if (lost && !named && !several) live = NULL;
  group->application_host = live;
  for (size_t i = 0; i < group->count; i++)
    if (is_application_host(group->readings[i]))
      group->readings[i]->artifact->role = role_of(group, group->readings[i]);
  if (several)
    doubt_several(group, bundle);
  else if (!live && lost)
    doubt_unreadable(group, lost);
  else if (!live)
    group->server = (struct doubt){.reason = UNKNOWN_NOT_IN_BUNDLE, .needs = needs_server};
  else if (!live->complete)
    doubt_broken(group, live);
  else
    group->server = (struct doubt){.known = true};
}

void host_roles_settle(struct host_group *group, struct bundle *bundle,
                       const struct host_options *options) {
  settle_ordinary(group, bundle);
  struct reading *named =
      config_map_application_host(bundle, group, options->mappings, options->mapping_count, NULL);
  settle_application_host(group, bundle);
  if (named)
    take_as_live(group, named);
  else
    doubt_redirected(group, bundle, options);
}

/* ---- Shared -------------------------------------------------------------------- */

/* The registry holds what netsh and certutil list. */
static bool is_of_kind(const struct reading *reading, const char *kind) {
  return text_equal(reading->kind, kind) ||
         (text_equal(kind, "netsh-sslcert") && text_equal(reading->kind, "registry-http")) ||
         (text_equal(kind, "netsh-iplisten") && text_equal(reading->kind, "registry-iplisten")) ||
         (text_equal(kind, "certutil-store") && text_equal(reading->kind, "registry-certificates"));
}

struct reading *host_reading(const struct host_group *group, const char *kind, size_t *position) {
  while (*position < group->count) {
    struct reading *reading = group->readings[(*position)++];
    if (is_of_kind(reading, kind) &&
        text_equal(reading->role ? reading->role : reading->artifact->role, "live"))
      return reading;
  }
  return NULL;
}

char *reading_break_note(const struct reading *reading) {
  const char *why = reading->broken_why ? reading->broken_why : "it could not be read";
  if (reading->broken_at.line == 0) return alloc_format("%s: %s", reading->artifact->path, why);
  return alloc_format("%s:%u: %s", reading->artifact->path, (unsigned)reading->broken_at.line, why);
}

struct doubt host_kind_doubt(const struct host_group *group, const char *kind, const char *needs) {
  struct reading *reading;
  bool any = false;
  for (size_t position = 0; (reading = host_reading(group, kind, &position)); any = true)
    if (!reading->complete)
      return (struct doubt){.reason = reading->incomplete_reason,
                            .needs = needs,
                            .note = reading_break_note(reading),
                            .origin = reading->broken_at};
  return (struct doubt){.known = any, .reason = UNKNOWN_NOT_IN_BUNDLE, .needs = needs};
}

void doubt_dispose(struct doubt *doubt) {
  alloc_free(doubt->note);
  doubt->note = NULL;
}

void doubt_mark(xmlNode *scope, const char *of, const char *under, const struct doubt *doubt) {
  node_mark(scope, of, under, doubt->reason, doubt->needs, doubt->note, doubt->origin);
}
