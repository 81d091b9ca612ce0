/* Certificate files: one DER certificate, or PEM blocks (RFC 7468) with any text around them,
 * recognised by their bytes alone. Facts: <certificate> children as in x509.h, at the
 * line of their BEGIN; of a DER file without line.
 *
 * A certificate that cannot be read, or a block without its end, leaves the reading
 * incomplete; the others are still facts. Private keys are neither read nor kept nor
 * printed: the ledger says that one is there. Containers (certificate_container.h), also as
 * PEM, give their certificates, with @friendlyName and @archived where they tell them. What is
 * encrypted and no password opens is said on the ledger. A file shows what a certificate is, not
 * that it stands in a store. */
#include "base/base64.h"
#include "base/der.h"
#include "base/moment.h"
#include "evidence/node.h"
#include "readers/certificate_container.h"
#include "readers/lines.h"
#include "readers/readers.h"
#include "readers/x509.h"

#include <string.h>

enum { BLOCK_MOST = 1 << 20 }; /* characters of one PEM certificate */

/* ---- DER ---- */

/* SEQUENCE { SEQUENCE { [0] { version } INTEGER ..., the front of every X.509 v3
 * certificate; v1 starts with the INTEGER, and is then told from a request
 * (INTEGER 0, SEQUENCE of names) by the OID of its algorithm. */
static bool is_certificate(const uint8_t *bytes, size_t size) {
  struct der_element outer, inner, first, next;
  if (!der_read(bytes, size, &outer) || outer.tag != 0x30) return false;
  bytes += outer.head, size -= outer.head;
  if (!der_read(bytes, size, &inner) || inner.tag != 0x30 || inner.size > outer.size) return false;
  bytes += inner.head, size -= inner.head;
  if (!der_read(bytes, size, &first)) return false;
  if (first.tag == 0xA0) return first.size == 3 && size >= 5 && memcmp(bytes + 2, "\2\1", 2) == 0;
  if (first.tag != 0x02 || first.head + first.size > size) return false;
  bytes += first.head + first.size, size -= first.head + first.size;
  if (!der_read(bytes, size, &next) || next.tag != 0x30 || size <= next.head) return false;
  return bytes[next.head] == 0x06;
}

/* ---- one certificate ---- */

/* NULL when it cannot be read. */
static xmlNode *add_certificate(struct reading *reading, const uint8_t *der, size_t size,
                                struct origin origin) {
  char error[128];
  int64_t moment;
  xmlNode *node = node_add(reading->facts, "certificate", origin);
  if (!x509_facts(der, size, node, origin, error)) {
    xmlUnlinkNode(node);
    xmlFreeNode(node);
    reading_breaks(reading, UNKNOWN_DAMAGED, origin, "%s", error);
    return NULL;
  }
  if (moment_parse(node_get(node, "notBefore"), &moment))
    reading_saw_hint(reading, moment, "NotBefore of a certificate");
  return node;
}

/* ---- containers ---- */

struct holder {
  struct reading *reading;
  const struct readings *readings;
  struct origin origin;
};

static void take(void *data, const struct contained_certificate *certificate) {
  const struct holder *holder = data;
  xmlNode *node =
      add_certificate(holder->reading, certificate->der, certificate->size, holder->origin);
  if (!node) return;
  node_set(node, "friendlyName", certificate->friendly_name, holder->origin);
  if (certificate->archived) node_set(node, "archived", "true", holder->origin);
}

/* How many private keys are in it. */
static unsigned read_container(const struct holder *holder, enum certificate_container kind,
                               const uint8_t *bytes, size_t size) {
  struct contained contained = {.take = take,
                                .data = (void *)holder,
                                .passwords = holder->readings->passwords,
                                .password_count = holder->readings->password_count};
  certificate_container_read(kind, bytes, size, &contained);
  if (contained.problem)
    reading_breaks(holder->reading, UNKNOWN_DAMAGED, holder->origin, "%s", contained.problem);
  if (contained.locked)
    reading_breaks(holder->reading, UNKNOWN_ENCRYPTED, holder->origin,
                   "PKCS #12, %s (--pfx-password-file FILE)", contained.locked);
  return contained.keys;
}

static void read_der(struct reading *reading) {
  const struct artifact *artifact = reading->artifact;
  struct origin origin = {.source = artifact->number + 1};
  struct der_element outer;
  if (der_read(artifact->bytes, artifact->size, &outer) && outer.size > artifact->size - outer.head)
    reading_breaks(reading, UNKNOWN_TRUNCATED, origin, "a DER certificate that is not whole");
  else
    add_certificate(reading, artifact->bytes, artifact->size, origin);
}

/* ---- PEM ---- */

enum block {
  BLOCK_NONE,
  BLOCK_CERTIFICATE,
  BLOCK_TRUSTED,
  BLOCK_CONTAINER,
  BLOCK_KEY,
  BLOCK_OTHER,
};

/* The label of "-----BEGIN label-----". */
static bool boundary(const struct line *line, const char *word, struct span *label) {
  struct span text = span_trim(line->text);
  size_t front = strlen(word);
  if (text.size < front + 6 || memcmp(text.start, word, front) != 0 ||
      memcmp(text.start + text.size - 5, "-----", 5) != 0)
    return false;
  *label = (struct span){text.start + front, text.size - front - 5};
  return true;
}

