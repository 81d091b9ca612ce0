/* What the tests of the matcher share: a document, marks by the name of the
 * element, an evaluator that answers what it was told and counts. */
#ifndef SITEGLASS_TESTS_SUPPORT_MATCHER_H
#define SITEGLASS_TESTS_SUPPORT_MATCHER_H

#include "schematron/matcher.h"

struct mark {
  const char *element, *of; /* at every element of this name */
};

struct fixture {
  xmlDoc *document;
  const struct mark *marks; /* ends with a NULL name */
  size_t asked;             /* how often a predicate was handed out */
  size_t marks_met;         /* how often it was told of a mark */
  const xmlNode *watched;   /* the node of interest, and what was said of it last */
  size_t position, size;
  enum matcher_answer predicate_answer, front_answer;
  struct matcher_evaluator evaluator;
};

struct fixture fixture_open(const char *text); /* free `document` with xmlFreeDoc */
/* Sets `evaluator`; it points to the fixture, so call it when that has its place. */
void fixture_connect(struct fixture *fixture);
xmlNode *fixture_find(xmlDoc *document, const char *path); /* exactly one */
struct xpath_node *fixture_parse(const char *pattern);
enum matcher_answer fixture_match(struct fixture *fixture, const char *pattern, const char *path);

struct question {
  const char *pattern, *path;
  enum matcher_answer expected;
};

void fixture_check(struct fixture *fixture, const struct question *questions, size_t count);
#define CHECK(fixture, questions)                                                                  \
  fixture_check((fixture), (questions), sizeof(questions) / sizeof *(questions))

#define SITES                                                                                      \
  "<host xmlns:p='urn:p'><sites>"                                                                  \
  "<site key='default web site'><bindings><binding protocol='https' port='443'/>"                  \
  "<binding protocol='http'/></bindings><application/></site>"                                     \
  "<site key='exchange back end'><bindings><binding protocol='https' port='444'/></bindings>"      \
  "</site><p:site p:key='x'>text<!--c--><?t d?></p:site></sites></host>"

#endif
