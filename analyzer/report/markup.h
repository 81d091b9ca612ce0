/* Text into markup. All escaping of HTML and Markdown is in these two functions, so
 * that none can be forgotten: what is not markup goes through them. */
#ifndef SITEGLASS_REPORT_MARKUP_H
#define SITEGLASS_REPORT_MARKUP_H

#include "base/buffer.h"

/* Element content and attribute values in double quotes. What XML and HTML cannot hold
 * (control characters, bytes that are not UTF-8) becomes U+FFFD. */
void html_add(struct buffer *out, const char *text);
/* Running text on one line (CommonMark 0.31, 2.4: a backslash before punctuation), also inside a
 * table cell and a link text. Line ends become blanks. */
void markdown_add(struct buffer *out, const char *text);
/* A fenced block that no text can leave: its fence is longer than any run of ` inside. */
void markdown_add_block(struct buffer *out, const char *language, const char *text);

#endif
