/* What every test program shares: one suite, one main, and the word that a
 * test is skipped because ../shared is not beside the checkout.
 *
 *   START_TEST(a_name_that_says_what_would_be_wrong) { ... } END_TEST
 *   CHECK_MAIN("folder/subject", { tcase_add_test(tests, a_name...); })
 */
#ifndef SITEGLASS_TESTS_CHECK_MAIN_H
#define SITEGLASS_TESTS_CHECK_MAIN_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* The real files nobody here wrote; absent on a user's machine. */
static inline int shared_is_here(void) {
  struct stat status;
  return stat(SITEGLASS_SHARED_DIR "/data", &status) == 0;
}

/* First line of a test that reads ../shared: says so once and leaves. */
#define NEEDS_SHARED()                                                         \
  do {                                                                         \
    if (!shared_is_here()) {                                                   \
      printf("SKIP %s: ../shared is absent\n", __func__);                      \
      fflush(stdout);                                                          \
      return;                                                                  \
    }                                                                          \
  } while (0)

#define CHECK_MAIN(title, body)                                                \
  int main(void) {                                                             \
    Suite *suite = suite_create(title);                                        \
    TCase *tests = tcase_create(title);                                        \
    tcase_set_timeout(tests, 300);                                             \
    body suite_add_tcase(suite, tests);                                        \
    SRunner *runner = srunner_create(suite);                                   \
    srunner_run_all(runner, CK_NORMAL);                                        \
    int failed = srunner_ntests_failed(runner);                                \
    srunner_free(runner);                                                      \
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;                          \
  }

#endif
