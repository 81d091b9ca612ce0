/* Every collected file of registries and certificates, read as it should be. The expected facts of
 * certificates are those that `openssl x509` prints. */
#include "check_main.h"

#include "base/buffer.h"
#include "base/text.h"
#include "support_registry.h"
#include "support_text.h"

#include <string.h>

/* ---- Certificates ------------------------------------------------------------------- */

#define AUTH                                                                                       \
  {                                                                                                \
    "C3EDCF181EF4F9B53D01768ECA99564014BCA6E7", "2019-12-03T22:47:32Z", "2024-11-06T22:47:32Z",    \
        "2048", 0, "1.3.6.1.5.5.7.3.1"                                                             \
  }
#define SERVER                                                                                     \
  {                                                                                                \
    "6C7DE09FB39A40144F57EFEBC3DF0148E3A9AB28", "2019-12-03T22:45:58Z", "2024-12-03T22:45:58Z",    \
        "2048", 2, "1.3.6.1.5.5.7.3.1"                                                             \
  }
#define WMSVC                                                                                      \
  {                                                                                                \
    "38247AD2B76244411748274C508D13446311830B", "2019-12-03T20:53:13Z", "2029-11-30T20:53:13Z",    \
        "2048", 0, "1.3.6.1.5.5.7.3.1"                                                             \
  }

struct certificate {
  const char *thumbprint, *from, *to, *bits;
  size_t names;
  const char *purposes;
};

static const struct {
  const char *path;
  struct certificate certificates[7];
} files[] = {
    {"certfiles/01.cer", {SERVER}},
    {"certfiles/02.pem", {SERVER}},
    {"certfiles/03.cer", {SERVER}},
    {"certfiles/04.p7b", {AUTH, SERVER, WMSVC}},
    {"certfiles/05.p7b", {AUTH, SERVER, WMSVC}},
    {"certfiles/07.sst", {AUTH, SERVER, WMSVC}},
    {"certfiles/08.cer",
     {{"8F43288AD272F3103B6FB1428485EA3014C0BCFE", "2011-03-22T22:05:28Z", "2036-03-22T22:13:04Z",
       "4096", 0, "any"}}},
    {"certfiles/09.cer",
     {{"FA7AF3EAE378EB2CBDFD18B2E8B4B9E54885FEE4", "2022-04-28T18:19:00Z", "2023-04-28T18:19:00Z",
       "2048", 22, "1.3.6.1.5.5.7.3.1 1.3.6.1.5.5.7.3.2"}}},
    {"certfiles/10.crt",
     {{"93057A8815C64FCE882FFA9116522878BC536417", "2011-05-05T09:37:37Z", "2030-12-31T09:37:37Z",
       "4096", 1, "any"},
      {"EC503507B215C4956219E2A89A5B42992C4C2C20", "2008-10-29T15:59:56Z", "2030-01-01T00:00:00Z",
       "4096", 0, "any"},
      {"F373B387065A28848AF2F34ACE192BDDC78E9CAC", "2011-09-22T11:22:02Z", "2030-09-22T11:22:02Z",
       "4096", 0, "any"},
      {"F9B5B632455F9CBEEC575F80DCE96E2CC7B278B7", "2010-01-29T14:06:06Z", "2030-12-31T14:06:06Z",
       "2048", 0, "any"},
      {"293621028B20ED02F566C532D1D6ED909F45002F", "2010-01-29T14:08:24Z", "2030-12-31T14:08:24Z",
       "2048", 0, "any"},
      {"D8A6332CE0036FB185F6634F7D6A066526322827", "2010-01-29T14:10:36Z", "2040-12-31T14:10:36Z",
       "4096", 0, "any"},
      {"B8236B002F1D16865301556C11A437CAEBFFC3BB", "2010-01-29T14:20:24Z", "2040-12-31T14:20:24Z",
       "384", 0, "any"}}},
    {"registry/01.bin",
     {{"18F7C1FCC3090203FD5BAA2F861A754976C8DD25", "1997-05-12T00:00:00Z", "2004-01-07T23:59:59Z",
       "1024", 0, "any"}}},
    {"registry/05.bin", {AUTH}},
};

static void expect_certificate(const struct reading *reading, size_t n,
                               const struct certificate *wanted) {
  const xmlNode *node = run_fact(reading, "certificate", n);
  text_is(node, "thumbprint", wanted->thumbprint);
  text_is(node, "notBefore", wanted->from);
  text_is(node, "notAfter", wanted->to);
  text_is(node, "notAfterLatest", wanted->to);
  text_is(node, "keySize", wanted->bits);
  text_is(node, "extendedKeyUsage", wanted->purposes);
  size_t names = 0;
  for (const xmlNode *name = node_child(node, "name"); name; name = node_next(name, "name"))
    names++;
  ck_assert_uint_eq(names, wanted->names);
}

