/* Lint of expressions: what is slow on large servers, and what is true or false by
 * accident. */
#include "base/text.h"
#include "rulebook/lint_private.h"
#include "schematron/xpath.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { VARIABLE_DEPTH_MOST = 8 };

struct looking {
  struct linter *linter;
  const struct rule_expression *expression;
};

static void look(struct looking *looking, const struct xpath_node *node, const char *element);

/* ---- Names ---- */

static bool is_call(const struct xpath_node *node, const char *prefix, const char *name) {
  return node->kind == EXPR_CALL && text_equal(node->name, name) &&
         text_equal(node->prefix, prefix);
}

/* Which element the nodes of a step are; NULL: not known. */
static const char *element_after(const struct xpath_node *step, const char *from) {
  if (step->axis == AXIS_SELF && step->test != TEST_NAME) return from;
  if (step->axis == AXIS_ATTRIBUTE || step->test != TEST_NAME) return NULL;
  return step->name;
}

static const char *element_of_path(const struct xpath_node *path, const char *from) {
  const char *element = path->absolute ? NULL : from;
  for (const struct xpath_node *n = path->first; n; n = n->next)
    element = n->kind == EXPR_STEP ? element_after(n, element) : NULL;
  return element;
}

static const struct xpath_node *last_child(const struct xpath_node *node) {
  const struct xpath_node *last = node->first;
  while (last && last->next)
    last = last->next;
  return last;
}

/* The value of a variable of this rule, its pattern or its schema. NULL: none has it.
 * Both are the caller's to free. */
static struct xpath_node *variable_tree(const struct looking *looking, const char *name,
                                        char **source) {
  const struct rule_expression *e = looking->expression;
  const xmlNode *const parents[] = {e->rule ? e->rule->element : NULL,
                                    e->pattern ? e->pattern->element : NULL,
                                    schema_root(looking->linter->source->schema)};
  for (size_t i = 0; i < sizeof parents / sizeof *parents; i++) {
    for (const xmlNode *n = parents[i] ? parents[i]->children : NULL; n; n = n->next) {
      const xmlAttr *own = is_schematron(n, "let") ? plain_attribute(n, "name") : NULL;
      const xmlAttr *value = own ? plain_attribute(n, "value") : NULL;
      char *found = value ? attribute_text(own) : NULL;
      bool is = found && text_equal(found, name);
      alloc_free(found);
      if (!is) continue;
      struct xpath_error error;
      *source = attribute_text(value);
      return xpath_parse(*source, &error);
    }
  }
  return NULL;
}

/* ---- Node-sets and numbers ---- */

static bool is_node_set(const struct looking *looking, const struct xpath_node *node,
                        unsigned depth) {
  if (node->kind == EXPR_PATH || node->kind == EXPR_UNION) return true;
  if (node->kind == EXPR_FILTER) return true;
  if (is_call(node, NULL, "key") || is_call(node, "iis", "source")) return true;
  if (node->kind != EXPR_VARIABLE || depth >= VARIABLE_DEPTH_MOST) return false;
  char *source = NULL;
  struct xpath_node *tree = variable_tree(looking, node->name, &source);
  bool is = tree && is_node_set(looking, tree, depth + 1);
  xpath_free(tree);
  alloc_free(source);
  return is;
}

/* One attribute of the context node, which the schema says is always there. */
static bool is_always_there(const struct looking *looking, const struct xpath_node *node,
                            const char *element) {
  const struct xpath_node *step = node->kind == EXPR_PATH && !node->absolute ? node->first : NULL;
  return step && !step->next && step->kind == EXPR_STEP && step->axis == AXIS_ATTRIBUTE &&
         step->test == TEST_NAME && !step->predicates &&
         attribute_is_required(looking->linter->facts, element, step->name);
}

static bool is_numeric_text(const char *text) {
  char *end;
  if (!*text) return false;
  (void)strtod(text, &end);
  return *end == '\0';
}

static bool path_is_no_number(const struct looking *looking, const struct xpath_node *path,
                              const char *element, char named[128]) {
  const struct xpath_node *last = last_child(path);
  const struct attribute_facts *facts = looking->linter->facts;
  if (!last || last->kind != EXPR_STEP || last->test != TEST_NAME || last->prefix) return false;
  if (last->axis != AXIS_ATTRIBUTE) {
    snprintf(named, 128, "%s", last->name);
    return element_is_declared(facts, last->name);
  }
  snprintf(named, 128, "@%s", last->name);
  const char *owner = path->absolute ? NULL : element;
  for (const struct xpath_node *n = path->first; n != last; n = n->next)
    owner = n->kind == EXPR_STEP ? element_after(n, owner) : NULL;
  enum number_answer answer = attribute_is_number(facts, owner, last->name);
  if (answer == NUMBER_NOT_SAID && owner && !element_is_declared(facts, owner)) return false;
  if (answer == NUMBER_NOT_SAID) answer = attribute_is_number(facts, NULL, last->name);
  return answer == NUMBER_NO;
}

