/* Does a node match a pattern (a rule context, a key's match)? Natively, from
 * the node upwards; predicates of the common shapes (@a, @a='x', @a!='x', a child,
 * not(), and, or of those, [2], [last()]) are decided here, all others by the
 * caller's evaluator. Linear in depth times steps; positional predicates are
 * linear in the number of siblings (see matcher_positions). */
#ifndef SITEGLASS_SCHEMATRON_MATCHER_H
#define SITEGLASS_SCHEMATRON_MATCHER_H

#include "schematron/vocabulary.h"
#include "schematron/xpath.h"

#include <libxml/tree.h>
#include <libxml/xpath.h>

enum matcher_answer { MATCHER_NO, MATCHER_YES, MATCHER_UNKNOWN };

struct matcher;

/* What positional predicates remember of one document: the siblings of one
 * parent a depth. Without it each question counts the siblings anew. Make one
 * for a run over a document; it must not outlive a change of the tree. */
struct matcher_positions;
struct matcher_positions *matcher_positions_new(void) MUST_USE;
void matcher_positions_free(struct matcher_positions *positions);

/* What the matcher asks of its caller. */
struct matcher_evaluator {
  void *data;
  /* A predicate of the pattern at `node`; position and size are the node's among
   * the siblings that pass the step's test and the predicates before. A value
   * that is a number is true when it equals `position`. Position 0: the predicate
   * does not depend on it, or it cannot be told; a number then is MATCHER_UNKNOWN.
   * Size 0: the predicate does not call last(). */
  enum matcher_answer (*predicate)(void *data, const struct xpath_node *predicate, xmlNode *node,
                                   size_t position, size_t size);
  /* A key('n','v') or id('v') at the front of a pattern: is `node` among them?
   * NULL: nobody can tell. */
  enum matcher_answer (*front)(void *data, const struct xpath_node *call, xmlNode *node);
  /* Is the child "x" or attribute "@x" of this element marked as not (completely)
   * known? "*" and "@*" ask for any child, any attribute. NULL: nothing ever is.
   * Asked before a native predicate relies on absence, and before siblings are
   * counted. */
  bool (*marked)(void *data, xmlNode *element, const char *of);
  /* Namespace URI of a prefix of the pattern; NULL when unbound (nothing matches). */
  const char *(*namespace_uri)(void *data, const char *prefix);
  struct matcher_positions *positions; /* NULL: none, which can be slow */
  /* Elements in this namespace are not there: no step meets or counts them. NULL: none. */
  const char *unseen_namespace;
};

/* `pattern` is from xpath_parse_pattern and must outlive the matcher. One matcher
 * per alternative of a union: call for each EXPR_UNION operand (matcher_split). */
struct matcher *matcher_new(const struct xpath_node *alternative) MUST_USE;
void matcher_free(struct matcher *matcher);

/* The alternatives of a pattern, in order; returns their number, of which at most
 * `most` are written to `out`. There are never more than XPATH_HEIGHT_MOST. */
size_t matcher_split(const struct xpath_node *pattern, const struct xpath_node **out, size_t most);

/* Node kind and name that the last step can match, for dispatch: `*name` NULL
 * means any name of that kind. Kind XML_DOCUMENT_NODE: "/"; XML_TEXT_NODE stands
 * for CDATA sections too; 0: any kind. */
void matcher_target(const struct matcher *matcher, xmlElementType *kind, const char **name);

/* Kleene's logic over steps and predicates: one NO is NO whatever is unknown. */
enum matcher_answer matcher_match(const struct matcher *matcher, xmlNode *node,
                                  const struct matcher_evaluator *evaluator);

/* Could the pattern match a node that a mark hides: a child or attribute `of`
 * ("x" or "@x") of the real element `under`, or anything that the vocabulary
 * allows below such a child? Steps before it are held against the real
 * ancestors, predicates included; inside the hidden part names decide and every
 * predicate may be true. MATCHER_NO only when no hidden node can match, else
 * MATCHER_UNKNOWN; never MATCHER_YES. An attribute that is there hides nothing. */
enum matcher_answer matcher_hidden(const struct matcher *matcher, xmlNode *under, const char *of,
                                   const struct vocabulary *vocabulary,
                                   const struct matcher_evaluator *evaluator);

#endif
