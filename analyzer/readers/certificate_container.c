/* PKCS #7 and PKCS #12 through OpenSSL; serialized stores by their layout. */
#include "readers/certificate_container.h"

#include "base/der.h"
#include "readers/certificate_blob.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/pkcs12.h>
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
#include <openssl/provider.h>
#endif
#include <string.h>

enum { ROUNDS_MOST = 2000000, TRIES_MOST = 64, CERTIFICATES_MOST = 100000, DEPTH_MOST = 4 };

/* ---- What it is ------------------------------------------------------------------------ */

static bool is_store(const uint8_t *bytes, size_t size) {
  return size >= 8 && memcmp(bytes, "\0\0\0\0CERT", 8) == 0;
}

static bool is_blob(const uint8_t *bytes, size_t size) {
  struct certificate_blob blob;
  if (!certificate_blob_read(bytes, size, &blob)) return false;
  bool good = blob.der.size > 1 && blob.der.start[0] == 0x30;
  certificate_blob_dispose(&blob);
  return good;
}

enum certificate_container certificate_container_of(const uint8_t *bytes, size_t size) {
  static const uint8_t signed_data[] = {0x06, 0x09, 0x2A, 0x86, 0x48, 0x86,
                                        0xF7, 0x0D, 0x01, 0x07, 0x02};
  struct der_element outer;
  if (is_store(bytes, size)) return CONTAINER_STORE;
  if (!der_read(bytes, size, &outer) || outer.tag != 0x30)
    return is_blob(bytes, size) ? CONTAINER_BLOB : CONTAINER_NONE;
  bytes += outer.head, size -= outer.head;
  if (size >= sizeof signed_data && memcmp(bytes, signed_data, sizeof signed_data) == 0)
    return CONTAINER_PKCS7;
  return size >= 4 && memcmp(bytes, "\2\1\3\x30", 4) == 0 ? CONTAINER_PKCS12 : CONTAINER_NONE;
}

/* ---- Certificates -------------------------------------------------------------------------- */

struct reading_container {
  struct contained *told;
  size_t certificates, tries;
};

static void problem(struct reading_container *reading, const char *what) {
  if (!reading->told->problem) reading->told->problem = what;
}

static void take(struct reading_container *reading, const uint8_t *der, size_t size,
                 const char *name, bool archived) {
  if (reading->certificates++ >= CERTIFICATES_MOST) {
    problem(reading, "more than 100,000 certificates");
    return;
  }
  struct contained_certificate one = {der, size, name, archived};
  reading->told->take(reading->told->data, &one);
}

static void take_x509(struct reading_container *reading, X509 *certificate, const char *name) {
  unsigned char *der = NULL;
  int size = certificate ? i2d_X509(certificate, &der) : -1;
  if (size > 0)
    take(reading, der, (size_t)size, name, false);
  else
    problem(reading, "a certificate in it cannot be read");
  OPENSSL_free(der);
}

/* ---- Serialized stores ---------------------------------------------------------------------- */

static void read_element(struct reading_container *reading, const uint8_t *bytes, size_t size) {
  struct certificate_blob blob;
  if (!certificate_blob_read(bytes, size, &blob)) {
    problem(reading, "an element of it that is no certificate");
    return;
  }
  take(reading, (const uint8_t *)blob.der.start, blob.der.size,
       blob.friendly_name ? blob.friendly_name : "", blob.archived);
  certificate_blob_dispose(&blob);
}

static void read_store(struct reading_container *reading, const uint8_t *bytes, size_t size) {
  enum { HEAD = 8 };
  bytes += HEAD, size -= HEAD;
  for (size_t length; (length = certificate_blob_size(bytes, size)) > 0;) {
    read_element(reading, bytes, length);
    bytes += length, size -= length;
  }
  if (size != 12 || memcmp(bytes, "\0\0\0\0\0\0\0\0\0\0\0\0", 12) != 0)
    problem(reading, "a store without its end");
}

/* ---- PKCS #7 -----------------------------------------------------------------------------------
 */

static void read_pkcs7(struct reading_container *reading, const uint8_t *bytes, size_t size) {
  const unsigned char *at = bytes;
  PKCS7 *pkcs7 = size > LONG_MAX ? NULL : d2i_PKCS7(NULL, &at, (long)size);
  bool is_signed = pkcs7 && PKCS7_type_is_signed(pkcs7) && pkcs7->d.sign;
  if (!is_signed) problem(reading, "PKCS #7 that cannot be read");
  STACK_OF(X509) *all = is_signed ? pkcs7->d.sign->cert : NULL;
  for (int i = 0; i < sk_X509_num(all); i++)
    take_x509(reading, sk_X509_value(all, i), NULL);
  PKCS7_free(pkcs7);
}

/* ---- PKCS #12 ----------------------------------------------------------------------------------
 */

static void read_bags(struct reading_container *reading, const STACK_OF(PKCS12_SAFEBAG) * bags,
                      int depth) {
  for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags); i++) {
    PKCS12_SAFEBAG *bag = sk_PKCS12_SAFEBAG_value(bags, i);
    int kind = PKCS12_SAFEBAG_get_nid(bag);
    if (kind == NID_keyBag || kind == NID_pkcs8ShroudedKeyBag) reading->told->keys++;
    if (kind == NID_safeContentsBag && depth < DEPTH_MOST)
      read_bags(reading, PKCS12_SAFEBAG_get0_safes(bag), depth + 1);
    if (kind != NID_certBag || PKCS12_SAFEBAG_get_bag_nid(bag) != NID_x509Certificate) continue;
    X509 *certificate = PKCS12_SAFEBAG_get1_cert(bag);
    char *name = PKCS12_get_friendlyname(bag);
    take_x509(reading, certificate, name ? name : "");
    OPENSSL_free(name);
    X509_free(certificate);
  }
}

