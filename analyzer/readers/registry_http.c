/* Services\HTTP\Parameters -> HTTP.SYS records. */
#include "readers/registry_http.h"

#include "base/text.h"
#include "evidence/binding_address.h"
#include "evidence/registry_path.h"
#include "readers/readers.h"

#include <stdio.h>
#include <string.h>

#define PARAMETERS "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\HTTP\\Parameters"

static const struct {
  const char *path, *type;
} lists[] = {
    {PARAMETERS "\\SslBindingInfo", "ip"},
    {PARAMETERS "\\SslSniBindingInfo", "host"},
    {PARAMETERS "\\SslCcsBindingInfo", "ccs"},
    {PARAMETERS "\\SslScopedCcsBindingInfo", "host"},
};
enum { LISTS = sizeof lists / sizeof *lists };

/* The data of a value; "" when there is none; NULL when it is not known. */
static const char *data_of(const xmlNode *key, const char *name, struct origin *origin) {
  const xmlNode *value = node_child(key, "value");
  while (value && !text_equal_nocase(node_get(value, "name"), name))
    value = node_next(value, "value");
  *origin = origin_of(value ? value : key);
  if (!value) return node_mark_of(key, "value") ? NULL : "";
  return node_get(value, "data");
}

/* The first three groups of a GUID are little-endian numbers; `hex` has 32 digits. */
static void guid_text(const char *hex, char out[39]) {
  static const unsigned char order[] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
  size_t used = 0;
  out[used++] = '{';
  for (size_t i = 0; i < 16; i++) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out[used++] = '-';
    for (size_t d = 0; d < 2; d++) {
      char c = hex[2u * order[i] + d];
      out[used++] = (char)(c >= 'A' && c <= 'F' ? c + ('a' - 'A') : c);
    }
  }
  out[used++] = '}';
  out[used] = '\0';
}

static void set_app(xmlNode *record, const xmlNode *key) {
  struct origin origin;
  const char *hex = data_of(key, "AppId", &origin);
  char guid[39];
  if (!hex || strlen(hex) != 32) return;
  guid_text(hex, guid);
  node_set(record, "appId", guid, origin);
}

/* What stands there only where it is not as a record without options has it. */
static const struct {
  const char *value, *attribute;
  uint64_t bit;
  const char *word;
} options[] = {
    {"DefaultFlags", "dsMapperUsage", 0x1, "true"},
    {"DefaultFlags", "negotiateClientCertificate", 0x2, "true"},
    {"DefaultFlags", "rejectConnections", 0x8, "true"},
    {"DefaultFlags", "disableHttp2", 0x10, "true"},
    {"DefaultFlags", "disableQuic", 0x20, "true"},
    {"DefaultFlags", "disableTls13", 0x40, "true"},
    {"DefaultFlags", "disableOcspStapling", 0x80, "true"},
    {"DefaultFlags", "enableTokenBinding", 0x100, "true"},
    {"DefaultFlags", "logExtendedEvents", 0x200, "true"},
    {"DefaultFlags", "disableLegacyTls", 0x400, "true"},
    {"DefaultFlags", "enableSessionTicket", 0x800, "true"},
    {"DefaultFlags", "disableTls12", 0x1000, "true"},
    {"DefaultFlags", "disableSessionId", 0x4000, "true"},
    {"DefaultSslCertCheckMode", "verifyClientCertificateRevocation", 0x1, "false"},
    {"DefaultSslCertCheckMode", "verifyRevocationUsingCachedClientCertificateOnly", 0x2, "true"},
    {"DefaultSslCertCheckMode", "usageCheck", 0x10000, "false"},
};

/* Numbers and names that are told as they are, unless 0 or empty. */
static const char *const plain[][2] = {
    {"DefaultSslRevocationFreshnessTime", "revocationFreshnessTime"},
    {"DefaultSslRevocationUrlRetrievalTimeout", "urlRetrievalTimeout"},
    {"DefaultSslCtlIdentifier", "ctlIdentifier"},
    {"DefaultSslCtlStoreName", "ctlStoreName"},
};

static bool set_options(xmlNode *record, const xmlNode *key) {
  struct origin origin;
  for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
    const char *data = data_of(key, options[i].value, &origin);
    uint64_t bits = 0;
    if (!data || (*data && !text_unsigned(span_of(data), &bits))) return false;
    if (bits & options[i].bit) node_set(record, options[i].attribute, options[i].word, origin);
  }
  for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
    const char *data = data_of(key, plain[i][0], &origin);
    if (!data) return false;
    if (*data && strcmp(data, "0") != 0) node_set(record, plain[i][1], data, origin);
  }
  return true;
}

static bool set_certificate(xmlNode *record, const xmlNode *key) {
  struct origin origin;
  char thumbprint[41] = "";
  const char *hash = data_of(key, "SslCertHash", &origin);
  if (!hash || (*hash && !text_thumbprint(span_of(hash), thumbprint))) return false;
  node_set(record, "certificateHash", thumbprint, origin);
  const char *store = data_of(key, "SslCertStoreName", &origin);
  if (!store) return false;
  char *lower = text_lower(*store ? store : "my");
  node_set(record, "store", lower, origin);
  alloc_free(lower);
  return true;
}

