/* Diagnostics: what a person must hear about the input. Each says where, what
 * was wrong, and what the program did about it. Only cli/ prints them. */
#ifndef SITEGLASS_BASE_DIAG_H
#define SITEGLASS_BASE_DIAG_H

#include "base/alloc.h"

#include <stddef.h>

enum diag_level { DIAG_NOTE, DIAG_WARNING, DIAG_ERROR };

struct diag {
  enum diag_level level;
  char *file;            /* path inside the bundle, rule file, ...; "" when none */
  unsigned line, column; /* 1-based; 0 when not known */
  char *message;
};

struct diags {
  struct diag *items;
  size_t count, capacity;
  size_t dropped; /* beyond DIAGS_MOST; counted, not kept */
};

#define DIAGS_MOST 10000

void diags_add(struct diags *diags, enum diag_level level, const char *file, unsigned line,
               unsigned column, const char *format, ...) PRINTF_LIKE(6, 7);
size_t diags_count(const struct diags *diags, enum diag_level at_least);
const char *diag_level_word(enum diag_level level); /* "note", "warning", "error" */
void diags_dispose(struct diags *diags);

#endif
