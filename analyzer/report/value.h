/* JSON values for the formats that need them. jansson stays behind this header,
 * and every text passes one function that makes it valid: bytes that are not
 * UTF-8 become U+FFFD. Keys keep their order; nothing here can fail (memory:
 * base/alloc.h). */
#ifndef SITEGLASS_REPORT_VALUE_H
#define SITEGLASS_REPORT_VALUE_H

#include "base/alloc.h"

#include <stdbool.h>
#include <stdint.h>

struct json_t; /* jansson's */

struct json_t *value_root(void) MUST_USE; /* an object, given back by value_print */
/* Indented, ASCII only (so no terminal can be driven by it), with a final line
 * end. Frees the root. Caller frees the text with alloc_free. */
char *value_print(struct json_t *root) MUST_USE;

void value_text(struct json_t *object, const char *key, const char *text);  /* NULL: "" */
void value_number(struct json_t *object, const char *key, uint64_t number); /* up to 2^63-1 */
void value_bool(struct json_t *object, const char *key, bool boolean);
void value_null(struct json_t *object, const char *key);
/* New and empty; they belong to what they are in. */
struct json_t *value_object(struct json_t *object, const char *key);
struct json_t *value_array(struct json_t *object, const char *key);
struct json_t *value_item(struct json_t *array); /* an object at the end of an array */
void value_item_text(struct json_t *array, const char *text);

#endif
