/* Loading rules: the built-in schema, and those that a user names. */
#include "rulebook/rulebook.h"

#include "base/map.h"
#include "base/text.h"
#include "rulebook/private.h"
#include "rulebook/vocabulary_adapter.h"

#include <stdio.h>
#include <string.h>

#define ROOT "siteglass.sch"

/* XPath-valued attributes: sg:actual, sg:expected, sg:cause on assertions, select on sg:evidence.
 */
static const char *const own_expressions[] = {"actual", "expected", "cause", "select", NULL};

/* ---- One schema ---- */

static void add_source(struct rulebook *rulebook, const char *path, const char *text, size_t size,
                       size_t operand, struct diags *diags) {
  struct schema_options options = {.functions = rule_functions,
                                   .vocabulary = &rulebook->vocabulary,
                                   .mark_namespace = EVIDENCE_MARK_NAMESPACE,
                                   .own_namespace = RULES_NAMESPACE,
                                   .own_expressions = own_expressions,
                                   .data = rulebook->files,
                                   .reader = rule_files_include,
                                   .adopt = settings_adopt,
                                   .adopt_data = rulebook->settings};
  struct schema *schema = schema_load(text, size, path, &options, diags);
  if (!schema) return;
  struct rule_source source = {.path = alloc_text(path),
                               .builtin = operand == 0,
                               .operand = operand,
                               .schema = schema,
                               .entries = catalogue_new(schema, diags),
                               .count = schema_pattern_count(schema)};
  source.numbers = alloc_array(source.count, sizeof *source.numbers);
  ARRAY_PUSH(rulebook->sources, rulebook->source_count, rulebook->source_capacity) = source;
}

static void add_builtin(struct rulebook *rulebook, struct diags *diags) {
  const struct embedded_file *root = rule_files_builtin(ROOT);
  if (root)
    add_source(rulebook, root->path, root->text, root->size, 0, diags);
  else
    diags_add(diags, DIAG_ERROR, ROOT, 0, 0, "this build holds no rules");
}

static void add_operand(struct rulebook *rulebook, const struct rulebook_options *options,
                        size_t number, struct diags *diags) {
  struct rule_paths paths = {0};
  bool found = options->whole
                   ? rule_files_find_whole(rulebook->files, options->paths[number], &paths, diags)
                   : rule_files_find(rulebook->files, options->paths[number], &paths, diags);
  for (size_t i = 0; found && i < paths.count; i++) {
    size_t size;
    const char *text = rule_files_read(rulebook->files, paths.items[i], &size, diags);
    if (text) add_source(rulebook, paths.items[i], text, size, number + 1, diags);
  }
  rule_paths_dispose(&paths);
}

/* ---- All of them together ---- */

struct owner { /* of a rule id */
  const struct rule_entry *entry;
  size_t operand, source;
};

static void complain_twice(const struct owner *first, const struct rule_entry *second,
                           struct diags *diags) {
  diags_add(diags, DIAG_ERROR, second->pattern->path, second->pattern->line, 0,
            "rule '%s' is defined twice; the first is at %s:%u", second->facts.id,
            first->entry->pattern->path, first->entry->pattern->line);
}

/* A later --rules replaces the rules of an earlier one, and all replace the built-in ones. */
static struct map *find_owners(struct rulebook *rulebook, struct diags *diags) {
  struct map *owners = map_new();
  for (size_t s = 0; s < rulebook->source_count; s++) {
    const struct rule_source *source = &rulebook->sources[s];
    for (size_t i = 0; i < source->count; i++) {
      struct owner **place = (struct owner **)map_at(owners, source->entries[i].facts.id);
      if (!*place)
        *place = alloc_bytes(sizeof **place);
      else if ((*place)->operand == source->operand)
        complain_twice(*place, &source->entries[i], diags);
      **place = (struct owner){&source->entries[i], source->operand, s};
    }
  }
  return owners;
}

static void number_rules(struct rulebook *rulebook, const struct map *owners, bool no_builtin) {
  for (size_t s = 0; s < rulebook->source_count; s++) {
    struct rule_source *source = &rulebook->sources[s];
    for (size_t i = 0; i < source->count; i++) {
      const struct owner *owner = map_get(owners, source->entries[i].facts.id);
      bool there = owner->entry == &source->entries[i] && !(no_builtin && source->builtin);
      source->numbers[i] = there ? (long)rulebook->count : -1;
      if (there)
        ARRAY_PUSH(rulebook->entries, rulebook->count, rulebook->capacity) = &source->entries[i];
    }
  }
}

static const xmlNode *superseding_attribute(const struct rule_entry *entry) {
  for (const xmlAttr *a = entry->pattern->element->properties; a; a = a->next)
    if (is_own_name(a->ns) && text_equal((const char *)a->name, "superseded-by"))
      return (const xmlNode *)a;
  return entry->pattern->element;
}

