/* PKCS #7, PKCS #12 and serialized stores. */
#include "check_main.h"

#include "base/base64.h"
#include "base/text.h"
#include "support_certificates.h"
#include "support_run.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <string.h>

static struct run run;

static struct reading *read_bytes(const void *bytes, size_t size, const char *password) {
  run_start(&run);
  static const char *passwords[1];
  passwords[0] = password;
  run.readings.passwords = passwords;
  run.readings.password_count = password != NULL;
  run_add(&run, "some.file", bytes, size);
  run_read(&run);
  return run_reading(&run, 0);
}

static const char *thumbprint(const struct reading *reading, size_t n) {
  const xmlNode *certificate = run_fact(reading, "certificate", n);
  return certificate ? node_get(certificate, "thumbprint") : NULL;
}

static X509 *certificate_of(const char *pem) {
  size_t size;
  uint8_t *der = pem_bytes(pem, &size);
  const unsigned char *at = der;
  X509 *certificate = d2i_X509(NULL, &at, (long)size);
  ck_assert(certificate != NULL);
  alloc_free(der);
  return certificate;
}

/* ---- PKCS #12 --------------------------------------------------------------------- */

/* A self-signed certificate with its key. */
static X509 *own_certificate(EVP_PKEY **key) {
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_id(EVP_PKEY_ED25519, NULL);
  *key = NULL;
  ck_assert(EVP_PKEY_keygen_init(context) > 0 && EVP_PKEY_keygen(context, key) > 0);
  EVP_PKEY_CTX_free(context);
  X509 *certificate = X509_new();
  X509_NAME *name = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)"own", -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_set_pubkey(certificate, *key);
  ck_assert(X509_sign(certificate, *key, NULL) > 0);
  return certificate;
}

/* `cipher` 0: OpenSSL's own; -1: none. */
static uint8_t *pfx(const char *password, int cipher, int rounds, size_t *size) {
  EVP_PKEY *key;
  X509 *own = own_certificate(&key), *other = certificate_of(example_pem);
  STACK_OF(X509) *others = sk_X509_new_null();
  sk_X509_push(others, other);
  PKCS12 *made =
      PKCS12_create(password, "the name", key, own, others, 0, cipher, rounds, 1, 0);
  uint8_t *bytes = NULL;
  *size = made ? (size_t)i2d_PKCS12(made, &bytes) : 0;
  PKCS12_free(made);
  sk_X509_pop_free(others, X509_free);
  X509_free(own);
  EVP_PKEY_free(key);
  return bytes;
}

static void expect_pfx(const uint8_t *bytes, size_t size, const char *password, size_t count,
                       const char *says) {
  struct reading *reading = read_bytes(bytes, size, password);
  ck_assert(reading != NULL);
  ck_assert_uint_eq(run_count(reading, "certificate"), count);
  const struct artifact *artifact = run.bundle.artifacts[0];
  ck_assert_msg(strstr(artifact->reason, says) != NULL, "%s", artifact->reason);
  ck_assert(strstr(artifact->reason, "private key") != NULL);
  ck_assert_int_eq(reading->complete, count == 2);
  if (count == 2) {
    ck_assert_str_eq(node_get(run_fact(reading, "certificate", 0), "friendlyName"), "the name");
    ck_assert_str_eq(thumbprint(reading, 1), EXAMPLE_THUMBPRINT);
  } else {
    ck_assert_int_eq(reading->incomplete_reason, UNKNOWN_ENCRYPTED);
  }
  run_end(&run);
}

START_TEST(a_pfx_is_opened_without_its_password_or_not_with_it) {
  size_t size;
  uint8_t *bytes = pfx("geheim", 0, 2048, &size);
  expect_pfx(bytes, size, NULL, 0, "--pfx-password-file");
  expect_pfx(bytes, size, "Geheim", 0, "--pfx-password-file");
  expect_pfx(bytes, size, "geheim", 2, "private key");
  OPENSSL_free(bytes);
}
END_TEST

