/* Parts of the language that need more than a schema and a document: other files,
 * phases, functions with limits, positions, time. What the standard says of single
 * constructs is in tests/conformance. */
#include "check_main.h"
#include "support_engine.h"

#include "base/text.h"
#include "base/xml_source.h"

#include <stdio.h>
#include <string.h>

#define HEAD                                                                                       \
  "<schema xmlns='http://purl.oclc.org/dsdl/schematron' "                                          \
  "xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>"                                              \
  "<ns prefix='str' uri='http://exslt.org/strings'/>"                                              \
  "<ns prefix='regexp' uri='http://exslt.org/regular-expressions'/>"                               \
  "<ns prefix='exsl' uri='http://exslt.org/common'/>"
#define RULE(content)                                                                              \
  HEAD "<pattern id='p'><rule context='/*'>" content "</rule></pattern></schema>"

/* ---- Running --------------------------------------------------------------- */

struct files { /* name, content, name, content, ..., NULL */
  const char *const *items;
  size_t asked;
};

static char *read_one(void *data, const char *base, const char *href, size_t *size,
                      char resolved[512]) {
  struct files *files = data;
  files->asked++;
  const char *slash = strrchr(base, '/');
  snprintf(resolved, 512, "%.*s%s", slash == NULL ? 0 : (int)(slash - base + 1), base, href);
  for (const char *const *each = files->items; each != NULL && *each != NULL; each += 2) {
    if (!text_equal(each[0], resolved)) continue;
    *size = strlen(each[1]);
    return alloc_text(each[1]);
  }
  return NULL;
}

struct ears {
  struct buffer out;
  uint64_t now;
};

static void on_fail(void *data, const struct engine_outcome *outcome,
                    struct evaluation *evaluation) {
  struct ears *ears = data;
  char *message = evaluation_message(evaluation);
  buffer_add_format(&ears->out, "fail %s:%s %s\n", (const char *)outcome->context->doc->URL,
                    outcome->pattern->id, message);
  for (size_t i = 0; i < outcome->assertion->property_count; i++) {
    char *text = evaluation_render(evaluation, outcome->assertion->properties[i]->element, false);
    buffer_add_format(&ears->out, "  %s: %s\n", outcome->assertion->properties[i]->id, text);
    alloc_free(text);
  }
  alloc_free(message);
}

static void on_unknown(void *data, const struct engine_outcome *outcome,
                       const struct unknown_cause *causes, size_t count) {
  struct ears *ears = data;
  buffer_add_format(&ears->out, "unknown %s %s\n", outcome->pattern->id,
                    count > 0 ? causes[0].reason : "");
}

static void on_error(void *data, const struct engine_outcome *outcome, const char *message) {
  (void)outcome;
  buffer_add_format(&((struct ears *)data)->out, "error %s\n", message);
}

static uint64_t tick(void *data) {
  return ((struct ears *)data)->now++;
}

static struct schema *load(const char *text, struct files *files, bool may_read) {
  struct schema_options options = {.data = files,
                                   .reader = files == NULL ? NULL : read_one,
                                   .may_read_documents = may_read,
                                   .mark_namespace = MARKS};
  struct diags diags = {0};
  struct schema *schema = schema_load(text, strlen(text), "main.sch", &options, &diags);
  for (size_t i = 0; i < diags.count; i++)
    printf("%u:%u %s\n", diags.items[i].line, diags.items[i].column, diags.items[i].message);
  diags_dispose(&diags);
  ck_assert_ptr_nonnull(schema);
  return schema;
}

static char *run(const struct schema *schema, const char *document_text, const char *phase) {
  xmlDoc *document = document_of(document_text);
  document->URL = xmlStrdup(BAD_CAST "doc.xml");
  struct ears ears = {.out = buffer_make(65536)};
  struct engine_listener listener = {
      .data = &ears, .on_fail = on_fail, .on_unknown = on_unknown, .on_error = on_error};
  struct pattern_tally *tallies = alloc_array(schema_pattern_count(schema) + 1, sizeof *tallies);
  if (!engine_run_phase(schema, document, phase, NULL, &listener, tallies))
    buffer_add_text(&ears.out, "no such phase\n");
  alloc_free(tallies);
  xmlFreeDoc(document);
  return buffer_take(&ears.out);
}

static char *said(const char *schema_text, const char *document, struct files *files,
                  bool may_read) {
  struct schema *schema = load(schema_text, files, may_read);
  char *text = run(schema, document, "#DEFAULT");
  schema_free(schema);
  return text;
}

