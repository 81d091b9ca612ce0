/* Get-ExchangeCertificate, Get-WebBinding and Get-AuthConfig exports. */
#include "check_main.h"

#include "base/base64.h"
#include "base/moment.h"
#include "base/text.h"
#include "base/xml_source.h"
#include "support_nrbf.h"
#include "support_run.h"

#include <string.h>

#define OBJS "<Objs Version='1.1.0.1' xmlns='http://schemas.microsoft.com/powershell/2004/04'>\n"
#define CERTIFICATE_TYPE                                                                           \
  "<TN RefId='0'><T>Microsoft.Exchange.Management.SystemConfigurationTasks.ExchangeCertificate"    \
  "</T></TN>"
#define BINDING_TYPE                                                                               \
  "<TN RefId='0'><T>Microsoft.IIs.PowerShell.Framework.ConfigurationElement#bindings#binding</T>"  \
  "</TN>"
#define AUTH_TYPE                                                                                  \
  "<TN RefId='0'><T>Deserialized.Microsoft.Exchange.Data.Directory.SystemConfiguration."           \
  "AuthConfig</T></TN>"
#define THUMBPRINT "21BDA91EDBB850268A1C83A85ACA8BD644EE4F53"
/* CN=EX01, self-signed, made for this test; its thumbprint is the one above. */
#define DER_BASE64                                                                                 \
  "MIIBdDCCARmgAwIBAgIUCq92FNvCa7vUUKqfDOljXx6fWsgwCgYIKoZIzj0EAwIwDzENMAsGA1UEAwwERVgwMTAeFw"     \
  "0yNjExMjIxMDI2MDlaFw0zMTExMjIxMDI2MDlaMA8xDTALBgNVBAMMBEVYMDEwWTATBgcqhkjOPQIBBggqhkjOPQMB"     \
  "BwNCAAQ7NlkGXohTcX78Q6agKz695uqvzl4e3zD2jd98FSdYnvpPWsBdnmjCPXssHxIlBZc9BOoO1pKLkT2CbvHxI3"     \
  "d+o1MwUTAdBgNVHQ4EFgQUBxp5WT1FtVk/JcA3ak7sJWivhhMwHwYDVR0jBBgwFoAUBxp5WT1FtVk/JcA3ak7sJWiv"     \
  "hhMwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAtye7Spe8Hm4VC4xuXb6u+CwGbBFr878CqF5ieG"     \
  "jRHTwCIQDhFck2YtkCUIqKkwPXO+YsE1qMDmBgrsV9SePSh4Bg9g=="

static struct run run;

static struct reading *read_export(const char *body) {
  char *text = alloc_format("\xEF\xBB\xBF" OBJS "%s</Objs>", body);
  run_start(&run);
  size_t number = run_add_text(&run, "export.xml", text);
  alloc_free(text);
  run_read(&run);
  return run_reading(&run, number);
}

static const struct artifact *artifact(void) {
  return run.bundle.artifacts[0];
}

/* ---- Get-ExchangeCertificate ----------------------------------------------- */

static struct reading *read_certificate(const char *ms) {
  char *body = alloc_format("<Obj RefId='0'>" CERTIFICATE_TYPE "<Props><BA N='RawData'>" DER_BASE64
                            "</BA></Props>\n"
                            "<MS><S N='PSComputerName'>ex01</S>%s</MS></Obj>",
                            ms);
  struct reading *reading = read_export(body);
  alloc_free(body);
  ck_assert_ptr_nonnull(reading);
  ck_assert_str_eq(reading->kind, "get-exchangecertificate");
  return reading;
}

static struct reading *read_with_stream(struct nrbf_example example, bool other_der) {
  uint8_t *der;
  size_t size;
  ck_assert(base64_decode(span_of(DER_BASE64), &der, &size));
  if (other_der) der[size - 1] ^= 1;
  example.der = der;
  example.der_size = size;
  char *stream = nrbf_base64(&example);
  char *ms = alloc_format("<BA N='SerializationData'>%s</BA>", stream);
  struct reading *reading = read_certificate(ms);
  alloc_free(ms);
  alloc_free(stream);
  alloc_free(der);
  return reading;
}

