/* `certutil -store`: which stores there are, and whether they are whole. */
#include "check_main.h"

#include "base/buffer.h"
#include "support_certutil.h"

static const char my_store[] = MY_STORE;

/* ---- stores ---- */

START_TEST(an_empty_store_is_not_believed) {
  static const char *const texts[] = {
      "WebHosting \"Web Hosting\"\n" DONE,
      "C:\\>certutil -store WebHosting\nWebHosting\n" DONE "\nC:\\>",
      "WebHosting\r\nCertUtil: -store-Befehl wurde erfolgreich ausgef\xC3\xBChrt.\r\n"};
  for (size_t i = 0; i < 3; i++) {
    struct run run = run_of(texts[i]);
    struct reading *reading = text_reading(&run, "certutil-store", true);
    text_is(store(reading, 0), "key", "webhosting");
    text_is(store(reading, 0), "complete", "true");
    ck_assert_uint_eq(run_count(reading, "certificate"), 0);
    run_end(&run);
  }
}
END_TEST

START_TEST(an_error_is_taken_for_an_empty_store) {
  static const char *const texts[] = {
      "My \"Personal\"\nCertUtil: -store command FAILED: 0x80092004 (-2146885628 "
      "CRYPT_E_NOT_FOUND)\nCertUtil: Cannot find object or property.\n",
      "CertUtil: -store command FAILED: 0x80070002 (WIN32: 2 ERROR_FILE_NOT_FOUND)\n"};
  for (size_t i = 0; i < 2; i++) {
    struct run run = run_of(texts[i]);
    struct reading *reading = text_reading(&run, "certutil-store", false);
    ck_assert_uint_eq(run_count(reading, "store"), 0);
    ck_assert_ptr_nonnull(strstr(run.bundle.artifacts[0]->reason, "failed"));
    run_end(&run);
  }
}
END_TEST

START_TEST(another_command_is_taken_for_an_empty_store) {
  struct run run = run_of("Root \"Roots\"\nCertificate \"a\" added to store.\n"
                          "CertUtil: -addstore command completed successfully.\n");
  ck_assert_ptr_null(run_reading(&run, 0));
  run_end(&run);
  run = run_of("Usage:\n  CertUtil [Options] -store [CertificateStoreName]\n");
  ck_assert_ptr_null(run_reading(&run, 0));
  run_end(&run);
  run = run_of("Signature test passed\nCertUtil: -store command completed successfully.\n");
  ck_assert_uint_eq(run_count(text_reading(&run, "certutil-store", false), "store"), 0);
  run_end(&run);
}
END_TEST

static struct reading *broken(struct run *run, const char *text, enum unknown_reason reason,
                              unsigned line) {
  *run = run_of(text);
  struct reading *reading = text_reading(run, "certutil-store", false);
  ck_assert_msg(reading->incomplete_reason == reason && reading->broken_at.line == line,
                "line %u: %s", reading->broken_at.line, reading->broken_why);
  text_is(store(reading, 0), "complete", NULL);
  return reading;
}

START_TEST(a_part_of_a_store_passes_for_the_store) {
  struct run run;
  struct reading *reading;
  reading = broken(&run, "My \"Personal\"\n" FIRST, UNKNOWN_TRUNCATED, 1); /* no closing line */
  text_is(certificate(reading, 0), "thumbprint", UPPER_A);
  text_is(certificate(reading, 0), "hasPrivateKey", NULL);
  run_end(&run);
  reading = broken(&run, "My\n" SECOND DONE, UNKNOWN_TRUNCATED, 1); /* a search */
  text_is(certificate(reading, 0), "hasPrivateKey", "false");
  run_end(&run);
  reading = broken(&run, FIRST DONE, UNKNOWN_TRUNCATED, 1); /* no name */
  text_is(store(reading, 0), "key", "");
  run_end(&run);
  reading = broken(&run, "My\n" FIRST "\n" HEAD("1", "CN=b") "Cert Hash(sha1): 1122\n" NO_KEY DONE,
                   UNKNOWN_DAMAGED, 16);
  ck_assert_uint_eq(run_count(reading, "certificate"), 1);
  run_end(&run);
  reading =
      broken(&run, "My\n" FIRST "CertUtil: -store command FAILED: 0x8 (X)\n", UNKNOWN_DAMAGED, 15);
  run_end(&run);
}
END_TEST

