/* siteglass rules, and what check takes from rule authors: as a user runs them. */
#define _POSIX_C_SOURCE 200809L
#include "check_main.h"
#include "cli/support_program.h"

#include "base/alloc.h"
#include "base/text.h"

#include <string.h>
#include <sys/stat.h>

/* As it is, or with its lines joined. */
static bool has(const char *text, const char *words) {
  char *joined = alloc_text(text), *to = joined;
  for (const char *c = text; *c; c++) {
    bool blank = strchr(" \n", *c) != NULL;
    if (!blank)
      *to++ = *c;
    else if (to > joined && to[-1] != ' ')
      *to++ = ' ';
  }
  *to = '\0';
  bool found = strstr(text, words) || strstr(joined, words);
  alloc_free(joined);
  return found;
}

static void says(const char *text, const char *words) {
  ck_assert_msg(has(text, words), "no \"%s\" in:\n%s", words, text);
}

/* Ends with this status and says `words` on standard output or error. */
static void runs(const char *const *arguments, int status, const char *words) {
  struct run run = program_run(arguments);
  ck_assert_msg(run.status == status, "status %d, wanted %d\n%s%s", run.status, status, run.out,
                run.err);
  ck_assert_msg(has(run.out, words) || has(run.err, words), "no \"%s\" in:\n%s%s", words, run.out,
                run.err);
  run_dispose(&run);
}
#define RUNS(status, words, ...) runs((const char *const[]){__VA_ARGS__, NULL}, status, words)

static const char head[] =
    "<schema xmlns='http://purl.oclc.org/dsdl/schematron' queryBinding='xslt'\n"
    "  xmlns:sg='urn:siteglass:rules'>\n<ns prefix='sg' uri='urn:siteglass:rules'/>\n";

static void write_rules(const char *folder, const char *name, const char *patterns) {
  char *text = alloc_format("%s%s</schema>\n", head, patterns);
  folder_write_text(folder, name, text);
  alloc_free(text);
}

#define ALWAYS(id, role)                                                                           \
  "<pattern id='" id "' sg:none='pass'><title>T</title><rule context='site'>"                      \
  "<report test='true()' role='" role "'>Here is <value-of select='@name'/>.</report></rule>"      \
  "</pattern>"

/* ---- list, show, schema, help ---- */

START_TEST(the_list_lacks_rules_or_filters) {
  RUNS(0, "oauth-certificate-missing", "rules", "list");
  RUNS(0, " rules\n", "rules", "list");
  RUNS(0, "1 rule\n", "rules", "list", "--id", "oauth-certificate-ex*");
  RUNS(0, "1 rule\n", "rules", "list", "--tag=evidence", "--product=iis");
  RUNS(0, "0 rules", "rules", "list", "--severity", "info", "--id", "oauth-*");
  RUNS(0, "\"siteglass-rules\"", "rules", "list", "--format", "json");
  RUNS(0, "1 rule\n", "rules", "list", "--tag=Evidence", "--product=IIS");
  RUNS(2, "did you mean exchange?", "rules", "list", "--product", "exchang");
  RUNS(2, "no rule has the tag", "rules", "list", "--tag", "xyzzy");
  RUNS(2, "unknown severity", "rules", "list", "--severity", "dire");
  RUNS(2, "unknown format", "rules", "list", "--format", "xml");
  RUNS(2, "takes options only", "rules", "list", "oauth-certificate-missing");
}
END_TEST

START_TEST(a_page_lacks_a_part) {
  struct run run = RUN("rules", "show", "exchange-backend-certificate-missing");
  ck_assert_int_eq(run.status, 0);
  static const char *const parts[] = {"CRITICAL",
                                      "Why\n",
                                      "What it says",
                                      "A server that is wrong",
                                      "A server that is well",
                                      "What users see",
                                      "What to do",
                                      "Check",
                                      "Undo",
                                      "Evidence it needs",
                                      "References",
                                      "KB 2779694",
                                      "https://support.microsoft.com/kb/2779694",
                                      "netsh http show sslcert"};
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    says(run.out, parts[i]);
  run_dispose(&run);
  RUNS(2, "did you mean oauth-certificate-missing?", "rules", "show", "oauth-certificate-mising");
  RUNS(2, "needs the id", "rules", "show");
}
END_TEST

START_TEST(the_schema_of_rules_is_not_printed) {
  RUNS(0, "http://relaxng.org/ns/structure/1.0", "rules", "schema");
  RUNS(2, "takes no operand", "rules", "schema", "x");
}
END_TEST

