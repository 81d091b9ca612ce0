/* One self-made server, printed as Windows prints it: certutil and netsh in nine
 * languages and one that nobody knows, in three encodings. For tests that hold the same
 * evidence in different clothes.
 *
 *   struct dump_style style = {.language = DUMP_GERMAN, .encoding = DUMP_OEM};
 *   struct buffer text = buffer_make(1 << 20);
 *   dump_certutil(&text, &my_store, &style);
 *   char *bytes = dump_encode(&text, &style, &size);
 *
 * Labels are those of public captures. Where no capture is known of a language's label,
 * a filler stands in its place ("Feld 3"), of the right shape and in the language's script: what
 * is read by it is read by shape. dumps_words.c says which these are. */
#ifndef SITEGLASS_TESTS_SUPPORT_DUMPS_H
#define SITEGLASS_TESTS_SUPPORT_DUMPS_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum dump_language {
  DUMP_ENGLISH,
  DUMP_GERMAN,
  DUMP_FRENCH,
  DUMP_SPANISH,
  DUMP_ITALIAN,
  DUMP_PORTUGUESE,
  DUMP_RUSSIAN,
  DUMP_JAPANESE,
  DUMP_CHINESE,
  DUMP_UNKNOWN, /* fillers alone, no Latin letters */
  DUMP_LANGUAGES
};

enum dump_encoding {
  DUMP_UTF8,
  DUMP_UTF16, /* little endian with a byte order mark: `>` in Windows PowerShell */
  DUMP_OEM,   /* the code page of a console in that language: `>` in cmd */
  DUMP_ENCODINGS
};

struct dump_style {
  enum dump_language language;
  enum dump_encoding encoding;
  bool spaced;          /* hashes as Windows printed them up to 2016: "aa bb cc" */
  bool verbose;         /* certutil -v */
  bool verify;          /* -verifystore in place of -store */
  const char *prompt;   /* "C:\\>": the command and a prompt around it; NULL: output alone */
  const char *line_end; /* NULL: "\r\n" */
  int zone;             /* minutes east of UTC: the clock of the server */
  unsigned fields;      /* of a netsh record, behind the store: 9, 10, 11, 16, 19, 20, 21; 0: 19 */
};

enum dump_key {
  DUMP_KEY_NONE,        /* no key provider information */
  DUMP_KEY_USABLE,      /* container, provider, unique name, a test that passed */
  DUMP_KEY_UNREACHABLE, /* Missing stored keyset: what a collector without rights sees */
  DUMP_KEY_UNLINKED     /* a key is found, but the certificate does not name it */
};

struct dump_certificate {
  const char *thumbprint;        /* 40 hex digits, any case */
  const char *serial;            /* lower-case hex */
  const char *issuer, *subject;  /* as Windows prints them: "CN=x, O=y"; without commas in values */
  int64_t not_before, not_after; /* seconds since 1970, whole minutes */
  enum dump_key key;
  bool cng, archived, exportable;
  const char *friendly_name;           /* NULL: none; -v only */
  const char *const *dns_names;        /* NULL-terminated; NULL: no such extension; -v only */
  const char *const *purposes;         /* object identifiers, as dns_names; -v only */
  const char *signature_oid, *key_oid; /* NULL: sha256RSA, RSA; -v only */
  unsigned key_size;                   /* 0: 2048; -v only */
};

struct dump_store {
  const char *name;   /* as typed: "My" */
  const char *option; /* " -user", " -enterprise"; NULL: the machine's own */
  const struct dump_certificate *const *certificates;
  size_t count;
};

/* Bits of dump_record.set: what differs from the usual. */
enum {
  DUMP_NEGOTIATE = 1,      /* Negotiate Client Certificate: Enabled */
  DUMP_REJECT = 2,         /* Reject Connections: Enabled */
  DUMP_NO_HTTP2 = 4,       /* Disable HTTP2: Set */
  DUMP_NO_LEGACY_TLS = 8,  /* Disable Legacy TLS Versions: Set */
  DUMP_NO_REVOCATION = 16, /* Verify Client Certificate Revocation: Disabled */
};

struct dump_record {
  const char *key;        /* "0.0.0.0:443", "[::]:443", "host:443", "443": central store */
  const char *thumbprint; /* NULL: (null) */
  const char *app_id;     /* NULL: that of IIS */
  const char *store;      /* NULL: (null) */
  const char *ctl_store;  /* NULL: (null) */
  unsigned set;
};

struct dump_reservation {
  const char *url, *user, *sddl;
};

struct dump_queue {
  const char *name; /* NULL: without one */
  unsigned process;
  const char *const *urls; /* NULL-terminated */
};

/* All append to `out` as UTF-8 with LF; dump_encode makes the bytes. */
void dump_certutil(struct buffer *out, const struct dump_store *store,
                   const struct dump_style *style);
void dump_sslcert(struct buffer *out, const struct dump_record *records, size_t count,
                  const struct dump_style *style);
void dump_iplisten(struct buffer *out, const char *const *addresses, size_t count,
                   const struct dump_style *style);
void dump_urlacl(struct buffer *out, const struct dump_reservation *reservations, size_t count,
                 const struct dump_style *style);
/* The same records in the registry: HTTP\Parameters as `reg export`, or as `reg query /s`. */
void dump_registry_http(struct buffer *out, const struct dump_record *records, size_t count,
                        bool query);
/* The request-queue view. */
void dump_servicestate(struct buffer *out, const struct dump_queue *queues, size_t count,
                       const struct dump_style *style);

/* The bytes of the file: line ends, encoding. The caller frees. */
char *dump_encode(const struct buffer *text, const struct dump_style *style, size_t *size) MUST_USE;

const char *dump_language_name(enum dump_language language); /* "de", "??" */
const char *dump_oem_code_page(enum dump_language language); /* "CP850" */

#endif
