/* Private to evidence/: what IIS answers with 500.19, as <configurationError>. */
#ifndef SITEGLASS_EVIDENCE_CONFIG_ERRORS_H
#define SITEGLASS_EVIDENCE_CONFIG_ERRORS_H

#include "evidence/host_build.h"

#define ERROR_INVALID_DATA "0x8007000d"
#define ERROR_LOCKED "0x80070021"
#define ERROR_EXISTS "0x800700b7"
#define ERROR_TOO_LARGE "0x80070032"
#define ERROR_NO_PATH "0x80070003"
#define ERROR_NO_MODULE "0x8007007e"

#define MESSAGE_LOCKED_SECTION                                                                     \
  "This configuration section cannot be used at this path. This happens when the section is "      \
  "locked at a parent level. Locking is either by default (overrideModeDefault=\"Deny\"), or set " \
  "explicitly by a location tag with overrideMode=\"Deny\" or the legacy allowOverride=\"false\"."

struct error_report {
  const char *hresult, *problem; /* problem: see evidence.rng */
  struct origin origin;
  const char *file;    /* NULL: the path of the artifact */
  const char *message; /* as IIS says it */
  const char *section; /* NULL: it is about the file */
  const char *key;     /* of the topmost level that it strikes */
  const char *note;    /* NULL */
  bool whole;          /* every request below, not only those that read the section */
};

void config_error_report(xmlNode *errors, const struct bundle *bundle,
                         const struct error_report *report);
/* In the order that IIS meets them: by file from the top of the hierarchy, then line. */
void config_errors_sort(xmlNode *errors, const xmlNode *container);

#endif
