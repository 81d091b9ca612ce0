/* One walk over the document at the beginning of a run: its marks, and the
 * elements of the names that contexts and keys ask for, in document order. On a
 * large server most elements are of other names, and each further walk over all of
 * them costs as much as reading the file. */
#include "schematron/run_state.h"

#include "base/text.h"

enum { NAME_WANTED = 1, NAME_OTHER = 2 };

/* Does every target name an element? Then nothing else need be looked at. */
static bool want(struct survey *survey, const struct matcher *matcher) {
  xmlElementType kind;
  const char *name;
  matcher_target(matcher, &kind, &name);
  if (kind != XML_ELEMENT_NODE || name == NULL) return false;
  *map_at(survey->names, name) = survey;
  return true;
}

static void want_contexts(struct run *run) {
  struct survey *survey = &run->survey;
  survey->has_contexts = true;
  for (size_t i = 0; i < run->alternative_count; i++)
    if (!want(survey, run->alternatives[i].matcher)) survey->has_contexts = false;
}

static void want_keys(struct run *run) {
  for (size_t i = 0; i < run->schema->key_count; i++)
    for (size_t j = 0; j < run->schema->keys[i].count; j++) {
      const struct key_declaration *declaration = &run->schema->keys[i].declarations[j];
      for (size_t k = 0; k < declaration->alternative_count; k++)
        want(&run->survey, declaration->alternatives[k]);
    }
}

/* Names of the document's dictionary are found by their address. */
static bool is_wanted(struct run *run, const xmlNode *node) {
  struct survey *survey = &run->survey;
  void *known = pointers_get(&survey->by_address, node->name);
  if (known != NULL) return known == (void *)NAME_WANTED;
  bool wanted = map_get(survey->names, (const char *)node->name) != NULL;
  if (run->document->dict != NULL && xmlDictOwns(run->document->dict, node->name) == 1)
    *pointers_at(&survey->by_address, node->name) =
        (void *)(uintptr_t)(wanted ? NAME_WANTED : NAME_OTHER);
  return wanted;
}

static void take(struct run *run, xmlNode *node, bool is_mark) {
  struct survey *survey = &run->survey;
  if (is_mark)
    ARRAY_PUSH(survey->marks, survey->mark_count, survey->mark_capacity) = node;
  else if (node->type == XML_ELEMENT_NODE && is_wanted(run, node))
    ARRAY_PUSH(survey->elements, survey->count, survey->capacity) = node;
}

void survey_make(struct run *run) {
  run->survey.names = map_new();
  want_contexts(run);
  want_keys(run);
  xmlNode *root = xmlDocGetRootElement(run->document);
  for (xmlNode *node = root; node != NULL;) {
    bool is_mark = run_is_mark(run, node);
    take(run, node, is_mark);
    node = run_next(node, root, !is_mark);
  }
}

bool survey_has(const struct run *run, const char *name) {
  return name != NULL && map_get(run->survey.names, name) != NULL;
}

void survey_dispose(struct run *run) {
  struct survey *survey = &run->survey;
  if (survey->names != NULL) map_free(survey->names);
  pointers_dispose(&survey->by_address);
  alloc_free(survey->elements);
  alloc_free(survey->marks);
}
