/* The parser against libxml2's: what it compiles an expression to, read back
 * from its dump, must be our tree; what it refuses we refuse.
 *
 * What libxml2 accepts and REC-xpath does not, so that we refuse it:
 *   - a number with an exponent: 1e3
 *   - a blank before the ":" of a name: a :b
 *   - a slash too many: ///a, $v///b, "/ /a"
 *   - a source that ends where something must follow: "f(", "a|"
 *   - an operator's name and what follows written as one name: "1 or2", and also
 *     "1 and.5", since "and.5" is one NCName by the rule of the longest token
 * What only we accept: names that the fifth edition of XML 1.0 added. */
#include "check_main.h"

#include "base/buffer.h"
#include "base/text.h"
#include "schematron/support_libxml2_tree.h"
#include "schematron/support_random_xml.h"
#include "schematron/xpath.h"

#include <string.h>

/* ---- Comparing -------------------------------------------------------------------- */

struct counts {
  size_t compared, refused, deep, excepted;
};

static void compare_trees(const char *source, struct xpath_node *ours, struct counts *counts) {
  struct xpath_node *theirs = libxml2_tree(source);
  if (theirs == NULL) {
    counts->deep++;
    xpath_free(ours);
    return;
  }
  ours = normal_tree(ours, source);
  char *our_dump = xpath_dump(ours), *their_dump = xpath_dump(theirs);
  ck_assert_msg(strcmp(our_dump, their_dump) == 0, "%s:\n  ours   %s\n  theirs %s", source,
                our_dump, their_dump);
  counts->compared++;
  alloc_free(our_dump);
  alloc_free(their_dump);
  xpath_free(ours);
  xpath_free(theirs);
}

static bool name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.' || (c & 0x80) != 0;
}

