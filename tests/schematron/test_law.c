/* The law of unknown: what a run with marks decides, the run on the complete
 * document decides the same way. Random documents, random parts taken away and
 * marked, random contexts and tests. SITEGLASS_RUNS sets the number of runs. */
#include "check_main.h"
#include "support_engine.h"

#include "base/text.h"
#include "base/xml_source.h"

#include <stdint.h>
#include <string.h>

enum { NODES_MOST = 200, SLOTS = 5 }; /* an element and its attributes x, y, z, n */

/* ---- Chance ---------------------------------------------------------------- */

static uint64_t state;

static unsigned chance(unsigned below) {
  state += UINT64_C(0x9E3779B97F4A7C15);
  uint64_t z = state;
  z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
  return (unsigned)((z ^ (z >> 31)) % below);
}

#define PICK(...) pick((const char *const[]){__VA_ARGS__, NULL})

static const char *pick(const char *const *list) {
  unsigned count = 0;
  while (list[count] != NULL)
    count++;
  return list[chance(count)];
}

/* Half of the runs have a theme: contexts, tests and marks are about the same
 * child of the same element, so that they often meet. */
static const char *theme_under, *theme_child;

static void choose_theme(void) {
  static const char *const pairs[][2] = {
      {"a", "b"}, {"a", "c"}, {"b", "c"}, {"r", "a"}, {"a", "b"}};
  const char *const *pair = pairs[chance(5)];
  bool themed = chance(2) == 0;
  theme_under = themed ? pair[0] : NULL;
  theme_child = themed ? pair[1] : NULL;
}

/* ---- Documents ------------------------------------------------------------- */

static xmlNode *add(xmlNode *parent, const char *name, unsigned *number) {
  xmlNode *node = xmlNewChild(parent, NULL, BAD_CAST name, NULL);
  char text[16];
  snprintf(text, sizeof text, "%u", (*number)++);
  xmlNewProp(node, BAD_CAST "n", BAD_CAST text);
  for (unsigned i = 0; i < 3; i++) {
    static const char *const names[] = {"x", "y", "z"};
    if (chance(5) < 3)
      xmlNewProp(node, BAD_CAST names[i], BAD_CAST PICK("1", "2", "1", "2", "3", "", "q"));
  }
  if (chance(8) == 0) xmlNodeAddContent(node, BAD_CAST PICK("1", "2", "text"));
  return node;
}

static void fill(xmlNode *parent, unsigned *number) {
  const char *allowed = parent->name[0] == 'r' ? "ac" : parent->name[0] == 'a' ? "bc" : "c";
  if (parent->name[0] == 'c') return;
  for (unsigned count = chance(5); count > 0 && *number < NODES_MOST - 1; count--) {
    char name[2] = {allowed[chance((unsigned)strlen(allowed))], '\0'};
    fill(add(parent, name, number), number);
  }
}

static xmlDoc *complete_document(void) {
  xmlDoc *document = xmlNewDoc(BAD_CAST "1.0");
  unsigned number = 1;
  xmlNode *root = xmlNewDocNode(document, NULL, BAD_CAST "r", NULL);
  xmlDocSetRootElement(document, root);
  xmlNewProp(root, BAD_CAST "n", BAD_CAST "0");
  fill(root, &number);
  return document;
}

/* ---- Taking away ----------------------------------------------------------- */

static xmlNode *next_of(xmlNode *node, const xmlNode *top) {
  if (node->type == XML_ELEMENT_NODE && node->children != NULL) return node->children;
  while (node != top && node->next == NULL)
    node = node->parent;
  return node == top ? NULL : node->next;
}

static bool is_mark(const xmlNode *node) {
  return node->ns != NULL;
}

static xmlNode *some_element(xmlDoc *document) {
  xmlNode *root = xmlDocGetRootElement(document), *chosen = root;
  unsigned seen = 0;
  for (xmlNode *node = root; node != NULL; node = next_of(node, root))
    if (node->type == XML_ELEMENT_NODE && !is_mark(node) && chance(++seen) == 0) chosen = node;
  return chosen;
}

static void take_children(xmlNode *under, const char *of) {
  for (xmlNode *each = under->children, *next; each != NULL; each = next) {
    next = each->next;
    if (each->type != XML_ELEMENT_NODE || is_mark(each) || chance(3) == 0 ||
        !text_equal((const char *)each->name, of))
      continue;
    xmlUnlinkNode(each);
    xmlFreeNode(each);
  }
}

