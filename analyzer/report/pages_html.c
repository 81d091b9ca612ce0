/* All pages of rules as one HTML file: no script, style, font or picture comes from
 * elsewhere, and its content security policy forbids any. */
#include "report/markup.h"
#include "report/pages.h"
#include "report/words.h"

#include <string.h>

enum { DOCUMENT_MOST = 256 * 1024 * 1024 };

static const char head_text[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
    "style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action "
    "'none'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n<title>siteglass rules</title>\n"
    "<style>\n"
    ":root{color-scheme:light dark}\n"
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\n"
    "pre{overflow-x:auto;padding:.6rem;border:1px solid #8886;border-radius:4px}\n"
    "input{font:inherit;width:100%;box-sizing:border-box;padding:.5rem}\n"
    "details{border-top:1px solid #8886;padding:.6rem 0}\n"
    "summary{cursor:pointer}\n"
    ".id{font-family:monospace}\n"
    ".severity{display:inline-block;min-width:5.5rem;font-weight:600}\n"
    ".critical,.high{color:#c22}.medium{color:#a60}\n"
    "@media(prefers-color-scheme:dark){.critical,.high{color:#f77}.medium{color:#fb4}}\n"
    "h3{margin:1rem 0 .2rem;font-size:1rem}\n"
    "</style>\n</head>\n<body>\n<h1>siteglass rules</h1>\n";

/* The search looks at the text of each page; every word must be there. */
static const char tail_text[] =
    "<script>\n"
    "const box=document.getElementById('search'),shown=document.getElementById('shown');\n"
    "const pages=[...document.querySelectorAll('details')];\n"
    "const texts=pages.map(page=>page.textContent.toLowerCase());\n"
    "function search(){\n"
    "  const words=box.value.toLowerCase().split(/\\s+/).filter(word=>word);\n"
    "  let count=0;\n"
    "  pages.forEach((page,i)=>{\n"
    "    const fits=words.every(word=>texts[i].includes(word));\n"
    "    page.hidden=!fits;\n"
    "    if(fits)count++;\n"
    "  });\n"
    "  shown.textContent=count+' of '+pages.length+' rules';\n"
    "}\n"
    "function open(){\n"
    "  const page=document.getElementById(location.hash.slice(1));\n"
    "  if(page&&page.tagName==='DETAILS'){page.open=true;page.scrollIntoView();}\n"
    "}\n"
    "box.addEventListener('input',search);\n"
    "addEventListener('hashchange',open);\n"
    "search();open();\n"
    "</script>\n</body>\n</html>\n";

static bool given(const char *text) {
  return text && text[0];
}

/* <tag>text</tag> */
static void element(struct buffer *out, const char *tag, const char *text) {
  buffer_add_format(out, "<%s>", tag);
  html_add(out, text);
  buffer_add_format(out, "</%s>\n", tag);
}

static void list(struct buffer *out, const char *word, const struct page_texts *texts) {
  if (texts->count == 0) return;
  buffer_add_format(out, "<li>%s: ", word);
  for (size_t i = 0; i < texts->count; i++) {
    if (i) buffer_add_text(out, ", ");
    html_add(out, texts->items[i]);
  }
  buffer_add_text(out, "</li>\n");
}

static void facts(struct buffer *out, const struct rule_page *page) {
  buffer_add_text(out, "<ul>\n");
  list(out, "products", &page->products);
  list(out, "tags", &page->tags);
  list(out, "profiles", &page->profiles);
  buffer_add_text(out, "</ul>\n");
}

static void paragraphs(struct buffer *out, const char *text) {
  while (*text) {
    const char *end = strstr(text, "\n\n");
    char *one = end ? alloc_text_n(text, (size_t)(end - text)) : alloc_text(text);
    element(out, "p", one);
    alloc_free(one);
    if (!end) return;
    text = end + 2;
  }
}

static void messages(struct buffer *out, const struct rule_page *page) {
  element(out, "h3", "What it says");
  buffer_add_text(out, "<ul>\n");
  for (size_t i = 0; i < page->assertion_count; i++) {
    buffer_add_format(out, "<li><b>%s</b> ", severity_word(page->assertions[i].severity));
    html_add(out, page->assertions[i].message);
    buffer_add_text(out, "</li>\n");
  }
  buffer_add_text(out, "</ul>\n");
}

static void example(struct buffer *out, const char *word, const struct page_example *one) {
  if (!given(one->title)) return;
  element(out, "h3", word);
  element(out, "p", one->title);
  if (one->edits.count) buffer_add_text(out, "<ul>\n");
  for (size_t i = 0; i < one->edits.count; i++)
    element(out, "li", one->edits.items[i]);
  if (one->edits.count) buffer_add_text(out, "</ul>\n");
  if (given(one->fragment)) element(out, "pre", one->fragment);
}

static void steps(struct buffer *out, const char *word, const struct steps *all) {
  if (all->count == 0) return;
  element(out, "h3", word);
  buffer_add_text(out, "<ol>\n");
  for (size_t i = 0; i < all->count; i++) {
    const struct step *step = &all->items[i];
    buffer_add_text(out, "<li>");
    html_add(out, step->text);
    if (given(step->command) && words_shell(step->shell)[0]) {
      buffer_add_text(out, " <i>");
      html_add(out, words_shell(step->shell));
      buffer_add_text(out, "</i>");
    }
    if (given(step->command)) element(out, "pre", step->command);
    buffer_add_text(out, "</li>\n");
  }
  buffer_add_text(out, "</ol>\n");
}

static void repairs(struct buffer *out, const struct rule_page *page) {
  for (size_t i = 0; i < page->repair_count; i++) {
    const struct page_repair *repair = &page->repairs[i];
    if (given(repair->effect)) {
      element(out, "h3", "What users see");
      element(out, "p", repair->effect);
    }
    steps(out, "What to do", &repair->remediation);
    steps(out, "Check", &repair->verify);
    steps(out, "Undo", &repair->undo);
  }
}

static void needs(struct buffer *out, const struct rule_page *page) {
  if (page->need_count == 0) return;
  element(out, "h3", "Evidence it needs");
  buffer_add_text(out, "<ul>\n");
  for (size_t i = 0; i < page->need_count; i++) {
    buffer_add_text(out, "<li>");
    for (size_t k = 0; k < page->needs[i].count; k++) {
      const struct page_kind *kind = &page->needs[i].kinds[k];
      if (k) buffer_add_text(out, " or ");
      html_add(out, kind->name);
      buffer_add_text(out, " <code>");
      html_add(out, given(kind->command) ? kind->command : kind->file);
      buffer_add_text(out, "</code>");
    }
    buffer_add_text(out, "</li>\n");
  }
  buffer_add_text(out, "</ul>\n");
}

static void link_rules(struct buffer *out, const char *words, const struct page_texts *ids) {
  for (size_t i = 0; i < ids->count; i++) {
    buffer_add_format(out, "<li>%s <a href=\"#", words);
    html_add(out, ids->items[i]);
    buffer_add_text(out, "\">");
    html_add(out, ids->items[i]);
    buffer_add_text(out, "</a></li>\n");
  }
}

/* Addresses are shown, not linked: the file is read in a closed room. */
static void references(struct buffer *out, const struct rule_page *page) {
  element(out, "h3", "References");
  buffer_add_text(out, "<ul>\n");
  if (given(page->kb)) {
    buffer_add_text(out, "<li>KB ");
    html_add(out, page->kb);
    buffer_add_text(out, "</li>\n");
  }
  for (size_t i = 0; i < page->references.count; i++)
    element(out, "li", page->references.items[i]);
  link_rules(out, "its finding is a consequence of", &page->superseded_by);
  link_rules(out, "its finding explains", &page->supersedes);
  buffer_add_text(out, "</ul>\n");
}

static void add_page(struct buffer *out, const struct rule_page *page) {
  buffer_add_text(out, "<details id=\"");
  html_add(out, page->id);
  buffer_add_format(out, "\"><summary><span class=\"severity %s\">%s</span> ",
                    severity_word(page->severity), severity_word(page->severity));
  html_add(out, page->title);
  buffer_add_text(out, "<br><span class=\"id\">");
  html_add(out, page->id);
  buffer_add_text(out, "</span></summary>\n");
  facts(out, page);
  if (given(page->why)) {
    element(out, "h3", "Why");
    paragraphs(out, page->why);
  }
  messages(out, page);
  example(out, "A server that is wrong", &page->bad);
  example(out, "A server that is well", &page->good);
  repairs(out, page);
  needs(out, page);
  references(out, page);
  buffer_add_text(out, "</details>\n");
}

char *rule_pages_html(const struct rule_pages *pages, const char *version) {
  struct buffer out = buffer_make(DOCUMENT_MOST);
  buffer_add_text(&out, head_text);
  buffer_add_text(&out, "<p>siteglass ");
  html_add(&out, version);
  buffer_add_text(&out, "</p>\n<p><input id=\"search\" type=\"search\" autofocus "
                        "placeholder=\"search: all words of id, title, text\" "
                        "aria-label=\"search\"></p>\n<p id=\"shown\"></p>\n");
  for (size_t i = 0; i < pages->count; i++)
    add_page(&out, &pages->items[i]);
  buffer_add_text(&out, tail_text);
  return buffer_take(&out);
}
