/* Large, deep and awkward documents and schemas. Nothing is timed: what is
 * asserted is the result and, where a schema calls a function of ours, how
 * often it was evaluated. */
#include "base/buffer.h"
#include "base/diag.h"
#include "base/xml_source.h"
#include "check_main.h"
#include "schematron/engine.h"

#include <libxml/xpathInternals.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
enum { WIDE = 50000 };
#else
enum { WIDE = 1000000 };
#endif

/* ---- Functions that count ---------------------------------------------------------- */

static void call_counted(xmlXPathParserContextPtr ctxt, int nargs) {
  CHECK_ARITY(0);
  size_t *calls = evaluation_data(evaluation_of(ctxt));
  (*calls)++;
  valuePush(ctxt, xmlXPathNewFloat(1));
}

static void call_broken(xmlXPathParserContextPtr ctxt, int nargs) {
  CHECK_ARITY(0);
  evaluation_error(evaluation_of(ctxt), "this must never be asked");
  valuePush(ctxt, xmlXPathNewFloat(0));
}

static const struct engine_function functions[] = {
    {"urn:test:scale", "counted", 0, 0, call_counted, NULL},
    {"urn:test:scale", "broken", 0, 0, call_broken, NULL},
    {0},
};

/* ---- Running ------------------------------------------------------------------------- */

struct result {
  size_t contexts, passed, failed, unknown, errors;
  size_t calls; /* of f:counted() */
};

/* Loads what stands between the tags of schema. NULL when there are errors. */
static struct schema *load(const char *content) {
  struct schema_options options = {.functions = functions, .plain_comparisons = true};
  char *text = alloc_format("<schema xmlns='http://purl.oclc.org/dsdl/schematron'"
                            " xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>"
                            "<ns prefix='f' uri='urn:test:scale'/>%s</schema>",
                            content);
  struct diags diags = {0};
  struct schema *schema = schema_load(text, strlen(text), "scale.sch", &options, &diags);
  ck_assert_int_eq(schema == NULL, diags.count > 0);
  diags_dispose(&diags);
  alloc_free(text);
  return schema;
}

static xmlDoc *parse(const char *text, size_t size) {
  struct xml_source_options options = {.keep_blanks = true, .keep_comments = true};
  struct xml_failure failure = {.message = ""};
  xmlDoc *document = xml_source_parse(text, size, &options, &failure);
  ck_assert_msg(document != NULL, "%s", failure.message);
  return document;
}

/* Runs the schema on the document and frees both texts. The sums of all patterns. */
static struct result run(char *content, char *document_text) {
  struct schema *schema = load(content);
  ck_assert_ptr_nonnull(schema);
  xmlDoc *document = parse(document_text, strlen(document_text));
  struct pattern_tally *tallies = alloc_array(schema_pattern_count(schema), sizeof *tallies);
  struct engine_listener listener = {0};
  struct result result = {0};
  engine_run(schema, document, NULL, &result.calls, &listener, tallies);
  for (size_t i = 0; i < schema_pattern_count(schema); i++) {
    result.contexts += tallies[i].contexts;
    result.passed += tallies[i].passed;
    result.failed += tallies[i].failed;
    result.unknown += tallies[i].unknown;
    result.errors += tallies[i].errors;
  }
  alloc_free(tallies);
  xmlFreeDoc(document);
  schema_free(schema);
  alloc_free(content);
  alloc_free(document_text);
  return result;
}

#define ASSERT_RESULT(of_run, wanted_contexts, wanted_passed, wanted_failed)                       \
  do {                                                                                             \
    struct result result_ = (of_run);                                                              \
    ck_assert_uint_eq(result_.contexts, (wanted_contexts));                                        \
    ck_assert_uint_eq(result_.passed, (wanted_passed));                                            \
    ck_assert_uint_eq(result_.failed, (wanted_failed));                                            \
    ck_assert_uint_eq(result_.unknown + result_.errors, 0);                                        \
  } while (0)