/* What one expression gives as text. */
static char *value_of(const char *expression, const char *document) {
  char *schema =
      alloc_format(RULE("<report test='true()'><value-of select=\"%s\"/></report>"), expression);
  char *text = said(schema, document, NULL, false);
  alloc_free(schema);
  return text;
}

#define ASSERT_VALUE(expression, document, wanted)                                                 \
  ASSERT_TEXT(value_of((expression), (document)), "fail doc.xml:p" wanted "\n")

/* ---- Other documents ------------------------------------------------------- */

START_TEST(a_document_names_a_file_outside_its_folder) {
  static const char *const names[] = {"/etc/passwd", "../x.xml", "a/../../x.xml",
                                      "..",          "a/..",     "http://example.org/x.xml",
                                      "file:x.xml",  "C:/x.xml", "a\\x.xml",
                                      "x.xml#part",  "//host/x", "a//x.xml"};
  struct files files = {0};
  struct schema *schema = load(RULE("<assert test='document(@href)/x'>m</assert>"), &files, true);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char *document = alloc_format("<r href='%s'/>", names[i]);
    char *text = run(schema, document, "#ALL");
    char *wanted = alloc_format("error '%s' cannot be read: only files beside the schema or the "
                                "document are\n",
                                names[i]);
    ck_assert_str_eq(text, wanted);
    alloc_free(wanted);
    alloc_free(text);
    alloc_free(document);
  }
  ck_assert_uint_eq(files.asked, 0);
  schema_free(schema);
}
END_TEST

START_TEST(other_documents_are_read_although_nobody_allowed_it) {
  static const char *const items[] = {"x.xml", "<x/>", NULL};
  struct files files = {items, 0};
  const char *wanted = "error 'x.xml' cannot be read: no other documents are read here\n";
  ASSERT_TEXT(said(RULE("<assert test=\"document('x.xml')/x\">m</assert>"), "<r/>", &files, false),
              wanted);
  ASSERT_TEXT(said(HEAD "<pattern id='p' documents=\"'x.xml'\"><rule context='x'><report "
                        "test='true()'/></rule></pattern></schema>",
                   "<r/>", &files, false),
              wanted);
  ck_assert_uint_eq(files.asked, 0);
}
END_TEST

START_TEST(another_document_is_read_again_and_again) {
  static const char *const items[] = {"x.xml", "<x><y/><y/></x>", NULL};
  struct files files = {items, 0};
  ASSERT_TEXT(said(HEAD "<pattern id='p'><rule context='i'><assert test=\"count(document('x.xml')"
                        "//y) = 2 and generate-id(document('x.xml')) = "
                        "generate-id(document('x.xml'))\">m</assert></rule></pattern></schema>",
                   "<r><i/><i/><i/></r>", &files, true),
              "");
  ck_assert_uint_eq(files.asked, 1);
}
END_TEST

/* Keys, absolute paths and the pattern's variables are those of the other document,
 * the schema's variables those of the first. */
START_TEST(a_pattern_of_other_documents_mixes_them_up) {
  static const char *const items[] = {"a.xml", "<x><y id='1'/><y id='2'/></x>", "b.xml",
                                      "<x><y id='1'/></x>", NULL};
  struct files files = {items, 0};
  ASSERT_TEXT(
      said(HEAD "<xsl:key name='k' match='y' use='@id'/><let name='main' value='name(/*)'/>"
                "<pattern id='p' documents='/r/f'><let name='n' value='count(//y)'/>"
                "<rule context='x'><report test='true()'><value-of select='$main'/> <value-of "
                "select='$n'/> <value-of select=\"count(key('k', '2'))\"/> <value-of "
                "select='name(/*)'/></report></rule></pattern>"
                "<pattern id='q'><rule context='r'><report test=\"key('k', '1')\">main</report>"
                "<report test=\"document('a.xml')/x[count(key('k', '2')) = 1]\">own</report></rule>"
                "</pattern></schema>",
           "<r><f>a.xml</f><f>b.xml</f><f>a.xml</f></r>", &files, true),
      "fail doc.xml:q own\nfail a.xml:p r 2 1 x\nfail b.xml:p r 1 0 x\n");
}
END_TEST

START_TEST(marks_do_not_reach_a_pattern_of_other_documents) {
  static const char *const items[] = {"a.xml", "<x/>", NULL};
  struct files files = {items, 0};
  const char *schema = HEAD "<pattern id='p' documents='/r/f'><rule context='x'><report "
                            "test='true()'>m</report></rule></pattern></schema>";
  ASSERT_TEXT(said(schema,
                   "<r><m:unknown xmlns:m='" MARKS "' of='f' under='r' reason='why'/><f>a.xml</f>"
                   "</r>",
                   &files, true),
              "unknown p why\n");
}
END_TEST

