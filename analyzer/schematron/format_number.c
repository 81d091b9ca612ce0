/* format-number(): the pictures of XSLT 1.0, 12.3 (those of JDK 1.1's
 * DecimalFormat) with the default decimal format. */
#include "schematron/functions.h"

#include "base/buffer.h"
#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { DIGITS_MOST = 100 };
#define PERMILLE "\xE2\x80\xB0"

struct picture {
  struct span prefix, suffix;
  int whole_least, fraction_least, fraction_most;
  int group; /* digits between separators; 0: none */
  double scale;
};

/* ---- Reading --------------------------------------------------------------- */

static void note_scale(struct span text, struct picture *picture) {
  for (size_t i = 0; i < text.size; i++) {
    if (text.start[i] == '%') picture->scale = 100;
    if (text.size - i >= 3 && memcmp(text.start + i, PERMILLE, 3) == 0) picture->scale = 1000;
  }
}

static bool in_body(char c) {
  return c != '\0' && strchr("#0,.", c) != NULL;
}

/* "#,##0" : optional digits, then those that are always there. */
static bool read_whole(struct span body, struct picture *picture) {
  int digits = 0, comma = -1;
  for (size_t i = 0; i < body.size; i++) {
    char c = body.start[i];
    if (c == ',') {
      comma = digits;
      continue;
    }
    if (c == '#' && picture->whole_least > 0) return false;
    picture->whole_least += c == '0' ? 1 : 0;
    digits++;
  }
  picture->group = comma >= 0 ? digits - comma : 0;
  return comma != digits && digits <= DIGITS_MOST;
}

static bool read_fraction(struct span body, struct picture *picture) {
  for (size_t i = 0; i < body.size; i++) {
    char c = body.start[i];
    bool late = c == '0' && picture->fraction_most > picture->fraction_least;
    if (c == ',' || c == '.' || late) return false;
    picture->fraction_least += c == '0' ? 1 : 0;
    picture->fraction_most++;
  }
  return picture->fraction_most <= DIGITS_MOST;
}

static bool read_picture(struct span text, struct picture *picture) {
  *picture = (struct picture){.scale = 1};
  size_t start = 0, end;
  while (start < text.size && !in_body(text.start[start]))
    start++;
  for (end = start; end < text.size && in_body(text.start[end]);)
    end++;
  picture->prefix = (struct span){text.start, start};
  picture->suffix = (struct span){text.start + end, text.size - end};
  for (size_t i = 0; i < picture->suffix.size; i++)
    if (in_body(picture->suffix.start[i])) return false;
  note_scale(picture->prefix, picture);
  note_scale(picture->suffix, picture);
  struct span body = {text.start + start, end - start};
  const char *point = body.size == 0 ? NULL : memchr(body.start, '.', body.size);
  size_t whole = point == NULL ? body.size : (size_t)(point - body.start);
  struct span fraction = {body.start + whole, 0};
  if (point != NULL) fraction = (struct span){point + 1, body.size - whole - 1};
  return body.size > 0 && read_whole((struct span){body.start, whole}, picture) &&
         read_fraction(fraction, picture);
}

/* ---- Writing --------------------------------------------------------------- */

static void add_whole(struct buffer *out, const char *digits, size_t size,
                      const struct picture *picture) {
  if (size == 1 && digits[0] == '0') size = 0; /* a zero is there only if asked for */
  size_t least = (size_t)picture->whole_least, total = size > least ? size : least;
  size_t group = (size_t)picture->group;
  for (size_t i = 0; i < total; i++) {
    if (i > 0 && group > 0 && (total - i) % group == 0) buffer_add_char(out, ',');
    buffer_add_char(out, i < total - size ? '0' : digits[i - (total - size)]);
  }
}

static void add_digits(struct buffer *out, double number, const struct picture *picture) {
  char digits[512];
  snprintf(digits, sizeof digits, "%.*f", picture->fraction_most, number);
  size_t whole = strcspn(digits, ".");
  size_t fraction = digits[whole] == '.' ? strlen(digits) - whole - 1 : 0;
  while (fraction > (size_t)picture->fraction_least && digits[whole + fraction] == '0')
    fraction--;
  size_t before = out->size;
  add_whole(out, digits, whole, picture);
  if (out->size == before && fraction == 0) buffer_add_char(out, '0');
  if (fraction == 0) return;
  buffer_add_char(out, '.');
  buffer_add(out, digits + whole + 1, fraction);
}

char *format_number(double number, const char *text) {
  const char *semicolon = strchr(text, ';');
  struct span first = {text, semicolon == NULL ? strlen(text) : (size_t)(semicolon - text)};
  struct picture picture, other;
  if (!read_picture(first, &picture)) return NULL;
  if (semicolon != NULL && !read_picture(span_of(semicolon + 1), &other)) return NULL;
  if (isnan(number)) return alloc_text("NaN");
  struct buffer out = buffer_make(8192);
  bool negative = signbit(number) != 0 && number != 0;
  if (negative && semicolon == NULL) buffer_add_char(&out, '-');
  /* Of a second picture only what stands around the digits counts. */
  struct span prefix = negative && semicolon != NULL ? other.prefix : picture.prefix;
  struct span suffix = negative && semicolon != NULL ? other.suffix : picture.suffix;
  buffer_add(&out, prefix.start, prefix.size);
  number = fabs(number) * picture.scale;
  if (isinf(number))
    buffer_add_text(&out, "Infinity");
  else
    add_digits(&out, number, &picture);
  buffer_add(&out, suffix.start, suffix.size);
  return buffer_take(&out);
}
