/* Names: paths of Windows, paths of bundles, and what collectors call a web.config. */
#include "evidence/config_map_names.h"

#include "base/buffer.h"

#include <string.h>

enum { LONGEST = 1 << 16 };

/* ---- Paths of the bundle -------------------------------------------------------- */

char *bundle_key(const char *path) {
  char *key = text_lower(path);
  bool dotted = false;
  for (char *c = key; *c; c++) {
    if (*c == '!' && dotted) *c = '/';
    if (*c == '/')
      dotted = false;
    else if (*c == '.')
      dotted = true;
  }
  return key;
}

char *key_join(const char *folder, const char *name) {
  return text_joined(folder, *folder && *name ? "/" : "", name);
}

/* ---- Paths of Windows ----------------------------------------------------------- */

static const struct {
  const char *name, *value;
} variables[] = {
    {"SystemDrive", "C:"},
    {"HomeDrive", "C:"},
    {"SystemRoot", "C:\\Windows"},
    {"windir", "C:\\Windows"},
    {"ProgramFiles", "C:\\Program Files"},
    {"ProgramW6432", "C:\\Program Files"},
    {"ProgramFiles(x86)", "C:\\Program Files (x86)"},
    {"CommonProgramFiles", "C:\\Program Files\\Common Files"},
    {"ProgramData", "C:\\ProgramData"},
    {"ALLUSERSPROFILE", "C:\\ProgramData"},
};

static const char *variable(struct span name, const char *exchange) {
  if (exchange && (span_equal_nocase(name, "ExchangeInstallPath") ||
                   span_equal_nocase(name, "ExchangeInstallDir")))
    return exchange;
  for (size_t i = 0; i < sizeof variables / sizeof *variables; i++)
    if (span_equal_nocase(name, variables[i].name)) return variables[i].value;
  return NULL;
}

char *windows_expand(const char *path, const char *exchange) {
  struct buffer out = buffer_make(LONGEST);
  while (*path) {
    const char *end = *path == '%' ? strchr(path + 1, '%') : NULL;
    const char *value = NULL;
    if (end) value = variable((struct span){path + 1, (size_t)(end - path) - 1}, exchange);
    if (value) {
      buffer_add_text(&out, value);
      path = end + 1;
    } else {
      buffer_add_char(&out, *path++);
    }
  }
  return buffer_take(&out);
}

/* Takes the last part off again. */
static void step_up(struct buffer *key) {
  while (key->size > 0 && key->data[key->size - 1] != '/')
    key->data[--key->size] = '\0';
  if (key->size > 0) key->data[--key->size] = '\0';
}

static void add_part(struct buffer *key, const char *part, size_t size) {
  struct span name = {part, size};
  if (size == 0 || span_equal(name, ".")) return;
  if (span_equal(name, "..")) {
    step_up(key);
    return;
  }
  if (key->size > 0) buffer_add_char(key, '/');
  buffer_add(key, part, size);
}

char *windows_key(const char *path, const char *exchange) {
  char *expanded = windows_expand(path, exchange), *lower = text_lower(expanded);
  const char *at = lower;
  if (text_starts(at, "\\\\?\\unc\\"))
    at += 8;
  else if (text_starts(at, "\\\\?\\") || text_starts(at, "\\\\.\\"))
    at += 4;
  struct buffer key = buffer_make(LONGEST);
  while (*at) {
    size_t size = strcspn(at, "\\/");
    add_part(&key, at, size);
    at += size + (at[size] != '\0');
  }
  alloc_free(lower);
  alloc_free(expanded);
  return buffer_take(&key);
}

char *exchange_folder(const char *physical) {
  static const char *const folders[] = {"\\frontend\\httpproxy", "\\clientaccess"};
  char *lower = text_lower(physical), *found = NULL;
  for (size_t i = 0; i < 2 && !found; i++) {
    const char *at = strstr(lower, folders[i]);
    const char *end = at ? at + strlen(folders[i]) : NULL;
    if (at && at > lower && (*end == '\0' || *end == '\\'))
      found = alloc_text_n(physical, (size_t)(at - lower));
  }
  alloc_free(lower);
  return found;
}

/* ---- Drives ----------------------------------------------------------------------- */

static bool hex_pair(const char *text, size_t left, char *out) {
  static const char digits[] = "0123456789abcdef";
  if (left < 2) return false;
  const char *high = strchr(digits, text[0]), *low = strchr(digits, text[1]);
  if (!text[0] || !text[1] || !high || !low) return false;
  *out = (char)((high - digits) * 16 + (low - digits));
  return true;
}