/* "0.0.0.0:443", "host:443"; of a central store the port may stand alone. */
static bool set_place(xmlNode *record, const char *type, const char *name, struct origin origin) {
  const char *colon = strrchr(name, ':');
  const char *port = colon ? colon + 1 : name;
  uint64_t number;
  bool alone = strcmp(type, "ccs") == 0;
  if (!text_unsigned(span_of(port), &number) || number > 65535 || (!colon && !alone)) return false;
  node_set(record, "record", name, origin);
  node_set(record, "type", type, origin);
  node_set(record, "port", port, origin);
  if (alone) return true;
  char *place = alloc_text_n(name, (size_t)(colon - name));
  char *lower = text_lower(place), ip[48];
  bool good = true;
  if (strcmp(type, "ip") != 0)
    node_set(record, "host", lower, origin);
  else if ((good = binding_ip_normalise(span_of(place), true, ip)))
    node_set(record, "ip", ip[0] == '*' ? "0.0.0.0" : ip, origin);
  alloc_free(lower);
  alloc_free(place);
  return good;
}

static bool add_record(struct reading *reading, const xmlNode *key, const char *type) {
  struct origin origin = origin_of(key);
  xmlNode *record = node_add(reading->facts, "sslCertificate", origin);
  const char *name = strrchr(node_get(key, "path"), '\\') + 1;
  if (set_place(record, type, name, origin) && set_certificate(record, key)) {
    set_app(record, key);
    if (set_options(record, key)) return true;
  }
  xmlUnlinkNode(record);
  xmlFreeNode(record);
  return false;
}

/* Complete: the list is covered, and each of its records can be read. */
static bool read_list(struct reading *reading, const struct registry *index, size_t list,
                      size_t *count) {
  bool complete = registry_subkeys(index, lists[list].path).known;
  xmlNode *key;
  for (size_t i = 0; (key = registry_subkey(index, lists[list].path, i)); i++, ++*count)
    if (!add_record(reading, key, lists[list].type)) complete = false;
  return complete;
}

static void add_reading(struct readings *readings, struct reading *reading,
                        const struct reading *from) {
  if (from->computer) reading->computer = alloc_text(from->computer);
  ARRAY_PUSH(readings->items, readings->count, readings->capacity) = *reading;
}

static void read_records(const struct registry *index, const struct reading *from,
                         struct readings *readings) {
  struct reading reading = {.artifact = from->artifact, .kind = "registry-http", .complete = true};
  size_t count = 0, complete = 0;
  reading_start(&reading, readings);
  for (size_t i = 0; i < LISTS; i++)
    complete += read_list(&reading, index, i, &count);
  if (count == 0 && complete == 0) {
    xmlFreeDoc(reading.document);
    return;
  }
  if (complete < LISTS) {
    reading.complete = false;
    reading.incomplete_reason = from->complete ? UNKNOWN_NOT_IN_BUNDLE : from->incomplete_reason;
    reading.broken_why = alloc_text("not all HTTP.SYS bindings can be read from this export");
  }
  add_reading(readings, &reading, from);
}

/* ListenOnlyList: an address a line, as `netsh http show iplisten` lists them. */
static bool add_address(xmlNode *list, struct span text, struct origin origin) {
  char bracketed[64], ip[48];
  text = span_trim(text);
  if (text.size == 0 || text.size > 45) return text.size == 0;
  bool six = memchr(text.start, ':', text.size) && text.start[0] != '[';
  snprintf(bracketed, sizeof bracketed, six ? "[%.*s]" : "%.*s", (int)text.size, text.start);
  if (!binding_ip_normalise(span_of(bracketed), true, ip)) return false;
  node_set(node_add(list, "address", origin), "ip", strcmp(ip, "*") == 0 ? "0.0.0.0" : ip, origin);
  return true;
}

static void read_addresses(const struct registry *index, const struct reading *from,
                           struct readings *readings) {
  struct registry_answer answer = registry_value(index, PARAMETERS, "ListenOnlyList");
  const char *at = answer.known && answer.present ? node_get(answer.node, "data") : "";
  if (!answer.known || !at) return;
  struct reading reading = {
      .artifact = from->artifact, .kind = "registry-iplisten", .complete = true};
  reading_start(&reading, readings);
  struct origin origin = origin_of(answer.node);
  xmlNode *list = node_add(reading.facts, "ipListen", origin);
  bool good = true;
  for (size_t size; *at && good; at += size + (at[size] == '\n')) {
    size = strcspn(at, "\n");
    good = add_address(list, (struct span){at, size}, origin);
  }
  if (good)
    add_reading(readings, &reading, from);
  else
    xmlFreeDoc(reading.document);
}

void registry_http_read(const struct registry *index, const struct reading *from,
                        struct readings *readings) {
  read_records(index, from, readings);
  read_addresses(index, from, readings);
}
