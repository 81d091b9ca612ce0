/* Lint: each complaint on a rule that deserves it, none on one that does not. */
#include "check_main.h"

#include "base/buffer.h"
#include "base/text.h"
#include "base/xml_source.h"
#include "rulebook/lint.h"
#include "support_rules.h"

#include <string.h>

static char *folder;

static void setup(void) {
  xml_source_setup();
  folder = rules_folder_new();
}

static void teardown(void) {
  rules_folder_remove(folder);
  xml_source_teardown();
}

/* The complaints about these patterns, one a line. */
static char *complaints(const char *patterns) {
  char *schema = rules_schema(patterns), *path = alloc_format("%s/own.sch", folder);
  rules_write(folder, "own.sch", schema);
  struct rules_loaded loaded = rules_load(path, true);
  char *messages = rules_messages(&loaded.diags);
  ck_assert_msg(loaded.rulebook != NULL, "%s", messages);
  alloc_free(messages);
  struct diags found = {0};
  rules_lint(loaded.rulebook, false, &found);
  messages = rules_messages(&found);
  diags_dispose(&found);
  rules_unload(&loaded);
  alloc_free(path);
  alloc_free(schema);
  return messages;
}

#define HEAD "<pattern id='one-more' sg:products='iis' sg:tags='a'><title>T</title><p>P.</p>"
#define SEE " see='https://learn.microsoft.com/iis/' diagnostics='d' sg:actual='1' sg:expected='2' "
#define TAIL                                                                                       \
  "</pattern><diagnostics><diagnostic id='d'><sg:effect>E.</sg:effect>"                            \
  "<sg:step><sg:text>S.</sg:text></sg:step></diagnostic></diagnostics>"

/* A rule that is well but for its context, lets and test. */
static char *with(const char *context, const char *lets, const char *test) {
  return alloc_format(HEAD "<rule context=\"%s\">%s<assert test=\"%s\" role='low'" SEE
                           ">M.</assert></rule>" TAIL,
                      context, lets, test);
}

static void is_clean(const char *patterns) {
  char *found = complaints(patterns);
  ck_assert_msg(!*found, "%s\n%s", patterns, found);
  alloc_free(found);
}

/* Exactly one complaint, of that name. */
static void complains(const char *patterns, const char *name) {
  char *found = complaints(patterns);
  char *end = alloc_format("[%s]\n", name);
  ck_assert_msg(text_ends_nocase(found, end) && strchr(found, '\n')[1] == '\0',
                "wanted one [%s]:\n%s\n%s", name, patterns, found);
  alloc_free(end);
  alloc_free(found);
}

static void test_is_clean(const char *context, const char *lets, const char *test) {
  char *patterns = with(context, lets, test);
  is_clean(patterns);
  alloc_free(patterns);
}

static void test_complains(const char *context, const char *lets, const char *test,
                           const char *name) {
  char *patterns = with(context, lets, test);
  complains(patterns, name);
  alloc_free(patterns);
}

START_TEST(a_good_rule_is_complained_of) {
  test_is_clean("site", "", "@name='x'");
  test_is_clean("site/bindings/binding[@port='443']", "<let name='p' value='@port'/>",
                "not($p='1') and @sslFlags &lt; 3");
}
END_TEST

START_TEST(a_built_in_rule_deserves_a_complaint) {
  struct rules_loaded loaded = rules_load(NULL, false);
  struct diags found = {0};
  rules_lint(loaded.rulebook, true, &found);
  char *messages = rules_messages(&found);
  ck_assert_msg(found.count == 0, "%s", messages);
  alloc_free(messages);
  diags_dispose(&found);
  rules_unload(&loaded);
}
END_TEST

