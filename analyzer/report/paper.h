/* A page of plain text: wrapping, columns, colour. Everything that is written
 * goes through text_printable here, so no caller can forget it; what the
 * callers pass is raw. Widths count columns of a terminal. */
#ifndef SITEGLASS_REPORT_PAPER_H
#define SITEGLASS_REPORT_PAPER_H

#include "base/buffer.h"
#include "report/report.h"

#include <stdbool.h>

struct paper {
  struct buffer out;
  unsigned width;
  bool colour;
};

/* How much of one value a report shows; a cut ends in "...". Commands are never cut. */
enum { PAPER_LINE_MOST = 400, PAPER_PARAGRAPH_MOST = 4000, PAPER_PATH_MOST = 2000 };

/* `style` may be NULL. */
struct paper paper_make(const struct report_style *style);

void paper_blank(struct paper *paper); /* an empty line; never two in a row */

/* One paragraph, its first line behind `indent` blanks, the others behind `hanging`. */
void paper_paragraph(struct paper *paper, unsigned indent, unsigned hanging, const char *text);
void paper_say(struct paper *paper, unsigned indent, unsigned hanging, const char *format, ...)
    PRINTF_LIKE(4, 5);

/* Both on one line when they fit, else `second` behind two blanks on the next. */
void paper_one_or_two(struct paper *paper, const char *first, const char *second);

/* "CRITICAL  title": a word in a column of ten, then wrapped text behind it.
 * `colour`: the severity whose colour the word has; -1 for none. */
void paper_heading(struct paper *paper, unsigned indent, int colour, const char *word,
                   const char *text);
/* A rule id in its colour, then plain text on the same line, if both fit. */
void paper_rule_id(struct paper *paper, unsigned indent, const char *id, const char *rest);

/* "critical  rule-id", both in their colours. */
void paper_severity_and_id(struct paper *paper, unsigned indent, enum severity severity,
                           const char *id);

/* `left` is never wrapped; `right` is wrapped in its own column, which begins
 * on the next line when `left` is wider than `left_width`. */
void paper_columns(struct paper *paper, unsigned indent, const char *left, unsigned left_width,
                   const char *right);
/* The same on as few lines as possible: `right` is cut to what fits on one line. */
void paper_columns_short(struct paper *paper, unsigned indent, const char *left,
                         unsigned left_width, const char *right);

/* A line to be copied: never wrapped. */
void paper_verbatim(struct paper *paper, unsigned indent, const char *text);
/* Lines to be pasted: never wrapped, never cut. */
void paper_commands(struct paper *paper, unsigned indent, const char *commands);

unsigned paper_columns_of(const char *text); /* how wide the text is once it is printable */

#endif
