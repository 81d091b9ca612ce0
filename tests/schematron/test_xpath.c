/* The syntax tree: shapes, spans, errors and limits. */
#include "check_main.h"

#include "base/buffer.h"
#include "schematron/xpath.h"

#include <string.h>

struct sample {
  const char *source, *expected;
};

static void check_dumps(const struct sample *samples, size_t count) {
  for (size_t i = 0; i < count; i++) {
    struct xpath_error error;
    struct xpath_node *tree = xpath_parse(samples[i].source, &error);
    ck_assert_msg(tree != NULL, "%s: %s", samples[i].source, error.message);
    char *dump = xpath_dump(tree);
    ck_assert_msg(strcmp(dump, samples[i].expected) == 0, "%s: %s instead of %s", samples[i].source,
                  dump, samples[i].expected);
    alloc_free(dump);
    xpath_free(tree);
  }
}
#define CHECK_DUMPS(samples) check_dumps(samples, sizeof(samples) / sizeof *(samples))

START_TEST(operators_bind_wrongly) {
  static const struct sample samples[] = {
      {"a or b and c = d < e + f * -g | h",
       "(child::a or (child::b and (child::c = (child::d < (child::e + (child::f * "
       "(-(child::g | child::h))))))))"},
      {"1 - 2 - 3", "((1 - 2) - 3)"},
      {"1 = 2 = 3 != 4", "(((1 = 2) = 3) != 4)"},
      {"1 < 2 >= 3", "((1 < 2) >= 3)"},
      {"8 div 4 mod 3 * 2", "(((8 div 4) mod 3) * 2)"},
      {"--1", "(-(-1))"},
      {"- - 1 - -1", "((-(-1)) - (-1))"},
      {"(1 or 2) and 3", "((1 or 2) and 3)"},
      {"a|b|c", "((child::a | child::b) | child::c)"},
  };
  CHECK_DUMPS(samples);
}
END_TEST

START_TEST(a_name_is_taken_for_an_operator_or_the_reverse) {
  static const struct sample samples[] = {
      {"* * *", "(child::* * child::*)"},
      {"div div mod", "(child::div div child::mod)"},
      {"and and and", "(child::and and child::and)"},
      {"or", "child::or"},
      {"@div*@mod", "(attribute::div * attribute::mod)"},
      {"/*", "/child::*"},
      {"/ or 1", NULL},
      {"(*)*2", "(child::* * 2)"},
      {"a[*]*3", "(child::a[child::*] * 3)"},
      {"or(1)", "or(1)"},
      {"text", "child::text"},
      {"text()", "child::text()"},
      {"comment ()", "child::comment()"},
      {"child", "child::child"},
      {"child::child", "child::child"},
      {"a-b", "child::a-b"},
      {"a -b", "(child::a - child::b)"},
      {"a- b", NULL},
      {"a.b", "child::a.b"},
      {"self :: node ( )", "self::node()"},
      {"1and 2", "(1 and 2)"},
      {"'x'or'y'", "('x' or 'y')"},
      {"$a*$b", "($a * $b)"},
      {"..*2", "(parent::node() * 2)"},
      {".*.", "(self::node() * self::node())"},
  };
  for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
    struct xpath_error error;
    if (samples[i].expected != NULL)
      check_dumps(&samples[i], 1);
    else
      ck_assert_ptr_null(xpath_parse(samples[i].source, &error));
  }
}
END_TEST

START_TEST(a_location_path_has_the_wrong_steps) {
  static const struct sample samples[] = {
      {"/", "/"},
      {"//a", "/descendant-or-self::node()/child::a"},
      {".//a/../@b",
       "self::node()/descendant-or-self::node()/child::a/parent::node()/attribute::b"},
      {"a//@*", "child::a/descendant-or-self::node()/attribute::*"},
      {"p:a/p:*", "child::p:a/child::p:*"},
      {"processing-instruction('x')/text()", "child::processing-instruction('x')/child::text()"},
      {"processing-instruction()", "child::processing-instruction()"},
      {"a[1][b='x'][last()]", "child::a[1][(child::b = 'x')][last()]"},
      {"a[b[c[d]]]", "child::a[child::b[child::c[child::d]]]"},
      {"ancestor::a|ancestor-or-self::a|attribute::a|descendant::a",
       "(((ancestor::a | ancestor-or-self::a) | attribute::a) | descendant::a)"},
      {"following::a/following-sibling::a/namespace::a/parent::a/preceding::a",
       "following::a/following-sibling::a/namespace::a/parent::a/preceding::a"},
      {"preceding-sibling::*", "preceding-sibling::*"},
      {"\xC3\xA4/\xE4\xB8\xAD", "child::\xC3\xA4/child::\xE4\xB8\xAD"},
  };
  CHECK_DUMPS(samples);
}
END_TEST

