/* A healthy Exchange server with every kind of artifact that a rule reads, and edits of it.
 * tests/cli/exchange-server.txt is its text, and says how it is written. */
#ifndef SITEGLASS_TESTS_SUPPORT_SERVER_H
#define SITEGLASS_TESTS_SUPPORT_SERVER_H

#include <stdbool.h>
#include <stddef.h>

#define SERVER_AS_OF "2026-03-02"

/* The server in a new folder, without server_list; folder_remove when done. */
char *server_new(void);
/* In the file, the text `from` becomes `to`. " ... " in `from` is everything up to the first
 * text behind it, which stays. `from` may be "(file)": all of it; then `to` may be "(gone)", or
 * "sample:NAME" for a copy. Names are those of exchange-server.txt, or "applicationHost.config".
 * False when the file or the text is not there. */
bool server_edit(const char *folder, const char *file, const char *from, const char *to);
/* Writes folders.txt, what dir /s /a prints of the disk. */
void server_list(const char *folder);
/* The names of all its files from the top of the bundle; free with server_files_free. */
char **server_files(const char *folder, size_t *count);
void server_files_free(char **files, size_t count);

#endif
