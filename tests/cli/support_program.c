/* The program under test is another process, so a crash is a result, too. */
#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE
#include "cli/support_program.h"

#include "check_main.h"

#include "base/alloc.h"
#include "base/buffer.h"
#include "base/text.h"

#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char *read_stream(FILE *file, size_t *size) {
  struct buffer buffer = buffer_make((size_t)1 << 30);
  char piece[65536];
  rewind(file);
  for (size_t got; (got = fread(piece, 1, sizeof piece, file)) > 0;)
    buffer_add(&buffer, piece, got);
  fclose(file);
  *size = buffer.size;
  return buffer_take(&buffer);
}

enum { UNPRIVILEGED = 65534 }; /* "nobody" */

static void become_program(const char *const *arguments, int out, FILE *err, bool unprivileged) {
  size_t count = 0;
  while (arguments[count])
    count++;
  char **argv = alloc_array(count + 2, sizeof *argv);
  argv[0] = (char *)SITEGLASS_PROGRAM;
  for (size_t i = 0; i < count; i++)
    argv[i + 1] = (char *)arguments[i];
  int nothing = open("/dev/null", O_RDONLY);
  if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(out, 1) < 0 || dup2(fileno(err), 2) < 0)
    _exit(126);
  if (unprivileged && geteuid() == 0 && (setgid(UNPRIVILEGED) != 0 || setuid(UNPRIVILEGED) != 0))
    _exit(126);
  alarm(120);
  execv(SITEGLASS_PROGRAM, argv);
  _exit(127);
}

static pid_t start(const char *const *arguments, int out, FILE *err, bool unprivileged) {
  ck_assert(out >= 0 && err != NULL);
  fflush(NULL);
  pid_t child = fork();
  ck_assert_int_ge(child, 0);
  if (child == 0) become_program(arguments, out, err, unprivileged);
  return child;
}

static struct run finish(pid_t child, FILE *err) {
  int state = 0;
  ck_assert_int_eq(waitpid(child, &state, 0), child);
  struct run run = {.status = WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state)};
  run.err = read_stream(err, &run.err_size);
  return run;
}

static struct run run_with(const char *const *arguments, bool unprivileged) {
  FILE *out = tmpfile(), *err = tmpfile();
  ck_assert_ptr_nonnull(out);
  struct run run = finish(start(arguments, fileno(out), err, unprivileged), err);
  run.out = read_stream(out, &run.out_size);
  return run;
}

struct run program_run(const char *const *arguments) {
  return run_with(arguments, false);
}

struct run program_run_unprivileged(const char *const *arguments) {
  return run_with(arguments, true);
}

struct run program_run_into(const char *file, const char *const *arguments) {
  FILE *err = tmpfile();
  int out = open(file, O_WRONLY);
  struct run run = finish(start(arguments, out, err, false), err);
  close(out);
  run.out = alloc_text("");
  return run;
}

struct run program_run_on_terminal(const char *const *arguments) {
  FILE *err = tmpfile();
  int ours = posix_openpt(O_RDWR | O_NOCTTY);
  ck_assert(ours >= 0 && grantpt(ours) == 0 && unlockpt(ours) == 0);
  int theirs = open(ptsname(ours), O_RDWR | O_NOCTTY);
  pid_t child = start(arguments, theirs, err, false);
  close(theirs);
  struct buffer out = buffer_make((size_t)1 << 24);
  char piece[4096];
  for (ssize_t got; (got = read(ours, piece, sizeof piece)) > 0;)
    buffer_add(&out, piece, (size_t)got);
  close(ours);
  struct run run = finish(child, err);
  run.out_size = out.size;
  run.out = buffer_take(&out);
  return run;
}

void run_dispose(struct run *run) {
  alloc_free(run->out);
  alloc_free(run->err);
}

char *folder_new(void) {
  const char *above = getenv("TMPDIR");
  char *folder = alloc_format("%s/siteglass-test-XXXXXX", above && above[0] ? above : "/tmp");
  ck_assert_ptr_nonnull(mkdtemp(folder));
  return folder;
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *where) {
  (void)status, (void)kind, (void)where;
  return remove(path);
}

void folder_remove(char *folder) {
  nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
  alloc_free(folder);
}

char *path_of(const char *folder, const char *name) {
  return alloc_format("%s/%s", folder, name);
}

void folder_make(const char *folder, const char *name) {
  char *path = path_of(folder, name);
  ck_assert_int_eq(mkdir(path, 0777), 0);
  alloc_free(path);
}

