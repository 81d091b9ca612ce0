/* What the bytes of an artifact are as text: the decision, and the decoding. */
#include "bundle/encoding.h"

#include "base/text.h"
#include "bundle/code_page.h"
#include "bundle/utf16.h"

#include <string.h>

enum { DECLARATION_MOST = 256, TEXT_START = 16 };

static bool starts_with(const struct artifact *a, const char *bytes, size_t size) {
  return a->size >= size && memcmp(a->bytes, bytes, size) == 0;
}

static enum utf16_order order_of(enum encoding encoding) {
  return encoding == ENCODING_UTF16BE ? UTF16_BIG : UTF16_LITTLE;
}

static bool has_byte_run(const struct artifact *a, size_t from, enum utf16_order order) {
  size_t start, end;
  return utf16_byte_run(a->bytes, a->size, from, order, &start, &end);
}

static void set_utf16(struct artifact *a, enum utf16_order order, bool guessed) {
  a->encoding = order == UTF16_BIG ? ENCODING_UTF16BE : ENCODING_UTF16LE;
  a->encoding_guessed = guessed;
  a->confidence = guessed ? CONFIDENCE_LIKELY : CONFIDENCE_CERTAIN;
  a->encoding_mixed = has_byte_run(a, guessed ? 0 : 2, order);
}

static bool detect_mark(struct artifact *a) {
  if (starts_with(a, "\xEF\xBB\xBF", 3)) {
    a->encoding = ENCODING_UTF8_BOM;
    return true;
  }
  if (starts_with(a, "\xFF\xFE\0\0", 4)) return false; /* UTF-32, which nothing here writes */
  bool little = starts_with(a, "\xFF\xFE", 2);
  if (!little && !starts_with(a, "\xFE\xFF", 2)) return false;
  set_utf16(a, little ? UTF16_LITTLE : UTF16_BIG, false);
  return true;
}

/* Text in single bytes to which PowerShell appended UTF-16 without a mark. */
static bool detect_appended_utf16(struct artifact *a) {
  const uint8_t *zero = memchr(a->bytes, 0, a->size);
  size_t first = zero ? (size_t)(zero - a->bytes) : a->size;
  if (!zero || first < TEXT_START || !has_byte_run(a, 0, UTF16_LITTLE)) return false;
  if (utf16_sniff(zero - 1, a->size - first + 1) != UTF16_LITTLE) return false;
  set_utf16(a, UTF16_LITTLE, true);
  return true;
}

struct counts {
  size_t nul, control, high;
  size_t valid, broken; /* bytes of UTF-8 sequences beyond ASCII; bytes outside any */
  size_t first_nul;
  bool nul_tail; /* all NULs stand together at the end */
};

static struct counts count_bytes(const uint8_t *bytes, size_t size) {
  struct counts c = {.first_nul = size};
  for (size_t i = 0; i < size; i++) {
    uint8_t byte = bytes[i];
    if (byte == 0 && c.nul++ == 0) c.first_nul = i;
    if (byte >= 0x80) c.high++;
    if (byte < 0x20 && byte != 0 && (byte < '\t' || byte > '\r') && byte != 0x1A) c.control++;
  }
  c.nul_tail = c.nul && c.first_nul + c.nul == size;
  size_t at = 0, sound = 0;
  while (at < size) {
    size_t step = text_utf8_prefix((const char *)bytes + at, size - at);
    sound += step, at += step;
    if (at < size) c.broken += bytes[at] != 0, at++;
  }
  c.valid = c.high - (c.broken < c.high ? c.broken : c.high);
  return c;
}

/* DER is one tag whose length is that of the file (X.690, 8.1.3); small
 * certificates may hold no NUL at all. */
static bool is_der(const struct artifact *a) {
  if (a->size < 4 || a->bytes[0] != 0x30 || a->bytes[1] < 0x80 || a->bytes[1] > 0x84) return false;
  size_t length = 0, digits = a->bytes[1] & 7u;
  if (a->size < 2 + digits) return false;
  for (size_t i = 0; i < digits; i++)
    length = (length << 8) | a->bytes[2 + i];
  return length + 2 + digits == a->size || digits == 0;
}

static bool is_text_with_nuls(const struct counts *c, size_t size) {
  return c->broken == 0 && c->first_nul >= TEXT_START && c->control * 50 <= size &&
         (c->nul * 4 < size || c->nul_tail);
}

/* The value of encoding="..." in an XML declaration at the very start. */
static struct span declared_encoding(const struct artifact *a) {
  struct span none = {"", 0};
  size_t most = a->size < DECLARATION_MOST ? a->size : DECLARATION_MOST;
  if (!starts_with(a, "<?xml", 5)) return none;
  const char *text = (const char *)a->bytes;
  for (size_t i = 5; i + 9 < most && text[i] != '>'; i++) {
    if (memcmp(text + i, "encoding", 8) != 0) continue;
    for (i += 8; i < most && (text[i] == ' ' || text[i] == '\t' || text[i] == '='); i++)
      continue;
    const char *close = i < most ? memchr(text + i + 1, text[i], most - i - 1) : NULL;
    if (!close || (text[i] != '"' && text[i] != '\'')) return none;
    return (struct span){text + i + 1, (size_t)(close - text) - i - 1};
  }
  return none;
}

