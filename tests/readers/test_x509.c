/* What is read out of a DER certificate. */
#include "check_main.h"

#include "evidence/node.h"
#include "readers/x509.h"
#include "support_certificates.h"
#include "support_run.h"

#include "base/system.h"

#include <string.h>

struct facts {
  xmlDoc *document;
  xmlNode *node;
  bool good;
  char error[128];
};

static struct facts facts_of(const uint8_t *der, size_t size) {
  struct facts facts = {.document = xmlNewDoc((const xmlChar *)"1.0")};
  facts.node = xmlNewDocNode(facts.document, NULL, (const xmlChar *)"certificate", NULL);
  xmlDocSetRootElement(facts.document, facts.node);
  facts.good = x509_facts(der, size, facts.node, (struct origin){3, 7, 9}, facts.error);
  ck_assert_int_eq(facts.good, facts.error[0] == '\0');
  ck_assert_int_eq(facts.good, facts.node->properties != NULL);
  if (!facts.good) ck_assert_ptr_null(facts.node->children);
  return facts;
}

static void is(const struct facts *facts, const char *name, const char *value) {
  const char *found = node_get(facts->node, name);
  ck_assert_msg(found && strcmp(found, value) == 0, "%s: %s, not %s", name,
                found ? found : "(absent)", value);
}

static void is_name(const struct facts *facts, int n, const char *type, const char *value) {
  xmlNode *name = node_child(facts->node, "name");
  while (n-- > 0)
    name = node_next(name, "name");
  ck_assert_str_eq(node_get(name, "type"), type);
  ck_assert_str_eq(node_get(name, "value"), value);
}

START_TEST(facts_of_a_certificate_are_wrong) {
  size_t size;
  uint8_t *der = pem_bytes(example_pem, &size);
  struct facts facts = facts_of(der, size);
  ck_assert(facts.good);
  is(&facts, "thumbprint", EXAMPLE_THUMBPRINT);
  is(&facts, "subject", EXAMPLE_SUBJECT);
  is(&facts, "issuer", EXAMPLE_SUBJECT);
  is(&facts, "serialNumber", "80aabbccdd");
  is(&facts, "notBefore", "2026-11-22T10:29:57Z");
  is(&facts, "notBeforeLatest", "2026-11-22T10:29:57Z");
  is(&facts, "notAfter", "2036-11-19T10:29:57Z");
  is(&facts, "notAfterLatest", "2036-11-19T10:29:57Z");
  is(&facts, "keyAlgorithm", "EC");
  is(&facts, "keySize", "256");
  is(&facts, "signatureAlgorithm", "ecdsa-with-SHA256");
  is(&facts, "selfSigned", "true");
  is_name(&facts, 0, "dns", "mail.contoso.example");
  is_name(&facts, 1, "dns", "*.contoso.example");
  is_name(&facts, 2, "ip", "10.0.0.5");
  is_name(&facts, 3, "ip", "2001:db8::1");
  is_name(&facts, 4, "email", "it@contoso.example");
  struct origin origin = node_attribute_origin(facts.node, "subject");
  ck_assert_uint_eq(origin.line, 7);
  ck_assert_uint_eq(origin.source, 3);
  xmlFreeDoc(facts.document);
  alloc_free(der);
}
END_TEST

START_TEST(an_issued_certificate_is_taken_for_self_signed) {
  size_t size;
  uint8_t *der = pem_bytes(leaf_pem, &size);
  struct facts facts = facts_of(der, size);
  ck_assert(facts.good);
  is(&facts, "thumbprint", LEAF_THUMBPRINT);
  is(&facts, "subject", "OU=two, CN=leaf, OID.1.2.3.4=x");
  is(&facts, "issuer", EXAMPLE_SUBJECT);
  is(&facts, "serialNumber", "fb");
  is(&facts, "selfSigned", "false");
  ck_assert_ptr_null(node_child(facts.node, "name"));
  xmlFreeDoc(facts.document);
  alloc_free(der);
}
END_TEST

