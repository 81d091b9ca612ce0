/* Local dates of unknown order and zone, as ranges of moments. */
#include "readers/local_date.h"

#include "base/moment.h"

#include <string.h>

enum { HOUR = 3600, NUMBERS_MOST = 7 };
#define LAST_MOMENT INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

struct numbers {
  int values[NUMBERS_MOST];
  int widths[NUMBERS_MOST];
  int count;
  char word[16]; /* ASCII letters, lower case */
  bool foreign;  /* letters of other scripts */
};

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static bool take_number(struct span text, size_t *at, struct numbers *numbers) {
  int value = 0, width = 0;
  if (numbers->count == NUMBERS_MOST) return false;
  for (; *at < text.size && is_digit(text.start[*at]); ++*at, ++width) {
    if (width == 6) return false;
    value = value * 10 + (text.start[*at] - '0');
  }
  numbers->values[numbers->count] = value;
  numbers->widths[numbers->count++] = width;
  return true;
}

/* One character that is no digit. False when no date has it. */
static bool take_other(struct span text, size_t *at, struct numbers *numbers) {
  unsigned char c = (unsigned char)text.start[(*at)++];
  size_t length = strlen(numbers->word);
  if (c == 0xC2 || c == 0xE2) { /* no-break blanks, marks of direction: in front of PM */
    while (*at < text.size && ((unsigned char)text.start[*at] & 0xC0) == 0x80)
      ++*at;
    return true;
  }
  if (c >= 0x80) {
    numbers->foreign = true;
    return true;
  }
  if ((c | 0x20) < 'a' || (c | 0x20) > 'z') return strchr(" \t/.-:,", c) != NULL && c;
  if (length + 1 == sizeof numbers->word) return false;
  numbers->word[length] = (char)(c | 0x20);
  return true;
}

static bool split(struct span text, struct numbers *numbers) {
  text = span_trim(text);
  if (text.size == 0 || text.size > 64) return false;
  for (size_t at = 0; at < text.size;)
    if (!(is_digit(text.start[at]) ? take_number(text, &at, numbers)
                                   : take_other(text, &at, numbers)))
      return false;
  return numbers->count >= 3;
}

static bool take_date(const struct numbers *numbers, struct local_date *date) {
  date->year_first = numbers->widths[0] == 4;
  int year = date->year_first ? 0 : 2;
  for (int i = 0; i < 3; i++) {
    date->parts[i] = numbers->values[i];
    if (i == year ? numbers->widths[i] != 4 : numbers->widths[i] > 2) return false;
  }
  return true;
}

/* "10:30", "10.30", "10:30 55.000s"; AM and PM, or words that leave the half open. */
static bool take_time(const struct numbers *numbers, struct local_date *date) {
  if (numbers->count == 3) return true;
  if (numbers->count < 5 || numbers->widths[3] > 2 || numbers->widths[4] != 2) return false;
  date->has_time = true;
  date->has_seconds = numbers->count > 5;
  date->hour = numbers->values[3];
  date->minute = numbers->values[4];
  date->second = date->has_seconds ? numbers->values[5] : 0;
  const char *word = numbers->word;
  bool am = strncmp(word, "am", 2) == 0, pm = strncmp(word, "pm", 2) == 0;
  bool plain = !*word || strcmp(word, "s") == 0 || strcmp(word, "h") == 0;
  if (am || pm) {
    if (date->hour == 12)
      date->hour = am ? 0 : 12;
    else if (pm && date->hour < 12)
      date->hour += 12;
  } else {
    date->half_day_unknown = (!plain || numbers->foreign) && date->hour <= 12;
  }
  return date->hour < 24 && date->minute < 60 && date->second < 60;
}

bool local_date_parse(struct span text, struct local_date *date) {
  struct numbers numbers = {0};
  *date = (struct local_date){0};
  return split(text, &numbers) && take_date(&numbers, date) && take_time(&numbers, date);
}

bool local_date_is_gregorian_start(const struct local_date *not_before) {
  int year = not_before->parts[not_before->year_first ? 0 : 2];
  return year >= 1950 && year <= 2100;
}

/* As if it were UTC, the time of day left out. */
static bool day_of(const struct local_date *date, enum date_order order, int64_t *seconds) {
  int year = date->parts[2], month = date->parts[0], day = date->parts[1];
  if (date->year_first) {
    year = date->parts[0];
    month = date->parts[1];
    day = date->parts[2];
  } else if (order == DATE_ORDER_DAY_FIRST) {
    month = date->parts[1];
    day = date->parts[0];
  }
  return moment_of_day(year, month, day, seconds);
}

static bool range_of(const struct local_date *date, enum date_order order, int64_t *earliest,
                     int64_t *latest) {
  int64_t day;
  if (!day_of(date, order, &day)) return false;
  int64_t hour = date->half_day_unknown ? date->hour % 12 : date->hour;
  *earliest = *latest = day + hour * HOUR + date->minute * 60 + date->second;
  if (date->half_day_unknown) *latest += (int64_t)12 * HOUR;
  if (!date->has_time)
    *latest += (int64_t)24 * HOUR - 1;
  else if (!date->has_seconds)
    *latest += 59;
  *earliest -= (int64_t)14 * HOUR;
  *latest += (int64_t)12 * HOUR;
  if (*latest > LAST_MOMENT) *latest = LAST_MOMENT;
  return true;
}

bool local_date_range(const struct local_date *date, enum date_order order, int64_t *earliest,
                      int64_t *latest) {
  if (order != DATE_ORDER_UNDECIDED || date->year_first)
    return range_of(date, order, earliest, latest);
  int64_t first[2], last[2];
  bool day = range_of(date, DATE_ORDER_DAY_FIRST, &first[0], &last[0]);
  bool month = range_of(date, DATE_ORDER_MONTH_FIRST, &first[1], &last[1]);
  if (!day && !month) return false;
  int one = day ? 0 : 1, other = month ? 1 : 0;
  *earliest = first[one] < first[other] ? first[one] : first[other];
  *latest = last[one] > last[other] ? last[one] : last[other];
  return true;
}

static void vote(struct date_votes *votes, int place, enum date_order order,
                 const struct local_date *not_before, const struct local_date *not_after) {
  int64_t start, start_latest, end, end_latest;
  if (!range_of(not_before, order, &start, &start_latest) ||
      !range_of(not_after, order, &end, &end_latest))
    votes->no_day[place]++;
  else if (start > end_latest)
    votes->backwards[place]++;
}

void date_votes_add(struct date_votes *votes, const struct local_date *not_before,
                    const struct local_date *not_after) {
  if (not_before->year_first || not_after->year_first) return;
  vote(votes, 0, DATE_ORDER_DAY_FIRST, not_before, not_after);
  vote(votes, 1, DATE_ORDER_MONTH_FIRST, not_before, not_after);
}

enum date_order date_votes_decide(const struct date_votes *votes) {
  const unsigned *against = votes->no_day[0] || votes->no_day[1] ? votes->no_day : votes->backwards;
  if (against[0] && !against[1]) return DATE_ORDER_MONTH_FIRST;
  if (against[1] && !against[0]) return DATE_ORDER_DAY_FIRST;
  return DATE_ORDER_UNDECIDED;
}
