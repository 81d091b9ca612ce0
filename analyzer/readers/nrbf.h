/* The one .NET object that Exchange puts into an export: the SerializationData of
 * Get-ExchangeCertificate, a BinaryFormatter stream ([MS-NRBF] 2.2 to 2.6). It is
 * read by pattern, never deserialised: one class whose members are plain values,
 * and one array of bytes. Anything that is not exactly so is not read. */
#ifndef SITEGLASS_READERS_NRBF_H
#define SITEGLASS_READERS_NRBF_H

#include "base/alloc.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nrbf_certificate {
  struct span cert_data; /* serialized store element (certificate_blob.h); a view */
  struct span identity;  /* SERVER.fqdn\THUMBPRINT; a view; empty when null */
  int32_t status, services;
};

/* `bytes` is the stream itself, or the signed shape of newer updates: "#sig#",
 * its length (32 bits, little-endian), the stream, 32 bytes of signature (which
 * cannot be checked here). False unless all four members were found. */
bool nrbf_read_certificate(const uint8_t *bytes, size_t size,
                           struct nrbf_certificate *certificate) MUST_USE;

#endif
