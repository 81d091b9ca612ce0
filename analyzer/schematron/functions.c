/* The table of known functions, and those that are the engine's own. */
#include "schematron/functions.h"

#include "base/text.h"
#include "schematron/run_state.h"

#include <libexslt/exslt.h>
#include <libxml/xpathInternals.h>
#include <stdint.h>

#define DATES_NAMESPACE "http://exslt.org/dates-and-times"
#define MATH_NAMESPACE "http://exslt.org/math"
#define SETS_NAMESPACE "http://exslt.org/sets"
#define COMMON_NAMESPACE "http://exslt.org/common"

static void call_current(xmlXPathParserContextPtr ctxt, int nargs);
static void call_key(xmlXPathParserContextPtr ctxt, int nargs);
static void call_key_count(xmlXPathParserContextPtr ctxt, int nargs);
static void call_key_at(xmlXPathParserContextPtr ctxt, int nargs);
static void call_object_type(xmlXPathParserContextPtr ctxt, int nargs);
static void call_less(xmlXPathParserContextPtr ctxt, int nargs);
static void call_less_equal(xmlXPathParserContextPtr ctxt, int nargs);
static void call_greater(xmlXPathParserContextPtr ctxt, int nargs);
static void call_greater_equal(xmlXPathParserContextPtr ctxt, int nargs);

