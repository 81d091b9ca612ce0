/* SystemCertificates -> stores with certificates. */
#include "readers/registry_certificates.h"

#include "base/map.h"
#include "base/moment.h"
#include "base/text.h"
#include "evidence/registry_path.h"
#include "readers/certificate_blob.h"
#include "readers/readers.h"
#include "readers/x509.h"

#include <string.h>

#define MACHINE "hkey_local_machine\\software\\microsoft\\systemcertificates\\"
#define POLICY "hkey_local_machine\\software\\policies\\microsoft\\systemcertificates\\"
#define ENTERPRISE "hkey_local_machine\\software\\microsoft\\enterprisecertificates\\"
#define BELOW "\\certificates"

/* Where certificates of the machine are kept; of users and services only the facts count. */
static const char *const machine_places[] = {MACHINE, POLICY, ENTERPRISE};
enum { PLACES = sizeof machine_places / sizeof *machine_places };

struct found {
  xmlNode *certificate;
  char *list; /* key of the "Certificates" key that it stands in */
};

struct registry_certificates {
  const struct reading *from;
  struct readings *readings;
  struct reading own;
  struct found *items;
  size_t count, capacity;
  struct map *taken; /* key of a list -> how many of its certificates were read */
};

struct registry_certificates *registry_certificates_new(const struct reading *from,
                                                        struct readings *readings) {
  struct registry_certificates *all = alloc_bytes(sizeof *all);
  all->from = from;
  all->readings = readings;
  all->own = (struct reading){
      .artifact = from->artifact, .kind = "registry-certificates", .complete = true};
  reading_start(&all->own, readings);
  all->taken = map_new();
  return all;
}

/* ---- Taking ------------------------------------------------------------------------- */

static bool ends_with(const char *text, size_t size, const char *end) {
  size_t length = strlen(end);
  return size >= length && memcmp(text + size - length, end, length) == 0;
}

/* "...\systemcertificates\my\certificates" of a certificate's key; NULL when it is none. */
static char *list_of(const char *key) {
  size_t size = registry_key_parent(key);
  if (!ends_with(key, size, BELOW)) return NULL;
  char *list = alloc_text_n(key, size);
  bool stores =
      strstr(list, "\\systemcertificates\\") || strstr(list, "\\enterprisecertificates\\");
  if (stores) return list;
  alloc_free(list);
  return NULL;
}

static xmlNode *read_blob(struct registry_certificates *all, const uint8_t *bytes, size_t size,
                          struct origin origin) {
  struct certificate_blob blob;
  char error[128];
  if (!certificate_blob_read(bytes, size, &blob)) return NULL;
  xmlNode *certificate = node_add(all->own.facts, "certificate", origin);
  bool good =
      x509_facts((const uint8_t *)blob.der.start, blob.der.size, certificate, origin, error);
  if (good) {
    node_set(certificate, "friendlyName", blob.friendly_name ? blob.friendly_name : "", origin);
    if (blob.archived) node_set(certificate, "archived", "true", origin);
    node_set(certificate, "hasPrivateKey", blob.has_key_provider ? "true" : "false", origin);
    node_set(certificate, "keyProvider", blob.has_key_provider ? blob.key_provider : "", origin);
  }
  xmlUnlinkNode(certificate);
  if (!good) xmlFreeNode(certificate);
  certificate_blob_dispose(&blob);
  return good ? certificate : NULL;
}

bool registry_certificates_take(struct registry_certificates *all, const xmlNode *key,
                                const char *name, const uint8_t *bytes, size_t size,
                                struct origin origin) {
  char *list = text_equal_nocase(name, "Blob") ? list_of(node_get(key, "key")) : NULL;
  if (!list) return false;
  xmlNode *certificate = read_blob(all, bytes, size, origin);
  void **count = map_at(all->taken, list);
  *count = (void *)((uintptr_t)*count + (certificate ? 1 : 0));
  int64_t moment;
  if (!certificate) {
    reading_breaks((struct reading *)all->from, UNKNOWN_DAMAGED, origin,
                   "a certificate's Blob that cannot be read");
    alloc_free(list);
    return true;
  }
  if (moment_parse(node_get(certificate, "notBefore"), &moment))
    reading_saw_hint(&all->own, moment, "NotBefore of a certificate");
  ARRAY_PUSH(all->items, all->count, all->capacity) = (struct found){certificate, list};
  return true;
}

/* ---- Stores ---------------------------------------------------------------------------- */

/* Origins are not copied with a node. */
static xmlNode *copy_into(const xmlNode *certificate, xmlNode *store) {
  xmlNode *copy = xmlDocCopyNode((xmlNode *)certificate, store->doc, 1);
  origin_set(copy, origin_of(certificate));
  for (xmlAttr *a = copy->properties; a; a = a->next)
    origin_set((xmlNode *)a, origin_of(certificate));
  for (xmlNode *child = copy->children; child; child = child->next)
    origin_set(child, origin_of(certificate));
  return xmlAddChild(store, copy);
}

