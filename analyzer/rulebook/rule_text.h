/* What a rule file says in words, without a document: value-of becomes a
 * placeholder, {its last name}. */
#ifndef SITEGLASS_RULEBOOK_RULE_TEXT_H
#define SITEGLASS_RULEBOOK_RULE_TEXT_H

#include "base/buffer.h"

#include <libxml/tree.h>

/* Mixed content, white space kept. */
void rule_text_add(struct buffer *out, const xmlNode *element);
/* The same, white space folded. */
char *rule_text_line(const xmlNode *element) MUST_USE;
/* A command: white space kept, but for what stands around it. */
char *rule_text_command(const xmlNode *run) MUST_USE;

#endif
