/* Tests of text readers: one text as an artifact, read; variants of texts. */
#ifndef SITEGLASS_TESTS_READERS_SUPPORT_TEXT_H
#define SITEGLASS_TESTS_READERS_SUPPORT_TEXT_H

#include "support_run.h"

/* One artifact of these bytes, read. run_end when done. */
struct run text_run(const char *path, const char *text, size_t size);
/* The same for a file below ../shared/data. */
struct run text_run_shared(const char *path);
/* Fails the test unless the reading is there and complete as told. */
struct reading *text_reading(struct run *run, const char *kind, bool complete);

/* Every LF replaced; the caller frees. */
char *text_with_line_ends(const char *text, const char *end);
/* `count` bytes of `copy` replaced by others, by a seeded generator. */
void text_corrupt(char *copy, size_t size, int count, uint32_t *seed);

/* Fails the test unless the attribute has this value; NULL: unless it is absent. */
void text_is(const xmlNode *node, const char *name, const char *value);
/* Fails the test unless the attribute starts at this line and column. */
void text_stands(const xmlNode *node, const char *name, unsigned line, unsigned column);

#endif
