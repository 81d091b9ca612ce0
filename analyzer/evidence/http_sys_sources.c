/* Asks every dump of netsh and every Get-WebBinding export which certificate a
 * binding is served with. Matching order: Microsoft, "AD FS: HTTP.SYS certificate
 * bindings"; sslFlags: IIS reference, <binding>. */
#include "evidence/http_sys_sources.h"

#include "base/text.h"
#include "evidence/binding_address.h"

#include <stdio.h>
#include <string.h>

enum { FLAG_SNI = 1, FLAG_CENTRAL_STORE = 2 };

/* What an artifact has under one key; two when it contradicts itself (dumps that
 * were written into one file). */
struct slot {
  const xmlNode *first, *second;
};

struct source {
  const struct reading *reading;
  bool is_netsh;
  struct map *slots; /* netsh: "ip 0.0.0.0 443"; export: site, protocol, address */
};

struct wanted {
  const char *ip, *port, *host; /* NULL when the binding has no such form */
  unsigned flags;
  bool has_flags;
};

static void add_answer(struct answers *answers, const struct answer *answer) {
  ARRAY_PUSH(answers->items, answers->count, answers->capacity) = *answer;
}

/* ---- Gathering ------------------------------------------------------------------ */

static const char *text_of(const xmlNode *element, const char *name) {
  const char *value = node_get(element, name);
  return value ? value : "";
}

/* `out` gets "type place port"; false when it is no record's. */
static bool record_key(char *out, size_t size, const char *type, const char *place,
                       const char *port) {
  const char *const parts[] = {type, " ", place, " ", port};
  size_t used = 0;
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    size_t length = strlen(parts[i]);
    if (length >= size - used) return false;
    memcpy(out + used, parts[i], length + 1);
    used += length;
  }
  return true;
}

static void lower_host(const char *host, char out[256]) {
  size_t size = strlen(host);
  if (size > 1 && host[size - 1] == '.') size--;
  if (size > 255) size = 255;
  for (size_t i = 0; i < size; i++)
    out[i] = (char)(host[i] >= 'A' && host[i] <= 'Z' ? host[i] + ('a' - 'A') : host[i]);
  out[size] = '\0';
}

static bool key_of_record(const xmlNode *record, char *out, size_t size) {
  const char *type = text_of(record, "type"), *port = text_of(record, "port");
  if (strcmp(type, "ccs") == 0) return record_key(out, size, "ccs", "", port);
  if (strcmp(type, "host") == 0) {
    char host[256];
    lower_host(text_of(record, "host"), host);
    return record_key(out, size, "host", host, port);
  }
  char ip[48];
  if (!binding_ip_normalise(span_of(text_of(record, "ip")), true, ip)) return false;
  return record_key(out, size, "ip", strcmp(ip, "*") == 0 ? "0.0.0.0" : ip, port);
}

static void keep(struct source *source, const char *key, const xmlNode *element) {
  void **place = map_at(source->slots, key);
  if (!*place) *place = alloc_bytes(sizeof(struct slot));
  struct slot *slot = *place;
  if (!slot->first)
    slot->first = element;
  else if (!text_equal_nocase(node_get(slot->first, "certificateHash"),
                              node_get(element, "certificateHash")))
    slot->second = element;
}

static void index_netsh(struct source *source) {
  for (xmlNode *record =
           source->reading->facts ? node_child(source->reading->facts, "sslCertificate") : NULL;
       record; record = node_next(record, "sslCertificate")) {
    char key[400];
    if (key_of_record(record, key, sizeof key)) keep(source, key, record);
  }
}

/* "site\nprotocol\nip:port:host", lower case, the address in its one form. */
static char *export_key(const char *site, const char *protocol, const char *information) {
  struct binding_address address;
  char *key =
      binding_address_parse(information, &address)
          ? alloc_format("%s\n%s\n%s:%s:%s", site, protocol, address.ip, address.port, address.host)
          : alloc_format("%s\n%s\n%s", site, protocol, information);
  char *lower = text_lower(key);
  alloc_free(key);
  return lower;
}

static void index_export(struct source *source) {
  const xmlNode *facts = source->reading->facts;
  for (xmlNode *site = facts ? node_child(facts, "site") : NULL; site;
       site = node_next(site, "site")) {
    for (xmlNode *each = node_child(site, "binding"); each; each = node_next(each, "binding")) {
      char *key = export_key(text_of(site, "name"), text_of(each, "protocol"),
                             text_of(each, "bindingInformation"));
      keep(source, key, each);
      alloc_free(key);
    }
  }
}

static void add_sources(struct sources *sources, const struct host_group *group, const char *kind,
                        bool is_netsh) {
  struct reading *reading;
  for (size_t position = 0; (reading = host_reading(group, kind, &position));) {
    struct source source = {.reading = reading, .is_netsh = is_netsh, .slots = map_new()};
    if (is_netsh)
      index_netsh(&source);
    else
      index_export(&source);
    ARRAY_PUSH(sources->items, sources->count, sources->capacity) = source;
  }
}

/* ---- What netsh says ---------------------------------------------------------------- */

