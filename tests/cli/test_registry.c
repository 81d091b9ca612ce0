/* Registry exports and certificate files through the whole program: they decide what netsh and
 * certutil decide, and what they leave out stays unknown. */
#include "check_main.h"
#include "cli/support_program.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/text.h"

#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <string.h>

#define RULE "exchange-backend-certificate-missing"
#define PARAMETERS "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\HTTP\\Parameters"
#define WEB "37,a1,74,a6,66,f0,7b,8b,b3,32,b7,fe,0c,46,27,76,e4,6c,ec,82"
#define BACKEND "f6,f4,50,1b,60,59,b0,ef,f5,ef,4d,9f,17,e4,14,4d,21,38,7c,47"
#define IIS "81,e1,c3,4d,4b,e1,21,4a,b0,22,59,fc,66,9b,09,14"
#define NOBODY "00,00,00,00,00,00,00,00,00,00,00,00,00,00,00,00"
#define MANAGEMENT "b3,8f,b1,70,01,2c,91,98,e3,7b,94,d7,eb,5c,f5,fb,8f,88,f2,0a"
#define OWNED(place, hash, owner)                                                                  \
  "[" PARAMETERS "\\SslBindingInfo\\" place "]\r\n\"SslCertHash\"=hex:" hash                       \
  "\r\n\"AppId\"=hex:" owner "\r\n\"SslCertStoreName\"=\"MY\"\r\n\r\n"
#define RECORD(place, hash) OWNED(place, hash, IIS)
#define HEAD "Windows Registry Editor Version 5.00\r\n\r\n[" PARAMETERS "]\r\n\r\n"
#define EXPORT                                                                                     \
  HEAD RECORD("0.0.0.0:443", WEB) RECORD("127.0.0.1:443", WEB) RECORD("0.0.0.0:444", BACKEND)      \
      OWNED("0.0.0.0:8172", MANAGEMENT, NOBODY)

static char *folder;

static void setup(void) {
  folder = folder_new();
}

static void teardown(void) {
  folder_remove(folder);
}

/* The broken sample, without what netsh printed. */
static void copy_sample(void) {
  static const char *const names[] = {"GetAuthConfig.xml", "GetExchangeCertificate.xml",
                                      "applicationHost.config", "certutil-my.txt"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char *path = alloc_format("kb2779694-broken/%s", names[i]);
    folder_copy(folder, names[i], sample(path));
    alloc_free(path);
  }
}

static void expect(const char *verdict) {
  struct check_run check = CHECK(folder);
  ck_assert_msg(check.report != NULL, "%s", check.run.err);
  ck_assert_str_eq(verdict_of(&check, RULE), verdict);
  check_dispose(&check);
}

START_TEST(a_registry_export_does_not_decide_what_netsh_does) {
  copy_sample();
  expect("unknown");
  folder_write_text(folder, "http.reg", EXPORT);
  expect("fail");
  struct check_run check = CHECK(folder);
  ck_assert(stands_at(finding_of(&check, RULE), "evidence", "http.reg", 15));
  check_dispose(&check);
}
END_TEST

START_TEST(an_export_that_is_cut_decides) {
  copy_sample();
  folder_write_text(folder, "http.reg", HEAD RECORD("0.0.0.0:443", WEB));
  expect("notapplicable"); /* whole: port 444 has no record, which is another rule's */
  folder_write_text(folder, "http.reg",
                    HEAD "[" PARAMETERS "\\SslBindingInfo\\0.0.0.0:443]\r\n"
                         "\"SslCertHash\"=hex:" WEB "\r\n");
  expect("unknown");
  folder_write_text(folder, "http.reg", EXPORT);
  folder_copy(folder, "sslcert.txt", sample("kb2779694-healthy/sslcert.txt"));
  expect("fail"); /* netsh says the same */
}
END_TEST

START_TEST(a_part_of_the_records_makes_the_whole_doubtful) {
  copy_sample();
  folder_copy(folder, "sslcert.txt", sample("kb2779694-broken/sslcert.txt"));
  folder_write_text(folder, "http.reg",
                    "Windows Registry Editor Version 5.00\r\n\r\n[" PARAMETERS
                    "\\SslBindingInfo]\r\n\r\n" RECORD("0.0.0.0:443", WEB));
  struct run run = RUN("evidence", folder);
  ck_assert(strstr(run.out, "<sslCertificate") != NULL);
  ck_assert_msg(strstr(run.out, "of=\"sslCertificate\"") == NULL, "%s", run.out);
  run_dispose(&run);
}
END_TEST

/* ---- The law ------------------------------------------------------------------------ */

static const char *const parts[] = {"http.reg", "settings.reg", "sslcert.txt", "certutil-my.txt"};
enum { PARTS = sizeof parts / sizeof *parts };

