/* A serialized store element. */
#include "readers/certificate_blob.h"

#include "bundle/utf16.h"

enum {
  PROPERTY_KEY_PROVIDER = 2,
  PROPERTY_FRIENDLY_NAME = 11,
  PROPERTY_ARCHIVED = 19,
  PROPERTY_CERTIFICATE = 32,
  PROPERTY_CRL = 33,
  PROPERTY_CTL = 34,
};
enum { HEAD = 12 }; /* bytes of id, encoding and size */

static uint32_t read_32(const uint8_t *b) {
  return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

/* UTF-16LE up to its NUL or the end. */
static char *utf16_text(const uint8_t *bytes, size_t size) {
  size_t used = 0, undecodable = 0;
  while (used + 1 < size && (bytes[used] || bytes[used + 1]))
    used += 2;
  char *text = alloc_array(used / 2 + 1, 3);
  text[utf16_decode(bytes, used, UTF16_LITTLE, text, &undecodable)] = '\0';
  return text;
}

/* CRYPT_KEY_PROV_INFO as the registry keeps it: where the container's name is, then where the
 * provider's is, from its beginning; 0: the default provider. */
static char *provider_of(const uint8_t *bytes, size_t size) {
  if (size < 28) return NULL;
  uint32_t at = read_32(bytes + 4);
  if (at < 28 || at >= size) return NULL;
  char *name = utf16_text(bytes + at, size - at);
  if (*name) return name;
  alloc_free(name);
  return NULL;
}

static void note(struct certificate_blob *blob, uint32_t id, const uint8_t *bytes, size_t size) {
  if (id == PROPERTY_KEY_PROVIDER) {
    blob->has_key_provider = true;
    if (!blob->key_provider) blob->key_provider = provider_of(bytes, size);
  }
  if (id == PROPERTY_ARCHIVED) blob->archived = true;
  if (id == PROPERTY_CERTIFICATE) blob->der = (struct span){(const char *)bytes, size};
  if (id == PROPERTY_FRIENDLY_NAME && !blob->friendly_name)
    blob->friendly_name = utf16_text(bytes, size);
}

bool certificate_blob_read(const uint8_t *bytes, size_t size, struct certificate_blob *blob) {
  *blob = (struct certificate_blob){.friendly_name = NULL};
  while (size >= HEAD) {
    uint32_t length = read_32(bytes + 8);
    if (length > size - HEAD) break;
    note(blob, read_32(bytes), bytes + HEAD, length);
    bytes += HEAD + length;
    size -= HEAD + length;
  }
  if (size == 0 && blob->der.size > 0) return true;
  certificate_blob_dispose(blob);
  return false;
}

void certificate_blob_dispose(struct certificate_blob *blob) {
  alloc_free(blob->friendly_name);
  alloc_free(blob->key_provider);
  *blob = (struct certificate_blob){.friendly_name = NULL};
}

size_t certificate_blob_size(const uint8_t *bytes, size_t size) {
  for (size_t at = 0; size - at >= HEAD;) {
    uint32_t id = read_32(bytes + at), length = read_32(bytes + at + 8);
    if (id == 0 || length > size - at - HEAD) return 0;
    at += HEAD + length;
    if (id >= PROPERTY_CERTIFICATE && id <= PROPERTY_CTL) return at;
  }
  return 0;
}
