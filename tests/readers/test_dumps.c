/* One server as certutil and netsh print it in every language and encoding: the facts
 * are always the same. */
#include "check_main.h"

#include "base/moment.h"
#include "base/text.h"
#include "bundle/encoding.h"
#include "support/dumps.h"
#include "support_text.h"

#include <string.h>

/* ---- the server ---- */

static const char *const web_names[] = {"www.contoso.com", "Mail.contoso.com", NULL};
static const char *const web_purposes[] = {"1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2", NULL};
/* 2025-03-04 10:20, so that day and month could be swapped; the second decides the order. */
static const struct dump_certificate web = {.thumbprint =
                                                "37A174A666F07B8BB332B7FE0C462776E46CEC82",
                                            .serial = "3f675d4b64156f9c48ccf30793121147",
                                            .issuer = "CN=Contoso Issuing CA, O=Contoso, C=DE",
                                            .subject = "CN=www.contoso.com, O=Contoso, C=DE",
                                            .not_before = 1741083600,
                                            .not_after = 1772619600,
                                            .key = DUMP_KEY_USABLE,
                                            .friendly_name = "Web 2025",
                                            .dns_names = web_names,
                                            .purposes = web_purposes};
static const struct dump_certificate root = {.thumbprint =
                                                 "F6F4501B6059B0EFF5EF4D9F17E4144D21387C47",
                                             .serial = "01",
                                             .issuer = "CN=EX01",
                                             .subject = "CN=EX01",
                                             .not_before = 1737936000, /* 2025-01-27 */
                                             .not_after = 1890604800,
                                             .key = DUMP_KEY_NONE};
static const struct dump_certificate unreached = {
    .thumbprint = "0123456789ABCDEF0123456789ABCDEF01234567",
    .serial = "6f8c4e2158ab119142c358e1aef32071867ea4ff",
    .issuer = "CN=Contoso Issuing CA, O=Contoso, C=DE",
    .subject = "CN=old.contoso.com",
    .not_before = 1741083600,
    .not_after = 1772619600,
    .key = DUMP_KEY_UNREACHABLE,
    .cng = true,
    .archived = true};
static const struct dump_certificate unlinked = {.thumbprint =
                                                     "89ABCDEF0123456789ABCDEF0123456789ABCDEF",
                                                 .serial = "0c",
                                                 .issuer = "CN=Contoso Issuing CA, O=Contoso, C=DE",
                                                 .subject = "CN=unlinked.contoso.com",
                                                 .not_before = 1741083600,
                                                 .not_after = 1772619600,
                                                 .key = DUMP_KEY_UNLINKED,
                                                 .cng = true};
static const struct dump_certificate *const all[] = {&web, &root, &unreached, &unlinked};
enum { CERTIFICATES = sizeof all / sizeof *all };
static const struct dump_store my = {.name = "My", .certificates = all, .count = CERTIFICATES};

static const struct dump_record records[] = {
    {.key = "0.0.0.0:443", .thumbprint = "37A174A666F07B8BB332B7FE0C462776E46CEC82", .store = "My"},
    {.key = "[::]:444",
     .thumbprint = "F6F4501B6059B0EFF5EF4D9F17E4144D21387C47",
     .set = DUMP_NEGOTIATE | DUMP_NO_REVOCATION},
    {.key = "www.contoso.com:443",
     .thumbprint = "37A174A666F07B8BB332B7FE0C462776E46CEC82",
     .app_id = "{5d89a20c-beab-4389-9447-324788eb944a}",
     .store = "WebHosting",
     .ctl_store = "AdfsTrustedDevices"},
    {.key = "443"},
};
enum { RECORDS = sizeof records / sizeof *records };

/* ---- reading it ---- */

static const char *name_of(const struct dump_style *style) {
  static const char *const encodings[] = {"UTF-8", "UTF-16", "OEM"};
  static char text[80];
  snprintf(text, sizeof text, "%s %s%s%s fields %u", dump_language_name(style->language),
           encodings[style->encoding], style->spaced ? " spaced" : "",
           style->verbose ? " verbose" : "", style->fields);
  return text;
}

