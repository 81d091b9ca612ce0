/* Folders made to harm: what is no file is never opened, what is too large is told. */
#define _DEFAULT_SOURCE
#include "hostile/support_hostile.h"

#include "check_main.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static void make_sparse(const char *folder, const char *name, const char *start, off_t size) {
  char *path = path_of(folder, name);
  folder_write(folder, name, start, strlen(start));
  ck_assert_int_eq(truncate(path, size), 0);
  alloc_free(path);
}

START_TEST(a_sparse_file_of_10_gb_fills_the_memory) {
  char *folder = hostile_folder();
  make_sparse(folder, "huge.log", "#Software: ", (off_t)10 << 30);
  make_sparse(folder, "huge.zip", "PK\3\4", (off_t)10 << 30);
  struct run run = hostile_check(folder);
  hostile_says(&run, "10737418240 bytes, over the limit of 1073741824 bytes for one artifact "
                     "(--max-file-size)");
  run_dispose(&run);
  folder_remove(folder);
}
END_TEST

START_TEST(a_large_archive_is_copied_into_memory) {
  char *folder = hostile_folder();
  make_sparse(folder, "large.tar.gz", "\x1F\x8B\x08 no more", ((off_t)1 << 30) + 4096);
  struct run run = hostile_check(folder);
  hostile_says(&run, "a gzip archive that cannot be read");
  run_dispose(&run);
  folder_remove(folder);
}
END_TEST

static void make_socket(const char *folder, const char *name) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int handle = socket(AF_UNIX, SOCK_STREAM, 0);
  char *path = path_of(folder, name);
  ck_assert_uint_lt(strlen(path), sizeof address.sun_path);
  memcpy(address.sun_path, path, strlen(path));
  ck_assert_int_eq(bind(handle, (struct sockaddr *)&address, sizeof address), 0);
  close(handle);
  alloc_free(path);
}

static void make_link(const char *folder, const char *name, const char *target) {
  char *path = path_of(folder, name);
  ck_assert_int_eq(symlink(target, path), 0);
  alloc_free(path);
}

START_TEST(what_is_no_file_is_opened) {
  static const char *const links[][2] = {
      {"self", "self"}, {"ring-a", "ring-b"},      {"ring-b", "ring-a"},  {"up", ".."},
      {"here", "."},    {"passwd", "/etc/passwd"}, {"zero", "/dev/zero"}, {"gone", "nothing"}};
  char *folder = hostile_folder(), *fifo = path_of(folder, "fifo");
  ck_assert_int_eq(mkfifo(fifo, 0600), 0);
  make_socket(folder, "socket");
  for (size_t i = 0; i < sizeof links / sizeof *links; i++)
    make_link(folder, links[i][0], links[i][1]);
  json_t *report = hostile_report(folder);
  ck_assert_str_eq(outcome_of(report, "fifo"), "refused");
  ck_assert_str_eq(outcome_of(report, "socket"), "refused");
  for (size_t i = 0; i < sizeof links / sizeof *links; i++)
    ck_assert_msg(strcmp(outcome_of(report, links[i][0]), "refused") == 0, "%s", links[i][0]);
  ck_assert_uint_eq(json_array_size(json_object_get(report, "artifacts")), 5 + 2 + 8);
  json_decref(report);
  struct run run = hostile_check(folder);
  ck_assert_ptr_null(strstr(run.out, "root:"));
  run_dispose(&run);
  alloc_free(fifo);
  folder_remove(folder);
}
END_TEST

START_TEST(folders_without_end_stop_the_run) {
  char *folder = hostile_folder(), name[2 * 90 + 2] = "d";
  for (size_t depth = 0; depth < 90; depth++) {
    folder_make(folder, name);
    strcat(name, "/d");
  }
  strcpy(name + strlen(name) - 1, "f");
  folder_write_text(folder, name, "too deep\n");
  struct run run = hostile_check(folder);
  hostile_says(&run, "a folder below the limit of 64 levels (--max-folder-depth)");
  run_dispose(&run);
  folder_remove(folder);
}
END_TEST

START_TEST(names_of_files_reach_the_terminal_or_look_alike) {
  static const char *const names[][2] = {
      {"\033[2J\033]0;owned\a.txt", "\\x1B[2J\\x1B]0;owned\\x07.txt"},
      {"line\nbreak", "line\\x0Abreak"},
      {"con", "con"},
      {"back\\slash", "back\\x5Cslash"},
      {"\xFF\xFE raw", "\\xFF\\xFE raw"},
      {"\xE2\x80\xAEtxt", "\\u{202E}txt"}};
  char *folder = hostile_folder();
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    folder_write_text(folder, names[i][0], "nothing\n");
  json_t *report = hostile_report(folder);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    ck_assert_msg(strcmp(outcome_of(report, names[i][1]), "not recognised") == 0, "%s",
                  names[i][1]);
  json_decref(report);
  struct run run = hostile_check(folder);
  run_dispose(&run);
  folder_remove(folder);
}
END_TEST

CHECK_MAIN("hostile/folders", {
  tcase_set_timeout(tests, 120);
  tcase_add_test(tests, a_sparse_file_of_10_gb_fills_the_memory);
  tcase_add_test(tests, a_large_archive_is_copied_into_memory);
  tcase_add_test(tests, what_is_no_file_is_opened);
  tcase_add_test(tests, folders_without_end_stop_the_run);
  tcase_add_test(tests, names_of_files_reach_the_terminal_or_look_alike);
})
