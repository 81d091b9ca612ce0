/* Verdicts made by hand, for the formatters to print. Free with verdicts_free;
 * their diags are a constant of this file or of the caller. */
#ifndef SITEGLASS_TESTS_REPORT_VERDICTS_H
#define SITEGLASS_TESTS_REPORT_VERDICTS_H

#include "rulebook/verdicts.h"

struct verdicts *example_broken(void);       /* the certificate of KB 2779694, and more */
struct verdicts *example_fine(void);         /* everything decided, nothing found */
struct verdicts *example_unknown(void);      /* no finding, much unknown */
struct verdicts *example_inapplicable(void); /* nothing that any rule speaks of */
struct verdicts *example_two_hosts(void);    /* the same on two servers */
struct verdicts *example_empty(void);        /* no host, no rule, no artifact */

/* Sets every text that could come from a bundle to `text`. */
void poison(struct verdicts *verdicts, const char *text);

void replace(char **text, const char *with);
struct place *add_place(struct finding *finding, int artifact, unsigned line, unsigned column,
                        const char *text);
struct finding *add_finding(struct verdicts *verdicts, size_t rule, int host);
void add_step(struct steps *steps, const char *text, const char *shell, const char *command);
/* A group more: what would decide its unknowns, and how that is collected. */
struct unknown_group *add_group(struct verdicts *verdicts, const char *needs, const char *shell,
                                const char *command, const char *file);
struct unknown_item *add_unknown(struct unknown_group *group, size_t rule, int host,
                                 const char *reason, const char *note);
struct artifact_facts *add_artifact(struct verdicts *verdicts, const char *path,
                                    const char *outcome, const char *reason);

#endif
