/* Texts as `certutil -store` prints them, for tests. */
#ifndef SITEGLASS_TESTS_READERS_SUPPORT_CERTUTIL_H
#define SITEGLASS_TESTS_READERS_SUPPORT_CERTUTIL_H

#include "support_text.h"

#include <string.h>

#define DONE "CertUtil: -store command completed successfully.\n"
#define HEX_A "aabbccddeeff00112233445566778899aabbccdd"
#define HEX_B "11223344556677889900aabbccddeeff00112233"
#define UPPER_A "AABBCCDDEEFF00112233445566778899AABBCCDD"
#define UPPER_B "11223344556677889900AABBCCDDEEFF00112233"
#define UNIQUE "a11a37ef57bb64c3f31f8f99421d1550_e64079bf-f1d8-450e-ba59-2f4d921306df"
#define BANNER(n) "================ Certificate " n " ================\n"
#define HEAD(n, subject)                                                                           \
  BANNER(n)                                                                                        \
  "Serial Number: 6f8c4e2158ab119142c358e1aef32071867ea4ff\nIssuer: CN=Test Root CA\n"             \
  " NotBefore: 1/31/2026 12:00 AM\n NotAfter: 1/1/2027 1:30 PM\nSubject: " subject                 \
  "\nNon-root Certificate\n"
#define WITH_KEY                                                                                   \
  "  Key Container = job-1\n  Unique container name: " UNIQUE                                      \
  "\n  Provider = Microsoft Software Key Storage Provider\nPrivate key is NOT exportable\n"        \
  "Encryption test passed\n"
#define NO_KEY                                                                                     \
  "No key provider information\nCannot find the certificate and private key for decryption.\n"
#define FIRST HEAD("0", "CN=www.example.com, O=Contoso") "Cert Hash(sha1): " HEX_A "\n" WITH_KEY
#define SECOND HEAD("1", "CN=Test Root CA") "Cert Hash(sha1): " HEX_B "\n" NO_KEY

#define MY_STORE "My \"Personal\"\n" FIRST "\n" SECOND DONE

/* Parts of an entry of -v. */
#define VERBOSE_HEAD                                                                               \
  "my \"Personal\"\n" BANNER(                                                                      \
      "0") "X509 Certificate:\nVersion: 3\nSerial Number: 3f67\n"                                  \
           "Signature Algorithm:\n    Algorithm ObjectId: 1.2.840.113549.1.1.11 sha256RSA\n"       \
           "    Algorithm Parameters:\n    05 00\nIssuer:\n    CN=Test\n    O=Contoso\n"           \
           "  Name Hash(sha1): 732312795479b01208e0ade51c695eddd8f2b2d7\n\n"                       \
           " NotBefore: 6/26/2019 10:40 AM\n NotAfter: 6/26/2025 10:50 AM\n\nSubject:\n    "       \
           "CN=Test\n"                                                                             \
           "    O=Contoso\n  Name Hash(sha1): 732312795479b01208e0ade51c695eddd8f2b2d7\n\n"        \
           "Public Key Algorithm:\n    Algorithm ObjectId: 1.2.840.113549.1.1.1 RSA\n"             \
           "Public Key Length: 2048 bits\nPublic Key: UnusedBits = 0\n    0000  30 82 01 0a\n"     \
           "Signature matches Public Key\nRoot Certificate: Subject matches Issuer\n"
#define VERBOSE_HASHES                                                                             \
  "Key Id Hash(rfc-sha1): 29c42c8b73d48fb46118895ae59806eac7bf0098\n"                              \
  "Key Id Hash(sha1): 2e442e6469555a714423002b2e0748b373a27952\n"                                  \
  "Cert Hash(md5): e95f4760524981cf90bc3198e3075f44\nCert Hash(sha1): " HEX_A "\n\n"
#define FRIENDLY "  CERT_FRIENDLY_NAME_PROP_ID(11):\n    Mail 2019\n\n"
#define KEY_LINK                                                                                   \
  "  CERT_KEY_PROV_INFO_PROP_ID(2):\n    Key Container = x\n  Unique container name: " UNIQUE      \
  "\n    Provider = Microsoft y\n    ProviderType = 0\n    Flags = 20 (32)\n\n"
#define SHA1_PROPERTY(hex) "  CERT_SHA1_HASH_PROP_ID(3):\n    " hex "\n\n"

static inline struct run run_of(const char *text) {
  return text_run("my.txt", text, strlen(text));
}

static inline xmlNode *store(const struct reading *reading, size_t n) {
  return run_fact(reading, "store", n);
}

static inline xmlNode *certificate(const struct reading *reading, size_t n) {
  return run_fact(reading, "certificate", n);
}

#endif
