/* Private to config_map: the names that lead from a level to a file. A key is lower
 * case, with '/' between parts and none at its ends. */
#ifndef SITEGLASS_EVIDENCE_CONFIG_MAP_NAMES_H
#define SITEGLASS_EVIDENCE_CONFIG_MAP_NAMES_H

#include "base/text.h"

/* Of a path inside the bundle; a member of an archive lies "in the folder" archive. */
char *bundle_key(const char *path) MUST_USE;
/* folder + "/" + name; either may be "". */
char *key_join(const char *folder, const char *name) MUST_USE;

/* A Windows path with environment variables replaced where they are known (%SystemDrive%,
 * %SystemRoot%, %windir%, %ProgramFiles% ... by convention, drive C; %ExchangeInstallPath%
 * when `exchange` is not NULL); case and unknown variables stay. */
char *windows_expand(const char *path, const char *exchange) MUST_USE;
/* Its key: "c:/inetpub/wwwroot". "." and ".." are resolved, "\\?\" is dropped. */
char *windows_key(const char *path, const char *exchange) MUST_USE;
/* Where Exchange is installed, "C:\...\V15", when this is the path of one of its folders
 * (FrontEnd\HttpProxy, ClientAccess); else NULL. */
char *exchange_folder(const char *physical) MUST_USE;

/* The drive that a folder name of the bundle stands for: 'c' for C, C:, C_, C$, C%3A,
 * drive_c, \\.\C: and their escaped forms; 0 for anything else. */
char drive_of(struct span name);

/* The part of a file's name that tells the level: "defaultwebsite-owa" of
 * "DefaultWebSite-OWA_web.config", without blanks. "" when the name has no such part. */
char *flat_stem(const char *file_name) MUST_USE;
/* The stems that collectors may have given to a level, the likeliest first; NULL after
 * the last. `path`: below the site, "" for the site; `pool`: of its application when no
 * other application of the site is in it (ExchangeLogCollector keeps one file a pool), else NULL.
 */
enum { FLAT_STEMS = 12 };
void flat_stems_of(const char *site, const char *path, const char *pool, char *stems[FLAT_STEMS]);
void flat_stems_free(char *stems[FLAT_STEMS]);

#endif
