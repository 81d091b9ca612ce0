/* libxml2's side of the comparison: its dump of a compiled expression, read back
 * as a tree, and the form that both trees are brought to. */
#include "schematron/support_libxml2_tree.h"

#include "base/text.h"

#include <check.h>
#include <libxml/debugXML.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <string.h>

/* ---- One form ---------------------------------------------------------------- */

static struct xpath_node *normal(struct xpath_node *node, const char *source);

static void free_one(struct xpath_node *node) {
  node->first = node->next = node->predicates = NULL;
  xpath_free(node);
}

static struct xpath_node *normal_list(struct xpath_node *list, const char *source) {
  struct xpath_node *first = NULL, **place = &first;
  while (list != NULL) {
    struct xpath_node *next = list->next;
    list->next = NULL;
    *place = normal(list, source);
    place = &(*place)->next;
    list = next;
  }
  return first;
}

/* "." as the source has it; an explicit self::node() stays. */
static bool is_dot(const struct xpath_node *step, const char *source) {
  return source != NULL && step->kind == EXPR_STEP && step->axis == AXIS_SELF &&
         step->end == step->start + 1 && source[step->start] == '.';
}

static void drop_dots(struct xpath_node *path, const char *source) {
  for (struct xpath_node **place = &path->first; *place != NULL;) {
    struct xpath_node *step = *place;
    if (!is_dot(step, source)) {
      place = &step->next;
      continue;
    }
    *place = step->next;
    free_one(step);
  }
}

static bool is_whole_tree(const struct xpath_node *step) {
  return step->kind == EXPR_STEP && step->axis == AXIS_DESCENDANT_OR_SELF &&
         step->test == TEST_NODE && step->predicates == NULL;
}

static bool join_axis(struct xpath_node *step) {
  if (step->predicates != NULL) return false;
  switch (step->axis) {
  case AXIS_CHILD:
  case AXIS_DESCENDANT:
    step->axis = AXIS_DESCENDANT;
    return true;
  case AXIS_SELF:
  case AXIS_DESCENDANT_OR_SELF:
    step->axis = AXIS_DESCENDANT_OR_SELF;
    return true;
  default:
    return false;
  }
}

/* From the back, each pair once; repeated until nothing changes, for both trees. */
static bool join_once(struct xpath_node *path) {
  for (struct xpath_node **place = &path->first; *place != NULL; place = &(*place)->next) {
    struct xpath_node *step = *place;
    if (!is_whole_tree(step) || step->next == NULL || !join_axis(step->next)) continue;
    *place = step->next;
    free_one(step);
    return true;
  }
  return false;
}

/* (a/b)/c is a/b/c, and a path with nothing but a primary is the primary. */
static struct xpath_node *splice(struct xpath_node *path) {
  struct xpath_node *head = path->first;
  if (head != NULL && head->kind == EXPR_PATH) {
    struct xpath_node **end = &head->first;
    while (*end != NULL)
      end = &(*end)->next;
    *end = head->next;
    path->first = head->first;
    path->absolute = head->absolute;
    free_one(head);
  } else if (head != NULL && head->kind != EXPR_STEP && head->next == NULL) {
    free_one(path);
    return head;
  }
  return path;
}

static struct xpath_node *normal_path(struct xpath_node *path, const char *source) {
  drop_dots(path, source);
  path = splice(path);
  while (path->kind == EXPR_PATH && join_once(path)) {
  }
  return path;
}

static struct xpath_node *normal_filter(struct xpath_node *filter) {
  struct xpath_node *inner = filter->first;
  if (inner->kind != EXPR_FILTER) return filter;
  struct xpath_node **end = &inner->predicates;
  while (*end != NULL)
    end = &(*end)->next;
  *end = filter->predicates;
  free_one(filter);
  return inner;
}

static struct xpath_node *normal_negation(struct xpath_node *node) {
  struct xpath_node *second = node->first;
  if (second->kind != EXPR_NEGATE || second->first->kind != EXPR_NEGATE) return node;
  struct xpath_node *third = second->first;
  free_one(node);
  free_one(second);
  return third;
}