START_TEST(a_cut_dump_runs_into_the_next_store) {
  const char *text = "My \"Personal\"\n" HEAD("0", "CN=a") "Cert Hash(sha1): " HEX_A
                                                           "\nCA \"Intermediate\"\n" SECOND DONE
                                                           "WebHosting \"Web Hosting\"\n" DONE;
  struct run run;
  struct reading *reading = broken(&run, text, UNKNOWN_TRUNCATED, 1);
  ck_assert_uint_eq(run_count(reading, "store"), 3);
  text_is(certificate(reading, 0), "hasPrivateKey", NULL);
  text_is(store(reading, 1), "key", "ca");
  text_is(store(reading, 2), "key", "webhosting");
  text_is(store(reading, 2), "complete", "true");
  run_end(&run);
  reading = broken(&run,
                   "My \"Personal\"\n" HEAD("0", "CN=a") "Cert Hash(sha1): " HEX_A
                                                         "\nWebHosting \"Web Hosting\"\n" DONE,
                   UNKNOWN_TRUNCATED, 1);
  text_is(certificate(reading, 0), "hasPrivateKey", NULL);
  text_is(store(reading, 1), "complete", "true");
  run_end(&run);
  reading = broken(&run, "My\n" FIRST "\nRoot\n" FIRST DONE, UNKNOWN_TRUNCATED, 1);
  text_is(store(reading, 1), "key", "root");
  run_end(&run);
}
END_TEST

START_TEST(stores_of_one_file_are_mixed_up) {
  struct run run =
      run_of("C:\\>certutil -store my\nmy \"Personal\"\n" FIRST DONE
             "\nC:\\>certutil -user -store my\nmy \"Personal\"\n" FIRST "\n" SECOND DONE
             "\nC:\\>certutil -store webhosting\nwebhosting \"Web Hosting\"\n" DONE);
  struct reading *reading = text_reading(&run, "certutil-store", true);
  ck_assert_uint_eq(run_count(reading, "store"), 3);
  static const char *const locations[] = {"LocalMachine", "CurrentUser", "LocalMachine"};
  for (size_t i = 0; i < 3; i++) {
    text_is(store(reading, i), "location", locations[i]);
    text_is(store(reading, i), "complete", "true");
  }
  ck_assert_uint_eq(xmlChildElementCount(store(reading, 1)), 2);
  run_end(&run);
  run = run_of(
      "my \"Personal\"\n" FIRST
      "C:\\>certutil -user -store my\nmy \"Personal\"\n" SECOND DONE); /* the first was cut */
  text_is(store(run_reading(&run, 0), 0), "location", "LocalMachine");
  text_is(store(run_reading(&run, 0), 1), "location", "CurrentUser");
  run_end(&run);
}
END_TEST

START_TEST(some_entries_of_a_store_pass_for_all) {
  static const struct {
    const char *arguments;
    bool all;
  } rows[] = {{"-store my 0", false},
              {"-v -store \"my\" mail.contoso.com", false},
              {"-verifystore my 48869a4e620909561476e0c870dae48ed405ac6a > x.txt", false},
              {"-store my > my.txt 2>&1", true},
              {"-store -silent \"my\"", true}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char *text = alloc_format("C:\\>certutil %s\nmy \"Personal\"\n" FIRST DONE, rows[i].arguments);
    struct run run = run_of(text);
    alloc_free(text);
    ck_assert_int_eq(run_reading(&run, 0)->complete, rows[i].all);
    text_is(store(run_reading(&run, 0), 0), "complete", rows[i].all ? "true" : NULL);
    run_end(&run);
  }
}
END_TEST

START_TEST(a_store_of_a_user_is_the_machines) {
  struct run run = text_run("EX01/certs_user_my.txt", my_store, strlen(my_store));
  text_is(store(run_reading(&run, 0), 0), "location", "CurrentUser");
  run_end(&run);
  run = text_run("Users/me/certs.txt", my_store, strlen(my_store));
  text_is(store(run_reading(&run, 0), 0), "location", "LocalMachine");
  run_end(&run);
}
END_TEST

START_TEST(a_revocation_list_is_taken_for_a_certificate) {
  struct run run = run_of("CA\n" FIRST "\n================ CRL 0 ================\nIssuer: CN=x\n"
                          " ThisUpdate: 1/31/2026 1:00 AM\n NextUpdate: 2/1/2026 1:00 AM\n"
                          "CRL Entries: 1\nCRL Hash(sha1): " HEX_B "\n" DONE);
  struct reading *reading = text_reading(&run, "certutil-store", true);
  ck_assert_uint_eq(run_count(reading, "certificate"), 1);
  text_is(store(reading, 0), "complete", "true");
  run_end(&run);
}
END_TEST

