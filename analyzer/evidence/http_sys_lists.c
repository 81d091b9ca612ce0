/* The other lists of netsh: listen addresses, URL reservations, request queues with
 * the URLs registered at them. Each is moved in as its reader made it; dumps of one kind that
 * differ are of different moments, and then what holds is not known. One that was cut off
 * unsettles no whole one. */
#include "base/buffer.h"
#include "base/text.h"
#include "evidence/host_build.h"

#include <string.h>

/* ---- What a dump says, as one text ------------------------------------------------------ */

static void describe(struct buffer *out, const xmlNode *element) {
  buffer_add_format(out, "<%s", (const char *)element->name);
  for (const xmlAttr *each = element->properties; each; each = each->next)
    buffer_add_format(out, " %s=%s\n", (const char *)each->name,
                      node_get(element, (const char *)each->name));
  for (const xmlNode *child = element->children; child; child = child->next)
    if (child->type == XML_ELEMENT_NODE && !child->ns) describe(out, child);
  buffer_add_char(out, '>');
}

static char *describe_all(const struct reading *reading, const char *name) {
  struct buffer out = buffer_make(SIZE_MAX / 2);
  for (const xmlNode *each = reading->facts ? node_child(reading->facts, name) : NULL; each;
       each = node_next(each, name))
    describe(&out, each);
  return buffer_take(&out);
}

/* Is what a dump that was cut off says the beginning of what a whole one says? */
static bool begins(const char *whole, const char *cut) {
  size_t size = strlen(cut);
  while (size && cut[size - 1] == '>')
    size--;
  return strncmp(whole, cut, size) == 0;
}

/* The dumps of a kind. */
struct dumps {
  struct reading *best; /* the first whole one, else the first; NULL: none */
  bool whole, differ;   /* differ: another one says something else than the best */
};

static struct dumps find_dumps(const struct host_group *group, const char *kind, const char *name) {
  struct dumps dumps = {0};
  struct reading *each;
  for (size_t at = 0; (each = host_reading(group, kind, &at));) {
    if (!dumps.best || (each->complete && !dumps.whole)) dumps.best = each;
    dumps.whole = dumps.whole || each->complete;
  }
  char *said = dumps.best ? describe_all(dumps.best, name) : NULL;
  for (size_t at = 0; said && (each = host_reading(group, kind, &at));) {
    char *says = describe_all(each, name);
    bool part = dumps.whole && !each->complete && begins(said, says);
    if (!part && !text_equal(said, says)) dumps.differ = true;
    alloc_free(says);
  }
  alloc_free(said);
  return dumps;
}

static void move(struct reading *reading, const char *name, xmlNode *parent) {
  xmlNode *each = reading->facts ? node_child(reading->facts, name) : NULL;
  for (xmlNode *next; each; each = next) {
    next = node_next(each, name);
    node_move(each, parent);
  }
}

/* `of` is what is not (completely) known below `scope`, an element `under`. */
static void mark(struct host_build *build, xmlNode *scope, const char *of, const char *kind,
                 const char *needs, const struct dumps *dumps) {
  const char *under = (const char *)scope->name;
  struct doubt doubt = host_kind_doubt(build->group, kind, needs);
  if (!doubt.known && (!dumps->whole || dumps->differ))
    doubt_mark(scope, of, under, &doubt);
  else if (dumps->differ)
    node_mark(scope, of, under, UNKNOWN_CONFLICT, needs, "several dumps differ", nowhere());
  doubt_dispose(&doubt);
}

/* ---- The lists ------------------------------------------------------------------------------- */

/* When lists contradict each other, none of their addresses is known to be there. */
static void add_addresses(struct host_build *build) {
  static const char kind[] = "netsh-iplisten";
  struct dumps dumps = find_dumps(build->group, kind, "ipListen");
  struct reading *reading = dumps.best;
  bool contradicts =
      reading && !reading->complete && reading->incomplete_reason == UNKNOWN_CONFLICT;
  xmlNode *list = reading && reading->facts && !dumps.differ && !contradicts
                      ? node_child(reading->facts, "ipListen")
                      : NULL;
  if (list)
    node_move(list, build->http_sys);
  else
    list = node_add(build->http_sys, "ipListen", nowhere());
  mark(build, list, "address", kind, kind, &dumps);
}

/* The registry tells less of reservations than netsh: it is asked where there is nothing else. */
static const char *kind_at_hand(const struct host_group *group, const char *kind) {
  size_t position = 0;
  bool urlacl = text_equal(kind, "netsh-urlacl") && !host_reading(group, kind, &position);
  return urlacl ? "registry-urlacl" : kind;
}

static void add_list(struct host_build *build, const char *needs, const char *name) {
  const char *kind = kind_at_hand(build->group, needs);
  struct dumps dumps = find_dumps(build->group, kind, name);
  if (dumps.best && !dumps.differ) move(dumps.best, name, build->http_sys);
  mark(build, build->http_sys, name, kind, needs, &dumps);
}

void http_sys_lists(struct host_build *build) {
  add_addresses(build);
  add_list(build, "netsh-urlacl", "urlReservation");
  add_list(build, "netsh-servicestate", "requestQueue");
  add_list(build, "netsh-servicestate", "registeredUrl");
}
