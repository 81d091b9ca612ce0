/* Writing UTF-8. */
#ifndef SITEGLASS_BASE_UTF8_H
#define SITEGLASS_BASE_UTF8_H

#include "base/buffer.h"

#include <stdint.h>

/* Adds one character. NUL, surrogates and what lies beyond U+10FFFF become U+FFFD. */
void utf8_add(struct buffer *buffer, uint32_t character);

#endif
