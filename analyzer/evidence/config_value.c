/* Checking and spelling values: the types and validators of the schema's facts. */
#include "evidence/config_value.h"

#include "base/buffer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool config_value_encrypted(const char *value, struct span *provider, bool *empty) {
  size_t size = strlen(value);
  if (size < 11 || strncmp(value, "[enc:", 5) != 0 || strcmp(value + size - 5, ":enc]") != 0)
    return false;
  struct span inside = {value + 5, size - 10};
  const char *colon = memchr(inside.start, ':', inside.size);
  if (!colon || colon == inside.start) return false;
  *provider = (struct span){inside.start, (size_t)(colon - inside.start)};
  *empty = provider->size + 1 == inside.size;
  return true;
}

/* ---- Numbers and time spans ------------------------------------------------------ */

static bool read_integer(const char *text, int64_t *value) {
  struct span span = span_trim(span_of(text));
  if (span.size == 0 || span.size > 20) return false;
  char copy[24] = "";
  memcpy(copy, span.start, span.size);
  bool hex = copy[0] == '0' && (copy[1] == 'x' || copy[1] == 'X');
  char *end;
  errno = 0;
  *value = (int64_t)strtoll(copy, &end, hex ? 16 : 10);
  return errno == 0 && *end == '\0' && end != copy && copy[0] != '+';
}

/* Digits up to a separator; false when there is none of them. */
static bool read_part(const char **at, int64_t *part) {
  size_t digits = strspn(*at, "0123456789");
  if (digits == 0 || digits > 12) return false;
  *part = strtoll(*at, NULL, 10);
  *at += digits;
  return true;
}

/* [d.]hh:mm[:ss[.fff]]; hours may exceed 23. Seconds, a fraction rounded up. */
static bool read_time_span(const char *text, int64_t *seconds) {
  struct span span = span_trim(span_of(text));
  char copy[48] = "";
  if (span.size == 0 || span.size >= sizeof copy) return false;
  memcpy(copy, span.start, span.size);
  const char *at = copy;
  int64_t days = 0, hours, minutes, rest = 0, fraction = 0;
  if (!read_part(&at, &hours)) return false;
  if (*at == '.') {
    days = hours;
    at++;
    if (!read_part(&at, &hours)) return false;
  }
  if (*at++ != ':' || !read_part(&at, &minutes)) return false;
  if (*at == ':') {
    at++;
    if (!read_part(&at, &rest)) return false;
    if (*at == '.') {
      at++;
      if (!read_part(&at, &fraction)) return false;
    }
  }
  if (*at || minutes > 59 || rest > 59 || days > 100000000 || hours > 1000000000) return false;
  *seconds = days * 86400 + hours * 3600 + minutes * 60 + rest;
  return true;
}

static void write_time_span(int64_t seconds, char out[48]) {
  int64_t days = seconds / 86400, hours = seconds / 3600 % 24, minutes = seconds / 60 % 60;
  if (days)
    snprintf(out, 48, "%lld.%02lld:%02lld:%02lld", (long long)days, (long long)hours,
             (long long)minutes, (long long)(seconds % 60));
  else
    snprintf(out, 48, "%02lld:%02lld:%02lld", (long long)hours, (long long)minutes,
             (long long)(seconds % 60));
}

/* ---- Names --------------------------------------------------------------------------- */

static const struct schema_name *name_of(const struct schema_attribute *attribute,
                                         struct span word) {
  for (size_t i = 0; i < attribute->name_count; i++)
    if (span_equal_nocase(word, attribute->names[i].name)) return &attribute->names[i];
  return NULL;
}

static struct span next_flag(const char **at) {
  *at += strspn(*at, ", \t\r\n");
  size_t size = strcspn(*at, ",");
  struct span word = span_trim((struct span){*at, size});
  *at += size;
  return word;
}

static bool flags_known(const struct schema_attribute *attribute, const char *value) {
  for (const char *at = value; *at;) {
    struct span word = next_flag(&at);
    uint64_t number;
    if (word.size && !name_of(attribute, word) && !text_unsigned(word, &number)) return false;
  }
  return true;
}

static char *all_names(const struct schema_attribute *attribute, const char *start) {
  struct buffer text = buffer_make(8192);
  buffer_add_text(&text, start);
  for (size_t i = 0; i < attribute->name_count; i++)
    buffer_add_format(&text, "%s%s", i ? ", " : "", attribute->names[i].name);
  return buffer_take(&text);
}

/* The flags in the order of the schema; a name that others make up is left out. */
static char *write_flags(const struct schema_attribute *attribute, const char *value) {
  uint64_t bits = 0, number;
  bool any = false;
  for (const char *at = value; *at;) {
    struct span word = next_flag(&at);
    const struct schema_name *name = name_of(attribute, word);
    if (!name && !text_unsigned(word, &number)) continue;
    bits |= name ? name->number : number;
    any = true;
  }
  if (!any) return alloc_text("");
  struct buffer text = buffer_make(8192);
  for (size_t i = 0; i < attribute->name_count; i++) {
    const struct schema_name *name = &attribute->names[i];
    bool in = name->number ? (bits & name->number) == name->number : bits == 0;
    if (in) buffer_add_format(&text, "%s%s", text.size ? ", " : "", name->name);
  }
  return buffer_take(&text);
}

/* ---- Validators ------------------------------------------------------------------------- */

static char *refuse(const char *words) {
  return alloc_text(words);
}