/* Undoes %3A and \x3A in a lower-case name; what does not fit into `out` is no drive. */
static size_t unescape(struct span name, char *out, size_t most) {
  size_t size = 0;
  for (size_t i = 0; i < name.size && size < most; i++) {
    const char *at = name.start + i;
    size_t left = name.size - i;
    if (at[0] == '%' && hex_pair(at + 1, left - 1, &out[size])) {
      i += 2;
    } else if (left > 3 && at[0] == '\\' && at[1] == 'x' &&
               hex_pair(at + 2, left - 2, &out[size])) {
      i += 3;
    } else {
      out[size] = at[0];
    }
    size++;
  }
  return size;
}

static bool is_letter(char c) {
  return c >= 'a' && c <= 'z';
}

char drive_of(struct span name) {
  if (name.size == 0 || name.size > 24) return 0;
  char *copy = span_copy(name), *lower = text_lower(copy), text[25] = "";
  alloc_free(copy);
  size_t size = unescape(span_of(lower), text, sizeof text - 1);
  alloc_free(lower);
  text[size] = '\0';
  const char *at = text;
  if (text_starts(at, "\\\\.\\") || text_starts(at, "\\\\?\\")) at += 4;
  if (text_starts(at, "drive") && (at[5] == '_' || at[5] == ' ' || at[5] == '-')) at += 6;
  if (!is_letter(at[0])) return 0;
  bool plain = at[1] == '\0' || (at[2] == '\0' && strchr(":_$", at[1]));
  return plain ? at[0] : 0;
}

/* ---- Flat names -------------------------------------------------------------------- */

/* Lower case and without blanks: HealthChecker drops them, others keep them. */
static char *squeezed(const char *text) {
  char *lower = text_lower(text), *out = lower;
  for (const char *c = lower; *c; c++)
    if (*c != ' ') *out++ = *c;
  *out = '\0';
  return lower;
}

char *flat_stem(const char *file_name) {
  static const char ending[] = "web.config";
  size_t size = strlen(file_name), cut = sizeof ending - 1;
  if (size <= cut + 1 || !text_ends_nocase(file_name, ending)) return alloc_text("");
  if (!strchr("_-.", file_name[size - cut - 1])) return alloc_text("");
  char *stem = alloc_text_n(file_name, size - cut - 1), *out = squeezed(stem);
  alloc_free(stem);
  return out;
}

/* What the tests of HealthChecker and people call virtual directories of Exchange. */
static const struct {
  const char *path, *name; /* `path` without slashes */
} short_names[] = {
    {"autodiscover", "autod"},
    {"microsoft-server-activesync", "eas"},
    {"microsoft-server-activesync", "activesync"},
    {"api", "rest"},
    {"pushnotifications", "push"},
};

static char *without_slashes(const char *path, const char *instead) {
  struct buffer out = buffer_make(LONGEST);
  for (const char *c = path; *c; c++) {
    if (*c == '/')
      buffer_add_text(&out, instead);
    else
      buffer_add_char(&out, *c);
  }
  return buffer_take(&out);
}

struct stems {
  char **items;
  size_t count;
};

static void add_stem(struct stems *stems, const char *site, const char *separator,
                     const char *rest) {
  if (stems->count + 1 >= FLAT_STEMS) return;
  stems->items[stems->count++] = alloc_format("%s%s%s", site, separator, rest);
}

static void add_path_stems(struct stems *stems, const char *site, const char *path) {
  char *joined = without_slashes(path, ""), *underscored = without_slashes(path, "_");
  char *dashed = without_slashes(path, "-");
  add_stem(stems, site, "-", joined);
  for (size_t i = 0; i < sizeof short_names / sizeof *short_names; i++)
    if (text_equal(short_names[i].path, joined)) add_stem(stems, site, "-", short_names[i].name);
  add_stem(stems, site, "_", underscored);
  if (strchr(path, '/')) add_stem(stems, site, "-", dashed);
  if (strchr(path, '/')) add_stem(stems, site, "_", joined);
  alloc_free(joined);
  alloc_free(underscored);
  alloc_free(dashed);
}

void flat_stems_of(const char *site, const char *path, const char *pool, char *stems[FLAT_STEMS]) {
  struct stems list = {stems, 0};
  memset(stems, 0, FLAT_STEMS * sizeof *stems);
  char *short_site = squeezed(site), *below = squeezed(path);
  if (*below)
    add_path_stems(&list, short_site, below);
  else
    add_stem(&list, short_site, "", "");
  if (pool) {
    char *short_pool = squeezed(pool);
    add_stem(&list, short_pool, "_", short_site);
    alloc_free(short_pool);
  }
  alloc_free(short_site);
  alloc_free(below);
}

void flat_stems_free(char *stems[FLAT_STEMS]) {
  for (size_t i = 0; i < FLAT_STEMS; i++)
    alloc_free(stems[i]);
}