static void take_below(xmlNode *scope, const char *under, const char *of) {
  for (xmlNode *node = scope; node != NULL; node = next_of(node, scope)) {
    if (node->type != XML_ELEMENT_NODE || !text_equal((const char *)node->name, under)) continue;
    if (of[0] != '@') {
      take_children(node, of);
    } else if (chance(3) != 0) {
      xmlAttr *attribute = xmlHasProp(node, BAD_CAST of + 1);
      if (attribute != NULL) xmlRemoveProp(attribute);
    }
  }
}

static void take_and_mark(xmlDoc *document, unsigned number) {
  xmlNode *scope = some_element(document);
  const char *under = PICK("r", "a", "b", "c", "a", "b");
  const char *of = PICK("@x", "@y", "@z");
  if (theme_under != NULL && number == 1) {
    under = theme_under;
    of = PICK(theme_child, theme_child, theme_child, "@x", "@y");
  } else if (chance(2) == 0 && under[0] != 'c')
    of = under[0] == 'r' ? PICK("a", "c") : under[0] == 'a' ? PICK("b", "c") : "c";
  take_below(scope, under, of);
  xmlNode *mark = xmlNewDocNode(document, NULL, BAD_CAST "unknown", NULL);
  mark->ns = xmlNewNs(mark, BAD_CAST MARKS, BAD_CAST "m");
  char reason[16];
  snprintf(reason, sizeof reason, "reason%u", number);
  xmlNewProp(mark, BAD_CAST "of", BAD_CAST of);
  xmlNewProp(mark, BAD_CAST "under", BAD_CAST under);
  xmlNewProp(mark, BAD_CAST "reason", BAD_CAST reason);
  if (scope->children != NULL && chance(2) == 0)
    xmlAddPrevSibling(scope->children, mark);
  else
    xmlAddChild(scope, mark);
}

/* ---- Expressions ----------------------------------------------------------- */

struct writing {
  struct buffer *out;
  unsigned variables; /* $v0 ... */
};

static void write_test(struct writing *w, unsigned depth);

#define SAY(...) buffer_add_format(w->out, __VA_ARGS__)

static void write_predicates(struct writing *w, unsigned depth) {
  while (depth > 0 && chance(3) == 0) {
    switch (chance(8)) {
    case 0:
      SAY("[%u]", 1 + chance(2));
      break;
    case 1:
      SAY("[%s]", PICK("last()", "position()=2", "position() < last()", "count(c)",
                       "position() = 1 and @x"));
      break;
    case 2:
      SAY("[@%s]", PICK("x", "y", "z"));
      break;
    case 3:
      SAY("[@%s='%s']", PICK("x", "y", "z"), PICK("1", "2", "3"));
      break;
    case 4:
      SAY("[not(@%s)]", PICK("x", "y", "z"));
      break;
    default:
      SAY("[");
      write_test(w, depth - 1);
      SAY("]");
    }
  }
}

static void write_path(struct writing *w, unsigned depth);

static void write_key(struct writing *w, unsigned depth) {
  SAY("key('%s', ", PICK("k", "l"));
  if (chance(2) == 0)
    SAY("'%s'", PICK("1", "2", "3"));
  else
    write_path(w, depth - 1);
  SAY(")");
}

static void write_start(struct writing *w, unsigned depth) {
  switch (chance(14)) {
  case 0:
    SAY("//");
    return;
  case 1:
    SAY("/r/");
    return;
  case 2:
    SAY("../");
    return;
  case 3:
    SAY(".//");
    return;
  case 4:
    SAY("current()/");
    return;
  case 5:
    if (depth == 0) return;
    write_key(w, depth);
    SAY("/");
    return;
  case 6:
    if (w->variables > 0) SAY("$v%u/", chance(w->variables));
    return;
  case 7:
    if (depth == 0) return;
    SAY("(");
    write_path(w, depth - 1);
    SAY(")%s/", PICK("[1]", "[last()]", "[@x]", ""));
    return;
  default:
    return;
  }
}

/* ".." and "." take neither an axis nor predicates. */
static void write_plain_step(struct writing *w, unsigned depth) {
  if (chance(8) == 0) {
    SAY("%s", PICK("..", "."));
    return;
  }
  static const char *const axes[] = {"following-sibling::",  "preceding-sibling::",
                                     "descendant::",         "following-sibling::",
                                     "preceding-sibling::",  "child::",
                                     "ancestor::",           "self::",
                                     "following::",          "preceding::",
                                     "descendant-or-self::", NULL};
  if (chance(5) == 0) SAY("%s", pick(axes));
  SAY("%s", PICK("a", "b", "c", "b", "c", "*", "node()"));
  write_predicates(w, depth);
}

