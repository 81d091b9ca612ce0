/* Private to evidence/: values of attributes as IIS checks and writes them. */
#ifndef SITEGLASS_EVIDENCE_CONFIG_VALUE_H
#define SITEGLASS_EVIDENCE_CONFIG_VALUE_H

#include "evidence/iis_schema.h"

/* What IIS says of a value that it refuses, without "The 'x' attribute is invalid.";
 * NULL when it takes it. Caller frees. */
char *config_value_refused(const struct schema_attribute *attribute, const char *value) MUST_USE;
/* The value in the form that IIS writes. Caller frees. */
char *config_value_written(const struct schema_attribute *attribute, const char *value) MUST_USE;
/* [enc:Provider:base64:enc] with something in it? `[enc:Provider::enc]` is the empty text. */
bool config_value_encrypted(const char *value, struct span *provider, bool *empty);

#endif
