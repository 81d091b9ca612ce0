/* Dates as certutil prints them: the short date and short time of the regional
 * settings, in the local time of the machine, zone not stated. So a date is a
 * range of moments, never one. */
#ifndef SITEGLASS_READERS_LOCAL_DATE_H
#define SITEGLASS_READERS_LOCAL_DATE_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

struct local_date {
  int parts[3]; /* in printed order */
  bool year_first;
  int hour, minute, second;
  bool has_time, has_seconds;
  bool half_day_unknown; /* hour up to 12 and a word that may mean either half */
};

/* Three numbers, one of them (first or last) a year of four digits; then maybe a
 * time. "11/3/2024 3:30 PM", "01.01.2026 01:00", "2026/7/18 0:13", "2022-11-04 15:05",
 * "2026. 7. 18. <afternoon, in any script> 3:05". False on anything else, also for other digits
 * than 0-9 and for years of two digits. */
bool local_date_parse(struct span text, struct local_date *date);

/* False when the year is none in which a certificate of today can have begun by
 * the Gregorian calendar (1950 to 2100): Thai, Hijri, Persian years. */
bool local_date_is_gregorian_start(const struct local_date *not_before);

enum date_order { DATE_ORDER_UNDECIDED, DATE_ORDER_DAY_FIRST, DATE_ORDER_MONTH_FIRST };

/* What the dates of one text say about the order of day and month. */
struct date_votes {
  unsigned no_day[2], backwards[2]; /* by order: impossible dates, pairs that run backwards */
};

/* Show it all pairs (not before, not after) of a text, then ask. Separators and AM/PM
 * say nothing; a number above 12 does, or that only one order keeps
 * the pairs from running backwards. Contradictions leave it undecided. */
void date_votes_add(struct date_votes *votes, const struct local_date *not_before,
                    const struct local_date *not_after);
enum date_order date_votes_decide(const struct date_votes *votes);

/* The first and the last moment (UTC) that the date can mean: zones from +14:00
 * to -12:00, the second that is not printed, and both orders while undecided.
 * At most to the end of year 9999. False when no reading is a real date. */
bool local_date_range(const struct local_date *date, enum date_order order, int64_t *earliest,
                      int64_t *latest);

#endif
