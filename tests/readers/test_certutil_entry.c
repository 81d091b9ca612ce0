/* One entry of `certutil -store`: fields, keys, dates, in any language. */
#include "check_main.h"

#include "base/moment.h"
#include "readers/local_date.h"
#include "support_certutil.h"

static const char my_store[] = MY_STORE;

START_TEST(an_entry_is_read_wrongly) {
  struct run run = run_of(my_store);
  struct reading *reading = text_reading(&run, "certutil-store", true);
  ck_assert_uint_eq(run_count(reading, "store"), 1);
  text_is(store(reading, 0), "name", "My");
  text_is(store(reading, 0), "key", "my");
  text_is(store(reading, 0), "location", "LocalMachine");
  text_is(store(reading, 0), "complete", "true");
  ck_assert_uint_eq(run_count(reading, "certificate"), 2);
  xmlNode *node = certificate(reading, 0);
  text_is(node, "thumbprint", UPPER_A);
  text_is(node, "serialNumber", "6f8c4e2158ab119142c358e1aef32071867ea4ff");
  text_is(node, "issuer", "CN=Test Root CA");
  text_is(node, "subject", "CN=www.example.com, O=Contoso");
  text_is(node, "selfSigned", "false");
  text_is(node, "archived", "false");
  text_is(node, "hasPrivateKey", "true");
  text_is(node, "friendlyName", NULL);
  text_is(node, "notBefore", "2026-01-30T10:00:00Z");
  text_is(node, "notBeforeLatest", "2026-01-31T12:00:59Z");
  text_is(node, "notAfter", "2026-12-31T23:30:00Z");
  text_is(node, "notAfterLatest", "2027-01-02T01:30:59Z");
  text_stands(node, "thumbprint", 9, 18);
  text_stands(node, "notAfter", 6, 12);
  text_stands(node, "subject", 7, 10);
  text_is(certificate(reading, 1), "thumbprint", UPPER_B);
  text_is(certificate(reading, 1), "selfSigned", "true");
  text_is(certificate(reading, 1), "hasPrivateKey", "false");
  char newest[21];
  moment_format(reading->newest, newest);
  ck_assert_str_eq(newest, "2026-01-31T12:00:59Z");
  run_end(&run);
}
END_TEST

START_TEST(line_ends_change_the_facts) {
  static const char *const ends[] = {"\r\n", "\r\r\n", "\r", "   \r\n", "\xC2\xA0\n"};
  for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
    char *text = text_with_line_ends(my_store, ends[i]);
    struct run run = run_of(text);
    struct reading *reading = text_reading(&run, "certutil-store", true);
    text_is(store(reading, 0), "complete", "true");
    text_is(certificate(reading, 1), "thumbprint", UPPER_B);
    text_is(certificate(reading, 1), "hasPrivateKey", "false");
    text_is(certificate(reading, 0), "subject", "CN=www.example.com, O=Contoso");
    text_stands(certificate(reading, 0), "thumbprint", 9, 18);
    run_end(&run);
    alloc_free(text);
  }
}
END_TEST

START_TEST(a_margin_hides_the_entries) {
  char *text = text_with_line_ends("\n"
                                   "My \"Personal\"\n" FIRST "\n" SECOND DONE,
                                   "\n        ");
  struct run run = run_of(text);
  struct reading *reading = text_reading(&run, "certutil-store", true);
  text_is(store(reading, 0), "complete", "true");
  text_is(certificate(reading, 0), "hasPrivateKey", "true");
  text_is(certificate(reading, 1), "notAfter", "2026-12-31T23:30:00Z");
  run_end(&run);
  alloc_free(text);
}
END_TEST

#define NBSP "\xC2\xA0"
static const char french[] =
    "My \"Personnel\"\n================ Certificat 0 ================\n"
    "Num\xC3\xA9ro de s\xC3\xA9rie" NBSP ": 1a2b3c4d5e\n\xC3\x89metteur: CN=Test Root CA\n"
    " NotBefore" NBSP ": 31/01/2026 01:00\n NotAfter" NBSP ": 01/02/2027 01:00\n"
    "Objet: CN=www.example.com\nIl ne s\xE2\x80\x99"
    "agit pas\nHach. cert. (sha1)" NBSP ": "
    "aa bb cc dd ee ff 00 11 22 33 44 55 66 77 88 99 aa bb cc dd\n"
    "  Conteneur de cl\xC3\xA9" NBSP "= x\n  Nom de conteneur unique" NBSP ": " UNIQUE "\n"
    "  Fournisseur" NBSP "= Microsoft Software Key Storage Provider\nTest r\xC3\xA9ussi\n"
    "CertUtil: -store La commande s\xE2\x80\x99"
    "est termin\xC3\xA9"
    "e correctement.\n";
