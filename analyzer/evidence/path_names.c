/* What the path of an artifact says about it. */
#include "evidence/path_names.h"

#include <string.h>

/* Length of the part at `path`, and whether a separator follows it. '!' separates
 * only after a name with a dot in it: case.zip!EX01/certs.txt. */
static size_t part_length(const char *path, bool *more) {
  bool dotted = false;
  size_t size = 0;
  for (; path[size]; size++) {
    if (path[size] == '/' || (path[size] == '!' && dotted)) break;
    if (path[size] == '.') dotted = true;
  }
  *more = path[size] != '\0';
  return size;
}

struct span path_component(const char *path, size_t number) {
  for (;; number--) {
    bool more;
    size_t size = part_length(path, &more);
    if (!more) return (struct span){"", 0};
    if (number == 0) return (struct span){path, size};
    path += size + 1;
  }
}

const char *path_file(const char *path) {
  bool more = true;
  for (;;) {
    size_t size = part_length(path, &more);
    if (!more) return path;
    path += size + 1;
  }
}

struct span path_folder(const char *path) {
  size_t size = (size_t)(path_file(path) - path);
  return (struct span){path, size > 0 ? size - 1 : 0};
}

bool path_is_application_host(const char *path) {
  return text_equal_nocase(path_file(path), "applicationHost.config");
}

/* Asked of every part of every path: most do not even begin like one. */
static bool may_be_backup(struct span part) {
  return strchr("hHaAbBoOcC", part.start[0]) || memchr(part.start, '.', part.size);
}

static bool is_backup_part(struct span part) {
  if (!may_be_backup(part)) return false;
  static const char *const words[] = {"history", "archive", "archives",
                                      "bak",     "old",     "windows.old"};
  char name[64];
  if (part.size >= sizeof name) part.size = sizeof name - 1;
  memcpy(name, part.start, part.size);
  name[part.size] = '\0';
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (text_equal_nocase(name, words[i])) return true;
  return text_starts_nocase(name, "CFGHISTORY_") || text_starts_nocase(name, "backup") ||
         text_ends_nocase(name, ".bak") || text_ends_nocase(name, ".old");
}

bool path_is_backup(const char *path) {
  for (size_t i = 0;; i++) {
    struct span part = path_component(path, i);
    if (part.size == 0) break;
    if (is_backup_part(part)) return true;
  }
  return text_ends_nocase(path, ".bak") || text_ends_nocase(path, ".old");
}

bool path_is_live_place(const char *path) {
  for (size_t i = 0;; i++) {
    struct span part = path_component(path, i), next = path_component(path, i + 1);
    if (part.size == 0) return false;
    if (span_equal_nocase(part, "inetsrv") && span_equal_nocase(next, "config")) return true;
  }
}
