/* Mixed content of a rule file as text. */
#include "rulebook/rule_text.h"

#include "base/text.h"

#include <string.h>

enum { RULE_TEXT_MOST = 1 << 20 };

static bool is_name_character(char c) {
  return strchr("-_", c) || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* The last name of the expression, outside of what stands in quotes. */
static struct span last_name(const char *text) {
  struct span last = {text, 0};
  for (const char *c = text; *c;) {
    if (*c == '\'' || *c == '"') {
      const char *end = strchr(c + 1, *c);
      c = end ? end + 1 : c + strlen(c);
      continue;
    }
    size_t size = 0;
    while (c[size] && is_name_character(c[size]))
      size++;
    bool is_function = size && c[size] == '(';
    if (size && !is_function && !(c[0] >= '0' && c[0] <= '9')) last = (struct span){c, size};
    c += size ? size : 1;
  }
  return last;
}

/* It says most: {certificateHash}. */
static void add_placeholder(struct buffer *out, const xmlNode *value_of) {
  xmlChar *select = xmlGetNoNsProp(value_of, (const xmlChar *)"select");
  struct span name = last_name(select ? (const char *)select : "");
  buffer_add_char(out, '{');
  if (name.size)
    buffer_add(out, name.start, name.size);
  else
    buffer_add_text(out, "value");
  buffer_add_char(out, '}');
  xmlFree(select);
}

void rule_text_add(struct buffer *out, const xmlNode *element) {
  for (const xmlNode *n = element->children; n; n = n->next) {
    if (n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE)
      buffer_add_text(out, n->content ? (const char *)n->content : "");
    else if (n->type == XML_ELEMENT_NODE && text_equal((const char *)n->name, "value-of"))
      add_placeholder(out, n);
    else if (n->type == XML_ELEMENT_NODE)
      rule_text_add(out, n);
  }
}

char *rule_text_line(const xmlNode *element) {
  struct buffer raw = buffer_make(RULE_TEXT_MOST), out = buffer_make(RULE_TEXT_MOST);
  rule_text_add(&raw, element);
  bool blank = false;
  for (const char *c = buffer_text(&raw); *c; c++) {
    if (strchr(" \t\r\n", *c)) {
      blank = out.size > 0;
      continue;
    }
    if (blank) buffer_add_char(&out, ' ');
    blank = false;
    buffer_add_char(&out, *c);
  }
  buffer_dispose(&raw);
  return buffer_take(&out);
}

char *rule_text_command(const xmlNode *run) {
  struct buffer raw = buffer_make(RULE_TEXT_MOST);
  rule_text_add(&raw, run);
  char *command = span_copy(span_trim(span_of(buffer_text(&raw))));
  buffer_dispose(&raw);
  return command;
}
