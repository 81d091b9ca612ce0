/* Names of axes, for the parser. */
#ifndef SITEGLASS_SCHEMATRON_XPATH_AXIS_H
#define SITEGLASS_SCHEMATRON_XPATH_AXIS_H

#include "base/text.h"
#include "schematron/xpath.h"

bool axis_of_name(struct span name, enum xpath_axis *axis);
/* The axis that may have been meant; NULL when none is near. */
const char *axis_near_name(struct span name);

#endif
