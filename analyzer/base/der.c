/* Tag and length. */
#include "base/der.h"

bool der_read(const uint8_t *bytes, size_t size, struct der_element *element) {
  if (size < 2 || (bytes[0] & 31) == 31) return false;
  *element = (struct der_element){bytes[0], 2, bytes[1]};
  if (bytes[1] < 0x80) return true;
  size_t count = bytes[1] & 127u;
  if (count == 0 || count > 4 || size < 2 + count) return false;
  element->size = 0;
  for (size_t i = 0; i < count; i++)
    element->size = element->size << 8 | bytes[2 + i];
  element->head = 2 + count;
  return true;
}
