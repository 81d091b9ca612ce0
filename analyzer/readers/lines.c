/* Lines of a text, and the few questions that readers of console output ask. */
#include "readers/lines.h"

#include <string.h>

struct lines lines_of(const char *text, size_t size) {
  if (!text) size = 0;
  return (struct lines){.text = text, .size = size, .returns = size && !memchr(text, '\n', size)};
}

/* How many bytes of line end stand at `at`. Where LFs end lines, a run of CRs is one
 * end, or the blank lines of a text cut between CR and LF would be wrong. */
static size_t end_size(const struct lines *lines, size_t at) {
  size_t end = at;
  while (end < lines->size && lines->text[end] == '\r') {
    end++;
    if (lines->returns) return end - at;
  }
  if (end < lines->size && lines->text[end] == '\n') end++;
  return end - at;
}

/* Where no LF is near, byte by byte: a search for LF alone would be quadratic in a
 * text of CRs. */
static size_t find_end(const struct lines *lines) {
  size_t at = lines->at, near = lines->size - at < 512 ? lines->size - at : 512;
  const char *start = lines->text + at, *end = memchr(start, '\n', near);
  if (end) {
    const char *back = memchr(start, '\r', (size_t)(end - start));
    return (size_t)((back ? back : end) - lines->text);
  }
  while (at < lines->size && lines->text[at] != '\n' && lines->text[at] != '\r')
    at++;
  return at;
}

bool lines_next(struct lines *lines, struct line *line) {
  if (lines->at >= lines->size) return false;
  size_t end = find_end(lines), skip = end_size(lines, end);
  line->begin = lines->text + lines->at;
  line->text = (struct span){line->begin, end - lines->at};
  line->number = ++lines->number;
  line->ended = skip > 0;
  lines->at = end + skip;
  while (line->text.size >= 3 && memcmp(line->text.start, "\xEF\xBB\xBF", 3) == 0)
    line->text.start += 3, line->text.size -= 3;
  return true;
}

bool lines_next_full(struct lines *lines, struct line *line, unsigned *blanks) {
  *blanks = 0;
  while (lines_next(lines, line)) {
    if (!line_is_blank(line)) return true;
    *blanks += line->ended;
  }
  return false;
}

bool line_is_blank(const struct line *line) {
  return span_trim(line->text).size == 0;
}

struct origin line_origin(const struct line *line, const char *at, uint32_t source) {
  return (struct origin){source, line->number, (uint32_t)(at - line->begin) + 1};
}

size_t line_indent(const struct line *line) {
  size_t indent = 0;
  while (indent < line->text.size &&
         (line->text.start[indent] == ' ' || line->text.start[indent] == '\t'))
    indent++;
  return indent;
}

/* A character that has no other case is found faster than one that has. */
static size_t anchor_of(const char *word) {
  size_t i = 0;
  while (word[i] && ((word[i] | 0x20) >= 'a' && (word[i] | 0x20) <= 'z'))
    i++;
  return i;
}

static bool holds_at_anchor(struct span text, const char *word, size_t size, size_t anchor) {
  const char *end = text.start + text.size, *at = text.start + anchor;
  while (at < end && (at = memchr(at, word[anchor], (size_t)(end - at)))) {
    const char *start = at - anchor;
    if ((size_t)(end - start) < size) return false;
    if (span_equal_nocase((struct span){start, size}, word)) return true;
    at++;
  }
  return false;
}

bool span_holds(struct span text, const char *word) {
  size_t size = strlen(word), anchor = anchor_of(word);
  if (size > text.size) return false;
  if (anchor < size) return holds_at_anchor(text, word, size, anchor);
  for (size_t i = 0; i + size <= text.size; i++)
    if ((text.start[i] | 0x20) == (word[0] | 0x20) &&
        span_equal_nocase((struct span){text.start + i, size}, word))
      return true;
  return false;
}

static bool split_at(struct span text, const char *colon, struct span *label, struct span *value) {
  if (!colon) return false;
  size_t before = (size_t)(colon - text.start);
  *label = span_trim((struct span){text.start, before});
  *value = span_trim((struct span){colon + 1, text.size - before - 1});
  return true;
}

bool span_split_first(struct span text, struct span *label, struct span *value) {
  return split_at(text, text.size ? memchr(text.start, ':', text.size) : NULL, label, value);
}

bool span_split_last(struct span text, struct span *label, struct span *value) {
  size_t at = text.size;
  while (at > 0 && text.start[at - 1] != ':')
    at--;
  return split_at(text, at ? text.start + at - 1 : NULL, label, value);
}

bool char_is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
