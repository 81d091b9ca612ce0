/* Files that hold certificates beside other things:
 *
 *   PKCS #7  signed data (RFC 2315, RFC 5652): .p7b, .p7c, .spc
 *   PKCS #12 (RFC 7292): .pfx, .p12. Certificates that are encrypted are tried with the empty
 *            password and those given. Private keys are counted; nothing else is done with them
 *   SST      a serialized store: 00 00 00 00 "CERT", an element a certificate
 *            (certificate_blob.h), twelve zeros
 *   blob     one such element alone, as the registry and the files of a user's store have it
 *
 * Work is bounded: a password is tried only where that takes no more than 2,000,000 rounds
 * of its key derivation, 64 times in a file at most; 100,000 certificates in a file. */
#ifndef SITEGLASS_READERS_CERTIFICATE_CONTAINER_H
#define SITEGLASS_READERS_CERTIFICATE_CONTAINER_H

#include "base/alloc.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum certificate_container {
  CONTAINER_NONE,
  CONTAINER_PKCS7,
  CONTAINER_PKCS12,
  CONTAINER_STORE,
  CONTAINER_BLOB,
};
enum certificate_container certificate_container_of(const uint8_t *bytes, size_t size);

/* A certificate of a container. */
struct contained_certificate {
  const uint8_t *der;
  size_t size;
  const char *friendly_name; /* NULL: the container tells none */
  bool archived;
};

struct contained {
  /* Called with each, in their order. */
  void (*take)(void *data, const struct contained_certificate *certificate);
  void *data;
  const char *const *passwords; /* for PKCS #12, besides the empty one */
  size_t password_count;
  unsigned keys, encrypted; /* out: private keys; parts that stayed locked */
  const char *locked;       /* out: why, a clause; NULL: nothing did */
  const char *problem;      /* out: a clause; NULL: all else was read */
};
void certificate_container_read(enum certificate_container kind, const uint8_t *bytes, size_t size,
                                struct contained *contained);

#endif