static const struct slot *find(const struct source *source, const char *type, const char *place,
                               const char *port) {
  char key[400];
  if (!record_key(key, sizeof key, type, place, port)) return NULL;
  return map_get(source->slots, key);
}

static const struct slot *find_host(const struct source *source, const struct wanted *wanted) {
  if (!*wanted->host) return NULL;
  const struct slot *record = find(source, "host", wanted->host, wanted->port);
  const char *dot = strchr(wanted->host, '.');
  if (record || !dot) return record;
  char wildcard[260];
  snprintf(wildcard, sizeof wildcard, "*%s", dot);
  return find(source, "host", wildcard, wanted->port);
}

static bool any_address(const struct wanted *wanted) {
  return strcmp(wanted->ip, "*") == 0;
}

static const struct slot *find_intended(const struct source *source, const struct wanted *wanted) {
  if (wanted->flags & FLAG_CENTRAL_STORE) return find(source, "ccs", "", wanted->port);
  if (wanted->flags & FLAG_SNI) return find_host(source, wanted);
  return find(source, "ip", any_address(wanted) ? "0.0.0.0" : wanted->ip, wanted->port);
}

/* The record of the binding is missing: which one answers its clients all the same? */
static const struct slot *find_fallback(const struct source *source, const struct wanted *wanted) {
  const struct slot *record = NULL;
  if (!any_address(wanted)) record = find(source, "ip", wanted->ip, wanted->port);
  if (!record) record = find_host(source, wanted);
  if (!record) record = find(source, "ccs", "", wanted->port);
  bool ipv4 = !any_address(wanted) && wanted->ip[0] != '[';
  if (!record && !ipv4 && !any_address(wanted)) record = find(source, "ip", "[::]", wanted->port);
  if (!record) record = find(source, "ip", "0.0.0.0", wanted->port);
  if (!record && !ipv4) record = find(source, "ip", "[::]", wanted->port);
  return record;
}

static bool is_zeros(const char *hash) {
  return strspn(hash, "0") == strlen(hash);
}

static void name_certificate(struct answer *answer, const xmlNode *element, const char *store) {
  const char *hash = text_of(element, "certificateHash");
  answer->what = ANSWER_NAMES;
  answer->element = element;
  answer->store = store;
  if (!text_thumbprint(span_of(hash), answer->hash) || is_zeros(answer->hash))
    answer->hash[0] = '\0';
}

/* A central store has no certificate in its record, neither one for a port nor
 * one for a single host. */
static void read_record(struct answer *answer, const xmlNode *record) {
  name_certificate(answer, record, text_of(record, "store"));
  bool of_address = strcmp(text_of(record, "type"), "ip") == 0;
  if (!of_address && !*answer->hash) answer->what = ANSWER_CENTRAL_STORE;
}

static void ask_netsh(struct answers *answers, const struct source *source,
                      const struct wanted *wanted) {
  struct answer answer = {.reading = source->reading};
  const struct slot *slot = find_intended(source, wanted);
  if (!slot && !source->reading->complete) return; /* it may stand in the lost part */
  if (!slot) {
    slot = find_fallback(source, wanted);
    answer.fallback = true;
  }
  if (!slot) {
    answer.what = ANSWER_NONE;
    add_answer(answers, &answer);
    return;
  }
  read_record(&answer, slot->first);
  add_answer(answers, &answer);
  if (!slot->second) return;
  read_record(&answer, slot->second);
  add_answer(answers, &answer);
}

/* ---- What Get-WebBinding says --------------------------------------------------------- */

/* No hash: no record of its own. But a central store never shows one, and an SNI
 * binding may be served by the record of the address. */
static void read_told(struct answers *answers, const struct source *source, const xmlNode *told,
                      unsigned flags) {
  struct answer answer = {.reading = source->reading};
  if (!node_get(told, "certificateHash")) return;
  name_certificate(&answer, told, text_of(told, "certificateStoreName"));
  if (!*answer.hash && (flags & (FLAG_SNI | FLAG_CENTRAL_STORE))) return;
  if (!*answer.hash) answer.what = ANSWER_NONE;
  add_answer(answers, &answer);
}

/* An export that shows the site or binding otherwise is of another time. */
static bool is_of_another_time(const xmlNode *site, const xmlNode *told,
                               const struct wanted *wanted) {
  const char *id = node_get(told->parent, "id"), *own_id = node_get(site, "id");
  if (id && own_id && strcmp(id, own_id) != 0) return true;
  uint64_t flags;
  const char *text = node_get(told, "sslFlags");
  return text && wanted->has_flags && text_unsigned(span_of(text), &flags) &&
         flags != wanted->flags;
}

static void ask_export(struct answers *answers, const struct source *source, const xmlNode *site,
                       const xmlNode *binding, const struct wanted *wanted) {
  char *key = export_key(text_of(site, "key"), text_of(binding, "protocol"),
                         text_of(binding, "bindingInformation"));
  const struct slot *slot = map_get(source->slots, key);
  alloc_free(key);
  if (!slot || is_of_another_time(site, slot->first, wanted)) return;
  read_told(answers, source, slot->first, wanted->flags);
  if (slot->second) read_told(answers, source, slot->second, wanted->flags);
}