START_TEST(missing_metadata_is_passed_over) {
  complains("<pattern id='one-more' sg:products='iis' sg:tags='a'><title>T</title>"
            "<rule context='site'><assert test='@name' role='low'" SEE ">M.</assert></rule>" TAIL,
            "metadata");
  complains("<pattern id='one-more' sg:tags='a'><title>T</title><p>P.</p>"
            "<rule context='site'><assert test='@name' role='low'" SEE ">M.</assert></rule>" TAIL,
            "metadata");
  complains("<pattern id='one-more' sg:products='linux' sg:tags='a'><title>T</title><p>P.</p>"
            "<rule context='site'><assert test='@name' role='low'" SEE ">M.</assert></rule>" TAIL,
            "metadata");
  complains("<pattern id='one-more' sg:products='iis'><title>T</title><p>P.</p>"
            "<rule context='site'><assert test='@name' role='low'" SEE ">M.</assert></rule>" TAIL,
            "metadata");
  complains(HEAD "<rule context='site'><assert test='@name' role='low' diagnostics='d' "
                 "see='https://learn.microsoft.com/iis/' sg:actual='1'>M.</assert></rule>" TAIL,
            "metadata");
}
END_TEST

START_TEST(a_reference_that_leads_nowhere_is_passed_over) {
#define SEEN(see)                                                                                  \
  HEAD "<rule context='site'><assert test='@name' role='low' diagnostics='d' sg:actual='1' "       \
       "sg:expected='2' " see ">M.</assert></rule>" TAIL
  complains(SEEN(""), "reference");
  complains(SEEN("see='KB 2779694'"), "reference");
  complains(SEEN("see='http://learn.microsoft.com/'"), "reference");
  complains(SEEN("see='https://localhost/x'"), "reference");
  complains(SEEN("see='https://learn.microsoft.com/a b'"), "reference");
  is_clean(SEEN("see='https://support.microsoft.com/kb/2779694'"));
  complains("<pattern id='one-more' sg:products='iis' sg:tags='a' sg:kb='KB27'><title>T</title>"
            "<p>P.</p><rule context='site'><assert test='@name' role='low'" SEE
            ">M.</assert></rule>" TAIL,
            "reference");
  complains("<pattern id='one-more' sg:products='iis' sg:tags='a' sg:kb='824035'><title>T</title>"
            "<p>P.</p><rule context='site'><assert test='@name' role='low' diagnostics='d' "
            "sg:actual='1' sg:expected='2' see='https://support.microsoft.com/kb/2779694'>M."
            "</assert></rule>" TAIL,
            "reference");
}
END_TEST

START_TEST(a_rule_without_a_repair_is_passed_over) {
  complains(HEAD "<rule context='site'><assert test='@name' role='low' sg:actual='1' "
                 "sg:expected='2' see='https://learn.microsoft.com/iis/'>M.</assert></rule>"
                 "</pattern>",
            "remediation");
  complains(HEAD "<rule context='site'><assert test='@name' role='low'" SEE
                 ">M.</assert></rule></pattern><diagnostics><diagnostic id='d'>"
                 "<sg:effect>E.</sg:effect></diagnostic></diagnostics>",
            "remediation");
  complains(HEAD "<rule context='site'><assert test='@name' role='low'" SEE
                 ">M.</assert></rule></pattern><diagnostics><diagnostic id='d'>"
                 "<sg:step><sg:text>S.</sg:text></sg:step></diagnostic></diagnostics>",
            "remediation");
}
END_TEST

START_TEST(a_message_that_nobody_finished_is_passed_over) {
#define SAYS(message)                                                                              \
  HEAD "<rule context='site'><assert test='@name' role='low'" SEE ">" message                      \
       "</assert></rule>" TAIL
  complains(SAYS("no end"), "message");
  complains(SAYS("The site {name} is gone."), "message");
  complains(SAYS("The site $name is gone."), "message");
  complains(SAYS("TODO say it."), "message");
  complains(SAYS("The site %s is gone."), "message");
  is_clean(SAYS("It says \"no\"."));
  is_clean(SAYS("Is it?"));
  is_clean(SAYS("The application {4dc3e181-e14b-4a21-b022-59fc669b0914} is IIS (as documented.)"));
  is_clean(SAYS("It costs 5 $ and <value-of select='@name'/>."));
  complains("<pattern id='one-more' sg:products='iis' sg:tags='a'><title>T.</title><p>P.</p>"
            "<rule context='site'><assert test='@name' role='low'" SEE ">M.</assert></rule>" TAIL,
            "message");
}
END_TEST