START_TEST(a_collected_certificate_is_read_wrongly) {
  NEEDS_SHARED();
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    char *path = alloc_format("formats/%s", files[i].path);
    struct run run = text_run_shared(path);
    struct reading *reading = text_reading(&run, "certificate-file", true);
    size_t count = 0;
    for (; count < 7 && files[i].certificates[count].thumbprint; count++)
      expect_certificate(reading, count, &files[i].certificates[count]);
    ck_assert_uint_eq(run_count(reading, "certificate"), count);
    run_end(&run);
    alloc_free(path);
  }
}
END_TEST

START_TEST(properties_of_a_collected_certificate_are_lost) {
  NEEDS_SHARED();
  static const char *const names[][2] = {
      {"registry/01.bin", "VeriSign Time Stamping CA"},
      {"registry/05.bin", "Microsoft Exchange Server Auth Certificate"},
      {"certfiles/07.sst", "DERIVED"}};
  for (size_t i = 0; i < 3; i++) {
    char *path = alloc_format("formats/%s", names[i][0]);
    struct run run = text_run_shared(path);
    text_is(run_fact(run_reading(&run, 0), "certificate", 0), "friendlyName", names[i][1]);
    run_end(&run);
    alloc_free(path);
  }
}
END_TEST

/* Bytes of a certificate without a signature: no certificate, and said. */
START_TEST(a_toy_certificate_passes_for_one) {
  NEEDS_SHARED();
  struct run run = text_run_shared("formats/registry/07.sst");
  struct reading *reading = text_reading(&run, "certificate-file", false);
  ck_assert_uint_eq(run_count(reading, "certificate"), 0);
  ck_assert_int_eq(reading->incomplete_reason, UNKNOWN_DAMAGED);
  run_end(&run);
}
END_TEST

/* ---- Registry ----------------------------------------------------------------------------- */

#define TLS                                                                                        \
  "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols" \
  "\\TLS 1.2"
#define BOTH "  DisabledByDefault=REG_DWORD:0\n  Enabled=REG_DWORD:1\n"
#define NET "Microsoft\\.NETFramework\\v4.0.30319"
#define STRONG "  SystemDefaultTlsVersions=REG_DWORD:1\n  SchUseStrongCrypto=REG_DWORD:1\n"
#define SOFTWARE "HKEY_LOCAL_MACHINE\\SOFTWARE\\"
#define USER "HKEY_CURRENT_USER\\Software\\"
#define LISTED(path) "export all " path "\nkey " path "\n"
#define CUT(path) "export all " path " !truncated\nkey " path " !value=truncated\n"
#define LISTED_03                                                                                  \
  "HKEY_LOCAL_MACHINE\\Software\\Microsoft\\SystemCertificates\\My\\Certificates\\"                \
  "808D62642B7D1C4A9A83FD667F7A2A9D243FB1C7"

