/* The evidence vocabulary in the form that the engine asks for. */
#include "rulebook/vocabulary_adapter.h"

#include "base/text.h"

/* Marks may stand anywhere; a rule may look at one. */
static bool has_element(void *data, const char *name) {
  return text_equal(name, "unknown") || evidence_has_element(data, name);
}

static bool has_attribute(void *data, const char *element, const char *attribute) {
  return evidence_has_attribute(data, element, attribute);
}

static bool may_contain(void *data, const char *ancestor, const char *descendant) {
  return evidence_may_contain(data, ancestor, descendant);
}

static const char *near_element(void *data, const char *name) {
  return evidence_near_element(data, name);
}

static const char *near_attribute(void *data, const char *element, const char *name) {
  return evidence_near_attribute(data, element, name);
}

struct vocabulary vocabulary_of_evidence(struct evidence_vocabulary *names) {
  return (struct vocabulary){names,       has_element,  has_attribute,
                             may_contain, near_element, near_attribute};
}
