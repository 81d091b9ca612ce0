/* The JSON report, version 1: siteglass-report.schema.json beside this file
 * describes it exactly. It is complete: no list is cut, no value shortened. */
#include "report/formats.h"
#include "report/value.h"
#include "report/words.h"

#include "base/moment.h"
#include "base/text.h"

#include <string.h>

enum { FORMAT_VERSION = 1 };

static void put_moment(struct json_t *object, const char *key, bool known, int64_t seconds) {
  char moment[21];
  if (known) moment_format(seconds, moment);
  if (known)
    value_text(object, key, moment);
  else
    value_null(object, key);
}

static void put_known(struct json_t *object, const char *key, unsigned number) {
  if (number > 0)
    value_number(object, key, number);
  else
    value_null(object, key);
}

/* "host": its name ("" when not known), and which of "hosts" it is; null: all together. */
static void put_host(struct json_t *object, const struct verdicts *verdicts, int host) {
  if (host < 0 || (size_t)host >= verdicts->host_count) {
    value_null(object, "host");
    value_null(object, "hostIndex");
    return;
  }
  value_text(object, "host", verdicts->hosts[host].name);
  value_number(object, "hostIndex", (uint64_t)host);
}

static void put_place(struct json_t *item, const struct verdicts *verdicts,
                      const struct place *place) {
  if (place->artifact < 0 || (size_t)place->artifact >= verdicts->artifact_count) {
    value_null(item, "artifact");
    value_null(item, "artifactIndex");
  } else {
    value_text(item, "artifact", verdicts->artifacts[place->artifact].path);
    value_number(item, "artifactIndex", (uint64_t)place->artifact);
  }
  put_known(item, "line", place->line);
  put_known(item, "column", place->column);
  value_text(item, "element", place->element);
  value_text(item, "text", place->text);
}

static void put_places(struct json_t *object, const char *key, const struct verdicts *verdicts,
                       const struct place *places, size_t count) {
  struct json_t *array = value_array(object, key);
  for (size_t i = 0; i < count; i++)
    put_place(value_item(array), verdicts, &places[i]);
}

static void put_steps(struct json_t *object, const char *key, const struct steps *steps) {
  struct json_t *array = value_array(object, key);
  for (size_t i = 0; i < steps->count; i++) {
    struct json_t *item = value_item(array);
    value_text(item, "text", steps->items[i].text);
    value_text(item, "shell", steps->items[i].shell);
    value_text(item, "command", steps->items[i].command);
  }
}

static void put_texts(struct json_t *object, const char *key, char *const *texts, size_t count) {
  struct json_t *array = value_array(object, key);
  for (size_t i = 0; i < count; i++)
    value_item_text(array, texts[i]);
}

static void put_references(struct json_t *object, const struct rule_facts *rule) {
  struct json_t *references = value_object(object, "references");
  value_text(references, "see", rule->see);
  value_text(references, "kb", rule->kb);
  put_texts(references, "healthchecker", rule->healthchecker, rule->healthchecker_count);
  put_texts(references, "stig", rule->stig, rule->stig_count);
}

static void put_bundle(struct json_t *root, const struct verdicts *verdicts) {
  const size_t *by = verdicts->artifacts_by_outcome;
  struct json_t *bundle = value_object(root, "bundle");
  value_text(bundle, "name", verdicts->bundle_name);
  struct json_t *counts = value_object(bundle, "artifacts");
  value_number(counts, "total", verdicts->artifact_count);
  value_number(counts, "read", by[OUTCOME_READ]);
  value_number(counts, "partlyRead", by[OUTCOME_PARTLY_READ]);
  value_number(counts, "notRecognised", by[OUTCOME_NOT_RECOGNISED]);
  value_number(counts, "refused", by[OUTCOME_REFUSED]);
  value_number(counts, "unread", by[OUTCOME_UNREAD]);
}

