/* The tokens of XPath 1.0 (REC-xpath 3.7). Inside the syntax tree's own files
 * only. The lexer does not decide what a name is: whether "div" or "*" is an
 * operator follows from where the parser stands. */
#ifndef SITEGLASS_SCHEMATRON_XPATH_LEXER_H
#define SITEGLASS_SCHEMATRON_XPATH_LEXER_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

enum token_kind {
  TOKEN_END,
  TOKEN_BAD,      /* no token of XPath: `problem` says why */
  TOKEN_NAME,     /* NCName, QName, or prefix:* with an empty `name` */
  TOKEN_VARIABLE, /* $QName */
  TOKEN_LITERAL,  /* `name` is the text without quotes */
  TOKEN_NUMBER,
  TOKEN_STAR,
  TOKEN_OPEN,
  TOKEN_CLOSE,
  TOKEN_OPEN_BRACKET,
  TOKEN_CLOSE_BRACKET,
  TOKEN_DOT,
  TOKEN_DOT_DOT,
  TOKEN_AT,
  TOKEN_COMMA,
  TOKEN_AXIS, /* :: */
  TOKEN_SLASH,
  TOKEN_SLASH_SLASH,
  TOKEN_BAR,
  TOKEN_PLUS,
  TOKEN_MINUS,
  TOKEN_EQUAL,
  TOKEN_NOT_EQUAL,
  TOKEN_LESS,
  TOKEN_LESS_EQUAL,
  TOKEN_GREATER,
  TOKEN_GREATER_EQUAL,
};

struct token {
  enum token_kind kind;
  size_t start, end;        /* byte offsets in the source */
  struct span prefix, name; /* of names, variables, literals; no prefix: size 0 */
  const char *problem;      /* of TOKEN_BAD: a sentence */
};

/* The token at or after `offset`. The source is UTF-8 and ends with a NUL. */
struct token token_read(const char *source, size_t offset);

#endif
