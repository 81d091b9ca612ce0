/* The writing side of libarchive, which the program itself never uses. */
#include "cli/support_zip.h"

#include "check_main.h"
#include "cli/support_program.h"

#include "base/alloc.h"
#include "base/system.h"

#include <archive.h>
#include <archive_entry.h>

static void add(struct archive *archive, const char *path, const char *name) {
  size_t size;
  char *bytes = file_read(path, &size);
  struct archive_entry *entry = archive_entry_new();
  archive_entry_set_pathname(entry, name);
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_perm(entry, 0644);
  archive_entry_set_size(entry, (la_int64_t)size);
  ck_assert_int_eq(archive_write_header(archive, entry), ARCHIVE_OK);
  ck_assert_int_eq(archive_write_data(archive, bytes, size), (la_ssize_t)size);
  archive_entry_free(entry);
  alloc_free(bytes);
}

void zip_folder(const char *zip, const char *folder, const char *prefix) {
  struct archive *archive = archive_write_new();
  ck_assert_int_eq(archive_write_set_format_zip(archive), ARCHIVE_OK);
  ck_assert_int_eq(archive_write_open_filename(archive, zip), ARCHIVE_OK);
  char **names, error[128];
  size_t count;
  ck_assert_msg(system_list(folder, &names, &count, error), "%s: %s", folder, error);
  for (size_t i = 0; i < count; i++) {
    char *path = path_of(folder, names[i]), *name = alloc_format("%s%s", prefix, names[i]);
    add(archive, path, name);
    alloc_free(path);
    alloc_free(name);
  }
  system_list_free(names, count);
  ck_assert_int_eq(archive_write_close(archive), ARCHIVE_OK);
  archive_write_free(archive);
}
