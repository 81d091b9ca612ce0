/* Private to evidence/: which folders, archives and file names of a bundle stand for a
 * server, by their paths alone.
 *
 * A place is a folder (or archive) whose neighbours are other servers:
 *  - several of one parent hold an applicationHost.config each, none of them a copy below
 *    another's folder: BERLIN/ and MUNICH/. The other folders beside them are places too.
 *  - several of one parent have names of one pattern, the same but for digits, and one holds
 *    what is collected of a server as a whole: EX01/ and EX02/, EX01.zip and EX02.zip,
 *    EX01-1203.zip (ExchangeLogCollector: <server>-<month and day>.zip).
 *  - files of one folder have such names: in front of the first '_' (EX01_sslcert.txt, as
 *    ExchangeLogCollector has it), or as a part between '_', '-', blanks and dots of
 *    several files of one kind (sslcert-EX01.txt and sslcert-EX02.txt,
 *    HealthChecker-EX01-20241203140732.xml).
 * Files that could not be read count as well: they show that there is another server.
 * What is in a place of backups does not. Twelve levels are looked at. */
#ifndef SITEGLASS_EVIDENCE_SERVER_PLACES_H
#define SITEGLASS_EVIDENCE_SERVER_PLACES_H

#include "evidence/reading.h"

struct server_places;

struct server_places *server_places_make(const struct bundle *bundle,
                                         const struct readings *readings) MUST_USE;
/* The place that a path belongs to, the deepest one: "case/EX01.zip", for EX01_a.txt in
 * case/ "case/EX01" (the same as of a folder case/EX01); "" when it belongs to none. To be
 * freed. `*by_name`: by the file's name, not a folder. */
char *server_places_of(const struct server_places *places, const char *path,
                       bool *by_name) MUST_USE;
void server_places_free(struct server_places *places);

/* The server that a place is called after: "case/EX01-1203.zip" -> "EX01-1203.zip" -> "EX01".
 * To be freed. */
char *server_place_name(const char *place) MUST_USE;
/* The server in the name of a file that a collector made: <server>_applicationHost.config,
 * HealthChecker-<server>-<time>.xml ...; NULL when it is none. To be freed. */
char *server_in_file_name(const char *path) MUST_USE;

#endif
