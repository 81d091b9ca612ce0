/* The matcher where marks say that something is not known. */
#include "check_main.h"

#include "base/text.h"
#include "schematron/support_matcher.h"

/* ---- Marks ------------------------------------------------------------------------------- */

START_TEST(what_is_absent_at_a_marked_place_is_taken_for_known) {
  static const struct mark marks[] = {
      {"site", "@id"}, {"site", "application"}, {"site", "@key"}, {NULL, NULL}};
  static const struct question questions[] = {
      {"site[@id]", "//site[1]", MATCHER_UNKNOWN},
      {"site[not(@id)]", "//site[1]", MATCHER_UNKNOWN},
      {"site[@id='1']", "//site[1]", MATCHER_UNKNOWN},
      {"site[@id!='1']", "//site[1]", MATCHER_UNKNOWN},
      {"site[not(@id='1')]", "//site[1]", MATCHER_UNKNOWN},
      {"site[@state]", "//site[1]", MATCHER_NO},
      {"site[application]", "//site[2]", MATCHER_UNKNOWN},
      {"site[application]", "//site[1]", MATCHER_YES},
      {"site[not(application)]", "//site[1]", MATCHER_NO},
      {"site[bindings]", "//site[2]", MATCHER_YES},
      /* an attribute that is there is known */
      {"site[@key='exchange back end']", "//site[1]", MATCHER_NO},
      {"site[@key!='exchange back end']", "//site[1]", MATCHER_YES},
      {"site[not(@key)]", "//site[1]", MATCHER_NO},
      /* Kleene */
      {"site[@id and @state]", "//site[1]", MATCHER_NO},
      {"site[@id and @key]", "//site[1]", MATCHER_UNKNOWN},
      {"site[@id or @key]", "//site[1]", MATCHER_YES},
      {"site[@id or @state]", "//site[1]", MATCHER_UNKNOWN},
      {"site[@id][@state]", "//site[1]", MATCHER_NO},
      {"site[@id]/bindings/binding[@port='444']", "//binding[@port='444']", MATCHER_UNKNOWN},
      {"site[@id]/bindings/binding[@port='443']", "//binding[@port='444']", MATCHER_NO},
      {"host[@id]//site[@id]/bindings", "//site[1]/bindings", MATCHER_NO},
  };
  struct fixture fixture = fixture_open(SITES);
  fixture.marks = marks;
  CHECK(&fixture, questions);
  ck_assert_uint_eq(fixture.asked, 0);
  xmlFreeDoc(fixture.document);
}
END_TEST

START_TEST(a_position_among_hidden_siblings_is_taken_for_known) {
  static const struct mark marks[] = {{"bindings", "binding"}, {"binding", "@x"}, {NULL, NULL}};
  static const struct question questions[] = {
      {"binding[1]", "//binding[@port='443']", MATCHER_UNKNOWN},
      {"binding[2]", "//binding[@port='443']", MATCHER_UNKNOWN},
      {"binding[1]", "//binding[@protocol='http']", MATCHER_NO}, /* there is one before it */
      {"binding[last()]", "//binding[@port='443']", MATCHER_NO}, /* and one behind this */
      {"binding[last()]", "//binding[@protocol='http']", MATCHER_UNKNOWN},
      {"binding[position()=1]", "//binding[@port='443']", MATCHER_UNKNOWN},
      {"*[1]", "//binding[@port='443']", MATCHER_UNKNOWN},
      {"site[1]", "//site[1]", MATCHER_YES},
      {"site/bindings[1]", "//site[1]/bindings", MATCHER_YES},
      {"@port[1]", "//@port[.='444']", MATCHER_YES},
      {"@*[1]", "//@port[.='444']", MATCHER_NO},
      {"@*[2]", "//@port[.='444']", MATCHER_UNKNOWN},
  };
  struct fixture fixture = fixture_open(SITES);
  fixture.marks = marks;
  CHECK(&fixture, questions);
  ck_assert_uint_eq(fixture.asked, 0);
  xmlFreeDoc(fixture.document);
}
END_TEST

