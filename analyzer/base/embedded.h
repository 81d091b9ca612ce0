/* Text files that are compiled into the executable (see cmake/Embed.cmake). */
#ifndef SITEGLASS_BASE_EMBEDDED_H
#define SITEGLASS_BASE_EMBEDDED_H

#include <stddef.h>

/* `path` is relative to the folder it came from; `text` is followed by a NUL
 * that `size` does not count. An array of these ends with a row of zeros. */
struct embedded_file {
  const char *path;
  const char *text;
  size_t size;
};

#endif
