/* Profiles: the phases of the schemas, under one name across all of them. */
#include "base/buffer.h"
#include "base/map.h"
#include "base/text.h"
#include "rulebook/private.h"

#include <string.h>

#define SCHEMATRON "http://purl.oclc.org/dsdl/schematron"

const xmlNode *rule_schema_root(const struct schema *schema) {
  if (schema_pattern_count(schema) == 0) return NULL;
  const xmlNode *node = schema_pattern(schema, 0)->element;
  while (node->parent && node->parent->type == XML_ELEMENT_NODE) node = node->parent;
  return node;
}

/* The next phase among the siblings from `node` on. */
static const xmlNode *next_phase(const xmlNode *node) {
  for (; node; node = node->next)
    if (node->type == XML_ELEMENT_NODE && node->ns &&
        text_equal((const char *)node->ns->href, SCHEMATRON) &&
        text_equal((const char *)node->name, "phase"))
      return node;
  return NULL;
}

static const xmlNode *first_phase(const struct rule_source *source) {
  const xmlNode *root = rule_schema_root(source->schema);
  return root ? next_phase(root->children) : NULL;
}

static void set_active(const struct rule_source *source, const bool *chosen, bool *active) {
  for (size_t i = 0; i < source->count; i++)
    if (source->numbers[i] >= 0) active[source->numbers[i]] = chosen == NULL || chosen[i];
}

/* Does it have that phase? Sets the flags of its rules either way. */
static bool choose(const struct rule_source *source, const char *name, bool *active) {
  bool *chosen = alloc_array(source->count, sizeof *chosen);
  bool has = schema_phase(source->schema, name, chosen);
  if (!has && !first_phase(source)) set_active(source, NULL, active);
  else if (has) set_active(source, chosen, active);
  alloc_free(chosen);
  return has;
}

static const char *phase_id(const xmlNode *phase) {
  for (const xmlAttr *a = phase->properties; a; a = a->next)
    if (!a->ns && text_equal((const char *)a->name, "id") && a->children)
      return (const char *)a->children->content;
  return "";
}

static const char *nearest(const struct rulebook *rulebook, const char *name) {
  const char *best = NULL;
  size_t least = strlen(name) / 3 + 1;
  for (size_t s = 0; s < rulebook->source_count; s++) {
    const xmlNode *phase = first_phase(&rulebook->sources[s]);
    for (; phase; phase = next_phase(phase->next)) {
      size_t distance = text_distance(name, phase_id(phase));
      if (distance > least || (best && distance == least)) continue;
      least = distance;
      best = phase_id(phase);
    }
  }
  return best;
}

bool rulebook_profile(const struct rulebook *rulebook, const char *name, bool *active,
                      const char **near) {
  bool found = name == NULL;
  *near = NULL;
  memset(active, 0, rulebook->count * sizeof *active);
  for (size_t s = 0; s < rulebook->source_count; s++)
    if (choose(&rulebook->sources[s], name ? name : "#DEFAULT", active)) found = true;
  if (!found) *near = nearest(rulebook, name);
  return found;
}

char *rulebook_profiles(const struct rulebook *rulebook) {
  struct map *seen = map_new();
  struct buffer out = buffer_make(1 << 16);
  for (size_t s = 0; s < rulebook->source_count; s++) {
    const xmlNode *phase = first_phase(&rulebook->sources[s]);
    for (; phase; phase = next_phase(phase->next)) {
      void **place = map_at(seen, phase_id(phase));
      if (!*place) buffer_add_format(&out, "%s%s", out.size ? " " : "", phase_id(phase));
      *place = seen;
    }
  }
  map_free(seen);
  return buffer_take(&out);
}
