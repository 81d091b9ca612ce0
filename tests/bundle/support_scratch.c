/* A scratch folder for one test, and what a ledger says as text. */
#define _DEFAULT_SOURCE
#define _XOPEN_SOURCE 700
#include "bundle/support_scratch.h"

#include "base/buffer.h"
#include "check_main.h"

#include <ftw.h>
#include <string.h>
#include <unistd.h>

static char folder[256];
static char *paths[4096];
static size_t path_count;

void scratch_begin(void) {
  const char *temp = getenv("TMPDIR");
  snprintf(folder, sizeof folder, "%s/siteglass-XXXXXX", temp && temp[0] ? temp : "/tmp");
  ck_assert(mkdtemp(folder) != NULL);
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk) {
  (void)status, (void)kind, (void)walk;
  return remove(path);
}

void scratch_end(void) {
  nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
  for (size_t i = 0; i < path_count; i++)
    alloc_free(paths[i]);
  path_count = 0;
}

const char *scratch_path(const char *name) {
  ck_assert_uint_lt(path_count, sizeof paths / sizeof *paths);
  paths[path_count] = alloc_format("%s%s%s", folder, name[0] ? "/" : "", name);
  return paths[path_count++];
}

void scratch_folder(const char *name) {
  ck_assert_int_eq(mkdir(scratch_path(name), 0755), 0);
}

void scratch_write(const char *name, const void *bytes, size_t size) {
  FILE *file = fopen(scratch_path(name), "wb");
  ck_assert_msg(file != NULL, "cannot write %s", name);
  ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
  ck_assert_int_eq(fclose(file), 0);
}

void scratch_text(const char *name, const char *text) {
  scratch_write(name, text, strlen(text));
}

struct bundle *open_one(const char *path) {
  return bundle_open(&path, 1, NULL);
}

struct bundle *open_two(const char *first, const char *second) {
  const char *both[] = {first, second};
  return bundle_open(both, 2, NULL);
}

struct artifact *found(const struct bundle *bundle, const char *path) {
  for (size_t i = 0; i < bundle->count; i++)
    if (strcmp(bundle->artifacts[i]->path, path) == 0) return bundle->artifacts[i];
  char *ledger = ledger_text(bundle);
  ck_abort_msg("%s is not on the ledger:\n%s", path, ledger);
  return NULL;
}

bool was_told(const struct bundle *bundle, enum diag_level level, const char *file,
              const char *part) {
  for (size_t i = 0; i < bundle->diags.count; i++) {
    const struct diag *diag = &bundle->diags.items[i];
    if (diag->level == level && strcmp(diag->file, file) == 0 && strstr(diag->message, part))
      return true;
  }
  return false;
}

char *ledger_text(const struct bundle *bundle) {
  struct buffer out = buffer_make(SIZE_MAX);
  buffer_add_format(&out, "bundle %s%s\n", bundle->name, bundle->incomplete ? ", incomplete" : "");
  for (size_t i = 0; i < bundle->count; i++) {
    const struct artifact *a = bundle->artifacts[i];
    char encoding[48];
    artifact_encoding_name(a, encoding);
    buffer_add_format(&out, "%u %s %zu %s %s %s [%s] %s", a->number, a->path, a->size, a->sha256,
                      encoding, artifact_outcome_word(a->outcome), a->kind, a->reason);
    if (a->from_archive && a->has_modified)
      buffer_add_format(&out, " @%lld", (long long)a->modified);
    buffer_add_char(&out, '\n');
  }
  for (size_t i = 0; i < bundle->diags.count; i++) {
    const struct diag *d = &bundle->diags.items[i];
    buffer_add_format(&out, "%s: %s: %s\n", diag_level_word(d->level), d->file, d->message);
  }
  return buffer_take(&out);
}
