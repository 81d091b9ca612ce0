/* Tests of base/text: small questions that everything else relies on. */
#include "base/text.h"

#include "check_main.h"

#include <string.h>

static char *printable(const char *text) {
  return text_printable(text, 1000);
}

#define CHECK_PRINTABLE(text, expected)                                                            \
  do {                                                                                             \
    char *shown = printable(text);                                                                 \
    ck_assert_str_eq(shown, expected);                                                             \
    alloc_free(shown);                                                                             \
  } while (0)

START_TEST(trim_leaves_blanks_or_takes_letters) {
  ck_assert(span_equal(span_trim(span_of(" \t\xC2\xA0 a b \xC2\xA0\r\n")), "a b"));
  ck_assert(span_equal(span_trim(span_of(" \r\n\t ")), ""));
  ck_assert(span_equal(span_trim(span_of("\xC2\xA0")), ""));
  ck_assert(span_equal(span_trim(span_of("\xC3\xA0")), "\xC3\xA0")); /* ends like a NBSP */
}
END_TEST

START_TEST(an_empty_span_without_a_start_is_read) {
  struct span none = span_of(NULL);
  ck_assert(span_equal(none, ""));
  ck_assert(!span_equal(none, "x"));
  char *copy = span_copy(none);
  ck_assert_str_eq(copy, "");
  alloc_free(copy);
}
END_TEST

START_TEST(comparison_folds_more_or_less_than_ascii) {
  ck_assert(text_equal_nocase("Default Web Site", "DEFAULT WEB SITE"));
  ck_assert(!text_equal_nocase("\xC3\x84", "\xC3\xA4")); /* A and a with dots: not ASCII */
  ck_assert(!text_equal_nocase("[", "{"));
  ck_assert(text_equal_nocase(NULL, NULL));
  ck_assert(!text_equal_nocase(NULL, ""));
  ck_assert(!text_equal(NULL, ""));
  ck_assert(text_starts_nocase("https://", "HTTPS"));
  ck_assert(!text_starts_nocase("http", "https"));
  ck_assert(text_ends_nocase("a.CONFIG", ".config"));
  ck_assert(!text_ends_nocase("config", ".config"));
}
END_TEST

START_TEST(a_pattern_matches_the_wrong_names) {
  ck_assert(text_glob("*.config", "web.CONFIG"));
  ck_assert(text_glob("*", ""));
  ck_assert(!text_glob("?", ""));
  ck_assert(text_glob("a*b*c", "aXbXbXc"));
  ck_assert(!text_glob("a*b*c", "aXbXbX"));
  ck_assert(text_glob("EX0?/*", "ex01/web.config"));
  ck_assert(!text_glob("", "a"));
}
END_TEST

START_TEST(a_question_mark_is_a_byte_and_not_a_character) {
  ck_assert(text_glob("m?ller", "m\xC3\xBCller"));
  ck_assert(!text_glob("m??ller", "m\xC3\xBCller"));
  ck_assert(text_glob("*?", "\xE8\xAF\x81"));
  ck_assert(!text_glob("*??", "\xE8\xAF\x81"));
}
END_TEST

START_TEST(an_evil_pattern_takes_forever) {
  char text[4001];
  memset(text, 'a', 4000);
  text[4000] = '\0';
  ck_assert(!text_glob("*a*a*a*a*a*a*a*a*a*a*a*b", text));
}
END_TEST

#define HASH "12FD38FA03B7A7C5CA7AF1D4B0C9D3A54F27C7EE"

START_TEST(a_thumbprint_is_misread) {
  char out[41];
  ck_assert(text_thumbprint(span_of("12fd38fa03b7a7c5ca7af1d4b0c9d3a54f27c7ee"), out));
  ck_assert_str_eq(out, HASH);
  ck_assert(text_thumbprint(
      span_of(" 12 fd:38 fa 03 b7 a7 c5 ca 7a f1 d4 b0 c9 d3 a5 4f 27 c7 ee\r\n"), out));
  ck_assert_str_eq(out, HASH);
  ck_assert(!text_thumbprint(span_of(HASH "0"), out));
  ck_assert(!text_thumbprint(span_of("12FD38FA03B7A7C5CA7AF1D4B0C9D3A54F27C7E"), out));
  ck_assert(!text_thumbprint(span_of("1 2FD38FA03B7A7C5CA7AF1D4B0C9D3A54F27C7EE"), out));
  ck_assert(!text_thumbprint(span_of(":" HASH), out));
  ck_assert(!text_thumbprint(span_of(HASH ":"), out));
  ck_assert(!text_thumbprint(span_of("{" HASH "}"), out));
  ck_assert(!text_thumbprint(span_of(""), out));
}
END_TEST

START_TEST(a_number_is_misread) {
  uint64_t value = 7;
  ck_assert(text_unsigned(span_of("18446744073709551615"), &value));
  ck_assert(value == UINT64_MAX);
  ck_assert(!text_unsigned(span_of("18446744073709551616"), &value));
  ck_assert(!text_unsigned(span_of("99999999999999999999"), &value));
  ck_assert(!text_unsigned(span_of(""), &value));
  ck_assert(!text_unsigned(span_of("-1"), &value));
  ck_assert(!text_unsigned(span_of("+1"), &value));
  ck_assert(!text_unsigned(span_of("1 "), &value));
  ck_assert(text_unsigned(span_of("0443"), &value));
  ck_assert(value == 443);
}
END_TEST

