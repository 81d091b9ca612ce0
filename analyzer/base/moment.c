/* Moments in UTC. A large server has a million of them, so the calendar (proleptic
 * Gregorian, after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms") is
 * reckoned here, and not by the C library. */
#include "base/moment.h"

#include <string.h>

enum { DAY = 86400, ERA_DAYS = 146097, ERA_YEARS = 400 };

struct calendar {
  int year, month, day, hour, minute, second;
};

/* Days since 1970-01-01. Years begin in March, so that the leap day is the last. */
static int64_t days_of(int year, int month, int day) {
  int shifted = month <= 2 ? year - 1 : year;
  int64_t era = shifted / ERA_YEARS, of_era = shifted % ERA_YEARS;
  int64_t of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
  return era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void split_days(int64_t days, struct calendar *c) {
  days += 719468;
  int64_t era = days / ERA_DAYS, of_era = days % ERA_DAYS;
  int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
  int64_t month = (5 * of_year + 2) / 153;
  c->day = (int)(of_year - (153 * month + 2) / 5 + 1);
  c->month = (int)(month < 10 ? month + 3 : month - 9);
  c->year = (int)(year + era * ERA_YEARS) + (c->month <= 2);
}

static bool digits(const char **at, int count, int *value) {
  *value = 0;
  for (int i = 0; i < count; i++, (*at)++) {
    if (**at < '0' || **at > '9') return false;
    *value = *value * 10 + (**at - '0');
  }
  return true;
}

static bool parse_zone(const char *at, int *minutes) {
  *minutes = 0;
  if (*at == '\0' || strcmp(at, "Z") == 0) return true;
  if (*at != '+' && *at != '-') return false;
  int sign = *at == '-' ? -1 : 1, hour, minute;
  at++;
  if (!digits(&at, 2, &hour) || *at++ != ':' || !digits(&at, 2, &minute) || *at) return false;
  *minutes = sign * (hour * 60 + minute);
  return hour <= 14 && minute < 60;
}

static int days_in_month(int year, int month) {
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : days[month - 1];
}

static bool skip_fraction(const char **at) {
  const char *start = ++*at;
  while (**at >= '0' && **at <= '9')
    ++*at;
  return *at > start;
}

bool moment_of_day(int year, int month, int day, int64_t *seconds) {
  if (year < 1601 || year > 9999 || month < 1 || month > 12 || day < 1 ||
      day > days_in_month(year, month))
    return false;
  *seconds = days_of(year, month, day) * DAY;
  return true;
}

bool moment_parse(const char *at, int64_t *seconds) {
  struct calendar c = {0};
  if (!digits(&at, 4, &c.year) || *at++ != '-' || !digits(&at, 2, &c.month) || *at++ != '-' ||
      !digits(&at, 2, &c.day))
    return false;
  int64_t day;
  if (!moment_of_day(c.year, c.month, c.day, &day)) return false;
  int zone = 0;
  if (*at == 'T' || *at == ' ') {
    at++;
    if (!digits(&at, 2, &c.hour) || *at++ != ':' || !digits(&at, 2, &c.minute)) return false;
    if (*at == ':') {
      at++;
      if (!digits(&at, 2, &c.second)) return false;
      if (*at == '.' && !skip_fraction(&at)) return false;
    }
    if (!parse_zone(at, &zone)) return false;
  } else if (*at) {
    return false;
  }
  if (c.hour > 23 || c.minute > 59 || c.second > 60) return false;
  *seconds = day + (c.hour * 60 + c.minute - zone) * 60 + c.second;
  return true;
}

static void write_digits(char *out, int count, int value) {
  for (int i = count; i-- > 0; value /= 10)
    out[i] = (char)('0' + value % 10);
}

/* A file's time may be anything; what four digits cannot say stops at the ends. */
void moment_format(int64_t seconds, char out[21]) {
  const int64_t year_1 = INT64_C(-62135596800), year_9999_end = INT64_C(253402300799);
  if (seconds < year_1) seconds = year_1;
  if (seconds > year_9999_end) seconds = year_9999_end;
  int64_t from_year_1 = seconds - year_1;
  struct calendar c;
  split_days(from_year_1 / DAY + year_1 / DAY, &c);
  int second = (int)(from_year_1 % DAY);
  memcpy(out, "0000-00-00T00:00:00Z", 21);
  write_digits(out, 4, c.year);
  write_digits(out + 5, 2, c.month);
  write_digits(out + 8, 2, c.day);
  write_digits(out + 11, 2, second / 3600);
  write_digits(out + 14, 2, second / 60 % 60);
  write_digits(out + 17, 2, second % 60);
}
