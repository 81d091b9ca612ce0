/* Evaluation of documents without marks: contexts, rules, variables, keys,
 * messages, errors. */
#include "check_main.h"
#include "support_engine.h"

#include "base/xml_source.h"

#define DOCUMENT                                                                                   \
  "<r id='r'><a id='a1' x='1' y='q'><b id='b1' x='1'/><b id='b2' x='2' z='k'><c id='c1' x='5'/>"   \
  "</b></a><a id='a2' x='2'><b id='b3' x='3'/><c id='c2' x='7'/></a></r>"

START_TEST(assert_fails_where_false_and_report_where_true) {
  ASSERT_TEXT(heard(in_rule("b", "<assert test='@x = 2'>is <value-of select='@x'/></assert>"
                                 "<report test='@x = 2'>no!</report>"),
                    DOCUMENT),
              "fail p b#b1 is 1\nfail p b#b2 no!\nfail p b#b3 is 3\n");
}
END_TEST

START_TEST(first_matching_rule_of_each_pattern_wins) {
  ASSERT_TEXT(heard(in_schema("<pattern id='p'><rule context='b[@x=2]'><report test='true()'>first"
                              "</report></rule><rule context='b'><report test='true()'>second"
                              "</report></rule></pattern><pattern id='q'><rule context='*[@x=2]'>"
                              "<report test='true()'>third</report></rule></pattern>"),
                    DOCUMENT),
              "fail p b#b1 second\nfail p b#b2 first\nfail q b#b2 third\nfail q a#a2 third\n"
              "fail p b#b3 second\n");
}
END_TEST

START_TEST(contexts_of_every_kind_match) {
  ASSERT_TEXT(heard(in_schema("<pattern id='p'><rule context='/'><report test='true()'>root"
                              "</report></rule><rule context='@z'><report test='. = &quot;k&quot;'>"
                              "<name/> of <name path='..'/></report></rule>"
                              "<rule context='a[c]|c'><report test='true()'>ac</report></rule>"
                              "</pattern>"),
                    DOCUMENT),
              "fail p / root\nfail p @z z of b\nfail p c#c1 ac\nfail p a#a2 ac\nfail p c#c2 ac\n");
}
END_TEST

START_TEST(variables_are_seen_in_their_scope) {
  ASSERT_TEXT(heard(in_schema("<let name='all' value='//b'/><let name='limit' value='1 + 1'/>"
                              "<pattern id='p'><let name='n' value='count($all)'/>"
                              "<rule context='b[@x &gt; $limit]'><let name='own' value='@x'/>"
                              "<let name='sum' value='$own + $n'/>"
                              "<assert test='$sum = 0'><value-of select='$sum'/> "
                              "<value-of select='$limit'/></assert></rule></pattern>"),
                    DOCUMENT),
              "fail p b#b3 6 2\n");
}
END_TEST

START_TEST(a_variable_of_a_rule_is_computed_anew_for_each_node) {
  ASSERT_TEXT(heard(in_rule("b", "<let name='v' value='@x * 10'/>"
                                 "<report test='true()'><value-of select='$v'/></report>"),
                    DOCUMENT),
              "fail p b#b1 10\nfail p b#b2 20\nfail p b#b3 30\n");
}
END_TEST

START_TEST(tables_in_variables_can_be_read) {
  ASSERT_TEXT(
      heard(in_schema("<let name='t'><v xmlns='' key='1' max='one'/>"
                      "<v xmlns='' key='3' max='three'/></let><pattern id='p'>"
                      "<rule context='b'><let name='m' "
                      "value='string(exsl:node-set($t)/v[@key=current()/@x]/@max)'/>"
                      "<report test='$m'><value-of select='$m'/></report></rule></pattern>"),
            DOCUMENT),
      "fail p b#b1 one\nfail p b#b3 three\n");
}
END_TEST

