/* The table of formats, and the words of verdicts. */
#include "../check_main.h"

#include "report/report.h"

#include <string.h>

START_TEST(a_format_is_not_found_or_has_no_summary) {
  static const char *const names[] = {"text", "json", "sarif"};
  for (size_t i = 0; i < 3; i++) {
    const struct report_format *format = report_format_find(names[i]);
    ck_assert_ptr_nonnull(format);
    ck_assert_str_eq(format->name, names[i]);
    ck_assert_uint_gt(strlen(format->summary), 0);
  }
  ck_assert_ptr_null(report_format_find("JSON"));
  ck_assert_ptr_null(report_format_find(""));
}
END_TEST

START_TEST(a_severity_is_not_its_word) {
  static const char *const words[] = {"info", "low", "medium", "high", "critical"};
  for (int i = SEVERITY_INFO; i <= SEVERITY_CRITICAL; i++) {
    enum severity severity = SEVERITY_INFO;
    ck_assert_str_eq(severity_word((enum severity)i), words[i]);
    ck_assert(severity_from_word(words[i], &severity));
    ck_assert_int_eq((int)severity, i);
  }
  enum severity severity = SEVERITY_HIGH;
  ck_assert(!severity_from_word("none", &severity));
  ck_assert(!severity_from_word("Critical", &severity));
  ck_assert_int_eq(severity, SEVERITY_HIGH);
}
END_TEST

START_TEST(a_verdict_is_not_its_word) {
  ck_assert_str_eq(verdict_word(VERDICT_FAIL), "fail");
  ck_assert_str_eq(verdict_word(VERDICT_PASS), "pass");
  ck_assert_str_eq(verdict_word(VERDICT_NOT_APPLICABLE), "notapplicable");
  ck_assert_str_eq(verdict_word(VERDICT_UNKNOWN), "unknown");
  ck_assert_str_eq(verdict_word(VERDICT_ERROR), "error");
}
END_TEST

CHECK_MAIN("report/formats", {
  tcase_add_test(tests, a_format_is_not_found_or_has_no_summary);
  tcase_add_test(tests, a_severity_is_not_its_word);
  tcase_add_test(tests, a_verdict_is_not_its_word);
})
