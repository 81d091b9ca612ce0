/* Private to evidence/: what is in which store of the machine, as certutil dumps
 * and Get-ExchangeCertificate tell it together. */
#ifndef SITEGLASS_EVIDENCE_CERTIFICATE_STORES_H
#define SITEGLASS_EVIDENCE_CERTIFICATE_STORES_H

#include "evidence/host_build.h"

struct certificate_stores;

/* Fills <certificateStores>, with its marks. Leaves the certificates in the readings. */
struct certificate_stores *certificate_stores_new(struct host_build *build) MUST_USE;
void certificate_stores_free(struct certificate_stores *stores);

/* Three-valued: value is "true", "false", or NULL with the reason. */
struct judged {
  const char *value;
  enum unknown_reason reason;
  const char *needs; /* literals */
  const char *note;  /* belongs to the stores; NULL when none */
};
struct judgement {
  struct judged in_store, has_private_key, usable;
};
/* `thumbprint` upper case, "" for no certificate; `store` lower case. */
struct judgement certificate_judge(const struct certificate_stores *stores, const char *store,
                                   const char *thumbprint);
/* Which kinds of evidence list that store; `store` lower case; a literal. */
const char *certificate_store_needs(const char *store);
/* Was every certificate of that store listed? */
bool certificate_store_complete(const struct certificate_stores *stores, const char *store);
/* Did Get-ExchangeCertificate list all it has? */
bool certificate_exports_complete(const struct certificate_stores *stores);

#endif
