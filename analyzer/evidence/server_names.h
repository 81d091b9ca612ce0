/* Private to evidence/: what looks like the name of a server. */
#ifndef SITEGLASS_EVIDENCE_SERVER_NAMES_H
#define SITEGLASS_EVIDENCE_SERVER_NAMES_H

#include "base/text.h"

/* Upper case, of the name of a folder, an archive or a part of a file's name: "ex01.zip",
 * "ex01.contoso.com" and "EX01-1203.zip" -> "EX01". NULL when it looks like none: letters
 * first, then a digit somewhere; and not "part1", "v2.0", "W3SVC1" ... To be freed. */
char *server_name_of(struct span part) MUST_USE;
/* "EX01" and "EX2" -> "EX#". To be freed. */
char *server_name_pattern(const char *name) MUST_USE;
/* Without the ending of an archive: "EX01.tar.gz" -> "EX01". */
struct span archive_stem(struct span name);

#endif
