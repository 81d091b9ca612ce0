/* Get-ExchangeCertificate: the certificates of LocalMachine\My that Exchange can
 * use (those with a private key), and what Exchange uses each for.
 *
 * Facts, two elements an object:
 *   certificate          as x509.h fills it from RawData, source="get-exchangecertificate",
 *                        with @friendlyName, @archived, @keyProvider and @hasPrivateKey (which
 *                        belongs to the store's entry) when the blob tells them.
 *                        Not for a pending request: that is not in the store My.
 *   exchangeCertificate  @thumbprint @services @status
 * Services and status stand in SerializationData, a .NET stream (nrbf.h), or are
 * properties of their own; what neither tells is marked. The blob counts only
 * when the certificate in it is the one in RawData.
 * The numbers are those of Exchange's own enumerations as its documentation lists
 * them (learn.microsoft.com, Get-ExchangeCertificate, Enable-ExchangeCertificate). */
#include "readers/powershell.h"

#include "base/buffer.h"
#include "base/moment.h"
#include "readers/certificate_blob.h"
#include "readers/nrbf.h"
#include "readers/told_certificate.h"
#include "readers/x509.h"

#include <string.h>

static const struct {
  int64_t bit;
  const char *name;
} service_names[] = {{1, "IMAP"},  {2, "POP"},         {4, "UM"},           {8, "IIS"},
                     {16, "SMTP"}, {32, "Federation"}, {64, "UMCallRouter"}};
enum { SERVICES = sizeof service_names / sizeof *service_names, ALL_SERVICES = 127 };

static const char *const status_names[] = {"Unknown",
                                           "Valid",
                                           "Revoked",
                                           "DateInvalid",
                                           "Untrusted",
                                           "Invalid",
                                           "RevocationCheckFailure",
                                           "PendingRequest"};
enum { STATUSES = sizeof status_names / sizeof *status_names };

/* What one object says besides its certificate. */
struct usage {
  int64_t services, status; /* -1: not known */
  struct origin services_origin, status_origin, blob_origin;
  bool has_blob;
  struct certificate_blob blob;
  char *server; /* NULL: not known */
};

/* ---- Services and status ---------------------------------------------------- */

/* "IMAP, POP, IIS, SMTP"; -1 when a word is none of Exchange's. */
static int64_t services_of_text(const char *text) {
  int64_t services = 0;
  for (const char *at = text; *at;) {
    size_t size = strcspn(at, ",");
    struct span word = span_trim((struct span){at, size});
    int64_t bit = span_equal_nocase(word, "None") ? 0 : -1;
    for (size_t i = 0; i < SERVICES; i++)
      if (span_equal_nocase(word, service_names[i].name)) bit = service_names[i].bit;
    if (bit < 0) return -1;
    services |= bit;
    at += size + (at[size] == ',');
  }
  return text[0] ? services : -1;
}

static int64_t status_of_text(const char *text) {
  for (size_t i = 0; i < STATUSES; i++)
    if (text_equal_nocase(text, status_names[i])) return (int64_t)i;
  return -1;
}

/* A property of the object itself: the enumeration's number, or its words. */
static int64_t property_number(const xmlNode *value, int64_t (*of_text)(const char *)) {
  int64_t number = -1;
  if (clixml_integer(value, &number)) return number;
  char *text = clixml_text(value);
  number = text ? of_text(text) : -1;
  alloc_free(text);
  return number;
}

static void use_properties(struct usage *usage, const struct clixml *clixml,
                           const xmlNode *object) {
  const xmlNode *services = clixml_property(clixml, object, "Services");
  const xmlNode *status = clixml_property(clixml, object, "Status");
  if (services && usage->services < 0) {
    usage->services = property_number(services, services_of_text);
    usage->services_origin = origin_of(services);
  }
  if (status && usage->status < 0) {
    usage->status = property_number(status, status_of_text);
    usage->status_origin = origin_of(status);
  }
}

/* ---- The blob ---------------------------------------------------------------- */

static char *server_of(struct span identity) {
  const char *backslash = identity.size ? memchr(identity.start, '\\', identity.size) : NULL;
  if (!backslash || backslash == identity.start) return NULL;
  struct span server = {identity.start, (size_t)(backslash - identity.start)};
  if (text_utf8_prefix(server.start, server.size) != server.size) return NULL;
  return span_copy(server);
}

static void use_stream(struct usage *usage, const uint8_t *bytes, size_t size, struct span der,
                       struct origin origin) {
  struct nrbf_certificate stream;
  if (!nrbf_read_certificate(bytes, size, &stream)) return;
  const uint8_t *data = (const uint8_t *)stream.cert_data.start;
  if (!certificate_blob_read(data, stream.cert_data.size, &usage->blob)) return;
  struct span own = usage->blob.der;
  usage->blob.der = (struct span){0}; /* its bytes do not outlive this */
  if (own.size != der.size || memcmp(own.start, der.start, own.size) != 0) return;
  usage->has_blob = true;
  usage->services = stream.services;
  usage->status = stream.status;
  usage->services_origin = usage->status_origin = usage->blob_origin = origin;
  usage->server = server_of(stream.identity);
}

static struct usage usage_of(const struct clixml *clixml, const xmlNode *object, struct span der) {
  struct usage usage = {.services = -1, .status = -1};
  const xmlNode *value = clixml_property(clixml, object, "SerializationData");
  uint8_t *bytes;
  size_t size;
  if (value && clixml_bytes(value, &bytes, &size)) {
    use_stream(&usage, bytes, size, der, origin_of(value));
    alloc_free(bytes);
  }
  use_properties(&usage, clixml, object);
  if (!usage.server) usage.server = powershell_computer_name(clixml, object);
  return usage;
}

