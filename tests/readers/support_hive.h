/* Registry hives made for tests: keys and values as bytes of a "regf" file. */
#ifndef SITEGLASS_TESTS_READERS_SUPPORT_HIVE_H
#define SITEGLASS_TESTS_READERS_SUPPORT_HIVE_H

#include <stddef.h>
#include <stdint.h>

/* A line: "key A\B" (those above must come before), or "NAME=TYPE:HEX" of the key before it. The
 * root is the key "". Caller frees. */
uint8_t *hive_make(const char *const *lines, size_t count, size_t *size);

#endif
