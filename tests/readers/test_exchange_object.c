/* Exports of the cmdlets in exchange_objects.tsv: the forms of values, what is not said,
 * whose export it is, and the real ones. */
#include "check_main.h"

#include "base/text.h"
#include "support_run.h"

#include <string.h>

#define OBJS "<Objs Version='1.1.0.1' xmlns='http://schemas.microsoft.com/powershell/2004/04'>\n"
#define CONNECTOR_TYPE "Microsoft.Exchange.Data.Directory.SystemConfiguration.ReceiveConnector"
#define OWA_TYPE "Microsoft.Exchange.Data.Directory.SystemConfiguration.ADOwaVirtualDirectory"
#define TYPE(name) "<TN RefId='0'><T>" name "</T><T>System.Object</T></TN>"

static struct run run;

static struct reading *read_as(const char *path, const char *body) {
  char *text = alloc_format("\xEF\xBB\xBF" OBJS "%s</Objs>", body);
  run_start(&run);
  size_t number = run_add_text(&run, path, text);
  alloc_free(text);
  run_read(&run);
  return run_reading(&run, number);
}

static const xmlNode *read_object(const char *type, const char *properties) {
  char *body = alloc_format("<Obj RefId='0'><TN RefId='0'><T>%s</T></TN><Props>%s</Props></Obj>",
                            type, properties);
  struct reading *reading = read_as("export.xml", body);
  alloc_free(body);
  ck_assert_ptr_nonnull(reading);
  return reading->facts->children;
}

/* ---- Values ------------------------------------------------------------------- */

static const struct {
  const char *property, *attribute, *value; /* value NULL: marked */
} values[] = {
    {"<B N='RequireTLS'>true</B>", "requireTLS", "true"},
    {"<S N='RequireTLS'>False</S>", "requireTLS", "false"},
    {"<S N='RequireTLS'>Ja</S>", "requireTLS", NULL},
    {"<Nil N='RequireTLS'/>", "requireTLS", ""},
    {"<I32 N='MaxHopCount'>60</I32>", "maxHopCount", "60"},
    {"<S N='MaxHopCount'>sixty</S>", "maxHopCount", NULL},
    {"<Obj N='MaxInboundConnection' RefId='1'><ToString>Unlimited</ToString></Obj>",
     "maxInboundConnection", "Unlimited"},
    {"<Obj N='MaxMessageSize' RefId='1'><ToString>36 MB (37,748,736 bytes)</ToString></Obj>",
     "maxMessageSize", "37748736"},
    {"<S N='MaxMessageSize'>36 MB (37.748.736 bytes)</S>", "maxMessageSize", "37748736"},
    {"<S N='MaxMessageSize'>36 MB</S>", "maxMessageSize", NULL},
    {"<Obj N='ConnectionTimeout' RefId='1'><ToString>00:10:00</ToString></Obj>",
     "connectionTimeout", "00:10:00"},
    {"<TS N='ConnectionTimeout'>P1DT2H</TS>", "connectionTimeout", "1.02:00:00"},
    {"<TS N='ConnectionTimeout'>PT90S</TS>", "connectionTimeout", "00:01:30"},
    {"<S N='ConnectionTimeout'>1.02:00:00.0000000</S>", "connectionTimeout", "1.02:00:00"},
    {"<S N='ConnectionTimeout'>ten minutes</S>", "connectionTimeout", NULL},
    {"<Obj N='AuthMechanism' RefId='1'><ToString>Tls, BasicAuth</ToString><I32>5</I32></Obj>",
     "authMechanism", "Tls, BasicAuth"},
    {"<I32 N='AuthMechanism'>5</I32>", "authMechanism", NULL},
    {"<S N='Banner'>220 SMTP_x000D_</S>", "banner", "220 SMTP"},
    {"<Obj N='Fqdn' RefId='1'><Props/></Obj>", "fqdn", NULL},
};

START_TEST(a_value_is_guessed_or_lost) {
  const xmlNode *connector = read_object(CONNECTOR_TYPE, values[_i].property);
  char *of = alloc_format("@%s", values[_i].attribute);
  const char *value = node_get(connector, values[_i].attribute);
  ck_assert_msg(text_equal(value, values[_i].value), "%s: %s", of, value ? value : "(none)");
  ck_assert_int_eq(run_marked(connector, of), values[_i].value == NULL);
  ck_assert(run_marked(connector, "@chunkingEnabled")); /* not in the export */
  alloc_free(of);
  run_end(&run);
}
END_TEST

