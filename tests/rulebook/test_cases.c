/* The case runner itself: a case that does not hold has to be told, and where. */
#include "check_main.h"

#include "base/text.h"
#include "base/xml_source.h"
#include "rulebook/cases.h"
#include "support_rules.h"

#include <string.h>

static char *folder;
static struct rules_loaded loaded;
static struct case_set *cases;

static const char rule[] =
    "<pattern id='site-does-not-start'><title>A site does not start</title>"
    "<rule context='site'><assert test=\"not(@serverAutoStart='false')\" role='low'>It does not."
    "</assert></rule></pattern>";

static void setup(void) {
  xml_source_setup();
  folder = rules_folder_new();
  char *schema = rules_schema(rule), *path = alloc_format("%s/own.sch", folder);
  rules_write(folder, "own.sch", schema);
  loaded = rules_load(path, false);
  ck_assert_ptr_nonnull(loaded.rulebook);
  cases = case_set_new();
  alloc_free(schema);
  alloc_free(path);
}

static void teardown(void) {
  case_set_free(cases);
  rules_unload(&loaded);
  rules_folder_remove(folder);
  xml_source_teardown();
}

static void add(const char *text) {
  char *file = alloc_format("<cases>%s</cases>", text);
  char *path = alloc_format("%s/cases/own.xml", folder);
  rules_write(folder, "cases/own.xml", file);
  case_set_add(cases, loaded.files, path, &loaded.diags);
  alloc_free(path);
  alloc_free(file);
}

/* The only case says why it does not hold; NULL: it holds. */
static char *run_only(bool *gap) {
  ck_assert_uint_eq(case_set_count(cases), 1);
  return case_run(cases, loaded.rulebook, case_set_at(cases, 0), gap);
}

static void fails_with(const char *text, const char *words) {
  bool gap;
  add(text);
  char *why = run_only(&gap);
  ck_assert_msg(why && strstr(why, words), "%s", why ? why : "it holds");
  alloc_free(why);
}

static void holds(const char *text) {
  bool gap;
  add(text);
  char *why = run_only(&gap);
  ck_assert_msg(!why, "%s", why);
}

#define STOP "<set at=\"//site[2]\" name=\"serverAutoStart\" value=\"false\"/>"
#define CASE(kind, more, edits)                                                                    \
  "<case rule='site-does-not-start' title='t' kind='" kind "' " more ">" edits "</case>"

START_TEST(a_case_that_holds_is_called_wrong) {
  holds(CASE("must-fire", "at='//site[2]'", STOP));
}
END_TEST

START_TEST(a_case_of_another_verdict_holds) {
  fails_with(CASE("must-pass", "", STOP), "the rule says fail: It does not.");
}
END_TEST

START_TEST(a_rule_that_blames_another_node_holds) {
  fails_with(CASE("must-fire", "at='//site[1]'", STOP), "it blames /evidence/host/sites/site");
}
END_TEST

START_TEST(a_rule_that_passes_counts_as_undecided) {
  fails_with(CASE("must-be-unknown", "", ""), "the rule says pass");
}
END_TEST

START_TEST(a_mark_does_not_make_a_rule_undecided) {
  holds(CASE("must-be-unknown", "",
             "<unset at='//site' name='serverAutoStart'/><mark at='//sites' "
             "of='@serverAutoStart' under='site' reason='damaged' needs='application-host'/>"));
}
END_TEST

START_TEST(an_edit_that_finds_nothing_is_passed_over) {
  fails_with(CASE("must-pass", "", "<remove at='//siet'/>"), "there is nothing at //siet");
}
END_TEST

START_TEST(an_attribute_that_is_not_there_is_unset) {
  fails_with(CASE("must-pass", "", "<unset at='//site' name='nmae'/>"), "no attribute nmae");
}
END_TEST

START_TEST(the_document_itself_can_be_removed) {
  fails_with(CASE("must-pass", "", "<remove at='/evidence'/>"), "would remove the whole document");
}
END_TEST

START_TEST(a_server_that_cannot_be_is_judged) {
  fails_with(CASE("must-pass", "", "<set at='//site[1]' name='serverAutoStart' value='maybe'/>"),
             "no evidence document");
}
END_TEST

START_TEST(a_reason_that_does_not_exist_is_taken) {
  fails_with(CASE("must-be-unknown", "",
                  "<mark at='//sites' of='site' under='sites' reason='lost' needs=''/>"),
             "'lost' is no reason");
}
END_TEST

