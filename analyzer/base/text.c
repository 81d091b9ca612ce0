/* Small questions about text. */
#include "base/text.h"

#include "base/buffer.h"

#include <stdio.h>
#include <string.h>

static char lower(char c) {
  return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static char upper(char c) {
  return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}

struct span span_of(const char *text) {
  return (struct span){text, text ? strlen(text) : 0};
}

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

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
  return s.size == strlen(text) && (s.size == 0 || memcmp(s.start, text, s.size) == 0);
}

bool span_equal_nocase(struct span s, const char *text) {
  if (s.size != strlen(text)) return false;
  for (size_t i = 0; i < s.size; i++)
    if (lower(s.start[i]) != lower(text[i])) return false;
  return true;
}

char *span_copy(struct span s) {
  return alloc_text_n(s.start ? s.start : "", s.size);
}

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
  for (char *c = copy; *c; c++)
    *c = lower(*c);
  return copy;
}

char *text_upper(const char *text) {
  char *copy = alloc_text(text);
  for (char *c = copy; *c; c++)
    *c = upper(*c);
  return copy;
}

/* Behind the character at `text`, whatever its length in UTF-8. */
static const char *next_character(const char *text) {
  text++;
  while (((unsigned char)*text & 0xC0) == 0x80)
    text++;
  return text;
}

bool text_glob(const char *pattern, const char *text) {
  const char *star = NULL, *resume = NULL;
  while (*text) {
    if (*pattern == '*') {
      star = pattern++;
      resume = text;
    } else if (*pattern == '?') {
      pattern++;
      text = next_character(text);
    } else if (*pattern && lower(*pattern) == lower(*text)) {
      pattern++, text++;
    } else if (star) {
      pattern = star + 1;
      text = resume = next_character(resume);
    } else {
      return false;
    }
  }
  while (*pattern == '*')
    pattern++;
  return *pattern == '\0';
}

static bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'f');
}

bool text_same_computer(const char *a, const char *b) {
  if (text_equal_nocase(a, b)) return true;
  const char *full = strchr(a, '.') ? a : b, *name = full == a ? b : a;
  return !strchr(name, '.') && text_starts_nocase(full, name) && full[strlen(name)] == '.';
}

bool text_thumbprint(struct span s, char out[41]) {
  s = span_trim(s);
  size_t digits = 0;
  for (size_t i = 0; i < s.size; i++) {
    if (is_hex(s.start[i])) {
      if (digits == 40) return false;
      out[digits++] = upper(s.start[i]);
    } else if ((s.start[i] != ' ' && s.start[i] != ':') || digits % 2 != 0 || digits == 0 ||
               digits == 40) {
      return false; /* separators stand between pairs only */
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

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c |= 32;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool text_unhex(struct span hex, uint8_t *out) {
  for (size_t i = 0; i + 1 < hex.size; i += 2) {
    int high = hex_digit(hex.start[i]), low = hex_digit(hex.start[i + 1]);
    if (high < 0 || low < 0) return false;
    out[i / 2] = (uint8_t)(high << 4 | low);
  }
  return hex.size % 2 == 0;
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

/* Eight bytes of ASCII without a NUL: the common case, eight times as fast. */
static bool is_plain_word(const char *text) {
  uint64_t word;
  memcpy(&word, text, sizeof word);
  uint64_t zero = (word - 0x0101010101010101u) & ~word;
  return ((word | zero) & 0x8080808080808080u) == 0;
}

size_t text_utf8_prefix(const char *text, size_t size) {
  size_t at = 0;
  uint32_t code;
  while (at < size && text[at] != '\0') {
    while (size - at >= 8 && is_plain_word(text + at))
      at += 8;
    if (at == size || text[at] == '\0') break;
    size_t step = utf8_sequence((const unsigned char *)text + at, size - at, &code);
    if (step == 0) break;
    at += step;
  }
  return at;
}

static bool is_unsafe(uint32_t code) {
  return code < 0x20 || (code >= 0x7F && code <= 0x9F) || code == 0xAD || code == 0x61C ||
         code == 0x180E || (code >= 0x200B && code <= 0x200F) ||
         (code >= 0x2028 && code <= 0x202E) || (code >= 0x2060 && code <= 0x206F) ||
         code == 0xFEFF || (code >= 0xFFF9 && code <= 0xFFFB) ||
         (code >= 0xE0000 && code <= 0xE007F);
}

/* One character as it is shown: itself, or its escape. Returns how many bytes of
 * `text` it was. */
static size_t show_character(const char *text, size_t left, char shown[16], size_t *length) {
  uint32_t code = (unsigned char)text[0];
  size_t step = utf8_sequence((const unsigned char *)text, left, &code);
  if (step == 0 || is_unsafe(code)) {
    *length = (size_t)snprintf(shown, 16, step > 1 ? "\\u{%04X}" : "\\x%02X", (unsigned)code);
    return step ? step : 1;
  }
  memcpy(shown, text, step);
  *length = step;
  return step;
}

char *text_printable(const char *text, size_t most) {
  static const char cut[] = "...";
  size_t size = strlen(text), mark = most < 3 ? most : 3, fits = 0;
  struct buffer out = buffer_make(most);
  for (size_t at = 0; at < size;) {
    char shown[16];
    size_t length;
    at += show_character(text + at, size - at, shown, &length);
    if (length > most - out.size) {
      out.size = fits;
      buffer_add(&out, cut, mark);
      break;
    }
    buffer_add(&out, shown, length);
    if (out.size + mark <= most) fits = out.size;
  }
  return buffer_take(&out);
}

uint64_t text_hash(const char *text, size_t size) {
  uint64_t hash = 14695981039346656037u; /* FNV-1a, 64 bit, with a final mix */
  for (size_t i = 0; i < size; i++)
    hash = (hash ^ (unsigned char)text[i]) * 1099511628211u;
  hash ^= hash >> 32;
  return hash;
}

size_t text_distance(const char *a, const char *b) {
  enum { MOST = 128 };
  size_t m = strlen(a), n = strlen(b), row[MOST + 1];
  if (m > MOST || n > MOST) return SIZE_MAX / 4;
  for (size_t j = 0; j <= n; j++)
    row[j] = j;
  for (size_t i = 1; i <= m; i++) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= n; j++) {
      size_t above = row[j];
      size_t best = diagonal + (lower(a[i - 1]) != lower(b[j - 1]));
      if (above + 1 < best) best = above + 1;
      if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
      row[j] = best;
      diagonal = above;
    }
  }
  return row[n];
}

char *text_joined(const char *a, const char *separator, const char *b) {
  size_t first = strlen(a), middle = strlen(separator), last = strlen(b);
  char *joined = alloc_bytes(first + middle + last + 1);
  memcpy(joined, a, first);
  memcpy(joined + first, separator, middle);
  memcpy(joined + first + middle, b, last);
  return joined;
}
