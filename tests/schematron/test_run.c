/* The run: order of outcomes, tallies, choice of patterns, repeated runs of one
 * schema, documents of awkward shapes. */
#include "check_main.h"
#include "support_engine.h"

#include "base/xml_source.h"

#include <string.h>

#define MARK(of, under) "<m:unknown xmlns:m='" MARKS "' of='" of "' under='" under "' reason='x'/>"

START_TEST(outcomes_come_in_document_then_pattern_then_assertion_order) {
  const char *schema =
      "<pattern id='p'><rule context='b'><report test='true()'>1</report><report test='true()'>2"
      "</report></rule><rule context='c'><assert test='true()'>3</assert></rule></pattern>"
      "<pattern id='q'><rule context='*'><report test='self::b'>4</report></rule></pattern>"
      "<pattern id='s'><rule context='d'><report test='true()'>5</report></rule></pattern>";
  ASSERT_TEXT(heard(in_schema(schema), "<r><a>" MARK("d", "b") "<b id='1'/></a><b id='2'/></r>"),
              "fail p b#1 1\nfail p b#1 2\nfail q b#1 4\nfail p b#2 1\nfail p b#2 2\nfail q b#2 4\n"
              "unknown q - x\nunknown s - x\n");
}
END_TEST

struct counted {
  size_t fails, unknowns, errors;
};

static void count_fail(void *data, const struct engine_outcome *outcome,
                       struct evaluation *evaluation) {
  (void)outcome;
  (void)evaluation;
  ((struct counted *)data)->fails++;
}

static void count_unknown(void *data, const struct engine_outcome *outcome,
                          const struct unknown_cause *causes, size_t count) {
  (void)outcome;
  (void)causes;
  (void)count;
  ((struct counted *)data)->unknowns++;
}

static void count_error(void *data, const struct engine_outcome *outcome, const char *message) {
  (void)outcome;
  (void)message;
  ((struct counted *)data)->errors++;
}

static struct counted counted_run(const struct schema *schema, xmlDoc *document, const bool *active,
                                  struct pattern_tally *tallies) {
  struct counted counted = {0};
  struct engine_listener listener = {
      .data = &counted, .on_fail = count_fail, .on_unknown = count_unknown, .on_error = count_error};
  engine_run(schema, document, active, NULL, &listener, tallies);
  return counted;
}

START_TEST(tallies_say_what_was_told_and_what_passed) {
  struct schema *schema = loaded(in_schema(
      "<pattern id='p'><rule context='b'><assert test='@x'/><assert test='@y'/>"
      "<assert test='@x &lt; 5'/></rule></pattern><pattern id='q'><rule context='d'/></pattern>"));
  xmlDoc *document = document_of("<r>" MARK("@y", "b") "<b x='1' y=''/><b x='q'/><b/></r>");
  struct pattern_tally tallies[2];
  struct counted counted = counted_run(schema, document, NULL, tallies);
  ck_assert_uint_eq(tallies[0].contexts, 3);
  ck_assert_uint_eq(tallies[0].passed, 4);
  ck_assert_uint_eq(tallies[0].failed, 2);  /* the third has no @x: no test on it holds */
  ck_assert_uint_eq(tallies[0].unknown, 2); /* @y of the second and third */
  ck_assert_uint_eq(tallies[0].errors, 1);  /* 'q' is no number */
  ck_assert_uint_eq(tallies[1].contexts + tallies[1].unknown, 0);
  ck_assert_uint_eq(counted.fails, 2);
  ck_assert_uint_eq(counted.unknowns, 2);
  ck_assert_uint_eq(counted.errors, 1);
  xmlFreeDoc(document);
  schema_free(schema);
}
END_TEST

