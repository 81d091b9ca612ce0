/* Guessing a code page. */
#include "bundle/code_page.h"

#include "base/alloc.h"

#include <string.h>
#include <uchar.h>

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

/* --- letters --------------------------------------------------------------- */

enum script { NO_SCRIPT, ASCII_LETTER, LATIN, GREEK, CYRILLIC, HEBREW, ARABIC, THAI };

static enum script script_of(uint32_t c) {
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return ASCII_LETTER;
  if (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7) return LATIN;
  if (c >= 0x300 && c <= 0x323) return LATIN; /* Vietnamese: a tone behind its letter */
  if (c >= 0x386 && c <= 0x3CE) return GREEK;
  if ((c >= 0x400 && c <= 0x45F) || c == 0x490 || c == 0x491) return CYRILLIC;
  if (c >= 0x5D0 && c <= 0x5EA) return HEBREW;
  if ((c >= 0x621 && c <= 0x652) || c == 0x67E || c == 0x686 || c == 0x6AF) return ARABIC;
  return c >= 0xE01 && c <= 0xE4E ? THAI : NO_SCRIPT;
}

static bool is_lower(uint32_t c) {
  if (c >= 'a' && c <= 'z') return true;
  if (c >= 0xDF && c <= 0xFF) return true;
  if (c >= 0x139 && c <= 0x148) return c % 2 == 0;
  if (c >= 0x179 && c <= 0x17E) return c % 2 == 0;
  if (c >= 0x100 && c <= 0x24F) return c % 2 == 1;
  if (c >= 0x3AC && c <= 0x3CE) return true;
  return (c >= 0x430 && c <= 0x45F) || c >= 0x5D0 || (c >= 0x300 && c <= 0x323);
}

/* An accented letter stands in a word of plain letters, and a capital does not
 * follow a small one. */
static int score_latin(uint32_t before, uint32_t c, uint32_t after) {
  enum script left = script_of(before), right = script_of(after);
  if (!is_lower(c) && is_lower(before)) return -3;
  if (left > LATIN || right > LATIN) return -2;
  if (left == LATIN || right == LATIN) return 0;
  if (left == ASCII_LETTER || right == ASCII_LETTER) return 2;
  return is_lower(c) ? 1 : -1;
}

/* Thai: a vowel or tone above or below follows a letter, a vowel in front precedes one. */
static int score_thai(uint32_t before, uint32_t c, uint32_t after) {
  bool above = c == 0xE31 || (c >= 0xE34 && c <= 0xE3A) || c >= 0xE47;
  if (above)
    return script_of(before) == THAI && before < 0xE40 ? 2 : c >= 0xE47 && before >= 0xE31 ? 1 : -4;
  if (c >= 0xE40) return after >= 0xE01 && after <= 0xE2E ? 2 : -4;
  return script_of(before) == THAI || script_of(after) == THAI ? 2 : -1;
}

/* Greek: no two accents side by side, and one sigma is for the end of a word alone. */
static bool is_odd_greek(uint32_t before, uint32_t c, uint32_t after) {
  enum { FINAL_SIGMA = 0x3C2, SIGMA = 0x3C3 };
  bool accent = (c >= 0x3AC && c <= 0x3AF) || c >= 0x3CC;
  bool next = (after >= 0x3AC && after <= 0x3AF) || (after >= 0x3CC && after <= 0x3CE);
  if (c == FINAL_SIGMA) return script_of(after) == GREEK || script_of(before) != GREEK;
  return (accent && next) || (c == SIGMA && script_of(after) != GREEK);
}

/* Hebrew: five letters have a form for the end of a word alone. */
static int score_hebrew(uint32_t before, uint32_t c, uint32_t after) {
  bool final = c == 0x5DA || c == 0x5DD || c == 0x5DF || c == 0x5E3 || c == 0x5E5;
  bool ends = script_of(after) != HEBREW;
  if (final) return ends && script_of(before) == HEBREW ? 3 : -3;
  return !ends || script_of(before) == HEBREW ? 2 : 0;
}

