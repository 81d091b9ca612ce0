/* A healthy Exchange server, and faults of published articles in it, one at a time: the
 * rule that is made for it finds it, and no other rule finds anything. */
#define _POSIX_C_SOURCE 200809L
#include "check_main.h"
#include "cli/support_faults.h"
#include "cli/support_program.h"
#include "cli/support_server.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/text.h"

#include <string.h>

/* The sanitizers look for other defects and cost ten times the time: every sixth. */
#ifdef __SANITIZE_ADDRESS__
enum { STRIDE = 6 };
#else
enum { STRIDE = 1 };
#endif

/* Rules that stay unknown on a healthy server of which everything was collected, and why. */
static const struct {
  const char *rule, *why;
} undecidable[] = {
    {NULL, NULL},
};

static bool may_be_unknown(const char *rule) {
  for (size_t i = 0; undecidable[i].rule; i++)
    if (text_equal(undecidable[i].rule, rule)) return true;
  return false;
}

START_TEST(a_healthy_server_has_findings_or_is_not_decided) {
  char *folder = server_new();
  server_list(folder);
  struct check_run check = CHECK("--as-of", SERVER_AS_OF, folder);
  struct buffer wrong = buffer_make(3000); /* Check takes no longer message */
  size_t i;
  json_t *item;
  json_array_foreach(json_object_get(check.report, "verdicts"), i, item) {
    const char *rule = text_at(item, "ruleId"), *result = text_at(item, "result");
    if (text_equal(result, "pass") || text_equal(result, "notapplicable") ||
        (text_equal(result, "unknown") && may_be_unknown(rule)))
      continue;
    buffer_add_format(&wrong, "%s is %s\n", rule, result);
  }
  ck_assert_msg(wrong.size == 0, "%s", buffer_text(&wrong));
  ck_assert_uint_gt(i, 150);
  buffer_dispose(&wrong);
  check_dispose(&check);
  folder_remove(folder);
}
END_TEST

static bool is_word(const char *words, const char *word) {
  size_t size = strlen(word);
  for (const char *at = words; (at = strstr(at, word)); at += size)
    if ((at == words || at[-1] == ' ') && (at[size] == ' ' || at[size] == '\0')) return true;
  return false;
}

/* What was expected and not found, and what was found and not expected. A finding that another
 * one explains is not reported; what the healthy server has is told by another test. */
static void compare(struct buffer *wrong, const struct fault *fault,
                    const struct check_run *healthy, const struct check_run *check) {
  struct buffer found = buffer_make(3000), missed = buffer_make(3000);
  size_t i;
  json_t *item;
  json_array_foreach(json_object_get(check->report, "findings"), i, item) {
    const char *rule = text_at(item, "ruleId");
    if (!is_word(fault->rules, rule) && findings_of(healthy, rule) == 0)
      buffer_add_format(&found, " %s", rule);
  }
  char *rules = alloc_text(fault->rules), *rest = NULL;
  for (char *rule = strtok_r(rules, " ", &rest); rule; rule = strtok_r(NULL, " ", &rest))
    if (findings_of(check, rule) == 0) buffer_add_format(&missed, " %s", rule);
  if (found.size || missed.size)
    buffer_add_format(wrong, "%s: found too%s, missed%s\n", fault->name, buffer_text(&found),
                      buffer_text(&missed));
  alloc_free(rules);
  buffer_dispose(&missed);
  buffer_dispose(&found);
}

START_TEST(a_fault_is_not_found_or_something_else_is) {
  struct faults faults = faults_read();
  ck_assert_uint_ge(faults.count, 30);
  struct buffer wrong = buffer_make(3000);
  char *clean = server_new();
  server_list(clean);
  struct check_run healthy = CHECK("--as-of", SERVER_AS_OF, clean);
  for (size_t i = 0; i < faults.count; i += STRIDE) {
    const struct fault *fault = &faults.items[i];
    char *folder = server_new();
    ck_assert_msg(fault_apply(&faults, fault, folder), "%s: a text is not there", fault->name);
    server_list(folder);
    struct check_run check = CHECK("--as-of", SERVER_AS_OF, folder);
    ck_assert_msg(check.report != NULL, "%s: status %d\n%s", fault->name, check.run.status,
                  check.run.err);
    compare(&wrong, fault, &healthy, &check);
    check_dispose(&check);
    folder_remove(folder);
  }
  ck_assert_msg(wrong.size == 0, "%s", buffer_text(&wrong));
  buffer_dispose(&wrong);
  check_dispose(&healthy);
  folder_remove(clean);
  faults_dispose(&faults);
}
END_TEST

CHECK_MAIN("cli/faults", {
  tcase_add_test(tests, a_healthy_server_has_findings_or_is_not_decided);
  tcase_add_test(tests, a_fault_is_not_found_or_something_else_is);
})
