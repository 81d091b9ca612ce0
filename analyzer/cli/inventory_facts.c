/* The ledger, and of each host its products, sites, bindings and pools. */
#include "cli/inventory_facts.h"

#include "base/text.h"
#include "evidence/kinds.h"

#include <string.h>

/* ---- Small things ---------------------------------------------------------------- */

const char *inventory_keep(struct inventory *inventory, char *text) {
  ARRAY_PUSH(inventory->texts, inventory->text_count, inventory->text_capacity) = text;
  return text;
}

struct inventory_place inventory_place(const struct inventory_work *work, struct origin origin) {
  if (origin.source == 0 || origin.source > work->bundle->count) return (struct inventory_place){0};
  return (struct inventory_place){work->bundle->artifacts[origin.source - 1]->path, origin.line,
                                  origin.column};
}

const xmlNode *inventory_mark(const xmlNode *scope, const char *of) {
  if (!scope) return NULL;
  for (const xmlNode *mark = node_child(scope, "unknown"); mark; mark = node_next(mark, "unknown"))
    if (mark->ns && text_equal(node_get(mark, "of"), of)) return mark;
  return NULL;
}

struct inventory_gap inventory_gap(const xmlNode *mark, const char *what) {
  if (!mark) return (struct inventory_gap){0};
  return (struct inventory_gap){what, node_get(mark, "reason"), node_get(mark, "note"),
                                node_get(mark, "needs")};
}

static const char *or_empty(const char *text) {
  return text ? text : "";
}

/* ---- The ledger ------------------------------------------------------------------ */

static void add_file(struct inventory *inventory, const struct artifact *artifact) {
  const struct evidence_kind *kind = evidence_kind_find(or_empty(artifact->kind));
  char encoding[48] = "";
  if (artifact->sha256[0] && artifact->size) artifact_encoding_name(artifact, encoding);
  struct inventory_file file = {
      .path = artifact->path,
      .sha256 = artifact->sha256,
      .kind = or_empty(artifact->kind),
      .kind_name = kind ? kind->name : "",
      .role = or_empty(artifact->role),
      .outcome = artifact_outcome_word(artifact->outcome),
      .reason = or_empty(artifact->reason),
      .note = or_empty(artifact->note),
      .host = or_empty(artifact->host),
      .host_reason = or_empty(artifact->host_reason),
      .encoding = inventory_keep(inventory, alloc_text(encoding)),
      .confidence = *encoding ? artifact_confidence_word(artifact->confidence) : "",
      .size = artifact->size,
      .has_modified = artifact->has_modified,
      .from_archive = artifact->from_archive,
      .modified = artifact->modified,
  };
  ARRAY_PUSH(inventory->files, inventory->file_count, inventory->file_capacity) = file;
}

/* ---- Products ------------------------------------------------------------------------ */

static void add_products(struct inventory_work *work) {
  struct inventory_host *host = work->host;
  const xmlNode *products = node_child(work->node, "products");
  for (const xmlNode *product = node_child(products, "product"); product;
       product = node_next(product, "product")) {
    const char *version = node_get(product, "version"), *build = node_get(product, "build");
    const char *basis = node_get(product, "basis");
    if (!version) version = build;
    if (!version && text_equal(node_get(product, "name"), "Windows"))
      continue; /* as every server */
    char *text =
        alloc_format("%s%s%s%s%s%s", or_empty(node_get(product, "name")), version ? " " : "",
                     or_empty(version), basis ? " (" : "", or_empty(basis), basis ? ")" : "");
    ARRAY_PUSH(host->products, host->product_count, host->product_capacity) =
        inventory_keep(work->inventory, text);
  }
}

/* ---- Sites ------------------------------------------------------------------------------ */

static char *claims_of(const xmlNode *element) {
  char *text = alloc_text("");
  for (const xmlNode *claim = node_child(element, "claim"); claim;
       claim = node_next(claim, "claim")) {
    const char *hash = or_empty(node_get(claim, "certificateHash"));
    char *longer = alloc_format("%s%s%s says %s", text, *text ? "; " : "",
                                or_empty(node_get(claim, "source")), *hash ? hash : "none");
    alloc_free(text);
    text = longer;
  }
  return text;
}