static struct xpath_node *normal(struct xpath_node *node, const char *source) {
  node->first = normal_list(node->first, source);
  node->predicates = normal_list(node->predicates, source);
  if (node->kind == EXPR_PATH) return normal_path(node, source);
  if (node->kind == EXPR_FILTER) return normal_filter(node);
  return node->kind == EXPR_NEGATE ? normal_negation(node) : node;
}

/* ---- libxml2's dump, read back -------------------------------------------------- */

struct reader {
  char *lines[4000];
  size_t count, next;
};

static size_t indent(const char *line) {
  return strspn(line, " ");
}

static struct xpath_node *make(enum xpath_kind kind) {
  struct xpath_node *node = alloc_bytes(sizeof *node);
  node->kind = kind;
  return node;
}

static struct xpath_node *make_binary(enum xpath_kind kind, struct xpath_node *left,
                                      struct xpath_node *right) {
  struct xpath_node *node = make(kind);
  node->first = left;
  left->next = right;
  return node;
}

static void append(struct xpath_node **list, struct xpath_node *node) {
  while (*list != NULL)
    list = &(*list)->next;
  *list = node;
}

/* "p:name", "p:" for p:*, or "name". */
static void read_name(struct xpath_node *node, const char *text, size_t size) {
  const char *colon = memchr(text, ':', size);
  if (colon != NULL) {
    node->prefix = alloc_text_n(text, (size_t)(colon - text));
    size -= (size_t)(colon + 1 - text);
    text = colon + 1;
  }
  if (size > 0) node->name = alloc_text_n(text, size);
}

struct word {
  const char *word;
  int value;
};

static int find_word(const struct word *words, size_t count, const char *text, size_t size) {
  for (size_t i = 0; i < count; i++)
    if (strlen(words[i].word) == size && memcmp(words[i].word, text, size) == 0)
      return words[i].value;
  ck_abort_msg("libxml2 writes '%.*s'", (int)size, text);
  return 0;
}
#define FIND_WORD(words, text, size) find_word(words, sizeof(words) / sizeof *(words), text, size)

static enum xpath_axis read_axis(const char *text, size_t size) {
  static const struct word axes[] = {
      {"ancestors", AXIS_ANCESTOR},
      {"ancestors-or-self", AXIS_ANCESTOR_OR_SELF},
      {"attributes", AXIS_ATTRIBUTE},
      {"child", AXIS_CHILD},
      {"descendant", AXIS_DESCENDANT},
      {"descendant-or-self", AXIS_DESCENDANT_OR_SELF},
      {"following", AXIS_FOLLOWING},
      {"following-siblings", AXIS_FOLLOWING_SIBLING},
      {"namespace", AXIS_NAMESPACE},
      {"parent", AXIS_PARENT},
      {"preceding", AXIS_PRECEDING},
      {"preceding-sibling", AXIS_PRECEDING_SIBLING},
      {"self", AXIS_SELF},
  };
  return (enum xpath_axis)FIND_WORD(axes, text, size);
}

/* " 'axis' 'test' 'type' name" */
static struct xpath_node *read_step(const char *text) {
  static const struct word types[] = {{"node", TEST_NODE},
                                      {"text", TEST_TEXT},
                                      {"comment", TEST_COMMENT},
                                      {"PI", TEST_INSTRUCTION}};
  struct xpath_node *step = make(EXPR_STEP);
  struct span words[3];
  for (size_t i = 0; i < 3; i++) {
    text = strchr(text, '\'') + 1;
    words[i] = (struct span){text, (size_t)(strchr(text, '\'') - text)};
    text += words[i].size + 1;
  }
  text += *text == ' ';
  step->axis = read_axis(words[0].start, words[0].size);
  bool any = span_equal(words[1], "all");
  if (span_equal(words[1], "type") || span_equal(words[1], "PI"))
    step->test = (enum xpath_test)FIND_WORD(types, words[2].start, words[2].size);
  else
    step->test = any ? TEST_ANY : TEST_NAME;
  if (span_equal(words[1], "PI"))
    step->name = alloc_text(text);
  else if (!span_equal(words[1], "type"))
    read_name(step, text, strlen(text));
  return step;
}