static const struct known_function standard[] = {
    {"last", NULL, 0, 0, TYPE_NUMBER, ROLE_POSITION, NULL, NULL},
    {"position", NULL, 0, 0, TYPE_NUMBER, ROLE_POSITION, NULL, NULL},
    {"count", NULL, 1, 1, TYPE_NUMBER, ROLE_OF_NODES, NULL, NULL},
    {"id", NULL, 1, 1, TYPE_NODES, ROLE_PLAIN, NULL, NULL},
    {"local-name", NULL, 0, 1, TYPE_STRING, ROLE_OF_NODES, NULL, NULL},
    {"namespace-uri", NULL, 0, 1, TYPE_STRING, ROLE_OF_NODES, NULL, NULL},
    {"name", NULL, 0, 1, TYPE_STRING, ROLE_OF_NODES, NULL, NULL},
    {"string", NULL, 0, 1, TYPE_STRING, ROLE_OF_FOCUS, NULL, NULL},
    {"concat", NULL, 2, -1, TYPE_STRING, ROLE_PLAIN, NULL, NULL},
    {"starts-with", NULL, 2, 2, TYPE_BOOLEAN, ROLE_PLAIN, NULL, NULL},
    {"contains", NULL, 2, 2, TYPE_BOOLEAN, ROLE_PLAIN, NULL, NULL},
    {"substring-before", NULL, 2, 2, TYPE_STRING, ROLE_PLAIN, NULL, NULL},
    {"substring-after", NULL, 2, 2, TYPE_STRING, ROLE_PLAIN, NULL, NULL},
    {"substring", NULL, 2, 3, TYPE_STRING, ROLE_PLAIN, NULL, NULL},
    {"string-length", NULL, 0, 1, TYPE_NUMBER, ROLE_OF_FOCUS, NULL, NULL},
    {"normalize-space", NULL, 0, 1, TYPE_STRING, ROLE_OF_FOCUS, NULL, NULL},
    {"translate", NULL, 3, 3, TYPE_STRING, ROLE_PLAIN, NULL, NULL},
    {"boolean", NULL, 1, 1, TYPE_BOOLEAN, ROLE_BOOLEAN, NULL, NULL},
    {"not", NULL, 1, 1, TYPE_BOOLEAN, ROLE_NOT, NULL, NULL},
    {"true", NULL, 0, 0, TYPE_BOOLEAN, ROLE_PLAIN, NULL, NULL},
    {"false", NULL, 0, 0, TYPE_BOOLEAN, ROLE_PLAIN, NULL, NULL},
    {"lang", NULL, 1, 1, TYPE_BOOLEAN, ROLE_PLAIN, NULL, NULL},
    {"number", NULL, 0, 1, TYPE_NUMBER, ROLE_OF_FOCUS, call_number, NULL},
    {"sum", NULL, 1, 1, TYPE_NUMBER, ROLE_PLAIN, call_sum, NULL},
    {"floor", NULL, 1, 1, TYPE_NUMBER, ROLE_PLAIN, NULL, NULL},
    {"ceiling", NULL, 1, 1, TYPE_NUMBER, ROLE_PLAIN, NULL, NULL},
    {"round", NULL, 1, 1, TYPE_NUMBER, ROLE_PLAIN, NULL, NULL},
    /* XSLT 1.0, section 12 */
    {"current", NULL, 0, 0, TYPE_NODES, ROLE_CURRENT, call_current, NULL},
    {"key", NULL, 2, 2, TYPE_NODES, ROLE_KEY, call_key, NULL},
    {"generate-id", NULL, 0, 1, TYPE_STRING, ROLE_OF_NODES, call_generate_id, NULL},
    {"document", NULL, 1, 2, TYPE_NODES, ROLE_FOREIGN, NULL, NULL}, /* written as the next */
    {"document", ENGINE_NAMESPACE, 2, 3, TYPE_NODES, ROLE_FOREIGN, call_document, NULL},
    {"format-number", NULL, 2, 3, TYPE_STRING, ROLE_PLAIN, call_format_number, NULL},
    {"function-available", NULL, 1, 1, TYPE_BOOLEAN, ROLE_PLAIN, call_function_available, NULL},
    {"element-available", NULL, 1, 1, TYPE_BOOLEAN, ROLE_PLAIN, call_element_available, NULL},
    {"system-property", NULL, 1, 1, TYPE_ANY, ROLE_PLAIN, call_system_property, NULL},
    {"unparsed-entity-uri", NULL, 1, 1, TYPE_STRING, ROLE_PLAIN, call_unparsed_entity_uri, NULL},
    /* EXSLT common: libexslt's own needs a running transformation */
    {"node-set", COMMON_NAMESPACE, 1, 1, TYPE_NODES, ROLE_SAME_KIND, call_node_set, NULL},
    {"tokenize", STRINGS_NAMESPACE, 1, 2, TYPE_NODES, ROLE_FOREIGN, call_tokenize, NULL},
    {"split", STRINGS_NAMESPACE, 1, 2, TYPE_NODES, ROLE_FOREIGN, call_split, NULL},
    {"replace", STRINGS_NAMESPACE, 3, 3, TYPE_STRING, ROLE_PLAIN, call_replace, NULL},
    {"test", REGEXP_NAMESPACE, 2, 3, TYPE_BOOLEAN, ROLE_PLAIN, call_regexp_test, NULL},
    {"match", REGEXP_NAMESPACE, 2, 3, TYPE_NODES, ROLE_FOREIGN, call_regexp_match, NULL},
    {"replace", REGEXP_NAMESPACE, 4, 4, TYPE_STRING, ROLE_PLAIN, call_regexp_replace, NULL},
    {"object-type", COMMON_NAMESPACE, 1, 1, TYPE_STRING, ROLE_OF_NODES, call_object_type, NULL},
    {"key-count", ENGINE_NAMESPACE, 2, 2, TYPE_NUMBER, ROLE_PLAIN, call_key_count, NULL},
    {"key-at", ENGINE_NAMESPACE, 3, 3, TYPE_NODES, ROLE_PLAIN, call_key_at, NULL},
    {"equal", ENGINE_NAMESPACE, 2, 2, TYPE_BOOLEAN, ROLE_PLAIN, call_equal, NULL},
    {"not-equal", ENGINE_NAMESPACE, 2, 2, TYPE_BOOLEAN, ROLE_PLAIN, call_not_equal, NULL},
    {"less", ENGINE_NAMESPACE, 2, 2, TYPE_BOOLEAN, ROLE_PLAIN, call_less, NULL},
    {"less-equal", ENGINE_NAMESPACE, 2, 2, TYPE_BOOLEAN, ROLE_PLAIN, call_less_equal, NULL},
    {"greater", ENGINE_NAMESPACE, 2, 2, TYPE_BOOLEAN, ROLE_PLAIN, call_greater, NULL},
    {"greater-equal", ENGINE_NAMESPACE, 2, 2, TYPE_BOOLEAN, ROLE_PLAIN, call_greater_equal, NULL},
};

static void add(xmlHashTablePtr table, const struct known_function *function) {
  struct known_function *copy = alloc_bytes(sizeof *copy);
  *copy = *function;
  if (xmlHashAddEntry2(table, BAD_CAST function->name, BAD_CAST function->namespace_uri, copy) != 0)
    alloc_free(copy); /* the first of a name stays */
}