START_TEST(help_does_not_know_the_subcommands) {
  RUNS(0, "rules lint", "rules", "--help");
  RUNS(0, "rules lint", "help", "rules");
  RUNS(0, "--severity", "rules", "list", "--help");
  RUNS(0, "--severity", "help", "rules", "list");
  RUNS(2, "Usage: siteglass rules COMMAND", "rules");
  RUNS(2, "did you mean list?", "rules", "lst");
  RUNS(2, "did you mean lint?", "help", "rules", "linr");
  RUNS(2, "did you mean --format?", "rules", "list", "--fromat", "json");
}
END_TEST

/* ---- doc ---- */

START_TEST(the_files_of_the_pages_are_not_written) {
  char *folder = folder_new(), *out = path_of(folder, "doc");
  RUNS(0, " pages, index.md and rules.html to ", "rules", "doc", "--output", out);
  size_t size;
  char *index = path_of(out, "index.md"), *html = path_of(out, "rules.html");
  char *page = path_of(out, "powershell-requires-ssl.md");
  char *text = file_read(index, &size);
  says(text, "[powershell-requires-ssl](powershell-requires-ssl.md)");
  alloc_free(text);
  text = file_read(html, &size);
  says(text, "<details id=\"powershell-requires-ssl\">");
  alloc_free(text);
  text = file_read(page, &size);
  says(text, "# The front-end PowerShell directory requires SSL");
  alloc_free(text);
  RUNS(2, "needs --output DIR", "rules", "doc");
  RUNS(2, "cannot write", "rules", "doc", "--output", index);
  alloc_free(page);
  alloc_free(index);
  alloc_free(html);
  alloc_free(out);
  folder_remove(folder);
}
END_TEST

/* ---- new, lint, test ---- */

START_TEST(the_skeleton_of_a_rule_does_not_work) {
  char *folder = folder_new(), *rule = path_of(folder, "site-alone.sch");
  char *cases = path_of(folder, "cases/site-alone.xml");
  RUNS(0, "rules test", "rules", "new", "site-alone", "--output", folder);
  RUNS(0, "0 complaints", "rules", "lint", folder);
  RUNS(0, "4 cases hold, 0 do not", "rules", "test", folder);
  RUNS(0, "4 cases hold, 0 do not", "rules", "test", rule);
  RUNS(0, "4 cases hold, 0 do not", "rules", "test", "--rules", rule, cases);
  RUNS(0, "A site has no binding", "rules", "show", "--rules", folder, "site-alone");
  size_t size;
  char *before = file_read(rule, &size);
  ck_assert_ptr_null(strstr(before, "TODO"));
  RUNS(2, "is there already", "rules", "new", "site-alone", "--output", folder);
  char *after = file_read(rule, &size);
  ck_assert_str_eq(before, after);
  RUNS(2, "built-in rule", "rules", "new", "powershell-requires-ssl", "--output", folder);
  RUNS(2, "lower-case words", "rules", "new", "../evil", "--output", folder);
  RUNS(2, "needs the id", "rules", "new");
  alloc_free(before);
  alloc_free(after);
  alloc_free(cases);
  alloc_free(rule);
  folder_remove(folder);
}
END_TEST

START_TEST(half_a_skeleton_is_written) {
  char *folder = folder_new();
  folder_make(folder, "cases");
  folder_write_text(folder, "cases/site-alone.xml", "<cases/>");
  RUNS(2, "is there already", "rules", "new", "site-alone", "--output", folder);
  char *rule = path_of(folder, "site-alone.sch");
  struct stat status;
  ck_assert_int_ne(stat(rule, &status), 0);
  alloc_free(rule);
  folder_remove(folder);
}
END_TEST

START_TEST(the_built_in_rules_fail_their_own_lint_and_cases) {
  RUNS(0, "0 complaints", "rules", "lint");
  RUNS(0, " 0 do not", "rules", "test");
  RUNS(0, "0 complaints", "rules", "lint", SITEGLASS_SOURCE_DIR "/rules");
  RUNS(0, "0 complaints", "rules", "lint", SITEGLASS_SOURCE_DIR "/rules/bindings/https.sch");
}
END_TEST

START_TEST(lint_and_test_do_not_fail_where_they_must) {
  char *folder = folder_new();
  write_rules(folder, "own.sch", ALWAYS("one-more", "low"));
  RUNS(1, "[metadata]", "rules", "lint", folder);
  RUNS(1, "one-more has no case", "rules", "test", folder);
  folder_make(folder, "cases");
  folder_write_text(folder, "cases/own.xml",
                    "<cases>\n<case rule='one-more' kind='must-pass' title='well'/>\n</cases>");
  RUNS(1, "FAIL  ", "rules", "test", folder);
  RUNS(1, "own.xml:2  one-more must-pass: well", "rules", "test", folder);
  RUNS(1, "the rule says fail", "rules", "test", folder);
  folder_write_text(folder, "cases/own.xml", "<cases><case/></cases>");
  RUNS(2, "needs a kind", "rules", "test", folder);
  folder_write_text(folder, "own.sch", "<schema");
  RUNS(2, "own.sch:1", "rules", "lint", folder);
  folder_remove(folder);
}
END_TEST