static const char chinese[] =
    "My\n================ \xE8\xAF\x81\xE4\xB9\xA6 0 ================\n"
    "\xE5\xBA\x8F\xE5\x88\x97\xE5\x8F\xB7: 0100\n\xE9\xA2\x81\xE5\x8F\x91\xE8\x80\x85: CN=A, C=CN\n"
    " NotBefore: 2026/1/31 0:13\n NotAfter: 2027-02-01 05:05\n"
    "\xE4\xBD\xBF\xE7\x94\xA8\xE8\x80\x85: CN=A, C=CN\n\xE6\xA0\xB9\xE8\xAF\x81\xE4\xB9\xA6\n"
    "\xE8\xAF\x81\xE4\xB9\xA6\xE5\x93\x88\xE5\xB8\x8C(sha1): " HEX_A "\n"
    "  \xE5\xAF\x86\xE9\x92\xA5 = x\n  \xE5\x90\x8D: " UNIQUE "\n  \xE6\x8F\x90 = Microsoft X\n"
    "CertUtil: -store "
    "\xE5\x91\xBD\xE4\xBB\xA4\xE6\x88\x90\xE5\x8A\x9F\xE5\xAE\x8C\xE6\x88\x90\xE3\x80\x82";
static const char italian[] =
    "My\n================ Certificato 0 ================\nNumero di serie: 11b6\n"
    "Autorit\xEF\xBF\xBD emittente: CN=A\n NotBefore: 31/01/2026 10.53\n"
    " NotAfter: 01/02/2027 1.00\nSoggetto: CN=A\nHash certificato (sha1): " HEX_A "\n"
    "  Contenitore = x\n  Nome: " UNIQUE "\n  Provider = Microsoft X\nVerifica firma riuscita\n"
    "CertUtil: - Esecuzione comando store riuscita.\n";

START_TEST(a_language_is_not_understood) {
  static const char *const texts[] = {french, chinese, italian};
  for (size_t i = 0; i < 3; i++) {
    struct run run = run_of(texts[i]);
    struct reading *reading = text_reading(&run, "certutil-store", true);
    text_is(store(reading, 0), "complete", "true");
    text_is(certificate(reading, 0), "thumbprint", UPPER_A);
    text_is(certificate(reading, 0), "hasPrivateKey", "true");
    ck_assert(strncmp(node_get(certificate(reading, 0), "notBefore"), "2026-01-30", 10) == 0);
    ck_assert(strncmp(node_get(certificate(reading, 0), "notAfter"), "2027-01-31", 10) == 0);
    text_is(certificate(reading, 0), "selfSigned", i == 0 ? "false" : "true");
    run_end(&run);
  }
}
END_TEST

/* ---- keys ---- */

static void key_is(const char *key_part, const char *value) {
  char *text =
      alloc_format("My\n%sCert Hash(sha1): %s\n%s" DONE, HEAD("0", "CN=a"), HEX_A, key_part);
  struct run run = run_of(text);
  text_is(certificate(text_reading(&run, "certutil-store", true), 0), "hasPrivateKey", value);
  run_end(&run);
  alloc_free(text);
}

START_TEST(a_private_key_is_invented_or_lost) {
  key_is(WITH_KEY, "true");
  key_is("  Key Container = x\n  Simple container name: te-x\n  Provider = Microsoft y\n", "true");
  key_is(NO_KEY, "false");
  key_is("No key provider information\n", "false");
  /* the key is there, but the certificate does not name it */
  key_is("No key provider information\n  Provider = Microsoft y\n  Simple container name: CVI\n"
         "  Unique container name: " UNIQUE
         "\n  ERROR: missing key association property: CERT_KEY_IDENTIFIER_PROP_ID\n"
         "Signature test passed\n",
         "false");
  /* what a collector without rights sees */
  key_is("  Key Container = x\n  Provider = Microsoft y\nMissing stored keyset\n", NULL);
  key_is("  Provider = Microsoft y\nSignature test passed\n", NULL);
  key_is("", NULL);
  key_is("  Key Container = x\n  ERROR: 0x80090016 keyset\n  Provider = y\n", NULL);
}
END_TEST

