/* From the names that a rule reads to the kinds of evidence behind them. */
#include "rulebook/needs.h"

#include "base/map.h"
#include "base/text.h"
#include "evidence/kinds.h"
#include "evidence/node.h"
#include "evidence/registry_path.h"
#include "rulebook/expressions.h"

#include <string.h>

struct evidence_needs {
  struct map *by_name; /* "site", "certificateBinding/@record" -> the words of a mark's needs */
};

static bool is_mark(const xmlNode *node) {
  return node->type == XML_ELEMENT_NODE && node->ns &&
         text_equal((const char *)node->ns->href, EVIDENCE_MARK_NAMESPACE);
}

/* "@usable" under certificateBinding -> "certificateBinding/@usable" */
static char *name_of_mark(const xmlNode *mark) {
  const char *of = node_get(mark, "of"), *under = node_get(mark, "under");
  if (!of) return alloc_text("");
  return of[0] == '@' ? alloc_format("%s/%s", under ? under : "", of) : alloc_text(of);
}

static void collect_marks(struct evidence_needs *needs, const xmlNode *node) {
  for (; node; node = node->next) {
    if (is_mark(node)) {
      char *name = name_of_mark(node);
      void **place = map_at(needs->by_name, name);
      const char *kinds = node_get(node, "needs");
      if (!*place && kinds && *kinds) *place = alloc_text(kinds);
      alloc_free(name);
    }
    collect_marks(needs, node->children);
  }
}

struct evidence_needs *evidence_needs_new(void) {
  struct evidence_needs *needs = alloc_bytes(sizeof *needs);
  needs->by_name = map_new();
  struct bundle *nothing = bundle_open(NULL, 0, &bundle_default_limits);
  struct readings readings = {.dict = xmlDictCreate(), .diags = &nothing->diags};
  struct hosts *hosts = hosts_build(nothing, &readings, NULL);
  for (size_t i = 0; i < hosts->count; i++)
    collect_marks(needs, xmlDocGetRootElement(hosts->items[i].document));
  hosts_free(hosts);
  readings_dispose(&readings);
  bundle_free(nothing);
  return needs;
}

void evidence_needs_free(struct evidence_needs *needs) {
  if (!needs) return;
  for (size_t i = 0; i < map_count(needs->by_name); i++)
    alloc_free(map_value(needs->by_name, i));
  map_free(needs->by_name);
  alloc_free(needs);
}

/* ---- One page ---- */

static bool is_same_need(const struct page_need *need, char *const *kinds, size_t count) {
  if (need->count != count) return false;
  for (size_t i = 0; i < count; i++)
    if (!text_equal(need->kinds[i].id, kinds[i])) return false;
  return true;
}

static const char *or_empty(const char *text) {
  return text ? text : "";
}

static void add_need(struct rule_page *page, const char *words) {
  size_t count;
  char **kinds = word_list(words, &count);
  bool known = count == 0;
  for (size_t i = 0; i < page->need_count; i++)
    known = known || is_same_need(&page->needs[i], kinds, count);
  struct page_need need = {0};
  for (size_t i = 0; !known && i < count; i++) {
    const struct evidence_kind *kind = evidence_kind_find(kinds[i]);
    if (!kind) continue;
    struct page_kind one = {kind->id, or_empty(kind->name), or_empty(kind->shell),
                            or_empty(kind->command), or_empty(kind->file)};
    ARRAY_PUSH(need.kinds, need.count, need.capacity) = one;
  }
  if (need.count) ARRAY_PUSH(page->needs, page->need_count, page->need_capacity) = need;
  word_list_free(kinds, count);
}

struct reading_names {
  const struct evidence_needs *needs;
  const struct schema *schema;
  struct rule_page *page;
  const char *above;     /* the element that an attribute step stands on; NULL: not known */
  unsigned depth;        /* of keys and variables that refer to others */
  struct map *variables; /* those that were looked at */
};

enum { KEY_DEPTH_MOST = 4 };

static void read_tree(struct reading_names *reading, const struct xpath_node *tree);

static void read_name(struct reading_names *reading, const char *name) {
  const char *words = map_get(reading->needs->by_name, name);
  if (words) add_need(reading->page, words);
}

static void read_key(struct reading_names *reading, const char *name) {
  if (reading->depth >= KEY_DEPTH_MOST) return;
  const xmlNode *key = schema_key_element(reading->schema, name, NULL);
  for (; key; key = schema_key_element(reading->schema, name, key)) {
    const xmlAttr *match = plain_attribute(key, "match");
    char *source = match ? attribute_text(match) : alloc_text("");
    struct xpath_error error;
    struct xpath_node *tree = xpath_parse_pattern(source, &error);
    reading->depth++;
    if (tree) read_tree(reading, tree);
    reading->depth--;
    xpath_free(tree);
    alloc_free(source);
  }
}

