/* Cuts an expression into tokens. One call, one token; no state is kept, so the
 * parser may look ahead as it likes. */
#include "schematron/xpath_lexer.h"

#include <stdint.h>
#include <string.h>

static size_t skip_space(const char *source, size_t offset) {
  return offset + strspn(source + offset, " \t\r\n");
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/* One character of valid UTF-8 (the parser has checked the whole source). */
static uint32_t decode(const char *text, size_t *size) {
  const unsigned char *bytes = (const unsigned char *)text;
  if (bytes[0] < 0x80) {
    *size = 1;
    return bytes[0];
  }
  *size = bytes[0] < 0xE0 ? 2 : bytes[0] < 0xF0 ? 3 : 4;
  uint32_t value = bytes[0] & (0x7Fu >> *size);
  for (size_t i = 1; i < *size; i++)
    value = (value << 6) | (bytes[i] & 0x3F);
  return value;
}

struct range {
  uint32_t first, last;
};

static bool in_ranges(uint32_t c, const struct range *ranges, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (c >= ranges[i].first && c <= ranges[i].last) return true;
  return false;
}

/* XML 1.0 (fifth edition) production 4, without the colon. */
static bool starts_name(uint32_t c) {
  static const struct range letters[] = {
      {'A', 'Z'},       {'_', '_'},       {'a', 'z'},       {0xC0, 0xD6},     {0xD8, 0xF6},
      {0xF8, 0x2FF},    {0x370, 0x37D},   {0x37F, 0x1FFF},  {0x200C, 0x200D}, {0x2070, 0x218F},
      {0x2C00, 0x2FEF}, {0x3001, 0xD7FF}, {0xF900, 0xFDCF}, {0xFDF0, 0xFFFD}, {0x10000, 0xEFFFF},
  };
  return in_ranges(c, letters, sizeof letters / sizeof *letters);
}

/* Production 4a, likewise. */
static bool continues_name(uint32_t c) {
  static const struct range others[] = {
      {'-', '.'}, {'0', '9'}, {0xB7, 0xB7}, {0x300, 0x36F}, {0x203F, 0x2040},
  };
  return starts_name(c) || in_ranges(c, others, sizeof others / sizeof *others);
}

/* Size in bytes of the NCName at `text`; 0 when there is none. */
static size_t ncname_size(const char *text) {
  size_t size, total = 0;
  if (!starts_name(decode(text, &size))) return 0;
  do
    total += size;
  while (continues_name(decode(text + total, &size)));
  return total;
}

static struct token bad(struct token token, size_t end, const char *problem) {
  token.kind = TOKEN_BAD;
  token.end = end;
  token.problem = problem;
  return token;
}

/* A QName at `offset`, or prefix:* where that is allowed. */
static struct token read_name(const char *source, struct token token, size_t offset,
                              bool any_allowed) {
  size_t size = ncname_size(source + offset);
  token.name = (struct span){source + offset, size};
  token.end = offset + size;
  if (source[token.end] != ':' || source[token.end + 1] == ':') return token;
  const char *local = source + token.end + 1;
  size_t local_size = ncname_size(local);
  bool any = *local == '*' && any_allowed;
  if (local_size == 0 && !any)
    return bad(token, token.end + 1, "a name must follow the prefix and its ':' at once");
  token.prefix = token.name;
  token.name = (struct span){local, local_size};
  token.end += 1 + (any ? 1 : local_size);
  return token;
}

static struct token read_variable(const char *source, struct token token) {
  token.kind = TOKEN_VARIABLE;
  if (ncname_size(source + token.start + 1) == 0)
    return bad(token, token.start + 1, "the name of a variable must follow '$' at once");
  return read_name(source, token, token.start + 1, false);
}

static struct token read_literal(const char *source, struct token token) {
  const char *text = source + token.start + 1;
  const char *close = strchr(text, source[token.start]);
  if (close == NULL)
    return bad(token, token.start + 1, "the text that begins here is never closed");
  token.kind = TOKEN_LITERAL;
  token.name = (struct span){text, (size_t)(close - text)};
  token.end = (size_t)(close - source) + 1;
  return token;
}

static struct token read_number(const char *source, struct token token) {
  token.kind = TOKEN_NUMBER;
  while (is_digit(source[token.end]))
    token.end++;
  if (source[token.end] == '.') token.end++;
  while (is_digit(source[token.end]))
    token.end++;
  return token;
}

/* Longest first. */
static const struct {
  const char *text;
  enum token_kind kind;
} signs[] = {
    {"//", TOKEN_SLASH_SLASH}, {"..", TOKEN_DOT_DOT},     {"::", TOKEN_AXIS},
    {"!=", TOKEN_NOT_EQUAL},   {"<=", TOKEN_LESS_EQUAL},  {">=", TOKEN_GREATER_EQUAL},
    {"/", TOKEN_SLASH},        {".", TOKEN_DOT},          {"(", TOKEN_OPEN},
    {")", TOKEN_CLOSE},        {"[", TOKEN_OPEN_BRACKET}, {"]", TOKEN_CLOSE_BRACKET},
    {"@", TOKEN_AT},           {",", TOKEN_COMMA},        {"|", TOKEN_BAR},
    {"+", TOKEN_PLUS},         {"-", TOKEN_MINUS},        {"=", TOKEN_EQUAL},
    {"<", TOKEN_LESS},         {">", TOKEN_GREATER},      {"*", TOKEN_STAR},
};

static struct token read_sign(const char *source, struct token token) {
  for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
    if (!text_starts(source + token.start, signs[i].text)) continue;
    token.kind = signs[i].kind;
    token.end = token.start + strlen(signs[i].text);
    return token;
  }
  size_t size;
  decode(source + token.start, &size);
  if (source[token.start] == '!')
    return bad(token, token.start + 1, "'!' is only known in '!='; negation is not(...)");
  if (source[token.start] == '&')
    return bad(token, token.start + 1, "'&' is not known; write 'and'");
  if (source[token.start] == ':')
    return bad(token, token.start + 1, "a name has at most one ':', without blanks around it");
  return bad(token, token.start + size, "this character has no meaning here");
}

struct token token_read(const char *source, size_t offset) {
  size_t start = skip_space(source, offset);
  struct token token = {.kind = TOKEN_END, .start = start, .end = start};
  char c = source[start];
  if (c == '\0') return token;
  if (c == '$') return read_variable(source, token);
  if (c == '"' || c == '\'') return read_literal(source, token);
  if (is_digit(c) || (c == '.' && is_digit(source[start + 1]))) return read_number(source, token);
  if (ncname_size(source + start) == 0) return read_sign(source, token);
  token.kind = TOKEN_NAME;
  return read_name(source, token, start, true);
}
