/* bindingInformation of http, https and ftp: IP ":" port ":" host, split from
 * the right (IIS reference, "Binding <binding>"). */
#ifndef SITEGLASS_EVIDENCE_BINDING_ADDRESS_H
#define SITEGLASS_EVIDENCE_BINDING_ADDRESS_H

#include "base/text.h"

#include <stdbool.h>

struct binding_address {
  char ip[48];    /* "*", "10.0.0.1", "[fe80::1]": shortest form, lower case, no zone */
  char port[8];   /* "443": 1 to 65535, no leading zeros */
  char host[256]; /* lower case, no trailing dot; "" for any */
};

/* False when `information` does not have that form. */
bool binding_address_parse(const char *information, struct binding_address *address);

/* "", "*", "0.0.0.0" -> "*"; IPv4 and [IPv6] in their shortest form. `keep_any`:
 * 0.0.0.0 stays, as in the key of an HTTP.SYS record. */
bool binding_ip_normalise(struct span text, bool keep_any, char ip[48]);

#endif