/* ---- Functions ------------------------------------------------------------- */

START_TEST(a_regular_expression_that_takes_too_long_does_not_match) {
  const char *document = "<r x='aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab'/>";
  ASSERT_TEXT(said(RULE("<assert test=\"regexp:test(@x, '^(a|a?)+$')\">m</assert>"
                        "<report test=\"regexp:match(@x, '^(a|a?)+$')\">m</report>"),
                   document, NULL, false),
              "error the regular expression '^(a|a?)+$' takes too long\n"
              "error the regular expression '^(a|a?)+$' takes too long\n");
}
END_TEST

START_TEST(regular_expressions_see_only_what_is_left_of_the_text) {
  ASSERT_VALUE("count(regexp:match('aaa', '^a', 'g'))", "<r/>", " 1");
  ASSERT_VALUE("regexp:replace('abc', '(b)|x', 'g', '[$1$2$$]')", "<r/>", " a[b$]c");
  ASSERT_VALUE("regexp:replace('abc', '', 'g', '-')", "<r/>", " -a-b-c-");
  ASSERT_VALUE("regexp:replace('&#xE4;&#xF6;', '', 'g', '-')", "<r/>", " -\xC3\xA4-\xC3\xB6-");
  ASSERT_VALUE("count(regexp:match('ab', '(x)?(b)'))", "<r/>", " 3");
}
END_TEST

START_TEST(pieces_of_texts_that_are_not_known_are_known) {
  const char *marked = "<r><m:unknown xmlns:m='" MARKS "' of='@x' under='r' reason='why'/></r>";
  ASSERT_TEXT(said(RULE("<assert test=\"str:tokenize(@x, ',') = 'a'\">m</assert>"
                        "<assert test=\"regexp:test(@x, 'a')\">m</assert>"
                        "<assert test=\"count(str:split(@x)) = 0\">m</assert>"
                        "<assert test=\"str:replace(@x, 'a', 'b') = 'b'\">m</assert>"
                        "<assert test=\"format-number(@x, '0') = 'NaN'\">m</assert>"
                        "<assert test=\"sum(@x) = 0\">m</assert>"
                        "<assert test=\"not(@x = 5)\">m</assert>"),
                   marked, NULL, false),
              "unknown p why\nunknown p why\nunknown p why\nunknown p why\nunknown p why\n"
              "unknown p why\nunknown p why\n");
}
END_TEST

/* Tokens live as long as what holds them: a rule's variable, a schema's. */
START_TEST(tokens_end_before_the_variables_that_hold_them) {
  ASSERT_TEXT(said(HEAD "<let name='all' value=\"str:tokenize('a b c')\"/><pattern id='p'>"
                        "<rule context='i'><let name='own' value='str:tokenize(@x)'/>"
                        "<assert test='$own = $all'>m</assert><report test='count($own) = 2'>"
                        "<value-of select='$own[2]'/> <value-of select='$all[last()]'/></report>"
                        "</rule></pattern></schema>",
                   "<r><i x='a z'/><i x='z'/><i x='c b'/></r>", NULL, false),
              "fail doc.xml:p z c\nfail doc.xml:p m\nfail doc.xml:p b c\n");
}
END_TEST

START_TEST(strings_are_cut_in_the_wrong_places) {
  ASSERT_VALUE("str:replace('abcab', exsl:node-set('ab'), 'x')", "<r/>", " xcx");
  ASSERT_VALUE("str:replace(@x, i, o)", "<r x='aabab'><i>a</i><i>ab</i><o>1</o><o>2</o></r>",
               " 122");
  ASSERT_VALUE("str:replace(@x, i, o)", "<r x='ab'><i>a</i><i>b</i><o>1</o></r>", " 1");
  ASSERT_VALUE("count(str:tokenize('', ','))", "<r/>", " 0");
  ASSERT_VALUE("count(str:tokenize(',,a,', ','))", "<r/>", " 1");
  ASSERT_VALUE("str:tokenize('x&#xE4;y', '&#xE4;')[2]", "<r/>", " y");
  ASSERT_VALUE("count(str:split('&#xE4;&#xF6;', ''))", "<r/>", " 2");
  ASSERT_VALUE("count(str:split('aXbxc', 'x'))", "<r/>", " 2");
}
END_TEST

