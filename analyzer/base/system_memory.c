/* Files that are nothing but memory, where the system has them. */
#ifdef __linux__
#define _GNU_SOURCE /* memfd_create */
#endif
#include "base/system.h"

#ifdef __linux__
#include <sys/mman.h>
#include <unistd.h>
#endif

#ifdef __linux__
int system_memory_file(const uint8_t *bytes, size_t size, char path[64]) {
  int file = memfd_create("siteglass", MFD_CLOEXEC);
  if (file < 0) return -1;
  while (size > 0) {
    ssize_t written = write(file, bytes, size);
    if (written <= 0) {
      close(file);
      return -1;
    }
    bytes += written;
    size -= (size_t)written;
  }
  snprintf(path, 64, "/proc/self/fd/%d", file);
  return file;
}

void system_memory_file_close(int file) {
  close(file);
}
#else
int system_memory_file(const uint8_t *bytes, size_t size, char path[64]) {
  (void)bytes, (void)size, (void)path;
  return -1;
}

void system_memory_file_close(int file) {
  (void)file;
}
#endif