START_TEST(keys_find_what_they_should) {
  ASSERT_TEXT(heard(in_schema("<xsl:key name='k' match='b' use='@x'/>"
                              "<xsl:key name='k' match='c' use='@x - 4'/>"
                              "<xsl:key name='of' match='b/@z' use='.'/>"
                              "<pattern id='p'><rule context='a'>"
                              "<report test='key(&quot;k&quot;, @x)'>"
                              "<value-of select='count(key(&quot;k&quot;, @x))'/> "
                              "<value-of select='count(key(&quot;k&quot;, //@x))'/> "
                              "<value-of select='name(key(&quot;of&quot;, &quot;k&quot;)/..)'/>"
                              "</report></rule><rule context='key(&quot;k&quot;, &quot;3&quot;)'>"
                              "<report test='true()'>by key</report></rule></pattern>"),
                    DOCUMENT),
              "fail p a#a1 2 5 b\nfail p a#a2 1 5 b\nfail p b#b3 by key\nfail p c#c2 by key\n");
}
END_TEST

START_TEST(a_comparison_with_no_number_is_an_error_not_false) {
  ASSERT_VERDICT("a[@y]", "@y &lt; 5", DOCUMENT, "error");
  ASSERT_VERDICT("a[@y]", "not(@y &lt; 5)", DOCUMENT, "error");
  ASSERT_VERDICT("a[@y]", "5 &gt;= string(@y)", DOCUMENT, "error");
  ASSERT_VERDICT("a[@y]", "b[@x &lt; ../@y]", DOCUMENT, "error");
  ASSERT_VERDICT("a[@y]", "number(@z) &lt; 5", DOCUMENT, "error");
}
END_TEST

START_TEST(comparisons_by_size_are_those_of_xpath) {
  ASSERT_VERDICT("a[@y]", "@z &lt; 5", DOCUMENT, "fail"); /* nothing there: false */
  ASSERT_VERDICT("a[@y]", "b/@x &gt; 1 and not(b/@x &gt; 2)", DOCUMENT, "pass");
  ASSERT_VERDICT("r", "//c/@x &lt; //b/@x", DOCUMENT, "fail");
  ASSERT_VERDICT("r", "//b/@x &lt; //c/@x", DOCUMENT, "pass");
  ASSERT_VERDICT("r", "//b/@x &lt;= 1 and 3 &lt;= //b/@x", DOCUMENT, "pass");
  ASSERT_VERDICT("r", "true() &gt; false() and (a &gt;= true())", DOCUMENT, "pass");
  ASSERT_VERDICT("r", "a[@x &lt; 2]/b[2][@x &gt; 1.5]", DOCUMENT, "pass");
}
END_TEST

START_TEST(an_error_is_told_as_one) {
  ASSERT_VERDICT("r", "f:broken()", DOCUMENT, "error");
  ASSERT_VERDICT("r", "true() or f:broken()", DOCUMENT, "pass");
  ASSERT_VERDICT("r", "count(3)", DOCUMENT, "error");
  ASSERT_VERDICT("b[f:broken()]", "true()", DOCUMENT, "error error error");
}
END_TEST

START_TEST(endless_work_is_an_error) {
  struct buffer document = buffer_make(1024 * 1024);
  buffer_add_text(&document, "<r>");
  for (int i = 0; i < 6000; i++)
    buffer_add_text(&document, "<a/>");
  buffer_add_text(&document, "</r>");
  ASSERT_VERDICT("r", "count(//a[count(//a) = 1]) = 0", buffer_text(&document), "error");
  buffer_dispose(&document);
}
END_TEST

START_TEST(exslt_and_own_functions_are_there) {
  ASSERT_VERDICT("r", "math:max(//b/@x) = 3 and f:twice(4) = 8", DOCUMENT, "pass");
  ASSERT_VERDICT("r", "count(set:distinct(//@x)) = 5", DOCUMENT, "pass");
  ASSERT_VERDICT("r", "date:year('2024-12-03') = 2024", DOCUMENT, "pass");
  ASSERT_VERDICT("r", "generate-id(a) = generate-id(a[1]) and generate-id(a) != generate-id(a[2])",
                 DOCUMENT, "pass");
}
END_TEST

START_TEST(numbers_keep_their_digits) {
  ASSERT_VERDICT("r", "0.1 = '0.1' and 1000000000000 = '1000000000000' and .5 = 1 div 2", DOCUMENT,
                 "pass");
}
END_TEST