static void put_summary(struct json_t *root, const struct verdicts *verdicts) {
  struct json_t *summary = value_object(root, "summary");
  struct json_t *findings = value_object(summary, "findings");
  for (int severity = SEVERITY_CRITICAL; severity >= SEVERITY_INFO; severity--)
    value_number(findings, severity_word((enum severity)severity), verdicts->by_severity[severity]);
  value_number(findings, "waived", verdicts->waived_count);
  struct json_t *checks = value_object(summary, "checks");
  value_number(checks, "fail", verdicts->rules_failed);
  value_number(checks, "pass", verdicts->rules_passed);
  value_number(checks, "notapplicable", verdicts->rules_not_applicable);
  value_number(checks, "unknown", verdicts->rules_unknown);
  value_number(checks, "error", verdicts->rules_error);
  value_number(checks, "partlyUnknown", words_partly_unknown(verdicts));
  value_text(summary, "failOn", verdicts->fail_on_none ? "none" : severity_word(verdicts->fail_on));
  value_text(summary, "profile", verdicts->profile ? verdicts->profile : "");
  struct json_t *exit = value_object(summary, "exit");
  char *meaning = words_exit(verdicts);
  value_number(exit, "status", (uint64_t)verdicts->exit_status);
  value_text(exit, "meaning", meaning);
  alloc_free(meaning);
}

static void put_hosts(struct json_t *root, const struct verdicts *verdicts) {
  struct json_t *array = value_array(root, "hosts");
  for (size_t i = 0; i < verdicts->host_count; i++) {
    const struct host_facts *host = &verdicts->hosts[i];
    struct json_t *item = value_item(array);
    value_text(item, "name", host->name);
    value_text(item, "nameReason", host->name_reason);
    value_text(item, "products", host->products);
    put_moment(item, "asOf", host->has_as_of, host->as_of);
    value_text(item, "asOfReason", host->as_of_reason);
  }
}

static void put_values(struct json_t *object, const char *key, const struct verdicts *verdicts,
                       const struct explained_value *values, size_t count, bool variables) {
  struct json_t *array = value_array(object, key);
  for (size_t i = 0; i < count; i++) {
    struct json_t *item = value_item(array);
    value_text(item, variables ? "name" : "path", values[i].name);
    if (variables) value_text(item, "expression", values[i].source);
    value_text(item, "value", values[i].text);
    value_bool(item, "known", values[i].known);
    value_number(item, "nodes", values[i].node_count);
    put_places(item, "places", verdicts, values[i].places, values[i].place_count);
  }
}

/* The chain from the rule to the nodes that it read. */
static void put_explanation(struct json_t *item, const struct verdicts *verdicts,
                            const struct explanation *why) {
  if (!why) {
    value_null(item, "explanation");
    return;
  }
  struct json_t *object = value_object(item, "explanation");
  value_text(object, "file", why->file);
  put_known(object, "line", why->line);
  value_text(object, "context", why->context);
  value_text(object, "assert", why->is_report ? "" : why->test);
  value_text(object, "report", why->is_report ? why->test : "");
  put_place(value_object(object, "node"), verdicts, &why->node);
  put_values(object, "variables", verdicts, why->variables, why->variable_count, true);
  put_values(object, "reads", verdicts, why->reads, why->read_count, false);
}

static void put_waived(struct json_t *item, const struct verdicts *verdicts,
                       const struct finding *finding) {
  if (!finding->waiver) {
    value_null(item, "waived");
    return;
  }
  const struct waiver_facts *waiver = &verdicts->waivers[finding->waiver - 1];
  struct json_t *object = value_object(item, "waived");
  value_text(object, "who", waiver->who);
  value_text(object, "why", waiver->why);
  value_text(object, "until", waiver->until);
  value_text(object, "file", waiver->file);
  value_number(object, "line", waiver->line);
}

static void put_waivers(struct json_t *root, const struct verdicts *verdicts) {
  struct json_t *array = value_array(root, "waivers");
  for (size_t i = 0; i < verdicts->waiver_count; i++) {
    const struct waiver_facts *waiver = &verdicts->waivers[i];
    struct json_t *item = value_item(array);
    value_text(item, "ruleId", waiver->rule);
    value_text(item, "host", waiver->host);
    value_text(item, "artifact", waiver->artifact);
    value_text(item, "element", waiver->element);
    value_text(item, "who", waiver->who);
    value_text(item, "why", waiver->why);
    value_text(item, "until", waiver->until);
    value_text(item, "status", waiver_status_word(waiver->status));
    value_number(item, "findings", waiver->findings);
    value_text(item, "file", waiver->file);
    value_number(item, "line", waiver->line);
  }
}

