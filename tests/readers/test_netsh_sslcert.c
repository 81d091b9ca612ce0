/* `netsh http show sslcert`: every key, every language, and what only looks like it. */
#include "check_main.h"

#include "support_text.h"

#include <string.h>

#define TITLE "\nSSL Certificate bindings: \n-------------------------\n\n"
#define REST                                                                                       \
  "    Verify Client Certificate Revocation : Enabled\n"                                           \
  "    Usage Check                  : Enabled\n"                                                   \
  "    Revocation Freshness Time    : 0\n"                                                         \
  "    Ctl Identifier               : (null)\n"                                                    \
  "    Negotiate Client Certificate : Disabled\n"                                                  \
  "    Disable HTTP2                : Not Set\n\n"
#define APP "{4dc3e181-e14b-4a21-b022-59fc669b0914}"
#define RECORD(label, key, hash, store)                                                            \
  "    " label " : " key "\n    Certificate Hash             : " hash                              \
  "\n    Application ID               : " APP "\n    Certificate Store Name       : " store        \
  "\n" REST
#define HASH_A "a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4"
#define HASH_B "0b9001b1842fb51f7ab7e4fa7db77f7bd2916643"
#define UPPER_A "A1B2C3D4E5F60718293A4B5C6D7E8F90A1B2C3D4"

static const char all_kinds[] =
    TITLE RECORD("IP:port                     ", "0.0.0.0:443", HASH_A, "My")
        RECORD("IP:port                     ", "[FE80:0:0::1%4]:444  ", HASH_B,
               "WebHosting") RECORD("IP:port                     ", "[::]:443", HASH_B, "(null)")
            RECORD("Hostname:port               ", "Mail.Contoso.com:443", HASH_A, "Remote Desktop")
                RECORD("Central Certificate Store   ", "443", "(null)", "(null)")
                    RECORD("IP:port                     ", "10.0.0.5:4430",
                           "0000000000000000000000000000000000000000", "MY");

static struct run run_of(const char *text) {
  return text_run("sslcert.txt", text, strlen(text));
}

static xmlNode *record(struct reading *reading, size_t n) {
  return run_fact(reading, "sslCertificate", n);
}

START_TEST(a_kind_of_key_is_read_wrongly) {
  struct run run = run_of(all_kinds);
  struct reading *reading = text_reading(&run, "netsh-sslcert", true);
  static const struct {
    const char *record, *type, *ip, *host, *port, *hash, *store;
  } expected[] = {
      {"0.0.0.0:443", "ip", "0.0.0.0", NULL, "443", UPPER_A, "my"},
      {"[FE80:0:0::1%4]:444", "ip", "[fe80::1]", NULL, "444",
       "0B9001B1842FB51F7AB7E4FA7DB77F7BD2916643", "webhosting"},
      {"[::]:443", "ip", "[::]", NULL, "443", "0B9001B1842FB51F7AB7E4FA7DB77F7BD2916643", "my"},
      {"Mail.Contoso.com:443", "host", NULL, "mail.contoso.com", "443", UPPER_A, "remote desktop"},
      {"443", "ccs", NULL, NULL, "443", "", "my"},
      {"10.0.0.5:4430", "ip", "10.0.0.5", NULL, "4430", "", "my"},
  };
  ck_assert_uint_eq(run_count(reading, "sslCertificate"), 6);
  for (size_t i = 0; i < 6; i++) {
    xmlNode *node = record(reading, i);
    text_is(node, "record", expected[i].record);
    text_is(node, "type", expected[i].type);
    text_is(node, "ip", expected[i].ip);
    text_is(node, "host", expected[i].host);
    text_is(node, "port", expected[i].port);
    text_is(node, "certificateHash", expected[i].hash);
    text_is(node, "store", expected[i].store);
    text_is(node, "appId", APP);
  }
  run_end(&run);
}
END_TEST

