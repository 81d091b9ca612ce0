/* Running a case: load, run, and compare what was heard with what the case says. */
#include "support_conformance.h"

#include "base/text.h"
#include "base/xml_source.h"
#include "schematron/svrl.h"

#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <stdio.h>
#include <string.h>

/* ---- What was heard ------------------------------------------------------------------ */

struct heard {
  const struct schema_assertion *assertion;
  const char *pattern;
  xmlNode *node, *subject;
  char *message;
  char **diagnostics; /* one per diagnostic of the assertion */
  bool expected;
};

struct listening {
  struct heard *items;
  size_t count, capacity;
  struct buffer errors, unknowns; /* one a line */
  const xmlDoc *document;         /* of the run */
  xmlDoc **copies;                /* of others, which end with the run */
  size_t copy_count, copy_capacity;
};

/* A node of another document, in a copy of it. */
static xmlNode *kept_node(struct listening *listening, xmlNode *node) {
  if (node->doc == listening->document) return node;
  xmlDoc *copy = NULL;
  for (size_t i = 0; i < listening->copy_count; i++)
    if (xmlStrEqual(listening->copies[i]->URL, node->doc->URL)) copy = listening->copies[i];
  if (copy == NULL) {
    copy = xmlCopyDoc(node->doc, 1);
    if (copy->URL == NULL && node->doc->URL != NULL) copy->URL = xmlStrdup(node->doc->URL);
    ARRAY_PUSH(listening->copies, listening->copy_count, listening->copy_capacity) = copy;
  }
  xmlChar *path = xmlGetNodePath(node);
  xmlXPathContext *context = xmlXPathNewContext(copy);
  xmlXPathObject *found = xmlXPathEvalExpression(path, context);
  xmlNode *same = found->nodesetval->nodeTab[0];
  xmlXPathFreeObject(found);
  xmlXPathFreeContext(context);
  xmlFree(path);
  return same;
}

static void on_fail(void *data, const struct engine_outcome *outcome,
                    struct evaluation *evaluation) {
  struct listening *listening = data;
  const struct schema_assertion *assertion = outcome->assertion;
  struct heard heard = {.assertion = assertion,
                        .pattern = outcome->pattern->id,
                        .node = kept_node(listening, outcome->context),
                        .subject = kept_node(listening, evaluation_subject(evaluation)),
                        .message = evaluation_message(evaluation)};
  heard.diagnostics = alloc_array(assertion->diagnostic_count + 1, sizeof *heard.diagnostics);
  for (size_t i = 0; i < assertion->diagnostic_count; i++)
    heard.diagnostics[i] = evaluation_render(evaluation, assertion->diagnostics[i]->element, false);
  ARRAY_PUSH(listening->items, listening->count, listening->capacity) = heard;
}

static void on_unknown(void *data, const struct engine_outcome *outcome,
                       const struct unknown_cause *causes, size_t count) {
  struct listening *listening = data;
  buffer_add_format(&listening->unknowns, "unknown in pattern '%s': %s\n", outcome->pattern->id,
                    count > 0 ? causes[0].reason : "");
}

static void on_error(void *data, const struct engine_outcome *outcome, const char *message) {
  struct listening *listening = data;
  (void)outcome;
  buffer_add_format(&listening->errors, "%s\n", message);
}

static void dispose_listening(struct listening *listening) {
  for (size_t i = 0; i < listening->count; i++) {
    struct heard *heard = &listening->items[i];
    for (size_t j = 0; j < heard->assertion->diagnostic_count; j++)
      alloc_free(heard->diagnostics[j]);
    alloc_free(heard->diagnostics);
    alloc_free(heard->message);
  }
  for (size_t i = 0; i < listening->copy_count; i++)
    xmlFreeDoc(listening->copies[i]);
  alloc_free(listening->copies);
  alloc_free(listening->items);
  buffer_dispose(&listening->errors);
  buffer_dispose(&listening->unknowns);
}

/* ---- Nodes --------------------------------------------------------------------------- */

static void describe_node(struct buffer *out, const xmlNode *node) {
  xmlChar *path = node == NULL ? NULL : xmlGetNodePath((xmlNode *)node);
  buffer_add_text(out, path == NULL ? "?" : (const char *)path);
  xmlFree(path);
}

