/* A growing run of bytes with a stated maximum. What would exceed the maximum
 * is dropped and `overflowed` is set: the caller says so, nothing is lost silently. */
#ifndef SITEGLASS_BASE_BUFFER_H
#define SITEGLASS_BASE_BUFFER_H

#include "base/alloc.h"

#include <stdbool.h>
#include <stddef.h>

struct buffer {
  char *data; /* always NUL-terminated once something was added; NULL before */
  size_t size;
  size_t capacity;
  size_t maximum;
  bool overflowed;
};

struct buffer buffer_make(size_t maximum);
void buffer_add(struct buffer *buffer, const void *bytes, size_t size);
void buffer_add_text(struct buffer *buffer, const char *text);
void buffer_add_char(struct buffer *buffer, char c);
void buffer_add_format(struct buffer *buffer, const char *format, ...) PRINTF_LIKE(2, 3);
/* Hands the bytes over (never NULL, NUL-terminated) and empties the buffer. */
char *buffer_take(struct buffer *buffer) MUST_USE;
const char *buffer_text(const struct buffer *buffer); /* "" when empty */
void buffer_clear(struct buffer *buffer);             /* keeps the memory */
void buffer_dispose(struct buffer *buffer);

#endif
