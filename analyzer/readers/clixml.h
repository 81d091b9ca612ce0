/* CLIXML, what Export-Clixml writes: the serialization format of the PowerShell
 * Remoting Protocol ([MS-PSRP] 2.2.5). Objects with type names (TN, shared by
 * TNRef), properties (Props, and MS for those that PowerShell added), lists (LST,
 * IE, STK, QUE), dictionaries (DCT), scalars, and Ref back to an earlier object.
 *
 * Nothing is copied or converted: the tree stays what it is, and these are the
 * questions one asks of it. All nodes belong to the document. Nothing is ever
 * deserialised in the .NET sense. */
#ifndef SITEGLASS_READERS_CLIXML_H
#define SITEGLASS_READERS_CLIXML_H

#include "base/alloc.h"

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct clixml;

/* The document stays the caller's and must outlive the result. NULL when its
 * document element is not <Objs>. */
struct clixml *clixml_new(xmlDoc *document) MUST_USE;
void clixml_free(struct clixml *clixml);

/* What was exported, in order. The members of a list that was exported as one
 * object stand in its place. $null is left out. */
size_t clixml_count(const struct clixml *clixml);
xmlNode *clixml_object(const struct clixml *clixml, size_t index);

/* The object's own type, the first of its type names, without the prefixes
 * "Deserialized." and "Selected." that objects get from remoting and Select-Object. "" when
 * it states none. */
const char *clixml_type(const struct clixml *clixml, const xmlNode *object);
/* Is it that type, or derived from it? */
bool clixml_type_is(const struct clixml *clixml, const xmlNode *object, const char *type);

/* Has it all properties of that type? Select-Object leaves some out, and says so. */
bool clixml_is_whole(const struct clixml *clixml, const xmlNode *object);

/* A property by name (case-insensitive, as PowerShell has it; MS before Props).
 * A Ref is followed. NULL when the object has none; $null is a <Nil> node. */
xmlNode *clixml_property(const struct clixml *clixml, const xmlNode *object, const char *name);
/* The value of a dictionary (DCT) under a text key; NULL when there is none. */
xmlNode *clixml_entry(const struct clixml *clixml, const xmlNode *object, const char *key);
/* First member of a list, and the next; Refs followed by clixml_resolve. */
xmlNode *clixml_first(const xmlNode *object);
xmlNode *clixml_next(const xmlNode *member);
xmlNode *clixml_resolve(const struct clixml *clixml, xmlNode *node);

bool clixml_is_nil(const xmlNode *value);
bool clixml_is_list(const xmlNode *value); /* maybe an empty one */
/* The text of a scalar, _xHHHH_ decoded (UTF-16 units; lone surrogates and NUL
 * become U+FFFD). Of an object: its ToString, else its own scalar. NULL for
 * $null and for what has no text. Caller frees. */
char *clixml_text(const xmlNode *value) MUST_USE;
/* Of an integer, or of an enumeration that carries one. */
bool clixml_integer(const xmlNode *value, int64_t *number) MUST_USE;
bool clixml_boolean(const xmlNode *value, bool *truth) MUST_USE;
/* Of a byte array (BA), or of a list of numbers below 256, as JSON has it. Caller frees. False
 * when it is neither, or not base64. */
bool clixml_bytes(const xmlNode *value, uint8_t **bytes, size_t *size) MUST_USE;

#endif