/* For an XPath of the case, whose prefixes are those of its element. */
static xmlXPathContext *context_of(xmlDoc *document, const xmlNode *element) {
  xmlXPathContext *context = xmlXPathNewContext(document);
  xmlNs **in_scope = xmlGetNsList(element->doc, (xmlNode *)element);
  for (size_t i = 0; in_scope != NULL && in_scope[i] != NULL; i++)
    if (in_scope[i]->prefix != NULL)
      xmlXPathRegisterNs(context, in_scope[i]->prefix, in_scope[i]->href);
  xmlFree(in_scope);
  context->node = (xmlNode *)document;
  return context;
}

static xmlXPathObject *nodes_of(xmlDoc *document, const xmlNode *element, const char *path) {
  xmlXPathContext *context = context_of(document, element);
  xmlXPathObject *result = xmlXPathEvalExpression(BAD_CAST path, context);
  xmlXPathFreeContext(context);
  if (result != NULL && result->type == XPATH_NODESET && result->nodesetval != NULL &&
      result->nodesetval->nodeNr > 0)
    return result;
  xmlXPathFreeObject(result);
  return NULL;
}

/* ---- What fires ------------------------------------------------------------------------ */

struct checking {
  const struct conformance_case *of;
  xmlDoc *document;
  size_t number; /* of the document, from 1 */
  struct listening listening;
  struct buffer *out;
};

static struct heard *find_heard(struct listening *listening, const char *id, const xmlNode *node) {
  for (size_t i = 0; i < listening->count; i++) {
    struct heard *each = &listening->items[i];
    if (!each->expected && each->node == node && text_equal(each->assertion->id, id)) return each;
  }
  return NULL;
}

static void check_text(struct checking *checking, const xmlNode *fires, const char *attribute,
                       const char *heard) {
  char *wanted = conformance_value(fires, attribute);
  if (wanted != NULL && !text_equal(wanted, heard))
    buffer_add_format(checking->out, "%s is '%s' instead of '%s'\n", attribute, heard, wanted);
  alloc_free(wanted);
}

static void check_subject(struct checking *checking, const xmlNode *fires,
                          const struct heard *heard) {
  char *path = conformance_value(fires, "subject");
  if (path == NULL) return;
  xmlXPathObject *nodes = nodes_of(checking->document, fires, path);
  if (nodes == NULL || nodes->nodesetval->nodeTab[0] != heard->subject) {
    buffer_add_format(checking->out, "the subject is not %s but ", path);
    describe_node(checking->out, heard->subject);
    buffer_add_char(checking->out, '\n');
  }
  xmlXPathFreeObject(nodes);
  alloc_free(path);
}

static void check_diagnostics(struct checking *checking, const xmlNode *fires,
                              const struct heard *heard) {
  size_t number = 0;
  for (const xmlNode *each = fires->children; each != NULL; each = each->next) {
    if (each->type != XML_ELEMENT_NODE || !text_equal((const char *)each->name, "diagnostic"))
      continue;
    if (number >= heard->assertion->diagnostic_count) {
      buffer_add_format(checking->out, "there are only %zu diagnostics\n", number);
      return;
    }
    char *id = conformance_value(each, "id");
    const char *given = heard->assertion->diagnostics[number]->id;
    if (!text_equal(id, given))
      buffer_add_format(checking->out, "diagnostic %zu is '%s' instead of '%s'\n", number + 1,
                        given, id == NULL ? "" : id);
    alloc_free(id);
    check_text(checking, each, "says", heard->diagnostics[number++]);
  }
}

static void check_fire(struct checking *checking, const xmlNode *fires, const char *id,
                       const xmlNode *node) {
  struct heard *heard = find_heard(&checking->listening, id, node);
  if (heard == NULL) {
    buffer_add_format(checking->out, "'%s' does not fire at ", id);
    describe_node(checking->out, node);
    buffer_add_char(checking->out, '\n');
    return;
  }
  heard->expected = true;
  check_text(checking, fires, "says", heard->message);
  check_text(checking, fires, "pattern", heard->pattern);
  check_text(checking, fires, "role", heard->assertion->role);
  check_text(checking, fires, "flag", heard->assertion->flag);
  check_text(checking, fires, "see", heard->assertion->see);
  check_subject(checking, fires, heard);
  check_diagnostics(checking, fires, heard);
}

/* The document that `fires` speaks of: the one of the run, or one that the
 * schema had read, by its name. */
static xmlDoc *document_of_fires(const struct checking *checking, const xmlNode *fires) {
  char *name = conformance_value(fires, "in");
  if (name == NULL) return checking->document;
  xmlDoc *found = NULL;
  for (size_t i = 0; i < checking->listening.count && found == NULL; i++) {
    xmlDoc *each = checking->listening.items[i].node->doc;
    if (each->URL != NULL && text_ends_nocase((const char *)each->URL, name)) found = each;
  }
  if (found == NULL) buffer_add_format(checking->out, "nothing fires in %s\n", name);
  alloc_free(name);
  return found;
}