/* ---- EXSLT ----------------------------------------------------------------- */

static bool gives_nodes(const char *name, const char *namespace_uri) {
  static const char *const sets[] = {"difference", "intersection", "distinct", "leading",
                                     "trailing",   "highest",      "lowest"};
  if (!text_equal(namespace_uri, SETS_NAMESPACE) && !text_equal(namespace_uri, MATH_NAMESPACE))
    return false;
  for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
    if (text_equal(name, sets[i])) return true;
  return false;
}

static bool is_exslt(const char *namespace_uri) {
  return text_equal(namespace_uri, DATES_NAMESPACE) || text_equal(namespace_uri, MATH_NAMESPACE) ||
         text_equal(namespace_uri, SETS_NAMESPACE) || text_equal(namespace_uri, STRINGS_NAMESPACE);
}

static const char *static_namespace(const char *uri) {
  static const char *const all[] = {DATES_NAMESPACE, MATH_NAMESPACE, SETS_NAMESPACE,
                                    STRINGS_NAMESPACE};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++)
    if (text_equal(uri, all[i])) return all[i];
  return NULL;
}

union function_pointer { /* ISO C has no cast between these; POSIX promises the sizes */
  void *data;
  xmlXPathFunction function;
};

static void take_exslt(void *payload, void *data, const xmlChar *name, const xmlChar *uri,
                       const xmlChar *unused) {
  (void)unused;
  if (!is_exslt((const char *)uri)) return;
  union function_pointer pointer = {.data = payload};
  bool nodes = gives_nodes((const char *)name, (const char *)uri);
  xmlHashTablePtr table = data;
  struct known_function function = {NULL,
                                    static_namespace((const char *)uri),
                                    0,
                                    -1,
                                    nodes ? TYPE_NODES : TYPE_ANY,
                                    nodes ? ROLE_SAME_KIND : ROLE_PLAIN,
                                    pointer.function,
                                    NULL};
  struct known_function *copy = alloc_bytes(sizeof *copy);
  *copy = function;
  if (xmlHashAddEntry2(table, name, uri, copy) != 0) alloc_free(copy);
}

/* What the engine has itself is in the table already, and stays. */
static void add_exslt(xmlHashTablePtr table) {
  xmlXPathContextPtr context = xmlXPathNewContext(NULL);
  exsltDateXpathCtxtRegister(context, BAD_CAST "date");
  exsltMathXpathCtxtRegister(context, BAD_CAST "math");
  exsltSetsXpathCtxtRegister(context, BAD_CAST "set");
  exsltStrXpathCtxtRegister(context, BAD_CAST "str");
  xmlHashScanFull(context->funcHash, take_exslt, table);
  xmlXPathFreeContext(context);
}

static void add_callers(xmlHashTablePtr table, const struct engine_function *caller) {
  for (; caller != NULL && caller->name != NULL; caller++) {
    struct known_function function = {
        caller->name, caller->namespace_uri, caller->least, caller->most,
        TYPE_ANY,     ROLE_CALLER,           caller->call,  caller};
    add(table, &function);
  }
}

xmlHashTablePtr functions_new(const struct engine_function *caller) {
  xmlHashTablePtr table = xmlHashCreate(128);
  for (size_t i = 0; i < sizeof standard / sizeof *standard; i++)
    add(table, &standard[i]);
  add_exslt(table);
  add_callers(table, caller);
  return table;
}

void functions_drop(void *function, const xmlChar *name) {
  (void)name;
  alloc_free(function);
}

const struct known_function *functions_find(xmlHashTablePtr table, const char *name,
                                            const char *namespace_uri) {
  return xmlHashLookup2(table, BAD_CAST name, BAD_CAST namespace_uri);
}

const struct known_function *schema_function(const struct schema *schema,
                                             const struct xpath_node *call) {
  const char *uri = NULL;
  for (size_t i = 0; call->prefix != NULL && i < schema->namespace_count; i++)
    if (text_equal((const char *)schema->namespaces[i]->prefix, call->prefix))
      uri = (const char *)schema->namespaces[i]->href;
  return functions_find(schema->functions, call->name, uri);
}

