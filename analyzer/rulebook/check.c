/* The rules on every host: from the engine's outcomes to verdicts. */
#include "base/text.h"
#include "rulebook/costs.h"
#include "rulebook/findings.h"
#include "rulebook/private.h"
#include "rulebook/rulebook.h"
#include "rulebook/unknowns.h"
#include "rulebook/waivers.h"

#include <string.h>

struct run {
  struct verdicts *verdicts;
  const struct rulebook *rulebook;
  struct findings *findings;
  struct unknowns *unknowns;
  const struct check_options *options;
  const struct rule_source *source; /* whose patterns are being run */
  bool *active;                     /* per rule of the rulebook */
  long *rule_of; /* per rule of the rulebook: index in verdicts.rules; -1 when it does not run */
  int host;
};

/* ---- What stays the same for all hosts ---- */

static void copy_ledger(struct verdicts *v, const struct bundle *bundle) {
  v->artifact_count = bundle->count;
  v->artifacts = alloc_array(bundle->count, sizeof *v->artifacts);
  for (size_t i = 0; i < bundle->count; i++) {
    const struct artifact *a = bundle->artifacts[i];
    char encoding[48] = "";
    if (a->outcome != ARTIFACT_REFUSED) artifact_encoding_name(a, encoding);
    v->artifacts[i] =
        (struct artifact_facts){.path = alloc_text(a->path),
                                .outcome = alloc_text(artifact_outcome_word(a->outcome)),
                                .reason = alloc_text(a->reason ? a->reason : ""),
                                .kind = alloc_text(a->kind ? a->kind : ""),
                                .role = alloc_text(a->role ? a->role : ""),
                                .encoding = alloc_text(encoding),
                                .sha256 = alloc_text(a->sha256),
                                .host = alloc_text(a->host ? a->host : ""),
                                .host_reason = alloc_text(a->host_reason ? a->host_reason : ""),
                                .size = a->size,
                                .has_modified = a->has_modified && a->from_archive,
                                .modified = a->modified};
    v->artifacts_by_outcome[a->outcome]++;
  }
}

/* The rules asked for by name, or those of the profile. */
static void choose_rules(struct run *run) {
  const struct rulebook *rulebook = run->rulebook;
  const struct check_options *options = run->options;
  struct verdicts *v = run->verdicts;
  const char *near = NULL;
  if (!options->only && !rulebook_profile(rulebook, options->profile, run->active, &near))
    memset(run->active, 0, rulebook->count * sizeof *run->active);
  v->rules = alloc_array(rulebook->count, sizeof *v->rules);
  for (size_t i = 0; i < rulebook->count; i++) {
    for (size_t o = 0; options->only && o < options->only_count; o++)
      run->active[i] = run->active[i] || text_equal(options->only[o], rulebook_id(rulebook, i));
    run->rule_of[i] = run->active[i] ? (long)v->rule_count : -1;
    if (run->active[i]) v->rules[v->rule_count++] = rule_facts_copy(rulebook_facts(rulebook, i));
  }
}

static void copy_settings(struct run *run) {
  struct verdicts *v = run->verdicts;
  const struct settings *settings = run->rulebook->settings;
  for (size_t i = 0; i < settings->known_count; i++) {
    const struct setting *one = &settings->known[i];
    if (!one->value || text_equal(one->value, one->standard)) continue;
    struct setting_facts facts = {.name = alloc_text(one->name),
                                  .value = alloc_text(one->value),
                                  .standard = alloc_text(one->standard),
                                  .unit = alloc_text(one->unit),
                                  .about = alloc_text(one->about),
                                  .file = alloc_text(settings->path),
                                  .line = one->line};
    ARRAY_PUSH(v->settings, v->setting_count, v->setting_capacity) = facts;
  }
}

/* ---- One host ---- */

static long number_of(const struct run *run, const struct engine_outcome *outcome) {
  return run->source->numbers[outcome->pattern->number];
}

/* Index in verdicts.rules; -1 when the rule was replaced or not chosen. */
static long rule_of(const struct run *run, const struct engine_outcome *outcome) {
  long number = number_of(run, outcome);
  return number < 0 ? -1 : run->rule_of[number];
}

static void on_fail(void *data, const struct engine_outcome *outcome,
                    struct evaluation *evaluation) {
  struct run *run = data;
  long rule = rule_of(run, outcome);
  if (rule < 0) return;
  const struct rule_entry *entry = run->rulebook->entries[number_of(run, outcome)];
  findings_add(run->findings, (size_t)rule, entry, run->host, outcome, evaluation);
}

