/* Tests of base/regex: above all, that a limit is never "no match". */
#include "base/regex.h"

#include "check_main.h"

#include <string.h>

static struct regex *compiled(const char *pattern, bool ignore_case) {
  char error[128] = "";
  size_t offset = 0;
  struct regex *regex = regex_new(pattern, ignore_case, error, &offset);
  ck_assert_msg(regex != NULL, "%s at %zu", error, offset);
  return regex;
}

static enum regex_answer ask(const char *pattern, const char *text) {
  struct regex *regex = compiled(pattern, false);
  enum regex_answer answer = regex_match(regex, text, strlen(text), NULL);
  regex_free(regex);
  return answer;
}

START_TEST(a_simple_question_is_answered_wrongly) {
  ck_assert_int_eq(ask("^v[24]\\.0$", "v4.0"), REGEX_MATCH);
  ck_assert_int_eq(ask("^v[24]\\.0$", "v3.0"), REGEX_NO_MATCH);
  ck_assert_int_eq(ask("^.$", "\xC3\xBC"), REGEX_MATCH); /* a character, not a byte */
  struct regex *regex = compiled("STRASSE", true);
  ck_assert_int_eq(regex_match(regex, "strasse", 7, NULL), REGEX_MATCH);
  regex_free(regex);
}
END_TEST

START_TEST(groups_are_not_where_they_matched) {
  struct regex *regex = compiled("(a)|(b)(c)?", false);
  struct regex_group groups[REGEX_GROUPS];
  ck_assert_int_eq(regex_match(regex, "xbc", 3, groups), REGEX_MATCH);
  ck_assert_uint_eq(groups[0].start, 1);
  ck_assert_uint_eq(groups[0].end, 3);
  ck_assert_uint_eq(groups[1].start, (size_t)-1);
  ck_assert_uint_eq(groups[2].start, 1);
  ck_assert_uint_eq(groups[3].end, 3);
  ck_assert_uint_eq(groups[9].start, (size_t)-1);
  regex_free(regex);
}
END_TEST

START_TEST(more_groups_than_there_is_room_for_break_something) {
  struct regex *regex = compiled("(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)(.)", false);
  struct regex_group groups[REGEX_GROUPS];
  ck_assert_int_eq(regex_match(regex, "abcdefghijkl", 12, groups), REGEX_MATCH);
  ck_assert_uint_eq(groups[9].start, 8);
  regex_free(regex);
}
END_TEST

START_TEST(an_evil_pattern_is_answered_no_match) {
  char text[64];
  memset(text, 'a', 60);
  text[60] = '\0';
  ck_assert_int_eq(ask("^(a+)+$", text), REGEX_MATCH);
  text[59] = '!';
  ck_assert_int_eq(ask("^(a+)+b?$", text), REGEX_LIMIT);
  ck_assert_int_eq(ask("^(a|a?)+$", text), REGEX_LIMIT);
}
END_TEST

START_TEST(bytes_that_are_not_utf8_match) {
  ck_assert_int_eq(ask(".", "\xFF"), REGEX_NO_MATCH);
  ck_assert_int_eq(ask("a", "a\xC3"), REGEX_NO_MATCH);
  ck_assert_int_eq(ask("a", "a\xED\xA0\x80"), REGEX_NO_MATCH);
}
END_TEST

START_TEST(a_bad_pattern_is_taken_or_its_place_is_wrong) {
  char error[128] = "";
  size_t offset = 0;
  ck_assert(regex_new("abc(", false, error, &offset) == NULL);
  ck_assert(error[0] != '\0');
  ck_assert_uint_eq(offset, 4);
  ck_assert(regex_new("\\C", false, error, &offset) == NULL);
  ck_assert(regex_new("\xFF", false, error, &offset) == NULL);
}
END_TEST

START_TEST(a_text_with_a_nul_ends_there) {
  struct regex *regex = compiled("a.b$", false);
  ck_assert_int_eq(regex_match(regex, "a\0b", 3, NULL), REGEX_MATCH);
  ck_assert_int_eq(regex_match(regex, "", 0, NULL), REGEX_NO_MATCH);
  regex_free(regex);
}
END_TEST

CHECK_MAIN("base/regex", {
  tcase_add_test(tests, a_simple_question_is_answered_wrongly);
  tcase_add_test(tests, groups_are_not_where_they_matched);
  tcase_add_test(tests, more_groups_than_there_is_room_for_break_something);
  tcase_add_test(tests, an_evil_pattern_is_answered_no_match);
  tcase_add_test(tests, bytes_that_are_not_utf8_match);
  tcase_add_test(tests, a_bad_pattern_is_taken_or_its_place_is_wrong);
  tcase_add_test(tests, a_text_with_a_nul_ends_there);
})
