/* The cases of rules: what a rule must say of a small server. rules/cases/README.md
 * describes the files. A case is a few edits of a healthy server ("stock.xml" beside
 * the case file, else the built-in one) and the verdict that its rule must reach then. */
#ifndef SITEGLASS_RULEBOOK_CASES_H
#define SITEGLASS_RULEBOOK_CASES_H

#include "rulebook/rulebook.h"

#include <libxml/tree.h>

enum case_kind {
  CASE_MUST_FIRE,       /* fails, and blames the node that `at` names */
  CASE_MUST_PASS,       /* passes */
  CASE_MUST_BE_UNKNOWN, /* stays undecided */
  CASE_FINE,            /* looks wrong, but does not fail: passes or does not apply */
  CASE_KNOWN_GAP,       /* ought to be `wanted`, and is known not to be yet */
};
enum { CASE_KINDS = CASE_KNOWN_GAP + 1 };
const char *case_kind_word(enum case_kind kind); /* "must-fire" ... */

struct rule_case {
  enum case_kind kind;
  char *rule, *title;
  char *at;               /* XPath of the node to blame; "" when the kind has none */
  enum verdict wanted;    /* of a known gap */
  const xmlNode *element; /* holds the edits */
  const xmlDoc *stock;
  const char *file; /* where it stands */
  unsigned line;
};

struct case_set;

struct case_set *case_set_new(void) MUST_USE;
void case_set_free(struct case_set *set);
/* Adds the cases of a file, unless they are there already. What is wrong with it goes to `diags` as
 * errors. */
void case_set_add(struct case_set *set, struct rule_files *files, const char *path,
                  struct diags *diags);
void case_set_add_builtin(struct case_set *set, struct rule_files *files, struct diags *diags);
size_t case_set_count(const struct case_set *set);
const struct rule_case *case_set_at(const struct case_set *set, size_t number);
/* The first case of that rule and kind; NULL. */
const struct rule_case *case_set_find(const struct case_set *set, const char *rule,
                                      enum case_kind kind);

/* The edited document; NULL and `error` when an edit cannot be made. */
xmlDoc *case_document(const struct rule_case *rule_case, char error[256]) MUST_USE;
/* One edit in words: //binding[...]: usable="false". NULL: `edit` is no element. */
char *case_edit_words(const xmlNode *edit) MUST_USE;

/* Runs a case. NULL when its rule said what it must; else why not, in a sentence or two
 * (free with alloc_free). `gap`: it is a known gap, and still is one. */
char *case_run(const struct case_set *set, const struct rulebook *rulebook,
               const struct rule_case *rule_case, bool *gap) MUST_USE;

/* Every rule on one evidence document, as on a host of its own. */
struct verdicts *case_check(const struct rulebook *rulebook, xmlDoc *document) MUST_USE;
/* Why the document is no evidence document (evidence.rng); NULL when it is one. */
char *case_invalid(const struct case_set *set, xmlDoc *document) MUST_USE;

#endif
