/* Loading rules: what --rules adds and replaces, profiles, and what is refused. */
#include "check_main.h"

#include "base/text.h"
#include "base/xml_source.h"
#include "rulebook/cases.h"
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

#define RULE(id, message)                                                                          \
  "<pattern id='" id                                                                               \
  "'><title>t</title><rule context='site'><assert test='@name' role='low'>" message                \
  "</assert></rule></pattern>"

static void write_rules(const char *name, const char *patterns) {
  char *schema = rules_schema(patterns);
  rules_write(folder, name, schema);
  alloc_free(schema);
}

static char *below(const char *name) {
  return alloc_format("%s/%s", folder, name);
}

/* Loads the folder; the test ends when it does not load. */
static struct rules_loaded loads(const char *path, bool no_builtin) {
  struct rules_loaded loaded = rules_load(path, no_builtin);
  char *messages = rules_messages(&loaded.diags);
  ck_assert_msg(loaded.rulebook != NULL, "%s", messages);
  alloc_free(messages);
  return loaded;
}

/* Loading the folder fails with these words, at a line. */
static void refuses(const char *patterns, const char *words) {
  write_rules("own.sch", patterns);
  struct rules_loaded loaded = rules_load(folder, false);
  ck_assert_ptr_null(loaded.rulebook);
  int at = rules_said(&loaded.diags, words);
  char *messages = rules_messages(&loaded.diags);
  ck_assert_msg(at >= 0, "no \"%s\" in: %s", words, messages);
  ck_assert_uint_gt(loaded.diags.items[at].line, 0);
  ck_assert(text_ends_nocase(loaded.diags.items[at].file, "own.sch"));
  alloc_free(messages);
  rules_unload(&loaded);
}

static bool has_rule(const struct rulebook *rulebook, const char *id) {
  const char *near;
  return rulebook_find(rulebook, id, &near) >= 0;
}

static size_t builtin_count(void) {
  struct rules_loaded loaded = loads(NULL, false);
  size_t count = rulebook_count(loaded.rulebook);
  rules_unload(&loaded);
  return count;
}

START_TEST(rules_of_a_folder_are_not_added) {
  write_rules("one.sch", RULE("one-more", "M."));
  write_rules("deep/two.sch", RULE("two-more", "M."));
  rules_write(folder, "notes.txt", "no rule");
  size_t before = builtin_count();
  struct rules_loaded loaded = loads(folder, false);
  ck_assert_uint_eq(rulebook_count(loaded.rulebook), before + 2);
  ck_assert(has_rule(loaded.rulebook, "one-more"));
  ck_assert(has_rule(loaded.rulebook, "two-more"));
  rules_unload(&loaded);
}
END_TEST

START_TEST(a_rule_of_the_same_id_does_not_replace_the_built_in_one) {
  write_rules("own.sch", RULE("oauth-certificate-missing", "Mine."));
  size_t before = builtin_count();
  struct rules_loaded loaded = loads(folder, false);
  ck_assert_uint_eq(rulebook_count(loaded.rulebook), before);
  const char *near;
  long number = rulebook_find(loaded.rulebook, "oauth-certificate-missing", &near);
  ck_assert_str_eq(rulebook_facts(loaded.rulebook, (size_t)number)->title, "t");
  ck_assert(!rulebook_is_builtin(loaded.rulebook, (size_t)number));
  rules_unload(&loaded);
}
END_TEST

START_TEST(no_builtin_leaves_built_in_rules) {
  write_rules("own.sch", RULE("one-more", "M."));
  struct rules_loaded loaded = loads(folder, true);
  ck_assert_uint_eq(rulebook_count(loaded.rulebook), 1);
  rules_unload(&loaded);
}
END_TEST

START_TEST(a_later_option_does_not_win_over_an_earlier_one) {
  write_rules("a/own.sch", RULE("one-more", "A."));
  write_rules("b/own.sch", "<pattern id='one-more'><title>later</title><rule context='site'>"
                           "<assert test='@name' role='high'>B.</assert></rule></pattern>");
  char *a = below("a"), *b = below("b/own.sch");
  const char *paths[] = {a, b};
  struct rule_files *files = rule_files_new();
  struct diags diags = {0};
  struct rulebook_options options = {.no_builtin = true, .paths = paths, .path_count = 2};
  struct rulebook *rulebook = rulebook_open(&options, files, &diags);
  ck_assert_ptr_nonnull(rulebook);
  ck_assert_uint_eq(rulebook_count(rulebook), 1);
  ck_assert_str_eq(rulebook_facts(rulebook, 0)->title, "later");
  rulebook_free(rulebook);
  diags_dispose(&diags);
  rule_files_free(files);
  alloc_free(a);
  alloc_free(b);
}
END_TEST