static struct xpath_node *read_value(const char *text) {
  bool number = text_starts(text, "Object is a number : ");
  struct xpath_node *node = make(number ? EXPR_NUMBER : EXPR_LITERAL);
  text = strchr(text, ':') + 2;
  if (number)
    node->number = strtod(text, NULL);
  else
    node->name = alloc_text(text);
  return node;
}

static struct xpath_node *read_operation(struct reader *reader);

/* Operations below the one at `depth`; leaves carry leftovers that mean nothing. */
static size_t read_below(struct reader *reader, size_t depth, struct xpath_node *out[2]) {
  size_t count = 0;
  while (reader->next < reader->count && indent(reader->lines[reader->next]) > depth) {
    ck_assert_uint_lt(count, 2);
    out[count++] = read_operation(reader);
  }
  return count;
}

static void skip_below(struct reader *reader, size_t depth) {
  while (reader->next < reader->count && indent(reader->lines[reader->next]) > depth)
    reader->next++;
}

static struct xpath_node *collect(const char *text, struct xpath_node *below[2], size_t count) {
  struct xpath_node *step = read_step(text), *path = below[0];
  if (count == 2) { /* a list, held by a PATH without meaning */
    step->predicates = below[1]->first;
    free_one(below[1]);
  }
  if (path->kind != EXPR_PATH) {
    path = make(EXPR_PATH);
    path->first = below[0];
  }
  append(&path->first, step);
  return path;
}

/* PREDICATE and ARG are lists, linked from the last. */
static struct xpath_node *list_of(struct xpath_node *below[2], size_t count) {
  struct xpath_node *list = count == 2 ? below[0] : make(EXPR_PATH);
  append(&list->first, below[count - 1]);
  return list;
}

static struct xpath_node *call_of(const char *text, struct xpath_node *below[2], size_t count) {
  struct xpath_node *call = make(EXPR_CALL);
  const char *open = strrchr(text, '(');
  read_name(call, text, (size_t)(open - text));
  if (count == 1) {
    call->first = below[0]->first;
    free_one(below[0]);
  }
  return call;
}

static struct xpath_node *operator_of(const char *line, struct xpath_node *below[2]) {
  static const struct word words[] = {
      {"OR", EXPR_OR},           {"AND", EXPR_AND},
      {"EQUAL =", EXPR_EQUAL},   {"EQUAL !=", EXPR_NOT_EQUAL},
      {"CMP <", EXPR_LESS},      {"CMP <=", EXPR_LESS_EQUAL},
      {"CMP >", EXPR_GREATER},   {"CMP >=", EXPR_GREATER_EQUAL},
      {"PLUS +", EXPR_ADD},      {"PLUS -", EXPR_SUBTRACT},
      {"MULT *", EXPR_MULTIPLY}, {"MULT div", EXPR_DIVIDE},
      {"MULT mod", EXPR_MODULO}, {"UNION", EXPR_UNION},
  };
  enum xpath_kind kind = (enum xpath_kind)FIND_WORD(words, line, strlen(line));
  return make_binary(kind, below[0], below[1]);
}

static struct xpath_node *negate(struct xpath_node *below) {
  struct xpath_node *node = make(EXPR_NEGATE);
  node->first = below;
  return node;
}

static struct xpath_node *filter_of(struct xpath_node *below[2]) {
  struct xpath_node *node = make(EXPR_FILTER);
  node->first = below[0];
  node->predicates = below[1];
  return node;
}

/* An operation without operands, or NULL. */
static struct xpath_node *leaf_of(const char *line) {
  struct xpath_node *node = NULL;
  if (text_starts(line, "ROOT") || text_starts(line, "NODE")) {
    node = make(EXPR_PATH);
    node->absolute = *line == 'R';
  } else if (text_starts(line, "ELEM ")) {
    node = read_value(line + strlen("ELEM "));
  } else if (text_starts(line, "VARIABLE ")) {
    node = make(EXPR_VARIABLE);
    read_name(node, line + strlen("VARIABLE "), strlen(line + strlen("VARIABLE ")));
  }
  return node;
}

