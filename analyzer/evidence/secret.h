/* What may never be printed: passwords, keys, connection strings. */
#ifndef SITEGLASS_EVIDENCE_SECRET_H
#define SITEGLASS_EVIDENCE_SECRET_H

#include <libxml/tree.h>
#include <stdbool.h>

#define SECRET_SHOWN "(not shown)" /* what stands there instead */

/* By the attribute's name, by what its value looks like, or, of <add name="DbPassword"
 * value="..."/>, by the element's `name` and `key` (NULL when it has none). */
bool secret_name(const char *name);   /* NULL is none */
bool secret_value(const char *value); /* NULL is none */
bool secret_is(const char *attribute, const char *value, const char *name, const char *key);
/* The same of an attribute where it stands, also of <environmentVariable value="..."/>. */
bool secret_attribute(const xmlNode *element, const xmlAttr *attribute);

/* A new text (the caller's) without secrets: SECRET_SHOWN for one that secret_value
 * tells, else "https://(not shown)@host" for "https://user:password@host". */
char *secret_free_text(const char *text);

#endif
