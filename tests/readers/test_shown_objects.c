/* Objects as PowerShell shows or writes them otherwise: fl, ft, CSV. */
#include "check_main.h"

#include "base/text.h"
#include "support_text.h"

#include <string.h>

static struct run run;

static struct reading *read_text(const char *text) {
  run = text_run("shown.txt", text, strlen(text));
  return run_reading(&run, 0);
}

#define THUMBPRINT "0123456789ABCDEF0123456789ABCDEF01234567"
#define LIST(domains)                                                                              \
  "CertificateDomains : " domains "\r\nHasPrivateKey      : True\r\n"                              \
  "IsSelfSigned       : False\r\nIssuer             : CN=CA\r\n"                                   \
  "NotAfter           : 02.02.2028 4:22:23\r\nNotBefore          : 02.02.2023 4:22:23\r\n"         \
  "PublicKeySize      : 2048\r\nServices           : IMAP, IIS\r\nStatus             : Valid\r\n"  \
  "Subject            : CN=EX01\r\nThumbprint         : " THUMBPRINT "\r\n\r\n"

START_TEST(a_list_is_misread) {
  struct reading *reading = read_text(LIST("{EX01, ex01.contoso.com}"));
  ck_assert_str_eq(reading->kind, "get-exchangecertificate");
  ck_assert(reading->complete);
  const xmlNode *certificate = run_fact(reading, "certificate", 0),
                *used = run_fact(reading, "exchangeCertificate", 0);
  text_is(certificate, "thumbprint", THUMBPRINT);
  text_is(certificate, "subject", "CN=EX01");
  text_is(certificate, "hasPrivateKey", "true");
  text_is(certificate, "keySize", "2048");
  text_is(certificate, "notBefore", "2023-02-01T14:22:23Z");
  text_is(certificate, "notBeforeLatest", "2023-02-02T16:22:23Z");
  text_is(certificate, "toldBefore", NULL);
  text_is(used, "services", "IMAP IIS");
  text_is(used, "status", "Valid");
  ck_assert_uint_eq(run_count(reading, "name"), 2);
  text_stands(used, "services", 8, 22);
  run_end(&run);
}
END_TEST

START_TEST(a_list_of_names_that_is_cut_is_taken_for_whole) {
  static const struct {
    const char *domains;
    size_t names;
    bool known;
  } lists[] = {
      {"{a.com, b.com, c.com, d.com...}", 3, false},
      {"{a.com,\r\n                     b.com}", 2, true},
      {"{a.c\r\n                     om}", 0, false},
      {"{}", 0, true},
  };
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
    char *text =
        alloc_format("CertificateDomains : %s\r\nServices           : None\r\n"
                     "Status             : Valid\r\nThumbprint         : " THUMBPRINT "\r\n",
                     lists[i].domains);
    struct reading *reading = read_text(text);
    alloc_free(text);
    ck_assert_ptr_nonnull(reading);
    ck_assert_uint_eq(run_count(reading, "name"), lists[i].names);
    ck_assert_int_eq(run_marked(run_fact(reading, "certificate", 0), "name"), !lists[i].known);
    run_end(&run);
  }
}
END_TEST

START_TEST(a_command_for_some_passes_for_one_for_all) {
  static const struct {
    const char *command;
    bool all;
  } commands[] = {
      {"[PS] C:\\>Get-ExchangeCertificate | fl", true},
      {"[PS] C:\\>Get-ExchangeCertificate -Server EX01 | Format-List *", true},
      {"PS C:\\> Get-ExchangeCertificate", true},
      {"[PS] C:\\>Get-ExchangeCertificate -Thumbprint x | fl", false},
      {"[PS] C:\\>Get-ExchangeCertificate | ? Services -match IIS | fl", false},
      {"[PS] C:\\>Get-ExchangeCertificate -Server EX01 -Thumbprint x | fl", false},
      {"[PS] C:\\>Get-ExchangeCertificate -Status | fl", true},
      {"[PS] C:\\>(Get-ExchangeCertificate)[0] | fl", false},
      {"[PS] C:\\>Get-ExchangeCertificate; Get-Date | fl", false},
      {"PS>Get-ExchangeCertificate -Thumbprint x | fl", false},
      {"[EX01]: PS C:\\> Get-ExchangeCertificate -DomainName x | fl", false},
      {"[EX01]: PS C:\\> Get-ExchangeCertificate | fl", true},
  };
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
    char *text = alloc_format("%s\r\n\r\n" LIST("{a}"), commands[i].command);
    ck_assert_int_eq(read_text(text)->complete, commands[i].all);
    alloc_free(text);
    run_end(&run);
  }
}
END_TEST

START_TEST(certificates_of_two_servers_are_taken_for_those_of_one) {
  struct reading *reading =
      read_text("[PS] C:\\>Get-ExchangeCertificate -Server \"EX01\" | fl\r\n\r\n" LIST(
          "{a}") "[PS] C:\\>Get-ExchangeCertificate -Server EX02 | fl\r\n\r\n" LIST("{b}"));
  ck_assert_str_eq(reading->computer, "EX01");
  ck_assert_uint_eq(run_count(reading, "exchangeCertificate"), 1);
  ck_assert(!reading->complete);
  run_end(&run);
}
END_TEST

