/* The report as a whole. Outcomes come in document order and SVRL wants them by
 * pattern, so each pattern gathers its own: fired rules as counts, what failed as
 * text. */
#include "schematron/svrl.h"

#include "base/origin.h"
#include "base/text.h"
#include "schematron/schema_plan.h"
#include "schematron/svrl_location.h"
#include "schematron/svrl_parts.h"

#include <string.h>

struct event { /* a rule fired so often; what failed at the last of them */
  const struct schema_rule *rule;
  size_t count;
  const char *document; /* of the section */
  struct buffer failures;
};

struct section { /* one pattern on one document */
  const struct schema_pattern *pattern;
  char **documents; /* their names; the first is that of the run unless the pattern chose others */
  size_t document_count, document_capacity;
  const xmlDoc *last; /* the document of the newest event */
  struct event *events;
  size_t count, capacity;
};

struct svrl {
  const struct schema *schema;
  const char *phase;
  struct section *sections;
  size_t count, capacity;
  size_t *by_pattern; /* number of a pattern -> section of the present run */
  xmlDoc *document;
  const char *name; /* of the document */
  struct locations locations;
};

/* ---- Beginning and end ----------------------------------------------------- */

struct svrl *svrl_new(const struct schema *schema, const char *phase) {
  struct svrl *svrl = alloc_bytes(sizeof *svrl);
  *svrl = (struct svrl){.schema = schema, .phase = phase, .name = ""};
  svrl->by_pattern = alloc_array(schema_pattern_count(schema) + 1, sizeof *svrl->by_pattern);
  return svrl;
}

void svrl_chose(struct svrl *svrl, const char *phase) {
  if (text_equal(svrl->phase, "#ANY")) svrl->phase = phase;
}

static void free_section(struct section *section) {
  for (size_t i = 0; i < section->count; i++)
    buffer_dispose(&section->events[i].failures);
  for (size_t i = 0; i < section->document_count; i++)
    alloc_free(section->documents[i]);
  alloc_free(section->documents);
  alloc_free(section->events);
}

void svrl_free(struct svrl *svrl) {
  if (svrl == NULL) return;
  for (size_t i = 0; i < svrl->count; i++)
    free_section(&svrl->sections[i]);
  alloc_free(svrl->sections);
  alloc_free(svrl->by_pattern);
  locations_dispose(&svrl->locations);
  alloc_free(svrl);
}

static const char *add_document(struct section *section, const char *name) {
  for (size_t i = 0; i < section->document_count; i++)
    if (text_equal(section->documents[i], name)) return section->documents[i];
  ARRAY_PUSH(section->documents, section->document_count, section->document_capacity) =
      alloc_text(name);
  return section->documents[section->document_count - 1];
}

void svrl_begin(struct svrl *svrl, xmlDoc *document, const char *name, const bool *active) {
  locations_dispose(&svrl->locations); /* a later document may lie where the last one lay */
  svrl->document = document;
  for (size_t i = 0; i < schema_pattern_count(svrl->schema); i++) {
    if (active != NULL && !active[i]) continue;
    svrl->by_pattern[i] = svrl->count;
    struct section section = {.pattern = schema_pattern(svrl->schema, i)};
    bool chooses = schema_find_attribute(section.pattern->element, "documents") != NULL;
    if (name[0] != '\0' && !chooses) add_document(&section, name);
    ARRAY_PUSH(svrl->sections, svrl->count, svrl->capacity) = section;
  }
  svrl->name = name;
}

/* ---- What is told ---------------------------------------------------------- */

static struct section *section_of(struct svrl *svrl, const struct engine_outcome *outcome) {
  return &svrl->sections[svrl->by_pattern[outcome->pattern->number]];
}

static const char *name_of(const struct svrl *svrl, const xmlDoc *document) {
  if (document == svrl->document) return svrl->name;
  return document->URL == NULL ? "" : (const char *)document->URL;
}