/* A letter of another script stands among its own. */
static int score_other(uint32_t before, uint32_t c, uint32_t after) {
  enum script own = script_of(c), left = script_of(before), right = script_of(after);
  if (left == ASCII_LETTER || right == ASCII_LETTER) return -3;
  if (own == HEBREW) return score_hebrew(before, c, after);
  if (own < HEBREW && !is_lower(c) && is_lower(before)) return -3;
  if (own == GREEK && is_odd_greek(before, c, after)) return -3;
  /* Whole words of capitals are rare; Hebrew and Arabic have none. */
  if (own < HEBREW && !is_lower(c) && left == own) return 1;
  return left == own || right == own ? 2 : 0;
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
  enum script script = script_of(c);
  if (script == LATIN) return score_latin(before, c, after);
  if (script == THAI) return score_thai(before, c, after);
  if (script > LATIN) return score_other(before, c, after);
  if (is_writing_sign(c)) return 1;
  if (c == 0xFFFD || c < 0xA0) return -4;
  return c >= 0x2500 && c < 0x25A0 ? -3 : -2;
}

/* --- languages --------------------------------------------------------------- */

/* The letters beyond ASCII that a language writes, small ones, and the OEM and ANSI code
 * pages that Windows uses for it (Microsoft, "Code Page Identifiers" and the NLS tables).
 * More common ones first: of equals the first wins. */
static const struct language {
  const char16_t *letters; /* NULL: a script of its own, every letter of it */
  int pages[4];
  bool rare; /* of equals it loses */
} languages[] = {
    {u"äöüß", {850, 1252, 437}, false},
    {u"àâæçéèêëîïôœùûüÿ", {850, 1252, 437, 863}, false},
    {u"áéíñóúü", {850, 1252, 437}, false},
    {u"àèéìíîòóùú", {850, 1252, 437}, false},
    {u"àáâãçéêíóôõú", {850, 1252, 860, 437}, false},
    {u"åäöæøé", {850, 1252, 865, 437}, false},
    {u"éëïóöü", {850, 1252, 437}, false},
    {u"áæðéíóöúýþ", {850, 1252, 861}, true},
    {NULL, {866, 1251, 855}, false},
    {u"ąćęłńóśźż", {852, 1250}, false},
    {u"áčďéěíňóřšťúůýž", {852, 1250}, false},
    {u"áäčďéíĺľňóôŕšťúýž", {852, 1250}, false},
    {u"áéíóöőúüű", {852, 1250}, false},
    {u"čćđšž", {852, 1250}, false},
    {u"ăâîșțşţ", {852, 1250}, false},
    {u"çğıöşüâî", {857, 1254}, false},
    {u"āčēģīķļņšūž", {775, 1257}, false},
    {u"ąčęėįšųūž", {775, 1257}, false},
    {u"äõöüšž", {775, 1257}, false},
    {NULL, {737, 1253, 869}, false},
    {NULL, {862, 1255}, false},
    {NULL, {1256, 864}, false},
    {NULL, {874}, false},
    {u"àâăèéêìíòóôơùúưýđ\u0300\u0301\u0303\u0309\u0323", {1258}, false},
};

/* Capitals of these alphabets are 32 lower up to U+00DE, else one lower. */
static bool is_of(const char16_t *letters, uint32_t c) {
  uint32_t small = c >= 0xC0 && c <= 0xDE ? c + 32 : is_lower(c) ? c : c + 1;
  for (; *letters; letters++)
    if (*letters == small || *letters == c) return true;
  return false;
}

static int score_single(const uint32_t table[256], const struct language *language,
                        const struct sample *sample) {
  int score = 0;
  for (size_t i = 0; i < sample->size; i++) {
    if (sample->bytes[i] < 0x80) continue;
    uint32_t c = table[sample->bytes[i]];
    uint32_t before = i ? table[sample->bytes[i - 1]] : ' ';
    uint32_t after = i + 1 < sample->size ? table[sample->bytes[i + 1]] : ' ';
    score += score_character(before, c, after);
    if (script_of(c) != LATIN) continue;
    score += language->letters && is_of(language->letters, c) ? 1 : -1;
  }
  return score - language->rare;
}

