/* Bundles that are not what they should be: a clear message, the exit status of
 * the contract, and an end in bounded time. */
#include "check_main.h"
#include "cli/support_program.h"
#include "cli/support_zip.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/text.h"

#include <string.h>

#define DAMAGED "application-host-damaged"

static void nothing_is_readable(const char *path, const char *word) {
  static const char *const commands[] = {"check", "evidence"};
  for (size_t i = 0; i < 2; i++) {
    struct run run = RUN(commands[i], path);
    ck_assert_msg(run.status == 2, "%s ended with %d\n%.1500s%.1500s", commands[i], run.status,
                  run.out, run.err);
    ck_assert_msg(strstr(run.err, word) != NULL, "no \"%s\" in: %s", word, run.err);
    ck_assert_str_eq(run.out, "");
    run_dispose(&run);
  }
}

START_TEST(an_empty_folder_is_found_healthy) {
  char *folder = folder_new();
  nothing_is_readable(folder, "there is no file in");
  folder_remove(folder);
}
END_TEST

START_TEST(unrelated_files_are_found_healthy) {
  char *folder = folder_new();
  folder_write_text(folder, "notes.txt", "Call the customer back.\n");
  folder_write_text(folder, "order.xml", "<order><item/></order>\n");
  folder_write(folder, "data.bin", "\0\1\2\3", 4);
  nothing_is_readable(folder, "notes.txt");
  nothing_is_readable(folder, "siteglass looks for");
  folder_remove(folder);
}
END_TEST

START_TEST(a_folder_without_permission_is_found_healthy) {
  char *folder = folder_new(), *locked = path_of(folder, "locked");
  folder_make(folder, "locked");
  folder_write_text(locked, "applicationHost.config", "<configuration/>\n");
  ck_assert_int_eq(chmod(folder, 0755), 0);
  ck_assert_int_eq(chmod(locked, 0000), 0);
  struct run run = program_run_unprivileged((const char *const[]){"check", locked, NULL});
  if (run.status == 127 || run.status == 126) {
    printf("the program cannot be started by another user here\n");
  } else {
    ck_assert_msg(run.status == 2, "ended with %d\n%.1500s%.1500s", run.status, run.out, run.err);
    ck_assert_msg(strstr(run.err, "ermission denied") != NULL, "%s", run.err);
  }
  run_dispose(&run);
  ck_assert_int_eq(chmod(locked, 0755), 0);
  alloc_free(locked);
  folder_remove(folder);
}
END_TEST

/* A file of this content, called applicationHost.config, is a critical finding. */
static void is_damaged(const char *bytes, size_t size) {
  char *folder = folder_new();
  folder_write(folder, "applicationHost.config", bytes, size);
  struct check_run check = CHECK(folder);
  ck_assert_msg(check.run.status == 1, "ended with %d\n%s", check.run.status, check.run.err);
  ck_assert_str_eq(text_at(finding_of(&check, DAMAGED), "severity"), "critical");
  size_t i;
  json_t *item;
  json_array_foreach(json_object_get(check.report, "verdicts"), i, item) {
    if (!text_equal(text_at(item, "ruleId"), DAMAGED))
      ck_assert_msg(text_equal(text_at(item, "result"), "unknown"), "%s is %s",
                    text_at(item, "ruleId"), text_at(item, "result"));
  }
  check_dispose(&check);
  folder_remove(folder);
}

START_TEST(an_empty_application_host_is_found_healthy) {
  is_damaged("", 0);
}
END_TEST

START_TEST(a_picture_called_application_host_is_found_healthy) {
  static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\x1f\x15\xc4";
  is_damaged(png, sizeof png - 1);
}
END_TEST

START_TEST(an_application_host_that_is_cut_off_is_found_healthy) {
  size_t size;
  char *whole = file_read(sample("kb2779694-healthy/applicationHost.config"), &size);
  for (size_t part = 1; part < 8; part++)
    is_damaged(whole, size * part / 8);
  alloc_free(whole);
}
END_TEST

START_TEST(one_element_of_100000_attributes_hangs_the_program) {
  struct buffer text = buffer_make(1 << 24);
  buffer_add_text(&text, "<configuration><system.applicationHost><sites");
  for (int i = 0; i < 100000; i++)
    buffer_add_format(&text, " a%d='1'", i);
  buffer_add_text(&text, "/></system.applicationHost></configuration>");
  is_damaged(text.data, text.size);
  buffer_dispose(&text);
}
END_TEST

