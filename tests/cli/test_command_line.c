/* The command line as a contract: options, help, messages, exit status, output. */
#define _POSIX_C_SOURCE 200809L
#include "check_main.h"
#include "cli/support_program.h"

#include "base/alloc.h"
#include "base/text.h"
#include "report/report.h"

#include <string.h>

/* Ends with 2, says `word` on standard error and nothing on standard output. */
static void refuses(const char *const *arguments, const char *word) {
  struct run run = program_run(arguments);
  ck_assert_msg(run.status == 2, "status %d, wanted 2 (%s)\n%s", run.status, word, run.err);
  ck_assert_msg(strstr(run.err, word) != NULL, "no \"%s\" in: %s", word, run.err);
  ck_assert_str_eq(run.out, "");
  run_dispose(&run);
}
#define REFUSES(word, ...) refuses((const char *const[]){__VA_ARGS__, NULL}, word)

START_TEST(wrong_usage_is_not_refused_with_a_clear_message) {
  refuses((const char *const[]){NULL}, "Usage: siteglass COMMAND");
  const char *healthy = sample("kb2779694-healthy");
  REFUSES("did you mean check?", "chekc", healthy);
  REFUSES("unknown command inventry; did you mean inventory", "inventry", healthy);
  REFUSES("unknown command", "");
  REFUSES("needs a folder, file or archive", "check");
  REFUSES("needs a folder, file or archive", "evidence");
  REFUSES("did you mean --format?", "check", "--fromat", "json", healthy);
  REFUSES("unknown option -z", "check", "-z", healthy);
  REFUSES("--format needs FORMAT", "check", healthy, "--format");
  REFUSES("--quiet takes no value", "check", "--quiet=yes", healthy);
  REFUSES("--format is given twice", "check", "--format=json", "--format=text", healthy);
  REFUSES("unknown format xml", "check", "--format", "xml", healthy);
  REFUSES("unknown severity dire", "check", "--fail-on", "dire", healthy);
  REFUSES("not a moment", "check", "--as-of", "yesterday", healthy);
  REFUSES("not a moment", "check", "--as-of=2024-13-01", healthy);
  REFUSES("wanted NAME=GLOB", "check", "--host", "EX01", healthy);
  REFUSES("wanted NAME=GLOB", "check", "--host", "=*", healthy);
  REFUSES("not a size", "check", "--max-file-size", "much", healthy);
  REFUSES("not a size", "check", "--max-total-size", "0", healthy);
  REFUSES("not a size", "check", "--max-total-size", "99999999999G", healthy);
  REFUSES("not a number of files", "check", "--max-files", "-1", healthy);
  REFUSES("help takes one command", "help", "check", "evidence");
  REFUSES("unknown option --wrong", "--wrong");
}
END_TEST

START_TEST(a_misspelt_rule_is_silently_not_run) {
  REFUSES("did you mean exchange-backend-certificate-missing?", "check", "--rule",
          "exchange-backend-certificate-mising", sample("kb2779694-broken"));
  REFUSES("oauth-certificate-missing", "check", "--rule", "qqqqqqqqqqqqqq",
          sample("kb2779694-broken"));
}
END_TEST

START_TEST(one_chosen_rule_is_not_the_only_one_that_runs) {
  struct check_run check =
      CHECK("--rule", "oauth-certificate-missing", "--rule=bound-certificate-without-private-key",
            sample("kb2779694-broken"));
  ck_assert_uint_eq(json_array_size(json_object_get(check.report, "rules")), 2);
  ck_assert_str_eq(verdict_of(&check, "oauth-certificate-missing"), "pass");
  ck_assert_str_eq(verdict_of(&check, "exchange-backend-certificate-missing"), "absent");
  ck_assert_int_eq(check.run.status, 0);
  check_dispose(&check);
}
END_TEST

