/* Pages of rules at a terminal. */
#include "report/pages.h"
#include "report/paper.h"
#include "report/words.h"

#include "base/text.h"

#include <string.h>

static bool given(const char *text) {
  return text && text[0];
}

/* "a, b, c" */
static char *joined(const struct page_texts *texts) {
  struct buffer out = buffer_make(PAPER_PARAGRAPH_MOST);
  for (size_t i = 0; i < texts->count; i++)
    buffer_add_format(&out, "%s%s", i ? ", " : "", texts->items[i]);
  return buffer_take(&out);
}

static void say_list(struct paper *paper, const char *word, const struct page_texts *texts) {
  if (texts->count == 0) return;
  char *list = joined(texts);
  paper_columns(paper, 2, word, 12, list);
  alloc_free(list);
}

static void part(struct paper *paper, const char *title) {
  paper_blank(paper);
  paper_say(paper, 0, 0, "%s", title);
}

static void head(struct paper *paper, const struct rule_page *page) {
  char *word = text_upper(severity_word(page->severity));
  char *place = alloc_format("%s%s:%u", page->builtin ? "built in, " : "", page->file, page->line);
  paper_heading(paper, 0, (int)page->severity, word, page->title);
  paper_rule_id(paper, 10, page->id, "");
  paper_blank(paper);
  say_list(paper, "products", &page->products);
  say_list(paper, "tags", &page->tags);
  say_list(paper, "profiles", &page->profiles);
  paper_columns(paper, 2, "file", 12, place);
  alloc_free(place);
  alloc_free(word);
}

static void paragraphs(struct paper *paper, const char *text) {
  while (*text) {
    const char *end = strstr(text, "\n\n");
    char *one = end ? alloc_text_n(text, (size_t)(end - text)) : alloc_text(text);
    paper_paragraph(paper, 2, 2, one);
    alloc_free(one);
    if (!end) return;
    paper_blank(paper);
    text = end + 2;
  }
}

static void messages(struct paper *paper, const struct rule_page *page) {
  part(paper, "What it says");
  for (size_t i = 0; i < page->assertion_count; i++)
    paper_columns(paper, 2, severity_word(page->assertions[i].severity), 9,
                  page->assertions[i].message);
}

static void lines(struct paper *paper, unsigned indent, const char *text) {
  while (*text) {
    size_t size = strcspn(text, "\n");
    char *line = alloc_text_n(text, size);
    paper_verbatim(paper, indent, line);
    alloc_free(line);
    text += size + (text[size] == '\n');
  }
}

static void example(struct paper *paper, const char *word, const struct page_example *one) {
  if (!given(one->title)) return;
  paper_blank(paper);
  paper_say(paper, 0, 2, "%s: %s", word, one->title);
  for (size_t i = 0; i < one->edits.count; i++)
    paper_paragraph(paper, 2, 4, one->edits.items[i]);
  if (one->edits.count) paper_blank(paper);
  if (given(one->fragment))
    lines(paper, 4, one->fragment);
  else
    paper_say(paper, 4, 4, "(no such node)");
}

static void steps(struct paper *paper, const char *title, const struct steps *list, bool number) {
  if (list->count == 0) return;
  part(paper, title);
  for (size_t i = 0; i < list->count; i++) {
    const struct step *step = &list->items[i];
    const char *shell = given(step->command) ? words_shell(step->shell) : "";
    char *text = alloc_format("%s%s%s%s%s", step->text, given(step->text) && shell[0] ? " (" : "",
                              shell, given(step->text) && shell[0] ? ")" : "",
                              given(step->command) && (shell[0] || given(step->text)) ? ":" : "");
    if (number)
      paper_say(paper, 2, 5, "%zu. %s", i + 1, text);
    else if (text[0])
      paper_paragraph(paper, 2, 2, text);
    if (given(step->command)) paper_commands(paper, number ? 7 : 4, step->command);
    alloc_free(text);
  }
}

