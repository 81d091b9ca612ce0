/* Digests, from OpenSSL's libcrypto. */
#include "base/digest.h"

#include "base/text.h"

#include <openssl/evp.h>
#include <stdlib.h>

static void digest(const EVP_MD *kind, const void *bytes, size_t size, char *out) {
  unsigned char value[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  if (EVP_Digest(bytes, size, value, &length, kind, NULL) != 1)
    abort(); /* cannot fail: no provider missing */
  text_hex(value, length, out);
}

void digest_sha256(const void *bytes, size_t size, char out[65]) {
  digest(EVP_sha256(), bytes, size, out);
  for (char *c = out; *c; c++)
    if (*c >= 'A') *c = (char)(*c + 32);
}

void digest_sha1(const void *bytes, size_t size, char out[41]) {
  digest(EVP_sha1(), bytes, size, out);
}
