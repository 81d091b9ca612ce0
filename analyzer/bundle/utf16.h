/* UTF-16, also where single bytes were appended to it: Windows PowerShell 5.1
 * writes UTF-16 with `>` and `>>` whatever the file held before, cmd writes bytes. */
#ifndef SITEGLASS_BUNDLE_UTF16_H
#define SITEGLASS_BUNDLE_UTF16_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum utf16_order { UTF16_NONE, UTF16_LITTLE, UTF16_BIG };

/* By the NULs of the first 4 KiB: over 30 % of the units have one in their
 * high byte, next to none in the low one, and what is beside them is text. */
enum utf16_order utf16_sniff(const uint8_t *bytes, size_t size);

/* The next run of single bytes at or after `from`, found by a run without NULs
 * that holds a CR LF as two bytes or 48 bytes of plain ASCII. False: none. */
bool utf16_byte_run(const uint8_t *bytes, size_t size, size_t from, enum utf16_order order,
                    size_t *start, size_t *end);

/* To UTF-8. U+FEFF is dropped; a lone surrogate or half a unit at the end becomes
 * U+FFFD and is counted in bytes. `out` has room for 3 bytes a unit, rounded up. */
size_t utf16_decode(const uint8_t *bytes, size_t size, enum utf16_order order, char *out,
                    size_t *undecodable);

#endif
