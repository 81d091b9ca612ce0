/* Certificates of a host: what is known of each, where it lies, and who uses it. */
#include "base/moment.h"
#include "base/text.h"
#include "cli/inventory_facts.h"

#include <string.h>

/* ---- Where it lies, who uses it ----------------------------------------------------- */

static struct inventory_certificate *find(const struct inventory_work *work,
                                          const char *thumbprint) {
  uintptr_t number = (uintptr_t)map_get(work->certificates, thumbprint);
  return number ? &work->host->certificates[number - 1] : NULL;
}

const struct inventory_certificate *inventory_certificate(const struct inventory_work *work,
                                                          const char *thumbprint) {
  return find(work, thumbprint);
}

void inventory_use(struct inventory_work *work, const char *thumbprint, const char *use) {
  struct inventory_certificate *certificate = find(work, thumbprint);
  if (!certificate) return;
  certificate->servers_own = true;
  if (certificate->use_count && text_equal(certificate->uses[certificate->use_count - 1], use))
    return; /* two records of one binding */
  ARRAY_PUSH(certificate->uses, certificate->use_count, certificate->use_capacity) = use;
}

static void add_entry(struct inventory_work *work, const xmlNode *store, const xmlNode *entry) {
  const char *thumbprint = node_get(entry, "thumbprint"), *key = node_get(entry, "hasPrivateKey");
  struct inventory_certificate *certificate = thumbprint ? find(work, thumbprint) : NULL;
  if (!certificate) return;
  const char *name = node_get(store, "key");
  if (text_equal(name, "my") || text_equal(name, "webhosting")) certificate->servers_own = true;
  char *text = alloc_format("%s%s", node_get(store, "name"),
                            text_equal(key, "true")    ? ", with its private key"
                            : text_equal(key, "false") ? ", without a private key"
                                                       : "");
  ARRAY_PUSH(certificate->stores, certificate->store_count, certificate->store_capacity) =
      inventory_keep(work->inventory, text);
}

static void add_stores(struct inventory_work *work) {
  const xmlNode *stores = node_child(work->node, "certificateStores");
  for (const xmlNode *store = node_child(stores, "store"); store; store = node_next(store, "store"))
    for (const xmlNode *entry = node_child(store, "entry"); entry;
         entry = node_next(entry, "entry"))
      add_entry(work, store, entry);
}

static void use_of_auth(struct inventory_work *work, const xmlNode *auth, const char *attribute,
                        const char *use) {
  const char *thumbprint = node_get(auth, attribute);
  if (thumbprint) inventory_use(work, thumbprint, use);
}

static void add_exchange_uses(struct inventory_work *work) {
  const xmlNode *exchange = node_child(work->node, "exchange");
  for (const xmlNode *each = node_child(exchange, "exchangeCertificate"); each;
       each = node_next(each, "exchangeCertificate")) {
    const char *services = node_get(each, "services"), *thumbprint = node_get(each, "thumbprint");
    if (!services || !thumbprint || !*services || text_equal(services, "None")) continue;
    char *use = alloc_format("Exchange services %s", services);
    inventory_use(work, thumbprint, inventory_keep(work->inventory, use));
  }
  for (const xmlNode *auth = node_child(exchange, "authConfig"); auth;
       auth = node_next(auth, "authConfig")) {
    use_of_auth(work, auth, "currentCertificateThumbprint", "OAuth of Exchange, current");
    use_of_auth(work, auth, "previousCertificateThumbprint", "OAuth of Exchange, previous");
    use_of_auth(work, auth, "nextCertificateThumbprint", "OAuth of Exchange, next");
  }
}

/* Records that bindings name; the others answer somebody all the same. */
static struct map *records_of_bindings(const struct inventory_host *host) {
  struct map *records = map_new();
  for (size_t i = 0; i < host->site_count; i++)
    for (size_t j = 0; j < host->sites[i].binding_count; j++) {
      const struct inventory_binding *binding = &host->sites[i].bindings[j];
      for (size_t k = 0; k < binding->served_count; k++)
        if (binding->served[k].record) *map_at(records, binding->served[k].record) = records;
    }
  return records;
}

void inventory_add_records(struct inventory_work *work) {
  struct map *records = records_of_bindings(work->host);
  const xmlNode *http_sys = node_child(work->node, "httpSys");
  for (const xmlNode *each = node_child(http_sys, "sslCertificate"); each;
       each = node_next(each, "sslCertificate")) {
    const char *hash = node_get(each, "certificateHash"), *record = node_get(each, "record");
    if (!hash || !record || map_get(records, record)) continue;
    char *use = alloc_format("HTTP.SYS record %s, which no binding has", record);
    inventory_use(work, hash, inventory_keep(work->inventory, use));
  }
  map_free(records);
}

/* ---- What is known of it ------------------------------------------------------------- */

/* Judged at the moment of collection, as check judges. Dates of certutil are a day wide. */
static const char *expiry_of(struct inventory_work *work, struct inventory_certificate *one) {
  int64_t earliest, latest;
  if (!one->not_after || !moment_parse(one->not_after, &earliest)) return "its end is not known";
  if (!one->not_after_latest || !moment_parse(one->not_after_latest, &latest)) latest = earliest;
  const struct inventory_host *host = work->host;
  const char *state = "until";
  long long days = 0;
  if (host->has_as_of) {
    one->expired = latest < host->as_of;
    state = one->expired ? "EXPIRED" : earliest < host->as_of ? "ENDS ABOUT NOW" : "until";
    days = (long long)((earliest - host->as_of) / 86400);
  }
  char *text = days > 0 && days <= 60 ? alloc_format("until %.10s, in %lld %s", one->not_after,
                                                     days, days == 1 ? "day" : "days")
                                      : alloc_format("%s %.10s", state, one->not_after);
  return inventory_keep(work->inventory, text);
}

static void add_certificate(struct inventory_work *work, const xmlNode *element) {
  struct inventory_certificate certificate = {
      .thumbprint = node_get(element, "thumbprint"),
      .subject = node_get(element, "subject"),
      .issuer = node_get(element, "issuer"),
      .not_before = node_get(element, "notBefore"),
      .not_after = node_get(element, "notAfter"),
      .not_after_latest = node_get(element, "notAfterLatest"),
      .key_algorithm = node_get(element, "keyAlgorithm"),
      .key_size = node_get(element, "keySize"),
      .signature = node_get(element, "signatureAlgorithm"),
      .self_signed = node_get(element, "selfSigned"),
      .friendly_name = node_get(element, "friendlyName"),
      .place = inventory_place(work, origin_of(element)),
  };
  if (!certificate.thumbprint) return;
  certificate.expiry = expiry_of(work, &certificate);
  struct inventory_host *host = work->host;
  ARRAY_PUSH(host->certificates, host->certificate_count, host->certificate_capacity) = certificate;
  *map_at(work->certificates, certificate.thumbprint) = (void *)(uintptr_t)host->certificate_count;
}

void inventory_add_certificates(struct inventory_work *work) {
  const xmlNode *certificates = node_child(work->node, "certificates");
  for (const xmlNode *each = node_child(certificates, "certificate"); each;
       each = node_next(each, "certificate"))
    add_certificate(work, each);
  work->host->certificates_gap =
      inventory_gap(inventory_mark(certificates, "certificate"), "certificates");
  add_stores(work);
  add_exchange_uses(work);
}