/* How often a password is hashed before it is known to be wrong; 0: not known. */
static long rounds_of(const X509_ALGOR *algorithm) {
  const ASN1_OBJECT *kind;
  const void *parameters;
  int type;
  X509_ALGOR_get0(&kind, &type, &parameters, algorithm);
  const ASN1_TYPE *packed = algorithm->parameter;
  long rounds = 0;
  if (OBJ_obj2nid(kind) != NID_pbes2) {
    PBEPARAM *simple = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBEPARAM), packed);
    if (simple) rounds = ASN1_INTEGER_get(simple->iter);
    PBEPARAM_free(simple);
    return rounds;
  }
  PBE2PARAM *double_ = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM), packed);
  if (double_ && OBJ_obj2nid(double_->keyfunc->algorithm) == NID_id_pbkdf2) {
    PBKDF2PARAM *derive =
        ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBKDF2PARAM), double_->keyfunc->parameter);
    if (derive) rounds = ASN1_INTEGER_get(derive->iter);
    PBKDF2PARAM_free(derive);
  }
  PBE2PARAM_free(double_);
  return rounds;
}

/* What Windows wrote for decades, and OpenSSL keeps apart since 3.0. */
static void load_old_ciphers(const X509_ALGOR *algorithm) {
  const ASN1_OBJECT *kind;
  X509_ALGOR_get0(&kind, NULL, NULL, algorithm);
  int id = OBJ_obj2nid(kind);
  if (id != NID_pbe_WithSHA1And40BitRC2_CBC && id != NID_pbe_WithSHA1And128BitRC2_CBC &&
      id != NID_pbe_WithSHA1And40BitRC4 && id != NID_pbe_WithSHA1And128BitRC4)
    return;
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
  static bool loaded;
  if (!loaded && OSSL_PROVIDER_load(NULL, "default")) (void)OSSL_PROVIDER_load(NULL, "legacy");
  loaded = true;
#endif
}

static STACK_OF(PKCS12_SAFEBAG) *
    open_with(struct reading_container *reading, PKCS7 *safe, const char *password) {
  reading->tries++;
  return PKCS12_unpack_p7encdata(safe, password, password ? (int)strlen(password) : 0);
}

static STACK_OF(PKCS12_SAFEBAG) * open_safe(struct reading_container *reading, PKCS7 *safe) {
  const struct contained *told = reading->told;
  STACK_OF(PKCS12_SAFEBAG) *bags = open_with(reading, safe, "");
  if (!bags) bags = open_with(reading, safe, NULL);
  for (size_t i = 0; i < told->password_count && !bags; i++)
    if (reading->tries < TRIES_MOST && strlen(told->passwords[i]) < 1024)
      bags = open_with(reading, safe, told->passwords[i]);
  return bags;
}

static void lock(struct reading_container *reading, const char *why) {
  reading->told->encrypted++;
  if (!reading->told->locked) reading->told->locked = why;
}

static void read_encrypted(struct reading_container *reading, PKCS7 *safe) {
  const PKCS7_ENC_CONTENT *content = safe->d.encrypted ? safe->d.encrypted->enc_data : NULL;
  long rounds = content && content->algorithm ? rounds_of(content->algorithm) : 0;
  if (rounds <= 0 || rounds > ROUNDS_MOST || reading->tries + 2 > TRIES_MOST) {
    lock(reading, "encrypted in a way that is not tried");
    return;
  }
  load_old_ciphers(content->algorithm);
  STACK_OF(PKCS12_SAFEBAG) *bags = open_safe(reading, safe);
  if (bags)
    read_bags(reading, bags, 0);
  else
    lock(reading, "encrypted, and neither the empty password nor one that was given opens it");
  sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
}

static void read_safe(struct reading_container *reading, PKCS7 *safe) {
  if (PKCS7_type_is_encrypted(safe)) {
    read_encrypted(reading, safe);
    return;
  }
  STACK_OF(PKCS12_SAFEBAG) *bags = PKCS7_type_is_data(safe) ? PKCS12_unpack_p7data(safe) : NULL;
  if (!bags) problem(reading, "a part of it that cannot be read");
  read_bags(reading, bags, 0);
  sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
}

static void read_pkcs12(struct reading_container *reading, const uint8_t *bytes, size_t size) {
  const unsigned char *at = bytes;
  PKCS12 *pkcs12 = size > LONG_MAX ? NULL : d2i_PKCS12(NULL, &at, (long)size);
  STACK_OF(PKCS7) *safes = pkcs12 ? PKCS12_unpack_authsafes(pkcs12) : NULL;
  if (!safes) problem(reading, "PKCS #12 that cannot be read");
  for (int i = 0; i < sk_PKCS7_num(safes); i++)
    read_safe(reading, sk_PKCS7_value(safes, i));
  sk_PKCS7_pop_free(safes, PKCS7_free);
  PKCS12_free(pkcs12);
}

void certificate_container_read(enum certificate_container kind, const uint8_t *bytes, size_t size,
                                struct contained *contained) {
  struct reading_container reading = {.told = contained};
  contained->keys = contained->encrypted = 0;
  contained->locked = contained->problem = NULL;
  if (kind == CONTAINER_PKCS7) read_pkcs7(&reading, bytes, size);
  if (kind == CONTAINER_PKCS12) read_pkcs12(&reading, bytes, size);
  if (kind == CONTAINER_STORE) read_store(&reading, bytes, size);
  if (kind == CONTAINER_BLOB) read_element(&reading, bytes, size);
  ERR_clear_error(); /* its queue keeps what a hostile file put in */
}
