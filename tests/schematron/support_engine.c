/* Small schemas on small documents. */
#include "support_engine.h"

#include "base/text.h"
#include "base/xml_source.h"

#include <check.h>
#include <libxml/xpathInternals.h>
#include <string.h>

/* ---- Vocabulary ------------------------------------------------------------ */

static const char *const element_names[] = {"r", "a", "b", "c", "d", "v"};

static bool in_list(const char *const *list, size_t count, const char *name) {
  for (size_t i = 0; i < count; i++)
    if (strcmp(list[i], name) == 0) return true;
  return false;
}

static bool has_element(void *data, const char *name) {
  (void)data;
  return in_list(element_names, sizeof element_names / sizeof *element_names, name);
}

static bool has_attribute(void *data, const char *element, const char *attribute) {
  (void)data;
  static const char *const names[] = {"id", "x", "y", "z", "n"};
  if (element != NULL && strcmp(element, "d") == 0) return strcmp(attribute, "only") == 0;
  return in_list(names, sizeof names / sizeof *names, attribute) ||
         (element == NULL && strcmp(attribute, "only") == 0);
}

bool test_lenient;

static bool may_contain(void *data, const char *ancestor, const char *descendant) {
  (void)data;
  if (test_lenient) return true;
  switch (ancestor[0]) {
  case 'r':
    return strchr("abcd", descendant[0]) != NULL;
  case 'a':
    return strchr("bcd", descendant[0]) != NULL;
  case 'b':
    return strchr("cd", descendant[0]) != NULL;
  default:
    return false;
  }
}

static const char *near_element(void *data, const char *name) {
  (void)data;
  return name[0] == 'b' ? "b" : NULL;
}

static const char *near_attribute(void *data, const char *element, const char *name) {
  (void)data;
  (void)element;
  return name[0] == 'x' ? "x" : NULL;
}

const struct vocabulary test_vocabulary = {NULL,        has_element,  has_attribute,
                                           may_contain, near_element, near_attribute};

/* ---- Functions ------------------------------------------------------------- */

static void call_twice(xmlXPathParserContextPtr ctxt, int nargs) {
  CHECK_ARITY(1);
  double number = xmlXPathPopNumber(ctxt);
  valuePush(ctxt, xmlXPathNewFloat(number * 2));
}

/* f:maybe(text): the text, and it may be wrong. */
static void call_maybe(xmlXPathParserContextPtr ctxt, int nargs) {
  CHECK_ARITY(1);
  evaluation_unknown(evaluation_of(ctxt), "function", "thing", "said so");
}

static void call_broken(xmlXPathParserContextPtr ctxt, int nargs) {
  CHECK_ARITY(0);
  evaluation_error(evaluation_of(ctxt), "broken at %s",
                   (const char *)evaluation_current(evaluation_of(ctxt))->name);
  valuePush(ctxt, xmlXPathNewBoolean(0));
}

static bool check_word(void *data, const char *const *arguments, int count, char error[256],
                       int *argument) {
  (void)data;
  (void)count;
  if (arguments[0] == NULL || strcmp(arguments[0], "bad") != 0) return true;
  snprintf(error, 256, "'bad' is bad");
  *argument = 0;
  return false;
}

const struct engine_function test_functions[] = {
    {"urn:test:functions", "twice", 1, 1, call_twice, NULL},
    {"urn:test:functions", "maybe", 1, 1, call_maybe, check_word},
    {"urn:test:functions", "broken", 0, 0, call_broken, NULL},
    {0},
};

static const char *const own_expressions[] = {"actual", "select", NULL};

const struct schema_options test_options = {.functions = test_functions,
                                            .vocabulary = &test_vocabulary,
                                            .mark_namespace = MARKS,
                                            .own_namespace = OWN,
                                            .own_expressions = own_expressions};

/* ---- Texts ----------------------------------------------------------------- */

char *in_schema(const char *content) {
  return alloc_format("<schema xmlns='http://purl.oclc.org/dsdl/schematron' xmlns:own='" OWN "'"
                      " xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>"
                      "<ns prefix='m' uri='" MARKS "'/><ns prefix='f' uri='urn:test:functions'/>"
                      "<ns prefix='exsl' uri='http://exslt.org/common'/>"
                      "<ns prefix='math' uri='http://exslt.org/math'/>"
                      "<ns prefix='set' uri='http://exslt.org/sets'/>"
                      "<ns prefix='date' uri='http://exslt.org/dates-and-times'/>\n%s</schema>",
                      content);
}

char *in_rule(const char *context, const char *content) {
  char *pattern =
      alloc_format("<pattern id='p'><rule context=\"%s\">%s</rule></pattern>", context, content);
  char *schema = in_schema(pattern);
  alloc_free(pattern);
  return schema;
}

xmlDoc *document_of(const char *text) {
  struct xml_source_options options = {0};
  struct xml_failure failure = {.message = ""};
  xmlDoc *document = xml_source_parse(text, strlen(text), &options, &failure);
  ck_assert_msg(document != NULL, "%s: %s", failure.message, text);
  return document;
}

