/* Making evidence nodes, always with an origin. */
#ifndef SITEGLASS_EVIDENCE_NODE_H
#define SITEGLASS_EVIDENCE_NODE_H

#include "base/alloc.h"
#include "base/origin.h"

#include <libxml/tree.h>
#include <stdbool.h>

#define EVIDENCE_MARK_NAMESPACE "urn:siteglass:evidence"

/* A child of `parent` (last), in no namespace. Names go through the document's dictionary. */
xmlNode *node_add(xmlNode *parent, const char *name, struct origin origin);
/* Sets or replaces an attribute. `value` is text, not markup; characters that
 * XML cannot hold become U+FFFD. NULL value: does nothing. */
xmlAttr *node_set(xmlNode *element, const char *name, const char *value, struct origin origin);
/* NULL when absent. The text belongs to the tree. */
const char *node_get(const xmlNode *element, const char *name);
struct origin node_attribute_origin(const xmlNode *element, const char *name);
xmlNode *node_child(const xmlNode *parent, const char *name); /* first element of that name */
xmlNode *node_next(const xmlNode *node, const char *name);    /* next sibling element */
/* Unlinks `node` from where it stands (maybe another document, but one of the
 * same dictionary) and puts it last under `parent`. */
void node_move(xmlNode *node, xmlNode *parent);
/* The same for what somebody else wrote: nothing in our namespace comes along,
 * so that no file can bring marks of its own. */
void node_move_foreign(xmlNode *node, xmlNode *parent);

/* Why something is not known. Words as they stand in a mark's `reason`. */
enum unknown_reason {
  UNKNOWN_NOT_IN_BUNDLE,
  UNKNOWN_DAMAGED,
  UNKNOWN_TRUNCATED,
  UNKNOWN_ENCRYPTED,
  UNKNOWN_AMBIGUOUS,
  UNKNOWN_CONFLICT,
  UNKNOWN_MAY_BE_OVERRIDDEN,
  UNKNOWN_LIMIT,
};
const char *unknown_reason_word(enum unknown_reason reason); /* "not-in-bundle" ... */

/* Puts a mark into `scope`: at every `under` that is `scope` or below it, the
 * child or attribute `of` ("binding", "@installed") is not known, or not
 * completely. An attribute that stands there all the same is known. `needs`:
 * ids of kinds.h, blank-separated, any of which would tell; "" when none can.
 * `note`: a sentence for a person ("applicationHost.config:128: ..."), or NULL. */
xmlNode *node_mark(xmlNode *scope, const char *of, const char *under, enum unknown_reason reason,
                   const char *needs, const char *note, struct origin origin);
/* The mark right in `scope` that says `of` is not known; NULL: there is none. */
xmlNode *node_mark_of(const xmlNode *scope, const char *of);
/* Does a mark right in `scope` say that `of` is not known? */
bool node_is_marked(const xmlNode *scope, const char *of);

#endif