/* ---- Elements ---------------------------------------------------------------- */

static void set_services(xmlNode *element, const struct usage *usage) {
  struct buffer words = buffer_make(200);
  if (usage->services == 0) buffer_add_text(&words, "None");
  for (size_t i = 0; i < SERVICES; i++)
    if (usage->services & service_names[i].bit)
      buffer_add_format(&words, "%s%s", words.size ? " " : "", service_names[i].name);
  node_set(element, "services", buffer_text(&words), usage->services_origin);
  buffer_dispose(&words);
}

static void add_exchange_certificate(struct reading *reading, const char *thumbprint,
                                     const struct usage *usage, struct origin origin) {
  xmlNode *element = node_add(reading->facts, "exchangeCertificate", origin);
  node_set(element, "thumbprint", thumbprint, origin);
  if (usage->services >= 0 && usage->services <= ALL_SERVICES)
    set_services(element, usage);
  else
    node_mark(element, "@services", "exchangeCertificate", UNKNOWN_NOT_IN_BUNDLE,
              "get-exchangecertificate", "the export does not say which services use it", origin);
  if (usage->status >= 0 && usage->status < STATUSES)
    node_set(element, "status", status_names[usage->status], usage->status_origin);
  else
    node_mark(element, "@status", "exchangeCertificate", UNKNOWN_NOT_IN_BUNDLE,
              "get-exchangecertificate", "the export does not say its status", origin);
}

static void add_blob_facts(xmlNode *certificate, const struct usage *usage, struct origin origin) {
  if (!usage->has_blob) return;
  const struct certificate_blob *blob = &usage->blob;
  node_set(certificate, "friendlyName", blob->friendly_name, origin);
  if (blob->archived) node_set(certificate, "archived", "true", origin);
  node_set(certificate, "hasPrivateKey", blob->has_key_provider ? "true" : "false", origin);
  node_set(certificate, "keyProvider", blob->has_key_provider ? blob->key_provider : "", origin);
}

static bool is_pending(const struct usage *usage) {
  return usage->status >= 0 && usage->status < STATUSES &&
         strcmp(status_names[usage->status], "PendingRequest") == 0;
}

static void note_moment(struct reading *reading, const xmlNode *certificate) {
  const char *text = node_get(certificate, "notBefore");
  int64_t moment;
  if (text && moment_parse(text, &moment))
    reading_saw_hint(reading, moment, "NotBefore of a certificate");
}

static void drop(xmlNode *element) {
  xmlUnlinkNode(element);
  xmlFreeNode(element);
}

static void add_certificate(struct reading *reading, const struct usage *usage, struct span der,
                            struct origin raw, struct origin object) {
  char error[128];
  xmlNode *certificate = node_add(reading->facts, "certificate", raw);
  if (!x509_facts((const uint8_t *)der.start, der.size, certificate, raw, error)) {
    reading_breaks(reading, UNKNOWN_DAMAGED, raw, "the certificate in RawData is %s", error);
    drop(certificate);
    return;
  }
  node_set(certificate, "source", "get-exchangecertificate", raw);
  add_blob_facts(certificate, usage, usage->blob_origin);
  add_exchange_certificate(reading, node_get(certificate, "thumbprint"), usage, object);
  note_moment(reading, certificate);
  if (is_pending(usage)) drop(certificate);
}

/* Without the certificate's bytes: what the properties tell. */
static void read_told(struct powershell_export *from, const xmlNode *object) {
  struct usage usage = {.services = -1, .status = -1};
  use_properties(&usage, from->clixml, object);
  usage.server = powershell_computer_name(from->clixml, object);
  bool ours = powershell_computer(from->reading, usage.server, origin_of(object));
  alloc_free(usage.server);
  if (!ours) return;
  xmlNode *certificate = told_certificate_add(from, object);
  if (!certificate) {
    reading_breaks(from->reading, UNKNOWN_DAMAGED, origin_of(object),
                   "a certificate has neither RawData nor a thumbprint");
    return;
  }
  node_set(certificate, "source", "get-exchangecertificate", origin_of(object));
  add_exchange_certificate(from->reading, node_get(certificate, "thumbprint"), &usage,
                           origin_of(object));
  if (is_pending(&usage)) drop(certificate);
}

void get_exchangecertificate_read(struct powershell_export *from, const xmlNode *object) {
  struct reading *reading = from->reading;
  const struct clixml *clixml = from->clixml;
  const xmlNode *raw = clixml_property(clixml, object, "RawData");
  struct origin origin = origin_of(object);
  uint8_t *bytes = NULL;
  size_t size;
  bool encoded = raw && strcmp((const char *)raw->name, "BA") == 0; /* in base64, as in CLIXML */
  if (!raw || !clixml_bytes(raw, &bytes, &size)) {
    if (!encoded && clixml_property(clixml, object, "Thumbprint"))
      read_told(from, object);
    else
      reading_breaks(reading, UNKNOWN_DAMAGED, raw ? origin_of(raw) : origin,
                     "a certificate's RawData is missing or no base64");
    return;
  }
  struct span der = {(const char *)bytes, size};
  struct usage usage = usage_of(clixml, object, der);
  if (powershell_computer(reading, usage.server, origin))
    add_certificate(reading, &usage, der, origin_of(raw), origin);
  certificate_blob_dispose(&usage.blob);
  alloc_free(usage.server);
  alloc_free(bytes);
}
