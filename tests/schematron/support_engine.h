/* Running small schemas on small documents, and what was heard of it as text. */
#ifndef SITEGLASS_TESTS_SUPPORT_ENGINE_H
#define SITEGLASS_TESTS_SUPPORT_ENGINE_H

#include "base/buffer.h"
#include "schematron/engine.h"

#define MARKS "urn:test:marks"
#define OWN "urn:test:own"

/* r holds a; a holds b and c; b holds c and d. All have @id @x @y @z @n. The
 * elements of a table hold v with @key and @max. */
extern const struct vocabulary test_vocabulary;
extern bool test_lenient; /* anything may stand in anything, for random schemas at load */
extern const struct engine_function test_functions[];
extern const struct schema_options test_options;

/* <schema> with the namespaces of the tests bound: xsl, m (marks), f (functions),
 * own, exsl, math, date, set. */
char *in_schema(const char *content);
/* One pattern "p" with one rule. */
char *in_rule(const char *context, const char *content);

xmlDoc *document_of(const char *text);

/* Loads `schema_text` or ends the test with its errors. Frees the text. */
struct schema *loaded(char *schema_text);
/* All errors, one a line: "12:34 message". Frees the text. "" when it loads. */
char *load_errors(char *schema_text);

/* What a run tells, one a line:
 *   fail PATTERN NODE message | unknown PATTERN NODE reasons | error PATTERN NODE message
 * NODE is name#id, "@name" of an attribute, "/" or "-" for a hidden context;
 * an undecided context has a "?" behind it. Frees the schema text. */
char *heard(char *schema_text, const char *document);
/* The same for a test at a context, in a few words: "pass", "fail", "unknown",
 * "error" or, without contexts, "none"; several outcomes are all said in order. */
char *verdict(const char *context, const char *test, const char *document);

/* Ends the test unless the text is this one; frees it. */
#define ASSERT_TEXT(text, wanted)                                                                  \
  do {                                                                                             \
    char *text_ = (text);                                                                          \
    ck_assert_str_eq(text_, (wanted));                                                             \
    alloc_free(text_);                                                                             \
  } while (0)
#define ASSERT_VERDICT(context, test, document, wanted)                                            \
  ASSERT_TEXT(verdict((context), (test), (document)), (wanted))

#endif