START_TEST(a_search_of_the_whole_tree_is_passed_over) {
  test_complains("//site", "", "@name", "search");
  test_complains("site", "", "//binding", "search");
  test_complains("site", "", "bindings/descendant::binding", "search");
  test_complains("site", "", "preceding::site", "search");
  test_complains("site", "", "following::site", "search");
  test_complains("site[//binding]", "", "@name", "search");
  test_complains("site", "<let name='all' value='//site'/>", "$all", "search");
  test_is_clean("site", "", "preceding-sibling::site");
}
END_TEST

START_TEST(a_look_up_of_configuration_is_passed_over) {
  test_complains("site", "", "ancestor::host/configuration", "configuration");
  test_complains("site", "", "/evidence/host/configuration/level", "configuration");
  test_is_clean("site", "", "iis:value('system.webServer/security/access/@sslFlags')='Ssl'");
  test_is_clean("binding", "", "ancestor::site/@name='x'");
}
END_TEST

START_TEST(a_comparison_of_text_with_less_is_passed_over) {
  test_complains("certificate", "", "@notAfter &lt; '2026-01-01'", "not-a-number");
  test_complains("certificate", "", "@notAfter &lt; sg:as-of()", "not-a-number");
  test_complains("authConfig", "<let name='c' value='../exchangeCertificate/@services'/>",
                 "$c &gt;= 1", "not-a-number");
  test_complains("site", "", "bindings/binding[@host &gt; 1]", "not-a-number");
  test_complains("site", "", "@id &lt; 'ten'", "not-a-number");
  test_is_clean("certificate", "", "@keySize &gt;= 2048");
  test_is_clean("certificate", "", "sg:time(@notAfter) &gt; sg:as-of()");
  test_is_clean("site", "", "count(bindings/binding) &gt; 1 and 2 &lt; '10'");
}
END_TEST

START_TEST(an_unequal_that_does_not_mean_it_is_passed_over) {
  test_complains("binding", "", "@port != '443'", "unequal-node-set");
  test_complains("binding", "", "../../@name != 'x'", "unequal-node-set");
  test_complains("binding[@port != '443']", "", "@protocol", "unequal-node-set");
  test_complains("binding", "<let name='p' value='@port'/>", "$p != '443'", "unequal-node-set");
  test_complains("binding", "", "'443' != @port", "unequal-node-set");
  test_is_clean("binding", "", "@protocol != 'http'"); /* always there, and one */
  test_is_clean("binding", "", "not(@port = '443')");
  test_is_clean("binding", "", "count(../binding) != 1 and string(@port) != '443'");
}
END_TEST

START_TEST(a_rule_that_never_gets_a_node_is_passed_over) {
#define TWO(first, second)                                                                         \
  HEAD "<rule context=\"" first "\"><assert test='@name' role='low'" SEE                           \
       ">M.</assert></rule><rule context=\"" second "\"><assert test='@key' role='low'" SEE        \
       ">N.</assert></rule>" TAIL
  complains(TWO("site[@name='a']", "site[ @name = 'a' ]"), "same-context");
  complains(TWO("site", "application | site"), "same-context");
  is_clean(TWO("site[@name='a']", "site"));
}
END_TEST

START_TEST(a_position_among_the_results_of_a_function_is_passed_over) {
  test_complains("site", "", "iis:source('system.webServer/security/access/@sslFlags')[1]",
                 "position");
  test_complains("site", "", "iis:source('system.webServer/security/access/@sslFlags')[last()]",
                 "position");
  test_is_clean("site", "", "(iis:source('system.webServer/security/access/@sslFlags'))[1]");
  test_is_clean("site", "",
                "iis:source('system.webServer/security/access/@sslFlags')[@sslFlags='Ssl']");
  test_is_clean("site", "", "bindings/binding[1]/@port='80'");
}
END_TEST