START_TEST(a_primary_is_wrapped_or_unwrapped_wrongly) {
  static const struct sample samples[] = {
      {"$p:v", "$p:v"},
      {"(((1)))", "1"},
      {"f()", "f()"},
      {"f:g(1, 'a', b)", "f:g(1, 'a', child::b)"},
      {"f(1)[2]/b//c", "f(1)[2]/child::b/descendant-or-self::node()/child::c"},
      {"(a/b)[1]", "(child::a/child::b)[1]"},
      {"((a)[1])[2]", "((child::a)[1])[2]"},
      {"(a)[1][2]", "(child::a)[1][2]"},
      {"(a/b)/c", "(child::a/child::b)/child::c"},
      {"(a|b)/c", "(child::a | child::b)/child::c"},
      {"$x//y", "$x/descendant-or-self::node()/child::y"},
      {"\"it's\"", "\"it's\""},
      {"'say \"x\"'", "'say \"x\"'"},
      {"''", "''"},
  };
  CHECK_DUMPS(samples);
}
END_TEST

START_TEST(a_number_has_the_wrong_value) {
  static const struct sample samples[] = {
      {".5", "0.5"},
      {"5.", "5"},
      {"007", "7"},
      {"3.25", "3.25"},
      {"1000000000000", "1000000000000"},
      {"100000000000000000000", "100000000000000000000"},
  };
  CHECK_DUMPS(samples);
}
END_TEST

static void check_error(const char *source, size_t offset, const char *message) {
  struct xpath_error error;
  ck_assert_msg(xpath_parse(source, &error) == NULL, "accepted: %s", source);
  ck_assert_msg(strcmp(error.message, message) == 0, "%s: %s", source, error.message);
  ck_assert_msg(error.offset == offset, "%s: at %zu instead of %zu", source, error.offset, offset);
}

START_TEST(an_error_does_not_say_what_and_where) {
  check_error("", 0, "expected an expression, found the end");
  check_error("contains(a,'b'", 14, "expected ')' to close the call of 'contains', found the end");
  check_error("f(a b)", 4, "expected ')' to close the call of 'f', found 'b'");
  check_error("childs::a", 0, "unknown axis 'childs'; did you mean 'child'?");
  check_error("x/ancestors::a", 2, "unknown axis 'ancestors'; did you mean 'ancestor'?");
  check_error("nonsense::a", 0, "unknown axis 'nonsense'");
  check_error("(a", 0, "this '(' is never closed");
  check_error("(a b)", 3, "expected ')' or an operator, found 'b'");
  check_error("a)", 1, "')' without a '(' before it");
  check_error("a]", 1, "']' without a '[' before it");
  check_error("a, b", 1, "',' is only known between the arguments of a call");
  check_error("a[", 2, "expected an expression, found the end");
  check_error("a[1", 3, "expected ']' to close the predicate, found the end");
  check_error("a[]", 2, "expected a condition between '[' and ']', found ']'");
  check_error("a/", 2, "expected a step, found the end");
  check_error("a//", 3, "expected a step, found the end");
  check_error("/ + ", 4, "expected an expression, found the end");
  check_error("///a", 2, "expected a step, found '/'");
  check_error("/ /a", 2, "expected a step, found '/'");
  check_error("a///b", 3, "expected a step, found '/'");
  check_error("/#", 1, "this character has no meaning here");
  check_error("a/(b)", 2, "expected a step, found '('");
  check_error("a/$b", 2, "expected a step, found '$b'");
  check_error("a == b", 3, "expected an expression, found '='");
  check_error("a && b", 2, "'&' is not known; write 'and'");
  check_error("!a", 0, "'!' is only known in '!='; negation is not(...)");
  check_error("a : b", 2, "a name has at most one ':', without blanks around it");
  check_error("p: b", 0, "a name must follow the prefix and its ':' at once");
  check_error(".[1]", 1, "'.' takes no predicate; write self::node()[...]");
  check_error("a/b()", 2, "a call of 'b' cannot be a step; a function may only begin a path");
  check_error("a b", 2, "expected an operator, found 'b'");
  check_error("a and", 5, "expected an expression, found the end");
  check_error("'abc", 0, "the text that begins here is never closed");
  check_error("a = \"x", 4, "the text that begins here is never closed");
  check_error("$ a", 0, "the name of a variable must follow '$' at once");
  check_error("$p:*", 0, "a name must follow the prefix and its ':' at once");
  check_error("p:*()", 0, "'p:*' is not the name of a function");
  check_error("text('x')", 5, "expected ')' to close 'text(', found ''x''");
  check_error("a # b", 2, "this character has no meaning here");
  check_error("a\xFF", 1, "this byte is not UTF-8");
  check_error("a[\x01]", 2, "this character has no meaning here");
  check_error("1or2", 1, "expected an operator, found 'or2'");
  check_error("@@a", 1, "expected a name, '*' or a node test such as text(), found '@'");
}
END_TEST