START_TEST(an_exchange_certificate_is_not_transcribed) {
  struct nrbf_example example = {.with_key = true,
                                 .with_name = true,
                                 .status = 1,
                                 .services = 27,
                                 .identity = "EX01.contoso.com\\" THUMBPRINT};
  for (int is_signed = 0; is_signed < 2; is_signed++) {
    example.is_signed = is_signed;
    struct reading *reading = read_with_stream(example, false);
    ck_assert(reading->complete);
    ck_assert_str_eq(reading->computer, "EX01.contoso.com");
    const xmlNode *certificate = run_fact(reading, "certificate", 0),
                  *used = run_fact(reading, "exchangeCertificate", 0);
    ck_assert_str_eq(node_get(certificate, "thumbprint"), THUMBPRINT);
    ck_assert_str_eq(node_get(certificate, "source"), "get-exchangecertificate");
    ck_assert_str_eq(node_get(certificate, "friendlyName"), "M\xC3\xBCl");
    ck_assert_str_eq(node_get(certificate, "hasPrivateKey"), "true");
    ck_assert_ptr_null(node_get(certificate, "archived"));
    ck_assert_str_eq(node_get(certificate, "notAfter"), "2031-11-22T10:26:09Z");
    ck_assert_uint_eq(origin_of(certificate).line, 2);
    ck_assert_str_eq(node_get(used, "thumbprint"), THUMBPRINT);
    ck_assert_str_eq(node_get(used, "services"), "IMAP POP IIS SMTP");
    ck_assert_str_eq(node_get(used, "status"), "Valid");
    ck_assert_uint_eq(node_attribute_origin(used, "services").line, 3);
    ck_assert(!run_marked(used, "@services"));
    char moment[21];
    ck_assert(reading->has_newest);
    moment_format(reading->newest, moment);
    ck_assert_str_eq(moment, "2026-11-22T10:26:09Z");
    run_end(&run);
  }
}
END_TEST

START_TEST(a_certificate_without_key_or_services_is_taken_for_one_with) {
  struct nrbf_example example = {
      .archived = true, .status = 3, .services = 0, .identity = "EX01\\x"};
  struct reading *reading = read_with_stream(example, false);
  const xmlNode *certificate = run_fact(reading, "certificate", 0),
                *used = run_fact(reading, "exchangeCertificate", 0);
  ck_assert_str_eq(node_get(certificate, "hasPrivateKey"), "false");
  ck_assert_str_eq(node_get(certificate, "archived"), "true");
  ck_assert_str_eq(node_get(used, "services"), "None");
  ck_assert_str_eq(node_get(used, "status"), "DateInvalid");
  run_end(&run);
}
END_TEST

static void is_not_decided(const struct reading *reading) {
  const xmlNode *certificate = run_fact(reading, "certificate", 0),
                *used = run_fact(reading, "exchangeCertificate", 0);
  ck_assert_str_eq(node_get(certificate, "thumbprint"), THUMBPRINT);
  ck_assert_ptr_null(node_get(certificate, "hasPrivateKey"));
  ck_assert_ptr_null(node_get(used, "services"));
  ck_assert_ptr_null(node_get(used, "status"));
  ck_assert(run_marked(used, "@services"));
  ck_assert(run_marked(used, "@status"));
}

START_TEST(services_are_made_up_when_the_export_does_not_tell_them) {
  struct nrbf_example example = {.with_key = true, .status = 1, .services = 8, .identity = "a\\b"};
  is_not_decided(read_certificate(""));
  run_end(&run);
  is_not_decided(read_certificate("<BA N='SerializationData'>AAEAAAD/////</BA>"));
  run_end(&run);
  is_not_decided(read_with_stream(example, true)); /* of another certificate */
  ck_assert_str_eq(run_reading(&run, 0)->computer, "ex01");
  run_end(&run);
  example.services = 128;
  example.status = 8;
  struct reading *reading = read_with_stream(example, false);
  ck_assert(run_marked(run_fact(reading, "exchangeCertificate", 0), "@services"));
  ck_assert(run_marked(run_fact(reading, "exchangeCertificate", 0), "@status"));
  run_end(&run);
}
END_TEST

