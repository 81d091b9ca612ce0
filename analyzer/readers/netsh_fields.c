/* The fields of a certificate record, by place and shape. Each version of Windows
 * added some at the end, so the number of fields says which they are. */
#include "readers/netsh_fields.h"

#include "base/text.h"
#include "evidence/node.h"

#include <stdio.h>

enum shape { FLAG, NUMBER, TEXT };

/* `usual`: what a flag says when nobody asked for anything. */
static const struct {
  const char *attribute, *label;
  enum shape shape;
  bool usual;
} rows[] = {
    {"verifyClientCertificateRevocation", "Verify Client Certificate Revocation", FLAG, true},
    {"verifyRevocationUsingCachedClientCertificateOnly",
     "Verify Revocation Using Cached Client Certificate Only", FLAG, false},
    {"usageCheck", "Usage Check", FLAG, true},
    {"revocationFreshnessTime", "Revocation Freshness Time", NUMBER, false},
    {"urlRetrievalTimeout", "URL Retrieval Timeout", NUMBER, false},
    {"ctlIdentifier", "Ctl Identifier", TEXT, false},
    {"ctlStoreName", "Ctl Store Name", TEXT, false},
    {"dsMapperUsage", "DS Mapper Usage", FLAG, false},
    {"negotiateClientCertificate", "Negotiate Client Certificate", FLAG, false},
    {"rejectConnections", "Reject Connections", FLAG, false},
    {"disableHttp2", "Disable HTTP2", FLAG, false},
    {"disableQuic", "Disable QUIC", FLAG, false},
    {"disableTls12", "Disable TLS1.2", FLAG, false},
    {"disableTls13", "Disable TLS1.3", FLAG, false},
    {"disableOcspStapling", "Disable OCSP Stapling", FLAG, false},
    {"enableTokenBinding", "Enable Token Binding", FLAG, false},
    {"logExtendedEvents", "Log Extended Events", FLAG, false},
    {"disableLegacyTls", "Disable Legacy TLS Versions", FLAG, false},
    {"enableSessionTicket", "Enable Session Ticket", FLAG, false},
    {"disableSessionId", "Disable Session ID", FLAG, false},
    {"enableCachingClientHello", "Enable Caching Client Hello", FLAG, false},
};
enum { ROWS = sizeof rows / sizeof *rows, COMMON = 15, LEGACY = 17, NONE = ROWS };

/* Which row the n-th field is in a record of `count` fields; NONE when no version that
 * was seen prints that many. 9: Server 2008; 10: 2012 R2; 11: 2016; 16: 2019; 19 to 21: 2022
 * and later. */
static size_t row_at(size_t n, size_t count) {
  static const struct {
    size_t count;
    unsigned char tail[6];
  } versions[] = {{9, {0}},
                  {10, {0}},
                  {11, {0}},
                  {16, {LEGACY}},
                  {19, {15, 16, LEGACY, 18}},
                  {20, {15, 16, LEGACY, 18, 20}},
                  {21, {15, 16, LEGACY, 18, 19, 20}}};
  for (size_t i = 0; i < sizeof versions / sizeof *versions; i++)
    if (versions[i].count == count) return n < COMMON ? n : versions[i].tail[n - COMMON];
  return NONE;
}

static bool has_label(struct span label, const char *name) {
  return span_equal_nocase(label, name);
}

/* A label that is written in ASCII alone may be English; then it must be one of ours. */
static size_t row_of(struct span label) {
  for (size_t i = 0; i < ROWS; i++)
    if (has_label(label, rows[i].label)) return i;
  return NONE;
}

static bool read_flag(struct span value, bool *on) {
  *on = span_equal_nocase(value, "Enabled") || span_equal_nocase(value, "Set");
  return *on || span_equal_nocase(value, "Disabled") || span_equal_nocase(value, "Not Set");
}

static bool fits(size_t row, struct span value) {
  bool on;
  uint64_t number;
  if (rows[row].shape == FLAG) return read_flag(value, &on);
  if (rows[row].shape == NUMBER) return text_unsigned(value, &number);
  return value.size > 0;
}

static void set_text(xmlNode *record, size_t row, struct span value, struct origin at) {
  char *text = span_copy(value);
  node_set(record, rows[row].attribute, text, at);
  alloc_free(text);
}

/* Only what is unusual. */
static void set(xmlNode *record, size_t row, struct span value, struct origin at) {
  bool on;
  if (rows[row].shape == FLAG) {
    if (read_flag(value, &on) && on != rows[row].usual)
      node_set(record, rows[row].attribute, on ? "true" : "false", at);
  } else if (rows[row].shape == NUMBER ? !span_equal(value, "0") : !span_equal(value, "(null)")) {
    set_text(record, row, value, at);
  }
}

static void mark(xmlNode *record, size_t row, enum unknown_reason reason, struct origin at) {
  char of[64];
  snprintf(of, sizeof of, "@%s", rows[row].attribute);
  bool cut = reason == UNKNOWN_TRUNCATED;
  node_mark(record, of, "sslCertificate", reason, cut ? "netsh-sslcert" : "",
            cut ? "the record is cut off before it" : "its field cannot be told for certain", at);
}

/* False when the field could be anything: its row is not known. */
static bool read_field(xmlNode *record, const struct line *line, size_t row, bool known[ROWS],
                       uint32_t source) {
  struct span label, value;
  if (row == NONE || known[row] || !span_split_last(line->text, &label, &value)) return false;
  known[row] = true;
  struct origin at = line_origin(line, value.start, source);
  if (fits(row, value))
    set(record, row, value, at);
  else
    mark(record, row, UNKNOWN_AMBIGUOUS, at);
  return true;
}

static size_t row_of_line(const struct netsh_fields *fields, size_t n) {
  struct span label, value;
  if (!span_split_first(fields->lines[n].text, &label, &value)) return NONE;
  size_t row = row_of(label);
  return row != NONE || !fields->whole ? row : row_at(n, fields->count);
}

void netsh_fields_set(xmlNode *record, const struct netsh_fields *fields, uint32_t source) {
  bool known[ROWS] = {false}, all = fields->count <= NETSH_FIELDS_MOST;
  size_t count = all ? fields->count : NETSH_FIELDS_MOST;
  for (size_t i = 0; i < count; i++) {
    const struct line *line = &fields->lines[i];
    bool last = i + 1 == count;
    if (last && !fields->whole && !line->ended) continue; /* its value may be cut */
    all = read_field(record, line, row_of_line(fields, i), known, source) && all;
  }
  if (fields->whole && all) return;
  enum unknown_reason reason = fields->whole ? UNKNOWN_AMBIGUOUS : UNKNOWN_TRUNCATED;
  for (size_t row = 0; row < ROWS; row++)
    if (!known[row]) mark(record, row, reason, origin_of(record));
}
