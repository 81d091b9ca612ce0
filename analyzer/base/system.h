/* Everything that only one operating system has. File names are UTF-8. */
#ifndef SITEGLASS_BASE_SYSTEM_H
#define SITEGLASS_BASE_SYSTEM_H

#include "base/alloc.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum system_kind {
  SYSTEM_MISSING,
  SYSTEM_FILE,
  SYSTEM_FOLDER,
  SYSTEM_LINK,    /* symbolic; never followed */
  SYSTEM_SPECIAL, /* device, FIFO, socket */
};
struct system_status {
  enum system_kind kind;
  uint64_t size;
  int64_t modified;
  char error[128]; /* why it is missing or not readable; "" when fine */
};
/* Does not follow links, except for `path` itself when `follow`. */
void system_status(const char *path, bool follow, struct system_status *status);

/* The full path of what `path` leads to, links followed; NULL when there is nothing. */
char *system_resolve(const char *path) MUST_USE;

/* The names in a folder without . and .., sorted by byte; false and `error` if
 * it cannot be read. Free with system_list_free. */
bool system_list(const char *folder, char ***names, size_t *count, char error[128]) MUST_USE;
void system_list_free(char **names, size_t count);

/* Reads a regular file of at most `most` bytes without following a last link
 * and without blocking on a FIFO. `*bytes` is followed by a NUL. False and
 * `error` when it cannot be read or is larger. */
bool system_read(const char *path, uint64_t most, uint8_t **bytes, size_t *size,
                 char error[128]) MUST_USE;

/* The first bytes of a regular file, at most `most`; how many there are, 0 when it
 * cannot be read. */
size_t system_peek(const char *path, uint8_t *bytes, size_t most);

/* The same bytes without memory of our own: for archives larger than one file may be. Not
 * followed by a NUL. Undone by system_unmap. A file that another program cuts meanwhile
 * ends the run by a signal. */
bool system_map(const char *path, uint64_t most, uint8_t **bytes, size_t *size,
                char error[128]) MUST_USE;
void system_unmap(uint8_t *bytes, size_t size);

/* A library that converts names through the locale gets UTF-8 while this thread uses
 * these (the character type of C.UTF-8). NULL where there is none: then it gets what it
 * had. `use` gives back what to use afterwards. */
void *system_names_make(void);
void *system_names_use(void *names);
void system_names_free(void *names);

/* Address space that takes up memory only where it is written to, zeroed. NULL when
 * the system has none to give. Stays to the end of the run. */
void *system_reserve(size_t size);
/* A piece of it that will be written to all over soon: the system may give its memory in
 * one go instead of page by page. Nothing happens where it cannot. */
void system_populate(void *start, size_t size);

/* A file that is only memory, holding the bytes, for libraries that read files alone:
 * its number, and the path to open it by. -1 where there is no such thing. */
int system_memory_file(const uint8_t *bytes, size_t size, char path[64]);
void system_memory_file_close(int file);

/* Makes a folder unless it is there; false and `error` when it cannot. Those above must exist. */
bool system_make_folder(const char *path, char error[128]) MUST_USE;

/* Nanoseconds of a clock that only runs forward, for measuring alone: no report may
 * depend on it. */
uint64_t system_ticks(void);

bool system_is_terminal(FILE *stream);
unsigned system_terminal_width(FILE *stream); /* 0 when not a terminal */

#endif