static char *errors_of(const struct diags *diags) {
  struct buffer out = buffer_make(1024 * 1024);
  for (size_t i = 0; i < diags->count; i++)
    buffer_add_format(&out, "%u:%u %s\n", diags->items[i].line, diags->items[i].column,
                      diags->items[i].message);
  return buffer_take(&out);
}

struct schema *loaded(char *schema_text) {
  struct diags diags = {0};
  struct schema *schema =
      schema_load(schema_text, strlen(schema_text), "test.sch", &test_options, &diags);
  char *errors = errors_of(&diags);
  ck_assert_msg(schema != NULL, "%s\n%s", errors, schema_text);
  ck_assert_str_eq(errors, "");
  alloc_free(errors);
  alloc_free(schema_text);
  diags_dispose(&diags);
  return schema;
}

char *load_errors(char *schema_text) {
  struct diags diags = {0};
  struct schema *schema =
      schema_load(schema_text, strlen(schema_text), "test.sch", &test_options, &diags);
  char *errors = errors_of(&diags);
  ck_assert_int_eq(schema == NULL, diags.count > 0);
  schema_free(schema);
  diags_dispose(&diags);
  alloc_free(schema_text);
  return errors;
}

/* ---- Listening ------------------------------------------------------------- */

struct listening {
  struct buffer out;
  bool words; /* only the words of verdicts */
};

static void say_node(struct buffer *out, const struct engine_outcome *outcome) {
  const xmlNode *node = outcome->context;
  if (node == NULL) {
    buffer_add_text(out, "-");
  } else if (node->type == XML_DOCUMENT_NODE) {
    buffer_add_text(out, "/");
  } else {
    xmlChar *id = node->type == XML_ELEMENT_NODE ? xmlGetNoNsProp(node, BAD_CAST "id") : NULL;
    buffer_add_format(out, "%s%s%s%s", node->type == XML_ATTRIBUTE_NODE ? "@" : "",
                      (const char *)node->name, id == NULL ? "" : "#",
                      id == NULL ? "" : (const char *)id);
    xmlFree(id);
  }
  if (outcome->assertion == NULL && node != NULL) buffer_add_text(out, "?");
}

static bool say(struct listening *listening, const char *word,
                const struct engine_outcome *outcome) {
  if (listening->words) {
    if (listening->out.size > 0) buffer_add_char(&listening->out, ' ');
    buffer_add_text(&listening->out, word);
    return false;
  }
  buffer_add_format(&listening->out, "%s %s ", word, outcome->pattern->id);
  say_node(&listening->out, outcome);
  return true;
}

static void on_fail(void *data, const struct engine_outcome *outcome,
                    struct evaluation *evaluation) {
  struct listening *listening = data;
  if (!say(listening, "fail", outcome)) return;
  char *message = evaluation_message(evaluation);
  buffer_add_format(&listening->out, " %s\n", message);
  alloc_free(message);
}

static void on_unknown(void *data, const struct engine_outcome *outcome,
                       const struct unknown_cause *causes, size_t count) {
  struct listening *listening = data;
  if (!say(listening, "unknown", outcome)) return;
  for (size_t i = 0; i < count; i++)
    buffer_add_format(&listening->out, " %s", causes[i].reason);
  buffer_add_char(&listening->out, '\n');
}

static void on_error(void *data, const struct engine_outcome *outcome, const char *message) {
  struct listening *listening = data;
  if (say(listening, "error", outcome)) buffer_add_format(&listening->out, " %s\n", message);
}

char *heard(char *schema_text, const char *document_text) {
  struct schema *schema = loaded(schema_text);
  xmlDoc *document = document_of(document_text);
  struct listening listening = {.out = buffer_make(1024 * 1024)};
  struct engine_listener listener = {
      .data = &listening, .on_fail = on_fail, .on_unknown = on_unknown, .on_error = on_error};
  struct pattern_tally tallies[64];
  engine_run(schema, document, NULL, NULL, &listener, tallies);
  xmlFreeDoc(document);
  schema_free(schema);
  return buffer_take(&listening.out);
}

char *verdict(const char *context, const char *test, const char *document_text) {
  char *content = alloc_format("<assert test=\"%s\">no</assert>", test);
  struct schema *schema = loaded(in_rule(context, content));
  alloc_free(content);
  xmlDoc *document = document_of(document_text);
  struct listening listening = {.out = buffer_make(1024 * 1024), .words = true};
  struct engine_listener listener = {
      .data = &listening, .on_fail = on_fail, .on_unknown = on_unknown, .on_error = on_error};
  struct pattern_tally tally;
  engine_run(schema, document, NULL, NULL, &listener, &tally);
  for (size_t i = 0; i < tally.passed; i++)
    buffer_add_format(&listening.out, "%spass", listening.out.size > 0 ? " " : "");
  if (listening.out.size == 0) buffer_add_text(&listening.out, "none");
  xmlFreeDoc(document);
  schema_free(schema);
  return buffer_take(&listening.out);
}
