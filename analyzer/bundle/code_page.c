/* Guessing a code page by how plausible the letters are that it would give,
 * and decoding through iconv. */
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

/* IANA names of encodings that are supersets of ASCII. Anything else, UTF-7
 * above all, is not believed. */
static const struct named_page allowed[] = {
    {"utf-8", 65001},       {"utf8", 65001},        {"windows-1252", 1252},  {"iso-8859-1", 28591},
    {"latin1", 28591},      {"iso-8859-2", 28592},  {"iso-8859-5", 28595},   {"iso-8859-15", 28605},
    {"windows-1250", 1250}, {"windows-1251", 1251}, {"windows-1253", 1253},  {"windows-1254", 1254},
    {"windows-1255", 1255}, {"windows-1256", 1256}, {"windows-1257", 1257},  {"windows-1258", 1258},
    {"ibm437", 437},        {"ibm850", 850},        {"ibm852", 852},         {"ibm866", 866},
    {"cp437", 437},         {"cp850", 850},         {"cp852", 852},          {"cp866", 866},
    {"shift_jis", 932},     {"windows-31j", 932},   {"gb2312", 936},         {"gbk", 936},
    {"gb18030", 54936},     {"euc-kr", 949},        {"ks_c_5601-1987", 949}, {"big5", 950},
    {"koi8-r", 20866},      {"us-ascii", 1252},
};

