/* What a validation found, as JSON and as SARIF 2.1.0. */
#include "base/text.h"
#include "cli/validate_report.h"
#include "report/sarif_parts.h"
#include "report/value.h"

#include <string.h>

/* ---- JSON ------------------------------------------------------------------ */

/* The root, texts and what a function made have no place. */
static void put_place(struct json_t *item, const char *key, unsigned number) {
  if (number > 0)
    value_number(item, key, number);
  else
    value_null(item, key);
}

static void put_referenced(struct json_t *array, struct schema_diagnostic *const *referenced,
                           size_t count, char *const *texts) {
  for (size_t i = 0; i < count; i++) {
    struct json_t *item = value_item(array);
    value_text(item, "id", referenced[i]->id);
    value_text(item, "text", texts[i]);
  }
}

static void put_finding(struct json_t *array, const struct validate_finding *finding) {
  const struct schema_assertion *assertion = finding->assertion;
  struct json_t *item = value_item(array);
  value_text(item, "kind", assertion->is_report ? "successful-report" : "failed-assert");
  value_text(item, "document", finding->document);
  put_place(item, "line", finding->line);
  put_place(item, "column", finding->column);
  value_text(item, "location", finding->location);
  value_text(item, "message", finding->message);
  value_text(item, "id", assertion->id);
  value_text(item, "test", assertion->test);
  value_text(item, "role", finding->role);
  value_text(item, "flag", finding->flag);
  value_text(item, "severity", finding->severity);
  value_text(item, "see", assertion->see);
  value_text(item, "pattern", finding->pattern->id);
  value_text(item, "schema", finding->schema);
  value_number(item, "schemaLine", finding->schema_line);
  put_referenced(value_array(item, "diagnostics"), assertion->diagnostics,
                 assertion->diagnostic_count, finding->diagnostics);
  put_referenced(value_array(item, "properties"), assertion->properties, assertion->property_count,
                 finding->properties);
}

char *validate_json(const struct validate_report *report) {
  struct json_t *root = value_root();
  value_text(root, "format", "siteglass-validation");
  value_number(root, "version", 1);
  struct json_t *tool = value_object(root, "tool");
  value_text(tool, "name", "siteglass");
  value_text(tool, "version", report->version);
  value_text(root, "schema", report->schema);
  value_text(root, "phase", report->phase);
  struct json_t *documents = value_array(root, "documents");
  for (size_t i = 0; i < report->document_count; i++) {
    const struct validate_document *document = &report->documents[i];
    struct json_t *item = value_item(documents);
    value_text(item, "document", document->path);
    value_text(item, "phase", document->phase);
    value_text(item, "status", validate_status(document));
    value_number(item, "firedRules", document->fired);
    value_number(item, "errors", document->errors);
    struct json_t *findings = value_array(item, "findings");
    for (size_t j = document->first; j < document->end; j++)
      put_finding(findings, &report->findings[j]);
  }
  return value_print(root);
}

/* ---- SARIF ----------------------------------------------------------------- */

/* The id, or where it stands when it has none. */
static char *rule_id(const struct validate_finding *finding) {
  if (finding->assertion->id[0] != '\0') return alloc_text(finding->assertion->id);
  const char *name = strrchr(finding->schema, '/');
  return alloc_format("%s:%u", name == NULL ? finding->schema : name + 1, finding->schema_line);
}

static char *uri_of(const char *path) {
  if (path[0] != '/') return sarif_uri(path);
  char *rest = sarif_uri(path + 1), *uri = alloc_format("file:///%s", rest);
  alloc_free(rest);
  return uri;
}

/* ISO Schematron leaves the words of severity (2025) and role to its users; these are
 * usual. */
static const char *level_of(const struct validate_finding *finding) {
  const char *word = finding->severity[0] != '\0' ? finding->severity : finding->role;
  static const char *const notes[] = {"info", "information", "note", "hint"};
  for (size_t i = 0; i < sizeof notes / sizeof *notes; i++)
    if (text_equal_nocase(word, notes[i])) return "note";
  bool warning = text_equal_nocase(word, "warning") || text_equal_nocase(word, "warn");
  return warning ? "warning" : "error";
}

static void put_result(struct json_t *array, const struct validate_finding *finding) {
  struct json_t *result = value_item(array);
  char *id = rule_id(finding), *uri = uri_of(finding->document);
  value_text(result, "ruleId", id);
  value_text(result, "level", level_of(finding));
  sarif_message(result, "message", finding->message[0] == '\0' ? id : finding->message);
  struct json_t *location = value_item(value_array(result, "locations"));
  struct json_t *physical = value_object(location, "physicalLocation");
  value_text(value_object(physical, "artifactLocation"), "uri", uri);
  if (finding->line > 0) {
    struct json_t *region = value_object(physical, "region");
    value_number(region, "startLine", finding->line);
    value_number(region, "startColumn", finding->column);
  }
  struct json_t *logical = value_item(value_array(location, "logicalLocations"));
  value_text(logical, "fullyQualifiedName", finding->location);
  struct json_t *properties = value_object(result, "properties");
  value_text(properties, "test", finding->assertion->test);
  value_text(properties, "role", finding->role);
  value_text(properties, "flag", finding->flag);
  struct json_t *diagnostics = value_array(properties, "diagnostics");
  for (size_t i = 0; i < finding->assertion->diagnostic_count; i++)
    value_item_text(diagnostics, finding->diagnostics[i]);
  alloc_free(id);
  alloc_free(uri);
}

/* Not all was judged when a document could not be read or a test not be evaluated. */
static void put_invocation(struct json_t *run, const struct validate_report *report) {
  bool complete = true;
  for (size_t i = 0; i < report->document_count; i++)
    complete = complete && report->documents[i].readable && report->documents[i].errors == 0;
  value_bool(value_item(value_array(run, "invocations")), "executionSuccessful", complete);
}

char *validate_sarif(const struct validate_report *report) {
  struct json_t *root = value_root();
  value_text(root, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
  value_text(root, "version", "2.1.0");
  struct json_t *run = value_item(value_array(root, "runs"));
  struct json_t *driver = value_object(value_object(run, "tool"), "driver");
  value_text(driver, "name", "siteglass");
  value_text(driver, "version", report->version);
  put_invocation(run, report);
  value_text(run, "columnKind", "unicodeCodePoints");
  struct json_t *results = value_array(run, "results");
  for (size_t i = 0; i < report->count; i++)
    put_result(results, &report->findings[i]);
  return value_print(root);
}
