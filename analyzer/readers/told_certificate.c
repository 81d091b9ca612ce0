/* Certificates from properties. */
#include "readers/told_certificate.h"

#include "base/moment.h"
#include "base/text.h"
#include "readers/exchange_value.h"
#include "readers/local_date.h"

#include <string.h>

/* Local dates wait here for the others of their export. */
static const char *const waiting[] = {"toldBefore", "toldAfter"};
static const char *const dates[][2] = {{"notBefore", "notBeforeLatest"},
                                       {"notAfter", "notAfterLatest"}};

static char *text_of(const struct clixml *clixml, const xmlNode *object, const char *name) {
  const xmlNode *value = clixml_property(clixml, object, name);
  return value && !clixml_is_nil(value) ? clixml_text(value) : NULL;
}

static void copy(xmlNode *certificate, const char *attribute, const struct clixml *clixml,
                 const xmlNode *object, const char *name, enum property_form form) {
  const xmlNode *value = clixml_property(clixml, object, name);
  char *text = value && !clixml_is_nil(value) ? exchange_value(value, form) : NULL;
  if (text && (text[0] || form == PROPERTY_TEXT))
    node_set(certificate, attribute, text, origin_of(value));
  alloc_free(text);
}

/* ---- Dates ------------------------------------------------------------------------ */

static bool has_zone(const char *text) {
  const char *time = strchr(text, 'T');
  return time && (strpbrk(time, "Z+") || strchr(time, '-'));
}

static void set_moment(xmlNode *certificate, size_t which, const int64_t range[2],
                       struct origin origin) {
  for (size_t i = 0; i < 2; i++) {
    char text[21];
    moment_format(range[i], text);
    node_set(certificate, dates[which][i], text, origin);
  }
}

static void take_date(struct reading *reading, xmlNode *certificate, size_t which, const char *text,
                      struct origin origin) {
  int64_t moment;
  if (!has_zone(text)) {
    node_set(certificate, waiting[which], text, origin);
  } else if (moment_parse(text, &moment)) {
    set_moment(certificate, which, (int64_t[]){moment, moment}, origin);
    if (which == 0) reading_saw_moment(reading, moment, "NotBefore of a certificate");
  }
}

static void take_dates(struct powershell_export *from, const xmlNode *object,
                       xmlNode *certificate) {
  static const char *const names[] = {"NotBefore", "NotAfter"};
  for (size_t i = 0; i < 2; i++) {
    const xmlNode *value = clixml_property(from->clixml, object, names[i]);
    char *text = value && !clixml_is_nil(value) ? clixml_text(value) : NULL;
    if (text) take_date(from->reading, certificate, i, text, origin_of(value));
    alloc_free(text);
  }
}

static bool waiting_date(const xmlNode *certificate, size_t which, struct local_date *date) {
  const char *text = node_get(certificate, waiting[which]);
  return text && local_date_parse(span_trim(span_of(text)), date);
}

static void settle_dates(xmlNode *certificate, enum date_order order) {
  struct local_date date;
  bool gregorian = waiting_date(certificate, 0, &date) && local_date_is_gregorian_start(&date);
  for (size_t i = 0; i < 2; i++) {
    int64_t range[2];
    struct origin origin = node_attribute_origin(certificate, waiting[i]);
    if (gregorian && waiting_date(certificate, i, &date) &&
        local_date_range(&date, order, &range[0], &range[1]))
      set_moment(certificate, i, range, origin);
  }
  for (size_t i = 0; i < 2; i++)
    xmlUnsetProp(certificate, (const xmlChar *)waiting[i]);
}

static void count_votes(const xmlNode *parent, struct date_votes *votes) {
  for (xmlNode *each = node_child(parent, "certificate"); each;
       each = node_next(each, "certificate")) {
    struct local_date before, after;
    if (waiting_date(each, 0, &before) && waiting_date(each, 1, &after))
      date_votes_add(votes, &before, &after);
  }
}