/* <r>, `piece` `count` times with # as a number from 0 on, </r>. */
static char *siblings(size_t count, const char *piece) {
  struct buffer out = buffer_make((size_t)256 * 1024 * 1024);
  buffer_add_text(&out, "<r>");
  for (size_t i = 0; i < count; i++)
    for (const char *at = piece; *at != '\0'; at++)
      if (*at == '#')
        buffer_add_format(&out, "%zu", i);
      else
        buffer_add_char(&out, *at);
  buffer_add_text(&out, "</r>");
  ck_assert(!out.overflowed);
  return buffer_take(&out);
}

/* `count` elements x, each in the one before, @n from 0 on. */
static char *nested(size_t count) {
  struct buffer out = buffer_make(1024 * 1024);
  for (size_t i = 0; i < count; i++)
    buffer_add_format(&out, "<x n='%zu'>", i);
  for (size_t i = 0; i < count; i++)
    buffer_add_text(&out, "</x>");
  return buffer_take(&out);
}

static char *rule(const char *context, const char *content) {
  return alloc_format("<pattern><rule context=\"%s\">%s</rule></pattern>", context, content);
}

/* ---- Deep and wide -------------------------------------------------------------------- */

enum { DEEP = 200 };

START_TEST(deep_documents_lose_nodes) {
  struct result all = run(rule("x", "<assert test='count(ancestor::x) = @n'/>"), nested(DEEP));
  ASSERT_RESULT(all, DEEP, DEEP, 0);
  struct result path = run(rule("x//x/x//x", "<report test='true()'/>"), nested(DEEP));
  ASSERT_RESULT(path, DEEP - 3, 0, DEEP - 3);
  struct result far =
      run(rule("/x[@n = 0]//x[@n = 5]//x[not(x)]", "<report test='true()'/>"), nested(DEEP));
  ASSERT_RESULT(far, 1, 0, 1);
}
END_TEST

START_TEST(wide_documents_lose_nodes) {
  struct result result =
      run(rule("b", "<assert test='@n mod 10 != 0'/>"), siblings(WIDE, "<b n='#'/>"));
  ASSERT_RESULT(result, WIDE, WIDE - WIDE / 10, WIDE / 10);
}
END_TEST

START_TEST(rules_of_a_wide_document_take_each_other_s_nodes) {
  struct result result =
      run(alloc_text("<pattern><rule context='b[@n &lt; 100]'><assert test='0'/></rule>"
                     "<rule context='b'><assert test='1'/></rule></pattern>"
                     "<pattern><rule context='*'><assert test='1'/></rule></pattern>"),
          siblings(WIDE / 2, "<b n='#'/>"));
  ASSERT_RESULT(result, WIDE + 1, WIDE + 1 - 100, 100);
}
END_TEST

START_TEST(a_context_of_every_node_misses_some) {
  enum { COUNT = 5000 };
  struct result result = run(rule("/ | node() | @*", "<report test='true()'/>"),
                             siblings(COUNT, "<b n='#' m='#'>t#<!--c--><?p i?></b>"));
  /* The root, r, and of each b itself, two attributes, text, comment, instruction. */
  ASSERT_RESULT(result, 2 + COUNT * 6, 0, 2 + COUNT * 6);
}
END_TEST

/* ---- Predicates on many siblings -------------------------------------------------------- */

enum { SIBLINGS = 16000 };

START_TEST(two_predicates_on_many_siblings_are_wrong) {
  struct result both = run(rule("b[@a][@b]", "<assert test='@n'/>"),
                           siblings(SIBLINGS, "<b a='' b='' n='#'/><b a=''/><b b=''/>"));
  ASSERT_RESULT(both, SIBLINGS, SIBLINGS, 0);
}
END_TEST

