/* What libFuzzer calls, and what replay.c calls in its place. */
#ifndef SITEGLASS_TESTS_FUZZ_H
#define SITEGLASS_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