START_TEST(message_is_rendered_with_all_its_parts) {
  ASSERT_TEXT(heard(in_rule("b[@z]", "<report test='true()'>  The <emph>very</emph>\n"
                                     "  <name/> <span class='q'>of <name path='..'/></span>"
                                     " <own:note>hidden</own:note> = <value-of select='@z'/>."
                                     "</report>"),
                    DOCUMENT),
              "fail p b#b2 The very b of a = k.\n");
}
END_TEST

static void tell_more(void *data, const struct engine_outcome *outcome,
                      struct evaluation *evaluation) {
  struct buffer *out = data;
  const struct schema_assertion *assertion = outcome->assertion;
  char *actual = evaluation_string(evaluation, assertion->element, "actual");
  buffer_add_format(out, "%s %s %s [%s]", assertion->role, assertion->see,
                    (const char *)evaluation_subject(evaluation)->name, actual);
  alloc_free(actual);
  ck_assert_ptr_null(evaluation_string(evaluation, assertion->element, "select"));
  for (size_t i = 0; i < assertion->diagnostic_count; i++) {
    const xmlNode *step = assertion->diagnostics[i]->element->children;
    while (step->type != XML_ELEMENT_NODE)
      step = step->next;
    char *text = evaluation_render(evaluation, step, true);
    buffer_add_format(out, " %s:(%s)", assertion->diagnostics[i]->id, text);
    alloc_free(text);
    xmlNodeSet *nodes = evaluation_nodes(evaluation, step, "select");
    buffer_add_format(out, " %d", nodes == NULL ? -1 : nodes->nodeNr);
    xmlXPathFreeNodeSet(nodes);
  }
}

START_TEST(a_listener_can_ask_for_the_rest) {
  struct schema *schema = loaded(in_schema(
      "<pattern id='p'><rule context='b[@z]' role='high' see='url'><let name='l' value='@x'/>"
      "<assert test='false()' subject='@z' diagnostics='d' own:actual='concat(@x, $l)'>m</assert>"
      "</rule></pattern><diagnostics><diagnostic id='d'> text <own:step select='//a'>run  "
      "<value-of "
      "select='$l'/>\n now</own:step></diagnostic></diagnostics>"));
  xmlDoc *document = document_of(DOCUMENT);
  struct buffer out = buffer_make(10000);
  struct engine_listener listener = {.data = &out, .on_fail = tell_more};
  struct pattern_tally tally;
  engine_run(schema, document, NULL, NULL, &listener, &tally);
  ck_assert_str_eq(buffer_text(&out), "high url z [22] d:(run  2\n now) 2");
  ck_assert_uint_eq(tally.contexts, 1);
  ck_assert_uint_eq(tally.failed, 1);
  ck_assert_uint_eq(tally.passed + tally.unknown + tally.errors, 0);
  buffer_dispose(&out);
  xmlFreeDoc(document);
  schema_free(schema);
}
END_TEST

CHECK_MAIN("schematron/evaluate", {
  xml_source_setup();
  tcase_add_test(tests, assert_fails_where_false_and_report_where_true);
  tcase_add_test(tests, first_matching_rule_of_each_pattern_wins);
  tcase_add_test(tests, contexts_of_every_kind_match);
  tcase_add_test(tests, variables_are_seen_in_their_scope);
  tcase_add_test(tests, a_variable_of_a_rule_is_computed_anew_for_each_node);
  tcase_add_test(tests, tables_in_variables_can_be_read);
  tcase_add_test(tests, keys_find_what_they_should);
  tcase_add_test(tests, a_comparison_with_no_number_is_an_error_not_false);
  tcase_add_test(tests, comparisons_by_size_are_those_of_xpath);
  tcase_add_test(tests, an_error_is_told_as_one);
  tcase_add_test(tests, endless_work_is_an_error);
  tcase_add_test(tests, exslt_and_own_functions_are_there);
  tcase_add_test(tests, numbers_keep_their_digits);
  tcase_add_test(tests, message_is_rendered_with_all_its_parts);
  tcase_add_test(tests, a_listener_can_ask_for_the_rest);
})
