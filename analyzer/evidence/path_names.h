/* Private to evidence/: what the path of an artifact says. Parts are separated by
 * '/', and by '!' after the name of an archive. */
#ifndef SITEGLASS_EVIDENCE_PATH_NAMES_H
#define SITEGLASS_EVIDENCE_PATH_NAMES_H

#include "base/text.h"
#include "evidence/reading.h"

struct span path_folder(const char *path); /* all but the last part; "" at the top */
const char *path_file(const char *path);   /* the last part */
struct span path_component(const char *path, size_t number); /* folder part; "" when none */

bool path_is_application_host(const char *path); /* the last part is applicationHost.config */
/* In CFGHISTORY_nnn, history, archive, old or a backup folder, or a .bak file. */
bool path_is_backup(const char *path);
bool path_is_live_place(const char *path); /* .../inetsrv/config/... */

#endif
