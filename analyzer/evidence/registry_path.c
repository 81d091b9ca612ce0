/* Spelling of registry paths; the table of keys that a kind of evidence collects. */
#include "evidence/registry_path.h"

#include <string.h>

static const struct {
  const char *shorthand, *name;
} hives[] = {
    {"HKLM", "HKEY_LOCAL_MACHINE"}, {"HKU", "HKEY_USERS"},           {"HKCU", "HKEY_CURRENT_USER"},
    {"HKCR", "HKEY_CLASSES_ROOT"},  {"HKCC", "HKEY_CURRENT_CONFIG"},
};

static struct span first_part(struct span path) {
  const char *end = memchr(path.start, '\\', path.size);
  return (struct span){path.start, end ? (size_t)(end - path.start) : path.size};
}

static struct span behind(struct span path, struct span part) {
  size_t used = part.size + (part.size < path.size);
  return (struct span){path.start + used, path.size - used};
}

/* Without the computer that regedit and `reg query \\SERVER\HKLM` put in front. */
static struct span without_computer(struct span path) {
  if (path.size > 2 && memcmp(path.start, "\\\\", 2) == 0) {
    path = (struct span){path.start + 2, path.size - 2};
    return behind(path, first_part(path));
  }
  struct span first = first_part(path);
  return span_equal_nocase(first, "Computer") ? behind(path, first) : path;
}

static const char *hive_name(struct span part) {
  for (size_t i = 0; i < sizeof hives / sizeof *hives; i++)
    if (span_equal_nocase(part, hives[i].shorthand) || span_equal_nocase(part, hives[i].name))
      return hives[i].name;
  return NULL;
}

static bool is_control_set(struct span part) {
  if (part.size != 13 || !span_equal_nocase((struct span){part.start, 10}, "ControlSet"))
    return false;
  for (size_t i = 10; i < 13; i++)
    if (part.start[i] < '0' || part.start[i] > '9') return false;
  return true;
}

/* Where a path's parts are; NULL `hive`: it names none. */
struct parts {
  const char *hive;
  struct span rest;      /* behind the hive */
  struct span set;       /* "SYSTEM" of one in a numbered control set */
  struct span below_set; /* behind the control set */
  int number;            /* as registry_control_set */
};

static struct parts split(struct span text) {
  struct span path = without_computer(span_trim(text));
  while (path.size > 0 && path.start[path.size - 1] == '\\')
    path.size--;
  struct span hive = first_part(path);
  struct parts parts = {.hive = hive_name(hive), .rest = behind(path, hive), .number = -1};
  parts.set = first_part(parts.rest);
  struct span below = behind(parts.rest, parts.set), second = first_part(below);
  bool system =
      text_equal(parts.hive, "HKEY_LOCAL_MACHINE") && span_equal_nocase(parts.set, "SYSTEM");
  if (system && span_equal_nocase(second, "CurrentControlSet")) parts.number = 0;
  if (system && is_control_set(second))
    parts.number =
        (second.start[10] - '0') * 100 + (second.start[11] - '0') * 10 + (second.start[12] - '0');
  parts.below_set = behind(below, second);
  return parts;
}

char *registry_path(struct span text) {
  struct parts parts = split(text);
  if (!parts.hive) return NULL;
  if (parts.number <= 0)
    return alloc_format("%s%s%.*s", parts.hive, parts.rest.size ? "\\" : "", (int)parts.rest.size,
                        parts.rest.start);
  return alloc_format("%s\\%.*s\\CurrentControlSet%s%.*s", parts.hive, (int)parts.set.size,
                      parts.set.start, parts.below_set.size ? "\\" : "", (int)parts.below_set.size,
                      parts.below_set.start);
}

int registry_control_set(struct span text) {
  return split(text).number;
}

char *registry_path_key(const char *path) {
  char *whole = registry_path(span_of(path));
  char *key = text_lower(whole ? whole : path);
  alloc_free(whole);
  return key;
}

