/* What the files of the SVRL writer share. Private to them. */
#ifndef SITEGLASS_SCHEMATRON_SVRL_PARTS_H
#define SITEGLASS_SCHEMATRON_SVRL_PARTS_H

#include "base/buffer.h"
#include "schematron/engine.h"

#include <stdint.h>

/* Text of an element, or the value of an attribute. What XML cannot hold becomes U+FFFD. */
void svrl_add_escaped(struct buffer *out, const char *text, size_t size, bool attribute);
/* ` name="value"`; nothing when `value` is NULL. */
void svrl_add_attribute(struct buffer *out, const char *name, const char *value);
/* The same of an attribute of a schema's element. */
void svrl_copy_attribute(struct buffer *out, const xmlNode *element, const char *name);

struct svrl_live { /* an assertion being told; without it the content is only text */
  struct evaluation *evaluation;
  const xmlNode *context;
};
/* An svrl:text with the content of an element of the schema: white space folded
 * unless its xml:space says preserve. `place`: further attributes, or "". */
void svrl_add_text(struct buffer *out, const xmlNode *element, const struct svrl_live *live,
                   const char *place);

#endif