START_TEST(an_error_message_overflows_or_carries_control_characters) {
  char source[1000];
  memset(source, 'x', sizeof source - 1);
  source[sizeof source - 1] = '\0';
  memcpy(source + 900, "::y", 4);
  struct xpath_error error;
  ck_assert_ptr_null(xpath_parse(source, &error));
  ck_assert_uint_lt(strlen(error.message), sizeof error.message);
  ck_assert_ptr_null(xpath_parse("a 'b\x1B[31m'", &error));
  ck_assert_ptr_null(strchr(error.message, 0x1B));
}
END_TEST

static char *repeated(const char *before, size_t count, const char *after) {
  struct buffer text = buffer_make(1 << 20);
  for (size_t i = 0; i < count; i++)
    buffer_add_text(&text, before);
  buffer_add_text(&text, after);
  return buffer_take(&text);
}

static void check_limit(const char *before, const char *after, size_t good, size_t too_many) {
  struct xpath_error error;
  char *source = repeated(before, good, after);
  struct xpath_node *tree = xpath_parse(source, &error);
  ck_assert_msg(tree != NULL, "%zu times %s: %s", good, before, error.message);
  alloc_free(xpath_dump(tree));
  xpath_free(tree);
  alloc_free(source);
  source = repeated(before, too_many, after);
  ck_assert_ptr_null(xpath_parse(source, &error));
  ck_assert_str_eq(error.message, "nested more than 512 levels deep");
  alloc_free(source);
}

START_TEST(deep_nesting_is_not_refused) {
  check_limit("-", "1", 500, 600);
  check_limit("-", "1", 500, 60000);
  check_limit("1+", "1", 500, 30000);
  check_limit("a|", "a", 500, 30000);
  struct xpath_error error;
  static const char *const openings[] = {"(", "a[", "f(", "a[(", "-("};
  for (size_t i = 0; i < sizeof openings / sizeof *openings; i++) {
    char *source = repeated(openings[i], 60000 / strlen(openings[i]), "");
    ck_assert_ptr_null(xpath_parse(source, &error));
    ck_assert_str_eq(error.message, "nested more than 512 levels deep");
    alloc_free(source);
  }
}
END_TEST

START_TEST(a_long_expression_is_not_refused) {
  struct xpath_error error;
  char *source = repeated("a/", 32767, "a");
  struct xpath_node *tree = xpath_parse(source, &error);
  ck_assert_ptr_nonnull(tree);
  xpath_free(tree);
  alloc_free(source);
  source = repeated("a/", 32768, "a");
  ck_assert_ptr_null(xpath_parse(source, &error));
  ck_assert_str_eq(error.message, "longer than 65536 bytes");
  alloc_free(source);
}
END_TEST

/* ---- Spans --------------------------------------------------------------- */

static char *dump_piece(const char *source, size_t start, size_t end, const char *tail) {
  char *piece = alloc_format("%.*s%s", (int)(end - start), source + start, tail);
  struct xpath_error error;
  struct xpath_node *tree = xpath_parse(piece, &error);
  ck_assert_msg(tree != NULL, "'%s' of '%s': %s", piece, source, error.message);
  char *dump = xpath_dump(tree);
  alloc_free(piece);
  xpath_free(tree);
  return dump;
}

static bool is_slashes(const struct xpath_node *step) {
  return step->kind == EXPR_STEP && step->start == step->end;
}

static void check_span(const char *source, const struct xpath_node *node) {
  char *whole = xpath_dump(node);
  char *piece = dump_piece(source, node->start, node->end, "");
  ck_assert_msg(strcmp(whole, piece) == 0, "%s: %s and %s", source, whole, piece);
  alloc_free(whole);
  alloc_free(piece);
}

/* The path up to each of its steps is that path, cut off. */
static void check_prefixes(const char *source, struct xpath_node *path) {
  for (struct xpath_node *step = path->first; step != NULL; step = step->next) {
    if (step->kind != EXPR_STEP) continue;
    struct xpath_node *rest = step->next;
    step->next = NULL;
    char *cut = xpath_dump(path);
    step->next = rest;
    char *expected = alloc_format("%s%s", cut, is_slashes(step) ? "/self::node()" : "");
    char *piece = dump_piece(source, path->start, step->end, is_slashes(step) ? "." : "");
    ck_assert_msg(strcmp(expected, piece) == 0, "%s: %s and %s", source, expected, piece);
    alloc_free(cut);
    alloc_free(expected);
    alloc_free(piece);
  }
}

static void check_spans(const char *source, struct xpath_node *node) {
  if (is_slashes(node)) return;
  check_span(source, node);
  if (node->kind == EXPR_PATH) check_prefixes(source, node);
  for (struct xpath_node *each = node->first; each != NULL; each = each->next)
    check_spans(source, each);
  for (struct xpath_node *each = node->predicates; each != NULL; each = each->next)
    check_spans(source, each);
}