static void check_fires(struct checking *checking, const xmlNode *fires) {
  xmlDoc *document = document_of_fires(checking, fires);
  if (document == NULL) return;
  char *id = conformance_value(fires, "id"), *at = conformance_value(fires, "at");
  xmlXPathObject *nodes = nodes_of(document, fires, at == NULL ? "" : at);
  if (nodes == NULL || id == NULL)
    buffer_add_format(checking->out, "the case: no node at '%s'\n", at == NULL ? "" : at);
  else
    for (int i = 0; i < nodes->nodesetval->nodeNr; i++)
      check_fire(checking, fires, id, nodes->nodesetval->nodeTab[i]);
  xmlXPathFreeObject(nodes);
  alloc_free(id);
  alloc_free(at);
}

static void tell_unexpected(struct checking *checking) {
  for (size_t i = 0; i < checking->listening.count; i++) {
    const struct heard *each = &checking->listening.items[i];
    if (each->expected) continue;
    buffer_add_format(checking->out, "'%s' fires at ", each->assertion->id);
    describe_node(checking->out, each->node);
    buffer_add_format(checking->out, ": %s\n", each->message);
  }
}

/* ---- Errors ------------------------------------------------------------------------------ */

/* An error "any" may be told by either stage: that of loading first. */
static bool is_while(const xmlNode *error, const char *stage) {
  char *when = conformance_value(error, "while");
  bool is = text_equal(when == NULL ? "load" : when, stage) ||
            (text_equal(when, "any") && !text_equal(stage, "phase"));
  alloc_free(when);
  return is;
}

static bool is_named(const xmlNode *node, const char *name) {
  return node->type == XML_ELEMENT_NODE && node->ns == NULL &&
         text_equal((const char *)node->name, name);
}

static bool has_error(const struct conformance_case *of, const char *stage) {
  for (const xmlNode *each = of->root->children; each != NULL; each = each->next)
    if (is_named(each, "error") && is_while(each, stage)) return true;
  return false;
}

/* Does the place of the error lie in `at`, a text of its file? */
static bool is_there(const struct conformance_case *of, const struct diag *diag, const char *at) {
  const struct conformance_file *found = conformance_file(of, diag->file);
  if (found == NULL || diag->line == 0) return false;
  const char *place = of->text;
  for (unsigned line = 1; line < diag->line && place != NULL; line++)
    place = (place = strchr(place, '\n')) == NULL ? NULL : place + 1;
  if (place == NULL) return false;
  place += diag->column == 0 ? 0 : diag->column - 1;
  for (const char *each = of->text + found->start;
       (each = strstr(each, at)) != NULL && each < of->text + found->end; each++)
    if (place >= each && place < each + strlen(at)) return true;
  return false;
}

static bool fits(const struct conformance_case *of, const xmlNode *error, const struct diag *diag) {
  char *says = conformance_value(error, "says"), *at = conformance_value(error, "at");
  char *file = conformance_value(error, "file");
  bool yes = diag->level == DIAG_ERROR && (file == NULL || text_equal(diag->file, file));
  if (says != NULL) yes = yes && strstr(diag->message, says) != NULL;
  if (at != NULL) yes = yes && is_there(of, diag, at);
  alloc_free(says);
  alloc_free(at);
  alloc_free(file);
  return yes;
}

static void tell_errors(const struct diags *diags, struct buffer *out) {
  for (size_t i = 0; i < diags->count; i++)
    buffer_add_format(out, "  it says: %s:%u:%u %s\n", diags->items[i].file, diags->items[i].line,
                      diags->items[i].column, diags->items[i].message);
}

static void check_load_errors(const struct conformance_case *of, const struct diags *diags,
                              struct buffer *out) {
  bool missing = false;
  for (const xmlNode *each = of->root->children; each != NULL; each = each->next) {
    if (!is_named(each, "error") || !is_while(each, "load")) continue;
    bool found = false;
    for (size_t i = 0; i < diags->count && !found; i++)
      found = fits(of, each, &diags->items[i]);
    if (found) continue;
    char *says = conformance_value(each, "says"), *at = conformance_value(each, "at");
    buffer_add_format(out, "no such error: '%s' at '%s'\n", says == NULL ? "" : says,
                      at == NULL ? "" : at);
    alloc_free(says);
    alloc_free(at);
    missing = true;
  }
  if (missing) tell_errors(diags, out);
}