static struct inventory_served served_of(struct inventory_work *work, const xmlNode *element) {
  const xmlNode *mark = inventory_mark(element, "@certificateHash");
  const char *source = node_get(element, "source");
  const struct evidence_kind *kind = source ? evidence_kind_find(source) : NULL;
  struct inventory_served served = {
      .hash = node_get(element, "certificateHash"),
      .store = node_get(element, "store"),
      .usable = node_get(element, "usable"),
      .source = source,
      .source_name = kind ? kind->name : source,
      .record = node_get(element, "record"),
      .conflict = node_get(element, "conflict") != NULL,
      .note = mark ? node_get(mark, "note") : NULL,
      .place = inventory_place(work, origin_of(element)),
  };
  const struct inventory_certificate *certificate =
      served.hash ? inventory_certificate(work, served.hash) : NULL;
  if (certificate) served.subject = certificate->subject, served.expiry = certificate->expiry;
  if (served.conflict) {
    char *claims = claims_of(element);
    served.note = inventory_keep(work->inventory, claims);
  }
  return served;
}

static void add_binding(struct inventory_work *work, struct inventory_site *site,
                        const xmlNode *element) {
  struct inventory_binding binding = {
      .protocol = or_empty(node_get(element, "protocol")),
      .information = or_empty(node_get(element, "bindingInformation")),
      .ssl_flags = node_get(element, "sslFlags"),
      .place = inventory_place(work, origin_of(element)),
  };
  binding.secure = text_equal_nocase(binding.protocol, "https");
  char *use =
      alloc_format("%s %s of %s", binding.protocol, binding.information, or_empty(site->name));
  inventory_keep(work->inventory, use);
  for (const xmlNode *served = node_child(element, "certificateBinding"); served;
       served = node_next(served, "certificateBinding")) {
    struct inventory_served one = served_of(work, served);
    ARRAY_PUSH(binding.served, binding.served_count, binding.served_capacity) = one;
    if (one.hash) inventory_use(work, one.hash, use);
  }
  const xmlNode *mark = inventory_mark(element, "certificateBinding");
  if (!mark) mark = work->unserved;
  if (binding.secure && binding.served_count == 0)
    binding.gap = inventory_gap(mark, "the certificate that it is served with");
  ARRAY_PUSH(site->bindings, site->binding_count, site->binding_capacity) = binding;
}

static void add_application(struct inventory_work *work, struct inventory_site *site,
                            const xmlNode *element, struct map *pools) {
  struct inventory_application application = {
      .path = or_empty(node_get(element, "path")),
      .pool = node_get(element, "applicationPool"),
      .place = inventory_place(work, origin_of(element)),
  };
  for (const xmlNode *folder = node_child(element, "virtualDirectory"); folder;
       folder = node_next(folder, "virtualDirectory"))
    if (text_equal(node_get(folder, "path"), "/"))
      application.folder = node_get(folder, "physicalPath");
  if (application.pool) {
    char *key = text_lower(application.pool);
    void **count = map_at(pools, key);
    *count = (void *)((uintptr_t)*count + 1);
    alloc_free(key);
  }
  ARRAY_PUSH(site->applications, site->application_count, site->application_capacity) = application;
}

static void add_site(struct inventory_work *work, const xmlNode *element, struct map *pools) {
  struct inventory_site site = {
      .name = or_empty(node_get(element, "name")),
      .id = node_get(element, "id"),
      .state =
          text_equal(node_get(element, "serverAutoStart"), "false") ? "not started by IIS" : "",
      .place = inventory_place(work, origin_of(element)),
  };
  const xmlNode *bindings = node_child(element, "bindings");
  for (const xmlNode *each = bindings ? node_child(bindings, "binding") : NULL; each;
       each = node_next(each, "binding"))
    add_binding(work, &site, each);
  for (const xmlNode *each = node_child(element, "application"); each;
       each = node_next(each, "application"))
    add_application(work, &site, each, pools);
  struct inventory_host *host = work->host;
  ARRAY_PUSH(host->sites, host->site_count, host->site_capacity) = site;
}

/* ---- Application pools ----------------------------------------------------------------- */

static const char *identity_of(struct inventory_work *work, const xmlNode *pool) {
  const xmlNode *process = node_child(pool, "processModel");
  const char *type = process ? node_get(process, "identityType") : NULL;
  const char *user = process ? node_get(process, "userName") : NULL;
  if (user && *user && (!type || text_equal_nocase(type, "SpecificUser")))
    return inventory_keep(work->inventory, alloc_format("user %s", user));
  return or_empty(type);
}