START_TEST(numbers_are_written_otherwise_than_their_picture) {
  static const char *const cases[][3] = {{"1234567.891", "#,##0.##", " 1,234,567.89"},
                                         {"0", "#", " 0"},
                                         {"0.5", "0", " 0"},
                                         {"1.5", "0", " 2"},
                                         {"0.125", "#.00", " .12"},
                                         {"-5", "0;(0)", " (5)"},
                                         {"5", "$0.00 x", " $5.00 x"},
                                         {"0.05", "0.0%", " 5.0%"},
                                         {"1 div 0", "0", " Infinity"},
                                         {"-1 div 0", "0", " -Infinity"},
                                         {"0 div 0", "0", " NaN"},
                                         {"7", "0000", " 0007"},
                                         {"1e", "0", NULL},
                                         {"12345", "0,0", " 1,2,3,4,5"},
                                         {"0.1", "0.####", " 0.1"},
                                         {"123", "000,000", " 000,123"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    if (cases[i][2] == NULL) continue;
    char *expression = alloc_format("format-number(%s, '%s')", cases[i][0], cases[i][1]);
    char *wanted = alloc_format("fail doc.xml:p%s\n", cases[i][2]);
    ASSERT_TEXT(value_of(expression, "<r/>"), wanted);
    alloc_free(wanted);
    alloc_free(expression);
  }
}
END_TEST

START_TEST(a_wrong_picture_writes_something) {
  static const char *const pictures[] = {"", "x", "0#.0", "0.#0", "0,", "0.0.0", "0x0"};
  for (size_t i = 0; i < sizeof pictures / sizeof *pictures; i++) {
    char *schema =
        alloc_format(RULE("<assert test=\"format-number(1, '%s') = '1'\">m</assert>"), pictures[i]);
    char *wanted = alloc_format("error '%s' is no picture for format-number()\n", pictures[i]);
    ASSERT_TEXT(said(schema, "<r/>", NULL, false), wanted);
    alloc_free(wanted);
    alloc_free(schema);
  }
}
END_TEST

/* A thumbprint may look like a number with an exponent. */
START_TEST(a_text_with_an_exponent_is_taken_for_a_number) {
  const char *document = "<r x='12E3' y='12000' n='0'/>";
  ASSERT_TEXT(
      said(RULE("<report test='@x = 12000'>1</report><report test='12000 = @x'>2</report>"
                "<report test='not(@x != 12000)'>3</report>"
                "<report test='@x + 0 = @y'>4</report><report test='-@x = -12000'>5</report>"
                "<report test='sum(@x) = 12000'>6</report>"
                "<report test='floor(@x) = 12000'>7</report>"
                "<let name='n' value='12000'/><report test='@x = $n'>8</report>"
                "<report test='number(@x) = 12000'>9</report>"
                "<report test='@x &lt;= 12000'>10</report>"
                "<report test=\"@x mod 7 = '12E3' mod 7\">11</report>"
                "<assert test='@y = $n and @y + 0 = 12000 and sum(@y) = $n'>12</assert>"),
           document, NULL, false),
      "error a comparison by size with something that is not a number: '12E3'\n");
}
END_TEST

/* ---- Phases and patterns --------------------------------------------------- */

START_TEST(a_phase_runs_with_the_variables_of_another) {
  struct schema *schema = load(
      HEAD "<let name='v' value='0'/><phase id='one'><let name='v' value='1'/><active "
           "pattern='p'/></phase><phase id='two'><let name='v' value='2'/><let name='w' "
           "value=\"'w'\"/><active pattern='p'/></phase>"
           "<pattern id='p'><rule context='*[$v &lt; 9]'><let name='u' value='$v + 1'/><report "
           "test='true()'><value-of select='$v'/> <value-of select='$u'/></report></rule>"
           "</pattern><pattern id='q'><rule context='*'><report test='$w'>w</report></rule>"
           "</pattern></schema>",
      NULL, false);
  ASSERT_TEXT(run(schema, "<r/>", "one"), "fail doc.xml:p 1 2\n");
  ASSERT_TEXT(run(schema, "<r/>", "two"), "fail doc.xml:p 2 3\n");
  ASSERT_TEXT(run(schema, "<r/>", "#ALL"),
              "fail doc.xml:p 0 1\nerror the variable '$w' is not defined in this phase\n");
  ASSERT_TEXT(run(schema, "<r/>", "three"), "no such phase\n");
  ck_assert_uint_eq(schema_phase_count(schema), 2);
  ck_assert_str_eq(schema_phase_id(schema, 1), "two");
  ck_assert_str_eq(schema_default_phase(schema), "#ALL");
  schema_free(schema);
}
END_TEST

START_TEST(instances_of_an_abstract_pattern_share_their_properties) {
  ASSERT_TEXT(said(HEAD "<pattern abstract='true' id='a'><param name='w' value=\"'none'\"/>"
                        "<rule context='$c'><assert test='false()' properties='q s'>m</assert>"
                        "</rule></pattern>"
                        "<pattern id='p1' is-a='a'><param name='c' value='r'/><param name='w' "
                        "value=\"'one'\"/></pattern>"
                        "<pattern id='p2' is-a='a'><param name='c' value='r'/></pattern>"
                        "<properties><property id='q'><value-of select='$w'/></property>"
                        "<property id='s'>same</property></properties></schema>",
                   "<r/>", NULL, false),
              "fail doc.xml:p1 m\n  q: one\n  s: same\nfail doc.xml:p2 m\n  q: none\n  s: same\n");
}
END_TEST

/* ---- Positions and time ---------------------------------------------------- */

START_TEST(a_node_of_the_schema_is_found_in_another_place) {
  struct schema *schema = load("<schema xmlns='http://purl.oclc.org/dsdl/schematron'>\n"
                               "  <pattern id='p'>\n"
                               "    <rule context='a'><assert test='1 &lt; b'/></rule>\n"
                               "  </pattern></schema>",
                               NULL, false);
  const struct schema_assertion *assertion = &schema_pattern(schema, 0)->rules[0].assertions[0];
  const char *path;
  unsigned line, column;
  schema_locate(schema, assertion->element, (size_t)-1, &path, &line, &column);
  ck_assert_str_eq(path, "main.sch");
  ck_assert_uint_eq(line, 3);
  ck_assert_uint_eq(column, 23);
  schema_locate(schema, (const xmlNode *)assertion->element->properties, 4, &path, &line, &column);
  ck_assert_uint_eq(line, 3);
  ck_assert_uint_eq(column, 44); /* the "b", behind a reference of four bytes */
  ck_assert_ptr_eq(schema_root(schema), assertion->element->parent->parent->parent);
  schema_free(schema);
}
END_TEST

START_TEST(time_and_tests_are_counted_for_the_wrong_pattern) {
  struct schema *schema =
      load(HEAD "<pattern id='p'><rule context='i'><assert test='@x'/><assert test='@x'/></rule>"
                "</pattern><pattern id='q'><rule context='r'><assert test='i'/></rule></pattern>"
                "</schema>",
           NULL, false);
  xmlDoc *document = document_of("<r><i x='1'/><i/></r>");
  struct ears ears = {.out = buffer_make(1000)};
  struct engine_listener listener = {.data = &ears, .clock = tick};
  struct pattern_tally tallies[2];
  engine_run(schema, document, NULL, NULL, &listener, tallies);
  ck_assert_uint_eq(tallies[0].evaluations, 4);
  ck_assert_uint_eq(tallies[1].evaluations, 1);
  ck_assert_uint_eq(tallies[0].ticks, 2); /* one for each visit */
  ck_assert_uint_eq(tallies[1].ticks, 1);
  xmlFreeDoc(document);
  schema_free(schema);
}
END_TEST

CHECK_MAIN("schematron/language", {
  tcase_add_test(tests, a_document_names_a_file_outside_its_folder);
  tcase_add_test(tests, other_documents_are_read_although_nobody_allowed_it);
  tcase_add_test(tests, another_document_is_read_again_and_again);
  tcase_add_test(tests, a_pattern_of_other_documents_mixes_them_up);
  tcase_add_test(tests, marks_do_not_reach_a_pattern_of_other_documents);
  tcase_add_test(tests, a_regular_expression_that_takes_too_long_does_not_match);
  tcase_add_test(tests, regular_expressions_see_only_what_is_left_of_the_text);
  tcase_add_test(tests, pieces_of_texts_that_are_not_known_are_known);
  tcase_add_test(tests, tokens_end_before_the_variables_that_hold_them);
  tcase_add_test(tests, strings_are_cut_in_the_wrong_places);
  tcase_add_test(tests, numbers_are_written_otherwise_than_their_picture);
  tcase_add_test(tests, a_wrong_picture_writes_something);
  tcase_add_test(tests, a_text_with_an_exponent_is_taken_for_a_number);
  tcase_add_test(tests, a_phase_runs_with_the_variables_of_another);
  tcase_add_test(tests, instances_of_an_abstract_pattern_share_their_properties);
  tcase_add_test(tests, a_node_of_the_schema_is_found_in_another_place);
  tcase_add_test(tests, time_and_tests_are_counted_for_the_wrong_pattern);
})
