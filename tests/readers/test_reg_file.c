/* Registry files: every form of value, and what is covered when they break off. */
#include "check_main.h"

#include "base/text.h"
#include "support_registry.h"

#include <string.h>

#define HEAD "Windows Registry Editor Version 5.00\r\n\r\n"
#define A "HKEY_LOCAL_MACHINE\\SOFTWARE\\A"
#define KEY_A "[" A "]\r\n"
#define EXPORT_A "export all " A

static void expect_value(const char *value, const char *wanted) {
  char *text = alloc_format(HEAD KEY_A "%s\r\n\r\n", value);
  char *shown = alloc_format(EXPORT_A "\nkey " A "\n  %s\n", wanted);
  registry_expect(text, shown);
  alloc_free(shown);
  alloc_free(text);
}

START_TEST(a_form_of_value_is_not_read) {
  expect_value("\"n\"=\"a \\\\ \\\"b\\\"\"", "n=REG_SZ:a \\ \"b\"");
  expect_value("@=\"x\"", "=REG_SZ:x");
  expect_value("\"a\\\\b\\\"c\"=dword:0000000a", "a\\b\"c=REG_DWORD:10");
  expect_value("\"n\"=dword:ffffffff", "n=REG_DWORD:4294967295");
  expect_value("\"n\"=hex:0A,ff", "n=REG_BINARY:0AFF");
  expect_value("\"n\"=hex:", "n=REG_BINARY:");
  expect_value("\"n\"=hex(0):01", "n=REG_NONE:01");
  expect_value("\"n\"=hex(b):01,00,00,00,01,00,00,00", "n=REG_QWORD:4294967297");
  expect_value("\"n\"=hex(4):01,02,00,00", "n=REG_DWORD:513");
  expect_value("\"n\"=hex(2):25,00,e4,00,00,00", "n=REG_EXPAND_SZ:%\xC3\xA4");
  expect_value("\"n\"=hex(7):61,00,00,00,62,00,00,00,00,00", "n=REG_MULTI_SZ:a\nb");
  expect_value("\"n\"=hex:01,\\\r\n  02,\\\r\n  03", "n=REG_BINARY:010203");
  expect_value("\"n\"=hex(12):01", "n=REG_0x12:01");
  expect_value("\"n\"=\"two\r\nlines\"", "n=REG_SZ:two\nlines");
  expect_value("; a comment\r\n\"n\"=\"x\"", "n=REG_SZ:x");
}
END_TEST

START_TEST(a_value_that_cannot_be_read_is_believed) {
  expect_value("\"n\"=1", "n?damaged");
  expect_value("\"n\"=dword:", "n?damaged");
  expect_value("\"n\"=dword:000000001", "n?damaged");
  expect_value("\"n\"=hex:0g", "n?damaged");
  expect_value("\"n\"=hex(b):01,00", "n?damaged");
  expect_value("\"n\"=\"x\" y", "n?damaged");
}
END_TEST

START_TEST(the_old_form_is_read_as_the_new_one) {
  registry_expect("REGEDIT4\r\n\r\n" KEY_A "\"n\"=hex(2):25,41,00\r\n"
                  "\"m\"=hex(7):61,00,62,63,00,00\r\n\r\n",
                  EXPORT_A "\nkey " A "\n  n=REG_EXPAND_SZ:%A\n  m=REG_MULTI_SZ:a\nbc\n");
}
END_TEST

START_TEST(what_is_below_the_first_key_is_an_export_of_its_own) {
  registry_expect(HEAD KEY_A "\r\n[" A "\\B]\r\n\r\n[" A "B]\r\n\r\n",
                  EXPORT_A "\nkey " A "\nkey " A "\\B\nexport all " A "B\nkey " A "B\n");
}
END_TEST

START_TEST(a_file_that_breaks_off_tells_what_is_not_there) {
  registry_expect(HEAD KEY_A "\"n\"=dword:00000001\r\n",
                  EXPORT_A " !truncated\nkey " A " !value=truncated\n  n=REG_DWORD:1\n");
  registry_expect(HEAD KEY_A "\"n\"=dword:0000",
                  EXPORT_A " !truncated\nkey " A " !value=truncated\n  n?truncated\n");
  registry_expect(HEAD KEY_A "\"n\"=\"abc",
                  EXPORT_A " !truncated\nkey " A " !value=truncated\n  n?truncated\n");
  registry_expect(HEAD KEY_A "\"n\"=hex:01,02",
                  EXPORT_A " !truncated\nkey " A " !value=truncated\n  n?truncated\n");
  registry_expect(HEAD KEY_A "\"n\"=hex:01,\\\r\n",
                  EXPORT_A " !truncated\nkey " A " !value=truncated\n  n?truncated\n");
  registry_expect(HEAD KEY_A "\"nam", EXPORT_A " !truncated\nkey " A " !value=truncated\n");
  registry_expect(HEAD KEY_A "\r\n[" A "\\Serv",
                  EXPORT_A " !truncated\nkey " A " !value=truncated\n");
}
END_TEST

