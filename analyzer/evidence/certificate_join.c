/* Bindings and the OAuth configuration meet the stores: is the certificate they
 * name there, with its key? And is every certificate in use described? */
#include "base/text.h"
#include "evidence/certificate_chain.h"
#include "evidence/certificate_merge.h"
#include "evidence/certificate_stores.h"
#include "evidence/host_build.h"

#include <string.h>

enum { FACT_COUNT = 3, UNDESCRIBED_MOST = 1000 };
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

/* Of several stores one that is not wholly listed stays: it may be there. */
static void note_use(struct join *join, const char *thumbprint, const char *store) {
  void **place = map_at(join->used, thumbprint);
  if (!*place || certificate_store_complete(join->stores, *place))
    *place = (void *)(uintptr_t)store;
}

static void judge_use(struct join *join, xmlNode *element) {
  const char *hash = node_get(element, "certificateHash"), *store = node_get(element, "store");
  if (!hash || !store) return; /* already marked: a conflict, or the central store */
  struct judgement judgement = certificate_judge(join->stores, store, hash);
  struct use use = {element, {judgement.in_store, judgement.has_private_key, judgement.usable}};
  for (size_t i = 0; i < FACT_COUNT; i++)
    node_set(element, fact_names[i], use.facts[i].value, origin_of(element));
  ARRAY_PUSH(join->uses, join->count, join->capacity) = use;
  if (*hash) note_use(join, hash, store);
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
      if (thumbprint && *thumbprint) note_use(join, thumbprint, "my");
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
    if (!text_equal(services, "None")) note_use(join, node_get(each, "thumbprint"), "my");
  }
  return known && !node_is_marked(exchange, "exchangeCertificate") &&
         !node_is_marked(exchange, "authConfig");
}

/* ---- <certificates> ------------------------------------------------------------------------ */

static const char *needs_of(const struct join *join, const char *store) {
  if (strcmp(store, "webhosting") == 0) return "certutil-webhosting certutil-my";
  if (strcmp(store, "my") != 0) return certificate_store_needs(store);
  return certificate_exports_complete(join->stores) ? "certutil-my"
                                                    : "certutil-my get-exchangecertificate";
}

/* Used, described nowhere, and not known to be missing from its store. */
static bool is_undescribed(const struct join *join, const struct map *described, size_t use) {
  return !map_get(described, map_key(join->used, use)) &&
         !certificate_store_complete(join->stores, map_value(join->used, use));
}

/* A certificate in use that nothing describes may be any: expired, too short. When it
 * is known which are in use, each of them stands there with nothing known but its
 * thumbprint; else any number of others may. */
static void mark_certificates(struct join *join, const struct map *described, bool uses_known) {
  size_t count = 0;
  const char *store = "my";
  for (size_t i = 0; i < map_count(join->used); i++) {
    if (!is_undescribed(join, described, i)) continue;
    count++;
    if (strcmp(store, "my") == 0) store = map_value(join->used, i);
  }
  if (count == 0 && (uses_known || certificate_store_complete(join->stores, "my"))) return;
  if (!uses_known || count > UNDESCRIBED_MOST) {
    node_mark(join->build->certificates, "certificate", "certificates", UNKNOWN_NOT_IN_BUNDLE,
              needs_of(join, store), NULL, nowhere());
    return;
  }
  for (size_t i = 0; i < map_count(join->used); i++)
    if (is_undescribed(join, described, i))
      certificate_add_undescribed(join->build, map_key(join->used, i),
                                  needs_of(join, map_value(join->used, i)));
}

void certificate_join(struct host_build *build) {
  struct join join = {.build = build, .stores = certificate_stores_new(build), .used = map_new()};
  for (size_t i = 0; i < build->served.count; i++)
    judge_use(&join, build->served.items[i]);
  for (size_t fact = 0; fact < FACT_COUNT; fact++)
    mark_fact(&join, fact);
  bool exchange_known = judge_exchange(&join);
  struct map *described = certificates_merge(build);
  mark_certificates(&join, described, build->uses_known && exchange_known);
  certificate_chain(build);
  map_free(described);
  map_free(join.used);
  alloc_free(join.uses);
  certificate_stores_free(join.stores);
}
