/* Stores of LocalMachine. A certutil dump lists a store; Get-ExchangeCertificate
 * lists those certificates of My that have a private key (Microsoft,
 * Get-ExchangeCertificate); the drive Cert: shows some. Two witnesses that contradict each other
 * decide nothing. */
#include "evidence/certificate_stores.h"

#include "base/text.h"

#include <string.h>

enum key_state { KEY_NOT_TOLD, KEY_YES, KEY_NO, KEY_CONTRADICTED };

struct entry {
  xmlNode *node;
  size_t dumps;        /* certutil dumps that list it */
  size_t exports;      /* Get-ExchangeCertificate exports that list it */
  const void *counted; /* the dump or export that was counted last: each counts once */
  bool shown;          /* by the drive Cert:, which tells of what it shows alone */
  enum key_state dumped_key, exported_key, shown_key;
  const char *provider; /* of its key, as one of them says; NULL: none does */
  bool providers_differ;
};

struct listing {      /* one kind of witness about one store */
  size_t count;       /* how many artifacts */
  bool differ;        /* they do not list the same */
  struct doubt doubt; /* known when complete */
};

struct store {
  xmlNode *node;
  struct map *entries; /* thumbprint -> struct entry */
  struct listing dumps;
  const char *needs;
  bool is_my;        /* what Get-ExchangeCertificate speaks of */
  bool key_not_told; /* of some entry */
  bool provider_not_told;
};

struct certificate_stores {
  xmlNode *container;
  struct map *stores;     /* key -> struct store */
  struct map *commands;   /* key of a store that nothing lists -> what would list it */
  struct listing exports; /* of My, private keys only */
};

/* ---- Filling ------------------------------------------------------------------------ */

