/* Writes the .NET stream of an exported Exchange certificate, for tests. */
#ifndef SITEGLASS_TESTS_READERS_SUPPORT_NRBF_H
#define SITEGLASS_TESTS_READERS_SUPPORT_NRBF_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stdint.h>

struct nrbf_example {
  const void *der;
  size_t der_size;
  bool with_key, with_name, archived; /* records 2, 11 ("Müller") and 19 of the blob */
  int32_t status, services;
  const char *identity;
  bool is_signed;
};

void nrbf_write_blob(struct buffer *out, const struct nrbf_example *example);
void nrbf_write(struct buffer *out, const struct nrbf_example *example);
/* The same in base64. Caller frees. */
char *nrbf_base64(const struct nrbf_example *example) MUST_USE;
char *base64_of(const void *bytes, size_t size) MUST_USE;

#endif
