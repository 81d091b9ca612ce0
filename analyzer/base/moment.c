/* Moments in UTC. The calendar itself is the C library's (system.h). */
#include "base/moment.h"

#include "base/system.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

bool moment_parse(const char *at, int64_t *seconds) {
  struct calendar c = {0};
  if (!digits(&at, 4, &c.year) || *at++ != '-' || !digits(&at, 2, &c.month) || *at++ != '-' ||
      !digits(&at, 2, &c.day))
    return false;
  if (c.year < 1601 || c.month < 1 || c.month > 12 || c.day < 1 ||
      c.day > days_in_month(c.year, c.month))
    return false;
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
  *seconds = system_seconds_from_calendar(&c) - (int64_t)zone * 60;
  return true;
}

/* A file's time may be anything; what four digits cannot say stops at the ends. */
void moment_format(int64_t seconds, char out[21]) {
  const int64_t year_1 = INT64_C(-62135596800), year_9999_end = INT64_C(253402300799);
  struct calendar c;
  if (seconds < year_1) seconds = year_1;
  if (seconds > year_9999_end) seconds = year_9999_end;
  system_calendar_from_seconds(seconds, &c);
  char text[64];
  snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", c.year, c.month, c.day, c.hour,
           c.minute, c.second);
  memcpy(out, text, 20);
  out[20] = '\0';
}