START_TEST(a_fact_stands_elsewhere) {
  struct run run = run_of(all_kinds);
  xmlNode *node = record(text_reading(&run, "netsh-sslcert", true), 1);
  text_stands(node, "record", 16, 36);
  text_stands(node, "ip", 16, 36);
  text_stands(node, "port", 16, 52);
  text_stands(node, "certificateHash", 17, 36);
  text_stands(node, "appId", 18, 36);
  text_stands(node, "store", 19, 36);
  run_end(&run);
}
END_TEST

START_TEST(line_ends_change_the_facts) {
  static const char *const ends[] = {"\r\n", "\r\r\n", "\r", "   \r\n", "\xC2\xA0\n"};
  for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
    char *text = text_with_line_ends(all_kinds, ends[i]);
    struct run run = run_of(text);
    struct reading *reading = text_reading(&run, "netsh-sslcert", true);
    ck_assert_uint_eq(run_count(reading, "sslCertificate"), 6);
    text_is(record(reading, 3), "store", "remote desktop");
    if (i < 3) text_stands(record(reading, 1), "store", 19, 36);
    run_end(&run);
    alloc_free(text);
  }
}
END_TEST

START_TEST(a_copy_with_doubled_lines_loses_records) {
  char *text = text_with_line_ends(all_kinds, "\n\n");
  struct run run = run_of(text);
  ck_assert_uint_eq(run_count(run_reading(&run, 0), "sslCertificate"), 6);
  run_end(&run);
  alloc_free(text);
}
END_TEST

static const char french[] =
    "Liaisons de certificat SSL :\n----------------------------\n\n\n\n"
    "    Adresse IP:port                      : 192.168.100.10:8443\n"
    "    Hachage du certificat             : " HASH_A "\n"
    "    ID de l'application               : " APP "\n"
    "    Nom du magasin de certificats :       : MY\n"
    "    D\xC3\xA9sactiver HTTP2 :Not Set\n"
    " Propri\xC3\xA9t\xC3\xA9s \xC3\xA9tendues :\n    PropertyId                   : 0\n"
    "    Fen\xC3\xAAtre de r\xC3\xA9"
    "ception                : 1048576\n\n";
static const char chinese[] =
    "SSL \xE8\xAF\x81\xE4\xB9\xA6\xE7\xBB\x91\xE5\xAE\x9A:\n-------------------------\n\n"
    "    IP:\xE7\xAB\xAF\xE5\x8F\xA3                      : 0.0.0.0:443\n"
    "    \xE8\xAF\x81\xE4\xB9\xA6                     : " HASH_A "\n"
    "    \xE5\xBA\x94\xE7\x94\xA8 ID                  : " APP "\n"
    "    \xE5\xAD\x98\xE5\x82\xA8                 : MY\n\n";
static const char no_blanks[] =
    "SSL-Zertifikatbindungen:\n-------------------------\n\n"
    "IP:Port: 0.0.0.0:443\nZertifikathash :" HASH_A "\nAnwendungs-ID:\xC2\xA0" APP
    "\nZertifikatspeichername:My\nX:\xC2\xA0"
    "Aktiviert\n\n";

START_TEST(a_language_is_not_understood) {
  static const char *const texts[] = {french, chinese, no_blanks};
  for (size_t i = 0; i < 3; i++) {
    struct run run = run_of(texts[i]);
    struct reading *reading = text_reading(&run, "netsh-sslcert", true);
    ck_assert_uint_eq(run_count(reading, "sslCertificate"), 1);
    text_is(record(reading, 0), "certificateHash", UPPER_A);
    text_is(record(reading, 0), "store", "my");
    run_end(&run);
  }
}
END_TEST

START_TEST(an_empty_list_is_not_believed) {
  static const char *const texts[] = {
      "\nSSL Certificate bindings:\n-------------------------\n\n\n",
      "C:\\>netsh http show sslcert\n\nSSL Certificate "
      "bindings:\n-------------------------\n\n\n\nC:\\>",
      "Liaisons de certificat SSL\xC2\xA0:\r\n----------------------------\r\n\r\n\r\n"};
  for (size_t i = 0; i < 3; i++) {
    struct run run = run_of(texts[i]);
    struct reading *reading = text_reading(&run, "netsh-sslcert", true);
    ck_assert_uint_eq(run_count(reading, "sslCertificate"), 0);
    run_end(&run);
  }
}
END_TEST

