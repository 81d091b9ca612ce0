/* siteglass validate: the Schematron engine for anybody's schemas and documents. */
#include "base/origin.h"
#include "base/system.h"
#include "base/text.h"
#include "base/xml_source.h"
#include "cli/command.h"
#include "cli/diagnostics.h"
#include "cli/nearest.h"
#include "cli/output.h"
#include "cli/style.h"
#include "cli/validate_files.h"
#include "cli/validate_report.h"
#include "schematron/svrl.h"

#include <string.h>

enum { VALID = 0, INVALID = 1, FAILED = 2 }; /* the exit status */

static const struct option validate_options[] = {
    {.name = "phase",
     .argument = "NAME",
     .summary = "run this phase; #ALL is all patterns, #ANY the first phase\n"
                "whose 'when' holds, #DEFAULT (default) what the schema says"},
    {.name = "format",
     .letter = 'f',
     .argument = "FORMAT",
     .summary = "svrl, text, json or sarif; default: text on a terminal,\n"
                "else svrl"},
    {.name = "output",
     .letter = 'o',
     .argument = "FILE",
     .summary = "write the report to FILE instead of standard output"},
    {.name = NULL},
};

static const char *const formats[] = {"svrl", "text", "json", "sarif", NULL};

struct validation {
  const struct arguments *arguments;
  const char *format, *phase, *output;
  struct validate_files *files;
  struct diags diags;
  struct schema *schema;
  bool *active;
  struct pattern_tally *tallies;
  struct svrl *svrl; /* NULL for other formats */
  struct validate_report report;
  size_t failures;
};

/* ---- Usage ----------------------------------------------------------------- */

static bool read_format(struct validation *run) {
  const char *name = arguments_value(run->arguments, "format");
  run->output = arguments_value(run->arguments, "output");
  if (name == NULL) name = run->output == NULL && system_is_terminal(stdout) ? "text" : "svrl";
  struct nearest nearest = nearest_to(name);
  for (size_t i = 0; formats[i] != NULL; i++) {
    if (text_equal(name, formats[i])) run->format = formats[i];
    nearest_try(&nearest, formats[i]);
  }
  if (run->format != NULL) return true;
  char *shown = text_printable(name, 200);
  fprintf(stderr, "siteglass: error: unknown format %s; there are svrl text json sarif", shown);
  if (nearest.best) fprintf(stderr, "; did you mean %s?", nearest.best);
  fputc('\n', stderr);
  alloc_free(shown);
  return false;
}

static bool read_usage(struct validation *run) {
  if (run->arguments->operand_count < 2) {
    fprintf(stderr, "siteglass: error: validate needs a schema and the documents to validate\n"
                    "'siteglass help validate' shows how.\n");
    return false;
  }
  const char *phase = arguments_value(run->arguments, "phase");
  run->phase = phase == NULL ? "#DEFAULT" : phase;
  return read_format(run);
}

/* ---- The schema ------------------------------------------------------------ */

static bool choose_phase(struct validation *run) {
  size_t count = schema_pattern_count(run->schema);
  run->active = alloc_array(count + 1, sizeof *run->active);
  run->tallies = alloc_array(count + 1, sizeof *run->tallies);
  if (text_equal(run->phase, "#ANY")) return true; /* each document has its own */
  if (schema_phase(run->schema, run->phase, run->active)) return true;
  struct nearest nearest = nearest_to(run->phase);
  for (size_t i = 0; i < schema_phase_count(run->schema); i++)
    nearest_try(&nearest, schema_phase_id(run->schema, i));
  diags_add(&run->diags, DIAG_ERROR, run->arguments->operands[0], 0, 0,
            "the schema has no phase '%s'%s%s%s", run->phase,
            nearest.best != NULL ? "; did you mean '" : "",
            nearest.best != NULL ? nearest.best : "", nearest.best != NULL ? "'?" : "");
  return false;
}

static bool load(struct validation *run) {
  const char *path = run->arguments->operands[0];
  size_t size;
  if (run->output != NULL) validate_files_remember(run->files);
  for (size_t i = 0; i < run->arguments->operand_count; i++)
    validate_files_allow(run->files, run->arguments->operands[i]);
  char *text = validate_files_read(run->files, path, &size);
  if (text == NULL) return false;
  validate_files_keep(run->files, path, text, size);
  struct schema_options options = {.data = run->files,
                                   .reader = validate_files_reader,
                                   .may_read_documents = true,
                                   .plain_comparisons = true};
  run->schema = schema_load(text, size, path, &options, &run->diags);
  alloc_free(text);
  return run->schema != NULL && choose_phase(run);
}

