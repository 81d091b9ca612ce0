/* Random schemas and documents: siteglass validate says what python3-lxml's
 * isoschematron says. The generator and what is left out: tests/schematron/differential.
 * SITEGLASS_RUNS sets how many documents; SITEGLASS_SEED where to begin. */
#define _POSIX_C_SOURCE 200809L
#include "check_main.h"

#include "base/alloc.h"
#include "base/buffer.h"

#include <stdlib.h>
#include <sys/wait.h>

enum { NO_LXML = 77, NO_PYTHON = 127 };

/* Runs a script of tests/schematron/differential; what it prints goes to `said`. */
static int run(const char *python, const char *script, const char *arguments, struct buffer *said) {
  char *command =
      alloc_format("'%s' '" SITEGLASS_SOURCE_DIR "/tests/schematron/differential/%s' %s "
                   "'" SITEGLASS_PROGRAM "' 2>&1",
                   python, script, arguments);
  FILE *pipe = popen(command, "r");
  ck_assert_ptr_nonnull(pipe);
  char piece[4096];
  for (size_t got; (got = fread(piece, 1, sizeof piece, pipe)) > 0;)
    buffer_add(said, piece, got);
  int state = pclose(pipe);
  alloc_free(command);
  return WIFEXITED(state) ? WEXITSTATUS(state) : -1;
}

/* With the first python that has lxml: a system may have a newer one beside its own. */
static void run_or_skip(const char *script, const char *arguments, const char *test) {
  static const char *const pythons[] = {"python3", "/usr/bin/python3"};
  for (size_t i = 0; i < sizeof pythons / sizeof *pythons; i++) {
    struct buffer said = buffer_make(100000);
    int status = run(pythons[i], script, arguments, &said);
    ck_assert_msg(status == 0 || status == NO_LXML || status == NO_PYTHON, "status %d\n%.3500s",
                  status, buffer_text(&said));
    if (status == 0) printf("%s: %s", script, buffer_text(&said));
    buffer_dispose(&said);
    fflush(stdout);
    if (status == 0) return;
  }
  printf("SKIP %s: python3-lxml is absent\n", test);
  fflush(stdout);
}

static unsigned long setting(const char *name, unsigned long usual) {
  const char *value = getenv(name);
  unsigned long number = value == NULL ? 0 : strtoul(value, NULL, 10);
  return number > 0 ? number : usual;
}

START_TEST(validate_and_the_reference_differ) {
  char *arguments = alloc_format("--runs %lu --seed %lu", setting("SITEGLASS_RUNS", 300),
                                 setting("SITEGLASS_SEED", 1));
  run_or_skip("compare.py", arguments, __func__);
  alloc_free(arguments);
}
END_TEST

START_TEST(the_builtin_rules_and_the_reference_differ) {
  run_or_skip("rules.py", "", __func__);
}
END_TEST

CHECK_MAIN("cli/validate_differential", {
  tcase_set_timeout(tests, 7200);
  tcase_add_test(tests, validate_and_the_reference_differ);
  tcase_add_test(tests, the_builtin_rules_and_the_reference_differ);
})
