/* Readings -> evidence documents: grouping, roles, then one document per host in
 * the order that evidence.rng fixes, then the fleet document. */
#include "evidence/hosts.h"

#include "base/text.h"
#include "evidence/exchange_objects.h"
#include "evidence/host_build.h"
#include "evidence/host_folders.h"
#include "evidence/host_lending.h"

#include <libxml/dict.h>
#include <string.h>

static xmlDoc *new_document(xmlDict *dict) {
  xmlDoc *document = xmlNewDoc((const xmlChar *)"1.0");
  document->dict = dict;
  xmlDictReference(dict);
  return document;
}

static xmlNode *new_root(xmlDoc *document, const char *name) {
  xmlNode *root = xmlNewDocNode(document, NULL, (const xmlChar *)name, NULL);
  xmlDocSetRootElement(document, root);
  xmlNewNs(root, (const xmlChar *)EVIDENCE_MARK_NAMESPACE, (const xmlChar *)"ev");
  node_set(root, "version", "1", nowhere());
  return root;
}

/* Every container is there, whatever is known. */
static void add_containers(struct host_build *build) {
  const struct {
    const char *name;
    xmlNode **place;
  } containers[] = {
      {"products", &build->products},
      {"artifacts", &build->artifacts},
      {"sites", &build->sites},
      {"applicationPools", &build->pools},
      {"configuration", &build->configuration},
      {"configurationErrors", &build->errors},
      {"httpSys", &build->http_sys},
      {"certificateStores", &build->stores},
      {"certificates", &build->certificates},
      {"exchange", &build->exchange},
      {"registry", &build->registry},
      {"folders", &build->folders},
      {"logs", &build->logs},
      {"events", &build->events},
      {"configFiles", &build->config_files},
  };
  for (size_t i = 0; i < sizeof containers / sizeof *containers; i++) {
    xmlNode *container = node_add(build->node, containers[i].name, nowhere());
    if (containers[i].place) *containers[i].place = container;
  }
  build->host_errors = node_add(build->errors, "applicationHost", nowhere());
}

static void add_artifacts(struct host_build *build) {
  for (size_t i = 0; i < build->group->count; i++) {
    const struct reading *reading = build->group->readings[i];
    struct origin origin = {reading->artifact->number + 1, 0, 0};
    xmlNode *node = node_add(build->artifacts, "artifact", origin);
    node_set(node, "path", reading->artifact->path, origin);
    node_set(node, "kind", reading->kind ? reading->kind : "", origin);
    const char *role = reading->role ? reading->role : reading->artifact->role;
    node_set(node, "role", role ? role : "", origin);
    node_set(node, "outcome", artifact_outcome_word(reading->artifact->outcome), origin);
  }
}

static bool is_mark(const xmlNode *node) {
  return node->type == XML_ELEMENT_NODE && node->ns &&
         strcmp((const char *)node->name, "unknown") == 0;
}

void host_marks_first(xmlNode *container) {
  xmlNode *front = container->children;
  while (front && is_mark(front))
    front = front->next;
  for (xmlNode *node = front, *next; node; node = next) {
    next = node->next;
    if (is_mark(node)) xmlAddPrevSibling(front, node);
  }
}

static void order_marks(struct host_build *build) {
  host_marks_first(build->evidence);
  for (xmlNode *container = build->node->children; container; container = container->next)
    host_marks_first(container);
  host_marks_first(node_child(build->http_sys, "ipListen"));
  for (xmlNode *store = node_child(build->stores, "store"); store;
       store = node_next(store, "store"))
    host_marks_first(store);
}

/* Which file holds for which level, and what the files make of each other. */
static void build_configuration(struct host_build *build, const struct host_options *options) {
  struct config_map *map = config_map_new(build, options->mappings, options->mapping_count);
  host_effective_build(build, config_map_files(map));
  config_map_free(map);
}

