/* What exports of the running server tell of its sites and pools: their states, and,
 * where applicationHost.config is missing, which sites, bindings and applications there are.
 * Where it is there, they may not contradict it: what they have and it has not is a conflict. */
#include "base/text.h"
#include "evidence/binding_address.h"
#include "evidence/host_build.h"
#include "evidence/host_server.h"

#include <stdio.h>
#include <string.h>

struct told_sites {
  struct host_build *build;
  bool configured;          /* applicationHost.config says which there are */
  struct map *sites;        /* key -> the <site> */
  struct map *bindings;     /* site, protocol, address -> the <binding> */
  struct map *applications; /* site and path -> the <application> */
  struct map *pools;        /* key -> the <applicationPool> */
  struct map *whole;        /* sites of which an export tells all bindings */
  struct map *whole_apps;   /* and all applications */
  bool any;
  bool listed; /* an export lists all sites */
};

static const char *text_of(const xmlNode *element, const char *name) {
  const char *value = node_get(element, name);
  return value ? value : "";
}

/* ---- Keys ------------------------------------------------------------------------ */

/* ":443:" and "*:443:" are one binding. Caller frees. */
static char *binding_key(const char *site, const xmlNode *binding) {
  const char *protocol = text_of(binding, "protocol");
  const char *information = text_of(binding, "bindingInformation");
  struct binding_address address;
  bool addressed = text_starts_nocase(protocol, "http") || text_equal_nocase(protocol, "ftp");
  char *plain =
      addressed && binding_address_parse(information, &address)
          ? alloc_format("%s\n%s\n%s:%s:%s", site, protocol, address.ip, address.port, address.host)
          : alloc_format("%s\n%s\n%s", site, protocol, information);
  char *key = text_lower(plain);
  alloc_free(plain);
  return key;
}

static void **place_of_binding(struct told_sites *told, const char *site, const xmlNode *binding) {
  char *key = binding_key(site, binding);
  void **place = map_at(told->bindings, key);
  alloc_free(key);
  return place;
}

static void index_server(struct told_sites *told) {
  for (xmlNode *site = node_child(told->build->sites, "site"); site;
       site = node_next(site, "site")) {
    const char *key = text_of(site, "key");
    *map_at(told->sites, key) = site;
    xmlNode *bindings = node_child(site, "bindings");
    for (xmlNode *each = bindings ? node_child(bindings, "binding") : NULL; each;
         each = node_next(each, "binding"))
      *place_of_binding(told, key, each) = each;
  }
  for (xmlNode *pool = node_child(told->build->pools, "applicationPool"); pool;
       pool = node_next(pool, "applicationPool"))
    *map_at(told->pools, text_of(pool, "key")) = pool;
}

/* ---- Conflicts --------------------------------------------------------------------- */

static void conflict(xmlNode *scope, const char *of, const char *under, const char *note,
                     struct origin origin) {
  if (!node_is_marked(scope, of))
    node_mark(scope, of, under, UNKNOWN_CONFLICT, "application-host get-website", note, origin);
}

/* ---- States -------------------------------------------------------------------------- */

static void take_state(xmlNode *element, const xmlNode *told) {
  const char *had = node_get(element, "state"), *state = node_get(told, "state");
  if (!state || !*state || node_is_marked(element, "@state")) return;
  if (!had) {
    node_set(element, "state", state, node_attribute_origin(told, "state"));
  } else if (!text_equal_nocase(had, state)) {
    xmlUnsetProp(element, (const xmlChar *)"state");
    node_mark(element, "@state", (const char *)element->name, UNKNOWN_CONFLICT,
              "get-website appcmd", "several exports differ", origin_of(told));
  }
}

static void mark_states(xmlNode *container, const char *name) {
  for (const xmlNode *each = node_child(container, name); each; each = node_next(each, name)) {
    if (node_get(each, "state") || node_is_marked(each, "@state")) continue;
    node_mark(container, "@state", name, UNKNOWN_NOT_IN_BUNDLE,
              strcmp(name, "site") == 0 ? "get-website appcmd" : "appcmd", NULL, nowhere());
    return;
  }
}

/* ---- Sites ----------------------------------------------------------------------------- */

