/* The chain from a rule to the nodes that it read. */
#include "rulebook/explain.h"

#include "base/text.h"
#include "evidence/secret.h"
#include "rulebook/place.h"
#include "schematron/explain.h"

static bool is_name_byte(char c) {
  return c == '_' || c == '-' || c == '.' || (c >= '0' && c <= '9') ||
         ((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* Does the expression speak of a secret attribute, or of a variable that is one? */
static bool speaks_of_secret(const struct explanation *e, const char *source) {
  for (const char *c = source; *c; c++) {
    size_t size = 0;
    while ((*c == '@' || *c == '$') && is_name_byte(c[1 + size]))
      size++;
    if (size == 0) continue;
    char *name = alloc_text_n(*c == '@' ? c + 1 : c, *c == '@' ? size : size + 1);
    bool secret = *c == '@' && secret_name(name);
    for (size_t i = 0; *c == '$' && i < e->variable_count; i++)
      secret = secret || (text_equal(e->variables[i].name, name) &&
                          text_equal(e->variables[i].text, SECRET_SHOWN));
    alloc_free(name);
    if (secret) return true;
  }
  return false;
}

/* The value as text; never a password or a key. */
static char *text_without_secrets(const struct explanation *e, const struct engine_value *told) {
  const xmlNode *first = told->nodes && told->nodes->nodeNr > 0 ? told->nodes->nodeTab[0] : NULL;
  bool secret = first && first->type == XML_ATTRIBUTE_NODE &&
                secret_attribute(first->parent, (const xmlAttr *)first);
  if (secret || (*told->text && speaks_of_secret(e, told->source))) return alloc_text(SECRET_SHOWN);
  return secret_free_text(told->text);
}

static struct explained_value value_of(const struct explanation *e, const struct engine_value *told,
                                       const char *sign) {
  struct explained_value value = {.name = alloc_format("%s%s", sign, told->name),
                                  .source = alloc_text(told->source),
                                  .text = text_without_secrets(e, told),
                                  .known = told->known,
                                  .plain = told->plain};
  const xmlNodeSet *nodes = told->nodes;
  value.node_count = nodes && nodes->nodeNr > 0 ? (size_t)nodes->nodeNr : 0;
  size_t shown =
      value.node_count < EXPLAINED_PLACES_MOST ? value.node_count : EXPLAINED_PLACES_MOST;
  value.places = alloc_array(shown, sizeof *value.places);
  for (size_t i = 0; i < shown; i++)
    if (nodes->nodeTab[i]->type != XML_NAMESPACE_DECL)
      value.places[value.place_count++] = place_of(nodes->nodeTab[i], NULL);
  return value;
}

static void add_variable(void *data, const struct engine_value *told) {
  struct explanation *e = data;
  struct explained_value value = value_of(e, told, "$");
  ARRAY_PUSH(e->variables, e->variable_count, e->variable_capacity) = value;
}

static void add_read(void *data, const struct engine_value *told) {
  struct explanation *e = data;
  for (size_t i = 0; i < e->read_count; i++)
    if (text_equal(e->reads[i].name, told->name)) return;
  struct explained_value value = value_of(e, told, "");
  ARRAY_PUSH(e->reads, e->read_count, e->read_capacity) = value;
}

struct explanation *explanation_new(const struct engine_outcome *outcome,
                                    struct evaluation *evaluation) {
  struct explanation *explanation = alloc_bytes(sizeof *explanation);
  const struct schema_assertion *assertion = outcome->assertion;
  *explanation = (struct explanation){.file = alloc_text(outcome->pattern->path),
                                      .line = assertion->line,
                                      .context = alloc_text(outcome->rule->context),
                                      .test = alloc_text(assertion->test),
                                      .is_report = assertion->is_report,
                                      .node = place_of(outcome->context, NULL)};
  evaluation_variables(evaluation, assertion->element, "test", add_variable, explanation);
  evaluation_reads(evaluation, assertion->element, "test", add_read, explanation);
  return explanation;
}