START_TEST(a_file_dump_is_taken_for_a_store) {
  struct run run =
      run_of(BANNER("0") "======== Begin Nesting Level 1 ========\nElement 0:\n"
                         "Serial Number: 11b6\nIssuer: CN=A\n NotBefore: 1/31/2026 1:00 AM\n"
                         " NotAfter: 1/31/2027 1:00 AM\nSubject: CN=A\nCert Hash(sha1): " HEX_A
                         "\n----------------  End Nesting Level 1  ----------------\n"
                         "  Provider = Microsoft X\nSignature test passed\n"
                         "CertUtil: -dump command completed successfully.\n");
  struct reading *reading = text_reading(&run, "certutil-store", true);
  text_is(store(reading, 0), "location", "File");
  text_is(store(reading, 0), "complete", NULL);
  text_is(certificate(reading, 0), "thumbprint", UPPER_A);
  text_is(certificate(reading, 0), "hasPrivateKey", NULL);
  run_end(&run);
}
END_TEST

/* ---- hostile texts ---- */

static const char all_shapes[] =
    "My \"Personal\"\n" FIRST
    "\n" SECOND DONE VERBOSE_HEAD VERBOSE_HASHES FRIENDLY KEY_LINK SHA1_PROPERTY(
        HEX_A) "Signature test passed\n" DONE;

static const char *const certain[] = {"subject",  "issuer",       "serialNumber",  "selfSigned",
                                      "archived", "friendlyName", "hasPrivateKey", "keySize"};

/* Everything that the part says of a certificate, the whole says, too. */
static void says_no_more(xmlNode *part, xmlNode *whole, size_t cut) {
  ck_assert_msg(whole != NULL, "%zu bytes: a certificate too many", cut);
  text_is(part, "thumbprint", node_get(whole, "thumbprint"));
  for (size_t i = 0; i < sizeof certain / sizeof certain[0]; i++) {
    const char *value = node_get(part, certain[i]);
    if (value) text_is(whole, certain[i], value);
  }
  const char *after = node_get(part, "notAfter");
  if (!after) return;
  ck_assert_str_le(after, node_get(whole, "notAfter"));
  ck_assert_str_ge(node_get(part, "notAfterLatest"), node_get(whole, "notAfterLatest"));
}

START_TEST(a_cut_dump_passes_for_whole) {
  struct run full = run_of(all_shapes);
  struct reading *whole = text_reading(&full, "certutil-store", true);
  ck_assert_uint_eq(run_count(whole, "certificate"), 3);
  const char *end = strstr(all_shapes, DONE) + strlen(DONE);
  size_t first = (size_t)(end - all_shapes), size = strlen(all_shapes);
  for (size_t cut = 0; cut < size; cut++) {
    struct run run = text_run("my.txt", all_shapes, cut);
    struct reading *reading = run_reading(&run, 0);
    if (reading) {
      for (size_t n = 0; certificate(reading, n); n++)
        says_no_more(certificate(reading, n), certificate(whole, n), cut);
      /* behind the first store, before the second has begun: nothing is said of that */
      bool between =
          cut + 1 >= first && cut < first + strlen("my \"Personal\"\n") +
                                        strlen("================ Certificate 0 ========");
      ck_assert_msg(reading->complete == (between || cut + 1 == size), "%zu bytes", cut);
    }
    run_end(&run);
  }
  run_end(&full);
}
END_TEST

START_TEST(a_corrupt_dump_does_harm) {
  size_t size = strlen(all_shapes);
  char *copy = alloc_text(all_shapes);
  uint32_t seed = 99;
  for (int round = 0; round < 3000; round++) {
    memcpy(copy, all_shapes, size);
    text_corrupt(copy, size, 1 + round % 5, &seed);
    struct run run = text_run("my.txt", copy, size);
    run_end(&run);
  }
  alloc_free(copy);
}
END_TEST

START_TEST(many_entries_take_for_ever) {
  struct buffer text = buffer_make(1 << 26);
  buffer_add_text(&text, "My \"Personal\"\n");
  for (int i = 0; i < 20000; i++) {
    buffer_add_format(&text, "================ %s %d ================\n",
                      i % 2 ? "CRL" : "Certificate", i / 2);
    buffer_add_text(&text, i % 2 ? "Issuer: CN=x\n\n" : "Serial Number: 01\nIssuer: CN=A\n\n");
  }
  buffer_add_text(&text, DONE);
  struct run run = text_run("my.txt", text.data, text.size);
  text_reading(&run, "certutil-store", false);
  run_end(&run);
  buffer_dispose(&text);
}
END_TEST

/* ---- real captures ---- */

/* "thumbprint key" per certificate: + there, - none, ? not told. */
static void list(struct reading *reading, char *out, size_t size) {
  out[0] = '\0';
  for (size_t n = 0; reading && certificate(reading, n); n++) {
    const char *key = node_get(certificate(reading, n), "hasPrivateKey");
    size_t used = strlen(out);
    snprintf(out + used, size - used, "%.8s%c ", node_get(certificate(reading, n), "thumbprint"),
             !key            ? '?'
             : key[0] == 't' ? '+'
                             : '-');
  }
}