const char *certificate_store_needs(const char *key) {
  static const char *const rows[][2] = {{"my", "certutil-my get-exchangecertificate"},
                                        {"webhosting", "certutil-webhosting"},
                                        {"remote desktop", "certutil-remote-desktop"},
                                        {"root", "certutil-root"},
                                        {"ca", "certutil-ca"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (strcmp(key, rows[i][0]) == 0) return rows[i][1];
  return "certutil-store";
}

static struct store *store_at(struct certificate_stores *stores, const char *name,
                              struct origin origin) {
  char *key = text_lower(name);
  void **place = map_at(stores->stores, key);
  if (!*place) {
    struct store *store = *place = alloc_bytes(sizeof *store);
    store->node = node_add(stores->container, "store", origin);
    node_set(store->node, "name", name, origin);
    node_set(store->node, "key", key, origin);
    store->entries = map_new();
    store->needs = certificate_store_needs(key);
    store->is_my = strcmp(key, "my") == 0;
  }
  alloc_free(key);
  return *place;
}

static struct entry *entry_at(struct store *store, const char *thumbprint,
                              const xmlNode *certificate) {
  void **place = map_at(store->entries, thumbprint);
  if (!*place) {
    struct entry *entry = *place = alloc_bytes(sizeof *entry);
    entry->node = node_add(store->node, "entry", origin_of(certificate));
    node_set(entry->node, "thumbprint", thumbprint,
             node_attribute_origin(certificate, "thumbprint"));
  }
  return *place;
}

static enum key_state key_told(const xmlNode *certificate) {
  const char *word = node_get(certificate, "hasPrivateKey");
  if (!word) return KEY_NOT_TOLD;
  return text_equal_nocase(word, "true") ? KEY_YES : KEY_NO;
}

static enum key_state both_told(enum key_state a, enum key_state b) {
  if (a == KEY_NOT_TOLD || a == b) return b;
  return b == KEY_NOT_TOLD ? a : KEY_CONTRADICTED;
}

static void note_provider(struct entry *entry, const xmlNode *certificate) {
  const char *told = node_get(certificate, "keyProvider");
  if (!told) return;
  if (entry->provider && strcmp(entry->provider, told) != 0) entry->providers_differ = true;
  entry->provider = told;
}

/* The first thing that keeps a listing from being complete stays. */
static void doubt_listing(struct listing *listing, const struct reading *reading, bool complete,
                          const char *needs) {
  listing->count++;
  if (listing->count == 1) listing->doubt.known = true;
  if (complete || !listing->doubt.known) return;
  listing->doubt = (struct doubt){
      .reason = reading->complete ? UNKNOWN_AMBIGUOUS : reading->incomplete_reason,
      .needs = needs,
      .note = reading->complete
                  ? alloc_format("%s: it is not plainly the whole store", reading->artifact->path)
                  : reading_break_note(reading),
      .origin = reading->broken_at};
}

/* A certificate without a readable thumbprint: the list is not whole. */
static void doubt_nameless(struct listing *listing, const struct reading *reading,
                           const xmlNode *certificate, const char *needs) {
  if (!listing->doubt.known) return;
  listing->doubt = (struct doubt){
      .reason = UNKNOWN_AMBIGUOUS,
      .needs = needs,
      .note = alloc_format("%s:%u: a certificate without a SHA-1 thumbprint",
                           reading->artifact->path, (unsigned)origin_of(certificate).line),
      .origin = origin_of(certificate)};
}

static bool is_machine_store(const xmlNode *store) {
  const char *location = node_get(store, "location");
  return !location || !*location || text_equal_nocase(location, "LocalMachine");
}

static void add_dump(struct certificate_stores *stores, const struct reading *reading,
                     const xmlNode *dumped) {
  const char *name = node_get(dumped, "name");
  if (!name || !*name || !is_machine_store(dumped)) return;
  struct store *store = store_at(stores, name, origin_of(dumped));
  doubt_listing(&store->dumps, reading, text_equal(node_get(dumped, "complete"), "true"),
                store->needs);
  for (const xmlNode *certificate = node_child(dumped, "certificate"); certificate;
       certificate = node_next(certificate, "certificate")) {
    char thumbprint[41];
    const char *told = node_get(certificate, "thumbprint");
    if (!told || !text_thumbprint(span_of(told), thumbprint)) {
      doubt_nameless(&store->dumps, reading, certificate, store->needs);
      continue;
    }
    struct entry *entry = entry_at(store, thumbprint, certificate);
    if (entry->counted != dumped) entry->dumps++;
    entry->counted = dumped;
    entry->dumped_key = both_told(entry->dumped_key, key_told(certificate));
    note_provider(entry, certificate);
  }
}

/* What was shown of a store is in it; how much more is, it does not tell. */
static void add_shown(struct certificate_stores *stores, const struct reading *reading) {
  for (const xmlNode *shown = reading->facts ? node_child(reading->facts, "store") : NULL; shown;
       shown = node_next(shown, "store")) {
    if (!is_machine_store(shown)) continue;
    struct store *store = store_at(stores, node_get(shown, "name"), origin_of(shown));
    for (const xmlNode *certificate = node_child(shown, "certificate"); certificate;
         certificate = node_next(certificate, "certificate")) {
      char thumbprint[41];
      const char *told = node_get(certificate, "thumbprint");
      if (!told || !text_thumbprint(span_of(told), thumbprint)) continue;
      struct entry *entry = entry_at(store, thumbprint, certificate);
      entry->shown = true;
      entry->shown_key = both_told(entry->shown_key, key_told(certificate));
    }
  }
}

static void add_export(struct certificate_stores *stores, const struct reading *reading) {
  struct store *my = store_at(stores, "My", nowhere());
  doubt_listing(&stores->exports, reading, reading->complete, "get-exchangecertificate");
  for (const xmlNode *certificate = reading->facts ? node_child(reading->facts, "certificate")
                                                   : NULL;
       certificate; certificate = node_next(certificate, "certificate")) {
    char thumbprint[41];
    const char *told = node_get(certificate, "thumbprint");
    if (!told || !text_thumbprint(span_of(told), thumbprint)) {
      doubt_nameless(&stores->exports, reading, certificate, "get-exchangecertificate");
      continue;
    }
    struct entry *entry = entry_at(my, thumbprint, certificate);
    if (entry->counted != reading) entry->exports++;
    entry->counted = reading;
    enum key_state told_key = key_told(certificate);
    entry->exported_key =
        both_told(entry->exported_key, told_key == KEY_NOT_TOLD ? KEY_YES : told_key);
    note_provider(entry, certificate);
  }
}

/* A part of a store in the registry would only make doubtful what certutil prints of all. */
static bool is_needless(const struct certificate_stores *stores, const xmlNode *dumped) {
  if (text_equal(node_get(dumped, "complete"), "true")) return false;
  char *key = text_lower(node_get(dumped, "name") ? node_get(dumped, "name") : "");
  const struct store *store = map_get(stores->stores, key);
  alloc_free(key);
  return store && store->dumps.count > 0;
}

static void read_dumps(struct certificate_stores *stores, const struct host_group *group,
                       bool registry) {
  struct reading *reading;
  for (size_t position = 0; (reading = host_reading(group, "certutil-store", &position));) {
    if (text_equal(reading->kind, "registry-certificates") != registry) continue;
    for (const xmlNode *dumped = reading->facts ? node_child(reading->facts, "store") : NULL;
         dumped; dumped = node_next(dumped, "store"))
      if (!registry || !is_needless(stores, dumped)) add_dump(stores, reading, dumped);
  }
}

static void read_all(struct certificate_stores *stores, const struct host_group *group) {
  struct reading *reading;
  read_dumps(stores, group, false);
  read_dumps(stores, group, true);
  for (size_t position = 0; (reading = host_reading(group, "cert-drive", &position));)
    add_shown(stores, reading);
  for (size_t position = 0; (reading = host_reading(group, "get-exchangecertificate", &position));)
    add_export(stores, reading);
}

/* ---- Writing -------------------------------------------------------------------------- */

static void set_key(struct store *store, struct entry *entry) {
  enum key_state state =
      both_told(both_told(entry->dumped_key, entry->exported_key), entry->shown_key);
  struct origin origin = origin_of(entry->node);
  if (state == KEY_YES || state == KEY_NO)
    node_set(entry->node, "hasPrivateKey", state == KEY_YES ? "true" : "false", origin);
  else if (state == KEY_NOT_TOLD)
    store->key_not_told = true;
  else
    node_mark(entry->node, "@hasPrivateKey", "entry", UNKNOWN_CONFLICT, store->needs,
              "artifacts disagree about the private key", origin);
}

static void set_provider(struct store *store, struct entry *entry) {
  if (entry->providers_differ)
    node_mark(entry->node, "@keyProvider", "entry", UNKNOWN_CONFLICT, store->needs,
              "artifacts disagree about the provider of the key", origin_of(entry->node));
  else if (entry->provider)
    node_set(entry->node, "keyProvider", entry->provider, origin_of(entry->node));
  else
    store->provider_not_told = true;
}

static void finish_entries(struct certificate_stores *stores, struct store *store) {
  for (size_t i = 0; i < map_count(store->entries); i++) {
    struct entry *entry = map_value(store->entries, i);
    if (entry->dumps > 0 && entry->dumps < store->dumps.count) store->dumps.differ = true;
    if (entry->exports > 0 && entry->exports < stores->exports.count) stores->exports.differ = true;
    set_key(store, entry);
    set_provider(store, entry);
  }
}

static void mark_providers(const struct store *store) {
  if (!store->provider_not_told) return;
  bool listed = store->dumps.count > 0;
  node_mark(store->node, "@keyProvider", "entry",
            listed ? UNKNOWN_AMBIGUOUS : UNKNOWN_NOT_IN_BUNDLE,
            store->is_my ? "certutil-my" : store->needs,
            listed ? "the listing does not say which provider has the key" : NULL, nowhere());
}

static void finish_store(struct certificate_stores *stores, struct store *store) {
  finish_entries(stores, store);
  if (store->dumps.differ && store->dumps.doubt.known)
    store->dumps.doubt = (struct doubt){.reason = UNKNOWN_CONFLICT,
                                        .needs = store->needs,
                                        .note = alloc_text("several dumps of the store differ")};
  if (store->dumps.count == 0)
    store->dumps.doubt = (struct doubt){.reason = UNKNOWN_NOT_IN_BUNDLE, .needs = store->needs};
  struct doubt listing = store->dumps.doubt;
  if (store->is_my) listing.needs = "certutil-my"; /* no export lists the whole store */
  if (!listing.known) doubt_mark(store->node, "entry", "store", &listing);
  if (store->key_not_told)
    node_mark(store->node, "@hasPrivateKey", "entry", UNKNOWN_AMBIGUOUS,
              store->is_my ? "get-exchangecertificate" : "",
              "the listing does not say whether the key is there", nowhere());
  mark_providers(store);
}

static void finish_exports(struct certificate_stores *stores) {
  struct listing *exports = &stores->exports;
  if (exports->differ && exports->doubt.known)
    exports->doubt =
        (struct doubt){.reason = UNKNOWN_CONFLICT,
                       .needs = "get-exchangecertificate",
                       .note = alloc_text("several Get-ExchangeCertificate exports differ")};
}

struct certificate_stores *certificate_stores_new(struct host_build *build) {
  struct certificate_stores *stores = alloc_bytes(sizeof *stores);
  stores->container = build->stores;
  stores->stores = map_new();
  stores->commands = map_new();
  store_at(stores, "My", nowhere());
  store_at(stores, "WebHosting", nowhere());
  read_all(stores, build->group);
  for (size_t i = 0; i < map_count(stores->stores); i++)
    finish_store(stores, map_value(stores->stores, i));
  finish_exports(stores);
  return stores;
}

void certificate_stores_free(struct certificate_stores *stores) {
  for (size_t i = 0; i < map_count(stores->stores); i++) {
    struct store *store = map_value(stores->stores, i);
    for (size_t j = 0; j < map_count(store->entries); j++)
      alloc_free(map_value(store->entries, j));
    map_free(store->entries);
    doubt_dispose(&store->dumps.doubt);
    alloc_free(store);
  }
  for (size_t i = 0; i < map_count(stores->commands); i++)
    alloc_free(map_value(stores->commands, i));
  map_free(stores->commands);
  map_free(stores->stores);
  doubt_dispose(&stores->exports.doubt);
  alloc_free(stores);
}

/* ---- Judging ---------------------------------------------------------------------------- */

/* What one witness says: is it there, and with its key? */
struct witness {
  enum { THERE_UNKNOWN, THERE_YES, THERE_NO } there;
  enum key_state key;
};

static struct witness ask_dumps(const struct store *store, const struct entry *entry) {
  struct witness witness = {THERE_UNKNOWN, KEY_NOT_TOLD};
  if (store->dumps.doubt.known || (!store->dumps.differ && entry && entry->dumps)) {
    witness.there = entry && entry->dumps ? THERE_YES : THERE_NO;
    witness.key = entry && entry->dumps ? entry->dumped_key : KEY_NO;
  }
  return witness;
}

/* Not listed: either it is not in My or it has no key there. */
static struct witness ask_exports(const struct certificate_stores *stores,
                                  const struct store *store, const struct entry *entry) {
  struct witness witness = {THERE_UNKNOWN, KEY_NOT_TOLD};
  const struct listing *exports = &stores->exports;
  if (exports->count == 0 || !store->is_my) return witness;
  if (entry && entry->exports && !exports->differ) {
    witness.there = THERE_YES;
    witness.key = entry->exported_key;
  } else if (exports->doubt.known) {
    witness.key = KEY_NO;
  }
  return witness;
}

static struct witness ask_shown(const struct entry *entry) {
  if (!entry || !entry->shown) return (struct witness){THERE_UNKNOWN, KEY_NOT_TOLD};
  return (struct witness){THERE_YES, entry->shown_key};
}

static const char *word(bool value) {
  return value ? "true" : "false";
}

static struct judged unknown_because(enum unknown_reason reason, const char *needs,
                                     const char *note) {
  return (struct judged){NULL, reason, needs, note};
}

static struct judged why_unknown(const struct certificate_stores *stores,
                                 const struct store *store) {
  const struct doubt *dumps = &store->dumps.doubt, *exports = &stores->exports.doubt;
  const struct doubt *doubt = dumps;
  if (store->is_my && store->dumps.count == 0 && stores->exports.count > 0 && !exports->known)
    doubt = exports;
  if (doubt->known) /* listed, but without a word about the key */
    return unknown_because(UNKNOWN_AMBIGUOUS, store->is_my ? "get-exchangecertificate" : "",
                           "the listing does not say whether the key is there");
  bool exported = store->is_my && stores->exports.count > 0 && exports->known;
  return unknown_because(doubt->reason, exported ? "certutil-my" : store->needs, doubt->note);
}

static struct judged contradiction(const struct store *store) {
  return unknown_because(UNKNOWN_CONFLICT, store->needs,
                         "artifacts disagree about the certificate");
}

/* What certutil, Get-ExchangeCertificate and the drive Cert: say. */
struct witnesses {
  struct witness dumps, exports, shown;
};

static bool seen_elsewhere(const struct witnesses *all) {
  return all->exports.there == THERE_YES || all->shown.there == THERE_YES;
}

static struct judged judge_there(const struct store *store, const struct witnesses *all,
                                 struct judged unknown) {
  if (all->dumps.there == THERE_NO && seen_elsewhere(all)) return contradiction(store);
  if (all->dumps.there == THERE_YES || seen_elsewhere(all))
    return (struct judged){.value = word(true)};
  return all->dumps.there == THERE_NO ? (struct judged){.value = word(false)} : unknown;
}

static struct judged judge_key(const struct store *store, const struct witnesses *all,
                               struct judged unknown) {
  if (all->dumps.there == THERE_NO && seen_elsewhere(all)) return contradiction(store);
  switch (both_told(both_told(all->dumps.key, all->exports.key), all->shown.key)) {
  case KEY_YES:
    return (struct judged){.value = word(true)};
  case KEY_NO:
    return (struct judged){.value = word(false)};
  case KEY_CONTRADICTED:
    return contradiction(store);
  default:
    return unknown;
  }
}

static struct judgement judge(const struct certificate_stores *stores, const struct store *store,
                              const char *thumbprint) {
  const struct entry *entry = map_get(store->entries, thumbprint);
  const struct witnesses all = {ask_dumps(store, entry), ask_exports(stores, store, entry),
                                ask_shown(entry)};
  struct judged unknown = why_unknown(stores, store);
  struct judgement judgement = {.in_store = judge_there(store, &all, unknown)};
  /* A certificate that is there with its key, or is not, decides both at once. */
  judgement.usable = judge_key(store, &all, unknown);
  judgement.has_private_key = judgement.usable;
  if (text_equal(judgement.usable.value, "false") && !judgement.in_store.value)
    judgement.has_private_key = unknown;
  return judgement;
}

/* What lists a store that has no kind of evidence of its own. */
static const char *command_for(const struct certificate_stores *stores, const char *key,
                               const char *needs) {
  if (strcmp(needs, "certutil-store") != 0) return NULL;
  void **place = map_at(stores->commands, key);
  if (!*place) *place = alloc_format("certutil -store \"%s\" lists it", key);
  return *place;
}

struct judgement certificate_judge(const struct certificate_stores *stores, const char *store,
                                   const char *thumbprint) {
  struct judged no = {.value = word(false)};
  if (!*thumbprint) return (struct judgement){no, no, no};
  const struct store *found = map_get(stores->stores, store);
  if (found) return judge(stores, found, thumbprint);
  const char *needs = certificate_store_needs(store);
  struct judged unknown =
      unknown_because(UNKNOWN_NOT_IN_BUNDLE, needs, command_for(stores, store, needs));
  return (struct judgement){unknown, unknown, unknown};
}

bool certificate_exports_complete(const struct certificate_stores *stores) {
  return stores->exports.count > 0 && stores->exports.doubt.known;
}

bool certificate_store_complete(const struct certificate_stores *stores, const char *store) {
  const struct store *found = map_get(stores->stores, store);
  return found && found->dumps.doubt.known;
}
