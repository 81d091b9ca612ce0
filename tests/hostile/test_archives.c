/* Archives made to harm: the run is bounded in time and memory, says what it left out, and
 * judges the rest. Made here, none is kept. */
#define _DEFAULT_SOURCE
#include "hostile/support_hostile.h"

#include "base/text.h"
#include "bundle/bundle.h"
#include "bundle/support_archive.h"
#include "check_main.h"

#include <string.h>

/* A zip of `count` members that are `size` zeros each. */
static struct buffer zip_of_zeros(size_t count, size_t size) {
  size_t packed_size;
  char *packed = deflated_zeros(size, &packed_size), *zeros = alloc_bytes(size);
  uint32_t crc = crc_of(zeros, size);
  struct zip zip = zip_begin();
  for (size_t i = 0; i < count; i++) {
    char name[32];
    snprintf(name, sizeof name, "zeros%04zu", i);
    struct zip_entry entry = {.name = name,
                              .data = "",
                              .stated_size = size,
                              .packed = packed,
                              .packed_size = packed_size};
    zip_add(&zip, &entry);
    /* The checksum of "" is 0; ours goes into both headers. */
    char *local = zip.out.data + zip.out.size - packed_size - strlen(name) - 30 + 14;
    char *record = zip.directory.data + zip.directory.size - strlen(name) - 46 + 16;
    for (size_t b = 0; b < 4; b++)
      local[b] = record[b] = (char)(crc >> (8 * b));
  }
  zip_end(&zip);
  buffer_dispose(&zip.directory);
  alloc_free(packed);
  alloc_free(zeros);
  return zip.out;
}

START_TEST(a_nested_bomb_goes_off) {
  struct buffer inner = zip_of_zeros(12, 8 << 20);
  struct zip middle = zip_begin(), outer = zip_begin();
  for (int i = 0; i < 2; i++) {
    char name[32];
    snprintf(name, sizeof name, "%02d.zip", i);
    zip_add(&middle, &(struct zip_entry){.name = name, .data = inner.data, .size = inner.size});
  }
  zip_end(&middle);
  for (int i = 0; i < 2; i++) {
    char name[32];
    snprintf(name, sizeof name, "%02d.zip", i);
    zip_add(&outer,
            &(struct zip_entry){.name = name, .data = middle.out.data, .size = middle.out.size});
  }
  char *folder = hostile_folder();
  folder_zip(folder, "bomb.zip", &outer);
  zip_dispose(&middle);
  buffer_dispose(&inner);
  struct run run = hostile_check(folder);
  hostile_says(&run, "more than 200 times its size came out of it (--max-expansion)");
  run_dispose(&run);
  folder_remove(folder);
}
END_TEST

START_TEST(an_overlapping_bomb_goes_off) {
  struct zip zip = overlapping_zeros(3000);
  char *folder = hostile_folder();
  folder_zip(folder, "bomb.zip", &zip);
  struct run run = hostile_check(folder);
  hostile_says(&run, "more than 200 times its size came out of it (--max-expansion)");
  run_dispose(&run);
  folder_remove(folder);
}
END_TEST

START_TEST(a_bomb_in_a_compressed_tar_goes_off) {
  static const enum packed kinds[] = {TAR_GZIP, TAR_ZSTD};
  size_t size = 65 << 20;
  char *zeros = alloc_bytes(size), *folder = hostile_folder();
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    size_t packed;
    struct packed_file file = {.name = "zeros", .bytes = zeros, .size = size};
    char *bytes = pack_files(kinds[i], &file, 1, &packed);
    folder_write(folder, packed_names[kinds[i]], bytes, packed);
    alloc_free(bytes);
  }
  alloc_free(zeros);
  struct run run = hostile_check(folder);
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    hostile_says(&run, packed_names[kinds[i]]);
  hostile_says(&run, "more than 200 times its size came out of it");
  run_dispose(&run);
  folder_remove(folder);
}
END_TEST

START_TEST(a_hundred_thousand_and_one_members_stop_the_run) {
  struct zip zip = zip_begin();
  for (int i = 0; i < 100001; i++) {
    char name[32];
    snprintf(name, sizeof name, "%06d", i);
    zip_add_text(&zip, name, "");
  }
  char *folder = hostile_folder();
  folder_zip(folder, "many.zip", &zip);
  struct run run = hostile_check(folder);
  hostile_says(&run, "the limit of 100000 members (--max-members) is reached at");
  run_dispose(&run);
  folder_remove(folder);
}
END_TEST

START_TEST(names_of_members_reach_the_terminal_or_the_disk) {
  static const char *const names[] = {"../../../../tmp/siteglass-was-here",
                                      "/etc/siteglass-was-here",
                                      "..\\..\\boot.ini",
                                      "C:\\Windows\\win.ini",
                                      "line\nbreak",
                                      "\033]0;owned\a\033[2J",
                                      "con.txt",
                                      "LPT1",
                                      "a/./b//c",
                                      "\xE2\x80\xAE"
                                      "txt.exe",
                                      "twice",
                                      "twice"};
  struct zip zip = zip_begin();
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    zip_add_text(&zip, names[i], "1");
  zip_add(&zip, &(struct zip_entry){.name = "n\0ul", .name_size = 4, .data = "1", .size = 1});
  char *folder = hostile_folder();
  folder_zip(folder, "names.zip", &zip);
  json_t *report = hostile_report(folder);
  static const char *const shown[] = {
      "names.zip!\\x2E\\x2E/\\x2E\\x2E/\\x2E\\x2E/\\x2E\\x2E/tmp/siteglass-was-here",
      "names.zip!\\x2F/etc/siteglass-was-here",
      "names.zip!\\x2E\\x2E/\\x2E\\x2E/boot.ini",
      "names.zip!C\\x3A/Windows/win.ini",
      "names.zip!line\\x0Abreak",
      "names.zip!\\x63on.txt",
      "names.zip!\\x4CPT1",
      "names.zip!a/b/c",
      "names.zip!twice",
      "names.zip!twice (2)",
      "names.zip!n\\x00ul"};
  for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
    ck_assert_msg(*outcome_of(report, shown[i]), "%s", shown[i]);
  json_decref(report);
  struct run run = hostile_check(folder);
  run_dispose(&run);
  folder_remove(folder);
}
END_TEST

