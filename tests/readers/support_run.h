/* A bundle made of texts in the test, read by the readers. */
#ifndef SITEGLASS_TESTS_READERS_SUPPORT_RUN_H
#define SITEGLASS_TESTS_READERS_SUPPORT_RUN_H

#include "readers/readers.h"

struct run {
  struct bundle bundle;
  struct readings readings;
};

void run_start(struct run *run);
/* Adds an artifact; its number is returned. Bytes that are no UTF-8 make it binary. */
size_t run_add(struct run *run, const char *path, const void *bytes, size_t size);
size_t run_add_text(struct run *run, const char *path, const char *text);
/* A file under ../shared/data, under its own name. */
size_t run_add_shared(struct run *run, const char *path);
void run_read(struct run *run);
void run_end(struct run *run);

/* The reading of an artifact; NULL when there is none. */
struct reading *run_reading(struct run *run, size_t number);
/* n-th element of that name below facts (any depth, document order); NULL beyond. */
xmlNode *run_fact(const struct reading *reading, const char *name, size_t n);
size_t run_count(const struct reading *reading, const char *name);
/* Is there a mark for `of` right below the element? */
bool run_marked(const xmlNode *element, const char *of);

#endif
