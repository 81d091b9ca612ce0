/* What a DER certificate says (RFC 5280), as attributes of a <certificate>.
 * The only file besides base/digest.c that uses OpenSSL. */
#ifndef SITEGLASS_READERS_X509_H
#define SITEGLASS_READERS_X509_H

#include "base/alloc.h"
#include "base/origin.h"

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Fills `certificate`: exactly one certificate must lie in `der`, to its last
 * byte. All attributes and children get `origin`.
 *
 *  thumbprint          SHA-1 of the bytes, 40 upper-case hex digits
 *  subject, issuer     as Windows (certutil, .NET) prints them: the last RDN first,
 *                      "CN=..., OU=..., O=..., C=..", S for the state, E for mail,
 *                      OID.1.2.3=... for what has no short name, values with , + = " < > # ;
 *                      or outer blanks in double quotes; "" when empty
 *  serialNumber        lower-case hex, whole bytes, without the sign byte of a positive number
 *  notBefore, notBeforeLatest, notAfter, notAfterLatest    2024-12-03T22:45:58Z; the two
 *                      of a pair are equal
 *  keyAlgorithm        RSA, RSASSA-PSS, EC, DSA, DH, Ed25519, Ed448, else the OID
 *  keySize             bits; left out when the key is of no known kind
 *  signatureAlgorithm  sha1WithRSAEncryption, ecdsa-with-SHA256 ..., else the OID
 *  selfSigned          true when issuer and subject are the same bytes (the
 *                      signature itself is not tried)
 *  extendedKeyUsage    object identifiers, blanks between; "any" without that extension
 *  subjectKeyIdentifier, authorityKeyIdentifier    upper-case hex, "" when it has none; left
 *                      out when they cannot be read
 *  <name type value>   subject alternative names: dns (lower case), ip, email, in their
 *                      order; other kinds are left out, and so is an ip of neither 4 nor 16 bytes
 *
 * False, and `certificate` as it was, when the bytes are truncated, are followed
 * by others, or hold something this cannot read for certain: a date not in the
 * two forms that RFC 5280 allows, alternative names that do not parse. `error`
 * is then a clause for a person: "not a DER certificate". */
bool x509_facts(const uint8_t *der, size_t size, xmlNode *certificate, struct origin origin,
                char error[128]) MUST_USE;

/* The usual name of an algorithm, "sha256WithRSAEncryption" for
 * "1.2.840.113549.1.1.11"; the OID itself when it has none. */
void x509_algorithm_name(const char *oid, char out[64]);
/* "RSA" for "1.2.840.113549.1.1.1", as in keyAlgorithm above. */
void x509_key_name(const char *oid, char out[64]);

#endif
