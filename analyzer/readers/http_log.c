/* Logs of IIS in the W3C Extended Log File Format, and the error log of HTTP.SYS, which has
 * the same shape (www.w3.org/TR/WD-logfile; learn.microsoft.com, "W3C Logging" and KB820729
 * "Error logging in HTTP APIs"). Directives begin with '#'; #Fields names the columns, and
 * may change in the middle of a file. Fields are separated by one blank, a blank in a value
 * is '+', and nothing is "-". Date and time are UTC in both, whatever the server's zone.
 *
 * <facts> gets log elements: one for each site that a W3C log names (in its lines, or in
 * the folder W3SVCn that it lies in), one for an HTTPERR log. A log is read line by line;
 * what is kept is counted, and bounded. A last line without its end is what was being
 * written when it was copied; it does not count. */
#include "readers/readers.h"

#include "base/map.h"
#include "base/moment.h"
#include "base/text.h"
#include "readers/lines.h"

#include <stdio.h>
#include <string.h>

/* More of a kind than these is no log of a server; the rest is counted, not told apart. */
enum { COLUMNS_MOST = 64, SITES_MOST = 2000, TALLIES_MOST = 4000, KEY_MOST = 200 };

enum column {
  DATE,
  TIME,
  SITE_NAME,
  COMPUTER,
  SERVER_IP,
  STATUS,
  SUBSTATUS,
  SITE_ID,
  REASON,
  QUEUE,
  COLUMN_COUNT
};
static const char *const column_names[COLUMN_COUNT] = {
    "date",      "time",         "s-sitename", "s-computername", "s-ip",
    "sc-status", "sc-substatus", "s-siteid",   "s-reason",       "s-queuename"};

struct tally {
  uint64_t count;
  int64_t first, last;
  bool has_moment;
  struct origin origin; /* of its first line */
};

struct site_log {
  struct tally all;
  struct map *statuses, *reasons; /* "404 11"; "2 Timer_ConnectionIdle DefaultAppPool" */
  struct map *addresses;
};

struct log_reading {
  struct reading *reading;
  bool is_httperr;
  int place[COLUMN_COUNT]; /* in the line; -1: not there */
  bool has_fields;
  struct map *sites; /* by name as logged; "" when no column names it */
  struct site_log *last;
  char last_name[KEY_MOST];
  char day_text[16], directive_day[16];
  int64_t day;
  bool has_day, overflowed;
  uint64_t odd; /* lines that have too few columns */
  struct origin first_odd;
  char *software;
};

/* ---- Recognition ------------------------------------------------------------------ */

/* The first lines, which are directives, name the software or the fields. */
static bool has_directive(const char *text, size_t size, const char *start, const char *held) {
  struct lines lines = lines_of(text, size < 4096 ? size : 4096);
  struct line line;
  for (int i = 0; i < 8 && lines_next(&lines, &line) && line.text.size && *line.text.start == '#';
       i++)
    if (span_holds((struct span){line.text.start, line.text.size}, start) &&
        span_holds(line.text, held))
      return true;
  return false;
}

static bool is_httperr(const char *text, size_t size) {
  return has_directive(text, size, "#Software:", "Microsoft HTTP API") ||
         has_directive(text, size, "#Fields:", " s-reason");
}

static bool is_log(const struct artifact *artifact, const char *text, size_t size,
                   const char *root) {
  (void)artifact, (void)root;
  if (!text || !size || (*text != '#' && *text != '\xEF')) return false;
  return has_directive(text, size, "#Software:", "Internet Information Services") ||
         is_httperr(text, size) ||
         (has_directive(text, size, "#Fields:", "date") &&
          has_directive(text, size, "#Fields:", "sc-status"));
}

/* ---- Fields --------------------------------------------------------------------------- */

static void read_fields(struct log_reading *log, struct span names) {
  for (size_t i = 0; i < COLUMN_COUNT; i++)
    log->place[i] = -1;
  int place = 0;
  for (struct span rest = span_trim(names); rest.size && place < COLUMNS_MOST; place++) {
    const char *blank = memchr(rest.start, ' ', rest.size);
    size_t size = blank ? (size_t)(blank - rest.start) : rest.size;
    for (int i = 0; i < COLUMN_COUNT; i++)
      if (span_equal_nocase((struct span){rest.start, size}, column_names[i]))
        log->place[i] = place;
    rest = span_trim((struct span){rest.start + size, rest.size - size});
  }
  log->has_fields = true;
}

