/* A bundle with something hostile in it, beside evidence that must be judged all the same. */
#ifndef SITEGLASS_TESTS_HOSTILE_SUPPORT_HOSTILE_H
#define SITEGLASS_TESTS_HOSTILE_SUPPORT_HOSTILE_H

#include "bundle/support_zip.h"
#include "cli/support_program.h"

/* A folder with the broken sample in the server's own folder "a-EX01". */
char *hostile_folder(void);
/* siteglass check, which may use 3 GiB of address space (not under sanitizers, which need
 * all there is) and 60 seconds of the processor. Fails the test unless the run ends by
 * itself, finds what is wrong with the sample, and prints nothing that a terminal obeys. */
struct run hostile_check(const char *folder);
/* Does the report, or what was said on standard error, hold this text? */
void hostile_says(const struct run *run, const char *text);
/* The same as JSON, whatever it found; and the outcome of an artifact, "" when it is not there. */
json_t *hostile_report(const char *folder);
const char *outcome_of(json_t *report, const char *path);

/* Ends the zip and writes it there. */
void folder_zip(const char *folder, const char *name, struct zip *zip);

#endif