START_TEST(part_of_a_certificate_is_taken_for_one) {
  size_t size;
  uint8_t *der = pem_bytes(example_pem, &size);
  for (size_t part = 0; part < size; part++) {
    struct facts facts = facts_of(der, part);
    ck_assert_msg(!facts.good, "%zu bytes", part);
    xmlFreeDoc(facts.document);
  }
  alloc_free(der);
}
END_TEST

START_TEST(bytes_behind_a_certificate_are_not_noticed) {
  size_t size;
  uint8_t *der = pem_bytes(example_pem, &size);
  der = alloc_resize(der, size + 1, 1);
  der[size] = 0;
  struct facts facts = facts_of(der, size + 1);
  ck_assert(!facts.good);
  ck_assert_ptr_nonnull(strstr(facts.error, "other bytes"));
  xmlFreeDoc(facts.document);
  alloc_free(der);
}
END_TEST

static uint8_t *find(uint8_t *bytes, size_t size, const char *text) {
  for (size_t i = 0; i + strlen(text) <= size; i++)
    if (memcmp(bytes + i, text, strlen(text)) == 0) return bytes + i;
  ck_abort_msg("%s is not there", text);
}

START_TEST(an_odd_date_is_believed) {
  static const char *const dates[] = {"361119102957X", "361319102957Z", "360230102957Z",
                                      "361119249957Z", "36111910295 Z"};
  for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
    size_t size;
    uint8_t *der = pem_bytes(example_pem, &size);
    memcpy(find(der, size, "361119102957Z"), dates[i], 13);
    struct facts facts = facts_of(der, size);
    ck_assert_msg(!facts.good, "%s", dates[i]);
    xmlFreeDoc(facts.document);
    alloc_free(der);
  }
}
END_TEST

START_TEST(a_date_of_the_last_century_is_in_this_one) {
  size_t size;
  uint8_t *der = pem_bytes(example_pem, &size);
  memcpy(find(der, size, "261122102957Z"), "991122102957Z", 13);
  struct facts facts = facts_of(der, size);
  is(&facts, "notBefore", "1999-11-22T10:29:57Z");
  xmlFreeDoc(facts.document);
  alloc_free(der);
}
END_TEST

START_TEST(a_nul_ends_a_name) {
  size_t size;
  uint8_t *der = pem_bytes(example_pem, &size);
  memcpy(find(der, size, "Mail.Contoso"), "Mail\0Contoso", 12);
  memcpy(find(der, size, "Bayern"), "Bay\0rn", 6);
  struct facts facts = facts_of(der, size);
  ck_assert(facts.good);
  is_name(&facts, 0, "dns",
          "mail\xEF\xBF\xBD"
          "contoso.example");
  ck_assert_ptr_nonnull(strstr(node_get(facts.node, "issuer"), "S=Bay\xEF\xBF\xBDrn, C=DE"));
  xmlFreeDoc(facts.document);
  alloc_free(der);
}
END_TEST

START_TEST(bad_alternative_names_are_left_out_in_silence) {
  size_t size;
  uint8_t *der = pem_bytes(example_pem, &size);
  find(der, size, "Mail.Contoso")[-1] = 0x7F; /* longer than what holds it */
  struct facts facts = facts_of(der, size);
  ck_assert(!facts.good);
  ck_assert_ptr_nonnull(strstr(facts.error, "alternative names"));
  xmlFreeDoc(facts.document);
  alloc_free(der);
}
END_TEST

START_TEST(a_corrupt_certificate_does_harm) {
  size_t size;
  uint8_t *der = pem_bytes(example_pem, &size), *copy = alloc_bytes(size);
  uint32_t seed = 20241203;
  for (int round = 0; round < 20000; round++) {
    memcpy(copy, der, size);
    for (int i = 0; i < 1 + round % 3; i++) {
      seed = seed * 1664525 + 1013904223;
      copy[(seed >> 8) % size] ^= (uint8_t)(1 + (seed >> 24) % 255);
    }
    struct facts facts = facts_of(copy, size);
    xmlFreeDoc(facts.document);
  }
  alloc_free(copy);
  alloc_free(der);
}
END_TEST