START_TEST(positions_among_many_siblings_are_wrong) {
  struct result third = run(rule("b[@a][3]", "<assert test='@n = 4'/>"),
                            siblings(SIBLINGS, "<b n='#'/><b a='' n='#'/>"));
  ASSERT_RESULT(third, 1, 0, 1); /* the third with @a has n = 2 */
  struct result last = run(rule("b[@a][last()]", "<assert test='@n = 15999'/>"),
                           siblings(SIBLINGS, "<b a='' n='#'/><b/>"));
  ASSERT_RESULT(last, 1, 1, 0);
  struct result odd = run(rule("b[position() mod 2 = 1]", "<assert test='@n mod 2 = 0'/>"),
                          siblings(SIBLINGS, "<b n='#'/>"));
  ASSERT_RESULT(odd, SIBLINGS / 2, SIBLINGS / 2, 0);
}
END_TEST

START_TEST(a_variable_in_a_predicate_of_many_siblings_is_wrong) {
  char *schema =
      alloc_text("<let name='n' value=\"'wanted'\"/><pattern>"
                 "<rule context='*[local-name()=$n]'><assert test='@n'/></rule></pattern>");
  struct result result = run(schema, siblings(SIBLINGS, "<wanted n='#'/><other/>"));
  ASSERT_RESULT(result, SIBLINGS, SIBLINGS, 0);
}
END_TEST

START_TEST(a_predicate_is_evaluated_for_nodes_of_other_names) {
  struct buffer schema = buffer_make(1024 * 1024);
  buffer_add_text(&schema, "<pattern>");
  for (int i = 0; i < 300; i++)
    buffer_add_format(&schema, "<rule context='e%d[f:counted() = 1]'><assert test='@n'/></rule>",
                      i);
  buffer_add_text(&schema, "</pattern>");
  struct result result = run(buffer_take(&schema), siblings(2000, "<e7 n='#'/><e8 n='#'/><z/>"));
  ASSERT_RESULT(result, 4000, 4000, 0);
  ck_assert_uint_eq(result.calls, 4000);
}
END_TEST

START_TEST(a_union_of_many_names_matches_twice_or_not) {
  struct buffer context = buffer_make(65536);
  for (int i = 0; i < 60; i++)
    buffer_add_format(&context, "%se%d", i == 0 ? "" : " | ", i);
  char *schema = rule(buffer_text(&context), "<report test='true()'/>");
  buffer_dispose(&context);
  struct result result = run(schema, siblings(1000, "<e0 n='#'/><e59/><e60/>"));
  ASSERT_RESULT(result, 2000, 0, 2000);
}
END_TEST

START_TEST(many_patterns_do_not_all_see_every_node) {
  enum { PATTERNS = 200, NODES = 500 };
  struct buffer schema = buffer_make(1024 * 1024);
  for (int i = 0; i < PATTERNS; i++)
    buffer_add_format(&schema,
                      "<pattern><rule context='b'><assert test='@n != %d'/></rule></pattern>", i);
  struct result result = run(buffer_take(&schema), siblings(NODES, "<b n='#'/>"));
  ASSERT_RESULT(result, PATTERNS * NODES, PATTERNS * NODES - PATTERNS, PATTERNS);
}
END_TEST

/* ---- Keys --------------------------------------------------------------------------------- */

enum { SHARED = 40000 };
enum { EACH_SHARES = 2000 };

#define KEY "<xsl:key name='k' match='b' use='@x'/>"

START_TEST(a_key_shared_by_many_nodes_loses_some) {
  char *schema =
      alloc_format(KEY "<pattern><rule context='r'><assert test=\"count(key('k', 'same')) "
                       "= %d and count(key('k', 'one')) = 1\"/></rule></pattern>",
                   SHARED);
  struct buffer out = buffer_make(16 * 1024 * 1024);
  buffer_add_text(&out, "<r><b x='one'/>");
  for (int i = 0; i < SHARED; i++)
    buffer_add_text(&out, "<b x='same'/>");
  buffer_add_text(&out, "</r>");
  ASSERT_RESULT(run(schema, buffer_take(&out)), 1, 1, 0);
}
END_TEST

START_TEST(a_key_shared_by_many_nodes_is_not_found_from_each) {
  enum { EACH = EACH_SHARES };
  char *schema = alloc_text(KEY "<pattern><rule context='b'><assert test=\"key('k', @x)\"/>"
                                "<report test=\"key('k', @none)\"/></rule></pattern>");
  ASSERT_RESULT(run(schema, siblings(EACH, "<b x='same' n='#'/>")), EACH, 2 * EACH, 0);
}
END_TEST