static struct xpath_node *read_operation(struct reader *reader) {
  const char *line = reader->lines[reader->next++];
  size_t depth = indent(line);
  line += depth;
  struct xpath_node *leaf = leaf_of(line);
  if (leaf != NULL) {
    skip_below(reader, depth);
    return leaf;
  }
  struct xpath_node *below[2] = {NULL, NULL};
  size_t count = read_below(reader, depth, below);
  if (text_starts(line, "COLLECT ")) return collect(line + strlen("COLLECT "), below, count);
  if (text_starts(line, "FUNCTION ")) return call_of(line + strlen("FUNCTION "), below, count);
  ck_assert_uint_gt(count, 0);
  if (text_equal(line, "SORT")) return below[0];
  if (text_equal(line, "PREDICATE") || text_equal(line, "ARG")) return list_of(below, count);
  if (text_equal(line, "PLUS unary - -")) return negate(negate(below[0]));
  if (text_equal(line, "PLUS unary -")) return negate(below[0]);
  ck_assert_uint_eq(count, 2);
  return text_equal(line, "FILTER") ? filter_of(below) : operator_of(line, below);
}

/* ---- libxml2 --------------------------------------------------------------------- */

static void ignore_error(void *data, xmlErrorPtr error) {
  (void)data;
  (void)error;
}

static xmlXPathCompExpr *compile(const char *source) {
  xmlXPathContext *context = xmlXPathNewContext(NULL);
  context->error = ignore_error;
  xmlXPathCompExpr *compiled = xmlXPathCtxtCompile(context, BAD_CAST source);
  xmlXPathFreeContext(context);
  return compiled;
}

/* In parentheses, so that libxml2 does not take its streaming matcher. */
static xmlXPathCompExpr *compile_dumpable(const char *source) {
  char *whole = alloc_format("(%s)", source);
  xmlXPathCompExpr *compiled = compile(whole);
  alloc_free(whole);
  return compiled;
}

static char *dump_text(xmlXPathCompExpr *compiled) {
  FILE *file = tmpfile();
  ck_assert_ptr_nonnull(file);
  xmlXPathDebugDumpCompExpr(file, compiled, 0);
  long size = ftell(file);
  char *text = alloc_bytes((size_t)size + 1);
  rewind(file);
  ck_assert_uint_eq(fread(text, 1, (size_t)size, file), (size_t)size);
  fclose(file);
  return text;
}

/* NULL when the dump is too deep: it stops indenting at 25 levels. */
static struct xpath_node *their_tree(xmlXPathCompExpr *compiled) {
  struct reader reader = {.count = 0};
  char *text = dump_text(compiled);
  bool deep = false;
  for (char *line = text, *end; reader.count < 4000 && (end = strchr(line, '\n')) != NULL;
       line = end + 1) {
    *end = '\0';
    reader.lines[reader.count++] = line;
    deep = deep || indent(line) >= 48;
  }
  reader.next = 1; /* "Compiled Expression : n elements" */
  struct xpath_node *tree = deep || reader.count == 4000 ? NULL : read_operation(&reader);
  alloc_free(text);
  return tree;
}

/* ---- For the tests ----------------------------------------------------------------- */

bool libxml2_accepts(const char *source) {
  xmlXPathCompExpr *compiled = compile(source);
  xmlXPathFreeCompExpr(compiled);
  return compiled != NULL;
}

struct xpath_node *libxml2_tree(const char *source) {
  xmlXPathCompExpr *compiled = compile_dumpable(source);
  ck_assert_ptr_nonnull(compiled);
  struct xpath_node *tree = their_tree(compiled);
  xmlXPathFreeCompExpr(compiled);
  return tree == NULL ? NULL : normal(tree, NULL);
}

struct xpath_node *normal_tree(struct xpath_node *tree, const char *source) {
  return normal(tree, source);
}
