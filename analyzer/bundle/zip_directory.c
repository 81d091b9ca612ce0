/* What a zip file says of itself. Every offset is checked before it is used. */
#include "bundle/zip_directory.h"

#include "base/moment.h"

#include <string.h>

enum {
  LOCAL_SIZE = 30,
  RECORD_SIZE = 46,
  END_SIZE = 22,
  END64_SIZE = 56,
  LOCATOR_SIZE = 20,
  COMMENT_MOST = 65535,
};

static uint32_t le16(const uint8_t *p) {
  return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static uint32_t le32(const uint8_t *p) {
  return le16(p) | le16(p + 2) << 16;
}

static uint64_t le64(const uint8_t *p) {
  return le32(p) | (uint64_t)le32(p + 4) << 32;
}

static bool signed_as(const uint8_t *p, uint8_t third, uint8_t fourth) {
  return p[0] == 'P' && p[1] == 'K' && p[2] == third && p[3] == fourth;
}

bool zip_is_archive(const uint8_t *bytes, size_t size) {
  return size >= 4 && (signed_as(bytes, 3, 4) || signed_as(bytes, 5, 6));
}

/* --- one record ---------------------------------------------------------- */

static void set_dos_time(struct zip_member *m, uint32_t time, uint32_t date) {
  int hour = (int)(time >> 11), minute = (int)(time >> 5 & 63), second = (int)(time & 31) * 2;
  int year = 1980 + (int)(date >> 9), month = (int)(date >> 5 & 15), day = (int)(date & 31);
  m->has_modified =
      hour < 24 && minute < 60 && second < 60 && moment_of_day(year, month, day, &m->modified);
  if (m->has_modified) m->modified += (hour * 60 + minute) * 60 + second;
}

/* NTFS: 4 reserved bytes, then attribute 1 of three FILETIMEs, the first mtime. */
static void set_ntfs_time(struct zip_member *m, const uint8_t *p, size_t size) {
  if (size < 16 || le16(p + 4) != 1 || le16(p + 6) < 8) return;
  m->modified = (int64_t)(le64(p + 8) / 10000000) - INT64_C(11644473600);
  m->has_modified = true;
}

/* Zip64: only the fields that are all ones in the record, in this order. */
static void set_zip64(struct zip_member *m, const uint8_t *p, size_t size) {
  uint64_t *const fields[] = {&m->size, &m->packed, &m->header};
  for (size_t i = 0; i < 3; i++) {
    if (*fields[i] != UINT32_MAX) continue;
    if (size < 8) return;
    *fields[i] = le64(p);
    p += 8, size -= 8;
  }
}

uint32_t zip_crc32(const uint8_t *bytes, size_t size) {
  uint32_t crc = UINT32_MAX;
  for (size_t i = 0; i < size; i++) {
    crc ^= bytes[i];
    for (int bit = 0; bit < 8; bit++)
      crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0);
  }
  return ~crc;
}

/* Version 1, the checksum of the name that it stands for, the name in UTF-8. */
static void set_unicode_name(struct zip_member *m, const uint8_t *p, size_t size) {
  if (size <= 5 || p[0] != 1 || le32(p + 1) != zip_crc32(m->name, m->name_size)) return;
  m->stated = m->name, m->stated_size = m->name_size;
  m->name = p + 5, m->name_size = size - 5;
  m->utf8 = true;
}

static void read_extra(struct zip_member *m, const uint8_t *p, size_t size) {
  while (size >= 4) {
    uint32_t id = le16(p), length = le16(p + 2);
    p += 4, size -= 4;
    if (length > size) return;
    if (id == 0x0001) set_zip64(m, p, length);
    if (id == 0x000A) set_ntfs_time(m, p, length);
    if (id == 0x7075 && !m->stated) set_unicode_name(m, p, length);
    if (id == 0x5455 && length >= 5 && (p[0] & 1)) {
      m->modified = (int32_t)le32(p + 1);
      m->has_modified = true;
    }
    p += length, size -= length;
  }
}

/* What local header and directory record share: 20 bytes from the flags to the
 * stated sizes. */
static void read_shared(struct zip_member *m, const uint8_t *p) {
  uint32_t flags = le16(p);
  m->utf8 = flags & 0x0800;
  m->method = le16(p + 2);
  m->encrypted = (flags & 0x2041) || m->method == 99;
  set_dos_time(m, le16(p + 4), le16(p + 6));
  m->crc = le32(p + 8);
  m->packed = le32(p + 12);
  m->size = le32(p + 16);
}

/* One record of the directory at `p`; returns its length, 0 when damaged. */
static size_t read_record(struct zip_member *m, const uint8_t *p, size_t left) {
  enum { MADE_ON_UNIX = 3 };
  if (left < RECORD_SIZE || !signed_as(p, 1, 2)) return 0;
  size_t name = le16(p + 28), extra = le16(p + 30), comment = le16(p + 32);
  if (RECORD_SIZE + name + extra + comment > left) return 0;
  *m = (struct zip_member){.name = p + RECORD_SIZE, .name_size = name};
  read_shared(m, p + 8);
  m->header = le32(p + 42);
  if (p[5] == MADE_ON_UNIX) m->mode = le16(p + 40);
  read_extra(m, p + RECORD_SIZE + name, extra);
  return RECORD_SIZE + name + extra + comment;
}