START_TEST(services_that_are_properties_are_not_read) {
  struct reading *reading = read_certificate(
      "<Obj N='Services' RefId='1'><ToString>IIS, SMTP</ToString><I32>24</I32></Obj>"
      "<S N='Status'>Invalid</S>");
  const xmlNode *used = run_fact(reading, "exchangeCertificate", 0);
  ck_assert_str_eq(node_get(used, "services"), "IIS SMTP");
  ck_assert_str_eq(node_get(used, "status"), "Invalid");
  run_end(&run);
  reading = read_certificate("<S N='Services'>None</S><S N='Status'>odd</S>");
  used = run_fact(reading, "exchangeCertificate", 0);
  ck_assert_str_eq(node_get(used, "services"), "None");
  ck_assert(run_marked(used, "@status"));
  run_end(&run);
  reading = read_certificate("<S N='Services'>IIS, New</S>");
  ck_assert(run_marked(run_fact(reading, "exchangeCertificate", 0), "@services"));
  run_end(&run);
}
END_TEST

START_TEST(a_pending_request_is_taken_for_a_certificate_of_the_store) {
  struct nrbf_example example = {.with_key = true, .status = 7, .identity = "a\\b"};
  struct reading *reading = read_with_stream(example, false);
  ck_assert_uint_eq(run_count(reading, "certificate"), 0);
  ck_assert_str_eq(node_get(run_fact(reading, "exchangeCertificate", 0), "status"),
                   "PendingRequest");
  run_end(&run);
}
END_TEST

START_TEST(a_certificate_that_cannot_be_read_goes_unnoticed) {
  const char *raws[] = {"", "<BA N='RawData'>!</BA>", "<BA N='RawData'>MIIB</BA>",
                        "<S N='RawData'>" DER_BASE64 "</S>"};
  for (size_t i = 0; i < 4; i++) {
    char *body = alloc_format("<Obj RefId='0'>" CERTIFICATE_TYPE "<Props>%s</Props></Obj>"
                              "<Obj RefId='1'><TNRef RefId='0'/><Props><BA N='RawData'>" DER_BASE64
                              "</BA></Props></Obj>",
                              raws[i]);
    struct reading *reading = read_export(body);
    ck_assert(!reading->complete);
    ck_assert_int_eq(reading->incomplete_reason, UNKNOWN_DAMAGED);
    ck_assert_uint_eq(reading->broken_at.line, 2);
    ck_assert_int_eq(artifact()->outcome, ARTIFACT_PARTLY_READ);
    ck_assert_uint_eq(run_count(reading, "certificate"), 1);
    alloc_free(body);
    run_end(&run);
  }
}
END_TEST

START_TEST(certificates_of_two_servers_are_mixed) {
  struct reading *reading =
      read_export("<Obj RefId='0'>" CERTIFICATE_TYPE "<Props><BA N='RawData'>" DER_BASE64
                  "</BA></Props><MS><S N='PSComputerName'>EX01.a.b</S></MS></Obj>"
                  "<Obj RefId='1'><TNRef RefId='0'/><Props><BA N='RawData'>" DER_BASE64
                  "</BA></Props><MS><S N='PSComputerName'>ex01</S></MS></Obj>"
                  "<Obj RefId='2'><TNRef RefId='0'/><Props><BA N='RawData'>" DER_BASE64
                  "</BA></Props><MS><S N='PSComputerName'>EX02.a.b</S></MS></Obj>");
  ck_assert_str_eq(reading->computer, "EX01.a.b");
  ck_assert_uint_eq(run_count(reading, "certificate"), 2);
  ck_assert(!reading->complete);
  ck_assert_int_eq(reading->incomplete_reason, UNKNOWN_AMBIGUOUS);
  ck_assert_ptr_nonnull(strstr(artifact()->reason, "EX02.a.b"));
  run_end(&run);
}
END_TEST

