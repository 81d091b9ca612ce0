/* What one run holds, and what its files do for each other. Private to the engine.
 *
 *   run.c       the walk: contexts, rules, assertions, outcomes
 *   dispatch.c  which contexts a node can match at all
 *   survey.c    the elements that contexts and keys ask for, and the marks
 *   choose.c    phases, parts of the document and nodes that an expression chooses
 *   hidden.c    contexts that a mark could hide
 *   evaluate.c  libxml2's evaluation, variables, errors
 *   unknown.c   three-valued evaluation of what marks or functions touch
 *   paths.c     the same for location paths
 *   marks.c     the marks of a document, and which reads they touch
 *   lookup.c    key()
 *   compare.c   < <= > >= with not-a-number, and comparisons of partly known sets
 *   render.c    messages
 *   explain.c   what an assertion looked at
 *   documents.c other documents, and those that functions make */
#ifndef SITEGLASS_SCHEMATRON_RUN_STATE_H
#define SITEGLASS_SCHEMATRON_RUN_STATE_H

#include "schematron/functions.h"
#include "schematron/keys.h"
#include "schematron/schema_plan.h"

#include <stdint.h>

enum answer { ANSWER_NO, ANSWER_YES, ANSWER_UNKNOWN };

/* The context of an expression. 0, 0: the position does not matter or is not known. */
struct focus {
  xmlNode *node;
  int position, size;
};

/* ---- Causes ---------------------------------------------------------------- */

struct cause {
  struct unknown_cause shown;
  size_t words; /* the same number: the same reason, needs and note */
};
struct causes { /* no two with the same words */
  const struct cause **items;
  size_t count, capacity;
};
void causes_add(struct causes *causes, const struct cause *cause);
void causes_add_all(struct causes *causes, const struct causes *more);
void causes_dispose(struct causes *causes);

/* ---- Values, as far as they are known -------------------------------------- */

struct member {
  xmlNode *node;
  bool sure; /* in the set for certain; else maybe */
};
struct value {
  bool nodes;
  struct member *items; /* a node-set: no doubles, no particular order */
  size_t count, capacity;
  bool open;                /* other nodes may belong to it */
  xmlXPathObjectPtr object; /* no node-set: its value; NULL: not known */
};
bool value_known(const struct value *value);
void value_add(struct value *value, xmlNode *node, bool sure);
void value_take_object(struct value *value, xmlXPathObjectPtr object); /* takes over */
void value_dispose(struct value *value);
enum answer value_boolean(const struct value *value);

/* ---- The run --------------------------------------------------------------- */

struct variable {
  enum { VARIABLE_NEW, VARIABLE_BUSY, VARIABLE_DONE } state;
  bool known;
  struct value value;       /* when not wholly known */
  xmlXPathObjectPtr object; /* what libxml2 made of it */
  struct causes causes;
  char *error; /* it could not be evaluated; else NULL */
};

struct key_state {
  enum { KEY_NEW, KEY_BUSY, KEY_DONE } state;
  struct key_index *sure, *maybe;
  bool wild;     /* the value of some node is not known */
  bool hidden;   /* a mark could hide nodes of it */
  bool doubtful; /* some node has a value only maybe */
  bool exact;    /* none of these */
  bool unique;   /* who has a value for certain is the only one */
  struct causes causes;
  char *error;
};

struct key_set { /* the keys of one document */
  const xmlDoc *document;
  struct key_state *states; /* by number */
};

struct native { /* compiled parts, made when first needed */
  xmlXPathCompExprPtr full, bare;
};

struct marks;
struct run;

struct evaluation {
  struct run *run;
  const struct schema_pattern *pattern;
  const struct plan_rule *rule; /* NULL outside */
  const struct plan_assertion *assertion;
  xmlNode *context; /* of the rule */
  xmlNode *told;    /* what messages are written at: the context, from 2025 on the subject */
  xmlNode *current;
  const struct scope *scope;
  struct causes causes;
  bool unknown; /* a function, key or variable said so since it was last cleared */
  bool failed;  /* so for an error */
  char error[256];
  xmlNodeSet *seen; /* what functions say that they looked at; NULL: nobody asks */
};

