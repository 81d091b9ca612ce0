/* A certificate of Get-ExchangeCertificate whose bytes are not in the export: what its
 * properties tell (JSON, CSV, text, HealthChecker's summary). */
#ifndef SITEGLASS_READERS_TOLD_CERTIFICATE_H
#define SITEGLASS_READERS_TOLD_CERTIFICATE_H

#include "readers/powershell.h"

/* Adds a certificate with @thumbprint and what else is told: @subject @issuer @serialNumber
 * @keySize @selfSigned @friendlyName @archived @hasPrivateKey, name children (marked when
 * the list is cut) and, when they are told as moments, the dates. NULL when the
 * object has no thumbprint. */
xmlNode *told_certificate_add(struct powershell_export *from, const xmlNode *object) MUST_USE;

/* After all objects: dates that are told in local form become the ranges that they can
 * mean; the order of day and month is one for the whole export. */
void told_certificate_settle(struct powershell_export *from);

#endif