START_TEST(something_that_is_not_utf8_passes) {
  static const char *const bad[] = {
      "\xC0\xAF",         /* overlong slash */
      "\xE0\x80\xAF",     /* overlong */
      "\xF0\x80\x80\xAF", /* overlong */
      "\xED\xA0\x80",     /* surrogate */
      "\xF4\x90\x80\x80", /* beyond U+10FFFF */
      "\xF5\x80\x80\x80", "\x80", "\xFF", "\xC3", "\xE2\x82", "\xC3(",
  };
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    char text[32] = "sound prefix ";
    strncat(text, bad[i], 8);
    ck_assert_uint_eq(text_utf8_prefix(text, strlen(text)), 13);
  }
  ck_assert_uint_eq(text_utf8_prefix("\xF4\x8F\xBF\xBF", 4), 4);
  ck_assert_uint_eq(text_utf8_prefix("\xEE\x80\x80", 3), 3);
}
END_TEST

START_TEST(the_fast_path_of_utf8_misses_a_byte) {
  for (size_t at = 0; at < 40; at++) {
    char text[40];
    for (int kind = 0; kind < 2; kind++) {
      memset(text, 'x', sizeof text);
      text[at] = kind ? '\0' : (char)0x80;
      ck_assert_uint_eq(text_utf8_prefix(text, sizeof text), at);
      text[at] = 1; /* a control character is UTF-8 */
      ck_assert_uint_eq(text_utf8_prefix(text, sizeof text), sizeof text);
    }
  }
}
END_TEST

START_TEST(a_terminal_could_be_attacked) {
  CHECK_PRINTABLE("plain \xC3\xA4 \xE8\xAF\x81", "plain \xC3\xA4 \xE8\xAF\x81");
  CHECK_PRINTABLE("\x1B[31mred\n", "\\x1B[31mred\\x0A");
  CHECK_PRINTABLE("\x7F", "\\x7F");
  CHECK_PRINTABLE("\xC2\x9B"
                  "31m",
                  "\\u{009B}31m");
  CHECK_PRINTABLE("a\xE2\x80\xAE"
                  "b",
                  "a\\u{202E}b"); /* right-to-left override */
  CHECK_PRINTABLE("a\xE2\x81\xA6"
                  "b",
                  "a\\u{2066}b"); /* isolate */
  CHECK_PRINTABLE("a\xD8\x9C"
                  "b",
                  "a\\u{061C}b"); /* Arabic letter mark */
  CHECK_PRINTABLE("a\xE2\x80\x8B"
                  "b",
                  "a\\u{200B}b");
  CHECK_PRINTABLE("a\xC2\xAD"
                  "b",
                  "a\\u{00AD}b"); /* soft hyphen */
  CHECK_PRINTABLE("\xF3\xA0\x80\xA0", "\\u{E0020}");
  CHECK_PRINTABLE("\xFF\xC3(", "\\xFF\\xC3(");
}
END_TEST

START_TEST(a_cut_text_is_longer_than_allowed_or_cut_amid_a_character) {
  const char *text = "a\xC3\xA4\x1B\xE8\xAF\x81-end-of-this-text";
  size_t whole = strlen("a\xC3\xA4\\x1B\xE8\xAF\x81-end-of-this-text");
  for (size_t most = 0; most < 40; most++) {
    char *shown = text_printable(text, most);
    size_t size = strlen(shown);
    ck_assert_uint_le(size, most);
    ck_assert_uint_eq(text_utf8_prefix(shown, size), size);
    if (most >= whole)
      ck_assert_uint_eq(size, whole);
    else if (most >= 3)
      ck_assert_str_eq(shown + size - 3, "...");
    alloc_free(shown);
  }
}
END_TEST

START_TEST(an_edit_distance_is_wrong) {
  ck_assert_uint_eq(text_distance("binding", "Bindng"), 1);
  ck_assert_uint_eq(text_distance("", "abc"), 3);
  ck_assert_uint_eq(text_distance("site", "sites"), 1);
}
END_TEST

START_TEST(hex_is_wrong) {
  char out[7];
  text_hex((const uint8_t *)"\x00\xAB\xFF", 3, out);
  ck_assert_str_eq(out, "00ABFF");
}
END_TEST

START_TEST(what_is_no_hex_gives_bytes) {
  uint8_t bytes[4] = {0};
  ck_assert(text_unhex(span_of("0aFF"), bytes));
  ck_assert_uint_eq(bytes[0], 10);
  ck_assert_uint_eq(bytes[1], 255);
  ck_assert(text_unhex(span_of(""), bytes));
  ck_assert(!text_unhex(span_of("0a0"), bytes));
  ck_assert(!text_unhex(span_of("0g"), bytes));
}
END_TEST

CHECK_MAIN("base/text", {
  tcase_add_test(tests, trim_leaves_blanks_or_takes_letters);
  tcase_add_test(tests, an_empty_span_without_a_start_is_read);
  tcase_add_test(tests, comparison_folds_more_or_less_than_ascii);
  tcase_add_test(tests, a_pattern_matches_the_wrong_names);
  tcase_add_test(tests, a_question_mark_is_a_byte_and_not_a_character);
  tcase_add_test(tests, an_evil_pattern_takes_forever);
  tcase_add_test(tests, a_thumbprint_is_misread);
  tcase_add_test(tests, a_number_is_misread);
  tcase_add_test(tests, something_that_is_not_utf8_passes);
  tcase_add_test(tests, the_fast_path_of_utf8_misses_a_byte);
  tcase_add_test(tests, a_terminal_could_be_attacked);
  tcase_add_test(tests, a_cut_text_is_longer_than_allowed_or_cut_amid_a_character);
  tcase_add_test(tests, an_edit_distance_is_wrong);
  tcase_add_test(tests, hex_is_wrong);
  tcase_add_test(tests, what_is_no_hex_gives_bytes);
})