struct alternative { /* one alternative of one rule's context */
  size_t pattern, rule;
  const struct matcher *matcher;
  xmlElementType kind; /* 0: any */
  const char *name;    /* NULL: any */
  /* What must hold so many levels up: @attribute = 'literal'; NULL: no such condition. */
  const char *attribute, *literal;
  size_t level;
};
struct candidates { /* in order of pattern and rule */
  const struct alternative **items;
  size_t count, capacity;
};
struct dispatch { /* of one kind of node */
  xmlElementType kind;
  struct map *by_text;
  struct pointers by_name; /* names of the document's dictionary */
  struct candidates merged;
  bool wanted; /* some context can match this kind */
};

struct survey {       /* both in document order */
  xmlNode **elements; /* of the names that contexts and keys ask for; not below marks */
  size_t count, capacity;
  xmlNode **marks;
  size_t mark_count, mark_capacity;
  bool has_contexts; /* no context can be anything but one of `elements` */
  struct map *names;
  struct pointers by_address;
};

struct library; /* the other documents that were read */

struct scratch { /* documents that functions made */
  struct scratch_list {
    xmlDoc **documents;
    size_t count, capacity;
  } brief, lasting; /* until the rule is done; until the run is */
  unsigned depth;   /* variables being computed that outlive the rule */
};

struct run {
  const struct schema *schema;
  struct run *home; /* of a document that a pattern names: the run it belongs to; else NULL */
  const struct phase *phase; /* whose variables there are; NULL: none */
  struct pointers chosen;    /* the nodes of phase/@from */
  bool has_chosen;           /* else all of the document */
  struct library *library;
  struct scratch scratch;
  struct map *expressions; /* regular ones; of the home run only */
  xmlDoc *document;
  const bool *active;
  void *data;
  const struct engine_listener *listener;
  struct pattern_tally *tallies;
  xmlXPathContextPtr xpath;
  struct evaluation live;
  struct matcher_evaluator evaluator;
  struct variable *variables; /* by slot */
  struct key_set *key_sets;   /* that of the run's document first */
  size_t key_set_count, key_set_capacity;
  struct native *natives;   /* by part, across the schema */
  unsigned char *touched;   /* by part; good once touch_known of its expression */
  bool *touch_known;        /* by expression */
  struct marks *marks;      /* NULL: the document has none */
  struct map *words;        /* of causes: key -> number + 1 */
  struct cause *last_cause; /* that a function told again; NULL: none yet */
  struct cause **causes;    /* made by functions */
  size_t cause_count, cause_capacity;
  struct pointers identities;
  struct alternative *alternatives;
  size_t alternative_count;
  struct dispatch elements, attributes, others;
  struct survey survey;
};

/* ---- evaluate.c ------------------------------------------------------------ */

void evaluation_setup(struct run *run);
void evaluation_teardown(struct run *run);
/* Forgets causes, unknown and error. */
void evaluation_reset(struct evaluation *evaluation);
/* libxml2 on a compiled expression. NULL or false on an error (`failed` is set). */
xmlXPathObjectPtr evaluation_object(struct evaluation *evaluation, xmlXPathCompExprPtr compiled,
                                    struct focus focus);
bool evaluation_truth(struct evaluation *evaluation, xmlXPathCompExprPtr compiled,
                      struct focus focus);
/* An expression as boolean, three-valued. When `failed` is set the answer means nothing. */
enum answer evaluation_test(struct evaluation *evaluation, const struct expression *expression,
                            struct focus focus);
/* The let that a name means here: of the scope, or of the phase; NULL: none. */
const struct let *evaluation_let(const struct evaluation *evaluation, const struct scope *scope,
                                 const char *name);
const struct variable *evaluation_variable(struct evaluation *evaluation, const struct let *let);
void evaluation_forget_variable(struct variable *variable);
void evaluation_fail(struct evaluation *evaluation, const char *message);
struct run *run_root(struct run *run); /* the home run, or itself */
/* The document that a node stands in. */
xmlDoc *evaluation_document(const struct run *run, const xmlNode *node);
void evaluation_not_a_number(struct evaluation *evaluation, xmlXPathObjectPtr left,
                             xmlXPathObjectPtr right);
void run_identity(struct run *run, const xmlNode *node, char text[32]);
const struct cause *run_cause(struct run *run, const char *reason, const char *needs,
                              const char *note, xmlNode *mark);