static void read_directive(struct log_reading *log, struct span text) {
  struct span label, value;
  if (!span_split_first(text, &label, &value)) return;
  if (span_equal_nocase(label, "#Fields")) read_fields(log, value);
  if (span_equal_nocase(label, "#Software") && !log->software) log->software = span_copy(value);
  if (span_equal_nocase(label, "#Date") && value.size >= 10) {
    memcpy(log->directive_day, value.start, 10);
    log->directive_day[10] = '\0';
  }
}

/* ---- Moments ---------------------------------------------------------------------------- */

static bool two_digits(const char *text, int *number) {
  if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9') return false;
  *number = (text[0] - '0') * 10 + text[1] - '0';
  return true;
}

/* Days repeat from line to line. */
static bool read_day(struct log_reading *log, struct span text) {
  if (text.size != 10) return false;
  if (log->has_day && memcmp(log->day_text, text.start, 10) == 0) return true;
  int century, year, month, day;
  if (text.start[4] != '-' || text.start[7] != '-' || !two_digits(text.start, &century) ||
      !two_digits(text.start + 2, &year) || !two_digits(text.start + 5, &month) ||
      !two_digits(text.start + 8, &day))
    return false;
  if (!moment_of_day(century * 100 + year, month, day, &log->day)) return false;
  memcpy(log->day_text, text.start, 10);
  log->has_day = true;
  return true;
}

static bool read_moment(struct log_reading *log, const struct span *values, int64_t *moment) {
  int hour, minute, second;
  struct span time = values[TIME], day = values[DATE];
  if (log->place[DATE] < 0) day = span_of(log->directive_day);
  if (time.size < 8 || time.start[2] != ':' || time.start[5] != ':' ||
      !two_digits(time.start, &hour) || !two_digits(time.start + 3, &minute) ||
      !two_digits(time.start + 6, &second) || hour > 23 || minute > 59 || second > 60)
    return false;
  if (!read_day(log, day)) return false;
  *moment = log->day + hour * 3600 + minute * 60 + second;
  return true;
}

/* ---- Counting --------------------------------------------------------------------------- */

static void tally_add(struct tally *tally, bool has_moment, int64_t moment, struct origin origin) {
  if (tally->count++ == 0) tally->origin = origin;
  if (!has_moment) return;
  if (!tally->has_moment || moment < tally->first) tally->first = moment;
  if (!tally->has_moment || moment > tally->last) tally->last = moment;
  tally->has_moment = true;
}

/* NULL when there are too many. */
static struct tally *tally_at(struct log_reading *log, struct map *map, const char *key) {
  struct tally *found = map_get(map, key);
  if (found) return found;
  if (map_count(map) >= TALLIES_MOST) {
    log->overflowed = true;
    return NULL;
  }
  return *map_at(map, key) = alloc_bytes(sizeof *found);
}

static struct site_log *site_at(struct log_reading *log, struct span name) {
  if (name.size >= KEY_MOST) name.size = KEY_MOST - 1;
  if (log->last && strlen(log->last_name) == name.size &&
      memcmp(log->last_name, name.start, name.size) == 0)
    return log->last;
  char key[KEY_MOST];
  if (name.size) memcpy(key, name.start, name.size);
  key[name.size] = '\0';
  struct site_log *site = map_get(log->sites, key);
  if (!site) {
    if (map_count(log->sites) >= SITES_MOST) {
      log->overflowed = true;
      return NULL;
    }
    site = *map_at(log->sites, key) = alloc_bytes(sizeof *site);
    site->statuses = map_new();
    site->reasons = map_new();
    site->addresses = map_new();
  }
  log->last = site;
  memcpy(log->last_name, key, name.size + 1);
  return site;
}

static struct span value_of(const struct log_reading *log, const struct span *values,
                            enum column column) {
  struct span value = values[column];
  if (log->place[column] < 0 || span_equal(value, "-")) return (struct span){"", 0};
  return value;
}

/* Values have no blanks, so blanks join them. `out` holds KEY_MOST. */
static void join(char *out, struct span a, struct span b, struct span c) {
  snprintf(out, KEY_MOST, "%.*s %.*s %.*s", (int)(a.size < 60 ? a.size : 60), a.start,
           (int)(b.size < 60 ? b.size : 60), b.start, (int)(c.size < 60 ? c.size : 60), c.start);
}