START_TEST(a_file_that_another_includes_is_loaded_twice) {
  rules_write(folder, "root.sch",
              "<schema xmlns='http://purl.oclc.org/dsdl/schematron' queryBinding='xslt'>"
              "<include href='parts/one.sch'/></schema>");
  rules_write(folder, "parts/one.sch",
              "<schema xmlns='http://purl.oclc.org/dsdl/schematron' queryBinding='xslt'>" RULE(
                  "one-more", "M.") "</schema>");
  struct rules_loaded loaded = loads(folder, true);
  ck_assert_uint_eq(rulebook_count(loaded.rulebook), 1);
  rules_unload(&loaded);
}
END_TEST

START_TEST(the_keys_of_the_built_in_rules_cannot_be_included) {
  write_rules("own.sch",
              "<include href='keys.sch'/><pattern id='one-more'><title>t</title>"
              "<rule context='certificateBinding'><assert role='low' "
              "test=\"key('certificate', @certificateHash)\">M.</assert></rule></pattern>");
  struct rules_loaded loaded = loads(folder, true);
  rules_unload(&loaded);
  rules_write(folder, "keys.sch",
              "<schema xmlns='http://purl.oclc.org/dsdl/schematron' queryBinding='xslt'/>");
  struct rules_loaded own = rules_load(folder, true);
  ck_assert_ptr_null(own.rulebook); /* the file beside it comes first, and has no key */
  rules_unload(&own);
}
END_TEST

START_TEST(the_rules_of_the_checkout_do_not_replace_those_compiled_in) {
  struct rules_loaded loaded = loads(SITEGLASS_SOURCE_DIR "/rules", true);
  ck_assert_uint_eq(rulebook_count(loaded.rulebook), builtin_count());
  rules_unload(&loaded);
}
END_TEST

/* ---- Refusing ---- */

START_TEST(two_rules_of_one_id_are_accepted) {
  write_rules("a.sch", RULE("one-more", "M."));
  refuses(RULE("one-more", "M."), "is defined twice");
}
END_TEST

START_TEST(a_bad_id_is_accepted) {
  refuses(RULE("One_More", "M."), "an id that is not lower-case words");
}
END_TEST

START_TEST(a_severity_that_does_not_exist_is_accepted) {
  refuses("<pattern id='one-more'><title>t</title><rule context='site'>"
          "<assert test='@name' role='severe'>M.</assert></rule></pattern>",
          "whose role is not critical");
}
END_TEST

START_TEST(a_misspelt_name_of_our_own_is_passed_over) {
  refuses("<pattern id='one-more' sg:tag='x'><title>t</title><rule context='site'>"
          "<assert test='@name' role='low'>M.</assert></rule></pattern>",
          "did you mean 'sg:tags'?");
  refuses("<pattern id='one-more'><title>t</title><rule context='site'>"
          "<assert test='@name' role='low' sg:actaul='1'>M.</assert></rule></pattern>",
          "did you mean 'sg:actual'?");
  refuses("<pattern id='one-more'><title>t</title><rule context='site'>"
          "<assert test='@name' role='low' diagnostics='d'>M.</assert></rule></pattern>"
          "<diagnostics><diagnostic id='d'><sg:efect>E.</sg:efect></diagnostic></diagnostics>",
          "did you mean 'sg:effect'?");
  refuses("<pattern id='one-more'><title>t</title><rule context='site'>"
          "<assert test='@name' role='low' diagnostics='d'>M.</assert></rule></pattern>"
          "<diagnostics><diagnostic id='d'><sg:step><sg:run shell='bash'>x</sg:run></sg:step>"
          "</diagnostic></diagnostics>",
          "shell is not cmd");
}
END_TEST

START_TEST(a_name_outside_the_vocabulary_is_accepted) {
  refuses("<pattern id='one-more'><title>t</title><rule context='site'>"
          "<assert test='@serverAutoStrat' role='low'>M.</assert></rule></pattern>",
          "did you mean '@serverAutoStart'?");
}
END_TEST