/* ---- Get-WebBinding --------------------------------------------------------- */

#define BINDING_FACTS                                                                              \
  "<S N='protocol'>https</S><S N='bindingInformation'>*:444:</S><I64 N='sslFlags'>1</I64>"         \
  "<S N='certificateHash'>12fd38fa8f58c8a74b3039962882defe4199d453</S>"                            \
  "<S N='certificateStoreName'>My</S>"

static struct reading *read_binding(const char *path, const char *facts) {
  char *body = alloc_format("<Obj RefId='0'>" BINDING_TYPE "<MS>%s<S N='ItemXPath'>%s</S></MS>"
                            "</Obj>",
                            facts, path);
  struct reading *reading = read_export(body);
  alloc_free(body);
  ck_assert_ptr_nonnull(reading);
  ck_assert_str_eq(reading->kind, "get-webbinding");
  return reading;
}

static void is_site(const char *path, const char *name, const char *id) {
  struct reading *reading = read_binding(path, BINDING_FACTS);
  const xmlNode *site = run_fact(reading, "site", 0);
  ck_assert_msg(site != NULL, "%s", path);
  ck_assert_str_eq(node_get(site, "name"), name);
  ck_assert_str_eq(node_get(site, "id"), id);
  ck_assert(reading->complete);
  run_end(&run);
}

#define SITES "/system.applicationHost/sites/site"

START_TEST(the_site_of_a_binding_is_lost_with_odd_names) {
  is_site(SITES "[@name='Default Web Site' and @id='1']", "Default Web Site", "1");
  is_site(SITES "[@name='O'Brien' and @id='22']", "O'Brien", "22");
  is_site(SITES "[@name=\"x\" and @id=\"3\"]", "x", "3");
  is_site(SITES "[@name='a' and @id='1'] and @id='2' and @id='3']", "a' and @id='1'] and @id='2",
          "3");
  is_site(SITES "[@name='' and @id='4']", "", "4");
  is_site(SITES "[@name='J_x00FC_rgen &amp; &lt;Co&gt;' and @id='5']", "J\xC3\xBCrgen & <Co>", "5");
}
END_TEST

START_TEST(a_binding_without_site_goes_unnoticed) {
  const char *paths[] = {"",
                         SITES,
                         SITES "[@name='a']",
                         SITES "[@name='a' and @id='x']",
                         SITES "[@name='a' and @id='1'",
                         SITES "[@name=a and @id=1]"};
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    struct reading *reading = read_binding(paths[i], BINDING_FACTS);
    ck_assert_msg(!reading->complete, "%s", paths[i]);
    ck_assert_uint_eq(run_count(reading, "binding"), 0);
    run_end(&run);
  }
}
END_TEST

START_TEST(a_binding_is_not_transcribed) {
  struct reading *reading = read_binding(SITES "[@name='a' and @id='1']", BINDING_FACTS);
  const xmlNode *binding = run_fact(reading, "binding", 0);
  ck_assert_str_eq(node_get(binding, "protocol"), "https");
  ck_assert_str_eq(node_get(binding, "bindingInformation"), "*:444:");
  ck_assert_str_eq(node_get(binding, "sslFlags"), "1");
  ck_assert_str_eq(node_get(binding, "certificateHash"),
                   "12FD38FA8F58C8A74B3039962882DEFE4199D453");
  ck_assert_str_eq(node_get(binding, "certificateStoreName"), "My");
  ck_assert_ptr_null(binding->children);
  ck_assert_uint_lt(node_attribute_origin(binding, "protocol").column,
                    node_attribute_origin(binding, "sslFlags").column);
  run_end(&run);
}
END_TEST