/* Puts aside what is being evaluated, for a variable or a key, and takes it up again. */
struct frame {
  xmlNode *current, *node;
  int position, size;
  xmlDoc *document;
  unsigned long operations;
  const struct scope *scope;
  struct causes causes;
  bool unknown, failed;
  char error[256];
};
void evaluation_enter(struct evaluation *evaluation, struct frame *frame, const struct scope *scope,
                      xmlNode *current);
void evaluation_leave(struct evaluation *evaluation, struct frame *frame);

/* ---- unknown.c ------------------------------------------------------------- */

bool unknown_touched(struct run *run, const struct expression *expression, size_t part);
enum answer unknown_boolean(struct evaluation *evaluation, const struct expression *expression,
                            size_t part, struct focus focus);
void unknown_value(struct evaluation *evaluation, const struct expression *expression, size_t part,
                   struct focus focus, struct value *value);
/* A predicate: a number is compared with the position. */
enum answer unknown_predicate(struct evaluation *evaluation, const struct expression *expression,
                              size_t part, struct focus focus);
/* "//" and a step to children that read as one: the step at any depth. */
bool unknown_deep_pair(const struct expression *expression, const struct part *part);
/* paths.c: location paths, unions and filters */
void unknown_nodes(struct evaluation *evaluation, const struct expression *expression, size_t part,
                   struct focus focus, struct value *value);
/* One step from a node: could it lead to more than is there? Adds the causes. */
bool unknown_step(struct evaluation *evaluation, const struct xpath_node *step,
                  enum xpath_axis axis, xmlNode *from);
/* What libxml2 makes of a part; `unknown` and `failed` tell the rest. A part that
 * is unknown is no error: what it was given may be wrong. */
xmlXPathObjectPtr unknown_plain(struct evaluation *evaluation, const struct expression *expression,
                                size_t part, struct focus focus);
xmlXPathCompExprPtr unknown_native(struct run *run, const struct expression *expression,
                                   size_t part, enum write_form form);

/* ---- marks.c --------------------------------------------------------------- */

struct marks *marks_new(struct run *run); /* NULL when there are none */
void marks_free(struct marks *marks);
/* Could any mark of the document touch such a read? `of` NULL: any name. */
bool marks_touch_child(const struct marks *marks, const char *under, const char *of);
bool marks_touch_attribute(const struct marks *marks, const char *under, const char *of);
bool marks_touch_below(const struct marks *marks, const char *of);
/* At this element; `causes` NULL: only the answer. */
bool marks_child(const struct marks *marks, const xmlNode *element, const char *of,
                 struct causes *causes);
bool marks_attribute(const struct marks *marks, const xmlNode *element, const char *of,
                     struct causes *causes);
/* Anything named `of` (NULL: anything) at any depth below. */
bool marks_below(const struct marks *marks, const xmlNode *node, const char *of,
                 struct causes *causes);
/* Marks that bear on a node or its ancestors; failing that, one of each pair. */
void marks_around(const struct marks *marks, const xmlNode *node, struct causes *causes);
/* Calls `visit` with each mark and each element that it bears on, until it says
 * true (then goes on with the next mark). `wanted` chooses by (of, is attribute). */
struct mark_visitor {
  void *data;
  bool (*wanted)(void *data, const char *of, bool attribute, const struct cause *cause);
  bool (*visit)(void *data, xmlNode *under, const char *of_as_written, const struct cause *cause);
};
void marks_visit(const struct marks *marks, const struct mark_visitor *visitor);
bool run_is_mark(const struct run *run, const xmlNode *node);

/* ---- lookup.c -------------------------------------------------------------- */

enum key_part { KEY_NODES, KEY_COUNT, KEY_AT }; /* all; how many; the one at `place`, from 1 */
xmlXPathObjectPtr keys_look_up(struct evaluation *evaluation, const char *name, const xmlNode *at,
                               xmlXPathObjectPtr value, enum key_part part, size_t place);
/* Is any node found for certain? False says nothing. */
bool keys_found(struct evaluation *evaluation, const char *name, const xmlNode *at,
                const struct value *wanted);
/* `at`: the context node, whose document's key it is. */
void keys_value(struct evaluation *evaluation, const char *name, const xmlNode *at,
                const struct value *wanted, struct value *found);
