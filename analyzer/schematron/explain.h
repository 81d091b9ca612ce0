/* What a failed assertion read, for people: while its evaluation is live (on_fail). Nothing
 * here changes a verdict. */
#ifndef SITEGLASS_SCHEMATRON_EXPLAIN_H
#define SITEGLASS_SCHEMATRON_EXPLAIN_H

#include "schematron/engine.h"

/* A variable, or a path of an expression, and what it gave at the context node. The texts
 * and nodes live until the callback returns. */
struct engine_value {
  const char *name;        /* of a variable, without "$"; of a path, as the schema has it */
  const char *source;      /* of a variable: its expression, "" when it is content; of a path: "" */
  const char *text;        /* its value as a string */
  const xmlNodeSet *nodes; /* document order; of a function that gives no nodes: those that it
                              looked at; NULL: none */
  bool plain;              /* it is no node-set: the text is what was read */
  bool known;              /* else a mark, or a function, bears on it */
};

/* Each path that the expression of an attribute holds, the outermost ones, left to right:
 * paths, key(), the caller's functions and others that give nodes. Paths inside of predicates are
 * not told: they were asked at other nodes. */
void evaluation_reads(struct evaluation *evaluation, const xmlNode *element, const char *attribute,
                      void (*tell)(void *data, const struct engine_value *value), void *data);
/* Each variable that the expression refers to, itself or through other variables; what a
 * variable refers to comes before it. */
void evaluation_variables(struct evaluation *evaluation, const xmlNode *element,
                          const char *attribute,
                          void (*tell)(void *data, const struct engine_value *value), void *data);

#endif