void svrl_on_fire(struct svrl *svrl, const struct engine_outcome *outcome) {
  struct section *section = section_of(svrl, outcome);
  const xmlDoc *document = outcome->context->doc;
  struct event *last = section->count == 0 ? NULL : &section->events[section->count - 1];
  if (last != NULL && last->rule == outcome->rule && last->failures.size == 0 &&
      section->last == document) {
    last->count++;
    return;
  }
  struct event event = {.rule = outcome->rule, .count = 1, .failures = buffer_make((size_t)-1 / 2)};
  const char *name = name_of(svrl, document);
  if (name[0] != '\0') event.document = add_document(section, name);
  section->last = document;
  ARRAY_PUSH(section->events, section->count, section->capacity) = event;
}

static void add_word_element(struct buffer *out, const char *element, const char *reference,
                             const struct schema_diagnostic *target, const struct svrl_live *live) {
  buffer_add_format(out, "\n    <svrl:%s", element);
  svrl_add_attribute(out, reference, target->id);
  svrl_copy_attribute(out, target->element, "role");
  if (text_equal(reference, "property")) {
    svrl_copy_attribute(out, target->element, "scheme");
  }
  buffer_add_char(out, '>');
  svrl_add_text(out, target->element, live, "");
  buffer_add_format(out, "</svrl:%s>", element);
}

static void add_place(struct buffer *out, const xmlNode *node) {
  struct origin origin = origin_of(node);
  if (origin.line == 0) return;
  buffer_add_format(out, " place:line=\"%u\" place:column=\"%u\"", (unsigned)origin.line,
                    (unsigned)origin.column);
}

static void add_word(struct buffer *out, struct evaluation *evaluation, const xmlNode *element,
                     const char *attribute) {
  char *word = evaluation_word(evaluation, element, attribute);
  svrl_add_attribute(out, attribute, word);
  alloc_free(word);
}

void svrl_on_fail(struct svrl *svrl, const struct engine_outcome *outcome,
                  struct evaluation *evaluation) {
  struct section *section = section_of(svrl, outcome);
  const struct schema_assertion *assertion = outcome->assertion;
  struct buffer *out = &section->events[section->count - 1].failures;
  const char *name = assertion->is_report ? "successful-report" : "failed-assert";
  const xmlNode *subject = evaluation_subject(evaluation);
  if (subject->doc != outcome->context->doc) subject = outcome->context; /* no place for others */
  struct buffer text = buffer_make((size_t)-1 / 2);
  locations_write(&svrl->locations, subject, &text);
  buffer_add_format(out, "  <svrl:%s", name);
  svrl_copy_attribute(out, assertion->element, "id");
  svrl_add_attribute(out, "location", buffer_text(&text));
  svrl_add_attribute(out, "test", assertion->test);
  add_word(out, evaluation, assertion->element, "role");
  add_word(out, evaluation, assertion->element, "flag");
  add_word(out, evaluation, assertion->element, "severity");
  buffer_add_char(out, '>');
  struct svrl_live live = {evaluation, evaluation_place(evaluation)};
  for (size_t i = 0; i < assertion->diagnostic_count; i++)
    add_word_element(out, "diagnostic-reference", "diagnostic", assertion->diagnostics[i], &live);
  for (size_t i = 0; i < assertion->property_count; i++)
    add_word_element(out, "property-reference", "property", assertion->properties[i], &live);
  buffer_clear(&text);
  add_place(&text, subject);
  buffer_add_text(out, "\n    ");
  svrl_add_text(out, assertion->element, &live, buffer_text(&text));
  buffer_add_format(out, "\n  </svrl:%s>\n", name);
  buffer_dispose(&text);
}

static void hear_fire(void *data, const struct engine_outcome *outcome) {
  svrl_on_fire(data, outcome);
}

static void hear_fail(void *data, const struct engine_outcome *outcome,
                      struct evaluation *evaluation) {
  svrl_on_fail(data, outcome, evaluation);
}

struct engine_listener svrl_listener(struct svrl *svrl) {
  return (struct engine_listener){.data = svrl, .on_fire = hear_fire, .on_fail = hear_fail};
}

/* ---- Writing --------------------------------------------------------------- */