START_TEST(a_real_capture_is_read_wrongly) {
  NEEDS_SHARED();
  static const struct {
    const char *name;
    int complete; /* -1: not recognised */
    const char *key, *certificates;
    const char *not_after; /* of the first */
  } files[] = {
      {"01", 0, "my", "5137A597+ ", "2027-04-25T05:36:00Z"},
      {"02", 1, "ca", "5137A597- ", "2027-04-25T05:36:00Z"},
      {"03", 0, "", "4F2AA3DF+ ", "2027-04-25T05:36:00Z"},
      {"04", 0, "", "2F02901D? ", "2034-03-11T02:05:00Z"},
      {"05", 1, "teststore", "32C6B733+ ", "2039-12-31T04:59:00Z"},
      {"06", 0, "my", "A42A9E45? ", "2017-02-19T01:59:00Z"},
      {"07", 1, "my", "AABBCCDD+ 11223344- ", "2026-12-31T10:00:00Z"},
      {"08", 0, "my", "AABBCCDD+ ", "2026-12-31T11:00:00Z"},
      {"09", 1, "my", "AABBCCDD? ", "2026-12-31T11:00:00Z"},
      {"10", 0, "root", "CDD4EEAE- BE36A456? ", "2021-05-09T10:28:00Z"},
      {"11", 0, "", "AFE5D244- A4348915- ", "2038-01-18T11:59:00Z"},
      {"12", -1, NULL, "", NULL},
      {"13", 0, "", "", NULL},
      {"14", 0, NULL, "", NULL},
      {"15", 0, NULL, "", NULL},
      {"16", 0, "", "3C34E356? F37620FC? EFBA8A81? ", NULL},
      {"17", 0, "root", "D70CD039? ", "2122-10-11T01:05:00Z"},
      {"18", 0, "", "F72D8174? ", "2126-07-17T10:23:00Z"},
      {"19", -1, NULL, "", NULL},
      {"20", -1, NULL, "", NULL},
      {"21", -1, NULL, "", NULL},
      {"22", 0, "my", "CF543AC5- 9921EF6B+ 4CDE1906+ ", "2032-08-10T19:55:00Z"},
      {"23", 1, "", "F4231F8E? ", "2018-01-07T11:00:00Z"},
      {"24", 0, "my", "82AD1E0C+ ", "2029-03-11T01:40:00Z"},
      {"25", 1, "my", "FF2771BD+ ", "2025-06-25T20:50:00Z"},
      {"26", 0, "", "B1BC968B? ", "2028-01-28T06:00:00Z"},
      {"27", -1, NULL, "", NULL},
      {"28", -1, NULL, "", NULL},
      {"29", -1, NULL, "", NULL},
      {"30", 0, NULL, "", NULL},
  };
  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
    char *path = alloc_format("formats/certutil/%s.txt", files[i].name), found[200];
    struct run run = text_run_shared(path);
    struct reading *reading = run_reading(&run, 0);
    ck_assert_msg(reading ? reading->complete == files[i].complete : files[i].complete == -1, "%s",
                  path);
    list(reading, found, sizeof found);
    ck_assert_msg(strcmp(found, files[i].certificates) == 0, "%s: %s", path, found);
    if (files[i].key) text_is(store(reading, 0), "key", files[i].key);
    if (*files[i].certificates) text_is(certificate(reading, 0), "notAfter", files[i].not_after);
    run_end(&run);
    alloc_free(path);
  }
}
END_TEST

CHECK_MAIN("readers/certutil_store", {
  tcase_add_test(tests, an_empty_store_is_not_believed);
  tcase_add_test(tests, an_error_is_taken_for_an_empty_store);
  tcase_add_test(tests, another_command_is_taken_for_an_empty_store);
  tcase_add_test(tests, a_part_of_a_store_passes_for_the_store);
  tcase_add_test(tests, a_cut_dump_runs_into_the_next_store);
  tcase_add_test(tests, stores_of_one_file_are_mixed_up);
  tcase_add_test(tests, some_entries_of_a_store_pass_for_all);
  tcase_add_test(tests, a_store_of_a_user_is_the_machines);
  tcase_add_test(tests, a_revocation_list_is_taken_for_a_certificate);
  tcase_add_test(tests, a_file_dump_is_taken_for_a_store);
  tcase_add_test(tests, a_cut_dump_passes_for_whole);
  tcase_add_test(tests, a_corrupt_dump_does_harm);
  tcase_add_test(tests, many_entries_take_for_ever);
  tcase_add_test(tests, a_real_capture_is_read_wrongly);
})
