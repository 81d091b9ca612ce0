/* Decoding through iconv, and the names of code pages. */
#include "bundle/code_page.h"

#include "base/alloc.h"
#include "base/text.h"

#include <iconv.h>
#include <stdio.h>
#include <string.h>

struct named_page {
  const char *name; /* lower case, as XML declarations write it */
  int page;
};

/* IANA names of encodings that are supersets of ASCII, beside the numbers. Anything
 * else, UTF-7 above all, is not believed. */
static const struct named_page allowed[] = {
    {"utf-8", 65001},       {"utf8", 65001},       {"iso-8859-1", 28591},   {"latin1", 28591},
    {"iso-8859-2", 28592},  {"iso-8859-5", 28595}, {"iso-8859-7", 28597},   {"iso-8859-9", 28599},
    {"iso-8859-15", 28605}, {"shift_jis", 932},    {"windows-31j", 932},    {"gb2312", 936},
    {"gbk", 936},           {"gb18030", 54936},    {"euc-kr", 949},         {"big5", 950},
    {"koi8-r", 20866},      {"us-ascii", 1252},    {"ks_c_5601-1987", 949}, {"tis-620", 874},
};

/* Those that Windows has as OEM or ANSI code page of some language. */
static const int numbers[] = {437, 737,  775,  850,  852,  855,  857,  858,  860,  861,
                              862, 863,  864,  865,  866,  869,  874,  932,  936,  949,
                              950, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258};

/* "windows-1252", "ibm850", "cp437": 0 when it is not of this form. */
static uint64_t number_of(struct span name) {
  static const char *const starts[] = {"windows-", "ibm", "cp", ""};
  for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
    size_t size = strlen(starts[i]);
    struct span start = {name.start, size}, rest = {name.start + size, name.size - size};
    uint64_t number;
    if (name.size > size && span_equal_nocase(start, starts[i]) && text_unsigned(rest, &number))
      return number;
  }
  return 0;
}

int code_page_from_name(const char *name, size_t size) {
  struct span span = {name, size};
  for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
    if (span_equal_nocase(span, allowed[i].name)) return allowed[i].page;
  uint64_t number = number_of(span);
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    if (number == (uint64_t)numbers[i]) return numbers[i];
  return number == 65001 ? 65001 : 0;
}

static iconv_t open_page(int page) {
  char name[32];
  if (page >= 28591 && page <= 28605)
    snprintf(name, sizeof name, "ISO-8859-%d", page - 28590);
  else if (page == 54936)
    snprintf(name, sizeof name, "GB18030");
  else if (page == 20866)
    snprintf(name, sizeof name, "KOI8-R");
  else if (page == 950)
    snprintf(name, sizeof name, "BIG5");
  else
    snprintf(name, sizeof name, "CP%d", page);
  return iconv_open("UTF-8", name);
}

bool code_page_is_utf8(const uint8_t *bytes, size_t size) {
  size_t at = 0;
  while (at < size) {
    at += text_utf8_prefix((const char *)bytes + at, size - at);
    if (at < size && bytes[at] != 0) return false;
    at += at < size;
  }
  return true;
}

static char *put_replacement(char *out) {
  memcpy(out, "\xEF\xBF\xBD", 3);
  return out + 3;
}

/* Where iconv knows no such page: ASCII stays, the rest is counted. */
static size_t decode_ascii(const uint8_t *bytes, size_t size, char *out, size_t *undecodable) {
  char *start = out;
  for (size_t i = 0; i < size; i++) {
    if (bytes[i] < 0x80) {
      *out++ = (char)bytes[i];
      continue;
    }
    out = put_replacement(out);
    ++*undecodable;
  }
  return (size_t)(out - start);
}

static bool is_double_byte(int page) {
  return page == 932 || page == 936 || page == 949 || page == 950 || page == 54936;
}

/* 1255 and 1258 keep a letter back until they know that no sign to put on it follows. */
static void flush(iconv_t converter, char **out, size_t room) {
  iconv(converter, NULL, NULL, out, &room);
}

size_t code_page_decode(int page, const uint8_t *bytes, size_t size, char *out,
                        size_t *undecodable) {
  iconv_t converter = open_page(page);
  if (converter == (iconv_t)-1) return decode_ascii(bytes, size, out, undecodable);
  char *from = (char *)(uintptr_t)bytes, *start = out;
  size_t left = size;
  bool kept = false;
  while (left) {
    /* ASCII is copied here: in these pages some iconvs turn 0x5C into a yen sign. */
    if (!is_double_byte(page) && (unsigned char)*from < 0x80) {
      if (kept) flush(converter, &out, 3 * left + 8);
      kept = false;
      *out++ = *from++, left--;
      continue;
    }
    size_t room = 3 * left + 8;
    size_t step = is_double_byte(page) ? left : 1;
    size_t before = step;
    iconv(converter, &from, &step, &out, &room);
    left -= before - step;
    kept = true;
    if (step == 0) continue;
    flush(converter, &out, room);
    out = put_replacement(out);
    ++*undecodable, from++, left--;
  }
  flush(converter, &out, 8);
  iconv_close(converter);
  return (size_t)(out - start);
}

static uint32_t code_of(const char *utf8, size_t size) {
  const unsigned char *p = (const unsigned char *)utf8;
  if (size == 2) return ((p[0] & 0x1Fu) << 6) | (p[1] & 0x3Fu);
  if (size == 3) return ((p[0] & 0x0Fu) << 12) | ((p[1] & 0x3Fu) << 6) | (p[2] & 0x3Fu);
  return size == 1 ? p[0] : 0xFFFD;
}

void code_page_table(int page, uint32_t table[256]) {
  iconv_t converter = open_page(page);
  for (unsigned byte = 0; byte < 256; byte++) {
    char out[8], in = (char)byte, *from = &in, *to = out;
    size_t left = 1, room = sizeof out;
    table[byte] = byte < 0x80 ? byte : 0xFFFD;
    if (byte < 0x80 || converter == (iconv_t)-1) continue;
    if (iconv(converter, &from, &left, &to, &room) != (size_t)-1)
      iconv(converter, NULL, NULL, &to, &room); /* CP1258 waits for a tone to come */
    else
      iconv(converter, NULL, NULL, NULL, NULL);
    if (to > out) table[byte] = code_of(out, (size_t)(to - out));
  }
  if (converter != (iconv_t)-1) iconv_close(converter);
}
