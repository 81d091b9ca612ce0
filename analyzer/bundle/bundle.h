/* A bundle: what somebody handed over, as artifacts. Nothing is unpacked to
 * disk; nothing that came in is lost: the list of artifacts is the ledger. */
#ifndef SITEGLASS_BUNDLE_BUNDLE_H
#define SITEGLASS_BUNDLE_BUNDLE_H

#include "base/alloc.h"
#include "base/diag.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum encoding {
  ENCODING_BINARY, /* not text */
  ENCODING_ASCII,
  ENCODING_UTF8,
  ENCODING_UTF8_BOM,
  ENCODING_UTF16LE,
  ENCODING_UTF16BE,
  ENCODING_CODE_PAGE, /* a single- or double-byte code page, guessed: see code_page */
};

/* How sure that is. */
enum encoding_confidence {
  CONFIDENCE_CERTAIN, /* the file states it (byte order mark, declaration), its bytes allow
                         nothing else, or --encoding says so */
  CONFIDENCE_LIKELY,  /* guessed, and nothing else comes near */
  CONFIDENCE_UNSURE,  /* guessed from little, or others fit about as well */
};

/* What became of an artifact. */
enum artifact_outcome {
  ARTIFACT_UNREAD,         /* nobody has looked at it yet */
  ARTIFACT_READ,           /* wholly */
  ARTIFACT_PARTLY_READ,    /* `reason` says how far and why */
  ARTIFACT_NOT_RECOGNISED, /* opened, digested, of no known kind */
  ARTIFACT_REFUSED,        /* not opened, or given up for safety; `reason` says why */
};

struct artifact {
  uint32_t number;   /* its place on the ledger, from 0 */
  char *path;        /* inside the bundle, '/' between parts, UTF-8 (printable escapes for
                        anything else); members of archives: case.zip!EX01/certs.txt */
  const char *named; /* `path` as it was found: without the " (2)" that tells it from an earlier
                        one of the same path; mostly `path` itself */
  uint8_t *bytes;    /* raw, followed by a NUL; NULL once released or when refused */
  size_t size;       /* in bytes, also when refused (as far as known) */
  char sha256[65];   /* lower-case hex; "" when it was never opened */
  int64_t modified;  /* seconds since 1970, UTC; meaningful when has_modified */
  bool has_modified;
  bool inner;        /* see bundle_add_inner */
  bool may_hold_more; /* refused, and what it is called does not tell what was lost: a folder, a
                         link, a path that was cut */
  bool from_archive; /* then `modified` is what the archive states (DOS time has no zone) */
  enum encoding encoding;
  int code_page; /* for ENCODING_CODE_PAGE: 437, 850, 1252, 936 ...; else 0 */
  enum encoding_confidence confidence;
  bool encoding_guessed; /* nothing in the file states it, nor did --encoding */
  bool encoding_given;   /* --encoding said so */
  bool encoding_mixed; /* text of another encoding was appended; each part is decoded as its own */
  size_t undecodable;  /* bytes that had to become U+FFFD, known after artifact_text; 0: clean */

  enum artifact_outcome outcome;
  char *reason;      /* a sentence without the path; "" when there is nothing to say */
  char *note;        /* what was odd about its name or place and what was done about it, "; "
                        between; "" when nothing was */
  const char *kind;  /* id of the evidence kind, e.g. "netsh-sslcert"; "" when none */
  const char *role;  /* "live", "older copy", "backup", "damaged", "unused"; "" */
  char *host;        /* name of the host it was given to; "" before and when none */
  char *host_reason; /* why that host; "" */

  bool mapped; /* private: `bytes` are the file itself, and no NUL follows them */
  char *text;  /* private: see artifact_text */
  size_t text_size;
};

/* Each is an option of the command line, which messages name. What a limit leaves
 * out is told, and makes the bundle incomplete. */
struct bundle_limits {
  uint64_t artifact_size; /* 1 GiB, --max-file-size; an archive may be as large as total_size */
  uint64_t total_size;    /* 8 GiB, --max-total-size: files, archives and their members */
  size_t artifact_count;  /* 250,000, --max-files; more than 2^20 - 2 counts as that */
  size_t member_count;    /* 100,000, --max-members: of an archive and of those in it */
  unsigned folder_depth;  /* 64, --max-folder-depth */
  unsigned expansion;     /* 200, --max-expansion: what came out of an archive and of those in
                             it, beyond 64 MiB, is no more than 200 times its size */
  unsigned archive_depth; /* 4, --max-archive-depth: archives in archives; 1: none */
  size_t name_length;     /* 4,096, --max-name-length: bytes of a path inside the bundle */
};
enum { BUNDLE_NAME_MOST = 4096 }; /* the most that name_length can be */
extern const struct bundle_limits bundle_default_limits;