int code_page_from_name(const char *name, size_t size) {
  for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
    if (span_equal_nocase((struct span){name, size}, allowed[i].name)) return allowed[i].page;
  return 0;
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

size_t code_page_decode(int page, const uint8_t *bytes, size_t size, char *out,
                        size_t *undecodable) {
  iconv_t converter = open_page(page);
  if (converter == (iconv_t)-1) return decode_ascii(bytes, size, out, undecodable);
  char *from = (char *)(uintptr_t)bytes, *start = out;
  size_t left = size;
  while (left) {
    /* ASCII is copied here: in these pages some iconvs turn 0x5C into a yen sign. */
    if (!is_double_byte(page) && (unsigned char)*from < 0x80) {
      *out++ = *from++, left--;
      continue;
    }
    size_t room = 3 * left;
    size_t step = is_double_byte(page) ? left : 1;
    size_t before = step;
    iconv(converter, &from, &step, &out, &room);
    left -= before - step;
    if (step == 0) continue;
    out = put_replacement(out);
    ++*undecodable, from++, left--;
    iconv(converter, NULL, NULL, NULL, NULL);
  }
  iconv_close(converter);
  return (size_t)(out - start);
}

/* --- guessing ------------------------------------------------------------ */

enum { SAMPLE_MOST = 16384, HOPELESS = -1000000 };

struct sample {
  uint8_t *bytes;
  size_t size;
};

/* The lines that hold something beyond ASCII, with their line ends. */
static struct sample take_sample(const uint8_t *bytes, size_t size) {
  struct sample sample = {alloc_bytes(SAMPLE_MOST + 1), 0};
  size_t line = 0;
  while (line < size && sample.size < SAMPLE_MOST) {
    const uint8_t *newline = memchr(bytes + line, '\n', size - line);
    size_t end = newline ? (size_t)(newline - bytes) + 1 : size;
    size_t high = line;
    while (high < end && bytes[high] < 0x80)
      high++;
    if (high < end) {
      /* A line may be the whole file: start shortly before its first such byte. */
      size_t start = high - line > 64 ? high - 64 : line;
      size_t length = end - start;
      if (length > SAMPLE_MOST - sample.size) length = SAMPLE_MOST - sample.size;
      memcpy(sample.bytes + sample.size, bytes + start, length);
      sample.size += length;
    }
    line = end;
  }
  return sample;
}

static uint32_t code_of(const char *utf8, size_t size) {
  const unsigned char *p = (const unsigned char *)utf8;
  if (size == 2) return ((p[0] & 0x1Fu) << 6) | (p[1] & 0x3Fu);
  if (size == 3) return ((p[0] & 0x0Fu) << 12) | ((p[1] & 0x3Fu) << 6) | (p[2] & 0x3Fu);
  return size == 1 ? p[0] : 0xFFFD;
}

static void page_table(int page, uint32_t table[256]) {
  for (unsigned byte = 0; byte < 256; byte++) {
    char out[4];
    uint8_t in = (uint8_t)byte;
    size_t undecodable = 0;
    size_t size = byte < 0x80 ? 0 : code_page_decode(page, &in, 1, out, &undecodable);
    table[byte] = byte < 0x80 ? byte : undecodable ? 0xFFFD : code_of(out, size);
  }
}

static bool is_ascii_letter(uint32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_latin(uint32_t c) {
  return c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7;
}

static bool is_cyrillic(uint32_t c) {
  return c >= 0x400 && c <= 0x45F;
}

static bool is_lower(uint32_t c) {
  if (c >= 'a' && c <= 'z') return true;
  if (c >= 0xDF && c <= 0xFF) return true;
  if (c >= 0x139 && c <= 0x148) return c % 2 == 0;
  if (c >= 0x179 && c <= 0x17E) return c % 2 == 0;
  if (c >= 0x100 && c <= 0x17F) return c % 2 == 1;
  return c >= 0x430 && c <= 0x45F;
}

/* An accented letter stands in a word of plain letters, and a capital does not
 * follow a small one. */
static int score_latin(uint32_t before, uint32_t c, uint32_t after) {
  if (!is_lower(c) && is_lower(before)) return -3;
  if (is_cyrillic(before) || is_cyrillic(after)) return -2;
  if (is_latin(before) || is_latin(after)) return 0;
  if (is_ascii_letter(before) || is_ascii_letter(after)) return 2;
  return is_lower(c) ? 1 : -1;
}

static int score_cyrillic(uint32_t before, uint32_t c, uint32_t after) {
  if (is_ascii_letter(before) || is_ascii_letter(after)) return -3;
  if (!is_lower(c) && is_lower(before)) return -3;
  return is_cyrillic(before) || is_cyrillic(after) ? 2 : 0;
}

static bool is_writing_sign(uint32_t c) {
  static const uint32_t signs[] = {0xA0,   0xA7,   0xA9,   0xAA,   0xAB,   0xAE,   0xB0,
                                   0xBA,   0xBB,   0x2013, 0x2014, 0x2018, 0x2019, 0x201C,
                                   0x201D, 0x201E, 0x2022, 0x2026, 0x20AC, 0x2116, 0x2122};
  for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
    if (c == signs[i]) return true;
  return false;
}

static int score_character(uint32_t before, uint32_t c, uint32_t after) {
  if (is_latin(c)) return score_latin(before, c, after);
  if (is_cyrillic(c)) return score_cyrillic(before, c, after);
  if (is_writing_sign(c)) return 1;
  if (c == 0xFFFD || c < 0xA0) return -4;
  return c >= 0x2500 && c < 0x25A0 ? -3 : -2;
}

static int score_single(int page, const struct sample *sample) {
  uint32_t table[256];
  page_table(page, table);
  int score = 0;
  for (size_t i = 0; i < sample->size; i++) {
    if (sample->bytes[i] < 0x80) continue;
    uint32_t before = i ? table[sample->bytes[i - 1]] : ' ';
    uint32_t after = i + 1 < sample->size ? table[sample->bytes[i + 1]] : ' ';
    score += score_character(before, table[sample->bytes[i]], after);
  }
  return score;
}

/* Points of one pair of bytes; -1: it cannot be one. The ranges are where each
 * standard keeps its everyday characters (GB 2312 level 1, Big5 level 1, KS X
 * 1001 hangul, JIS X 0208 kana and level 1). */
static int score_pair_936(uint8_t lead, uint8_t trail) {
  if (lead < 0x81 || lead == 0xFF || trail < 0x40 || trail == 0x7F || trail == 0xFF) return -1;
  if (trail >= 0xA1 && lead >= 0xB0 && lead <= 0xF7) return lead <= 0xD7 ? 4 : 2;
  if (trail >= 0xA1 && lead >= 0xA1 && lead <= 0xA3) return 2;
  if (trail < 0xA1 && lead >= 0xA1 && lead <= 0xA7) return -1;
  return trail < 0x80 ? 0 : 1;
}

static int score_pair_949(uint8_t lead, uint8_t trail) {
  if (lead < 0x81 || lead == 0xFF || trail < 0x41 || trail == 0xFF) return -1;
  if (trail >= 0xA1 && lead >= 0xB0 && lead <= 0xC8) return 4;
  return trail < 0xA1 ? 0 : 1;
}

static int score_pair_950(uint8_t lead, uint8_t trail) {
  if (lead < 0xA1 || lead > 0xF9 || trail < 0x40 || (trail > 0x7E && trail < 0xA1)) return -1;
  if (trail == 0xFF) return -1;
  if (lead >= 0xA4 && lead <= 0xC6) return trail < 0x80 ? 3 : 4;
  return lead < 0xA4 ? 2 : 1;
}

static int score_pair_932(uint8_t lead, uint8_t trail) {
  bool leads = (lead >= 0x81 && lead <= 0x9F) || (lead >= 0xE0 && lead <= 0xFC);
  if (!leads || trail < 0x40 || trail == 0x7F || trail > 0xFC) return -1;
  if ((lead == 0x82 && trail >= 0x9F) || (lead == 0x83 && trail <= 0x96)) return 5;
  if (lead >= 0x88 && lead <= 0x97) return trail < 0x80 ? 2 : 4;
  return lead == 0x81 && trail >= 0x80 ? 2 : 0;
}

typedef int (*pair_score)(uint8_t lead, uint8_t trail);

static int score_double(int page, pair_score score_pair, const struct sample *sample) {
  int score = 0, pairs = 0;
  for (size_t i = 0; i < sample->size; i++) {
    uint8_t lead = sample->bytes[i];
    if (lead < 0x80) continue;
    if (page == 932 && lead >= 0xA1 && lead <= 0xDF) {
      score--; /* a half-width katakana, rare */
      continue;
    }
    if (i + 1 == SAMPLE_MOST) break; /* the sample's own cut */
    int points = score_pair(lead, i + 1 < sample->size ? sample->bytes[i + 1] : 0);
    if (points < 0) return HOPELESS;
    score += points, pairs++, i++;
  }
  /* Few pairs inside the hangul range may as well be Chinese. */
  return page == 949 && pairs < 6 ? HOPELESS : score;
}

int code_page_guess(const uint8_t *bytes, size_t size) {
  static const int single[] = {850, 1252, 437, 866, 1251, 852, 1250};
  static const struct {
    int page;
    pair_score score;
  } pairs[] = {
      {949, score_pair_949}, {936, score_pair_936}, {950, score_pair_950}, {932, score_pair_932}};
  struct sample sample = take_sample(bytes, size);
  int best = 1252, most = HOPELESS;
  for (size_t i = 0; i < sizeof single / sizeof *single; i++) {
    int score = score_single(single[i], &sample);
    if (score > most) most = score, best = single[i];
  }
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
    int score = score_double(pairs[i].page, pairs[i].score, &sample);
    if (score > most) most = score, best = pairs[i].page;
  }
  alloc_free(sample.bytes);
  return best;
}
