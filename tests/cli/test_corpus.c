/* Real configurations of strangers: no crash, and nothing found that is not true. */
#include "check_main.h"
#include "cli/support_program.h"

#include "base/alloc.h"
#include "base/system.h"
#include "base/text.h"

#include <string.h>

/* What is known to be wrong with these files, by reading them: one is not
 * well-formed, two are fragments of a few lines under the name of the real file. */
static const struct {
  const char *file, *rule;
} true_findings[] = {
    {"nttlong_jd-apps/applicationHost.config", "application-host-damaged"},
    {"Mattza_SL2/applicationHost.config", "application-host-damaged"},
    {"srdYkambara_monzennakacho_220302/applicationHost.config", "application-host-damaged"},
};

static bool is_true(const char *file, const char *rule) {
  for (size_t i = 0; i < sizeof true_findings / sizeof *true_findings; i++)
    if (text_ends_nocase(file, true_findings[i].file) && text_equal(rule, true_findings[i].rule))
      return true;
  return false;
}

static void nothing_false(const char *file) {
  struct check_run check = CHECK("--fail-on", "info", file);
  size_t i;
  json_t *item;
  json_array_foreach(json_object_get(check.report, "findings"), i, item) {
    const char *rule = text_at(item, "ruleId"), *severity = text_at(item, "severity");
    ck_assert_msg(text_equal(severity, "info") || is_true(file, rule), "%s: %s: %s", file, rule,
                  text_at(item, "message"));
  }
  ck_assert_msg(json_array_size(json_object_get(check.report, "errors")) == 0, "%s: rule errors",
                file);
  check_dispose(&check);
  struct run text = RUN("check", file), evidence = RUN("evidence", file);
  ck_assert_msg(text.status <= 3, "%s: %d\n%s", file, text.status, text.err);
  ck_assert_msg(evidence.status == 0 || evidence.status == 2, "%s: %d\n%s", file, evidence.status,
                evidence.err);
  run_dispose(&text);
  run_dispose(&evidence);
}

static size_t each_file(const char *folder, void (*see)(const char *file)) {
  char **names, error[128];
  size_t count, seen = 0;
  ck_assert_msg(system_list(folder, &names, &count, error), "%s: %s", folder, error);
  for (size_t i = 0; i < count; i++) {
    char *path = path_of(folder, names[i]);
    struct system_status status;
    system_status(path, false, &status);
    if (status.kind == SYSTEM_FOLDER) {
      seen += each_file(path, see);
    } else if (status.kind == SYSTEM_FILE) {
      see(path);
      seen++;
    }
    alloc_free(path);
  }
  system_list_free(names, count);
  return seen;
}

START_TEST(a_stock_exchange_configuration_has_findings) {
  NEEDS_SHARED();
  ck_assert_uint_gt(each_file(shared("exchange/extended-protection"), nothing_false), 5);
}
END_TEST

START_TEST(a_configuration_of_the_corpus_has_false_findings) {
  NEEDS_SHARED();
  ck_assert_uint_gt(each_file(shared("corpus"), nothing_false), 30);
}
END_TEST

static void ends_well(const char *file) {
  struct run check = RUN("check", "-f", "sarif", file), evidence = RUN("evidence", file);
  ck_assert_msg(check.status <= 3, "%s: %d\n%s", file, check.status, check.err);
  ck_assert_msg(evidence.status == 0 || evidence.status == 2, "%s: %d\n%s", file, evidence.status,
                evidence.err);
  run_dispose(&check);
  run_dispose(&evidence);
}

START_TEST(a_real_dump_ends_the_program) {
  NEEDS_SHARED();
  static const char *const folders[] = {"formats/certutil",   "formats/netsh-http",
                                        "formats/powershell", "formats/certfiles",
                                        "formats/encodings",  "exchange/matching-pair"};
  for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
    ck_assert_uint_gt(each_file(shared(folders[i]), ends_well), 0);
}
END_TEST

START_TEST(everything_at_once_ends_the_program) {
  NEEDS_SHARED();
  struct check_run check = CHECK(shared("corpus"), shared("formats"), shared("exchange"));
  ck_assert_uint_eq(json_array_size(json_object_get(check.report, "errors")), 0);
  check_dispose(&check);
}
END_TEST

CHECK_MAIN("cli/corpus", {
  tcase_add_test(tests, a_stock_exchange_configuration_has_findings);
  tcase_add_test(tests, a_configuration_of_the_corpus_has_false_findings);
  tcase_add_test(tests, a_real_dump_ends_the_program);
  tcase_add_test(tests, everything_at_once_ends_the_program);
})