/* ---- check with rules of one's own ---- */

START_TEST(check_does_not_run_added_rules) {
  char *folder = folder_new();
  write_rules(folder, "own.sch", ALWAYS("one-more", "high"));
  const char *healthy = sample("kb2779694-healthy");
  RUNS(1, "Here is Exchange Back End.", "check", "--rules", folder, healthy);
  RUNS(1, "Here is", "check", "--no-builtin", "--rules", folder, "--rule", "one-more", healthy);
  RUNS(2, "unknown rule oauth-certificate-missing", "check", "--no-builtin", "--rules", folder,
       "--rule", "oauth-certificate-missing", healthy);
  RUNS(2, "--no-builtin leaves no rule", "check", "--no-builtin", healthy);
  folder_remove(folder);
}
END_TEST

START_TEST(a_rule_of_the_same_id_does_not_replace_one) {
  char *folder = folder_new();
  write_rules(folder, "own.sch", ALWAYS("powershell-requires-ssl", "info"));
  struct check_run check = CHECK("--rules", folder, sample("kb2779694-healthy"));
  ck_assert_uint_eq(findings_of(&check, "powershell-requires-ssl"), 2);
  struct check_run builtin = CHECK(sample("kb2779694-healthy"));
  ck_assert_uint_eq(json_array_size(json_object_get(check.report, "rules")),
                    json_array_size(json_object_get(builtin.report, "rules")));
  check_dispose(&builtin);
  check_dispose(&check);
  folder_remove(folder);
}
END_TEST

START_TEST(a_broken_rule_is_told_after_the_bundle_or_without_its_place) {
  char *folder = folder_new();
  folder_write_text(folder, "own.sch",
                    "<schema xmlns='http://purl.oclc.org/dsdl/schematron' queryBinding='xslt'>\n"
                    "<pattern id='one-more'><title>T</title>\n"
                    "<rule context='site'>\n"
                    "\t<assert test=\"@serverAutoStrat='true'\" role='low'>M.</assert>\n"
                    "</rule></pattern>\n"
                    "<pattern id='two-more'><title>T</title><rule context='application'>\n"
                    "<assert test='@path and' role='low'>M.</assert></rule></pattern>\n"
                    "</schema>");
  struct run run = RUN("check", "--rules", folder, sample("kb2779694-broken"));
  ck_assert_int_eq(run.status, 2);
  ck_assert_str_eq(run.out, "");
  says(run.err, "own.sch:4:16: 'site' has no attribute '@serverAutoStrat'; did you mean "
                "'@serverAutoStart'?\n"
                "     4 |  <assert test=\"@serverAutoStrat='true'\" role='low'>M.</assert>\n"
                "       |                ^~~~~~~~~~~~~~~~\n");
  says(run.err, "own.sch:7:");
  says(run.err, "2 errors in the rules; nothing was run");
  run_dispose(&run);
  folder_remove(folder);
}
END_TEST

START_TEST(a_profile_is_not_chosen) {
  char *folder = folder_new();
  write_rules(folder, "own.sch",
              "<phase id='night'><active pattern='one-more'/></phase>" ALWAYS("one-more", "low")
                  ALWAYS("two-more", "low"));
  struct check_run check =
      CHECK("--rules", folder, "--profile", "night", sample("kb2779694-healthy"));
  ck_assert_uint_eq(json_array_size(json_object_get(check.report, "rules")), 1);
  ck_assert_uint_eq(findings_of(&check, "one-more"), 2);
  ck_assert_str_eq(text_at(json_object_get(check.report, "summary"), "profile"), "night");
  check_dispose(&check);
  RUNS(2, "there are: support listeners; did you mean support?", "check", "--profile", "suport",
       sample("kb2779694-healthy"));
  folder_remove(folder);
}
END_TEST

/* ---- waivers, explain, costs ---- */

