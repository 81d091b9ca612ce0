/* The formatters: verdicts in, text out. They compute nothing and escape
 * everything: values come from hostile files. */
#ifndef SITEGLASS_REPORT_REPORT_H
#define SITEGLASS_REPORT_REPORT_H

#include "rulebook/verdicts.h"

struct report_style {
  bool colour;    /* text: ANSI colour on severity words and rule ids, nothing else */
  unsigned width; /* text: columns, 80 when 0; between 60 and 120 */
  bool quiet;     /* text: findings and summary only */
};

struct report_format {
  const char *name;    /* "text", "json", "sarif" */
  const char *summary; /* one line for --help */
  char *(*write)(const struct verdicts *verdicts, const struct report_style *style); /* allocated */
};

extern const struct report_format report_formats[]; /* ends with a NULL name */
const struct report_format *report_format_find(const char *name);

#endif