static enum severity outcome_severity(const struct run *run, const struct engine_outcome *outcome) {
  enum severity severity;
  if (outcome->assertion && severity_from_word(outcome->assertion->role, &severity))
    return severity;
  return rulebook_facts(run->rulebook, (size_t)number_of(run, outcome))->severity;
}

static void on_unknown(void *data, const struct engine_outcome *outcome,
                       const struct unknown_cause *causes, size_t count) {
  struct run *run = data;
  long rule = rule_of(run, outcome);
  if (rule >= 0)
    unknowns_add(run->unknowns, (size_t)rule, run->host, outcome_severity(run, outcome), causes,
                 count);
}

static void on_error(void *data, const struct engine_outcome *outcome, const char *message) {
  struct run *run = data;
  struct verdicts *v = run->verdicts;
  if (rule_of(run, outcome) < 0) return;
  struct rule_error error = {
      .rule = (size_t)rule_of(run, outcome), .host = run->host, .message = alloc_text(message)};
  ARRAY_PUSH(v->errors, v->error_count, v->error_capacity) = error;
}

static enum verdict verdict_of(const struct pattern_tally *tally, const struct rule_entry *entry) {
  if (tally->failed) return VERDICT_FAIL;
  if (tally->errors) return VERDICT_ERROR;
  if (tally->unknown) return VERDICT_UNKNOWN;
  if (tally->contexts) return VERDICT_PASS;
  return entry->none_means_pass ? VERDICT_PASS : VERDICT_NOT_APPLICABLE;
}

static void count_verdict(struct verdicts *v, enum verdict verdict) {
  size_t *counters[] = {&v->rules_failed, &v->rules_passed, &v->rules_not_applicable,
                        &v->rules_unknown, &v->rules_error};
  (*counters[verdict])++;
}

static void keep_tally(struct run *run, size_t number, const struct pattern_tally *t) {
  struct verdicts *v = run->verdicts;
  enum verdict verdict = verdict_of(t, run->rulebook->entries[number]);
  v->rule_verdicts[v->rule_verdict_count++] =
      (struct rule_verdict){.rule = (size_t)run->rule_of[number],
                            .host = run->host,
                            .verdict = verdict,
                            .passed = t->passed,
                            .failed = t->failed,
                            .unknown = t->unknown,
                            .errors = t->errors};
  count_verdict(v, verdict);
}

static void keep_tallies(struct run *run, const struct pattern_tally *tallies) {
  for (size_t i = 0; i < run->source->count; i++) {
    long number = run->source->numbers[i];
    if (number < 0 || run->rule_of[number] < 0) continue;
    keep_tally(run, (size_t)number, &tallies[i]);
    if (run->options->clock) costs_add(run->verdicts, (size_t)run->rule_of[number], &tallies[i]);
  }
}

static uint64_t on_clock(void *data) {
  const struct run *run = data;
  return run->options->clock();
}

/* Patterns of one schema on one document. A phase is run as such, so that its variables
 * are seen; what of it is not wanted is not listened to. */
static void run_patterns(struct run *run, const struct host *host, const bool *active,
                         struct pattern_tally *tallies) {
  const char *phase = run->options->profile ? run->options->profile : "#DEFAULT";
  struct engine_listener listener = {.data = run,
                                     .on_fail = on_fail,
                                     .on_unknown = on_unknown,
                                     .on_error = on_error,
                                     .clock = run->options->clock ? on_clock : NULL};
  bool done = !run->options->only && engine_run_phase(run->source->schema, host->document, phase,
                                                      (void *)host, &listener, tallies);
  if (!done)
    engine_run(run->source->schema, host->document, active, (void *)host, &listener, tallies);
}

static void run_source(struct run *run, const struct host *host) {
  struct pattern_tally *tallies = alloc_array(run->source->count, sizeof *tallies);
  bool *active = alloc_array(run->source->count, sizeof *active);
  bool any = false;
  for (size_t i = 0; i < run->source->count; i++) {
    long number = run->source->numbers[i];
    active[i] = number >= 0 && run->active[number];
    any = any || active[i];
  }
  if (any) run_patterns(run, host, active, tallies);
  keep_tallies(run, tallies);
  alloc_free(active);
  alloc_free(tallies);
}

