/* Private to evidence/: what is known of folders of the server's disk. */
#ifndef SITEGLASS_EVIDENCE_HOST_FOLDERS_H
#define SITEGLASS_EVIDENCE_HOST_FOLDERS_H

#include "evidence/host_build.h"

struct folder_index;

/* Fills <folders>, with its marks. Takes the folders out of the readings. */
struct folder_index *host_folders_build(struct host_build *build) MUST_USE;
void folder_index_free(struct folder_index *index);

enum folder_answer { FOLDER_UNKNOWN, FOLDER_HAS, FOLDER_LACKS };
/* Is the file in that folder? Both as windows_key makes them: "c:/inetpub/wwwroot". */
enum folder_answer folder_has(const struct folder_index *index, const char *folder,
                              const char *file);
/* Is every folder below it completely listed, and are there no others? */
bool folder_complete_below(const struct folder_index *index, const char *folder);
/* The folders below it that have a web.config: `*position` starts at 0; NULL after the last.
 * What is handed out is the key of the folder. */
const char *folder_with_web_config(const struct folder_index *index, const char *folder,
                                   size_t *position);

#endif