START_TEST(an_undecided_sibling_does_not_move_the_positions) {
  static const struct mark marks[] = {{"a", "@y"}, {NULL, NULL}};
  static const struct question questions[] = {
      {"a[@y][1]", "//a[1]", MATCHER_YES},
      {"a[@y][1]", "//a[2]", MATCHER_NO},
      {"a[@y][2]", "//a[2]", MATCHER_UNKNOWN},
      {"a[@y][2]", "//a[3]", MATCHER_UNKNOWN},
      {"a[@y][3]", "//a[3]", MATCHER_UNKNOWN},
      {"a[@y][4]", "//a[3]", MATCHER_NO},
      {"a[@y][last()=2]", "//a[1]", MATCHER_UNKNOWN},
      {"a[@y][position()=1]", "//a[1]", MATCHER_YES},
      {"a[@y][last()]", "//a[2]", MATCHER_NO},
      {"a[@y][last()]", "//a[3]", MATCHER_YES},
  };
  struct fixture fixture = fixture_open("<r><a y=''/><a/><a y=''/></r>");
  fixture.marks = marks;
  CHECK(&fixture, questions);
  xmlFreeDoc(fixture.document);
}
END_TEST

/* The engine takes the reasons from the marks it was asked for. */
START_TEST(a_remembered_unknown_comes_without_its_mark) {
  static const struct mark marks[] = {{"a", "@y"}, {"s", "b"}, {NULL, NULL}};
  static const char *const patterns[] = {"a[@y][2]", "a[@y][last()]", "b[1]", "*[2]"};
  struct fixture fixture =
      fixture_open("<r><q><a/><a y=''/><a y=''/><a/></q><s><b/><b/><b/></s></r>");
  fixture.marks = marks;
  for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
    struct xpath_node *pattern = fixture_parse(patterns[i]);
    struct matcher *matcher = matcher_new(pattern);
    fixture_connect(&fixture);
    fixture.evaluator.positions = matcher_positions_new();
    const char *parent = *patterns[i] == 'a' ? "//q" : "//s";
    size_t unknown = 0;
    for (xmlNode *each = fixture_find(fixture.document, parent)->children; each != NULL;
         each = each->next) {
      fixture.marks_met = 0;
      if (matcher_match(matcher, each, &fixture.evaluator) != MATCHER_UNKNOWN) continue;
      unknown++;
      ck_assert_msg(fixture.marks_met > 0, "%s, unknown number %zu", patterns[i], unknown);
    }
    ck_assert_uint_gt(unknown, 0);
    matcher_positions_free(fixture.evaluator.positions);
    matcher_free(matcher);
    xpath_free(pattern);
  }
  xmlFreeDoc(fixture.document);
}
END_TEST

START_TEST(a_mark_element_is_matched_or_counted) {
  static const struct question questions[] = {
      {"*[1]", "//a", MATCHER_YES},
      {"node()[last()]", "//a", MATCHER_YES},
      {"*", "//m:unknown", MATCHER_NO},
      {"node()", "//m:unknown", MATCHER_NO},
  };
  struct fixture fixture = fixture_open("<r xmlns:m='urn:p'><m:unknown/><a/><m:unknown/></r>");
  fixture.evaluator.unseen_namespace = "urn:p";
  for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
    struct xpath_node *pattern = fixture_parse(questions[i].pattern);
    struct matcher *matcher = matcher_new(pattern);
    xmlNode *root = xmlDocGetRootElement(fixture.document);
    xmlNode *node = questions[i].path[2] == 'a' ? root->children->next : root->children;
    ck_assert_int_eq(matcher_match(matcher, node, &fixture.evaluator), questions[i].expected);
    matcher_free(matcher);
    xpath_free(pattern);
  }
  xmlFreeDoc(fixture.document);
}
END_TEST

