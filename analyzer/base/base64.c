/* Base64, strict. */
#include "base/base64.h"

static int value_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The end: no half byte, no bits left over, as much padding as is due. */
static bool ends_well(size_t digits, unsigned padding, uint32_t rest) {
  switch (digits % 4) {
  case 0:
    return padding == 0;
  case 2:
    return padding == 2 && (rest & 0xF) == 0;
  case 3:
    return padding == 1 && (rest & 0x3) == 0;
  default:
    return false;
  }
}

bool base64_decode(struct span text, uint8_t **bytes, size_t *size) {
  uint8_t *out = alloc_bytes(text.size / 4 * 3 + 3);
  size_t digits = 0, written = 0;
  unsigned padding = 0;
  uint32_t bits = 0;
  for (size_t i = 0; i < text.size; i++) {
    char c = text.start[i];
    int value = value_of(c);
    if (is_blank(c)) continue;
    if (c == '=' && padding < 2) {
      padding++;
    } else if (value < 0 || padding) {
      alloc_free(out);
      return false;
    } else {
      bits = bits << 6 | (uint32_t)value;
      if (++digits % 4 != 1) out[written++] = (uint8_t)(bits >> (4 - digits % 4) * 2 % 8);
    }
  }
  if (!ends_well(digits, padding, bits)) {
    alloc_free(out);
    return false;
  }
  *bytes = out;
  *size = written;
  return true;
}
