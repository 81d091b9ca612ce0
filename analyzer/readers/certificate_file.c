/* Certificate files: one DER certificate, or PEM blocks (RFC 7468) with any text around them,
 * recognised by their bytes alone. Facts: <certificate> children as in x509.h, at the
 * line of their BEGIN; of a DER file without line.
 *
 * A certificate that cannot be read, or a block without its end, leaves the reading
 * incomplete; the others are still facts. Private keys are neither read nor kept nor
 * printed: the ledger says that one is there. Containers that may hold certificates too
 * (PKCS #7, PKCS #12, serialized stores) are named on the ledger and not read. */
#include "base/base64.h"
#include "base/moment.h"
#include "evidence/node.h"
#include "readers/lines.h"
#include "readers/readers.h"
#include "readers/x509.h"

#include <string.h>

enum { BLOCK_MOST = 1 << 20 }; /* characters of one PEM certificate */

/* ---- DER ---- */

struct tlv {
  uint8_t tag;
  size_t head, size; /* of tag and length; of the content */
};

/* The element at the front; its content may go beyond `size`. Definite lengths only. */
static bool read_tlv(const uint8_t *bytes, size_t size, struct tlv *tlv) {
  if (size < 2 || (bytes[0] & 31) == 31) return false;
  *tlv = (struct tlv){bytes[0], 2, bytes[1]};
  if (bytes[1] < 0x80) return true;
  size_t count = bytes[1] & 127u;
  if (count == 0 || count > 4 || size < 2 + count) return false;
  tlv->size = 0;
  for (size_t i = 0; i < count; i++)
    tlv->size = tlv->size << 8 | bytes[2 + i];
  tlv->head = 2 + count;
  return true;
}

/* SEQUENCE { SEQUENCE { [0] { version } INTEGER ..., the front of every X.509 v3
 * certificate; v1 starts with the INTEGER, and is then told from a request
 * (INTEGER 0, SEQUENCE of names) by the OID of its algorithm. */
static bool is_certificate(const uint8_t *bytes, size_t size) {
  struct tlv outer, inner, first, next;
  if (!read_tlv(bytes, size, &outer) || outer.tag != 0x30) return false;
  bytes += outer.head, size -= outer.head;
  if (!read_tlv(bytes, size, &inner) || inner.tag != 0x30 || inner.size > outer.size) return false;
  bytes += inner.head, size -= inner.head;
  if (!read_tlv(bytes, size, &first)) return false;
  if (first.tag == 0xA0) return first.size == 3 && size >= 5 && memcmp(bytes + 2, "\2\1", 2) == 0;
  if (first.tag != 0x02 || first.head + first.size > size) return false;
  bytes += first.head + first.size, size -= first.head + first.size;
  if (!read_tlv(bytes, size, &next) || next.tag != 0x30 || size <= next.head) return false;
  return bytes[next.head] == 0x06;
}

/* What else a file of this field may be; NULL when nothing known. */
static const char *container_of(const uint8_t *bytes, size_t size) {
  static const uint8_t signed_data[] = {0x06, 0x09, 0x2A, 0x86, 0x48, 0x86,
                                        0xF7, 0x0D, 0x01, 0x07, 0x02};
  struct tlv outer;
  if (size >= 8 && memcmp(bytes, "\0\0\0\0CERT", 8) == 0)
    return "serialized certificate store (.sst); not read yet";
  if (!read_tlv(bytes, size, &outer) || outer.tag != 0x30) return NULL;
  bytes += outer.head, size -= outer.head;
  if (size >= sizeof signed_data && memcmp(bytes, signed_data, sizeof signed_data) == 0)
    return "PKCS #7 file; not read yet";
  if (size >= 4 && memcmp(bytes, "\2\1\3\x30", 4) == 0)
    return "PKCS #12 file; it may hold a private key; not read";
  return NULL;
}

/* ---- one certificate ---- */

static void add_certificate(struct reading *reading, const uint8_t *der, size_t size,
                            struct origin origin) {
  char error[128];
  int64_t moment;
  xmlNode *node = node_add(reading->facts, "certificate", origin);
  if (!x509_facts(der, size, node, origin, error)) {
    xmlUnlinkNode(node);
    xmlFreeNode(node);
    reading_breaks(reading, UNKNOWN_DAMAGED, origin, "%s", error);
  } else if (moment_parse(node_get(node, "notBefore"), &moment)) {
    reading_saw_hint(reading, moment, "NotBefore of a certificate");
  }
}