/* ---- All of them ------------------------------------------------------------------------ */

static struct wanted read_wanted(const xmlNode *binding) {
  struct wanted wanted = {.ip = node_get(binding, "ip"),
                          .port = node_get(binding, "port"),
                          .host = node_get(binding, "host")};
  uint64_t flags = FLAG_SNI | FLAG_CENTRAL_STORE; /* unknown: an empty hash proves nothing */
  const char *text = node_get(binding, "sslFlags");
  wanted.has_flags = text && text_unsigned(span_of(text), &flags);
  wanted.flags = (unsigned)flags;
  return wanted;
}

void http_sys_ask(const struct sources *sources, const xmlNode *site, const xmlNode *binding,
                  struct answers *answers) {
  struct wanted wanted = read_wanted(binding);
  bool addressed = wanted.ip && wanted.port && wanted.host && wanted.has_flags;
  answers->count = 0;
  for (size_t i = 0; i < sources->count; i++) {
    const struct source *source = &sources->items[i];
    if (!source->is_netsh)
      ask_export(answers, source, site, binding, &wanted);
    else if (addressed)
      ask_netsh(answers, source, &wanted);
  }
}

/* ---- Records that hide the binding's own -------------------------------------------- */

static void add_other(struct answers *others, const struct source *source,
                      const struct slot *slot) {
  struct answer answer = {.reading = source->reading};
  read_record(&answer, slot->first);
  add_answer(others, &answer);
  if (!slot->second) return;
  read_record(&answer, slot->second);
  add_answer(others, &answer);
}

/* Does another binding have this address on this port for its own? */
static bool is_named(const struct node_list *https, const char *ip, const char *port) {
  for (size_t i = 0; i < https->count; i++)
    if (text_equal_nocase(node_get(https->items[i], "ip"), ip) &&
        text_equal(node_get(https->items[i], "port"), port))
      return true;
  return false;
}

/* Clients of every address come here; for some of them another record is nearer. */
static void add_nearer(struct answers *others, const struct source *source,
                       const struct node_list *https, const struct wanted *wanted) {
  for (size_t i = 0; i < map_count(source->slots); i++) {
    const struct slot *slot = map_value(source->slots, i);
    char ip[48];
    if (strcmp(text_of(slot->first, "type"), "ip") != 0 ||
        !text_equal(node_get(slot->first, "port"), wanted->port) ||
        !binding_ip_normalise(span_of(text_of(slot->first, "ip")), true, ip) ||
        strcmp(ip, "*") == 0 || strcmp(ip, "0.0.0.0") == 0)
      continue;
    if (strcmp(ip, "[::]") == 0 || !is_named(https, ip, wanted->port))
      add_other(others, source, slot);
  }
}

void http_sys_others(const struct sources *sources, const struct node_list *https,
                     const xmlNode *binding, struct answers *others) {
  struct wanted wanted = read_wanted(binding);
  others->count = 0;
  if (!wanted.ip || !wanted.port || !wanted.host || !wanted.has_flags) return;
  bool of_address = !(wanted.flags & (FLAG_SNI | FLAG_CENTRAL_STORE));
  for (size_t i = 0; i < sources->count; i++) {
    const struct source *source = &sources->items[i];
    if (!source->is_netsh) continue;
    if (of_address && any_address(&wanted)) add_nearer(others, source, https, &wanted);
    if (!(wanted.flags & FLAG_SNI) || any_address(&wanted)) continue;
    const struct slot *exact = find(source, "ip", wanted.ip, wanted.port);
    if (exact) add_other(others, source, exact);
  }
}

bool http_sys_may_have_others(const xmlNode *binding) {
  struct wanted wanted = read_wanted(binding);
  if (!wanted.ip || !wanted.port || !wanted.host || !wanted.has_flags) return true;
  if (wanted.flags & FLAG_SNI) return !any_address(&wanted);
  return any_address(&wanted);
}

struct sources http_sys_sources_make(const struct host_group *group) {
  struct sources sources = {0};
  add_sources(&sources, group, "netsh-sslcert", true);
  add_sources(&sources, group, "get-webbinding", false);
  add_sources(&sources, group, "get-website", false);
  return sources;
}

static void free_slots(struct map *slots) {
  for (size_t i = 0; i < map_count(slots); i++)
    alloc_free(map_value(slots, i));
  map_free(slots);
}

void http_sys_sources_dispose(struct sources *sources) {
  for (size_t i = 0; i < sources->count; i++)
    free_slots(sources->items[i].slots);
  alloc_free(sources->items);
  *sources = (struct sources){0};
}

char *http_sys_identity(const xmlNode *record) {
  char key[400];
  if (!key_of_record(record, key, sizeof key)) key[0] = '\0';
  char *place = text_joined(*key ? key : text_of(record, "record"), " ", text_of(record, "store"));
  char *text = text_joined(place, " ", text_of(record, "certificateHash"));
  alloc_free(place);
  return text;
}
