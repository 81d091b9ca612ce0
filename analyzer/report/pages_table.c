/* The rules as one table, and the checks of HealthChecker against them. */
#include "report/markup.h"
#include "report/pages.h"
#include "report/words.h"

#include "base/buffer.h"
#include "base/text.h"

enum { TABLE_MOST = 4 * 1024 * 1024 };

static void add_list(struct buffer *out, const struct page_texts *texts) {
  for (size_t i = 0; i < texts->count; i++)
    buffer_add_format(out, "%s%s", i ? ", " : "", texts->items[i]);
}

static void add_reference(struct buffer *out, const struct rule_page *page) {
  const char *url = page->references.count ? page->references.items[0] : NULL;
  if (!url)
    buffer_add_text(out, page->kb[0] ? "KB " : "");
  else
    buffer_add_format(out, "[%s", page->kb[0] ? "KB " : "page");
  buffer_add_text(out, page->kb);
  if (url) buffer_add_format(out, "](%s)", url);
}

/* "a or b; c" */
static void add_needs(struct buffer *out, const struct rule_page *page) {
  for (size_t i = 0; i < page->need_count; i++) {
    buffer_add_text(out, i ? "; " : "");
    for (size_t k = 0; k < page->needs[i].count; k++)
      buffer_add_format(out, "%s%s", k ? " or " : "", page->needs[i].kinds[k].id);
  }
}

static void add_rules(struct buffer *out, const struct rule_pages *pages) {
  buffer_add_text(out, "| rule | severity | reference | evidence | HealthChecker | STIG |\n"
                       "| --- | --- | --- | --- | --- | --- |\n");
  for (size_t i = 0; i < pages->count; i++) {
    const struct rule_page *page = &pages->items[i];
    buffer_add_format(out, "| %s | %s | ", page->id, severity_word(page->severity));
    add_reference(out, page);
    buffer_add_text(out, " | ");
    add_needs(out, page);
    buffer_add_text(out, " | ");
    add_list(out, &page->healthchecker);
    buffer_add_text(out, " | ");
    add_list(out, &page->stig);
    buffer_add_text(out, " |\n");
  }
}

static bool names(const struct rule_page *page, const char *check) {
  for (size_t i = 0; i < page->healthchecker.count; i++)
    if (text_equal(page->healthchecker.items[i], check)) return true;
  return false;
}

static size_t add_covering(struct buffer *out, const struct rule_pages *pages, const char *check) {
  size_t count = 0;
  for (size_t i = 0; i < pages->count; i++)
    if (names(&pages->items[i], check))
      buffer_add_format(out, "%s%s", count++ ? ", " : "", pages->items[i].id);
  return count;
}

static void add_checks(struct buffer *out, const struct rule_pages *pages,
                       const struct peer_checks *checks) {
  size_t covered = 0, shown = 0;
  buffer_add_text(out, "| check | what it looks at | rules |\n| --- | --- | --- |\n");
  for (size_t i = 0; i < checks->count; i++) {
    const struct peer_check *check = &checks->items[i];
    buffer_add_format(out, "| %s | ", check->id);
    markdown_add(out, check->what);
    buffer_add_text(out, " | ");
    bool any = add_covering(out, pages, check->id) > 0;
    bool fact = text_equal(check->why, "shown");
    covered += any;
    shown += !any && fact;
    if (!any) buffer_add_text(out, fact ? "none: it shows a fact and judges nothing" : "none: ");
    if (!any && !fact) markdown_add(out, check->why);
    buffer_add_text(out, " |\n");
  }
  buffer_add_format(out, "\n%zu checks: %zu have a rule, %zu judge nothing, %zu have none.\n",
                    checks->count, covered, shown, checks->count - covered - shown);
}

char *rule_table_markdown(const struct rule_pages *pages, const struct peer_checks *checks) {
  struct buffer out = buffer_make(TABLE_MOST);
  char *count = words_count(pages->count, "rule", "rules");
  buffer_add_format(&out, "### %s\n\n", count);
  alloc_free(count);
  add_rules(&out, pages);
  buffer_add_text(&out, "\n### Checks of HealthChecker\n\n");
  add_checks(&out, pages, checks);
  return buffer_take(&out);
}
