/* Does a node match a pattern (a rule context, a key's match)? Natively, from
 * the node upwards; predicates of the common shapes (@a, @a='x', not(@a),
 * child, and/or of those) are decided here, all others by the caller's evaluator. */
#ifndef SITEGLASS_SCHEMATRON_MATCHER_H
#define SITEGLASS_SCHEMATRON_MATCHER_H

#include "schematron/vocabulary.h"
#include "schematron/xpath.h"

#include <libxml/tree.h>
#include <libxml/xpath.h>

enum matcher_answer { MATCHER_NO, MATCHER_YES, MATCHER_UNKNOWN };

struct matcher;

/* What the matcher asks of its caller. */
struct matcher_evaluator {
  void *data;
  /* A predicate of the pattern at `node`; position and size are the node's among
   * the siblings that pass the step's test (and the predicates before), 0 when
   * the predicate cannot depend on them. */
  enum matcher_answer (*predicate)(void *data, const struct xpath_node *predicate, xmlNode *node,
                                   size_t position, size_t size);
  /* A key('n','v') or id('v') at the front of a pattern: is `node` among them? */
  enum matcher_answer (*front)(void *data, const struct xpath_node *call, xmlNode *node);
  /* Is the child or attribute `of` of this element marked as not (completely)
   * known? NULL: nothing ever is. Asked before a native predicate answers "no". */
  bool (*marked)(void *data, xmlNode *element, const char *of);
  /* Namespace URI of a prefix of the pattern; NULL when unbound. */
  const char *(*namespace_uri)(void *data, const char *prefix);
};

/* `pattern` is from xpath_parse_pattern and must outlive the matcher. One matcher
 * per alternative of a union: call for each EXPR_UNION operand (matcher_split). */
struct matcher *matcher_new(const struct xpath_node *alternative) MUST_USE;
void matcher_free(struct matcher *matcher);

/* The alternatives of a pattern, in order; returns their number (at most `most`). */
size_t matcher_split(const struct xpath_node *pattern, const struct xpath_node **out, size_t most);

/* Node kind and name that the last step can match, for dispatch: `*name` NULL
 * means any name of that kind. Kind XML_DOCUMENT_NODE: "/"; 0: any kind. */
void matcher_target(const struct matcher *matcher, xmlElementType *kind, const char **name);

enum matcher_answer matcher_match(const struct matcher *matcher, xmlNode *node,
                                  const struct matcher_evaluator *evaluator);

/* Could the pattern match a node that a mark hides: a child or attribute `of`
 * ("x" or "@x") of the real element `under`, or anything that the vocabulary
 * allows below such a child? Steps before it are held against the real
 * ancestors; MATCHER_NO only when no hidden node can match. */
enum matcher_answer matcher_hidden(const struct matcher *matcher, xmlNode *under, const char *of,
                                   const struct vocabulary *vocabulary,
                                   const struct matcher_evaluator *evaluator);

#endif
