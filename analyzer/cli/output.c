/* The only place that writes files, and only those that --output names. */
#include "cli/output.h"

#include "base/digest.h"
#include "base/system.h"
#include "base/text.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

void output_setup(void) {
#ifdef SIGPIPE
  signal(SIGPIPE, SIG_IGN);
#endif
}

static bool complain(FILE *errors, const char *path, const char *why) {
  char *shown = text_printable(path, 1000);
  fprintf(errors, "siteglass: error: cannot write %s: %s\n", shown, why);
  alloc_free(shown);
  return false;
}

static bool on_ledger(const struct bundle *bundle, uint64_t size, const char *sha256) {
  for (size_t i = 0; i < bundle->count; i++) {
    const struct artifact *artifact = bundle->artifacts[i];
    if (artifact->size == size && text_equal(artifact->sha256, sha256)) return true;
  }
  return false;
}

/* By content, because the same file has many names. */
static bool is_evidence(const char *path, const struct bundle *bundle) {
  struct system_status status;
  system_status(path, true, &status);
  if (status.kind != SYSTEM_FILE || status.size == 0) return false;
  uint8_t *bytes;
  size_t size;
  char error[128], sha256[65];
  if (!system_read(path, bundle_default_limits.artifact_size, &bytes, &size, error)) return false;
  digest_sha256(bytes, size, sha256);
  alloc_free(bytes);
  return on_ledger(bundle, size, sha256);
}

static bool write_file(const char *path, const char *text, bool replace, FILE *errors) {
  FILE *file = fopen(path, replace ? "wb" : "wbx");
  if (!file) return complain(errors, path, strerror(errno));
  size_t size = strlen(text);
  bool good = fwrite(text, 1, size, file) == size;
  int why = errno;
  if (fclose(file) != 0) {
    if (good) why = errno;
    good = false;
  }
  return good || complain(errors, path, strerror(why));
}

bool output_write(const char *path, const char *text, const struct bundle *bundle, FILE *errors) {
  if (!path) {
    fputs(text, stdout);
    return output_finish(errors);
  }
  struct system_status status;
  system_status(path, true, &status);
  if (status.kind == SYSTEM_FOLDER) return complain(errors, path, "it is a folder");
  if (is_evidence(path, bundle))
    return complain(errors, path, "it is part of the bundle, and evidence is never written over");
  return write_file(path, text, true, errors);
}

bool output_make_folder(const char *path, FILE *errors) {
  char error[128];
  return system_make_folder(path, error) || complain(errors, path, error);
}

bool output_is_free(const char *folder, const char *name, FILE *errors) {
  char *path = alloc_format("%s/%s", folder, name);
  struct system_status status;
  system_status(path, false, &status);
  bool is_free = status.kind == SYSTEM_MISSING;
  if (!is_free) complain(errors, path, "it is there already, and is not written over");
  alloc_free(path);
  return is_free;
}

bool output_write_in(const char *folder, const char *name, const char *text, bool replace,
                     FILE *errors) {
  char *path = alloc_format("%s/%s", folder, name);
  bool written = write_file(path, text, replace, errors);
  alloc_free(path);
  return written;
}

bool output_finish(FILE *errors) {
  errno = 0;
  bool good = fflush(stdout) == 0 && !ferror(stdout);
  if (!good)
    fprintf(errors, "siteglass: error: cannot write to standard output: %s\n",
            errno ? strerror(errno) : "write error");
  return good;
}
