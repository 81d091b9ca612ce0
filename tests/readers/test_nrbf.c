/* The .NET stream of an exported certificate, and the store element in it. */
#include "check_main.h"

#include "readers/certificate_blob.h"
#include "readers/nrbf.h"
#include "support_nrbf.h"

#include <string.h>

static const struct nrbf_example plain = {.der = "DER",
                                          .der_size = 3,
                                          .with_key = true,
                                          .with_name = true,
                                          .status = 1,
                                          .services = 27,
                                          .identity = "EX01.contoso.com\\ABCD"};

static struct buffer written(const struct nrbf_example *example) {
  struct buffer out = buffer_make(1 << 20);
  nrbf_write(&out, example);
  return out;
}

static void is_read(const struct nrbf_example *example) {
  struct buffer bytes = written(example);
  struct nrbf_certificate got;
  struct certificate_blob blob;
  ck_assert(nrbf_read_certificate((uint8_t *)bytes.data, bytes.size, &got));
  ck_assert_int_eq(got.status, example->status);
  ck_assert_int_eq(got.services, example->services);
  ck_assert(span_equal(got.identity, example->identity));
  ck_assert(certificate_blob_read((const uint8_t *)got.cert_data.start, got.cert_data.size, &blob));
  ck_assert(span_equal(blob.der, "DER"));
  ck_assert_int_eq(blob.has_key_provider, example->with_key);
  ck_assert_int_eq(blob.archived, example->archived);
  if (example->with_name)
    ck_assert_str_eq(blob.friendly_name, "M\xC3\xBCl");
  else
    ck_assert_ptr_null(blob.friendly_name);
  alloc_free(blob.friendly_name);
  buffer_dispose(&bytes);
}

START_TEST(neither_shape_of_the_stream_is_read) {
  struct nrbf_example example = plain;
  is_read(&example);
  example.is_signed = true;
  is_read(&example);
  example.with_key = example.with_name = false;
  example.archived = true;
  example.services = 0;
  example.status = 7;
  is_read(&example);
}
END_TEST

START_TEST(a_cut_stream_is_read_or_read_beyond_its_end) {
  for (int is_signed = 0; is_signed < 2; is_signed++) {
    struct nrbf_example example = plain;
    example.is_signed = is_signed;
    struct buffer bytes = written(&example);
    /* The last byte of the plain shape only says that nothing follows. */
    for (size_t size = 0; size < bytes.size - (is_signed ? 0 : 1); size++) {
      uint8_t *cut = (uint8_t *)alloc_text_n(bytes.data, size);
      struct nrbf_certificate got;
      ck_assert(!nrbf_read_certificate(cut, size, &got));
      ck_assert_uint_eq(got.cert_data.size, 0);
      alloc_free(cut);
    }
    buffer_dispose(&bytes);
  }
}
END_TEST

START_TEST(changed_bytes_crash_the_reader) {
  struct buffer bytes = written(&plain);
  static const uint8_t values[] = {0x00, 0x01, 0x7F, 0x80, 0xFF};
  for (size_t i = 0; i < bytes.size; i++) {
    for (size_t v = 0; v < sizeof values; v++) {
      uint8_t *changed = (uint8_t *)alloc_text_n(bytes.data, bytes.size);
      changed[i] = values[v];
      struct nrbf_certificate got;
      struct certificate_blob blob;
      if (nrbf_read_certificate(changed, bytes.size, &got) &&
          certificate_blob_read((const uint8_t *)got.cert_data.start, got.cert_data.size, &blob))
        alloc_free(blob.friendly_name);
      alloc_free(changed);
    }
  }
  buffer_dispose(&bytes);
}
END_TEST

START_TEST(another_class_counts_as_a_certificate) {
  struct buffer bytes = written(&plain);
  const char *names[] = {"CertData", "Services", "Status", "Identity"};
  for (size_t i = 0; i < 4; i++) {
    char *changed = alloc_text_n(bytes.data, bytes.size);
    for (size_t at = 0; at + 8 < bytes.size; at++) {
      size_t length = strlen(names[i]);
      if (changed[at] == (char)length && memcmp(changed + at + 1, names[i], length) == 0)
        changed[at + 1] = 'x';
    }
    struct nrbf_certificate got;
    ck_assert_msg(!nrbf_read_certificate((uint8_t *)changed, bytes.size, &got), "%s", names[i]);
    alloc_free(changed);
  }
  buffer_dispose(&bytes);
}
END_TEST

START_TEST(bytes_that_the_certificate_does_not_refer_to_are_taken) {
  struct buffer bytes = written(&plain), blob = buffer_make(1 << 16);
  nrbf_write_blob(&blob, &plain);
  struct nrbf_certificate got;
  size_t id = bytes.size - 1 - blob.size - 1 - 4 - 4; /* of the array, behind its type */
  ck_assert_int_eq(bytes.data[id], 3);
  ck_assert_int_eq(bytes.data[id - 1], 15);
  bytes.data[id] = 4;
  ck_assert(!nrbf_read_certificate((uint8_t *)bytes.data, bytes.size, &got));
  buffer_dispose(&blob);
  buffer_dispose(&bytes);
}
END_TEST

START_TEST(a_broken_store_element_is_read) {
  struct buffer bytes = buffer_make(1 << 16);
  nrbf_write_blob(&bytes, &plain);
  struct certificate_blob blob;
  for (size_t size = 0; size < bytes.size; size++) {
    uint8_t *cut = (uint8_t *)alloc_text_n(bytes.data, size);
    ck_assert(!certificate_blob_read(cut, size, &blob));
    ck_assert_ptr_null(blob.friendly_name);
    alloc_free(cut);
  }
  static const uint8_t odd[] = {11,  0,  0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 'a', 0,
                                'b', 32, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0,   'D'};
  ck_assert(certificate_blob_read(odd, sizeof odd, &blob));
  ck_assert_str_eq(blob.friendly_name, "a");
  alloc_free(blob.friendly_name);
  buffer_dispose(&bytes);
}
END_TEST

CHECK_MAIN("readers/nrbf", {
  tcase_add_test(tests, neither_shape_of_the_stream_is_read);
  tcase_add_test(tests, a_cut_stream_is_read_or_read_beyond_its_end);
  tcase_add_test(tests, changed_bytes_crash_the_reader);
  tcase_add_test(tests, another_class_counts_as_a_certificate);
  tcase_add_test(tests, bytes_that_the_certificate_does_not_refer_to_are_taken);
  tcase_add_test(tests, a_broken_store_element_is_read);
})