/* NULL: applicationHost.config does not have it. */
static xmlNode *site_of(struct told_sites *told, const xmlNode *site) {
  char *key = text_lower(text_of(site, "name"));
  void **place = map_at(told->sites, key);
  if (!*place && !told->configured) {
    xmlNode *added = *place = node_add(told->build->sites, "site", origin_of(site));
    node_set(added, "name", text_of(site, "name"), node_attribute_origin(site, "name"));
    node_set(added, "key", key, node_attribute_origin(site, "name"));
    static const char *const names[] = {"id", "serverAutoStart"};
    for (size_t i = 0; i < 2; i++)
      node_set(added, names[i], node_get(site, names[i]), node_attribute_origin(site, names[i]));
    node_add(added, "bindings", origin_of(site));
  }
  alloc_free(key);
  return *place;
}

static void add_binding(struct told_sites *told, xmlNode *site, const xmlNode *binding,
                        void **place) {
  static const char *const names[] = {"protocol", "bindingInformation", "sslFlags"};
  xmlNode *added = *place = node_add(node_child(site, "bindings"), "binding", origin_of(binding));
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    node_set(added, names[i], node_get(binding, names[i]),
             node_attribute_origin(binding, names[i]));
  bool has_flags = node_get(added, "sslFlags") != NULL;
  server_settle_binding(told->build, added);
  if (has_flags) return;
  xmlUnsetProp(added, (const xmlChar *)"sslFlags");
  node_mark(added, "@sslFlags", "binding", UNKNOWN_NOT_IN_BUNDLE, "application-host",
            "the export does not say it", origin_of(binding));
}

/* Flags that one export leaves out, another may say. */
static void take_flags(struct told_sites *told, xmlNode *known, const xmlNode *binding) {
  const char *flags = node_get(binding, "sslFlags");
  if (!flags || told->configured || node_get(known, "sslFlags")) return;
  node_set(known, "sslFlags", flags, node_attribute_origin(binding, "sslFlags"));
  for (xmlNode *mark = node_child(known, "unknown"), *next; mark; mark = next) {
    next = node_next(mark, "unknown");
    if (!text_equal(node_get(mark, "of"), "@sslFlags")) continue;
    xmlUnlinkNode(mark);
    xmlFreeNode(mark);
  }
}

static void take_binding(struct told_sites *told, xmlNode *site, const xmlNode *binding) {
  void **place = place_of_binding(told, text_of(site, "key"), binding);
  if (*place) {
    take_flags(told, *place, binding);
    return;
  }
  bool of_another = map_get(told->whole, text_of(site, "key")) != NULL;
  if (told->configured || of_another)
    conflict(node_child(site, "bindings"), "binding", "bindings",
             told->configured ? "an export shows a binding that applicationHost.config has not"
                              : "several exports show different bindings",
             origin_of(binding));
  if (!told->configured) add_binding(told, site, binding, place);
}

/* Does the export leave out one that is there? */
static void check_whole(struct told_sites *told, xmlNode *site, const xmlNode *exported) {
  struct map *shown = map_new();
  const char *key = text_of(site, "key");
  for (xmlNode *each = node_child(exported, "binding"); each; each = node_next(each, "binding")) {
    char *name = binding_key(key, each);
    *map_at(shown, name) = shown;
    alloc_free(name);
  }
  xmlNode *bindings = node_child(site, "bindings");
  for (xmlNode *each = node_child(bindings, "binding"); each; each = node_next(each, "binding")) {
    char *name = binding_key(key, each);
    if (!map_get(shown, name))
      conflict(bindings, "binding", "bindings", "an export of the site has not all of its bindings",
               origin_of(exported));
    alloc_free(name);
  }
  map_free(shown);
  *map_at(told->whole, key) = site;
}

static void take_applications(struct told_sites *told, xmlNode *site, xmlNode *exported) {
  for (xmlNode *each = node_child(exported, "application"), *next; each; each = next) {
    next = node_next(each, "application");
    char *plain = text_joined(text_of(site, "key"), "\n", text_of(each, "path"));
    char *key = text_lower(plain);
    void **place = map_at(told->applications, key);
    if (!*place) node_move(*place = each, site);
    alloc_free(key);
    alloc_free(plain);
  }
  if (text_equal(node_get(exported, "applications"), "all"))
    *map_at(told->whole_apps, text_of(site, "key")) = site;
}

static void take_site(struct told_sites *told, xmlNode *exported) {
  told->any = true;
  xmlNode *site = site_of(told, exported);
  if (!site) {
    conflict(told->build->sites, "site", "sites",
             "an export shows a site that applicationHost.config has not", origin_of(exported));
    return;
  }
  take_state(site, exported);
  for (xmlNode *each = node_child(exported, "binding"); each; each = node_next(each, "binding"))
    take_binding(told, site, each);
  if (text_equal(node_get(exported, "bindings"), "all")) check_whole(told, site, exported);
  if (!told->configured) take_applications(told, site, exported);
}

