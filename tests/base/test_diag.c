/* Tests of base/diag. */
#include "base/diag.h"

#include "check_main.h"

START_TEST(a_diagnostic_does_not_say_what_it_was_told) {
  struct diags diags = {0};
  diags_add(&diags, DIAG_WARNING, "web.config", 3, 7, "%d of %s", 2, "them");
  diags_add(&diags, DIAG_NOTE, NULL, 0, 0, "no file");
  ck_assert_uint_eq(diags.count, 2);
  ck_assert_str_eq(diags.items[0].file, "web.config");
  ck_assert_uint_eq(diags.items[0].line, 3);
  ck_assert_uint_eq(diags.items[0].column, 7);
  ck_assert_str_eq(diags.items[0].message, "2 of them");
  ck_assert_str_eq(diags.items[1].file, "");
  ck_assert_uint_eq(diags_count(&diags, DIAG_WARNING), 1);
  ck_assert_str_eq(diag_level_word(DIAG_ERROR), "error");
  diags_dispose(&diags);
  ck_assert_uint_eq(diags.count, 0);
}
END_TEST

START_TEST(a_flood_of_notes_drowns_an_error) {
  struct diags diags = {0};
  for (int i = 0; i < 20000; i++)
    diags_add(&diags, DIAG_NOTE, "", 0, 0, "a link");
  size_t notes = diags.count;
  ck_assert_uint_eq(diags.dropped, 20000 - notes);
  diags_add(&diags, DIAG_WARNING, "", 0, 0, "a limit");
  ck_assert_uint_eq(diags_count(&diags, DIAG_WARNING), 1);
  for (int i = 0; i < 20000; i++)
    diags_add(&diags, DIAG_WARNING, "", 0, 0, "a limit");
  diags_add(&diags, DIAG_ERROR, "", 0, 0, "missing");
  ck_assert_uint_eq(diags_count(&diags, DIAG_ERROR), 1);
  for (int i = 0; i < 20000; i++)
    diags_add(&diags, DIAG_ERROR, "", 0, 0, "missing");
  ck_assert_uint_eq(diags.count, DIAGS_MOST);
  diags_dispose(&diags);
}
END_TEST

CHECK_MAIN("base/diag", {
  tcase_add_test(tests, a_diagnostic_does_not_say_what_it_was_told);
  tcase_add_test(tests, a_flood_of_notes_drowns_an_error);
})