static void put_settings(struct json_t *root, const struct verdicts *verdicts) {
  struct json_t *array = value_array(root, "settings");
  for (size_t i = 0; i < verdicts->setting_count; i++) {
    const struct setting_facts *setting = &verdicts->settings[i];
    struct json_t *item = value_item(array);
    value_text(item, "name", setting->name);
    value_text(item, "value", setting->value);
    value_text(item, "standard", setting->standard);
    value_text(item, "unit", setting->unit);
    value_text(item, "about", setting->about);
    value_text(item, "file", setting->file);
    value_number(item, "line", setting->line);
  }
}

static void put_finding(struct json_t *item, const struct verdicts *verdicts,
                        const struct finding *finding) {
  const struct rule_facts *rule = &verdicts->rules[finding->rule];
  value_text(item, "ruleId", rule->id);
  value_text(item, "title", rule->title);
  value_text(item, "result", verdict_word(VERDICT_FAIL));
  value_text(item, "severity", severity_word(finding->severity));
  put_host(item, verdicts, finding->host);
  value_text(item, "message", finding->message);
  value_text(item, "effect", finding->effect);
  value_text(item, "actual", finding->actual);
  value_text(item, "expected", finding->expected);
  put_places(item, "places", verdicts, finding->places, finding->place_count);
  put_places(item, "evidence", verdicts, finding->evidence, finding->evidence_count);
  put_steps(item, "remediation", &finding->remediation);
  put_steps(item, "verify", &finding->verify);
  put_steps(item, "undo", &finding->undo);
  put_references(item, rule);
  put_texts(item, "consequences", finding->consequences, finding->consequence_count);
  value_text(item, "fingerprint", finding->fingerprint);
  put_waived(item, verdicts, finding);
  put_explanation(item, verdicts, finding->explanation);
}

static void put_findings(struct json_t *root, const struct verdicts *verdicts) {
  struct json_t *array = value_array(root, "findings");
  for (size_t i = 0; i < verdicts->finding_count; i++)
    put_finding(value_item(array), verdicts, &verdicts->findings[i]);
}

/* "a b" -> ["a", "b"] */
static void put_needs(struct json_t *object, const char *needs) {
  struct json_t *array = value_array(object, "needs");
  while (needs && *needs) {
    size_t size = strcspn(needs, " ");
    char *one = alloc_text_n(needs, size);
    if (size > 0) value_item_text(array, one);
    alloc_free(one);
    needs += size + (needs[size] == ' ');
  }
}

static void put_unknowns(struct json_t *root, const struct verdicts *verdicts) {
  struct json_t *array = value_array(root, "unknowns");
  for (size_t i = 0; i < verdicts->unknown_count; i++) {
    const struct unknown_group *group = &verdicts->unknowns[i];
    struct json_t *item = value_item(array);
    put_needs(item, group->needs);
    value_text(item, "shell", group->shell);
    value_text(item, "command", group->command);
    value_text(item, "file", group->file);
    value_number(item, "rules", group->rule_count);
    struct json_t *checks = value_array(item, "checks");
    for (size_t k = 0; k < group->item_count; k++) {
      const struct unknown_item *unknown = &group->items[k];
      struct json_t *check = value_item(checks);
      value_text(check, "ruleId", verdicts->rules[unknown->rule].id);
      value_text(check, "result", verdict_word(VERDICT_UNKNOWN));
      value_text(check, "severity", severity_word(unknown->severity));
      put_host(check, verdicts, unknown->host);
      value_text(check, "reason", unknown->reason);
      value_text(check, "note", unknown->note);
      value_number(check, "places", unknown->places);
    }
  }
}

