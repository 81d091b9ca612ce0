/* A recursive-descent parser for XPath 1.0. Names and "*" become operators by
 * where they stand, which is the disambiguation rule of REC-xpath 3.7: after an
 * operand only an operator can follow. Every node is also kept in one list, so
 * that an error frees them all without each function cleaning up. */
#include "schematron/xpath.h"

#include "schematron/xpath_axis.h"
#include "schematron/xpath_lexer.h"

#include <libxml/xpath.h>
#include <stdio.h>
#include <string.h>

struct parser {
  const char *source;
  struct token token; /* the one to look at */
  size_t last_end;    /* of the token before it */
  unsigned depth;     /* of the recursion */
  bool failed;        /* then `token` is TOKEN_END for good */
  struct xpath_error *error;
  struct xpath_node **nodes;
  size_t count, capacity;
};

static struct xpath_node *parse_expression(struct parser *parser, int level);
static struct xpath_node *parse_predicates(struct parser *parser, struct xpath_node *node);

/* ---- Errors -------------------------------------------------------------- */

static void fail_at(struct parser *parser, size_t offset, const char *message) {
  if (parser->failed) return;
  parser->failed = true;
  parser->error->offset = offset;
  char *printable = text_printable(message, sizeof parser->error->message - 1);
  snprintf(parser->error->message, sizeof parser->error->message, "%s", printable);
  alloc_free(printable);
  parser->token = (struct token){.kind = TOKEN_END, .start = offset, .end = offset};
}

PRINTF_LIKE(3, 4)
static void fail_format(struct parser *parser, size_t offset, const char *format, ...) {
  char message[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  fail_at(parser, offset, message);
}

/* "expected ..., found ...", or the token's own problem. */
static void fail_expected(struct parser *parser, const char *expected) {
  const struct token *token = &parser->token;
  if (token->kind == TOKEN_BAD)
    fail_format(parser, token->start, "%s", token->problem);
  else if (token->kind == TOKEN_END)
    fail_format(parser, token->start, "expected %s, found the end", expected);
  else
    fail_format(parser, token->start, "expected %s, found '%.*s'", expected,
                (int)(token->end - token->start > 60 ? 60 : token->end - token->start),
                parser->source + token->start);
}

/* ---- Tokens and nodes ---------------------------------------------------- */

static void advance(struct parser *parser) {
  if (parser->failed) return;
  parser->last_end = parser->token.end;
  parser->token = token_read(parser->source, parser->token.end);
}

static bool accept(struct parser *parser, enum token_kind kind) {
  if (parser->failed || parser->token.kind != kind) return false;
  advance(parser);
  return true;
}

static bool expect(struct parser *parser, enum token_kind kind, const char *expected) {
  if (accept(parser, kind)) return true;
  fail_expected(parser, expected);
  return false;
}

static struct token peek(const struct parser *parser) {
  return token_read(parser->source, parser->token.end);
}

static struct xpath_node *new_node(struct parser *parser, enum xpath_kind kind, size_t start) {
  struct xpath_node *node = alloc_bytes(sizeof *node);
  node->kind = kind;
  node->start = start;
  node->height = 1;
  ARRAY_PUSH(parser->nodes, parser->count, parser->capacity) = node;
  return node;
}

/* Links `below` (which may be NULL after a failure) at the end of a list of
 * `node`, and watches the height. Returns where the next one goes. */
static struct xpath_node **attach(struct parser *parser, struct xpath_node *node,
                                  struct xpath_node **place, struct xpath_node *below) {
  if (below == NULL) return place;
  *place = below;
  if (below->height >= node->height) node->height = below->height + 1;
  if (node->height > XPATH_HEIGHT_MOST)
    fail_format(parser, node->start, "nested more than %d levels deep", XPATH_HEIGHT_MOST);
  return &below->next;
}

static bool enter(struct parser *parser) {
  if (++parser->depth > XPATH_HEIGHT_MOST)
    fail_format(parser, parser->token.start, "nested more than %d levels deep", XPATH_HEIGHT_MOST);
  return !parser->failed;
}

static void set_name(struct xpath_node *node, const struct token *token) {
  if (token->prefix.size > 0) node->prefix = span_copy(token->prefix);
  if (token->name.size > 0 || token->kind == TOKEN_LITERAL) node->name = span_copy(token->name);
}

/* ---- Axes and node tests -------------------------------------------------- */

static void parse_axis_name(struct parser *parser, struct xpath_node *step) {
  const struct token token = parser->token;
  if (token.prefix.size == 0 && axis_of_name(token.name, &step->axis)) {
    advance(parser); /* the name */
    advance(parser); /* and "::" */
    return;
  }
  const char *near = axis_near_name(token.name);
  int size = (int)(token.end - token.start > 60 ? 60 : token.end - token.start);
  fail_format(parser, token.start, "unknown axis '%.*s'%s%s%s", size, parser->source + token.start,
              near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
              near != NULL ? "'?" : "");
}

static bool node_type(const struct token *token, enum xpath_test *test) {
  static const struct {
    const char *name;
    enum xpath_test test;
  } types[] = {{"node", TEST_NODE},
               {"text", TEST_TEXT},
               {"comment", TEST_COMMENT},
               {"processing-instruction", TEST_INSTRUCTION}};
  for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
    if (token->prefix.size > 0 || !span_equal(token->name, types[i].name)) continue;
    *test = types[i].test;
    return true;
  }
  return false;
}

