/* HTTP.SYS certificate bindings, as Services\HTTP\Parameters keeps them: the records that
 * `netsh http show sslcert` lists. A reading of kind "registry-http" with <sslCertificate> facts
 * as netsh_sslcert.c makes them, for exports that have or cover any of
 *
 *   SslBindingInfo\0.0.0.0:443     ip      SslSniBindingInfo\host:443        host
 *   SslCcsBindingInfo\443          ccs     SslScopedCcsBindingInfo\host:443  host, without hash
 *
 * Values: SslCertHash (REG_BINARY), AppId (REG_BINARY, a GUID), SslCertStoreName (absent or empty:
 * MY), DefaultFlags, DefaultSslCertCheckMode and their sisters. Names and meanings as public collectors of these keys read them. Complete when all four
 * keys are covered. And a reading of kind "registry-iplisten", an <ipListen> as
 * netsh_iplisten.c makes it, for exports that tell the value ListenOnlyList or its absence. */
#ifndef SITEGLASS_READERS_REGISTRY_HTTP_H
#define SITEGLASS_READERS_REGISTRY_HTTP_H

#include "evidence/reading.h"
#include "evidence/registry.h"

/* `index` is over the facts of `from`. Adds readings to `readings`, or none. */
void registry_http_read(const struct registry *index, const struct reading *from,
                        struct readings *readings);

/* registry_urlacl.c: UrlAclInfo, a reading of kind "registry-urlacl" with <urlReservation> facts
 * as netsh_urlacl.c makes them, without user. A value is named like its URL; its data is a
 * security descriptor. */
void registry_urlacl_read(const struct registry *index, const struct reading *from,
                          struct readings *readings);

#endif