START_TEST(a_defect_pattern_that_calls_nothing_not_applicable_is_passed_over) {
  complains(HEAD "<rule context='configurationError'><report test='true()' role='low'" SEE
                 ">M.</report></rule>" TAIL,
            "none");
}
END_TEST

START_TEST(a_pattern_in_no_phase_is_passed_over) {
  complains("<phase id='a'><active pattern='two-more'/></phase>"
            "<pattern id='two-more' sg:products='iis' sg:tags='a'><title>T</title><p>P.</p>"
            "<rule context='site'><assert test='@name' role='low'" SEE
            ">M.</assert></rule></pattern>" HEAD
            "<rule context='site'><assert test='@name' role='low'" SEE ">M.</assert></rule>" TAIL,
            "in-no-profile");
}
END_TEST

START_TEST(a_complaint_points_to_another_place) {
  char *found =
      complaints(HEAD "\n<rule context='certificate'>\n  <assert role='low'\n    "
                      "test='@subject and @notAfter &lt; 5'" SEE ">M.</assert></rule>" TAIL);
  ck_assert_msg(strstr(found, "own.sch:8:24: @notAfter is no number") != NULL, "%s", found);
  alloc_free(found);
}
END_TEST

START_TEST(a_copy_of_an_abstract_pattern_is_complained_of_again) {
  char *found = complaints(
      "<pattern abstract='true' id='base'><title>T</title><p>P.</p><rule context='$what'>"
      "<assert test='//site' role='low'" SEE ">M.</assert></rule></pattern>"
      "<pattern is-a='base' id='one-more' sg:products='iis' sg:tags='a'><title>T</title><p>P.</p>"
      "<param name='what' value='site'/></pattern>"
      "<pattern is-a='base' id='two-more' sg:products='iis' sg:tags='a'><title>T</title><p>P.</p>"
      "<param name='what' value='binding'/></pattern>"
      "<diagnostics><diagnostic id='d'><sg:effect>E.</sg:effect><sg:step><sg:text>S.</sg:text>"
      "</sg:step></diagnostic></diagnostics>");
  const char *first = strstr(found, "[search]");
  ck_assert_msg(first && !strstr(first + 1, "[search]"), "%s", found);
  alloc_free(found);
}
END_TEST

CHECK_MAIN("rulebook/lint", {
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, a_good_rule_is_complained_of);
  tcase_add_test(tests, a_built_in_rule_deserves_a_complaint);
  tcase_add_test(tests, missing_metadata_is_passed_over);
  tcase_add_test(tests, a_reference_that_leads_nowhere_is_passed_over);
  tcase_add_test(tests, a_rule_without_a_repair_is_passed_over);
  tcase_add_test(tests, a_message_that_nobody_finished_is_passed_over);
  tcase_add_test(tests, a_search_of_the_whole_tree_is_passed_over);
  tcase_add_test(tests, a_look_up_of_configuration_is_passed_over);
  tcase_add_test(tests, a_comparison_of_text_with_less_is_passed_over);
  tcase_add_test(tests, an_unequal_that_does_not_mean_it_is_passed_over);
  tcase_add_test(tests, a_rule_that_never_gets_a_node_is_passed_over);
  tcase_add_test(tests, a_position_among_the_results_of_a_function_is_passed_over);
  tcase_add_test(tests, a_defect_pattern_that_calls_nothing_not_applicable_is_passed_over);
  tcase_add_test(tests, a_pattern_in_no_phase_is_passed_over);
  tcase_add_test(tests, a_complaint_points_to_another_place);
  tcase_add_test(tests, a_copy_of_an_abstract_pattern_is_complained_of_again);
})
