/* A bundle with something hostile in it. */
#define _DEFAULT_SOURCE
#include "hostile/support_hostile.h"

#include "check_main.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROCESSOR_SECONDS = 60 };
#define MEMORY_MOST ((rlim_t)3 << 30)

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

/* Of the child alone: this process has memory of its own. */
static void limit_resources(void) {
  struct rlimit processor = {PROCESSOR_SECONDS, PROCESSOR_SECONDS};
  if (setrlimit(RLIMIT_CPU, &processor) != 0) _exit(125);
#ifndef SANITIZED
  struct rlimit memory = {MEMORY_MOST, MEMORY_MOST};
  if (setrlimit(RLIMIT_AS, &memory) != 0) _exit(125);
#endif
}

static void run_child(const char *out, const char *err, const char *format, const char *folder) {
  limit_resources();
  if (!freopen(out, "wb", stdout) || !freopen(err, "wb", stderr)) _exit(125);
  execl(SITEGLASS_PROGRAM, "siteglass", "check", "--format", format, folder, (char *)NULL);
  _exit(126);
}

static struct run run_limited(const char *format, const char *folder) {
  char *files = folder_new(), *out = path_of(files, "out"), *err = path_of(files, "err");
  pid_t child = fork();
  ck_assert_int_ge(child, 0);
  if (child == 0) run_child(out, err, format, folder);
  int status;
  ck_assert_int_eq(waitpid(child, &status, 0), child);
  struct run run = {.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)};
  run.out = file_read(out, &run.out_size);
  run.err = file_read(err, &run.err_size);
  alloc_free(out);
  alloc_free(err);
  folder_remove(files);
  return run;
}

char *hostile_folder(void) {
  static const char *const names[] = {"applicationHost.config", "sslcert.txt", "certutil-my.txt",
                                      "GetExchangeCertificate.xml", "GetAuthConfig.xml"};
  char *folder = folder_new();
  folder_make(folder, "a-EX01");
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char *to = alloc_format("a-EX01/%s", names[i]),
         *from = alloc_format("kb2779694-broken/%s", names[i]);
    folder_copy(folder, to, sample(from));
    alloc_free(to);
    alloc_free(from);
  }
  return folder;
}

static bool is_harmless(const char *text, size_t size) {
  for (size_t i = 0; i < size; i++) {
    unsigned char c = (unsigned char)text[i];
    if ((c < 0x20 && c != '\n') || c == 0x7F) return false;
  }
  return true;
}

struct run hostile_check(const char *folder) {
  struct run run = run_limited("text", folder);
  ck_assert_msg(run.status == 1, "ended with %d\n%.2000s", run.status, run.err);
  ck_assert_msg(strstr(run.out, "exchange-backend-certificate-missing") != NULL, "%.3000s",
                run.out);
  ck_assert_msg(is_harmless(run.out, run.out_size), "%.3000s", run.out);
  ck_assert_msg(is_harmless(run.err, run.err_size), "%.3000s", run.err);
  return run;
}

/* The report breaks lines: blanks and line ends are one. */
static char *flat(const char *text) {
  char *copy = alloc_text(text);
  size_t used = 0;
  for (const char *c = text; *c; c++) {
    bool blank = *c == ' ' || *c == '\n';
    if (blank && used && copy[used - 1] == ' ') continue;
    copy[used++] = blank ? ' ' : *c;
  }
  copy[used] = '\0';
  return copy;
}

void hostile_says(const struct run *run, const char *text) {
  char *out = flat(run->out), *err = flat(run->err);
  ck_assert_msg(strstr(out, text) || strstr(err, text), "'%s' is not in:\n%.3000s", text, run->out);
  alloc_free(out);
  alloc_free(err);
}

json_t *hostile_report(const char *folder) {
  struct run run = run_limited("json", folder);
  json_error_t error;
  json_t *report = json_loadb(run.out, run.out_size, JSON_REJECT_DUPLICATES, &error);
  ck_assert_msg(report != NULL, "ended with %d: %s\n%.2000s", run.status, error.text, run.err);
  run_dispose(&run);
  return report;
}

const char *outcome_of(json_t *report, const char *path) {
  json_t *artifacts = json_object_get(report, "artifacts"), *artifact;
  size_t i;
  json_array_foreach(artifacts, i, artifact) {
    if (strcmp(text_at(artifact, "path"), path) == 0) return text_at(artifact, "outcome");
  }
  return "";
}

void folder_zip(const char *folder, const char *name, struct zip *zip) {
  zip_end(zip);
  folder_write(folder, name, zip->out.data, zip->out.size);
  zip_dispose(zip);
}