void folder_write(const char *folder, const char *name, const void *bytes, size_t size) {
  char *path = path_of(folder, name);
  FILE *file = fopen(path, "wb");
  ck_assert_msg(file != NULL, "%s", path);
  ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
  ck_assert_int_eq(fclose(file), 0);
  alloc_free(path);
}

void folder_write_text(const char *folder, const char *name, const char *text) {
  folder_write(folder, name, text, strlen(text));
}

void folder_copy(const char *folder, const char *name, const char *from) {
  size_t size;
  char *bytes = file_read(from, &size);
  folder_write(folder, name, bytes, size);
  alloc_free(bytes);
}

char *file_read(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  ck_assert_msg(file != NULL, "%s", path);
  return read_stream(file, size);
}

static const char *below(const char *root, const char *name) {
  static char paths[4][PATH_MAX];
  static unsigned next;
  char *path = paths[next++ % 4];
  snprintf(path, PATH_MAX, "%s/%s", root, name);
  return path;
}

const char *shared(const char *name) {
  return below(SITEGLASS_SHARED_DIR "/data", name);
}

const char *sample(const char *name) {
  return below(SITEGLASS_SOURCE_DIR "/samples", name);
}

struct check_run check_json(const char *const *arguments) {
  const char *all[64] = {"check", "--format", "json"};
  size_t count = 3;
  for (; *arguments && count < 63; arguments++)
    all[count++] = *arguments;
  ck_assert_msg(!*arguments, "too many arguments for one check");
  struct check_run check = {.run = program_run(all)};
  json_error_t error;
  if (check.run.out_size)
    check.report = json_loadb(check.run.out, check.run.out_size, JSON_REJECT_DUPLICATES, &error);
  if (check.run.out_size)
    ck_assert_msg(check.report != NULL, "the report is not JSON: %s (line %d)\n%s", error.text,
                  error.line, check.run.err);
  ck_assert_msg(check.run.status <= 3, "ended with %d\n%s", check.run.status, check.run.err);
  ck_assert_msg(check.report || check.run.status == 2, "no report\n%s", check.run.err);
  return check;
}

void check_dispose(struct check_run *check) {
  json_decref(check->report);
  run_dispose(&check->run);
}

const char *text_at(json_t *object, const char *key) {
  const char *text = json_string_value(json_object_get(object, key));
  return text ? text : "";
}

const char *verdict_of(const struct check_run *check, const char *rule) {
  size_t i;
  json_t *item;
  json_array_foreach(json_object_get(check->report, "verdicts"), i, item) {
    if (text_equal(text_at(item, "ruleId"), rule)) return text_at(item, "result");
  }
  return "absent";
}

size_t findings_of(const struct check_run *check, const char *rule) {
  size_t i, count = 0;
  json_t *item;
  json_array_foreach(json_object_get(check->report, "findings"), i, item) {
    count += text_equal(text_at(item, "ruleId"), rule);
  }
  return count;
}

json_t *finding_of(const struct check_run *check, const char *rule) {
  size_t i;
  json_t *item;
  json_array_foreach(json_object_get(check->report, "findings"), i, item) {
    if (text_equal(text_at(item, "ruleId"), rule)) return item;
  }
  ck_abort_msg("no finding of %s; status %d\n%.2000s%.1000s", rule, check->run.status,
               check->run.out, check->run.err);
  return NULL;
}

static int rank(const char *severity) {
  static const char *const words[] = {"info", "low", "medium", "high", "critical"};
  for (int i = 0; i < 5; i++)
    if (text_equal(severity, words[i])) return i;
  return -1;
}

size_t findings_from(const struct check_run *check, const char *severity) {
  size_t i, count = 0;
  json_t *item;
  json_array_foreach(json_object_get(check->report, "findings"), i, item) {
    count += rank(text_at(item, "severity")) >= rank(severity);
  }
  return count;
}

char *findings_text(const struct check_run *check, const char *severity) {
  struct buffer out = buffer_make(3000); /* Check takes no longer message */
  size_t i;
  json_t *item;
  json_array_foreach(json_object_get(check->report, "findings"), i, item) {
    if (rank(text_at(item, "severity")) >= rank(severity))
      buffer_add_format(&out, "%s %s: %s\n", text_at(item, "severity"), text_at(item, "ruleId"),
                        text_at(item, "message"));
  }
  return buffer_take(&out);
}

bool stands_at(json_t *finding, const char *list, const char *artifact, int line) {
  size_t i;
  json_t *place;
  json_array_foreach(json_object_get(finding, list), i, place) {
    if (text_equal(text_at(place, "artifact"), artifact) &&
        json_integer_value(json_object_get(place, "line")) == line)
      return true;
  }
  return false;
}
