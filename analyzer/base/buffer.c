/* A growing run of bytes with a stated maximum. */
#include "base/buffer.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* A quarter of the address space at most, so that no sum below can wrap. */
struct buffer buffer_make(size_t maximum) {
  return (struct buffer){.maximum = maximum < SIZE_MAX / 4 ? maximum : SIZE_MAX / 4};
}

static bool make_room(struct buffer *buffer, size_t more) {
  if (more > buffer->maximum - buffer->size) {
    buffer->overflowed = true;
    return false;
  }
  size_t needed = buffer->size + more + 1;
  if (needed <= buffer->capacity) return true;
  size_t wanted = buffer->capacity + buffer->capacity / 2;
  if (wanted < needed) wanted = needed < 64 ? 64 : needed;
  buffer->data = alloc_resize(buffer->data, wanted, 1);
  buffer->capacity = wanted;
  return true;
}

void buffer_add(struct buffer *buffer, const void *bytes, size_t size) {
  if (!make_room(buffer, size)) return;
  if (size) memcpy(buffer->data + buffer->size, bytes, size);
  buffer->size += size;
  buffer->data[buffer->size] = '\0';
}

void buffer_add_text(struct buffer *buffer, const char *text) {
  buffer_add(buffer, text, strlen(text));
}

void buffer_add_char(struct buffer *buffer, char c) {
  buffer_add(buffer, &c, 1);
}

void buffer_add_format(struct buffer *buffer, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int size = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  if (size < 0 || !make_room(buffer, (size_t)size)) return;
  va_start(arguments, format);
  vsnprintf(buffer->data + buffer->size, (size_t)size + 1, format, arguments);
  va_end(arguments);
  buffer->size += (size_t)size;
}

char *buffer_take(struct buffer *buffer) {
  char *data = buffer->data ? buffer->data : alloc_text("");
  *buffer = buffer_make(buffer->maximum);
  return data;
}

const char *buffer_text(const struct buffer *buffer) {
  return buffer->data ? buffer->data : "";
}

void buffer_clear(struct buffer *buffer) {
  buffer->size = 0;
  buffer->overflowed = false;
  if (buffer->data) buffer->data[0] = '\0';
}

void buffer_dispose(struct buffer *buffer) {
  alloc_free(buffer->data);
  *buffer = buffer_make(buffer->maximum);
}