/* After the name of a node type or of something that looks like a call. */
static void parse_type_test(struct parser *parser, struct xpath_node *step,
                            const struct token *name) {
  int size = (int)(name->end - name->start > 60 ? 60 : name->end - name->start);
  const char *text = parser->source + name->start;
  if (!node_type(name, &step->test)) {
    fail_format(parser, name->start,
                "a call of '%.*s' cannot be a step; a function may only begin a path", size, text);
    return;
  }
  advance(parser); /* the parenthesis */
  if (step->test == TEST_INSTRUCTION && parser->token.kind == TOKEN_LITERAL) {
    set_name(step, &parser->token);
    advance(parser);
  }
  char expected[100];
  snprintf(expected, sizeof expected, "')' to close '%.*s('", size, text);
  expect(parser, TOKEN_CLOSE, expected);
}

static void parse_node_test(struct parser *parser, struct xpath_node *step) {
  struct token token = parser->token;
  if (accept(parser, TOKEN_STAR)) {
    step->test = TEST_ANY;
    return;
  }
  if (!expect(parser, TOKEN_NAME, "a name, '*' or a node test such as text()")) return;
  if (parser->token.kind == TOKEN_OPEN) {
    parse_type_test(parser, step, &token);
    return;
  }
  set_name(step, &token);
  step->test = token.name.size > 0 ? TEST_NAME : TEST_ANY;
}

/* ---- Location paths ------------------------------------------------------- */

static struct xpath_node *abbreviated_step(struct parser *parser, enum xpath_axis axis) {
  struct xpath_node *step = new_node(parser, EXPR_STEP, parser->token.start);
  step->axis = axis;
  step->test = TEST_NODE;
  advance(parser);
  step->end = parser->last_end;
  if (parser->token.kind == TOKEN_OPEN_BRACKET)
    fail_format(parser, parser->token.start, "'%s' takes no predicate; write %s::node()[...]",
                axis == AXIS_SELF ? "." : "..", xpath_axis_name(axis));
  return step;
}

static struct xpath_node *parse_step(struct parser *parser) {
  if (parser->token.kind == TOKEN_DOT) return abbreviated_step(parser, AXIS_SELF);
  if (parser->token.kind == TOKEN_DOT_DOT) return abbreviated_step(parser, AXIS_PARENT);
  struct xpath_node *step = new_node(parser, EXPR_STEP, parser->token.start);
  if (accept(parser, TOKEN_AT))
    step->axis = AXIS_ATTRIBUTE;
  else if (parser->token.kind == TOKEN_NAME && peek(parser).kind == TOKEN_AXIS)
    parse_axis_name(parser, step);
  parse_node_test(parser, step);
  return parse_predicates(parser, step);
}