START_TEST(only_active_patterns_run) {
  struct schema *schema = loaded(
      in_schema("<pattern id='p'><rule context='b'><report test='true()'/></rule></pattern>"
                "<pattern id='q'><rule context='c'><report test='true()'/></rule></pattern>"));
  xmlDoc *document = document_of("<r>" MARK("a", "r") "<b/><c/></r>");
  bool active[2] = {false, true};
  struct pattern_tally tallies[2];
  counted_run(schema, document, active, tallies);
  ck_assert_uint_eq(tallies[0].contexts + tallies[0].unknown, 0);
  ck_assert_uint_eq(tallies[1].failed, 1);
  ck_assert_uint_eq(tallies[1].unknown, 1);
  xmlFreeDoc(document);
  schema_free(schema);
}
END_TEST

START_TEST(one_schema_runs_on_many_documents) {
  struct schema *schema = loaded(in_schema(
      "<xsl:key name='k' match='b' use='@x'/><let name='n' value='count(//b)'/>"
      "<pattern id='p'><rule context='r'><assert test='$n = count(key(&quot;k&quot;, 1))'/></rule>"
      "</pattern>"));
  static const char *const documents[] = {"<r><b x='1'/></r>", "<r><b x='1'/><b x='2'/></r>",
                                          "<r>" MARK("b", "r") "</r>", "<r/>"};
  static const size_t failed[] = {0, 1, 0, 0}, unknown[] = {0, 0, 1, 0};
  for (size_t i = 0; i < 4; i++) {
    xmlDoc *document = document_of(documents[i]);
    struct pattern_tally tally;
    counted_run(schema, document, NULL, &tally);
    ck_assert_uint_eq(tally.failed, failed[i]);
    ck_assert_uint_eq(tally.unknown, unknown[i]);
    xmlFreeDoc(document);
  }
  schema_free(schema);
}
END_TEST

START_TEST(a_listener_may_leave_out_what_it_does_not_want) {
  struct schema *schema = loaded(in_rule("b", "<assert test='@y'/><assert test='@x'/>"
                                              "<assert test='@x &lt; 3'/>"));
  xmlDoc *document = document_of("<r>" MARK("@y", "b") "<b x='q'/><b/></r>");
  struct engine_listener listener = {0};
  struct pattern_tally tally;
  engine_run(schema, document, NULL, NULL, &listener, &tally);
  ck_assert_uint_eq(tally.unknown, 2);
  ck_assert_uint_eq(tally.failed, 2);
  ck_assert_uint_eq(tally.errors, 1);
  xmlFreeDoc(document);
  schema_free(schema);
}
END_TEST

START_TEST(texts_comments_and_instructions_can_be_contexts) {
  struct schema *schema = loaded(in_schema(
      "<pattern id='p'><rule context='text()'><report test='. = &quot;t&quot;'/></rule>"
      "<rule context='comment()'><report test='true()'/></rule>"
      "<rule context='processing-instruction()'><report test='true()'/></rule></pattern>"));
  static const char text[] = "<r>t<a/><!--c--><?p i?>u</r>";
  struct xml_source_options options = {.keep_comments = true};
  struct xml_failure failure;
  xmlDoc *document = xml_source_parse(text, sizeof text - 1, &options, &failure);
  ck_assert_ptr_nonnull(document);
  struct pattern_tally tally;
  counted_run(schema, document, NULL, &tally);
  ck_assert_uint_eq(tally.contexts, 4);
  ck_assert_uint_eq(tally.failed, 3);
  xmlFreeDoc(document);
  schema_free(schema);
}
END_TEST

START_TEST(names_of_no_dictionary_are_found_too) {
  struct schema *schema = loaded(in_rule("b", "<report test='@x = 1'/>"));
  xmlDoc *document = xmlNewDoc(BAD_CAST "1.0");
  xmlNode *root = xmlNewDocNode(document, NULL, BAD_CAST "r", NULL);
  xmlDocSetRootElement(document, root);
  for (int i = 0; i < 3; i++)
    xmlNewProp(xmlNewChild(root, NULL, BAD_CAST "b", NULL), BAD_CAST "x", BAD_CAST "1");
  struct pattern_tally tally;
  counted_run(schema, document, NULL, &tally);
  ck_assert_uint_eq(tally.failed, 3);
  xmlFreeDoc(document);
  schema_free(schema);
}
END_TEST

