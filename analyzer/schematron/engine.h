/* An ISO Schematron (ISO/IEC 19757-3) processor, query binding xslt: XPath 1.0
 * with key() and current(), EXSLT. It knows nothing of IIS and is usable alone.
 *
 * Verdicts are three-valued. A document may hold marks, elements in the mark
 * namespace: <m:unknown of="child|@attribute" under="element" reason= needs= note=/>
 * says that at every `under` which is the mark's parent or below it, the child
 * or attribute `of` is not known, or not completely. What a test reads is known
 * from its syntax tree; reads that no mark of the document touches cost nothing.
 * See "Unknown" below. */
#ifndef SITEGLASS_SCHEMATRON_ENGINE_H
#define SITEGLASS_SCHEMATRON_ENGINE_H

#include "base/diag.h"
#include "schematron/vocabulary.h"

#include <libxml/tree.h>
#include <libxml/xpath.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- Functions that the caller brings ---------------------------------- */

struct evaluation; /* one expression being evaluated at one context node */

struct engine_function {
  const char *namespace_uri, *name;
  int least, most; /* number of arguments; most -1: any */
  /* An ordinary libxml2 XPath function. evaluation_of(ctxt) gives it its run. */
  xmlXPathFunction call;
  /* Checks literal arguments when the schema is loaded; NULL: none. Argument i
   * is its text if it is a string literal, else NULL. False: `error` says why
   * (with "did you mean" where it can), `*argument` which. */
  bool (*check)(void *data, const char *const *arguments, int count, char error[256],
                int *argument);
};

/* For functions. */
struct evaluation *evaluation_of(xmlXPathParserContextPtr ctxt);
void *evaluation_data(struct evaluation *evaluation);       /* engine_run's data */
xmlNode *evaluation_current(struct evaluation *evaluation); /* current() */
/* The function's result may be wrong, for this reason (the words of a mark). */
void evaluation_unknown(struct evaluation *evaluation, const char *reason, const char *needs,
                        const char *note);
/* A node that the function looked at: for explanations. */
void evaluation_saw(struct evaluation *evaluation, xmlNode *node);
/* The compiled pattern, which the run keeps; NULL when it is none: then that is told. */
struct regex;
const struct regex *evaluation_regex(struct evaluation *evaluation, const char *pattern,
                                     bool ignore_case);
/* The rule itself cannot be evaluated here. */
void evaluation_error(struct evaluation *evaluation, const char *format, ...) PRINTF_LIKE(2, 3);

/* ---- Loading ------------------------------------------------------------ */

struct schema;

/* Reads the file at `path` (as in include/@href, resolved against `base`, the
 * including file's path); returns its text, allocated, or NULL. */
typedef char *(*schema_reader)(void *data, const char *base, const char *href, size_t *size,
                               char resolved[512]);

struct schema_options {
  const struct engine_function *functions; /* ends with a NULL name */
  const struct vocabulary *vocabulary;     /* NULL: none */
  const char *mark_namespace;              /* NULL: no marks */
  /* Namespace of the caller's own attributes and elements; its XPath-valued
   * attributes (names, ends with NULL) are compiled and checked like tests, and
   * value-of and name in its elements inside diagnostics are checked and rendered. */
  const char *own_namespace;
  const char *const *own_expressions;
  void *data;           /* handed to check() and reader */
  schema_reader reader; /* NULL: include is an error */
  /* Sees the document element once the includes are in place and before anything else is
   * read; may change values of attributes, whose places stay. NULL: nobody. */
  void (*adopt)(void *data, xmlNode *root);
  void *adopt_data;
  /* document() and pattern/@documents may read, through `reader`, what a document
   * or schema names: only relative names without "..", and no more than 1,000 files
   * in a run. `base` is then the document's URL or the schema's path. */
  bool may_read_documents;
  /* < <= > >= with not-a-number is false, as in XPath, instead of an error. */
  bool plain_comparisons;
};

