/* One function per report format; report.c has the table. */
#ifndef SITEGLASS_REPORT_FORMATS_H
#define SITEGLASS_REPORT_FORMATS_H

#include "report/report.h"

/* `style` may be NULL: 80 columns, no colour. All results are freed with alloc_free. */
char *text_report(const struct verdicts *verdicts, const struct report_style *style) MUST_USE;
char *json_report(const struct verdicts *verdicts, const struct report_style *style) MUST_USE;
char *sarif_report(const struct verdicts *verdicts, const struct report_style *style) MUST_USE;

#endif
