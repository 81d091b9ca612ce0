/* Objects that were told otherwise than in CLIXML (JSON, CSV, text), built as the tree
 * that CLIXML would be, so that one reader of a cmdlet reads them all. */
#ifndef SITEGLASS_READERS_TOLD_OBJECTS_H
#define SITEGLASS_READERS_TOLD_OBJECTS_H

#include "evidence/reading.h"

/* A document of the run's dictionary with an empty <Objs>. Free with xmlFreeDoc. */
xmlDoc *told_document(struct readings *readings, struct origin origin) MUST_USE;

/* An object, under the document element, a list, or (with a name) as a property. */
xmlNode *told_object(xmlNode *parent, const char *name, struct origin origin);
/* The type that PowerShell writes with an object. */
void told_type(xmlNode *object, const char *type, struct origin origin);
/* A list, empty yet: what is added to the result are its members. */
xmlNode *told_list(xmlNode *parent, const char *name, struct origin origin);
/* A scalar: `type` is the element of CLIXML (S, B, I64, Db, DT, TS, Nil), or
 * TOLD_CUT for one of which a part is missing: it has no text. `parent` is an object when
 * `name` is given, else a list or the document element. */
xmlNode *told_scalar(xmlNode *parent, const char *name, const char *type, const char *text,
                     struct origin origin);
#define TOLD_CUT "Cut"

#endif