static void check_run_errors(struct checking *checking) {
  const char *heard = buffer_text(&checking->listening.errors);
  bool wanted = false;
  for (const xmlNode *each = checking->of->root->children; each != NULL; each = each->next) {
    if (!is_named(each, "error") || !is_while(each, "run")) continue;
    wanted = true;
    char *says = conformance_value(each, "says");
    if (heard[0] == '\0' || (says != NULL && strstr(heard, says) == NULL))
      buffer_add_format(checking->out, "no such error while running: '%s'; heard: %s\n",
                        says == NULL ? "" : says, heard[0] == '\0' ? "none" : heard);
    alloc_free(says);
  }
  if (!wanted) buffer_add_text(checking->out, heard);
}

/* ---- SVRL ---------------------------------------------------------------------------------- */

/* The SVRL of a run, allocated. */
static char *svrl_of(const struct schema *schema, xmlDoc *document, const char *phase) {
  size_t count = schema_pattern_count(schema);
  bool *active = alloc_array(count + 1, sizeof *active);
  struct pattern_tally *tallies = alloc_array(count + 1, sizeof *tallies);
  struct svrl *svrl = svrl_new(schema, phase);
  struct engine_listener listener = svrl_listener(svrl);
  bool known = schema_phase(schema, phase, active);
  svrl_begin(svrl, document, "document.xml", active);
  known = engine_run_phase(schema, document, phase, NULL, &listener, tallies) && known;
  char *text = known ? svrl_text(svrl) : alloc_text("");
  svrl_free(svrl);
  alloc_free(tallies);
  alloc_free(active);
  return text;
}

static bool holds(xmlDoc *report, const xmlNode *expectation, const char *test) {
  xmlXPathContext *context = context_of(report, expectation);
  xmlXPathRegisterNs(context, BAD_CAST "svrl", BAD_CAST "http://purl.oclc.org/dsdl/svrl");
  xmlXPathObject *result = xmlXPathEvalExpression(BAD_CAST test, context);
  bool yes = result != NULL && xmlXPathCastToBoolean(result) != 0;
  xmlXPathFreeObject(result);
  xmlXPathFreeContext(context);
  return yes;
}

static void check_svrl(struct checking *checking, const struct schema *schema, const char *phase) {
  if (!CONFORMANCE_HAS_SVRL || checking->number != 1) return;
  char *text = svrl_of(schema, checking->document, phase);
  struct xml_source_options options = {.keep_blanks = true};
  struct xml_failure failure = {.message = ""};
  xmlDoc *report = xml_source_parse(text, strlen(text), &options, &failure);
  if (report == NULL) buffer_add_format(checking->out, "the SVRL: %s\n", failure.message);
  for (const xmlNode *each = checking->of->root->children; each != NULL && report != NULL;
       each = each->next) {
    if (!is_named(each, "svrl")) continue;
    char *test = conformance_value(each, "test");
    if (test == NULL || !holds(report, each, test))
      buffer_add_format(checking->out, "of the SVRL this is not true: %s\n",
                        test == NULL ? "" : test);
    alloc_free(test);
  }
  if (report != NULL) xmlFreeDoc(report);
  alloc_free(text);
}

/* ---- A case ---------------------------------------------------------------------------------- */

/* The embedded files, by names relative to the file that asks. */
static char *read_file(void *data, const char *base, const char *href, size_t *size,
                       char resolved[512]) {
  const struct conformance_case *of = data;
  const char *slash = strrchr(base, '/');
  snprintf(resolved, 512, "%.*s%s", slash == NULL ? 0 : (int)(slash - base + 1), base, href);
  const struct conformance_file *file = conformance_file(of, resolved);
  if (file == NULL) return NULL;
  *size = file->end;
  return alloc_text_n(file->text, file->end);
}

static bool is_of_document(const xmlNode *fires, size_t number) {
  char *value = conformance_value(fires, "document");
  uint64_t wanted = 1;
  bool is = (value == NULL || text_unsigned(span_of(value), &wanted)) && wanted == number;
  alloc_free(value);
  return is;
}

