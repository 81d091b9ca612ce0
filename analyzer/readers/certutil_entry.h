/* One entry of `certutil -store`, from its banner to the next: fields by order
 * and shape, never by label. For certutil_store.c. */
#ifndef SITEGLASS_READERS_CERTUTIL_ENTRY_H
#define SITEGLASS_READERS_CERTUTIL_ENTRY_H

#include "readers/certutil_extensions.h"
#include "readers/local_date.h"

/* What -v says of the store that an entry came from (property 14). */
enum certutil_where { CERTUTIL_ANYWHERE, CERTUTIL_OF_MACHINE, CERTUTIL_NOT_OF_MACHINE };

enum certutil_key { CERTUTIL_KEY_UNDECIDED, CERTUTIL_KEY_THERE, CERTUTIL_KEY_NONE };

/* A value with its place; text.start NULL: not found. `copy` owns what had to be
 * put together from several lines, else NULL. */
struct certutil_value {
  struct span text;
  char *copy;
  struct origin at;
};

struct certutil_entry {
  unsigned number;  /* of the banner */
  struct span word; /* "Certificate", "Zertifikat", "CRL" */
  struct origin at;
  bool certificate; /* starts with a serial number, as certificates do and CRLs do not */
  bool verbose;     /* of -v */
  bool nested;      /* of -dump: from a file, not from a store */
  bool ended;       /* another entry or the closing line follows */
  bool archived;
  char thumbprint[41]; /* "" when it was not found for certain */
  struct origin thumbprint_at;
  struct certutil_value serial, issuer, not_before, not_after, subject;
  struct certutil_value friendly_name;                      /* -v and ended: "" when it has none */
  struct certutil_value signature_algorithm, key_algorithm; /* OIDs; -v only */
  struct certutil_value key_size;                           /* bits; -v only */
  struct certutil_extensions extensions;                    /* -v only */
  struct certutil_value key_provider; /* "" when no container is linked; start NULL: not known */
  enum certutil_where where;          /* which kind of store; -v only */
  enum certutil_key key;
  struct span key_sentence; /* what `key` NONE rests on: the first sentence after the hash */
  struct span *after_key;   /* sentences behind a key part, owned array */
  size_t after_key_count, after_key_capacity;
};

/* ======== word number ======== */
bool certutil_banner(const struct line *line, struct span *word, unsigned *number);

/* Reads the `count` lines of an entry, the first its banner. `ended`: another entry
 * or the closing line follows them, so nothing of it is missing. `wrap`: the width at
 * which the text seems to be wrapped, 0 when it is not: values that wide are then
 * not believed unless their end is certain. */
struct certutil_entry certutil_entry_read(const struct line *lines, size_t count, bool ended,
                                          size_t wrap, uint32_t source);
void certutil_entry_dispose(struct certutil_entry *entry);

/* Characters (not bytes) of a line. */
size_t certutil_width(struct span text);
/* Without a colon or an equals sign: "Archived!", "Signature test passed". */
bool certutil_is_sentence(const struct line *line);

#endif