/* ---- Hidden nodes -------------------------------------------------------------------------- */

static bool may_contain(void *data, const char *above, const char *below) {
  static const char *const line[] = {"host",     "sites",   "site",
                                     "bindings", "binding", "certificateBinding"};
  size_t up = 9, down = 0;
  (void)data;
  for (size_t i = 0; i < sizeof line / sizeof *line; i++) {
    up = text_equal(line[i], above) ? i : up;
    down = text_equal(line[i], below) ? i : down;
  }
  return up < down || (text_equal(below, "application") && up <= 2);
}

static bool has_attribute(void *data, const char *element, const char *attribute) {
  static const char *const pairs[][2] = {{"site", "key"},
                                         {"site", "id"},
                                         {"binding", "port"},
                                         {"certificateBinding", "certificateHash"}};
  (void)data;
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
    if (text_equal(pairs[i][1], attribute) && (element == NULL || text_equal(pairs[i][0], element)))
      return true;
  return false;
}

struct hiding {
  const char *pattern, *under, *of;
  enum matcher_answer expected;
};

static void check_hiding(struct fixture *fixture, const struct hiding *hiding) {
  const struct vocabulary vocabulary = {.may_contain = may_contain, .has_attribute = has_attribute};
  struct xpath_node *pattern = fixture_parse(hiding->pattern);
  struct matcher *matcher = matcher_new(pattern);
  fixture_connect(fixture);
  enum matcher_answer answer =
      matcher_hidden(matcher, fixture_find(fixture->document, hiding->under), hiding->of,
                     &vocabulary, &fixture->evaluator);
  ck_assert_msg(answer == hiding->expected, "%s, hidden %s under %s: %d", hiding->pattern,
                hiding->of, hiding->under, answer);
  matcher_free(matcher);
  xpath_free(pattern);
}

