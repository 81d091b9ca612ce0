/* What libxml2 makes of an expression, as a tree of ours. libxml2 rewrites some
 * things, so both trees are brought to one form: "." is dropped, "//" before a
 * step without predicates is joined with it, parentheses around a path or a
 * filter are dropped, minus signs go in pairs. */
#ifndef SITEGLASS_TESTS_SUPPORT_LIBXML2_TREE_H
#define SITEGLASS_TESTS_SUPPORT_LIBXML2_TREE_H

#include "schematron/xpath.h"

bool libxml2_accepts(const char *source);

/* Of an expression that it accepts, in the one form; NULL when its dump is too
 * deep to be read back (it stops indenting at 25 levels). */
struct xpath_node *libxml2_tree(const char *source) MUST_USE;

/* Ours in the one form; takes the tree. */
struct xpath_node *normal_tree(struct xpath_node *tree, const char *source) MUST_USE;

#endif