#define LIST(members) "<Obj N='Bindings' RefId='5'><LST>" members "</LST></Obj>"
#define OTHER_LISTS                                                                                \
  "<Obj N='RemoteIPRanges' RefId='6'><LST/></Obj><Obj N='TlsDomainCapabilities' RefId='7'><LST/>"  \
  "</Obj>"

static const struct {
  const char *properties;
  size_t count;
  bool known;
} lists[] = {
    {LIST("<S>0.0.0.0:25</S><Obj RefId='8'><ToString>[::]:25</ToString></Obj>") OTHER_LISTS, 2,
     true},
    {LIST("") OTHER_LISTS, 0, true},
    {"<Nil N='Bindings'/>" OTHER_LISTS, 0, true},
    {"<S N='Bindings'>System.Collections.ArrayList</S>" OTHER_LISTS, 0, false},
    {LIST("<S>0.0.0.0:25</S><Obj RefId='8'><Props/></Obj>") OTHER_LISTS, 1, false},
    {LIST("<Ref RefId='99'/>") OTHER_LISTS, 0, false},
    {LIST("<S>0.0.0.0:25</S>"), 1, false},
};

START_TEST(a_list_is_not_what_was_exported) {
  const xmlNode *connector = read_object(CONNECTOR_TYPE, lists[_i].properties);
  size_t count = 0;
  for (const xmlNode *value = node_child(connector, "value"); value;
       value = node_next(value, "value"), count++)
    ck_assert_str_eq(node_get(value, "of"), "bindings");
  ck_assert_uint_eq(count, lists[_i].count);
  ck_assert_int_eq(run_marked(connector, "value"), !lists[_i].known);
  run_end(&run);
}
END_TEST

START_TEST(flags_that_were_not_read_from_iis_are_believed) {
  const xmlNode *owa = read_object(OWA_TYPE, "<S N='Path'/><B N='FormsAuthentication'>false</B>");
  ck_assert_ptr_null(node_get(owa, "formsAuthentication"));
  ck_assert(run_marked(owa, "@formsAuthentication"));
  run_end(&run);
  owa = read_object(OWA_TYPE, "<S N='Path'>C:\\owa</S><B N='FormsAuthentication'>false</B>");
  ck_assert_str_eq(node_get(owa, "formsAuthentication"), "false");
  run_end(&run);
}
END_TEST

#define SERVER_TYPE "Microsoft.Exchange.Data.Directory.Management.ExchangeServer"

START_TEST(what_an_old_version_lacks_is_taken_for_unknown) {
  const xmlNode *server = read_object(SERVER_TYPE, "<Nil N='ErrorReportingEnabled'/>");
  ck_assert(!run_marked(server, "@mitigationsEnabled"));
  ck_assert(run_marked(server, "@errorReportingEnabled"));
  ck_assert(run_marked(server, "@fqdn"));
  run_end(&run);
  server = read_object("Selected." SERVER_TYPE, "<S N='Name'>EX01</S>");
  ck_assert(run_marked(server, "@mitigationsEnabled"));
  run_end(&run);
}
END_TEST

/* ---- Exports -------------------------------------------------------------------- */

#define CONNECTOR(number, server)                                                                  \
  "<Obj RefId='1" number "'>" TYPE(CONNECTOR_TYPE) "<Props><S N='Server'>" server                  \
                                                   "</S></Props><MS><S N='PSComputerName'>"        \
                                                   "ex01.contoso.com</S></MS></Obj>"

static const struct {
  const char *body, *computer;
} exports[] = {
    {CONNECTOR("1", "EX02"), "EX02"},
    {CONNECTOR("1", "EX01"), "ex01.contoso.com"},
    {CONNECTOR("1", "EX01") CONNECTOR("2", "EX02"), "ex01.contoso.com"},
};

