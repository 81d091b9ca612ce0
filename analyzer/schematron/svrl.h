/* The Schematron Validation Report Language: ISO/IEC 19757-3, annex D, as XML.
 *
 * What annex D has no place for stands where it allows foreign attributes, on
 * svrl:text: the line and column of the node that `location` leads to, in
 * SVRL_PLACE_NAMESPACE. With several documents each has its own active-pattern
 * elements, whose `documents` names it. An assertion that could not be evaluated
 * has no place at all in SVRL: the listener's on_error is the caller's to hear.
 *
 * Annex D wants at least one active-pattern: the report on a phase without patterns
 * has none and is not valid, and there is no honest one that is. */
#ifndef SITEGLASS_SCHEMATRON_SVRL_H
#define SITEGLASS_SCHEMATRON_SVRL_H

#include "schematron/engine.h"

#define SVRL_NAMESPACE "http://purl.oclc.org/dsdl/svrl"
#define SVRL_PLACE_NAMESPACE "urn:siteglass:place"

struct svrl;

/* A report on runs of `schema` in `phase`, as given to schema_phase. Both must
 * outlive it. */
struct svrl *svrl_new(const struct schema *schema, const char *phase) MUST_USE;
void svrl_free(struct svrl *svrl);
/* The phase that "#ANY" turned out to be; of several documents the first one's is told. */
void svrl_chose(struct svrl *svrl, const char *phase);

/* Before each engine_run: the document, what to call it ("" for nothing) and the
 * flags that engine_run gets (NULL: all patterns). */
void svrl_begin(struct svrl *svrl, xmlDoc *document, const char *name, const bool *active);

/* The listener of that run... */
struct engine_listener svrl_listener(struct svrl *svrl);
/* ... or, from a listener of one's own: */
void svrl_on_fire(struct svrl *svrl, const struct engine_outcome *outcome);
void svrl_on_fail(struct svrl *svrl, const struct engine_outcome *outcome,
                  struct evaluation *evaluation);

/* The report, piece by piece; a fired rule is not kept as text until then. */
typedef void (*svrl_sink)(void *data, const char *bytes, size_t size);
void svrl_write(const struct svrl *svrl, svrl_sink sink, void *data);
/* The same as one text. */
char *svrl_text(const struct svrl *svrl) MUST_USE;

#endif
