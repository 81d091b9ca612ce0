/* What looks like the name of a server. */
#include "evidence/server_names.h"

#include <string.h>

static bool is_letter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

static bool ends(struct span name, const char *ending) {
  size_t size = strlen(ending);
  struct span end = {name.start + name.size - size, size};
  return name.size > size && span_equal_nocase(end, ending);
}

struct span archive_stem(struct span name) {
  static const char *const endings[] = {".tar.gz", ".tar.xz", ".tar.bz2", ".tar.zst", ".tgz",
                                        ".zip",    ".tar",    ".7z",      ".cab",     ".gz"};
  for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
    if (!ends(name, endings[i])) continue;
    name.size -= strlen(endings[i]);
    break;
  }
  return name;
}

/* ExchangeLogCollector: <server>-<Md>.zip, month and day without leading zeros. */
static struct span without_day(struct span stem) {
  size_t digits = 0;
  while (digits < stem.size && is_digit(stem.start[stem.size - 1 - digits]))
    digits++;
  bool day = digits >= 2 && digits <= 4 && stem.size > digits + 1 &&
             stem.start[stem.size - 1 - digits] == '-';
  if (!day) return stem;
  struct span before = {stem.start, stem.size - digits - 1};
  for (size_t i = 0; i < before.size; i++)
    if (is_digit(before.start[i])) return before;
  return stem; /* MAIL-1203 may be a name */
}

/* Letters first, a digit in the first label; "V2.0" is a version, "PART1" no server. */
static bool looks_like_server(struct span name) {
  static const char *const words[] = {
      "PART", "STEP", "DISK", "DAY",    "SITE", "V",     "W3SVC",   "BACKUP",   "COPY", "TLS",
      "SHA",  "UTF",  "NET",  "IIS",    "CP",   "KB",    "MY",      "ROOT",     "CA",   "STORE",
      "CERT", "SSL",  "HTTP", "CERTS",  "FILE", "NETSH", "SSLCERT", "CERTUTIL", "DUMP", "EXPORT",
      "OUT",  "TEST", "OLD",  "OUTPUT", "NEW",  "BIN",   "WIN",     "TEXT",     "TXT",  "NT"};
  size_t letters = 0, digits = 0;
  for (size_t i = 0; i < name.size; i++)
    if (!is_letter(name.start[i]) && !is_digit(name.start[i]) && name.start[i] != '-') return false;
  while (letters < name.size &&
         (is_letter(name.start[letters]) ||
          (letters > 0 && letters + 1 < name.size && is_letter(name.start[letters + 1]))))
    letters++;
  for (size_t i = 0; i < name.size; i++)
    digits += is_digit(name.start[i]);
  if (letters < 1 || digits == 0) return false;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (span_equal_nocase((struct span){name.start, letters}, words[i])) return false;
  return true;
}

char *server_name_of(struct span part) {
  struct span name = archive_stem(part);
  const char *dot = memchr(name.start, '.', name.size);
  if (name.size < part.size)
    name = without_day(name);
  else if (dot && dot + 1 < name.start + name.size && is_letter(dot[1]))
    name.size = (size_t)(dot - name.start); /* a domain */
  if (!looks_like_server(name)) return NULL;
  char *copy = span_copy(name), *upper = text_upper(copy);
  alloc_free(copy);
  return upper;
}

char *server_name_pattern(const char *name) {
  char *pattern = alloc_text(name);
  size_t used = 0;
  for (; *name; name++) {
    if (!is_digit(*name))
      pattern[used++] = *name;
    else if (used == 0 || pattern[used - 1] != '#')
      pattern[used++] = '#';
  }
  pattern[used] = '\0';
  return pattern;
}
