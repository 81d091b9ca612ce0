/* Loading schemas: what is refused, where the error points, and what a loaded
 * schema holds. */
#include "check_main.h"
#include "support_engine.h"

#include "base/text.h"
#include "base/xml_source.h"

#include <string.h>

/* A "^" in the content, which is taken out, stands where the next error must
 * point to. `errors` are the messages, one a line. The content begins on line 2. */
static void refused(const char *content, const char *errors) {
  struct buffer text = buffer_make(100000), wanted = buffer_make(100000);
  unsigned line = 2, column = 1;
  for (; *content != '\0'; content++) {
    if (*content == '^') {
      size_t size = strcspn(errors, "\n") + (*errors != '\0');
      buffer_add_format(&wanted, "%u:%u %.*s", line, column, (int)size, errors);
      errors += size;
      continue;
    }
    buffer_add_char(&text, *content);
    column = *content == '\n' ? 1 : column + 1;
    line += *content == '\n';
  }
  ck_assert_str_eq(errors, ""); /* a "^" for each */
  ASSERT_TEXT(load_errors(in_schema(buffer_text(&text))), buffer_text(&wanted));
  buffer_dispose(&text);
  buffer_dispose(&wanted);
}

#define RULE(context, content)                                                                     \
  "<pattern id='p'><rule context=\"" context "\">" content "</rule></pattern>"

START_TEST(what_is_no_schema_is_refused) {
  ASSERT_TEXT(load_errors(alloc_text("<schema/>")),
              "1:1 this is not a Schematron schema: the document element must be 'schema' in the "
              "namespace http://purl.oclc.org/dsdl/schematron\n");
  char *errors = load_errors(alloc_text("<schema"));
  ck_assert(text_starts(errors, "1:"));
  alloc_free(errors);
  ASSERT_TEXT(load_errors(alloc_text("<schema xmlns='http://purl.oclc.org/dsdl/schematron' "
                                     "queryBinding='xslt2'/>")),
              "1:68 the query binding 'xslt2' is not supported; xslt, xpath and exslt are\n");
}
END_TEST

START_TEST(unknown_elements_and_attributes_are_errors) {
  refused("^<patern/>", "Schematron has no element 'patern'; did you mean 'pattern'?\n");
  refused("^<assert test='1'/>", "assert cannot stand in schema\n");
  refused("<pattern ^colour='red'/>", "pattern has no attribute 'colour'\n");
  refused("^<pattern id='p'>text</pattern>", "pattern holds no text\n");
  refused("<pattern ^foreign='no' xmlns:o='urn:o' o:yes='fine'><o:any><o:thing/></o:any></pattern>",
          "pattern has no attribute 'foreign'\n");
}
END_TEST

START_TEST(missing_attributes_are_errors) {
  refused(
      "<pattern>^<rule>^<assert/></rule></pattern>^<ns prefix='q'/>^^<let/>^<phase/>",
      "rule needs an attribute 'context'\nassert needs an attribute 'test'\n"
      "ns needs an attribute 'uri'\nlet needs an attribute 'name'\nlet needs a value or content\n"
      "phase needs an attribute 'id'\n");
  refused("^<xsl:key name='k' match='a'/>", "xsl:key needs an attribute 'use'\n");
}
END_TEST

START_TEST(errors_point_into_the_expression) {
  refused(RULE("b", "<assert test=\"@x = ^\"/>"), "expected an expression, found the end\n");
  refused("<pattern>\n <rule context='b'>\n  <assert test='@x\n    &lt; ^@bad'/></rule></pattern>",
          "'b' has no attribute '@bad'\n");
  refused(RULE("b", "<assert test='@x and ^bad'/>"), "there is no element 'bad'; did you mean "
                                                     "'b'?\n");
}
END_TEST

START_TEST(all_errors_are_told_in_one_run) {
  refused(RULE("^zz", "<assert test='^@bad'/><assert test='^$no'/><assert test='^no()'/>"),
          "there is no element 'zz'\n'zz' has no attribute '@bad'\n"
          "the variable '$no' is not defined here\nthere is no function 'no'\n");
}
END_TEST