static struct reading *read_dump(struct run *run, struct buffer *text, const char *kind,
                                 const struct dump_style *style) {
  size_t size;
  char *bytes = dump_encode(text, style, &size);
  ck_assert_ptr_nonnull(bytes);
  run_start(run);
  run_add(run, "dump.txt", bytes, size);
  encoding_detect(run->bundle.artifacts[0]);
  run_read(run);
  struct reading *reading = run_reading(run, 0);
  ck_assert_msg(reading != NULL, "%s: not recognised", name_of(style));
  ck_assert_str_eq(reading->kind, kind);
  ck_assert_msg(reading->complete, "%s: %s", name_of(style),
                reading->complete ? "" : reading->broken_why);
  ck_assert_uint_eq(run->readings.count, 1);
  alloc_free(bytes);
  buffer_dispose(text);
  return reading;
}

static void is(const xmlNode *node, const char *attribute, const char *value,
               const struct dump_style *style) {
  const char *found = node ? node_get(node, attribute) : NULL;
  ck_assert_msg(value ? found && strcmp(found, value) == 0 : !found, "%s: %s is %s, not %s",
                name_of(style), attribute, found ? found : "(absent)", value ? value : "(absent)");
}

/* The range holds the moment and is no wider than zones make it. */
static void is_about(const xmlNode *node, const char *first, const char *last, int64_t moment,
                     const struct dump_style *style) {
  int64_t from, to;
  const char *a = node_get(node, first), *b = node_get(node, last);
  ck_assert_msg(a && b && moment_parse(a, &from) && moment_parse(b, &to), "%s: no %s",
                name_of(style), first);
  ck_assert_msg(from <= moment && moment <= to && to - from <= 26 * 3600 + 59, "%s: %s to %s",
                name_of(style), a, b);
}

static const char *key_word(enum dump_key key) {
  static const char *const words[] = {"false", "true", NULL, "false"};
  return words[key];
}

static void check_certificate(const xmlNode *node, const struct dump_certificate *certificate,
                              const struct dump_style *style) {
  is(node, "thumbprint", certificate->thumbprint, style);
  is(node, "serialNumber", certificate->serial, style);
  is(node, "issuer", certificate->issuer, style);
  is(node, "subject", certificate->subject, style);
  is(node, "archived", certificate->archived ? "true" : "false", style);
  is(node, "selfSigned", strcmp(certificate->issuer, certificate->subject) == 0 ? "true" : "false",
     style);
  is(node, "hasPrivateKey", key_word(certificate->key), style);
  is_about(node, "notBefore", "notBeforeLatest", certificate->not_before, style);
  is_about(node, "notAfter", "notAfterLatest", certificate->not_after, style);
  is(node, "keyProvider",
     certificate->key == DUMP_KEY_NONE || (certificate->key == DUMP_KEY_UNLINKED && style->verbose)
         ? ""
     : certificate->cng ? "Microsoft Software Key Storage Provider"
                        : "Microsoft RSA SChannel Cryptographic Provider",
     style);
  if (!style->verbose) return;
  bool named = certificate->dns_names != NULL;
  const xmlNode *name = node_child(node, "name");
  is(node, "namesKnown", "true", style);
  is(node, "extendedKeyUsage", named ? "1.3.6.1.5.5.7.3.1 1.3.6.1.5.5.7.3.2" : "any", style);
  ck_assert(named == (name != NULL));
  if (named) {
    is(name, "type", "dns", style);
    is(name, "value", "www.contoso.com", style);
    is(node_next(name, "name"), "value", "mail.contoso.com", style);
  }
  is(node, "keySize", "2048", style);
  is(node, "keyAlgorithm", "RSA", style);
  is(node, "signatureAlgorithm", "sha256WithRSAEncryption", style);
  is(node, "friendlyName", certificate->friendly_name ? certificate->friendly_name : "", style);
}

