/* The pages of rules as JSON: complete, in the order of the rulebook. */
#include "report/pages.h"
#include "report/value.h"

static void put_texts(struct json_t *object, const char *key, const struct page_texts *texts) {
  struct json_t *array = value_array(object, key);
  for (size_t i = 0; i < texts->count; i++)
    value_item_text(array, texts->items[i]);
}

static void put_steps(struct json_t *object, const char *key, const struct steps *steps) {
  struct json_t *array = value_array(object, key);
  for (size_t i = 0; i < steps->count; i++) {
    struct json_t *item = value_item(array);
    value_text(item, "text", steps->items[i].text);
    value_text(item, "shell", steps->items[i].shell);
    value_text(item, "command", steps->items[i].command);
  }
}

static void put_example(struct json_t *object, const char *key, const struct page_example *one) {
  struct json_t *example = value_object(object, key);
  value_text(example, "title", one->title);
  put_texts(example, "edits", &one->edits);
  value_text(example, "fragment", one->fragment);
}

static void put_needs(struct json_t *object, const struct rule_page *page) {
  struct json_t *needs = value_array(object, "needs");
  for (size_t i = 0; i < page->need_count; i++) {
    struct json_t *any_of = value_array(value_item(needs), "anyOf");
    for (size_t k = 0; k < page->needs[i].count; k++) {
      struct json_t *kind = value_item(any_of);
      value_text(kind, "kind", page->needs[i].kinds[k].id);
      value_text(kind, "name", page->needs[i].kinds[k].name);
      value_text(kind, "shell", page->needs[i].kinds[k].shell);
      value_text(kind, "command", page->needs[i].kinds[k].command);
      value_text(kind, "file", page->needs[i].kinds[k].file);
    }
  }
}

static void put_content(struct json_t *item, const struct rule_page *page) {
  struct json_t *assertions = value_array(item, "assertions");
  for (size_t i = 0; i < page->assertion_count; i++) {
    struct json_t *one = value_item(assertions);
    value_text(one, "severity", severity_word(page->assertions[i].severity));
    value_text(one, "message", page->assertions[i].message);
  }
  struct json_t *repairs = value_array(item, "repairs");
  for (size_t i = 0; i < page->repair_count; i++) {
    struct json_t *one = value_item(repairs);
    value_text(one, "effect", page->repairs[i].effect);
    put_steps(one, "remediation", &page->repairs[i].remediation);
    put_steps(one, "verify", &page->repairs[i].verify);
    put_steps(one, "undo", &page->repairs[i].undo);
  }
  put_needs(item, page);
  put_example(item, "bad", &page->bad);
  put_example(item, "good", &page->good);
}

static void put_page(struct json_t *item, const struct rule_page *page) {
  value_text(item, "id", page->id);
  value_text(item, "title", page->title);
  value_text(item, "severity", severity_word(page->severity));
  put_texts(item, "products", &page->products);
  put_texts(item, "tags", &page->tags);
  put_texts(item, "profiles", &page->profiles);
  value_text(item, "kb", page->kb);
  put_texts(item, "see", &page->references);
  value_text(item, "catalogue", page->catalogue);
  put_texts(item, "healthchecker", &page->healthchecker);
  put_texts(item, "stig", &page->stig);
  value_bool(item, "builtin", page->builtin);
  value_text(item, "file", page->file);
  value_number(item, "line", page->line);
  put_texts(item, "supersededBy", &page->superseded_by);
  put_texts(item, "supersedes", &page->supersedes);
  value_text(item, "why", page->why);
  put_content(item, page);
}

char *rule_list_json(const struct rule_pages *pages) {
  struct json_t *root = value_root();
  value_text(root, "format", "siteglass-rules");
  value_number(root, "version", 1);
  struct json_t *rules = value_array(root, "rules");
  for (size_t i = 0; i < pages->count; i++)
    put_page(value_item(rules), &pages->items[i]);
  return value_print(root);
}
