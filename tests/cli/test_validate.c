/* siteglass validate as a user sees it: status, formats, errors, and the fence
 * around the files that a schema may read. */
#define _POSIX_C_SOURCE 200809L
#include "check_main.h"
#include "cli/support_program.h"
#include "report/support_schema.h"

#include "base/alloc.h"
#include "base/text.h"

#include <string.h>
#include <unistd.h>

#define SCHEMATRON "http://purl.oclc.org/dsdl/schematron"

static char *folder;

static void setup(void) {
  folder = folder_new();
}

static void teardown(void) {
  folder_remove(folder);
}

static void write_schema(const char *name, const char *content) {
  char *text = alloc_format("<schema xmlns=\"" SCHEMATRON "\">%s</schema>\n", content);
  folder_write_text(folder, name, text);
  alloc_free(text);
}

/* A file of the folder; static storage, eight at a time. */
static const char *in(const char *name) {
  static char paths[8][300];
  static size_t next;
  char *path = paths[next++ % 8];
  snprintf(path, 300, "%s/%s", folder, name);
  return path;
}

#define RULE(context, content) "<pattern><rule context=\"" context "\">" content "</rule></pattern>"
#define PRICE RULE("book", "<assert id=\"p\" test=\"@price\">A book needs a price.</assert>")

static void write_books(void) {
  write_schema("books.sch", PRICE);
  folder_write_text(folder, "good.xml", "<books><book price='1'/></books>");
  folder_write_text(folder, "bad.xml", "<books>\n  <book price='1'/><book/></books>");
}

/* Runs, and checks status and that `said` stands in the output (out or err). */
static void check_run(struct run run, int status, const char *said) {
  bool found = strstr(run.out, said) != NULL || strstr(run.err, said) != NULL;
  ck_assert_msg(run.status == status, "status %d, wanted %d\n%.900s%.2000s", run.status, status,
                run.out, run.err);
  ck_assert_msg(found, "no \"%s\" in:\n%.1500s\n%.1500s", said, run.out, run.err);
  run_dispose(&run);
}
#define CHECK_RUN(status, said, ...) check_run(RUN("validate", __VA_ARGS__), status, said)

/* ---- Status ------------------------------------------------------------------------ */

START_TEST(the_exit_status_is_wrong) {
  write_books();
  write_schema("report.sch", RULE("book", "<report test=\"not(@price)\">none</report>"));
  write_schema("error.sch", RULE("book", "<assert test=\"@price +\">m</assert>"));
  write_schema("late.sch",
               RULE("book", "<assert test=\"id(@a) = //nowhere[key('k', 1)]\">m</assert>"));
  folder_write_text(folder, "broken.xml", "<books>");
  CHECK_RUN(0, "", in("books.sch"), in("good.xml"));
  CHECK_RUN(1, "failed-assert", in("books.sch"), in("bad.xml"));
  CHECK_RUN(1, "successful-report", in("report.sch"), in("bad.xml"));
  CHECK_RUN(0, "fired-rule", in("report.sch"), in("good.xml"));
  CHECK_RUN(1, "failed-assert", in("books.sch"), in("good.xml"), in("bad.xml"));
  CHECK_RUN(2, "error.sch:1:", in("error.sch"), in("good.xml"));
  CHECK_RUN(2, "broken.xml:1", in("books.sch"), in("broken.xml"));
  CHECK_RUN(2, "broken.xml:1", in("books.sch"), in("good.xml"), in("broken.xml"), in("bad.xml"));
  CHECK_RUN(2, "No such file", in("books.sch"), in("none.xml"));
  CHECK_RUN(2, "No such file", in("none.sch"), in("good.xml"));
  CHECK_RUN(2, "folder", in("books.sch"), folder);
  CHECK_RUN(2, "needs a schema", in("books.sch"));
  CHECK_RUN(2, "needs a schema", "--format", "text");
  CHECK_RUN(2, "did you mean svrl?", "--format", "svlr", in("books.sch"), in("good.xml"));
  CHECK_RUN(2, "late.sch:1:", in("late.sch"), in("good.xml"));
}
END_TEST