static void check_store(const struct dump_style *style) {
  struct buffer text = buffer_make(1 << 20);
  struct run run;
  dump_certutil(&text, &my, style);
  struct reading *reading = read_dump(&run, &text, "certutil-store", style);
  xmlNode *store = run_fact(reading, "store", 0);
  is(store, "key", "my", style);
  is(store, "location", "LocalMachine", style);
  is(store, "complete", "true", style);
  ck_assert_uint_eq(run_count(reading, "certificate"), CERTIFICATES);
  for (size_t i = 0; i < CERTIFICATES; i++)
    check_certificate(run_fact(reading, "certificate", i), all[i], style);
  run_end(&run);
}

START_TEST(a_store_depends_on_its_clothes) {
  static const char *const ends[] = {"\r\n", "\n", "\r\r\n"};
  for (int language = 0; language < DUMP_LANGUAGES; language++)
    for (int encoding = 0; encoding < DUMP_ENCODINGS; encoding++)
      for (unsigned more = 0; more < 8; more++) {
        struct dump_style style = {.language = language,
                                   .encoding = encoding,
                                   .spaced = more & 1,
                                   .verbose = more & 2,
                                   .verify = more & 4,
                                   .line_end = ends[more % 3],
                                   .zone = (int)more * 120 - 480};
        check_store(&style);
      }
}
END_TEST

static void check_records(const struct dump_style *style) {
  struct buffer text = buffer_make(1 << 20);
  struct run run;
  dump_sslcert(&text, records, RECORDS, style);
  struct reading *reading = read_dump(&run, &text, "netsh-sslcert", style);
  ck_assert_uint_eq(run_count(reading, "sslCertificate"), RECORDS);
  static const char *const types[] = {"ip", "ip", "host", "ccs"};
  static const char *const stores[] = {"my", "my", "webhosting", "my"};
  for (size_t i = 0; i < RECORDS; i++) {
    xmlNode *node = run_fact(reading, "sslCertificate", i);
    is(node, "record", records[i].key, style);
    is(node, "type", types[i], style);
    is(node, "certificateHash", records[i].thumbprint ? records[i].thumbprint : "", style);
    is(node, "store", stores[i], style);
    is(node, "ctlStoreName", records[i].ctl_store, style);
    bool set = records[i].set != 0;
    is(node, "negotiateClientCertificate", set ? "true" : NULL, style);
    is(node, "verifyClientCertificateRevocation", set ? "false" : NULL, style);
    is(node, "usageCheck", NULL, style);
    ck_assert_ptr_null(node->children);
  }
  run_end(&run);
}

START_TEST(records_depend_on_their_clothes) {
  static const unsigned versions[] = {9, 10, 11, 16, 19, 20, 21};
  for (int language = 0; language < DUMP_LANGUAGES; language++)
    for (int encoding = 0; encoding < DUMP_ENCODINGS; encoding++)
      for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        struct dump_style style = {
            .language = language, .encoding = encoding, .fields = versions[i]};
        check_records(&style);
      }
}
END_TEST

/* What was set in the newest fields is found by place in every version that has them. */
START_TEST(a_flag_is_lost) {
  static const struct dump_record strict[] = {
      {.key = "0.0.0.0:443",
       .thumbprint = "37A174A666F07B8BB332B7FE0C462776E46CEC82",
       .set = DUMP_REJECT | DUMP_NO_HTTP2 | DUMP_NO_LEGACY_TLS}};
  static const unsigned versions[] = {9, 10, 11, 16, 19, 20, 21};
  for (int language = 0; language < DUMP_LANGUAGES; language++)
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
      struct dump_style style = {.language = language, .fields = versions[i]};
      struct buffer text = buffer_make(1 << 20);
      struct run run;
      dump_sslcert(&text, strict, 1, &style);
      struct reading *reading = read_dump(&run, &text, "netsh-sslcert", &style);
      xmlNode *node = run_fact(reading, "sslCertificate", 0);
      is(node, "rejectConnections", versions[i] >= 10 ? "true" : NULL, &style);
      is(node, "disableHttp2", versions[i] >= 11 ? "true" : NULL, &style);
      is(node, "disableLegacyTls", versions[i] >= 16 ? "true" : NULL, &style);
      is(node, "disableTls13", NULL, &style);
      run_end(&run);
    }
}
END_TEST

