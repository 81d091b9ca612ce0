/* What a document may contain, as its owner tells the engine: names outside it
 * are load errors, and marks hide what may stand below them. Without one (a
 * general validator) every name is fine and there are no marks. */
#ifndef SITEGLASS_SCHEMATRON_VOCABULARY_H
#define SITEGLASS_SCHEMATRON_VOCABULARY_H

#include <stdbool.h>

struct vocabulary {
  void *data;
  bool (*has_element)(void *data, const char *name);
  /* element NULL: of any element */
  bool (*has_attribute)(void *data, const char *element, const char *attribute);
  bool (*may_contain)(void *data, const char *ancestor, const char *descendant); /* any depth */
  const char *(*near_element)(void *data, const char *name);             /* NULL: none near */
  const char *(*near_attribute)(void *data, const char *element, const char *name);
};

#endif
