/* The other lists of netsh: listen addresses, URL reservations, request queues with
 * the URLs registered at them. Each is moved in as its reader made it; dumps of one kind that
 * differ are of different moments, and then what holds is not known. */
#include "base/buffer.h"
#include "base/text.h"
#include "evidence/host_build.h"

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

/* The first dump of a kind; `*differ` when another one says something else. */
static struct reading *first_dump(const struct host_group *group, const char *kind,
                                  const char *name, bool *differ) {
  size_t position = 0;
  struct reading *first = host_reading(group, kind, &position), *other;
  if (!first) return NULL;
  char *said = describe_all(first, name);
  while ((other = host_reading(group, kind, &position))) {
    char *says = describe_all(other, name);
    if (!text_equal(said, says)) *differ = true;
    alloc_free(says);
  }
  alloc_free(said);
  return first;
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
                 const char *needs, bool differ) {
  const char *under = (const char *)scope->name;
  struct doubt doubt = host_kind_doubt(build->group, kind, needs);
  if (!doubt.known)
    doubt_mark(scope, of, under, &doubt);
  else if (differ)
    node_mark(scope, of, under, UNKNOWN_CONFLICT, needs, "several dumps differ", nowhere());
  doubt_dispose(&doubt);
}

/* ---- The lists ------------------------------------------------------------------------------- */

/* When lists contradict each other, none of their addresses is known to be there. */
static void add_addresses(struct host_build *build) {
  static const char kind[] = "netsh-iplisten";
  bool differ = false;
  struct reading *reading = first_dump(build->group, kind, "ipListen", &differ);
  bool contradicts =
      reading && !reading->complete && reading->incomplete_reason == UNKNOWN_CONFLICT;
  xmlNode *list = reading && reading->facts && !differ && !contradicts
                      ? node_child(reading->facts, "ipListen")
                      : NULL;
  if (list)
    node_move(list, build->http_sys);
  else
    list = node_add(build->http_sys, "ipListen", nowhere());
  mark(build, list, "address", kind, kind, differ);
}

/* The registry tells less of reservations than netsh: it is asked where there is nothing else. */
static const char *kind_at_hand(const struct host_group *group, const char *kind) {
  size_t position = 0;
  bool urlacl = text_equal(kind, "netsh-urlacl") && !host_reading(group, kind, &position);
  return urlacl ? "registry-urlacl" : kind;
}

static void add_list(struct host_build *build, const char *needs, const char *name) {
  const char *kind = kind_at_hand(build->group, needs);
  bool differ = false;
  struct reading *reading = first_dump(build->group, kind, name, &differ);
  if (reading && !differ) move(reading, name, build->http_sys);
  mark(build, build->http_sys, name, kind, needs, differ);
}

void http_sys_lists(struct host_build *build) {
  add_addresses(build);
  add_list(build, "netsh-urlacl", "urlReservation");
  add_list(build, "netsh-servicestate", "requestQueue");
  add_list(build, "netsh-servicestate", "registeredUrl");
}
