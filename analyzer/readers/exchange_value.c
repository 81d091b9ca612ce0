/* Values of exported properties -> one text for each form.
 *
 * Sizes: "36 MB (37,748,736 bytes)", what ByteQuantifiedSize shows; the digits in
 * brackets count, whatever separates their groups. Durations: [d.]hh:mm:ss[.f], and the
 * ISO 8601 of CLIXML (TS: "PT10M"). */
#include "readers/exchange_value.h"

#include "base/text.h"

#include <string.h>

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static bool all_digits(struct span text) {
  for (size_t i = 0; i < text.size; i++)
    if (!is_digit(text.start[i])) return false;
  return text.size > 0;
}

static char *flag_of(struct span text) {
  if (span_equal_nocase(text, "true")) return alloc_text("true");
  return span_equal_nocase(text, "false") ? alloc_text("false") : NULL;
}

static char *number_of(struct span text) {
  if (span_equal_nocase(text, "unlimited")) return alloc_text("Unlimited");
  bool negative = text.size > 1 && text.start[0] == '-';
  struct span digits = {text.start + negative, text.size - negative};
  return all_digits(digits) && digits.size < 20 ? span_copy(text) : NULL;
}

/* The digits between the last bracket and "bytes". */
static char *size_of(struct span text) {
  char *plain = number_of(text);
  if (plain) return plain;
  size_t open = text.size;
  while (open > 0 && text.start[open - 1] != '(')
    open--;
  char digits[24];
  size_t count = 0;
  for (size_t i = open; open > 0 && i < text.size && count < sizeof digits - 1; i++)
    if (is_digit(text.start[i])) digits[count++] = text.start[i];
  digits[count] = '\0';
  bool bytes =
      text.size > 6 && (span_equal_nocase((struct span){text.start + text.size - 6, 6}, "bytes)") ||
                        span_equal_nocase((struct span){text.start + text.size - 6, 6}, " byte)"));
  return bytes && count > 0 && count < 20 ? alloc_text(digits) : NULL;
}

/* ---- Durations ---------------------------------------------------------------- */

struct clock {
  const char *at, *end;
  uint64_t parts[4]; /* days, hours, minutes, seconds */
};

static bool take_number(struct clock *clock, uint64_t *number) {
  const char *start = clock->at;
  while (clock->at < clock->end && is_digit(*clock->at))
    clock->at++;
  struct span digits = {start, (size_t)(clock->at - start)};
  return digits.size < 10 && text_unsigned(digits, number);
}

static bool take(struct clock *clock, char c) {
  if (clock->at >= clock->end || *clock->at != c) return false;
  clock->at++;
  return true;
}

static bool take_fraction(struct clock *clock) {
  uint64_t ignored;
  return take(clock, '.') && take_number(clock, &ignored);
}

/* "[d.]hh:mm:ss[.fffffff]" */
static bool parse_colons(struct clock *clock) {
  uint64_t first;
  if (!take_number(clock, &first)) return false;
  if (take(clock, '.')) {
    clock->parts[0] = first;
    if (!take_number(clock, &first)) return false;
  }
  clock->parts[1] = first;
  for (size_t i = 2; i < 4; i++)
    if (!take(clock, ':') || !take_number(clock, &clock->parts[i])) return false;
  if (clock->at < clock->end && !take_fraction(clock)) return false;
  return clock->at == clock->end;
}

/* "P1DT2H3M4.5S": days, hours, minutes and seconds only. */
static bool parse_iso(struct clock *clock) {
  static const char units[] = "DHMS";
  if (!take(clock, 'P')) return false;
  bool any = false;
  for (size_t unit = 0; clock->at < clock->end; any = true) {
    if (unit <= 1 && take(clock, 'T')) unit = 1;
    uint64_t number;
    if (!take_number(clock, &number)) return false;
    if (clock->at < clock->end && *clock->at == '.' && !take_fraction(clock)) return false;
    while (unit < 4 && !(clock->at < clock->end && *clock->at == units[unit]))
      unit++;
    if (unit >= 4) return false;
    clock->parts[unit] = number;
    clock->at++;
    unit++;
  }
  return any;
}

static char *duration_of(struct span text) {
  struct clock colons = {.at = text.start, .end = text.start + text.size}, iso = colons;
  struct clock *told = parse_colons(&colons) ? &colons : parse_iso(&iso) ? &iso : NULL;
  if (!told) return NULL;
  uint64_t seconds =
      ((told->parts[0] * 24 + told->parts[1]) * 60 + told->parts[2]) * 60 + told->parts[3];
  unsigned days = (unsigned)(seconds / 86400), hours = (unsigned)(seconds / 3600 % 24);
  unsigned minutes = (unsigned)(seconds / 60 % 60), rest = (unsigned)(seconds % 60);
  if (days > 0) return alloc_format("%u.%02u:%02u:%02u", days, hours, minutes, rest);
  return alloc_format("%02u:%02u:%02u", hours, minutes, rest);
}

/* ---- All forms ------------------------------------------------------------------ */

char *exchange_value(const xmlNode *value, enum property_form form) {
  if (clixml_is_nil(value)) return alloc_text("");
  char *shown = clixml_text(value);
  if (!shown) return NULL;
  struct span text = span_trim(span_of(shown));
  char *known = NULL;
  if (form == PROPERTY_TEXT || (form == PROPERTY_WORDS && !all_digits(text)))
    known = span_copy(text);
  else if (text.size == 0 && form != PROPERTY_LIST)
    known = alloc_text("");
  else if (form == PROPERTY_FLAG)
    known = flag_of(text);
  else if (form == PROPERTY_NUMBER)
    known = number_of(text);
  else if (form == PROPERTY_SIZE)
    known = size_of(text);
  else if (form == PROPERTY_DURATION)
    known = duration_of(text);
  alloc_free(shown);
  return known;
}
