/* Objects as PowerShell writes or shows them: Export-Clixml, ConvertTo-Json, Export-Csv,
 * Format-List. For tests that hold the same objects in different clothes. */
#ifndef SITEGLASS_TESTS_SUPPORT_OBJECTS_H
#define SITEGLASS_TESTS_SUPPORT_OBJECTS_H

#include "base/buffer.h"

#include <stddef.h>
#include <stdint.h>

enum object_form { OBJECTS_CLIXML, OBJECTS_JSON, OBJECTS_CSV, OBJECTS_LIST, OBJECT_FORMS };

enum value_kind {
  VALUE_TEXT,
  VALUE_NUMBER,
  VALUE_FLAG,  /* text "True" or "False" */
  VALUE_DATE,  /* moment; all but JSON write the server's clock, `zone` minutes east of UTC */
  VALUE_BYTES, /* text is base64; only CLIXML writes it */
  VALUE_LIST,  /* texts, parted by ", " */
  VALUE_OBJECTS
};

struct object;
struct object_value {
  const char *name;
  enum value_kind kind;
  const char *text;
  int64_t moment;
  int zone;
  const struct object *objects; /* a configuration collection; CSV and lists cannot show it */
  size_t count;
};

struct object {
  const char *type;
  const struct object_value *values;
  size_t count;
};

void objects_write(struct buffer *out, enum object_form form, const struct object *objects,
                   size_t count);

#endif
