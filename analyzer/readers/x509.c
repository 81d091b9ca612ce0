/* DER certificate -> attributes, through OpenSSL's parser. Everything is read
 * and checked before the first attribute is set. */
#include "readers/x509.h"

#include "base/buffer.h"
#include "base/digest.h"
#include "base/moment.h"
#include "evidence/binding_address.h"
#include "evidence/node.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

enum { NAME_MOST = 1 << 16 }; /* bytes of one distinguished name as text */

struct facts {
  char *subject, *issuer, *serial;
  char *purposes;           /* extended key usage */
  char *own_id, *issuer_id; /* key identifiers; NULL: they cannot be read */
  char not_before[21], not_after[21];
  char key[64], signature[64];
  int key_bits;
  bool self_signed;
  GENERAL_NAMES *names;
};

static bool say(char error[128], const char *what) {
  snprintf(error, 128, "%s", what);
  return false;
}

/* ---- algorithms ---- */

static void oid_text(const ASN1_OBJECT *object, char *out, int size) {
  if (OBJ_obj2txt(out, size, object, 1) <= 0) snprintf(out, (size_t)size, "?");
}

static void algorithm_name(const ASN1_OBJECT *object, char out[64]) {
  int id = OBJ_obj2nid(object);
  if (id == NID_undef)
    oid_text(object, out, 64);
  else
    snprintf(out, 64, "%s", OBJ_nid2ln(id));
}

static void key_name(const ASN1_OBJECT *object, char out[64]) {
  static const struct {
    int id;
    const char *name;
  } names[] = {
      {NID_rsaEncryption, "RSA"}, {NID_rsassaPss, "RSASSA-PSS"}, {NID_X9_62_id_ecPublicKey, "EC"},
      {NID_dsa, "DSA"},           {NID_dhKeyAgreement, "DH"},    {NID_ED25519, "Ed25519"},
      {NID_ED448, "Ed448"}};
  int id = OBJ_obj2nid(object);
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (names[i].id == id) {
      snprintf(out, 64, "%s", names[i].name);
      return;
    }
  oid_text(object, out, 64);
}

static void name_of_oid(const char *oid, char out[64],
                        void (*name)(const ASN1_OBJECT *object, char out[64])) {
  ASN1_OBJECT *object = OBJ_txt2obj(oid, 1);
  if (object)
    name(object, out);
  else
    snprintf(out, 64, "%s", oid);
  ASN1_OBJECT_free(object);
  ERR_clear_error();
}

void x509_algorithm_name(const char *oid, char out[64]) {
  name_of_oid(oid, out, algorithm_name);
}

void x509_key_name(const char *oid, char out[64]) {
  name_of_oid(oid, out, key_name);
}

/* ---- distinguished names ---- */

/* The short names of CertNameToStr with CERT_X500_NAME_STR (Microsoft Learn,
 * "CertNameToStrA function" and "CertStrToNameA function"). */
static void add_type(struct buffer *out, const ASN1_OBJECT *type) {
  static const struct {
    int id;
    const char *name;
  } names[] = {{NID_commonName, "CN"},
               {NID_countryName, "C"},
               {NID_localityName, "L"},
               {NID_stateOrProvinceName, "S"},
               {NID_organizationName, "O"},
               {NID_organizationalUnitName, "OU"},
               {NID_domainComponent, "DC"},
               {NID_pkcs9_emailAddress, "E"},
               {NID_streetAddress, "STREET"},
               {NID_title, "T"},
               {NID_givenName, "G"},
               {NID_surname, "SN"},
               {NID_initials, "I"},
               {NID_serialNumber, "SERIALNUMBER"},
               {NID_description, "Description"},
               {NID_postalCode, "PostalCode"},
               {NID_postOfficeBox, "POBox"},
               {NID_telephoneNumber, "Phone"}};
  int id = OBJ_obj2nid(type);
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
    if (names[i].id == id) {
      buffer_add_text(out, names[i].name);
      return;
    }
  char oid[128];
  oid_text(type, oid, sizeof oid);
  buffer_add_format(out, "OID.%s", oid);
}

static bool is_outer_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool needs_quotes(const char *value, size_t size) {
  if (size == 0 || is_outer_blank(value[0]) || is_outer_blank(value[size - 1])) return true;
  for (size_t i = 0; i < size; i++)
    if (value[i] && strchr(",+=\"\n<>#;", value[i])) return true;
  return false;
}

