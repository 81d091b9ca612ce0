/* What the parts of the intake share: the ledger being written and what is
 * left of its limits. */
#ifndef SITEGLASS_BUNDLE_INTAKE_H
#define SITEGLASS_BUNDLE_INTAKE_H

#include "base/map.h"
#include "bundle/bundle.h"

struct unpacking; /* see archive_parts.h */

struct intake {
  struct bundle *bundle;
  struct bundle_limits limits;
  const struct bundle_options *options;
  struct unpacking *unpacking; /* the innermost archive that is open; NULL: none */
  uint64_t total;              /* bytes taken in so far; an archive counts, and so do its members */
  struct map *names;           /* every path given out; how often, as a number in the pointer */
  bool full;                   /* artifact_count is reached, and that was said */
};

/* A path nobody has yet: `path` itself, or with " (2)", " (3)", ... Takes and
 * returns ownership. */
char *ledger_unique(struct intake *intake, char *path) MUST_USE;

/* A new artifact at the end of the ledger, with a note when its path was there before.
 * NULL when artifact_count is reached; the first time that is a diagnostic. */
struct artifact *ledger_add(struct intake *intake, const char *path) MUST_USE;

/* Adds to the artifact's note. */
void ledger_note(struct artifact *artifact, const char *format, ...) PRINTF_LIKE(2, 3);

/* Settles as refused and tells the person the same sentence. DIAG_NOTE is for
 * what could not be evidence (links, devices); else the bundle is incomplete. */
void ledger_refuse(struct intake *intake, struct artifact *artifact, enum diag_level level,
                   const char *format, ...) PRINTF_LIKE(4, 5);

/* True, after refusing, when `size` more bytes are over artifact_size or total_size. */
bool ledger_over_limit(struct intake *intake, struct artifact *artifact, uint64_t size) MUST_USE;

/* Gives the artifact its bytes (which it then owns, followed by a NUL): digest,
 * encoding, total. */
void ledger_fill(struct intake *intake, struct artifact *artifact, uint8_t *bytes, size_t size);

/* At the end of its intake: `take` gets it, unless it was refused or is an archive. */
void ledger_take(struct intake *intake, struct artifact *artifact);

#endif