START_TEST(a_broken_7z_stops_the_run) {
  struct packed_file file = {.name = "a", .bytes = "text", .size = 4};
  size_t size;
  char *bytes = pack_files(SEVENZIP, &file, 1, &size), *folder = hostile_folder();
  for (int i = 0; i < 8; i++) {
    char name[32];
    snprintf(name, sizeof name, "%d.7z", i);
    bytes[12 + 2 * i] ^= 0x7F;
    folder_write(folder, name, bytes, size);
    bytes[12 + 2 * i] ^= 0x7F;
  }
  alloc_free(bytes);
  struct run run = hostile_check(folder);
  hostile_says(&run, "a 7z archive that cannot be read");
  run_dispose(&run);
  folder_remove(folder);
}
END_TEST

START_TEST(an_archive_that_holds_itself_is_opened_without_end) {
  struct buffer bytes = buffer_make(SIZE_MAX);
  buffer_add_text(&bytes, "leaf");
  for (int i = 0; i < 30; i++) {
    struct zip zip = zip_begin();
    zip_add(&zip, &(struct zip_entry){.name = "in.zip", .data = bytes.data, .size = bytes.size});
    zip_end(&zip);
    buffer_clear(&bytes);
    buffer_add(&bytes, zip.out.data, zip.out.size);
    zip_dispose(&zip);
  }
  char *folder = hostile_folder();
  folder_write(folder, "deep.zip", bytes.data, bytes.size);
  buffer_dispose(&bytes);
  struct run run = hostile_check(folder);
  hostile_says(&run, "deeper than the limit of 4 (--max-archive-depth)");
  run_dispose(&run);
  folder_remove(folder);
}
END_TEST

/* ---- cut at every 1 KiB ------------------------------------------------------------------- */

/* What is read of a cut zip is what went in, and the cut is told. */
static void check_cut(const char *path, const char *digests) {
  struct bundle *bundle = bundle_open(&path, 1, NULL);
  const struct artifact *archive = bundle->artifacts[0];
  ck_assert(archive->outcome == ARTIFACT_PARTLY_READ || archive->outcome == ARTIFACT_REFUSED);
  ck_assert(bundle->incomplete && bundle->cut_short);
  ck_assert_uint_ge(diags_count(&bundle->diags, DIAG_WARNING), 1);
  for (size_t i = 1; i < bundle->count; i++) {
    const struct artifact *a = bundle->artifacts[i];
    ck_assert_msg(!a->bytes || strstr(digests, a->sha256), "%s", a->path);
  }
  bundle_free(bundle);
}

START_TEST(a_zip_cut_at_any_1_kib_is_believed) {
  struct buffer noise = buffer_make(SIZE_MAX), digests = buffer_make(SIZE_MAX);
  struct zip zip = zip_begin();
  uint32_t seed = 1;
  for (int i = 0; i < 12; i++) {
    buffer_clear(&noise);
    for (int j = 0; j < 3000 + 700 * i; j++)
      seed = seed * 1664525 + 1013904223, buffer_add_char(&noise, (char)(seed >> 24));
    char name[24];
    snprintf(name, sizeof name, "EX%02d/sslcert.txt", i);
    zip_add(&zip, &(struct zip_entry){.name = name, .data = noise.data, .size = noise.size});
  }
  zip_end(&zip);
  char *folder = folder_new(), *path = path_of(folder, "case.zip");
  folder_write(folder, "case.zip", zip.out.data, zip.out.size);
  struct bundle *whole = bundle_open((const char *const *)&path, 1, NULL);
  for (size_t i = 1; i < whole->count; i++)
    buffer_add_text(&digests, whole->artifacts[i]->sha256);
  ck_assert_uint_eq(whole->count, 13);
  bundle_free(whole);
  for (size_t size = 1024; size < zip.out.size; size += 1024) {
    folder_write(folder, "case.zip", zip.out.data, size);
    check_cut(path, digests.data);
  }
  zip_dispose(&zip);
  buffer_dispose(&noise);
  buffer_dispose(&digests);
  alloc_free(path);
  folder_remove(folder);
}
END_TEST

CHECK_MAIN("hostile/archives", {
  tcase_set_timeout(tests, 120);
  tcase_add_test(tests, a_nested_bomb_goes_off);
  tcase_add_test(tests, an_overlapping_bomb_goes_off);
  tcase_add_test(tests, a_bomb_in_a_compressed_tar_goes_off);
  tcase_add_test(tests, a_hundred_thousand_and_one_members_stop_the_run);
  tcase_add_test(tests, names_of_members_reach_the_terminal_or_the_disk);
  tcase_add_test(tests, a_broken_7z_stops_the_run);
  tcase_add_test(tests, an_archive_that_holds_itself_is_opened_without_end);
  tcase_add_test(tests, a_zip_cut_at_any_1_kib_is_believed);
})