static void repairs(struct paper *paper, const struct rule_page *page) {
  for (size_t i = 0; i < page->repair_count; i++) {
    const struct page_repair *repair = &page->repairs[i];
    if (page->repair_count > 1) {
      paper_blank(paper);
      paper_say(paper, 0, 0, "Case %zu of %zu", i + 1, page->repair_count);
    }
    if (given(repair->effect)) {
      part(paper, "What users see");
      paper_paragraph(paper, 2, 2, repair->effect);
    }
    steps(paper, "What to do", &repair->remediation, true);
    steps(paper, "Check", &repair->verify, repair->verify.count > 1);
    steps(paper, "Undo", &repair->undo, repair->undo.count > 1);
  }
}

static void needs(struct paper *paper, const struct rule_page *page) {
  if (page->need_count == 0) return;
  part(paper, "Evidence it needs");
  for (size_t i = 0; i < page->need_count; i++) {
    for (size_t k = 0; k < page->needs[i].count; k++) {
      const struct page_kind *kind = &page->needs[i].kinds[k];
      paper_say(paper, k ? 4 : 2, 4, "%s%s (%s)", k ? "or " : "", kind->name, kind->id);
      if (given(kind->command))
        paper_commands(paper, 6, kind->command);
      else if (given(kind->file))
        paper_commands(paper, 6, kind->file);
    }
  }
}

static void say_ids(struct paper *paper, const char *whose, const struct page_texts *ids) {
  if (ids->count == 0) return;
  char *list = joined(ids);
  paper_say(paper, 2, 4, "%s %s", whose, list);
  alloc_free(list);
}

static void references(struct paper *paper, const struct rule_page *page) {
  part(paper, "References");
  if (given(page->kb)) paper_say(paper, 2, 2, "KB %s", page->kb);
  for (size_t i = 0; i < page->references.count; i++)
    paper_verbatim(paper, 2, page->references.items[i]);
  if (given(page->catalogue)) paper_say(paper, 2, 2, "catalogue %s", page->catalogue);
  say_ids(paper, "HealthChecker", &page->healthchecker);
  say_ids(paper, "STIG", &page->stig);
  if (page->superseded_by.count + page->supersedes.count) part(paper, "Beside other rules");
  char *deeper = joined(&page->superseded_by), *shallower = joined(&page->supersedes);
  if (given(deeper)) paper_say(paper, 2, 4, "its finding is a consequence of %s", deeper);
  if (given(shallower)) paper_say(paper, 2, 4, "its finding explains %s", shallower);
  alloc_free(deeper);
  alloc_free(shallower);
}

char *rule_page_text(const struct rule_page *page, const struct report_style *style) {
  struct paper paper = paper_make(style);
  head(&paper, page);
  if (given(page->why)) {
    part(&paper, "Why");
    paragraphs(&paper, page->why);
  }
  messages(&paper, page);
  example(&paper, "A server that is wrong", &page->bad);
  example(&paper, "A server that is well", &page->good);
  repairs(&paper, page);
  needs(&paper, page);
  references(&paper, page);
  return buffer_take(&paper.out);
}

char *rule_list_text(const struct rule_pages *pages, const struct report_style *style) {
  struct paper paper = paper_make(style);
  for (size_t i = 0; i < pages->count; i++) {
    const struct rule_page *page = &pages->items[i];
    paper_severity_and_id(&paper, 0, page->severity, page->id);
    paper_paragraph(&paper, 10, 10, page->title);
  }
  char *count = words_count(pages->count, "rule", "rules");
  paper_blank(&paper);
  paper_say(&paper, 0, 0, "%s", count);
  alloc_free(count);
  return buffer_take(&paper.out);
}

char *rule_settings_text(const struct settings *settings, const struct report_style *style) {
  struct paper paper = paper_make(style);
  for (size_t i = 0; i < settings->known_count; i++) {
    const struct setting *one = &settings->known[i];
    paper_say(&paper, 0, 0, "%s   %s %s", one->name, one->standard, one->unit);
    paper_paragraph(&paper, 2, 2, one->about);
  }
  if (settings->known_count == 0) paper_say(&paper, 0, 0, "These rules have no settings.");
  return buffer_take(&paper.out);
}
