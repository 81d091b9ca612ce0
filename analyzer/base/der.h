/* The front of a DER element (ITU-T X.690), where a look is enough. Definite lengths and
 * tags below 31 only. */
#ifndef SITEGLASS_BASE_DER_H
#define SITEGLASS_BASE_DER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct der_element {
  uint8_t tag;
  size_t head, size; /* of tag and length; of the content, which may go beyond the bytes */
};
bool der_read(const uint8_t *bytes, size_t size, struct der_element *element);

#endif
