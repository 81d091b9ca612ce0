/* Building the pages of rules. */
#include "rulebook/page_build.h"

#include "base/buffer.h"
#include "base/text.h"
#include "rulebook/expressions.h"
#include "rulebook/needs.h"
#include "rulebook/rule_text.h"

#include <libxml/xpath.h>
#include <string.h>

enum { FRAGMENT_LINES_MOST = 16 };

/* ---- Texts ---- */

static void add_text(struct page_texts *texts, char *text) {
  ARRAY_PUSH(texts->items, texts->count, texts->capacity) = text;
}

static bool has_text(const struct page_texts *texts, const char *text) {
  for (size_t i = 0; i < texts->count; i++)
    if (text_equal(texts->items[i], text)) return true;
  return false;
}

static void add_words(struct page_texts *texts, const char *words) {
  size_t count;
  char **list = word_list(words, &count);
  for (size_t i = 0; i < count; i++)
    add_text(texts, list[i]);
  alloc_free(list);
}

static char *why_of(const xmlNode *pattern) {
  struct buffer out = buffer_make(1 << 20);
  for (const xmlNode *n = pattern->children; n; n = n->next) {
    if (!is_schematron(n, "p")) continue;
    char *line = rule_text_line(n);
    buffer_add_format(&out, "%s%s", out.size ? "\n\n" : "", line);
    alloc_free(line);
  }
  return buffer_take(&out);
}

/* ---- Assertions and repairs ---- */

static void add_step(struct steps *steps, const xmlNode *own) {
  const xmlNode *text = own_element(own->children, "text");
  const xmlNode *run = own_element(own->children, "run");
  xmlChar *shell = run ? xmlGetNoNsProp(run, (const xmlChar *)"shell") : NULL;
  struct step step = {.text = text ? rule_text_line(text) : alloc_text(""),
                      .shell = alloc_text(shell ? (const char *)shell : ""),
                      .command = run ? rule_text_command(run) : alloc_text("")};
  xmlFree(shell);
  ARRAY_PUSH(steps->items, steps->count, steps->capacity) = step;
}

static void add_steps(struct steps *steps, const xmlNode *diagnostic, const char *name) {
  for (const xmlNode *n = own_element(diagnostic->children, name); n;
       n = own_element(n->next, name))
    add_step(steps, n);
}

static void add_repair(struct rule_page *page, const xmlNode *diagnostic) {
  const xmlNode *effect = own_element(diagnostic->children, "effect");
  struct page_repair repair = {.effect = effect ? rule_text_line(effect) : alloc_text("")};
  add_steps(&repair.remediation, diagnostic, "step");
  add_steps(&repair.verify, diagnostic, "verify");
  add_steps(&repair.undo, diagnostic, "undo");
  ARRAY_PUSH(page->repairs, page->repair_count, page->repair_capacity) = repair;
}

static void add_assertion(struct rule_page *page, const struct schema_assertion *assertion,
                          struct page_texts *seen) {
  struct page_assertion shown = {.message = rule_text_line(assertion->element)};
  (void)severity_from_word(assertion->role, &shown.severity);
  for (size_t i = 0; i < page->assertion_count; i++)
    if (page->assertions[i].severity == shown.severity &&
        text_equal(page->assertions[i].message, shown.message)) {
      alloc_free(shown.message);
      shown.message = NULL;
      break;
    }
  if (shown.message)
    ARRAY_PUSH(page->assertions, page->assertion_count, page->assertion_capacity) = shown;
  if (*assertion->see && !has_text(&page->references, assertion->see))
    add_text(&page->references, alloc_text(assertion->see));
  for (size_t d = 0; d < assertion->diagnostic_count; d++) {
    if (has_text(seen, assertion->diagnostics[d]->id)) continue;
    add_text(seen, alloc_text(assertion->diagnostics[d]->id));
    add_repair(page, assertion->diagnostics[d]->element);
  }
}

static void dispose_texts(struct page_texts *texts) {
  for (size_t i = 0; i < texts->count; i++)
    alloc_free(texts->items[i]);
  alloc_free(texts->items);
}

static void add_assertions(struct rule_page *page, const struct schema_pattern *pattern) {
  struct page_texts seen = {0};
  for (size_t r = 0; r < pattern->rule_count; r++)
    for (size_t a = 0; a < pattern->rules[r].assertion_count; a++)
      add_assertion(page, &pattern->rules[r].assertions[a], &seen);
  dispose_texts(&seen);
}

