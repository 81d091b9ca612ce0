/* Tests of the intake: files and folders become artifacts, and whatever cannot
 * be one is on the ledger with the reason. */
#define _DEFAULT_SOURCE
#define _XOPEN_SOURCE 700
#include "bundle/support_scratch.h"

#include "base/text.h"
#include "check_main.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

START_TEST(a_loose_file_is_not_an_artifact) {
  scratch_text("netsh.txt", "abc");
  struct bundle *bundle = open_one(scratch_path("netsh.txt"));
  ck_assert_uint_eq(bundle->count, 1);
  const struct artifact *a = bundle->artifacts[0];
  ck_assert_str_eq(bundle->name, "netsh.txt");
  ck_assert_str_eq(a->path, "netsh.txt");
  ck_assert_uint_eq(a->size, 3);
  ck_assert_str_eq((char *)a->bytes, "abc");
  ck_assert_str_eq(a->sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  ck_assert(a->has_modified && !a->from_archive && a->modified > 1700000000);
  ck_assert_int_eq(a->outcome, ARTIFACT_UNREAD);
  ck_assert_str_eq(a->reason, "");
  ck_assert_str_eq(a->host, "");
  ck_assert(!bundle->incomplete);
  ck_assert_uint_eq(bundle->diags.count, 0);
  bundle_free(bundle);
}
END_TEST

static void make_tree(bool backwards) {
  static const char *const files[] = {"case/b/web.config", "case/a.config", "case/a/z",
                                      "case/a/y",          "case/B",        "case/a!c"};
  scratch_folder("case");
  scratch_folder("case/a");
  scratch_folder("case/b");
  for (size_t i = 0; i < 6; i++) {
    const char *file = files[backwards ? 5 - i : i];
    scratch_text(file, file);
  }
}

START_TEST(the_order_of_creation_shows) {
  make_tree(false);
  struct bundle *bundle = open_one(scratch_path("case"));
  char *first = ledger_text(bundle);
  bundle_free(bundle);
  scratch_end();
  scratch_begin();
  make_tree(true);
  bundle = open_one(scratch_path("case"));
  char *second = ledger_text(bundle);
  ck_assert_str_eq(first, second);
  static const char *const order[] = {"B", "a/y", "a/z", "a!c", "a.config", "b/web.config"};
  for (size_t i = 0; i < 6; i++)
    ck_assert_str_eq(bundle->artifacts[i]->path, order[i]);
  alloc_free(first);
  alloc_free(second);
  bundle_free(bundle);
}
END_TEST

START_TEST(arguments_are_mixed_up) {
  scratch_folder("x");
  scratch_folder("x/IIS");
  scratch_folder("y");
  scratch_folder("y/IIS");
  scratch_text("x/IIS/applicationHost.config", "1");
  scratch_text("y/IIS/applicationHost.config", "2");
  scratch_text("IIS", "3");
  char *slashed = alloc_format("%s//", scratch_path("y/IIS"));
  const char *paths[] = {scratch_path("x/IIS"), slashed, scratch_path("IIS")};
  struct bundle *bundle = bundle_open(paths, 3, NULL);
  ck_assert_str_eq(bundle->name, "IIS, IIS, IIS");
  ck_assert_uint_eq(bundle->count, 3);
  ck_assert_str_eq((char *)found(bundle, "IIS/applicationHost.config")->bytes, "1");
  ck_assert_str_eq((char *)found(bundle, "IIS (2)/applicationHost.config")->bytes, "2");
  ck_assert_str_eq((char *)found(bundle, "IIS (3)")->bytes, "3");
  alloc_free(slashed);
  bundle_free(bundle);
}
END_TEST

START_TEST(two_files_of_one_name_become_one) {
  scratch_folder("x");
  scratch_text("f", "1");
  scratch_text("x/f", "2");
  scratch_text("x/f (2)", "3");
  const char *paths[] = {scratch_path("f"), scratch_path("x/f (2)"), scratch_path("x/f"),
                         scratch_path("f")};
  struct bundle *bundle = bundle_open(paths, 4, NULL);
  static const char *const names[] = {"f", "f (2)", "f (3)", "f (4)"};
  ck_assert_uint_eq(bundle->count, 4);
  for (size_t i = 0; i < 4; i++)
    ck_assert_str_eq(bundle->artifacts[i]->path, names[i]);
  bundle_free(bundle);
}
END_TEST

START_TEST(a_missing_path_is_passed_over) {
  scratch_text("f", "1");
  struct bundle *bundle = open_two(scratch_path("none"), scratch_path("f"));
  ck_assert_uint_eq(bundle->count, 1);
  ck_assert(was_told(bundle, DIAG_ERROR, scratch_path("none"), "No such file or directory"));
  ck_assert(bundle->incomplete);
  bundle_free(bundle);
  bundle = open_one("");
  ck_assert_uint_eq(bundle->count, 0);
  ck_assert_uint_eq(diags_count(&bundle->diags, DIAG_ERROR), 1);
  bundle_free(bundle);
}
END_TEST

START_TEST(an_empty_folder_is_passed_over) {
  scratch_folder("empty");
  struct bundle *bundle = open_one(scratch_path("empty"));
  ck_assert_uint_eq(bundle->count, 0);
  ck_assert(was_told(bundle, DIAG_WARNING, "empty", "holds no files"));
  bundle_free(bundle);
}
END_TEST

START_TEST(a_link_inside_a_folder_is_followed) {
  scratch_folder("case");
  scratch_text("secret", "not to be read");
  ck_assert_int_eq(symlink(scratch_path("secret"), scratch_path("case/link")), 0);
  ck_assert_int_eq(symlink("..", scratch_path("case/loop")), 0);
  ck_assert_int_eq(symlink("nowhere", scratch_path("case/dangling")), 0);
  struct bundle *bundle = open_one(scratch_path("case"));
  ck_assert_uint_eq(bundle->count, 3);
  for (size_t i = 0; i < 3; i++) {
    const struct artifact *a = bundle->artifacts[i];
    ck_assert_int_eq(a->outcome, ARTIFACT_REFUSED);
    ck_assert(a->bytes == NULL && a->sha256[0] == '\0');
    ck_assert_str_eq(a->reason, "a symbolic link, which is never followed");
    ck_assert(was_told(bundle, DIAG_NOTE, a->path, "symbolic link"));
  }
  ck_assert(!bundle->incomplete);
  bundle_free(bundle);
}
END_TEST

START_TEST(a_link_that_the_user_named_is_refused) {
  scratch_folder("case");
  scratch_text("case/f", "1");
  ck_assert_int_eq(symlink("case", scratch_path("to-folder")), 0);
  ck_assert_int_eq(symlink("case/f", scratch_path("to-file")), 0);
  struct bundle *bundle = open_two(scratch_path("to-folder"), scratch_path("to-file"));
  ck_assert_uint_eq(bundle->count, 2);
  ck_assert_str_eq((char *)found(bundle, "to-folder/f")->bytes, "1");
  ck_assert_str_eq((char *)found(bundle, "to-file")->bytes, "1");
  bundle_free(bundle);
}
END_TEST

static void make_socket(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  int handle = socket(AF_UNIX, SOCK_STREAM, 0);
  ck_assert_uint_lt(strlen(path), sizeof address.sun_path);
  memcpy(address.sun_path, path, strlen(path));
  ck_assert_int_eq(bind(handle, (struct sockaddr *)&address, sizeof address), 0);
  close(handle);
}

START_TEST(a_fifo_or_a_socket_blocks_the_run) {
  scratch_folder("case");
  ck_assert_int_eq(mkfifo(scratch_path("case/fifo"), 0600), 0);
  make_socket(scratch_path("case/socket"));
  scratch_text("case/z", "read all the same");
  struct bundle *bundle = open_one(scratch_path("case"));
  ck_assert_uint_eq(bundle->count, 3);
  ck_assert_int_eq(found(bundle, "fifo")->outcome, ARTIFACT_REFUSED);
  ck_assert_str_eq(found(bundle, "socket")->reason,
                   "a device, FIFO or socket, which is never opened");
  ck_assert(found(bundle, "z")->bytes != NULL);
  bundle_free(bundle);
  bundle = open_two(scratch_path("case/fifo"), "/dev/zero");
  ck_assert(was_told(bundle, DIAG_ERROR, "fifo", "never opened"));
  ck_assert(was_told(bundle, DIAG_ERROR, "zero", "never opened"));
  bundle_free(bundle);
}
END_TEST

START_TEST(what_may_not_be_read_is_left_out_silently) {
  scratch_folder("case");
  scratch_folder("case/locked");
  scratch_text("case/file", "1");
  scratch_text("case/z", "2");
  chmod(scratch_path("case/file"), 0);
  chmod(scratch_path("case/locked"), 0);
  int handle = open(scratch_path("case/file"), O_RDONLY);
  if (handle >= 0) {
    close(handle);
    printf("SKIP %s: this user may read everything\n", __func__);
  } else {
    struct bundle *bundle = open_one(scratch_path("case"));
    ck_assert_uint_eq(bundle->count, 3);
    ck_assert_str_eq(found(bundle, "file")->reason, "it cannot be read: Permission denied");
    ck_assert_str_eq(found(bundle, "locked")->reason,
                     "the folder cannot be read: Permission denied");
    ck_assert(bundle->incomplete);
    ck_assert_str_eq((char *)found(bundle, "z")->bytes, "2");
    bundle_free(bundle);
  }
  chmod(scratch_path("case/locked"), 0755);
}
END_TEST

START_TEST(a_name_attacks_the_terminal_or_hides) {
  scratch_folder("case");
  scratch_text("case/\x1B[2Jx", "1");
  scratch_text("case/line\nbreak", "2");
  scratch_text("case/back\\slash", "3");
  scratch_text("case/back\\x5Cslash", "4");
  scratch_text("case/\xFFraw", "5");
  scratch_text("case/\xC3\xBC", "6");
  struct bundle *bundle = open_one(scratch_path("case"));
  ck_assert_uint_eq(bundle->count, 6);
  ck_assert_str_eq((char *)found(bundle, "\\x1B[2Jx")->bytes, "1");
  ck_assert_str_eq((char *)found(bundle, "line\\x0Abreak")->bytes, "2");
  ck_assert_str_eq((char *)found(bundle, "back\\x5Cslash")->bytes, "3");
  ck_assert_str_eq((char *)found(bundle, "back\\x5Cx5Cslash")->bytes, "4");
  ck_assert_str_eq((char *)found(bundle, "\\xFFraw")->bytes, "5");
  ck_assert_str_eq((char *)found(bundle, "\xC3\xBC")->bytes, "6");
  bundle_free(bundle);
}
END_TEST

START_TEST(a_name_is_lost_when_it_was_typed_as_a_dot) {
  scratch_folder("case");
  scratch_text("case/f", "1");
  ck_assert_int_eq(chdir(scratch_path("case")), 0);
  struct bundle *bundle = open_two(".", "./f");
  ck_assert_str_eq(bundle->name, "case, f");
  ck_assert_str_eq(bundle->artifacts[0]->path, "case/f");
  bundle_free(bundle);
  ck_assert_int_eq(chdir("/"), 0);
}
END_TEST

static struct bundle *open_limited(const char *path, struct bundle_limits limits) {
  return bundle_open(&path, 1, &limits);
}

START_TEST(a_file_over_the_limit_stops_the_run_or_is_read) {
  scratch_folder("case");
  scratch_text("case/a", "12345");
  scratch_text("case/b", "1234");
  struct bundle_limits limits = bundle_default_limits;
  limits.artifact_size = 4;
  struct bundle *bundle = open_limited(scratch_path("case"), limits);
  const struct artifact *a = found(bundle, "a");
  ck_assert_int_eq(a->outcome, ARTIFACT_REFUSED);
  ck_assert_uint_eq(a->size, 5);
  ck_assert(a->bytes == NULL);
  ck_assert(was_told(bundle, DIAG_WARNING, "a", "5 bytes, over the limit of 4"));
  ck_assert(was_told(bundle, DIAG_WARNING, "a", "--max-file-size"));
  ck_assert(found(bundle, "b")->bytes != NULL);
  ck_assert(bundle->incomplete);
  bundle_free(bundle);
}
END_TEST

START_TEST(a_bundle_over_the_limit_stops_the_run_or_is_read) {
  scratch_folder("case");
  scratch_text("case/a", "12345");
  scratch_text("case/b", "123456");
  scratch_text("case/c", "12345");
  struct bundle_limits limits = bundle_default_limits;
  limits.total_size = 10;
  struct bundle *bundle = open_limited(scratch_path("case"), limits);
  ck_assert(found(bundle, "a")->bytes != NULL);
  ck_assert_int_eq(found(bundle, "b")->outcome, ARTIFACT_REFUSED);
  ck_assert(was_told(bundle, DIAG_WARNING, "b", "--max-total-size"));
  ck_assert(found(bundle, "c")->bytes != NULL); /* 10 bytes just fit */
  bundle_free(bundle);
}
END_TEST

START_TEST(too_many_files_are_read_or_nobody_is_told) {
  scratch_folder("case");
  scratch_text("case/a", "1");
  scratch_text("case/b", "2");
  scratch_text("case/c", "3");
  struct bundle_limits limits = bundle_default_limits;
  limits.artifact_count = 2;
  struct bundle *bundle = open_limited(scratch_path("case"), limits);
  ck_assert_uint_eq(bundle->count, 2);
  ck_assert_uint_eq(bundle->diags.count, 1);
  ck_assert(was_told(bundle, DIAG_WARNING, "c", "--max-files"));
  ck_assert(bundle->incomplete);
  bundle_free(bundle);
}
END_TEST

START_TEST(a_deep_folder_is_descended_or_forgotten) {
  scratch_folder("case");
  scratch_folder("case/1");
  scratch_folder("case/1/2");
  scratch_text("case/1/f", "read");
  scratch_text("case/1/2/f", "not read");
  struct bundle_limits limits = bundle_default_limits;
  limits.folder_depth = 2;
  struct bundle *bundle = open_limited(scratch_path("case"), limits);
  ck_assert_uint_eq(bundle->count, 2);
  ck_assert(found(bundle, "1/f")->bytes != NULL);
  ck_assert_int_eq(found(bundle, "1/2")->outcome, ARTIFACT_REFUSED);
  ck_assert(was_told(bundle, DIAG_WARNING, "1/2", "--max-folder-depth"));
  bundle_free(bundle);
}
END_TEST

START_TEST(settling_twice_leaks_or_loses_the_reason) {
  scratch_text("f", "1");
  struct bundle *bundle = open_one(scratch_path("f"));
  struct artifact *a = bundle->artifacts[0];
  artifact_settle(a, ARTIFACT_PARTLY_READ, "%d lines", 3);
  artifact_settle(a, ARTIFACT_PARTLY_READ, "%s and no more", a->reason);
  ck_assert_str_eq(a->reason, "3 lines and no more");
  ck_assert_str_eq(artifact_outcome_word(a->outcome), "partly read");
  artifact_release(a);
  size_t size = 9;
  ck_assert(artifact_text(a, &size) == NULL);
  ck_assert_uint_eq(size, 0);
  ck_assert_uint_eq(a->size, 1);
  bundle_free(bundle);
  bundle_free(NULL);
}
END_TEST

START_TEST(another_archive_looks_as_if_it_had_been_read) {
  scratch_write("case.rar", "Rar!\x1A\x07\0rest", 11);
  struct bundle *bundle = open_one(scratch_path("case.rar"));
  const struct artifact *a = bundle->artifacts[0];
  ck_assert_int_eq(a->outcome, ARTIFACT_REFUSED);
  ck_assert_str_eq(a->reason, "a RAR archive, which is not opened; hand over what is in it");
  ck_assert_str_eq(a->kind, "archive");
  ck_assert_uint_eq(strlen(a->sha256), 64);
  ck_assert(bundle->incomplete);
  bundle_free(bundle);
}
END_TEST

CHECK_MAIN("bundle/intake", {
  tcase_add_checked_fixture(tests, scratch_begin, scratch_end);
  tcase_add_test(tests, a_loose_file_is_not_an_artifact);
  tcase_add_test(tests, the_order_of_creation_shows);
  tcase_add_test(tests, arguments_are_mixed_up);
  tcase_add_test(tests, two_files_of_one_name_become_one);
  tcase_add_test(tests, a_missing_path_is_passed_over);
  tcase_add_test(tests, an_empty_folder_is_passed_over);
  tcase_add_test(tests, a_link_inside_a_folder_is_followed);
  tcase_add_test(tests, a_link_that_the_user_named_is_refused);
  tcase_add_test(tests, a_fifo_or_a_socket_blocks_the_run);
  tcase_add_test(tests, what_may_not_be_read_is_left_out_silently);
  tcase_add_test(tests, a_name_attacks_the_terminal_or_hides);
  tcase_add_test(tests, a_name_is_lost_when_it_was_typed_as_a_dot);
  tcase_add_test(tests, a_file_over_the_limit_stops_the_run_or_is_read);
  tcase_add_test(tests, a_bundle_over_the_limit_stops_the_run_or_is_read);
  tcase_add_test(tests, too_many_files_are_read_or_nobody_is_told);
  tcase_add_test(tests, a_deep_folder_is_descended_or_forgotten);
  tcase_add_test(tests, settling_twice_leaks_or_loses_the_reason);
  tcase_add_test(tests, another_archive_looks_as_if_it_had_been_read);
})
