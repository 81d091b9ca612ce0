/* Private to evidence/: what netsh dumps and Get-WebBinding exports say about a
 * binding, each on its own. */
#ifndef SITEGLASS_EVIDENCE_HTTP_SYS_SOURCES_H
#define SITEGLASS_EVIDENCE_HTTP_SYS_SOURCES_H

#include "evidence/host_build.h"

/* What one artifact says about one binding. */
struct answer {
  enum { ANSWER_NONE, ANSWER_NAMES, ANSWER_CENTRAL_STORE } what;
  bool fallback; /* the record of this very binding is missing, another one serves */
  char hash[41]; /* "" when the record names none */
  const char *store;
  const xmlNode *element; /* the record, or the binding of the export */
  const struct reading *reading;
};

struct answers {
  struct answer *items;
  size_t count, capacity;
};

struct source;
struct sources {
  struct source *items;
  size_t count, capacity;
};

/* Indexes the live artifacts of both kinds, netsh first. The records stay in the
 * readings; they must live as long. */
struct sources http_sys_sources_make(const struct host_group *group);
void http_sys_sources_dispose(struct sources *sources);
/* Fills `answers` anew with what each says about an https binding of `site`; those
 * that say nothing of it add nothing, those that contradict themselves add two. */
void http_sys_ask(const struct sources *sources, const xmlNode *site, const xmlNode *binding,
                  struct answers *answers);

/* Other records that answer clients of an https binding instead of its own: `[::]` for
 * those of IPv6 and exact addresses that no other binding names for those of a binding
 * of every address, the exact address for those of an SNI binding of one address.
 * `https`: every https binding of the server. Replaces what `others` had. */
void http_sys_others(const struct sources *sources, const struct node_list *https,
                     const xmlNode *binding, struct answers *others);

/* Can there be such records at all, whatever was collected? Not for a binding of one address
 * and not for a name on every address, whose own records are the nearest. */
bool http_sys_may_have_others(const xmlNode *binding);

/* One text per record that netsh lists: its key in one form, and what it names. */
char *http_sys_identity(const xmlNode *record) MUST_USE;

#endif
