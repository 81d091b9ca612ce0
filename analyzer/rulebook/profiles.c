/* Profiles: the phases of the schemas, under one name across all of them. */
#include "base/buffer.h"
#include "base/map.h"
#include "base/text.h"
#include "rulebook/private.h"

#include <string.h>

static void set_active(const struct rule_source *source, const bool *chosen, bool *active) {
  for (size_t i = 0; i < source->count; i++)
    if (source->numbers[i] >= 0) active[source->numbers[i]] = chosen == NULL || chosen[i];
}

/* Does it have that phase? Sets the flags of its rules either way. */
static bool choose(const struct rule_source *source, const char *name, bool *active) {
  bool *chosen = alloc_array(source->count, sizeof *chosen);
  bool has = schema_phase(source->schema, name, chosen);
  if (has)
    set_active(source, chosen, active);
  else if (schema_phase_count(source->schema) == 0)
    set_active(source, NULL, active);
  alloc_free(chosen);
  return has;
}

static const char *nearest(const struct rulebook *rulebook, const char *name) {
  const char *best = NULL;
  size_t least = strlen(name) / 3 + 2;
  for (size_t s = 0; s < rulebook->source_count; s++) {
    const struct schema *schema = rulebook->sources[s].schema;
    for (size_t i = 0; i < schema_phase_count(schema); i++) {
      size_t distance = text_distance(name, schema_phase_id(schema, i));
      if (distance >= least) continue;
      least = distance;
      best = schema_phase_id(schema, i);
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
    const struct schema *schema = rulebook->sources[s].schema;
    for (size_t i = 0; i < schema_phase_count(schema); i++) {
      void **place = map_at(seen, schema_phase_id(schema, i));
      if (!*place) buffer_add_format(&out, "%s%s", out.size ? " " : "", schema_phase_id(schema, i));
      *place = seen;
    }
  }
  map_free(seen);
  return buffer_take(&out);
}
