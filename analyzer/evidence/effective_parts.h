/* Private to evidence/: what the parts of effective.h share. */
#ifndef SITEGLASS_EVIDENCE_EFFECTIVE_PARTS_H
#define SITEGLASS_EVIDENCE_EFFECTIVE_PARTS_H

#include "evidence/config_engine.h"
#include "evidence/effective.h"

struct arena {
  void **items;
  size_t count, capacity;
};
void *arena_bytes(struct arena *arena, size_t size) MUST_USE;
const char *arena_keep(struct arena *arena, char *text);
void arena_free(struct arena *arena);

/* Errors that strike the section at `key`, and those of the question itself. */
struct config_errors effective_question_errors(const struct configuration *configuration,
                                               struct arena *arena,
                                               const struct config_section *section,
                                               const char *key, const char *path,
                                               enum effective_view view);
/* Can the question be answered all the same? */
bool effective_is_answerable(const struct configuration *configuration,
                             const struct config_errors *errors,
                             const struct config_section *section, const char *key);

#endif
