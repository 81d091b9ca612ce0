/* The cases are read once, before Check forks for each of them. */
#include "config/support_suite.h"

#include "check_main.h"

#include "base/alloc.h"

#include <stdbool.h>

static struct rule_cases cases;

START_TEST(a_rule_of_the_configuration_does_not_hold) {
  const struct rule_case *one = rule_cases_step(&cases, _i);
  char *failures = rule_case_run(one);
  bool holds = failures[0] == '\0';
  if (!holds) printf("FAIL %s\n%s", one->name, failures);
  fflush(stdout);
  alloc_free(failures);
  ck_assert_msg(holds, "%s", one->name);
}
END_TEST

int rule_suite(const char *title, const char *const *files,
               void (*make)(struct rule_cases *cases)) {
  for (size_t i = 0; files[i]; i++)
    rule_cases_read(&cases, files[i]);
  if (make) make(&cases);
  Suite *suite = suite_create(title);
  TCase *tests = tcase_create(title);
  tcase_set_timeout(tests, 300);
  tcase_add_loop_test(tests, a_rule_of_the_configuration_does_not_hold, 0,
                      rule_cases_steps(&cases));
  suite_add_tcase(suite, tests);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  int failed = srunner_ntests_failed(runner), run = srunner_ntests_run(runner);
  srunner_free(runner);
  printf("%s: %zu cases, %d run, %d failed\n", title, cases.count, run, failed);
  size_t known = cases.count;
  rule_cases_dispose(&cases);
  return failed == 0 && (known > 0 || getenv("SITEGLASS_CASE")) ? EXIT_SUCCESS : EXIT_FAILURE;
}