START_TEST(empty_documents_and_schemas_do_nothing) {
  struct schema *schema = loaded(in_schema(""));
  xmlDoc *document = document_of("<r/>"), *empty = xmlNewDoc(BAD_CAST "1.0");
  struct pattern_tally none;
  counted_run(schema, document, NULL, &none);
  schema_free(schema);
  schema = loaded(in_rule("/", "<assert test='r'/>"));
  struct pattern_tally tally;
  counted_run(schema, empty, NULL, &tally);
  ck_assert_uint_eq(tally.contexts, 1);
  ck_assert_uint_eq(tally.failed, 1);
  schema_free(schema);
  xmlFreeDoc(document);
  xmlFreeDoc(empty);
}
END_TEST

static xmlDoc *wide(size_t count, const char *inner) {
  struct buffer text = buffer_make(64 * 1024 * 1024);
  buffer_add_text(&text, "<r>" MARK("@z", "b"));
  for (size_t i = 0; i < count; i++)
    buffer_add_format(&text, "<a x='%zu'>%s</a>", i, inner);
  buffer_add_text(&text, "</r>");
  xmlDoc *document = document_of(buffer_text(&text));
  buffer_dispose(&text);
  return document;
}

START_TEST(many_siblings_stay_linear) {
  struct schema *schema = loaded(
      in_schema("<xsl:key name='same' match='a' use='&quot;v&quot;'/>"
                "<pattern id='p'><rule context='a[@x][2]'><assert test='@x = 1'/></rule>"
                "<rule context='a[position() = last()]'><assert test='b/@z = 1 or @x'/></rule>"
                "<rule context='a'><assert test='b[@x = 1]/@z or @x'/></rule></pattern>"
                "<pattern id='q'><rule context='b'><assert test='@z = 1'/></rule></pattern>"
                "<pattern id='s'><rule context='b[@z]'><assert test='1'/></rule></pattern>"));
  xmlDoc *document = wide(20000, "<b x='1'/>");
  struct pattern_tally tallies[3];
  counted_run(schema, document, NULL, tallies);
  ck_assert_uint_eq(tallies[0].contexts, 20000);
  ck_assert_uint_eq(tallies[0].passed, 20000);
  ck_assert_uint_eq(tallies[1].unknown, 20000);
  ck_assert_uint_eq(tallies[2].unknown, 20000);
  xmlFreeDoc(document);
  schema_free(schema);
}
END_TEST

START_TEST(many_marks_stay_linear) {
  struct schema *schema =
      loaded(in_schema("<pattern id='p'><rule context='c'><assert test='1'/></rule></pattern>"
                       "<pattern id='q'><rule context='b'><assert test='c'/></rule></pattern>"));
  xmlDoc *document = wide(20000, "<b x='1'>" MARK("c", "b") "</b>");
  struct pattern_tally tallies[2];
  counted_run(schema, document, NULL, tallies);
  ck_assert_uint_eq(tallies[0].unknown, 1);
  ck_assert_uint_eq(tallies[1].unknown, 20000);
  xmlFreeDoc(document);
  schema_free(schema);
}
END_TEST

CHECK_MAIN("schematron/run", {
  xml_source_setup();
  tcase_add_test(tests, outcomes_come_in_document_then_pattern_then_assertion_order);
  tcase_add_test(tests, tallies_say_what_was_told_and_what_passed);
  tcase_add_test(tests, only_active_patterns_run);
  tcase_add_test(tests, one_schema_runs_on_many_documents);
  tcase_add_test(tests, a_listener_may_leave_out_what_it_does_not_want);
  tcase_add_test(tests, texts_comments_and_instructions_can_be_contexts);
  tcase_add_test(tests, names_of_no_dictionary_are_found_too);
  tcase_add_test(tests, empty_documents_and_schemas_do_nothing);
  tcase_add_test(tests, many_siblings_stay_linear);
  tcase_add_test(tests, many_marks_stay_linear);
})