START_TEST(an_export_is_another_computers) {
  struct reading *reading = read_as("x.xml", exports[_i].body);
  ck_assert_str_eq(reading->kind, "get-receiveconnector");
  ck_assert_str_eq(reading->computer, exports[_i].computer);
  ck_assert(reading->only_mentioned);
  run_end(&run);
}
END_TEST

START_TEST(an_export_of_nothing_proves_what_it_cannot) {
  struct reading *reading = read_as("GetSettingOverride.xml", "");
  ck_assert_str_eq(reading->kind, "get-settingoverride");
  ck_assert(!reading->complete);
  run_end(&run);
  reading = read_as("EX01 Get-SettingOverride.xml", "<Obj RefId='0'><TN RefId='0'><T>System."
                                                    "Object[]</T></TN><LST/></Obj>");
  ck_assert_str_eq(reading->kind, "get-settingoverride");
  ck_assert(reading->complete);
  ck_assert_ptr_null(reading->facts->children);
  run_end(&run);
  ck_assert_ptr_null(read_as("nothing.xml", ""));
  run_end(&run);
}
END_TEST

START_TEST(selected_properties_are_of_no_kind) {
  struct reading *reading = read_as(
      "x.xml", "<Obj RefId='0'><MS><S N='ComponentName'>Cafe</S><S N='SectionName'>a</S>"
               "<Obj N='Parameters' RefId='1'><LST><S>Enabled=False</S></LST></Obj></MS></Obj>");
  ck_assert_str_eq(reading->kind, "get-settingoverride");
  ck_assert_str_eq(node_get(run_fact(reading, "value", 0), "text"), "Enabled=False");
  run_end(&run);
}
END_TEST

START_TEST(the_version_of_any_program_is_that_of_exchange) {
  static const char *const names[] = {"C:\\V15\\bin\\ExSetup.exe", "C:\\Windows\\cachtokn.dll"};
  for (int i = 0; i < 2; i++) {
    char *body = alloc_format(
        "<Obj RefId='0'>" TYPE("System.Diagnostics.FileVersionInfo") "<Props><S "
                                                                     "N='FileName'>%s</S><S "
                                                                     "N='FileVersion'>15.02."
                                                                     "0986.005</S></Props>"
                                                                     "</Obj>",
        names[i]);
    struct reading *reading = read_as("x.xml", body);
    alloc_free(body);
    ck_assert_int_eq(reading != NULL, i == 0);
    if (i == 0)
      ck_assert_str_eq(node_get(run_fact(reading, "exSetup", 0), "fileVersion"), "15.02.0986.005");
    run_end(&run);
  }
}
END_TEST

/* ---- Real ones ---------------------------------------------------------------------- */

static const struct {
  const char *path, *kind, *element;
  size_t objects, values;
  const char *attribute, *value;
} real[] = {
    {"ExSetup.xml", "exsetup", "exSetup", 1, 0, "fileVersion", "15.02.0986.005"},
    {"GetExchangeServer.xml", "get-exchangeserver", "exchangeServer", 1, 0, "adminDisplayVersion",
     "Version 15.2 (Build 986.5)"},
    {"GetHybridConfiguration.xml", "get-hybridconfiguration", "hybridConfiguration", 1, 11,
     "onPremisesSmartHost", "mail.contoso.com"},
    {"GetMailboxServer.xml", "get-mailboxserver", "mailboxServer", 1, 0,
     "databaseCopyAutoActivationPolicy", "Unrestricted"},
    {"GetOwaVirtualDirectory.xml", "get-owavirtualdirectory", "owaVirtualDirectory", 1, 3,
     "internalUrl", "https://solo-e19a.solo.com/owa"},
    {"GetPartnerApplication.xml", "get-partnerapplication", "partnerApplication", 5, 0,
     "applicationIdentifier", "00000002-0000-0ff1-ce00-000000000000"},
    {"GetReceiveConnector.xml", "get-receiveconnector", "receiveConnector", 5, 21, "authMechanism",
     "Tls, Integrated, BasicAuth, BasicAuthRequireTLS, ExchangeServer"},
    {"GetSendConnector.xml", "get-sendconnector", "sendConnector", 1, 3, "tlsCertificateName",
     "<I>CN=localhost<S>CN=localhost"},
    {"GetServiceMitigation.xml", "get-service", "service", 1, 0, "startType", "Automatic"},
    {"GetSettingOverride.xml", "get-settingoverride", "settingOverride", 1, 1, "componentName",
     "Cafe"},
    {"GetWebServicesVirtualDirectory.xml", "get-webservicesvirtualdirectory",
     "webServicesVirtualDirectory", 1, 8, "mRSProxyEnabled", "false"},
};

