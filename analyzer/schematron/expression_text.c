/* Writes expressions for libxml2 from their syntax tree, unabbreviated and in
 * parentheses: a bare path would go through libxml2's streaming matcher, which
 * walks the subtrees of all siblings. */
#include "schematron/expression.h"

#include "schematron/schema_plan.h"

#include <math.h>
#include <string.h>

/* A source of 64 KiB made of "//" grows to a few megabytes. */
enum { WRITTEN_MOST = 16 * 1024 * 1024 };

struct writer {
  struct buffer *out;
  const struct schema *schema;
  const char *source;
};

static void write(struct writer *writer, const struct xpath_node *node);

static const char *binary_word(enum xpath_kind kind) {
  switch (kind) {
  case EXPR_OR:
    return " or ";
  case EXPR_AND:
    return " and ";
  case EXPR_EQUAL:
    return " = ";
  case EXPR_NOT_EQUAL:
    return " != ";
  case EXPR_ADD:
    return " + ";
  case EXPR_SUBTRACT:
    return " - ";
  case EXPR_MULTIPLY:
    return " * ";
  case EXPR_DIVIDE:
    return " div ";
  case EXPR_MODULO:
    return " mod ";
  case EXPR_UNION:
    return " | ";
  default:
    return NULL;
  }
}

static const char *comparison_word(enum xpath_kind kind) {
  switch (kind) {
  case EXPR_EQUAL:
    return "equal";
  case EXPR_NOT_EQUAL:
    return "not-equal";
  case EXPR_LESS:
    return "less";
  case EXPR_LESS_EQUAL:
    return "less-equal";
  case EXPR_GREATER:
    return "greater";
  case EXPR_GREATER_EQUAL:
    return "greater-equal";
  default:
    return NULL;
  }
}

/* ---- Steps ----------------------------------------------------------------- */

static bool may_meet_marks(const struct xpath_node *step, enum xpath_axis axis) {
  if (step->test != TEST_NODE && (step->test != TEST_ANY || step->prefix != NULL)) return false;
  switch (axis) {
  case AXIS_CHILD:
  case AXIS_DESCENDANT:
  case AXIS_DESCENDANT_OR_SELF:
  case AXIS_FOLLOWING:
  case AXIS_FOLLOWING_SIBLING:
  case AXIS_PRECEDING:
  case AXIS_PRECEDING_SIBLING:
    return true;
  default:
    return false;
  }
}

/* A "//" whose next step goes to children meets no mark: marks have none. Left
 * bare, libxml2 makes one descendant step of the two. */
static bool is_harmless(const struct xpath_node *step) {
  return step->start == step->end && step->next != NULL && step->next->axis == AXIS_CHILD;
}

static void write_test(struct writer *writer, const struct xpath_node *step) {
  struct buffer *out = writer->out;
  switch (step->test) {
  case TEST_NAME:
  case TEST_ANY:
    if (step->prefix != NULL) buffer_add_format(out, "%s:", step->prefix);
    buffer_add_text(out, step->test == TEST_NAME ? step->name : "*");
    break;
  case TEST_NODE:
    buffer_add_text(out, "node()");
    break;
  case TEST_TEXT:
    buffer_add_text(out, "text()");
    break;
  case TEST_COMMENT:
    buffer_add_text(out, "comment()");
    break;
  case TEST_INSTRUCTION:
    buffer_add_text(out, "processing-instruction(");
    if (step->name != NULL) {
      char quote = strchr(step->name, '\'') != NULL ? '"' : '\'';
      buffer_add_format(out, "%c%s%c", quote, step->name, quote);
    }
    buffer_add_char(out, ')');
    break;
  }
}

static void write_predicates(struct writer *writer, const struct xpath_node *list) {
  for (const struct xpath_node *each = list; each != NULL; each = each->next) {
    buffer_add_char(writer->out, '[');
    write(writer, each);
    buffer_add_char(writer->out, ']');
  }
}

static void write_step(struct writer *writer, const struct xpath_node *step, enum xpath_axis axis,
                       bool bare) {
  buffer_add_format(writer->out, "%s::", xpath_axis_name(axis));
  write_test(writer, step);
  if (writer->schema->options.mark_namespace != NULL && may_meet_marks(step, axis) &&
      !is_harmless(step))
    buffer_add_text(writer->out, "[not(self::" MARK_PREFIX ":*)]");
  if (!bare) write_predicates(writer, step->predicates);
}

/* ---- The rest -------------------------------------------------------------- */

