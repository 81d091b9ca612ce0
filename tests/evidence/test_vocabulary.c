/* The names that rules may speak of, and the kinds of evidence. */
#include "check_main.h"

#include "base/text.h"
#include "base/xml_source.h"
#include "evidence/kinds.h"
#include "evidence/vocabulary.h"

#include <string.h>

START_TEST(a_name_of_the_schema_is_not_known) {
  struct evidence_vocabulary *vocabulary = evidence_vocabulary_new();
  static const char *const elements[] = {"evidence",
                                         "host",
                                         "site",
                                         "binding",
                                         "certificateBinding",
                                         "claim",
                                         "virtualDirectory",
                                         "applicationPool",
                                         "sslCertificate",
                                         "entry",
                                         "authConfig",
                                         "fleet",
                                         "serverCertificate",
                                         "logFile",
                                         "access",
                                         "add",
                                         "hsts"};
  for (size_t i = 0; i < sizeof elements / sizeof *elements; i++)
    ck_assert_msg(evidence_has_element(vocabulary, elements[i]), "%s", elements[i]);
  static const char *const attributes[][2] = {{"binding", "protocol"},
                                              {"binding", "sslFlags"},
                                              {"site", "key"},
                                              {"certificateBinding", "usable"},
                                              {"certificate", "notAfter"},
                                              {"applicationPool", "managedRuntimeVersion"},
                                              {"application", "preloadEnabled"},
                                              {"virtualDirectory", "userName"},
                                              {"section", "anything"},
                                              {"access", "anything"},
                                              {"exchangeCertificate", "services"},
                                              {NULL, "certificateHash"},
                                              {"evidence", "asOf"}};
  for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
    ck_assert_msg(evidence_has_attribute(vocabulary, attributes[i][0], attributes[i][1]), "%s/@%s",
                  attributes[i][0] ? attributes[i][0] : "*", attributes[i][1]);
  evidence_vocabulary_free(vocabulary);
}
END_TEST

START_TEST(a_misspelt_name_passes) {
  struct evidence_vocabulary *vocabulary = evidence_vocabulary_new();
  ck_assert(!evidence_has_element(vocabulary, "bindng"));
  ck_assert(!evidence_has_element(vocabulary, "ev:unknown"));
  ck_assert(!evidence_has_element(vocabulary, "unknown"));
  ck_assert(!evidence_has_attribute(vocabulary, "binding", "protocl"));
  ck_assert(!evidence_has_attribute(vocabulary, "certificate", "notafter"));
  ck_assert(!evidence_has_attribute(vocabulary, "site", "protocol"));
  ck_assert(!evidence_has_attribute(vocabulary, NULL, "certificatHash"));
  ck_assert_str_eq(evidence_near_element(vocabulary, "bindng"), "binding");
  ck_assert_str_eq(evidence_near_attribute(vocabulary, "certificate", "notafter"), "notAfter");
  ck_assert_str_eq(evidence_near_attribute(vocabulary, NULL, "certificatHash"), "certificateHash");
  ck_assert_ptr_null(evidence_near_element(vocabulary, "somethingElseAltogether"));
  evidence_vocabulary_free(vocabulary);
}
END_TEST

START_TEST(a_mark_hides_too_little_or_too_much) {
  struct evidence_vocabulary *vocabulary = evidence_vocabulary_new();
  ck_assert(evidence_may_contain(vocabulary, "sites", "site"));
  ck_assert(evidence_may_contain(vocabulary, "sites", "certificateBinding"));
  ck_assert(evidence_may_contain(vocabulary, "site", "claim"));
  ck_assert(evidence_may_contain(vocabulary, "site", "logFile"));
  ck_assert(evidence_may_contain(vocabulary, "evidence", "entry"));
  ck_assert(evidence_may_contain(vocabulary, "configuration", "access"));
  ck_assert(!evidence_may_contain(vocabulary, "site", "certificate"));
  ck_assert(!evidence_may_contain(vocabulary, "httpSys", "binding"));
  ck_assert(!evidence_may_contain(vocabulary, "certificates", "logFile"));
  ck_assert(!evidence_may_contain(vocabulary, "binding", "binding"));
  ck_assert(!evidence_may_contain(vocabulary, "nothing", "site"));
  evidence_vocabulary_free(vocabulary);
}
END_TEST

START_TEST(a_kind_cannot_be_collected) {
  for (const struct evidence_kind *kind = evidence_kinds; kind->id; kind++) {
    ck_assert_ptr_eq(evidence_kind_find(kind->id), kind);
    ck_assert(*kind->name);
    ck_assert_msg((kind->command != NULL) == (*kind->shell != '\0'), "%s", kind->id);
    if (kind->command)
      ck_assert_msg(strstr(kind->command, kind->file) || *kind->file, "%s", kind->id);
  }
  ck_assert_ptr_null(evidence_kind_find("no-such-kind"));
  static const char *const used[] = {
      "application-host",    "netsh-sslcert",      "get-webbinding",          "certutil-my",
      "certutil-webhosting", "certutil-store",     "get-exchangecertificate", "get-authconfig",
      "web-config",          "redirection-config", "certificate-file"};
  for (size_t i = 0; i < sizeof used / sizeof *used; i++)
    ck_assert_msg(evidence_kind_find(used[i]) != NULL, "%s", used[i]);
}
END_TEST

CHECK_MAIN("evidence/vocabulary", {
  xml_source_setup();
  tcase_add_test(tests, a_name_of_the_schema_is_not_known);
  tcase_add_test(tests, a_misspelt_name_passes);
  tcase_add_test(tests, a_mark_hides_too_little_or_too_much);
  tcase_add_test(tests, a_kind_cannot_be_collected);
})