static void settle_all(xmlNode *parent, enum date_order order) {
  for (xmlNode *each = node_child(parent, "certificate"); each;
       each = node_next(each, "certificate"))
    settle_dates(each, order);
}

void told_certificate_settle(struct powershell_export *from) {
  struct date_votes votes = {0};
  xmlNode *facts = from->reading->facts;
  count_votes(facts, &votes);
  for (xmlNode *store = node_child(facts, "store"); store; store = node_next(store, "store"))
    count_votes(store, &votes);
  enum date_order order = date_votes_decide(&votes);
  settle_all(facts, order);
  for (xmlNode *store = node_child(facts, "store"); store; store = node_next(store, "store"))
    settle_all(store, order);
}

/* ---- Names -------------------------------------------------------------------------- */

static void mark_names(xmlNode *certificate, struct origin origin) {
  node_mark(certificate, "name", "certificate", UNKNOWN_LIMIT,
            "get-exchangecertificate certificate-file", "the export does not show all of its names",
            origin);
}

static void take_names(const struct clixml *clixml, const xmlNode *object, xmlNode *certificate) {
  const xmlNode *list = clixml_property(clixml, object, "CertificateDomains");
  if (!list) list = clixml_property(clixml, object, "DnsNameList");
  if (!list) list = clixml_property(clixml, object, "Namespaces");
  bool all = list && clixml_is_list(list);
  for (const xmlNode *each = all ? clixml_first(list) : NULL; each; each = clixml_next(each)) {
    const xmlNode *member = clixml_resolve(clixml, (xmlNode *)each);
    char *shown = member ? clixml_text(member) : NULL, *text = shown ? text_lower(shown) : NULL;
    if (text && text[0]) {
      xmlNode *name = node_add(certificate, "name", origin_of(each));
      node_set(name, "type", "dns", origin_of(each));
      node_set(name, "value", text, origin_of(each));
    } else {
      all = false;
    }
    alloc_free(shown);
    alloc_free(text);
  }
  if (!all) mark_names(certificate, origin_of(list ? list : object));
}

/* ---- The certificate ------------------------------------------------------------------ */

static void take_serial(const struct clixml *clixml, const xmlNode *object, xmlNode *certificate) {
  const xmlNode *value = clixml_property(clixml, object, "SerialNumber");
  char *text = text_of(clixml, object, "SerialNumber"), *lower = text ? text_lower(text) : NULL;
  if (lower && lower[0]) node_set(certificate, "serialNumber", lower, origin_of(value));
  alloc_free(text);
  alloc_free(lower);
}

xmlNode *told_certificate_add(struct powershell_export *from, const xmlNode *object) {
  const struct clixml *clixml = from->clixml;
  const xmlNode *value = clixml_property(clixml, object, "Thumbprint");
  char *text = text_of(clixml, object, "Thumbprint"), thumbprint[41];
  bool known = text && text_thumbprint(span_trim(span_of(text)), thumbprint);
  alloc_free(text);
  if (!known) return NULL;
  xmlNode *certificate = node_add(from->reading->facts, "certificate", origin_of(object));
  node_set(certificate, "thumbprint", thumbprint, origin_of(value));
  copy(certificate, "subject", clixml, object, "Subject", PROPERTY_TEXT);
  copy(certificate, "issuer", clixml, object, "Issuer", PROPERTY_TEXT);
  take_serial(clixml, object, certificate);
  copy(certificate, "keySize", clixml, object, "PublicKeySize", PROPERTY_NUMBER);
  copy(certificate, "selfSigned", clixml, object, "IsSelfSigned", PROPERTY_FLAG);
  copy(certificate, "friendlyName", clixml, object, "FriendlyName", PROPERTY_TEXT);
  copy(certificate, "archived", clixml, object, "Archived", PROPERTY_FLAG);
  copy(certificate, "hasPrivateKey", clixml, object, "HasPrivateKey", PROPERTY_FLAG);
  take_names(clixml, object, certificate);
  take_dates(from, object, certificate);
  return certificate;
}
