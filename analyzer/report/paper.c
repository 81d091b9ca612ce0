/* A page of plain text: the only place where text becomes terminal output. */
#include "report/paper.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* Far above any real report; text.c says so when a report reaches it. */
#define PAPER_MOST ((size_t)512 << 20)

struct paper paper_make(const struct report_style *style) {
  unsigned width = style && style->width ? style->width : 80;
  if (width < 60) width = 60;
  if (width > 120) width = 120;
  return (struct paper){buffer_make(PAPER_MOST), width, style && style->colour};
}

void paper_blank(struct paper *paper) {
  const struct buffer *out = &paper->out;
  if (out->size == 0) return;
  if (out->size >= 2 && memcmp(out->data + out->size - 2, "\n\n", 2) == 0) return;
  buffer_add_char(&paper->out, '\n');
}

/* The next character of valid UTF-8: its bytes, and its columns in `*columns`.
 * East Asian wide characters take two (the blocks of UAX 11), combining marks none. */
static size_t next_character(const char *text, unsigned *columns) {
  const unsigned char *p = (const unsigned char *)text;
  size_t size = p[0] < 0xC0 ? 1 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
  uint32_t code = size == 1 ? p[0] : p[0] & (0xFFu >> (size + 1));
  for (size_t i = 1; i < size; i++)
    code = (code << 6) | (p[i] & 0x3Fu);
  bool wide = (code >= 0x1100 && code <= 0x115F) || (code >= 0x2E80 && code <= 0xA4CF) ||
              (code >= 0xAC00 && code <= 0xD7A3) || (code >= 0xF900 && code <= 0xFAFF) ||
              (code >= 0xFE30 && code <= 0xFE6F) || (code >= 0xFF00 && code <= 0xFF60) ||
              (code >= 0x1F300 && code <= 0x1FAFF) || (code >= 0x20000 && code <= 0x3FFFD);
  bool mark = (code >= 0x0300 && code <= 0x036F) || (code >= 0x20D0 && code <= 0x20FF);
  *columns = wide ? 2 : mark ? 0 : 1;
  return size;
}

static unsigned columns_of(const char *text, size_t size) {
  unsigned total = 0, columns;
  for (size_t at = 0; at < size; total += columns)
    at += next_character(text + at, &columns);
  return total;
}

unsigned paper_columns_of(const char *text) {
  char *safe = text_printable(text, PAPER_PATH_MOST);
  unsigned columns = columns_of(safe, strlen(safe));
  alloc_free(safe);
  return columns;
}

static void add_blanks(struct paper *paper, unsigned count) {
  while (count-- > 0)
    buffer_add_char(&paper->out, ' ');
}

/* How many bytes of `text` go on a line of `room` columns, best to a blank. */
static size_t line_size(const char *text, unsigned room) {
  size_t at = 0, blank = 0;
  unsigned used = 0, columns;
  while (text[at]) {
    size_t size = next_character(text + at, &columns);
    if (text[at] == ' ') blank = at;
    if (used + columns > room && at > 0) return blank > 0 ? blank : at;
    used += columns;
    at += size;
  }
  return at;
}

/* Writes safe text that begins in column `column`; further lines behind `hanging`. */
static void wrap(struct paper *paper, unsigned column, unsigned hanging, const char *text) {
  for (;;) {
    size_t size = line_size(text, paper->width > column ? paper->width - column : 1), shown = size;
    while (shown > 0 && text[shown - 1] == ' ')
      shown--;
    buffer_add(&paper->out, text, shown);
    buffer_add_char(&paper->out, '\n');
    text += size;
    while (*text == ' ')
      text++;
    if (*text == '\0') return;
    add_blanks(paper, hanging);
    column = hanging;
  }
}

void paper_paragraph(struct paper *paper, unsigned indent, unsigned hanging, const char *text) {
  char *safe = text_printable(text, PAPER_PARAGRAPH_MOST);
  add_blanks(paper, indent);
  wrap(paper, indent, hanging, safe);
  alloc_free(safe);
}

void paper_say(struct paper *paper, unsigned indent, unsigned hanging, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int size = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  char *text = alloc_bytes(size < 0 ? 1 : (size_t)size + 1);
  va_start(arguments, format);
  if (size > 0) vsnprintf(text, (size_t)size + 1, format, arguments);
  va_end(arguments);
  paper_paragraph(paper, indent, hanging, text);
  alloc_free(text);
}

void paper_one_or_two(struct paper *paper, const char *first, const char *second) {
  char *both = alloc_format("%s %s", first, second);
  if (paper_columns_of(both) <= paper->width) {
    paper_paragraph(paper, 0, 2, both);
  } else {
    paper_paragraph(paper, 0, 2, first);
    paper_paragraph(paper, 2, 2, second);
  }
  alloc_free(both);
}

static void add_coloured(struct paper *paper, const char *colour, const char *safe) {
  bool on = paper->colour && colour;
  if (on) buffer_add_format(&paper->out, "\x1B[%sm", colour);
  buffer_add_text(&paper->out, safe);
  if (on) buffer_add_text(&paper->out, "\x1B[0m");
}

