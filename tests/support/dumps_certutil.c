/* `certutil -store`, plain and -v, line for line as captures have it. */
#include "support/dumps_words.h"

#include "base/text.h"

#include <string.h>

#define SHA256_RSA "1.2.840.113549.1.1.11"
#define RSA "1.2.840.113549.1.1.1"
#define MACHINE "e64079bf-f1d8-450e-ba59-2f4d921306df"
#define RULE "================"

struct printer {
  struct buffer *out;
  const struct dump_style *style;
};

/* ---- lines ---- */

static void add(const struct printer *p, const char *text) {
  buffer_add_text(p->out, text);
}

static const char *word(const struct printer *p, enum word which) {
  return dump_word(p->style->language, which);
}

static void sentence(const struct printer *p, enum word which) {
  buffer_add_format(p->out, "%s\n", word(p, which));
}

static void label(const struct printer *p, const char *before, enum word which) {
  buffer_add_format(p->out, "%s%s%s: ", before, word(p, which),
                    dump_gap(p->style->language, which));
}

static void field(const struct printer *p, const char *before, enum word which, const char *value) {
  label(p, before, which);
  buffer_add_format(p->out, "%s\n", value);
}

static void equals(const struct printer *p, const char *before, enum word which,
                   const char *value) {
  buffer_add_format(p->out, "%s%s%s = %s\n", before, word(p, which),
                    dump_gap(p->style->language, which), value);
}

static void date(const struct printer *p, enum word which, int64_t moment) {
  label(p, " ", which);
  dump_date(p->out, moment, p->style);
  add(p, "\n");
}

/* A label that is English or a filler, as -v has many. */
static void verbose_label(const struct printer *p, const char *before, const char *english,
                          unsigned filler, const char *after) {
  bool plain = p->style->language == DUMP_ENGLISH;
  buffer_add_format(p->out, "%s%s%s", before,
                    plain ? english : dump_filler(p->style->language, filler), after);
}

static void hash(const struct printer *p, const char *hex) {
  char *lower = text_lower(hex);
  for (size_t i = 0; lower[i]; i++) {
    if (p->style->spaced && i > 0 && i % 2 == 0) add(p, " ");
    buffer_add_char(p->out, lower[i]);
  }
  alloc_free(lower);
}

static void thumbprint(const struct printer *p, const struct dump_certificate *certificate) {
  buffer_add_format(p->out, "%s(sha1)%s: ", word(p, WORD_THUMBPRINT),
                    dump_gap(p->style->language, WORD_THUMBPRINT));
  hash(p, certificate->thumbprint);
  add(p, "\n");
}

/* ---- the key ---- */

static const char *provider_of(const struct dump_certificate *certificate) {
  return certificate->cng ? "Microsoft Software Key Storage Provider"
                          : "Microsoft RSA SChannel Cryptographic Provider";
}

static void container_of(const struct dump_certificate *certificate, char out[64]) {
  memcpy(out, "te-", 3);
  memcpy(out + 3, certificate->thumbprint, 8);
  out[11] = '\0';
}

/* File name below MachineKeys or Keys: 32 digits and the machine's own. */
static void unique_of(const struct dump_certificate *certificate, char out[80]) {
  char *lower = text_lower(certificate->thumbprint);
  memcpy(out, lower, 32);
  memcpy(out + 32, "_" MACHINE, sizeof "_" MACHINE);
  alloc_free(lower);
}

static void key_lines(const struct printer *p, const struct dump_certificate *certificate) {
  char container[64], unique[80];
  container_of(certificate, container);
  unique_of(certificate, unique);
  equals(p, "  ", WORD_CONTAINER, container);
  if (certificate->key == DUMP_KEY_USABLE) field(p, "  ", WORD_UNIQUE, unique);
  equals(p, "  ", WORD_PROVIDER, provider_of(certificate));
}

static void unlinked_lines(const struct printer *p, const struct dump_certificate *certificate) {
  char container[64], unique[80];
  container_of(certificate, container);
  unique_of(certificate, unique);
  sentence(p, WORD_NO_KEY);
  equals(p, "  ", WORD_PROVIDER, provider_of(certificate));
  verbose_label(p, "  ", "Simple container name", 50, ": ");
  buffer_add_format(p->out, "%s\n", container);
  field(p, "  ", WORD_UNIQUE, unique);
  verbose_label(p, "  ", "ERROR: missing key association property", 51,
                ": CERT_KEY_IDENTIFIER_PROP_ID\n");
  sentence(p, WORD_TEST_PASSED);
}

static void key_part(const struct printer *p, const struct dump_certificate *certificate) {
  switch (certificate->key) {
  case DUMP_KEY_NONE:
    sentence(p, WORD_NO_KEY);
    sentence(p, WORD_NO_PRIVATE_KEY);
    return;
  case DUMP_KEY_USABLE:
    key_lines(p, certificate);
    if (!certificate->exportable) sentence(p, WORD_NOT_EXPORTABLE);
    sentence(p, WORD_TEST_PASSED);
    return;
  case DUMP_KEY_UNREACHABLE:
    key_lines(p, certificate);
    sentence(p, WORD_MISSING_KEYSET);
    return;
  case DUMP_KEY_UNLINKED:
    unlinked_lines(p, certificate);
    return;
  }
}