static bool is_markup(const struct artifact *a) {
  size_t i = 0;
  while (i + 1 < a->size && i < DECLARATION_MOST && strchr(" \t\r\n", a->bytes[i]))
    i++;
  if (i + 1 >= a->size || a->bytes[i] != '<') return false;
  uint8_t next = a->bytes[i + 1], small = next | 0x20;
  return next == '?' || next == '!' || (small >= 'a' && small <= 'z');
}

/* Not UTF-8, not binary. A damaged UTF-8 file must not look sound by being read
 * as a code page in which every byte means something. */
static void detect_code_page(struct artifact *a, const struct counts *c) {
  struct span name = declared_encoding(a);
  int declared = code_page_from_name(name.start, name.size);
  bool damaged = c->valid >= 4 * c->broken || (is_markup(a) && (declared == 65001 || !name.size));
  if (damaged) {
    a->encoding = ENCODING_UTF8;
    return;
  }
  a->encoding = ENCODING_CODE_PAGE;
  a->encoding_guessed = declared == 0 || declared == 65001;
  if (a->encoding_guessed)
    a->code_page = code_page_guess(a->bytes, a->size, &a->confidence);
  else
    a->code_page = declared;
}

static bool is_ascii(const uint8_t *bytes, size_t size) {
  size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    uint64_t word;
    memcpy(&word, bytes + i, 8);
    if (word & 0x8080808080808080u) return false;
  }
  for (; i < size; i++)
    if (bytes[i] >= 0x80) return false;
  return true;
}

/* A NUL at the start is no text's, and whatever comes behind it need not be looked at. */
static bool starts_binary(const struct artifact *a) {
  return memchr(a->bytes, 0, a->size < TEXT_START ? a->size : TEXT_START) != NULL;
}

static void detect_rest(struct artifact *a) {
  if (starts_binary(a)) {
    a->encoding = ENCODING_BINARY;
    return;
  }
  struct counts c = count_bytes(a->bytes, a->size);
  bool text = c.nul == 0 ? c.control * 50 <= a->size && !is_der(a) : is_text_with_nuls(&c, a->size);
  if (!text)
    a->encoding = ENCODING_BINARY;
  else if (c.nul && c.broken == 0)
    a->encoding = c.high ? ENCODING_UTF8 : ENCODING_ASCII;
  else
    detect_code_page(a, &c);
}

void encoding_detect(struct artifact *a) {
  a->encoding = ENCODING_ASCII;
  if (a->size == 0 || detect_mark(a)) return;
  if (text_utf8_prefix((const char *)a->bytes, a->size) == a->size) {
    a->encoding = is_ascii(a->bytes, a->size) ? ENCODING_ASCII : ENCODING_UTF8;
    return;
  }
  if (detect_appended_utf16(a)) return; /* first: its NULs may stand at either parity */
  enum utf16_order order = utf16_sniff(a->bytes, a->size);
  if (order != UTF16_NONE)
    set_utf16(a, order, true);
  else
    detect_rest(a);
}

/* --- --encoding ---------------------------------------------------------- */

bool encoding_choice_read(const char *name, struct encoding_choice *choice) {
  static const struct {
    const char *name;
    enum encoding encoding;
  } names[] = {{"utf-16", ENCODING_UTF16LE},  {"utf-16le", ENCODING_UTF16LE},
               {"utf16le", ENCODING_UTF16LE}, {"utf-16be", ENCODING_UTF16BE},
               {"utf16be", ENCODING_UTF16BE}, {"unicode", ENCODING_UTF16LE},
               {"1200", ENCODING_UTF16LE},    {"1201", ENCODING_UTF16BE}};
  choice->code_page = 0;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    choice->encoding = names[i].encoding;
    if (text_equal_nocase(name, names[i].name)) return true;
  }
  int page = code_page_from_name(name, strlen(name));
  choice->encoding = page == 65001 ? ENCODING_UTF8 : ENCODING_CODE_PAGE;
  choice->code_page = page == 65001 ? 0 : page;
  return page != 0;
}

static bool choice_fits(const struct encoding_choice *choice, const struct artifact *a) {
  const char *name = strrchr(a->path, '/');
  if (!choice->glob) return a->encoding_guessed;
  return text_glob(choice->glob, a->path) || text_glob(choice->glob, name ? name + 1 : a->path);
}

/* A byte order mark stays one: without it the first character would be a blank. In a
 * UTF-16 file with bytes amid it a code page is for the bytes. */