/* All errors of the file go to `diags` with line and column; NULL when there
 * was one. `text` is UTF-8. */
struct schema *schema_load(const char *text, size_t size, const char *path,
                           const struct schema_options *options, struct diags *diags) MUST_USE;
void schema_free(struct schema *schema);

/* ---- What a schema holds (for catalogues and reports) ------------------- */

struct schema_diagnostic;
struct schema_assertion {
  const char *id, *role, *flag, *see; /* "" when absent; role falls back to the rule's */
  const char *test;                   /* source of the expression */
  bool is_report;
  xmlNode *element; /* the assert or report element, for the caller's own attributes */
  struct schema_diagnostic *const *diagnostics;
  size_t diagnostic_count;
  struct schema_diagnostic *const *properties;
  size_t property_count;
  unsigned line;
};
struct schema_rule {
  const char *id, *context;
  const struct schema_assertion *assertions;
  size_t assertion_count;
  xmlNode *element;
  unsigned line;
};
struct schema_pattern {
  const char *id, *title; /* title: white space folded; "" when absent */
  const struct schema_rule *rules;
  size_t rule_count;
  xmlNode *element;
  size_t number;    /* 0-based */
  const char *path; /* file it stands in */
  unsigned line;
};
struct schema_diagnostic {
  const char *id;
  xmlNode *element;
};
size_t schema_pattern_count(const struct schema *schema);
const struct schema_pattern *schema_pattern(const struct schema *schema, size_t number);

/* The patterns of a phase, "#ALL" or "#DEFAULT": one flag per pattern. False when
 * there is no such phase. */
bool schema_phase(const struct schema *schema, const char *name, bool *active) MUST_USE;
size_t schema_phase_count(const struct schema *schema);
const char *schema_phase_id(const struct schema *schema, size_t number);
/* What "#DEFAULT" stands for: the id of a phase, or "#ALL". */
const char *schema_default_phase(const struct schema *schema);

/* The document element, with includes in place and abstract parts copied. */
const xmlNode *schema_root(const struct schema *schema);
/* File, line and column of a node of the schema. `offset`: byte of an attribute's
 * value, or (size_t)-1 for the node itself. `path` belongs to the schema. */
void schema_locate(const struct schema *schema, const xmlNode *node, size_t offset,
                   const char **path, unsigned *line, unsigned *column);

/* ---- Running ------------------------------------------------------------ */

/* Why a part of a verdict is not known. */
struct unknown_cause {
  const char *reason, *needs, *note; /* never NULL */
  xmlNode *mark;                     /* the mark element; NULL when a function said it */
};

/* An outcome, told while its evaluation is live: the callbacks may render and
 * select with `evaluation`, whose context and variables are the assertion's. */
struct engine_outcome {
  const struct schema_pattern *pattern;
  const struct schema_rule *rule;           /* NULL for a hidden context */
  const struct schema_assertion *assertion; /* NULL for a context (hidden or undecided) */
  xmlNode *context; /* NULL for a hidden context; of rule/@visit-each the node that was
                       chosen, or, when a function made it, the node where it was */
};

struct engine_listener {
  void *data;
  void (*on_fail)(void *data, const struct engine_outcome *outcome, struct evaluation *evaluation);
  void (*on_unknown)(void *data, const struct engine_outcome *outcome,
                     const struct unknown_cause *causes, size_t count);
  void (*on_error)(void *data, const struct engine_outcome *outcome, const char *message);
  /* A rule begins to judge a context node; before the outcomes of its assertions. */
  void (*on_fire)(void *data, const struct engine_outcome *outcome);
  /* Any steady clock, for pattern_tally.ticks; NULL: nobody asks. */
  uint64_t (*clock)(void *data);
};