START_TEST(names_outside_the_vocabulary_are_errors) {
  refused(RULE("b", "<let name='v' value='^@xx'/>"),
          "'b' has no attribute '@xx'; did you mean '@x'?\n");
  refused(RULE("b[^nope]", ""), "there is no element 'nope'\n");
  refused(RULE("b[^@only]", ""), "'b' has no attribute '@only'\n");
  refused(RULE("d[^@x]", ""), "'d' has no attribute '@x'; did you mean '@x'?\n");
  refused(RULE("b", "<assert test='c/^d/^@x'/>"),
          "'d' never stands in 'c'\n"
          "'d' has no attribute '@x'; did you mean '@x'?\n");
  refused(RULE("b", "<assert test='ancestor::a/c/^@zz'/>"), "'c' has no attribute '@zz'\n");
  refused(RULE("b", "<assert test='//d[^@y]'/>"), "'d' has no attribute '@y'\n");
  refused(RULE("b", "<assert test='1'><value-of select='^@w'/><name path='^w'/></assert>"),
          "'b' has no attribute '@w'\nthere is no element 'w'\n");
  refused("<xsl:key name='k' match='^q' use='^@w'/>",
          "there is no element 'q'\n'q' has no attribute '@w'\n");
  refused(RULE("b", "<assert test='@x' own:actual='^@w'/>"), "'b' has no attribute '@w'\n");
  refused(RULE("b", "<assert test='current()/^@only'/>"), "'b' has no attribute '@only'\n");
}
END_TEST

START_TEST(what_is_in_the_vocabulary_is_fine) {
  refused(RULE("b/c | a", "<assert test='@x and ../@y and .//d/@only'/>"), "");
  refused(RULE("b/@x", "<assert test=\". = 'q' and ../@y\"/>"), "");
  refused("<let name='t'><row xmlns='' what='1'/></let>" RULE(
              "b", "<assert test='exsl:node-set($t)/row/@what and $t/row[@what = current()/@x]'/>"),
          "");
  refused(RULE("b", "<assert test='f:maybe(1)/anything/@at'/>"), "");
  refused("<xsl:key name='k' match='c' use='@x'/>" RULE(
              "b", "<assert test=\"key('k', 1)/@y and key('k', 1)/../@x\"/>"),
          "");
  refused("<let name='d' value='//d'/>" RULE("b", "<assert test='$d/@only'/>"), "");
}
END_TEST

START_TEST(kinds_of_keys_and_variables_are_followed) {
  refused(
      "<xsl:key name='k' match='d' use='@only'/>" RULE("b", "<assert test=\"key('k', 1)/^@y\"/>"),
      "'d' has no attribute '@y'\n");
  refused("<let name='d' value='//d'/>" RULE("b", "<assert test='$d/^@x'/>"),
          "'d' has no attribute '@x'; did you mean '@x'?\n");
}
END_TEST

START_TEST(prefixes_must_be_bound) {
  refused(RULE("b", "<assert test='^zz:c'/>"), "the prefix 'zz' is not bound by an ns element\n");
  refused(RULE("^zz:b", ""), "the prefix 'zz' is not bound by an ns element\n");
  refused("<ns prefix='^m' uri='u'/>", "the prefix 'm' is already bound\n");
  refused(RULE("b", "<assert test='^m:unknown'/>"),
          "marks of what is unknown cannot be asked for; they act by themselves\n");
}
END_TEST

START_TEST(variables_must_be_defined_once) {
  refused("<let name='a' value='1'/><let name='^a' value='2'/>",
          "the variable '$a' is already defined\n");
  refused("<let name='a' value='1'/><pattern><let name='^a' value='2'/></pattern>",
          "the variable '$a' is already defined\n");
  refused(
      "<pattern><let name='a' value='1'/></pattern><pattern><let name='a' value='2'/></pattern>",
      "");
  refused(RULE("b", "<let name='x' value='^$y'/><let name='y' value='1'/>"),
          "the variable '$y' is not defined here\n");
  refused(RULE("b[^$x]", "<let name='x' value='1'/>"), "the variable '$x' is not defined here\n");
  refused("<let name='^1a' value='1'/>", "'1a' is no name for a variable\n");
  refused("^<let name='a' value='1'><v xmlns=''/></let>", "let has a value or content, not both\n");
}
END_TEST

