/* Code pages: text of which nothing says how it is encoded. Uses iconv(3). */
#ifndef SITEGLASS_BUNDLE_CODE_PAGE_H
#define SITEGLASS_BUNDLE_CODE_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The most likely code page (Windows numbers: 850, 1252, 437, 852, 1250, 866, 1251,
 * 932, 936, 949, 950) of bytes that are not UTF-8: console programs of Windows write in
 * the OEM code page of the console, Set-Content in the ANSI one. A guess, never
 * a failure. Looks at the first lines that hold bytes beyond ASCII, 16 KiB of them. */
int code_page_guess(const uint8_t *bytes, size_t size);

/* The code page that an XML declaration's encoding name means; 65001 for UTF-8,
 * 0 for a name that is not on the allow-list (UTF-7 above all). */
int code_page_from_name(const char *name, size_t size);

/* Decodes to UTF-8. `out` has room for 3 * size bytes; returns how many were
 * written, no NUL added. What has no meaning becomes U+FFFD, and the number of
 * such bytes is added to `*undecodable`; all of ASCII is itself. */
size_t code_page_decode(int page, const uint8_t *bytes, size_t size, char *out,
                        size_t *undecodable);

/* Strict UTF-8; NULs are allowed here. */
bool code_page_is_utf8(const uint8_t *bytes, size_t size);

#endif