/* A NUL inside a name is an old trick; it must not end the text. */
static void add_bytes(struct buffer *out, const char *bytes, size_t size, bool double_quotes) {
  for (size_t i = 0; i < size; i++) {
    if (bytes[i] == '\0') {
      buffer_add_text(out, "\xEF\xBF\xBD");
      continue;
    }
    if (double_quotes && bytes[i] == '"') buffer_add_char(out, '"');
    buffer_add_char(out, bytes[i]);
  }
}

static void add_hex(struct buffer *out, const unsigned char *bytes, size_t size) {
  for (size_t i = 0; i < size; i++)
    buffer_add_format(out, "%02x", bytes[i]);
}

static void add_value(struct buffer *out, const ASN1_STRING *value) {
  unsigned char *text = NULL;
  int size = ASN1_STRING_to_UTF8(&text, value);
  if (size < 0) { /* not a string at all: its bytes, as RFC 2253 writes them */
    buffer_add_text(out, "\"#");
    add_hex(out, ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value));
    buffer_add_char(out, '"');
    return;
  }
  bool quotes = needs_quotes((const char *)text, (size_t)size);
  if (quotes) buffer_add_char(out, '"');
  add_bytes(out, (const char *)text, (size_t)size, quotes);
  if (quotes) buffer_add_char(out, '"');
  OPENSSL_free(text);
}

static void add_rdn(struct buffer *out, const X509_NAME *name, int first, int end) {
  for (int i = first; i < end; i++) {
    const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, i);
    if (i > first) buffer_add_text(out, " + ");
    add_type(out, X509_NAME_ENTRY_get_object(entry));
    buffer_add_char(out, '=');
    add_value(out, X509_NAME_ENTRY_get_data(entry));
  }
}

/* NULL when it is longer than NAME_MOST. */
static char *name_text(const X509_NAME *name) {
  struct buffer out = buffer_make(NAME_MOST);
  for (int end = X509_NAME_entry_count(name); end > 0;) {
    int first = end - 1;
    int set = X509_NAME_ENTRY_set(X509_NAME_get_entry(name, first));
    while (first > 0 && X509_NAME_ENTRY_set(X509_NAME_get_entry(name, first - 1)) == set)
      first--;
    if (out.size) buffer_add_text(&out, ", ");
    add_rdn(&out, name, first, end);
    end = first;
  }
  if (!out.overflowed) return buffer_take(&out);
  buffer_dispose(&out);
  return NULL;
}

static bool same_name(const X509_NAME *a, const X509_NAME *b) {
  const unsigned char *left, *right;
  size_t left_size, right_size;
  return X509_NAME_get0_der(a, &left, &left_size) == 1 &&
         X509_NAME_get0_der(b, &right, &right_size) == 1 && left_size == right_size &&
         memcmp(left, right, left_size) == 0;
}

/* ---- serial number, dates ---- */

/* The content bytes of the INTEGER, as they stand. */
static char *serial_text(const X509 *certificate) {
  unsigned char *der = NULL;
  int size = i2d_ASN1_INTEGER(X509_get0_serialNumber(certificate), &der);
  if (size <= 0) return NULL;
  const unsigned char *at = der;
  long length;
  int tag, class;
  struct buffer out = buffer_make(NAME_MOST);
  if (!(ASN1_get_object(&at, &length, &tag, &class, size) & 0x80)) {
    if (length > 1 && at[0] == 0) at++, length--;
    add_hex(&out, at, (size_t)length);
  }
  OPENSSL_free(der);
  if (!out.overflowed && out.size) return buffer_take(&out);
  buffer_dispose(&out);
  return NULL;
}

/* RFC 5280, 4.1.2.5: YYMMDDHHMMSSZ (YY < 50: 20YY) or YYYYMMDDHHMMSSZ. Nothing else. */
static bool date_text(const ASN1_TIME *date, char out[21]) {
  const char *s = (const char *)ASN1_STRING_get0_data(date);
  size_t size = (size_t)ASN1_STRING_length(date);
  bool is_short = ASN1_STRING_type(date) == V_ASN1_UTCTIME;
  if (!is_short && ASN1_STRING_type(date) != V_ASN1_GENERALIZEDTIME) return false;
  if (size != (is_short ? 13u : 15u) || s[size - 1] != 'Z') return false;
  for (size_t i = 0; i + 1 < size; i++)
    if (s[i] < '0' || s[i] > '9') return false;
  char text[32];
  int64_t seconds;
  const char *century = !is_short ? "" : s[0] < '5' ? "20" : "19";
  int year = is_short ? 2 : 4;
  const char *r = s + year;
  snprintf(text, sizeof text, "%s%.*s-%.2s-%.2sT%.2s:%.2s:%.2sZ", century, year, s, r, r + 2, r + 4,
           r + 6, r + 8);
  if (!moment_parse(text, &seconds)) return false;
  moment_format(seconds, out);
  return true;
}

