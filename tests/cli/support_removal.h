/* The law of unknown: with less evidence a verdict may become unknown or stay; it never
 * becomes another one. */
#ifndef SITEGLASS_TESTS_SUPPORT_REMOVAL_H
#define SITEGLASS_TESTS_SUPPORT_REMOVAL_H

#include "cli/support_program.h"

#include "base/buffer.h"

/* Adds a line to `wrong` for each verdict of `part` that breaks the law; how many. `without`
 * says what was taken away. */
size_t removal_compare(const struct check_run *whole, const struct check_run *part,
                       const char *without, struct buffer *wrong);

#endif
