/* What the formats say in the same words. Texts that are handed out are raw:
 * they may hold values from the bundle, and each format escapes them. */
#ifndef SITEGLASS_REPORT_WORDS_H
#define SITEGLASS_REPORT_WORDS_H

#include "rulebook/verdicts.h"

/* Places in verdicts.artifacts_by_outcome: the order of enum artifact_outcome,
 * which this folder does not see. */
enum { OUTCOME_UNREAD, OUTCOME_READ, OUTCOME_PARTLY_READ, OUTCOME_NOT_RECOGNISED, OUTCOME_REFUSED };

/* "1 check", "14 checks"; `many` is the word for other numbers than one. */
char *words_count(size_t count, const char *one, const char *many) MUST_USE;

/* "EX01"; "the server" when its name is not known, "server 2" when that is one
 * of several, "all servers together" for the fleet (-1). */
char *words_host(const struct verdicts *verdicts, int host) MUST_USE;

/* "in PowerShell"; "" when the shell is not said. */
const char *words_shell(const char *shell);

/* "not-in-bundle" -> "not in the bundle", "damaged" -> "damaged". */
char *words_reason(const char *reason) MUST_USE;

/* "path:12:3" as far as it is known; "(derived)" for a place that is nowhere. */
char *words_place(const struct verdicts *verdicts, const struct place *place) MUST_USE;
char *words_position(const char *path, unsigned line, unsigned column) MUST_USE;

/* What the exit status of this run means. */
char *words_exit(const struct verdicts *verdicts) MUST_USE;

/* The sentence that must be there when there is no finding: what was decided
 * and what was not. */
char *words_no_finding(const struct verdicts *verdicts) MUST_USE;

/* Rules that have a verdict, yet met places where they could not be decided. */
size_t words_partly_unknown(const struct verdicts *verdicts);

#endif