/* ---- Examples ---- */

/* Deeper elements would bury what is judged: two levels are shown. */
static xmlNode *shallow(const xmlNode *node, unsigned levels) {
  xmlNode *copy = xmlDocCopyNode((xmlNode *)node, node->doc, 2);
  for (const xmlNode *n = node->children; levels > 0 && n; n = n->next)
    if (n->type == XML_ELEMENT_NODE) xmlAddChild(copy, shallow(n, levels - 1));
  return copy;
}

static char *first_lines(const char *text, size_t most) {
  const char *at = text;
  for (size_t lines = 0; *at && lines < most; lines++) {
    at += strcspn(at, "\n");
    if (*at) at++;
  }
  struct span shown = span_trim((struct span){text, (size_t)(at - text)});
  return alloc_format("%.*s%s", (int)shown.size, shown.start, *at ? "\n..." : "");
}

static char *print_element(const xmlNode *node) {
  xmlBuffer *dump = xmlBufferCreate();
  xmlNode *copy = shallow(node, 2);
  xmlNodeDump(dump, node->doc, copy, 0, 1);
  char *text = first_lines((const char *)xmlBufferContent(dump), FRAGMENT_LINES_MOST);
  xmlFreeNode(copy);
  xmlBufferFree(dump);
  return text;
}

/* What is judged: the node, or the element of an attribute. */
static char *fragment_at(xmlDoc *document, const char *at) {
  xmlXPathContext *context = xmlXPathNewContext(document);
  xmlXPathObject *found = *at ? xmlXPathEval((const xmlChar *)at, context) : NULL;
  const xmlNode *node = NULL;
  if (found && found->type == XPATH_NODESET && found->nodesetval && found->nodesetval->nodeNr)
    node = found->nodesetval->nodeTab[0];
  if (node && node->type == XML_ATTRIBUTE_NODE) node = node->parent;
  char *text = node && node->type == XML_ELEMENT_NODE ? print_element(node) : alloc_text("");
  xmlXPathFreeObject(found);
  xmlXPathFreeContext(context);
  return text;
}

static struct page_example example_of(const struct rule_case *one, const char *at) {
  struct page_example example = {0};
  char error[256];
  xmlDoc *document = one ? case_document(one, error) : NULL;
  example.title = alloc_text(document ? one->title : "");
  example.fragment = document ? fragment_at(document, at) : alloc_text("");
  for (const xmlNode *n = document ? one->element->children : NULL; n; n = n->next) {
    char *words = case_edit_words(n);
    if (words) add_text(&example.edits, words);
  }
  xmlFreeDoc(document);
  return example;
}

static void add_examples(struct rule_page *page, const struct case_set *cases) {
  const struct rule_case *bad = cases ? case_set_find(cases, page->id, CASE_MUST_FIRE) : NULL;
  const struct rule_case *good = cases ? case_set_find(cases, page->id, CASE_MUST_PASS) : NULL;
  page->bad = example_of(bad, bad ? bad->at : "");
  page->good = example_of(good, bad ? bad->at : "");
}

/* ---- Pages ---- */

static void add_profiles(const struct rule_source *source, size_t number, struct rule_page *page) {
  bool *active = alloc_array(source->count, sizeof *active);
  for (size_t i = 0; i < schema_phase_count(source->schema); i++) {
    const char *name = schema_phase_id(source->schema, i);
    if (schema_phase(source->schema, name, active) && active[number])
      add_text(&page->profiles, alloc_text(name));
  }
  alloc_free(active);
}

