/* Base64 (RFC 4648 section 4), strict: the alphabet, full padding, zero bits
 * where the last byte ends. Blanks and line ends may stand anywhere. */
#ifndef SITEGLASS_BASE_BASE64_H
#define SITEGLASS_BASE_BASE64_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* False, and nothing to free, on anything else. `*bytes` is never NULL on
 * success; free it with alloc_free. */
bool base64_decode(struct span text, uint8_t **bytes, size_t *size) MUST_USE;

#endif