static void add_head(const struct svrl *svrl, struct buffer *out) {
  const xmlNode *root = svrl->schema->root;
  buffer_add_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svrl:schematron-output"
                       " xmlns:svrl=\"" SVRL_NAMESPACE "\""
                       " xmlns:place=\"" SVRL_PLACE_NAMESPACE "\"");
  for (const xmlNode *each = root->children; each != NULL; each = each->next) {
    if (!schema_is(each, "title")) continue;
    xmlChar *title = xmlNodeGetContent(each);
    struct span span = span_trim(span_of(title == NULL ? "" : (const char *)title));
    char *copy = span_copy(span);
    svrl_add_attribute(out, "title", copy);
    alloc_free(copy);
    xmlFree(title);
    break;
  }
  const char *chosen = svrl->phase;
  if (text_equal(chosen, "#DEFAULT")) chosen = svrl->schema->default_phase;
  if (chosen != NULL && chosen[0] != '\0' && chosen[0] != '#')
    svrl_add_attribute(out, "phase", chosen);
  svrl_copy_attribute(out, root, "schemaVersion");
  buffer_add_text(out, ">\n");
}

static void add_prologue(const struct svrl *svrl, struct buffer *out) {
  add_head(svrl, out);
  for (const xmlNode *each = svrl->schema->root->children; each != NULL; each = each->next) {
    if (!schema_is(each, "p")) continue;
    svrl_add_text(out, each, NULL, "");
    buffer_add_char(out, '\n');
  }
  for (const xmlNode *each = svrl->schema->root->children; each != NULL; each = each->next) {
    if (!schema_is(each, "ns")) continue;
    buffer_add_text(out, "<svrl:ns-prefix-in-attribute-values");
    svrl_copy_attribute(out, each, "prefix");
    svrl_copy_attribute(out, each, "uri");
    buffer_add_text(out, "/>\n");
  }
}

static void add_active_pattern(const struct section *section, struct buffer *out) {
  bool group = schema_is(section->pattern->element, "group");
  buffer_add_text(out, group ? "<svrl:active-group" : "<svrl:active-pattern");
  svrl_copy_attribute(out, section->pattern->element, "id");
  struct buffer names = buffer_make((size_t)-1 / 2);
  for (size_t i = 0; i < section->document_count; i++)
    buffer_add_format(&names, "%s%s", i == 0 ? "" : " ", section->documents[i]);
  if (names.size > 0) svrl_add_attribute(out, "documents", names.data);
  buffer_dispose(&names);
  if (section->pattern->title[0] != '\0') svrl_add_attribute(out, "name", section->pattern->title);
  svrl_copy_attribute(out, section->pattern->element, "role");
  buffer_add_text(out, "/>\n");
}

static void add_fired_rule(const struct event *event, struct buffer *out) {
  buffer_add_text(out, "<svrl:fired-rule");
  svrl_copy_attribute(out, event->rule->element, "id");
  svrl_add_attribute(out, "context", event->rule->context);
  svrl_copy_attribute(out, event->rule->element, "visit-each");
  svrl_copy_attribute(out, event->rule->element, "role");
  svrl_copy_attribute(out, event->rule->element, "flag");
  svrl_add_attribute(out, "document", event->document);
  buffer_add_text(out, "/>\n");
}

static void flush(struct buffer *out, svrl_sink sink, void *data) {
  if (out->size > 0) sink(data, out->data, out->size);
  buffer_clear(out);
}

static void write_section(const struct section *section, struct buffer *out, svrl_sink sink,
                          void *data) {
  add_active_pattern(section, out);
  flush(out, sink, data);
  for (size_t i = 0; i < section->count; i++) {
    const struct event *event = &section->events[i];
    add_fired_rule(event, out);
    for (size_t j = 0; j < event->count; j++)
      sink(data, out->data, out->size);
    buffer_clear(out);
    if (event->failures.size > 0) sink(data, event->failures.data, event->failures.size);
  }
}

void svrl_write(const struct svrl *svrl, svrl_sink sink, void *data) {
  struct buffer out = buffer_make((size_t)-1 / 2);
  add_prologue(svrl, &out);
  flush(&out, sink, data);
  for (size_t i = 0; i < svrl->count; i++)
    write_section(&svrl->sections[i], &out, sink, data);
  buffer_add_text(&out, "</svrl:schematron-output>\n");
  flush(&out, sink, data);
  buffer_dispose(&out);
}

static void keep(void *data, const char *bytes, size_t size) {
  buffer_add(data, bytes, size);
}

char *svrl_text(const struct svrl *svrl) {
  struct buffer out = buffer_make((size_t)-1 / 2);
  svrl_write(svrl, keep, &out);
  return buffer_take(&out);
}