static void count_line(struct log_reading *log, const struct span *values, struct origin origin) {
  int64_t moment = 0;
  bool has_moment = read_moment(log, values, &moment);
  struct span none = {"", 0};
  struct site_log *site = site_at(log, log->is_httperr ? none : value_of(log, values, SITE_NAME));
  if (!site) return;
  tally_add(&site->all, has_moment, moment, origin);
  char key[KEY_MOST];
  struct tally *tally;
  struct span status = value_of(log, values, STATUS), reason = value_of(log, values, REASON);
  if (status.size) {
    join(key, status, value_of(log, values, SUBSTATUS), none);
    if ((tally = tally_at(log, site->statuses, key))) tally_add(tally, has_moment, moment, origin);
  }
  if (reason.size) {
    join(key, reason, value_of(log, values, SITE_ID), value_of(log, values, QUEUE));
    if ((tally = tally_at(log, site->reasons, key))) tally_add(tally, has_moment, moment, origin);
  }
  struct span address = value_of(log, values, SERVER_IP);
  if (address.size) {
    join(key, address, none, none);
    if ((tally = tally_at(log, site->addresses, key))) tally_add(tally, has_moment, moment, origin);
  }
}

static void note_computer(struct log_reading *log, const struct span *values) {
  struct span computer = value_of(log, values, COMPUTER);
  if (!log->reading->computer && computer.size) log->reading->computer = span_copy(computer);
}

/* The columns that are wanted; false when the line is too short for them. */
static bool split_line(const struct log_reading *log, struct span text, struct span *values) {
  int last = -1, column = 0;
  for (int i = 0; i < COLUMN_COUNT; i++) {
    values[i] = (struct span){"", 0};
    if (log->place[i] > last) last = log->place[i];
  }
  const char *at = text.start, *end = text.start + text.size;
  for (; at <= end && column <= last; column++) {
    const char *blank = memchr(at, ' ', (size_t)(end - at));
    size_t size = (size_t)((blank ? blank : end) - at);
    for (int i = 0; i < COLUMN_COUNT; i++)
      if (log->place[i] == column) values[i] = (struct span){at, size};
    if (!blank) return column >= last;
    at = blank + 1;
  }
  return column > last;
}

static void read_line(struct log_reading *log, const struct line *line, uint32_t source) {
  struct span values[COLUMN_COUNT];
  if (line_is_blank(line)) return;
  if (*line->text.start == '#') {
    read_directive(log, line->text);
    return;
  }
  struct origin origin = line_origin(line, line->text.start, source);
  if (!log->has_fields || !line->ended || !split_line(log, line->text, values)) {
    if (!line->ended) return;
    if (log->odd++ == 0) log->first_odd = origin;
    return;
  }
  note_computer(log, values);
  count_line(log, values, origin);
}

/* ---- Elements ------------------------------------------------------------------------------ */

static void set_number(xmlNode *element, const char *name, uint64_t number, struct origin origin) {
  char text[24];
  snprintf(text, sizeof text, "%ju", (uintmax_t)number);
  node_set(element, name, text, origin);
}

static void set_tally(xmlNode *element, const struct tally *tally) {
  char text[21];
  set_number(element, "count", tally->count, tally->origin);
  static const char *const names[] = {"first", "last"};
  for (size_t i = 0; i < 2; i++) {
    if (tally->has_moment) {
      moment_format(i ? tally->last : tally->first, text);
      node_set(element, names[i], text, tally->origin);
    } else {
      node_mark(element, i ? "@last" : "@first", (const char *)element->name, UNKNOWN_NOT_IN_BUNDLE,
                "", "the log has no date and time", tally->origin);
    }
  }
}

/* The n-th word of a joined key; "" when it is empty. Caller frees. */
static char *word_of(const char *key, size_t number) {
  while (number-- > 0)
    key = strchr(key, ' ') + 1;
  return alloc_text_n(key, strcspn(key, " "));
}

static void add_tallies(xmlNode *log, const char *name, const struct map *tallies,
                        const char *const *attributes, size_t count) {
  for (size_t i = 0; i < map_count(tallies); i++) {
    const struct tally *tally = map_value(tallies, i);
    xmlNode *element = node_add(log, name, tally->origin);
    for (size_t k = 0; k < count; k++) {
      char *word = word_of(map_key(tallies, i), k);
      if (*word) node_set(element, attributes[k], word, tally->origin);
      alloc_free(word);
    }
    set_tally(element, tally);
  }
}

/* "W3SVC1/", "FTPSVC2/": how many letters stand before its number; 0: it names no site. */
static size_t service_letters(const char *name) {
  size_t letters = text_starts_nocase(name, "W3SVC")    ? 5
                   : text_starts_nocase(name, "FTPSVC") ? 6
                                                        : 0;
  return letters && strspn(name + letters, "0123456789") ? letters : 0;
}

