/* What evidence.rng says of attributes beyond their names: is it a number, and is it
 * always there? For lint. */
#ifndef SITEGLASS_RULEBOOK_ATTRIBUTE_FACTS_H
#define SITEGLASS_RULEBOOK_ATTRIBUTE_FACTS_H

#include "base/alloc.h"

#include <stdbool.h>

struct attribute_facts;

struct attribute_facts *attribute_facts_new(void) MUST_USE;
void attribute_facts_free(struct attribute_facts *facts);

enum number_answer {
  NUMBER_NOT_SAID, /* a customer's own attribute, or none that the schema names */
  NUMBER_NO,
  NUMBER_YES,
};
/* `element` NULL: of any element; then one number among them makes it one. */
enum number_answer attribute_is_number(const struct attribute_facts *facts, const char *element,
                                       const char *attribute);
bool attribute_is_required(const struct attribute_facts *facts, const char *element,
                           const char *attribute);
/* Does the schema name this element itself? */
bool element_is_declared(const struct attribute_facts *facts, const char *element);

#endif
