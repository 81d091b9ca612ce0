/* The functions that an expression may call: XPath 1.0's, key(), current() and
 * generate-id(), EXSLT's without clock and chance, and the caller's. */
#ifndef SITEGLASS_SCHEMATRON_FUNCTIONS_H
#define SITEGLASS_SCHEMATRON_FUNCTIONS_H

#include "schematron/engine.h"
#include "schematron/expression.h"

#include <libxml/hash.h>

enum function_role {
  ROLE_PLAIN,
  ROLE_NOT,
  ROLE_BOOLEAN,
  ROLE_KEY,
  ROLE_CURRENT,
  ROLE_POSITION,  /* position() and last() */
  ROLE_OF_FOCUS,  /* without arguments it takes the context node's text */
  ROLE_OF_NODES,  /* looks at nodes, not at their text */
  ROLE_SAME_KIND, /* so, and gives nodes of its first argument's kind */
  ROLE_FOREIGN,   /* gives nodes that are not of the document */
  ROLE_CALLER,    /* the caller's: may find out while it runs that it does not know */
};

struct known_function {
  const char *name, *namespace_uri;
  int least, most; /* arguments; most -1: any */
  enum value_type type;
  enum function_role role;
  xmlXPathFunction call; /* NULL: libxml2 has it at hand */
  const struct engine_function *caller;
};

#define REGEXP_NAMESPACE "http://exslt.org/regular-expressions"
#define STRINGS_NAMESPACE "http://exslt.org/strings"

/* functions_xslt.c: XSLT 1.0, section 12 */
void call_generate_id(xmlXPathParserContextPtr ctxt, int nargs);
void call_format_number(xmlXPathParserContextPtr ctxt, int nargs);
void call_function_available(xmlXPathParserContextPtr ctxt, int nargs);
void call_element_available(xmlXPathParserContextPtr ctxt, int nargs);
void call_system_property(xmlXPathParserContextPtr ctxt, int nargs);
void call_unparsed_entity_uri(xmlXPathParserContextPtr ctxt, int nargs);
/* numbers.c */
void call_number(xmlXPathParserContextPtr ctxt, int nargs);
void call_sum(xmlXPathParserContextPtr ctxt, int nargs);
void call_equal(xmlXPathParserContextPtr ctxt, int nargs);
void call_not_equal(xmlXPathParserContextPtr ctxt, int nargs);
double number_of_text(const char *text);
double number_of_node(xmlNode *node);
double number_of_object(xmlXPathObjectPtr object);
/* documents.c */
void call_document(xmlXPathParserContextPtr ctxt, int nargs);
/* exslt_strings.c, exslt_regexp.c: what libexslt lacks, or has only in a transformation */
void call_tokenize(xmlXPathParserContextPtr ctxt, int nargs);
void call_split(xmlXPathParserContextPtr ctxt, int nargs);
void call_replace(xmlXPathParserContextPtr ctxt, int nargs);
void call_node_set(xmlXPathParserContextPtr ctxt, int nargs);
void call_regexp_test(xmlXPathParserContextPtr ctxt, int nargs);
void call_regexp_match(xmlXPathParserContextPtr ctxt, int nargs);
void call_regexp_replace(xmlXPathParserContextPtr ctxt, int nargs);
bool exslt_regexp_fine(const char *pattern, char error[160]);
/* format_number.c: XSLT 1.0, 12.3, with the default decimal format. A number that
 * lies between two is rounded to the even one. NULL: the picture is wrong. */
char *format_number(double number, const char *picture) MUST_USE;

/* Keyed by name and namespace; free with xmlHashFree(table, functions_drop). */
xmlHashTablePtr functions_new(const struct engine_function *caller) MUST_USE;
void functions_drop(void *function, const xmlChar *name);
const struct known_function *functions_find(xmlHashTablePtr table, const char *name,
                                            const char *namespace_uri);
/* The function that a call of a checked expression means. */
const struct known_function *schema_function(const struct schema *schema,
                                             const struct xpath_node *call);
/* Why a call that the table holds is refused all the same; NULL when it is fine. */
const char *functions_refuse(const char *name, const char *namespace_uri, int arguments);

#endif
