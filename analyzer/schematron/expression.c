/* Parses and compiles an expression and numbers its parts: depth first, so that
 * parts[0] is the whole and no other part has number 0. */
#include "schematron/expression.h"

#include "base/origin.h"
#include "base/text.h"
#include "schematron/quick.h"
#include "schematron/schema_plan.h"

static size_t count_parts(const struct xpath_node *node) {
  size_t count = 1;
  for (const struct xpath_node *each = node->first; each != NULL; each = each->next)
    count += count_parts(each);
  for (const struct xpath_node *each = node->predicates; each != NULL; each = each->next)
    count += count_parts(each);
  return count;
}

static size_t lay_out(struct expression *expression, const struct xpath_node *node);

static size_t lay_out_list(struct expression *expression, const struct xpath_node *list) {
  size_t first = 0, last = 0;
  for (; list != NULL; list = list->next) {
    size_t number = lay_out(expression, list);
    if (last == 0)
      first = number;
    else
      expression->parts[last].next = number;
    last = number;
  }
  return first;
}

/* position() and last() of this level: those in predicates below are their own. */
static void note_position(struct expression *expression, size_t number) {
  struct part *part = &expression->parts[number];
  const struct xpath_node *node = part->node;
  part->uses_position = node->kind == EXPR_CALL && node->prefix == NULL &&
                        (text_equal(node->name, "position") || text_equal(node->name, "last"));
  for (size_t each = part->first; each != 0; each = expression->parts[each].next)
    part->uses_position = part->uses_position || expression->parts[each].uses_position;
}

static size_t lay_out(struct expression *expression, const struct xpath_node *node) {
  size_t number = expression->count++;
  expression->parts[number].node = node;
  size_t first = lay_out_list(expression, node->first);
  expression->parts[number].first = first;
  size_t predicates = lay_out_list(expression, node->predicates);
  expression->parts[number].predicates = predicates;
  for (size_t each = predicates; each != 0; each = expression->parts[each].next)
    expression->parts[each].quick = quick_can(expression->parts[each].node);
  note_position(expression, number);
  return number;
}

/* document() reads beside the file that calls it, which only the schema knows. */
static void note_file(struct expression *expression, uint32_t file) {
  for (size_t i = 0; i < expression->count; i++) {
    struct xpath_node *node = (struct xpath_node *)expression->parts[i].node;
    if (node->kind == EXPR_CALL && node->prefix == NULL && text_equal(node->name, "document"))
      node->number = file;
  }
}

struct expression *expression_new(struct schema *schema, const xmlAttr *attribute, bool pattern) {
  char *source = schema_attribute_text(attribute);
  struct xpath_error error = {.message = ""};
  struct xpath_node *tree =
      pattern ? xpath_parse_pattern(source, &error) : xpath_parse(source, &error);
  if (tree == NULL) {
    schema_error(schema, (const xmlNode *)attribute, error.offset, "%s", error.message);
    alloc_free(source);
    return NULL;
  }
  struct expression *expression = alloc_bytes(sizeof *expression);
  expression->source = source;
  expression->tree = tree;
  expression->attribute = attribute;
  expression->element = attribute->parent;
  expression->pattern = pattern;
  expression->parts = alloc_array(count_parts(tree), sizeof *expression->parts);
  lay_out(expression, tree);
  if (!pattern) expression->parts[0].quick = quick_can(tree);
  note_file(expression, origin_of((const xmlNode *)attribute).source);
  const char *name = (const char *)attribute->name;
  bool truth = attribute->ns == NULL && (text_equal(name, "test") || text_equal(name, "when"));
  if (!pattern)
    expression->whole = expression_compile(schema, source, tree, truth ? WRITE_TRUTH : WRITE_WHOLE);
  if (!pattern && expression->whole == NULL) {
    schema_error(schema, (const xmlNode *)attribute, 0, "the expression is too large");
    expression_free(expression);
    return NULL;
  }
  return expression;
}

void expression_free(struct expression *expression) {
  if (expression == NULL) return;
  if (expression->whole != NULL) xmlXPathFreeCompExpr(expression->whole);
  xpath_free(expression->tree);
  alloc_free(expression->parts);
  alloc_free(expression->source);
  alloc_free(expression);
}
