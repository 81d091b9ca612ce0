/* The rules at work: the built-in Schematron files and a user's own, the iis: and
 * sg: functions, the evidence vocabulary, and from the engine's outcomes to verdicts. */
#ifndef SITEGLASS_RULEBOOK_RULEBOOK_H
#define SITEGLASS_RULEBOOK_RULEBOOK_H

#include "evidence/hosts.h"
#include "rulebook/rule_files.h"
#include "rulebook/verdicts.h"

struct rulebook;
struct waivers;

struct rulebook_options {
  bool no_builtin; /* leave the rules out that were compiled in */
  const char *const
      *paths; /* rule files and folders: each adds rules, or replaces those of its ids */
  size_t path_count;
  const char *settings; /* file of other values for the rules' settings (settings.h); NULL: none */
  bool
      whole; /* a file that another one nearby includes stands for that one (to lint and test it) */
};

/* Loads rules. Every error of every file goes to `diags`; NULL when there was one. `files`
 * keeps the texts for messages, and must outlive the rulebook. */
struct rulebook *rulebook_open(const struct rulebook_options *options, struct rule_files *files,
                               struct diags *diags) MUST_USE;
/* The rules compiled into the program alone. */
struct rulebook *rulebook_load(struct diags *diags) MUST_USE;
void rulebook_free(struct rulebook *rulebook);

/* Lower case, digits and hyphens, a letter first, at most 80 bytes: fit for a file name. */
bool rule_id_is_good(const char *id);

size_t rulebook_count(const struct rulebook *rulebook);
const char *rulebook_id(const struct rulebook *rulebook, size_t number);
const struct rule_facts *rulebook_facts(const struct rulebook *rulebook, size_t number);
bool rulebook_is_builtin(const struct rulebook *rulebook, size_t number);
/* Index of a rule id; -1 when there is none, then `*near` is the nearest or NULL. */
long rulebook_find(const struct rulebook *rulebook, const char *id, const char **near);

/* Profiles are the phases of the schemas (ISO/IEC 19757-3, 5.4.8). NULL: each schema's default
 * phase. A schema without phases belongs to every profile as a whole. One flag per rule in
 * `active`; false when no schema has that phase, then `*near` is the nearest or NULL. */
bool rulebook_profile(const struct rulebook *rulebook, const char *name, bool *active,
                      const char **near) MUST_USE;
/* Their names, each once, blank-separated. */
char *rulebook_profiles(const struct rulebook *rulebook) MUST_USE;

/* The settings of the rules, in the order of their files. */
struct settings;
const struct settings *rulebook_settings(const struct rulebook *rulebook);

struct check_options {
  const char *version;     /* of siteglass */
  const char *const *only; /* rule ids to run; NULL: those of the profile */
  size_t only_count;
  const char *profile; /* NULL: the default one. Must exist (rulebook_profile) */
  enum severity fail_on;
  bool fail_on_none;
  const struct waivers *waivers; /* NULL: none */
  bool explain;                  /* findings say how they came about */
  uint64_t (*clock)(void);       /* measure the rules with this, nanoseconds; NULL: do not */
};

/* Runs the rules on every host. The bundle's ledger, the hosts and the diags
 * are only read, and must outlive the verdicts. */
struct verdicts *rulebook_check(const struct rulebook *rulebook, const struct bundle *bundle,
                                const struct hosts *hosts,
                                const struct check_options *options) MUST_USE;

#endif
