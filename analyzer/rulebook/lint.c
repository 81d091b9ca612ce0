/* Lint over all rules, and how a complaint is told. */
#include "rulebook/lint.h"

#include "base/text.h"
#include "rulebook/lint_private.h"

#include <stdio.h>

/* ---- Telling ---- */

static void tell(struct linter *linter, const char *name, const char *path, unsigned line,
                 unsigned column, const char *message) {
  char *key = alloc_format("%s:%u:%u: %s", path, line, column, message);
  void **place = map_at(linter->told, key);
  if (!*place) diags_add(linter->diags, DIAG_ERROR, path, line, column, "%s [%s]", message, name);
  *place = linter;
  alloc_free(key);
}

static void tell_at(struct linter *linter, const char *name, const xmlNode *node, size_t offset,
                    const char *format, va_list arguments) PRINTF_LIKE(5, 0);

static void tell_at(struct linter *linter, const char *name, const xmlNode *node, size_t offset,
                    const char *format, va_list arguments) {
  char message[512];
  vsnprintf(message, sizeof message, format, arguments);
  const char *path;
  unsigned line, column;
  schema_locate(linter->source->schema, node, offset, &path, &line, &column);
  tell(linter, name, path, line, column, message);
}

void lint_at(struct linter *linter, const char *name, const xmlNode *element, const char *format,
             ...) {
  va_list arguments;
  va_start(arguments, format);
  tell_at(linter, name, element, (size_t)-1, format, arguments);
  va_end(arguments);
}

void lint_in(struct linter *linter, const char *name, const xmlAttr *attribute, size_t offset,
             const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  tell_at(linter, name, (const xmlNode *)attribute, offset, format, arguments);
  va_end(arguments);
}

/* ---- One schema ---- */

/* A pattern that no phase names never runs without --rule. */
static void lint_phases(struct linter *linter) {
  const struct schema *schema = linter->source->schema;
  bool *active = alloc_array(linter->source->count, sizeof *active);
  bool *any = alloc_array(linter->source->count, sizeof *any);
  size_t phases = schema_phase_count(schema);
  for (size_t p = 0; p < phases; p++)
    for (size_t i = 0;
         schema_phase(schema, schema_phase_id(schema, p), active) && i < linter->source->count; i++)
      any[i] = any[i] || active[i];
  for (size_t i = 0; phases && i < linter->source->count; i++) {
    linter->entry = &linter->source->entries[i];
    if (!any[i])
      lint_at(linter, "in-no-profile", linter->entry->pattern->element,
              "no phase of the schema names this pattern, so it never runs");
  }
  linter->entry = NULL;
  alloc_free(active);
  alloc_free(any);
}

static void lint_source(struct linter *linter) {
  linter->entry = NULL;
  schema_expressions(linter->source->schema, lint_expression, linter);
  for (size_t i = 0; i < linter->source->count; i++) {
    if (linter->source->numbers[i] < 0) continue;
    linter->entry = &linter->source->entries[i];
    lint_facts(linter);
    lint_same_contexts(linter);
    pattern_expressions(linter->entry->pattern, lint_expression, linter);
  }
  lint_phases(linter);
}

void rules_lint(const struct rulebook *rulebook, bool builtin, struct diags *diags) {
  struct linter linter = {
      .rulebook = rulebook, .facts = attribute_facts_new(), .told = map_new(), .diags = diags};
  for (size_t i = 0; i < rulebook->source_count; i++) {
    linter.source = &rulebook->sources[i];
    if (builtin || !linter.source->builtin) lint_source(&linter);
  }
  map_free(linter.told);
  attribute_facts_free(linter.facts);
}