#define SYSTEM "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\"
#define SETTINGS                                                                                   \
  "Windows Registry Editor Version 5.00\r\n\r\n[" SYSTEM                                           \
  "Control\\SecurityProviders\\SCHANNEL]\r\n\r\n"                                                  \
  "[" SYSTEM "Control\\SecurityProviders\\SCHANNEL\\Protocols\\TLS 1.2\\Server]\r\n"               \
  "\"Enabled\"=dword:00000000\r\n\r\n[" SYSTEM "Control\\Lsa]\r\n"                                 \
  "\"LmCompatibilityLevel\"=dword:00000001\r\n\"DisableLoopbackCheck\"=dword:00000001\r\n\r\n"     \
  "[" SYSTEM "Services\\W3SVC]\r\n\"Start\"=dword:00000004\r\n\r\n"                                \
  "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\InetStp]\r\n\"MajorVersion\"=dword:0000000a\r\n\r\n"

static void write_part(size_t part) {
  if (part == 0)
    folder_write_text(folder, parts[0], EXPORT);
  else if (part == 1)
    folder_write_text(folder, parts[1], SETTINGS);
  else if (part == 2)
    folder_copy(folder, parts[2], sample("kb2779694-broken/sslcert.txt"));
  else
    folder_copy(folder, parts[3], sample("kb2779694-broken/certutil-my.txt"));
}

static void write_subset(unsigned subset) {
  for (size_t i = 0; i < PARTS; i++) {
    char *path = path_of(folder, parts[i]);
    (void)remove(path);
    alloc_free(path);
    if (subset & 1u << i) write_part(i);
  }
}

static void expect_law(const struct check_run *whole, const struct check_run *part,
                       unsigned subset) {
  size_t i;
  json_t *item;
  json_array_foreach(json_object_get(part->report, "verdicts"), i, item) {
    const char *rule = text_at(item, "ruleId"), *result = text_at(item, "result");
    ck_assert_msg(text_equal(result, "unknown") || text_equal(result, verdict_of(whole, rule)),
                  "%s: %s of all artifacts, %s of subset %u", rule, verdict_of(whole, rule), result,
                  subset);
  }
}

START_TEST(a_part_of_the_evidence_decides_otherwise_than_all_of_it) {
  enum { ALL = (1 << PARTS) - 1 };
  copy_sample();
  write_subset(ALL);
  struct check_run whole = CHECK(folder, "--profile", "#ALL");
  ck_assert_msg(whole.report != NULL, "%s", whole.run.err);
  for (unsigned subset = 0; subset < ALL; subset++) {
    write_subset(subset);
    struct check_run part = CHECK(folder, "--profile", "#ALL");
    expect_law(&whole, &part, subset);
    check_dispose(&part);
  }
  check_dispose(&whole);
}
END_TEST

START_TEST(a_locked_pfx_is_opened_or_not_said_to_be_locked) {
  size_t size;
  char *pem = file_read(SITEGLASS_SOURCE_DIR "/tests/fuzz/seeds/certificate_file/c.pem", &size);
  BIO *bio = BIO_new_mem_buf(pem, (int)size);
  X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
  PKCS12 *made = PKCS12_create("geheim", "n", NULL, certificate, NULL, 0, 0, 0, 1, 0);
  unsigned char *bytes = NULL;
  size = (size_t)i2d_PKCS12(made, &bytes);
  folder_write(folder, "server.pfx", bytes, size);
  folder_write_text(folder, "passwords", "falsch\r\ngeheim\r\n");
  char *pfx = path_of(folder, "server.pfx"), *passwords = path_of(folder, "passwords");
  struct run run = RUN("inventory", "--format", "csv", pfx);
  ck_assert_msg(strstr(run.out, "--pfx-password-file") != NULL, "%s%s", run.out, run.err);
  run_dispose(&run);
  run = RUN("evidence", "--pfx-password-file", passwords, pfx);
  ck_assert_msg(strstr(run.out, "<certificate thumbprint=") != NULL, "%s%s", run.out, run.err);
  ck_assert(strstr(run.out, "geheim") == NULL && strstr(run.err, "geheim") == NULL);
  run_dispose(&run);
  run = RUN("evidence", "--pfx-password-file", "/nowhere/at/all", pfx);
  ck_assert_int_eq(run.status, 2);
  run_dispose(&run);
  OPENSSL_free(bytes);
  PKCS12_free(made);
  X509_free(certificate);
  BIO_free(bio);
  alloc_free(pfx);
  alloc_free(passwords);
  alloc_free(pem);
}
END_TEST

CHECK_MAIN("cli/registry", {
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, a_registry_export_does_not_decide_what_netsh_does);
  tcase_add_test(tests, an_export_that_is_cut_decides);
  tcase_add_test(tests, a_part_of_the_records_makes_the_whole_doubtful);
  tcase_add_test(tests, a_part_of_the_evidence_decides_otherwise_than_all_of_it);
  tcase_add_test(tests, a_locked_pfx_is_opened_or_not_said_to_be_locked);
})