static void write_path(struct writing *w, unsigned depth) {
  write_start(w, depth);
  unsigned steps = chance(4) == 0 ? 2 : chance(2);
  for (unsigned i = 0; i < steps; i++) {
    write_plain_step(w, depth);
    SAY("%s", chance(6) == 0 ? "//" : "/");
  }
  if (chance(2) == 0)
    SAY("@%s", PICK("x", "y", "z", "x", "*"));
  else
    write_plain_step(w, depth);
}

static void write_operand(struct writing *w, unsigned depth) {
  switch (chance(9)) {
  case 0:
    SAY("'%s'", PICK("1", "2", "3", ""));
    return;
  case 1:
    SAY("%u", chance(4));
    return;
  case 2:
    SAY("count(");
    write_path(w, depth);
    SAY(")");
    return;
  case 3:
    SAY("%s(", PICK("string", "number", "sum", "string-length", "name", "boolean"));
    write_path(w, depth);
    SAY(")");
    return;
  case 4:
    if (w->variables > 0) {
      SAY("$v%u", chance(w->variables));
      return;
    }
    SAY("string()");
    return;
  case 5:
    if (depth > 0) {
      SAY("(");
      write_operand(w, depth - 1);
      SAY(" %s ", PICK("+", "-", "*", "mod"));
      write_operand(w, depth - 1);
      SAY(")");
      return;
    }
    SAY("true()");
    return;
  default:
    write_path(w, depth);
  }
}

/* A child with one predicate, and what is asked of it: where marks matter most. */
static void write_short(struct writing *w) {
  const char *child = PICK("a", "b", "c", "*", "b");
  const char *predicate =
      PICK("[1]", "[2]", "[last()]", "[position() = 1 and @x]", "[position() = 2 or @y]", "[@x]",
           "[@y='2'][1]", "[@z][last()]", "[position() < last()]", "[not(@y)]", "[not(@x)][1]",
           "[../@x]", "", "");
  const char *start = PICK("", "", "../", "//", "a/", "b/", "current()/");
  if (theme_child != NULL && chance(4) > 0) {
    child = theme_child;
    start = "";
  }
  switch (chance(7)) {
  case 6:
    if (w->variables > 0)
      SAY("$v%u%s", chance(w->variables), predicate);
    else
      SAY("%s", child);
    break;
  case 5:
    SAY("key('k', %s)%s", PICK("'1'", "'2'", "@x", "c", "."), predicate);
    break;
  case 0:
    SAY("(%s%s)%s", start, child, predicate);
    break;
  case 1:
    SAY("(%s%s | c)%s", start, child, predicate);
    break;
  case 2:
    SAY("%s%s/following-sibling::%s%s", start, child, PICK("b", "c", "*"), predicate);
    break;
  default:
    SAY("%s%s%s", start, child, predicate);
  }
  SAY("%s", PICK("/@x", "/@y", "/@x", "/@x", "", "/..", "/*"));
  SAY("%s", PICK(" = '1'", " = '2'", " = '1'", " != '1'", " = @x", " < 2", " > @x", ""));
}

static void write_joined(struct writing *w, unsigned depth, const char *word) {
  SAY("(");
  write_test(w, depth - 1);
  SAY(" %s ", word);
  write_test(w, depth - 1);
  SAY(")");
}

static void write_test(struct writing *w, unsigned depth) {
  if (chance(3) == 0) {
    write_short(w);
    return;
  }
  switch (chance(depth == 0 ? 6 : 14)) {
  case 0:
    write_path(w, depth);
    return;
  case 1:
  case 2:
    write_operand(w, depth);
    SAY(" %s ", PICK("=", "!=", "<", "<=", ">", ">=", "=", "="));
    write_operand(w, depth);
    return;
  case 3:
    SAY("%s(", PICK("contains", "starts-with"));
    write_operand(w, depth);
    SAY(", '%s')", PICK("1", "2", ""));
    return;
  case 4:
    SAY("@%s = '%s'", PICK("x", "y", "z"), PICK("1", "2", "3"));
    return;
  case 5:
    SAY("%s", PICK("@x", "@y", "@z", "b", "c", "true()"));
    return;
  case 6:
  case 7:
    SAY("not(");
    write_test(w, depth - 1);
    SAY(")");
    return;
  case 8:
  case 9:
    write_joined(w, depth, "and");
    return;
  case 10:
  case 11:
    write_joined(w, depth, "or");
    return;
  case 12:
    write_key(w, depth);
    return;
  default:
    SAY("(");
    write_path(w, depth - 1);
    SAY(" | ");
    write_path(w, depth - 1);
    SAY(")");
    write_predicates(w, depth - 1);
    return;
  }
}