bool registry_key_within(const char *key, const char *above) {
  size_t size = strlen(above);
  return strncmp(key, above, size) == 0 && (key[size] == '\0' || key[size] == '\\');
}

size_t registry_key_parent(const char *key) {
  const char *last = strrchr(key, '\\');
  return last ? (size_t)(last - key) : 0;
}

/* ---- Kinds -------------------------------------------------------------------- */

#define CONTROL "hkey_local_machine\\system\\currentcontrolset\\control"
#define SERVICES "hkey_local_machine\\system\\currentcontrolset\\services"
#define SOFTWARE "hkey_local_machine\\software"
#define WOW SOFTWARE "\\wow6432node"

const struct registry_collected registry_collected[] = {
    {CONTROL "\\cryptography\\configuration", "registry-cryptography", false},
    {CONTROL "\\lsa", "registry-lsa", false},
    {CONTROL "\\securityproviders\\schannel", "registry-schannel", false},
    {CONTROL "\\session manager\\environment", "registry-environment", false},
    {SERVICES "\\eventlog", "registry-eventlog", false},
    {SERVICES "\\http", "registry-http", false},
    {SERVICES "\\lanmanserver", "registry-lanmanserver", false},
    {SERVICES "\\netlogon", "registry-netlogon", false},
    {SERVICES "\\tcpip", "registry-tcpip", false},
    {SERVICES "\\tcpip6", "registry-tcpip6", false},
    {SERVICES "\\w3svc", "registry-w3svc", false},
    {SERVICES, "registry-services", false},
    {SOFTWARE "\\microsoft\\.netframework", "registry-dotnet", false},
    {WOW "\\microsoft\\.netframework", "registry-dotnet-wow", false},
    {SOFTWARE "\\microsoft\\net framework setup", "registry-dotnet-setup", false},
    {SOFTWARE "\\microsoft\\enterprisecertificates", "registry-software", false},
    {SOFTWARE "\\microsoft\\exchangeserver", "registry-exchange", false},
    {SOFTWARE "\\microsoft\\iis", "registry-iis", false},
    {SOFTWARE "\\microsoft\\inetstp", "registry-inetstp", false},
    {SOFTWARE "\\microsoft\\powershell", "registry-powershell", false},
    {SOFTWARE "\\microsoft\\systemcertificates", "registry-certificates", false},
    {SOFTWARE "\\microsoft\\webmanagement", "registry-webmanagement", false},
    {SOFTWARE "\\microsoft\\windows defender\\exclusions", "registry-defender", false},
    {SOFTWARE "\\microsoft\\windows nt\\currentversion", "registry-windows", true},
    {SOFTWARE "\\microsoft\\windows\\currentversion\\internet settings", "registry-proxy", false},
    {WOW "\\microsoft\\windows\\currentversion\\internet settings", "registry-proxy-wow", false},
    {SOFTWARE "\\policies", "registry-policies", false},
    {"hkey_local_machine\\system\\select", "registry-system", false},
    {CONTROL "\\computername", "registry-system", false},
    {NULL, NULL, false},
};

static bool holds(const struct registry_collected *row, const char *key) {
  return row->alone ? text_equal(key, row->key) : registry_key_within(key, row->key);
}

bool registry_key_collected(const char *key) {
  const struct registry_collected *row = registry_collected;
  while (row->key && !holds(row, key))
    row++;
  return row->key != NULL;
}

/* The last resort is a whole hive: rules speak of HKEY_LOCAL_MACHINE only. */
const char *registry_key_kind(const char *key) {
  const char *kind = registry_key_within(key, "hkey_local_machine\\system") ? "registry-system"
                                                                            : "registry-software";
  size_t longest = 0;
  for (const struct registry_collected *row = registry_collected; row->key; row++) {
    if (strlen(row->key) <= longest || !holds(row, key)) continue;
    kind = row->kind;
    longest = strlen(row->key);
  }
  return kind;
}
