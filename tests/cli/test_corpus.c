/* Real configurations of strangers: no crash, and nothing found that is not true. */
#define _POSIX_C_SOURCE 200809L
#include "check_main.h"
#include "cli/support_program.h"

#include "base/alloc.h"
#include "base/system.h"
#include "base/text.h"

#include <string.h>

/* stock-findings.tsv: what the rules find in each of these files (file, rule), and why that is
 * true of it. What is found and not listed is a false finding; what is listed and not found any
 * more is a rule that went blind, or a line to take out. */
static struct row {
  char *file, *rule, *why;
  bool seen;
} rows[400];
static size_t row_count;

static void read_rows(void) {
  size_t size;
  char *text = file_read(SITEGLASS_SOURCE_DIR "/tests/cli/stock-findings.tsv", &size), *rest = NULL;
  row_count = 0;
  for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
    if (line[0] == '#') continue;
    char *fields = NULL;
    struct row row = {.file = strtok_r(line, "\t", &fields)};
    row.rule = strtok_r(NULL, "\t", &fields);
    row.why = strtok_r(NULL, "\t", &fields);
    ck_assert_msg(row.rule && row.why, "a line without a reason: %s", line);
    ck_assert_uint_lt(row_count, sizeof rows / sizeof *rows);
    rows[row_count++] = row;
  }
}

static bool is_listed(const char *file, const char *rule) {
  bool listed = false;
  for (size_t i = 0; i < row_count; i++)
    if (text_ends_nocase(file, rows[i].file) && text_equal(rule, rows[i].rule))
      listed = rows[i].seen = true;
  return listed;
}

/* Were all lines about the files of that folder needed? */
static void all_seen(const char *folder) {
  for (size_t i = 0; i < row_count; i++)
    ck_assert_msg(rows[i].seen || !text_starts(rows[i].file, folder), "%s: %s is not found",
                  rows[i].file, rows[i].rule);
}

/* A run of all rules costs most of its time to read them: what is tried in several formats is
 * tried with every sixth file. */
static bool is_sixth(void) {
  static unsigned count;
  return count++ % 6 == 0;
}

static void nothing_false(const char *file) {
  struct check_run check = CHECK("--fail-on", "info", file);
  size_t i;
  json_t *item;
  json_array_foreach(json_object_get(check.report, "findings"), i, item) {
    const char *rule = text_at(item, "ruleId");
    ck_assert_msg(is_listed(file, rule), "%s: %s: %s", file, rule, text_at(item, "message"));
  }
  ck_assert_msg(json_array_size(json_object_get(check.report, "errors")) == 0, "%s: rule errors",
                file);
  check_dispose(&check);
  struct run evidence = RUN("evidence", file);
  ck_assert_msg(evidence.status == 0 || evidence.status == 2, "%s: %d\n%s", file, evidence.status,
                evidence.err);
  run_dispose(&evidence);
  if (!is_sixth()) return;
  struct run text = RUN("check", file);
  ck_assert_msg(text.status <= 3, "%s: %d\n%s", file, text.status, text.err);
  run_dispose(&text);
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
  read_rows();
  ck_assert_uint_gt(each_file(shared("exchange/extended-protection"), nothing_false), 5);
  all_seen("exchange/extended-protection/");
}
END_TEST

START_TEST(a_configuration_of_the_corpus_has_false_findings) {
  NEEDS_SHARED();
  read_rows();
  ck_assert_uint_gt(each_file(shared("corpus"), nothing_false), 30);
  all_seen("corpus/");
}
END_TEST

START_TEST(a_whole_exchange_bundle_has_false_findings) {
  NEEDS_SHARED();
  read_rows();
  nothing_false(shared("exchange/E19"));
  all_seen("exchange/E19");
}
END_TEST

static void ends_well(const char *file) {
  struct run evidence = RUN("evidence", file);
  ck_assert_msg(evidence.status == 0 || evidence.status == 2, "%s: %d\n%s", file, evidence.status,
                evidence.err);
  run_dispose(&evidence);
  if (!is_sixth()) return;
  struct run check = RUN("check", "-f", "sarif", file);
  ck_assert_msg(check.status <= 3, "%s: %d\n%s", file, check.status, check.err);
  run_dispose(&check);
}

START_TEST(a_real_dump_ends_the_program) {
  NEEDS_SHARED();
  static const char *const folders[] = {"formats/certutil",   "formats/netsh-http",
                                        "formats/powershell", "formats/certfiles",
                                        "formats/encodings",  "exchange/matching-pair"};
  for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
    ck_assert_uint_gt(each_file(shared(folders[i]), ends_well), 0);
    struct run check = RUN("check", "-f", "sarif", shared(folders[i]));
    ck_assert_msg(check.status <= 3, "%s: %d\n%s", folders[i], check.status, check.err);
    run_dispose(&check);
  }
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
  tcase_add_test(tests, a_whole_exchange_bundle_has_false_findings);
  tcase_add_test(tests, a_real_dump_ends_the_program);
  tcase_add_test(tests, everything_at_once_ends_the_program);
})