/* "No" is only said by a test that could be evaluated. */
START_TEST(an_expression_that_cannot_be_evaluated_passes) {
  write_schema("text.sch", "<let name=\"t\" value=\"'text'\"/>" RULE(
                               "book", "<report test=\"$t/a\">m</report>"));
  folder_write_text(folder, "good.xml", "<books><book price='1'/></books>");
  struct run run = RUN("validate", "--format", "text", in("text.sch"), in("good.xml"));
  ck_assert_int_eq(run.status, 2);
  ck_assert_msg(strstr(run.out, ": valid") == NULL, "%s", run.out);
  run_dispose(&run);
}
END_TEST

START_TEST(not_all_errors_of_a_schema_are_told_in_their_place) {
  write_schema("bad.sch", "\n<pattern>\n <rule contxt=\"a\">\n  <assert test=\"count(\">m</assert>"
                          "\n </rule>\n</pattern>\n<rule context=\"b\"/>");
  folder_write_text(folder, "good.xml", "<a/>");
  CHECK_RUN(2, "bad.sch:3:8: ", in("bad.sch"), in("good.xml"));
  CHECK_RUN(2, "bad.sch:4:", in("bad.sch"), in("good.xml"));
  CHECK_RUN(2, "bad.sch:7:1: ", in("bad.sch"), in("good.xml"));
  CHECK_RUN(2, "     7 | <rule context=\"b\"/>", in("bad.sch"), in("good.xml"));
  CHECK_RUN(2, "^", in("bad.sch"), in("good.xml"));
  struct run run = RUN("validate", in("bad.sch"), in("good.xml"));
  ck_assert_str_eq(run.out, "");
  run_dispose(&run);
}
END_TEST

START_TEST(another_query_binding_is_taken) {
  folder_write_text(folder, "x.sch",
                    "<schema xmlns=\"" SCHEMATRON "\" queryBinding=\"xslt2\">" PRICE "</schema>");
  folder_write_text(folder, "e.sch",
                    "<schema xmlns=\"" SCHEMATRON "\" queryBinding=\"exslt\">" PRICE "</schema>");
  folder_write_text(folder, "good.xml", "<books><book price='1'/></books>");
  CHECK_RUN(2, "xslt2", in("x.sch"), in("good.xml"));
  CHECK_RUN(0, "active-pattern", in("e.sch"), in("good.xml"));
}
END_TEST

START_TEST(a_phase_is_not_run) {
  write_schema("p.sch", "<phase id=\"quick\"><active pattern=\"a\"/></phase>"
                        "<pattern id=\"a\"><rule context=\"r\"><report test=\"1\">first</report>"
                        "</rule></pattern><pattern id=\"b\"><rule context=\"r\">"
                        "<report test=\"1\">second</report></rule></pattern>");
  folder_write_text(folder, "r.xml", "<r/>");
  struct run run = RUN("validate", "--phase", "quick", "-f", "text", in("p.sch"), in("r.xml"));
  ck_assert_int_eq(run.status, 1);
  ck_assert_ptr_nonnull(strstr(run.out, "first"));
  ck_assert_msg(strstr(run.out, "second") == NULL, "%s", run.out);
  run_dispose(&run);
  CHECK_RUN(1, "second", "--phase", "#ALL", in("p.sch"), in("r.xml"));
  CHECK_RUN(2, "did you mean 'quick'?", "--phase", "quik", in("p.sch"), in("r.xml"));
}
END_TEST

/* ---- Formats ----------------------------------------------------------------------- */

