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

char *registry_path(struct span text) {
  struct span path = without_computer(span_trim(text));
  while (path.size > 0 && path.start[path.size - 1] == '\\')
    path.size--;
  struct span hive = first_part(path);
  const char *name = hive_name(hive);
  if (!name) return NULL;
  struct span rest = behind(path, hive), set = first_part(rest);
  struct span below = behind(rest, set), second = first_part(below);
  bool folds = strcmp(name, "HKEY_LOCAL_MACHINE") == 0 && span_equal_nocase(set, "SYSTEM") &&
               is_control_set(second);
  if (!folds)
    return alloc_format("%s%s%.*s", name, rest.size ? "\\" : "", (int)rest.size, rest.start);
  below = behind(below, second);
  return alloc_format("%s\\%.*s\\CurrentControlSet%s%.*s", name, (int)set.size, set.start,
                      below.size ? "\\" : "", (int)below.size, below.start);
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

static const struct {
  const char *key, *kind;
} kinds[] = {
    {CONTROL "\\cryptography\\configuration", "registry-cryptography"},
    {CONTROL "\\lsa", "registry-lsa"},
    {CONTROL "\\securityproviders\\schannel", "registry-schannel"},
    {CONTROL "\\session manager\\environment", "registry-environment"},
    {SERVICES "\\eventlog", "registry-eventlog"},
    {SERVICES "\\http", "registry-http"},
    {SERVICES "\\lanmanserver", "registry-lanmanserver"},
    {SERVICES "\\netlogon", "registry-netlogon"},
    {SERVICES "\\tcpip", "registry-tcpip"},
    {SERVICES "\\tcpip6", "registry-tcpip6"},
    {SERVICES "\\w3svc", "registry-w3svc"},
    {SERVICES, "registry-services"},
    {SOFTWARE "\\microsoft\\.netframework", "registry-dotnet"},
    {WOW "\\microsoft\\.netframework", "registry-dotnet-wow"},
    {SOFTWARE "\\microsoft\\net framework setup", "registry-dotnet-setup"},
    {SOFTWARE "\\microsoft\\exchangeserver", "registry-exchange"},
    {SOFTWARE "\\microsoft\\iis", "registry-iis"},
    {SOFTWARE "\\microsoft\\inetstp", "registry-inetstp"},
    {SOFTWARE "\\microsoft\\powershell", "registry-powershell"},
    {SOFTWARE "\\microsoft\\systemcertificates", "registry-certificates"},
    {SOFTWARE "\\microsoft\\webmanagement", "registry-webmanagement"},
    {SOFTWARE "\\microsoft\\windows defender\\exclusions", "registry-defender"},
    {SOFTWARE "\\microsoft\\windows nt\\currentversion", "registry-windows"},
    {SOFTWARE "\\microsoft\\windows\\currentversion\\internet settings", "registry-proxy"},
    {WOW "\\microsoft\\windows\\currentversion\\internet settings", "registry-proxy-wow"},
    {SOFTWARE "\\policies", "registry-policies"},
    {"hkey_local_machine\\system", "registry-system"},
};

/* The last resort is the whole SOFTWARE tree: rules speak of HKEY_LOCAL_MACHINE only. */
const char *registry_key_kind(const char *key) {
  const char *kind = "registry-software";
  size_t longest = 0;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    if (strlen(kinds[i].key) <= longest || !registry_key_within(key, kinds[i].key)) continue;
    kind = kinds[i].kind;
    longest = strlen(kinds[i].key);
  }
  return kind;
}
