/* Exports in place of files, end to end. */
#include "check_main.h"
#include "cli/support_program.h"

#include "base/alloc.h"
#include "base/text.h"

START_TEST(sites_and_certificates_that_match_are_called_missing) {
  NEEDS_SHARED();
  struct check_run check = CHECK(shared("exchange/matching-pair"));
  char *all = findings_text(&check, "info");
  ck_assert_msg(findings_from(&check, "info") == 0, "%s", all);
  alloc_free(all);
  ck_assert_int_eq(check.run.status, 3);
  static const char *const decided[] = {
      "exchange-backend-certificate-missing", "https-binding-without-usable-certificate",
      "bound-certificate-without-private-key", "exchange-backend-https-binding-narrowed"};
  for (size_t i = 0; i < sizeof decided / sizeof *decided; i++)
    ck_assert_str_eq(verdict_of(&check, decided[i]), "pass");
  check_dispose(&check);
}
END_TEST

CHECK_MAIN("cli/exports",
           { tcase_add_test(tests, sites_and_certificates_that_match_are_called_missing); })