/* Is this node among those of a value? Asks the node, not the index. */
enum answer keys_front(struct evaluation *evaluation, const char *name, const char *value,
                       xmlNode *node);
void keys_dispose(struct run *run);

/* ---- documents.c, exslt_*.c, render.c --------------------------------------- */

struct library *library_new(void);
void library_free(struct library *library);
bool library_owns(const struct library *library, const xmlDoc *document);
/* Beside `base`, else beside `other_base` (NULL: none). NULL, with an error, when it
 * cannot or must not be read. The library's. */
xmlDoc *library_read(struct evaluation *evaluation, const char *base, const char *other_base,
                     const char *href);
/* What pattern/@documents names; fewer, with an error. Free with xmlXPathFreeNodeSet. */
xmlNodeSet *documents_named(struct evaluation *evaluation, const struct value *value);
/* An empty document for what a function makes. NULL, with an error: too many. */
xmlDoc *scratch_new(struct evaluation *evaluation);
void scratch_release(struct run *run); /* the brief ones */
void scratch_dispose(struct run *run);

struct items { /* elements that hold text, each a root of one scratch document */
  struct evaluation *evaluation;
  const char *name;
  xmlDoc *document;
  xmlNodeSet *nodes;
  size_t count;
};
bool items_begin(struct items *items, struct evaluation *evaluation, const char *name);
void items_add(struct items *items, const char *text, size_t size);
xmlXPathObjectPtr items_end(struct items *items); /* the node-set; always to be called */
void exslt_regexp_dispose(struct run *run);

/* ---- compare.c ------------------------------------------------------------- */

struct range { /* the numbers of one operand */
  double least, most;
  bool empty, not_number;
};
struct range range_of_object(xmlXPathObjectPtr object, bool as_boolean);
bool compare_ranges(enum xpath_kind relation, struct range left, struct range right,
                    bool *not_number);
/* Two values of which one is not wholly known. `solid` tells whether the text of
 * a node is; `types`: static types, for values that are not known at all. */
enum answer compare_values(struct evaluation *evaluation, enum xpath_kind relation,
                           const struct value *left, enum value_type left_type,
                           const struct value *right, enum value_type right_type);
/* Is the string value of this node known? */
bool text_known(struct evaluation *evaluation, const xmlNode *node);

/* ---- dispatch.c ------------------------------------------------------------ */

void dispatch_setup(struct run *run);
void dispatch_teardown(struct run *run);
/* Good until the next call for the same kind. */
const struct candidates *dispatch_candidates(struct run *run, struct dispatch *dispatch,
                                             const xmlNode *node);
const struct candidates *dispatch_others(struct run *run, const xmlNode *node);

/* ---- survey.c -------------------------------------------------------------- */

void survey_make(struct run *run); /* after dispatch_setup */
void survey_dispose(struct run *run);
/* Are all elements of that name (not below marks) in the survey? */
bool survey_has(const struct run *run, const char *name);

/* ---- choose.c -------------------------------------------------------------- */

/* The nodes of the phase's `from`; false: they cannot be told (`failed`: an error). */
bool choose_nodes(struct run *run) MUST_USE;
/* Is it one of them, or does it stand in one? */
bool chosen_has(const struct run *run, const xmlNode *node);
/* The nodes of a rule's visit-each at a context node, in document order, if the answer is
 * yes; no: an error. Dispose of `chosen` in any case. */
enum answer choose_visits(struct evaluation *evaluation, const struct expression *expression,
                          xmlNode *node, struct value *chosen) MUST_USE;

/* ---- hidden.c, run.c ------------------------------------------------------- */

void run_begin(struct run *run);
void run_end(struct run *run);
void hidden_contexts(struct run *run);
/* Could a mark hide a node that `matcher` matches? Adds the causes. */
bool hidden_nodes(struct run *run, const struct matcher *matcher, struct causes *causes);
void run_tell_unknown(struct run *run, const struct engine_outcome *outcome,
                      const struct causes *causes);
enum answer run_match(struct run *run, const struct matcher *matcher, xmlNode *node);
xmlNode *run_next(xmlNode *node, const xmlNode *top, bool enter); /* a walk; NULL at the end */

#endif