struct bundle {
  char *name; /* for the report: the last part of each argument, joined by ", " */
  struct artifact **artifacts;
  size_t count, capacity;
  struct diags diags; /* what could not be opened, limits that were hit, links skipped */
  bool incomplete;    /* something that may be evidence was not read (damage, a limit, no
                         permission, encryption); each case is in diags. Links do not count. */
  bool cut_short;     /* what else there was is not even on the ledger (a limit, damage) */
};

/* --encoding GLOB=NAME: the first whose glob fits the path, or its last part, wins. */
struct encoding_choice {
  const char *glob; /* NULL: every file whose encoding nothing states */
  enum encoding encoding;
  int code_page; /* for ENCODING_CODE_PAGE */
};
/* Of a name as people write it: "utf-8", "utf-16le", "850", "cp850", "windows-1252".
 * False when it is none that siteglass reads. */
bool encoding_choice_read(const char *name, struct encoding_choice *choice) MUST_USE;

/* Zeros: the defaults. */
struct bundle_options {
  const struct bundle_limits *limits; /* NULL: bundle_default_limits */
  const struct encoding_choice *encodings;
  size_t encoding_count;
  /* Called for each artifact that was opened, in the order of the ledger, when its
   * bytes are at hand; they are released behind it. NULL: all bytes are kept. */
  void (*take)(struct bundle *bundle, struct artifact *artifact, void *context);
  void *context;
};

/* Opens files, folders (recursively, names sorted by byte, symbolic links never
 * followed, except a path given here that is itself one) and archives: zip, tar, 7z,
 * cab, and gzip, xz, bzip2, zstd around a tar or one file; also archives in them. In
 * the order given. Paths inside: a file given alone is its base name; a folder's
 * files are relative to the folder, and with several arguments carry the
 * argument's base name in front (two equal names get " (2)": `IIS (2)/web.config`
 * when two folders IIS are given). Never fails: what cannot be read is a refused
 * artifact or a diagnostic; the same input in another directory order gives the same
 * ledger. Members of archives stand behind their archive, those of a zip sorted, others
 * as they were packed. Folders themselves are on the ledger only when they were
 * refused. With `take`, memory holds one file, the archives it stands in, and what
 * `take` keeps. */
struct bundle *bundle_open_with(const char *const *paths, size_t count,
                                const struct bundle_options *options) MUST_USE;
/* The same with limits alone (NULL: the defaults), and all bytes kept. */
struct bundle *bundle_open(const char *const *paths, size_t count,
                           const struct bundle_limits *limits) MUST_USE;
void bundle_free(struct bundle *bundle);

/* A file whose whole text stands inside another artifact (HealthChecker keeps configuration
 * files so): a new artifact at the end of the ledger, `path` of the outer one, "!" and
 * `name` its path. NULL when the ledger is full (2^20 - 2), or `outer` stands inside another
 * itself. */
struct artifact *bundle_add_inner(struct bundle *bundle, const struct artifact *outer,
                                  const char *name, const char *text, size_t size);

/* The artifact as UTF-8 without BOM, line ends as they are, followed by a NUL;
 * decoded on first use. NULL for ENCODING_BINARY and refused ones. For ASCII
 * and UTF-8 it is a view of `bytes`. */
const char *artifact_text(struct artifact *artifact, size_t *size);
/* `named`, also of an artifact that somebody made by hand without one. */
static inline const char *artifact_named(const struct artifact *artifact) {
  return artifact->named ? artifact->named : artifact->path;
}
/* Frees bytes and text; the ledger entry stays. */
void artifact_release(struct artifact *artifact);
void artifact_settle(struct artifact *artifact, enum artifact_outcome outcome, const char *format,
                     ...) PRINTF_LIKE(3, 4);
const char *artifact_outcome_word(enum artifact_outcome outcome); /* "read", "partly read", ... */
const char *artifact_confidence_word(enum encoding_confidence confidence); /* "certain", ... */
/* "UTF-16LE", "UTF-8 with BOM", "code page 850 (likely)",
 * "UTF-16LE (unsure)" ... into `out`. */
void artifact_encoding_name(const struct artifact *artifact, char out[48]);

#endif