static const char *severity_colour(int severity) {
  static const char *const colours[] = {"2", "36", "33", "31", "1;31"};
  return severity < 0 ? NULL : colours[severity];
}

enum { HEADING_COLUMN = 10 };

void paper_heading(struct paper *paper, unsigned indent, int colour, const char *word,
                   const char *text) {
  char *safe = text_printable(text, PAPER_PARAGRAPH_MOST);
  unsigned size = (unsigned)strlen(word);
  add_blanks(paper, indent);
  add_coloured(paper, severity_colour(colour), word);
  add_blanks(paper, size < HEADING_COLUMN ? HEADING_COLUMN - size : 1);
  unsigned column = indent + (size < HEADING_COLUMN ? HEADING_COLUMN : size + 1);
  wrap(paper, column, indent + HEADING_COLUMN, safe);
  alloc_free(safe);
}

void paper_rule_id(struct paper *paper, unsigned indent, const char *id, const char *rest) {
  char *safe_id = text_printable(id, PAPER_LINE_MOST);
  char *safe_rest = text_printable(rest, PAPER_LINE_MOST);
  unsigned used = indent + columns_of(safe_id, strlen(safe_id));
  unsigned more = columns_of(safe_rest, strlen(safe_rest));
  add_blanks(paper, indent);
  add_coloured(paper, "1", safe_id);
  if (more > 0 && used + 3 + more <= paper->width) {
    add_blanks(paper, 3);
    buffer_add_text(&paper->out, safe_rest);
    more = 0;
  }
  buffer_add_char(&paper->out, '\n');
  if (more > 0) {
    add_blanks(paper, indent);
    wrap(paper, indent, indent, safe_rest);
  }
  alloc_free(safe_id);
  alloc_free(safe_rest);
}

void paper_severity_and_id(struct paper *paper, unsigned indent, enum severity severity,
                           const char *id) {
  const char *word = severity_word(severity);
  add_blanks(paper, indent);
  add_coloured(paper, severity_colour(severity), word);
  add_blanks(paper, HEADING_COLUMN - (unsigned)strlen(word));
  paper_rule_id(paper, 0, id, "");
}

/* Writes the left column, and leaves the pen at the right one. */
static unsigned add_left(struct paper *paper, unsigned indent, const char *left,
                         unsigned left_width, bool anything_right) {
  char *safe = text_printable(left, PAPER_PATH_MOST);
  unsigned used = columns_of(safe, strlen(safe));
  unsigned column = indent + left_width + 2;
  add_blanks(paper, indent);
  buffer_add_text(&paper->out, safe);
  alloc_free(safe);
  if (!anything_right) {
    buffer_add_char(&paper->out, '\n');
  } else if (used > left_width) {
    buffer_add_char(&paper->out, '\n');
    add_blanks(paper, column);
  } else {
    add_blanks(paper, left_width - used + 2);
  }
  return column;
}

void paper_columns(struct paper *paper, unsigned indent, const char *left, unsigned left_width,
                   const char *right) {
  unsigned column = add_left(paper, indent, left, left_width, right[0] != '\0');
  if (!right[0]) return;
  char *safe = text_printable(right, PAPER_LINE_MOST);
  wrap(paper, column, column, safe);
  alloc_free(safe);
}

void paper_columns_short(struct paper *paper, unsigned indent, const char *left,
                         unsigned left_width, const char *right) {
  unsigned column = add_left(paper, indent, left, left_width, right[0] != '\0');
  if (!right[0]) return;
  char *safe = text_printable(right, PAPER_LINE_MOST);
  unsigned room = paper->width - column, columns, used = 0;
  if (columns_of(safe, strlen(safe)) <= room) {
    buffer_add_text(&paper->out, safe);
  } else {
    for (size_t at = 0;; used += columns) {
      size_t size = next_character(safe + at, &columns);
      if (used + columns + 3 > room) break;
      buffer_add(&paper->out, safe + at, size);
      at += size;
    }
    buffer_add_text(&paper->out, "...");
  }
  buffer_add_char(&paper->out, '\n');
  alloc_free(safe);
}

static void add_whole_line(struct paper *paper, unsigned indent, const char *line, size_t size) {
  char *copy = alloc_text_n(line, size);
  for (char *c = copy; *c; c++)
    if (*c == '\t') *c = ' ';
  char *safe = text_printable(copy, 4 * size + 4); /* an escape is at most 4 times as long */
  add_blanks(paper, indent);
  buffer_add_text(&paper->out, safe);
  buffer_add_char(&paper->out, '\n');
  alloc_free(safe);
  alloc_free(copy);
}

void paper_verbatim(struct paper *paper, unsigned indent, const char *text) {
  char *safe = text_printable(text, PAPER_PATH_MOST);
  add_blanks(paper, indent);
  buffer_add_text(&paper->out, safe);
  buffer_add_char(&paper->out, '\n');
  alloc_free(safe);
}

void paper_commands(struct paper *paper, unsigned indent, const char *commands) {
  for (const char *line = commands; *line;) {
    size_t size = strcspn(line, "\n");
    size_t shown = size > 0 && line[size - 1] == '\r' ? size - 1 : size;
    if (shown > 0) add_whole_line(paper, indent, line, shown);
    line += size + (line[size] == '\n');
  }
}
