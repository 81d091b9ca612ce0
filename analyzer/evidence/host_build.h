/* Private to evidence/: what the steps of hosts_build share about one host
 * while its document grows. */
#ifndef SITEGLASS_EVIDENCE_HOST_BUILD_H
#define SITEGLASS_EVIDENCE_HOST_BUILD_H

#include "base/map.h"
#include "evidence/hosts.h"

/* Why something is not known, ready to become a mark. reason is meaningless when known. */
struct doubt {
  bool known;
  enum unknown_reason reason;
  const char *needs; /* ids of kinds.h; a literal */
  char *note;        /* owned; NULL when none */
  struct origin origin;
};

struct host_group {
  char *name, *name_reason;
  struct reading **readings; /* in ledger order */
  size_t count, capacity;
  const char *organization; /* of Exchange, as an export of the server states it; NULL */
  struct reading **borrowed; /* of other hosts, or none: see host_lending.h */
  size_t borrowed_count, borrowed_capacity;
  struct reading *application_host; /* the live one, maybe damaged; NULL */
  struct doubt server;              /* may applicationHost.config be taken at its word? */
};

struct host_groups {
  struct host_group *items;
  size_t count, capacity; /* at most 1,000 */
  struct map *names;      /* upper case -> number in items + 1 */
};

/* host_grouping.c: which artifact belongs to which server. */
struct host_groups host_groups_make(struct bundle *bundle, struct readings *readings,
                                    const struct host_choice *choices, size_t choice_count);
void host_groups_dispose(struct host_groups *groups);

/* host_roles.c: which of several copies is live; fills application_host and server. */
void host_roles_settle(struct host_group *group, struct bundle *bundle,
                       const struct host_options *options);

struct node_list {
  xmlNode **items;
  size_t count, capacity;
};

struct exchange_objects;

struct host_build {
  struct host_group *group;
  const struct bundle *bundle;
  const struct exchange_objects *objects; /* the table of exports, read once for all hosts */
  struct diags *diags;
  xmlDoc *document;
  xmlNode *evidence, *node; /* <evidence>, <host> */
  xmlNode *products, *artifacts, *sites, *pools, *configuration, *errors, *http_sys, *stores,
      *certificates, *exchange, *registry, *folders, *logs, *events, *config_files;
  struct folder_index *folder_index; /* by host_folders_build */
  xmlNode *host_errors;              /* in errors: of applicationHost.config as a whole */
  struct configuration *engine;      /* by host_effective_build; the host's from then on */
  struct node_list https;            /* bindings, in document order; filled by host_sites.c */
  struct node_list served;           /* certificateBinding elements; filled by http_sys_join.c */
  bool uses_known;                   /* every certificateBinding is known; set by http_sys_join.c */
};

/* The steps, in this order. */
void host_configuration_build(struct host_build *build); /* host_configuration.c */
void host_schema_build(struct host_build *build);        /* host_schema.c; by the former */
void host_sites_build(struct host_build *build);         /* host_told_sites.c */
void http_sys_join(struct host_build *build);            /* http_sys_join.c */
void http_sys_lists(struct host_build *build);           /* http_sys_lists.c */
void host_products_build(struct host_build *build);      /* host_products.c */
void host_products_settle(struct host_build *build);     /* its version of Exchange, from the exports */
void host_exchange_build(struct host_build *build);      /* host_exchange.c */
void certificate_join(struct host_build *build);         /* certificate_join.c */
void host_registry_build(struct host_build *build);      /* host_registry.c */
void host_logs_build(struct host_build *build);          /* host_logs.c */
/* host_config_files.c: after the sites, before machine.config is moved. */
void host_config_files_build(struct host_build *build);
void host_config_files_settle(struct host_build *build); /* after the folders */
/* host_exchange.c: is it known that nothing of Exchange can be missing? After the sites. */
bool host_has_no_exchange(const struct host_build *build);

/* What shows that the server has Exchange; NULL: nothing does. */
const char *host_exchange_basis(const struct host_build *build); /* host_products.c */

/* ---- Small things that several steps need ---------------------------------- */

static inline struct origin nowhere(void) {
  return (struct origin){0, 0, 0};
}

/* Iterates over the host's live readings of a kind: `*position` starts at 0. What the registry
 * tells of HTTP.SYS and of stores counts as netsh-sslcert and certutil-store. */
struct reading *host_reading(const struct host_group *group, const char *kind, size_t *position);

/* Is what readings of `kind` tell complete? Known when there is at least one and
 * none is broken; else why not. */
struct doubt host_kind_doubt(const struct host_group *group, const char *kind, const char *needs);
void doubt_dispose(struct doubt *doubt);
void doubt_mark(xmlNode *scope, const char *of, const char *under, const struct doubt *doubt);

/* "PATH:LINE: why" of a broken reading. */
char *reading_break_note(const struct reading *reading) MUST_USE;

/* hosts.c: marks go in front of an element's own children, in the order they were made. */
void host_marks_first(xmlNode *element);

/* moments.c: the moment that the host's dates are judged at, @asOf. --as-of, else the
 * newest of these, none of which can be later than the collection:
 *  - times that the artifacts state: a WhenChanged, when an export was made, the last
 *    entry of a log. netsh and certutil state none.
 *  - the file times that an archive states, from 2006 on (a zip's are of no time zone).
 *    Those of loose files are the copy's, not the server's.
 *  - NotBefore of certificates that sites, HTTP.SYS or Exchange use: a weak hint, since
 *    a certificate may begin in the future. So it counts only where nothing tells better
 *    when its file was written: a certificate out of a file with a time in an archive
 *    existed at that time, and one that begins later begins in the future. One that
 *    nobody uses yet (made in advance) never counts.
 * None of them: not known, which a mark says. When artifacts are missing, the moment may
 * be earlier than it was; @asOfReason, which the report prints, says where it is from. */
void moments_settle(struct host *host, const struct host_build *build, const int64_t *as_of);

#endif
