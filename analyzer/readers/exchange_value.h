/* The forms that a property's value may have, as one text each. */
#ifndef SITEGLASS_READERS_EXCHANGE_VALUE_H
#define SITEGLASS_READERS_EXCHANGE_VALUE_H

#include "evidence/exchange_objects.h"
#include "readers/clixml.h"

/* The value in its form; NULL when it has not that form. $null is "". Not for
 * lists. Caller frees. */
char *exchange_value(const xmlNode *value, enum property_form form) MUST_USE;

#endif