#define SHOWN(computer, thumbprint)                                                                \
  "PSParentPath   : Microsoft.PowerShell.Security\\Certificate::LocalMachine\\My\r\n"              \
  "PSComputerName : " computer "\r\nSubject        : CN=a\r\n"                                     \
  "Thumbprint     : " thumbprint "\r\nHasPrivateKey  : True\r\n\r\n"

START_TEST(a_drive_of_two_servers_is_taken_for_that_of_one) {
  struct reading *reading = read_text(
      SHOWN("EX02", THUMBPRINT) SHOWN("EX01", "1123456789ABCDEF0123456789ABCDEF01234567"));
  ck_assert_str_eq(reading->kind, "cert-drive");
  ck_assert_str_eq(reading->computer, "EX02");
  ck_assert_uint_eq(run_count(reading, "certificate"), 1);
  ck_assert(!reading->complete);
  run_end(&run);
}
END_TEST

START_TEST(a_table_of_some_passes_for_one_of_all) {
  static const char table[] =
      "Thumbprint                               Services Status\r\n"
      "----------                               -------- ------\r\n" THUMBPRINT
      " IIS      Valid\r\n";
  static const char *const commands[] = {
      "[PS] C:\\>Get-ExchangeCertificate | ft Thumbprint,Services,Status",
      "[PS] C:\\>Get-ExchangeCertificate -Thumbprint x | ft Thumbprint,Services,Status"};
  for (size_t i = 0; i < 2; i++) {
    char *text = alloc_format("%s\r\n\r\n%s\r\n", commands[i], table);
    struct reading *reading = read_text(text);
    alloc_free(text);
    ck_assert_str_eq(reading->kind, "get-exchangecertificate");
    ck_assert_int_eq(reading->complete, i == 0);
    run_end(&run);
  }
}
END_TEST

START_TEST(a_csv_that_is_cut_passes_for_whole) {
  static const char whole[] = "\"Thumbprint\",\"Services\",\"Status\",\"Subject\"\r\n"
                              "\"" THUMBPRINT "\",\"IIS\",\"Valid\",\"CN=a\"\r\n";
  size_t size = sizeof whole - 1, row = (size_t)(strstr(whole, "\r\n") - whole) + 2;
  for (size_t cut = row + 1; cut <= size; cut++) {
    char *text = alloc_text_n(whole, cut);
    struct reading *reading = read_text(text);
    alloc_free(text);
    /* Without its line's end a row is whole. */
    bool ended = cut == size || cut + 2 == size;
    if (reading && reading->complete != ended)
      ck_abort_msg("cut at %zu of %zu: %d", cut, size, reading->complete);
    run_end(&run);
  }
}
END_TEST

#define TABLE                                                                                      \
  "Name             ID   State      Physical Path                  Bindings\n"                     \
  "----             --   -----      -------------                  --------\n"                     \
  "Default Web Site 1    Started    %SystemDrive%\\inetpub\\wwwroot  http *:80:\n"                 \
  "                                                                https *:443: sslFlags=1\n"      \
  "Long name tha... 2    Stopped    C:\\x                           http *:81:\n\n"

START_TEST(a_table_of_sites_is_misread) {
  struct reading *reading = read_text(TABLE);
  ck_assert_str_eq(reading->kind, "get-website");
  const xmlNode *site = run_fact(reading, "site", 0), *other = run_fact(reading, "site", 1);
  text_is(site, "name", "Default Web Site");
  text_is(site, "id", "1");
  text_is(site, "state", "Started");
  text_is(site, "bindings", "all");
  text_is(other, "name", NULL);
  text_is(other, "state", "Stopped");
  const xmlNode *binding = run_fact(reading, "binding", 1);
  text_is(binding, "protocol", "https");
  text_is(binding, "bindingInformation", "*:443:");
  text_is(binding, "sslFlags", "1");
  ck_assert(run_marked(binding, "@certificateHash"));
  run_end(&run);
}
END_TEST

#define CONNECTOR "Microsoft.Exchange.Data.Directory.SystemConfiguration.ReceiveConnector"
#define ROWS(s, type)                                                                              \
  type "\"Name\"" s "\"Banner\"" s "\"RequireTLS\"" s "\"Bindings\"" s "\"RemoteIPRanges\"" s      \
       "\"PermissionGroups\"" s "\"MaxMessageSize\"\r\n\"a, \"\"b\"\"\"" s "\"\"" s "\"True\"" s   \
       "\"Microsoft.Exchange.Data.MultiValuedProperty`1[Microsoft.Exchange.Data.IPBinding]\"" s    \
       "\"System.Object[]\"" s "\"AnonymousUsers\"" s "\"36 MB (37,748,736 bytes)\"\r\n"