START_TEST(the_result_of_verifystore_is_taken_for_a_missing_key) {
#define TAIL                                                                                       \
  "Verified Issuance Policies: None\nVerified Application Policies:\n"                             \
  "    1.3.6.1.5.5.7.3.1 Server Authentication\nCertificate is valid\n"
  struct run run =
      run_of("My\n" FIRST TAIL
             "\n" HEAD("1", "CN=b") "Cert Hash(sha1): " HEX_B "\nEncryption test passed\n" TAIL
                                    "CertUtil: -verifystore command completed successfully.\n");
  struct reading *reading = text_reading(&run, "certutil-store", true);
  text_is(store(reading, 0), "complete", "true");
  text_is(certificate(reading, 0), "hasPrivateKey", "true");
  text_is(certificate(reading, 1), "hasPrivateKey", NULL);
  run_end(&run);
}
END_TEST

/* ---- -v ---- */

START_TEST(a_verbose_entry_is_read_wrongly) {
  struct run run = run_of(VERBOSE_HEAD VERBOSE_HASHES FRIENDLY KEY_LINK SHA1_PROPERTY(
      HEX_A) "Signature test passed\n" DONE);
  struct reading *reading = text_reading(&run, "certutil-store", true);
  xmlNode *node = certificate(reading, 0);
  text_is(store(reading, 0), "complete", "true");
  text_is(node, "thumbprint", UPPER_A);
  text_is(node, "serialNumber", "3f67");
  text_is(node, "issuer", "CN=Test, O=Contoso");
  text_is(node, "subject", "CN=Test, O=Contoso");
  text_is(node, "selfSigned", "true");
  text_is(node, "signatureAlgorithm", "sha256WithRSAEncryption");
  text_is(node, "keyAlgorithm", "RSA");
  text_is(node, "keySize", "2048");
  text_is(node, "friendlyName", "Mail 2019");
  text_is(node, "archived", "false");
  text_is(node, "hasPrivateKey", "true");
  text_is(node, "notAfter", "2025-06-25T20:50:00Z");
  run_end(&run);
}
END_TEST

START_TEST(a_verbose_entry_without_key_or_name_invents_them) {
  struct run run = run_of(VERBOSE_HEAD VERBOSE_HASHES SHA1_PROPERTY(
      HEX_A) "  CERT_ARCHIVED_PROP_ID(19):\n\nNo key provider information\n" DONE);
  xmlNode *node = certificate(text_reading(&run, "certutil-store", true), 0);
  text_is(node, "hasPrivateKey", "false");
  text_is(node, "friendlyName", "");
  text_is(node, "archived", "true");
  run_end(&run);
}
END_TEST

START_TEST(the_hash_of_a_key_is_taken_for_a_thumbprint) {
  static const char *const texts[] = {
      /* cut behind the key id, where nothing has vouched for a label */
      VERBOSE_HEAD "Key Id Hash(sha1): 2e442e6469555a714423002b2e0748b373a27952\n" DONE,
      VERBOSE_HEAD VERBOSE_HASHES SHA1_PROPERTY(HEX_B) DONE /* they contradict each other */};
  for (size_t i = 0; i < 2; i++) {
    struct run run = run_of(texts[i]);
    struct reading *reading = text_reading(&run, "certutil-store", false);
    ck_assert_int_eq(reading->incomplete_reason, UNKNOWN_DAMAGED);
    ck_assert_uint_eq(run_count(reading, "certificate"), 0);
    text_is(store(reading, 0), "complete", NULL);
    run_end(&run);
  }
  struct run run = run_of(VERBOSE_HEAD SHA1_PROPERTY(HEX_A) DONE);
  text_is(certificate(text_reading(&run, "certutil-store", true), 0), "thumbprint", UPPER_A);
  run_end(&run);
}
END_TEST

