/* How a report looks: colour and width of the terminal it goes to. */
#ifndef SITEGLASS_CLI_STYLE_H
#define SITEGLASS_CLI_STYLE_H

#include "report/report.h"

/* For standard output, or for a file that is named. */
struct report_style style_for(const char *path);

#endif
