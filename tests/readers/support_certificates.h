/* Two certificates made for the tests with openssl; nobody has their key. */
#ifndef SITEGLASS_TESTS_READERS_SUPPORT_CERTIFICATES_H
#define SITEGLASS_TESTS_READERS_SUPPORT_CERTIFICATES_H

#include <stddef.h>
#include <stdint.h>

/* Self-signed, EC P-256, names of all kinds. */
extern const char example_pem[];
#define EXAMPLE_THUMBPRINT "9AC4785FB595B7240A7235E337A5D974B21DA608"
#define EXAMPLE_SUBJECT                                                                            \
  "E=it@contoso.example, CN=mail.contoso.example, OU=Web, "                                        \
  "O=\"Contoso \"\"North\"\", Inc.\", S=Bayern, C=DE"

/* Issued by the first; serial number -5, a name of an unknown kind, no extension. */
extern const char leaf_pem[];
#define LEAF_THUMBPRINT "48869A4E620909561476E0C870DAE48ED405AC6A"

/* The bytes of a PEM text with one block; the caller frees them. */
uint8_t *pem_bytes(const char *pem, size_t *size);

#endif
