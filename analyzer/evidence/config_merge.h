/* Private to evidence/: merging a collection from the directives of its inputs. */
#ifndef SITEGLASS_EVIDENCE_CONFIG_MERGE_H
#define SITEGLASS_EVIDENCE_CONFIG_MERGE_H

#include "evidence/config_engine.h"

struct config_item {
  const xmlNode *node;
  const char *key; /* belongs to whoever gave the directive */
  const struct config_input *input;
  const struct config_input *ended_by; /* who removed or cleared it; NULL: it is in force */
  const xmlNode *ended_at;
  const char *what;
  size_t group;
};

struct config_merge {
  const struct schema_collection *collection;
  struct config_item *items; /* in the order of the directives */
  size_t count, capacity;
  size_t *starts; /* of each group: the items of one input */
  size_t group_count, group_capacity;
  struct map *alive; /* key -> index + 1 */
  size_t cleared;    /* items before have ended */
  size_t *order;     /* by config_merge_finish; NULL: as they stand */
};

struct config_merge config_merge_new(const struct schema_collection *collection);
/* What follows comes from one input. */
void config_merge_start(struct config_merge *merge);
void config_merge_add(struct config_merge *merge, const struct config_directive *directive,
                      const struct config_input *input, const char *what);
void config_merge_delta(struct config_merge *merge, const struct config_delta *delta,
                        const struct config_input *input);
/* Nothing more comes: settles the order. */
void config_merge_finish(struct config_merge *merge);
/* The items in force in the order of IIS: `*position` starts at 0; NULL at the end. */
const struct config_item *config_merge_next(const struct config_merge *merge, size_t *position);
void config_merge_dispose(struct config_merge *merge);

/* Could files that are not in the bundle overrule input number `winner` of the chain
 * (SIZE_MAX: nobody set it)? Words of a mark, when so. */
bool config_value_uncertain(const struct configuration *configuration,
                            const struct config_chain *chain, size_t winner, const char **reason,
                            const char **needs);

#endif