/* "W3SVC1", from the lines, else from the folder of that name; NULL when nothing names it. */
static const char *service_of(const struct log_reading *log, const char *name) {
  const char *path = log->reading->artifact->path;
  if (service_letters(name)) return name;
  for (const char *at = path; *at && !*name && !log->is_httperr; at++) {
    bool starts = at == path || at[-1] == '/' || at[-1] == '!';
    size_t letters = starts ? service_letters(at) : 0;
    if (letters && at[letters + strspn(at + letters, "0123456789")] == '/') return at;
  }
  return NULL;
}

static void add_log(struct log_reading *log, const char *name, const struct site_log *site) {
  static const char *const status[] = {"code", "substatus"}, *const address[] = {"ip"};
  static const char *const reason[] = {"name", "siteId", "queue"};
  struct origin origin = site->all.origin;
  xmlNode *element = node_add(log->reading->facts, "log", origin);
  const char *service = service_of(log, name);
  bool ftp = service && service_letters(service) == 6;
  node_set(element, "kind", log->is_httperr ? "httperr" : ftp ? "ftp" : "w3c", origin);
  node_set(element, "software", log->software ? log->software : "", origin);
  if (service) {
    const char *number = service + service_letters(service);
    char *id = alloc_text_n(number, strspn(number, "0123456789"));
    node_set(element, "siteId", id, origin);
    alloc_free(id);
  } else if (!log->is_httperr) {
    node_mark(element, "@siteId", "log", UNKNOWN_NOT_IN_BUNDLE, "w3c-log",
              "neither its lines nor its folder name the site", origin);
  }
  set_tally(element, &site->all);
  add_tallies(element, "status", site->statuses, status, 2);
  add_tallies(element, "reason", site->reasons, reason, 3);
  add_tallies(element, "address", site->addresses, address, 1);
}

/* ---- Together -------------------------------------------------------------------------------- */

static void free_tallies(struct map *map) {
  for (size_t i = 0; i < map_count(map); i++)
    alloc_free(map_value(map, i));
  map_free(map);
}

static void dispose(struct log_reading *log) {
  for (size_t i = 0; i < map_count(log->sites); i++) {
    struct site_log *site = map_value(log->sites, i);
    free_tallies(site->statuses);
    free_tallies(site->reasons);
    free_tallies(site->addresses);
    alloc_free(site);
  }
  map_free(log->sites);
  alloc_free(log->software);
}

static struct tally sum_of(const struct log_reading *log) {
  struct tally sum = {0};
  for (size_t i = 0; i < map_count(log->sites); i++) {
    const struct tally *one = &((struct site_log *)map_value(log->sites, i))->all;
    sum.count += one->count;
    if (!one->has_moment) continue;
    if (!sum.has_moment || one->first < sum.first) sum.first = one->first;
    if (!sum.has_moment || one->last > sum.last) sum.last = one->last;
    sum.has_moment = true;
  }
  return sum;
}

static void settle(struct log_reading *log) {
  struct tally sum = sum_of(log);
  struct reading *reading = log->reading;
  if (log->odd)
    reading_breaks(reading, UNKNOWN_DAMAGED, log->first_odd,
                   "%ju lines do not have the columns that #Fields names", (uintmax_t)log->odd);
  if (log->overflowed)
    reading_breaks(reading, UNKNOWN_LIMIT, (struct origin){reading->artifact->number + 1, 0, 0},
                   "it tells more sites, statuses or reasons apart than are kept");
  if (!sum.has_moment) return;
  reading_saw_moment(reading, sum.last, "last entry of a log, UTC");
  char first[21], last[21];
  moment_format(sum.first, first);
  moment_format(sum.last, last);
  if (reading->artifact->outcome == ARTIFACT_UNREAD)
    artifact_settle(reading->artifact, ARTIFACT_READ, "%ju %s from %.10s %.5s to %.10s %.5s UTC",
                    (uintmax_t)sum.count, sum.count == 1 ? "line" : "lines", first, first + 11,
                    last, last + 11);
}

static void read_log(struct reading *reading, struct readings *readings) {
  size_t size;
  const char *text = artifact_text(reading->artifact, &size);
  struct log_reading log = {.reading = reading, .sites = map_new()};
  log.is_httperr = is_httperr(text, size);
  reading->kind = log.is_httperr ? "httperr-log" : "w3c-log";
  for (size_t i = 0; i < COLUMN_COUNT; i++)
    log.place[i] = -1;
  reading_start(reading, readings);
  struct lines lines = lines_of(text, size);
  struct line line;
  while (lines_next(&lines, &line))
    read_line(&log, &line, reading->artifact->number + 1);
  for (size_t i = 0; i < map_count(log.sites); i++)
    add_log(&log, map_key(log.sites, i), map_value(log.sites, i));
  settle(&log);
  dispose(&log);
}

const struct reader http_log_reader = {"w3c-log", is_log, read_log};
