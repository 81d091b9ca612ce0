/* The POSIX side of system.h. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS, and realpath with a NULL buffer */
#define _POSIX_C_SOURCE 200809L
#include "base/system.h"

#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void say(char error[128], int number) {
  snprintf(error, 128, "%s", strerror(number));
}

void system_status(const char *path, bool follow, struct system_status *status) {
  *status = (struct system_status){0};
  struct stat st;
  if ((follow ? stat(path, &st) : lstat(path, &st)) != 0) {
    say(status->error, errno);
    return;
  }
  status->kind = S_ISREG(st.st_mode)   ? SYSTEM_FILE
                 : S_ISDIR(st.st_mode) ? SYSTEM_FOLDER
                 : S_ISLNK(st.st_mode) ? SYSTEM_LINK
                                       : SYSTEM_SPECIAL;
  status->size = (uint64_t)st.st_size;
  status->modified = (int64_t)st.st_mtime;
}

char *system_resolve(const char *path) {
  char *real = realpath(path, NULL);
  char *copy = real ? alloc_text(real) : NULL;
  free(real);
  return copy;
}

static int by_bytes(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

bool system_list(const char *folder, char ***names, size_t *count, char error[128]) {
  *names = NULL, *count = 0, error[0] = '\0';
  DIR *dir = opendir(folder);
  if (!dir) {
    say(error, errno);
    return false;
  }
  size_t capacity = 0;
  for (;;) {
    errno = 0;
    struct dirent *entry = readdir(dir);
    if (!entry) break;
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    ARRAY_PUSH(*names, *count, capacity) = alloc_text(entry->d_name);
  }
  int failed = errno;
  closedir(dir);
  if (failed) {
    say(error, failed);
    system_list_free(*names, *count);
    *names = NULL, *count = 0;
    return false;
  }
  if (*count) qsort(*names, *count, sizeof **names, by_bytes);
  return true;
}

void system_list_free(char **names, size_t count) {
  for (size_t i = 0; i < count; i++)
    alloc_free(names[i]);
  alloc_free(names);
}

static bool read_all(int file, uint64_t most, uint8_t **bytes, size_t *size, char error[128]) {
  struct stat st;
  if (fstat(file, &st) != 0) {
    say(error, errno);
    return false;
  }
  if (!S_ISREG(st.st_mode)) {
    snprintf(error, 128, "not a regular file");
    return false;
  }
  if ((uint64_t)st.st_size > most) {
    snprintf(error, 128, "%llu bytes, over the limit of %llu", (unsigned long long)st.st_size,
             (unsigned long long)most);
    return false;
  }
  size_t capacity = (size_t)st.st_size, got = 0;
  uint8_t *data = alloc_resize(NULL, capacity + 1, 1);
  while (got < capacity) {
    ssize_t n = read(file, data + got, capacity - got);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      say(error, errno);
      alloc_free(data);
      return false;
    }
    if (n == 0) {
      snprintf(error, 128, "it shrank while it was being read");
      alloc_free(data);
      return false;
    }
    got += (size_t)n;
  }
  data[got] = 0;
  *bytes = data;
  *size = got;
  return true;
}

bool system_read(const char *path, uint64_t most, uint8_t **bytes, size_t *size, char error[128]) {
  *bytes = NULL, *size = 0, error[0] = '\0';
  int file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (file < 0) {
    say(error, errno);
    return false;
  }
  bool ok = read_all(file, most, bytes, size, error);
  close(file);
  return ok;
}

static bool map_file(int file, uint64_t most, uint8_t **bytes, size_t *size, char error[128]) {
  struct stat st;
  if (fstat(file, &st) != 0) {
    say(error, errno);
    return false;
  }
  if (!S_ISREG(st.st_mode) || st.st_size == 0 || (uint64_t)st.st_size > most) {
    snprintf(error, 128, "not a regular file, or not of the size it was");
    return false;
  }
  void *start = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, file, 0);
  if (start == MAP_FAILED) {
    say(error, errno);
    return false;
  }
  *bytes = start;
  *size = (size_t)st.st_size;
  return true;
}

bool system_map(const char *path, uint64_t most, uint8_t **bytes, size_t *size, char error[128]) {
  *bytes = NULL, *size = 0, error[0] = '\0';
  int file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (file < 0) {
    say(error, errno);
    return false;
  }
  bool ok = map_file(file, most, bytes, size, error);
  close(file);
  return ok;
}

void system_unmap(uint8_t *bytes, size_t size) {
  if (bytes) munmap(bytes, size);
}

size_t system_peek(const char *path, uint8_t *bytes, size_t most) {
  int file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  struct stat st;
  if (file < 0) return 0;
  ssize_t got = fstat(file, &st) == 0 && S_ISREG(st.st_mode) ? read(file, bytes, most) : 0;
  close(file);
  return got > 0 ? (size_t)got : 0;
}

void *system_names_make(void) {
  locale_t made = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
  return (void *)(made ? made : newlocale(LC_CTYPE_MASK, "en_US.UTF-8", (locale_t)0));
}

void *system_names_use(void *names) {
  return names ? (void *)uselocale((locale_t)names) : NULL;
}

void system_names_free(void *names) {
  if (names) freelocale((locale_t)names);
}

bool system_make_folder(const char *path, char error[128]) {
  struct stat st;
  error[0] = '\0';
  if (mkdir(path, 0777) == 0) return true;
  int why = errno;
  if (why == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode)) return true;
  say(error, why);
  return false;
}

uint64_t system_ticks(void) {
  struct timespec now;
  if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) return 0;
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

bool system_is_terminal(FILE *stream) {
  return isatty(fileno(stream)) == 1;
}

unsigned system_terminal_width(FILE *stream) {
  struct winsize window;
  if (!system_is_terminal(stream) || ioctl(fileno(stream), TIOCGWINSZ, &window) != 0) return 0;
  return window.ws_col;
}

void *system_reserve(size_t size) {
  int flags = MAP_PRIVATE | MAP_ANONYMOUS;
#ifdef MAP_NORESERVE
  flags |= MAP_NORESERVE;
#endif
  void *start = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, -1, 0);
  return start == MAP_FAILED ? NULL : start;
}

void system_populate(void *start, size_t size) {
#ifdef MADV_POPULATE_WRITE
  (void)madvise(start, size, MADV_POPULATE_WRITE);
#else
  (void)start, (void)size;
#endif
}