START_TEST(the_ways_to_ask_for_the_version_differ) {
  struct run a = RUN("--version"), b = RUN("version"), c = RUN("check", "--version");
  ck_assert_int_eq(a.status, 0);
  ck_assert_msg(text_starts(a.out, "siteglass "), "%s", a.out);
  ck_assert_str_eq(a.out, b.out);
  ck_assert_str_eq(a.out, c.out);
  ck_assert_str_eq(a.err, "");
  run_dispose(&a);
  run_dispose(&b);
  run_dispose(&c);
}
END_TEST

static void fits_the_screen(const char *text) {
  for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
    ck_assert_msg(strcspn(line, "\n") <= 80, "wider than 80 columns: %.90s", line);
    if (!line[strcspn(line, "\n")]) break;
  }
}

START_TEST(help_does_not_say_what_the_program_can) {
  struct run help = RUN("--help"), word = RUN("help");
  ck_assert_int_eq(help.status, 0);
  ck_assert_str_eq(help.out, word.out);
  ck_assert_ptr_nonnull(strstr(help.out, "\n  check "));
  ck_assert_ptr_nonnull(strstr(help.out, "\n  evidence "));
  ck_assert_ptr_nonnull(strstr(help.out, "Examples:"));
  fits_the_screen(help.out);
  run_dispose(&help);
  run_dispose(&word);
  struct run check = RUN("check", "--help"), other = RUN("help", "check");
  ck_assert_int_eq(check.status, 0);
  ck_assert_str_eq(check.out, other.out);
  static const char *const options[] = {
      "--format", "--output",  "--fail-on", "--as-of",         "--rule",           "--host",
      "--quiet",  "--version", "--help",    "--max-file-size", "--max-total-size", "--max-files"};
  for (size_t i = 0; i < sizeof options / sizeof *options; i++)
    ck_assert_msg(strstr(check.out, options[i]) != NULL, "%s", options[i]);
  for (const struct report_format *format = report_formats; format->name; format++)
    ck_assert_msg(strstr(check.out, format->name) != NULL, "%s", format->name);
  fits_the_screen(check.out);
  run_dispose(&check);
  run_dispose(&other);
}
END_TEST

START_TEST(two_dashes_do_not_end_the_options) {
  REFUSES("--format: ", "check", "--", "--format");
}
END_TEST

START_TEST(a_missing_path_is_passed_over) {
  REFUSES("there-is-no-such-file", "check", sample("kb2779694-healthy"), "there-is-no-such-file");
  REFUSES("there-is-no-such-file", "evidence", "there-is-no-such-file");
}
END_TEST

START_TEST(the_exit_status_is_not_what_the_contract_says) {
  static const struct {
    const char *sample, *fail_on;
    int status;
  } rows[] = {
      {"kb2779694-healthy", "info", 0},        {"kb2779694-healthy", "low", 0},
      {"kb2779694-broken", "low", 1},          {"kb2779694-broken", "critical", 1},
      {"kb2779694-broken", "none", 0},         {"kb2779694-incomplete", "low", 3},
      {"kb2779694-incomplete", "critical", 3},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct run run = RUN("check", "--profile", "listeners", "--fail-on", rows[i].fail_on,
                         sample(rows[i].sample));
    ck_assert_msg(run.status == rows[i].status, "%s --fail-on %s: %d\n%.1500s%.1500s",
                  rows[i].sample, rows[i].fail_on, run.status, run.out, run.err);
    run_dispose(&run);
  }
}
END_TEST

START_TEST(output_to_a_file_differs_from_standard_output) {
  char *folder = folder_new(), *path = path_of(folder, "a report.txt");
  struct run shown = RUN("check", sample("kb2779694-broken"));
  struct run written = RUN("check", sample("kb2779694-broken"), "-o", path);
  size_t size;
  char *text = file_read(path, &size);
  ck_assert_str_eq(text, shown.out);
  ck_assert_str_eq(written.out, "");
  ck_assert_int_eq(written.status, 1);
  alloc_free(text);
  run_dispose(&shown);
  run_dispose(&written);
  alloc_free(path);
  folder_remove(folder);
}
END_TEST