/* ---- The documents --------------------------------------------------------- */

static struct validate_document *present(struct validation *run) {
  return &run->report.documents[run->report.document_count - 1];
}

static void on_fire(void *data, const struct engine_outcome *outcome) {
  struct validation *run = data;
  present(run)->fired++;
  if (run->svrl != NULL) svrl_on_fire(run->svrl, outcome);
}

static void on_fail(void *data, const struct engine_outcome *outcome,
                    struct evaluation *evaluation) {
  struct validation *run = data;
  run->failures++;
  if (run->svrl != NULL)
    svrl_on_fail(run->svrl, outcome, evaluation);
  else
    validate_report_add(&run->report, outcome, evaluation);
}

/* The part of the schema that could not be evaluated: an assertion, the context of a
 * rule or, of a pattern alone, @documents. */
static char *part_of_schema(const struct schema *schema, const struct engine_outcome *outcome) {
  const struct schema_assertion *assertion = outcome->assertion;
  const struct schema_rule *rule = assertion == NULL ? outcome->rule : NULL;
  const struct schema_pattern *pattern = outcome->pattern;
  const xmlNode *node = assertion != NULL ? assertion->element
                        : rule != NULL    ? rule->element
                                          : pattern->element;
  const char *path, *kind = assertion != NULL ? "test" : rule != NULL ? "context" : "pattern";
  unsigned line, column;
  schema_locate(schema, node, (size_t)-1, &path, &line, &column);
  const char *what = assertion != NULL ? assertion->test
                     : rule != NULL    ? rule->context
                                       : pattern->id;
  return alloc_format("the %s%s%s at %s:%u", kind, what[0] == '\0' ? "" : " ", what, path, line);
}

/* The document that was named, or one that a pattern chose. */
static const char *file_of(struct validation *run, const xmlNode *node) {
  bool named = node == NULL || node->doc == run->report.document || node->doc->URL == NULL;
  return named ? present(run)->path : (const char *)node->doc->URL;
}

static void on_error(void *data, const struct engine_outcome *outcome, const char *message) {
  struct validation *run = data;
  struct origin origin = {0};
  if (outcome->context != NULL) origin = origin_of(outcome->context);
  char *part = part_of_schema(run->schema, outcome);
  present(run)->errors++;
  diags_add(&run->diags, DIAG_ERROR, file_of(run, outcome->context), origin.line, origin.column,
            "%s; it is %s", message, part);
  alloc_free(part);
}

/* Without marks nothing should be unknown; if it is, that is no "valid". */
static void on_unknown(void *data, const struct engine_outcome *outcome,
                       const struct unknown_cause *causes, size_t count) {
  on_error(data, outcome, count > 0 ? causes[0].reason : "it could not be decided");
}

static xmlDoc *read_document(struct validation *run, const char *path) {
  size_t size;
  char *text = validate_files_read(run->files, path, &size);
  if (text == NULL) return NULL;
  struct xml_source_options options = {.source = 1, .keep_blanks = true, .keep_comments = true};
  struct xml_failure failure = {.message = ""};
  xmlDoc *document = xml_source_parse(text, size, &options, &failure);
  alloc_free(text);
  if (document == NULL)
    diags_add(&run->diags, DIAG_ERROR, path, failure.line, failure.column, "%s", failure.message);
  else if (document->URL == NULL)
    document->URL = xmlStrdup(BAD_CAST path); /* the base of what document() reads */
  return document;
}

/* The process ends after the last document, and giving back millions of nodes one by one
 * is a tenth of a large run. Sanitizer builds do it all the same. */
