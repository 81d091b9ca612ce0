/* The whole of `check` inside the test's process: paths in, verdicts out. */
#ifndef SITEGLASS_TESTS_SUPPORT_PIPELINE_H
#define SITEGLASS_TESTS_SUPPORT_PIPELINE_H

#include "rulebook/rulebook.h"

struct pipeline {
  struct bundle *bundle;
  struct hosts *hosts;
  struct verdicts *verdicts;
};

/* `as_of`: NULL to let the bundle tell. */
struct pipeline pipeline_run(const struct rulebook *rulebook, const char *const *paths,
                             size_t count, const int64_t *as_of);
/* The rules of that profile alone. */
struct pipeline pipeline_run_profile(const struct rulebook *rulebook, const char *profile,
                                     const char *const *paths, size_t count, const int64_t *as_of);
void pipeline_free(struct pipeline *pipeline);
/* On the first host that has a verdict of this rule. */
enum verdict pipeline_verdict(const struct pipeline *pipeline, const char *rule);
/* Loads the built-in rules; ends the test when they do not load. */
struct rulebook *pipeline_rules(void);

#endif