static char *products_of(const struct host *host) {
  const xmlNode *root = xmlDocGetRootElement(host->document);
  const xmlNode *element = root ? node_child(root, "host") : NULL;
  const xmlNode *products = element ? node_child(element, "products") : NULL;
  char *text = alloc_text("");
  for (const xmlNode *p = products ? node_child(products, "product") : NULL; p;
       p = node_next(p, "product")) {
    const char *version = node_get(p, "version");
    if (!version && text_equal(node_get(p, "name"), "Windows")) continue; /* every server has it */
    char *longer = alloc_format("%s%s%s%s%s", text, *text ? ", " : "", node_get(p, "name"),
                                version ? " " : "", version ? version : "");
    alloc_free(text);
    text = longer;
  }
  return text;
}

static void check_host(struct run *run, const struct host *host) {
  run->verdicts->hosts[run->host] =
      (struct host_facts){.name = alloc_text(host->name),
                          .name_reason = alloc_text(host->name_reason ? host->name_reason : ""),
                          .products = products_of(host),
                          .has_as_of = host->has_as_of,
                          .as_of = host->as_of,
                          .as_of_reason = alloc_text(host->as_of_reason ? host->as_of_reason : "")};
  for (size_t i = 0; i < run->rulebook->source_count; i++) {
    run->source = &run->rulebook->sources[i];
    run_source(run, host);
  }
}

/* ---- The end ---- */

/* The contract of design.md: 1 findings at or above --fail-on; else 3 when a rule of such
 * severity stayed unknown or could not be evaluated; else 0. */
static int exit_status(const struct verdicts *v) {
  if (v->fail_on_none) return 0;
  for (size_t i = 0; i < v->finding_count; i++)
    if (!v->findings[i].waiver && v->findings[i].severity >= v->fail_on) return 1;
  for (size_t i = 0; i < v->error_count; i++)
    if (v->rules[v->errors[i].rule].severity >= v->fail_on) return 3;
  for (size_t g = 0; g < v->unknown_count; g++)
    for (size_t i = 0; i < v->unknowns[g].item_count; i++)
      if (v->unknowns[g].items[i].severity >= v->fail_on) return 3;
  return 0;
}

static void count_findings(struct verdicts *v) {
  for (size_t i = 0; i < v->finding_count; i++) {
    if (v->findings[i].waiver)
      v->waived_count++;
    else
      v->by_severity[v->findings[i].severity]++;
  }
}

static struct verdicts *new_verdicts(const struct bundle *bundle, const struct hosts *hosts,
                                     const struct check_options *options) {
  struct verdicts *v = alloc_bytes(sizeof *v);
  v->version = alloc_text(options->version);
  v->bundle_name = alloc_text(bundle->name);
  v->diags = &bundle->diags;
  v->fail_on = options->fail_on;
  v->fail_on_none = options->fail_on_none;
  v->profile = alloc_text(options->profile ? options->profile : "");
  v->host_count = hosts->count;
  v->hosts = alloc_array(hosts->count, sizeof *v->hosts);
  copy_ledger(v, bundle);
  return v;
}

struct verdicts *rulebook_check(const struct rulebook *rulebook, const struct bundle *bundle,
                                const struct hosts *hosts, const struct check_options *options) {
  struct verdicts *v = new_verdicts(bundle, hosts, options);
  struct run run = {.verdicts = v,
                    .rulebook = rulebook,
                    .options = options,
                    .active = alloc_array(rulebook->count, sizeof *run.active),
                    .rule_of = alloc_array(rulebook->count, sizeof *run.rule_of),
                    .findings = findings_new(v, options->explain),
                    .unknowns = unknowns_new(v)};
  choose_rules(&run);
  copy_settings(&run);
  v->rule_verdicts = alloc_array(hosts->count * v->rule_count, sizeof *v->rule_verdicts);
  if (options->clock) costs_begin(v);
  for (size_t i = 0; i < hosts->count; i++) {
    run.host = (int)i;
    check_host(&run, &hosts->items[i]);
  }

  findings_settle(run.findings);
  unknowns_settle(run.unknowns);
  if (options->waivers) waivers_apply(options->waivers, rulebook, v);
  if (options->clock) costs_settle(v);
  count_findings(v);
  v->exit_status = exit_status(v);

  findings_free(run.findings);
  unknowns_free(run.unknowns);
  alloc_free(run.rule_of);
  alloc_free(run.active);
  return v;
}
