/* The page of a rule: what a person wants to know of it before it fires. Plain
 * values for the formatters, which compute nothing; all texts are raw. Where a rule fills
 * in a value, the text has a {placeholder}. */
#ifndef SITEGLASS_RULEBOOK_PAGES_H
#define SITEGLASS_RULEBOOK_PAGES_H

#include "rulebook/verdicts.h"

struct page_texts {
  char **items;
  size_t count, capacity;
};

struct page_assertion { /* one thing that the rule holds */
  enum severity severity;
  char *message;
};

struct page_repair { /* one diagnostic */
  char *effect;
  struct steps remediation, verify, undo;
};

struct page_kind { /* of evidence; texts of evidence/kinds.h, "" when it has none */
  const char *id, *name, *shell, *command, *file;
};
struct page_need { /* any of these kinds will do */
  struct page_kind *kinds;
  size_t count, capacity;
};

struct page_example {      /* a server that the rule was tried on */
  char *title;             /* "" : there is none */
  struct page_texts edits; /* what differs from a healthy server */
  char *fragment;          /* the evidence that is judged, as XML lines; "" when nothing is there */
};

struct rule_page {
  char *id, *title;
  enum severity severity; /* the highest of its assertions */
  char *why;              /* paragraphs, an empty line between; "" when it has none */
  struct page_texts products, tags, references; /* references: URLs */
  char *kb, *catalogue;
  struct page_texts healthchecker, stig; /* ids of their checks that correspond */
  char *file; /* where it stands */
  unsigned line;
  bool builtin;
  struct page_texts profiles, superseded_by, supersedes;
  struct page_assertion *assertions;
  size_t assertion_count, assertion_capacity;
  struct page_repair *repairs;
  size_t repair_count, repair_capacity;
  struct page_need *needs;
  size_t need_count, need_capacity;
  struct page_example bad, good;
};

struct rule_pages {
  struct rule_page *items;
  size_t count;
};

void rule_pages_dispose(struct rule_pages *pages);

#endif
