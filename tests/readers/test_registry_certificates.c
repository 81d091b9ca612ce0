/* Certificates in registry exports: in which store each is, and when a store is whole. */
#include "check_main.h"

#include "base/buffer.h"
#include "base/text.h"
#include "support_certificates.h"
#include "support_registry.h"
#include "support_text.h"

#include <string.h>

#define MACHINE "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\SystemCertificates"
#define POLICY "HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\SystemCertificates"
#define ENTERPRISE "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\EnterpriseCertificates"

static struct run run;
static struct buffer text;

static void setup(void) {
  text = buffer_make(1 << 20);
  buffer_add_text(&text, "Windows Registry Editor Version 5.00\n\n");
}

static void teardown(void) {
  buffer_dispose(&text);
}

static void add_key(const char *path) {
  buffer_add_format(&text, "[%s]\n\n", path);
}

static void add_record(struct buffer *blob, unsigned id, const void *bytes, size_t size) {
  const char head[12] = {(char)id, 0, 0, 0, 1, 0, 0, 0, (char)size, (char)(size >> 8), 0, 0};
  buffer_add(blob, head, sizeof head);
  buffer_add(blob, bytes, size);
}

/* Its key, with a Blob of these properties and the certificate. */
static void add_certificate(const char *store, const char *pem, const char *thumbprint,
                            const struct buffer *properties) {
  size_t size;
  uint8_t *der = pem_bytes(pem, &size);
  struct buffer blob = buffer_make(1 << 16);
  if (properties) buffer_add(&blob, properties->data, properties->size);
  add_record(&blob, 32, der, size);
  buffer_add_format(&text, "[%s\\Certificates\\%s]\n\"Blob\"=hex:", store, thumbprint);
  for (size_t i = 0; i < blob.size; i++)
    buffer_add_format(&text, "%s%02x", i ? "," : "", (unsigned char)blob.data[i]);
  buffer_add_text(&text, "\n\n");
  buffer_dispose(&blob);
  alloc_free(der);
}

static struct reading *read_text(void) {
  run_start(&run);
  run_add_text(&run, "certificates.reg", buffer_text(&text));
  run_read(&run);
  return registry_reading(&run, "registry-certificates");
}

static const xmlNode *store_of(const struct reading *reading, const char *key) {
  const xmlNode *store = node_child(reading->facts, "store");
  while (store && !text_equal(node_get(store, "key"), key))
    store = node_next(store, "store");
  return store;
}

static size_t count_in(const xmlNode *store) {
  size_t count = 0;
  for (const xmlNode *n = store ? node_child(store, "certificate") : NULL; n;
       n = node_next(n, "certificate"))
    count++;
  return count;
}

/* CRYPT_KEY_PROV_INFO: container "c", provider "P" (or the default one). */
static void add_provider(struct buffer *out, bool named) {
  char bytes[36] = {28, 0, 0, 0, named ? 32 : 0};
  memcpy(bytes + 28, "c\0\0\0P\0\0", 8);
  add_record(out, 2, bytes, sizeof bytes);
}

START_TEST(properties_in_the_registry_are_lost) {
  struct buffer properties = buffer_make(1 << 10), plain = buffer_make(1 << 10);
  add_provider(&properties, true);
  add_record(&properties, 11, "n\0\0\0", 4);
  add_record(&properties, 19, "", 0);
  add_provider(&plain, false);
  add_key(MACHINE);
  add_certificate(MACHINE "\\MY", example_pem, EXAMPLE_THUMBPRINT, &properties);
  add_certificate(MACHINE "\\MY", leaf_pem, LEAF_THUMBPRINT, &plain);
  struct reading *reading = read_text();
  const xmlNode *my = store_of(reading, "my"), *first = node_child(my, "certificate");
  text_is(first, "thumbprint", EXAMPLE_THUMBPRINT);
  text_is(first, "friendlyName", "n");
  text_is(first, "archived", "true");
  text_is(first, "hasPrivateKey", "true");
  text_is(first, "keyProvider", "P");
  text_is(node_next(first, "certificate"), "friendlyName", "");
  text_is(node_next(first, "certificate"), "hasPrivateKey", "true");
  text_is(node_next(first, "certificate"), "keyProvider", NULL); /* the default one: not told */
  ck_assert_uint_gt(origin_of(first).line, 3);
  run_end(&run);
  buffer_dispose(&properties);
  buffer_dispose(&plain);
}
END_TEST

START_TEST(a_store_is_whole_or_not_as_it_should_not_be) {
  add_key(MACHINE);
  add_certificate(MACHINE "\\MY", example_pem, EXAMPLE_THUMBPRINT, NULL);
  add_certificate(MACHINE "\\AuthRoot", leaf_pem, LEAF_THUMBPRINT, NULL);
  struct reading *reading = read_text();
  text_is(store_of(reading, "my"), "complete", "true");
  text_is(store_of(reading, "webhosting"), "complete", "true");
  ck_assert_uint_eq(count_in(store_of(reading, "webhosting")), 0);
  text_is(store_of(reading, "root"), "complete", NULL); /* policies may add to it */
  ck_assert_uint_eq(count_in(store_of(reading, "root")), 1);
  ck_assert_uint_eq(count_in(store_of(reading, "authroot")), 1);
  run_end(&run);
  add_key(POLICY);
  add_key(ENTERPRISE);
  add_certificate(ENTERPRISE "\\Root", example_pem, EXAMPLE_THUMBPRINT, NULL);
  reading = read_text();
  text_is(store_of(reading, "root"), "complete", "true");
  ck_assert_uint_eq(count_in(store_of(reading, "root")), 2);
  run_end(&run);
}
END_TEST

START_TEST(a_certificate_of_a_user_is_in_a_store_of_the_machine) {
  add_certificate("HKEY_USERS\\S-1-5-18\\Software\\Microsoft\\SystemCertificates\\My", example_pem,
                  EXAMPLE_THUMBPRINT, NULL);
  struct reading *reading = read_text();
  text_is(store_of(reading, "my"), "location", "CurrentUser");
  run_end(&run);
}
END_TEST

START_TEST(a_damaged_certificate_leaves_its_store_whole) {
  add_key(MACHINE);
  add_certificate(MACHINE "\\MY", example_pem, EXAMPLE_THUMBPRINT, NULL);
  buffer_add_text(&text, "[" MACHINE "\\MY\\Certificates\\00]\n\"Blob\"=hex:01,02\n\n");
  struct reading *reading = read_text();
  text_is(store_of(reading, "my"), "complete", NULL);
  ck_assert(!registry_reading(&run, "registry")->complete);
  run_end(&run);
}
END_TEST

CHECK_MAIN("readers/registry_certificates", {
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, properties_in_the_registry_are_lost);
  tcase_add_test(tests, a_store_is_whole_or_not_as_it_should_not_be);
  tcase_add_test(tests, a_certificate_of_a_user_is_in_a_store_of_the_machine);
  tcase_add_test(tests, a_damaged_certificate_leaves_its_store_whole);
})