/* Does a name at `text` begin with an operator's, so that libxml2 reads two tokens? */
static bool glued_operator(const char *text) {
  static const char *const words[] = {"or", "and", "div", "mod"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (text_starts(text, words[i]) &&
        (name_char(text[strlen(words[i])]) || text[strlen(words[i])] == ':'))
      return true;
  return false;
}

/* Only what the list at the top of this file names. */
static bool is_exception(const char *source, const struct xpath_error *error) {
  const char *there = source + error->offset;
  if (text_starts(error->message, "expected a step, found '/")) return true;
  if (*there == '\0') return true;
  if (error->offset > 0 && *there == ':' && strchr(" \t\r\n", there[-1]) != NULL) return true;
  if (!text_starts(error->message, "expected ") && !text_starts(error->message, "a name "))
    return false;
  bool after_digit = error->offset > 0 && strchr("0123456789.", there[-1]) != NULL;
  return (after_digit && (*there == 'e' || *there == 'E')) || glued_operator(there);
}

static void compare(const char *source, struct counts *counts) {
  struct xpath_error error;
  struct xpath_node *ours = xpath_parse(source, &error);
  bool accepted = libxml2_accepts(source);
  if (ours != NULL) ck_assert_msg(accepted, "only we accept: %s", source);
  if (ours != NULL)
    compare_trees(source, ours, counts);
  else if (!accepted)
    counts->refused++;
  else if (is_exception(source, &error))
    counts->excepted++;
  else
    ck_abort_msg("only we refuse: %s (%s at %zu)", source, error.message, error.offset);
}

/* ---- Random expressions ------------------------------------------------------------ */

static void add_expression(struct chance *chance, struct buffer *out, unsigned depth);

static const char *const names[] = {"a",   "b",    "p:c",  "*",     "p:*", "div", "or", "and",
                                    "mod", "text", "node", "child", "a-b", "a.b", "_x", "comment"};

static void add_space(struct chance *chance, struct buffer *out) {
  if (chance_percent(chance, 15)) buffer_add_text(out, " ");
}

static void add_predicates(struct chance *chance, struct buffer *out, unsigned depth) {
  while (depth > 0 && chance_percent(chance, 25)) {
    buffer_add_char(out, '[');
    add_expression(chance, out, depth - 1);
    buffer_add_char(out, ']');
  }
}

static void add_step(struct chance *chance, struct buffer *out, unsigned depth) {
  static const char *const types[] = {
      "node()", "text()", "comment( )", "processing-instruction()", "processing-instruction('q')",
      "text ()"};
  if (chance_percent(chance, 12)) {
    buffer_add_text(out, chance_percent(chance, 50) ? "." : "..");
    return;
  }
  if (chance_percent(chance, 20)) {
    buffer_add_text(out, "@");
  } else if (chance_percent(chance, 25)) {
    buffer_add_text(out,
                    xpath_axis_name((enum xpath_axis)chance_below(chance, AXIS_NAMESPACE + 1)));
    add_space(chance, out);
    buffer_add_text(out, "::");
  }
  add_space(chance, out);
  buffer_add_text(out, chance_percent(chance, 15) ? CHANCE_PICK(chance, types)
                                                  : CHANCE_PICK(chance, names));
  add_predicates(chance, out, depth);
}

static void add_steps(struct chance *chance, struct buffer *out, unsigned depth) {
  add_step(chance, out, depth);
  while (chance_percent(chance, 30)) {
    add_space(chance, out);
    buffer_add_text(out, chance_percent(chance, 30) ? "//" : "/");
    add_step(chance, out, depth);
  }
}

static void add_call(struct chance *chance, struct buffer *out, unsigned depth) {
  static const char *const functions[] = {"f", "p:g", "not", "or", "div", "last", "child"};
  buffer_add_text(out, CHANCE_PICK(chance, functions));
  add_space(chance, out);
  buffer_add_char(out, '(');
  for (size_t i = 0, count = depth == 0 ? 0 : chance_below(chance, 4); i < count; i++) {
    if (i > 0) buffer_add_char(out, ',');
    add_expression(chance, out, depth - 1);
  }
  buffer_add_char(out, ')');
}

static void add_primary(struct chance *chance, struct buffer *out, unsigned depth) {
  static const char *const leaves[] = {"$v", "$p:v", "'t'", "\"it's\"", "''",
                                       "1",  ".5",   "2.",  "10.25",    "$or"};
  size_t choice = chance_below(chance, depth == 0 ? 2 : 3);
  if (choice == 0) buffer_add_text(out, CHANCE_PICK(chance, leaves));
  if (choice == 1) add_call(chance, out, depth);
  if (choice == 2) {
    buffer_add_char(out, '(');
    add_expression(chance, out, depth - 1);
    buffer_add_char(out, ')');
  }
}

static void add_operand(struct chance *chance, struct buffer *out, unsigned depth) {
  size_t choice = chance_below(chance, 10);
  if (choice < 5) {
    buffer_add_text(out, choice == 0 ? "/" : choice == 1 ? "//" : "");
    add_steps(chance, out, depth);
    return;
  }
  if (choice == 5) {
    buffer_add_text(out, "/");
    return;
  }
  add_primary(chance, out, depth);
  add_predicates(chance, out, depth);
  if (chance_percent(chance, 25)) {
    buffer_add_text(out, chance_percent(chance, 30) ? "//" : "/");
    add_steps(chance, out, depth);
  }
}

static void add_expression(struct chance *chance, struct buffer *out, unsigned depth) {
  static const char *const operators[] = {
      "|",  "+", " - ", "*",     " div ", " mod ", "=",   "!=", "<",
      "<=", ">", ">=",  " and ", " or ",  "|",     " = ", "-"};
  while (chance_percent(chance, 10))
    buffer_add_text(out, "-");
  add_operand(chance, out, depth);
  while (chance_percent(chance, 30)) {
    buffer_add_text(out, CHANCE_PICK(chance, operators));
    add_space(chance, out);
    add_operand(chance, out, depth);
  }
}

/* A character left out, put in, or said twice: near misses. */
static void spoil(struct chance *chance, char *text, size_t capacity) {
  static const char signs[] = "/()[]@.:*|-+=!<>'\"$, aeor15";
  for (size_t i = 0, count = 1 + chance_below(chance, 2); i < count; i++) {
    size_t size = strlen(text);
    if (size == 0 || size + 2 > capacity) return;
    size_t at = chance_below(chance, size);
    if (chance_percent(chance, 40)) {
      memmove(text + at, text + at + 1, size - at);
      continue;
    }
    memmove(text + at + 1, text + at, size - at + 1);
    text[at] = signs[chance_below(chance, sizeof signs - 1)];
  }
}

enum { LONGEST = 2000 };

START_TEST(a_random_expression_is_parsed_otherwise_than_by_libxml2) {
  struct counts counts = {0};
  size_t runs = random_runs(20000);
  for (size_t run = 0; run < runs; run++) {
    struct chance chance = chance_of(run);
    struct buffer out = buffer_make(LONGEST / 2);
    char text[LONGEST];
    add_expression(&chance, &out, 3);
    snprintf(text, sizeof text, "%s", buffer_text(&out));
    buffer_dispose(&out);
    if (run % 2 == 1) spoil(&chance, text, sizeof text);
    compare(text, &counts);
  }
  printf("%zu expressions compared, %zu refused by both, %zu too deep to compare, %zu exceptions\n",
         counts.compared, counts.refused, counts.deep, counts.excepted);
  ck_assert_uint_gt(counts.compared, runs / 2);
  ck_assert_uint_gt(counts.refused, runs / 10);
}
END_TEST

/* ---- Written by hand ------------------------------------------------------------------ */

START_TEST(a_handwritten_expression_is_parsed_otherwise_than_by_libxml2) {
  static const char *const sources[] = {
      "",
      " ",
      "a",
      "/",
      "//",
      ".",
      "..",
      "...",
      "./.",
      "a/.",
      "./a",
      "a/./b",
      "$x/.",
      "(a)/.",
      "(.)[1]",
      "key('certificate', @certificateHash)[store/@name='My']",
      "site[@key='exchange back end']/bindings/binding[@protocol='https'][@port='444']",
      "sg:time(@notAfter) >= sg:as-of()",
      "sg:flag($flags,'Ssl') or sg:flag($flags,'Ssl128')",
      "string(exsl:node-set($ep)/v[@key=current()/@key]/@max)",
      "($max='None' and not($is='None')) or ($max='Allow' and $is='Require')",
      "binding[not(@ip='*')][/evidence/host/httpSys/ipListen/address]",
      "folder[@exchange='ClientAccess' or @exchange='FrontEnd\\HttpProxy']",
      "count(../binding[@p='https'])>0",
      "ancestor::*/config/access/@x='None'",
      "/evidence/host/product[@name='Exchange']/@version",
      "a[.=1]",
      "a[1][last()][b]",
      "self::node()",
      "self::*/a",
      "descendant-or-self::node()/a",
      "//a//b//c",
      "//a[1]//b",
      ".//.",
      "//.",
      "//..",
      "//@a",
      "//self::a",
      "//descendant::a",
      "//descendant-or-self::a",
      "a//.//b",
      "--1",
      "---1",
      "----a",
      "-(-1)",
      "-(--1)",
      "1 - -1",
      "1--1",
      "a--b",
      "a - - b",
      "((a))",
      "((a)[1])[2]",
      "(a[1])[2]",
      "(a)[1][2]/b",
      "((a/b)/c)/d",
      "(1)+(2)*(3)",
      "a:b:c",
      "a: b",
      "a::b",
      "child::",
      "::a",
      "@",
      "@@",
      "$",
      "$1",
      "$a:b",
      "$a:*",
      "f()",
      "f(1",
      "f(1,)",
      "f(,1)",
      "f(1,2",
      "f()()",
      "f()[1]",
      "f()/a",
      "f():a",
      "text()",
      "text(1)",
      "node(a)",
      "comment()",
      "processing-instruction('a','b')",
      "processing-instruction(a)",
      "processing-instruction()",
      "@text()",
      "@node()",
      "@comment()",
      "1.",
      ".1",
      "1.1",
      "1..1",
      ". 1",
      ".a",
      "..a",
      "1 2",
      "1a",
      "1 a",
      "'",
      "\"",
      "'a",
      "'a\"",
      "'a'b",
      "'a''b'",
      "a[",
      "a]",
      "a[]",
      "a[[1]]",
      "[1]",
      "(",
      ")",
      "()",
      "(1",
      "1)",
      "a,b",
      "|a",
      "a||b",
      "a|b|c",
      "1|2",
      "'a'|b",
      "a=b=c",
      "a==b",
      "a=!b",
      "a!=b",
      "a! =b",
      "a<b<c",
      "a<=b",
      "a< =b",
      "a>=b",
      "a=>b",
      "+1",
      "1+",
      "1++1",
      "*",
      "**",
      "***",
      "****",
      "* * * * *",
      "/*",
      "/**",
      "//*",
      "//**",
      "/ * 2",
      "/ or",
      "/or",
      "/ or a",
      "/and/or/div",
      "or or or",
      "or and and",
      "div div div",
      "div mod",
      "a or",
      "or(1)",
      "a or(1)",
      "a or (1)",
      "a/or",
      "a/or/b",
      "@or or @and",
      "a and b or c and d",
      "a div b mod c * d",
      "a-b",
      "a -b",
      "a- b",
      "a - b",
      "a.b",
      "a. b",
      "a .b",
      "1-1",
      "1 -1",
      "a[b and c or d]",
      "namespace::*",
      "namespace::a",
      "child::*",
      "child:: *",
      "child ::a",
      "attribute::a:b",
      "foo::a",
      "a/b()",
      "a/(b)",
      "a/'b'",
      "a/1",
      "a/$b",
      "a/f()",
      "a/text()",
      "a/text()/b",
      "#",
      "a#",
      "a%b",
      "a;b",
      "{a}",
      "a\\b",
      "\xC3\xA4",
      "\xC3\xA4/\xC3\xB6[@\xC3\xBC]",
      "a\xFF",
  };
  struct counts counts = {0};
  for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
    compare(sources[i], &counts);
  ck_assert_uint_gt(counts.compared, 100);
  ck_assert_uint_eq(counts.excepted, 0);
}
END_TEST

START_TEST(the_exceptions_are_not_what_the_list_says) {
  static const char *const sources[] = {
      "f(",   "a + f(1, ", "a|",   "///a",  "$v///b", "/ /a",    "1e3",           "1.5E2",
      "a :b", "a :*",      "1or2", "1 or2", "1 div2", "a mod-1", "'x'and'y'or.5", "1 and.5"};
  struct counts counts = {0};
  for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
    compare(sources[i], &counts);
    ck_assert_msg(counts.excepted == i + 1, "no exception: %s", sources[i]);
  }
}
END_TEST

CHECK_MAIN("schematron/xpath_oracle", {
  tcase_add_test(tests, a_handwritten_expression_is_parsed_otherwise_than_by_libxml2);
  tcase_add_test(tests, the_exceptions_are_not_what_the_list_says);
  tcase_add_test(tests, a_random_expression_is_parsed_otherwise_than_by_libxml2);
})
