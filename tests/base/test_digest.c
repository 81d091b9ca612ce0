/* Tests of base/digest with the vectors of FIPS 180-4. */
#include "base/digest.h"

#include "check_main.h"

START_TEST(a_digest_is_wrong) {
  char sha256[65], sha1[41];
  digest_sha256("", 0, sha256);
  ck_assert_str_eq(sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  digest_sha256("abc", 3, sha256);
  ck_assert_str_eq(sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  digest_sha1("abc", 3, sha1);
  ck_assert_str_eq(sha1, "A9993E364706816ABA3E25717850C26C9CD0D89D");
}
END_TEST

CHECK_MAIN("base/digest", { tcase_add_test(tests, a_digest_is_wrong); })
