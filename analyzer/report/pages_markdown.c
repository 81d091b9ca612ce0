/* Pages of rules as Markdown (CommonMark). */
#include "report/markup.h"
#include "report/pages.h"
#include "report/words.h"

#include "base/text.h"

#include <string.h>

enum { PAGE_MOST = 64 * 1024 * 1024 };

static bool given(const char *text) {
  return text && text[0];
}

static void title(struct buffer *out, const char *text) {
  buffer_add_format(out, "\n## %s\n\n", text);
}

static void row(struct buffer *out, const char *word, const struct page_texts *texts) {
  if (texts->count == 0) return;
  buffer_add_format(out, "| %s | ", word);
  for (size_t i = 0; i < texts->count; i++) {
    if (i) buffer_add_text(out, ", ");
    markdown_add(out, texts->items[i]);
  }
  buffer_add_text(out, " |\n");
}

static void head(struct buffer *out, const struct rule_page *page) {
  buffer_add_text(out, "# ");
  markdown_add(out, page->title);
  buffer_add_text(out, "\n\n| | |\n|---|---|\n| id | ");
  markdown_add(out, page->id);
  buffer_add_format(out, " |\n| severity | %s |\n", severity_word(page->severity));
  row(out, "products", &page->products);
  row(out, "tags", &page->tags);
  row(out, "profiles", &page->profiles);
}

/* Paragraphs have an empty line between them. */
static void paragraphs(struct buffer *out, const char *text) {
  while (*text) {
    const char *end = strstr(text, "\n\n");
    char *one = end ? alloc_text_n(text, (size_t)(end - text)) : alloc_text(text);
    markdown_add(out, one);
    buffer_add_text(out, "\n");
    alloc_free(one);
    if (!end) return;
    buffer_add_text(out, "\n");
    text = end + 2;
  }
}

static void messages(struct buffer *out, const struct rule_page *page) {
  title(out, "What it says");
  for (size_t i = 0; i < page->assertion_count; i++) {
    buffer_add_format(out, "- **%s**: ", severity_word(page->assertions[i].severity));
    markdown_add(out, page->assertions[i].message);
    buffer_add_char(out, '\n');
  }
}

static void example(struct buffer *out, const char *word, const struct page_example *one) {
  if (!given(one->title)) return;
  title(out, word);
  markdown_add(out, one->title);
  buffer_add_text(out, "\n\n");
  for (size_t i = 0; i < one->edits.count; i++) {
    buffer_add_text(out, "- ");
    markdown_add(out, one->edits.items[i]);
    buffer_add_char(out, '\n');
  }
  if (one->edits.count) buffer_add_char(out, '\n');
  if (given(one->fragment)) markdown_add_block(out, "xml", one->fragment);
}

static void steps(struct buffer *out, const char *word, const struct steps *list) {
  if (list->count == 0) return;
  buffer_add_format(out, "\n### %s\n\n", word);
  for (size_t i = 0; i < list->count; i++) {
    const struct step *step = &list->items[i];
    const char *shell = given(step->command) ? words_shell(step->shell) : "";
    buffer_add_format(out, "Step %zu. ", i + 1);
    markdown_add(out, step->text);
    buffer_add_format(out, "%s%s%s\n\n", given(step->text) && shell[0] ? " (" : "", shell,
                      given(step->text) && shell[0] ? ")" : "");
    if (!given(step->command)) continue;
    markdown_add_block(out, "", step->command);
    buffer_add_char(out, '\n');
  }
}

static void repairs(struct buffer *out, const struct rule_page *page) {
  for (size_t i = 0; i < page->repair_count; i++) {
    const struct page_repair *repair = &page->repairs[i];
    title(out, "What users see");
    markdown_add(out, repair->effect);
    buffer_add_char(out, '\n');
    steps(out, "What to do", &repair->remediation);
    steps(out, "Check", &repair->verify);
    steps(out, "Undo", &repair->undo);
  }
}

static void needs(struct buffer *out, const struct rule_page *page) {
  if (page->need_count == 0) return;
  title(out, "Evidence it needs");
  for (size_t i = 0; i < page->need_count; i++) {
    for (size_t k = 0; k < page->needs[i].count; k++) {
      const struct page_kind *kind = &page->needs[i].kinds[k];
      buffer_add_text(out, k ? "  or " : "- ");
      markdown_add(out, kind->name);
      buffer_add_text(out, ": ");
      markdown_add(out, given(kind->command) ? kind->command : kind->file);
      buffer_add_char(out, '\n');
    }
  }
}

static void link_rules(struct buffer *out, const char *words, const struct page_texts *ids) {
  for (size_t i = 0; i < ids->count; i++)
    buffer_add_format(out, "- %s [%s](%s.md)\n", words, ids->items[i], ids->items[i]);
}

static void references(struct buffer *out, const struct rule_page *page) {
  title(out, "References");
  if (given(page->kb)) {
    buffer_add_text(out, "- KB ");
    markdown_add(out, page->kb);
    buffer_add_char(out, '\n');
  }
  for (size_t i = 0; i < page->references.count; i++) {
    buffer_add_text(out, "- ");
    markdown_add(out, page->references.items[i]);
    buffer_add_char(out, '\n');
  }
  link_rules(out, "its finding is a consequence of", &page->superseded_by);
  link_rules(out, "its finding explains", &page->supersedes);
}

char *rule_page_markdown(const struct rule_page *page) {
  struct buffer out = buffer_make(PAGE_MOST);
  head(&out, page);
  if (given(page->why)) {
    title(&out, "Why");
    paragraphs(&out, page->why);
  }
  messages(&out, page);
  example(&out, "A server that is wrong", &page->bad);
  example(&out, "A server that is well", &page->good);
  repairs(&out, page);
  needs(&out, page);
  references(&out, page);
  return buffer_take(&out);
}

char *rule_index_markdown(const struct rule_pages *pages) {
  struct buffer out = buffer_make(PAGE_MOST);
  char *count = words_count(pages->count, "rule", "rules");
  buffer_add_format(
      &out, "# Rules\n\n%s. [rules.html](rules.html) has all of them in one file.\n\n", count);
  buffer_add_text(&out, "| rule | severity | what is wrong |\n|---|---|---|\n");
  for (size_t i = 0; i < pages->count; i++) {
    const struct rule_page *page = &pages->items[i];
    buffer_add_format(&out, "| [%s](%s.md) | %s | ", page->id, page->id,
                      severity_word(page->severity));
    markdown_add(&out, page->title);
    buffer_add_text(&out, " |\n");
  }
  alloc_free(count);
  return buffer_take(&out);
}