static bool is_no_number(const struct looking *looking, const struct xpath_node *node,
                         const char *element, unsigned depth, char named[128]) {
  if (node->kind == EXPR_LITERAL) {
    snprintf(named, 128, "'%s'", node->name);
    return !is_numeric_text(node->name);
  }
  if (node->kind == EXPR_PATH) return path_is_no_number(looking, node, element, named);
  if (node->kind != EXPR_VARIABLE || depth >= VARIABLE_DEPTH_MOST) return false;
  char *source = NULL;
  struct xpath_node *tree = variable_tree(looking, node->name, &source);
  bool is = tree && is_no_number(looking, tree, element, depth + 1, named);
  xpath_free(tree);
  alloc_free(source);
  return is;
}

/* ---- Complaints ---- */

static void complain(const struct looking *looking, const struct xpath_node *at, const char *name,
                     const char *message) {
  lint_in(looking->linter, name, looking->expression->attribute, at->start, "%s", message);
}

static bool decides(const struct looking *looking) {
  return looking->expression->role != EXPRESSION_SHOWN;
}

static void look_at_comparison(struct looking *looking, const struct xpath_node *node,
                               const char *element) {
  const struct xpath_node *const sides[] = {node->first, node->first->next};
  bool relational = node->kind >= EXPR_LESS && node->kind <= EXPR_GREATER_EQUAL;
  bool told = false; /* once for a comparison */
  for (size_t i = 0; i < 2; i++) {
    char named[128] = "";
    bool wrong = relational && !told && is_no_number(looking, sides[i], element, 0, named);
    told = told || wrong;
    if (wrong)
      lint_in(looking->linter, "not-a-number", looking->expression->attribute, sides[i]->start,
              "%s is no number, so < and > compare nothing: for dates there are sg:after() and "
              "sg:time(), for versions sg:compare-version()",
              named);
    if (node->kind == EXPR_NOT_EQUAL && is_node_set(looking, sides[i], 0) &&
        !is_always_there(looking, sides[i], element))
      complain(looking, sides[i], "unequal-node-set",
               "this may be empty or hold several nodes, and then != does not mean 'is not "
               "equal': write not(a = b)");
  }
}

