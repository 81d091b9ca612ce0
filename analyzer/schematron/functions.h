/* The functions that an expression may call: XPath 1.0's, key(), current() and
 * generate-id(), EXSLT's without clock and chance, and the caller's. */
#ifndef SITEGLASS_SCHEMATRON_FUNCTIONS_H
#define SITEGLASS_SCHEMATRON_FUNCTIONS_H

#include "schematron/engine.h"
#include "schematron/expression.h"

#include <libxml/hash.h>

enum function_role {
  ROLE_PLAIN,
  ROLE_NOT,
  ROLE_BOOLEAN,
  ROLE_KEY,
  ROLE_CURRENT,
  ROLE_POSITION,  /* position() and last() */
  ROLE_OF_FOCUS,  /* without arguments it takes the context node's text */
  ROLE_OF_NODES,  /* looks at nodes, not at their text */
  ROLE_SAME_KIND, /* so, and gives nodes of its first argument's kind */
  ROLE_CALLER,    /* the caller's: may find out while it runs that it does not know */
};

struct known_function {
  const char *name, *namespace_uri;
  int least, most; /* arguments; most -1: any */
  enum value_type type;
  enum function_role role;
  xmlXPathFunction call; /* NULL: libxml2 has it at hand */
  const struct engine_function *caller;
};

/* Keyed by name and namespace; free with xmlHashFree(table, functions_drop). */
xmlHashTablePtr functions_new(const struct engine_function *caller) MUST_USE;
void functions_drop(void *function, const xmlChar *name);
const struct known_function *functions_find(xmlHashTablePtr table, const char *name,
                                            const char *namespace_uri);
/* Why a call that the table holds is refused all the same; NULL when it is fine. */
const char *functions_refuse(const char *name, const char *namespace_uri, int arguments);

#endif
