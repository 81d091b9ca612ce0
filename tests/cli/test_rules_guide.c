/* rules/README.md teaches writing a rule: its example is taken out and run. */
#define _POSIX_C_SOURCE 200809L
#include "check_main.h"
#include "cli/support_program.h"

#include "base/alloc.h"
#include "base/text.h"

#include <string.h>

static char *folder;
static char *guide;

static void setup(void) {
  size_t size;
  folder = folder_new();
  folder_make(folder, "my-rules");
  folder_make(folder, "my-rules/cases");
  guide = file_read(SITEGLASS_SOURCE_DIR "/rules/README.md", &size);
}

static void teardown(void) {
  alloc_free(guide);
  folder_remove(folder);
}

/* Writes each fenced block that names a file ("```xml NAME"); how many there are. */
static size_t take_out_files(void) {
  static const char fence[] = "\n```xml ";
  size_t count = 0;
  for (const char *at = guide; (at = strstr(at, fence)) != NULL; count++) {
    at += sizeof fence - 1;
    size_t name_size = strcspn(at, "\n");
    char *name = alloc_text_n(at, name_size);
    const char *text = at + name_size + 1, *end = strstr(text, "\n```\n");
    ck_assert_ptr_nonnull(end);
    char *content = alloc_text_n(text, (size_t)(end - text) + 1);
    folder_write_text(folder, name, content);
    alloc_free(content);
    alloc_free(name);
    at = end;
  }
  return count;
}

/* Runs with status 0 and says `words`. */
static void runs(const char *const *arguments, const char *words) {
  struct run run = program_run(arguments);
  ck_assert_msg(run.status == 0, "%d\n%s%s", run.status, run.out, run.err);
  ck_assert_msg(strstr(run.out, words) != NULL, "no \"%s\" in %s", words, run.out);
  run_dispose(&run);
}
#define RUNS(words, ...) runs((const char *const[]){__VA_ARGS__, NULL}, words)

START_TEST(the_example_of_the_guide_does_not_work) {
  ck_assert_uint_eq(take_out_files(), 4);
  char *rules = path_of(folder, "my-rules"), *waivers = path_of(folder, "waivers.xml");
  RUNS("0 complaints", "rules", "lint", rules);
  RUNS("4 cases hold, 0 do not", "rules", "test", rules);
  RUNS("A site does not start with the server", "rules", "show", "--rules", rules,
       "site-does-not-start");
  RUNS("(until 2026-12-31) fits no finding", "check", "--fail-on", "none", "--rules", rules, "--waivers", waivers,
       sample("kb2779694-healthy"));
  char *settings = path_of(folder, "settings.xml");
  RUNS("sets certificate-ends-soon to 90 days", "check", "--settings", settings, "--fail-on",
       "none", sample("kb2779694-healthy"));
  alloc_free(settings);
  alloc_free(waivers);
  alloc_free(rules);
}
END_TEST

START_TEST(the_evidence_that_the_guide_shows_does_not_exist) {
  struct run run = RUN("evidence", sample("kb2779694-broken"));
  ck_assert_int_eq(run.status, 0);
  static const char *const shown[] = {"name=\"Exchange Back End\"", "key=\"exchange back end\"",
                                      "serverAutoStart=\"true\"", "bindingInformation=\"*:444:\"",
                                      "port=\"444\""};
  for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
    ck_assert_msg(strstr(guide, shown[i]) != NULL, "the guide has no %s", shown[i]);
    ck_assert_msg(strstr(run.out, shown[i]) != NULL, "the evidence has no %s", shown[i]);
  }
  run_dispose(&run);
}
END_TEST

/* Every complaint that lint can make is explained, and no other. */
START_TEST(the_guide_explains_other_complaints_than_lint_makes) {
  static const char *const names[] = {"metadata",         "reference",     "remediation",
                                      "message",          "none",          "in-no-profile",
                                      "search",           "configuration", "not-a-number",
                                      "unequal-node-set", "same-context",  "position"};
  size_t size, rows = 0;
  static const char *const files[] = {"lint.c", "lint_facts.c", "lint_xpath.c"};
  char *source = alloc_text("");
  for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
    char *path = alloc_format("%s/analyzer/rulebook/%s", SITEGLASS_SOURCE_DIR, files[i]);
    char *text = file_read(path, &size), *both = alloc_format("%s%s", source, text);
    alloc_free(source);
    alloc_free(text);
    alloc_free(path);
    source = both;
  }
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char *row = alloc_format("\n| `%s` | ", names[i]), *used = alloc_format("\"%s\"", names[i]);
    ck_assert_msg(strstr(guide, row) != NULL, "%s", names[i]);
    ck_assert_msg(strstr(source, used) != NULL, "%s", names[i]);
    alloc_free(row);
    alloc_free(used);
  }
  const char *table = strstr(guide, "| name | why it is wrong |");
  for (const char *line = table; line && *line == '|'; line += strcspn(line, "\n") + 1)
    rows++;
  ck_assert_uint_eq(rows, 2 + sizeof names / sizeof *names);
  alloc_free(source);
}
END_TEST

CHECK_MAIN("cli/rules_guide", {
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, the_example_of_the_guide_does_not_work);
  tcase_add_test(tests, the_evidence_that_the_guide_shows_does_not_exist);
  tcase_add_test(tests, the_guide_explains_other_complaints_than_lint_makes);
})
