/* <products>: Exchange, IIS and Windows of the server, and what tells of each version.
 *
 * IIS and Windows name their versions in the registry (InetStp; Windows NT\CurrentVersion),
 * IIS in every log that it writes ("#Software: Microsoft Internet Information Services
 * 10.0"). A server that has IIS has Windows, whether or not anything tells which.
 *
 * Exchange tells its cumulative update in AdminDisplayVersion and in the registry, and they stay
 * as they are when a security update is installed; that one shows in the file version of
 * ExSetup.exe only (learn.microsoft.com/exchange/new-features/build-numbers-and-release-dates). */
#include "base/text.h"
#include "evidence/host_objects.h"
#include "evidence/iis_schema.h"
#include "evidence/registry.h"
#include "evidence/registry_path.h"

#include <stdio.h>
#include <string.h>

/* What is told of a version. */
struct told {
  char version[64]; /* "" when nothing is told */
  const char *basis;
  struct origin origin;
};

static bool has_kind(const struct host_group *group, const char *kind) {
  size_t position = 0;
  return host_reading(group, kind, &position) != NULL;
}

/* ---- The registry ---------------------------------------------------------------------- */

#define INETSTP "HKLM\\SOFTWARE\\Microsoft\\InetStp"
#define CURRENT_VERSION "HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"

/* Decimal digits of a value, up to 10; "" when it is anything else. */
static const char *digits_of(const struct registry *registry, const char *path, const char *name,
                             struct told *told) {
  struct registry_answer answer = registry_value(registry, path, name);
  const char *data = answer.known && answer.present ? node_get(answer.node, "data") : NULL;
  uint64_t number;
  if (!data || strlen(data) > 10 || !text_unsigned(span_of(data), &number)) return "";
  if (!told->origin.source) told->origin = origin_of(answer.node);
  return data;
}

static struct told iis_of_registry(const struct registry *registry) {
  struct told told = {.basis = "registry"};
  const char *major = digits_of(registry, INETSTP, "MajorVersion", &told);
  const char *minor = digits_of(registry, INETSTP, "MinorVersion", &told);
  if (*major && *minor) snprintf(told.version, sizeof told.version, "%s.%s", major, minor);
  return told;
}

/* "6.3" stands in CurrentVersion of every Windows since; newer ones have numbers besides. */
static void add_release(const struct registry *registry, struct told *told, char release[24]) {
  const char *major = digits_of(registry, CURRENT_VERSION, "CurrentMajorVersionNumber", told);
  const char *minor = digits_of(registry, CURRENT_VERSION, "CurrentMinorVersionNumber", told);
  if (*major && *minor) {
    snprintf(release, 24, "%s.%s", major, minor);
    return;
  }
  struct registry_answer newer =
      registry_value(registry, CURRENT_VERSION, "CurrentMajorVersionNumber");
  struct registry_answer answer = registry_value(registry, CURRENT_VERSION, "CurrentVersion");
  const char *data = answer.known && answer.present ? node_get(answer.node, "data") : NULL;
  if (newer.known && !newer.present && data && strlen(data) < 8 &&
      strspn(data, "0123456789.") == strlen(data))
    snprintf(release, 24, "%s", data);
}

static struct told windows_of_registry(const struct registry *registry) {
  struct told told = {.basis = "registry"};
  char release[24] = "";
  const char *build = digits_of(registry, CURRENT_VERSION, "CurrentBuildNumber", &told);
  if (!*build) build = digits_of(registry, CURRENT_VERSION, "CurrentBuild", &told);
  add_release(registry, &told, release);
  const char *update = digits_of(registry, CURRENT_VERSION, "UBR", &told);
  if (*build && *release)
    snprintf(told.version, sizeof told.version, "%s.%s%s%s", release, build, *update ? "." : "",
             update);
  return told;
}

/* ---- Logs ------------------------------------------------------------------------------ */

/* Of several the highest: a server keeps its logs when it is upgraded, and never the reverse. */
static struct told iis_of_logs(const struct host_build *build) {
  static const char name[] = "Microsoft Internet Information Services ";
  struct told told = {.basis = "W3C log"};
  for (const xmlNode *log = node_child(build->logs, "log"); log; log = node_next(log, "log")) {
    const char *software = node_get(log, "software");
    if (!text_equal(node_get(log, "kind"), "w3c") || !software || !text_starts(software, name))
      continue;
    const char *version = software + sizeof name - 1;
    size_t size = strspn(version, "0123456789.");
    if (size == 0 || size > 8 || version[size] || iis_version_order(version, told.version) <= 0)
      continue;
    snprintf(told.version, sizeof told.version, "%s", version);
    told.origin = origin_of(log);
  }
  return told;
}

/* ---- Products ---------------------------------------------------------------------------- */

static void add_product(struct host_build *build, const char *name, const char *basis,
                        const struct told *told, const char *needs) {
  xmlNode *product = node_add(build->products, "product", nowhere());
  bool known = told && *told->version;
  node_set(product, "name", name, nowhere());
  if (known) node_set(product, "version", told->version, told->origin);
  if (known || basis) node_set(product, "basis", known ? told->basis : basis, nowhere());
  if (!known)
    node_mark(product, "@version", "product", UNKNOWN_NOT_IN_BUNDLE, needs, NULL, nowhere());
}

const char *host_exchange_basis(const struct host_build *build) {
  if (has_kind(build->group, "get-exchangecertificate")) return "Get-ExchangeCertificate";
  if (has_kind(build->group, "get-authconfig")) return "Get-AuthConfig";
  if (host_objects_any(build)) return "exports of Exchange";
  for (const xmlNode *site = node_child(build->sites, "site"); site; site = node_next(site, "site"))
    if (text_equal(node_get(site, "key"), "exchange back end")) return "site Exchange Back End";
  for (const xmlNode *pool = node_child(build->pools, "applicationPool"); pool;
       pool = node_next(pool, "applicationPool"))
    if (text_starts_nocase(node_get(pool, "key"), "msexchange")) return "application pools";
  return NULL;
}

