/* The matcher on cases written by hand: names, predicates, positions, dispatch. */
#include "check_main.h"

#include "base/buffer.h"
#include "base/text.h"
#include "schematron/support_matcher.h"

#include <string.h>

/* ---- Names and steps ------------------------------------------------------------------ */

START_TEST(a_step_matches_the_wrong_node) {
  static const struct question questions[] = {
      {"site", "//site[1]", MATCHER_YES},
      {"site", "//p:site", MATCHER_NO},
      {"p:site", "//p:site", MATCHER_YES},
      {"p:site", "//site[1]", MATCHER_NO},
      {"q:site", "//p:site", MATCHER_NO},
      {"p:*", "//p:site", MATCHER_YES},
      {"*", "//p:site", MATCHER_YES},
      {"@key", "//site[1]/@key", MATCHER_YES},
      {"@key", "//p:site/@p:key", MATCHER_NO},
      {"@p:key", "//p:site/@p:key", MATCHER_YES},
      {"key", "//site[1]/@key", MATCHER_NO},
      {"*", "//site[1]/@key", MATCHER_NO},
      {"node()", "//site[1]/@key", MATCHER_NO},
      {"@*", "//site[1]", MATCHER_NO},
      {"text()", "//p:site/text()", MATCHER_YES},
      {"comment()", "//comment()", MATCHER_YES},
      {"node()", "//comment()", MATCHER_YES},
      {"processing-instruction('t')", "//processing-instruction()", MATCHER_YES},
      {"processing-instruction('u')", "//processing-instruction()", MATCHER_NO},
      {"processing-instruction()", "//processing-instruction()", MATCHER_YES},
      {"/", "/", MATCHER_YES},
      {"/", "/host", MATCHER_NO},
      {"/host", "/host", MATCHER_YES},
      {"/sites", "//sites", MATCHER_NO},
      {"//sites", "//sites", MATCHER_YES},
      {"node()", "/", MATCHER_NO},
      {"*", "/", MATCHER_NO},
      {"*/host", "/host", MATCHER_NO},
      {"site/bindings/binding", "//binding[@port='444']", MATCHER_YES},
      {"host/bindings/binding", "//binding[@port='444']", MATCHER_NO},
      {"host//binding", "//binding[@port='444']", MATCHER_YES},
      {"host//sites//site//binding/@port", "//@port[.='444']", MATCHER_YES},
      {"host//site/sites//binding", "//binding[@port='444']", MATCHER_NO},
      {"/host//binding", "//binding[@port='444']", MATCHER_YES},
      {"/sites//binding", "//binding[@port='444']", MATCHER_NO},
  };
  struct fixture fixture = fixture_open(SITES);
  CHECK(&fixture, questions);
  xmlFreeDoc(fixture.document);
}
END_TEST

/* "//" must go on looking when a nearer ancestor does not lead to the front. */
START_TEST(a_nearer_ancestor_hides_the_right_one) {
  static const struct question questions[] = {
      {"r/a//b", "//b", MATCHER_YES},        {"/r/a//b", "//b", MATCHER_YES},
      {"/r//a/c//a//b", "//b", MATCHER_YES}, {"r/a//a//a//b", "//b", MATCHER_NO},
      {"c/c//b", "//b", MATCHER_NO},         {"a/c/a//b", "//b", MATCHER_YES},
  };
  struct fixture fixture = fixture_open("<r><a><c><a><d><b/></d></a></c></a></r>");
  CHECK(&fixture, questions);
  xmlFreeDoc(fixture.document);
}
END_TEST

START_TEST(a_long_pattern_on_a_deep_tree_takes_for_ever) {
  struct buffer text = buffer_make(1 << 16), pattern = buffer_make(1 << 16);
  for (int i = 0; i < 200; i++)
    buffer_add_text(&text, "<a>");
  for (int i = 0; i < 200; i++)
    buffer_add_text(&text, "</a>");
  buffer_add_text(&pattern, "b");
  for (int i = 0; i < 100; i++)
    buffer_add_text(&pattern, "//a");
  struct fixture fixture = fixture_open(buffer_text(&text));
  ck_assert_int_eq(fixture_match(&fixture, buffer_text(&pattern), "//a[not(a)]"), MATCHER_NO);
  ck_assert_int_eq(fixture_match(&fixture, buffer_text(&pattern) + 3, "//a[not(a)]"), MATCHER_YES);
  xmlFreeDoc(fixture.document);
  buffer_dispose(&text);
  buffer_dispose(&pattern);
}
END_TEST

