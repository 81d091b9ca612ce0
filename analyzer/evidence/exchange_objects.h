/* What exports of Exchange and Windows cmdlets hold, and what of it is evidence:
 * the rows of exchange_objects.tsv, whose head says what each column means.
 * Types and properties are those of Microsoft's exchange-powershell reference and
 * of real exports. A new cmdlet is some lines there, an element in evidence.rng
 * and a row in kinds.c. */
#ifndef SITEGLASS_EVIDENCE_EXCHANGE_OBJECTS_H
#define SITEGLASS_EVIDENCE_EXCHANGE_OBJECTS_H

#include "base/alloc.h"

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

enum property_form {
  PROPERTY_TEXT,
  PROPERTY_WORDS,
  PROPERTY_FLAG,
  PROPERTY_NUMBER,
  PROPERTY_SIZE,
  PROPERTY_DURATION,
  PROPERTY_LIST,
};

struct exchange_property {
  char *name, *attribute; /* "InternalUrl", "internalUrl"; "Details.Signer", "signer" */
  enum property_form form;
  bool iis, asked, newer;
};

enum exchange_scope { SCOPE_SERVER, SCOPE_ORGANIZATION, SCOPE_MACHINE, SCOPE_WINDOWS };

struct exchange_object {
  char *element, *kind;
  enum exchange_scope scope;
  char *of;     /* NULL: no property names the server */
  char **types; /* globs; ends with NULL */
  char **shape; /* property names; ends with NULL */
  char **whole; /* "attribute=value"; ends with NULL */
  struct exchange_property *properties;
  size_t property_count, property_capacity;
};

struct exchange_objects {
  struct exchange_object *items; /* in the order of the table */
  size_t count, capacity;
};

struct exchange_objects *exchange_objects_new(void) MUST_USE;
void exchange_objects_free(struct exchange_objects *objects);

/* NULL when it is no kind of the table. */
const struct exchange_object *exchange_objects_of_kind(const struct exchange_objects *objects,
                                                       const char *kind);
/* The server that an element of the row belongs to; NULL when it names none. The
 * text belongs to the tree, or to `buffer`. */
const char *exchange_object_server(const struct exchange_object *object, const xmlNode *element,
                                   char buffer[256]);

#endif