static bool is_configuration(const char *name) {
  static const char *const names[] = {"level", "section", "sectionDefinition"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (text_equal(name, names[i])) return true;
  return false;
}

/* `section` of the level that a variable or iis:web-config() gives: what one file says is
 * meant then. */
static bool is_of_a_file(const struct xpath_node *before, const struct xpath_node *step) {
  if (!before || !text_equal(step->name, "section")) return false;
  return before->kind == EXPR_VARIABLE || is_call(before, "iis", "web-config");
}

static void look_at_axis(struct looking *looking, const struct xpath_node *before,
                         const struct xpath_node *step) {
  bool upwards = step->axis == AXIS_ANCESTOR || step->axis == AXIS_ANCESTOR_OR_SELF;
  const struct xpath_node *next = step->next;
  bool down = next && next->kind == EXPR_STEP &&
              (next->axis == AXIS_CHILD || next->axis == AXIS_DESCENDANT ||
               next->axis == AXIS_DESCENDANT_OR_SELF);
  if (step->axis == AXIS_DESCENDANT || step->axis == AXIS_DESCENDANT_OR_SELF)
    complain(looking, step, "search",
             "this searches the whole tree below, for each node that is judged: name the path, or "
             "use a key");
  if (step->axis == AXIS_PRECEDING || step->axis == AXIS_FOLLOWING)
    complain(looking, step, "search",
             "preceding:: and following:: walk the whole document for each node that is judged");
  if (upwards && down)
    complain(looking, step, "configuration",
             "this looks up what is declared at some level above, not what is in force: use "
             "iis:value()");
  if (looking->expression->role != EXPRESSION_CONTEXT && step->test == TEST_NAME &&
      (step->axis == AXIS_CHILD || step->axis == AXIS_DESCENDANT) &&
      is_configuration(step->name) && !is_of_a_file(before, step))
    complain(looking, step, "configuration",
             "what a level declares is not what is in force: use iis:value()");
}

static bool is_positional(const struct xpath_node *predicate) {
  if (predicate->kind == EXPR_NUMBER || is_call(predicate, NULL, "last") ||
      is_call(predicate, NULL, "position"))
    return true;
  if (predicate->kind < EXPR_EQUAL || predicate->kind > EXPR_MODULO) return false;
  for (const struct xpath_node *n = predicate->first; n; n = n->next)
    if (is_call(n, NULL, "last") || is_call(n, NULL, "position")) return true;
  return false;
}

static void look_at_filter(struct looking *looking, const struct xpath_node *filter) {
  bool brackets = looking->expression->source[filter->start] == '(';
  if (brackets || !filter->first || filter->first->kind != EXPR_CALL) return;
  for (const struct xpath_node *p = filter->predicates; p; p = p->next)
    if (is_positional(p))
      complain(looking, p, "position",
               "a function gives its nodes in an order of its own: write (f())[1] for the first in "
               "the document");
}

/* ---- The walk ---- */

static void look_at_each(struct looking *looking, const struct xpath_node *list,
                         const char *element) {
  for (; list; list = list->next)
    look(looking, list, element);
}

static void look_at_path(struct looking *looking, const struct xpath_node *path,
                         const char *element) {
  const char *at = path->absolute ? NULL : element;
  const struct xpath_node *before = NULL;
  for (const struct xpath_node *n = path->first; n; before = n, n = n->next) {
    if (n->kind != EXPR_STEP) {
      look(looking, n, element);
      at = NULL;
      continue;
    }
    if (decides(looking)) look_at_axis(looking, before, n);
    at = element_after(n, at);
    look_at_each(looking, n->predicates, at);
  }
}

static void look(struct looking *looking, const struct xpath_node *node, const char *element) {
  if (node->kind == EXPR_PATH) {
    look_at_path(looking, node, element);
    return;
  }
  if (node->kind >= EXPR_EQUAL && node->kind <= EXPR_GREATER_EQUAL)
    look_at_comparison(looking, node, element);
  if (node->kind == EXPR_FILTER) {
    look_at_filter(looking, node);
    look_at_each(looking, node->predicates,
                 node->first->kind == EXPR_PATH ? element_of_path(node->first, element) : NULL);
  }
  look_at_each(looking, node->first, element);
}

/* The element that a rule's expressions start at, when all its contexts agree. */
static char *context_element(const struct rule_expression *expression) {
  if (!expression->rule || expression->role == EXPRESSION_CONTEXT) return NULL;
  struct xpath_error error;
  struct xpath_node *tree = xpath_parse_pattern(expression->rule->context, &error);
  const char *name = NULL;
  bool agree = tree != NULL;
  for (const struct xpath_node *n = tree; n && agree; n = n->kind == EXPR_UNION ? n->first : NULL) {
    const struct xpath_node *one = n->kind == EXPR_UNION ? n->first->next : n;
    const char *element = one->kind == EXPR_PATH ? element_of_path(one, NULL) : NULL;
    agree = element && (!name || text_equal(name, element));
    name = element;
  }
  char *copy = agree && name ? alloc_text(name) : NULL;
  xpath_free(tree);
  return copy;
}

void lint_expression(void *data, const struct rule_expression *expression) {
  struct looking looking = {data, expression};
  char *element = context_element(expression);
  look(&looking, expression->tree, element);
  alloc_free(element);
}

/* ---- Contexts ---- */

/* The alternatives of a union, each as its dump. */
static void look_at_contexts(struct linter *linter, const struct schema_rule *rule,
                             const struct xpath_node *tree, struct map *seen) {
  if (tree->kind == EXPR_UNION) {
    look_at_contexts(linter, rule, tree->first, seen);
    look_at_contexts(linter, rule, tree->first->next, seen);
    return;
  }
  char *dump = xpath_dump(tree);
  const struct schema_rule **place = (const struct schema_rule **)map_at(seen, dump);
  if (*place && *place != rule)
    lint_in(linter, "same-context", plain_attribute(rule->element, "context"), tree->start,
            "the rule at line %u has this context too: the first rule that fits a node takes it",
            (*place)->line);
  if (!*place) *place = rule;
  alloc_free(dump);
}

void lint_same_contexts(struct linter *linter) {
  const struct schema_pattern *pattern = linter->entry->pattern;
  struct map *seen = map_new();
  for (size_t r = 0; r < pattern->rule_count; r++) {
    struct xpath_error error;
    struct xpath_node *tree = xpath_parse_pattern(pattern->rules[r].context, &error);
    if (tree) look_at_contexts(linter, &pattern->rules[r], tree, seen);
    xpath_free(tree);
  }
  map_free(seen);
}