static struct rule_page page_of(const struct rule_source *source, size_t number,
                                const struct evidence_needs *needs, const struct case_set *cases) {
  const struct rule_entry *entry = &source->entries[number];
  const struct schema_pattern *pattern = entry->pattern;
  const char *catalogue = own_attribute(pattern->element, "catalogue");
  struct rule_page page = {.id = alloc_text(entry->facts.id),
                           .title = alloc_text(entry->facts.title),
                           .severity = entry->facts.severity,
                           .why = why_of(pattern->element),
                           .kb = alloc_text(entry->facts.kb),
                           .catalogue = alloc_text(catalogue ? catalogue : ""),
                           .file = alloc_text(pattern->path),
                           .line = pattern->line,
                           .builtin = source->builtin};
  add_words(&page.products, own_attribute(pattern->element, "products"));
  add_words(&page.tags, own_attribute(pattern->element, "tags"));
  add_words(&page.healthchecker, own_attribute(pattern->element, "healthchecker"));
  add_words(&page.stig, own_attribute(pattern->element, "stig"));
  for (size_t i = 0; i < entry->superseded_by_count; i++)
    add_text(&page.superseded_by, alloc_text(entry->superseded_by[i]));
  add_assertions(&page, pattern);
  add_profiles(source, number, &page);
  needs_of_rule(needs, source->schema, entry, cases, &page);
  add_examples(&page, cases);
  return page;
}

static void link_superseding(struct rule_pages *pages) {
  for (size_t i = 0; i < pages->count; i++)
    for (size_t j = 0; j < pages->count; j++)
      if (has_text(&pages->items[j].superseded_by, pages->items[i].id))
        add_text(&pages->items[i].supersedes, alloc_text(pages->items[j].id));
}

struct rule_pages rule_pages_new(const struct rulebook *rulebook, const struct case_set *cases) {
  struct rule_pages pages = {.items = alloc_array(rulebook->count, sizeof *pages.items)};
  struct evidence_needs *needs = evidence_needs_new();
  for (size_t s = 0; s < rulebook->source_count; s++) {
    const struct rule_source *source = &rulebook->sources[s];
    for (size_t i = 0; i < source->count; i++)
      if (source->numbers[i] >= 0) pages.items[pages.count++] = page_of(source, i, needs, cases);
  }
  evidence_needs_free(needs);
  link_superseding(&pages);
  return pages;
}

/* ---- Choosing and freeing ---- */

static bool fits(const struct rule_page *page, const struct page_filter *filter) {
  return (!filter->tag || has_text(&page->tags, filter->tag)) &&
         (!filter->product || has_text(&page->products, filter->product)) &&
         (!filter->severity || text_equal(filter->severity, severity_word(page->severity))) &&
         (!filter->id || text_glob(filter->id, page->id));
}

static void dispose_steps(struct steps *steps) {
  for (size_t i = 0; i < steps->count; i++) {
    alloc_free(steps->items[i].text);
    alloc_free(steps->items[i].shell);
    alloc_free(steps->items[i].command);
  }
  alloc_free(steps->items);
}

static void dispose_example(struct page_example *example) {
  alloc_free(example->title);
  alloc_free(example->fragment);
  dispose_texts(&example->edits);
}

static void dispose_page(struct rule_page *page) {
  char *const texts[] = {page->id, page->title, page->why, page->kb, page->catalogue, page->file};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    alloc_free(texts[i]);
  struct page_texts *const lists[] = {&page->products,      &page->tags,          &page->references,
                                      &page->profiles,      &page->superseded_by, &page->supersedes,
                                      &page->healthchecker, &page->stig};
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
    dispose_texts(lists[i]);
  for (size_t i = 0; i < page->assertion_count; i++)
    alloc_free(page->assertions[i].message);
  for (size_t i = 0; i < page->repair_count; i++) {
    alloc_free(page->repairs[i].effect);
    dispose_steps(&page->repairs[i].remediation);
    dispose_steps(&page->repairs[i].verify);
    dispose_steps(&page->repairs[i].undo);
  }
  for (size_t i = 0; i < page->need_count; i++)
    alloc_free(page->needs[i].kinds);
  alloc_free(page->assertions);
  alloc_free(page->repairs);
  alloc_free(page->needs);
  dispose_example(&page->bad);
  dispose_example(&page->good);
}

void rule_pages_filter(struct rule_pages *pages, const struct page_filter *filter) {
  size_t kept = 0;
  for (size_t i = 0; i < pages->count; i++) {
    if (fits(&pages->items[i], filter))
      pages->items[kept++] = pages->items[i];
    else
      dispose_page(&pages->items[i]);
  }
  pages->count = kept;
}

void rule_pages_dispose(struct rule_pages *pages) {
  for (size_t i = 0; i < pages->count; i++)
    dispose_page(&pages->items[i]);
  alloc_free(pages->items);
  *pages = (struct rule_pages){0};
}