static void write_pattern(struct writing *w, bool fronts) {
  if (theme_under != NULL && chance(4) > 0) {
    SAY("%s%s", theme_under, PICK("", "", "", "[@x='1']", "[@y]"));
    return;
  }
  if (chance(2) == 0) { /* one that surely meets something */
    SAY("%s", PICK("a", "b", "c", "*", "r", "a/b", "r/a", "@x", "a | c", "b | r", "b[@x='1']",
                   "a[@x='1']/b", "a[@y='2']/*", "*[@x='1'] | c", "a[@x='2']/@y", "b[@y='1']//c"));
    return;
  }
  unsigned alternatives = 1 + (chance(4) == 0);
  for (unsigned i = 0; i < alternatives; i++) {
    if (i > 0) SAY(" | ");
    switch (chance(10)) {
    case 0:
      SAY("//");
      break;
    case 1:
      SAY("/r/");
      break;
    case 2:
      if (fronts) SAY("key('k', '%s')%s", PICK("1", "2"), PICK("/", "//"));
      break;
    default:
      break;
    }
    for (unsigned steps = chance(3); steps > 0; steps--) {
      SAY("%s", PICK("a", "b", "*", "r", "a"));
      write_predicates(w, 1);
      SAY("%s", chance(5) == 0 ? "//" : "/");
    }
    SAY("%s", PICK("a", "b", "c", "*", "b", "c", "@x", "@y", "@*"));
    write_predicates(w, 2);
  }
}

/* ---- Schemas --------------------------------------------------------------- */

static void add_escaped(struct buffer *out, struct buffer *text) {
  for (const char *at = buffer_text(text); *at != '\0'; at++) {
    if (*at == '<')
      buffer_add_text(out, "&lt;");
    else
      buffer_add_char(out, *at);
  }
  buffer_dispose(text);
}

static struct writing fresh(struct buffer *text, unsigned variables) {
  *text = buffer_make(1024 * 1024);
  return (struct writing){.out = text, .variables = variables};
}

static void add_key(struct buffer *out, const char *name) {
  struct buffer text;
  struct writing w = fresh(&text, 0);
  buffer_add_format(out, "<xsl:key name='%s' match=\"", name);
  if (theme_child != NULL && chance(3) > 0)
    buffer_add_format(&text, "%s%s", theme_child,
                      PICK("", "", "[@y]", "[../@x]", "[c]", "[@x][1]"));
  else
    write_pattern(&w, false);
  add_escaped(out, &text);
  buffer_add_text(out, "\" use=\"");
  w = fresh(&text, 0);
  if (chance(3) > 0)
    buffer_add_format(&text, "%s", PICK("@x", "@y", ".", "@x", "c/@z", "string(@x)"));
  else
    write_path(&w, 0);
  add_escaped(out, &text);
  buffer_add_text(out, "\"/>\n");
}

static void add_let(struct buffer *out, unsigned *variables) {
  struct buffer text;
  struct writing w = fresh(&text, *variables);
  buffer_add_format(out, "<let name='v%u' value=\"", (*variables)++);
  if (theme_child != NULL && chance(2) == 0)
    write_short(&w);
  else if (chance(2) == 0)
    write_path(&w, 1);
  else
    write_operand(&w, 1);
  add_escaped(out, &text);
  buffer_add_text(out, "\"/>\n");
}

static void add_rule(struct buffer *out, unsigned variables) {
  struct buffer text;
  struct writing w = fresh(&text, variables);
  write_pattern(&w, true);
  buffer_add_text(out, "<rule context=\"");
  add_escaped(out, &text);
  buffer_add_text(out, "\">\n");
  if (chance(3) == 0) add_let(out, &variables);
  struct buffer test = buffer_make(1024 * 1024);
  w = fresh(&text, variables);
  if (theme_child != NULL && chance(3) > 0)
    write_short(&w);
  else
    write_test(&w, 2);
  add_escaped(&test, &text);
  buffer_add_format(out, "<assert test=\"%s\"/>\n<report test=\"%s\"/>\n</rule>\n",
                    buffer_text(&test), buffer_text(&test));
  buffer_dispose(&test);
}