START_TEST(only_the_first_error_of_the_files_is_told) {
  write_rules("a.sch", RULE("Bad_Id", "M."));
  write_rules("b.sch", "<pattern id='x' sg:tag='y'><title>t</title><rule context='bindngs'>"
                       "<assert test='@name' role='low'>M.</assert></rule></pattern>");
  struct rules_loaded loaded = rules_load(folder, false);
  ck_assert_ptr_null(loaded.rulebook);
  ck_assert_int_ge(rules_said(&loaded.diags, "lower-case words"), 0);
  ck_assert_int_ge(rules_said(&loaded.diags, "did you mean 'bindings'?"), 0);
  rules_unload(&loaded);
}
END_TEST

START_TEST(a_rule_may_be_superseded_by_nothing) {
  refuses("<pattern id='one-more' sg:superseded-by='oauth-certificate-mising'><title>t</title>"
          "<rule context='site'><assert test='@name' role='low'>M.</assert></rule></pattern>",
          "did you mean 'oauth-certificate-missing'?");
}
END_TEST

START_TEST(a_rule_cannot_name_a_built_in_one_without_the_built_in_ones) {
  write_rules("own.sch", "<pattern id='one-more' sg:superseded-by='oauth-certificate-missing'>"
                         "<title>t</title><rule context='site'><assert test='@name' role='low'>M."
                         "</assert></rule></pattern>");
  struct rules_loaded loaded = loads(folder, true);
  rules_unload(&loaded);
}
END_TEST

START_TEST(a_folder_without_rules_is_accepted) {
  struct rules_loaded loaded = rules_load(folder, false);
  ck_assert_ptr_null(loaded.rulebook);
  ck_assert_int_ge(rules_said(&loaded.diags, "no rule file"), 0);
  rules_unload(&loaded);
  loaded = rules_load("/nonexistent/rules.sch", false);
  ck_assert_ptr_null(loaded.rulebook);
  ck_assert_int_ge(rules_said(&loaded.diags, "no such rule file"), 0);
  rules_unload(&loaded);
}
END_TEST

/* ---- Profiles ---- */

static bool runs(const struct rulebook *rulebook, const char *profile, const char *id) {
  const char *near;
  bool *active = alloc_array(rulebook_count(rulebook), sizeof *active);
  ck_assert(rulebook_profile(rulebook, profile, active, &near));
  bool is = active[rulebook_find(rulebook, id, &near)];
  alloc_free(active);
  return is;
}

START_TEST(a_profile_chooses_other_rules) {
  write_rules("own.sch", "<phase id='night'><active pattern='one-more'/></phase>" RULE(
                             "one-more", "M.") RULE("two-more", "M."));
  write_rules("plain.sch", RULE("three-more", "M."));
  struct rules_loaded loaded = loads(folder, false);
  const struct rulebook *r = loaded.rulebook;
  ck_assert(runs(r, "night", "one-more"));
  ck_assert(!runs(r, "night", "two-more"));
  ck_assert(runs(r, "night", "three-more")); /* a schema without phases belongs to each */
  ck_assert(!runs(r, "night", "oauth-certificate-missing"));
  ck_assert(runs(r, "support", "oauth-certificate-missing"));
  ck_assert(!runs(r, "support", "one-more"));
  ck_assert(runs(r, NULL, "two-more"));
  ck_assert(runs(r, NULL, "oauth-certificate-missing"));
  char *names = rulebook_profiles(r);
  ck_assert_str_eq(names, "support listeners night");
  alloc_free(names);
  const char *near;
  bool *active = alloc_array(rulebook_count(r), sizeof *active);
  ck_assert(!rulebook_profile(r, "suport", active, &near));
  ck_assert_str_eq(near, "support");
  ck_assert(!rulebook_profile(r, "qqqqqqqq", active, &near));
  ck_assert_ptr_null(near);
  alloc_free(active);
  rules_unload(&loaded);
}
END_TEST

START_TEST(a_built_in_rule_is_in_no_profile) {
  struct rules_loaded loaded = loads(NULL, false);
  for (size_t i = 0; i < rulebook_count(loaded.rulebook); i++)
    ck_assert_msg(runs(loaded.rulebook, NULL, rulebook_id(loaded.rulebook, i)), "%s",
                  rulebook_id(loaded.rulebook, i));
  rules_unload(&loaded);
}
END_TEST

static const char named_server[] =
    "<evidence version='1'><host name='A'><products/><artifacts/><sites><site name='x' key='x'>"
    "<bindings/></site></sites><applicationPools/><configuration/><configurationErrors/><httpSys/>"
    "<certificateStores/><certificates/><exchange/><registry/><folders/></host></evidence>";