static void put_errors(struct json_t *root, const struct verdicts *verdicts) {
  struct json_t *array = value_array(root, "errors");
  for (size_t i = 0; i < verdicts->error_count; i++) {
    struct json_t *item = value_item(array);
    value_text(item, "ruleId", verdicts->rules[verdicts->errors[i].rule].id);
    put_host(item, verdicts, verdicts->errors[i].host);
    value_text(item, "message", verdicts->errors[i].message);
  }
}

static void put_rules(struct json_t *root, const struct verdicts *verdicts) {
  struct json_t *array = value_array(root, "rules");
  for (size_t i = 0; i < verdicts->rule_count; i++) {
    const struct rule_facts *rule = &verdicts->rules[i];
    struct json_t *item = value_item(array);
    value_text(item, "id", rule->id);
    value_text(item, "title", rule->title);
    value_text(item, "severity", severity_word(rule->severity));
    put_texts(item, "tags", rule->tags, rule->tag_count);
    put_references(item, rule);
  }
}

static void put_verdicts(struct json_t *root, const struct verdicts *verdicts) {
  struct json_t *array = value_array(root, "verdicts");
  for (size_t i = 0; i < verdicts->rule_verdict_count; i++) {
    const struct rule_verdict *verdict = &verdicts->rule_verdicts[i];
    struct json_t *item = value_item(array);
    value_text(item, "ruleId", verdicts->rules[verdict->rule].id);
    put_host(item, verdicts, verdict->host);
    value_text(item, "result", verdict_word(verdict->verdict));
    value_number(item, "passed", verdict->passed);
    value_number(item, "failed", verdict->failed);
    value_number(item, "unknown", verdict->unknown);
    value_number(item, "errors", verdict->errors);
  }
}

static void put_artifacts(struct json_t *root, const struct verdicts *verdicts) {
  struct json_t *array = value_array(root, "artifacts");
  for (size_t i = 0; i < verdicts->artifact_count; i++) {
    const struct artifact_facts *artifact = &verdicts->artifacts[i];
    struct json_t *item = value_item(array);
    value_text(item, "path", artifact->path);
    value_text(item, "outcome", artifact->outcome);
    value_text(item, "reason", artifact->reason);
    value_text(item, "kind", artifact->kind);
    value_text(item, "role", artifact->role);
    value_text(item, "encoding", artifact->encoding);
    value_number(item, "size", artifact->size);
    value_text(item, "sha256", artifact->sha256);
    put_moment(item, "modified", artifact->has_modified, artifact->modified);
    value_text(item, "host", artifact->host);
    value_text(item, "hostReason", artifact->host_reason);
  }
}

static void put_diagnostics(struct json_t *root, const struct diags *diags) {
  struct json_t *diagnostics = value_object(root, "diagnostics");
  struct json_t *array = value_array(diagnostics, "items");
  for (size_t i = 0; diags && i < diags->count; i++) {
    const struct diag *diag = &diags->items[i];
    struct json_t *item = value_item(array);
    value_text(item, "level", diag_level_word(diag->level));
    value_text(item, "file", diag->file);
    put_known(item, "line", diag->line);
    put_known(item, "column", diag->column);
    value_text(item, "message", diag->message);
  }
  value_number(diagnostics, "dropped", diags ? diags->dropped : 0);
}

char *json_report(const struct verdicts *verdicts, const struct report_style *style) {
  (void)style;
  struct json_t *root = value_root();
  value_text(root, "format", "siteglass-report");
  value_number(root, "version", FORMAT_VERSION);
  struct json_t *tool = value_object(root, "tool");
  value_text(tool, "name", "siteglass");
  value_text(tool, "version", verdicts->version);
  put_bundle(root, verdicts);
  put_summary(root, verdicts);
  put_hosts(root, verdicts);
  put_findings(root, verdicts);
  put_waivers(root, verdicts);
  put_settings(root, verdicts);
  put_unknowns(root, verdicts);
  put_errors(root, verdicts);
  put_rules(root, verdicts);
  put_verdicts(root, verdicts);
  put_artifacts(root, verdicts);
  put_diagnostics(root, verdicts->diags);
  return value_print(root);
}
