/* SARIF: results (3.27). A finding is kind "fail"; what could not be decided is
 * kind "open"; what passed or does not apply is counted in the run's properties. */
#include "report/sarif_parts.h"
#include "report/words.h"

#include "base/buffer.h"

#include <string.h>

static bool given(const char *text) {
  return text && text[0];
}

static bool is_on_ledger(const struct verdicts *verdicts, const struct place *place) {
  return place->artifact >= 0 && (size_t)place->artifact < verdicts->artifact_count;
}

static void put_physical(struct json_t *location, const struct verdicts *verdicts,
                         const struct place *place) {
  if (!is_on_ledger(verdicts, place)) return;
  struct json_t *physical = value_object(location, "physicalLocation");
  sarif_artifact_location(physical, "artifactLocation", verdicts, (size_t)place->artifact);
  if (place->line == 0) return;
  struct json_t *region = value_object(physical, "region");
  value_number(region, "startLine", place->line);
  if (place->column > 0) value_number(region, "startColumn", place->column);
}

/* The XPath in the evidence document; its last step is the name (3.33.4). */
static void put_logical(struct json_t *location, const char *element) {
  if (!given(element)) return;
  const char *slash = strrchr(element, '/');
  const char *name = slash && slash[1] ? slash + 1 : element;
  struct json_t *logical = value_item(value_array(location, "logicalLocations"));
  value_text(logical, "name", name);
  value_text(logical, "fullyQualifiedName", element);
  value_text(logical, "kind", name[0] == '@' ? "attribute" : "element");
}

static void put_location(struct json_t *array, const struct verdicts *verdicts,
                         const struct place *place, uint64_t id) {
  struct json_t *location = value_item(array);
  value_number(location, "id", id);
  put_physical(location, verdicts, place);
  put_logical(location, place->element);
  if (given(place->text)) sarif_message(location, "message", place->text);
}

static void put_steps(struct json_t *properties, const char *key, const struct steps *steps) {
  struct json_t *array = value_array(properties, key);
  for (size_t i = 0; i < steps->count; i++) {
    struct json_t *item = value_item(array);
    value_text(item, "text", steps->items[i].text);
    value_text(item, "shell", steps->items[i].shell);
    value_text(item, "command", steps->items[i].command);
  }
}

static void put_finding_properties(struct json_t *result, const struct verdicts *verdicts,
                                   const struct finding *finding) {
  struct json_t *properties = value_object(result, "properties");
  value_text(properties, "severity", severity_word(finding->severity));
  sarif_host(properties, verdicts, finding->host);
  value_text(properties, "effect", finding->effect);
  value_text(properties, "actual", finding->actual);
  value_text(properties, "expected", finding->expected);
  put_steps(properties, "remediation", &finding->remediation);
  put_steps(properties, "verify", &finding->verify);
  put_steps(properties, "undo", &finding->undo);
  struct json_t *consequences = value_array(properties, "consequences");
  for (size_t i = 0; i < finding->consequence_count; i++)
    value_item_text(consequences, finding->consequences[i]);
}

static void put_head(struct json_t *result, const struct verdicts *verdicts, size_t rule,
                     const char *kind, const char *level, const char *message) {
  value_text(result, "ruleId", verdicts->rules[rule].id);
  value_number(result, "ruleIndex", rule);
  value_text(result, "kind", kind);
  value_text(result, "level", level);
  sarif_message(result, "message", message);
}

/* Accepted by somebody outside of the tool (3.35). */
static void put_suppression(struct json_t *result, const struct verdicts *verdicts,
                            const struct finding *finding) {
  if (!finding->waiver) return;
  const struct waiver_facts *waiver = &verdicts->waivers[finding->waiver - 1];
  char *why = alloc_format("%s (%s, until %s)", waiver->why, waiver->who, waiver->until);
  struct json_t *suppression = value_item(value_array(result, "suppressions"));
  value_text(suppression, "kind", "external");
  value_text(suppression, "status", "accepted");
  value_text(suppression, "justification", why);
  alloc_free(why);
}

static void put_finding(struct json_t *result, const struct verdicts *verdicts,
                        const struct finding *finding) {
  put_head(result, verdicts, finding->rule, "fail", sarif_level(finding->severity),
           finding->message);
  uint64_t id = 0; /* unique within the result, so that equal places may stand side by side */
  struct json_t *locations = value_array(result, "locations");
  for (size_t i = 0; i < finding->place_count; i++)
    put_location(locations, verdicts, &finding->places[i], id++);
  struct json_t *related = value_array(result, "relatedLocations");
  for (size_t i = 0; i < finding->evidence_count; i++)
    put_location(related, verdicts, &finding->evidence[i], id++);
  value_text(value_object(result, "partialFingerprints"), "siteglass/v1", finding->fingerprint);
  put_suppression(result, verdicts, finding);
  put_finding_properties(result, verdicts, finding);
}

static char *open_message(const struct verdicts *verdicts, const struct unknown_group *group,
                          const struct unknown_item *item) {
  struct buffer out = buffer_make((size_t)1 << 30);
  char *host = words_host(verdicts, item->host);
  char *reason = words_reason(item->reason);
  const char *shell = words_shell(group->shell);
  buffer_add_format(&out, "Could not be decided for %s: %s.", host, reason);
  if (given(item->note)) buffer_add_format(&out, " %s.", item->note);
  if (given(group->command))
    buffer_add_format(&out, " To decide it, run%s%s: %s", shell[0] ? " " : "", shell,
                      group->command);
  else if (given(group->file))
    buffer_add_format(&out, " To decide it, add this file: %s", group->file);
  else if (given(group->needs))
    buffer_add_format(&out, " To decide it, add evidence of: %s", group->needs);
  else
    buffer_add_text(&out, " No further file or command would decide it.");
  alloc_free(host);
  alloc_free(reason);
  return buffer_take(&out);
}

static void put_open(struct json_t *result, const struct verdicts *verdicts,
                     const struct unknown_group *group, const struct unknown_item *item) {
  char *message = open_message(verdicts, group, item);
  put_head(result, verdicts, item->rule, "open", "none", message);
  alloc_free(message);
  struct json_t *properties = value_object(result, "properties");
  value_text(properties, "severity", severity_word(item->severity));
  sarif_host(properties, verdicts, item->host);
  value_text(properties, "reason", item->reason);
  value_text(properties, "note", item->note);
  value_text(properties, "needs", group->needs);
  value_text(properties, "shell", group->shell);
  value_text(properties, "command", group->command);
  value_text(properties, "file", group->file);
  value_number(properties, "places", item->places);
}

void sarif_results(struct json_t *run, const struct verdicts *verdicts) {
  struct json_t *array = value_array(run, "results");
  for (size_t i = 0; i < verdicts->finding_count; i++)
    put_finding(value_item(array), verdicts, &verdicts->findings[i]);
  for (size_t i = 0; i < verdicts->unknown_count; i++) {
    const struct unknown_group *group = &verdicts->unknowns[i];
    for (size_t k = 0; k < group->item_count; k++)
      put_open(value_item(array), verdicts, group, &group->items[k]);
  }
}