START_TEST(a_pfx_with_an_empty_password_stays_locked) {
  size_t size;
  uint8_t *bytes = pfx("", 0, 2048, &size);
  expect_pfx(bytes, size, NULL, 2, "private key");
  OPENSSL_free(bytes);
}
END_TEST

START_TEST(certificates_that_are_not_encrypted_need_a_password) {
  size_t size;
  uint8_t *bytes = pfx("geheim", -1, 2048, &size);
  expect_pfx(bytes, size, NULL, 2, "private key");
  OPENSSL_free(bytes);
}
END_TEST

START_TEST(an_old_pfx_of_windows_stays_locked) {
  size_t size;
  uint8_t *first = pfx("geheim", 0, 2048, &size);
  read_bytes(first, size, "geheim");
  run_end(&run);
  OPENSSL_free(first);
  uint8_t *bytes = pfx("geheim", NID_pbe_WithSHA1And3_Key_TripleDES_CBC, 2000, &size);
  ck_assert(bytes != NULL);
  expect_pfx(bytes, size, "geheim", 2, "private key");
  OPENSSL_free(bytes);
}
END_TEST

START_TEST(a_pfx_keeps_the_processor_busy_for_hours) {
  size_t size, changed = 0;
  uint8_t *bytes = pfx("", 0, 0x7F00, &size);
  for (size_t i = 0; i + 4 < size; i++) /* rounds: an INTEGER, made negative */
    if (memcmp(bytes + i, "\x02\x02\x7F\x00", 4) == 0) bytes[i + 2] = 0x80, changed++;
  ck_assert_uint_gt(changed, 0);
  struct reading *reading = read_bytes(bytes, size, NULL);
  ck_assert_uint_eq(run_count(reading, "certificate"), 0);
  ck_assert(strstr(run.bundle.artifacts[0]->reason, "not tried") != NULL);
  run_end(&run);
  OPENSSL_free(bytes);
  bytes = pfx("", 0, 3000000, &size); /* more than is tried */
  reading = read_bytes(bytes, size, NULL);
  ck_assert(strstr(run.bundle.artifacts[0]->reason, "not tried") != NULL);
  run_end(&run);
  OPENSSL_free(bytes);
}
END_TEST

START_TEST(a_pfx_that_is_cut_does_harm) {
  size_t size;
  uint8_t *bytes = pfx("", 0, 2048, &size);
  for (size_t cut = 0; cut < size; cut += 7) {
    read_bytes(bytes, cut, NULL);
    run_end(&run);
  }
  OPENSSL_free(bytes);
}
END_TEST

/* ---- PKCS #7 ------------------------------------------------------------------------ */

static uint8_t *p7b(size_t *size) {
  PKCS7 *pkcs7 = PKCS7_new();
  PKCS7_set_type(pkcs7, NID_pkcs7_signed);
  PKCS7_content_new(pkcs7, NID_pkcs7_data);
  X509 *one = certificate_of(example_pem), *two = certificate_of(leaf_pem);
  PKCS7_add_certificate(pkcs7, one);
  PKCS7_add_certificate(pkcs7, two);
  uint8_t *bytes = NULL;
  *size = (size_t)i2d_PKCS7(pkcs7, &bytes);
  X509_free(one);
  X509_free(two);
  PKCS7_free(pkcs7);
  return bytes;
}

static char *as_pem(const uint8_t *bytes, size_t size, const char *label) {
  char *base64 = alloc_bytes(size * 2 + 4);
  EVP_EncodeBlock((unsigned char *)base64, bytes, (int)size);
  char *pem = alloc_format("-----BEGIN %s-----\n%s\n-----END %s-----\n", label, base64, label);
  alloc_free(base64);
  return pem;
}

