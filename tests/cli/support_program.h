/* Runs the built program as a user would, and reads what it says. */
#ifndef SITEGLASS_TESTS_SUPPORT_PROGRAM_H
#define SITEGLASS_TESTS_SUPPORT_PROGRAM_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct run {
  int status; /* exit status; 128 + signal when it was killed */
  char *out, *err;
  size_t out_size, err_size;
};

/* `arguments` end with NULL and leave out the program's name. Killed after 120 s. */
struct run program_run(const char *const *arguments);
void run_dispose(struct run *run);
/* Standard output goes to this file instead. */
struct run program_run_into(const char *file, const char *const *arguments);
/* Standard output is a terminal. */
struct run program_run_on_terminal(const char *const *arguments);
/* As a user without rights, when the tests run as root. */
struct run program_run_unprivileged(const char *const *arguments);
#define RUN(...) program_run((const char *const[]){__VA_ARGS__, NULL})

/* ---- bundles in a temporary folder ---- */

/* A new empty folder; its path. */
char *folder_new(void);
/* Removes it with everything in it, and frees the path. */
void folder_remove(char *folder);
void folder_make(const char *folder, const char *name);
void folder_write(const char *folder, const char *name, const void *bytes, size_t size);
void folder_write_text(const char *folder, const char *name, const char *text);
void folder_copy(const char *folder, const char *name, const char *from);
/* folder + "/" + name; the caller frees. */
char *path_of(const char *folder, const char *name);
/* A file of the repository, of ../shared/data, of samples/; static storage, four at a time. */
const char *shared(const char *name);
const char *sample(const char *name);
/* The whole file, NUL-terminated; the test fails when it cannot be read. */
char *file_read(const char *path, size_t *size);

/* ---- what a check says ---- */

struct check_run {
  struct run run;
  json_t *report; /* the JSON report; NULL when there was none */
};

/* siteglass check --format json ARGUMENTS */
struct check_run check_json(const char *const *arguments);
#define CHECK(...) check_json((const char *const[]){__VA_ARGS__, NULL})
void check_dispose(struct check_run *check);

/* "fail", "pass", ...: of the rule's first host; "absent" when the rule did not run. */
const char *verdict_of(const struct check_run *check, const char *rule);
size_t findings_of(const struct check_run *check, const char *rule);
/* The first one; the test fails when there is none. */
json_t *finding_of(const struct check_run *check, const char *rule);
size_t findings_from(const struct check_run *check, const char *severity); /* and above */
/* Does a place of the finding (or of its evidence) stand in that file at that line? */
bool stands_at(json_t *finding, const char *list, const char *artifact, int line);
const char *text_at(json_t *object, const char *key);
/* The ids of all findings from that severity upwards, and what is said: for messages. */
char *findings_text(const struct check_run *check, const char *severity);

#endif
