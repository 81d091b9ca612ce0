/* The sg:registry functions (functions.h says what each does). */
#ifndef SITEGLASS_RULEBOOK_REGISTRY_FUNCTIONS_H
#define SITEGLASS_RULEBOOK_REGISTRY_FUNCTIONS_H

#include <libxml/xpath.h>
#include <stdbool.h>

void rule_registry(xmlXPathParserContextPtr ctxt, int count);
void rule_registry_type(xmlXPathParserContextPtr ctxt, int count);
void rule_registry_key(xmlXPathParserContextPtr ctxt, int count);
void rule_registry_values(xmlXPathParserContextPtr ctxt, int count);
void rule_registry_keys(xmlXPathParserContextPtr ctxt, int count);
void rule_registry_source(xmlXPathParserContextPtr ctxt, int count);
/* A literal path must be one of HKEY_LOCAL_MACHINE, in one spelling. */
bool rule_registry_check(void *data, const char *const *arguments, int count, char error[256],
                         int *argument);

#endif