START_TEST(evidence_is_written_over) {
  char *folder = folder_new(), *path = path_of(folder, "applicationHost.config");
  folder_copy(folder, "applicationHost.config", sample("kb2779694-broken/applicationHost.config"));
  size_t before, after;
  char *was = file_read(path, &before);
  REFUSES("part of the bundle", "check", folder, "--output", path);
  REFUSES("part of the bundle", "evidence", folder, "--output", path);
  REFUSES("it is a folder", "check", folder, "--output", folder);
  char *is = file_read(path, &after);
  ck_assert_uint_eq(before, after);
  ck_assert_str_eq(was, is);
  alloc_free(was);
  alloc_free(is);
  alloc_free(path);
  folder_remove(folder);
}
END_TEST

START_TEST(a_report_that_cannot_be_written_counts_as_done) {
  struct run run = program_run_into(
      "/dev/full", (const char *const[]){"check", sample("kb2779694-healthy"), NULL});
  ck_assert_int_eq(run.status, 2);
  ck_assert_ptr_nonnull(strstr(run.err, "cannot write"));
  run_dispose(&run);
  run = RUN("check", "--output", "/nowhere/at/all", sample("kb2779694-healthy"));
  ck_assert_int_eq(run.status, 2);
  ck_assert_ptr_nonnull(strstr(run.err, "cannot write"));
  run_dispose(&run);
}
END_TEST

START_TEST(colour_is_used_where_it_must_not_be) {
  const char *const broken[] = {"check", sample("kb2779694-broken"), NULL};
  struct run plain = program_run(broken);
  ck_assert_ptr_null(strchr(plain.out, '\033'));
  unsetenv("NO_COLOR");
  setenv("TERM", "xterm", 1);
  struct run coloured = program_run_on_terminal(broken);
  ck_assert_ptr_nonnull(strchr(coloured.out, '\033'));
  setenv("NO_COLOR", "1", 1);
  struct run quenched = program_run_on_terminal(broken);
  ck_assert_ptr_null(strchr(quenched.out, '\033'));
  unsetenv("NO_COLOR");
  setenv("TERM", "dumb", 1);
  struct run dumb = program_run_on_terminal(broken);
  ck_assert_ptr_null(strchr(dumb.out, '\033'));
  run_dispose(&plain);
  run_dispose(&coloured);
  run_dispose(&quenched);
  run_dispose(&dumb);
}
END_TEST

START_TEST(a_report_depends_on_locale_or_time_zone) {
  for (const struct report_format *format = report_formats; format->name; format++) {
    const char *const arguments[] = {"check", "-f", format->name, sample("kb2779694-broken"), NULL};
    setenv("TZ", "UTC", 1);
    setenv("LC_ALL", "C", 1);
    struct run one = program_run(arguments);
    setenv("TZ", "Pacific/Kiritimati", 1);
    setenv("LC_ALL", "tr_TR.UTF-8", 1);
    struct run other = program_run(arguments);
    ck_assert_uint_gt(one.out_size, 100);
    ck_assert_str_eq(one.out, other.out);
    run_dispose(&one);
    run_dispose(&other);
  }
}
END_TEST

CHECK_MAIN("cli/command line", {
  tcase_add_test(tests, wrong_usage_is_not_refused_with_a_clear_message);
  tcase_add_test(tests, a_misspelt_rule_is_silently_not_run);
  tcase_add_test(tests, one_chosen_rule_is_not_the_only_one_that_runs);
  tcase_add_test(tests, the_ways_to_ask_for_the_version_differ);
  tcase_add_test(tests, help_does_not_say_what_the_program_can);
  tcase_add_test(tests, two_dashes_do_not_end_the_options);
  tcase_add_test(tests, a_missing_path_is_passed_over);
  tcase_add_test(tests, the_exit_status_is_not_what_the_contract_says);
  tcase_add_test(tests, output_to_a_file_differs_from_standard_output);
  tcase_add_test(tests, evidence_is_written_over);
  tcase_add_test(tests, a_report_that_cannot_be_written_counts_as_done);
  tcase_add_test(tests, colour_is_used_where_it_must_not_be);
  tcase_add_test(tests, a_report_depends_on_locale_or_time_zone);
})
