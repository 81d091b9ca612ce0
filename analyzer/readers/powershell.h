/* PowerShell exports (CLIXML), by the type of what was exported. A new cmdlet is some
 * lines in evidence/exchange_objects.tsv; one whose objects need more than a table says,
 * a row in powershell_kind.c and a file. */
#ifndef SITEGLASS_READERS_POWERSHELL_H
#define SITEGLASS_READERS_POWERSHELL_H

#include "base/map.h"
#include "evidence/exchange_objects.h"
#include "readers/clixml.h"
#include "readers/readers.h"

struct powershell_kinds;

struct powershell_export {
  struct reading *reading;
  const struct clixml *clixml;
  const struct exchange_object *row; /* NULL for a kind with a reader of its own */
  struct readings *readings; /* for kinds that hold objects of other kinds */
  const struct powershell_kinds *kinds;
  struct map *made; /* for the kind's own use: elements by a key, to find them again */
};

/* One object of the kind's type -> elements under reading->facts. */
typedef void (*powershell_object_reader)(struct powershell_export *from, const xmlNode *object);

void get_exchangecertificate_read(struct powershell_export *from, const xmlNode *object);
void get_webbinding_read(struct powershell_export *from, const xmlNode *object);
void healthchecker_read(struct powershell_export *from, const xmlNode *object);
void cert_drive_read(struct powershell_export *from, const xmlNode *object);
void get_webapplication_read(struct powershell_export *from, const xmlNode *object);
void application_pool_read(struct powershell_export *from, const xmlNode *object);
void get_website_read(struct powershell_export *from, const xmlNode *object);
void get_authconfig_read(struct powershell_export *from, const xmlNode *object);
void get_winevent_read(struct powershell_export *from, const xmlNode *object);
void get_winevent_settle(struct powershell_export *from);

/* Reads objects told otherwise (told_objects.h); `form` is what the ledger calls them: "JSON". */
void powershell_read_told(struct reading *reading, struct readings *readings, xmlDoc *document,
                          const char *form);

/* Notes the computer an object speaks of. `name` may be NULL or "": nothing said;
 * a short name is the same as a full one that begins with it. False when the export spoke of
 * another one before: the object is then left out, and the reading says so. */
bool powershell_computer(struct reading *reading, const char *name, struct origin origin) MUST_USE;
/* The PSComputerName that remoting adds; NULL when there is none. Caller frees. */
char *powershell_computer_name(const struct clixml *clixml, const xmlNode *object) MUST_USE;

/* Sets attribute `name` of `element` to the text of `property` ($null is ""), with
 * the property's origin. False when the object has no such property. */
bool powershell_copy(xmlNode *element, const char *name, const struct clixml *clixml,
                     const xmlNode *object, const char *property) MUST_USE;

#endif
