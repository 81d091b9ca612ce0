/* What a registry reader made of a text, as text. */
#ifndef SITEGLASS_TESTS_READERS_SUPPORT_REGISTRY_H
#define SITEGLASS_TESTS_READERS_SUPPORT_REGISTRY_H

#include "support_run.h"

/* The reading of that kind of the first artifact; NULL when there is none. */
struct reading *registry_reading(struct run *run, const char *kind);

/* One line an element:
 *   export all HKEY_...            "!damaged" behind it: mark of its keys
 *   key HKEY_...                   "!value=damaged", "!key=ambiguous": its marks
 *     name=REG_SZ:data             "name?damaged" when its data is marked
 * Allocated; "none" when the text was not read as a registry. */
char *registry_shown(struct run *run) MUST_USE;
/* Reads the text and fails the test unless it is shown as `wanted`. */
void registry_expect(const char *text, const char *wanted);

#endif
