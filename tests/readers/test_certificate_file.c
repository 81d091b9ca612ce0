/* Certificate files: DER, PEM, and what is neither. */
#include "check_main.h"

#include "base/text.h"
#include "support_certificates.h"
#include "support_text.h"

#include <libxml/xmlsave.h>
#include <string.h>

/* One artifact, read. */
static struct run read_bytes(const void *bytes, size_t size) {
  struct run run;
  run_start(&run);
  run_add(&run, "some.file", bytes, size);
  run_read(&run);
  return run;
}

static struct run read_text(const char *text) {
  return read_bytes(text, strlen(text));
}

static struct artifact *artifact_of(struct run *run) {
  return run->bundle.artifacts[0];
}

static const char *thumbprint(const struct reading *reading, size_t n) {
  return node_get(run_fact(reading, "certificate", n), "thumbprint");
}

START_TEST(a_der_file_is_not_read) {
  size_t size;
  uint8_t *der = pem_bytes(example_pem, &size);
  struct run run = read_bytes(der, size);
  struct reading *reading = run_reading(&run, 0);
  ck_assert(reading->complete);
  ck_assert_str_eq(reading->kind, "certificate-file");
  ck_assert_uint_eq(run_count(reading, "certificate"), 1);
  ck_assert_str_eq(thumbprint(reading, 0), EXAMPLE_THUMBPRINT);
  ck_assert_int_eq(reading->newest, 1795343397); /* 2026-11-22T10:29:57Z */
  ck_assert_int_eq(artifact_of(&run)->outcome, ARTIFACT_READ);
  run_end(&run);
  alloc_free(der);
}
END_TEST

START_TEST(a_pem_bundle_with_text_around_loses_a_certificate) {
  char *text = alloc_format("Bag Attributes\r\n    friendlyName: x\r\n%s\nsome text\n%s",
                            example_pem, leaf_pem);
  struct run run = read_text(text);
  struct reading *reading = run_reading(&run, 0);
  ck_assert(reading->complete);
  ck_assert_uint_eq(run_count(reading, "certificate"), 2);
  ck_assert_str_eq(thumbprint(reading, 0), EXAMPLE_THUMBPRINT);
  ck_assert_str_eq(thumbprint(reading, 1), LEAF_THUMBPRINT);
  ck_assert_uint_eq(origin_of(run_fact(reading, "certificate", 0)).line, 3);
  ck_assert_uint_eq(origin_of(run_fact(reading, "certificate", 0)).column, 1);
  run_end(&run);
  alloc_free(text);
}
END_TEST

START_TEST(other_line_ends_hide_a_certificate) {
  static const char *const ends[] = {"\r\n", "\r\r\n", "\r", "  \r\n", "\t\n"};
  for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
    char *text = text_with_line_ends(example_pem, ends[i]);
    struct run run = read_text(text);
    ck_assert_str_eq(thumbprint(run_reading(&run, 0), 0), EXAMPLE_THUMBPRINT);
    run_end(&run);
    alloc_free(text);
  }
}
END_TEST

START_TEST(a_private_key_is_kept_or_printed) {
  char *text = alloc_format("%s-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGSECRET\n"
                            "-----END PRIVATE KEY-----\n",
                            example_pem);
  struct run run = read_text(text);
  struct reading *reading = run_reading(&run, 0);
  ck_assert_uint_eq(run_count(reading, "certificate"), 1);
  ck_assert_ptr_nonnull(strstr(artifact_of(&run)->reason, "private key"));
  ck_assert_ptr_null(strstr(artifact_of(&run)->reason, "SECRET"));
  xmlChar *dump;
  int size;
  xmlDocDumpMemory(reading->document, &dump, &size);
  ck_assert_ptr_null(strstr((char *)dump, "SECRET"));
  xmlFree(dump);
  run_end(&run);
  alloc_free(text);
}
END_TEST