static void is_no_list(const char *text) {
  struct run run = run_of(text);
  for (size_t i = 0; i < run.readings.count; i++)
    ck_assert_str_ne(run.readings.items[i].kind, "netsh-sslcert");
  run_end(&run);
}

START_TEST(another_output_is_taken_for_an_empty_list) {
  is_no_list("IP addresses present in the IP listen list:\n"
             "-------------------------------------------\n\n    10.0.0.1\n\n");
  is_no_list("URL Reservations:\n-----------------\n\n"
             "    Reserved URL            : https://+:443/x/\n        User: NT SERVICE\\X\n");
  is_no_list("SSL settings\n------------------------\n\nSome words.\n");
  is_no_list("SSL:\n----\n\n");
  is_no_list("    Session ID: FF00000320000001\n    Version : 2.0\n    Endpoint : host:443\n"
             "    Name : x\n    Id : " APP "\n");
}
END_TEST

START_TEST(neighbours_are_taken_for_records) {
  char *text = alloc_format(
      "Snapshot of HTTP service state (Server Session View):\n"
      "-----------------------------------------------------\n\nServer session ID: FF00\n"
      "    Timeouts:\n        Entity body timeout (secs): 120\n\n%s"
      "\nIP addresses present in the IP listen list:\n"
      "-------------------------------------------\n\n    10.0.0.1\n",
      all_kinds);
  struct run run = run_of(text);
  ck_assert_uint_eq(run_count(text_reading(&run, "netsh-sslcert", true), "sslCertificate"), 6);
  run_end(&run);
  alloc_free(text);
}
END_TEST

START_TEST(a_list_given_twice_counts_twice) {
  char *text = alloc_format("%s%s", all_kinds, all_kinds);
  struct run run = run_of(text);
  ck_assert_uint_eq(run_count(text_reading(&run, "netsh-sslcert", true), "sslCertificate"), 6);
  run_end(&run);
  alloc_free(text);
}
END_TEST

START_TEST(one_key_with_two_hashes_loses_one) {
  struct run run = run_of(TITLE RECORD("IP:port", "0.0.0.0:443", HASH_A, "My")
                              RECORD("IP:port", "0.0.0.0:443", HASH_B, "My"));
  ck_assert_uint_eq(run_count(text_reading(&run, "netsh-sslcert", true), "sslCertificate"), 2);
  run_end(&run);
}
END_TEST

static void is_incomplete(const char *text, enum unknown_reason reason, unsigned line,
                          size_t records) {
  struct run run = run_of(text);
  struct reading *reading = text_reading(&run, "netsh-sslcert", false);
  ck_assert_int_eq(reading->incomplete_reason, reason);
  ck_assert_msg(reading->broken_at.line == line, "line %u: %s", reading->broken_at.line,
                reading->broken_why);
  ck_assert_uint_eq(run_count(reading, "sslCertificate"), records);
  run_end(&run);
}

START_TEST(a_part_of_a_list_passes_for_the_list) {
  const char *second = strstr(all_kinds, "    IP:port                      : [FE80");
  is_incomplete(second, UNKNOWN_TRUNCATED, 1, 5);
  is_incomplete(strstr(second, "    Certificate Hash"), UNKNOWN_TRUNCATED, 1, 4);
  is_incomplete("C:\\>netsh http show sslcert ipport=0.0.0.0:443\n" TITLE RECORD(
                    "IP:port", "0.0.0.0:443", HASH_A, "My"),
                UNKNOWN_TRUNCATED, 1, 1);
  is_incomplete(TITLE "    IP:port : 0.0.0.0:443\n    Certificate Hash : " HASH_A
                      "\n    Application ID : " APP "\n    Certificate Store Name : MY\n",
                UNKNOWN_TRUNCATED, 8, 1);
  is_incomplete("SSL Certificate bindings:\n-------------------------\n", UNKNOWN_TRUNCATED, 2, 0);
  is_incomplete("SSL Certificate bindings:\n-------------------------\n\n", UNKNOWN_TRUNCATED, 2,
                0);
  is_incomplete("SSL Certificate bindings:\n-------------------------\n\nIP:po", UNKNOWN_TRUNCATED,
                4, 0); /* without any indent */
  is_incomplete("SSL Certificate bindings:\n-------------------------\n\n"
                "IP:port : 0.0.0.0:443\nHash : " HASH_A "\nApp : " APP
                "\nStore : MY\n\nHostname:port : a.exa",
                UNKNOWN_TRUNCATED, 9, 1);
}
END_TEST