/* ---- Native predicates ------------------------------------------------------------------ */

START_TEST(a_native_predicate_is_wrong_or_is_asked_of_the_evaluator) {
  static const struct question questions[] = {
      {"site[@key]", "//site[1]", MATCHER_YES},
      {"site[@id]", "//site[1]", MATCHER_NO},
      {"site[@key='exchange back end']", "//site[2]", MATCHER_YES},
      {"site[@key='exchange back end']", "//site[1]", MATCHER_NO},
      {"site['exchange back end'=@key]", "//site[2]", MATCHER_YES},
      {"site[@key!='exchange back end']", "//site[1]", MATCHER_YES},
      {"site[@key!='exchange back end']", "//site[2]", MATCHER_NO},
      {"site[@id!='1']", "//site[1]", MATCHER_NO}, /* existential: there is none */
      {"site[not(@id)]", "//site[1]", MATCHER_YES},
      {"site[not(@id='1')]", "//site[1]", MATCHER_YES},
      {"site[not(@key='default web site')]", "//site[1]", MATCHER_NO},
      {"site[application]", "//site[1]", MATCHER_YES},
      {"site[application]", "//site[2]", MATCHER_NO},
      {"site[not(application)]", "//site[2]", MATCHER_YES},
      {"site[@key and application]", "//site[1]", MATCHER_YES},
      {"site[@key and application]", "//site[2]", MATCHER_NO},
      {"site[@id or @key='x' or bindings]", "//site[2]", MATCHER_YES},
      {"sites[p:site]", "//sites", MATCHER_YES},
      {"sites[q:site]", "//sites", MATCHER_NO},
      {"p:site[@p:key='x']", "//p:site", MATCHER_YES},
      {"p:site[@key]", "//p:site", MATCHER_NO},
      {"site[@key='exchange back end']/bindings/binding[@protocol='https'][@port='444']",
       "//binding[@port='444']", MATCHER_YES},
      {"site[@key='exchange back end']/bindings/binding[@protocol='https']",
       "//binding[@port='443']", MATCHER_NO},
      {"@key[@x]", "//site[1]/@key", MATCHER_NO},
      {"@key[not(x)]", "//site[1]/@key", MATCHER_YES},
      {"binding[2]", "//binding[@protocol='http']", MATCHER_YES},
      {"binding[2]", "//binding[@port='443']", MATCHER_NO},
      {"binding[last()]", "//binding[@protocol='http']", MATCHER_YES},
      {"binding[@port][last()]", "//binding[@port='443']", MATCHER_YES},
      {"site[bindings][2]/bindings/binding[1]", "//binding[@port='444']", MATCHER_YES},
  };
  struct fixture fixture = fixture_open(SITES);
  CHECK(&fixture, questions);
  ck_assert_uint_eq(fixture.asked, 0);
  xmlFreeDoc(fixture.document);
}
END_TEST

/* ---- The evaluator ----------------------------------------------------------------------- */

START_TEST(an_answer_of_the_evaluator_is_lost) {
  static const enum matcher_answer answers[] = {MATCHER_NO, MATCHER_YES, MATCHER_UNKNOWN};
  struct fixture fixture = fixture_open(SITES);
  for (size_t i = 0; i < 3; i++) {
    fixture.predicate_answer = answers[i];
    ck_assert_int_eq(fixture_match(&fixture, "site[count(*)=2]", "//site[1]"), answers[i]);
    ck_assert_int_eq(
        fixture_match(&fixture, "site[count(*)=2]/bindings[application]", "//site[1]/bindings"),
        MATCHER_NO);
    fixture.front_answer = answers[i];
    fixture.predicate_answer = MATCHER_YES;
    ck_assert_int_eq(fixture_match(&fixture, "key('a','b')//site", "//site[1]"), MATCHER_NO);
  }
  xmlFreeDoc(fixture.document);
}
END_TEST