START_TEST(a_key_alone_goes_unnoticed) {
  struct run run = read_text("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n"
                             "-----END RSA PRIVATE KEY-----\n");
  ck_assert_uint_eq(run_count(run_reading(&run, 0), "certificate"), 0);
  ck_assert_int_eq(artifact_of(&run)->outcome, ARTIFACT_PARTLY_READ);
  ck_assert_ptr_nonnull(strstr(artifact_of(&run)->reason, "private key"));
  run_end(&run);
}
END_TEST

static char *with_more_bytes(const char *label, const char *base64) {
  return alloc_format("-----BEGIN %s-----\n%sMAAA\n-----END %s-----\n", label, base64, label);
}

/* 675 bytes of certificate fill their last group of four, so that more can follow. */
START_TEST(settings_behind_a_trusted_certificate_hide_it) {
  size_t size;
  uint8_t *der = pem_bytes(example_pem, &size);
  char *inner = alloc_text(strchr(example_pem, '\n') + 1), *end = strstr(inner, "-----END");
  ck_assert_uint_eq(size % 3, 0);
  *end = '\0';
  char *trusted = with_more_bytes("TRUSTED CERTIFICATE", inner);
  struct run run = read_text(trusted);
  ck_assert_str_eq(thumbprint(run_reading(&run, 0), 0), EXAMPLE_THUMBPRINT);
  run_end(&run);
  char *plain = with_more_bytes("CERTIFICATE", inner);
  run = read_text(plain);
  ck_assert(!run_reading(&run, 0)->complete);
  run_end(&run);
  alloc_free(trusted);
  alloc_free(plain);
  alloc_free(inner);
  alloc_free(der);
}
END_TEST

START_TEST(a_cut_pem_file_passes_for_whole) {
  char *text = alloc_format("%s%s", example_pem, leaf_pem);
  size_t size = strlen(text), first = strlen(example_pem);
  for (size_t part = 0; part <= size; part++) {
    struct run run = read_bytes(text, part);
    struct reading *reading = run_reading(&run, 0);
    size_t whole = (part >= first - 1) + (part >= size - 1);
    if (reading) {
      ck_assert_uint_eq(run_count(reading, "certificate"), whole);
      /* a cut between two blocks, or within the line that starts one, cannot be seen */
      bool between = part >= first - 1 && part < first + strlen("-----BEGIN CERTIFICATE-----");
      ck_assert_msg(reading->complete == (between || part >= size - 1), "%zu bytes", part);
    } else {
      ck_assert_uint_eq(whole, 0);
    }
    run_end(&run);
  }
  alloc_free(text);
}
END_TEST

START_TEST(a_cut_der_file_passes_for_whole) {
  size_t size;
  uint8_t *der = pem_bytes(example_pem, &size);
  for (size_t part = 1; part < size; part++) {
    struct run run = read_bytes(der, part);
    struct reading *reading = run_reading(&run, 0);
    if (part >= 13) ck_assert_ptr_nonnull(reading);
    if (reading) {
      ck_assert(!reading->complete);
      ck_assert_int_eq(reading->incomplete_reason, UNKNOWN_TRUNCATED);
      ck_assert_uint_eq(run_count(reading, "certificate"), 0);
    }
    run_end(&run);
  }
  alloc_free(der);
}
END_TEST

START_TEST(a_damaged_block_takes_the_others_along) {
  char *broken = alloc_text(example_pem);
  broken[100] = '!';
  char *text = alloc_format("%s%s", broken, leaf_pem);
  struct run run = read_text(text);
  struct reading *reading = run_reading(&run, 0);
  ck_assert(!reading->complete);
  ck_assert_int_eq(reading->incomplete_reason, UNKNOWN_DAMAGED);
  ck_assert_uint_eq(reading->broken_at.line, 1);
  ck_assert_uint_eq(run_count(reading, "certificate"), 1);
  ck_assert_str_eq(thumbprint(reading, 0), LEAF_THUMBPRINT);
  run_end(&run);
  alloc_free(text);
  alloc_free(broken);
}
END_TEST