static bool starts_step(const struct parser *parser) {
  switch (parser->token.kind) {
  case TOKEN_NAME:
  case TOKEN_STAR:
  case TOKEN_AT:
  case TOKEN_DOT:
  case TOKEN_DOT_DOT:
    return true;
  default:
    return false;
  }
}

/* Consumes "//" and makes its step: of no width, right behind the slashes. */
static struct xpath_node *descendant_step(struct parser *parser) {
  advance(parser);
  struct xpath_node *step = new_node(parser, EXPR_STEP, parser->last_end);
  step->end = step->start;
  step->axis = AXIS_DESCENDANT_OR_SELF;
  step->test = TEST_NODE;
  return step;
}

static struct xpath_node **parse_one_step(struct parser *parser, struct xpath_node *path,
                                          struct xpath_node **place) {
  if (!starts_step(parser)) {
    fail_expected(parser, "a step");
    return place;
  }
  return attach(parser, path, place, parse_step(parser));
}

/* "/a", "//a", ... at `place`, as long as slashes follow. */
static void parse_more_steps(struct parser *parser, struct xpath_node *path,
                             struct xpath_node **place) {
  while (!parser->failed) {
    if (parser->token.kind == TOKEN_SLASH_SLASH)
      place = attach(parser, path, place, descendant_step(parser));
    else if (!accept(parser, TOKEN_SLASH))
      break;
    place = parse_one_step(parser, path, place);
  }
  path->end = parser->last_end;
}

/* After a first "/": is that the whole path? */
static bool is_root_alone(const struct parser *parser) {
  return !starts_step(parser) && parser->token.kind != TOKEN_BAD &&
         parser->token.kind != TOKEN_SLASH && parser->token.kind != TOKEN_SLASH_SLASH;
}

static struct xpath_node *parse_location_path(struct parser *parser) {
  struct xpath_node *path = new_node(parser, EXPR_PATH, parser->token.start);
  struct xpath_node **place = &path->first;
  path->from_root_descendant = parser->token.kind == TOKEN_SLASH_SLASH;
  path->absolute = path->from_root_descendant || parser->token.kind == TOKEN_SLASH;
  if (path->from_root_descendant) {
    place = attach(parser, path, place, descendant_step(parser));
  } else if (accept(parser, TOKEN_SLASH) && is_root_alone(parser)) {
    path->end = parser->last_end;
    return path;
  }
  place = parse_one_step(parser, path, place);
  parse_more_steps(parser, path, place);
  return path;
}

/* ---- Primary expressions -------------------------------------------------- */

static struct xpath_node *parse_call(struct parser *parser) {
  const struct token name = parser->token;
  struct xpath_node *call = new_node(parser, EXPR_CALL, name.start);
  struct xpath_node **place = &call->first;
  int size = (int)(name.end - name.start > 60 ? 60 : name.end - name.start);
  set_name(call, &name);
  if (call->name == NULL)
    fail_format(parser, name.start, "'%.*s' is not the name of a function", size,
                parser->source + name.start);
  advance(parser); /* the name */
  advance(parser); /* the parenthesis */
  if (parser->token.kind != TOKEN_CLOSE) do
      place = attach(parser, call, place, parse_expression(parser, 0));
    while (accept(parser, TOKEN_COMMA));
  char expected[100];
  snprintf(expected, sizeof expected, "')' to close the call of '%.*s'", size,
           parser->source + name.start);
  expect(parser, TOKEN_CLOSE, expected);
  call->end = parser->last_end;
  return call;
}

static struct xpath_node *parse_leaf(struct parser *parser, enum xpath_kind kind) {
  struct token token = parser->token;
  struct xpath_node *leaf = new_node(parser, kind, token.start);
  leaf->end = token.end;
  set_name(leaf, &token);
  if (kind == EXPR_NUMBER) {
    char *digits = alloc_text_n(parser->source + token.start, token.end - token.start);
    leaf->number = xmlXPathCastStringToNumber((const xmlChar *)digits);
    alloc_free(digits);
  }
  advance(parser);
  return leaf;
}

