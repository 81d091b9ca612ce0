/* The words of verdicts and severities, and the end of a run's outcome. */
#include "rulebook/verdicts.h"

#include <string.h>

static const char *const severity_words[] = {"info", "low", "medium", "high", "critical"};

const char *severity_word(enum severity severity) {
  return severity_words[severity];
}

bool severity_from_word(const char *word, enum severity *severity) {
  for (int i = SEVERITY_INFO; i <= SEVERITY_CRITICAL; i++) {
    if (strcmp(word, severity_words[i]) != 0) continue;
    *severity = (enum severity)i;
    return true;
  }
  return false;
}

const char *verdict_word(enum verdict verdict) {
  static const char *const words[] = {"fail", "pass", "notapplicable", "unknown", "error"};
  return words[verdict];
}

const char *waiver_status_word(enum waiver_status status) {
  static const char *const words[] = {"used",    "partly",  "unused", "expired",
                                      "undated", "not-run", "no-rule"};
  return words[status];
}

static void free_texts(char **texts, size_t count) {
  for (size_t i = 0; i < count; i++)
    alloc_free(texts[i]);
  alloc_free(texts);
}

static void free_places(struct place *places, size_t count) {
  for (size_t i = 0; i < count; i++) {
    alloc_free(places[i].element);
    alloc_free(places[i].text);
  }
  alloc_free(places);
}

static void free_steps(struct steps *steps) {
  for (size_t i = 0; i < steps->count; i++) {
    alloc_free(steps->items[i].text);
    alloc_free(steps->items[i].shell);
    alloc_free(steps->items[i].command);
  }
  alloc_free(steps->items);
}

static void free_values(struct explained_value *values, size_t count) {
  for (size_t i = 0; i < count; i++) {
    alloc_free(values[i].name);
    alloc_free(values[i].source);
    alloc_free(values[i].text);
    free_places(values[i].places, values[i].place_count);
  }
  alloc_free(values);
}

void explanation_free(struct explanation *explanation) {
  if (!explanation) return;
  alloc_free(explanation->file);
  alloc_free(explanation->context);
  alloc_free(explanation->test);
  alloc_free(explanation->node.element);
  alloc_free(explanation->node.text);
  free_values(explanation->variables, explanation->variable_count);
  free_values(explanation->reads, explanation->read_count);
  alloc_free(explanation);
}

static void free_waiver(struct waiver_facts *waiver) {
  alloc_free(waiver->rule);
  alloc_free(waiver->host);
  alloc_free(waiver->artifact);
  alloc_free(waiver->element);
  alloc_free(waiver->who);
  alloc_free(waiver->why);
  alloc_free(waiver->until);
  alloc_free(waiver->file);
  alloc_free(waiver->near);
}

static void free_finding(struct finding *finding) {
  alloc_free(finding->message);
  alloc_free(finding->effect);
  alloc_free(finding->actual);
  alloc_free(finding->expected);
  free_places(finding->places, finding->place_count);
  free_places(finding->evidence, finding->evidence_count);
  free_steps(&finding->remediation);
  free_steps(&finding->verify);
  free_steps(&finding->undo);
  free_texts(finding->consequences, finding->consequence_count);
  alloc_free(finding->fingerprint);
  explanation_free(finding->explanation);
}

static void free_group(struct unknown_group *group) {
  for (size_t i = 0; i < group->item_count; i++) {
    alloc_free(group->items[i].reason);
    alloc_free(group->items[i].note);
  }
  alloc_free(group->items);
  alloc_free(group->needs);
  alloc_free(group->shell);
  alloc_free(group->command);
  alloc_free(group->file);
}

static void free_rule(struct rule_facts *rule) {
  alloc_free(rule->id);
  alloc_free(rule->title);
  alloc_free(rule->see);
  alloc_free(rule->kb);
  free_texts(rule->tags, rule->tag_count);
  free_texts(rule->healthchecker, rule->healthchecker_count);
  free_texts(rule->stig, rule->stig_count);
  alloc_free(rule->help);
}

static void free_setting(struct setting_facts *setting) {
  char *const texts[] = {setting->name, setting->value, setting->standard,
                         setting->unit, setting->about, setting->file};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    alloc_free(texts[i]);
}

static void free_artifact(struct artifact_facts *artifact) {
  alloc_free(artifact->path);
  alloc_free(artifact->outcome);
  alloc_free(artifact->reason);
  alloc_free(artifact->kind);
  alloc_free(artifact->role);
  alloc_free(artifact->encoding);
  alloc_free(artifact->sha256);
  alloc_free(artifact->host);
  alloc_free(artifact->host_reason);
}

static void free_host(struct host_facts *host) {
  alloc_free(host->name);
  alloc_free(host->name_reason);
  alloc_free(host->products);
  alloc_free(host->as_of_reason);
}

void verdicts_free(struct verdicts *verdicts) {
  if (!verdicts) return;
  for (size_t i = 0; i < verdicts->artifact_count; i++)
    free_artifact(&verdicts->artifacts[i]);
  for (size_t i = 0; i < verdicts->host_count; i++)
    free_host(&verdicts->hosts[i]);
  for (size_t i = 0; i < verdicts->rule_count; i++)
    free_rule(&verdicts->rules[i]);
  for (size_t i = 0; i < verdicts->finding_count; i++)
    free_finding(&verdicts->findings[i]);
  for (size_t i = 0; i < verdicts->unknown_count; i++)
    free_group(&verdicts->unknowns[i]);
  for (size_t i = 0; i < verdicts->error_count; i++)
    alloc_free(verdicts->errors[i].message);
  for (size_t i = 0; i < verdicts->waiver_count; i++)
    free_waiver(&verdicts->waivers[i]);
  alloc_free(verdicts->waivers);
  for (size_t i = 0; i < verdicts->setting_count; i++)
    free_setting(&verdicts->settings[i]);
  alloc_free(verdicts->settings);
  alloc_free(verdicts->costs);
  alloc_free(verdicts->profile);
  alloc_free(verdicts->artifacts);
  alloc_free(verdicts->hosts);
  alloc_free(verdicts->rules);
  alloc_free(verdicts->rule_verdicts);
  alloc_free(verdicts->findings);
  alloc_free(verdicts->unknowns);
  alloc_free(verdicts->errors);
  alloc_free(verdicts->version);
  alloc_free(verdicts->bundle_name);
  alloc_free(verdicts);
}
