/* What a record of `netsh http show sslcert` says behind its store: revocation, trust
 * lists, client certificates, protocols that are off. For netsh_sslcert.c. */
#ifndef SITEGLASS_READERS_NETSH_FIELDS_H
#define SITEGLASS_READERS_NETSH_FIELDS_H

#include "readers/lines.h"

#include <libxml/tree.h>

enum { NETSH_FIELDS_MOST = 40 };

struct netsh_fields {
  struct line lines[NETSH_FIELDS_MOST]; /* behind the store, up to the extended properties */
  size_t count;                         /* may be more than are kept: then no generation fits */
  bool whole;                           /* none is missing at the end */
};

/* Sets the attributes of an <sslCertificate>: only those that differ from what netsh itself
 * makes of a record without options, as evidence.rng says. A field is known by its English
 * label, else by its place, when the number of fields is one that a version of Windows
 * prints. What may be set but cannot be read is marked. */
void netsh_fields_set(xmlNode *record, const struct netsh_fields *fields, uint32_t source);

#endif