START_TEST(variables_that_go_round_are_errors) {
  refused("<let name='a' value='1 + ^$a'/>", "the variable '$a' depends on itself\n");
  refused("<let name='a' value='$b + 1'/><let name='b' value='$c'/><let name='c' value='^$a'/>"
          "<let name='d' value='$a'/>",
          "the variable '$a' depends on itself\n");
  refused("<let name='a' value='$b + $c'/><let name='b' value='$c'/><let name='c' value='1'/>", "");
  refused("^<let name='a'/>", "let needs a value or content\n");
}
END_TEST

START_TEST(what_the_standard_forbids_is_refused) {
  refused("^<include/>", "include needs an attribute 'href'\n");
  refused("<pattern id='t' abstract='true'/>^<pattern is-a='t'><rule context='b'/></pattern>",
          "a pattern with is-a has no rules of its own\n");
  refused("<pattern>^<param name='x' value='1'/></pattern>",
          "only a pattern with is-a has parameters\n");
  refused("<phase id='^#ALL'/>", "'#ALL' is no name\n");
  refused("<pattern>^<rule abstract='true' id='q'><extends rule='q'/></rule></pattern>",
          "this rule extends itself\n");
  refused(RULE("b", "<assert test='1' properties='q'/>") "<properties><property id='q'><value-of "
                                                         "select='^$v'/></property></properties>",
          "the variable '$v' is not defined here\n");
}
END_TEST

START_TEST(functions_must_exist_and_take_what_they_get) {
  refused(RULE("b", "<assert test='^f:none()'/>"), "there is no function 'f:none'\n");
  refused(RULE("b", "<assert test='^f:twice()'/>"), "twice() takes 1 argument, not 0\n");
  refused(RULE("b", "<assert test='^contains(1)'/>"), "contains() takes 2 arguments, not 1\n");
  refused(RULE("b", "<assert test=\"f:maybe(^'bad')\"/>"), "'bad' is bad\n");
  refused(RULE("b", "<assert test='^date:date-time()'/>"),
          "date-time() without an argument reads the clock\n");
  refused(RULE("b", "<assert test='^math:random()'/>"),
          "random() would give another answer on every run\n");
  refused(RULE("b", "<assert test=\"date:year('2020-01-01')\"/>"), "");
  refused(RULE("b", "<assert test=\"key(^'none', 1)\"/>"), "there is no xsl:key 'none'\n");
}
END_TEST

START_TEST(only_node_sets_have_steps_and_predicates) {
  refused(RULE("b",
               "<assert test='(^1)/c'/><assert test='^count(c)[1]'/><assert test='c | (^1 + 1)'/>"),
          "a path needs a node-set here\na predicate needs a node-set here\n"
          "a union needs a node-set here\n");
  refused("<let name='v' value='1'/>" RULE("b", "<assert test='^$v[1]'/>"),
          "a predicate needs a node-set here\n");
  refused(RULE("b", "<assert test='f:maybe(c)[1]/c'/>"), "");
}
END_TEST

START_TEST(ids_and_references_must_fit) {
  refused("<pattern id='p'/>\n<pattern id='^p'/>",
          "the id 'p' is already that of the pattern in line 2\n");
  refused(RULE("b", "<assert test='1' diagnostics='d  ^e'/>") "<diagnostics><diagnostic "
                                                              "id='d'/></diagnostics>",
          "there is no diagnostic 'e'\n");
  refused(
      RULE("b", "<assert test='1' diagnostics='d'/>") "<diagnostics><diagnostic id='d'><value-of "
                                                      "select='^$v'/></diagnostic></diagnostics>",
      "the variable '$v' is not defined here\n");
  refused("<phase id='f'><active pattern='^no'/></phase>", "there is no pattern 'no'\n");
  refused("<pattern is-a='^no'/>", "there is no abstract pattern 'no'\n");
  refused(RULE("b", "<extends rule='^no'/>"), "there is no abstract rule 'no'\n");
}
END_TEST