static void relation(const struct printer *p, const struct dump_certificate *certificate) {
  bool same = text_equal(certificate->issuer, certificate->subject);
  if (same) sentence(p, WORD_SIGNATURE_OK);
  sentence(p, same ? WORD_ROOT : WORD_NON_ROOT);
}

/* ---- an entry ---- */

static void plain_entry(const struct printer *p, const struct dump_certificate *certificate) {
  if (certificate->archived) sentence(p, WORD_ARCHIVED);
  field(p, "", WORD_SERIAL, certificate->serial);
  field(p, "", WORD_ISSUER, certificate->issuer);
  date(p, WORD_NOT_BEFORE, certificate->not_before);
  date(p, WORD_NOT_AFTER, certificate->not_after);
  field(p, "", WORD_SUBJECT, certificate->subject);
  relation(p, certificate);
  thumbprint(p, certificate);
  key_part(p, certificate);
}

/* ---- an entry of -v ---- */

static void name_block(const struct printer *p, enum word which, const char *name) {
  buffer_add_format(p->out, "%s:\n", word(p, which));
  while (*name) {
    size_t size = strcspn(name, ",");
    add(p, "    ");
    buffer_add(p->out, name, size);
    add(p, "\n");
    name += size;
    while (*name == ',' || *name == ' ')
      name++;
  }
  verbose_label(p, "  ", "Name Hash", 60, "(sha1): 732312795479b01208e0ade51c695eddd8f2b2d7\n");
  verbose_label(p, "  ", "Name Hash", 60, "(md5): 9264adf01062b20e8fe4351369c55cc4\n\n");
}

static void algorithm(const struct printer *p, const char *english, unsigned filler,
                      const char *oid) {
  verbose_label(p, "", english, filler, ":\n");
  verbose_label(p, "    ", "Algorithm ObjectId", 61, ": ");
  buffer_add_format(p->out, "%s x\n", oid);
  verbose_label(p, "    ", "Algorithm Parameters", 62, ":\n    05 00\n");
}

static void extension(const struct printer *p, const char *head, const char *english,
                      unsigned filler) {
  buffer_add_format(p->out, "    %s\n", head);
  verbose_label(p, "    ", english, filler, "\n");
}

static void extensions(const struct printer *p, const struct dump_certificate *certificate) {
  verbose_label(p, "", "Certificate Extensions", 63, ": ");
  buffer_add_format(p->out, "%d\n", 1 + !!certificate->dns_names + !!certificate->purposes);
  extension(p, "2.5.29.15: Flags = 1(Critical), Length = 4", "Key Usage", 64);
  verbose_label(p, "        ", "Digital Signature, Key Encipherment", 65, " (a0)\n\n");
  if (certificate->purposes)
    extension(p, "2.5.29.37: Flags = 0, Length = 16", "Enhanced Key Usage", 68);
  for (size_t i = 0; certificate->purposes && certificate->purposes[i]; i++) {
    verbose_label(p, "        ", "Server Authentication", 69, " (");
    buffer_add_format(p->out, "%s)\n", certificate->purposes[i]);
  }
  if (certificate->purposes) add(p, "\n");
  if (!certificate->dns_names) return;
  extension(p, "2.5.29.17: Flags = 0, Length = 20", "Subject Alternative Name", 66);
  for (size_t i = 0; certificate->dns_names[i]; i++) {
    verbose_label(p, "        DNS ", "Name", 67, "=");
    buffer_add_format(p->out, "%s\n", certificate->dns_names[i]);
  }
  add(p, "\n");
}

static void hashes(const struct printer *p, const struct dump_certificate *certificate) {
  verbose_label(p, "", "Key Id Hash", 68, "(rfc-sha1): 29c42c8b73d48fb46118895ae59806eac7bf0098\n");
  verbose_label(p, "", "Key Id Hash", 68, "(sha1): 2e442e6469555a714423002b2e0748b373a27952\n");
  buffer_add_format(p->out, "%s(md5)%s: e95f4760524981cf90bc3198e3075f44\n",
                    word(p, WORD_THUMBPRINT), dump_gap(p->style->language, WORD_THUMBPRINT));
  thumbprint(p, certificate);
  add(p, "\n");
}