/* One document, the rules of a profile; the message of its only finding, allocated. */
static char *only_message(const struct rulebook *rulebook, const char *profile) {
  struct xml_failure failure;
  struct xml_source_options source = {.source = 1};
  xmlDoc *document = xml_source_parse(named_server, sizeof named_server - 1, &source, &failure);
  struct host host = {.name = (char *)"A", .document = document};
  struct hosts hosts = {.items = &host, .count = 1};
  struct bundle bundle = {.name = (char *)"b"};
  struct check_options options = {.version = "test", .profile = profile};
  struct verdicts *verdicts = rulebook_check(rulebook, &bundle, &hosts, &options);
  ck_assert_uint_eq(verdicts->error_count, 0);
  ck_assert_uint_eq(verdicts->finding_count, 1);
  char *message = alloc_text(verdicts->findings[0].message);
  verdicts_free(verdicts);
  xmlFreeDoc(document);
  return message;
}

START_TEST(a_rule_does_not_see_the_variables_of_its_profile) {
  write_rules("own.sch",
              "<phase id='strict'><let name='wanted' value=\"'y'\"/>"
              "<active pattern='one-more'/></phase>"
              "<pattern id='one-more'><title>t</title><rule context='site'>"
              "<assert test='@name=$wanted' role='low'>Wanted <value-of select='$wanted'/>."
              "</assert></rule></pattern>");
  struct rules_loaded loaded = loads(folder, true);
  char *message = only_message(loaded.rulebook, "strict");
  ck_assert_str_eq(message, "Wanted y.");
  alloc_free(message);
  rules_unload(&loaded);
}
END_TEST

START_TEST(a_rule_that_was_replaced_still_speaks) {
  write_rules(
      "a/own.sch",
      "<phase id='p'><active pattern='one-more'/>"
      "<active pattern='two-more'/></phase>" RULE(
          "two-more", "M.") "<pattern id='one-more'><title>t</title><rule context='site'>"
                            "<report test='@name' role='low'>Old.</report></rule></pattern>");
  write_rules("b/own.sch", "<phase id='p'><active pattern='one-more'/></phase>"
                           "<pattern id='one-more'><title>t</title><rule context='site'>"
                           "<report test='@name' role='low'>New.</report></rule></pattern>");
  char *a = below("a"), *b = below("b");
  const char *paths[] = {a, b};
  struct rule_files *files = rule_files_new();
  struct diags diags = {0};
  struct rulebook_options options = {.no_builtin = true, .paths = paths, .path_count = 2};
  struct rulebook *rulebook = rulebook_open(&options, files, &diags);
  ck_assert_ptr_nonnull(rulebook);
  char *message = only_message(rulebook, "p");
  ck_assert_str_eq(message, "New.");
  alloc_free(message);
  rulebook_free(rulebook);
  diags_dispose(&diags);
  rule_files_free(files);
  alloc_free(a);
  alloc_free(b);
}
END_TEST

CHECK_MAIN("rulebook/loading", {
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, rules_of_a_folder_are_not_added);
  tcase_add_test(tests, a_rule_of_the_same_id_does_not_replace_the_built_in_one);
  tcase_add_test(tests, no_builtin_leaves_built_in_rules);
  tcase_add_test(tests, a_later_option_does_not_win_over_an_earlier_one);
  tcase_add_test(tests, a_file_that_another_includes_is_loaded_twice);
  tcase_add_test(tests, the_keys_of_the_built_in_rules_cannot_be_included);
  tcase_add_test(tests, the_rules_of_the_checkout_do_not_replace_those_compiled_in);
  tcase_add_test(tests, two_rules_of_one_id_are_accepted);
  tcase_add_test(tests, a_bad_id_is_accepted);
  tcase_add_test(tests, a_severity_that_does_not_exist_is_accepted);
  tcase_add_test(tests, a_misspelt_name_of_our_own_is_passed_over);
  tcase_add_test(tests, a_name_outside_the_vocabulary_is_accepted);
  tcase_add_test(tests, only_the_first_error_of_the_files_is_told);
  tcase_add_test(tests, a_rule_may_be_superseded_by_nothing);
  tcase_add_test(tests, a_rule_cannot_name_a_built_in_one_without_the_built_in_ones);
  tcase_add_test(tests, a_folder_without_rules_is_accepted);
  tcase_add_test(tests, a_profile_chooses_other_rules);
  tcase_add_test(tests, a_built_in_rule_is_in_no_profile);
  tcase_add_test(tests, a_rule_does_not_see_the_variables_of_its_profile);
  tcase_add_test(tests, a_rule_that_was_replaced_still_speaks);
})