START_TEST(a_schema_shows_what_it_holds) {
  struct schema *schema = loaded(in_schema(
      "<title>t</title><p>text</p><pattern id='first'><title> The\n first </title>"
      "<rule context='a' id='r1' role='high' see='url'><assert id='a1' test='@x' role='low'/>"
      "<report test=' @y ' own:note='n' diagnostics='d'/></rule></pattern>\n<pattern/>"
      "<diagnostics><diagnostic id='d'>text</diagnostic></diagnostics>"));
  ck_assert_uint_eq(schema_pattern_count(schema), 2);
  const struct schema_pattern *pattern = schema_pattern(schema, 0);
  ck_assert_str_eq(pattern->id, "first");
  ck_assert_str_eq(pattern->title, "The first");
  ck_assert_str_eq(pattern->path, "test.sch");
  ck_assert_uint_eq(pattern->line, 2);
  ck_assert_uint_eq(pattern->rule_count, 1);
  ck_assert_str_eq(pattern->rules[0].context, "a");
  ck_assert_str_eq(pattern->rules[0].id, "r1");
  const struct schema_assertion *assertions = pattern->rules[0].assertions;
  ck_assert_uint_eq(pattern->rules[0].assertion_count, 2);
  ck_assert_str_eq(assertions[0].id, "a1");
  ck_assert_str_eq(assertions[0].role, "low");
  ck_assert_str_eq(assertions[0].see, "url");
  ck_assert(!assertions[0].is_report && assertions[1].is_report);
  ck_assert_str_eq(assertions[1].role, "high");
  ck_assert_str_eq(assertions[1].test, " @y ");
  ck_assert_uint_eq(assertions[1].diagnostic_count, 1);
  ck_assert_str_eq(assertions[1].diagnostics[0]->id, "d");
  xmlChar *note = xmlGetNsProp(assertions[1].element, BAD_CAST "note", BAD_CAST OWN);
  ck_assert_str_eq((const char *)note, "n");
  xmlFree(note);
  ck_assert_str_eq(schema_pattern(schema, 1)->id, "");
  ck_assert_uint_eq(schema_pattern(schema, 1)->number, 1);
  ck_assert_ptr_null(schema_pattern(schema, 2));
  schema_free(schema);
}
END_TEST

START_TEST(phases_choose_patterns) {
  struct schema *schema = loaded(in_schema("<pattern id='p'/><pattern id='q'/><phase id='one'>"
                                           "<active pattern='q'/></phase>"));
  bool active[2];
  ck_assert(schema_phase(schema, "one", active));
  ck_assert(!active[0] && active[1]);
  ck_assert(schema_phase(schema, "#ALL", active));
  ck_assert(active[0] && active[1]);
  ck_assert(schema_phase(schema, "#DEFAULT", active));
  ck_assert(active[0] && active[1]);
  ck_assert(!schema_phase(schema, "two", active));
  schema_free(schema);
}
END_TEST

START_TEST(abstract_patterns_are_instantiated) {
  const char *schema =
      "<pattern abstract='true' id='t'><title>about</title><rule context='$what'>"
      "<report test='$what-number = @x'><value-of select='$what-number'/></report></rule></pattern>"
      "<pattern id='p' is-a='t'><param name='what' value='b'/><param name='what-number' value='2'/>"
      "</pattern>";
  ASSERT_TEXT(heard(in_schema(schema), "<r><b id='1' x='1'/><b id='2' x='2'/></r>"),
              "fail p b#2 2\n");
  struct schema *held = loaded(in_schema(schema));
  ck_assert_uint_eq(schema_pattern_count(held), 1);
  ck_assert_str_eq(schema_pattern(held, 0)->title, "about");
  schema_free(held);
  refused(
      "<pattern abstract='true' id='t'><rule context='b'><assert test='^@x = $y'/></rule></pattern>"
      "<pattern id='p' is-a='t'><param name='y' value='@bad'/></pattern>",
      "'b' has no attribute '@bad'\n");
}
END_TEST