static void write_path(struct writer *writer, const struct xpath_node *path) {
  if (path->absolute) buffer_add_char(writer->out, '/');
  for (const struct xpath_node *each = path->first; each != NULL; each = each->next) {
    if (each != path->first) buffer_add_char(writer->out, '/');
    if (each->kind == EXPR_STEP)
      write_step(writer, each, each->axis, false);
    else
      write(writer, each);
  }
}

/* ---- Numbers: see numbers.c ------------------------------------------------ */

static bool is_word(const char *list, const char *word) {
  size_t size = strlen(word);
  for (const char *at = list; (at = strstr(at, word)) != NULL; at++)
    if ((at == list || at[-1] == ' ') && (at[size] == ' ' || at[size] == '\0')) return true;
  return false;
}

static bool is_number(const struct xpath_node *node) {
  if (node->kind == EXPR_CALL)
    return node->prefix == NULL &&
           is_word("last position count string-length number sum floor ceiling round", node->name);
  return node->kind == EXPR_NUMBER || node->kind == EXPR_NEGATE ||
         (node->kind >= EXPR_ADD && node->kind <= EXPR_MODULO);
}

/* Something that turns out to be a number only when it is evaluated. */
static bool may_be_number(const struct xpath_node *node) {
  return is_number(node) || node->kind == EXPR_VARIABLE ||
         (node->kind == EXPR_CALL && node->prefix != NULL);
}

static void write_operand(struct writer *writer, const struct xpath_node *node) {
  bool plain = is_number(node);
  if (!plain) buffer_add_text(writer->out, "number(");
  write(writer, node);
  if (!plain) buffer_add_char(writer->out, ')');
}

static bool takes_numbers(const struct xpath_node *call, size_t argument) {
  if (call->prefix != NULL) return false;
  return is_word("floor ceiling round", call->name) ||
         (argument > 0 && is_word("substring", call->name));
}

/* ---- Keys: many nodes may share a value, and a set of them is a copy ---------- */

static bool is_key(const struct xpath_node *node) {
  return node != NULL && node->kind == EXPR_CALL && node->prefix == NULL &&
         strcmp(node->name, "key") == 0 && node->first != NULL && node->first->next != NULL;
}

/* key-count(name, value), or the node at a place of the set: key-at(name, value, place). */
static void write_key(struct writer *writer, const struct xpath_node *key, double place) {
  buffer_add_text(writer->out, ENGINE_PREFIX);
  buffer_add_text(writer->out, place == 0 ? ":key-count(" : ":key-at(");
  write(writer, key->first);
  buffer_add_char(writer->out, ',');
  write(writer, key->first->next);
  if (place > 0) buffer_add_format(writer->out, ",%.0f", place);
  buffer_add_char(writer->out, ')');
}

/* Where the first node of a set stands for all of it. */
static void write_truth(struct writer *writer, const struct xpath_node *node) {
  if (is_key(node))
    write_key(writer, node, 1);
  else
    write(writer, node);
}

static bool takes_first_node(const struct xpath_node *call) {
  return call->prefix == NULL &&
         is_word("boolean not string name local-name namespace-uri generate-id number "
                 "string-length normalize-space",
                 call->name);
}

/* key(...)[2]: what follows are further predicates. */
static bool is_key_at(const struct xpath_node *filter) {
  const struct xpath_node *place = filter->predicates;
  return is_key(filter->first) && place != NULL && place->kind == EXPR_NUMBER &&
         place->number >= 1 && place->number < 1e9 && place->number == floor(place->number);
}

static void write_filter(struct writer *writer, const struct xpath_node *filter) {
  bool at = is_key_at(filter);
  buffer_add_char(writer->out, '(');
  if (at)
    write_key(writer, filter->first, filter->predicates->number);
  else
    write(writer, filter->first);
  buffer_add_char(writer->out, ')');
  write_predicates(writer, at ? filter->predicates->next : filter->predicates);
}

static void write_call(struct writer *writer, const struct xpath_node *call) {
  if (call->prefix == NULL && strcmp(call->name, "count") == 0 && is_key(call->first)) {
    write_key(writer, call->first, 0);
    return;
  }
  size_t argument = 0;
  bool document = call->prefix == NULL && strcmp(call->name, "document") == 0;
  if (call->prefix != NULL) buffer_add_format(writer->out, "%s:", call->prefix);
  if (document)
    buffer_add_format(writer->out, ENGINE_PREFIX ":document(%.0f,", call->number);
  else
    buffer_add_format(writer->out, "%s(", call->name);
  for (const struct xpath_node *each = call->first; each != NULL; each = each->next) {
    if (each != call->first) buffer_add_char(writer->out, ',');
    if (takes_numbers(call, argument++))
      write_operand(writer, each);
    else if (takes_first_node(call))
      write_truth(writer, each);
    else
      write(writer, each);
  }
  buffer_add_char(writer->out, ')');
}

