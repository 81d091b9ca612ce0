/* Diagnostics: what a person must hear about the input. */
#include "base/diag.h"

#include <stdio.h>

/* A flood of notes must not drown a warning, nor warnings an error. */
static size_t most_at(enum diag_level level) {
  return level == DIAG_ERROR     ? DIAGS_MOST
         : level == DIAG_WARNING ? DIAGS_MOST / 10 * 9
                                 : DIAGS_MOST / 2;
}

void diags_add(struct diags *diags, enum diag_level level, const char *file, unsigned line,
               unsigned column, const char *format, ...) {
  if (diags->count >= most_at(level)) {
    diags->dropped++;
    return;
  }
  va_list arguments;
  va_start(arguments, format);
  int size = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  char *message = alloc_bytes(size < 0 ? 1 : (size_t)size + 1);
  va_start(arguments, format);
  if (size >= 0) vsnprintf(message, (size_t)size + 1, format, arguments);
  va_end(arguments);
  struct diag diag = {level, alloc_text(file ? file : ""), line, column, message};
  ARRAY_PUSH(diags->items, diags->count, diags->capacity) = diag;
}

size_t diags_count(const struct diags *diags, enum diag_level at_least) {
  size_t count = 0;
  for (size_t i = 0; i < diags->count; i++)
    if (diags->items[i].level >= at_least) count++;
  return count;
}

const char *diag_level_word(enum diag_level level) {
  return level == DIAG_ERROR ? "error" : level == DIAG_WARNING ? "warning" : "note";
}

void diags_dispose(struct diags *diags) {
  for (size_t i = 0; i < diags->count; i++) {
    alloc_free(diags->items[i].file);
    alloc_free(diags->items[i].message);
  }
  alloc_free(diags->items);
  *diags = (struct diags){0};
}
