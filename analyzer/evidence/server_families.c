/* Which folders and prefixes look like servers: names of one pattern, with digits. */
#include "evidence/server_families.h"

#include "evidence/path_names.h"

#include <string.h>

struct family {
  char *first;     /* the first name of it, upper case */
  bool several;    /* another one was seen */
  bool of_servers; /* one of them holds what only a server as a whole has */
};

char *server_part(const char *path, size_t skip) {
  struct span folder = path_component(path, skip);
  if (folder.size > 0) return span_copy(folder);
  const char *file = path_file(path), *mark = strchr(file, '_');
  return mark ? alloc_text_n(file, (size_t)(mark - file)) : alloc_text("");
}

static bool is_letter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/* Letters first, a digit in the first label; "V2.0" is a version, "PART1" no server. */
static bool looks_like_server(const char *name) {
  static const char *const words[] = {"PART", "STEP", "DISK",  "DAY",
                                      "SITE", "V",    "W3SVC", "BACKUP"};
  size_t letters = 0, digits = 0;
  for (const char *at = name; *at; at++)
    if (!is_letter(*at) && !is_digit(*at) && *at != '-' && *at != '.') return false;
  while (is_letter(name[letters]) ||
         (letters > 0 && is_digit(name[letters]) && is_letter(name[letters + 1])))
    letters++;
  for (const char *at = name; *at && *at != '.'; at++)
    digits += is_digit(*at);
  if (letters < 1 || digits == 0) return false;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (letters == strlen(words[i]) && text_starts_nocase(name, words[i])) return false;
  return true;
}

/* "ex01.zip" -> "EX01"; NULL when it is no server's. Caller frees. */
static char *server_of(const char *part) {
  char *plain = path_server_name(part), *name = text_upper(plain);
  alloc_free(plain);
  if (looks_like_server(name)) return name;
  alloc_free(name);
  return NULL;
}

/* "EX01" and "EX2" -> "EX#". */
static char *pattern_of(const char *name) {
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

static bool is_of_whole_server(const struct reading *reading) {
  static const char *const kinds[] = {"application-host",
                                      "netsh-sslcert",
                                      "netsh-iplisten",
                                      "netsh-urlacl",
                                      "netsh-servicestate",
                                      "certutil-store",
                                      "get-webbinding",
                                      "get-website",
                                      "appcmd",
                                      "get-exchangecertificate",
                                      "get-authconfig",
                                      "redirection-config",
                                      "registry"};
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (text_equal(reading->kind, kinds[i])) return true;
  return false;
}

static void add_member(struct map *families, const char *name, const struct reading *reading) {
  char *pattern = pattern_of(name);
  void **place = map_at(families, pattern);
  alloc_free(pattern);
  if (!*place) *place = alloc_bytes(sizeof(struct family));
  struct family *family = *place;
  if (!family->first)
    family->first = alloc_text(name);
  else if (strcmp(family->first, name) != 0)
    family->several = true;
  family->of_servers = family->of_servers || is_of_whole_server(reading);
}

struct map *server_families_make(const struct readings *readings, size_t skip) {
  struct map *families = map_new();
  for (size_t i = 0; i < readings->count; i++) {
    char *part = server_part(readings->items[i].artifact->path, skip), *name = server_of(part);
    if (name) add_member(families, name, &readings->items[i]);
    alloc_free(name);
    alloc_free(part);
  }
  return families;
}

bool server_families_have(const struct map *families, const char *part) {
  char *name = server_of(part);
  if (!name) return false;
  char *pattern = pattern_of(name);
  const struct family *family = map_get(families, pattern);
  alloc_free(pattern);
  alloc_free(name);
  return family && family->several && family->of_servers;
}

void server_families_free(struct map *families) {
  for (size_t i = 0; i < map_count(families); i++) {
    struct family *family = map_value(families, i);
    alloc_free(family->first);
    alloc_free(family);
  }
  map_free(families);
}