START_TEST(text_does_not_say_where_and_why) {
  write_books();
  struct run run = RUN("validate", "-f", "text", in("books.sch"), in("good.xml"), in("bad.xml"));
  const char *const parts[] = {"good.xml: valid\n",
                               "bad.xml:2:20: failed assert p: A book needs a "
                               "price.",
                               "at /books[1]/book[2]",
                               "test @price",
                               "books.sch:1",
                               "bad.xml: invalid, 1 failed assert\n"};
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    ck_assert_msg(strstr(run.out, parts[i]) != NULL, "%s\n%s", parts[i], run.out);
  run_dispose(&run);
}
END_TEST

START_TEST(a_terminal_gets_svrl_or_a_pipe_text) {
  write_books();
  const char *const arguments[] = {"validate", in("books.sch"), in("bad.xml"), NULL};
  struct run terminal = program_run_on_terminal(arguments), piped = program_run(arguments);
  ck_assert_ptr_nonnull(strstr(terminal.out, "bad.xml: invalid"));
  ck_assert_ptr_null(strstr(terminal.out, "schematron-output"));
  ck_assert(text_starts(piped.out, "<?xml "));
  run_dispose(&terminal);
  run_dispose(&piped);
}
END_TEST

START_TEST(json_does_not_hold_what_was_found) {
  write_books();
  struct run run = RUN("validate", "-f", "json", in("books.sch"), in("good.xml"), in("bad.xml"));
  json_t *root = json_loads(run.out, 0, NULL);
  ck_assert_ptr_nonnull(root);
  json_t *documents = json_object_get(root, "documents");
  ck_assert_uint_eq(json_array_size(documents), 2);
  ck_assert_str_eq(text_at(json_array_get(documents, 0), "status"), "valid");
  json_t *bad = json_array_get(documents, 1);
  ck_assert_str_eq(text_at(bad, "status"), "invalid");
  json_t *finding = json_array_get(json_object_get(bad, "findings"), 0);
  ck_assert_str_eq(text_at(finding, "id"), "p");
  ck_assert_str_eq(text_at(finding, "kind"), "failed-assert");
  ck_assert_str_eq(text_at(finding, "location"), "/books[1]/book[2]");
  ck_assert_int_eq(json_integer_value(json_object_get(finding, "line")), 2);
  json_decref(root);
  run_dispose(&run);
}
END_TEST

/* One of each: valid, invalid with all there is, not decided, not read. */
START_TEST(json_is_not_as_its_schema_says) {
  write_schema(
      "all.sch",
      "<let name='w' value=\"'grave'\"/>"
      "<phase id='costly' when='//book/@price > 9'><active pattern='dear'/></phase>"
      "<pattern id='dear'><rule context='book' role='warning'>"
      "<report id='d' test='@price > 9' flag='$w' severity='$w' see='urn:x'"
      " diagnostics='g' properties='p'>dear</report></rule></pattern>"
      "<pattern><rule context='/'>"
      "<report test='count(document(//book/@see)) = 7'>seven</report>"
      "<report test='not(*)'>empty</report></rule></pattern>"
      "<diagnostics><diagnostic id='g'>at <value-of select='@price'/></diagnostic></diagnostics>"
      "<properties><property id='p'>of <name/></property></properties>");
  folder_write_text(folder, "good.xml", "<books/>");
  folder_write_text(folder, "dear.xml", "<books><book price='10'/></books>");
  folder_write_text(folder, "far.xml", "<books><book see='http://x/y'/></books>");
  struct run run = RUN("validate", "-f", "json", "--phase", "#ANY", in("all.sch"), in("good.xml"),
                       in("dear.xml"), in("far.xml"), in("none.xml"));
  json_t *root = json_loads(run.out, JSON_REJECT_DUPLICATES, NULL);
  json_t *schema = load_json("analyzer/report/siteglass-validation.schema.json");
  char why[600];
  ck_assert_msg(schema_accepts(schema, root, why, sizeof why), "%s\n%s", why, run.out);
  static const char *const wanted[][2] = {
      {"valid", "#ALL"}, {"invalid", "costly"}, {"not decided", "#ALL"}, {"not read", ""}};
  json_t *documents = json_object_get(root, "documents");
  for (size_t i = 0; i < 4; i++) {
    ck_assert_str_eq(text_at(json_array_get(documents, i), "status"), wanted[i][0]);
    ck_assert_str_eq(text_at(json_array_get(documents, i), "phase"), wanted[i][1]);
  }
  json_t *findings = json_object_get(json_array_get(documents, 1), "findings");
  json_t *finding = json_array_get(findings, 0);
  ck_assert_str_eq(text_at(finding, "flag"), "grave");
  ck_assert_str_eq(text_at(finding, "severity"), "grave");
  ck_assert_str_eq(text_at(finding, "role"), "warning");
  ck_assert_str_eq(text_at(json_array_get(json_object_get(finding, "diagnostics"), 0), "text"),
                   "at 10");
  ck_assert_str_eq(text_at(json_array_get(json_object_get(finding, "properties"), 0), "text"),
                   "of book");
  json_decref(schema);
  json_decref(root);
  run_dispose(&run);
}
END_TEST

