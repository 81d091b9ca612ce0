/* Lint of what a rule says of itself and to the reader. */
#include "base/text.h"
#include "rulebook/lint_private.h"
#include "rulebook/rule_text.h"

#include <string.h>

/* ---- Words of the head ---- */

static const char *const products[] = {"exchange", "iis", "windows"};

static void lint_products(struct linter *linter, const xmlNode *pattern) {
  size_t count;
  char **words = word_list(own_attribute(pattern, "products"), &count);
  if (count == 0)
    lint_at(linter, "metadata", pattern, "the pattern needs sg:products: exchange, iis, windows");
  for (size_t i = 0; i < count; i++) {
    bool known = false;
    for (size_t j = 0; j < sizeof products / sizeof *products; j++)
      known = known || text_equal(words[i], products[j]);
    if (!known)
      lint_at(linter, "metadata", pattern, "'%s' is no product: exchange, iis, windows", words[i]);
  }
  word_list_free(words, count);
}

static bool is_knowledge_base_number(const char *text) {
  size_t digits = strspn(text, "0123456789");
  return digits >= 5 && digits <= 7 && text[digits] == '\0';
}

static void lint_head(struct linter *linter) {
  const xmlNode *pattern = linter->entry->pattern->element;
  const char *kb = own_attribute(pattern, "kb"), *title = linter->entry->pattern->title;
  const xmlNode *why = pattern->children;
  while (why && !is_schematron(why, "p"))
    why = why->next;
  if (!why)
    lint_at(linter, "metadata", pattern, "the pattern needs a p that says why this matters");
  lint_products(linter, pattern);
  if (linter->entry->facts.tag_count == 0)
    lint_at(linter, "metadata", pattern, "the pattern needs sg:tags");
  if (kb && !is_knowledge_base_number(kb))
    lint_at(linter, "reference", pattern, "sg:kb is the number of an article, not '%s'", kb);
  if (*title && title[strlen(title) - 1] == '.')
    lint_at(linter, "message", pattern, "a title ends without a full stop");
}

/* ---- References ---- */

/* https://host.domain/path, without a look at any network. */
static bool is_address(const char *text) {
  static const char scheme[] = "https://";
  if (!text_starts(text, scheme)) return false;
  const char *host = text + sizeof scheme - 1;
  size_t size = strcspn(host, "/?#");
  const char *dot = memchr(host, '.', size);
  return dot && dot > host && dot + 1 < host + size && strpbrk(text, " \t\r\n<>\"{}|\\^`") == NULL;
}

static void lint_see(struct linter *linter, const struct schema_assertion *assertion) {
  static const char article[] = "https://support.microsoft.com/kb/";
  const char *kb = linter->entry->facts.kb;
  if (!*assertion->see)
    lint_at(linter, "reference", assertion->element,
            "the assertion needs see, the address of its source");
  else if (!is_address(assertion->see))
    lint_at(linter, "reference", assertion->element, "see is no https address: '%s'",
            assertion->see);
  else if (text_starts(assertion->see, article) && *kb &&
           !text_equal(assertion->see + sizeof article - 1, kb))
    lint_at(linter, "reference", assertion->element, "see and sg:kb name different articles");
}

/* ---- Messages ---- */

/* "." behind which only quotes and brackets stand. */
static bool ends_well(const char *text) {
  size_t size = strlen(text);
  while (size && strchr("\"')]", text[size - 1]))
    size--;
  return size && strchr(".?!", text[size - 1]);
}

static bool is_placeholder(const char *brace) {
  size_t size = strcspn(brace, "}");
  if (brace[size] != '}') return false;
  /* {4dc3e181-e14b-4a21-b022-59fc669b0914} is an identifier, not a gap */
  return strspn(brace + 1, "0123456789abcdefABCDEF-") != size - 1;
}

