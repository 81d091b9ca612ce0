/* Small alphabets: what is rare never meets in a random test. */
#include "schematron/support_random_xml.h"

#include "base/buffer.h"

#include <stdlib.h>

/* ---- Chance: splitmix64, by Sebastiano Vigna, public domain ----------------- */

static uint64_t mix(uint64_t bits) {
  bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9u;
  bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBu;
  return bits ^ (bits >> 31);
}

/* Mixed, or the runs of neighbouring seeds would be the same, moved by one. */
struct chance chance_of(uint64_t seed) {
  return (struct chance){.state = mix(seed + 0x632BE59BD9B4E019u)};
}

size_t chance_below(struct chance *chance, size_t limit) {
  chance->state += 0x9E3779B97F4A7C15u;
  return (size_t)(mix(chance->state) % limit);
}

bool chance_percent(struct chance *chance, size_t percent) {
  return chance_below(chance, 100) < percent;
}

size_t random_runs(size_t usual) {
  const char *text = getenv("SITEGLASS_RUNS");
  unsigned long long runs = text == NULL ? 0 : strtoull(text, NULL, 10);
  return runs == 0 ? usual : (size_t)runs;
}

/* ---- Trees ------------------------------------------------------------------- */

static const char *const values[] = {"1", "2", "", "3"};

static void add_attributes(struct chance *chance, xmlNode *element, xmlNs *ns) {
  if (chance_percent(chance, 50))
    xmlNewProp(element, BAD_CAST "x", BAD_CAST CHANCE_PICK(chance, values));
  if (chance_percent(chance, 40))
    xmlNewProp(element, BAD_CAST "y", BAD_CAST CHANCE_PICK(chance, values));
  if (chance_percent(chance, 10))
    xmlNewNsProp(element, ns, BAD_CAST "x", BAD_CAST CHANCE_PICK(chance, values));
}

static xmlNode *random_leaf(struct chance *chance, xmlDoc *document) {
  switch (chance_below(chance, 5)) {
  case 0:
    return xmlNewDocComment(document, BAD_CAST "c");
  case 1:
    return xmlNewDocPI(document, BAD_CAST "t", BAD_CAST "d");
  case 2:
    return xmlNewDocPI(document, BAD_CAST "u", NULL);
  case 3:
    return xmlNewCDataBlock(document, BAD_CAST "1", 1);
  default:
    return xmlNewDocText(document, BAD_CAST CHANCE_PICK(chance, values));
  }
}

static xmlNode *random_element(struct chance *chance, xmlDoc *document, xmlNs *ns) {
  static const char *const names[] = {"a", "b", "c"};
  bool prefixed = ns != NULL && chance_percent(chance, 12);
  return xmlNewDocNode(document, prefixed ? ns : NULL, BAD_CAST CHANCE_PICK(chance, names), NULL);
}

/* xmlAddChild merges neighbouring text, which would free what was handed in. */
static void fill(struct chance *chance, xmlNode *parent, xmlNs *ns, unsigned depth) {
  size_t count = chance_below(chance, depth > 4 ? 1 : 5);
  for (size_t i = 0; i < count; i++) {
    bool leaf = chance_percent(chance, 30);
    xmlNode *child =
        leaf ? random_leaf(chance, parent->doc) : random_element(chance, parent->doc, ns);
    if (child->type == XML_TEXT_NODE && parent->last != NULL &&
        parent->last->type == XML_TEXT_NODE) {
      xmlFreeNode(child);
      continue;
    }
    xmlAddChild(parent, child);
    if (leaf) continue;
    add_attributes(chance, child, ns);
    fill(chance, child, ns, depth + 1);
  }
}

xmlDoc *random_document(struct chance *chance) {
  xmlDoc *document = xmlNewDoc(BAD_CAST "1.0");
  if (chance_percent(chance, 20))
    xmlAddChild((xmlNode *)document, xmlNewDocComment(document, BAD_CAST "c"));
  xmlNode *root = random_element(chance, document, NULL);
  xmlDocSetRootElement(document, root);
  xmlNs *ns = xmlNewNs(root, BAD_CAST RANDOM_URI, BAD_CAST "p");
  add_attributes(chance, root, ns);
  fill(chance, root, ns, 1);
  return document;
}