/* Each copy of the set of all nodes would be a square of 40,000. */
START_TEST(a_part_of_a_shared_key_is_another_node_or_number) {
  char *schema = alloc_format(
      KEY "<pattern><rule context='b'>"
          "<assert test=\"count(key('k', @x)) = %d and key('k', @x)\"/>"
          "<assert test=\"key('k', @x)[1]/@n = 0 and key('k', @x)[3][1]/@n = 2\"/>"
          "<assert test=\"not(not(key('k', @x))) and not(key('k', @x)[%d + 1])\"/>"
          "<assert test=\"(generate-id() = generate-id(key('k', @x))) = (@n = 0)\"/>"
          "<report test=\"key('k', @x)[0] or key('k', @x)[1.5] or boolean(key('k', @n))\"/>"
          "</rule></pattern>",
      EACH_SHARES, EACH_SHARES);
  ASSERT_RESULT(run(schema, siblings(EACH_SHARES, "<b x='same' n='#'/>")), EACH_SHARES,
                5 * EACH_SHARES, 0);
}
END_TEST

START_TEST(a_key_of_many_values_mixes_them_up) {
  char *schema = alloc_text(KEY "<pattern><rule context='c'><assert test=\"key('k', @y)/@n = @y\"/>"
                                "</rule></pattern>");
  ASSERT_RESULT(run(schema, siblings(SIBLINGS, "<b x='#' n='#'/><c y='#'/>")), SIBLINGS, SIBLINGS,
                0);
}
END_TEST

START_TEST(a_key_is_built_more_than_once) {
  char *schema =
      alloc_text("<xsl:key name='k' match='b' use='f:counted()'/>"
                 "<pattern><rule context='b'><assert test=\"key('k', 1)\"/></rule></pattern>"
                 "<pattern><rule context='r'><assert test=\"key('k', '1')\"/></rule></pattern>");
  struct result result = run(schema, siblings(100, "<b n='#'/>"));
  ASSERT_RESULT(result, 101, 101, 0);
  ck_assert_uint_eq(result.calls, 100);
}
END_TEST

/* ---- Variables ------------------------------------------------------------------------------ */

START_TEST(a_variable_that_nobody_uses_is_evaluated) {
  char *schema =
      alloc_text("<let name='a' value='f:broken()'/><pattern><let name='b' value='f:broken()'/>"
                 "<rule context='b'><let name='c' value='f:broken() + $a'/>"
                 "<let name='d' value='f:counted()'/><assert test='@n'/></rule></pattern>");
  struct result result = run(schema, siblings(1000, "<b n='#'/>"));
  ASSERT_RESULT(result, 1000, 1000, 0);
  ck_assert_uint_eq(result.calls, 0);
}
END_TEST

START_TEST(a_variable_is_evaluated_more_than_once_in_its_scope) {
  char *of_schema =
      alloc_text("<let name='v' value='f:counted()'/><pattern><rule context='b'>"
                 "<assert test='$v = 1'/><assert test='$v &gt; 0'/></rule></pattern>"
                 "<pattern><rule context='b'><report test='$v = 2'/></rule></pattern>");
  struct result once = run(of_schema, siblings(1000, "<b n='#'/>"));
  ASSERT_RESULT(once, 2000, 3000, 0);
  ck_assert_uint_eq(once.calls, 1);
  char *of_rule = rule("b", "<let name='v' value='f:counted()'/><assert test='$v = 1'/>"
                            "<assert test='$v &gt; 0'/><assert test='$v + $v = 2'/>");
  struct result each = run(of_rule, siblings(1000, "<b n='#'/>"));
  ASSERT_RESULT(each, 1000, 3000, 0);
  ck_assert_uint_eq(each.calls, 1000);
}
END_TEST