static void write_literal(struct writer *writer, const char *text) {
  char quote = strchr(text, '\'') != NULL ? '"' : '\'';
  buffer_add_format(writer->out, "%c%s%c", quote, text, quote);
}

/* = and != of a number with what may be text; the rest is left to libxml2. */
static bool needs_own_equality(const struct xpath_node *node) {
  const struct xpath_node *left = node->first, *right = left->next;
  return (may_be_number(left) || may_be_number(right)) && !(is_number(left) && is_number(right));
}

static void write_arithmetic(struct writer *writer, const struct xpath_node *node) {
  buffer_add_char(writer->out, '(');
  write_operand(writer, node->first);
  buffer_add_text(writer->out, binary_word(node->kind));
  write_operand(writer, node->first->next);
  buffer_add_char(writer->out, ')');
}

static void write_binary(struct writer *writer, const struct xpath_node *node) {
  const char *comparison = comparison_word(node->kind);
  if ((node->kind == EXPR_EQUAL || node->kind == EXPR_NOT_EQUAL) && !needs_own_equality(node))
    comparison = NULL;
  if (comparison != NULL) buffer_add_format(writer->out, ENGINE_PREFIX ":%s", comparison);
  bool logical = node->kind == EXPR_AND || node->kind == EXPR_OR;
  buffer_add_char(writer->out, '(');
  (logical ? write_truth : write)(writer, node->first);
  buffer_add_text(writer->out, comparison != NULL ? "," : binary_word(node->kind));
  (logical ? write_truth : write)(writer, node->first->next);
  buffer_add_char(writer->out, ')');
}

/* As it stands in the source: libxml2 reads digits in its own way. */
static void write_number(struct writer *writer, const struct xpath_node *node) {
  buffer_add(writer->out, writer->source + node->start, node->end - node->start);
}

static void write(struct writer *writer, const struct xpath_node *node) {
  switch (node->kind) {
  case EXPR_PATH:
    buffer_add_char(writer->out, '(');
    write_path(writer, node);
    buffer_add_char(writer->out, ')');
    return;
  case EXPR_STEP:
    buffer_add_char(writer->out, '(');
    write_step(writer, node, node->axis, false);
    buffer_add_char(writer->out, ')');
    return;
  case EXPR_FILTER:
    write_filter(writer, node);
    return;
  case EXPR_NEGATE:
    buffer_add_text(writer->out, "(-");
    write_operand(writer, node->first);
    buffer_add_char(writer->out, ')');
    return;
  case EXPR_CALL:
    write_call(writer, node);
    return;
  case EXPR_VARIABLE:
    buffer_add_format(writer->out, "$%s%s%s", node->prefix == NULL ? "" : node->prefix,
                      node->prefix == NULL ? "" : ":", node->name);
    return;
  case EXPR_LITERAL:
    write_literal(writer, node->name);
    return;
  case EXPR_NUMBER:
    write_number(writer, node);
    return;
  case EXPR_ADD:
  case EXPR_SUBTRACT:
  case EXPR_MULTIPLY:
  case EXPR_DIVIDE:
  case EXPR_MODULO:
    write_arithmetic(writer, node);
    return;
  default:
    write_binary(writer, node);
    return;
  }
}

void expression_write(struct buffer *out, const struct schema *schema, const char *source,
                      const struct xpath_node *node, enum write_form form) {
  struct writer writer = {out, schema, source};
  buffer_add_char(out, '(');
  if (form == WRITE_WHOLE)
    write(&writer, node);
  else if (form == WRITE_TRUTH)
    write_truth(&writer, node);
  else
    write_step(&writer, node, form == WRITE_BARE ? node->axis : AXIS_DESCENDANT,
               form != WRITE_DEEP);
  buffer_add_char(out, ')');
}

xmlXPathCompExprPtr expression_compile(const struct schema *schema, const char *source,
                                       const struct xpath_node *node, enum write_form form) {
  struct buffer text = buffer_make(WRITTEN_MOST);
  expression_write(&text, schema, source, node, form);
  xmlXPathCompExprPtr compiled =
      text.overflowed ? NULL : xmlXPathCompile(BAD_CAST buffer_text(&text));
  buffer_dispose(&text);
  return compiled;
}