static void check_lists(const struct dump_style *style) {
  static const char *const addresses[] = {"10.0.0.1", "::1"};
  static const struct dump_reservation reserved[] = {
      {"http://+:80/x/", "NT AUTHORITY\\NETWORK SERVICE", "D:(A;;GX;;;NS)"}};
  static const char *const urls[] = {"HTTPS://*:443:MAIL/", "HTTP://+:80/", NULL};
  static const struct dump_queue queues[] = {
      {"DefaultAppPool", 7, urls}, {NULL, 8, urls + 1}, {NULL, 9, urls + 2}};
  struct buffer text = buffer_make(1 << 20);
  struct run run;
  dump_iplisten(&text, addresses, 2, style);
  struct reading *reading = read_dump(&run, &text, "netsh-iplisten", style);
  is(run_fact(reading, "address", 1), "ip", "[::1]", style);
  run_end(&run);
  text = buffer_make(1 << 20);
  dump_urlacl(&text, reserved, 1, style);
  reading = read_dump(&run, &text, "netsh-urlacl", style);
  is(run_fact(reading, "urlReservation", 0), "user", reserved[0].user, style);
  is(run_fact(reading, "urlReservation", 0), "sddl", reserved[0].sddl, style);
  run_end(&run);
  text = buffer_make(1 << 20);
  dump_servicestate(&text, queues, 3, style);
  reading = read_dump(&run, &text, "netsh-servicestate", style);
  ck_assert_uint_eq(run_count(reading, "requestQueue"), 3);
  ck_assert_uint_eq(run_count(reading, "registeredUrl"), 3);
  is(run_fact(reading, "requestQueue", 1), "name", "", style);
  is(run_fact(reading, "registeredUrl", 0), "queue", "DefaultAppPool", style);
  is(run_fact(reading, "registeredUrl", 2), "processes", "8", style);
  run_end(&run);
}

/* Another view needs the title that only English is known to have. */
START_TEST(lists_depend_on_their_clothes) {
  for (int language = 0; language < DUMP_LANGUAGES; language++)
    for (int encoding = 0; encoding < DUMP_ENCODINGS; encoding++)
      for (int prompt = 0; prompt < 2; prompt++) {
        struct dump_style style = {
            .language = language, .encoding = encoding, .prompt = prompt ? "C:\\>" : NULL};
        check_lists(&style);
      }
}
END_TEST

/* With the command in the text it is certain whose store it is. */
START_TEST(the_store_of_a_user_passes_for_the_machines) {
  static const struct {
    const char *option, *location;
  } rows[] = {{" -user", "CurrentUser"}, {" -enterprise", "Enterprise"}, {NULL, "LocalMachine"}};
  for (size_t i = 0; i < 3; i++) {
    struct dump_store store = my;
    store.option = rows[i].option;
    struct dump_style style = {.language = DUMP_GERMAN, .prompt = "C:\\>"};
    struct buffer text = buffer_make(1 << 20);
    struct run run;
    dump_certutil(&text, &store, &style);
    struct reading *reading = read_dump(&run, &text, "certutil-store", &style);
    is(run_fact(reading, "store", 0), "location", rows[i].location, &style);
    run_end(&run);
  }
}
END_TEST

CHECK_MAIN("readers/dumps", {
  tcase_add_test(tests, a_store_depends_on_its_clothes);
  tcase_add_test(tests, records_depend_on_their_clothes);
  tcase_add_test(tests, a_flag_is_lost);
  tcase_add_test(tests, lists_depend_on_their_clothes);
  tcase_add_test(tests, the_store_of_a_user_passes_for_the_machines);
})
