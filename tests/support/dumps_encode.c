/* The text of a dump as the bytes of a file. */
#include "support/dumps.h"

#include "base/text.h"

#include <iconv.h>
#include <string.h>

/* What Windows puts for characters that the console's code page lacks. */
static size_t best_fit(const char *text, const char **replacement) {
  static const struct {
    const char *from, *to;
  } pairs[] = {{"\xE2\x80\x99", "'"}, {"\xC2\xA0", "\xC2\xA0"}};
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
    if (text_starts(text, pairs[i].from)) {
      *replacement = pairs[i].to;
      return strlen(pairs[i].from);
    }
  return 0;
}

static void add_lines(struct buffer *out, const char *text, const char *line_end, bool oem) {
  while (*text) {
    const char *replacement;
    size_t size = oem ? best_fit(text, &replacement) : 0;
    if (size)
      buffer_add_text(out, replacement);
    else if (*text == '\n')
      buffer_add_text(out, line_end);
    else
      buffer_add_char(out, *text);
    text += size ? size : 1;
  }
}

/* Bytes that have no place in the code page become "?", as Windows does it. */
static char *convert(const struct buffer *text, const char *to, size_t *size) {
  iconv_t converter = iconv_open(to, "UTF-8");
  if (converter == (iconv_t)-1) return NULL;
  size_t room = text->size * 4 + 4, left = text->size;
  char *bytes = alloc_bytes(room), *out = bytes, *in = text->data;
  while (left > 0 && iconv(converter, &in, &left, &out, &room) == (size_t)-1) {
    do
      in++, left--;
    while (left > 0 && ((unsigned char)*in & 0xC0) == 0x80);
    *out++ = '?';
    room--;
  }
  iconv_close(converter);
  *size = (size_t)(out - bytes);
  return bytes;
}

static char *utf16_with_mark(const struct buffer *text, size_t *size) {
  char *bytes = convert(text, "UTF-16LE", size);
  if (!bytes) return NULL;
  char *marked = alloc_bytes(*size + 2);
  memcpy(marked, "\xFF\xFE", 2);
  memcpy(marked + 2, bytes, *size);
  *size += 2;
  alloc_free(bytes);
  return marked;
}

char *dump_encode(const struct buffer *text, const struct dump_style *style, size_t *size) {
  bool oem = style->encoding == DUMP_OEM;
  struct buffer lines = buffer_make(1 << 26);
  add_lines(&lines, buffer_text(text), style->line_end ? style->line_end : "\r\n", oem);
  char *bytes;
  if (style->encoding == DUMP_UTF16)
    bytes = utf16_with_mark(&lines, size);
  else
    bytes = convert(&lines, oem ? dump_oem_code_page(style->language) : "UTF-8", size);
  buffer_dispose(&lines);
  return bytes;
}
