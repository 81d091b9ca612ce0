/* A serialized store element: a certificate with the properties that Windows
 * keeps beside it, as in the registry, in .sst files, and in Exchange's exports.
 * Records of id, encoding, size (32 bits each, little-endian) and bytes
 * (wincrypt.h: CertSerializeCertificateStoreElement, CERT_*_PROP_ID). */
#ifndef SITEGLASS_READERS_CERTIFICATE_BLOB_H
#define SITEGLASS_READERS_CERTIFICATE_BLOB_H

#include "base/alloc.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct certificate_blob {
  struct span der;       /* property 32; a view */
  bool has_key_provider; /* property 2: it is associated with a private key */
  bool archived;         /* property 19 */
  char *friendly_name;   /* property 11, UTF-8; NULL when it has none */
  char *key_provider;    /* its name in property 2, UTF-8; NULL: none, or the default one */
};
void certificate_blob_dispose(struct certificate_blob *blob); /* the texts */

/* Size of the element at the front of a serialized store (.sst): its properties up to the
 * certificate, CRL or CTL that ends it; 0 when there is none. */
size_t certificate_blob_size(const uint8_t *bytes, size_t size);

/* False unless the records fill `bytes` to the end and one of them is a certificate. */
bool certificate_blob_read(const uint8_t *bytes, size_t size,
                           struct certificate_blob *blob) MUST_USE;

#endif