static struct xpath_node *parse_parentheses(struct parser *parser) {
  size_t start = parser->token.start;
  advance(parser);
  struct xpath_node *inner = parse_expression(parser, 0);
  if (parser->token.kind == TOKEN_END && !parser->failed)
    fail_at(parser, start, "this '(' is never closed");
  expect(parser, TOKEN_CLOSE, "')' or an operator");
  return inner;
}

static bool starts_primary(const struct parser *parser) {
  switch (parser->token.kind) {
  case TOKEN_OPEN:
  case TOKEN_VARIABLE:
  case TOKEN_LITERAL:
  case TOKEN_NUMBER:
    return true;
  case TOKEN_NAME: {
    enum xpath_test test;
    return peek(parser).kind == TOKEN_OPEN && !node_type(&parser->token, &test);
  }
  default:
    return false;
  }
}

static struct xpath_node *parse_primary(struct parser *parser) {
  switch (parser->token.kind) {
  case TOKEN_OPEN:
    return parse_parentheses(parser);
  case TOKEN_VARIABLE:
    return parse_leaf(parser, EXPR_VARIABLE);
  case TOKEN_LITERAL:
    return parse_leaf(parser, EXPR_LITERAL);
  case TOKEN_NUMBER:
    return parse_leaf(parser, EXPR_NUMBER);
  default:
    return parse_call(parser);
  }
}

static struct xpath_node *parse_predicates(struct parser *parser, struct xpath_node *node) {
  struct xpath_node **place = &node->predicates;
  while (accept(parser, TOKEN_OPEN_BRACKET)) {
    if (parser->token.kind == TOKEN_CLOSE_BRACKET)
      fail_expected(parser, "a condition between '[' and ']'");
    place = attach(parser, node, place, parse_expression(parser, 0));
    expect(parser, TOKEN_CLOSE_BRACKET, "']' to close the predicate");
  }
  node->end = parser->last_end;
  return node;
}

/* FilterExpr, and the steps that may follow it. */
static struct xpath_node *parse_filter_path(struct parser *parser) {
  size_t start = parser->token.start;
  struct xpath_node *head = parse_primary(parser);
  if (parser->token.kind == TOKEN_OPEN_BRACKET) {
    struct xpath_node *filter = new_node(parser, EXPR_FILTER, start);
    attach(parser, filter, &filter->first, head);
    head = parse_predicates(parser, filter);
  }
  if (parser->token.kind != TOKEN_SLASH && parser->token.kind != TOKEN_SLASH_SLASH) return head;
  struct xpath_node *path = new_node(parser, EXPR_PATH, start);
  parse_more_steps(parser, path, attach(parser, path, &path->first, head));
  return path;
}

/* ---- Operators ------------------------------------------------------------ */

static struct xpath_node *parse_operand(struct parser *parser) {
  if (starts_primary(parser)) return parse_filter_path(parser);
  if (starts_step(parser) || parser->token.kind == TOKEN_SLASH ||
      parser->token.kind == TOKEN_SLASH_SLASH)
    return parse_location_path(parser);
  fail_expected(parser, "an expression");
  return NULL;
}

static struct xpath_node *make_binary(struct parser *parser, enum xpath_kind kind, size_t start,
                                      struct xpath_node *left, struct xpath_node *right) {
  struct xpath_node *node = new_node(parser, kind, start);
  node->end = parser->last_end;
  attach(parser, node, attach(parser, node, &node->first, left), right);
  return node;
}

static struct xpath_node *parse_union(struct parser *parser) {
  size_t start = parser->token.start;
  struct xpath_node *left = parse_operand(parser);
  while (accept(parser, TOKEN_BAR))
    left = make_binary(parser, EXPR_UNION, start, left, parse_operand(parser));
  return left;
}

static struct xpath_node *parse_unary(struct parser *parser) {
  if (parser->token.kind != TOKEN_MINUS) return parse_union(parser);
  struct xpath_node *negation = new_node(parser, EXPR_NEGATE, parser->token.start);
  advance(parser);
  if (enter(parser)) attach(parser, negation, &negation->first, parse_unary(parser));
  parser->depth--;
  negation->end = parser->last_end;
  return negation;
}