START_TEST(a_damaged_hash_is_skipped_in_silence) {
  is_incomplete(TITLE RECORD("IP:port", "0.0.0.0:443", "a1b2c3d4", "My")
                    RECORD("IP:port", "0.0.0.0:444", HASH_A, "My"),
                UNKNOWN_DAMAGED, 5, 1);
  is_incomplete(TITLE RECORD("IP:port", "0.0.0.0:70000", HASH_B, "My")
                    RECORD("IP:port", "0.0.0.0:444", HASH_A, "My"),
                UNKNOWN_TRUNCATED, 5, 1);
}
END_TEST

START_TEST(a_short_record_in_the_middle_is_not_noticed) {
  is_incomplete(TITLE RECORD("IP:port", "0.0.0.0:443", HASH_A,
                             "My") "    IP:port : 0.0.0.0:445\n"
                                   "    Certificate Hash : " HASH_B "\n    Application ID : " APP
                                   "\n    Certificate Store Name : MY\n\n" RECORD(
                                       "IP:port", "0.0.0.0:444", HASH_A, "My"),
                UNKNOWN_TRUNCATED, 19, 3);
}
END_TEST

START_TEST(a_list_without_its_last_empty_line_is_doubted) {
  /* Another record of the same length vouches for it. */
  char *text = alloc_text(TITLE RECORD("IP:port", "0.0.0.0:443", HASH_A, "My")
                              RECORD("IP:port", "0.0.0.0:444", HASH_B, "My"));
  for (int i = 0; i < 2; i++) {
    text[strlen(text) - 1] = '\0';
    struct run run = run_of(text);
    ck_assert_uint_eq(run_count(text_reading(&run, "netsh-sslcert", true), "sslCertificate"), 2);
    run_end(&run);
  }
  text[strlen(text) - 1] = '\0';
  struct run run = run_of(text);
  text_reading(&run, "netsh-sslcert", false);
  run_end(&run);
  alloc_free(text);
}
END_TEST

static bool same(const xmlNode *a, const xmlNode *b, const char *name) {
  const char *left = node_get(a, name), *right = node_get(b, name);
  return left && right ? strcmp(left, right) == 0 : left == right;
}

static bool is_among(const xmlNode *node, const struct reading *reading) {
  for (xmlNode *other = node_child(reading->facts, "sslCertificate"); other;
       other = node_next(other, "sslCertificate"))
    if (same(node, other, "record") && same(node, other, "certificateHash") &&
        same(node, other, "store") && same(node, other, "appId") && same(node, other, "type"))
      return true;
  return false;
}

/* Right behind a record (its last field to its empty line), or behind the
 * title and its empty line: what lies there looks like an end. */
static bool looks_whole(const char *text, size_t cut) {
  const char *before = text + cut;
  size_t back = 0;
  while (cut > back && strchr(" \r\n", before[-1 - (long)back]))
    back++;
  const char *end = text + cut - back;
  bool field = end - text > 7 && (strncmp(end - 7, "Not Set", 7) == 0);
  bool dashes = end > text && end[-1] == '-' && text + cut >= end + 2;
  return field || dashes;
}