bool zip_local_read(const uint8_t *bytes, size_t size, size_t at, size_t reach,
                    struct zip_member *m) {
  size_t last = size < LOCAL_SIZE ? 0 : size - LOCAL_SIZE;
  if (size < LOCAL_SIZE || at > last) return false;
  size_t end = last - at > reach ? at + reach : last;
  while (at < end && !signed_as(bytes + at, 3, 4))
    at++;
  const uint8_t *p = bytes + at;
  size_t name = le16(p + 26), extra = le16(p + 28);
  if (!signed_as(p, 3, 4) || LOCAL_SIZE + name + extra > size - at) return false;
  *m = (struct zip_member){.name = p + LOCAL_SIZE, .name_size = name, .header = at};
  read_shared(m, p + 6);
  read_extra(m, p + LOCAL_SIZE + name, extra);
  m->header = at;
  return true;
}

bool zip_data_start(const uint8_t *bytes, size_t size, const struct zip_member *m, uint64_t *start,
                    bool *same_name) {
  if (m->header > size || size - m->header < LOCAL_SIZE) return false;
  const uint8_t *p = bytes + m->header;
  if (!signed_as(p, 3, 4)) return false;
  size_t name = le16(p + 26), left = size - (size_t)m->header;
  size_t skip = LOCAL_SIZE + name + le16(p + 28);
  if (skip > left || m->packed > left - skip) return false;
  const uint8_t *stated = m->stated ? m->stated : m->name;
  size_t stated_size = m->stated ? m->stated_size : m->name_size;
  *same_name = name == stated_size && memcmp(p + LOCAL_SIZE, stated, name) == 0;
  *start = m->header + skip;
  return true;
}

static void put(uint8_t *p, uint64_t value, size_t size) {
  for (size_t i = 0; i < size; i++)
    p[i] = (uint8_t)(value >> (8 * i));
}

void zip_make_header(const struct zip_member *m, uint8_t out[ZIP_HEADER_SIZE]) {
  memset(out, 0, ZIP_HEADER_SIZE);
  put(out, 0x04034B50, 4); /* PK 3 4 */
  put(out + 4, 45, 2);     /* the version that knows zip64 */
  put(out + 8, m->method, 2);
  put(out + 14, m->crc, 4);
  put(out + 18, UINT32_MAX, 4);
  put(out + 22, UINT32_MAX, 4);
  put(out + 26, 1, 2);
  put(out + 28, 20, 2);
  out[30] = 'm';
  put(out + 31, 0x0001, 2);
  put(out + 33, 16, 2);
  put(out + 35, m->size, 8);
  put(out + 43, m->packed, 8);
}

/* --- the directory ------------------------------------------------------- */

/* Where the records stand and how far the archive was moved (a stub in front). */
struct extent {
  size_t start, end;
  uint64_t shift;
};

/* The end record nearest to the end whose comment fits. */
static const uint8_t *find_end(const uint8_t *bytes, size_t size) {
  if (size < END_SIZE) return NULL;
  size_t lowest = size - END_SIZE > COMMENT_MOST ? size - END_SIZE - COMMENT_MOST : 0;
  for (size_t at = size - END_SIZE + 1; at-- > lowest;)
    if (signed_as(bytes + at, 5, 6) && le16(bytes + at + 20) <= size - at - END_SIZE)
      return bytes + at;
  return NULL;
}

/* The zip64 end record before `end`; NULL when there is none. */
static const uint8_t *find_end64(const uint8_t *bytes, const uint8_t *end) {
  size_t before = (size_t)(end - bytes);
  if (before < LOCATOR_SIZE + END64_SIZE || !signed_as(end - LOCATOR_SIZE, 6, 7)) return NULL;
  uint64_t at = le64(end - LOCATOR_SIZE + 8);
  if (at > before - LOCATOR_SIZE - END64_SIZE || !signed_as(bytes + at, 6, 6))
    at = before - LOCATOR_SIZE - END64_SIZE; /* moved by a stub */
  return signed_as(bytes + at, 6, 6) ? bytes + at : NULL;
}

static bool find_records(const uint8_t *bytes, size_t size, struct extent *extent,
                         const char **why) {
  const uint8_t *end = find_end(bytes, size);
  if (!end) {
    *why = "it has no directory at its end: it was cut off";
    return false;
  }
  uint64_t length = le32(end + 12), offset = le32(end + 16);
  bool split = le16(end + 4) != 0 && le16(end + 4) != UINT16_MAX;
  const uint8_t *end64 = find_end64(bytes, end);
  if (end64) {
    length = le64(end64 + 40), offset = le64(end64 + 48);
    split = le32(end64 + 16) != 0;
    end = end64;
  }
  uint64_t stop = (uint64_t)(end - bytes);
  *why = split ? "it is one part of a split archive" : "its directory is damaged";
  if (split || length > stop || offset > stop - length) return false;
  *extent = (struct extent){(size_t)(stop - length), (size_t)stop, stop - length - offset};
  return true;
}

bool zip_directory_read(const uint8_t *bytes, size_t size, size_t most,
                        struct zip_directory *directory, const char **why) {
  struct extent extent;
  *directory = (struct zip_directory){0};
  if (!find_records(bytes, size, &extent, why)) return false;
  size_t capacity = 0;
  while (extent.start < extent.end) {
    directory->more = directory->count >= most;
    if (directory->more) break;
    struct zip_member member;
    size_t length = read_record(&member, bytes + extent.start, extent.end - extent.start);
    if (length == 0 || member.header > UINT64_MAX - extent.shift) {
      zip_directory_dispose(directory);
      return false;
    }
    member.header += extent.shift;
    ARRAY_PUSH(directory->members, directory->count, capacity) = member;
    extent.start += length;
  }
  return true;
}

void zip_directory_dispose(struct zip_directory *directory) {
  alloc_free(directory->members);
  *directory = (struct zip_directory){0};
}
