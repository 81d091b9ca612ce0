/* The marks of a document: which child or attribute of which elements is not
 * known. Marks of the same (of, under) are held together, so that the question
 * "could this read be touched at all" is asked of a few pairs, not of all marks. */
#include "schematron/run_state.h"

#include "base/text.h"

#include <string.h>

enum { FEW_SCOPES = 8 };

struct mark {
  const struct cause *cause;
  struct mark *next; /* of the same scope */
};

struct pair {
  const char *written; /* `of` as it stands: "x" or "@x" */
  const char *of;      /* without the "@" */
  const char *under;
  bool attribute;
  struct pointers scopes; /* element -> struct mark */
  xmlNode **order;        /* the scopes, in document order */
  size_t count, capacity;
  xmlNode **parents; /* elements that the pair bears on; made when first needed */
  const struct mark **parent_marks;
  size_t parent_count, parent_capacity, parent_mark_capacity;
  bool parents_known;
};

struct marks {
  struct run *run;
  struct pair **pairs; /* in order of first appearance */
  size_t count, capacity;
  struct map *by_name;
  char **texts; /* attribute values, kept */
  size_t text_count, text_capacity;
  struct mark **all;
  size_t all_count, all_capacity;
};

/* ---- Collecting ------------------------------------------------------------ */

bool run_is_mark(const struct run *run, const xmlNode *node) {
  const char *uri = run->schema->options.mark_namespace;
  return uri != NULL && node->type == XML_ELEMENT_NODE && node->ns != NULL &&
         text_equal((const char *)node->ns->href, uri);
}

static const char *keep_value(struct marks *marks, const xmlNode *mark, const char *name) {
  char *value = schema_value(mark, name);
  if (value == NULL) return "";
  ARRAY_PUSH(marks->texts, marks->text_count, marks->text_capacity) = value;
  return value;
}

static struct pair *pair_at(struct marks *marks, const char *of, const char *under) {
  char *key = alloc_format("%s %s", under, of);
  void **place = map_at(marks->by_name, key);
  alloc_free(key);
  if (*place != NULL) return *place;
  struct pair *pair = alloc_bytes(sizeof *pair);
  *place = pair;
  pair->written = of;
  pair->attribute = of[0] == '@';
  pair->of = pair->attribute ? of + 1 : of;
  pair->under = under;
  ARRAY_PUSH(marks->pairs, marks->count, marks->capacity) = pair;
  return pair;
}

static void take(struct marks *marks, xmlNode *element) {
  const char *of = keep_value(marks, element, "of"), *under = keep_value(marks, element, "under");
  struct pair *pair = pair_at(marks, of, under);
  struct mark *mark = alloc_bytes(sizeof *mark);
  mark->cause =
      run_cause(marks->run, keep_value(marks, element, "reason"),
                keep_value(marks, element, "needs"), keep_value(marks, element, "note"), element);
  ARRAY_PUSH(marks->all, marks->all_count, marks->all_capacity) = mark;
  void **place = pointers_at(&pair->scopes, element->parent);
  if (*place == NULL) ARRAY_PUSH(pair->order, pair->count, pair->capacity) = element->parent;
  mark->next = *place;
  *place = mark;
}

struct marks *marks_new(struct run *run) {
  xmlNode *root = xmlDocGetRootElement(run->document);
  if (run->schema->options.mark_namespace == NULL || root == NULL) return NULL;
  struct marks *marks = alloc_bytes(sizeof *marks);
  marks->run = run;
  marks->by_name = map_new();
  for (size_t i = 0; i < run->survey.mark_count; i++)
    if (run->survey.marks[i] != root) take(marks, run->survey.marks[i]);
  if (marks->count > 0) return marks;
  marks_free(marks);
  return NULL;
}

void marks_free(struct marks *marks) {
  if (marks == NULL) return;
  for (size_t i = 0; i < marks->count; i++) {
    pointers_dispose(&marks->pairs[i]->scopes);
    alloc_free(marks->pairs[i]->order);
    alloc_free(marks->pairs[i]->parents);
    alloc_free(marks->pairs[i]->parent_marks);
    alloc_free(marks->pairs[i]);
  }
  for (size_t i = 0; i < marks->text_count; i++)
    alloc_free(marks->texts[i]);
  for (size_t i = 0; i < marks->all_count; i++)
    alloc_free(marks->all[i]);
  alloc_free(marks->pairs);
  alloc_free(marks->texts);
  alloc_free(marks->all);
  map_free(marks->by_name);
  alloc_free(marks);
}

/* ---- Could a read be touched at all? --------------------------------------- */

static bool same_or_any(const char *a, const char *b) {
  return a == NULL || b == NULL || strcmp(a, b) == 0;
}

bool marks_touch_child(const struct marks *marks, const char *under, const char *of) {
  for (size_t i = 0; i < marks->count; i++) {
    const struct pair *pair = marks->pairs[i];
    if (!pair->attribute && same_or_any(pair->under, under) && same_or_any(pair->of, of))
      return true;
  }
  return false;
}

bool marks_touch_attribute(const struct marks *marks, const char *under, const char *of) {
  for (size_t i = 0; i < marks->count; i++) {
    const struct pair *pair = marks->pairs[i];
    if (pair->attribute && same_or_any(pair->under, under) && same_or_any(pair->of, of))
      return true;
  }
  return false;
}

/* Is `name` what a mark hides, or can it stand below that? */
static bool hides(const struct marks *marks, const struct pair *pair, const char *name) {
  if (pair->attribute) return false;
  if (name == NULL || strcmp(pair->of, name) == 0) return true;
  const struct vocabulary *vocabulary = marks->run->schema->options.vocabulary;
  return vocabulary == NULL || vocabulary->may_contain(vocabulary->data, pair->of, name);
}