static void read_registry(struct reading_names *reading, const char *path) {
  char *key = registry_path_key(path);
  add_need(reading->page, registry_key_kind(key));
  alloc_free(key);
}

/* ---- Variables of the whole schema ---- */

struct let_wanted {
  struct reading_names *reading;
  const char *name;
};

static void read_let(void *data, const struct rule_expression *expression) {
  const struct let_wanted *wanted = data;
  if (expression->role != EXPRESSION_LET || !is_schematron(expression->element, "let")) return;
  const xmlAttr *attribute = plain_attribute(expression->element, "name");
  char *name = attribute ? attribute_text(attribute) : NULL;
  if (text_equal(name, wanted->name)) read_tree(wanted->reading, expression->tree);
  alloc_free(name);
}

static void read_variable(struct reading_names *reading, const char *name) {
  if (reading->depth >= KEY_DEPTH_MOST) return;
  void **seen = map_at(reading->variables, name);
  if (*seen) return;
  *seen = reading->variables;
  reading->depth++;
  schema_expressions(reading->schema, read_let, &(struct let_wanted){reading, name});
  reading->depth--;
}

static void see(void *data, const struct xpath_node *node) {
  struct reading_names *reading = data;
  if (node->kind == EXPR_VARIABLE && !node->prefix) read_variable(reading, node->name);
  if (node->kind == EXPR_LITERAL && text_starts(node->name, "HKLM\\"))
    read_registry(reading, node->name);
  if (node->kind == EXPR_CALL) {
    const struct xpath_node *first = node->first;
    if (!node->prefix && text_equal(node->name, "key") && first && first->kind == EXPR_LITERAL)
      read_key(reading, first->name);
    if (text_equal(node->prefix, "iis")) read_name(reading, "level");
    if (text_equal(node->prefix, "sg") && text_starts(node->name, "as-of"))
      read_name(reading, "evidence/@asOf");
    return;
  }
  if (node->kind != EXPR_STEP || node->test != TEST_NAME) return;
  if (node->axis != AXIS_ATTRIBUTE) {
    read_name(reading, node->name);
    return;
  }
  char *name = alloc_format("%s/@%s", reading->above ? reading->above : "", node->name);
  read_name(reading, name);
  alloc_free(name);
}

static void read_tree(struct reading_names *reading, const struct xpath_node *tree) {
  xpath_walk(tree, see, reading);
}

/* The last element name of a context: what its attributes stand on. */
static const char *last_element(const struct xpath_node *tree) {
  const char *name = NULL;
  for (const struct xpath_node *n = tree->kind == EXPR_PATH ? tree->first : NULL; n; n = n->next)
    if (n->kind == EXPR_STEP && n->test == TEST_NAME && n->axis != AXIS_ATTRIBUTE) name = n->name;
  return name;
}

static void read_expression(void *data, const struct rule_expression *expression) {
  struct reading_names *reading = data;
  if (expression->role == EXPRESSION_SHOWN) return;
  char *owner = NULL;
  if (expression->rule && expression->role == EXPRESSION_TEST) {
    struct xpath_error error;
    struct xpath_node *context = xpath_parse_pattern(expression->rule->context, &error);
    const char *name = context ? last_element(context) : NULL;
    owner = name ? alloc_text(name) : NULL;
    xpath_free(context);
  }
  reading->above = owner;
  read_tree(reading, expression->tree);
  reading->above = NULL;
  alloc_free(owner);
}

static void read_cases(const struct case_set *cases, const char *rule, struct rule_page *page) {
  for (size_t i = 0; cases && i < case_set_count(cases); i++) {
    const struct rule_case *one = case_set_at(cases, i);
    if (one->kind != CASE_MUST_BE_UNKNOWN || !text_equal(one->rule, rule)) continue;
    for (const xmlNode *edit = one->element->children; edit; edit = edit->next)
      if (edit->type == XML_ELEMENT_NODE && text_equal((const char *)edit->name, "mark")) {
        const char *words = node_get(edit, "needs");
        if (words) add_need(page, words);
      }
  }
}

void needs_of_rule(const struct evidence_needs *needs, const struct schema *schema,
                   const struct rule_entry *entry, const struct case_set *cases,
                   struct rule_page *page) {
  struct reading_names reading = {
      .needs = needs, .schema = schema, .page = page, .variables = map_new()};
  pattern_expressions(entry->pattern, read_expression, &reading);
  map_free(reading.variables);
  read_cases(cases, entry->facts.id, page);
}
