/* The cases of tests/conformance, each a check of its own. With the name of a
 * case as argument only that one is run. */
#include "support_conformance.h"

#include "base/text.h"
#include "base/xml_source.h"
#include "check_main.h"

#include <string.h>

enum { CASES_LEAST = 150 };

static struct conformance_list cases;

START_TEST(a_case_of_the_standard_does_not_conform) {
  struct buffer out = buffer_make(65536);
  conformance_run(cases.names[_i], &out);
  char *differences = buffer_take(&out);
  ck_assert_msg(differences[0] == '\0', "%s\n%s", cases.names[_i], differences);
  alloc_free(differences);
}
END_TEST

START_TEST(cases_are_missing) {
  ck_assert_uint_ge(cases.count, CASES_LEAST);
}
END_TEST

/* An expectation that is never looked at must not be forgotten. */
static void tell_what_is_skipped(void) {
  size_t count = 0;
  for (size_t i = 0; i < cases.count; i++)
    count += conformance_svrl_count(cases.names[i]);
  if (count > 0 && !CONFORMANCE_HAS_SVRL)
    printf("SKIP: %zu expectations on SVRL output, which is not there yet\n", count);
  printf("%zu conformance cases\n", cases.count);
  fflush(stdout);
}

static int run_one(const char *name) {
  struct buffer out = buffer_make(65536);
  conformance_run(name, &out);
  printf("%s: %s\n%s", name, out.size == 0 ? "conforms" : "does not conform", buffer_text(&out));
  int status = out.size == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
  buffer_dispose(&out);
  return status;
}

int main(int count, char **arguments) {
  xml_source_setup();
  if (count > 1) return run_one(arguments[1]);
  cases = conformance_list();
  tell_what_is_skipped();
  Suite *suite = suite_create("schematron/conformance");
  TCase *tests = tcase_create("schematron/conformance");
  tcase_set_timeout(tests, 60);
  tcase_add_loop_test(tests, a_case_of_the_standard_does_not_conform, 0, (int)cases.count);
  tcase_add_test(tests, cases_are_missing);
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  conformance_list_free(&cases);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