static void validate(struct validation *run, const char *path, bool is_last) {
#ifdef SITEGLASS_FREE_AT_EXIT
  is_last = false;
#endif
  xmlDoc *document = read_document(run, path);
  validate_report_begin(&run->report, path, document);
  if (document == NULL) return;
  struct engine_listener listener = {.data = run,
                                     .on_fail = on_fail,
                                     .on_unknown = on_unknown,
                                     .on_error = on_error,
                                     .on_fire = on_fire};
  const char *phase = engine_choose_phase(run->schema, document, run->phase, NULL);
  if (phase == NULL)
    diags_add(&run->diags, DIAG_ERROR, path, 0, 0, "which phase '#ANY' is could not be told");
  if (phase != NULL)
    present(run)->phase = text_equal(phase, "#DEFAULT") ? schema_default_phase(run->schema) : phase;
  if (phase == NULL || !schema_phase(run->schema, phase, run->active)) {
    present(run)->errors++;
  } else {
    if (run->svrl != NULL) svrl_chose(run->svrl, phase);
    if (run->svrl != NULL) svrl_begin(run->svrl, document, path, run->active);
    if (!engine_run_phase(run->schema, document, phase, NULL, &listener, run->tallies))
      present(run)->errors++; /* the phase was found before */
  }
  validate_report_end(&run->report);
  if (!is_last) xmlFreeDoc(document);
}

/* ---- The report ------------------------------------------------------------ */

static char *written(const struct validation *run) {
  if (run->svrl != NULL) return svrl_text(run->svrl);
  if (text_equal(run->format, "json")) return validate_json(&run->report);
  if (text_equal(run->format, "sarif")) return validate_sarif(&run->report);
  return validate_text(&run->report, style_for(run->output).colour);
}

static void dispose(struct validation *run) {
  svrl_free(run->svrl);
  validate_report_dispose(&run->report);
  schema_free(run->schema);
  alloc_free(run->active);
  alloc_free(run->tallies);
  validate_files_free(run->files);
  diags_dispose(&run->diags);
}

static int validate_all(struct validation *run, const char *version) {
  const struct arguments *arguments = run->arguments;
  if (text_equal(run->format, "svrl")) run->svrl = svrl_new(run->schema, run->phase);
  run->report = (struct validate_report){.schema = arguments->operands[0],
                                         .phase = run->phase,
                                         .version = version,
                                         .rules = run->schema};
  for (size_t i = 1; i < arguments->operand_count; i++)
    validate(run, arguments->operands[i], i + 1 == arguments->operand_count);
  char *text = written(run);
  bool good = output_write(run->output, text, validate_files_known(run->files), stderr);
  alloc_free(text);
  if (!good || diags_count(&run->diags, DIAG_ERROR) > 0) return FAILED;
  return run->failures > 0 ? INVALID : VALID;
}

static int run_validate(const struct arguments *arguments, const char *version) {
  struct validation run = {.arguments = arguments};
  int status = FAILED;
  if (read_usage(&run)) {
    run.files = validate_files_new(&run.diags);
    if (load(&run)) status = validate_all(&run, version);
    diagnostics_print_from(&run.diags, validate_files_text, run.files, stderr);
  }
  dispose(&run);
  return status;
}

static const struct option *const validate_tables[] = {validate_options, common_options, NULL};

const struct command command_validate = {
    .name = "validate",
    .usage = "[OPTION]... SCHEMA DOCUMENT...",
    .summary = "any XML documents against any ISO Schematron schema",
    .text = "Validates XML documents against a schema of ISO Schematron (ISO/IEC 19757-3) with\n"
            "the query binding xslt, xpath or exslt, and tells each failed assert and each\n"
            "successful report: as SVRL (the standard's report format; several documents give\n"
            "one report, in which each active-pattern names its document), text, JSON or SARIF.\n"
            "\n"
            "include, extends and document() read files in and below the folders of the schema\n"
            "and the documents, and nothing else: no network, no absolute paths, no way out by\n"
            "'..' or a symbolic link. Documents with a DOCTYPE are refused.\n"
            "\n"
            "Exit status: 0 all documents are valid; 1 an assert failed or a report succeeded;\n"
            "2 an error in the schema, a document or the usage, or a test that could not be\n"
            "evaluated.\n",
    .examples = "  siteglass validate books.sch books.xml\n"
                "  siteglass validate --phase quick --format svrl books.sch a.xml b.xml > r.svrl\n"
                "  siteglass validate --format sarif --output r.sarif books.sch books.xml\n",
    .options = validate_tables,
    .run = run_validate,
};
