/* Code pages: text of which nothing says how it is encoded. Uses iconv(3). */
#ifndef SITEGLASS_BUNDLE_CODE_PAGE_H
#define SITEGLASS_BUNDLE_CODE_PAGE_H

#include "bundle/bundle.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The most likely code page (Windows numbers) of bytes that are not UTF-8: console
 * programs of Windows write in the OEM code page of the console, Set-Content in the ANSI
 * one. By how plausible the letters are that it would give, alone and in the alphabet
 * of a language that Windows uses it for. A guess, never a failure. Looks at the first
 * lines that hold bytes beyond ASCII, 16 KiB of them. `*confidence`: UNSURE when there is
 * little to go by, or another page would give another text about as plausible. */
int code_page_guess(const uint8_t *bytes, size_t size, enum encoding_confidence *confidence);

/* The code page that a name means: of an XML declaration, or a number ("850", "cp850"); 65001 for
 * UTF-8, 0 for a name that is not on the allow-list (UTF-7 above all). */
int code_page_from_name(const char *name, size_t size);

/* Decodes to UTF-8. `out` has room for 3 * size bytes; returns how many were
 * written, no NUL added. What has no meaning becomes U+FFFD, and the number of
 * such bytes is added to `*undecodable`; all of ASCII is itself. */
size_t code_page_decode(int page, const uint8_t *bytes, size_t size, char *out,
                        size_t *undecodable);

/* What each byte of a single-byte page is as a character; U+FFFD: nothing. */
void code_page_table(int page, uint32_t table[256]);

/* Strict UTF-8; NULs are allowed here. */
bool code_page_is_utf8(const uint8_t *bytes, size_t size);

#endif
