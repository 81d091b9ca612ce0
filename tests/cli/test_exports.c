/* Exports in place of files, end to end. */
#include "check_main.h"
#include "cli/support_program.h"

#include "base/text.h"

static int passed(const struct check_run *check, const char *rule) {
  size_t i;
  json_t *verdict;
  json_array_foreach(json_object_get(check->report, "verdicts"), i, verdict) {
    if (text_equal(json_string_value(json_object_get(verdict, "ruleId")), rule))
      return (int)json_integer_value(json_object_get(verdict, "passed"));
  }
  return -1;
}

START_TEST(sites_and_certificates_that_match_are_called_missing) {
  NEEDS_SHARED();
  struct check_run check = CHECK(shared("exchange/matching-pair"));
  /* Records of HTTP.SYS that no binding shows may serve other clients: with Get-Website alone
   * that stays open, but what is shown passes. */
  static const struct {
    const char *rule;
    int passed;
  } decided[] = {{"exchange-backend-certificate-missing", 1},
                 {"https-binding-without-usable-certificate", 3},
                 {"bound-certificate-without-private-key", 3},
                 {"exchange-backend-https-binding-narrowed", 1}};
  for (size_t i = 0; i < sizeof decided / sizeof *decided; i++) {
    ck_assert_str_ne(verdict_of(&check, decided[i].rule), "fail");
    ck_assert_msg(passed(&check, decided[i].rule) == decided[i].passed, "%s: %d", decided[i].rule,
                  passed(&check, decided[i].rule));
  }
  check_dispose(&check);
}
END_TEST

CHECK_MAIN("cli/exports",
           { tcase_add_test(tests, sites_and_certificates_that_match_are_called_missing); })
