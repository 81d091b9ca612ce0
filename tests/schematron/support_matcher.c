/* Marks here cover every element of a name, wherever it stands. */
#include "schematron/support_matcher.h"

#include "base/text.h"

#include <check.h>
#include <libxml/parser.h>
#include <libxml/xpathInternals.h>
#include <string.h>

static enum matcher_answer on_predicate(void *data, const struct xpath_node *predicate,
                                        xmlNode *node, size_t position, size_t size) {
  struct fixture *fixture = data;
  (void)predicate;
  fixture->asked++;
  if (node == fixture->watched) {
    fixture->position = position;
    fixture->size = size;
  }
  return fixture->predicate_answer;
}

static enum matcher_answer on_front(void *data, const struct xpath_node *call, xmlNode *node) {
  struct fixture *fixture = data;
  ck_assert_int_eq(call->kind, EXPR_CALL);
  return xmlStrEqual(node->name, BAD_CAST "front") ? fixture->front_answer : MATCHER_NO;
}

static bool on_marked(void *data, xmlNode *element, const char *of) {
  struct fixture *fixture = data;
  for (const struct mark *mark = fixture->marks; mark != NULL && mark->element != NULL; mark++) {
    bool any = text_equal(of, "*") ? *mark->of != '@' : text_equal(of, "@*") && *mark->of == '@';
    if (xmlStrEqual(element->name, BAD_CAST mark->element) && (any || text_equal(of, mark->of))) {
      fixture->marks_met++;
      return true;
    }
  }
  return false;
}

static const char *on_namespace(void *data, const char *prefix) {
  (void)data;
  return text_equal(prefix, "p") ? "urn:p" : NULL;
}

struct fixture fixture_open(const char *text) {
  struct fixture fixture = {.predicate_answer = MATCHER_YES, .front_answer = MATCHER_YES};
  fixture.document = xmlReadMemory(text, (int)strlen(text), NULL, NULL, XML_PARSE_NONET);
  ck_assert_ptr_nonnull(fixture.document);
  return fixture;
}

/* With pointers to the fixture itself, so after it has its place. */
void fixture_connect(struct fixture *fixture) {
  fixture->evaluator = (struct matcher_evaluator){.data = fixture,
                                                  .predicate = on_predicate,
                                                  .front = on_front,
                                                  .marked = on_marked,
                                                  .namespace_uri = on_namespace};
}

xmlNode *fixture_find(xmlDoc *document, const char *path) {
  xmlXPathContext *context = xmlXPathNewContext(document);
  xmlXPathRegisterNs(context, BAD_CAST "p", BAD_CAST "urn:p");
  xmlXPathObject *found = xmlXPathEval(BAD_CAST path, context);
  ck_assert_msg(found != NULL && found->nodesetval != NULL && found->nodesetval->nodeNr == 1,
                "%s is not one node", path);
  xmlNode *node = found->nodesetval->nodeTab[0];
  xmlXPathFreeObject(found);
  xmlXPathFreeContext(context);
  return node;
}

struct xpath_node *fixture_parse(const char *source) {
  struct xpath_error error;
  struct xpath_node *pattern = xpath_parse_pattern(source, &error);
  ck_assert_msg(pattern != NULL, "%s: %s", source, error.message);
  return pattern;
}

enum matcher_answer fixture_match(struct fixture *fixture, const char *source, const char *path) {
  struct xpath_node *pattern = fixture_parse(source);
  struct matcher *matcher = matcher_new(pattern);
  fixture_connect(fixture);
  enum matcher_answer answer =
      matcher_match(matcher, fixture_find(fixture->document, path), &fixture->evaluator);
  matcher_free(matcher);
  xpath_free(pattern);
  return answer;
}

void fixture_check(struct fixture *fixture, const struct question *questions, size_t count) {
  for (size_t i = 0; i < count; i++) {
    enum matcher_answer answer = fixture_match(fixture, questions[i].pattern, questions[i].path);
    ck_assert_msg(answer == questions[i].expected, "%s at %s: %d", questions[i].pattern,
                  questions[i].path, answer);
  }
}
