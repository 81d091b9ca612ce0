/* A validator for the part of JSON Schema that our schemas use. A keyword that
 * it does not know is itself an error, so a schema cannot promise more than is
 * checked. */
#ifndef SITEGLASS_TESTS_REPORT_SCHEMA_H
#define SITEGLASS_TESTS_REPORT_SCHEMA_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* False, and where and why in `error`, when `value` does not fit. */
bool schema_accepts(json_t *schema, json_t *value, char *error, size_t error_size);

json_t *load_json(const char *path_in_source_tree);

#endif
