/* clear, remove and add, one input after the other; of six collections the items
 * of a later input come first. */
#include "evidence/config_merge.h"

#include <stdint.h>

struct config_merge config_merge_new(const struct schema_collection *collection) {
  return (struct config_merge){.collection = collection, .alive = map_new()};
}

void config_merge_dispose(struct config_merge *merge) {
  alloc_free(merge->items);
  alloc_free(merge->starts);
  alloc_free(merge->order);
  map_free(merge->alive);
}

void config_merge_start(struct config_merge *merge) {
  ARRAY_PUSH(merge->starts, merge->group_count, merge->group_capacity) = merge->count;
}

static void end(struct config_item *item, const struct config_directive *directive,
                const struct config_input *input) {
  item->ended_by = input;
  item->ended_at = directive->node;
}

static void clear(struct config_merge *merge, const struct config_directive *directive,
                  const struct config_input *input) {
  for (size_t i = merge->cleared; i < merge->count; i++)
    if (!merge->items[i].ended_at) end(&merge->items[i], directive, input);
  merge->cleared = merge->count;
  map_free(merge->alive);
  merge->alive = map_new();
}

static void append(struct config_merge *merge, const struct config_directive *directive,
                   const struct config_input *input, const char *what) {
  bool keyed = config_has_key(merge->collection) && !merge->collection->duplicates;
  void **place = keyed ? map_at(merge->alive, directive->key) : NULL;
  if (place && *place) return; /* IIS refuses the file; the first holds here */
  ARRAY_PUSH(merge->items, merge->count, merge->capacity) =
      (struct config_item){.node = directive->node,
                           .key = directive->key,
                           .input = input,
                           .what = what,
                           .group = merge->group_count};
  if (place) *place = (void *)(uintptr_t)merge->count;
}

void config_merge_add(struct config_merge *merge, const struct config_directive *directive,
                      const struct config_input *input, const char *what) {
  if (directive->kind == DIRECTIVE_CLEAR) {
    clear(merge, directive, input);
  } else if (directive->kind == DIRECTIVE_ADD) {
    append(merge, directive, input, what);
  } else {
    if (!map_get(merge->alive, directive->key)) return; /* IIS takes no notice either */
    void **place = map_at(merge->alive, directive->key);
    end(&merge->items[(size_t)(uintptr_t)*place - 1], directive, input);
    *place = NULL;
  }
}

void config_merge_delta(struct config_merge *merge, const struct config_delta *delta,
                        const struct config_input *input) {
  config_merge_start(merge);
  for (size_t i = 0; i < delta->count; i++)
    config_merge_add(merge, &delta->items[i], input, "set");
}

/* Groups from the last to the first, where later ones come before. */
void config_merge_finish(struct config_merge *merge) {
  if (!merge->collection->before || merge->group_count < 2) return;
  merge->order = alloc_array(merge->count + 1, sizeof *merge->order);
  size_t at = 0, stop = merge->count;
  for (size_t group = merge->group_count; group-- > 0;) {
    for (size_t i = merge->starts[group]; i < stop; i++)
      merge->order[at++] = i;
    stop = merge->starts[group];
  }
}

const struct config_item *config_merge_next(const struct config_merge *merge, size_t *position) {
  while (*position < merge->count) {
    size_t at = (*position)++;
    const struct config_item *item = &merge->items[merge->order ? merge->order[at] : at];
    if (!item->ended_at) return item;
  }
  return NULL;
}
