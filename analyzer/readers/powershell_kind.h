/* What an exported object is: of a kind that has a reader of its own, or of a row
 * of exchange_objects.tsv. */
#ifndef SITEGLASS_READERS_POWERSHELL_KIND_H
#define SITEGLASS_READERS_POWERSHELL_KIND_H

#include "readers/powershell.h"

struct powershell_kind {
  const char *id; /* of evidence/kinds.h */
  powershell_object_reader read;
  void (*settle)(struct powershell_export *from); /* after all objects; NULL: nothing to do */
  const struct exchange_object *row;              /* NULL: a reader of its own */
};

struct powershell_kinds;

struct powershell_kinds *powershell_kinds_new(void) MUST_USE;
void powershell_kinds_free(struct powershell_kinds *kinds);

/* By its type names, else, where they say nothing, by its properties. NULL: of none. */
const struct powershell_kind *powershell_kind_of(const struct powershell_kinds *kinds,
                                                 const struct clixml *clixml,
                                                 const xmlNode *object);
/* Of an export that cannot be parsed: by the first type name that stands in its text. */
const struct powershell_kind *powershell_kind_of_damaged(const struct powershell_kinds *kinds,
                                                         const char *text);
/* Of an export of nothing: by the cmdlet in the file's name (GetSettingOverride.xml). */
const struct powershell_kind *powershell_kind_of_name(const struct powershell_kinds *kinds,
                                                      const char *path);

#endif