START_TEST(a_case_of_no_rule_holds) {
  fails_with("<case rule='site-does-not-strat' title='t' kind='must-pass'/>",
             "did you mean 'site-does-not-start'?");
}
END_TEST

START_TEST(a_known_gap_counts_as_a_failure) {
  bool gap;
  add(CASE("known-gap", "wants='fail'", ""));
  char *why = run_only(&gap);
  ck_assert_msg(!why, "%s", why);
  ck_assert(gap);
}
END_TEST

START_TEST(a_closed_gap_stays_unnoticed) {
  fails_with(CASE("known-gap", "wants='fail'", STOP), "this gap is closed");
}
END_TEST

START_TEST(a_malformed_case_file_is_accepted) {
  add(CASE("must-fire", "", STOP) CASE("should-fire", "", "") CASE("known-gap", "", "")
          CASE("fine", "", "<change at='//site'/>") "<caes/><case kind='fine'/>");
  ck_assert_uint_eq(case_set_count(cases), 0);
  static const char *const wanted[] = {"needs 'at'",         "needs a kind",
                                       "needs 'wants'",      "an edit is set",
                                       "nothing but 'case'", "needs an attribute 'rule'"};
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
    int at = rules_said(&loaded.diags, wanted[i]);
    ck_assert_msg(at >= 0, "%s", wanted[i]);
    ck_assert_uint_gt(loaded.diags.items[at].line, 0);
  }
}
END_TEST

START_TEST(a_stock_server_beside_the_cases_is_not_used) {
  rules_write(folder, "cases/stock.xml",
              "<evidence version='1'><host name='A'><products/><artifacts/><sites/>"
              "<applicationPools/><configuration/><configurationErrors/><httpSys/>"
              "<certificateStores/><certificates/><exchange/><registry/><folders/></host>"
              "</evidence>");
  add(CASE("fine", "",
           "<add at='//sites'><site name='a' key='a' serverAutoStart='false'>"
           "<bindings/></site></add>"));
  bool gap;
  char *why = run_only(&gap);
  ck_assert_msg(why && strstr(why, "the rule says fail"), "%s", why ? why : "it holds");
  alloc_free(why);
}
END_TEST

START_TEST(edits_in_words_do_not_say_what_they_do) {
  add(CASE("fine", "",
           STOP "<unset at='//site' name='id'/><remove at='//x'/>"
                "<add at='//sites'><site a='1'/></add>"
                "<mark at='//y' of='site' under='sites' reason='damaged' needs=''/>"));
  static const char *const wanted[] = {"//site[2]: serverAutoStart=\"false\"", "//site: without id",
                                       "//x: not there", "//sites: with <site a=\"1\"/>",
                                       "//y: site of sites is not known (damaged)"};
  size_t i = 0;
  for (const xmlNode *n = case_set_at(cases, 0)->element->children; n; n = n->next) {
    char *words = case_edit_words(n);
    if (words) ck_assert_str_eq(words, wanted[i++]);
    alloc_free(words);
  }
  ck_assert_uint_eq(i, 5);
}
END_TEST

CHECK_MAIN("rulebook/cases", {
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, a_case_that_holds_is_called_wrong);
  tcase_add_test(tests, a_case_of_another_verdict_holds);
  tcase_add_test(tests, a_rule_that_blames_another_node_holds);
  tcase_add_test(tests, a_rule_that_passes_counts_as_undecided);
  tcase_add_test(tests, a_mark_does_not_make_a_rule_undecided);
  tcase_add_test(tests, an_edit_that_finds_nothing_is_passed_over);
  tcase_add_test(tests, an_attribute_that_is_not_there_is_unset);
  tcase_add_test(tests, the_document_itself_can_be_removed);
  tcase_add_test(tests, a_server_that_cannot_be_is_judged);
  tcase_add_test(tests, a_reason_that_does_not_exist_is_taken);
  tcase_add_test(tests, a_case_of_no_rule_holds);
  tcase_add_test(tests, a_known_gap_counts_as_a_failure);
  tcase_add_test(tests, a_closed_gap_stays_unnoticed);
  tcase_add_test(tests, a_malformed_case_file_is_accepted);
  tcase_add_test(tests, a_stock_server_beside_the_cases_is_not_used);
  tcase_add_test(tests, edits_in_words_do_not_say_what_they_do);
})
