/* Digests, from OpenSSL's libcrypto. */
#ifndef SITEGLASS_BASE_DIGEST_H
#define SITEGLASS_BASE_DIGEST_H

#include <stddef.h>

void digest_sha256(const void *bytes, size_t size, char out[65]); /* lower-case hex */
void digest_sha1(const void *bytes, size_t size, char out[41]);   /* upper-case hex: a thumbprint */

#endif
