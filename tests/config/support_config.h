/* Asks the built program, as a user would: siteglass config BUNDLE ... --format json. */
#ifndef SITEGLASS_TESTS_SUPPORT_CONFIG_H
#define SITEGLASS_TESTS_SUPPORT_CONFIG_H

#include "base/buffer.h"

#include <jansson.h>
#include <stdbool.h>

/* NULL leaves an option out; `more` ends with NULL and may be NULL. */
struct config_query {
  const char *bundle;
  const char *at, *section, *view;
  bool errors; /* --errors instead of a section */
  const char *const *more;
};

struct config_answer {
  int status;
  json_t *json; /* NULL when standard output was not one JSON object */
  char *out, *err;
  char *command; /* what was run, for messages */
};

struct config_answer config_ask(const struct config_query *query);
void config_answer_dispose(struct config_answer *answer);

/* A place inside a section's object: steps by '/', each NAME, NAME[KEY=VALUE],
 * NAME[INDEX], [KEY=VALUE] or [INDEX] (items of the collection, from 0); NULL
 * when it is not there. "" is the section itself. */
json_t *config_element(json_t *section, const char *path);
/* "providers/[0]/@value": the attribute's object {"value","source","set_by"}. */
json_t *config_attribute(json_t *section, const char *path);
/* The attribute's value; NULL when it is not there or null. */
const char *config_value(json_t *section, const char *path);
/* The items at an element path; an empty or absent collection gives NULL. */
json_t *config_items(json_t *section, const char *path);

/* What an expected error must show; NULL or 0 leaves a part open. */
struct config_error {
  const char *hresult; /* "0x80070021" */
  const char *file;    /* the end of the artifact's name, '\' and '/' alike, any case */
  json_int_t line;
  const char *text; /* part of the message */
};

/* The first error of {"errors":[...]} that fits; NULL when none does. */
json_t *config_find_error(json_t *answer, const struct config_error *error);
/* Each error on a line: "0x80070021 applicationHost.config:12 message [section]". */
void config_print_errors(json_t *answer, struct buffer *out);
size_t config_error_count(json_t *answer);
/* Does the name end with this file name (whole path segments)? */
bool config_same_file(const char *artifact, const char *file);

#endif