START_TEST(a_block_without_its_end_takes_the_next_along) {
  char *text = alloc_format("%.*s%s", (int)strlen(example_pem) / 2, example_pem, leaf_pem);
  text[strlen(example_pem) / 2 - 1] = '\n'; /* the second BEGIN has a line of its own */
  struct run run = read_text(text);
  struct reading *reading = run_reading(&run, 0);
  ck_assert(!reading->complete);
  ck_assert_uint_eq(run_count(reading, "certificate"), 1);
  ck_assert_str_eq(thumbprint(reading, 0), LEAF_THUMBPRINT);
  run_end(&run);
  alloc_free(text);
}
END_TEST

static void is_not_recognised(const void *bytes, size_t size, const char *word) {
  struct run run = read_bytes(bytes, size);
  ck_assert_ptr_null(run_reading(&run, 0));
  ck_assert_int_eq(artifact_of(&run)->outcome, ARTIFACT_NOT_RECOGNISED);
  ck_assert_msg(strstr(artifact_of(&run)->reason, word) != NULL, "another reason");
  run_end(&run);
}

START_TEST(a_container_of_nothing_passes_for_whole) {
  static const uint8_t pfx[] = {0x30, 0x82, 0x0A, 0x00, 0x02, 0x01, 0x03, 0x30, 0x82, 0x09, 0x00};
  static const uint8_t p7b[] = {0x30, 0x82, 0x0A, 0x00, 0x06, 0x09, 0x2A, 0x86, 0x48,
                                0x86, 0xF7, 0x0D, 0x01, 0x07, 0x02, 0xA0, 0x82};
  const struct {
    const void *bytes;
    size_t size;
  } all[] = {{pfx, sizeof pfx}, {p7b, sizeof p7b}, {"\0\0\0\0CERT\3\0\0\0", 12}};
  for (size_t i = 0; i < 3; i++) {
    struct run run = read_bytes(all[i].bytes, all[i].size);
    ck_assert(!run_reading(&run, 0)->complete);
    ck_assert_int_eq(artifact_of(&run)->outcome, ARTIFACT_PARTLY_READ);
    run_end(&run);
  }
}
END_TEST

START_TEST(a_request_is_taken_for_a_certificate) {
  static const uint8_t request[] = {0x30, 0x0C, 0x30, 0x0A, 0x02, 0x01, 0x00,
                                    0x30, 0x05, 0x31, 0x03, 0x30, 0x01, 0x00};
  is_not_recognised(request, sizeof request, "");
  const char *pem =
      "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n";
  is_not_recognised(pem, strlen(pem), "");
  is_not_recognised("0000000000000000", 16, "");
}
END_TEST

START_TEST(a_corrupt_file_does_harm) {
  char *text = alloc_format("%s%s", example_pem, leaf_pem), *copy = alloc_text(text);
  size_t size = strlen(text);
  uint32_t seed = 7;
  for (int round = 0; round < 3000; round++) {
    memcpy(copy, text, size);
    for (int i = 0; i < 1 + round % 4; i++) {
      seed = seed * 1664525 + 1013904223;
      copy[(seed >> 8) % size] = (char)(seed >> 24);
    }
    struct run run = read_bytes(copy, size);
    run_end(&run);
  }
  alloc_free(copy);
  alloc_free(text);
}
END_TEST

CHECK_MAIN("readers/certificate_file", {
  tcase_add_test(tests, a_der_file_is_not_read);
  tcase_add_test(tests, a_pem_bundle_with_text_around_loses_a_certificate);
  tcase_add_test(tests, other_line_ends_hide_a_certificate);
  tcase_add_test(tests, a_private_key_is_kept_or_printed);
  tcase_add_test(tests, a_key_alone_goes_unnoticed);
  tcase_add_test(tests, settings_behind_a_trusted_certificate_hide_it);
  tcase_add_test(tests, a_cut_pem_file_passes_for_whole);
  tcase_add_test(tests, a_cut_der_file_passes_for_whole);
  tcase_add_test(tests, a_damaged_block_takes_the_others_along);
  tcase_add_test(tests, a_block_without_its_end_takes_the_next_along);
  tcase_add_test(tests, a_container_of_nothing_passes_for_whole);
  tcase_add_test(tests, a_request_is_taken_for_a_certificate);
  tcase_add_test(tests, a_corrupt_file_does_harm);
})
