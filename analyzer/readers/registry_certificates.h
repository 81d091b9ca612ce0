/* Certificates in registry exports: SystemCertificates\<store>\Certificates\<thumbprint>, value
 * Blob, a serialized store element (certificate_blob.h). A reading of kind
 * "registry-certificates" with <store> facts as certutil_store.c makes them, for exports that
 * have any such certificate or cover a store.
 *
 * As Windows does, a store of the machine shows the certificates of its parts as one: the
 * machine's own key (SOFTWARE\Microsoft\SystemCertificates), those of group policy
 * (SOFTWARE\Policies\...) and of the enterprise (EnterpriseCertificates), and in Root those of
 * AuthRoot; My and WebHosting have the first part only (Microsoft Learn, "System Store
 * Locations"). complete="true" when every part is covered and each certificate can be read. */
#ifndef SITEGLASS_READERS_REGISTRY_CERTIFICATES_H
#define SITEGLASS_READERS_REGISTRY_CERTIFICATES_H

#include "evidence/reading.h"
#include "evidence/registry.h"

struct registry_certificates;
struct registry_certificates *registry_certificates_new(const struct reading *from,
                                                        struct readings *readings) MUST_USE;
/* Is the value a certificate of a store? Then it was taken. */
bool registry_certificates_take(struct registry_certificates *all, const xmlNode *key,
                                const char *name, const uint8_t *bytes, size_t size,
                                struct origin origin);
/* Adds a reading to the run's, or none, and frees `all`. */
void registry_certificates_finish(struct registry_certificates *all, const struct registry *index);

#endif