static void key_property(const struct printer *p, const struct dump_certificate *certificate) {
  char container[64], unique[80];
  container_of(certificate, container);
  unique_of(certificate, unique);
  add(p, "  CERT_KEY_PROV_INFO_PROP_ID(2):\n");
  equals(p, "    ", WORD_CONTAINER, container);
  if (certificate->key == DUMP_KEY_USABLE) field(p, "  ", WORD_UNIQUE, unique);
  equals(p, "    ", WORD_PROVIDER, provider_of(certificate));
  verbose_label(p, "    ", "ProviderType", 70, certificate->cng ? " = 0\n" : " = c\n");
  verbose_label(p, "  ", "Flags", 71, " = 20 (32)\n    CRYPT_MACHINE_KEYSET -- 20 (32)\n");
  verbose_label(p, "    ", "KeySpec", 72,
                certificate->cng ? " = 0 -- XCN_AT_NONE\n\n" : " = 1 -- AT_KEYEXCHANGE\n\n");
}

static void properties(const struct printer *p, const struct dump_certificate *certificate) {
  bool linked = certificate->key == DUMP_KEY_USABLE || certificate->key == DUMP_KEY_UNREACHABLE;
  if (linked) key_property(p, certificate);
  if (certificate->archived) add(p, "  CERT_ARCHIVED_PROP_ID(19):\n    \n\n");
  if (certificate->friendly_name)
    buffer_add_format(p->out, "  CERT_FRIENDLY_NAME_PROP_ID(11):\n    %s\n\n",
                      certificate->friendly_name);
  add(p, "  CERT_SHA1_HASH_PROP_ID(3):\n    ");
  hash(p, certificate->thumbprint);
  add(p, "\n\n  CERT_ACCESS_STATE_PROP_ID(14):\n");
  verbose_label(p, "    ", "AccessState", 73,
                " = 6\n    CERT_ACCESS_STATE_SYSTEM_STORE_FLAG -- 2\n");
  add(p, "    CERT_ACCESS_STATE_LM_SYSTEM_STORE_FLAG -- 4\n");
}

static void verbose_entry(const struct printer *p, const struct dump_certificate *certificate) {
  const char *signature = certificate->signature_oid ? certificate->signature_oid : SHA256_RSA;
  verbose_label(p, "", "X509 Certificate", 80, ":\n");
  verbose_label(p, "", "Version", 81, ": 3\n");
  field(p, "", WORD_SERIAL, certificate->serial);
  algorithm(p, "Signature Algorithm", 82, signature);
  name_block(p, WORD_ISSUER, certificate->issuer);
  date(p, WORD_NOT_BEFORE, certificate->not_before);
  date(p, WORD_NOT_AFTER, certificate->not_after);
  add(p, "\n");
  name_block(p, WORD_SUBJECT, certificate->subject);
  algorithm(p, "Public Key Algorithm", 83, certificate->key_oid ? certificate->key_oid : RSA);
  verbose_label(p, "", "Public Key Length", 84, ": ");
  buffer_add_format(p->out, "%u", certificate->key_size ? certificate->key_size : 2048);
  verbose_label(p, " ", "bits", 85, "\n");
  verbose_label(p, "", "Public Key: UnusedBits", 86, " = 0\n    0000  30 82 01 0a\n");
  extensions(p, certificate);
  algorithm(p, "Signature Algorithm", 82, signature);
  verbose_label(p, "", "Signature: UnusedBits", 87, "=0\n    0000  30 82 01 0a\n");
  relation(p, certificate);
  hashes(p, certificate);
  properties(p, certificate);
  if (certificate->key == DUMP_KEY_NONE) sentence(p, WORD_NO_PRIVATE_KEY);
  if (certificate->key == DUMP_KEY_USABLE) sentence(p, WORD_TEST_PASSED);
  if (certificate->key == DUMP_KEY_UNREACHABLE) sentence(p, WORD_MISSING_KEYSET);
}

/* ---- a store ---- */

static void heading(const struct printer *p, const struct dump_store *store) {
  add(p, store->name);
  if (text_equal_nocase(store->name, "My")) buffer_add_format(p->out, " \"%s\"", word(p, WORD_MY));
  add(p, "\n");
}

static void closing(const struct printer *p, const char *verb) {
  const char *text = word(p, WORD_CLOSING), *place = strstr(text, "%s");
  buffer_add(p->out, text, (size_t)(place - text));
  buffer_add_format(p->out, "%s%s\n", verb, place + 2);
}

void dump_certutil(struct buffer *out, const struct dump_store *store,
                   const struct dump_style *style) {
  struct printer p = {out, style};
  const char *verb = style->verify ? "verifystore" : "store";
  if (style->prompt)
    buffer_add_format(out, "%scertutil%s%s -%s \"%s\"\n", style->prompt,
                      store->option ? store->option : "", style->verbose ? " -v" : "", verb,
                      store->name);
  heading(&p, store);
  for (size_t i = 0; i < store->count; i++) {
    buffer_add_format(out, "%s" RULE " %s %zu " RULE "\n", i ? "\n" : "", word(&p, WORD_BANNER), i);
    if (style->verbose)
      verbose_entry(&p, store->certificates[i]);
    else
      plain_entry(&p, store->certificates[i]);
  }
  closing(&p, verb);
  if (style->prompt) buffer_add_format(out, "\n%s", style->prompt);
}
