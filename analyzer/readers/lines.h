/* A text by lines, with positions, for the readers of console output. A line
 * ends at LF, at CRLF, at the CRCRLF that double conversion leaves, and at a CR in a
 * text without any LF; a U+FEFF in front of a line, as concatenated files
 * have it, is not part of it. Nothing is copied. */
#ifndef SITEGLASS_READERS_LINES_H
#define SITEGLASS_READERS_LINES_H

#include "base/origin.h"
#include "base/text.h"

#include <stdbool.h>

struct lines {
  const char *text; /* must outlive all lines */
  size_t size, at;
  uint32_t number; /* of the line last handed out; 0 before the first */
  bool returns;    /* no LF anywhere: each CR ends a line */
};

struct line {
  struct span text;  /* without its end */
  const char *begin; /* column 1: text.start, or the U+FEFF before it */
  uint32_t number;   /* 1-based */
  bool ended;        /* a line end follows, so the line is whole */
};

struct lines lines_of(const char *text, size_t size);
/* A copy of `lines` looks ahead without moving the original. */
bool lines_next(struct lines *lines, struct line *line);
/* The next line that is not blank; `*blanks` counts the blank ones before it (a last
 * one without a line end does not count: it may be the indent of a line that is cut). */
bool lines_next_full(struct lines *lines, struct line *line, unsigned *blanks);

bool line_is_blank(const struct line *line);
/* Where `at`, a place inside the line, stands. */
struct origin line_origin(const struct line *line, const char *at, uint32_t source);
/* Blanks and tabs in front. */
size_t line_indent(const struct line *line);

/* Does `text` hold `word`? ASCII case is ignored. */
bool span_holds(struct span text, const char *word);
/* The part before the first (last) colon, and the part after it, both trimmed;
 * false when there is none. */
bool span_split_first(struct span text, struct span *label, struct span *value);
bool span_split_last(struct span text, struct span *label, struct span *value);
bool char_is_hex(char c);

#endif
