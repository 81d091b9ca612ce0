/* Private to evidence/: folders and prefixes that look like the names of servers of
 * one family, the same but for digits: EX01/ and EX02/, MAIL-1_x.txt and MAIL-2_y.txt. */
#ifndef SITEGLASS_EVIDENCE_SERVER_FAMILIES_H
#define SITEGLASS_EVIDENCE_SERVER_FAMILIES_H

#include "base/map.h"
#include "evidence/reading.h"

/* The first folder after `skip` shared ones, else what stands before the first '_' of
 * the file's name, else "". Caller frees. */
char *server_part(const char *path, size_t skip);

/* Families of two names and more, of which one at least holds what is collected of a
 * server as a whole: folders of web.config files alone are folders of sites. */
struct map *server_families_make(const struct readings *readings, size_t skip);
bool server_families_have(const struct map *families, const char *part);
void server_families_free(struct map *families);

#endif