/* Per pattern, filled by engine_run. Passes are counted, never told. */
struct pattern_tally {
  size_t contexts;                        /* context nodes found */
  size_t passed, failed, unknown, errors; /* assertions; hidden or undecided contexts
                                             count as unknown */
  size_t evaluations;                     /* tests evaluated */
  uint64_t ticks; /* spent on matching its contexts and on its tests, by the listener's clock */
};

/* Evaluates all patterns (or the `active` ones: one flag per pattern; NULL all)
 * on one document in one walk. `tallies`: one per pattern. `data` is what
 * functions see. Outcomes come in document order of the context nodes, then in
 * pattern order, then in assertion order; hidden contexts last, in pattern order. */
void engine_run(const struct schema *schema, xmlDoc *document, const bool *active, void *data,
                const struct engine_listener *listener, struct pattern_tally *tallies);
/* The phase that "#ANY" means for a document (2025): the first whose `when` holds there,
 * "#ALL" when none does; NULL when that cannot be told. Another name is itself. */
const char *engine_choose_phase(const struct schema *schema, xmlDoc *document, const char *name,
                                void *data) MUST_USE;
/* The patterns of a phase ("#ALL", "#DEFAULT"), which see the phase's variables;
 * without it they are errors. False, and nothing is run, when there is no such phase. */
bool engine_run_phase(const struct schema *schema, xmlDoc *document, const char *phase, void *data,
                      const struct engine_listener *listener,
                      struct pattern_tally *tallies) MUST_USE;

/* For on_fail. The message of the assertion, white space folded. */
char *evaluation_message(struct evaluation *evaluation) MUST_USE;
/* Mixed content of an element of the schema (a diagnostic or an own element in
 * one), rendered: text, value-of, name, emph...; white space kept when `keep`. */
char *evaluation_render(struct evaluation *evaluation, const xmlNode *element,
                        bool keep_space) MUST_USE;
/* An expression of the schema: an own attribute (own_expressions) of an element
 * or NULL when the element has none. As string; as nodes (document order, caller
 * frees with xmlXPathFreeNodeSet; NULL when it is no node-set). */
char *evaluation_string(struct evaluation *evaluation, const xmlNode *element,
                        const char *own_attribute) MUST_USE;
xmlNodeSet *evaluation_nodes(struct evaluation *evaluation, const xmlNode *element,
                             const char *attribute) MUST_USE;
/* What the expressions of messages are evaluated at: the context node, in the 2025
 * edition the subject. */
xmlNode *evaluation_place(struct evaluation *evaluation);
/* The value of assert/@flag, @role or @severity where it names a variable, else as it
 * stands; NULL when the element has none. */
char *evaluation_word(struct evaluation *evaluation, const xmlNode *element,
                      const char *attribute) MUST_USE;
/* The node to blame: assert/@subject, else rule/@subject, else the context node. */
xmlNode *evaluation_subject(struct evaluation *evaluation);

/* ---- Unknown -------------------------------------------------------------
 * 1. `and`, `or`, not() follow Kleene's logic over their operands.
 * 2. A leaf that reads nothing marked is evaluated as it is. A comparison <, <=,
 *    >, >= with NaN on a side is an error, never false.
 * 3. A leaf that reads at a marked place: existence (a path as boolean) and `=`
 *    that hold stay held, unless a predicate inside read at a marked place;
 *    everything else is unknown. An attribute that is there is known although a
 *    mark covers it.
 * 4. A mark that could hide a context node (any step of the pattern could match
 *    in what it hides) is one unknown for that pattern. A context predicate
 *    that is unknown makes that node one unknown, and later rules of the pattern
 *    do not see it.
 * 5. Variables, keys and functions carry unknown with their value. What is found
 *    by key() is found; what is not may be hidden, or have a value not known.
 * 6. Marks themselves are invisible: no step, count or context meets them, and
 *    their names cannot be asked for. The text of an element is not known where
 *    a mark hides elements below it.
 * The law (tests/schematron/test_law.c): what a run with marks decides, the run on
 * the complete document decides the same way.
 */

#endif