static char *some_schema(void) {
  struct buffer content = buffer_make(4 * 1024 * 1024);
  add_key(&content, "k");
  add_key(&content, "l");
  unsigned variables = 0;
  while (chance(3) == 0)
    add_let(&content, &variables);
  buffer_add_text(&content, "<pattern id='p'>");
  while (chance(4) == 0)
    add_let(&content, &variables);
  for (unsigned rules = 1 + chance(2); rules > 0; rules--)
    add_rule(&content, variables);
  buffer_add_text(&content, "</pattern>");
  char *schema = in_schema(buffer_text(&content));
  buffer_dispose(&content);
  return schema;
}

/* ---- Outcomes -------------------------------------------------------------- */

enum said { SAID_NOTHING, SAID_NO, SAID_YES, SAID_UNKNOWN, SAID_ERROR };

struct outcomes {
  struct at_node {
    const struct schema_rule *rule; /* that was found to match; NULL: none, or undecided */
    enum said context;              /* SAID_UNKNOWN, SAID_ERROR: not decided */
    enum said test;
  } nodes[NODES_MOST * SLOTS];
  bool hidden;
  bool causeless; /* something was unknown and nobody said why */
  size_t decided, undecided;
};

static size_t slot_of(const xmlNode *node) {
  const xmlNode *element = node->type == XML_ATTRIBUTE_NODE ? node->parent : node;
  if (element->type != XML_ELEMENT_NODE) return 0;
  xmlChar *number = xmlGetNoNsProp(element, BAD_CAST "n");
  size_t slot = (size_t)strtoul((const char *)number, NULL, 10) * SLOTS;
  xmlFree(number);
  if (node->type != XML_ATTRIBUTE_NODE) return slot;
  return slot + (node->name[0] == 'n' ? 4 : 1 + (size_t)(node->name[0] - 'x'));
}

static void note(struct outcomes *outcomes, const struct engine_outcome *outcome, enum said said) {
  if (outcome->context == NULL) {
    outcomes->hidden = true;
    return;
  }
  struct at_node *node = &outcomes->nodes[slot_of(outcome->context)];
  if (outcome->assertion == NULL) {
    node->context = said;
    outcomes->undecided++;
    return;
  }
  node->rule = outcome->rule;
  node->test = said;
  if (said == SAID_UNKNOWN)
    outcomes->undecided++;
  else
    outcomes->decided++;
}

static void on_fail(void *data, const struct engine_outcome *outcome,
                    struct evaluation *evaluation) {
  (void)evaluation;
  note(data, outcome, outcome->assertion->is_report ? SAID_YES : SAID_NO);
}

static void on_unknown(void *data, const struct engine_outcome *outcome,
                       const struct unknown_cause *causes, size_t count) {
  if (count == 0 || causes[0].mark == NULL) ((struct outcomes *)data)->causeless = true;
  note(data, outcome, SAID_UNKNOWN);
}

static void on_error(void *data, const struct engine_outcome *outcome, const char *message) {
  (void)message;
  note(data, outcome, SAID_ERROR);
}

static struct outcomes *outcomes_of(const struct schema *schema, xmlDoc *document) {
  struct outcomes *outcomes = alloc_bytes(sizeof *outcomes);
  struct engine_listener listener = {
      .data = outcomes, .on_fail = on_fail, .on_unknown = on_unknown, .on_error = on_error};
  struct pattern_tally tally;
  engine_run(schema, document, NULL, NULL, &listener, &tally);
  return outcomes;
}

/* ---- The law --------------------------------------------------------------- */

static bool contradicts(const struct at_node *marked, const struct at_node *complete) {
  if (marked->context != SAID_NOTHING || complete->context == SAID_ERROR) return false;
  if (marked->rule != complete->rule) return true;
  bool open =
      marked->test == SAID_UNKNOWN || marked->test == SAID_ERROR || complete->test == SAID_ERROR;
  return !open && marked->test != complete->test;
}

static const char *const words[] = {"nothing", "no", "yes", "unknown", "error"};

static void describe(struct buffer *out, const char *which, const struct at_node *node) {
  buffer_add_format(out, "%s: rule %s, context %s, test %s\n", which,
                    node->rule == NULL ? "none" : node->rule->context, words[node->context],
                    words[node->test]);
}