/* From loosest to tightest; those of one level bind from the left. */
static const struct binary {
  enum token_kind token;
  const char *word; /* of TOKEN_NAME */
  int level;
  enum xpath_kind kind;
} binaries[] = {
    {TOKEN_NAME, "or", 0, EXPR_OR},         {TOKEN_NAME, "and", 1, EXPR_AND},
    {TOKEN_EQUAL, NULL, 2, EXPR_EQUAL},     {TOKEN_NOT_EQUAL, NULL, 2, EXPR_NOT_EQUAL},
    {TOKEN_LESS, NULL, 3, EXPR_LESS},       {TOKEN_LESS_EQUAL, NULL, 3, EXPR_LESS_EQUAL},
    {TOKEN_GREATER, NULL, 3, EXPR_GREATER}, {TOKEN_GREATER_EQUAL, NULL, 3, EXPR_GREATER_EQUAL},
    {TOKEN_PLUS, NULL, 4, EXPR_ADD},        {TOKEN_MINUS, NULL, 4, EXPR_SUBTRACT},
    {TOKEN_STAR, NULL, 5, EXPR_MULTIPLY},   {TOKEN_NAME, "div", 5, EXPR_DIVIDE},
    {TOKEN_NAME, "mod", 5, EXPR_MODULO},
};

static const struct binary *binary_at(const struct parser *parser, int level) {
  const struct token *token = &parser->token;
  for (size_t i = 0; i < sizeof binaries / sizeof *binaries; i++) {
    const struct binary *binary = &binaries[i];
    if (binary->level < level || binary->token != token->kind) continue;
    if (binary->word == NULL || (token->prefix.size == 0 && span_equal(token->name, binary->word)))
      return binary;
  }
  return NULL;
}

static struct xpath_node *parse_expression(struct parser *parser, int level) {
  size_t start = parser->token.start;
  if (!enter(parser)) return NULL;
  struct xpath_node *left = parse_unary(parser);
  const struct binary *binary;
  while (!parser->failed && (binary = binary_at(parser, level)) != NULL) {
    advance(parser);
    struct xpath_node *right = parse_expression(parser, binary->level + 1);
    left = make_binary(parser, binary->kind, start, left, right);
  }
  parser->depth--;
  return left;
}

/* ---- Whole sources -------------------------------------------------------- */

static void fail_trailing(struct parser *parser) {
  const struct token *token = &parser->token;
  if (token->kind == TOKEN_CLOSE)
    fail_at(parser, token->start, "')' without a '(' before it");
  else if (token->kind == TOKEN_CLOSE_BRACKET)
    fail_at(parser, token->start, "']' without a '[' before it");
  else if (token->kind == TOKEN_COMMA)
    fail_at(parser, token->start, "',' is only known between the arguments of a call");
  else
    fail_expected(parser, "an operator");
}

static void check_source(struct parser *parser) {
  size_t size = strlen(parser->source);
  if (size > XPATH_SOURCE_MOST) {
    fail_format(parser, 0, "longer than %d bytes", XPATH_SOURCE_MOST);
    return;
  }
  size_t good = text_utf8_prefix(parser->source, size);
  if (good < size) fail_at(parser, good, "this byte is not UTF-8");
}

struct xpath_node *xpath_parse(const char *source, struct xpath_error *error) {
  struct parser parser = {.source = source, .error = error};
  *error = (struct xpath_error){.offset = 0};
  struct xpath_node *node = NULL;
  check_source(&parser);
  if (!parser.failed) {
    parser.token = token_read(source, 0);
    node = parse_expression(&parser, 0);
    if (parser.token.kind != TOKEN_END) fail_trailing(&parser);
  }
  for (size_t i = 0; i < parser.count && parser.failed; i++) {
    parser.nodes[i]->first = parser.nodes[i]->next = parser.nodes[i]->predicates = NULL;
    xpath_free(parser.nodes[i]);
  }
  alloc_free(parser.nodes);
  return parser.failed ? NULL : node;
}

void xpath_free(struct xpath_node *node) {
  while (node != NULL) {
    struct xpath_node *next = node->next;
    xpath_free(node->first);
    xpath_free(node->predicates);
    alloc_free(node->prefix);
    alloc_free(node->name);
    alloc_free(node);
    node = next;
  }
}