static const struct schema *schema_of(const struct rulebook *rulebook,
                                      const struct rule_entry *entry) {
  for (size_t s = 0; s < rulebook->source_count; s++) {
    const struct rule_source *source = &rulebook->sources[s];
    if (entry >= source->entries && entry < source->entries + source->count) return source->schema;
  }
  return NULL;
}

/* A built-in rule may be named although --no-builtin leaves it out. */
static void check_superseding(const struct rulebook *rulebook, const struct map *owners,
                              struct diags *diags) {
  for (size_t i = 0; i < rulebook->count; i++) {
    const struct rule_entry *entry = rulebook->entries[i];
    for (size_t s = 0; s < entry->superseded_by_count; s++) {
      if (map_get(owners, entry->superseded_by[s])) continue;
      const char *near = NULL;
      (void)rulebook_find(rulebook, entry->superseded_by[s], &near);
      rule_error(diags, schema_of(rulebook, entry), entry->pattern, superseding_attribute(entry),
                 "is superseded by '%s', which is no rule%s%s%s", entry->superseded_by[s],
                 near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    }
  }
}

static void join_sources(struct rulebook *rulebook, bool no_builtin, struct diags *diags) {
  struct map *owners = find_owners(rulebook, diags);
  number_rules(rulebook, owners, no_builtin);
  check_superseding(rulebook, owners, diags);
  for (size_t i = 0; i < map_count(owners); i++)
    alloc_free(map_value(owners, i));
  map_free(owners);
}

static void read_settings(struct rulebook *rulebook, const char *path, struct diags *diags) {
  size_t size;
  const char *text = path ? rule_files_read(rulebook->files, path, &size, diags) : NULL;
  /* What is wrong with it is in diags. */
  if (text && !settings_read(rulebook->settings, path, text, size, diags)) return;
}

struct rulebook *rulebook_open(const struct rulebook_options *options, struct rule_files *files,
                               struct diags *diags) {
  struct rulebook *rulebook = alloc_bytes(sizeof *rulebook);
  size_t errors = diags_count(diags, DIAG_ERROR);
  rulebook->files = files;
  rulebook->names = evidence_vocabulary_new();
  rulebook->vocabulary = vocabulary_of_evidence(rulebook->names);
  rulebook->settings = settings_new();
  read_settings(rulebook, options->settings, diags);
  add_builtin(rulebook, diags);
  for (size_t i = 0; i < options->path_count; i++)
    add_operand(rulebook, options, i, diags);
  join_sources(rulebook, options->no_builtin, diags);
  if (diags_count(diags, DIAG_ERROR) == errors) settings_check(rulebook->settings, diags);
  if (diags_count(diags, DIAG_ERROR) > errors) {
    rulebook_free(rulebook);
    return NULL;
  }
  return rulebook;
}

struct rulebook *rulebook_load(struct diags *diags) {
  struct rule_files *files = rule_files_new();
  struct rulebook *rulebook = rulebook_open(&(struct rulebook_options){0}, files, diags);
  if (rulebook)
    rulebook->owns_files = true;
  else
    rule_files_free(files);
  return rulebook;
}

void rulebook_free(struct rulebook *rulebook) {
  if (!rulebook) return;
  for (size_t i = 0; i < rulebook->source_count; i++) {
    struct rule_source *source = &rulebook->sources[i];
    catalogue_free(source->entries, source->count);
    schema_free(source->schema);
    alloc_free(source->numbers);
    alloc_free(source->path);
  }
  alloc_free(rulebook->sources);
  alloc_free(rulebook->entries);
  settings_free(rulebook->settings);
  evidence_vocabulary_free(rulebook->names);
  if (rulebook->owns_files) rule_files_free(rulebook->files);
  alloc_free(rulebook);
}

/* ---- Asking ---- */

const struct settings *rulebook_settings(const struct rulebook *rulebook) {
  return rulebook->settings;
}

size_t rulebook_count(const struct rulebook *rulebook) {
  return rulebook->count;
}

const char *rulebook_id(const struct rulebook *rulebook, size_t number) {
  return rulebook->entries[number]->facts.id;
}

const struct rule_facts *rulebook_facts(const struct rulebook *rulebook, size_t number) {
  return &rulebook->entries[number]->facts;
}

bool rulebook_is_builtin(const struct rulebook *rulebook, size_t number) {
  for (size_t s = 0; s < rulebook->source_count; s++) {
    const struct rule_source *source = &rulebook->sources[s];
    const struct rule_entry *entry = rulebook->entries[number];
    if (entry >= source->entries && entry < source->entries + source->count) return source->builtin;
  }
  return false;
}

long rulebook_find(const struct rulebook *rulebook, const char *id, const char **near) {
  size_t best = 0;
  *near = NULL;
  for (size_t i = 0; i < rulebook->count; i++) {
    const char *known = rulebook_id(rulebook, i);
    if (text_equal(known, id)) return (long)i;
    size_t distance = text_distance(id, known);
    if (distance * 3 <= strlen(id) && (!*near || distance < best)) {
      best = distance;
      *near = known;
    }
  }
  return -1;
}
