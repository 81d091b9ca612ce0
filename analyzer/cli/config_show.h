/* What the three formats of `siteglass config` share: how a value, a place, a
 * binding's address is shown, and what stands in an answer. */
#ifndef SITEGLASS_CLI_CONFIG_SHOW_H
#define SITEGLASS_CLI_CONFIG_SHOW_H

#include "bundle/bundle.h"
#include "cli/intake.h"
#include "evidence/effective.h"

struct config_question {
  const struct bundle *bundle;
  const struct host *host;
  const struct configuration *configuration;
  const char *at, *section; /* "": the server; NULL: all that somebody sets */
  enum effective_view view;
  bool why;
};

/* The value of an attribute of `element`, or "(not shown)" for a secret. Never NULL. */
const char *config_shown_value(const struct effective_element *element,
                               const struct effective_attribute *attribute);
/* The same of what somebody wrote. */
const char *config_shown_setter(const struct effective_element *element,
                                const struct effective_attribute *attribute,
                                const struct effective_setter *setter);
/* Who decides: the last of set_by; NULL when it is the schema default. */
const struct effective_setter *config_winner(const struct effective_attribute *attribute);

/* Path inside the bundle of an origin; "" when it is in no file. */
const char *config_artifact(const struct bundle *bundle, struct origin origin);
/* "applicationHost.config:912", "schema default" for nowhere. Caller frees; printable. */
char *config_place(const struct bundle *bundle, struct origin origin) MUST_USE;

/* Does this item of a collection have an address: is it a binding? */
bool config_is_binding(const struct effective_element *item);
/* "1.1.0.1:61902", "[::1]:443", as .NET's IPEndPoint has it; false when it does not parse. */
bool config_endpoint(const struct effective_element *binding, char out[64]);

/* Is anything in it, or below it, set by somebody? */
bool config_element_is_set(const struct effective_element *element);

/* ---- The formats; all results are freed with alloc_free ---------------------------- */

/* One function a question and format; each prints the whole answer. */
struct config_format {
  const char *name;
  char *(*section)(const struct config_question *question, const struct effective_section *section);
  /* of every section that is not all default; `sections` in that order */
  char *(*sections)(const struct config_question *question,
                    struct effective_section *const *sections, size_t count);
  char *(*errors)(const struct config_question *question, const struct config_errors *errors);
  char *(*tree)(const struct config_question *question);
};

extern const struct config_format config_text, config_json, config_xml;

#endif