/* ---- Patterns ------------------------------------------------------------------ */

static const char *const simple_predicates[] = {
    "@x",
    "@x='1'",
    "'2'=@y",
    "@x!='1'",
    "'1'!=@y",
    "not(@x)",
    "not(@x='1')",
    "not(@y!='2')",
    "b",
    "p:a",
    "not(c)",
    "@p:x",
    "@x and b",
    "@x='1' or not(@y)",
    "not(@x and (b or @y='2'))",
    "@x=''",
    "1",
    "2",
    "last()",
    "3",
    "not(not(@x))",
    "@y[1]",
    "(@x)",
    "a or b or c",
};

static const char *const any_predicates[] = {
    "position()=2",
    "position()!=last()",
    "position() mod 2 = 1",
    "last()-1",
    "last()=2",
    "count(*)",
    "count(*)=1",
    "@x=1",
    "@x<2",
    "@x=@y",
    "../@x",
    "ancestor::b",
    "text()",
    ".='1'",
    "b[1]",
    "b[@x]/a",
    "string(@x)",
    "string-length(@x)",
    "$n",
    "$s",
    "$v",
    "@x=$s",
    "@x=$n",
    "position()=$n",
    "not(preceding-sibling::*)",
    "following-sibling::a[1]",
    ".//c",
    "self::a or self::b",
    "sum(*/@x) > 1",
    "1=1",
    "true()",
    "false()",
    "-1",
    "1.5",
    "$n+1",
    "concat(@x,@y)='12'",
    "name()='a'",
    "a[position()=2]",
    "a[last()]",
    "boolean(@x)",
    "number(@x)",
    "floor(@x)",
    "../a[2]",
    "@*[2]",
    "@*[last()]",
    "node()[2]",
    "..//@y='1'",
};

static void add_predicates(struct chance *chance, struct buffer *out, bool simple) {
  while (chance_percent(chance, 35)) {
    bool native = simple || chance_percent(chance, 50);
    const char *predicate =
        native ? CHANCE_PICK(chance, simple_predicates) : CHANCE_PICK(chance, any_predicates);
    buffer_add_format(out, "[%s]", predicate);
  }
}

static void add_step(struct chance *chance, struct buffer *out, bool last, bool simple) {
  static const char *const elements[] = {"a", "b",   "c",   "*",        "a",
                                         "b", "p:a", "p:*", "child::a", "node()"};
  static const char *const leaves[] = {"@x",
                                       "@y",
                                       "@*",
                                       "@p:x",
                                       "@p:*",
                                       "@node()",
                                       "attribute::x",
                                       "text()",
                                       "comment()",
                                       "node()",
                                       "processing-instruction()",
                                       "processing-instruction('t')"};
  bool leaf = last ? chance_percent(chance, 30) : chance_percent(chance, 2);
  buffer_add_text(out, leaf ? CHANCE_PICK(chance, leaves) : CHANCE_PICK(chance, elements));
  add_predicates(chance, out, simple);
}

char *random_pattern(struct chance *chance, bool simple) {
  static const char *const starts[] = {"", "", "", "", "/", "//"};
  struct buffer out = buffer_make(4096);
  if (chance_percent(chance, 1)) buffer_add_text(&out, "/");
  size_t steps = out.size > 0 ? 0 : 1 + chance_below(chance, 4);
  if (steps > 0) buffer_add_text(&out, CHANCE_PICK(chance, starts));
  for (size_t i = 0; i < steps; i++) {
    if (i > 0) buffer_add_text(&out, chance_percent(chance, 35) ? "//" : "/");
    add_step(chance, &out, i + 1 == steps, simple);
  }
  return buffer_take(&out);
}