static const struct {
  const char *path, *shown;
} exports[] =
    {
        {"03.reg", CUT(LISTED_03) "  Blob?limit\n"},
        {"08.reg", "export all " TLS " !truncated\nkey " TLS "\nkey " TLS "\\Client\n" BOTH
                   "key " TLS "\\Server !value=truncated\n" BOTH},
        {"09.reg", LISTED(SOFTWARE NET) STRONG CUT(SOFTWARE "Wow6432Node\\" NET) STRONG},
        {"10.reg",
         LISTED(
             "HKEY_CLASSES_ROOT\\Msi.Package\\shell\\Create-BatFiles.ps1\\command") "  "
                                                                                    "=REG_SZ:\"C:"
                                                                                    "\\Windows\\sys"
                                                                                    "tem32\\Windows"
                                                                                    "PowerShell\\v1"
                                                                                    ".0\\powershell"
                                                                                    ".exe\" "
                                                                                    "-executionpoli"
                                                                                    "cy bypass "
                                                                                    "-File "
                                                                                    "\"C:"
                                                                                    "\\Work\\Create"
                                                                                    "-BatFiles."
                                                                                    "ps1\" "
                                                                                    "-Command "
                                                                                    "Set-Location "
                                                                                    "-LiteralPath "
                                                                                    "'%V'\n"},
        {"11.reg",
         LISTED(USER
                "Microsoft\\Windows\\CurrentVersion\\Run") "  "
                                                           "c:\\windows\\system32\\msht.exe=REG_SZ:"
                                                           "Hello\n" LISTED(USER
                                                                            "Microsoft\\Office\\16."
                                                                            "0\\Word\\Security\\Tru"
                                                                            "sted "
                                                                            "Documents\\TrustRecord"
                                                                            "s") "  "
                                                                                 "%USERPROFILE%/"
                                                                                 "Desktop/"
                                                                                 "test.docx=REG_"
                                                                                 "BINARY:"
                                                                                 "365CF69AEA6DD1010"
                                                                                 "000000000000000B7"
                                                                                 "517201FFFFFF7F"
                                                                                 "\n" LISTED(USER "Sysinternals\\PsExec") "  EulaAccepted?damaged\n" LISTED("HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\PortProxy\\v4tov4\\tcp") "  0.0.0.0/3389=REG_SZ:192.168.1.27/443\n" LISTED(
                                                                                     "HKEY_"
                                                                                     "USERS\\S-1-5-"
                                                                                     "18\\http://"
                                                                                     "www.google."
                                                                                     "com") "  "
                                                                                            "\\a\\b"
                                                                                            "\\c\\d"
                                                                                            "=REG_"
                                                                                            "SZ:"
                                                                                            "Foobar"
                                                                                            "\n" LISTED(USER
                                                                                                        "Test") "  =REG_SZ:Test Data\nkey " USER
                                                                                                                "Test\n  KeyWithValue=REG_SZ:Test Data\nkey " USER
                                                                                                                "Test\\KeyWithValue\n"
                                                                                                                "  =REG_SZ:Default Value Data\n  Value=REG_SZ:Value content\n" CUT(
                                                                                                                    "HKEY_CURRENT_USER\\Software") "  StringValue=REG_SZ:this is a long string value which may overflow the bufffer\n"
                                                                                                                                                   "  TestEmptySZ=REG_MULTI_SZ:\n  dword test=REG_DWORD:5\n"
                                                                                                                                                   "  TestSZ=REG_MULTI_SZ:Hello World\nGoodbye World\n"},
        {"12.txt",
         LISTED("HKEY_LOCAL_MACHINE\\BCD00000000\\Description") "  System=REG_DWORD:1\n  "
                                                                "TreatAsSystem=REG_DWORD:1\n  "
                                                                "GuidCache=REG_BINARY:"
                                                                "9E22D0B467A9D5010C270000451EE54213"
                                                                "F9D0344C85FE71\n"},
        {"13.reg",
         CUT("HKEY_LOCAL_MACHINE\\Software\\Microsoft\\WebManagement\\Server") "  "
                                                                               "EnableRemoteManagem"
                                                                               "ent=REG_DWORD:1\n"},
};

START_TEST(a_collected_export_is_read_wrongly) {
  NEEDS_SHARED();
  for (size_t i = 0; i < sizeof exports / sizeof *exports; i++) {
    char *path = alloc_format("formats/registry/%s", exports[i].path);
    struct run run = text_run_shared(path);
    char *shown = registry_shown(&run);
    ck_assert_msg(text_equal(shown, exports[i].shown), "%s is read as\n%s\nnot as\n%s", path, shown,
                  exports[i].shown);
    alloc_free(shown);
    alloc_free(path);
    run_end(&run);
  }
}
END_TEST

START_TEST(a_certificate_in_the_registry_is_not_in_its_store) {
  NEEDS_SHARED();
  struct run run = text_run_shared("formats/registry/03.reg");
  struct reading *reading = registry_reading(&run, "registry-certificates");
  const xmlNode *store = run_fact(reading, "store", 0);
  text_is(store, "location", "LocalMachine");
  text_is(store, "name", "My");
  text_is(store, "complete", NULL);
  const xmlNode *certificate = run_fact(reading, "certificate", 0);
  text_is(certificate, "thumbprint", "808D62642B7D1C4A9A83FD667F7A2A9D243FB1C7");
  text_is(certificate, "hasPrivateKey", "false");
  text_is(certificate, "notBefore", "2010-02-08T00:00:00Z");
  run_end(&run);
}
END_TEST

/* Notes of people about other files, and pieces of a configuration. */
START_TEST(what_is_no_export_is_read_as_one) {
  NEEDS_SHARED();
  static const char *const others[] = {"02.txt", "04.txt", "06.txt", "14.xml", "15.xml"};
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    char *path = alloc_format("formats/registry/%s", others[i]);
    struct run run = text_run_shared(path);
    ck_assert(run_reading(&run, 0) == NULL);
    ck_assert_int_eq(run.bundle.artifacts[0]->outcome, ARTIFACT_NOT_RECOGNISED);
    run_end(&run);
    alloc_free(path);
  }
}
END_TEST

CHECK_MAIN("readers/shared_registry_and_certificates", {
  tcase_add_test(tests, a_collected_certificate_is_read_wrongly);
  tcase_add_test(tests, properties_of_a_collected_certificate_are_lost);
  tcase_add_test(tests, a_toy_certificate_passes_for_one);
  tcase_add_test(tests, a_collected_export_is_read_wrongly);
  tcase_add_test(tests, a_certificate_in_the_registry_is_not_in_its_store);
  tcase_add_test(tests, what_is_no_export_is_read_as_one);
})
