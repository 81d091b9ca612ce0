/* Which exports count for which servers besides their own. */
#include "evidence/host_lending.h"

#include "base/text.h"
#include "evidence/exchange_objects.h"

#include <string.h>

/* One reading: of which row, of which group, and which servers its objects name. */
struct offer {
  const struct exchange_object *row; /* NULL: it is of no kind of the table */
  const struct host_group *owner;
  struct map *servers; /* short names, lower case; NULL: none */
};

struct lending {
  struct host_groups *groups;
  struct readings *readings;
  const struct exchange_objects *objects;
  struct offer *offers; /* one for each reading */
};

/* "EX01.contoso.com" -> "ex01". Caller frees. */
static char *short_name(const char *name) {
  char *lower = text_lower(name);
  lower[strcspn(lower, ".")] = '\0';
  return lower;
}

static struct map *servers_of(const struct exchange_object *row, const struct reading *reading) {
  char buffer[256];
  if (row->scope != SCOPE_SERVER || !reading->facts) return NULL;
  struct map *servers = map_new();
  for (const xmlNode *each = node_child(reading->facts, row->element); each;
       each = node_next(each, row->element)) {
    const char *server = exchange_object_server(row, each, buffer);
    char *name = server ? short_name(server) : NULL;
    if (name) *map_at(servers, name) = servers;
    alloc_free(name);
  }
  return servers;
}

static void make_offers(struct lending *lending) {
  struct readings *readings = lending->readings;
  lending->offers = alloc_array(readings->count + 1, sizeof *lending->offers);
  for (size_t i = 0; i < readings->count; i++) {
    struct offer *offer = &lending->offers[i];
    offer->row = exchange_objects_of_kind(lending->objects, readings->items[i].kind);
    if (offer->row) offer->servers = servers_of(offer->row, &readings->items[i]);
  }
  for (size_t i = 0; i < lending->groups->count; i++) {
    const struct host_group *group = &lending->groups->items[i];
    for (size_t k = 0; k < group->count; k++)
      lending->offers[group->readings[k] - readings->items].owner = group;
  }
}

/* Does one of its objects name this server? The evidence asks for the full name again. */
static bool names(const struct offer *offer, const char *host) {
  if (!offer->servers || !host[0]) return false;
  char *name = short_name(host);
  bool named = map_get(offer->servers, name) != NULL;
  alloc_free(name);
  return named;
}

/* Of an export that lists an object of the server, else of its own exports when they agree. */
static const char *organization_of(const struct lending *lending, const struct host_group *group) {
  for (size_t i = 0; i < lending->readings->count; i++) {
    const char *organization = lending->readings->items[i].organization;
    if (organization && lending->offers[i].row && names(&lending->offers[i], group->name))
      return organization;
  }
  const char *only = NULL;
  for (size_t i = 0; i < group->count; i++) {
    const char *organization = group->readings[i]->organization;
    if (organization && only && !text_equal(only, organization)) return NULL;
    if (organization) only = organization;
  }
  return only;
}

static bool has_kind(const struct host_group *group, const char *kind) {
  for (size_t i = 0; i < group->count; i++)
    if (text_equal(group->readings[i]->kind, kind)) return true;
  return false;
}

static bool counts_for(const struct offer *offer, const struct reading *reading,
                       const struct host_group *group, const char *organization) {
  if (offer->row->scope == SCOPE_SERVER) return names(offer, group->name);
  return offer->row->scope == SCOPE_ORGANIZATION && reading->complete && organization &&
         text_equal(organization, reading->organization) && !has_kind(group, reading->kind);
}

static void lend(struct host_group *group, struct reading *reading) {
  ARRAY_PUSH(group->borrowed, group->borrowed_count, group->borrowed_capacity) = reading;
  reading->lent = true;
  struct artifact *artifact = reading->artifact;
  if (*artifact->host) return;
  artifact->role = "live";
  alloc_free(artifact->host_reason);
  artifact->host_reason = alloc_text("it speaks of several servers");
}

static void lend_to(struct lending *lending, struct host_group *group) {
  const char *organization = group->organization;
  for (size_t i = 0; i < lending->readings->count; i++) {
    struct reading *reading = &lending->readings->items[i];
    const struct offer *offer = &lending->offers[i];
    if (!offer->row || offer->owner == group) continue;
    bool usable = text_equal(reading->artifact->role, "live") || !offer->owner;
    if (usable && counts_for(offer, reading, group, organization)) lend(group, reading);
  }
}

static void report_idle(const struct lending *lending) {
  for (size_t i = 0; i < lending->readings->count; i++) {
    const struct reading *reading = &lending->readings->items[i];
    if (!lending->offers[i].row || lending->offers[i].owner || reading->lent) continue;
    diags_add(lending->readings->diags, DIAG_WARNING, reading->artifact->path, 0, 0,
              "it belongs to no server (%s); it was not used; --host NAME=GLOB can say whose it is",
              reading->artifact->host_reason);
  }
}

void host_lending_make(struct host_groups *groups, struct readings *readings,
                       const struct exchange_objects *objects) {
  struct lending lending = {.groups = groups, .readings = readings};
  lending.objects = objects;
  make_offers(&lending);
  for (size_t i = 0; i < groups->count; i++)
    groups->items[i].organization = organization_of(&lending, &groups->items[i]);
  for (size_t i = 0; i < groups->count && groups->count > 1; i++)
    lend_to(&lending, &groups->items[i]);
  report_idle(&lending);
  for (size_t i = 0; i < readings->count; i++)
    if (lending.offers[i].servers) map_free(lending.offers[i].servers);
  alloc_free(lending.offers);
}

/* ---- Copies ---------------------------------------------------------------------------- */

static enum unknown_reason reason_of(const char *word) {
  for (int reason = UNKNOWN_NOT_IN_BUNDLE; reason <= UNKNOWN_LIMIT; reason++)
    if (text_equal(unknown_reason_word((enum unknown_reason)reason), word))
      return (enum unknown_reason)reason;
  return UNKNOWN_AMBIGUOUS;
}

static void copy_attributes(const xmlNode *node, xmlNode *copy) {
  for (const xmlAttr *each = node->properties; each; each = each->next) {
    const char *name = (const char *)each->name;
    node_set(copy, name, node_get(node, name), node_attribute_origin(node, name));
  }
}

xmlNode *host_lending_copy(const xmlNode *node, xmlNode *parent) {
  xmlNode *copy = node_add(parent, (const char *)node->name, origin_of(node));
  copy_attributes(node, copy);
  for (const xmlNode *child = node->children; child; child = child->next) {
    if (child->type != XML_ELEMENT_NODE) continue;
    if (child->ns)
      node_mark(copy, node_get(child, "of"), node_get(child, "under"),
                reason_of(node_get(child, "reason")), node_get(child, "needs"),
                node_get(child, "note"), origin_of(child));
    else
      copy_attributes(child, node_add(copy, (const char *)child->name, origin_of(child)));
  }
  return copy;
}