START_TEST(abstract_rules_are_extended) {
  ASSERT_TEXT(heard(in_schema("<pattern id='p'><rule abstract='true' id='one'><report test='@x'>one"
                              "</report></rule><rule abstract='true' id='two'><extends rule='one'/>"
                              "<let name='v' value='@x'/></rule><rule context='b'>"
                              "<extends rule='two'/><report test='true()'><value-of select='$v'/>"
                              "</report></rule></pattern>"),
                    "<r><b id='1' x='7'/></r>"),
              "fail p b#1 one\nfail p b#1 7\n");
  refused("<pattern id='p'><rule abstract='true' id='one'><extends rule='^two'/></rule>"
          "<rule abstract='true' id='two'><extends rule='one'/></rule><rule context='b'>"
          "<extends rule='two'/></rule></pattern>",
          "the rule 'two' extends itself\n");
}
END_TEST

/* ---- Includes -------------------------------------------------------------- */

struct file {
  const char *path, *text;
};

static char *read_file(void *data, const char *base, const char *href, size_t *size,
                       char resolved[512]) {
  const char *slash = strrchr(base, '/');
  snprintf(resolved, 512, "%.*s%s", slash == NULL ? 0 : (int)(slash - base + 1), base, href);
  for (const struct file *each = data; each->path != NULL; each++) {
    if (strcmp(each->path, resolved) != 0) continue;
    *size = strlen(each->text);
    return alloc_text(each->text);
  }
  return NULL;
}

static char *with_files(const char *content, const struct file *files) {
  struct schema_options options = test_options;
  options.reader = read_file;
  options.data = (void *)files;
  struct diags diags = {0};
  char *text = in_schema(content);
  struct schema *schema = schema_load(text, strlen(text), "main.sch", &options, &diags);
  struct buffer out = buffer_make(10000);
  for (size_t i = 0; i < diags.count; i++)
    buffer_add_format(&out, "%s:%u:%u %s\n", diags.items[i].file, diags.items[i].line,
                      diags.items[i].column, diags.items[i].message);
  for (size_t i = 0; schema != NULL && i < schema_pattern_count(schema); i++)
    buffer_add_format(&out, "%s in %s\n", schema_pattern(schema, i)->id,
                      schema_pattern(schema, i)->path);
  diags_dispose(&diags);
  schema_free(schema);
  alloc_free(text);
  return buffer_take(&out);
}

#define SCH "xmlns='http://purl.oclc.org/dsdl/schematron'"

START_TEST(includes_are_put_in_place) {
  static const struct file files[] = {
      {"sub/one.sch", "<schema " SCH " xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>"
                      "<title>not this</title><xsl:key name='k' match='b' use='@x'/>"
                      "<include href='two.sch#wanted'/></schema>"},
      {"sub/two.sch", "<schema " SCH "><pattern id='other'/><pattern id='wanted'>"
                      "<rule context='b'><assert test=\"key('k', 1)\"/></rule></pattern></schema>"},
      {"rule.sch", "<rule " SCH " context='a'><assert test='@x'/></rule>"},
      {0}};
  ASSERT_TEXT(with_files("<include href='sub/one.sch'/><pattern id='main'>"
                         "<include href='rule.sch'/></pattern>",
                         files),
              "wanted in sub/two.sch\nmain in main.sch\n");
}
END_TEST