START_TEST(an_archived_certificate_is_not_told) {
  struct run run =
      run_of("My\n" BANNER("0") "Archived!\nSerial Number: 01\nIssuer: CN=A\n"
                                " NotBefore: 1/31/2026 1:00 AM\n NotAfter: 1/31/2027 1:00 AM\n"
                                "Subject: EMPTY (DNS Name=a.example)\nCert Hash(sha1): " HEX_A
                                "\n" NO_KEY DONE);
  xmlNode *node = certificate(text_reading(&run, "certutil-store", true), 0);
  text_is(node, "archived", "true");
  text_is(node, "subject", "");
  text_is(node, "selfSigned", "false");
  run_end(&run);
}
END_TEST

/* A console of 80 columns: the hash, the issuer, the container name are wrapped. */
START_TEST(a_wrapped_line_becomes_a_wrong_fact) {
  const char *text = "My\n" BANNER(
      "0") "Serial Number: 01\n"
           "Issuer: CN=A certificate authority with quite a long name for a console, O=Conto\n"
           "so, C=DE\n NotBefore: 1/31/2026 1:00 AM\n NotAfter: 1/31/2027 1:00 AM\n"
           "Subject: CN=A certificate with a name that is just as long as that of its issue\n"
           "r, C=DE\nNon-root Certificate\n"
           "Zertifikathash des Zertifikats(sha1): aa bb cc dd ee ff 00 11 22 33 44 55 66 77 \n"
           "88 99 aa bb cc dd\n"
           "  Key Container = x\n"
           "  Unique container name: 7b90a71bfc56f2582e916a51aed6df9a_e4c0ab3c-2930-4330-b97\n"
           "9-2488d6d8e2d2\n  Provider = Microsoft Strong Cryptographic Provider\n"
           "Signature test passed\n" DONE;
  struct run run = run_of(text);
  xmlNode *node = certificate(text_reading(&run, "certutil-store", true), 0);
  text_is(node, "thumbprint", UPPER_A);
  text_is(node, "issuer",
          "CN=A certificate authority with quite a long name for a console, O=Contoso, C=DE");
  text_is(node, "hasPrivateKey", "true");
  text_is(node, "notBefore", "2026-01-30T11:00:00Z");
  run_end(&run);
  char *wide = alloc_text(text);
  memcpy(strstr(wide, "issue\nr, C=DE"), "issuer\n, C=DE", 13); /* 80 columns: may go on */
  run = run_of(wide);
  node = certificate(text_reading(&run, "certutil-store", true), 0);
  text_is(node, "subject", NULL);
  text_is(node, "selfSigned", NULL);
  run_end(&run);
  alloc_free(wide);
}
END_TEST

/* ---- dates ---- */

static void dates_are(const char *before, const char *after, const char *not_before,
                      const char *not_before_latest, const char *not_after) {
  char *text = alloc_format("My\n%sSerial Number: 01\nIssuer: CN=A\n NotBefore: %s\n NotAfter: %s\n"
                            "Subject: CN=A\nCert Hash(sha1): %s\n%s%s",
                            BANNER("0"), before, after, HEX_A, NO_KEY, DONE);
  struct run run = run_of(text);
  xmlNode *node = certificate(text_reading(&run, "certutil-store", true), 0);
  text_is(node, "notBefore", not_before);
  text_is(node, "notBeforeLatest", not_before_latest);
  text_is(node, "notAfter", not_after);
  run_end(&run);
  alloc_free(text);
}