static void build_host(struct hosts *hosts, struct host_group *group, struct bundle *bundle,
                       struct readings *readings, const struct host_options *options,
                       const struct exchange_objects *objects) {
  struct host host = {.name = alloc_text(group->name),
                      .name_reason = alloc_text(group->name_reason)};
  host.document = new_document(readings->dict);
  struct host_build build = {.group = group,
                             .bundle = bundle,
                             .objects = objects,
                             .diags = readings->diags,
                             .document = host.document};
  build.evidence = new_root(host.document, "evidence");
  build.node = node_add(build.evidence, "host", nowhere());
  node_set(build.node, "name", host.name, nowhere());
  add_containers(&build);
  host_registry_build(&build);
  host_logs_build(&build);
  host_configuration_build(&build);
  host_sites_build(&build);
  host_products_build(&build);
  host_config_files_build(&build);
  build.folder_index = host_folders_build(&build);
  host_config_files_settle(&build);
  build_configuration(&build, options);
  add_artifacts(&build);
  http_sys_join(&build);
  http_sys_lists(&build);
  host_exchange_build(&build);
  host_products_settle(&build);
  certificate_join(&build);
  moments_settle(&host, &build, options->as_of);
  order_marks(&build);
  folder_index_free(build.folder_index);
  alloc_free(build.https.items);
  alloc_free(build.served.items);
  host.configuration = build.engine;
  host.registry = registry_new(build.registry);
  ARRAY_PUSH(hosts->items, hosts->count, hosts->capacity) = host;
}

/* ---- The fleet ------------------------------------------------------------------------- */

static const xmlNode *host_child(const struct host *host, const char *name) {
  return node_child(node_child(xmlDocGetRootElement(host->document), "host"), name);
}

static bool is_servers_own(const xmlNode *store) {
  const char *key = node_get(store, "key");
  return text_equal(key, "my") || text_equal(key, "webhosting");
}

static void mark_server(xmlNode *server, const xmlNode *store) {
  const xmlNode *mark = node_child(store, "unknown");
  if (!mark || !text_equal(node_get(mark, "of"), "entry")) return;
  node_mark(server, "serverCertificate", "server", UNKNOWN_NOT_IN_BUNDLE,
            text_equal(node_get(store, "key"), "my") ? "certutil-my" : "certutil-webhosting", NULL,
            nowhere());
}

static void add_certificates(xmlNode *server, const xmlNode *store, struct map *seen) {
  for (const xmlNode *entry = node_child(store, "entry"); entry;
       entry = node_next(entry, "entry")) {
    void **place = map_at(seen, node_get(entry, "thumbprint"));
    if (*place) continue;
    xmlNode *certificate = *place = node_add(server, "serverCertificate", origin_of(entry));
    node_set(certificate, "thumbprint", node_get(entry, "thumbprint"), origin_of(entry));
  }
}

static void add_server(xmlNode *fleet, const struct host *host) {
  xmlNode *server = node_add(fleet, "server", nowhere());
  node_set(server, "name", host->name, nowhere());
  const xmlNode *first = node_child(host_child(host, "certificateStores"), "store");
  struct map *seen = map_new();
  for (const xmlNode *store = first; store; store = node_next(store, "store"))
    if (is_servers_own(store)) mark_server(server, store);
  for (const xmlNode *store = first; store; store = node_next(store, "store"))
    if (is_servers_own(store)) add_certificates(server, store, seen);
  map_free(seen);
}

static xmlDoc *build_fleet(const struct hosts *hosts, xmlDict *dict) {
  xmlDoc *document = new_document(dict);
  xmlNode *fleet = new_root(document, "fleet");
  for (size_t i = 0; i < hosts->count; i++)
    add_server(fleet, &hosts->items[i]);
  return document;
}

/* ---- Public ---------------------------------------------------------------------------- */

struct hosts *hosts_build(struct bundle *bundle, struct readings *readings,
                          const struct host_options *options) {
  static const struct host_options none;
  if (!options) options = &none;
  struct hosts *hosts = alloc_bytes(sizeof *hosts);
  struct host_groups groups =
      host_groups_make(bundle, readings, options->choices, options->choice_count);
  for (size_t i = 0; i < groups.count; i++)
    host_roles_settle(&groups.items[i], bundle, options);
  struct exchange_objects *objects = exchange_objects_new();
  host_lending_make(&groups, readings, objects);
  for (size_t i = 0; i < groups.count; i++)
    build_host(hosts, &groups.items[i], bundle, readings, options, objects);
  exchange_objects_free(objects);
  host_groups_dispose(&groups);
  return hosts;
}

xmlDoc *hosts_fleet(struct hosts *hosts) {
  if (!hosts->fleet) hosts->fleet = build_fleet(hosts, hosts->items[0].document->dict);
  return hosts->fleet;
}

void hosts_free(struct hosts *hosts) {
  if (!hosts) return;
  for (size_t i = 0; i < hosts->count; i++) {
    struct host *host = &hosts->items[i];
    configuration_free(host->configuration);
    registry_free(host->registry);
    xmlFreeDoc(host->document);
    alloc_free(host->name);
    alloc_free(host->name_reason);
    alloc_free(host->as_of_reason);
  }
  if (hosts->fleet) xmlFreeDoc(hosts->fleet);
  alloc_free(hosts->items);
  alloc_free(hosts);
}