START_TEST(a_long_chain_of_variables_goes_wrong) {
  enum { CHAIN = 500 };
  struct buffer schema = buffer_make(1024 * 1024);
  buffer_add_text(&schema, "<pattern><rule context='r'><let name='v0' value='1'/>");
  for (int i = 1; i < CHAIN; i++)
    buffer_add_format(&schema, "<let name='v%d' value='$v%d + 1'/>", i, i - 1);
  buffer_add_format(&schema, "<assert test='$v%d = %d'/></rule></pattern>", CHAIN - 1, CHAIN);
  ASSERT_RESULT(run(buffer_take(&schema), alloc_text("<r/>")), 1, 1, 0);
}
END_TEST

/* ---- Expressions that are too much ------------------------------------------------------------
 */

static char *repeated(const char *before, const char *middle, const char *after, size_t count) {
  struct buffer out = buffer_make(16 * 1024 * 1024);
  for (size_t i = 0; i < count; i++)
    buffer_add_text(&out, before);
  buffer_add_text(&out, middle);
  for (size_t i = 0; i < count; i++)
    buffer_add_text(&out, after);
  return buffer_take(&out);
}

/* Loads and is right, or is refused; never anything else. */
static void survives(char *test) {
  char *content = alloc_format("<assert test=\"%s\"/>", test);
  char *schema_text = rule("r", content);
  struct schema *schema = load(schema_text);
  if (schema == NULL) {
    alloc_free(schema_text);
  } else {
    schema_free(schema);
    struct result result = run(schema_text, alloc_text("<r/>"));
    ck_assert_uint_eq(result.failed + result.unknown, 0);
  }
  alloc_free(content);
  alloc_free(test);
}

START_TEST(expressions_without_measure_crash) {
  static const size_t counts[] = {10, 100, 1000, 20000};
  for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
    survives(repeated("(", "1", ")", counts[i]));
    survives(repeated("not(not(", "1", "))", counts[i]));
    survives(repeated("- -", "1", "", counts[i]));
    survives(repeated("1 + ", "1", "", counts[i]));
    survives(repeated("1 or ", "1", "", counts[i]));
    survives(repeated("", ".", "[1]", counts[i]));
    survives(repeated("", "self::r", "[self::r", 1)); /* not closed: refused */
    survives(repeated("self::r[", "1", "]", counts[i]));
    survives(repeated("./", ".", "", counts[i]));
    survives(repeated("r | ", "/r", "", counts[i]));
  }
}
END_TEST

CHECK_MAIN("schematron/scale", {
  xml_source_setup();
  tcase_add_test(tests, deep_documents_lose_nodes);
  tcase_add_test(tests, wide_documents_lose_nodes);
  tcase_add_test(tests, rules_of_a_wide_document_take_each_other_s_nodes);
  tcase_add_test(tests, a_context_of_every_node_misses_some);
  tcase_add_test(tests, two_predicates_on_many_siblings_are_wrong);
  tcase_add_test(tests, positions_among_many_siblings_are_wrong);
  tcase_add_test(tests, a_variable_in_a_predicate_of_many_siblings_is_wrong);
  tcase_add_test(tests, a_predicate_is_evaluated_for_nodes_of_other_names);
  tcase_add_test(tests, a_union_of_many_names_matches_twice_or_not);
  tcase_add_test(tests, many_patterns_do_not_all_see_every_node);
  tcase_add_test(tests, a_key_shared_by_many_nodes_loses_some);
  tcase_add_test(tests, a_key_shared_by_many_nodes_is_not_found_from_each);
  tcase_add_test(tests, a_part_of_a_shared_key_is_another_node_or_number);
  tcase_add_test(tests, a_key_of_many_values_mixes_them_up);
  tcase_add_test(tests, a_key_is_built_more_than_once);
  tcase_add_test(tests, a_variable_that_nobody_uses_is_evaluated);
  tcase_add_test(tests, a_variable_is_evaluated_more_than_once_in_its_scope);
  tcase_add_test(tests, a_long_chain_of_variables_goes_wrong);
  tcase_add_test(tests, expressions_without_measure_crash);
})