static void run_document(struct checking *checking, const struct schema *schema,
                         const char *phase) {
  checking->listening = (struct listening){
      .errors = buffer_make(65536), .unknowns = buffer_make(65536), .document = checking->document};
  struct engine_listener listener = {.data = &checking->listening,
                                     .on_fail = on_fail,
                                     .on_unknown = on_unknown,
                                     .on_error = on_error};
  struct pattern_tally *tallies = alloc_array(schema_pattern_count(schema) + 1, sizeof *tallies);
  if (!engine_run_phase(schema, checking->document, phase, NULL, &listener, tallies))
    buffer_add_text(checking->out, "the phase is not run\n");
  for (const xmlNode *each = checking->of->root->children; each != NULL; each = each->next)
    if (is_named(each, "fires") && is_of_document(each, checking->number))
      check_fires(checking, each);
  tell_unexpected(checking);
  check_run_errors(checking);
  buffer_add_text(checking->out, buffer_text(&checking->listening.unknowns));
  alloc_free(tallies);
  dispose_listening(&checking->listening);
}

static void run_documents(const struct conformance_case *of, const struct schema *schema,
                          struct buffer *out) {
  char *phase = conformance_value(of->root, "phase");
  bool *active = alloc_array(schema_pattern_count(schema) + 1, sizeof *active);
  const char *asked = phase == NULL ? "#DEFAULT" : phase;
  bool known = text_equal(asked, "#ANY") || schema_phase(schema, asked, active);
  bool should = !has_error(of, "phase");
  if (known && !should) buffer_add_text(out, "the phase is not refused\n");
  if (!known && should) buffer_add_text(out, "there is no such phase\n");
  for (size_t i = 0; i < of->document_count && known && should; i++) {
    struct checking checking = {
        .of = of, .document = of->documents[i], .number = i + 1, .out = out};
    const char *chosen = engine_choose_phase(schema, of->documents[i], asked, NULL);
    if (chosen == NULL) {
      buffer_add_text(out, "no phase can be chosen\n");
      continue;
    }
    run_document(&checking, schema, chosen);
    check_svrl(&checking, schema, chosen);
  }
  alloc_free(active);
  alloc_free(phase);
}

static void load_and_run(const struct conformance_case *of, struct buffer *out) {
  struct schema_options options = {.data = (void *)of,
                                   .reader = read_file,
                                   .may_read_documents = true,
                                   .plain_comparisons = true};
  struct diags diags = {0};
  const struct conformance_file *main = &of->files[0];
  struct schema *schema = schema_load(main->text, main->end, main->name, &options, &diags);
  if (schema == NULL && !has_error(of, "load")) {
    buffer_add_text(out, "the schema does not load\n");
    tell_errors(&diags, out);
  } else if (schema == NULL) {
    check_load_errors(of, &diags, out);
  } else if (has_error(of, "load") && !has_error(of, "run")) {
    buffer_add_text(out, "the schema loads\n");
  } else {
    run_documents(of, schema, out);
  }
  schema_free(schema);
  diags_dispose(&diags);
}

/* A case that says one thing and expects another proves nothing. */
static void check_case(const struct conformance_case *of, struct buffer *out) {
  char *clause = conformance_value(of->root, "clause"),
       *expect = conformance_value(of->root, "expect");
  size_t errors = 0, fires = 0;
  for (const xmlNode *each = of->root->children; each != NULL; each = each->next) {
    errors += is_named(each, "error") ? 1 : 0;
    fires += is_named(each, "fires") ? 1 : 0;
  }
  const char *meant = errors > 0 ? "error" : fires > 0 ? "invalid" : "valid";
  if (clause == NULL || !text_starts(of->name, clause))
    buffer_add_text(out, "the case's name does not begin with its clause\n");
  if (!text_equal(expect, meant))
    buffer_add_format(out, "the case expects to be %s, and what it says is %s\n",
                      expect == NULL ? "nothing" : expect, meant);
  if (errors == 0 && of->document_count == 0) buffer_add_text(out, "the case has no document\n");
  alloc_free(clause);
  alloc_free(expect);
}

void conformance_run(const char *name, struct buffer *out) {
  struct conformance_case of;
  if (conformance_open(&of, name, out)) {
    check_case(&of, out);
    load_and_run(&of, out);
  }
  conformance_close(&of);
}

size_t conformance_svrl_count(const char *name) {
  struct conformance_case of;
  struct buffer ignored = buffer_make(4096);
  size_t count = 0;
  if (conformance_open(&of, name, &ignored))
    for (const xmlNode *each = of.root->children; each != NULL; each = each->next)
      count += is_named(each, "svrl") ? 1 : 0;
  conformance_close(&of);
  buffer_dispose(&ignored);
  return count;
}
