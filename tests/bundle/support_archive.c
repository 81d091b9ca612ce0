/* Archives: libarchive writes most; a cabinet is made after [MS-CAB], without compression. */
#include "bundle/support_archive.h"

#include "base/buffer.h"
#include "check_main.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <string.h>

const char *const packed_names[PACKED_KINDS] = {"case.tar",     "case.tar.gz",  "case.tar.xz",
                                                "case.tar.bz2", "case.tar.zst", "case.7z",
                                                "case.cab"};

static void put(struct buffer *out, unsigned value, size_t size) {
  for (size_t i = 0; i < size; i++)
    buffer_add_char(out, (char)(value >> (8 * i)));
}

/* One folder, one block: header 36, folder 8, a record a file, then the data. */
static char *pack_cabinet(const struct packed_file *files, size_t count, size_t *size) {
  struct buffer records = buffer_make(SIZE_MAX), data = buffer_make(SIZE_MAX);
  struct buffer out = buffer_make(SIZE_MAX);
  size_t listed = 0;
  for (size_t i = 0; i < count; i++) {
    if (files[i].folder || files[i].link || files[i].fifo || files[i].hardlink) continue;
    put(&records, (unsigned)files[i].size, 4);
    put(&records, (unsigned)data.size, 4);
    put(&records, 0, 2);
    put(&records, 44u << 9 | 12 << 5 | 3, 2);
    put(&records, 14 << 11 | 47 << 5 | 16, 2);
    put(&records, 0x20 | 0x80, 2); /* archive; the name is UTF-8 */
    buffer_add(&records, files[i].name, strlen(files[i].name) + 1);
    buffer_add(&data, files[i].bytes ? files[i].bytes : "", files[i].size);
    listed++;
  }
  ck_assert_uint_le(data.size, 32768);
  unsigned start = 36 + 8 + (unsigned)records.size;
  buffer_add(&out, "MSCF\0\0\0\0", 8);
  put(&out, start + 8 + (unsigned)data.size, 4);
  put(&out, 0, 4), put(&out, 44, 4), put(&out, 0, 4);
  put(&out, 3, 1), put(&out, 1, 1), put(&out, 1, 2), put(&out, (unsigned)listed, 2);
  put(&out, 0, 2), put(&out, 7, 2), put(&out, 0, 2);
  put(&out, start, 4), put(&out, 1, 2), put(&out, 0, 2);
  buffer_add(&out, records.data, records.size);
  put(&out, 0, 4), put(&out, (unsigned)data.size, 2), put(&out, (unsigned)data.size, 2);
  buffer_add(&out, data.data, data.size);
  buffer_dispose(&records);
  buffer_dispose(&data);
  *size = out.size;
  return buffer_take(&out);
}

static void add_file(struct archive *writer, const struct packed_file *file) {
  struct archive_entry *entry = archive_entry_new();
  archive_entry_set_pathname_utf8(entry, file->name);
  archive_entry_copy_pathname(entry, file->name);
  archive_entry_set_filetype(entry, file->link     ? AE_IFLNK
                                    : file->folder ? AE_IFDIR
                                    : file->fifo   ? AE_IFIFO
                                                   : AE_IFREG);
  if (file->link) archive_entry_copy_symlink(entry, file->link);
  if (file->hardlink) archive_entry_copy_hardlink(entry, file->hardlink);
  archive_entry_set_size(entry, (la_int64_t)file->size);
  archive_entry_set_mtime(entry, 1733237236, 0);
  archive_entry_set_perm(entry, 0644);
  ck_assert_msg(archive_write_header(writer, entry) == ARCHIVE_OK, "%s: %s", file->name,
                archive_error_string(writer));
  if (file->size) archive_write_data(writer, file->bytes, file->size);
  archive_entry_free(entry);
}

static void set_kind(struct archive *writer, enum packed kind) {
  if (kind == SEVENZIP)
    archive_write_set_format_7zip(writer);
  else
    archive_write_set_format_gnutar(writer);
  if (kind == TAR_GZIP) archive_write_add_filter_gzip(writer);
  if (kind == TAR_XZ) archive_write_add_filter_xz(writer);
  if (kind == TAR_BZIP2) archive_write_add_filter_bzip2(writer);
  if (kind == TAR_ZSTD) archive_write_add_filter_zstd(writer);
  archive_write_set_bytes_per_block(writer, 0);
}

char *pack_files(enum packed kind, const struct packed_file *files, size_t count, size_t *size) {
  if (kind == CABINET) return pack_cabinet(files, count, size);
  size_t room = 65536;
  for (size_t i = 0; i < count; i++)
    room += 2048 + 2 * files[i].size;
  char *bytes = alloc_bytes(room);
  const char *before = setlocale(LC_CTYPE, NULL);
  char *kept = alloc_text(before);
  setlocale(LC_CTYPE, "C.UTF-8"); /* for the names in 7z */
  struct archive *writer = archive_write_new();
  set_kind(writer, kind);
  ck_assert_int_eq(archive_write_open_memory(writer, bytes, room, size), ARCHIVE_OK);
  for (size_t i = 0; i < count; i++)
    add_file(writer, &files[i]);
  ck_assert_int_eq(archive_write_close(writer), ARCHIVE_OK);
  archive_write_free(writer);
  setlocale(LC_CTYPE, kept);
  alloc_free(kept);
  return bytes;
}

char *pack_gzip(const void *data, size_t data_size, size_t *size) {
  size_t room = 65536 + data_size;
  char *bytes = alloc_bytes(room);
  struct archive *writer = archive_write_new();
  struct archive_entry *entry = archive_entry_new();
  archive_write_set_format_raw(writer);
  archive_write_add_filter_gzip(writer);
  archive_write_set_bytes_per_block(writer, 0);
  ck_assert_int_eq(archive_write_open_memory(writer, bytes, room, size), ARCHIVE_OK);
  archive_entry_set_pathname(entry, "data");
  archive_entry_set_filetype(entry, AE_IFREG);
  ck_assert_int_eq(archive_write_header(writer, entry), ARCHIVE_OK);
  archive_write_data(writer, data, data_size);
  ck_assert_int_eq(archive_write_close(writer), ARCHIVE_OK);
  archive_entry_free(entry);
  archive_write_free(writer);
  return bytes;
}
