/* Tests of base/moment and the calendar below it. */
#define _DEFAULT_SOURCE
#include "base/moment.h"

#include "base/system.h"
#include "check_main.h"

static int64_t parsed(const char *text) {
  int64_t seconds = -1;
  ck_assert_msg(moment_parse(text, &seconds), "not read: %s", text);
  return seconds;
}

START_TEST(a_moment_is_misread) {
  ck_assert_int_eq(parsed("1970-01-01"), 0);
  ck_assert_int_eq(parsed("2024-12-03T14:47:32Z"), 1733237252);
  ck_assert_int_eq(parsed("2024-12-03T14:47:32.1234567Z"), 1733237252);
  ck_assert_int_eq(parsed("2024-12-03 14:47:32"), 1733237252);
  ck_assert_int_eq(parsed("2024-12-03T14:47"), 1733237220);
  ck_assert_int_eq(parsed("2024-12-03T15:47:32.5+01:00"), 1733237252);
  ck_assert_int_eq(parsed("2024-12-03T09:17:32-05:30"), 1733237252);
  ck_assert_int_eq(parsed("2000-02-29"), 951782400);
  ck_assert_int_eq(parsed("1601-01-01"), INT64_C(-11644473600));
  ck_assert_int_eq(parsed("9999-12-31T23:59:59Z"), INT64_C(253402300799));
}
END_TEST

START_TEST(something_that_is_no_moment_is_read) {
  static const char *const bad[] = {"",
                                    "2024",
                                    "2024-13-01",
                                    "2024-00-01",
                                    "2023-02-29",
                                    "1900-02-29",
                                    "2024-04-31",
                                    "2024-01-00",
                                    "24-01-01",
                                    "2024-1-1",
                                    "1600-12-31",
                                    "2024-12-03T",
                                    "2024-12-03T24:00",
                                    "2024-12-03T14:60",
                                    "2024-12-03T14:47:61",
                                    "2024-12-03T14:47:32.",
                                    "2024-12-03T14:47:32.Z",
                                    "2024-12-03T14:47:32z",
                                    "2024-12-03T14:47:32+15:00",
                                    "2024-12-03T14:47:32+01:60",
                                    "2024-12-03T14:47:32+0100",
                                    "2024-12-03T14:47:32 ",
                                    "2024-12-03Z",
                                    " 2024-12-03",
                                    "12/03/2024"};
  int64_t seconds;
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
    ck_assert_msg(!moment_parse(bad[i], &seconds), "read: %s", bad[i]);
}
END_TEST

START_TEST(a_moment_is_miswritten) {
  char out[21];
  moment_format(1733237252, out);
  ck_assert_str_eq(out, "2024-12-03T14:47:32Z");
  moment_format(-1, out);
  ck_assert_str_eq(out, "1969-12-31T23:59:59Z");
}
END_TEST

START_TEST(a_file_from_the_far_future_breaks_the_report) {
  char out[21];
  moment_format(INT64_MAX, out);
  ck_assert_str_eq(out, "9999-12-31T23:59:59Z");
  moment_format(INT64_MIN, out);
  ck_assert_str_eq(out, "0001-01-01T00:00:00Z");
}
END_TEST

START_TEST(the_time_zone_of_the_machine_matters) {
  setenv("TZ", "America/New_York", 1);
  ck_assert_int_eq(parsed("2024-07-03T14:47:32"), 1720018052);
  char out[21];
  moment_format(1720018052, out);
  ck_assert_str_eq(out, "2024-07-03T14:47:32Z");
}
END_TEST

START_TEST(writing_and_reading_do_not_agree) {
  for (int64_t seconds = INT64_C(-11644473600); seconds < INT64_C(253402300799);
       seconds += INT64_C(86400) * 365 + 4711) {
    char out[21];
    moment_format(seconds, out);
    ck_assert_int_eq(parsed(out), seconds);
  }
}
END_TEST

CHECK_MAIN("base/moment", {
  tcase_add_test(tests, a_moment_is_misread);
  tcase_add_test(tests, something_that_is_no_moment_is_read);
  tcase_add_test(tests, a_moment_is_miswritten);
  tcase_add_test(tests, a_file_from_the_far_future_breaks_the_report);
  tcase_add_test(tests, the_time_zone_of_the_machine_matters);
  tcase_add_test(tests, writing_and_reading_do_not_agree);
})
