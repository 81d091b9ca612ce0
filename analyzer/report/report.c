/* The table of formats. */
#include "report/report.h"

#include "report/formats.h"

#include <string.h>

const struct report_format report_formats[] = {
    {"text", "for a person at a terminal (the default)", text_report},
    {"json", "for programs; see siteglass-report.schema.json", json_report},
    {"sarif", "SARIF 2.1.0, for viewers and pipelines", sarif_report},
    {NULL, NULL, NULL},
};

const struct report_format *report_format_find(const char *name) {
  for (const struct report_format *format = report_formats; format->name; format++)
    if (strcmp(format->name, name) == 0) return format;
  return NULL;
}