static char *check_range(const struct schema_attribute *attribute, int64_t value) {
  bool inside = value >= attribute->least && value <= attribute->most;
  if (attribute->rule == RULE_RANGE && !inside)
    return alloc_format("Integer value must be between %lld and %lld inclusive",
                        (long long)attribute->least, (long long)attribute->most);
  if (attribute->rule == RULE_NOT_RANGE && inside)
    return alloc_format("Integer value must not be between %lld and %lld inclusive",
                        (long long)attribute->least, (long long)attribute->most);
  return NULL;
}

static char *check_time_span(const struct schema_attribute *attribute, int64_t seconds) {
  if (attribute->rule != RULE_TIME_RANGE) return NULL;
  bool inside = seconds >= attribute->least && seconds <= attribute->most;
  if (inside && (attribute->step < 2 || seconds % attribute->step == 0)) return NULL;
  char low[48], high[48];
  write_time_span(attribute->least, low);
  write_time_span(attribute->most, high);
  return alloc_format("Timespan value must be between %s and %s seconds inclusive, with a "
                      "granularity of %lld seconds",
                      low, high, (long long)attribute->step);
}

static bool path_is_good(const char *path) {
  if (*path != '/') return false;
  if (path[1] == '\0') return true;
  if (path[strlen(path) - 1] == '/') return false;
  for (const char *at = path; *at;) {
    size_t size = strcspn(++at, "/");
    if ((size == 1 && at[0] == '.') || (size == 2 && at[0] == '.' && at[1] == '.')) return false;
    at += size;
  }
  return true;
}

static char *check_text(const struct schema_attribute *attribute, const char *value) {
  size_t size = strlen(value);
  switch (attribute->rule) {
  case RULE_NOT_EMPTY:
    return size ? NULL : refuse("String must not be empty");
  case RULE_TRIMMED:
    return span_trim(span_of(value)).size == size && size ? NULL
           : size ? refuse("String must not have white space at its ends")
                  : refuse("String must not be empty");
  case RULE_SITE_NAME:
    return size && !strpbrk(value, "/?") ? NULL : refuse("Invalid site name");
  case RULE_POOL_NAME:
    if (size == 0 && !attribute->required) return NULL;
    return size && !strpbrk(value, "|<>&\"/[]+=;:,?*@") ? NULL
                                                        : refuse("Invalid application pool name");
  case RULE_APPLICATION_PATH:
    return path_is_good(value) ? NULL : refuse("Invalid application path");
  case RULE_DIRECTORY_PATH:
    return path_is_good(value) ? NULL : refuse("Invalid virtual directory path");
  default:
    return NULL;
  }
}

static char *check_integer(const struct schema_attribute *attribute, const char *value) {
  int64_t number;
  bool is_unsigned = attribute->type == SCHEMA_UINT;
  if (!read_integer(value, &number) || (is_unsigned && (number < 0 || number > UINT32_MAX)))
    return refuse(is_unsigned ? "Not a valid unsigned integer" : "Not a valid integer");
  if (attribute->type == SCHEMA_INT && (number < INT32_MIN || number > INT32_MAX))
    return refuse("Not a valid integer");
  return check_range(attribute, number);
}

static char *check_span_value(const struct schema_attribute *attribute, const char *value) {
  int64_t seconds;
  if (attribute->infinite && text_equal_nocase(value, "Infinite")) return NULL;
  if (attribute->in_seconds || attribute->in_minutes)
    return read_integer(value, &seconds) || read_time_span(value, &seconds)
               ? NULL
               : refuse("Not a valid time span");
  if (!read_time_span(value, &seconds)) return refuse("Not a valid time span");
  return check_time_span(attribute, seconds);
}

char *config_value_refused(const struct schema_attribute *attribute, const char *value) {
  uint64_t number;
  switch (attribute->type) {
  case SCHEMA_BOOL:
    return text_equal_nocase(value, "true") || text_equal_nocase(value, "false")
               ? NULL
               : refuse("Not a valid boolean");
  case SCHEMA_UINT:
  case SCHEMA_INT:
  case SCHEMA_INT64:
    return check_integer(attribute, value);
  case SCHEMA_ENUM: /* whether a number is taken is not documented: no error of ours */
    return name_of(attribute, span_trim(span_of(value))) ||
                   text_unsigned(span_trim(span_of(value)), &number)
               ? NULL
               : all_names(attribute, "Enum must be one of ");
  case SCHEMA_FLAGS:
    return flags_known(attribute, value)
               ? NULL
               : all_names(attribute, "Flags must be some combination of ");
  case SCHEMA_TIME_SPAN:
    return check_span_value(attribute, value);
  case SCHEMA_STRING:
    break;
  }
  return check_text(attribute, value);
}

char *config_value_written(const struct schema_attribute *attribute, const char *value) {
  struct span provider;
  bool empty;
  int64_t seconds;
  char text[48];
  if (config_value_encrypted(value, &provider, &empty))
    return empty ? alloc_text("")
                 : alloc_format("[enc:%.*s:...:enc]",
                                (int)(provider.size > 80 ? 80 : provider.size), provider.start);
  switch (attribute->type) {
  case SCHEMA_BOOL:
    if (text_equal_nocase(value, "true")) return alloc_text("true");
    return alloc_text(text_equal_nocase(value, "false") ? "false" : value);
  case SCHEMA_ENUM: {
    const struct schema_name *name = name_of(attribute, span_trim(span_of(value)));
    return alloc_text(name ? name->name : value);
  }
  case SCHEMA_FLAGS:
    return flags_known(attribute, value) ? write_flags(attribute, value) : alloc_text(value);
  case SCHEMA_TIME_SPAN: /* 29:00:00 is written 1.05:00:00 */
    if (strchr(value, '.') || !read_time_span(value, &seconds)) return alloc_text(value);
    write_time_span(seconds, text);
    return alloc_text(text);
  default:
    return alloc_text(value);
  }
}