START_TEST(a_cut_list_passes_for_whole) {
  struct run full = run_of(all_kinds);
  size_t size = strlen(all_kinds), whole = 0;
  for (size_t cut = 0; cut < size; cut++) {
    struct run run = text_run("sslcert.txt", all_kinds, cut);
    struct reading *reading = run_reading(&run, 0);
    if (reading) {
      for (xmlNode *node = node_child(reading->facts, "sslCertificate"); node;
           node = node_next(node, "sslCertificate"))
        ck_assert_msg(is_among(node, run_reading(&full, 0)), "%zu bytes", cut);
      whole += reading->complete;
      if (reading->complete) ck_assert_msg(looks_whole(all_kinds, cut), "%zu bytes", cut);
    }
    run_end(&run);
  }
  ck_assert_uint_gt(whole, 0);
  ck_assert_uint_lt(whole, 40);
  run_end(&full);
}
END_TEST

START_TEST(a_corrupt_list_does_harm) {
  size_t size = strlen(all_kinds);
  char *copy = alloc_text(all_kinds);
  uint32_t seed = 42;
  for (int round = 0; round < 3000; round++) {
    memcpy(copy, all_kinds, size);
    text_corrupt(copy, size, 1 + round % 5, &seed);
    struct run run = text_run("sslcert.txt", copy, size);
    run_end(&run);
  }
  alloc_free(copy);
}
END_TEST

/* A copy of whole kilobytes that ends at the end of a record may have been cut there. */
START_TEST(a_list_cut_behind_a_record_at_a_kilobyte_passes_for_whole) {
  enum { SIZE = 4096 };
  char text[SIZE + 1];
  size_t end = strlen(all_kinds);
  for (size_t more = 0; more < 3; more++) { /* 1: netsh's own last line; 2: another size */
    memset(text, '\n', sizeof text);
    memcpy(text + SIZE - end + (more == 2) - (more == 1), all_kinds, end);
    struct run run = text_run("sslcert.txt", text, SIZE + (more == 2));
    text_reading(&run, "netsh-sslcert", more > 0);
    ck_assert_uint_eq(run_count(run_reading(&run, 0), "sslCertificate"), 6);
    run_end(&run);
  }
}
END_TEST

START_TEST(certutil_output_in_the_same_file_is_not_read) {
  char *text = alloc_format(
      "%s\nMy \"Personal\"\nCertUtil: -store command completed successfully.\n", all_kinds);
  struct run run = run_of(text);
  text_reading(&run, "netsh-sslcert", true);
  ck_assert_uint_eq(run.readings.count, 2);
  const struct reading *store = &run.readings.items[1];
  ck_assert_str_eq(store->kind, "certutil-store");
  text_is(run_fact(store, "store", 0), "complete", "true");
  ck_assert_str_eq(run.bundle.artifacts[0]->kind, "netsh-sslcert");
  run_end(&run);
  alloc_free(text);
}
END_TEST

CHECK_MAIN("readers/netsh_sslcert", {
  tcase_add_test(tests, a_kind_of_key_is_read_wrongly);
  tcase_add_test(tests, a_fact_stands_elsewhere);
  tcase_add_test(tests, line_ends_change_the_facts);
  tcase_add_test(tests, a_copy_with_doubled_lines_loses_records);
  tcase_add_test(tests, a_language_is_not_understood);
  tcase_add_test(tests, an_empty_list_is_not_believed);
  tcase_add_test(tests, another_output_is_taken_for_an_empty_list);
  tcase_add_test(tests, neighbours_are_taken_for_records);
  tcase_add_test(tests, a_list_given_twice_counts_twice);
  tcase_add_test(tests, one_key_with_two_hashes_loses_one);
  tcase_add_test(tests, a_part_of_a_list_passes_for_the_list);
  tcase_add_test(tests, a_damaged_hash_is_skipped_in_silence);
  tcase_add_test(tests, a_short_record_in_the_middle_is_not_noticed);
  tcase_add_test(tests, a_list_without_its_last_empty_line_is_doubted);
  tcase_add_test(tests, a_cut_list_passes_for_whole);
  tcase_add_test(tests, a_corrupt_list_does_harm);
  tcase_add_test(tests, a_list_cut_behind_a_record_at_a_kilobyte_passes_for_whole);
  tcase_add_test(tests, certutil_output_in_the_same_file_is_not_read);
})
