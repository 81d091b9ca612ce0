/* The rules at work: the built-in Schematron files, the iis: and sg: functions,
 * the evidence vocabulary, and from the engine's outcomes to verdicts. */
#ifndef SITEGLASS_RULEBOOK_RULEBOOK_H
#define SITEGLASS_RULEBOOK_RULEBOOK_H

#include "evidence/hosts.h"
#include "rulebook/verdicts.h"

struct rulebook;

/* The rules compiled into the program. Every error of a rule file goes to
 * `diags`; NULL when there was one. */
struct rulebook *rulebook_load(struct diags *diags) MUST_USE;
void rulebook_free(struct rulebook *rulebook);

size_t rulebook_count(const struct rulebook *rulebook);
const char *rulebook_id(const struct rulebook *rulebook, size_t number);
/* Index of a rule id; -1 when there is none, then `*near` is the nearest or NULL. */
long rulebook_find(const struct rulebook *rulebook, const char *id, const char **near);

struct check_options {
  const char *version;          /* of siteglass */
  const char *const *only;      /* rule ids to run; NULL: all */
  size_t only_count;
  enum severity fail_on;
  bool fail_on_none;
};

/* Runs the rules on every host. The bundle's ledger, the hosts and the diags
 * are only read, and must outlive the verdicts. */
struct verdicts *rulebook_check(const struct rulebook *rulebook, const struct bundle *bundle,
                                const struct hosts *hosts,
                                const struct check_options *options) MUST_USE;

#endif
