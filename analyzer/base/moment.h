/* Moments in UTC, as seconds since 1970-01-01T00:00:00Z. */
#ifndef SITEGLASS_BASE_MOMENT_H
#define SITEGLASS_BASE_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

/* ISO 8601 as XML and PowerShell write it: "2024-12-03", "2024-12-03T14:47",
 * with seconds, with a fraction (dropped), with Z or +hh:mm; no zone is taken
 * as UTC. Years 1601 to 9999. False on anything else. */
bool moment_parse(const char *text, int64_t *seconds);

/* The first second of a day; false when there is no such day, or not of years 1601 to 9999. */
bool moment_of_day(int year, int month, int day, int64_t *seconds);

/* "2024-12-03T14:47:32Z", 20 characters and a NUL. */
void moment_format(int64_t seconds, char out[21]);

#endif
