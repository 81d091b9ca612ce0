/* Tests of base/system on a scratch folder. */
#define _DEFAULT_SOURCE
#include "base/system.h"

#include "check_main.h"

#include <string.h>
#include <unistd.h>

static char folder[256], path[512];

static const char *inside(const char *name) {
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return path;
}

static void write_file(const char *name, const char *bytes) {
  FILE *file = fopen(inside(name), "wb");
  ck_assert(file != NULL);
  fputs(bytes, file);
  fclose(file);
}

static void set_up(void) {
  const char *temp = getenv("TMPDIR");
  snprintf(folder, sizeof folder, "%s/siteglass-XXXXXX", temp ? temp : "/tmp");
  ck_assert(mkdtemp(folder) != NULL);
}

static void tear_down(void) {
  char **names, error[128];
  size_t count;
  ck_assert(system_list(folder, &names, &count, error));
  for (size_t i = 0; i < count; i++)
    remove(inside(names[i]));
  system_list_free(names, count);
  ck_assert_int_eq(rmdir(folder), 0);
}

START_TEST(a_file_is_not_read_whole) {
  uint8_t *bytes;
  size_t size;
  char error[128];
  write_file("a", "hello");
  ck_assert(system_read(inside("a"), 5, &bytes, &size, error));
  ck_assert_uint_eq(size, 5);
  ck_assert_str_eq((char *)bytes, "hello"); /* a NUL follows */
  alloc_free(bytes);
  write_file("empty", "");
  ck_assert(system_read(inside("empty"), 0, &bytes, &size, error));
  ck_assert_uint_eq(size, 0);
  alloc_free(bytes);
}
END_TEST

START_TEST(a_file_over_the_limit_is_read) {
  uint8_t *bytes;
  size_t size;
  char error[128];
  write_file("a", "hello");
  ck_assert(!system_read(inside("a"), 4, &bytes, &size, error));
  ck_assert(bytes == NULL);
  ck_assert_str_eq(error, "5 bytes, over the limit of 4");
}
END_TEST

START_TEST(a_link_is_followed) {
  uint8_t *bytes;
  size_t size;
  char error[128];
  struct system_status status;
  write_file("a", "hello");
  char target[512];
  snprintf(target, sizeof target, "%s", inside("a"));
  ck_assert_int_eq(symlink(target, inside("link")), 0);
  ck_assert(!system_read(inside("link"), 100, &bytes, &size, error));
  system_status(inside("link"), false, &status);
  ck_assert_int_eq(status.kind, SYSTEM_LINK);
  system_status(inside("link"), true, &status);
  ck_assert_int_eq(status.kind, SYSTEM_FILE);
  char *real = system_resolve(inside("link"));
  ck_assert(real && strcmp(real + strlen(real) - 2, "/a") == 0);
  alloc_free(real);
}
END_TEST

START_TEST(a_fifo_or_a_socket_blocks_the_run) {
  uint8_t *bytes;
  size_t size;
  char error[128];
  struct system_status status;
  ck_assert_int_eq(mkfifo(inside("fifo"), 0600), 0);
  system_status(inside("fifo"), false, &status);
  ck_assert_int_eq(status.kind, SYSTEM_SPECIAL);
  ck_assert(!system_read(inside("fifo"), 100, &bytes, &size, error));
  ck_assert_str_eq(error, "not a regular file");
  ck_assert(!system_read("/dev/zero", 100, &bytes, &size, error));
  ck_assert(!system_read(folder, 100, &bytes, &size, error));
}
END_TEST

START_TEST(names_are_not_in_the_order_of_their_bytes) {
  static const char *const names[] = {"b", "B", "a.b", "a", "\xC3\xA4", "a b", "10", "9"};
  static const char *const sorted[] = {"10", "9", "B", "a", "a b", "a.b", "b", "\xC3\xA4"};
  for (size_t i = 0; i < 8; i++)
    write_file(names[i], "");
  char **list, error[128];
  size_t count;
  ck_assert(system_list(folder, &list, &count, error));
  ck_assert_uint_eq(count, 8);
  for (size_t i = 0; i < 8; i++)
    ck_assert_str_eq(list[i], sorted[i]);
  system_list_free(list, count);
}
END_TEST

START_TEST(what_is_missing_is_found) {
  struct system_status status;
  char **list, error[128];
  size_t count;
  system_status(inside("none"), false, &status);
  ck_assert_int_eq(status.kind, SYSTEM_MISSING);
  ck_assert_str_eq(status.error, "No such file or directory");
  ck_assert(!system_list(inside("none"), &list, &count, error));
  ck_assert_str_eq(error, "No such file or directory");
  ck_assert(system_resolve(inside("none")) == NULL);
}
END_TEST

CHECK_MAIN("base/system", {
  tcase_add_checked_fixture(tests, set_up, tear_down);
  tcase_add_test(tests, a_file_is_not_read_whole);
  tcase_add_test(tests, a_file_over_the_limit_is_read);
  tcase_add_test(tests, a_link_is_followed);
  tcase_add_test(tests, a_fifo_or_a_socket_blocks_the_run);
  tcase_add_test(tests, names_are_not_in_the_order_of_their_bytes);
  tcase_add_test(tests, what_is_missing_is_found);
})