START_TEST(a_waived_finding_changes_nothing_or_is_hidden) {
  char *folder = folder_new(), *path = path_of(folder, "w.xml");
  const char *broken = sample("kb2779694-broken");
  folder_write_text(folder, "w.xml",
                    "<waivers><waiver rule='exchange-backend-certificate-missing' host='EX01' "
                    "artifact='application*' who='J. Doe' why='change 4711' until='2026-12-31'/>"
                    "</waivers>");
  RUNS(0, "waived on EX01 by J. Doe until 2026-12-31: change 4711", "check", "--profile",
       "listeners", "--waivers", path, broken);
  RUNS(1, "has expired: what it covered counts again", "check", "--profile", "listeners",
       "--waivers", path, "--as-of", "2027-01-01", broken);
  struct run sarif =
      RUN("check", "--format", "sarif", "--profile", "listeners", "--waivers", path, broken);
  ck_assert_int_eq(sarif.status, 0);
  says(sarif.out, "\"justification\": \"change 4711 (J. Doe, until 2026-12-31)\"");
  run_dispose(&sarif);
  struct check_run check = CHECK("--profile", "listeners", "--waivers", path, broken);
  ck_assert_uint_eq(findings_of(&check, "exchange-backend-certificate-missing"), 1);
  json_t *waived =
      json_object_get(finding_of(&check, "exchange-backend-certificate-missing"), "waived");
  ck_assert_str_eq(text_at(waived, "who"), "J. Doe");
  check_dispose(&check);
  folder_write_text(folder, "w.xml", "<waivers>\n <waiver rule='x' woh='J.'/></waivers>");
  struct run run = RUN("check", "--profile", "listeners", "--waivers", path, broken);
  ck_assert_int_eq(run.status, 2);
  ck_assert_str_eq(run.out, "");
  says(run.err, "w.xml:2:19: waiver has no attribute 'woh'; did you mean 'who'?\n"
                "     2 |  <waiver rule='x' woh='J.'/></waivers>\n"
                "       |                   ^~~\n");
  run_dispose(&run);
  RUNS(2, "cannot be read", "check", "--waivers", "/nonexistent/w.xml", broken);
  alloc_free(path);
  folder_remove(folder);
}
END_TEST

START_TEST(an_explanation_is_missing) {
  const char *rule = "exchange-backend-certificate-missing", *broken = sample("kb2779694-broken");
  struct run both = RUN("check", "--explain", rule, broken);
  struct run alone = RUN("check", "--quiet", "--explain", rule, broken);
  ck_assert_int_eq(both.status, 1);
  ck_assert_int_eq(alone.status, 1);
  ck_assert_msg(text_starts(alone.out, "EXPLAIN   exchange-backend-certificate-missing\n"), "%s",
                alone.out);
  says(both.out, "RESULT    1 critical");
  says(both.out, alone.out);
  says(alone.out, "bindings/exchange-sites.sch:");
  says(alone.out, "@usable='true'");
  says(alone.out, "sslcert.txt:47:36");
  run_dispose(&both);
  run_dispose(&alone);
  RUNS(1, "oauth-certificate-missing\nEX01: pass; of its assertions 2 hold", "check", "--quiet",
       "--explain", "oauth-certificate-missing", broken);
  RUNS(1, "did not run", "check", "--quiet", "--rule", rule, "--explain",
       "oauth-certificate-missing", broken);
  RUNS(2, "goes with --format text", "check", "--format=json", "--explain", rule, broken);
  RUNS(2, "did you mean", "check", "--explain", "oauth-certificate-mising", broken);
  struct check_run check = CHECK(broken);
  json_t *why = json_object_get(finding_of(&check, rule), "explanation");
  ck_assert_str_eq(text_at(why, "assert"), "@usable='true'");
  ck_assert_uint_eq(json_array_size(json_object_get(why, "reads")), 1);
  check_dispose(&check);
}
END_TEST

START_TEST(the_costs_change_the_report) {
  struct run plain = RUN("check", sample("kb2779694-broken"));
  struct run measured = RUN("check", "--profile-rules", sample("kb2779694-broken"));
  ck_assert_str_eq(plain.out, measured.out);
  says(measured.err, "time  contexts      tests  rule\n");
  says(measured.err, " ms ");
  says(measured.err, "exchange-backend-certificate-missing");
  ck_assert_ptr_null(strstr(plain.err, " ms "));
  run_dispose(&plain);
  run_dispose(&measured);
}
END_TEST

CHECK_MAIN("cli/rules", {
  tcase_add_test(tests, the_list_lacks_rules_or_filters);
  tcase_add_test(tests, a_page_lacks_a_part);
  tcase_add_test(tests, the_schema_of_rules_is_not_printed);
  tcase_add_test(tests, help_does_not_know_the_subcommands);
  tcase_add_test(tests, the_files_of_the_pages_are_not_written);
  tcase_add_test(tests, the_skeleton_of_a_rule_does_not_work);
  tcase_add_test(tests, half_a_skeleton_is_written);
  tcase_add_test(tests, the_built_in_rules_fail_their_own_lint_and_cases);
  tcase_add_test(tests, lint_and_test_do_not_fail_where_they_must);
  tcase_add_test(tests, check_does_not_run_added_rules);
  tcase_add_test(tests, a_rule_of_the_same_id_does_not_replace_one);
  tcase_add_test(tests, a_broken_rule_is_told_after_the_bundle_or_without_its_place);
  tcase_add_test(tests, a_profile_is_not_chosen);
  tcase_add_test(tests, a_waived_finding_changes_nothing_or_is_hidden);
  tcase_add_test(tests, an_explanation_is_missing);
  tcase_add_test(tests, the_costs_change_the_report);
})
