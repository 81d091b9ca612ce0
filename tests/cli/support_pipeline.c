/* The whole of `check` inside the test's process. */
#include "support_pipeline.h"

#include "base/text.h"
#include "readers/readers.h"

#include <check.h>
#include <libxml/dict.h>

struct pipeline pipeline_run_profile(const struct rulebook *rulebook, const char *profile,
                                     const char *const *paths, size_t count, const int64_t *as_of) {
  struct pipeline p = {0};
  p.bundle = bundle_open(paths, count, &bundle_default_limits);
  struct readings readings = {.dict = xmlDictCreate(), .diags = &p.bundle->diags};
  readers_run(p.bundle, &readings);
  p.hosts = hosts_build(p.bundle, &readings, &(struct host_options){.as_of = as_of});
  readings_dispose(&readings);
  struct check_options options = {.version = "test", .profile = profile, .fail_on = SEVERITY_LOW};
  p.verdicts = rulebook_check(rulebook, p.bundle, p.hosts, &options);
  return p;
}

struct pipeline pipeline_run(const struct rulebook *rulebook, const char *const *paths,
                             size_t count, const int64_t *as_of) {
  return pipeline_run_profile(rulebook, NULL, paths, count, as_of);
}

void pipeline_free(struct pipeline *p) {
  verdicts_free(p->verdicts);
  hosts_free(p->hosts);
  bundle_free(p->bundle);
}

enum verdict pipeline_verdict(const struct pipeline *p, const char *rule) {
  const struct verdicts *v = p->verdicts;
  for (size_t i = 0; i < v->rule_verdict_count; i++)
    if (text_equal(v->rules[v->rule_verdicts[i].rule].id, rule)) return v->rule_verdicts[i].verdict;
  ck_abort_msg("no rule %s", rule);
  return VERDICT_ERROR;
}

struct rulebook *pipeline_rules(void) {
  struct diags diags = {0};
  struct rulebook *rulebook = rulebook_load(&diags);
  ck_assert_msg(rulebook != NULL, "%s", diags.count ? diags.items[0].message : "no rules");
  diags_dispose(&diags);
  return rulebook;
}