START_TEST(sarif_does_not_hold_what_was_found) {
  write_books();
  struct run run = RUN("validate", "-f", "sarif", in("books.sch"), in("bad.xml"), in("none.xml"));
  ck_assert_int_eq(run.status, 2);
  json_t *root = json_loads(run.out, 0, NULL);
  ck_assert_ptr_nonnull(root);
  ck_assert_str_eq(text_at(root, "version"), "2.1.0");
  json_t *log = json_array_get(json_object_get(root, "runs"), 0);
  json_t *results = json_object_get(log, "results");
  ck_assert_uint_eq(json_array_size(results), 1);
  ck_assert_str_eq(text_at(json_array_get(results, 0), "ruleId"), "p");
  json_t *invocation = json_array_get(json_object_get(log, "invocations"), 0);
  ck_assert(json_is_false(json_object_get(invocation, "executionSuccessful")));
  json_decref(root);
  run_dispose(&run);
}
END_TEST

START_TEST(the_report_goes_over_a_document) {
  write_books();
  CHECK_RUN(2, "never written over", "-o", in("bad.xml"), in("books.sch"), in("bad.xml"));
  CHECK_RUN(2, "never written over", "-o", in("books.sch"), in("books.sch"), in("bad.xml"));
  CHECK_RUN(1, "", "-o", in("report.svrl"), in("books.sch"), in("bad.xml"));
  size_t size;
  char *text = file_read(in("report.svrl"), &size);
  ck_assert_ptr_nonnull(strstr(text, "failed-assert"));
  alloc_free(text);
}
END_TEST

START_TEST(a_document_drives_the_terminal) {
  write_schema("v.sch", RULE("a", "<report test=\"1\"><value-of select=\".\"/></report>"));
  folder_write_text(folder, "a.xml",
                    "<a>x\xC2\x9B"
                    "31m\xE2\x80\xAEy</a>");
  struct run run = RUN("validate", "-f", "text", in("v.sch"), in("a.xml"));
  ck_assert_int_eq(run.status, 1);
  ck_assert_ptr_null(strstr(run.out, "\xC2\x9B"));
  ck_assert_ptr_null(strstr(run.out, "\xE2\x80\xAE"));
  run_dispose(&run);
}
END_TEST

/* ---- Files ------------------------------------------------------------------------- */

static void write_include(const char *name, const char *href) {
  char *content = alloc_format("<include href=\"%s\"/>", href);
  write_schema(name, content);
  alloc_free(content);
}

#define PATTERN                                                                                    \
  "<pattern xmlns=\"" SCHEMATRON "\"><rule context=\"*\"><report test=\"1\">reached</report>"      \
  "</rule></pattern>"

