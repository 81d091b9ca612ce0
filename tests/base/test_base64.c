/* Base64: RFC 4648 section 10, and what is refused. */
#include "check_main.h"

#include "base/base64.h"

#include <string.h>

static void decodes(const char *text, const char *expected) {
  uint8_t *bytes;
  size_t size;
  ck_assert_msg(base64_decode(span_of(text), &bytes, &size), "refused: %s", text);
  ck_assert_uint_eq(size, strlen(expected));
  ck_assert_int_eq(memcmp(bytes, expected, size), 0);
  alloc_free(bytes);
}

START_TEST(the_vectors_of_rfc_4648_are_decoded_wrongly) {
  decodes("", "");
  decodes("Zg==", "f");
  decodes("Zm8=", "fo");
  decodes("Zm9v", "foo");
  decodes("Zm9vYg==", "foob");
  decodes("Zm9vYmE=", "fooba");
  decodes("Zm9vYmFy", "foobar");
  decodes(" Zm9v\r\n\tYmE =\n", "fooba");
  decodes("+/+/", "\xFB\xFF\xBF");
}
END_TEST

START_TEST(what_is_not_base64_is_accepted) {
  const char *texts[] = {"Z",    "Zg",       "Zg=", "Zg===", "Zh==",  "Zm9=",        "Zm8", "Zm9v=",
                         "Zm-_", "Zg==Zg==", "=",   "====",  "Zm9v!", "Z\xC3\xA4==", "Zm=v"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    uint8_t *bytes;
    size_t size;
    ck_assert_msg(!base64_decode(span_of(texts[i]), &bytes, &size), "%s", texts[i]);
  }
}
END_TEST

CHECK_MAIN("base/base64", {
  tcase_add_test(tests, the_vectors_of_rfc_4648_are_decoded_wrongly);
  tcase_add_test(tests, what_is_not_base64_is_accepted);
})
