/* The quick answers against libxml2's: a wrong one would be a wrong verdict. */
#include "schematron/quick.h"

#include "base/buffer.h"
#include "check_main.h"
#include "schematron/support_random_xml.h"

#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <string.h>

/* ---- Random tests ------------------------------------------------------------------ */

#define PICK(...) CHANCE_PICK(chance, ((const char *const[]){__VA_ARGS__}))

static void add_path(struct chance *chance, struct buffer *out) {
  buffer_add_text(out, PICK("@x", "@y", "a", "b", "c", "a/b", "b/@x", "a/b/@y", ".", "a/a/c"));
}

static void add_text(struct chance *chance, struct buffer *out) {
  if (chance_percent(chance, 40)) {
    buffer_add_text(out, PICK("'1'", "'2'", "''", "'t'", "\"10\""));
  } else if (chance_percent(chance, 30)) {
    buffer_add_text(out, "string(");
    add_path(chance, out);
    buffer_add_char(out, ')');
  } else {
    add_path(chance, out);
  }
}

static void add_number(struct chance *chance, struct buffer *out) {
  if (chance_percent(chance, 50)) {
    buffer_add_text(out, PICK("0", "1", "2", "10"));
    return;
  }
  const char *name = PICK("number", "count", "string-length");
  buffer_add_format(out, "%s(", name);
  if (strcmp(name, "string-length") == 0)
    add_text(chance, out);
  else
    add_path(chance, out);
  buffer_add_char(out, ')');
}

static void add_comparison(struct chance *chance, struct buffer *out) {
  const char *relation = PICK(" = ", " != ", " < ", " <= ", " > ", " >= ");
  bool numbers = chance_percent(chance, 50);
  if (numbers)
    add_number(chance, out);
  else
    add_path(chance, out);
  buffer_add_text(out, relation);
  if (!numbers && strchr(relation, '=') == relation + 1 && chance_percent(chance, 50))
    buffer_add_text(out, PICK("'1'", "'2'", "''", "'t'"));
  else
    add_number(chance, out);
}

static void add_test(struct chance *chance, struct buffer *out, unsigned depth) {
  size_t kind = chance_below(chance, depth > 3 ? 4 : 8);
  if (kind < 2) {
    add_comparison(chance, out);
  } else if (kind == 2) {
    add_path(chance, out);
  } else if (kind == 3) {
    buffer_add_format(out, "%s(", PICK("starts-with", "contains"));
    add_text(chance, out);
    buffer_add_char(out, ',');
    add_text(chance, out);
    buffer_add_char(out, ')');
  } else if (kind == 4) {
    buffer_add_text(out, PICK("true()", "false()"));
  } else if (kind == 5) {
    buffer_add_format(out, "%s(", PICK("not", "boolean"));
    add_test(chance, out, depth + 1);
    buffer_add_char(out, ')');
  } else {
    buffer_add_char(out, '(');
    add_test(chance, out, depth + 1);
    buffer_add_text(out, PICK(") and (", ") or ("));
    add_test(chance, out, depth + 1);
    buffer_add_char(out, ')');
  }
}

/* ---- Comparing --------------------------------------------------------------------- */

struct counts {
  size_t asked, told, yes;
};

static void compare_at(const char *source, const struct xpath_node *tree,
                       xmlXPathCompExprPtr compiled, xmlXPathContextPtr context, xmlNode *node,
                       struct counts *counts) {
  enum quick_answer quick = quick_truth(tree, node);
  counts->asked++;
  if (quick == QUICK_CANNOT) return;
  context->node = node;
  int truth = xmlXPathCompiledEvalToBoolean(compiled, context);
  ck_assert_msg((truth == 1) == (quick == QUICK_YES), "%s at %s: libxml2 says %d", source,
                node->name == NULL ? "a node" : (const char *)node->name, truth);
  counts->told++;
  counts->yes += truth == 1 ? 1 : 0;
}

static void compare_below(const char *source, const struct xpath_node *tree,
                          xmlXPathCompExprPtr compiled, xmlXPathContextPtr context, xmlNode *node,
                          struct counts *counts) {
  compare_at(source, tree, compiled, context, node, counts);
  for (xmlAttr *each = node->type == XML_ELEMENT_NODE ? node->properties : NULL; each != NULL;
       each = each->next)
    compare_at(source, tree, compiled, context, (xmlNode *)each, counts);
  bool parent = node->type == XML_ELEMENT_NODE || node->type == XML_DOCUMENT_NODE;
  for (xmlNode *each = parent ? node->children : NULL; each != NULL; each = each->next)
    compare_below(source, tree, compiled, context, each, counts);
}

static void compare(struct chance *chance, xmlDoc *document, struct counts *counts) {
  struct buffer out = buffer_make(65536);
  add_test(chance, &out, 0);
  char *source = buffer_take(&out);
  struct xpath_error error;
  struct xpath_node *tree = xpath_parse(source, &error);
  ck_assert_msg(tree != NULL, "%s: %s", source, error.message);
  ck_assert_msg(quick_can(tree), "it is not quick: %s", source);
  xmlXPathCompExprPtr compiled = xmlXPathCompile(BAD_CAST source);
  xmlXPathContextPtr context = xmlXPathNewContext(document);
  compare_below(source, tree, compiled, context, (xmlNode *)document, counts);
  xmlXPathFreeContext(context);
  xmlXPathFreeCompExpr(compiled);
  xpath_free(tree);
  alloc_free(source);
}

START_TEST(a_quick_answer_is_not_the_one_of_libxml2) {
  struct counts counts = {0};
  size_t runs = random_runs(300);
  for (size_t run = 0; run < runs; run++) {
    struct chance chance = chance_of(run);
    xmlDoc *document = random_document(&chance);
    for (int i = 0; i < 20; i++)
      compare(&chance, document, &counts);
    xmlFreeDoc(document);
  }
  ck_assert_uint_gt(counts.told, counts.asked / 2); /* else it is not worth having */
  ck_assert_uint_gt(counts.yes, counts.told / 10);
}
END_TEST

START_TEST(an_expression_of_another_kind_is_taken_for_a_quick_one) {
  static const char *const others[] = {
      "/a",
      "a//b",
      "a[1]",
      "p:a",
      "*",
      "@*",
      "..",
      "$v",
      "a | b",
      "'x'",
      "1",
      "a + 1 = 2",
      "a = b",
      "'x' = a",
      "1 = a",
      "a = 1.5",
      "key('k', a)",
      "last() = 1",
      "position()",
      "text()",
      "ancestor::a",
      "string(a)",
      "not(a[1])",
      "contains(a/*, 'x')",
      "1 < a",
      "count(a) = a",
      "sum(a) > 1",
      "a = -1",
      "number() = 1",
      "a/b/c/d/e/f/g/h/i",
  };
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    struct xpath_error error;
    struct xpath_node *tree = xpath_parse(others[i], &error);
    ck_assert_ptr_nonnull(tree);
    ck_assert_msg(!quick_can(tree), "%s", others[i]);
    xpath_free(tree);
  }
}
END_TEST

CHECK_MAIN("schematron/quick", {
  tcase_add_test(tests, a_quick_answer_is_not_the_one_of_libxml2);
  tcase_add_test(tests, an_expression_of_another_kind_is_taken_for_a_quick_one);
})