static void add_pool(struct inventory_work *work, const xmlNode *element, const struct map *pools) {
  const char *key = node_get(element, "key");
  struct inventory_pool pool = {
      .name = or_empty(node_get(element, "name")),
      .runtime = or_empty(node_get(element, "managedRuntimeVersion")),
      .pipeline = or_empty(node_get(element, "managedPipelineMode")),
      .identity = identity_of(work, element),
      .applications = key ? (uintptr_t)map_get(pools, key) : 0,
      .place = inventory_place(work, origin_of(element)),
  };
  struct inventory_host *host = work->host;
  ARRAY_PUSH(host->pools, host->pool_count, host->pool_capacity) = pool;
}

static void add_sites_and_pools(struct inventory_work *work) {
  struct map *pools = map_new();
  const xmlNode *sites = node_child(work->node, "sites");
  work->unserved = inventory_mark(sites, "certificateBinding");
  for (const xmlNode *each = node_child(sites, "site"); each; each = node_next(each, "site"))
    add_site(work, each, pools);
  work->host->sites_gap = inventory_gap(inventory_mark(sites, "site"), "sites");
  const xmlNode *all = node_child(work->node, "applicationPools");
  for (const xmlNode *each = node_child(all, "applicationPool"); each;
       each = node_next(each, "applicationPool"))
    add_pool(work, each, pools);
  work->host->pools_gap =
      inventory_gap(inventory_mark(all, "applicationPool"), "application pools");
  map_free(pools);
}

/* ---- What else there is ----------------------------------------------------------------- */

/* Containers that have a list of their own here, or that speak of the ledger. */
static bool is_listed(const char *container) {
  static const char *const names[] = {"products",      "artifacts",    "sites", "applicationPools",
                                      "configuration", "certificates", "logs",  "events"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp(container, names[i]) == 0) return true;
  return false;
}

static void count_children(struct inventory_work *work, const xmlNode *container) {
  struct map *counts = map_new();
  for (const xmlNode *child = container->children; child; child = child->next) {
    if (child->type != XML_ELEMENT_NODE || child->ns) continue;
    if (inventory_mark(child, "@present")) continue; /* it is there only to say that it is not */
    void **count = map_at(counts, (const char *)child->name);
    *count = (void *)((uintptr_t)*count + 1);
  }
  struct inventory_host *host = work->host;
  for (size_t i = 0; i < map_count(counts); i++) {
    char *name = alloc_format("%s/%s", (const char *)container->name, map_key(counts, i));
    struct inventory_count one = {inventory_keep(work->inventory, name),
                                  (uintptr_t)map_value(counts, i)};
    ARRAY_PUSH(host->others, host->other_count, host->other_capacity) = one;
  }
  map_free(counts);
}

static void add_others(struct inventory_work *work) {
  for (const xmlNode *container = work->node->children; container; container = container->next)
    if (container->type == XML_ELEMENT_NODE && !container->ns &&
        !is_listed((const char *)container->name))
      count_children(work, container);
}

/* ---- Together ------------------------------------------------------------------------------ */

static void add_host(struct inventory *inventory, const struct intake *intake,
                     const struct host *source) {
  struct inventory_host host = {.name = source->name,
                                .name_reason = or_empty(source->name_reason),
                                .as_of_reason = or_empty(source->as_of_reason),
                                .has_as_of = source->has_as_of,
                                .as_of = source->as_of};
  struct inventory_work work = {.inventory = inventory,
                                .host = &host,
                                .bundle = intake->bundle,
                                .source = source,
                                .certificates = map_new()};
  work.node = node_child(xmlDocGetRootElement(source->document), "host");
  add_products(&work);
  inventory_add_certificates(&work);
  add_sites_and_pools(&work);
  inventory_add_records(&work);
  inventory_add_logs(&work);
  add_others(&work);
  inventory_add_missing(&work);
  map_free(work.certificates);
  ARRAY_PUSH(inventory->hosts, inventory->host_count, inventory->host_capacity) = host;
}

void inventory_make(struct inventory *inventory, const struct intake *intake, const char *only) {
  inventory->bundle_name = intake->bundle->name;
  inventory->diags = &intake->bundle->diags;
  for (size_t i = 0; i < intake->bundle->count; i++)
    add_file(inventory, intake->bundle->artifacts[i]);
  for (size_t i = 0; i < intake->hosts->count; i++)
    if (!only || text_equal_nocase(intake->hosts->items[i].name, only))
      add_host(inventory, intake, &intake->hosts->items[i]);
}
