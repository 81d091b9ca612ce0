/* The files that rules come from: those that were compiled in, and a user's own.
 * Keeps the text of every file that was read, so that a message can quote it. */
#ifndef SITEGLASS_RULEBOOK_RULE_FILES_H
#define SITEGLASS_RULEBOOK_RULE_FILES_H

#include "base/diag.h"
#include "base/embedded.h"

#include <stdbool.h>
#include <stddef.h>

struct rule_files;

struct rule_files *rule_files_new(void) MUST_USE;
void rule_files_free(struct rule_files *files);

/* The text of a file once it was read, as diagnostics name it; NULL otherwise.
 * It lives as long as `files`. */
const char *rule_files_text(const struct rule_files *files, const char *path, size_t *size);

/* A file of rules/ that was compiled in, by its path below that folder; NULL. */
const struct embedded_file *rule_files_builtin(const char *path);
/* All of them that lie in `folder` ("cases") and end in `ending`: calls `tell` with each. */
void rule_files_each_builtin(const char *folder, const char *ending,
                             void (*tell)(void *data, const struct embedded_file *file),
                             void *data);

/* Reads a file of the disk, at most 16 MB; NULL, and an error in `diags`, when it cannot. */
const char *rule_files_read(struct rule_files *files, const char *path, size_t *size,
                            struct diags *diags) MUST_USE;

/* A schema_reader (schematron/engine.h) whose data is a struct rule_files: what an include names is
 * looked for beside the including file, then among the built-in ones. */
char *rule_files_include(void *data, const char *base, const char *href, size_t *size,
                         char resolved[512]);

struct rule_paths {
  char **items;
  size_t count, capacity;
};
void rule_paths_dispose(struct rule_paths *paths);

/* The rule files that `path` stands for: itself when it is a file; of a folder, every
 * .sch file in it, at any depth, that no other of them includes. An error in `diags`
 * when there is none. */
bool rule_files_find(struct rule_files *files, const char *path, struct rule_paths *out,
                     struct diags *diags) MUST_USE;
/* The same for rules of a larger schema: when a file in the folder of `path`, or in one
 * of the three above, includes it, then that file. */
bool rule_files_find_whole(struct rule_files *files, const char *path, struct rule_paths *out,
                           struct diags *diags) MUST_USE;
/* The case files beside it: those (.xml) of cases/ in the folder of a rule file, or in any folder
 * below the folder `path`, but no stock.xml. There may be none. */
void rule_files_find_cases(const char *path, struct rule_paths *out);

/* "rules/x.sch" -> "rules"; "x.sch" -> ".". */
char *rule_files_folder_of(const char *path) MUST_USE;

#endif
