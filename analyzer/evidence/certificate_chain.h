/* Private to evidence/: which certificate at hand issued which. */
#ifndef SITEGLASS_EVIDENCE_CERTIFICATE_CHAIN_H
#define SITEGLASS_EVIDENCE_CERTIFICATE_CHAIN_H

#include "evidence/host_build.h"

/* Sets issuerThumbprint in <certificates>, or marks it. As RFC 5280, 4.2.1.1 has it: an issuer's
 * subject is the name in the certificate's issuer, and its subject key identifier is the
 * authority key identifier, where both are told. The signature itself is not tried. */
void certificate_chain(struct host_build *build);

#endif