bool marks_touch_below(const struct marks *marks, const char *of) {
  for (size_t i = 0; i < marks->count; i++)
    if (hides(marks, marks->pairs[i], of)) return true;
  return false;
}

/* ---- At a node ------------------------------------------------------------- */

/* Is `element` in the scope of a mark of this pair? */
static bool in_scope(const struct pair *pair, const xmlNode *element, struct causes *causes) {
  bool found = false;
  for (const xmlNode *each = element; each != NULL && each->type == XML_ELEMENT_NODE;
       each = each->parent) {
    const struct mark *mark = pointers_get(&pair->scopes, each);
    for (; mark != NULL; mark = mark->next) {
      found = true;
      if (causes == NULL) return true;
      causes_add(causes, mark->cause);
    }
  }
  return found;
}

static bool bears_on(const struct pair *pair, const xmlNode *element) {
  return element->type == XML_ELEMENT_NODE && strcmp(pair->under, (const char *)element->name) == 0;
}

bool marks_child(const struct marks *marks, const xmlNode *element, const char *of,
                 struct causes *causes) {
  bool found = false;
  for (size_t i = 0; i < marks->count; i++) {
    const struct pair *pair = marks->pairs[i];
    if (!pair->attribute && bears_on(pair, element) && same_or_any(pair->of, of) &&
        in_scope(pair, element, causes))
      found = true;
  }
  return found;
}

bool marks_attribute(const struct marks *marks, const xmlNode *element, const char *of,
                     struct causes *causes) {
  bool found = false;
  for (size_t i = 0; i < marks->count; i++) {
    const struct pair *pair = marks->pairs[i];
    if (pair->attribute && bears_on(pair, element) && same_or_any(pair->of, of) &&
        schema_find_attribute(element, pair->of) == NULL && in_scope(pair, element, causes))
      found = true;
  }
  return found;
}

static bool pair_below(const struct pair *pair, const xmlNode *top, struct causes *causes) {
  bool found = false;
  for (xmlNode *node = (xmlNode *)top; node != NULL; node = run_next(node, top, true)) {
    if (!bears_on(pair, node) || !in_scope(pair, node, causes)) continue;
    found = true;
    if (causes == NULL) return true;
  }
  return found;
}

bool marks_below(const struct marks *marks, const xmlNode *node, const char *of,
                 struct causes *causes) {
  if (node->type == XML_DOCUMENT_NODE) node = xmlDocGetRootElement((xmlDoc *)node);
  if (node == NULL || node->type != XML_ELEMENT_NODE) return false;
  bool found = false;
  for (size_t i = 0; i < marks->count; i++) {
    const struct pair *pair = marks->pairs[i];
    if (hides(marks, pair, of) && pair_below(pair, node, causes)) found = true;
  }
  return found;
}

void marks_around(const struct marks *marks, const xmlNode *node, struct causes *causes) {
  for (; node != NULL; node = node->parent) {
    marks_child(marks, node, NULL, causes);
    marks_attribute(marks, node, NULL, causes);
  }
  for (size_t i = 0; causes->count == 0 && i < marks->count; i++) {
    const struct pair *pair = marks->pairs[i];
    const struct mark *mark = pointers_get(&pair->scopes, pair->order[0]);
    causes_add(causes, mark->cause);
  }
}

/* ---- All that the marks bear on -------------------------------------------- */

static void add_parent(struct pair *pair, const struct mark *mark, xmlNode *node) {
  for (const struct mark *each = mark; each != NULL; each = each->next) {
    size_t count = pair->parent_count;
    ARRAY_PUSH(pair->parents, pair->parent_count, pair->parent_capacity) = node;
    ARRAY_PUSH(pair->parent_marks, count, pair->parent_mark_capacity) = each;
  }
}

static bool is_within(const xmlNode *node, const xmlNode *scope) {
  while (node != NULL && node != scope)
    node = node->parent;
  return node != NULL;
}

static void find_parents_below(const struct run *run, struct pair *pair, xmlNode *scope) {
  const struct mark *mark = pointers_get(&pair->scopes, scope);
  /* Few marks of wide scope: from the survey. Many are of small scope each. */
  if (pair->count <= FEW_SCOPES && survey_has(run, pair->under)) {
    for (size_t i = 0; i < run->survey.count; i++)
      if (bears_on(pair, run->survey.elements[i]) && is_within(run->survey.elements[i], scope))
        add_parent(pair, mark, run->survey.elements[i]);
    return;
  }
  for (xmlNode *node = scope; node != NULL; node = run_next(node, scope, true))
    if (bears_on(pair, node)) add_parent(pair, mark, node);
}

static void find_parents(const struct run *run, struct pair *pair) {
  for (size_t i = 0; i < pair->count; i++)
    find_parents_below(run, pair, pair->order[i]);
  pair->parents_known = true;
}

void marks_visit(const struct marks *marks, const struct mark_visitor *visitor) {
  for (size_t i = 0; i < marks->count; i++) {
    struct pair *pair = marks->pairs[i];
    if (!visitor->wanted(visitor->data, pair->of, pair->attribute, NULL)) continue;
    if (!pair->parents_known) find_parents(marks->run, pair);
    for (size_t j = 0; j < pair->parent_count; j++) {
      const struct cause *cause = pair->parent_marks[j]->cause;
      xmlNode *parent = pair->parents[j];
      bool there = pair->attribute && schema_find_attribute(parent, pair->of) != NULL;
      if (!there && visitor->wanted(visitor->data, pair->of, pair->attribute, cause))
        visitor->visit(visitor->data, parent, pair->written, cause);
    }
  }
}