START_TEST(a_date_is_read_wrongly) {
  dates_are("31.01.2026 01:00", "01.02.2027 01:00", "2026-01-30T11:00:00Z", "2026-01-31T13:00:59Z",
            "2027-01-31T11:00:00Z");
  dates_are("1/31/2026 12:05 PM", "2/1/2027 12:05 AM", "2026-01-30T22:05:00Z",
            "2026-02-01T00:05:59Z", "2027-01-31T10:05:00Z");
  dates_are("2026-01-31 15:05", "2122-10-11 15:05", "2026-01-31T01:05:00Z", "2026-02-01T03:05:59Z",
            "2122-10-11T01:05:00Z");
  dates_are("31/01/2026 3:30\xE2\x80\xAFPM", "01/02/2027 3:30\xE2\x80\xAFPM",
            "2026-01-31T01:30:00Z", "2026-02-01T03:30:59Z", "2027-02-01T01:30:00Z");
  /* a word for half of the day that is not known: both halves */
  dates_are("2026-01-31 \xEC\x98\xA4\xED\x9B\x84 3:05", "2027-01-31 15:05", "2026-01-30T13:05:00Z",
            "2026-02-01T03:05:59Z", "2027-01-31T01:05:00Z");
  dates_are("1/31/2026 10:30 55.000s", "1/31/2027 10:30 55.000s", "2026-01-30T20:30:55Z",
            "2026-01-31T22:30:55Z", "2027-01-30T20:30:55Z");
  /* which is the day? both readings */
  dates_are("01/02/2026 00:00", "01/03/2027 00:00", "2026-01-01T10:00:00Z", "2026-02-01T12:00:59Z",
            "2027-01-02T10:00:00Z");
  /* only month before day runs forwards */
  dates_are("02/03/2026 00:00", "03/01/2026 00:00", "2026-02-02T10:00:00Z", "2026-02-03T12:00:59Z",
            "2026-02-28T10:00:00Z");
  dates_are("1/31/2026 12:00 AM", "12/31/9999 11:59 PM", "2026-01-30T10:00:00Z",
            "2026-01-31T12:00:59Z", "9999-12-31T09:59:00Z");
}
END_TEST

START_TEST(a_date_of_another_calendar_is_believed) {
  dates_are("31/1/2569 1:00", "31/1/2570 1:00", NULL, NULL, NULL);     /* Thai */
  dates_are("12/08/1447 01:00", "12/08/1448 01:00", NULL, NULL, NULL); /* Hijri */
  dates_are("31.01.26 01:00", "31.01.27 01:00", NULL, NULL, NULL);     /* no century */
  dates_are("R08/01/31 1:00", "R09/01/31 1:00", NULL, NULL, NULL);
  dates_are("\xD9\xA3\xD9\xA1/\xD9\xA1/2026", "x", NULL, NULL, NULL);
  dates_are("31/31/2026 01:00", "31/31/2027 01:00", NULL, NULL, NULL);
  dates_are("1/31/2026 25:00", "1/31/2027 1:00 AM", NULL, NULL, NULL);
}
END_TEST

START_TEST(dates_that_contradict_each_other_decide) {
  struct local_date a, b, c, d;
  struct date_votes votes = {{0, 0}, {0, 0}};
  ck_assert(local_date_parse((struct span){"31/01/2026", 10}, &a));
  ck_assert(local_date_parse((struct span){"31/01/2027", 10}, &b));
  ck_assert(local_date_parse((struct span){"01/31/2026", 10}, &c));
  ck_assert(local_date_parse((struct span){"01/31/2027", 10}, &d));
  ck_assert_int_eq(date_votes_decide(&votes), DATE_ORDER_UNDECIDED);
  date_votes_add(&votes, &a, &b);
  ck_assert_int_eq(date_votes_decide(&votes), DATE_ORDER_DAY_FIRST);
  date_votes_add(&votes, &c, &d);
  ck_assert_int_eq(date_votes_decide(&votes), DATE_ORDER_UNDECIDED);
}
END_TEST

CHECK_MAIN("readers/certutil_entry", {
  tcase_add_test(tests, an_entry_is_read_wrongly);
  tcase_add_test(tests, line_ends_change_the_facts);
  tcase_add_test(tests, a_margin_hides_the_entries);
  tcase_add_test(tests, a_language_is_not_understood);
  tcase_add_test(tests, a_private_key_is_invented_or_lost);
  tcase_add_test(tests, the_result_of_verifystore_is_taken_for_a_missing_key);
  tcase_add_test(tests, a_verbose_entry_is_read_wrongly);
  tcase_add_test(tests, a_verbose_entry_without_key_or_name_invents_them);
  tcase_add_test(tests, the_hash_of_a_key_is_taken_for_a_thumbprint);
  tcase_add_test(tests, an_archived_certificate_is_not_told);
  tcase_add_test(tests, a_wrapped_line_becomes_a_wrong_fact);
  tcase_add_test(tests, a_date_is_read_wrongly);
  tcase_add_test(tests, a_date_of_another_calendar_is_believed);
  tcase_add_test(tests, dates_that_contradict_each_other_decide);
})