START_TEST(a_span_is_not_the_expression_it_stands_for) {
  static const char *const sources[] = {
      "( a or b ) and (c)",
      " ( ( a | b )[ 1 ] / c )[ 2 ] // d [ e = ( 'x' ) ] ",
      "//a//@b",
      "/",
      " / ",
      "-( 1 + 2 ) * (3)",
      "f( (a), ( b ) )[ (1) ]/ g",
      "(a/b)/c",
      "((a)/b)/c",
      ".//a/..",
      "not( @x ) or ( ( @y ) != 'z' )",
      "(//a)[last()]",
      "$v[1]/a",
      "- - (a)",
      "( a )[ b ]",
      "child :: a [ 1 ] / attribute :: *",
      "processing-instruction ( 'x' ) [1]",
  };
  for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
    struct xpath_error error;
    struct xpath_node *tree = xpath_parse(sources[i], &error);
    ck_assert_msg(tree != NULL, "%s: %s", sources[i], error.message);
    check_spans(sources[i], tree);
    xpath_free(tree);
  }
}
END_TEST

/* ---- Patterns ------------------------------------------------------------ */

START_TEST(a_pattern_is_refused) {
  static const char *const sources[] = {
      "/",
      "a",
      "*",
      "a|b|/c",
      "//a",
      "a//b/@c",
      "@*",
      "text()",
      "comment()",
      "node()",
      "processing-instruction()",
      "processing-instruction('x')",
      "child::a/attribute::b",
      "key('k','v')",
      "id(\"x\")//a",
      "key('k', 'v')/a[1]",
      "p:a/p:*",
      "a[$v = @x][last()]",
      "a[ancestor::b or ../c]",
      "a[(b|c)]",
      " a | b ",
      "@a/b",
  };
  for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
    struct xpath_error error;
    struct xpath_node *tree = xpath_parse_pattern(sources[i], &error);
    ck_assert_msg(tree != NULL, "%s: %s", sources[i], error.message);
    xpath_free(tree);
  }
}
END_TEST

START_TEST(what_is_no_pattern_is_accepted) {
  static const char *const sources[] = {
      "",
      ".",
      "..",
      "a/..",
      "a/.",
      "ancestor::a",
      "self::a",
      "a/descendant::b",
      "descendant-or-self::node()/a",
      "(a)",
      "(a)/b",
      "(key('k','v'))/a",
      "a|(b)",
      "(a|b)",
      "(a)|b",
      "(a)[1]",
      "1",
      "'x'",
      "$v",
      "$v/a",
      "f(a)",
      "a+b",
      "a=b",
      "-a",
      "key('k')",
      "key('k',@v)",
      "key($k,'v')",
      "id(@x)",
      "key('k','v')[1]",
      "p:key('k','v')",
      "//",
      "a//",
      "a|",
      "a | | b",
      "a and b",
      "document('x')/a",
      "a/key('k','v')",
      "/key('k','v')",
  };
  for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
    struct xpath_error error;
    ck_assert_msg(xpath_parse_pattern(sources[i], &error) == NULL, "accepted: %s", sources[i]);
    ck_assert_str_ne(error.message, "");
    ck_assert_uint_le(error.offset, strlen(sources[i]));
  }
}
END_TEST

START_TEST(a_pattern_error_points_elsewhere) {
  struct xpath_error error;
  ck_assert_ptr_null(xpath_parse_pattern("a/b | c/ancestor::d", &error));
  ck_assert_uint_eq(error.offset, 8);
  ck_assert_str_eq(
      error.message,
      "a pattern steps only to children, attributes and by '//', not along 'ancestor'");
}
END_TEST

CHECK_MAIN("schematron/xpath", {
  tcase_add_test(tests, operators_bind_wrongly);
  tcase_add_test(tests, a_name_is_taken_for_an_operator_or_the_reverse);
  tcase_add_test(tests, a_location_path_has_the_wrong_steps);
  tcase_add_test(tests, a_primary_is_wrapped_or_unwrapped_wrongly);
  tcase_add_test(tests, a_number_has_the_wrong_value);
  tcase_add_test(tests, an_error_does_not_say_what_and_where);
  tcase_add_test(tests, an_error_message_overflows_or_carries_control_characters);
  tcase_add_test(tests, deep_nesting_is_not_refused);
  tcase_add_test(tests, a_long_expression_is_not_refused);
  tcase_add_test(tests, a_span_is_not_the_expression_it_stands_for);
  tcase_add_test(tests, a_pattern_is_refused);
  tcase_add_test(tests, what_is_no_pattern_is_accepted);
  tcase_add_test(tests, a_pattern_error_points_elsewhere);
})