START_TEST(what_an_export_leaves_out_is_known) {
  struct reading *reading = read_binding(SITES "[@name='a' and @id='1']", "<S N='protocol'>x</S>");
  const xmlNode *binding = run_fact(reading, "binding", 0);
  ck_assert(!run_marked(binding, "@protocol"));
  ck_assert(run_marked(binding, "@bindingInformation"));
  ck_assert(run_marked(binding, "@sslFlags"));
  ck_assert(run_marked(binding, "@certificateHash"));
  ck_assert_ptr_null(node_get(binding, "certificateHash"));
  run_end(&run);
}
END_TEST

static void is_hash(const char *element, const char *expected) {
  struct reading *reading = read_binding(SITES "[@name='a' and @id='1']", element);
  const xmlNode *binding = run_fact(reading, "binding", 0);
  const char *hash = node_get(binding, "certificateHash");
  if (expected)
    ck_assert_str_eq(hash, expected);
  else
    ck_assert_ptr_null(hash);
  ck_assert_int_eq(run_marked(binding, "@certificateHash"), expected == NULL);
  run_end(&run);
}

START_TEST(a_hash_that_is_none_counts_as_one) {
  is_hash("<S N='certificateHash'></S>", "");
  is_hash("<Nil N='certificateHash'/>", "");
  is_hash("<BA N='certificateHash'>AAECAwQFBgcICQoLDA0ODxAREhM=</BA>",
          "000102030405060708090A0B0C0D0E0F10111213");
  is_hash("<BA N='certificateHash'>AAEC</BA>", NULL);
  is_hash("<S N='certificateHash'>12FD38FA</S>", NULL);
  is_hash("<S N='certificateHash'>System.Byte[]</S>", NULL);
}
END_TEST

START_TEST(bindings_of_one_site_become_several_sites) {
  struct reading *reading =
      read_export("<Obj RefId='9'><TN RefId='9'><T>System.Object[]</T></TN><LST>"
                  "<Obj RefId='0'>" BINDING_TYPE "<MS>" BINDING_FACTS "<S N='ItemXPath'>" SITES
                  "[@name='a' and @id='1']</S></MS></Obj>"
                  "<Obj RefId='1'><TNRef RefId='0'/><MS>" BINDING_FACTS "<S N='ItemXPath'>" SITES
                  "[@name='b' and @id='2']</S></MS></Obj>"
                  "<Obj RefId='2'><TNRef RefId='0'/><MS>" BINDING_FACTS "<S N='ItemXPath'>" SITES
                  "[@name='a' and @id='1']</S></MS></Obj></LST></Obj>");
  ck_assert_uint_eq(run_count(reading, "site"), 2);
  ck_assert_uint_eq(xmlChildElementCount(run_fact(reading, "site", 0)), 2);
  ck_assert_int_eq(artifact()->outcome, ARTIFACT_READ);
  run_end(&run);
}
END_TEST

/* ---- Get-AuthConfig --------------------------------------------------------- */

START_TEST(the_oauth_configuration_is_not_transcribed) {
  struct reading *reading =
      read_export("<Obj RefId='0'>" AUTH_TYPE "<Props>"
                  "<S N='CurrentCertificateThumbprint'>c3edcf181ef4f9b53d01768eca99564014bca6e7</S>"
                  "<S N='PreviousCertificateThumbprint'></S><Nil N='NextCertificateThumbprint'/>"
                  "<DT N='NextCertificateEffectiveDate'>2024-12-03T14:47:32.5-08:00</DT>"
                  "<DT N='WhenChanged'>2030-01-01T00:00:00Z</DT>"
                  "<DT N='WhenChangedUTC'>2019-12-03T22:47:32Z</DT></Props></Obj>");
  ck_assert_str_eq(reading->kind, "get-authconfig");
  const xmlNode *config = run_fact(reading, "authConfig", 0);
  ck_assert_str_eq(node_get(config, "currentCertificateThumbprint"),
                   "C3EDCF181EF4F9B53D01768ECA99564014BCA6E7");
  ck_assert_str_eq(node_get(config, "previousCertificateThumbprint"), "");
  ck_assert_str_eq(node_get(config, "nextCertificateThumbprint"), "");
  ck_assert_str_eq(node_get(config, "nextCertificateEffectiveDate"), "2024-12-03T22:47:32Z");
  ck_assert_ptr_null(config->children);
  char moment[21];
  moment_format(reading->newest, moment);
  ck_assert_str_eq(moment, "2019-12-03T22:47:32Z");
  ck_assert_str_eq(reading->newest_what, "WhenChangedUTC");
  ck_assert_ptr_null(reading->computer);
  run_end(&run);
}
END_TEST

