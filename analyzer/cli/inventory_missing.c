/* Which kinds of evidence a host lacks: those that marks of its document ask for, and
 * those of the table that nothing in the bundle is of. How each is collected is in
 * evidence/kinds.c alone. */
#include "base/text.h"
#include "cli/inventory_facts.h"
#include "evidence/kinds.h"
#include "evidence/registry.h"
#include "evidence/registry_path.h"

#include <string.h>

struct demand {
  size_t marks;
  const xmlNode *first; /* that says more than "not in the bundle" */
};

/* Of several kinds that would tell, the first that is no more than needed is the one to
 * ask for. NULL when there is none. Caller frees. */
static char *kind_to_ask_for(const char *needs) {
  for (const char *at = needs; at && *at; at += strcspn(at, " "), at += *at == ' ') {
    char *id = alloc_text_n(at, strcspn(at, " "));
    if (!evidence_kind_is_bulky(id)) return id;
    alloc_free(id);
  }
  return NULL;
}

static void demand_kind(struct map *demands, const xmlNode *mark) {
  char *id = kind_to_ask_for(node_get(mark, "needs"));
  if (!id) return;
  void **place = map_at(demands, id);
  alloc_free(id);
  struct demand *demand = *place ? *place : (*place = alloc_bytes(sizeof *demand));
  demand->marks++;
  bool plain = text_equal(node_get(mark, "reason"), "not-in-bundle");
  if (!demand->first && !plain && node_get(mark, "note")) demand->first = mark;
}

/* Every mark of the document, in document order. */
static struct map *demands_of(const xmlNode *evidence) {
  struct map *demands = map_new();
  for (const xmlNode *node = evidence; node;) {
    if (node->type == XML_ELEMENT_NODE && node->ns &&
        text_equal((const char *)node->name, "unknown"))
      demand_kind(demands, node);
    const xmlNode *next = node->type == XML_ELEMENT_NODE ? node->children : NULL;
    while (!next && node != evidence) {
      next = node->next;
      if (!next) node = node->parent;
    }
    node = next;
  }
  return demands;
}

/* The kinds of what counts of this host. */
static struct map *present_kinds(const struct inventory_work *work) {
  struct map *kinds = map_new();
  const xmlNode *artifacts = node_child(work->node, "artifacts");
  for (const xmlNode *each = node_child(artifacts, "artifact"); each;
       each = node_next(each, "artifact"))
    if (text_equal(node_get(each, "role"), "live")) *map_at(kinds, node_get(each, "kind")) = kinds;
  return kinds;
}

/* Do exports cover every key that this kind's command collects? */
static bool is_exported(const struct registry *registry, const char *kind) {
  bool any = false;
  for (const struct registry_collected *row = registry_collected; row->key; row++) {
    if (!text_equal(row->kind, kind)) continue;
    any = true;
    if (!registry_values(registry, row->key).known) return false;
  }
  return any;
}

/* A dump of any store is a certutil-store: which stores are listed, marks tell. So they
 * do of web.config files, of which each counts for its own folder. The registry tells what
 * netsh and certutil do, and nobody should be asked for the whole of it. */
static bool is_present(const struct inventory_work *work, const struct map *present,
                       const char *kind) {
  static const char *const instead[][2] = {{"netsh-sslcert", "registry-http"},
                                           {"netsh-iplisten", "registry-iplisten"},
                                           {"certutil-store", "registry-certificates"}};
  if (text_equal(kind, "web-config") || evidence_kind_is_bulky(kind)) return true;
  if (text_starts(kind, "registry-")) return is_exported(work->source->registry, kind);
  if (text_starts(kind, "certutil-")) kind = "certutil-store";
  for (size_t i = 0; i < sizeof instead / sizeof *instead; i++)
    if (text_equal(kind, instead[i][0]) && map_get(present, instead[i][1])) return true;
  return map_get(present, kind) != NULL;
}

/* Two kinds that one command collects are one. */
static bool is_listed(const struct inventory_host *host, const char *command) {
  for (size_t i = 0; command && i < host->missing_count; i++)
    if (text_equal(host->missing[i].command, command)) return true;
  return false;
}

/* No log is ever complete, so its mark is always there; one that is here is no longer missing. */
static bool is_log(const char *kind) {
  return text_ends_nocase(kind, "-log");
}

static bool has_exchange(const struct inventory_work *work) {
  const xmlNode *products = node_child(work->node, "products");
  if (inventory_mark(products, "product")) return true; /* who knows */
  for (const xmlNode *each = node_child(products, "product"); each;
       each = node_next(each, "product"))
    if (text_equal(node_get(each, "name"), "Exchange")) return true;
  return false;
}

/* Those without a command or a file of their own are never asked for. */
static bool is_collectable(const struct evidence_kind *kind) {
  return kind->command || (kind->file && strchr(kind->file, '%'));
}

void inventory_add_missing(struct inventory_work *work) {
  const xmlNode *evidence = xmlDocGetRootElement(work->source->document);
  struct map *demands = demands_of(evidence);
  struct map *present = present_kinds(work);
  bool exchange = has_exchange(work);
  struct inventory_host *host = work->host;
  for (const struct evidence_kind *kind = evidence_kinds; kind->id; kind++) {
    const struct demand *demand = map_get(demands, kind->id);
    if (demand && is_log(kind->id) && is_present(work, present, kind->id)) continue;
    if (!demand && (is_present(work, present, kind->id) || !is_collectable(kind))) continue;
    if (!exchange && evidence_kind_is_of_exchange(kind)) continue;
    if ((!kind->command && !*kind->file) || is_listed(host, kind->command)) continue;
    struct inventory_missing one = {.kind = kind->id,
                                    .name = kind->name,
                                    .shell = kind->shell,
                                    .command = kind->command,
                                    .file = kind->file,
                                    .marks = demand ? demand->marks : 0};
    if (demand && demand->first) one.why = node_get(demand->first, "note");
    ARRAY_PUSH(host->missing, host->missing_count, host->missing_capacity) = one;
  }
  for (size_t i = 0; i < map_count(demands); i++)
    alloc_free(map_value(demands, i));
  map_free(demands);
  map_free(present);
}
