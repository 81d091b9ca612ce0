/* The law of unknown on a server of which everything was collected, and on one with many faults
 * at once: each artifact alone is taken away, and some together. */
#include "check_main.h"
#include "cli/support_faults.h"
#include "cli/support_program.h"
#include "cli/support_removal.h"
#include "cli/support_server.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/text.h"

#include <stdio.h>

/* The sanitizers look for other defects and cost ten times the time: every eighth. Of the many
 * files called web.config, which are read alike, every fifth. */
#ifdef __SANITIZE_ADDRESS__
enum { STRIDE = 8 };
#else
enum { STRIDE = 1 };
#endif
enum { TOGETHER = 8, MOST_TOGETHER = 6, WEB_CONFIGS = 5 };

struct trial {
  char *folder, *aside;
  char **files;
  size_t count, wrongs;
  struct check_run whole;
  struct buffer wrong;
};

static void move(const char *from, const char *to, const char *name, size_t number) {
  char kept[24];
  snprintf(kept, sizeof kept, "%zu", number);
  char *there = path_of(to, kept), *here = path_of(from, name);
  ck_assert_int_eq(rename(here, there), 0);
  alloc_free(here);
  alloc_free(there);
}

static void move_back(const char *from, const char *to, const char *name, size_t number) {
  char kept[24];
  snprintf(kept, sizeof kept, "%zu", number);
  char *there = path_of(to, name), *here = path_of(from, kept);
  ck_assert_int_eq(rename(here, there), 0);
  alloc_free(here);
  alloc_free(there);
}

static void try_without(struct trial *trial, const size_t *gone, size_t count) {
  struct buffer without = buffer_make(2000);
  for (size_t i = 0; i < count; i++) {
    move(trial->folder, trial->aside, trial->files[gone[i]], gone[i]);
    buffer_add_format(&without, " %s", trial->files[gone[i]]);
  }
  struct check_run part = CHECK("--as-of", SERVER_AS_OF, trial->folder);
  ck_assert_msg(part.report != NULL, "status %d without %s\n%s", part.run.status,
                buffer_text(&without), part.run.err);
  trial->wrongs += removal_compare(&trial->whole, &part, buffer_text(&without), &trial->wrong);
  check_dispose(&part);
  for (size_t i = 0; i < count; i++)
    move_back(trial->aside, trial->folder, trial->files[gone[i]], gone[i]);
  buffer_dispose(&without);
}

static void try_each(struct trial *trial) {
  for (size_t i = 0, web_configs = 0, tried = 0; i < trial->count; i++) {
    if (text_ends_nocase(trial->files[i], "/web.config") && web_configs++ % WEB_CONFIGS != 0)
      continue;
    if (tried++ % STRIDE == 0) try_without(trial, &i, 1);
  }
}

/* Two to six files, the same in every run. */
static void try_some_together(struct trial *trial) {
  unsigned random = 12345;
  for (size_t i = 0; i < TOGETHER; i += STRIDE) {
    size_t gone[MOST_TOGETHER], count = 0, wanted = 2 + i % (MOST_TOGETHER - 1);
    while (count < wanted) {
      random = random * 1103515245 + 12345;
      size_t file = (random >> 16) % trial->count;
      bool taken = false;
      for (size_t j = 0; j < count; j++)
        taken = taken || gone[j] == file;
      if (!taken) gone[count++] = file;
    }
    try_without(trial, gone, count);
  }
}

static void holds_for(char *folder, size_t failing) {
  struct trial trial = {.folder = folder, .aside = folder_new(), .wrong = buffer_make(3000)};
  trial.files = server_files(folder, &trial.count);
  trial.whole = CHECK("--as-of", SERVER_AS_OF, folder);
  ck_assert_ptr_nonnull(trial.whole.report);
  ck_assert_uint_ge(json_array_size(json_object_get(trial.whole.report, "findings")), failing);
  try_each(&trial);
  try_some_together(&trial);
  ck_assert_msg(trial.wrongs == 0, "%zu wrong verdicts:\n%s", trial.wrongs,
                buffer_text(&trial.wrong));
  server_files_free(trial.files, trial.count);
  check_dispose(&trial.whole);
  buffer_dispose(&trial.wrong);
  folder_remove(trial.aside);
  folder_remove(folder);
}

START_TEST(a_healthy_server_changes_its_verdicts_when_an_artifact_is_missing) {
  char *folder = server_new();
  server_list(folder);
  holds_for(folder, 0);
}
END_TEST

/* All faults of the table but those that take the text of another one away, or everything. */
START_TEST(a_server_full_of_faults_changes_its_verdicts_when_an_artifact_is_missing) {
  char *folder = server_new();
  struct faults faults = faults_read();
  for (size_t i = 0; i < faults.count; i++)
    if (!text_equal(faults.items[i].rules, "application-host-damaged"))
      (void)fault_apply(&faults, &faults.items[i], folder);
  faults_dispose(&faults);
  server_list(folder);
  holds_for(folder, 40);
}
END_TEST

CHECK_MAIN("cli/removal-server", {
  tcase_add_test(tests, a_healthy_server_changes_its_verdicts_when_an_artifact_is_missing);
  tcase_add_test(tests, a_server_full_of_faults_changes_its_verdicts_when_an_artifact_is_missing);
})
