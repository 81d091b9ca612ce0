/* SARIF: the rules, and what happened during the run (3.49, 3.20, 3.58). */
#include "report/sarif_parts.h"
#include "report/words.h"

#include "base/text.h"

#include <string.h>

static bool given(const char *text) {
  return text && text[0];
}

/* helpUri must be an absolute URI; rule authors may have written anything. */
static bool is_url(const char *text) {
  if (!given(text)) return false;
  if (!text_starts_nocase(text, "https://") && !text_starts_nocase(text, "http://")) return false;
  for (const char *c = text; *c; c++)
    if ((unsigned char)*c <= 0x20 || (unsigned char)*c >= 0x7F || strchr("\"<>\\^`{|}", *c))
      return false;
  return true;
}

static void put_tags(struct json_t *properties, const struct rule_facts *rule) {
  struct json_t *tags = value_array(properties, "tags");
  for (size_t i = 0; i < rule->tag_count; i++) {
    bool repeated = false; /* the schema wants them unique */
    for (size_t k = 0; k < i && !repeated; k++)
      repeated = text_equal(rule->tags[i], rule->tags[k]);
    if (!repeated) value_item_text(tags, rule->tags[i]);
  }
}

static void put_ids(struct json_t *properties, const char *key, char *const *ids, size_t count) {
  struct json_t *array = count ? value_array(properties, key) : NULL;
  for (size_t i = 0; i < count; i++)
    value_item_text(array, ids[i]);
}

/* The help of a rule holds no values and has no placeholders, so its braces
 * stay single: viewers show it as it is. */
static void put_rule(struct json_t *item, const struct rule_facts *rule) {
  value_text(item, "id", rule->id);
  value_text(value_object(item, "shortDescription"), "text", rule->title);
  value_text(value_object(item, "fullDescription"), "text", rule->title);
  if (is_url(rule->see)) value_text(item, "helpUri", rule->see);
  if (given(rule->help)) {
    struct json_t *help = value_object(item, "help");
    value_text(help, "text", rule->help);
    value_text(help, "markdown", rule->help);
  }
  value_text(value_object(item, "defaultConfiguration"), "level", sarif_level(rule->severity));
  struct json_t *properties = value_object(item, "properties");
  put_tags(properties, rule);
  value_text(properties, "severity", severity_word(rule->severity));
  if (given(rule->kb)) value_text(properties, "kb", rule->kb);
  put_ids(properties, "healthchecker", rule->healthchecker, rule->healthchecker_count);
  put_ids(properties, "stig", rule->stig, rule->stig_count);
}

void sarif_rules(struct json_t *driver, const struct verdicts *verdicts) {
  struct json_t *array = value_array(driver, "rules");
  for (size_t i = 0; i < verdicts->rule_count; i++)
    put_rule(value_item(array), &verdicts->rules[i]);
}

static void put_errors(struct json_t *notifications, const struct verdicts *verdicts) {
  for (size_t i = 0; i < verdicts->error_count; i++) {
    const struct rule_error *error = &verdicts->errors[i];
    struct json_t *item = value_item(notifications);
    sarif_message(item, "message", error->message);
    value_text(item, "level", "error");
    struct json_t *rule = value_object(item, "associatedRule");
    value_text(rule, "id", verdicts->rules[error->rule].id);
    value_number(rule, "index", error->rule);
    sarif_host(value_object(item, "properties"), verdicts, error->host);
  }
}

static void put_diag_location(struct json_t *item, const struct diag *diag) {
  struct json_t *location = value_item(value_array(item, "locations"));
  struct json_t *physical = value_object(location, "physicalLocation");
  struct json_t *artifact = value_object(physical, "artifactLocation");
  char *uri = sarif_uri(diag->file);
  value_text(artifact, "uri", uri);
  value_text(artifact, "uriBaseId", SARIF_BUNDLE_BASE);
  alloc_free(uri);
  if (diag->line == 0) return;
  struct json_t *region = value_object(physical, "region");
  value_number(region, "startLine", diag->line);
  if (diag->column > 0) value_number(region, "startColumn", diag->column);
}

static void put_diags(struct json_t *notifications, const struct diags *diags) {
  for (size_t i = 0; i < diags->count; i++) {
    const struct diag *diag = &diags->items[i];
    struct json_t *item = value_item(notifications);
    sarif_message(item, "message", diag->message);
    value_text(item, "level", diag_level_word(diag->level));
    if (given(diag->file)) put_diag_location(item, diag);
  }
  if (diags->dropped == 0) return;
  struct json_t *item = value_item(notifications);
  char *text = alloc_format("%zu further messages were not kept.", diags->dropped);
  sarif_message(item, "message", text);
  value_text(item, "level", "warning");
  alloc_free(text);
}

void sarif_invocations(struct json_t *run, const struct verdicts *verdicts) {
  struct json_t *invocation = value_item(value_array(run, "invocations"));
  bool successful = verdicts->exit_status != 2 && verdicts->error_count == 0;
  char *meaning = words_exit(verdicts);
  value_bool(invocation, "executionSuccessful", successful);
  value_number(invocation, "exitCode", (uint64_t)verdicts->exit_status);
  value_text(invocation, "exitCodeDescription", meaning);
  alloc_free(meaning);
  struct json_t *notifications = value_array(invocation, "toolExecutionNotifications");
  put_errors(notifications, verdicts);
  if (verdicts->diags) put_diags(notifications, verdicts->diags);
}