START_TEST(a_damaged_line_may_have_been_anything) {
  registry_expect(HEAD KEY_A "rubbish\r\n\"n\"=\"x\"\r\n\r\n",
                  EXPORT_A " !damaged\nkey " A " !value=damaged\n  n=REG_SZ:x\n");
}
END_TEST

START_TEST(a_file_that_deletes_is_taken_for_an_export) {
  registry_expect(HEAD KEY_A "\"n\"=-\r\n\r\n", "none");
  registry_expect(HEAD KEY_A "@=-\r\n\r\n", "none");
  registry_expect(HEAD "[-" A "]\r\n\r\n", "none");
}
END_TEST

#define SET(n) "HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet00" n
#define CURRENT "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet"

START_TEST(a_control_set_that_is_not_current_is_believed) {
  registry_expect(HEAD "[" SET("1") "\\A]\r\n\"n\"=\"1\"\r\n\r\n",
                  "export all " CURRENT "\\A\nkey " CURRENT "\\A\n  n=REG_SZ:1\n");
  registry_expect(HEAD "[" SET("1") "\\A]\r\n\"n\"=\"1\"\r\n\r\n[" CURRENT "\\A]\r\n\r\n",
                  "export all " CURRENT "\\A\nkey " CURRENT "\\A\n");
  registry_expect(
      HEAD "[HKEY_LOCAL_MACHINE\\SYSTEM]\r\n\r\n[" SET("1") "]\r\n\r\n[" SET(
          "1") "\\A]\r\n\r\n[" SET("2") "\\B]\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM"
                                        "\\Select]\r\n\"Current\"=dword:00000002\r\n\r\n",
      "export all HKEY_LOCAL_MACHINE\\SYSTEM\nkey HKEY_LOCAL_MACHINE\\SYSTEM\n"
      "key " CURRENT "\\B\nkey HKEY_LOCAL_MACHINE\\SYSTEM\\Select\n"
      "  Current=REG_DWORD:2\n");
  registry_expect(HEAD "[" SET("1") "\\A]\r\n\r\n[" SET("2") "\\A]\r\n\r\n",
                  "export all " CURRENT "\\A !ambiguous\nexport all " CURRENT "\\A !ambiguous\n");
}
END_TEST

START_TEST(a_secret_is_kept) {
  expect_value("\"DefaultPassword\"=\"geheim\"", "DefaultPassword?encrypted");
  expect_value("\"PrivateKeyPassword\"=hex:01", "PrivateKeyPassword?encrypted");
  expect_value("\"LimitBlankPasswordUse\"=dword:00000001", "LimitBlankPasswordUse=REG_DWORD:1");
}
END_TEST

/* Hostile: each is read in time that grows with its size, and without harm. */
START_TEST(a_large_file_is_read_in_the_square_of_its_size) {
  struct buffer {
    char *text;
    size_t size;
  } all[2] = {{alloc_bytes(1 << 22), 0}, {alloc_bytes(1 << 22), 0}};
  while (all[0].size < (1 << 21)) /* quotes that never close */
    all[0].size += (size_t)sprintf(all[0].text + all[0].size, "\"n\"=\"x\n");
  while (all[1].size < (1 << 21)) /* one key again and again */
    all[1].size += (size_t)sprintf(all[1].text + all[1].size, KEY_A "\"n%zu\"=\"\"\n", all[1].size);
  for (size_t i = 0; i < 2; i++) {
    char *text = alloc_format(HEAD KEY_A "%s", all[i].text);
    struct run run;
    run_start(&run);
    run_add_text(&run, "x", text);
    run_read(&run);
    ck_assert(registry_reading(&run, "registry") != NULL);
    run_end(&run);
    alloc_free(text);
    alloc_free(all[i].text);
  }
  char *deep = alloc_bytes(8192);
  strcpy(deep, HEAD KEY_A "[" A);
  while (strlen(deep) < 6000)
    strcat(deep, "\\a");
  strcat(deep, "]\n\n");
  registry_expect(deep, EXPORT_A " !limit\nkey " A "\n");
  alloc_free(deep);
}
END_TEST

CHECK_MAIN("readers/reg_file", {
  tcase_add_test(tests, a_form_of_value_is_not_read);
  tcase_add_test(tests, a_value_that_cannot_be_read_is_believed);
  tcase_add_test(tests, the_old_form_is_read_as_the_new_one);
  tcase_add_test(tests, what_is_below_the_first_key_is_an_export_of_its_own);
  tcase_add_test(tests, a_file_that_breaks_off_tells_what_is_not_there);
  tcase_add_test(tests, a_damaged_line_may_have_been_anything);
  tcase_add_test(tests, a_file_that_deletes_is_taken_for_an_export);
  tcase_add_test(tests, a_control_set_that_is_not_current_is_believed);
  tcase_add_test(tests, a_secret_is_kept);
  tcase_add_test(tests, a_large_file_is_read_in_the_square_of_its_size);
})
