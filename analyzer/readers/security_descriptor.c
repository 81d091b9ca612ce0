/* Access lists. */
#include "readers/security_descriptor.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { HEAD = 20, LIST_HEAD = 8, ENTRY_HEAD = 8, SID_HEAD = 8, ALLOW = 0, PARTS_MOST = 15 };

static uint32_t read_16(const uint8_t *b) {
  return b[0] | (uint32_t)b[1] << 8;
}

static uint32_t read_32(const uint8_t *b) {
  return read_16(b) | read_16(b + 2) << 16;
}

/* Short forms of SDDL for accounts that every Windows has (Microsoft Learn, "SID Strings"). */
static void shorten(char sid[SID_TEXT_MOST]) {
  static const char *const names[][2] = {
      {"S-1-1-0", "WD"},      {"S-1-5-4", "IU"},      {"S-1-5-11", "AU"},
      {"S-1-5-18", "SY"},     {"S-1-5-19", "LS"},     {"S-1-5-20", "NS"},
      {"S-1-5-32-544", "BA"}, {"S-1-5-32-545", "BU"}, {"S-1-5-32-546", "BG"},
      {"S-1-5-32-551", "BO"}, {"S-1-5-32-580", "RM"}};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp(sid, names[i][0]) == 0) snprintf(sid, SID_TEXT_MOST, "%s", names[i][1]);
}

static bool read_sid(const uint8_t *bytes, size_t size, char out[SID_TEXT_MOST]) {
  uint64_t authority = 0;
  if (size < SID_HEAD || bytes[0] != 1 || bytes[1] > PARTS_MOST) return false;
  if (size < SID_HEAD + 4u * bytes[1]) return false;
  for (size_t i = 2; i < 8; i++)
    authority = authority << 8 | bytes[i];
  int used = snprintf(out, SID_TEXT_MOST, "S-1-%" PRIu64, authority);
  for (size_t i = 0; i < bytes[1]; i++)
    used += snprintf(out + used, SID_TEXT_MOST - (size_t)used, "-%" PRIu32,
                     read_32(bytes + SID_HEAD + 4 * i));
  shorten(out);
  return true;
}

bool access_list_read(const uint8_t *bytes, size_t size, struct access_list *list) {
  list->count = 0;
  if (size < HEAD || bytes[0] != 1) return false;
  size_t at = read_32(bytes + 16);
  if (at < HEAD || at > size - LIST_HEAD) return false;
  size_t end = at + read_16(bytes + at + 2), count = read_16(bytes + at + 4);
  if (end > size || count > ACCESS_ENTRIES_MOST) return false;
  at += LIST_HEAD;
  for (; list->count < count; list->count++) {
    struct access_entry *entry = &list->entries[list->count];
    if (at > end || end - at < ENTRY_HEAD) return false;
    size_t length = read_16(bytes + at + 2);
    if (length < ENTRY_HEAD || length > end - at || bytes[at] != ALLOW || bytes[at + 1] != 0)
      return false;
    entry->mask = read_32(bytes + at + 4);
    if (!read_sid(bytes + at + ENTRY_HEAD, length - ENTRY_HEAD, entry->sid)) return false;
    at += length;
  }
  return true;
}

/* "GXGW"; false when a bit has no short form. */
static bool name_rights(uint32_t mask, char out[8]) {
  const char *all = mask & ACCESS_GENERIC_ALL ? "GA" : "";
  const char *execute = mask & ACCESS_GENERIC_EXECUTE ? "GX" : "";
  const char *write = mask & ACCESS_GENERIC_WRITE ? "GW" : "";
  snprintf(out, 8, "%s%s%s", all, execute, write);
  return (mask & ~(ACCESS_GENERIC_ALL | ACCESS_GENERIC_EXECUTE | ACCESS_GENERIC_WRITE)) == 0;
}

bool access_list_sddl(const struct access_list *list, char *out, size_t size) {
  int used = snprintf(out, size, "D:");
  for (size_t i = 0; i < list->count; i++) {
    char rights[8];
    if (!name_rights(list->entries[i].mask, rights)) return false;
    used += snprintf(out + used, size - (size_t)used, "(A;;%s;;;%s)", rights, list->entries[i].sid);
    if ((size_t)used >= size) return false;
  }
  return true;
}