/* --- two bytes a character ---------------------------------------------------- */

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

/* --- together ----------------------------------------------------------------- */

/* What was tried: the best score of each page. */
struct trial {
  int page, score;
};
enum { TRIALS_MOST = 48, ENOUGH = 6 };
struct trials {
  struct trial items[TRIALS_MOST];
  size_t count;
};

static void keep_trial(struct trials *trials, int page, int score) {
  for (size_t i = 0; i < trials->count; i++) {
    if (trials->items[i].page != page) continue;
    if (score > trials->items[i].score) trials->items[i].score = score;
    return;
  }
  if (trials->count < TRIALS_MOST) trials->items[trials->count++] = (struct trial){page, score};
}

/* Tables of the pages, each made once. */
struct tables {
  int pages[TRIALS_MOST];
  uint32_t tables[TRIALS_MOST][256];
  size_t count;
};

static const uint32_t *table_of(struct tables *tables, int page) {
  for (size_t i = 0; i < tables->count; i++)
    if (tables->pages[i] == page) return tables->tables[i];
  size_t at = tables->count < TRIALS_MOST ? tables->count++ : TRIALS_MOST - 1;
  tables->pages[at] = page;
  code_page_table(page, tables->tables[at]);
  return tables->tables[at];
}

static void try_singles(struct trials *trials, const struct sample *sample) {
  struct tables *tables = alloc_bytes(sizeof *tables);
  for (size_t i = 0; i < sizeof languages / sizeof *languages; i++) {
    for (size_t j = 0; j < 4 && languages[i].pages[j]; j++) {
      const uint32_t *table = table_of(tables, languages[i].pages[j]);
      keep_trial(trials, languages[i].pages[j], score_single(table, &languages[i], sample));
    }
  }
  alloc_free(tables);
}

static void try_pairs(struct trials *trials, const struct sample *sample) {
  static const struct {
    int page;
    pair_score score;
  } pairs[] = {
      {949, score_pair_949}, {936, score_pair_936}, {950, score_pair_950}, {932, score_pair_932}};
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
    keep_trial(trials, pairs[i].page, score_double(pairs[i].page, pairs[i].score, sample));
}

/* Pages that give the same text are no rivals. */
static bool same_text(int one, int other, const struct sample *sample) {
  char *a = alloc_bytes(3 * sample->size + 1), *b = alloc_bytes(3 * sample->size + 1);
  size_t lost = 0;
  size_t size = code_page_decode(one, sample->bytes, sample->size, a, &lost);
  bool same = code_page_decode(other, sample->bytes, sample->size, b, &lost) == size &&
              memcmp(a, b, size) == 0;
  alloc_free(a);
  alloc_free(b);
  return same;
}

static enum encoding_confidence judge(const struct trials *trials, const struct trial *best,
                                      const struct sample *sample) {
  if (best->score < ENOUGH) return CONFIDENCE_UNSURE;
  for (size_t i = 0; i < trials->count; i++) {
    const struct trial *rival = &trials->items[i];
    if (rival != best && rival->score * 5 > best->score * 4 &&
        !same_text(best->page, rival->page, sample))
      return CONFIDENCE_UNSURE;
  }
  return CONFIDENCE_LIKELY;
}

int code_page_guess(const uint8_t *bytes, size_t size, enum encoding_confidence *confidence) {
  struct sample sample = take_sample(bytes, size);
  struct trials trials = {.count = 0};
  try_singles(&trials, &sample);
  try_pairs(&trials, &sample);
  const struct trial *best = &trials.items[0];
  for (size_t i = 1; i < trials.count; i++)
    if (trials.items[i].score > best->score) best = &trials.items[i];
  *confidence = judge(&trials, best, &sample);
  alloc_free(sample.bytes);
  return best->page;
}