START_TEST(an_include_beside_the_schema_is_not_read) {
  folder_make(folder, "sub");
  folder_write_text(folder, "part.sch", PATTERN);
  folder_write_text(folder, "sub/part.sch", PATTERN);
  folder_write_text(folder, "sub/a b.sch", PATTERN);
  folder_write_text(folder, "a.xml", "<a/>");
  const char *const hrefs[] = {"part.sch", "./part.sch", "sub/part.sch", "sub/a%20b.sch"};
  for (size_t i = 0; i < sizeof hrefs / sizeof *hrefs; i++) {
    write_include("main.sch", hrefs[i]);
    CHECK_RUN(1, "reached", in("main.sch"), in("a.xml"));
  }
}
END_TEST

START_TEST(an_include_leads_out_of_the_folder) {
  folder_make(folder, "in");
  folder_make(folder, "inner");
  folder_write_text(folder, "out.sch", PATTERN);
  folder_write_text(folder, "inner/out.sch", PATTERN);
  folder_write_text(folder, "in/a.xml", "<a/>");
  ck_assert_int_eq(symlink("../out.sch", in("in/link.sch")), 0);
  ck_assert_int_eq(symlink("..", in("in/above")), 0);
  char *absolute = alloc_text(in("out.sch")), *file = alloc_format("file://%s", absolute);
  const char *const hrefs[] = {"../out.sch",
                               "sub/../../out.sch",
                               "%2E%2E/out.sch",
                               "..%2Fout.sch",
                               "link.sch",
                               "above/out.sch",
                               "../inner/out.sch",
                               absolute,
                               file,
                               "http://localhost/out.sch",
                               "//localhost/out.sch",
                               "..\\out.sch"};
  for (size_t i = 0; i < sizeof hrefs / sizeof *hrefs; i++) {
    write_include("in/main.sch", hrefs[i]);
    CHECK_RUN(2, "in/main.sch:1:", in("in/main.sch"), in("in/a.xml"));
  }
  alloc_free(absolute);
  alloc_free(file);
}
END_TEST

START_TEST(document_reads_what_it_must_not) {
  folder_make(folder, "in");
  folder_write_text(folder, "out.xml", "<secret/>");
  folder_write_text(folder, "in/beside.xml", "<secret/>");
  folder_write_text(folder, "in/a.xml", "<a href='beside.xml'/>");
  folder_write_text(folder, "in/b.xml", "<a href='../out.xml'/>");
  write_schema("in/main.sch",
               RULE("a", "<report test=\"document(@href)/secret\">reached</report>"));
  CHECK_RUN(1, "reached", in("in/main.sch"), in("in/a.xml"));
  CHECK_RUN(2, "../out.xml", in("in/main.sch"), in("in/b.xml"));
}
END_TEST

START_TEST(a_pattern_does_not_choose_its_documents) {
  write_schema("main.sch", "<phase id=\"p\"><let name=\"most\" value=\"2\"/><active pattern=\"d\"/>"
                           "</phase><pattern id=\"d\" documents=\"/a/@part\"><rule context=\"b\">"
                           "<assert test=\"@n &lt;= $most\">more than <value-of select=\"$most\"/>"
                           "</assert></rule></pattern>");
  folder_write_text(folder, "a.xml", "<a part='part.xml'/>");
  folder_write_text(folder, "out.xml", "<a part='../part.xml'/>");
  folder_write_text(folder, "missing.xml", "<a part='none.xml'/>");
  folder_write_text(folder, "part.xml", "<b n='3'/>");
  CHECK_RUN(1, "part.xml\"/>", "--phase", "p", in("main.sch"), in("a.xml"));
  CHECK_RUN(1, "more than 2", "--phase", "p", in("main.sch"), in("a.xml"));
  CHECK_RUN(1, "part.xml:1:1: failed assert", "--phase", "p", "-f", "text", in("main.sch"),
            in("a.xml"));
  CHECK_RUN(2, "part.xml:1:1: the variable", "--phase", "#ALL", in("main.sch"), in("a.xml"));
  CHECK_RUN(2, "the pattern d at", "--phase", "p", in("main.sch"), in("out.xml"));
  CHECK_RUN(2, "not decided", "--phase", "p", "-f", "text", in("main.sch"), in("missing.xml"));
  CHECK_RUN(2, "never written over", "--phase", "p", "-o", in("part.xml"), in("main.sch"),
            in("a.xml"));
}
END_TEST

