/* What the bytes of an artifact are as text. */
#ifndef SITEGLASS_BUNDLE_ENCODING_H
#define SITEGLASS_BUNDLE_ENCODING_H

#include "bundle/bundle.h"

/* Fills encoding, code_page, encoding_guessed and encoding_mixed from `bytes` and
 * `size`. Never fails. In this order: byte order mark; UTF-16 without one by where
 * its NULs stand; strict UTF-8 (a few NULs allowed: readers call them bad
 * characters); binary by NULs, control characters or a DER length; an XML
 * declaration; markup is UTF-8 however damaged (XML 1.0, 4.3.3); a code page. */
void encoding_detect(struct artifact *artifact);

/* The same, then what `choices` say of its path. */
void encoding_settle(struct artifact *artifact, const struct encoding_choice *choices,
                     size_t count);

/* Makes `text` and `text_size` (see artifact_text). Not for binary ones. */
void encoding_decode(struct artifact *artifact);

#endif
