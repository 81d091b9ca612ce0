/* A fuzz target without libFuzzer, as an ordinary test: its seeds as they are, cut
 * off, and corrupted by a seeded generator. SITEGLASS_FUZZ_SEEDS is the folder of
 * its seeds; the samples of the project are seeds of every target. */
#include "check_main.h"

#include "base/alloc.h"
#include "base/system.h"
#include "fuzz.h"

#include <string.h>

enum { SEED_MOST = 1 << 20, VARIED_MOST = 64 << 10, CUTS = 48, CORRUPTIONS = 48 };

typedef void (*visit)(const uint8_t *bytes, size_t size);

static size_t walk(const char *path, visit each);

static size_t walk_folder(const char *path, visit each) {
  char **names, error[128];
  size_t count, seen = 0;
  ck_assert_msg(system_list(path, &names, &count, error), "%s: %s", path, error);
  for (size_t i = 0; i < count; i++) {
    char *below = alloc_format("%s/%s", path, names[i]);
    seen += walk(below, each);
    alloc_free(below);
  }
  system_list_free(names, count);
  return seen;
}

static size_t walk(const char *path, visit each) {
  struct stat status;
  if (stat(path, &status) != 0) return 0;
  if (S_ISDIR(status.st_mode)) return walk_folder(path, each);
  uint8_t *bytes;
  size_t size;
  char error[128];
  ck_assert_msg(system_read(path, SEED_MOST, &bytes, &size, error), "%s: %s", path, error);
  each(bytes, size);
  alloc_free(bytes);
  return 1;
}

/* In memory of its own size, so that the sanitizers see a step beyond its end. */
static void run(const uint8_t *bytes, size_t size) {
  uint8_t *copy = alloc_bytes(size ? size : 1);
  if (size) memcpy(copy, bytes, size);
  LLVMFuzzerTestOneInput(copy, size);
  alloc_free(copy);
}

static void run_cut(const uint8_t *bytes, size_t size) {
  if (size > VARIED_MOST) return;
  for (size_t i = 0; i < CUTS; i++)
    run(bytes, size * i / CUTS);
}

static void run_corrupted(const uint8_t *bytes, size_t size) {
  if (size == 0 || size > VARIED_MOST) return;
  uint32_t random = (uint32_t)size;
  uint8_t *copy = alloc_bytes(size);
  for (size_t i = 0; i < CORRUPTIONS; i++) {
    memcpy(copy, bytes, size);
    for (size_t k = 0; k < 1 + i / 4; k++) {
      random = random * 1664525 + 1013904223;
      copy[(random >> 8) % size] = (uint8_t)(random >> 25);
    }
    run(copy, size);
  }
  alloc_free(copy);
}

START_TEST(a_seed_breaks_the_target) {
  run((const uint8_t *)"", 0);
  ck_assert_uint_gt(walk(SITEGLASS_FUZZ_SEEDS, run), 0);
  ck_assert_uint_gt(walk(SITEGLASS_SOURCE_DIR "/samples", run), 0);
}
END_TEST

START_TEST(a_seed_that_is_cut_off_breaks_the_target) {
  ck_assert_uint_gt(walk(SITEGLASS_FUZZ_SEEDS, run_cut), 0);
}
END_TEST

START_TEST(a_corrupted_seed_breaks_the_target) {
  ck_assert_uint_gt(walk(SITEGLASS_FUZZ_SEEDS, run_corrupted), 0);
}
END_TEST

CHECK_MAIN("fuzz/" SITEGLASS_FUZZ_NAME, {
  tcase_add_test(tests, a_seed_breaks_the_target);
  tcase_add_test(tests, a_seed_that_is_cut_off_breaks_the_target);
  tcase_add_test(tests, a_corrupted_seed_breaks_the_target);
})
