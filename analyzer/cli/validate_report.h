/* What a validation found, for the formats that are not SVRL. Nothing in it points
 * into a document. */
#ifndef SITEGLASS_CLI_VALIDATE_REPORT_H
#define SITEGLASS_CLI_VALIDATE_REPORT_H

#include "schematron/engine.h"
#include "schematron/svrl_location.h"

#include <stdbool.h>
#include <stddef.h>

struct validate_finding { /* a failed assert or a successful report */
  const struct schema_pattern *pattern;
  const struct schema_assertion *assertion;
  char *document; /* the file it is in: the one that was named, or one that a pattern chose */
  unsigned line, column;
  const char *schema; /* the file that the assertion stands in; the schema's */
  unsigned schema_line;
  char *location, *message;
  char *role, *flag, *severity;     /* "" when there is none */
  char **diagnostics, **properties; /* one per diagnostic and property of the assertion */
};
struct validate_document {
  const char *path;
  const char *phase;    /* its id or "#ALL"; "" when none was run */
  bool readable;        /* it was validated */
  size_t first, end;    /* its findings */
  size_t fired, errors; /* rules that fired; expressions that could not be evaluated */
};
struct validate_report {
  const char *schema, *phase, *version;
  const struct schema *rules;
  struct validate_document *documents;
  size_t document_count, document_capacity;
  struct validate_finding *findings;
  size_t count, capacity;
  struct locations locations; /* of the present document */
  const xmlDoc *document;
};

void validate_report_begin(struct validate_report *report, const char *path,
                           const xmlDoc *document);
void validate_report_add(struct validate_report *report, const struct engine_outcome *outcome,
                         struct evaluation *evaluation);
void validate_report_end(struct validate_report *report);
void validate_report_dispose(struct validate_report *report);

/* "valid", "invalid", "not decided" (an expression could not be evaluated), "not read" */
const char *validate_status(const struct validate_document *document);
/* "failed assert", "successful report" */
const char *validate_kind(const struct validate_finding *finding);

/* Freed with alloc_free. */
char *validate_text(const struct validate_report *report, bool colour) MUST_USE;
char *validate_json(const struct validate_report *report) MUST_USE;
char *validate_sarif(const struct validate_report *report) MUST_USE;

#endif