/* The rest of the real exports: what each is read as, and how much of it. */
static const struct {
  const char *path, *kind, *fact; /* kind NULL: not recognised */
  size_t count;
} others[] = {
    {"E19/GetAllTlsSettings.xml", "get-tlsciphersuite", "tlsCipherSuite", 8},
    {"E19/GetAuthConfig.xml", "get-authconfig", "authConfig", 1},
    {"E19/GetExchangeCertificate.xml", "get-exchangecertificate", "certificate", 3},
    {"E19/GetExtendedProtectionConfiguration.xml", NULL, NULL, 0},
    {"E19/GetIISModules.xml", "get-iismodule", "iisModule", 33},
    {"E19/GetInternalTransportCertificateFromServer.xml", "cert-drive", "certificate", 1},
    {"E19/IIS/GetWebBinding.xml", "get-webbinding", "binding", 6},
    {"E19/IIS/GetWebSite.xml", "get-website", "application", 30},
    {"E19/IIS/GetWebSite2.xml", "get-website", "application", 30},
    {"matching-pair/GetExchangeCertifiateWithNewAuthConfigCert.xml", "get-exchangecertificate",
     "certificate", 6},
    {"matching-pair/GetWebSite.json", "get-website", "binding", 11},
};

START_TEST(another_real_export_is_misread) {
  NEEDS_SHARED();
  run_start(&run);
  char *path = alloc_format("exchange/%s", others[_i].path);
  size_t number = run_add_shared(&run, path);
  alloc_free(path);
  run_read(&run);
  struct reading *reading = run_reading(&run, number);
  ck_assert_int_eq(reading != NULL, others[_i].kind != NULL);
  if (reading) {
    ck_assert(reading->complete);
    ck_assert_str_eq(reading->kind, others[_i].kind);
    ck_assert_uint_eq(run_count(reading, others[_i].fact), others[_i].count);
  }
  run_end(&run);
}
END_TEST

START_TEST(a_real_export_is_misread) {
  NEEDS_SHARED();
  run_start(&run);
  char *path = alloc_format("exchange/E19/%s", real[_i].path);
  size_t number = run_add_shared(&run, path);
  alloc_free(path);
  run_read(&run);
  struct reading *reading = run_reading(&run, number);
  ck_assert_ptr_nonnull(reading);
  ck_assert(reading->complete);
  ck_assert_str_eq(reading->kind, real[_i].kind);
  ck_assert_uint_eq(run_count(reading, real[_i].element), real[_i].objects);
  ck_assert_uint_eq(run_count(reading, "value"), real[_i].values);
  ck_assert_str_eq(node_get(run_fact(reading, real[_i].element, 0), real[_i].attribute),
                   real[_i].value);
  run_end(&run);
}
END_TEST

#define ROWS(table) (int)(sizeof table / sizeof *table)

CHECK_MAIN("readers/exchange_object", {
  tcase_add_loop_test(tests, a_value_is_guessed_or_lost, 0, ROWS(values));
  tcase_add_loop_test(tests, a_list_is_not_what_was_exported, 0, ROWS(lists));
  tcase_add_test(tests, flags_that_were_not_read_from_iis_are_believed);
  tcase_add_test(tests, what_an_old_version_lacks_is_taken_for_unknown);
  tcase_add_loop_test(tests, an_export_is_another_computers, 0, ROWS(exports));
  tcase_add_test(tests, an_export_of_nothing_proves_what_it_cannot);
  tcase_add_test(tests, selected_properties_are_of_no_kind);
  tcase_add_test(tests, the_version_of_any_program_is_that_of_exchange);
  tcase_add_loop_test(tests, another_real_export_is_misread, 0, ROWS(others));
  tcase_add_loop_test(tests, a_real_export_is_misread, 0, ROWS(real));
})