/* ---- the whole ---- */

static void read_key(const X509 *certificate, struct facts *facts) {
  ASN1_OBJECT *algorithm;
  X509_PUBKEY_get0_param(&algorithm, NULL, NULL, NULL, X509_get_X509_PUBKEY(certificate));
  key_name(algorithm, facts->key);
  EVP_PKEY *key = X509_get0_pubkey(certificate);
  facts->key_bits = key ? EVP_PKEY_get_bits(key) : 0;
}

static void read_signature(const X509 *certificate, struct facts *facts) {
  const X509_ALGOR *algorithm;
  const ASN1_OBJECT *object;
  X509_get0_signature(NULL, &algorithm, certificate);
  X509_ALGOR_get0(&object, NULL, NULL, algorithm);
  algorithm_name(object, facts->signature);
}

static bool read_names(const X509 *certificate, struct facts *facts) {
  int critical;
  facts->names = X509_get_ext_d2i(certificate, NID_subject_alt_name, &critical, NULL);
  return facts->names || critical == -1; /* -1: has none; -2: has two */
}

/* Object identifiers of the purposes; "any" when the certificate does not limit them. */
static bool read_purposes(const X509 *certificate, struct facts *facts) {
  int critical;
  EXTENDED_KEY_USAGE *usages = X509_get_ext_d2i(certificate, NID_ext_key_usage, &critical, NULL);
  struct buffer out = buffer_make(NAME_MOST);
  if (!usages && critical == -1) buffer_add_text(&out, "any");
  for (int i = 0; i < sk_ASN1_OBJECT_num(usages); i++) {
    char oid[128];
    oid_text(sk_ASN1_OBJECT_value(usages, i), oid, sizeof oid);
    buffer_add_format(&out, "%s%s", out.size ? " " : "", oid);
  }
  bool good = (usages || critical == -1) && !out.overflowed;
  EXTENDED_KEY_USAGE_free(usages);
  facts->purposes = buffer_take(&out);
  return good;
}

static char *hex_of(const ASN1_OCTET_STRING *bytes) {
  size_t size = bytes ? (size_t)ASN1_STRING_length(bytes) : 0;
  if (size > 256) return NULL;
  char *hex = alloc_bytes(2 * size + 1);
  if (size > 0) text_hex(ASN1_STRING_get0_data(bytes), size, hex);
  return hex;
}

/* By which issuer and subject find each other where names do not suffice. */
static void read_key_ids(const X509 *certificate, struct facts *facts) {
  int critical;
  ASN1_OCTET_STRING *own =
      X509_get_ext_d2i(certificate, NID_subject_key_identifier, &critical, NULL);
  if (own || critical == -1) facts->own_id = hex_of(own);
  ASN1_OCTET_STRING_free(own);
  AUTHORITY_KEYID *issuer =
      X509_get_ext_d2i(certificate, NID_authority_key_identifier, &critical, NULL);
  if (issuer || critical == -1) facts->issuer_id = hex_of(issuer ? issuer->keyid : NULL);
  AUTHORITY_KEYID_free(issuer);
}

static bool read_all(const X509 *certificate, struct facts *facts, char error[128]) {
  facts->subject = name_text(X509_get_subject_name(certificate));
  facts->issuer = name_text(X509_get_issuer_name(certificate));
  if (!facts->subject || !facts->issuer) return say(error, "a name of more than 64 KiB");
  facts->serial = serial_text(certificate);
  if (!facts->serial) return say(error, "a serial number that cannot be read");
  if (!date_text(X509_get0_notBefore(certificate), facts->not_before) ||
      !date_text(X509_get0_notAfter(certificate), facts->not_after))
    return say(error, "a validity date that is not as RFC 5280 has it");
  if (!read_names(certificate, facts))
    return say(error, "subject alternative names that cannot be read");
  if (!read_purposes(certificate, facts))
    return say(error, "extended key usages that cannot be read");
  read_key_ids(certificate, facts);
  read_key(certificate, facts);
  read_signature(certificate, facts);
  facts->self_signed =
      same_name(X509_get_subject_name(certificate), X509_get_issuer_name(certificate));
  return true;
}

static void add_name(xmlNode *certificate, const char *type, const char *value,
                     struct origin origin) {
  xmlNode *name = node_add(certificate, "name", origin);
  node_set(name, "type", type, origin);
  node_set(name, "value", value, origin);
}