static void expect_two(const void *bytes, size_t size) {
  struct reading *reading = read_bytes(bytes, size, NULL);
  ck_assert_uint_eq(run_count(reading, "certificate"), 2);
  ck_assert_str_eq(thumbprint(reading, 0), EXAMPLE_THUMBPRINT);
  ck_assert_str_eq(thumbprint(reading, 1), LEAF_THUMBPRINT);
  ck_assert(reading->complete);
  run_end(&run);
}

START_TEST(pkcs7_loses_a_certificate) {
  size_t size;
  uint8_t *bytes = p7b(&size);
  expect_two(bytes, size);
  static const char *const labels[] = {"PKCS7", "CMS", "CERTIFICATE"};
  for (size_t i = 0; i < 3; i++) {
    char *pem = as_pem(bytes, size, labels[i]);
    expect_two(pem, strlen(pem));
    alloc_free(pem);
  }
  struct reading *reading = read_bytes(bytes, size - 1, NULL);
  ck_assert(!reading->complete);
  run_end(&run);
  OPENSSL_free(bytes);
}
END_TEST

/* ---- Serialized stores ----------------------------------------------------------------- */

static void put(uint8_t **at, uint32_t id, const void *bytes, uint32_t size) {
  uint8_t head[12] = {(uint8_t)id, 0, 0, 0, 1, 0, 0, 0, (uint8_t)size, (uint8_t)(size >> 8), 0, 0};
  memcpy(*at, head, 12);
  memcpy(*at + 12, bytes, size);
  *at += 12 + size;
}

START_TEST(a_store_loses_a_certificate_or_its_properties) {
  uint8_t bytes[8192], *at = bytes;
  size_t sizes[2];
  uint8_t *der[2] = {pem_bytes(example_pem, &sizes[0]), pem_bytes(leaf_pem, &sizes[1])};
  memcpy(at, "\0\0\0\0CERT", 8);
  at += 8;
  put(&at, 11, "n\0\0\0", 4);
  put(&at, 19, "", 0);
  put(&at, 32, der[0], (uint32_t)sizes[0]);
  uint8_t *second = at;
  put(&at, 32, der[1], (uint32_t)sizes[1]);
  uint8_t *end = at;
  memset(at, 0, 12);
  at += 12;
  expect_two(bytes, (size_t)(at - bytes));
  struct reading *reading = read_bytes(bytes, (size_t)(at - bytes), NULL);
  const xmlNode *first = run_fact(reading, "certificate", 0);
  ck_assert_str_eq(node_get(first, "friendlyName"), "n");
  ck_assert_str_eq(node_get(first, "archived"), "true");
  ck_assert_str_eq(node_get(run_fact(reading, "certificate", 1), "friendlyName"), "");
  run_end(&run);
  reading = read_bytes(bytes, (size_t)(end - bytes), NULL);
  ck_assert(!reading->complete);
  ck_assert_uint_eq(run_count(reading, "certificate"), 2);
  run_end(&run);
  reading = read_bytes(second, (size_t)(end - second), NULL); /* one element, as a user's file */
  ck_assert_str_eq(thumbprint(reading, 0), LEAF_THUMBPRINT);
  run_end(&run);
  alloc_free(der[0]);
  alloc_free(der[1]);
}
END_TEST

CHECK_MAIN("readers/certificate_container", {
  tcase_add_test(tests, a_pfx_is_opened_without_its_password_or_not_with_it);
  tcase_add_test(tests, a_pfx_with_an_empty_password_stays_locked);
  tcase_add_test(tests, certificates_that_are_not_encrypted_need_a_password);
  tcase_add_test(tests, an_old_pfx_of_windows_stays_locked);
  tcase_add_test(tests, a_pfx_keeps_the_processor_busy_for_hours);
  tcase_add_test(tests, a_pfx_that_is_cut_does_harm);
  tcase_add_test(tests, pkcs7_loses_a_certificate);
  tcase_add_test(tests, a_store_loses_a_certificate_or_its_properties);
})
