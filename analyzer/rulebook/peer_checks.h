/* The checks of CSS-Exchange HealthChecker that the same evidence can decide
 * (rules/healthchecker.xml): which are covered by a rule, and why not the others. */
#ifndef SITEGLASS_RULEBOOK_PEER_CHECKS_H
#define SITEGLASS_RULEBOOK_PEER_CHECKS_H

#include "base/alloc.h"

#include <stddef.h>

struct peer_check {
  char *id, *what; /* "A31"; what it looks at, half a sentence */
  char *why;       /* why no rule looks at it, "shown" when it judges nothing; "" */
};

struct peer_checks {
  struct peer_check *items;
  size_t count, capacity;
};

/* Those that were compiled in; none when the file is not what it should be. */
struct peer_checks peer_checks_read(void) MUST_USE;
void peer_checks_dispose(struct peer_checks *checks);

#endif
