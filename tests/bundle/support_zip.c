/* Zip files made byte by byte, after PKWARE APPNOTE 4.3. */
#include "bundle/support_zip.h"

#include "check_main.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

uint32_t crc_of(const void *bytes, size_t size) {
  static uint32_t table[256];
  uint32_t crc = 0xFFFFFFFF;
  for (uint32_t i = 0; i < 256 && !table[255]; i++) {
    table[i] = i;
    for (int bit = 0; bit < 8; bit++)
      table[i] = table[i] & 1 ? table[i] >> 1 ^ 0xEDB88320 : table[i] >> 1;
  }
  const uint8_t *p = bytes;
  for (size_t i = 0; i < size; i++)
    crc = table[(crc ^ p[i]) & 255] ^ crc >> 8;
  return ~crc;
}

static void put(struct buffer *out, uint64_t value, size_t size) {
  for (size_t i = 0; i < size; i++)
    buffer_add_char(out, (char)(value >> (8 * i)));
}

struct zip zip_begin(void) {
  return (struct zip){.out = buffer_make(SIZE_MAX), .directory = buffer_make(SIZE_MAX)};
}

struct facts {
  uint32_t crc;
  size_t packed, size, name_size;
  unsigned method;
  uint64_t offset;
};

/* Flags to stated sizes, the same in both headers. */
static void put_shared(struct buffer *out, const struct zip_entry *e, const struct facts *f,
                       bool local) {
  bool later = local && (e->flags & FLAG_DESCRIPTOR);
  put(out, e->flags, 2);
  put(out, f->method, 2);
  put(out, e->dos ? e->dos : (44u << 9 | 12 << 5 | 3) << 16 | (14 << 11 | 47 << 5 | 16), 4);
  put(out, later ? 0 : f->crc, 4);
  put(out, e->zip64 ? UINT32_MAX : later ? 0 : f->packed, 4);
  put(out, e->zip64 ? UINT32_MAX : later ? 0 : f->size, 4);
}

static struct buffer extra_of(const struct zip_entry *e, const struct facts *f, bool local) {
  struct buffer extra = buffer_make(200);
  if (e->utc) put(&extra, 0x5455, 2), put(&extra, 5, 2), put(&extra, 1, 1), put(&extra, e->utc, 4);
  if (e->ntfs) {
    put(&extra, 0x000A, 2), put(&extra, 32, 2), put(&extra, 0, 4), put(&extra, 1, 2);
    put(&extra, 24, 2), put(&extra, e->ntfs, 8), put(&extra, 0, 8), put(&extra, 0, 8);
  }
  if (e->zip64) {
    put(&extra, 1, 2), put(&extra, local ? 16 : 24, 2), put(&extra, f->size, 8);
    put(&extra, f->packed, 8);
    if (!local) put(&extra, f->offset, 8);
  }
  return extra;
}

static void put_local(struct zip *zip, const struct zip_entry *e, const struct facts *f) {
  struct buffer extra = extra_of(e, f, true);
  put(&zip->out, 0x04034B50, 4);
  put(&zip->out, 20, 2);
  put_shared(&zip->out, e, f, true);
  put(&zip->out, f->name_size, 2);
  put(&zip->out, extra.size, 2);
  buffer_add(&zip->out, e->local_name ? e->local_name : e->name, f->name_size);
  buffer_add(&zip->out, extra.data, extra.size);
  buffer_add(&zip->out, e->packed ? e->packed : e->data, f->packed);
  if (e->flags & FLAG_DESCRIPTOR) {
    put(&zip->out, 0x08074B50, 4), put(&zip->out, f->crc, 4);
    put(&zip->out, f->packed, 4), put(&zip->out, f->size, 4);
  }
  buffer_dispose(&extra);
}

static void put_record(struct zip *zip, const struct zip_entry *e, const struct facts *f) {
  struct buffer extra = extra_of(e, f, false);
  put(&zip->directory, 0x02014B50, 4);
  put(&zip->directory, e->mode ? 3 << 8 | 20 : 20, 2);
  put(&zip->directory, 20, 2);
  put_shared(&zip->directory, e, f, false);
  put(&zip->directory, f->name_size, 2);
  put(&zip->directory, extra.size, 2);
  put(&zip->directory, 0, 6); /* no comment, disk 0, binary */
  put(&zip->directory, (uint64_t)e->mode << 16, 4);
  put(&zip->directory, e->zip64 ? UINT32_MAX : f->offset, 4);
  buffer_add(&zip->directory, e->name, f->name_size);
  buffer_add(&zip->directory, extra.data, extra.size);
  buffer_dispose(&extra);
}

