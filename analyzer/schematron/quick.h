/* Tests that need no XPath machine: most of a rule base asks whether an attribute or a
 * child is there, is equal to a text or is larger than a number, and for those setting
 * up an evaluation costs many times the answer. */
#ifndef SITEGLASS_SCHEMATRON_QUICK_H
#define SITEGLASS_SCHEMATRON_QUICK_H

#include "schematron/xpath.h"

#include <libxml/tree.h>
#include <stdbool.h>

enum quick_answer {
  QUICK_NO,
  QUICK_YES,
  QUICK_CANNOT, /* at this node: ask libxml2 */
};

/* Is this an expression that quick_truth may be asked? `and`, `or`, not(), and
 * comparisons and a few functions over short paths of names without prefix and
 * predicates, texts and whole numbers. */
bool quick_can(const struct xpath_node *node);

/* Its truth at a context node, as boolean() of XPath has it. What it cannot tell is
 * a false comparison with not-a-number, and the text of an element that is in pieces. */
enum quick_answer quick_truth(const struct xpath_node *node, xmlNode *context);

#endif