/* What an author meant to come back to, or expects to be filled in. NULL: nothing. */
static const char *left_over(const char *text) {
  static const char *const words[] = {"TODO", "FIXME", "XXX", "%s", "%d", "TBD"};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strstr(text, words[i])) return words[i];
  for (const char *c = text; *c; c++) {
    if (*c == '{' && is_placeholder(c)) return "{...}";
    if (*c == '$' && ((c[1] | 32) >= 'a' && (c[1] | 32) <= 'z')) return "$...";
  }
  return NULL;
}

/* Its text without what value-of fills in. */
static void add_literal(struct buffer *out, const xmlNode *element) {
  for (const xmlNode *n = element->children; n; n = n->next) {
    if (n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE)
      buffer_add_text(out, n->content ? (const char *)n->content : "");
    else if (n->type == XML_ELEMENT_NODE && !is_schematron(n, "value-of"))
      add_literal(out, n);
  }
}

static void lint_text(struct linter *linter, const xmlNode *element, const char *what, bool ends) {
  struct buffer literal = buffer_make(1 << 20);
  char *line = rule_text_line(element);
  add_literal(&literal, element);
  const char *gap = left_over(buffer_text(&literal));
  if (!*line)
    lint_at(linter, "message", element, "%s is empty", what);
  else if (ends && !ends_well(line))
    lint_at(linter, "message", element, "%s does not end with a full stop", what);
  if (gap) lint_at(linter, "message", element, "%s has a gap that nobody filled: %s", what, gap);
  buffer_dispose(&literal);
  alloc_free(line);
}

static void lint_steps(struct linter *linter, const xmlNode *diagnostic, const char *name) {
  for (const xmlNode *n = own_element(diagnostic->children, name); n;
       n = own_element(n->next, name)) {
    const xmlNode *text = own_element(n->children, "text");
    const xmlNode *run = own_element(n->children, "run");
    if (!text && !run)
      lint_at(linter, "remediation", n, "a %s needs sg:text or sg:run", name);
    else if (text && !(run && !text->children)) /* a command may speak for itself */
      lint_text(linter, text, "the step", !run);
  }
}

static void lint_diagnostic(struct linter *linter, const xmlNode *diagnostic) {
  const xmlNode *effect = own_element(diagnostic->children, "effect");
  if (!effect)
    lint_at(linter, "remediation", diagnostic, "the diagnostic needs sg:effect, what users see");
  else
    lint_text(linter, effect, "the effect", true);
  if (!own_element(diagnostic->children, "step"))
    lint_at(linter, "remediation", diagnostic, "the diagnostic needs an sg:step, what to do");
  lint_steps(linter, diagnostic, "step");
  lint_steps(linter, diagnostic, "verify");
  lint_steps(linter, diagnostic, "undo");
}

/* ---- Assertions ---- */

static void lint_assertion(struct linter *linter, const struct schema_assertion *assertion) {
  const xmlNode *element = assertion->element;
  lint_see(linter, assertion);
  lint_text(linter, element, "the message", true);
  if (!own_attribute(element, "actual") || !own_attribute(element, "expected"))
    lint_at(linter, "metadata", element, "the assertion needs sg:actual and sg:expected");
  if (assertion->diagnostic_count == 0)
    lint_at(linter, "remediation", element,
            "the assertion names no diagnostic: what to do about it");
  for (size_t d = 0; d < assertion->diagnostic_count; d++)
    lint_diagnostic(linter, assertion->diagnostics[d]->element);
  bool always = text_equal(assertion->test, assertion->is_report ? "true()" : "false()");
  if (always && !linter->entry->none_means_pass)
    lint_at(linter, "none", element,
            "where the context alone is the defect, the pattern needs sg:none=\"pass\": no such "
            "node is good news");
}

void lint_facts(struct linter *linter) {
  const struct schema_pattern *pattern = linter->entry->pattern;
  lint_head(linter);
  for (const xmlNode *n = pattern->element->children; n; n = n->next)
    if (is_schematron(n, "p")) lint_text(linter, n, "the paragraph", true);
  for (size_t r = 0; r < pattern->rule_count; r++)
    for (size_t a = 0; a < pattern->rules[r].assertion_count; a++)
      lint_assertion(linter, &pattern->rules[r].assertions[a]);
}
