/* Output of `reg query`: what it lists, and what it covers. */
#include "check_main.h"

#include "support_registry.h"

#define A "HKEY_LOCAL_MACHINE\\SOFTWARE\\A"
#define VALUES "    n    REG_SZ    x y\r\n    d    REG_DWORD    0xa\r\n"
#define SHOWN "  n=REG_SZ:x y\n  d=REG_DWORD:10\n"
#define ONLY_NAME " !value=not-in-bundle !key=not-in-bundle\n"
#define DOUBT " !value=ambiguous !key=ambiguous\n"

START_TEST(a_type_of_value_is_not_read) {
  registry_expect("\r\n" A "\r\n" VALUES
                  "    q    REG_QWORD    0x100000000\r\n    b    REG_BINARY    0AFF\r\n"
                  "    m    REG_MULTI_SZ    a\\0b\r\n    e    REG_EXPAND_SZ    %A%\r\n"
                  "    (Standard)    REG_SZ    text\r\n    a b    REG_SZ    \r\n"
                  "    o    REG_NONE    \r\n\r\n",
                  "export all " A "\nkey " A "\n" SHOWN
                  "  q=REG_QWORD:4294967296\n  b=REG_BINARY:0AFF\n  m=REG_MULTI_SZ:a\nb\n"
                  "  e=REG_EXPAND_SZ:%A%\n  =REG_SZ:text\n  a b=REG_SZ:\n  o=REG_NONE:\n");
  registry_expect("! REG.EXE VERSION 3.0\r\n\r\n" A "\r\n    n\tREG_SZ\tx y\r\n    d\tREG_DWORD"
                  "\t0xa\r\n\r\n",
                  "export all " A "\nkey " A "\n" SHOWN);
}
END_TEST

START_TEST(names_of_subkeys_are_taken_for_empty_keys) {
  registry_expect("\r\n" A "\r\n" VALUES "\r\n" A "\\B\r\n" A "\\C\r\n\r\n",
                  "export names " A "\nkey " A "\n" SHOWN "key " A "\\B" ONLY_NAME "key " A
                  "\\C" ONLY_NAME);
  registry_expect("\r\n" A "\r\n" VALUES "\r\n" A "\\B\r\n\r\n",
                  "export names " A "\nkey " A "\n" SHOWN "key " A "\\B" ONLY_NAME);
}
END_TEST

START_TEST(a_whole_tree_is_taken_for_names) {
  registry_expect("\r\n" A "\r\n" VALUES "\r\n" A "\\B\r\n\r\n" A "\\C\r\n\r\n",
                  "export all " A "\nkey " A "\n" SHOWN "key " A "\\B\nkey " A "\\C\n");
  registry_expect(A "\r\n" VALUES "\r\n" A "\\B\r\n" VALUES "\r\n",
                  "export all " A "\nkey " A "\n" SHOWN "key " A "\\B\n" SHOWN);
}
END_TEST

START_TEST(a_single_value_or_a_search_is_taken_for_all_there_is) {
  registry_expect("\r\n" A "\r\n    n    REG_SZ    x\r\n\r\n", "key " A DOUBT "  n=REG_SZ:x\n");
  registry_expect("\r\n" A "\r\n    n    REG_SZ    x\r\n\r\n" A "\\B\r\n    n    REG_SZ    y\r\n"
                  "\r\nSuchende: 2 \xC3\x9C"
                  "bereinstimmung(en) gefunden.\r\n",
                  "key " A DOUBT "  n=REG_SZ:x\nkey " A "\\B" DOUBT "  n=REG_SZ:y\n");
  registry_expect(A "\\B\r\n" A "\\C\r\n" A "\\D\r\n\r\n",
                  "key " A "\\B" DOUBT "key " A "\\C" DOUBT "key " A "\\D" DOUBT);
}
END_TEST

START_TEST(an_output_that_breaks_off_is_whole) {
  registry_expect("\r\n" A "\r\n" VALUES,
                  "export all " A " !truncated\nkey " A " !value=truncated\n" SHOWN);
  registry_expect("\r\n" A "\r\n" VALUES "\r\n" A "\\B\r\n" VALUES "    e    REG_SZ    ab",
                  "export all " A " !truncated\nkey " A "\n" SHOWN "key " A
                  "\\B !value=truncated\n" SHOWN);
}
END_TEST

START_TEST(a_text_of_several_lines_loses_its_end) {
  registry_expect("\r\n" A "\r\n    n    REG_SZ    one\r\ntwo\r\n    d    REG_DWORD    0x1\r\n\r\n",
                  "export all " A "\nkey " A "\n  n?ambiguous\n  d=REG_DWORD:1\n");
}
END_TEST

START_TEST(what_stands_around_is_read_as_well) {
  registry_expect("C:\\>reg query HKLM\\SOFTWARE\\A\r\n\r\n" A "\r\n" VALUES
                  "\r\n\r\nC:\\>reg query HKLM\\SOFTWARE\\B\r\n\r\nHKEY_LOCAL_MACHINE\\SOFTWARE"
                  "\\B\r\n" VALUES "\r\n",
                  "export all " A "\nkey " A "\n" SHOWN
                  "export all HKEY_LOCAL_MACHINE\\SOFTWARE\\B\n"
                  "key HKEY_LOCAL_MACHINE\\SOFTWARE\\B\n" SHOWN);
  registry_expect("The key HKEY_LOCAL_MACHINE\\SOFTWARE\\A is not there.\r\n", "none");
}
END_TEST

CHECK_MAIN("readers/reg_query", {
  tcase_add_test(tests, a_type_of_value_is_not_read);
  tcase_add_test(tests, names_of_subkeys_are_taken_for_empty_keys);
  tcase_add_test(tests, a_whole_tree_is_taken_for_names);
  tcase_add_test(tests, a_single_value_or_a_search_is_taken_for_all_there_is);
  tcase_add_test(tests, an_output_that_breaks_off_is_whole);
  tcase_add_test(tests, a_text_of_several_lines_loses_its_end);
  tcase_add_test(tests, what_stands_around_is_read_as_well);
})
