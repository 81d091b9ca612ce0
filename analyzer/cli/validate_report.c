/* Gathering what a validation found, and saying it as text. */
#include "cli/validate_report.h"

#include "base/origin.h"
#include "base/text.h"

#include <stdint.h>
#include <string.h>

void validate_report_begin(struct validate_report *report, const char *path,
                           const xmlDoc *document) {
  report->document = document;
  ARRAY_PUSH(report->documents, report->document_count, report->document_capacity) =
      (struct validate_document){.path = path,
                                 .phase = "",
                                 .readable = document != NULL,
                                 .first = report->count,
                                 .end = report->count};
}

static char **render_all(struct evaluation *evaluation, struct schema_diagnostic *const *referenced,
                         size_t count) {
  char **texts = alloc_array(count + 1, sizeof *texts);
  for (size_t i = 0; i < count; i++)
    texts[i] = evaluation_render(evaluation, referenced[i]->element, false);
  return texts;
}

/* What the assertion says, else `inherited`. */
static char *word_of(struct evaluation *evaluation, const struct schema_assertion *assertion,
                     const char *attribute, const char *inherited) {
  char *word = evaluation_word(evaluation, assertion->element, attribute);
  return word != NULL ? word : alloc_text(inherited);
}

void validate_report_add(struct validate_report *report, const struct engine_outcome *outcome,
                         struct evaluation *evaluation) {
  struct validate_document *document = &report->documents[report->document_count - 1];
  const struct schema_assertion *assertion = outcome->assertion;
  const xmlNode *node = evaluation_subject(evaluation);
  if (node->doc != outcome->context->doc && node->doc->URL == NULL)
    node = outcome->context; /* a function made it: it is in no file */
  struct origin origin = origin_of(node);
  bool own = node->doc == report->document || node->doc->URL == NULL;
  struct buffer location = buffer_make(1024 * 1024);
  locations_write(&report->locations, node, &location);
  struct validate_finding finding = {
      .pattern = outcome->pattern,
      .assertion = assertion,
      .document = alloc_text(own ? document->path : (const char *)node->doc->URL),
      .line = origin.line,
      .column = origin.column,
      .location = buffer_take(&location),
      .message = evaluation_message(evaluation),
      .role = word_of(evaluation, assertion, "role", assertion->role),
      .flag = word_of(evaluation, assertion, "flag", assertion->flag),
      .severity = word_of(evaluation, assertion, "severity", ""),
      .diagnostics = render_all(evaluation, assertion->diagnostics, assertion->diagnostic_count),
      .properties = render_all(evaluation, assertion->properties, assertion->property_count)};
  unsigned column;
  schema_locate(report->rules, assertion->element, (size_t)-1, &finding.schema,
                &finding.schema_line, &column);
  ARRAY_PUSH(report->findings, report->count, report->capacity) = finding;
  document->end = report->count;
}

void validate_report_end(struct validate_report *report) {
  locations_dispose(&report->locations);
  report->document = NULL;
}

static void drop_all(char **texts, size_t count) {
  for (size_t i = 0; i < count; i++)
    alloc_free(texts[i]);
  alloc_free(texts);
}

void validate_report_dispose(struct validate_report *report) {
  locations_dispose(&report->locations);
  for (size_t i = 0; i < report->count; i++) {
    struct validate_finding *finding = &report->findings[i];
    drop_all(finding->diagnostics, finding->assertion->diagnostic_count);
    drop_all(finding->properties, finding->assertion->property_count);
    alloc_free(finding->role);
    alloc_free(finding->flag);
    alloc_free(finding->severity);
    alloc_free(finding->document);
    alloc_free(finding->location);
    alloc_free(finding->message);
  }
  alloc_free(report->findings);
  alloc_free(report->documents);
}

const char *validate_status(const struct validate_document *document) {
  if (!document->readable) return "not read";
  if (document->errors > 0) return "not decided";
  return document->end > document->first ? "invalid" : "valid";
}

const char *validate_kind(const struct validate_finding *finding) {
  return finding->assertion->is_report ? "successful report" : "failed assert";
}

/* ---- Text ------------------------------------------------------------------ */

static void say(struct buffer *out, const char *text) {
  char *printable = text_printable(text, 4 * strlen(text) + 64);
  buffer_add_text(out, printable);
  alloc_free(printable);
}

static void say_finding(struct buffer *out, const struct validate_finding *finding, bool colour) {
  const struct schema_assertion *assertion = finding->assertion;
  say(out, finding->document);
  if (finding->line > 0) buffer_add_format(out, ":%u:%u", finding->line, finding->column);
  buffer_add_format(out, ": %s%s%s", colour ? "\033[31m" : "", validate_kind(finding),
                    colour ? "\033[0m" : "");
  if (assertion->id[0] != '\0') {
    buffer_add_text(out, " ");
    say(out, assertion->id);
  }
  if (finding->role[0] != '\0') {
    buffer_add_text(out, " (");
    say(out, finding->role);
    buffer_add_text(out, ")");
  }
  buffer_add_text(out, ": ");
  say(out, finding->message);
  buffer_add_text(out, "\n    at ");
  say(out, finding->location);
  buffer_add_text(out, "\n    test ");
  say(out, assertion->test);
  buffer_add_text(out, "    ");
  say(out, finding->schema);
  buffer_add_format(out, ":%u\n", finding->schema_line);
  for (size_t i = 0; i < assertion->diagnostic_count; i++) {
    buffer_add_text(out, "    ");
    say(out, finding->diagnostics[i]);
    buffer_add_char(out, '\n');
  }
}

static void say_count(struct buffer *out, size_t count, const char *word) {
  buffer_add_format(out, ", %zu %s%s", count, word, count == 1 ? "" : "s");
}

static void say_document(struct buffer *out, const struct validate_report *report,
                         const struct validate_document *document, bool colour) {
  size_t reports = 0;
  for (size_t i = document->first; i < document->end; i++) {
    say_finding(out, &report->findings[i], colour);
    reports += report->findings[i].assertion->is_report ? 1 : 0;
  }
  size_t asserts = document->end - document->first - reports;
  say(out, document->path);
  buffer_add_format(out, ": %s", validate_status(document));
  if (asserts > 0) say_count(out, asserts, "failed assert");
  if (reports > 0) say_count(out, reports, "successful report");
  if (document->errors > 0) say_count(out, document->errors, "error");
  if (document->readable && document->fired == 0)
    buffer_add_text(out, " (no rule had anything to look at)");
  buffer_add_char(out, '\n');
}

char *validate_text(const struct validate_report *report, bool colour) {
  struct buffer out = buffer_make(SIZE_MAX / 2);
  for (size_t i = 0; i < report->document_count; i++)
    say_document(&out, report, &report->documents[i], colour);
  return buffer_take(&out);
}
