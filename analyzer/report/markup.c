/* The two ways out into markup. */
#include "report/markup.h"

#include "base/text.h"

#include <string.h>

#define REPLACEMENT "\xEF\xBF\xBD"

static bool is_control(unsigned char c) {
  return (c < 0x20 && c != '\n' && c != '\t') || c == 0x7F;
}

/* Size of the character at `text`, 0 when it is not UTF-8. */
static size_t character_size(const char *text) {
  for (size_t size = 1; size <= 4 && text[size - 1]; size++)
    if (text_utf8_prefix(text, size) == size) return size;
  return 0;
}

void html_add(struct buffer *out, const char *text) {
  while (*text) {
    size_t size = character_size(text);
    if (size == 0 || (size == 1 && is_control((unsigned char)*text)))
      buffer_add_text(out, REPLACEMENT);
    else if (*text == '&')
      buffer_add_text(out, "&amp;");
    else if (*text == '<')
      buffer_add_text(out, "&lt;");
    else if (*text == '>')
      buffer_add_text(out, "&gt;");
    else if (*text == '"')
      buffer_add_text(out, "&quot;");
    else if (*text == '\'')
      buffer_add_text(out, "&#39;");
    else
      buffer_add(out, text, size);
    text += size ? size : 1;
  }
}

void markdown_add(struct buffer *out, const char *text) {
  while (*text) {
    size_t size = character_size(text);
    if (*text == '\n' || *text == '\t' || *text == '\r') {
      buffer_add_char(out, ' ');
    } else if (size == 0 || (size == 1 && is_control((unsigned char)*text))) {
      buffer_add_text(out, REPLACEMENT);
    } else {
      if (size == 1 && strchr("\\`*_{}[]<>#!|~&", *text)) buffer_add_char(out, '\\');
      buffer_add(out, text, size);
    }
    text += size ? size : 1;
  }
}

static size_t longest_run(const char *text, char c) {
  size_t longest = 0, run = 0;
  for (; *text; text++) {
    run = *text == c ? run + 1 : 0;
    if (run > longest) longest = run;
  }
  return longest;
}

void markdown_add_block(struct buffer *out, const char *language, const char *text) {
  size_t fence = longest_run(text, '`') < 3 ? 3 : longest_run(text, '`') + 1;
  char *printable = alloc_text(text);
  for (char *c = printable; *c; c++)
    if (is_control((unsigned char)*c)) *c = ' ';
  for (size_t i = 0; i < fence; i++)
    buffer_add_char(out, '`');
  buffer_add_format(out, "%s\n%s\n", language, printable);
  for (size_t i = 0; i < fence; i++)
    buffer_add_char(out, '`');
  buffer_add_char(out, '\n');
  alloc_free(printable);
}
