/* Bindings and the OAuth configuration meet the stores: is the certificate they
 * name there, with its key? And is every certificate in use described? */
#include "base/text.h"
#include "evidence/certificate_merge.h"
#include "evidence/certificate_stores.h"
#include "evidence/host_build.h"

#include <string.h>

enum { FACT_COUNT = 3 };
static const char *const fact_names[FACT_COUNT] = {"inStore", "hasPrivateKey", "usable"};
static const char *const fact_marks[FACT_COUNT] = {"@inStore", "@hasPrivateKey", "@usable"};

struct use {
  xmlNode *element; /* certificateBinding */
  struct judged facts[FACT_COUNT];
};

struct join {
  struct host_build *build;
  struct certificate_stores *stores;
  struct use *uses;
  size_t count, capacity;
  struct map *used; /* thumbprint -> the store it is looked for in */
};

static void judge_use(struct join *join, xmlNode *element) {
  const char *hash = node_get(element, "certificateHash"), *store = node_get(element, "store");
  if (!hash || !store) return; /* already marked: a conflict, or the central store */
  struct judgement judgement = certificate_judge(join->stores, store, hash);
  struct use use = {element, {judgement.in_store, judgement.has_private_key, judgement.usable}};
  for (size_t i = 0; i < FACT_COUNT; i++)
    node_set(element, fact_names[i], use.facts[i].value, origin_of(element));
  ARRAY_PUSH(join->uses, join->count, join->capacity) = use;
  if (*hash) *map_at(join->used, hash) = (void *)(uintptr_t)store;
}

static void judge_bindings(struct join *join) {
  for (xmlNode *site = node_child(join->build->sites, "site"); site;
       site = node_next(site, "site")) {
    xmlNode *bindings = node_child(site, "bindings");
    for (xmlNode *binding = bindings ? node_child(bindings, "binding") : NULL; binding;
         binding = node_next(binding, "binding"))
      for (xmlNode *each = node_child(binding, "certificateBinding"); each;
           each = node_next(each, "certificateBinding"))
        judge_use(join, each);
  }
}

static bool same_doubt(const struct judged *a, const struct judged *b) {
  return a->reason == b->reason && strcmp(a->needs, b->needs) == 0 && text_equal(a->note, b->note);
}

static void mark_one(xmlNode *scope, const char *of, const char *under,
                     const struct judged *judged) {
  node_mark(scope, of, under, judged->reason, judged->needs, judged->note, nowhere());
}

/* One mark in <sites> when all that are not known are so for one reason: where
 * the attribute stands it is known all the same. */
static void mark_fact(struct join *join, size_t fact) {
  const struct judged *first = NULL;
  bool uniform = true;
  for (size_t i = 0; i < join->count; i++) {
    const struct judged *judged = &join->uses[i].facts[fact];
    if (judged->value) continue;
    if (!first) first = judged;
    uniform = uniform && same_doubt(first, judged);
  }
  if (first && uniform) mark_one(join->build->sites, fact_marks[fact], "certificateBinding", first);
  for (size_t i = 0; i < join->count && first && !uniform; i++)
    if (!join->uses[i].facts[fact].value)
      mark_one(join->uses[i].element, fact_marks[fact], "certificateBinding",
               &join->uses[i].facts[fact]);
}

/* ---- Exchange ---------------------------------------------------------------------------- */

static bool judge_exchange(struct join *join) {
  bool known = true;
  static const char *const names[] = {"currentCertificateThumbprint",
                                      "previousCertificateThumbprint", "nextCertificateThumbprint"};
  xmlNode *exchange = join->build->exchange;
  for (xmlNode *auth = node_child(exchange, "authConfig"); auth;
       auth = node_next(auth, "authConfig")) {
    for (size_t i = 0; i < 3; i++) {
      const char *thumbprint = node_get(auth, names[i]);
      if (!thumbprint) known = false;
      if (thumbprint && *thumbprint) *map_at(join->used, thumbprint) = (void *)(uintptr_t) "my";
    }
    const char *current = node_get(auth, names[0]);
    if (!current) continue; /* marked, and usable with it */
    struct judged usable = certificate_judge(join->stores, "my", current).usable;
    node_set(auth, "usable", usable.value, node_attribute_origin(auth, names[0]));
    if (!usable.value) mark_one(auth, "@usable", "authConfig", &usable);
  }
  for (xmlNode *each = node_child(exchange, "exchangeCertificate"); each;
       each = node_next(each, "exchangeCertificate")) {
    const char *services = node_get(each, "services");
    if (!text_equal(services, "None"))
      *map_at(join->used, node_get(each, "thumbprint")) = (void *)(uintptr_t) "my";
  }
  return known && !node_child(exchange, "unknown");
}

/* ---- <certificates> ------------------------------------------------------------------------ */

/* A certificate in use that nothing describes may be any: expired, too short. */
static void mark_certificates(struct join *join, const struct map *described, bool uses_known) {
  bool all = true, listed = certificate_store_complete(join->stores, "my"), webhosting = false;
  for (size_t i = 0; i < map_count(join->used); i++) {
    if (map_get(described, map_key(join->used, i))) continue;
    const char *store = map_value(join->used, i);
    all = false;
    if (!certificate_store_complete(join->stores, store)) listed = false;
    if (strcmp(store, "webhosting") == 0) webhosting = true;
  }
  if (listed || (all && uses_known)) return;
  const char *needs = "certutil-my get-exchangecertificate";
  if (certificate_exports_complete(join->stores)) needs = "certutil-my";
  if (webhosting) needs = "certutil-webhosting certutil-my";
  node_mark(join->build->certificates, "certificate", "certificates", UNKNOWN_NOT_IN_BUNDLE, needs,
            NULL, nowhere());
}

void certificate_join(struct host_build *build) {
  struct join join = {.build = build, .stores = certificate_stores_new(build), .used = map_new()};
  judge_bindings(&join);
  for (size_t fact = 0; fact < FACT_COUNT; fact++)
    mark_fact(&join, fact);
  bool exchange_known = judge_exchange(&join);
  struct map *described = certificates_merge(build);
  mark_certificates(&join, described, build->uses_known && exchange_known);
  map_free(described);
  map_free(join.used);
  alloc_free(join.uses);
  certificate_stores_free(join.stores);
}