/* ---- Exchange ------------------------------------------------------------------------------ */

#define EXCHANGE_SETUP "HKLM\\SOFTWARE\\Microsoft\\ExchangeServer\\v15\\Setup"

/* The next number of up to 5 digits in `text`, moved behind it; false when there is none. */
static bool next_number(const char **text, unsigned *number) {
  size_t skip = strcspn(*text, "0123456789"), size = strspn(*text + skip, "0123456789");
  if (!size || size > 5) return false;
  *number = 0;
  for (size_t i = 0; i < size; i++)
    *number = *number * 10 + (unsigned)((*text)[skip + i] - '0');
  *text += skip + size;
  return true;
}

/* "15.02.0986.005", "Version 15.2 (Build 986.5)" -> 15.2.986.5 */
static bool told_by(struct told *told, const xmlNode *object, const char *attribute,
                    const char *basis) {
  const char *text = object ? node_get(object, attribute) : NULL;
  unsigned part[4];
  for (size_t i = 0; i < 4; i++)
    if (!text || !next_number(&text, &part[i])) return false;
  snprintf(told->version, sizeof told->version, "%u.%u.%u.%u", part[0], part[1], part[2], part[3]);
  told->basis = basis;
  told->origin = origin_of(object);
  return true;
}

static bool told_by_setup(struct told *told, const struct registry *registry) {
  struct told from = {.basis = "registry"};
  const char *part[] = {digits_of(registry, EXCHANGE_SETUP, "MsiProductMajor", &from),
                        digits_of(registry, EXCHANGE_SETUP, "MsiProductMinor", &from),
                        digits_of(registry, EXCHANGE_SETUP, "MsiBuildMajor", &from),
                        digits_of(registry, EXCHANGE_SETUP, "MsiBuildMinor", &from)};
  for (size_t i = 0; i < 4; i++)
    if (!*part[i]) return false;
  snprintf(from.version, sizeof from.version, "%s.%s.%s.%s", part[0], part[1], part[2], part[3]);
  *told = from;
  return true;
}

/* 15.2.986.5 and 15.2.986.42 are one cumulative update. */
static bool same_update(const char *a, const char *b) {
  size_t dots = 0, i = 0;
  for (; a[i] && a[i] == b[i]; i++)
    if (a[i] == '.') dots++;
  return dots == 3;
}

/* Once the exports of Exchange are in place. */
void host_products_settle(struct host_build *build) {
  xmlNode *product = node_child(build->products, "product");
  if (!product || !text_equal(node_get(product, "name"), "Exchange")) return;
  struct registry *registry = registry_new(build->registry);
  struct told told[3] = {0}; /* the file first: it tells most */
  size_t count = 0;
  bool file = told_by(&told[0], node_child(build->exchange, "exSetup"), "fileVersion",
                      "file version of ExSetup.exe");
  count += file;
  count += told_by(&told[count], node_child(build->exchange, "exchangeServer"),
                   "adminDisplayVersion", "AdminDisplayVersion");
  count += told_by_setup(&told[count], registry);
  registry_free(registry);
  bool conflict = false;
  for (size_t i = 1; i < count; i++)
    conflict = conflict || !same_update(told[0].version, told[i].version);
  if (count && !conflict) node_set(product, "version", told[0].version, told[0].origin);
  if (file && !conflict) node_set(product, "build", told[0].version, told[0].origin);
  if (count && !conflict) node_set(product, "basis", told[0].basis, nowhere());
  enum unknown_reason reason = conflict ? UNKNOWN_CONFLICT : UNKNOWN_NOT_IN_BUNDLE;
  const char *note = conflict ? "the artifacts name several versions" : NULL;
  if (!count || conflict)
    node_mark(product, "@version", "product", reason,
              "get-exchangeserver exsetup registry-exchange", note, nowhere());
  if (!file || conflict)
    node_mark(product, "@build", "product", reason, "exsetup", note, nowhere());
}

static const char *iis_basis(const struct host_build *build, const struct told *told) {
  if (build->group->application_host) return "applicationHost.config";
  if (has_kind(build->group, "get-webbinding")) return "Get-WebBinding";
  if (has_kind(build->group, "get-website")) return "Get-Website";
  if (has_kind(build->group, "appcmd")) return "appcmd";
  return *told->version ? told->basis : NULL;
}

static const char *needs_of(const char *path) {
  char *key = registry_path_key(path);
  const char *kind = key ? registry_key_kind(key) : "registry-software";
  alloc_free(key);
  return kind;
}

void host_products_build(struct host_build *build) {
  struct registry *registry = registry_new(build->registry);
  struct told iis = iis_of_registry(registry), windows = windows_of_registry(registry);
  if (!*iis.version) iis = iis_of_logs(build);
  const char *exchange = host_exchange_basis(build), *basis = iis_basis(build, &iis);
  char *needs = text_joined(needs_of(INETSTP), " ", "w3c-log");
  if (exchange) {
    xmlNode *product = node_add(build->products, "product", nowhere());
    node_set(product, "name", "Exchange", nowhere());
    node_set(product, "basis", exchange, nowhere());
  }
  if (basis) add_product(build, "IIS", basis, &iis, needs);
  add_product(build, "Windows", NULL, &windows, needs_of(CURRENT_VERSION));
  if (!build->group->server.known)
    doubt_mark(build->products, "product", "products", &build->group->server);
  alloc_free(needs);
  registry_free(registry);
}