START_TEST(errors_in_included_files_name_them) {
  static const struct file files[] = {
      {"one.sch",
       "<pattern " SCH " id='p'>\n<rule context='b'><assert test='@bad'/></rule></pattern>"},
      {"bad.sch", "<pattern"},
      {0}};
  ASSERT_TEXT(with_files("<include href='one.sch'/>", files),
              "one.sch:2:33 'b' has no attribute '@bad'\n");
  ASSERT_TEXT(with_files("<include href='none.sch'/>", files),
              "main.sch:2:16 'none.sch' cannot be read\n");
  ASSERT_TEXT(with_files("<include href='one.sch#q'/>", files),
              "main.sch:2:16 'one.sch' has no element 'q'\n");
  char *errors = with_files("<include href='bad.sch'/>", files);
  ck_assert(text_starts(errors, "bad.sch:1:"));
  alloc_free(errors);
  refused("<include href='^any'/>", "'any' cannot be read\n");
}
END_TEST

START_TEST(includes_that_go_round_are_refused) {
  static const struct file files[] = {
      {"a.sch", "<schema " SCH "><include href='b.sch'/></schema>"},
      {"b.sch", "<schema " SCH ">\n<include href='a.sch'/></schema>"},
      {0}};
  ASSERT_TEXT(with_files("<include href='a.sch'/>", files), "b.sch:2:16 'a.sch' includes itself\n");
}
END_TEST

START_TEST(a_file_may_be_included_twice) {
  static const struct file files[] = {{"a.sch", "<rule " SCH " context='b'/>"}, {0}};
  ASSERT_TEXT(with_files("<pattern id='p'><include href='a.sch'/></pattern><pattern id='q'>"
                         "<include href='a.sch'/></pattern>",
                         files),
              "p in main.sch\nq in main.sch\n");
}
END_TEST

START_TEST(without_a_vocabulary_every_name_is_fine) {
  struct schema_options options = {.plain_comparisons = true};
  struct diags diags = {0};
  char *text = in_schema(RULE("anything/at[@all]", "<assert test='@more &lt; 5'>m</assert>"));
  struct schema *schema = schema_load(text, strlen(text), "any.sch", &options, &diags);
  ck_assert_ptr_nonnull(schema);
  xmlDoc *document = document_of("<anything><at all='' more='x'/></anything>");
  struct engine_listener listener = {0};
  struct pattern_tally tally;
  engine_run(schema, document, NULL, NULL, &listener, &tally);
  ck_assert_uint_eq(tally.failed, 1); /* plain XPath: false */
  xmlFreeDoc(document);
  schema_free(schema);
  alloc_free(text);
}
END_TEST

CHECK_MAIN("schematron/schema", {
  xml_source_setup();
  tcase_add_test(tests, what_is_no_schema_is_refused);
  tcase_add_test(tests, unknown_elements_and_attributes_are_errors);
  tcase_add_test(tests, missing_attributes_are_errors);
  tcase_add_test(tests, errors_point_into_the_expression);
  tcase_add_test(tests, all_errors_are_told_in_one_run);
  tcase_add_test(tests, names_outside_the_vocabulary_are_errors);
  tcase_add_test(tests, what_is_in_the_vocabulary_is_fine);
  tcase_add_test(tests, kinds_of_keys_and_variables_are_followed);
  tcase_add_test(tests, prefixes_must_be_bound);
  tcase_add_test(tests, variables_must_be_defined_once);
  tcase_add_test(tests, variables_that_go_round_are_errors);
  tcase_add_test(tests, what_the_standard_forbids_is_refused);
  tcase_add_test(tests, functions_must_exist_and_take_what_they_get);
  tcase_add_test(tests, only_node_sets_have_steps_and_predicates);
  tcase_add_test(tests, ids_and_references_must_fit);
  tcase_add_test(tests, a_schema_shows_what_it_holds);
  tcase_add_test(tests, phases_choose_patterns);
  tcase_add_test(tests, abstract_patterns_are_instantiated);
  tcase_add_test(tests, abstract_rules_are_extended);
  tcase_add_test(tests, includes_are_put_in_place);
  tcase_add_test(tests, errors_in_included_files_name_them);
  tcase_add_test(tests, includes_that_go_round_are_refused);
  tcase_add_test(tests, a_file_may_be_included_twice);
  tcase_add_test(tests, without_a_vocabulary_every_name_is_fine);
})
