/* The extensions of a certificate as `certutil -v` prints them. For certutil_entry.c.
 *
 *     <label>: 3                                      how many
 *         2.5.29.17: Flags = 0, Length = 20           the object identifier is never translated
 *         <name of the extension>
 *             DNS Name=mail.contoso.com               values, indented by 8 and more
 *
 * Read only when as many are there as the number says: what is not among them is then known
 * to be absent (RFC 5280: an absent extended key usage limits nothing). */
#ifndef SITEGLASS_READERS_CERTUTIL_EXTENSIONS_H
#define SITEGLASS_READERS_CERTUTIL_EXTENSIONS_H

#include "readers/lines.h"

#include <libxml/tree.h>

struct certutil_name {
  const char *type; /* dns, ip, email */
  char *value;
  struct origin at;
};

struct certutil_extensions {
  struct origin at;
  char *purposes;              /* as extendedKeyUsage; NULL: not known */
  char *own_id, *issuer_id;    /* key identifiers, upper-case hex; NULL: not known */
  bool names_known;            /* the alternative names are all in `names` */
  struct certutil_name *names; /* owned, like all texts here */
  size_t count, capacity;
};

/* `lines` are those of one entry that is whole; `margin` blanks stand before each. Not read
 * when one of theirs is as wide as `wrap` (0: no width): it may go on in the next line. */
struct certutil_extensions certutil_extensions_read(const struct line *lines, size_t count,
                                                    size_t margin, size_t wrap, uint32_t source);
void certutil_extensions_dispose(struct certutil_extensions *extensions);

/* Sets extendedKeyUsage, subjectKeyIdentifier, authorityKeyIdentifier and adds <name>
 * children; namesKnown="true" (for the stores alone) when there are no others. */
void certutil_extensions_set(const struct certutil_extensions *extensions, xmlNode *certificate);

#endif