START_TEST(a_front_is_asked_at_the_wrong_node) {
  static const struct question questions[] = {
      {"key('a','b')", "//front", MATCHER_YES},       {"key('a','b')", "//x", MATCHER_NO},
      {"key('a','b')/x", "//x", MATCHER_YES},         {"key('a','b')/y", "//y", MATCHER_NO},
      {"key('a','b')//y", "//y", MATCHER_YES},        {"id('b')/x/y", "//y", MATCHER_YES},
      {"key('a','b')//front", "//front", MATCHER_NO},
  };
  struct fixture fixture = fixture_open("<r><front><x><y/></x></front></r>");
  CHECK(&fixture, questions);
  fixture.front_answer = MATCHER_UNKNOWN;
  ck_assert_int_eq(fixture_match(&fixture, "key('a','b')//y", "//y"), MATCHER_UNKNOWN);
  ck_assert_int_eq(fixture_match(&fixture, "key('a','b')//x/y", "//front"), MATCHER_NO);
  xmlFreeDoc(fixture.document);
}
END_TEST

START_TEST(a_predicate_is_told_the_wrong_position) {
  static const struct {
    const char *pattern;
    size_t position, size;
  } samples[] = {
      {"binding[count(*)=0]", 0, 0},
      {"binding[position()=2]", 2, 0},
      {"binding[position()=last()]", 2, 3},
      {"binding[@port][last()=1]", 1, 2},
      {"binding[@port][2]", 0, 0},
      {"binding[$n]", 2, 0},
      {"binding[sum(*)]", 0, 0},
      {"binding[a[position()=1]]", 0, 0},
      {"*[last()-1]", 3, 4},
      {"node()[last()-1]", 4, 5},
      {"binding[string(position())='2']", 2, 0},
  };
  struct fixture fixture =
      fixture_open("<r><x/><binding/><!--c--><binding id='2' port='1'/><binding port='2'/></r>");
  fixture.watched = fixture_find(fixture.document, "//binding[@id]");
  for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
    fixture.position = fixture.size = 0;
    (void)fixture_match(&fixture, samples[i].pattern, "//binding[@id]");
    ck_assert_msg(fixture.position == samples[i].position && fixture.size == samples[i].size,
                  "%s: %zu of %zu", samples[i].pattern, fixture.position, fixture.size);
  }
  xmlFreeDoc(fixture.document);
}
END_TEST

/* Position 0 says: if it is a number, it is not known yet. */
START_TEST(a_number_that_shows_only_when_evaluated_is_not_asked_again) {
  struct fixture fixture = fixture_open("<r><a/><a/><a/></r>");
  fixture.watched = fixture_find(fixture.document, "//a[2]");
  fixture.predicate_answer = MATCHER_UNKNOWN;
  ck_assert_int_eq(fixture_match(&fixture, "a[p:f()]", "//a[2]"), MATCHER_UNKNOWN);
  ck_assert_uint_eq(fixture.position, 2);
  fixture.asked = 0;
  fixture.predicate_answer = MATCHER_NO;
  ck_assert_int_eq(fixture_match(&fixture, "a[p:f()]", "//a[2]"), MATCHER_NO);
  ck_assert_uint_eq(fixture.asked, 1);
  xmlFreeDoc(fixture.document);
}
END_TEST

/* Every sibling in turn, and each has children in turn: memory is by depth. */
START_TEST(positions_among_many_siblings_take_for_ever) {
  enum { MANY = 50000 };
  struct buffer text = buffer_make(1 << 24);
  buffer_add_text(&text, "<r>");
  for (int i = 0; i < MANY; i++)
    buffer_add_text(&text, "<a x='1'><a/></a>");
  buffer_add_text(&text, "</r>");
  struct fixture fixture = fixture_open(buffer_text(&text));
  struct xpath_node *pattern = fixture_parse("a[position() mod 2 = 1][@x][last()]");
  struct matcher *matcher = matcher_new(pattern);
  fixture_connect(&fixture);
  fixture.evaluator.positions = matcher_positions_new();
  size_t matches = 0, inner = 0;
  for (xmlNode *each = xmlDocGetRootElement(fixture.document)->children; each != NULL;
       each = each->next) {
    matches += matcher_match(matcher, each, &fixture.evaluator) == MATCHER_YES;
    inner += matcher_match(matcher, each->children, &fixture.evaluator) == MATCHER_YES;
  }
  ck_assert_uint_eq(matches, 1);
  ck_assert_uint_eq(inner, 0);
  ck_assert_uint_le(fixture.asked, 3 * MANY);
  matcher_positions_free(fixture.evaluator.positions);
  matcher_free(matcher);
  xpath_free(pattern);
  xmlFreeDoc(fixture.document);
  buffer_dispose(&text);
}
END_TEST