static void take_pool(struct told_sites *told, const xmlNode *exported) {
  char *key = text_lower(text_of(exported, "name"));
  void **place = map_at(told->pools, key);
  if (!*place && told->configured) {
    conflict(told->build->pools, "applicationPool", "applicationPools",
             "an export shows a pool that applicationHost.config has not", origin_of(exported));
  } else if (!*place) {
    xmlNode *pool = *place = node_add(told->build->pools, "applicationPool", origin_of(exported));
    node_set(pool, "name", text_of(exported, "name"), node_attribute_origin(exported, "name"));
    node_set(pool, "key", key, node_attribute_origin(exported, "name"));
  }
  if (*place) take_state(*place, exported);
  alloc_free(key);
}

/* ---- Together ----------------------------------------------------------------------------- */

static const char *const kinds[] = {"get-website", "appcmd", "get-webbinding"};
enum { KINDS = sizeof kinds / sizeof *kinds };

static bool has_exports(const struct host_build *build) {
  for (size_t i = 0; i < KINDS; i++) {
    size_t position = 0;
    if (host_reading(build->group, kinds[i], &position)) return true;
  }
  return false;
}

/* Are these all sites of the server? A listing does not say that it was filtered. One that runs
 * from id 1 over two sites or more without a gap is taken for whole. */
static bool lists_all(const struct reading *reading) {
  struct map *ids = map_new();
  for (xmlNode *each = reading->facts ? node_child(reading->facts, "site") : NULL; each;
       each = node_next(each, "site"))
    if (node_get(each, "id")) *map_at(ids, node_get(each, "id")) = ids;
  size_t count = map_count(ids);
  bool all = reading->complete && count > 1;
  for (size_t id = 1; id <= count && all; id++) {
    char text[24];
    snprintf(text, sizeof text, "%zu", id);
    all = map_get(ids, text) != NULL;
  }
  map_free(ids);
  return all;
}

static void take_exports(struct told_sites *told) {
  for (size_t i = 0; i < KINDS; i++) {
    struct reading *reading;
    for (size_t position = 0; (reading = host_reading(told->build->group, kinds[i], &position));) {
      told->listed = told->listed || (i < 2 && lists_all(reading));
      for (xmlNode *each = reading->facts ? node_child(reading->facts, "site") : NULL; each;
           each = node_next(each, "site"))
        take_site(told, each);
      for (xmlNode *each = reading->facts ? node_child(reading->facts, "applicationPool") : NULL;
           each; each = node_next(each, "applicationPool"))
        take_pool(told, each);
    }
  }
}

/* An export may be of one protocol or one site: it proves what it lists, no more. But all
 * bindings of a site are all of them, whatever other sites there are. */
static void mark_unconfigured(struct told_sites *told) {
  struct host_build *build = told->build;
  const struct doubt *doubt = &build->group->server;
  if (!told->listed) doubt_mark(build->sites, "site", "sites", doubt);
  doubt_mark(build->pools, "applicationPool", "applicationPools", doubt);
  if (!told->any) return;
  bool settings = false;
  for (xmlNode *site = node_child(build->sites, "site"); site; site = node_next(site, "site")) {
    server_settle_applications(build, site);
    if (!map_get(told->whole, text_of(site, "key")))
      doubt_mark(node_child(site, "bindings"), "binding", "bindings", doubt);
    if (!map_get(told->whole_apps, text_of(site, "key")))
      doubt_mark(site, "application", "site", doubt);
    settings = settings || !node_get(site, "serverAutoStart");
  }
  if (settings) doubt_mark(build->sites, "@serverAutoStart", "site", doubt);
}

void host_sites_build(struct host_build *build) {
  struct told_sites told = {.build = build,
                            .configured = build->group->server.known,
                            .sites = map_new(),
                            .bindings = map_new(),
                            .applications = map_new(),
                            .pools = map_new(),
                            .whole = map_new(),
                            .whole_apps = map_new()};
  if (told.configured && has_exports(build)) index_server(&told);
  take_exports(&told);
  if (!told.configured) mark_unconfigured(&told);
  mark_states(build->sites, "site");
  mark_states(build->pools, "applicationPool");
  map_free(told.sites);
  map_free(told.bindings);
  map_free(told.applications);
  map_free(told.pools);
  map_free(told.whole);
  map_free(told.whole_apps);
}
