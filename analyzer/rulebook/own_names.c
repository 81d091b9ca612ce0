/* The sg: attributes and elements: what may stand where. */
#include "rulebook/own_names.h"

#include "base/text.h"
#include "rulebook/catalogue.h"
#include "rulebook/functions.h"

#include <stdio.h>
#include <string.h>

static const struct {
  const char *owner;
  bool own_owner; /* the owner is an element of our namespace */
  const char *attributes, *elements;
} own_names[] = {
    {"pattern", false, "products tags kb catalogue healthchecker stig superseded-by none", ""},
    {"assert", false, "actual expected cause", ""},
    {"report", false, "actual expected cause", ""},
    {"diagnostic", false, "", "evidence effect step verify undo"},
    {"evidence", true, "", "text"},
    {"effect", true, "", ""},
    {"step", true, "", "text run"},
    {"verify", true, "", "text run"},
    {"undo", true, "", "text run"},
    {"text", true, "", ""},
    {"run", true, "", ""},
};

/* ---- Reading ---- */

bool is_own_name(const xmlNs *ns) {
  return ns && text_equal((const char *)ns->href, RULES_NAMESPACE);
}

const char *own_attribute(const xmlNode *element, const char *name) {
  for (const xmlAttr *a = element->properties; a; a = a->next)
    if (is_own_name(a->ns) && text_equal((const char *)a->name, name))
      return a->children && a->children->content ? (const char *)a->children->content : "";
  return NULL;
}

const xmlNode *own_element(const xmlNode *node, const char *name) {
  for (; node; node = node->next)
    if (node->type == XML_ELEMENT_NODE && is_own_name(node->ns) &&
        text_equal((const char *)node->name, name))
      return node;
  return NULL;
}

/* ---- Checking ---- */

void rule_error(struct diags *diags, const struct schema *schema,
                const struct schema_pattern *pattern, const xmlNode *at, const char *format, ...) {
  char message[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  const char *path;
  unsigned line, column;
  schema_locate(schema, at, (size_t)-1, &path, &line, &column);
  diags_add(diags, DIAG_ERROR, path, line, column, "rule '%s' %s", pattern->id, message);
}

static bool has_word(const char *list, const char *word) {
  size_t size = strlen(word);
  for (const char *at = list; (at = strstr(at, word)) != NULL; at += size)
    if ((at == list || at[-1] == ' ') && (at[size] == '\0' || at[size] == ' ')) return true;
  return false;
}

struct checking {
  const struct schema *schema;
  const struct schema_pattern *pattern;
  struct diags *diags;
};

static void complain_name(const struct checking *checking, const xmlNode *at, const char *names,
                          const char *what) {
  const char *name = (const char *)at->name, *near = NULL;
  size_t count, least = strlen(name) / 3 + 2;
  char **known = word_list(names, &count);
  for (size_t i = 0; i < count; i++) {
    size_t distance = text_distance(name, known[i]);
    if (distance >= least) continue;
    least = distance;
    near = known[i];
  }
  rule_error(checking->diags, checking->schema, checking->pattern, at,
             "has %s 'sg:%s', which means nothing here%s%s%s", what, name,
             near ? "; did you mean 'sg:" : "", near ? near : "", near ? "'?" : "");
  word_list_free(known, count);
}

static void allowed_in(const xmlNode *element, const char **attributes, const char **elements) {
  *attributes = *elements = "";
  for (size_t i = 0; i < sizeof own_names / sizeof *own_names; i++) {
    if (!text_equal(own_names[i].owner, (const char *)element->name) ||
        own_names[i].own_owner != is_own_name(element->ns))
      continue;
    *attributes = own_names[i].attributes;
    *elements = own_names[i].elements;
  }
}

static void check_below(const struct checking *checking, const xmlNode *element) {
  const char *attributes, *elements;
  allowed_in(element, &attributes, &elements);
  for (const xmlAttr *a = element->properties; a; a = a->next)
    if (is_own_name(a->ns) && !has_word(attributes, (const char *)a->name))
      complain_name(checking, (const xmlNode *)a, attributes, "an attribute");
  for (const xmlNode *n = element->children; n; n = n->next) {
    if (n->type != XML_ELEMENT_NODE) continue;
    if (is_own_name(n->ns) && !has_word(elements, (const char *)n->name))
      complain_name(checking, n, elements, "an element");
    else
      check_below(checking, n);
  }
}

static bool has_shell(const xmlNode *run) {
  xmlChar *shell = xmlGetNoNsProp(run, (const xmlChar *)"shell");
  bool good = shell && has_word("cmd powershell exchange", (const char *)shell);
  xmlFree(shell);
  return good;
}

static void check_shells(const struct checking *checking, const xmlNode *node) {
  for (const xmlNode *n = node->children; n; n = n->next) {
    if (n->type != XML_ELEMENT_NODE) continue;
    if (is_own_name(n->ns) && text_equal((const char *)n->name, "run") && !has_shell(n))
      rule_error(checking->diags, checking->schema, checking->pattern, n,
                 "has a command whose shell is not cmd, powershell or exchange");
    check_shells(checking, n);
  }
}

/* A diagnostic that several assertions name is looked at once. */
static bool seen_before(const struct schema_pattern *pattern, size_t rule, size_t assertion,
                        const struct schema_diagnostic *diagnostic) {
  for (size_t r = 0; r <= rule; r++) {
    size_t end = r < rule ? pattern->rules[r].assertion_count : assertion;
    for (size_t a = 0; a < end; a++)
      for (size_t d = 0; d < pattern->rules[r].assertions[a].diagnostic_count; d++)
        if (pattern->rules[r].assertions[a].diagnostics[d] == diagnostic) return true;
  }
  return false;
}

void own_names_check(const struct schema *schema, const struct schema_pattern *pattern,
                     struct diags *diags) {
  struct checking checking = {schema, pattern, diags};
  check_below(&checking, pattern->element);
  for (size_t r = 0; r < pattern->rule_count; r++) {
    for (size_t a = 0; a < pattern->rules[r].assertion_count; a++) {
      const struct schema_assertion *assertion = &pattern->rules[r].assertions[a];
      for (size_t d = 0; d < assertion->diagnostic_count; d++) {
        if (seen_before(pattern, r, a, assertion->diagnostics[d])) continue;
        check_below(&checking, assertion->diagnostics[d]->element);
        check_shells(&checking, assertion->diagnostics[d]->element);
      }
    }
  }
}
