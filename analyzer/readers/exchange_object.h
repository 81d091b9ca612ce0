/* An exported object -> an element with the attributes and values that its row of
 * exchange_objects.tsv names. What the export does not say is marked on it.
 *
 *  form      a value is known when
 *  text      it is a text, a number, or an object that shows itself as one
 *  words     it is the name of an enumeration's value (a bare number is marked)
 *  flag      true or false; number, size: see the table; Unlimited is a value
 *  duration  hh:mm:ss, with days and fractions, or ISO 8601 as CLIXML has it
 *  list      a list whose members all have a text: value (@of @text) for each
 *
 * null is "" (a list: empty). Nothing is guessed: what fits no form is marked. */
#ifndef SITEGLASS_READERS_EXCHANGE_OBJECT_H
#define SITEGLASS_READERS_EXCHANGE_OBJECT_H

#include "evidence/exchange_objects.h"
#include "readers/powershell.h"

/* Adds the element under the reading's facts. */
void exchange_object_read(struct powershell_export *from, const xmlNode *object);

/* Has it all of these properties (a list that ends with NULL)? None: it has not. */
bool exchange_object_has(const struct clixml *clixml, const xmlNode *object,
                         const char *const *shape);

/* After all objects: whose export it is. One server's, when all objects name that
 * one; else the computer that remoting states. */
void exchange_object_settle(struct powershell_export *from);

#endif
