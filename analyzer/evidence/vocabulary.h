/* The names of the evidence document, read from evidence.rng: what a rule may
 * speak of. The schema is the only list there is. */
#ifndef SITEGLASS_EVIDENCE_VOCABULARY_H
#define SITEGLASS_EVIDENCE_VOCABULARY_H

#include "base/alloc.h"

#include <stdbool.h>
#include <stddef.h>

struct evidence_vocabulary;

struct evidence_vocabulary *evidence_vocabulary_new(void) MUST_USE;
void evidence_vocabulary_free(struct evidence_vocabulary *vocabulary);

bool evidence_has_element(const struct evidence_vocabulary *vocabulary, const char *name);
/* element NULL: any element has it. Elements that hold customers' own IIS
 * configuration (section and below) accept any name: true. */
bool evidence_has_attribute(const struct evidence_vocabulary *vocabulary, const char *element,
                            const char *attribute);
bool evidence_may_contain(const struct evidence_vocabulary *vocabulary, const char *ancestor,
                          const char *descendant); /* at any depth */
/* The nearest name by edit distance, NULL when none is near. */
const char *evidence_near_element(const struct evidence_vocabulary *vocabulary, const char *name);
const char *evidence_near_attribute(const struct evidence_vocabulary *vocabulary,
                                    const char *element, const char *name);
/* The schema's own text (RELAX NG, XML syntax). */
const char *evidence_relax_ng(size_t *size);

#endif