START_TEST(deep_nesting_or_a_doctype_ends_the_program) {
  struct buffer text = buffer_make(1 << 24);
  buffer_add_text(&text, "<configuration>");
  for (int i = 0; i < 200000; i++)
    buffer_add_text(&text, "<a>");
  is_damaged(text.data, text.size);
  buffer_dispose(&text);
  static const char laughs[] = "<!DOCTYPE configuration [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>\n"
                               "<configuration>&b;</configuration>\n";
  is_damaged(laughs, sizeof laughs - 1);
}
END_TEST

/* The other artifacts of the bundle still speak. */
START_TEST(a_damaged_file_takes_the_others_with_it) {
  char *folder = folder_new();
  folder_write_text(folder, "applicationHost.config", "<configuration><system.applicationHost>");
  folder_copy(folder, "GetAuthConfig.xml", sample("kb2779694-broken/GetAuthConfig.xml"));
  folder_copy(folder, "certutil-my.txt", sample("kb2779694-broken/certutil-my.txt"));
  struct check_run check = CHECK(folder);
  ck_assert_int_eq(check.run.status, 1);
  ck_assert_uint_eq(findings_of(&check, DAMAGED), 1);
  ck_assert_str_eq(verdict_of(&check, "oauth-certificate-missing"), "pass");
  check_dispose(&check);
  folder_remove(folder);
}
END_TEST

START_TEST(a_zip_cut_in_half_is_found_healthy) {
  char *folder = folder_new(), *whole = path_of(folder, "whole.zip");
  zip_folder(whole, sample("kb2779694-healthy"), "");
  size_t size;
  char *bytes = file_read(whole, &size);
  for (size_t part = 1; part < 8; part++) {
    char *half = folder_new();
    folder_write(half, "half.zip", bytes, size * part / 8);
    struct run run = RUN("check", half);
    ck_assert_msg(run.status == 2 || run.status == 3 || run.status == 1,
                  "%zu of 8 parts ended with %d\n%.1500s%.1500s", part, run.status, run.out,
                  run.err);
    ck_assert_msg(strstr(run.out, "half.zip") || strstr(run.err, "half.zip"), "%.1500s%.1500s",
                  run.out, run.err);
    run_dispose(&run);
    folder_remove(half);
  }
  alloc_free(bytes);
  alloc_free(whole);
  folder_remove(folder);
}
END_TEST

START_TEST(a_file_over_the_limit_is_passed_over_in_silence) {
  struct check_run check = CHECK("--max-file-size", "20K", sample("kb2779694-healthy"));
  ck_assert_int_eq(check.run.status, 3);
  ck_assert_uint_eq(findings_from(&check, "low"), 0);
  ck_assert_ptr_nonnull(strstr(check.run.out, "limit"));
  check_dispose(&check);
  struct run run = RUN("check", "--max-total-size", "1", sample("kb2779694-healthy"));
  ck_assert_int_eq(run.status, 2);
  run_dispose(&run);
  check = CHECK("--max-files", "2", sample("kb2779694-healthy"));
  ck_assert_int_ne(check.run.status, 0);
  check_dispose(&check);
}
END_TEST

START_TEST(a_hostile_name_reaches_the_terminal) {
  char *folder = folder_new();
  folder_make(folder, "\033]0;owned\a<b>");
  char *inside = path_of(folder, "\033]0;owned\a<b>");
  folder_copy(inside, "applicationHost.config", sample("kb2779694-broken/applicationHost.config"));
  folder_write_text(inside, "\033[2Jnote.txt", "nothing\n");
  struct run run = RUN("check", folder);
  ck_assert_ptr_null(memchr(run.out, '\033', run.out_size));
  ck_assert_ptr_null(memchr(run.err, '\033', run.err_size));
  ck_assert_int_eq(run.status, 3);
  run_dispose(&run);
  alloc_free(inside);
  folder_remove(folder);
}
END_TEST

CHECK_MAIN("cli/bad input", {
  tcase_add_test(tests, an_empty_folder_is_found_healthy);
  tcase_add_test(tests, unrelated_files_are_found_healthy);
  tcase_add_test(tests, a_folder_without_permission_is_found_healthy);
  tcase_add_test(tests, an_empty_application_host_is_found_healthy);
  tcase_add_test(tests, a_picture_called_application_host_is_found_healthy);
  tcase_add_test(tests, an_application_host_that_is_cut_off_is_found_healthy);
  tcase_add_test(tests, one_element_of_100000_attributes_hangs_the_program);
  tcase_add_test(tests, deep_nesting_or_a_doctype_ends_the_program);
  tcase_add_test(tests, a_damaged_file_takes_the_others_with_it);
  tcase_add_test(tests, a_zip_cut_in_half_is_found_healthy);
  tcase_add_test(tests, a_file_over_the_limit_is_passed_over_in_silence);
  tcase_add_test(tests, a_hostile_name_reaches_the_terminal);
})
