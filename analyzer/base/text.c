/* Small questions about text. */
#include "base/text.h"

#include "base/buffer.h"

#include <stdio.h>
#include <string.h>

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

static char upper(char c) { return c >= 'a' && c <= 'z' ? (char)(c - 32) : c; }

struct span span_of(const char *text) { return (struct span){text, text ? strlen(text) : 0}; }

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

struct span span_trim(struct span s) {
  for (;;) {
    if (s.size && is_blank(s.start[0])) {
      s.start++, s.size--;
    } else if (s.size >= 2 && memcmp(s.start, "\xC2\xA0", 2) == 0) {
      s.start += 2, s.size -= 2;
    } else if (s.size && is_blank(s.start[s.size - 1])) {
      s.size--;
    } else if (s.size >= 2 && memcmp(s.start + s.size - 2, "\xC2\xA0", 2) == 0) {
      s.size -= 2;
    } else {
      return s;
    }
  }
}

bool span_equal(struct span s, const char *text) {
  return s.size == strlen(text) && memcmp(s.start, text, s.size) == 0;
}

bool span_equal_nocase(struct span s, const char *text) {
  if (s.size != strlen(text)) return false;
  for (size_t i = 0; i < s.size; i++)
    if (lower(s.start[i]) != lower(text[i])) return false;
  return true;
}

char *span_copy(struct span s) { return alloc_text_n(s.start ? s.start : "", s.size); }

bool text_equal(const char *a, const char *b) {
  if (!a || !b) return a == b;
  return strcmp(a, b) == 0;
}

bool text_equal_nocase(const char *a, const char *b) {
  if (!a || !b) return a == b;
  return span_equal_nocase(span_of(a), b);
}

bool text_starts(const char *text, const char *prefix) {
  return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool text_starts_nocase(const char *text, const char *prefix) {
  for (; *prefix; text++, prefix++)
    if (lower(*text) != lower(*prefix)) return false;
  return true;
}

bool text_ends_nocase(const char *text, const char *suffix) {
  size_t size = strlen(text), tail = strlen(suffix);
  return size >= tail && text_equal_nocase(text + size - tail, suffix);
}

char *text_lower(const char *text) {
  char *copy = alloc_text(text);
  for (char *c = copy; *c; c++) *c = lower(*c);
  return copy;
}

char *text_upper(const char *text) {
  char *copy = alloc_text(text);
  for (char *c = copy; *c; c++) *c = upper(*c);
  return copy;
}

bool text_glob(const char *pattern, const char *text) {
  const char *star = NULL, *resume = NULL;
  while (*text) {
    if (*pattern == '*') {
      star = pattern++;
      resume = text;
    } else if (*pattern == '?' || (*pattern && lower(*pattern) == lower(*text))) {
      pattern++, text++;
    } else if (star) {
      pattern = star + 1;
      text = ++resume;
    } else {
      return false;
    }
  }
  while (*pattern == '*') pattern++;
  return *pattern == '\0';
}

static bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'f');
}

bool text_thumbprint(struct span s, char out[41]) {
  s = span_trim(s);
  size_t digits = 0;
  for (size_t i = 0; i < s.size; i++) {
    if (is_hex(s.start[i])) {
      if (digits == 40) return false;
      out[digits++] = upper(s.start[i]);
    } else if ((s.start[i] != ' ' && s.start[i] != ':') || digits % 2 != 0) {
      return false;
    }
  }
  out[digits] = '\0';
  return digits == 40;
}

void text_hex(const uint8_t *bytes, size_t size, char *out) {
  static const char digits[] = "0123456789ABCDEF";
  for (size_t i = 0; i < size; i++) {
    *out++ = digits[bytes[i] >> 4];
    *out++ = digits[bytes[i] & 15];
  }
  *out = '\0';
}

bool text_unsigned(struct span s, uint64_t *value) {
  if (s.size == 0 || s.size > 20) return false;
  uint64_t number = 0;
  for (size_t i = 0; i < s.size; i++) {
    if (s.start[i] < '0' || s.start[i] > '9') return false;
    uint64_t digit = (uint64_t)(s.start[i] - '0');
    if (number > (UINT64_MAX - digit) / 10) return false;
    number = number * 10 + digit;
  }
  *value = number;
  return true;
}

/* Length of the valid sequence at `p`, 0 if there is none (RFC 3629, table 3-7 of Unicode). */
static size_t utf8_sequence(const unsigned char *p, size_t left, uint32_t *code) {
  if (p[0] < 0x80) {
    *code = p[0];
    return 1;
  }
  size_t size = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : p[0] >= 0xC2 ? 2 : 0;
  if (size == 0 || size > left || p[0] > 0xF4) return 0;
  uint32_t value = p[0] & (0xFFu >> (size + 1));
  for (size_t i = 1; i < size; i++) {
    if ((p[i] & 0xC0) != 0x80) return 0;
    value = (value << 6) | (p[i] & 0x3Fu);
  }
  bool overlong = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
  if (overlong || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return 0;
  *code = value;
  return size;
}

size_t text_utf8_prefix(const char *text, size_t size) {
  size_t at = 0;
  uint32_t code;
  while (at < size && text[at] != '\0') {
    size_t step = utf8_sequence((const unsigned char *)text + at, size - at, &code);
    if (step == 0) break;
    at += step;
  }
  return at;
}

static bool is_unsafe(uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code <= 0x9F) || (code >= 0x200B && code <= 0x200F) ||
         (code >= 0x2028 && code <= 0x202E) || (code >= 0x2060 && code <= 0x206F) ||
         code == 0xFEFF || (code >= 0xFFF9 && code <= 0xFFFB) || (code >= 0xE0000 && code <= 0xE007F);
}

char *text_printable(const char *text, size_t most) {
  size_t size = strlen(text);
  struct buffer out = buffer_make(most + 16);
  for (size_t at = 0; at < size;) {
    uint32_t code = 0;
    size_t step = utf8_sequence((const unsigned char *)text + at, size - at, &code);
    char escape[16];
    const char *piece = text + at;
    size_t length = step;
    if (step == 0 || is_unsafe(code)) {
      if (step == 0) code = (unsigned char)text[at];
      length = (size_t)snprintf(escape, sizeof escape, step > 1 ? "\\u{%04X}" : "\\x%02X", code);
      piece = escape;
    }
    if (out.size + length > most) {
      buffer_add_text(&out, "...");
      break;
    }
    buffer_add(&out, piece, length);
    at += step ? step : 1;
  }
  return buffer_take(&out);
}

uint64_t text_hash(const char *text, size_t size) {
  uint64_t hash = 14695981039346656037u; /* FNV-1a, 64 bit, with a final mix */
  for (size_t i = 0; i < size; i++) hash = (hash ^ (unsigned char)text[i]) * 1099511628211u;
  hash ^= hash >> 32;
  return hash;
}
