/* UTF-16: recognising it, finding bytes amid it, decoding it. */
#include "bundle/utf16.h"

#include <string.h>

enum { SNIFF_SIZE = 4096, PLAIN_RUN = 48, SHORT_RUN = 8 };

static bool is_plain(uint8_t byte) {
  return (byte >= 0x20 && byte < 0x7F) || byte == '\t' || byte == '\r' || byte == '\n';
}

enum utf16_order utf16_sniff(const uint8_t *bytes, size_t size) {
  size_t units = (size < SNIFF_SIZE ? size : SNIFF_SIZE) / 2;
  size_t even = 0, odd = 0, plain_even = 0, plain_odd = 0;
  for (size_t i = 0; i < units; i++) {
    uint8_t first = bytes[2 * i], second = bytes[2 * i + 1];
    even += first == 0, odd += second == 0;
    /* Latin-1 beyond ASCII has a zero high byte too. */
    plain_even += second == 0 && (is_plain(first) || first >= 0xA0);
    plain_odd += first == 0 && (is_plain(second) || second >= 0xA0);
  }
  if (odd * 10 > units * 3 && even * 50 <= units && plain_even * 20 >= odd * 19)
    return UTF16_LITTLE;
  if (even * 10 > units * 3 && odd * 50 <= units && plain_odd * 20 >= even * 19) return UTF16_BIG;
  return UTF16_NONE;
}

/* CR LF as two bytes would be U+0A0D, which is no character; across two units
 * it would take two rare letters side by side. */
static bool is_byte_text(const uint8_t *bytes, size_t size) {
  size_t plain = 0;
  for (size_t i = 0; i < size; i++) {
    plain = is_plain(bytes[i]) ? plain + 1 : 0;
    if (plain >= PLAIN_RUN) return true;
    if (size >= SHORT_RUN && i > 0 && bytes[i - 1] == '\r' && bytes[i] == '\n') return true;
  }
  return false;
}

bool utf16_byte_run(const uint8_t *bytes, size_t size, size_t from, enum utf16_order order,
                    size_t *start, size_t *end) {
  while (from < size) {
    /* The common case, one unit of ASCII, without a call. */
    size_t high = from + (order == UTF16_LITTLE);
    if (high < size && bytes[high] == 0) {
      from += 2;
      continue;
    }
    const uint8_t *zero = memchr(bytes + from, 0, size - from);
    size_t stop = zero ? (size_t)(zero - bytes) : size;
    /* The byte before a NUL is the low half of the unit that it ends. */
    size_t last = zero && order == UTF16_LITTLE && stop > from ? stop - 1 : stop;
    if (last - from >= SHORT_RUN && is_byte_text(bytes + from, last - from)) {
      /* A byte order mark written in the middle belongs to what follows. */
      if (zero && last - from >= 2 && order == UTF16_LITTLE &&
          memcmp(bytes + last - 2, "\xFF\xFE", 2) == 0)
        last -= 2;
      *start = from, *end = last;
      return true;
    }
    /* Big endian: the byte after a NUL is the low half of its unit. */
    from = stop + (order == UTF16_BIG ? 2 : 1);
  }
  return false;
}

static char *put(char *out, uint32_t code) {
  if (code < 0x80) {
    *out++ = (char)code;
    return out;
  }
  if (code < 0x800) {
    *out++ = (char)(0xC0 | (code >> 6));
  } else if (code < 0x10000) {
    *out++ = (char)(0xE0 | (code >> 12));
    *out++ = (char)(0x80 | ((code >> 6) & 0x3F));
  } else {
    *out++ = (char)(0xF0 | (code >> 18));
    *out++ = (char)(0x80 | ((code >> 12) & 0x3F));
    *out++ = (char)(0x80 | ((code >> 6) & 0x3F));
  }
  *out++ = (char)(0x80 | (code & 0x3F));
  return out;
}

static uint32_t unit_at(const uint8_t *p, enum utf16_order order) {
  return order == UTF16_LITTLE ? (uint32_t)(p[0] | (p[1] << 8)) : (uint32_t)((p[0] << 8) | p[1]);
}

size_t utf16_decode(const uint8_t *bytes, size_t size, enum utf16_order order, char *out,
                    size_t *undecodable) {
  char *start = out;
  size_t at = 0;
  while (at + 2 <= size) {
    uint32_t unit = unit_at(bytes + at, order);
    at += 2;
    if (unit == 0xFEFF) continue;
    if (unit < 0xD800 || unit > 0xDFFF) {
      out = put(out, unit);
      continue;
    }
    uint32_t low = at + 2 <= size ? unit_at(bytes + at, order) : 0;
    if (unit < 0xDC00 && low >= 0xDC00 && low <= 0xDFFF) {
      out = put(out, 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
      at += 2;
      continue;
    }
    out = put(out, 0xFFFD);
    *undecodable += 2;
  }
  if (at < size) {
    out = put(out, 0xFFFD);
    ++*undecodable;
  }
  return (size_t)(out - start);
}