/* ---- Dispatch -------------------------------------------------------------------------------- */

START_TEST(a_pattern_is_dispatched_to_the_wrong_nodes) {
  static const struct {
    const char *pattern;
    int kind;
    const char *name;
  } samples[] = {
      {"a/b", XML_ELEMENT_NODE, "b"},
      {"a/p:b[1]", XML_ELEMENT_NODE, "b"},
      {"a/*", XML_ELEMENT_NODE, NULL},
      {"p:*", XML_ELEMENT_NODE, NULL},
      {"a/@b", XML_ATTRIBUTE_NODE, "b"},
      {"@*", XML_ATTRIBUTE_NODE, NULL},
      {"@node()", XML_ATTRIBUTE_NODE, NULL},
      {"text()", XML_TEXT_NODE, NULL},
      {"comment()", XML_COMMENT_NODE, NULL},
      {"processing-instruction('x')", XML_PI_NODE, "x"},
      {"node()", 0, NULL},
      {"/", XML_DOCUMENT_NODE, NULL},
      {"key('a','b')", 0, NULL},
      {"key('a','b')/c", XML_ELEMENT_NODE, "c"},
  };
  for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
    struct xpath_node *pattern = fixture_parse(samples[i].pattern);
    struct matcher *matcher = matcher_new(pattern);
    xmlElementType kind;
    const char *name;
    matcher_target(matcher, &kind, &name);
    ck_assert_msg((int)kind == samples[i].kind, "%s: %d", samples[i].pattern, (int)kind);
    ck_assert_msg(text_equal(name, samples[i].name), "%s: %s", samples[i].pattern, name);
    matcher_free(matcher);
    xpath_free(pattern);
  }
}
END_TEST

START_TEST(an_alternative_gets_lost) {
  struct xpath_node *pattern = fixture_parse("a|b/c|@d");
  const struct xpath_node *out[3] = {NULL, NULL, NULL};
  ck_assert_uint_eq(matcher_split(pattern, out, 2), 3);
  ck_assert_ptr_null(out[2]);
  ck_assert_uint_eq(matcher_split(pattern, out, 3), 3);
  static const char *const expected[] = {"child::a", "child::b/child::c", "attribute::d"};
  for (size_t i = 0; i < 3; i++) {
    char *dump = xpath_dump(out[i]);
    ck_assert_str_eq(dump, expected[i]);
    alloc_free(dump);
  }
  xpath_free(pattern);
  pattern = fixture_parse("a");
  ck_assert_uint_eq(matcher_split(pattern, out, 3), 1);
  ck_assert_ptr_eq(out[0], pattern);
  xpath_free(pattern);
}
END_TEST

START_TEST(a_union_that_was_not_split_is_denied) {
  struct fixture fixture = fixture_open(SITES);
  ck_assert_int_eq(fixture_match(&fixture, "site|binding", "//site[1]"), MATCHER_UNKNOWN);
  xmlFreeDoc(fixture.document);
}
END_TEST

CHECK_MAIN("schematron/matcher", {
  tcase_add_test(tests, a_step_matches_the_wrong_node);
  tcase_add_test(tests, a_nearer_ancestor_hides_the_right_one);
  tcase_add_test(tests, a_long_pattern_on_a_deep_tree_takes_for_ever);
  tcase_add_test(tests, a_native_predicate_is_wrong_or_is_asked_of_the_evaluator);
  tcase_add_test(tests, an_answer_of_the_evaluator_is_lost);
  tcase_add_test(tests, a_front_is_asked_at_the_wrong_node);
  tcase_add_test(tests, a_predicate_is_told_the_wrong_position);
  tcase_add_test(tests, a_number_that_shows_only_when_evaluated_is_not_asked_again);
  tcase_add_test(tests, positions_among_many_siblings_take_for_ever);
  tcase_add_test(tests, a_pattern_is_dispatched_to_the_wrong_nodes);
  tcase_add_test(tests, an_alternative_gets_lost);
  tcase_add_test(tests, a_union_that_was_not_split_is_denied);
})
