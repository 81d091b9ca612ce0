/* Names as the ledger shows them: UTF-8, one line, '/' between parts, harmless
 * on a terminal and harmless to whoever joins them to a folder. */
#ifndef SITEGLASS_BUNDLE_PATH_H
#define SITEGLASS_BUNDLE_PATH_H

#include "base/alloc.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of one shown path; a longer one ends in "...". More than any limit
 * (BUNDLE_NAME_MOST), so that what was cut is over it. */
enum { PATH_MOST = 8192 };

/* One name from the disk. What text_printable escapes is escaped, and so is the
 * backslash itself (\x5C): two different names never look alike. */
char *path_name(const char *name) MUST_USE;

/* "folder/name"; just the name when `folder` is "". */
char *path_join(const char *folder, const char *name) MUST_USE;

/* The last part of an argument as it was typed, without slashes at its end; ""
 * when there is none ("/", ".", ".."). */
char *path_last_part(const char *path) MUST_USE;

/* A member's name as the archive states it: `utf8` says the archive calls it
 * UTF-8; else valid UTF-8 is believed, and anything else is of that code page (for zip
 * 437, PKWARE APPNOTE 4.4.4 and appendix D, but Windows writes its own). Backslashes
 * become '/', parts that are empty or "." vanish. What would be dangerous in a file
 * name stays readable, escaped: ".." becomes \x2E\x2E, a leading '/' a part \x2F, the
 * colon of a drive \x3A, the first letter of a Windows device name (CON, NUL, COM1)
 * likewise. `*unsafe` then says which of these it was, else NULL. */
char *path_member(const uint8_t *name, size_t size, bool utf8, int page,
                  const char **unsafe) MUST_USE;

/* Order of the ledger: by bytes, '/' before all, as a walk through sorted folders gives. */
int path_compare(const char *a, const char *b);

#endif
