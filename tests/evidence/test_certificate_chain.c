/* issuerThumbprint: which certificate at hand issued which. */
#include "check_main.h"

#include "support_world.h"

#define HASH_C "CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC"
#define CERTIFICATE(hash, subject, issuer, own, key, by)                                           \
  "<certificate thumbprint='" hash "' subject='" subject "' issuer='" issuer "' selfSigned='" own  \
  "' subjectKeyIdentifier='" key "' authorityKeyIdentifier='" by "'/>"

static struct world world;

static void setup(void) {
  world_start(&world);
}

static void teardown(void) {
  world_end(&world);
}

static const char *issuer_of(const char *certificates, const char *hash) {
  static char path[200];
  world_add(&world, "a.pem", "certificate-file", certificates);
  world_build(&world);
  snprintf(path, sizeof path, "//certificate[@thumbprint='%s']", hash);
  return world_known(&world, 0, path, "issuerThumbprint");
}

START_TEST(an_issuer_at_hand_is_not_found) {
  const char *all = CERTIFICATE(HASH_A, "CN=leaf", "CN=ca", "false", "01", "02")
      CERTIFICATE(HASH_B, "CN=ca", "CN=ca", "true", "02", "02");
  ck_assert_str_eq(issuer_of(all, HASH_A), HASH_B);
  ck_assert_str_eq(world_known(&world, 0, "//certificate[2]", "issuerThumbprint"), HASH_B);
}
END_TEST

START_TEST(a_ca_of_the_same_name_and_another_key_is_taken) {
  const char *all = CERTIFICATE(HASH_A, "CN=leaf", "CN=ca", "false", "01", "02")
      CERTIFICATE(HASH_B, "CN=ca", "CN=ca", "true", "03", "03");
  ck_assert_str_eq(issuer_of(all, HASH_A), "?");
}
END_TEST

START_TEST(one_of_two_possible_issuers_is_taken) {
  const char *all = CERTIFICATE(HASH_A, "CN=leaf", "CN=ca", "false", "01", "02")
      CERTIFICATE(HASH_B, "CN=ca", "CN=ca", "true", "02", "02")
          CERTIFICATE(HASH_C, "CN=ca", "CN=other", "false", "02", "09");
  ck_assert_str_eq(issuer_of(all, HASH_A), "?");
}
END_TEST

START_TEST(one_that_tells_its_key_is_beaten_by_one_that_does_not) {
  const char *all = CERTIFICATE(HASH_A, "CN=leaf", "CN=ca", "false", "01", "02")
      CERTIFICATE(HASH_B, "CN=ca", "CN=ca", "true", "02", "")
          CERTIFICATE(HASH_C, "CN=ca", "CN=other", "false", "", "");
  ck_assert_str_eq(issuer_of(all, HASH_A), HASH_B);
}
END_TEST

CHECK_MAIN("evidence/certificate_chain", {
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, an_issuer_at_hand_is_not_found);
  tcase_add_test(tests, a_ca_of_the_same_name_and_another_key_is_taken);
  tcase_add_test(tests, one_of_two_possible_issuers_is_taken);
  tcase_add_test(tests, one_that_tells_its_key_is_beaten_by_one_that_does_not);
})