void zip_add(struct zip *zip, const struct zip_entry *e) {
  struct facts f = {.crc = crc_of(e->data, e->size) ^ (e->bad_crc ? 1 : 0),
                    .packed = e->packed ? e->packed_size : e->size,
                    .size = e->stated_size ? e->stated_size : e->size,
                    .name_size = e->name_size ? e->name_size : strlen(e->name),
                    .method = e->packed ? 8 : e->method,
                    .offset = e->again ? zip->last : zip->out.size};
  zip->last = f.offset;
  if (!e->again) put_local(zip, e, &f);
  put_record(zip, e, &f);
  zip->count++;
}

void zip_add_text(struct zip *zip, const char *name, const char *text) {
  zip_add(zip, &(struct zip_entry){.name = name, .data = text, .size = strlen(text)});
}

static void put_end64(struct zip *zip, size_t start) {
  size_t here = zip->out.size;
  put(&zip->out, 0x06064B50, 4), put(&zip->out, 44, 8), put(&zip->out, 45, 2);
  put(&zip->out, 45, 2), put(&zip->out, 0, 8), put(&zip->out, zip->count, 8);
  put(&zip->out, zip->count, 8), put(&zip->out, zip->directory.size, 8);
  put(&zip->out, start, 8);
  put(&zip->out, 0x07064B50, 4), put(&zip->out, 0, 4), put(&zip->out, here, 8);
  put(&zip->out, 1, 4);
}

void zip_end(struct zip *zip) {
  size_t start = zip->out.size;
  buffer_add(&zip->out, zip->directory.data, zip->directory.size);
  bool large = zip->large || zip->count > 65535;
  if (large) put_end64(zip, start);
  put(&zip->out, 0x06054B50, 4), put(&zip->out, 0, 4);
  put(&zip->out, large ? 65535 : zip->count, 2), put(&zip->out, large ? 65535 : zip->count, 2);
  put(&zip->out, large ? UINT32_MAX : zip->directory.size, 4);
  put(&zip->out, large ? UINT32_MAX : start, 4);
  put(&zip->out, 0, 2);
}

void zip_dispose(struct zip *zip) {
  buffer_dispose(&zip->out);
  buffer_dispose(&zip->directory);
}

/* libarchive makes a zip of one member; its packed data stand behind the local
 * header, their size in the data descriptor or in the directory. */
char *deflated_zeros(size_t size, size_t *packed_size) {
  size_t room = size / 100 + 4096, used = 0;
  char *zip = alloc_bytes(room), *zeros = alloc_bytes(size);
  struct archive *writer = archive_write_new();
  struct archive_entry *entry = archive_entry_new();
  archive_write_set_format_zip(writer);
  archive_write_set_options(writer, "zip:compression=deflate");
  archive_write_set_bytes_per_block(writer, 0);
  ck_assert_int_eq(archive_write_open_memory(writer, zip, room, &used), ARCHIVE_OK);
  archive_entry_set_pathname(entry, "z");
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_size(entry, (la_int64_t)size);
  ck_assert_int_eq(archive_write_header(writer, entry), ARCHIVE_OK);
  archive_write_data(writer, zeros, size);
  archive_write_close(writer);
  archive_entry_free(entry);
  archive_write_free(writer);
  const uint8_t *p = (const uint8_t *)zip, *end = p + used - 22;
  size_t record = end[16] | end[17] << 8 | end[18] << 16 | (size_t)end[19] << 24;
  *packed_size = p[record + 20] | p[record + 21] << 8 | p[record + 22] << 16;
  size_t skip = 30 + (p[26] | p[27] << 8) + (p[28] | p[29] << 8);
  char *packed = alloc_text_n(zip + skip, *packed_size);
  alloc_free(zeros);
  alloc_free(zip);
  return packed;
}

struct zip overlapping_zeros(size_t count) {
  size_t size = 8 << 20, packed_size;
  char *packed = deflated_zeros(size, &packed_size), *zeros = alloc_bytes(size);
  struct zip zip = zip_begin();
  for (size_t i = 0; i < count; i++)
    zip_add(&zip, &(struct zip_entry){.name = "same",
                                      .data = i ? "" : zeros,
                                      .size = i ? 0 : size,
                                      .stated_size = size,
                                      .packed = packed,
                                      .packed_size = packed_size,
                                      .again = i > 0});
  /* All records state the checksum of the one member. */
  uint32_t crc = crc_of(zeros, size);
  for (size_t at = 0; at + 50 <= zip.directory.size; at += 50)
    for (size_t b = 0; b < 4; b++)
      zip.directory.data[at + 16 + b] = (char)(crc >> (8 * b));
  alloc_free(packed);
  alloc_free(zeros);
  return zip;
}