static void read_der(struct reading *reading) {
  const struct artifact *artifact = reading->artifact;
  struct origin origin = {.source = artifact->number + 1};
  struct tlv outer;
  if (read_tlv(artifact->bytes, artifact->size, &outer) && outer.size > artifact->size - outer.head)
    reading_breaks(reading, UNKNOWN_TRUNCATED, origin, "a DER certificate that is not whole");
  else
    add_certificate(reading, artifact->bytes, artifact->size, origin);
}

/* ---- PEM ---- */

enum block { BLOCK_NONE, BLOCK_CERTIFICATE, BLOCK_TRUSTED, BLOCK_KEY, BLOCK_OTHER };

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
  return span_holds(*label, "PRIVATE KEY") ? BLOCK_KEY : BLOCK_OTHER;
}

struct pem {
  struct reading *reading;
  struct lines lines;
  unsigned keys, others;
};

/* TRUSTED: OpenSSL's own settings stand behind the certificate. */
static void end_certificate(struct pem *pem, enum block kind, struct span base64,
                            struct origin origin) {
  uint8_t *bytes;
  size_t size;
  struct tlv outer;
  if (base64.size > BLOCK_MOST || !base64_decode(base64, &bytes, &size)) {
    reading_breaks(pem->reading, UNKNOWN_DAMAGED, origin, "a PEM certificate that is not base64");
    return;
  }
  if (kind == BLOCK_TRUSTED && read_tlv(bytes, size, &outer) && outer.size < size - outer.head)
    size = outer.head + outer.size;
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

static void settle_pem(const struct pem *pem) {
  struct artifact *artifact = pem->reading->artifact;
  const char *key = "holds a private key, which was neither read nor printed";
  bool some = pem->reading->facts->children != NULL;
  if (!pem->reading->complete) {
    char *why = alloc_text(artifact->reason ? artifact->reason : "");
    if (pem->keys) artifact_settle(artifact, ARTIFACT_PARTLY_READ, "%s; %s", why, key);
    alloc_free(why);
  } else if (pem->keys) {
    artifact_settle(artifact, some ? ARTIFACT_READ : ARTIFACT_PARTLY_READ, "%s", key);
  } else if (pem->others) {
    artifact_settle(artifact, some ? ARTIFACT_PARTLY_READ : ARTIFACT_NOT_RECOGNISED,
                    "holds PEM blocks that are no certificates (PKCS #7 or others); not read yet");
  }
}

static void read_pem(struct reading *reading, const char *text, size_t size) {
  struct pem pem = {.reading = reading, .lines = lines_of(text, size)};
  struct line line;
  struct span label;
  while (lines_next(&pem.lines, &line)) {
    enum block kind = begins(&line, &label);
    pem.keys += kind == BLOCK_KEY;
    pem.others += kind == BLOCK_OTHER;
    if (kind == BLOCK_CERTIFICATE || kind == BLOCK_TRUSTED)
      read_certificate(
          &pem, kind, label,
          line_origin(&line, label.start - strlen("-----BEGIN "), reading->artifact->number + 1));
  }
  settle_pem(&pem);
}

static bool has_pem(const char *text, size_t size) {
  struct lines lines = lines_of(text, size);
  struct line line;
  struct span label;
  while (lines_next(&lines, &line)) {
    enum block kind = begins(&line, &label);
    if (kind != BLOCK_NONE && kind != BLOCK_OTHER) return true;
    if (kind == BLOCK_OTHER && (span_equal(label, "PKCS7") || span_equal(label, "PKCS12")))
      return true;
  }
  return false;
}

/* ---- the reader ---- */

static bool recognise(const struct artifact *artifact, const char *text, size_t size,
                      const char *root) {
  if (*root || !artifact->bytes) return false;
  if (is_certificate(artifact->bytes, artifact->size)) return true;
  if (container_of(artifact->bytes, artifact->size)) return true;
  return text && has_pem(text, size);
}

static void read(struct reading *reading, struct readings *readings) {
  struct artifact *artifact = reading->artifact;
  size_t size;
  const char *text = artifact_text(artifact, &size);
  const char *container = container_of(artifact->bytes, artifact->size);
  reading_start(reading, readings);
  if (is_certificate(artifact->bytes, artifact->size))
    read_der(reading);
  else if (container)
    artifact_settle(artifact, ARTIFACT_NOT_RECOGNISED, "%s", container);
  else
    read_pem(reading, text, size);
}

const struct reader certificate_file_reader = {
    .kind = "certificate-file", .recognise = recognise, .read = read};