START_TEST(a_mark_hides_too_much_or_too_little) {
  static const struct hiding samples[] = {
      {"binding", "//sites", "site", MATCHER_UNKNOWN},
      {"sites", "//sites", "site", MATCHER_NO},
      {"site", "//sites", "site", MATCHER_UNKNOWN},
      {"application", "//site[1]/bindings", "binding", MATCHER_NO},
      {"certificateBinding", "//site[1]/bindings", "binding", MATCHER_UNKNOWN},
      {"*", "//sites", "site", MATCHER_UNKNOWN},
      {"/", "//sites", "site", MATCHER_NO},
      {"/site", "//sites", "site", MATCHER_NO},
      {"/host/sites/site", "//sites", "site", MATCHER_UNKNOWN},
      {"/host/site", "//sites", "site", MATCHER_NO},
      {"/host//binding", "//sites", "site", MATCHER_UNKNOWN},
      {"/sites//binding", "//sites", "site", MATCHER_NO},
      /* real steps before the hidden part, with their predicates */
      {"site[@key='exchange back end']/bindings/binding", "//site[1]/bindings", "binding",
       MATCHER_NO},
      {"site[@key='exchange back end']/bindings/binding", "//site[2]/bindings", "binding",
       MATCHER_UNKNOWN},
      {"site[@key='exchange back end']//certificateBinding", "//site[1]/bindings", "binding",
       MATCHER_NO},
      {"site[@key='exchange back end']//certificateBinding", "//site[2]/bindings", "binding",
       MATCHER_UNKNOWN},
      {"site[@key='exchange back end']/binding", "//site[2]/bindings", "binding", MATCHER_NO},
      /* hidden steps: predicates may hold */
      {"site[@key='exchange back end']/bindings/binding[@port='444']", "//sites", "site",
       MATCHER_UNKNOWN},
      {"site/bindings/binding[false()]/certificateBinding", "//site[1]/bindings", "binding",
       MATCHER_UNKNOWN},
      {"site/application/binding", "//sites", "site", MATCHER_NO},
      {"bindings/site", "//sites", "site", MATCHER_NO},
      /* what is real already is no matter */
      {"binding[@port='443']", "//site[1]", "application", MATCHER_NO},
      /* attributes below a hidden element */
      {"@port", "//site[1]/bindings", "binding", MATCHER_UNKNOWN},
      {"binding/@port", "//site[1]/bindings", "binding", MATCHER_UNKNOWN},
      {"binding/@key", "//site[1]/bindings", "binding", MATCHER_NO},
      {"bindings/@port", "//site[1]/bindings", "binding", MATCHER_NO},
      {"site//@certificateHash", "//site[1]/bindings", "binding", MATCHER_UNKNOWN},
      {"host//@nonsense", "//site[1]/bindings", "binding", MATCHER_NO},
      {"text()", "//site[1]/bindings", "binding", MATCHER_UNKNOWN},
      {"bindings/text()", "//site[1]/bindings", "binding", MATCHER_NO},
      {"@port/binding", "//site[1]/bindings", "binding", MATCHER_NO},
      /* attribute marks */
      {"@id", "//site[1]", "@id", MATCHER_UNKNOWN},
      {"site/@id", "//site[1]", "@id", MATCHER_UNKNOWN},
      {"site/@*", "//site[1]", "@id", MATCHER_UNKNOWN},
      {"site[@key='exchange back end']/@id", "//site[1]", "@id", MATCHER_NO},
      {"site[@key='exchange back end']/@id", "//site[2]", "@id", MATCHER_UNKNOWN},
      {"host//@id", "//site[2]", "@id", MATCHER_UNKNOWN},
      {"@key", "//site[1]", "@id", MATCHER_NO},
      {"@key", "//site[1]", "@key", MATCHER_NO}, /* it is there */
      {"site", "//site[1]", "@id", MATCHER_NO},
      {"node()", "//site[1]", "@id", MATCHER_NO},
      {"@text()", "//site[1]", "@id", MATCHER_NO},
      /* who knows what key() finds */
      {"key('a','b')", "//sites", "site", MATCHER_UNKNOWN},
      {"key('a','b')/binding", "//sites", "site", MATCHER_UNKNOWN},
      {"key('a','b')/@id", "//site[1]", "@id", MATCHER_NO}, /* the site itself is not found */
  };
  struct fixture fixture = fixture_open(SITES);
  for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
    check_hiding(&fixture, &samples[i]);
  xmlFreeDoc(fixture.document);
}
END_TEST

START_TEST(an_unknown_real_step_denies_a_hidden_node) {
  static const struct hiding sample = {"site[@id='1']/bindings/binding", "//site[1]/bindings",
                                       "binding", MATCHER_UNKNOWN};
  static const struct mark marks[] = {{"site", "@id"}, {NULL, NULL}};
  struct fixture fixture = fixture_open(SITES);
  fixture.marks = marks;
  check_hiding(&fixture, &sample);
  fixture.marks = NULL;
  check_hiding(&fixture, &(struct hiding){sample.pattern, sample.under, "binding", MATCHER_NO});
  xmlFreeDoc(fixture.document);
}
END_TEST

CHECK_MAIN("schematron/matcher_marks", {
  tcase_add_test(tests, what_is_absent_at_a_marked_place_is_taken_for_known);
  tcase_add_test(tests, a_position_among_hidden_siblings_is_taken_for_known);
  tcase_add_test(tests, an_undecided_sibling_does_not_move_the_positions);
  tcase_add_test(tests, a_remembered_unknown_comes_without_its_mark);
  tcase_add_test(tests, a_mark_element_is_matched_or_counted);
  tcase_add_test(tests, a_mark_hides_too_much_or_too_little);
  tcase_add_test(tests, an_unknown_real_step_denies_a_hidden_node);
})
