/* The iis: functions (functions.h says what each does). */
#ifndef SITEGLASS_RULEBOOK_IIS_FUNCTIONS_H
#define SITEGLASS_RULEBOOK_IIS_FUNCTIONS_H

#include <libxml/xpath.h>
#include <stdbool.h>

void iis_value(xmlXPathParserContextPtr ctxt, int count);
void iis_source(xmlXPathParserContextPtr ctxt, int count);
void iis_section(xmlXPathParserContextPtr ctxt, int count);
void iis_items(xmlXPathParserContextPtr ctxt, int count);
void iis_item(xmlXPathParserContextPtr ctxt, int count);
void iis_web_config(xmlXPathParserContextPtr ctxt, int count);
void iis_added(xmlXPathParserContextPtr ctxt, int count);
void iis_position(xmlXPathParserContextPtr ctxt, int count);
void iis_first(xmlXPathParserContextPtr ctxt, int count);
void iis_locked(xmlXPathParserContextPtr ctxt, int count);
void iis_at(xmlXPathParserContextPtr ctxt, int count);
/* A literal path is held against the schema facts when the rule is loaded. */
bool iis_check_path(void *data, const char *const *arguments, int count, char error[256],
                    int *argument);
bool iis_check_section(void *data, const char *const *arguments, int count, char error[256],
                       int *argument);
bool iis_check_items(void *data, const char *const *arguments, int count, char error[256],
                     int *argument);

#endif