START_TEST(an_algorithm_has_another_name) {
  char name[64];
  x509_algorithm_name("1.2.840.113549.1.1.5", name);
  ck_assert_str_eq(name, "sha1WithRSAEncryption");
  x509_algorithm_name("1.2.3.4.5.6", name);
  ck_assert_str_eq(name, "1.2.3.4.5.6");
  x509_algorithm_name("nonsense", name);
  ck_assert_str_eq(name, "nonsense");
  x509_key_name("1.2.840.113549.1.1.1", name);
  ck_assert_str_eq(name, "RSA");
  x509_key_name("1.2.840.10045.2.1", name);
  ck_assert_str_eq(name, "EC");
}
END_TEST

static struct facts facts_of_shared(const char *name) {
  char error[128], *path = alloc_format("%s/data/%s", SITEGLASS_SHARED_DIR, name);
  uint8_t *bytes;
  size_t size;
  ck_assert_msg(system_read(path, 1 << 20, &bytes, &size, error), "%s: %s", path, error);
  struct facts facts = facts_of(bytes, size);
  alloc_free(bytes);
  alloc_free(path);
  return facts;
}

START_TEST(a_real_certificate_is_read_wrongly) {
  NEEDS_SHARED();
  struct facts facts = facts_of_shared("formats/certfiles/01.cer");
  is(&facts, "thumbprint", "6C7DE09FB39A40144F57EFEBC3DF0148E3A9AB28");
  is(&facts, "subject", "CN=Solo-E19A");
  is(&facts, "notAfter", "2024-12-03T22:45:58Z");
  is(&facts, "signatureAlgorithm", "sha1WithRSAEncryption");
  is(&facts, "keyAlgorithm", "RSA");
  is(&facts, "keySize", "2048");
  is(&facts, "selfSigned", "true");
  is_name(&facts, 1, "dns", "solo-e19a.solo.com");
  xmlFreeDoc(facts.document);
  facts = facts_of_shared("formats/certfiles/08.cer");
  is(&facts, "thumbprint", "8F43288AD272F3103B6FB1428485EA3014C0BCFE");
  is(&facts, "subject",
     "CN=Microsoft Root Certificate Authority 2011, O=Microsoft Corporation, L=Redmond, "
     "S=Washington, C=US");
  is(&facts, "keySize", "4096");
  xmlFreeDoc(facts.document);
  facts = facts_of_shared("formats/certfiles/09.cer");
  is(&facts, "thumbprint", "FA7AF3EAE378EB2CBDFD18B2E8B4B9E54885FEE4");
  is(&facts, "selfSigned", "false");
  is_name(&facts, 21, "dns", "sevillegwweu.microsoft.com");
  xmlFreeDoc(facts.document);
}
END_TEST

CHECK_MAIN("readers/x509", {
  tcase_add_test(tests, facts_of_a_certificate_are_wrong);
  tcase_add_test(tests, an_issued_certificate_is_taken_for_self_signed);
  tcase_add_test(tests, part_of_a_certificate_is_taken_for_one);
  tcase_add_test(tests, bytes_behind_a_certificate_are_not_noticed);
  tcase_add_test(tests, an_odd_date_is_believed);
  tcase_add_test(tests, a_date_of_the_last_century_is_in_this_one);
  tcase_add_test(tests, a_nul_ends_a_name);
  tcase_add_test(tests, bad_alternative_names_are_left_out_in_silence);
  tcase_add_test(tests, a_corrupt_certificate_does_harm);
  tcase_add_test(tests, an_algorithm_has_another_name);
  tcase_add_test(tests, a_real_certificate_is_read_wrongly);
})