START_TEST(a_csv_is_misread) {
  static const char *const texts[] = {ROWS(",", "#TYPE " CONNECTOR "\r\n"), ROWS(";", ""),
                                      ROWS("\t", "")};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    struct reading *reading = read_text(texts[i]);
    ck_assert_ptr_nonnull(reading);
    ck_assert_str_eq(reading->kind, "get-receiveconnector");
    const xmlNode *connector = run_fact(reading, "receiveConnector", 0);
    text_is(connector, "name", "a, \"b\"");
    text_is(connector, "banner", "");
    text_is(connector, "requireTLS", "true");
    text_is(connector, "maxMessageSize", "37748736");
    ck_assert(run_marked(connector, "value"));
    ck_assert_uint_eq(run_count(reading, "value"), 0);
    run_end(&run);
  }
}
END_TEST

#define SITES "/system.applicationHost/sites/site[@name='A''s' and @id='2']"

START_TEST(an_application_or_pool_is_of_no_kind) {
  struct reading *reading =
      read_text("[{\"path\":\"/owa\",\"applicationPool\":\"p\",\"PhysicalPath\":\"C:\\\\x\","
                "\"ItemXPath\":\"" SITES "/application[@path='/owa']\"}]");
  ck_assert_ptr_nonnull(reading);
  text_is(run_fact(reading, "site", 0), "name", "A''s");
  text_is(run_fact(reading, "site", 0), "id", NULL);
  text_is(run_fact(reading, "application", 0), "path", "/owa");
  text_is(run_fact(reading, "virtualDirectory", 0), "physicalPath", "C:\\x");
  run_end(&run);
  reading = read_text("{\"name\":\"p\",\"state\":\"Stopped\",\"startMode\":\"OnDemand\","
                      "\"managedPipelineMode\":\"Integrated\"}");
  ck_assert_ptr_nonnull(reading);
  text_is(run_fact(reading, "applicationPool", 0), "state", "Stopped");
  run_end(&run);
}
END_TEST

/* ---- Real ones -------------------------------------------------------------------- */

static const struct {
  const char *path, *kind; /* NULL: not recognised */
  bool complete;
  size_t certificates, sites, bindings;
} real[] = {
    {"01.xml", "get-exchangecertificate", true, 3, 0, 0},
    {"03.xml", "get-exchangecertificate", true, 5, 0, 0},
    {"05.xml", "get-exchangecertificate", true, 3, 0, 0},
    {"06.xml", "get-exchangecertificate", true, 2, 0, 0},
    {"07.xml", "get-exchangecertificate", true, 5, 0, 0},
    {"08.xml", "cert-drive", true, 1, 0, 0},
    {"09.xml", "get-webbinding", true, 0, 2, 6},
    {"11.xml", NULL, false, 0, 0, 0},
    {"13.xml", "get-tlsciphersuite", true, 0, 0, 0},
    {"14.xml", NULL, false, 0, 0, 0},
    {"15.txt", "get-exchangecertificate", true, 3, 0, 0},
    {"16.txt", NULL, false, 0, 0, 0},
    {"17.txt", "cert-drive", true, 1, 0, 0},
    {"18.txt", "cert-drive", true, 1, 0, 0},
    {"19.txt", NULL, false, 0, 0, 0},
    {"20.txt", "get-website", false, 0, 6, 9},
};

START_TEST(a_real_capture_is_misread) {
  NEEDS_SHARED();
  char *path = alloc_format("formats/powershell/%s", real[_i].path);
  run = text_run_shared(path);
  alloc_free(path);
  struct reading *reading = run_reading(&run, 0);
  ck_assert_int_eq(reading != NULL, real[_i].kind != NULL);
  if (reading) {
    ck_assert_str_eq(reading->kind, real[_i].kind);
    ck_assert_int_eq(reading->complete, real[_i].complete);
    ck_assert_uint_eq(run_count(reading, "certificate"), real[_i].certificates);
    ck_assert_uint_eq(run_count(reading, "site"), real[_i].sites);
    ck_assert_uint_eq(run_count(reading, "binding"), real[_i].bindings);
  }
  run_end(&run);
}
END_TEST

CHECK_MAIN("readers/shown_objects", {
  tcase_add_test(tests, a_list_is_misread);
  tcase_add_test(tests, a_list_of_names_that_is_cut_is_taken_for_whole);
  tcase_add_test(tests, a_command_for_some_passes_for_one_for_all);
  tcase_add_test(tests, certificates_of_two_servers_are_taken_for_those_of_one);
  tcase_add_test(tests, a_drive_of_two_servers_is_taken_for_that_of_one);
  tcase_add_test(tests, a_table_of_some_passes_for_one_of_all);
  tcase_add_test(tests, a_csv_that_is_cut_passes_for_whole);
  tcase_add_test(tests, a_table_of_sites_is_misread);
  tcase_add_test(tests, a_csv_is_misread);
  tcase_add_test(tests, an_application_or_pool_is_of_no_kind);
  tcase_add_loop_test(tests, a_real_capture_is_misread, 0, (int)(sizeof real / sizeof *real));
})