static void apply_choice(const struct encoding_choice *choice, struct artifact *a) {
  bool units = a->encoding == ENCODING_UTF16LE || a->encoding == ENCODING_UTF16BE;
  if (units && a->encoding_mixed && choice->encoding == ENCODING_CODE_PAGE) {
    a->code_page = choice->code_page;
  } else if (choice->encoding == ENCODING_UTF8 && starts_with(a, "\xEF\xBB\xBF", 3)) {
    a->encoding = ENCODING_UTF8_BOM;
  } else {
    a->encoding = choice->encoding;
    a->code_page = choice->code_page;
    a->encoding_mixed = false;
  }
  a->encoding_guessed = false;
  a->encoding_given = true;
  a->confidence = CONFIDENCE_CERTAIN;
}

void encoding_settle(struct artifact *a, const struct encoding_choice *choices, size_t count) {
  encoding_detect(a);
  for (size_t i = 0; i < count; i++) {
    if (!choice_fits(&choices[i], a)) continue;
    apply_choice(&choices[i], a);
    return;
  }
}

/* --- decoding ------------------------------------------------------------ */

struct decoding {
  struct artifact *artifact;
  char *out;
  size_t size;
};

/* The next U+FEFF in UTF-8; NULL when there is none. */
static const char *find_mark(const char *text, size_t size) {
  const char *end = text + size;
  while (end - text >= 3) {
    text = memchr(text, 0xEF, (size_t)(end - text) - 2);
    if (!text || memcmp(text, "\xEF\xBB\xBF", 3) == 0) return text;
    text++;
  }
  return NULL;
}

/* Drops U+FEFF, replaces what is not UTF-8 byte by byte, keeps NULs. */
static void decode_utf8(struct decoding *d, const uint8_t *bytes, size_t size) {
  const char *text = (const char *)bytes;
  size_t at = 0;
  while (at < size) {
    size_t step = text_utf8_prefix(text + at, size - at);
    const char *mark = find_mark(text + at, step);
    if (mark) step = (size_t)(mark - text) - at;
    memcpy(d->out + d->size, text + at, step);
    d->size += step, at += step;
    if (mark) {
      at += 3;
    } else if (at < size && text[at] == '\0') {
      d->out[d->size++] = '\0', at++;
    } else if (at < size) {
      memcpy(d->out + d->size, "\xEF\xBF\xBD", 3);
      d->size += 3, at++;
      d->artifact->undecodable++;
    }
  }
}

static void decode_page(struct decoding *d, int page, const uint8_t *bytes, size_t size) {
  d->size += code_page_decode(page, bytes, size, d->out + d->size, &d->artifact->undecodable);
}

static void decode_bytes_between(struct decoding *d, const uint8_t *bytes, size_t size) {
  enum encoding_confidence confidence;
  if (code_page_is_utf8(bytes, size))
    decode_utf8(d, bytes, size);
  else
    decode_page(d,
                d->artifact->code_page ? d->artifact->code_page
                                       : code_page_guess(bytes, size, &confidence),
                bytes, size);
}

static void decode_utf16(struct decoding *d, const uint8_t *bytes, size_t size) {
  enum utf16_order order = order_of(d->artifact->encoding);
  size_t at = 0, start, end;
  while (d->artifact->encoding_mixed && utf16_byte_run(bytes, size, at, order, &start, &end)) {
    d->size +=
        utf16_decode(bytes + at, start - at, order, d->out + d->size, &d->artifact->undecodable);
    decode_bytes_between(d, bytes + start, end - start);
    at = end;
  }
  d->size +=
      utf16_decode(bytes + at, size - at, order, d->out + d->size, &d->artifact->undecodable);
}

/* UTF-8 that needs no change is seen in place: a 200 MB file is not copied. */
static bool is_clean_utf8(const struct artifact *a, size_t from) {
  const char *text = (const char *)a->bytes + from;
  size_t size = a->size - from;
  return !find_mark(text, size) && code_page_is_utf8((const uint8_t *)text, size);
}

void encoding_decode(struct artifact *a) {
  size_t from = a->encoding == ENCODING_UTF8_BOM ? 3 : 0;
  bool utf8 = a->encoding == ENCODING_UTF8 || a->encoding == ENCODING_UTF8_BOM;
  if (a->encoding == ENCODING_ASCII || (utf8 && is_clean_utf8(a, from))) {
    a->text = (char *)a->bytes + from;
    a->text_size = a->size - from;
    return;
  }
  bool units =
      (a->encoding == ENCODING_UTF16LE || a->encoding == ENCODING_UTF16BE) && !a->encoding_mixed;
  size_t room = units ? a->size / 2 * 3 + 3 : 3 * a->size;
  struct decoding d = {a, alloc_resize(NULL, room + 1, 1), 0};
  a->undecodable = 0;
  if (utf8)
    decode_utf8(&d, a->bytes + from, a->size - from);
  else if (a->encoding == ENCODING_CODE_PAGE)
    decode_page(&d, a->code_page, a->bytes, a->size);
  else
    decode_utf16(&d, a->bytes, a->size);
  d.out[d.size] = '\0';
  a->text = alloc_resize(d.out, d.size + 1, 1);
  a->text_size = d.size;
}