static void add_text_name(xmlNode *certificate, const char *type, const ASN1_STRING *value,
                          bool lower_case, struct origin origin) {
  struct buffer out = buffer_make(NAME_MOST);
  const char *bytes = (const char *)ASN1_STRING_get0_data(value);
  add_bytes(&out, bytes, (size_t)ASN1_STRING_length(value), false);
  char *text = lower_case ? text_lower(buffer_text(&out)) : alloc_text(buffer_text(&out));
  add_name(certificate, type, text, origin);
  alloc_free(text);
  buffer_dispose(&out);
}

/* In the spelling that bindings have, without brackets. */
static void add_ip_name(xmlNode *certificate, const ASN1_STRING *value, struct origin origin) {
  char text[64] = "[", ip[48];
  const unsigned char *b = ASN1_STRING_get0_data(value);
  int size = ASN1_STRING_length(value);
  if (size == 4) {
    snprintf(ip, sizeof ip, "%u.%u.%u.%u", b[0], b[1], b[2], b[3]);
    add_name(certificate, "ip", ip, origin);
  }
  if (size != 16) return;
  for (int i = 0; i < 16; i += 2)
    snprintf(text + strlen(text), 8, "%x%s", b[i] << 8 | b[i + 1], i < 14 ? ":" : "]");
  if (!binding_ip_normalise(span_of(text), true, ip)) return;
  ip[strlen(ip) - 1] = '\0';
  add_name(certificate, "ip", ip + 1, origin);
}

static void add_names(xmlNode *certificate, const GENERAL_NAMES *names, struct origin origin) {
  for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
    if (name->type == GEN_DNS)
      add_text_name(certificate, "dns", name->d.dNSName, true, origin);
    else if (name->type == GEN_EMAIL)
      add_text_name(certificate, "email", name->d.rfc822Name, false, origin);
    else if (name->type == GEN_IPADD)
      add_ip_name(certificate, name->d.iPAddress, origin);
  }
}

static void fill(xmlNode *certificate, const struct facts *facts, const char *thumbprint,
                 struct origin origin) {
  char bits[16];
  snprintf(bits, sizeof bits, "%d", facts->key_bits);
  node_set(certificate, "thumbprint", thumbprint, origin);
  node_set(certificate, "subject", facts->subject, origin);
  node_set(certificate, "issuer", facts->issuer, origin);
  node_set(certificate, "serialNumber", facts->serial, origin);
  node_set(certificate, "notBefore", facts->not_before, origin);
  node_set(certificate, "notBeforeLatest", facts->not_before, origin);
  node_set(certificate, "notAfter", facts->not_after, origin);
  node_set(certificate, "notAfterLatest", facts->not_after, origin);
  node_set(certificate, "keyAlgorithm", facts->key, origin);
  node_set(certificate, "keySize", facts->key_bits > 0 ? bits : NULL, origin);
  node_set(certificate, "signatureAlgorithm", facts->signature, origin);
  node_set(certificate, "selfSigned", facts->self_signed ? "true" : "false", origin);
  node_set(certificate, "extendedKeyUsage", facts->purposes, origin);
  node_set(certificate, "subjectKeyIdentifier", facts->own_id, origin);
  node_set(certificate, "authorityKeyIdentifier", facts->issuer_id, origin);
  add_names(certificate, facts->names, origin);
}

static X509 *parse(const uint8_t *der, size_t size, char error[128]) {
  const unsigned char *at = der;
  X509 *certificate = size == 0 || size > INT_MAX ? NULL : d2i_X509(NULL, &at, (long)size);
  if (!certificate) {
    say(error, "not a DER certificate, or not a whole one");
  } else if (at != der + size) {
    say(error, "a DER certificate with other bytes behind it");
    X509_free(certificate);
    certificate = NULL;
  }
  return certificate;
}

bool x509_facts(const uint8_t *der, size_t size, xmlNode *certificate, struct origin origin,
                char error[128]) {
  struct facts facts = {0};
  char thumbprint[41];
  error[0] = '\0';
  X509 *parsed = parse(der, size, error);
  bool good = parsed && read_all(parsed, &facts, error);
  if (good) {
    digest_sha1(der, size, thumbprint);
    fill(certificate, &facts, thumbprint, origin);
  }
  alloc_free(facts.subject);
  alloc_free(facts.issuer);
  alloc_free(facts.serial);
  alloc_free(facts.purposes);
  alloc_free(facts.own_id);
  alloc_free(facts.issuer_id);
  GENERAL_NAMES_free(facts.names);
  X509_free(parsed);
  ERR_clear_error(); /* its queue keeps what a hostile certificate put in */
  return good;
}
