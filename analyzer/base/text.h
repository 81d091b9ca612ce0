/* Small questions about text. ASCII only where it says "case": the names of
 * this field (hosts, thumbprints, configuration paths) are compared so. */
#ifndef SITEGLASS_BASE_TEXT_H
#define SITEGLASS_BASE_TEXT_H

#include "base/alloc.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A piece of somebody else's text; not NUL-terminated. */
struct span {
  const char *start;
  size_t size;
};

struct span span_of(const char *text);
struct span span_trim(struct span span); /* blanks, tabs, CR, LF, NO-BREAK SPACE */
bool span_equal(struct span span, const char *text);
bool span_equal_nocase(struct span span, const char *text);
char *span_copy(struct span span) MUST_USE;

bool text_equal(const char *a, const char *b); /* NULL equals only NULL */
bool text_equal_nocase(const char *a, const char *b);
bool text_starts(const char *text, const char *prefix);
bool text_starts_nocase(const char *text, const char *prefix);
bool text_ends_nocase(const char *text, const char *suffix);
char *text_lower(const char *text) MUST_USE; /* a new text */
char *text_upper(const char *text) MUST_USE;
/* a + separator + b, without printf: called for every element of a server. */
char *text_joined(const char *a, const char *separator, const char *b) MUST_USE;
/* `*` any run, `?` one character, case-insensitive. Linear, no recursion. */
bool text_glob(const char *pattern, const char *text);

/* Computer names: "EX01" is EX01.contoso.com; EX01.contoso.com is not EX01.fabrikam.com. */
bool text_same_computer(const char *a, const char *b);

/* 40 hex digits from `text`, blanks and colons between pairs allowed, written
 * upper case to `out`; false when it is anything else. */
bool text_thumbprint(struct span text, char out[41]);
void text_hex(const uint8_t *bytes, size_t size, char *out); /* upper case; 2*size+1 bytes */

/* The bytes that pairs of hex digits stand for, size / 2 of them; false on anything else. */
bool text_unhex(struct span hex, uint8_t *out);

/* Whole decimal number, no sign; false on anything else or overflow. */
bool text_unsigned(struct span text, uint64_t *value);

/* Size of the longest prefix that is strict UTF-8 without NUL. */
size_t text_utf8_prefix(const char *text, size_t size);

/* A copy that is safe on a terminal and in a line: control characters (C0, C1,
 * DEL, bidi overrides and isolates, zero-width marks) become \xNN or \u{NNNN},
 * invalid UTF-8 becomes \xNN. Length is at most `most` bytes; a cut ends in "...". */
char *text_printable(const char *text, size_t most) MUST_USE;

/* Edit distance without regard to case, for "did you mean"; huge for texts over 128 bytes. */
size_t text_distance(const char *a, const char *b);

uint64_t text_hash(const char *text, size_t size);

#endif