START_TEST(oauth_facts_that_are_missing_or_broken_are_known) {
  struct reading *reading =
      read_export("<Obj RefId='0'>" AUTH_TYPE "<Props><S N='CurrentCertificateThumbprint'>C3ED</S>"
                  "<S N='NextCertificateEffectiveDate'>soon</S></Props></Obj>");
  const xmlNode *config = run_fact(reading, "authConfig", 0);
  const char *names[] = {"@currentCertificateThumbprint", "@previousCertificateThumbprint",
                         "@nextCertificateThumbprint", "@nextCertificateEffectiveDate"};
  for (size_t i = 0; i < 4; i++) {
    ck_assert_msg(run_marked(config, names[i]), "%s", names[i]);
    ck_assert_ptr_null(node_get(config, names[i] + 1));
  }
  ck_assert(!reading->has_newest);
  run_end(&run);
}
END_TEST

/* ---- Which export ----------------------------------------------------------- */

START_TEST(other_exports_are_read_as_if_they_were_known) {
  static const struct {
    const char *body, *reason;
  } rows[] = {
      {"<Obj RefId='0'><TN RefId='0'><T>Deserialized.My.Type</T></TN></Obj>",
       "PowerShell export of My.Type; not used yet"},
      {"<Obj RefId='0'><TN RefId='0'><T>My.Type</T></TN><Props><Obj N='x' RefId='1'>" BINDING_TYPE
       "</Obj></Props></Obj>",
       "PowerShell export of My.Type; not used yet"},
      {"<S>text</S>", "PowerShell export of values that are of no kind siteglass reads"},
      {"<Nil/>", "PowerShell export of nothing"},
      {"", "PowerShell export of nothing"},
      {"<Obj>\n</x>",
       "damaged PowerShell export of an unknown type (line 3: Opening and ending tag "
       "mismatch: Obj line 2 and x)"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    ck_assert_ptr_null(read_export(rows[i].body));
    ck_assert_int_eq(artifact()->outcome, ARTIFACT_NOT_RECOGNISED);
    ck_assert_str_eq(artifact()->reason, rows[i].reason);
    run_end(&run);
  }
}
END_TEST

START_TEST(objects_of_another_type_are_left_out_without_a_word) {
  struct reading *reading = read_export("<S>first</S><Obj RefId='0'>" AUTH_TYPE
                                        "</Obj><Obj RefId='1'><TN RefId='1'><T>My.Type</T>"
                                        "</TN></Obj>");
  ck_assert_str_eq(reading->kind, "get-authconfig");
  ck_assert_uint_eq(run_count(reading, "authConfig"), 1);
  ck_assert_int_eq(artifact()->outcome, ARTIFACT_PARTLY_READ);
  ck_assert_str_eq(artifact()->reason, "2 of its 3 objects are of another type and not used");
  run_end(&run);
}
END_TEST

START_TEST(half_an_export_counts_as_a_whole_one) {
  const char *whole = OBJS "<Obj RefId='0'>" BINDING_TYPE "<MS>" BINDING_FACTS
                           "<S N='ItemXPath'>" SITES "[@name='a' and @id='1']</S></MS></Obj>\n"
                           "<Obj RefId='1'><TNRef RefId='0'/></Obj></Objs>";
  size_t types_end = (size_t)(strstr(whole, "</TN>") - whole) + 5;
  for (size_t size = types_end; size < strlen(whole); size++) {
    run_start(&run);
    run_add(&run, "half.xml", whole, size);
    run_read(&run);
    struct reading *reading = run_reading(&run, 0);
    ck_assert_ptr_nonnull(reading);
    ck_assert_str_eq(reading->kind, "get-webbinding");
    ck_assert(!reading->complete);
    ck_assert_ptr_null(reading->facts);
    ck_assert_int_eq(reading->incomplete_reason, UNKNOWN_TRUNCATED);
    ck_assert_uint_ge(reading->broken_at.line, 2);
    ck_assert_int_eq(artifact()->outcome, ARTIFACT_PARTLY_READ);
    run_end(&run);
  }
}
END_TEST

/* ---- Real exports ------------------------------------------------------------ */

struct expected {
  const char *thumbprint, *services;
};

static void check_certificates(const char *path, const struct expected *expected, size_t count) {
  run_start(&run);
  size_t number = run_add_shared(&run, path);
  run_read(&run);
  struct reading *reading = run_reading(&run, number);
  ck_assert_msg(reading && reading->complete, "%s: %s", path, artifact()->reason);
  ck_assert_uint_eq(run_count(reading, "exchangeCertificate"), count);
  ck_assert_uint_eq(run_count(reading, "certificate"), count);
  for (size_t i = 0; i < count; i++) {
    const xmlNode *used = run_fact(reading, "exchangeCertificate", i);
    ck_assert_str_eq(node_get(used, "thumbprint"), expected[i].thumbprint);
    if (expected[i].services)
      ck_assert_str_eq(node_get(used, "services"), expected[i].services);
    else
      ck_assert(run_marked(used, "@services"));
    const char *key = node_get(run_fact(reading, "certificate", i), "hasPrivateKey");
    ck_assert(expected[i].services ? text_equal(key, "true") : key == NULL);
  }
  ck_assert(reading->has_newest);
  run_end(&run);
}

START_TEST(real_exchange_certificates_have_other_services) {
  NEEDS_SHARED();
  static const struct expected e19[] = {
      {"C3EDCF181EF4F9B53D01768ECA99564014BCA6E7", "SMTP"},
      {"6C7DE09FB39A40144F57EFEBC3DF0148E3A9AB28", "IMAP POP IIS SMTP"},
      {"38247AD2B76244411748274C508D13446311830B", "None"}};
  static const struct expected broken[] = {{"8BFE845E6DCA42BBDC8F872672CDA1A4E0C3EBF1", NULL},
                                           {"D003810EBE1624145889D031FBB77ED2BD280FD3", NULL},
                                           {"2759456DC53C76E3DED093B567B6D8DAA42C0ADD", NULL},
                                           {"63F480EA98F26E6F8AE7BB5311B33BB2C692D3CA", NULL},
                                           {"FE0FAE9305F294F49DD2426AB214CC17853A7E87", NULL}};
  check_certificates("exchange/E19/GetExchangeCertificate.xml", e19, 3);
  check_certificates("formats/powershell/01.xml", e19, 3);
  check_certificates("formats/powershell/03.xml", broken, 5);
}
END_TEST

START_TEST(a_real_export_has_services_that_no_sample_has) {
  NEEDS_SHARED();
  const char *paths[] = {"05", "06", "07"};
  for (size_t i = 0; i < 3; i++) {
    char *path = alloc_format("formats/powershell/%s.xml", paths[i]);
    run_start(&run);
    run_add_shared(&run, path);
    run_read(&run);
    struct reading *reading = run_reading(&run, 0);
    ck_assert(reading->complete);
    ck_assert_uint_ge(run_count(reading, "certificate"), 2);
    for (size_t n = 0; n < run_count(reading, "exchangeCertificate"); n++) {
      const xmlNode *used = run_fact(reading, "exchangeCertificate", n);
      ck_assert_ptr_nonnull(node_get(used, "services"));
      ck_assert_str_eq(node_get(used, "status"), "Valid");
    }
    run_end(&run);
    alloc_free(path);
  }
}
END_TEST

START_TEST(the_real_https_bindings_serve_another_certificate) {
  NEEDS_SHARED();
  static const struct {
    const char *site, *information;
  } rows[] = {{"Default Web Site", ":443:"},
              {"Default Web Site", "127.0.0.1:443:"},
              {"Exchange Back End", "*:444:"}};
  run_start(&run);
  run_add_shared(&run, "exchange/E19/IIS/GetWebBinding.xml");
  run_read(&run);
  struct reading *reading = run_reading(&run, 0);
  ck_assert(reading->complete);
  ck_assert_uint_eq(run_count(reading, "site"), 2);
  size_t https = 0;
  for (size_t i = 0; i < run_count(reading, "binding"); i++) {
    const xmlNode *binding = run_fact(reading, "binding", i);
    const char *hash = node_get(binding, "certificateHash");
    if (!text_equal(node_get(binding, "protocol"), "https")) {
      ck_assert_str_eq(hash, "");
      continue;
    }
    ck_assert_uint_lt(https, 3);
    ck_assert_str_eq(hash, "12FD38FA8F58C8A74B3039962882DEFE4199D453");
    ck_assert_str_eq(node_get(binding, "bindingInformation"), rows[https].information);
    ck_assert_str_eq(node_get(binding->parent, "name"), rows[https].site);
    if (https++ == 0)
      ck_assert_uint_eq(node_attribute_origin(binding, "certificateHash").line, 384);
  }
  ck_assert_uint_eq(https, 3);
  run_end(&run);
}
END_TEST

START_TEST(the_real_oauth_configuration_names_another_certificate) {
  NEEDS_SHARED();
  run_start(&run);
  run_add_shared(&run, "exchange/E19/GetAuthConfig.xml");
  run_read(&run);
  struct reading *reading = run_reading(&run, 0);
  const xmlNode *config = run_fact(reading, "authConfig", 0);
  ck_assert_str_eq(node_get(config, "currentCertificateThumbprint"),
                   "C3EDCF181EF4F9B53D01768ECA99564014BCA6E7");
  ck_assert_str_eq(node_get(config, "nextCertificateThumbprint"), "");
  ck_assert_ptr_null(node_get(config, "nextCertificateEffectiveDate"));
  ck_assert_str_eq(reading->computer, "solo-e19a.solo.com");
  ck_assert_int_eq(reading->newest, 1575413252);
  run_end(&run);
}
END_TEST

CHECK_MAIN("readers/powershell", {
  alloc_hook_libraries();
  xml_source_setup();
  tcase_add_test(tests, an_exchange_certificate_is_not_transcribed);
  tcase_add_test(tests, a_certificate_without_key_or_services_is_taken_for_one_with);
  tcase_add_test(tests, services_are_made_up_when_the_export_does_not_tell_them);
  tcase_add_test(tests, services_that_are_properties_are_not_read);
  tcase_add_test(tests, a_pending_request_is_taken_for_a_certificate_of_the_store);
  tcase_add_test(tests, a_certificate_that_cannot_be_read_goes_unnoticed);
  tcase_add_test(tests, certificates_of_two_servers_are_mixed);
  tcase_add_test(tests, the_site_of_a_binding_is_lost_with_odd_names);
  tcase_add_test(tests, a_binding_without_site_goes_unnoticed);
  tcase_add_test(tests, a_binding_is_not_transcribed);
  tcase_add_test(tests, what_an_export_leaves_out_is_known);
  tcase_add_test(tests, a_hash_that_is_none_counts_as_one);
  tcase_add_test(tests, bindings_of_one_site_become_several_sites);
  tcase_add_test(tests, the_oauth_configuration_is_not_transcribed);
  tcase_add_test(tests, oauth_facts_that_are_missing_or_broken_are_known);
  tcase_add_test(tests, other_exports_are_read_as_if_they_were_known);
  tcase_add_test(tests, objects_of_another_type_are_left_out_without_a_word);
  tcase_add_test(tests, half_an_export_counts_as_a_whole_one);
  tcase_add_test(tests, real_exchange_certificates_have_other_services);
  tcase_add_test(tests, a_real_export_has_services_that_no_sample_has);
  tcase_add_test(tests, the_real_https_bindings_serve_another_certificate);
  tcase_add_test(tests, the_real_oauth_configuration_names_another_certificate);
})