static enum block begins(const struct line *line, struct span *label) {
  if (!boundary(line, "-----BEGIN ", label)) return BLOCK_NONE;
  if (span_equal(*label, "CERTIFICATE") || span_equal(*label, "X509 CERTIFICATE"))
    return BLOCK_CERTIFICATE;
  if (span_equal(*label, "TRUSTED CERTIFICATE")) return BLOCK_TRUSTED;
  if (span_equal(*label, "PKCS7") || span_equal(*label, "PKCS #7 SIGNED DATA") ||
      span_equal(*label, "CMS") || span_equal(*label, "PKCS12"))
    return BLOCK_CONTAINER;
  return span_holds(*label, "PRIVATE KEY") ? BLOCK_KEY : BLOCK_OTHER;
}

struct pem {
  struct reading *reading;
  const struct readings *readings;
  struct lines lines;
  unsigned keys, others;
};

/* TRUSTED: OpenSSL's own settings stand behind the certificate. What `certutil -encode` makes is
 * called a certificate, whatever it is. */
static void end_certificate(struct pem *pem, enum block kind, struct span base64,
                            struct origin origin) {
  uint8_t *bytes;
  size_t size;
  struct der_element outer;
  if (base64.size > BLOCK_MOST || !base64_decode(base64, &bytes, &size)) {
    reading_breaks(pem->reading, UNKNOWN_DAMAGED, origin, "a PEM certificate that is not base64");
    return;
  }
  enum certificate_container container =
      is_certificate(bytes, size) ? CONTAINER_NONE : certificate_container_of(bytes, size);
  if (kind == BLOCK_TRUSTED && der_read(bytes, size, &outer) && outer.size < size - outer.head)
    size = outer.head + outer.size;
  if (container != CONTAINER_NONE)
    pem->keys += read_container(&(struct holder){pem->reading, pem->readings, origin}, container,
                                bytes, size);
  else
    add_certificate(pem->reading, bytes, size, origin);
  alloc_free(bytes);
}

/* From behind BEGIN to the END of the same label. */
static void read_certificate(struct pem *pem, enum block kind, struct span label,
                             struct origin origin) {
  struct line line;
  struct span end;
  const char *start = pem->lines.text + pem->lines.at;
  for (struct lines before = pem->lines; lines_next(&pem->lines, &line); before = pem->lines) {
    if (boundary(&line, "-----END ", &end)) {
      if (end.size == label.size && memcmp(end.start, label.start, end.size) == 0)
        end_certificate(pem, kind, (struct span){start, (size_t)(line.begin - start)}, origin);
      else
        reading_breaks(pem->reading, UNKNOWN_DAMAGED, origin, "a PEM certificate with another END");
      return;
    }
    if (begins(&line, &end) != BLOCK_NONE) {
      pem->lines = before; /* the next block starts before this one ended */
      break;
    }
  }
  reading_breaks(pem->reading, UNKNOWN_TRUNCATED, origin, "a PEM certificate without its END line");
}

static void settle(const struct reading *reading, unsigned keys, unsigned others) {
  struct artifact *artifact = reading->artifact;
  const char *key = "holds a private key, which was neither read nor printed";
  bool some = reading->facts->children != NULL;
  if (!reading->complete) {
    char *why = alloc_text(artifact->reason ? artifact->reason : "");
    if (keys) artifact_settle(artifact, ARTIFACT_PARTLY_READ, "%s; %s", why, key);
    alloc_free(why);
  } else if (keys) {
    artifact_settle(artifact, some ? ARTIFACT_READ : ARTIFACT_PARTLY_READ, "%s", key);
  } else if (others) {
    artifact_settle(artifact, some ? ARTIFACT_PARTLY_READ : ARTIFACT_NOT_RECOGNISED,
                    "holds PEM blocks that are no certificates, which were not read");
  }
}

static void read_pem(struct reading *reading, const struct readings *readings, const char *text,
                     size_t size) {
  struct pem pem = {.reading = reading, .readings = readings, .lines = lines_of(text, size)};
  struct line line;
  struct span label;
  while (lines_next(&pem.lines, &line)) {
    enum block kind = begins(&line, &label);
    pem.keys += kind == BLOCK_KEY;
    pem.others += kind == BLOCK_OTHER;
    if (kind == BLOCK_CERTIFICATE || kind == BLOCK_TRUSTED || kind == BLOCK_CONTAINER)
      read_certificate(
          &pem, kind, label,
          line_origin(&line, label.start - strlen("-----BEGIN "), reading->artifact->number + 1));
  }
  settle(reading, pem.keys, pem.others);
}

static bool has_pem(const char *text, size_t size) {
  struct lines lines = lines_of(text, size);
  struct line line;
  struct span label;
  while (lines_next(&lines, &line)) {
    enum block kind = begins(&line, &label);
    if (kind != BLOCK_NONE && kind != BLOCK_OTHER) return true;
  }
  return false;
}

/* ---- the reader ---- */

static bool recognise(const struct artifact *artifact, const char *text, size_t size,
                      const char *root) {
  if (*root || !artifact->bytes) return false;
  if (is_certificate(artifact->bytes, artifact->size)) return true;
  if (certificate_container_of(artifact->bytes, artifact->size) != CONTAINER_NONE) return true;
  return text && has_pem(text, size);
}

static void read(struct reading *reading, struct readings *readings) {
  struct artifact *artifact = reading->artifact;
  size_t size;
  const char *text = artifact_text(artifact, &size);
  enum certificate_container container = certificate_container_of(artifact->bytes, artifact->size);
  struct holder holder = {reading, readings, {.source = artifact->number + 1}};
  reading_start(reading, readings);
  if (is_certificate(artifact->bytes, artifact->size))
    read_der(reading);
  else if (container != CONTAINER_NONE)
    settle(reading, read_container(&holder, container, artifact->bytes, artifact->size), 0);
  else
    read_pem(reading, readings, text, size);
}

const struct reader certificate_file_reader = {
    .kind = "certificate-file", .recognise = recognise, .read = read};