static const char *wrong(const struct outcomes *marked, const struct outcomes *complete,
                         const bool *there, size_t *slot) {
  for (size_t i = 0; i < NODES_MOST * SLOTS; i++) {
    *slot = i;
    const struct at_node *c = &complete->nodes[i];
    if (there[i] && contradicts(&marked->nodes[i], c)) return "decided otherwise";
    if (!there[i] && c->rule != NULL && !marked->hidden) return "hidden context not told";
  }
  *slot = 0;
  if (marked->causeless) return "unknown without a cause";
  return NULL;
}

static void find_nodes(xmlDoc *document, bool *there) {
  xmlNode *root = xmlDocGetRootElement(document);
  for (xmlNode *node = root; node != NULL; node = next_of(node, root)) {
    if (node->type != XML_ELEMENT_NODE || is_mark(node)) continue;
    there[slot_of(node)] = true;
    for (xmlAttr *each = node->properties; each != NULL; each = each->next)
      there[slot_of((xmlNode *)each)] = true;
  }
}

static void complain(const char *what, size_t slot, unsigned run, const char *schema,
                     xmlDoc *complete, xmlDoc *marked, const struct outcomes *full,
                     const struct outcomes *part) {
  struct buffer said = buffer_make(100000);
  describe(&said, "complete", &full->nodes[slot]);
  describe(&said, "marked", &part->nodes[slot]);
  xmlChar *a, *b;
  int size;
  xmlDocDumpMemory(complete, &a, &size);
  xmlDocDumpMemory(marked, &b, &size);
  ck_abort_msg("run %u: %s at node %zu slot %zu\n%s\n\n%s\n%s\n%s", run, what, slot / SLOTS,
               slot % SLOTS, schema, (const char *)a, (const char *)b, buffer_text(&said));
}

struct totals {
  size_t loaded, decided, undecided;
};

static void try_one(unsigned run, struct totals *totals) {
  state = run * UINT64_C(0x632BE59BD9B4E019) + 1;
  choose_theme();
  char *text = some_schema();
  struct diags diags = {0};
  test_lenient = true;
  struct schema *schema = schema_load(text, strlen(text), "law.sch", &test_options, &diags);
  test_lenient = false;
  if (getenv("SITEGLASS_SHOW") != NULL && diags.count > 0) printf("%s\n", diags.items[0].message);
  diags_dispose(&diags);
  for (unsigned i = 0; i < 4 && schema != NULL; i++) {
    xmlDoc *complete = complete_document(), *marked = xmlCopyDoc(complete, 1);
    for (unsigned marks = 1 + chance(3); marks > 0; marks--)
      take_and_mark(marked, marks);
    struct outcomes *full = outcomes_of(schema, complete), *part = outcomes_of(schema, marked);
    bool there[NODES_MOST * SLOTS] = {false};
    find_nodes(marked, there);
    size_t slot;
    const char *what = wrong(part, full, there, &slot);
    if (what != NULL) complain(what, slot, run, text, complete, marked, full, part);
    totals->decided += part->decided;
    totals->undecided += part->undecided;
    alloc_free(full);
    alloc_free(part);
    xmlFreeDoc(complete);
    xmlFreeDoc(marked);
  }
  totals->loaded += schema != NULL;
  schema_free(schema);
  alloc_free(text);
}

START_TEST(something_is_decided_otherwise_than_on_the_complete_document) {
  const char *wanted = getenv("SITEGLASS_RUNS");
  unsigned runs = wanted == NULL ? 6000 : (unsigned)strtoul(wanted, NULL, 10);
  const char *only = getenv("SITEGLASS_RUN");
  struct totals totals = {0};
  for (unsigned run = 0; run < runs; run++)
    if (only == NULL || strtoul(only, NULL, 10) == run) try_one(run, &totals);
  printf("%u runs: %zu schemas loaded, %zu tests decided, %zu not\n", runs, totals.loaded,
         totals.decided, totals.undecided);
  if (only != NULL) return;
  ck_assert_uint_gt(totals.loaded * 2, runs);          /* the generator is worth its time */
  ck_assert_uint_gt(totals.decided, totals.undecided); /* and so is the engine */
}
END_TEST

CHECK_MAIN("schematron/law", {
  xml_source_setup();
  tcase_set_timeout(tests, 3600);
  tcase_add_test(tests, something_is_decided_otherwise_than_on_the_complete_document);
})