/* "my" of MACHINE "my\certificates"; false when the list is not of that place. */
static bool store_in(const char *list, const char *place, struct span *store) {
  size_t front = strlen(place), size = strlen(list);
  if (!text_starts(list, place) || !ends_with(list, size, BELOW)) return false;
  *store = (struct span){list + front, size - front - strlen(BELOW)};
  return store->size > 0 && !memchr(store->start, '\\', store->size);
}

static bool has_one_part(const char *store) {
  return strcmp(store, "my") == 0 || strcmp(store, "webhosting") == 0 ||
         strcmp(store, "request") == 0;
}

static bool is_list_whole(const struct registry_certificates *all, const struct registry *index,
                          const char *place, const char *store) {
  char *path = alloc_format("%s%s" BELOW, place, store);
  bool whole = registry_subkeys(index, path).known;
  size_t subkeys = 0, taken = (uintptr_t)map_get(all->taken, path);
  while (registry_subkey(index, path, subkeys))
    subkeys++;
  alloc_free(path);
  return whole && subkeys == taken;
}

static bool is_whole(const struct registry_certificates *all, const struct registry *index,
                     const char *store) {
  bool whole = is_list_whole(all, index, MACHINE, store);
  for (size_t i = 1; i < PLACES && whole && !has_one_part(store); i++)
    whole = is_list_whole(all, index, machine_places[i], store);
  if (whole && strcmp(store, "root") == 0) whole = is_list_whole(all, index, MACHINE, "authroot");
  return whole;
}

static xmlNode *store_at(struct registry_certificates *all, struct map *stores,
                         const char *location, const char *name) {
  char *key = alloc_format("%s\\%s", location, name);
  void **place = map_at(stores, key);
  alloc_free(key);
  if (*place) return *place;
  static const char *const known[] = {"My", "WebHosting", "Root", "CA", "AuthRoot"};
  const char *shown = name;
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (text_equal_nocase(known[i], name)) shown = known[i];
  xmlNode *store = *place = node_add(all->own.facts, "store", origin_of(all->own.facts));
  node_set(store, "location", location, origin_of(store));
  node_set(store, "name", shown, origin_of(store));
  node_set(store, "key", name, origin_of(store));
  return store;
}

static void put(struct registry_certificates *all, struct map *stores, const struct found *found) {
  struct span name;
  const char *list = found->list;
  bool machine = false;
  for (size_t i = 0; i < PLACES && !machine; i++)
    machine = store_in(list, machine_places[i], &name);
  if (!machine) {
    bool user = text_starts(list, "hkey_users\\") || text_starts(list, "hkey_current_user\\");
    size_t size = strlen(list) - strlen(BELOW);
    while (size > 0 && list[size - 1] != '\\')
      size--;
    name = (struct span){list + size, strlen(list) - strlen(BELOW) - size};
    char *text = span_copy(name);
    node_move(found->certificate, store_at(all, stores, user ? "CurrentUser" : "Service", text));
    alloc_free(text);
    return;
  }
  char *text = span_copy(name);
  xmlNode *store = store_at(all, stores, "LocalMachine", text);
  if (strcmp(text, "authroot") == 0) { /* it shows in Root as well */
    copy_into(found->certificate, store_at(all, stores, "LocalMachine", "root"));
  }
  node_move(found->certificate, store);
  alloc_free(text);
}

/* An empty store that is covered is known to be empty. */
static void add_empty(struct registry_certificates *all, struct map *stores,
                      const struct registry *index) {
  static const char *const names[] = {"my", "webhosting", "root", "ca"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (is_whole(all, index, names[i])) store_at(all, stores, "LocalMachine", names[i]);
}

static void settle(struct registry_certificates *all, struct map *stores,
                   const struct registry *index) {
  for (size_t i = 0; i < map_count(stores); i++) {
    xmlNode *store = map_value(stores, i);
    if (text_equal(node_get(store, "location"), "LocalMachine") &&
        is_whole(all, index, node_get(store, "key")))
      node_set(store, "complete", "true", origin_of(store));
  }
}

void registry_certificates_finish(struct registry_certificates *all, const struct registry *index) {
  struct map *stores = map_new();
  for (size_t i = 0; i < all->count; i++) {
    put(all, stores, &all->items[i]);
    alloc_free(all->items[i].list);
  }
  add_empty(all, stores, index);
  settle(all, stores, index);
  if (map_count(stores) > 0) {
    if (all->from->computer) all->own.computer = alloc_text(all->from->computer);
    ARRAY_PUSH(all->readings->items, all->readings->count, all->readings->capacity) = all->own;
  } else {
    xmlFreeDoc(all->own.document);
  }
  map_free(stores);
  map_free(all->taken);
  alloc_free(all->items);
  alloc_free(all);
}