const char *functions_refuse(const char *name, const char *namespace_uri, int arguments) {
  if (text_equal(namespace_uri, MATH_NAMESPACE) && text_equal(name, "random"))
    return "would give another answer on every run";
  if (text_equal(namespace_uri, ENGINE_NAMESPACE)) return "is not for schemas";
  if (!text_equal(namespace_uri, DATES_NAMESPACE)) return NULL;
  return arguments == 0 ? "without an argument reads the clock" : NULL;
}

/* ---- The engine's own ------------------------------------------------------ */

/* A false comparison with not-a-number on a side decides nothing. */
static void compare(xmlXPathParserContextPtr ctxt, int nargs, enum xpath_kind relation) {
  CHECK_ARITY(2);
  xmlXPathObjectPtr right = valuePop(ctxt), left = valuePop(ctxt);
  if (left == NULL || right == NULL) {
    xmlXPathFreeObject(left);
    xmlXPathFreeObject(right);
    XP_ERROR(XPATH_INVALID_OPERAND);
  }
  bool not_number = false;
  bool holds = compare_ranges(relation, range_of_object(left, right->type == XPATH_BOOLEAN),
                              range_of_object(right, left->type == XPATH_BOOLEAN), &not_number);
  struct evaluation *evaluation = evaluation_of(ctxt);
  if (not_number && !evaluation->run->schema->options.plain_comparisons)
    evaluation_not_a_number(evaluation, left, right);
  xmlXPathFreeObject(left);
  xmlXPathFreeObject(right);
  valuePush(ctxt, xmlXPathNewBoolean(holds));
}

static void call_less(xmlXPathParserContextPtr ctxt, int nargs) {
  compare(ctxt, nargs, EXPR_LESS);
}

static void call_less_equal(xmlXPathParserContextPtr ctxt, int nargs) {
  compare(ctxt, nargs, EXPR_LESS_EQUAL);
}

static void call_greater(xmlXPathParserContextPtr ctxt, int nargs) {
  compare(ctxt, nargs, EXPR_GREATER);
}

static void call_greater_equal(xmlXPathParserContextPtr ctxt, int nargs) {
  compare(ctxt, nargs, EXPR_GREATER_EQUAL);
}

static void call_current(xmlXPathParserContextPtr ctxt, int nargs) {
  CHECK_ARITY(0);
  valuePush(ctxt, xmlXPathNewNodeSet(evaluation_of(ctxt)->current));
}

static void look_up_key(xmlXPathParserContextPtr ctxt, enum key_part part, size_t place) {
  xmlXPathObjectPtr value = valuePop(ctxt);
  xmlChar *name = xmlXPathPopString(ctxt);
  if (value == NULL || name == NULL) {
    xmlXPathFreeObject(value);
    xmlFree(name);
    XP_ERROR(XPATH_INVALID_OPERAND);
  }
  xmlXPathObjectPtr found = keys_look_up(evaluation_of(ctxt), (const char *)name,
                                         ctxt->context->node, value, part, place);
  xmlXPathFreeObject(value);
  xmlFree(name);
  valuePush(ctxt, found);
}

static void call_key(xmlXPathParserContextPtr ctxt, int nargs) {
  CHECK_ARITY(2);
  look_up_key(ctxt, KEY_NODES, 0);
}

/* What count(key(...)) and key(...)[1] are written as: see expression_text.c */
static void call_key_count(xmlXPathParserContextPtr ctxt, int nargs) {
  CHECK_ARITY(2);
  look_up_key(ctxt, KEY_COUNT, 0);
}

static void call_key_at(xmlXPathParserContextPtr ctxt, int nargs) {
  CHECK_ARITY(3);
  double place = xmlXPathPopNumber(ctxt);
  look_up_key(ctxt, KEY_AT, (size_t)place);
}

static void call_object_type(xmlXPathParserContextPtr ctxt, int nargs) {
  CHECK_ARITY(1);
  xmlXPathObjectPtr object = valuePop(ctxt);
  const char *word = "external";
  switch (object == NULL ? XPATH_UNDEFINED : object->type) {
  case XPATH_NODESET:
    word = "node-set";
    break;
  case XPATH_BOOLEAN:
    word = "boolean";
    break;
  case XPATH_NUMBER:
    word = "number";
    break;
  case XPATH_STRING:
    word = "string";
    break;
  case XPATH_XSLT_TREE:
    word = "RTF";
    break;
  default:
    break;
  }
  xmlXPathFreeObject(object);
  valuePush(ctxt, xmlXPathNewCString(word));
}