START_TEST(an_assertion_is_said_to_stand_in_another_file) {
  write_schema("main.sch", RULE("a", "<extends href=\"part.sch\"/>"));
  folder_write_text(folder, "part.sch",
                    "<rule xmlns=\"" SCHEMATRON "\" abstract=\"true\" id=\"r\">\n\n"
                    "<assert test=\"@x\">no x</assert></rule>");
  folder_write_text(folder, "a.xml", "<a/>");
  CHECK_RUN(1, "part.sch:3\n", "-f", "text", in("main.sch"), in("a.xml"));
  CHECK_RUN(1, "\"schemaLine\": 3", "-f", "json", in("main.sch"), in("a.xml"));
  CHECK_RUN(1, "\"part.sch:3\"", "-f", "sarif", in("main.sch"), in("a.xml"));
  CHECK_RUN(2, "never written over", "-o", in("part.sch"), in("main.sch"), in("a.xml"));
}
END_TEST

START_TEST(a_doctype_is_not_refused) {
  write_books();
  folder_write_text(folder, "dtd.xml", "<!DOCTYPE a [<!ENTITY e SYSTEM 'books.sch'>]><a>&e;</a>");
  CHECK_RUN(2, "DOCTYPE", in("books.sch"), in("dtd.xml"));
}
END_TEST

START_TEST(another_encoding_is_not_read) {
  write_schema("e.sch", RULE("a", "<assert test=\". = '\xC3\xA9'\">not e acute</assert>"));
  folder_write_text(folder, "latin.xml", "<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>");
  static const char utf16[] = "\xFF\xFE<\0a\0>\0\xE9\0<\0/\0a\0>\0";
  folder_write(folder, "utf16.xml", utf16, sizeof utf16 - 1);
  folder_write_text(folder, "mark.xml", "\xEF\xBB\xBF<a>\xC3\xA9</a>");
  folder_write_text(folder, "broken.xml", "<a>\xC3\xA9\xE9</a>");
  CHECK_RUN(0, "fired-rule", in("e.sch"), in("latin.xml"));
  CHECK_RUN(0, "fired-rule", in("e.sch"), in("utf16.xml"));
  CHECK_RUN(0, "fired-rule", in("e.sch"), in("mark.xml"));
  CHECK_RUN(2, "broken.xml", in("e.sch"), in("broken.xml"));
}
END_TEST

CHECK_MAIN("cli/validate", {
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, the_exit_status_is_wrong);
  tcase_add_test(tests, an_expression_that_cannot_be_evaluated_passes);
  tcase_add_test(tests, not_all_errors_of_a_schema_are_told_in_their_place);
  tcase_add_test(tests, another_query_binding_is_taken);
  tcase_add_test(tests, a_phase_is_not_run);
  tcase_add_test(tests, text_does_not_say_where_and_why);
  tcase_add_test(tests, a_terminal_gets_svrl_or_a_pipe_text);
  tcase_add_test(tests, json_does_not_hold_what_was_found);
  tcase_add_test(tests, json_is_not_as_its_schema_says);
  tcase_add_test(tests, sarif_does_not_hold_what_was_found);
  tcase_add_test(tests, the_report_goes_over_a_document);
  tcase_add_test(tests, a_document_drives_the_terminal);
  tcase_add_test(tests, an_include_beside_the_schema_is_not_read);
  tcase_add_test(tests, an_include_leads_out_of_the_folder);
  tcase_add_test(tests, document_reads_what_it_must_not);
  tcase_add_test(tests, a_pattern_does_not_choose_its_documents);
  tcase_add_test(tests, an_assertion_is_said_to_stand_in_another_file);
  tcase_add_test(tests, a_doctype_is_not_refused);
  tcase_add_test(tests, another_encoding_is_not_read);
})
