/* key(): built on first use, in one walk. Besides the nodes of each value it
 * keeps what marks leave open: nodes that may have the value, nodes whose value
 * is not known (`wild`), nodes that may be missing altogether (`hidden`). */
#include "schematron/run_state.h"

#include "base/text.h"

#include <libxml/xpathInternals.h>
#include <limits.h>
#include <string.h>

/* ---- The values of one node ------------------------------------------------ */

static void use_of(struct evaluation *evaluation, const struct key_declaration *declaration,
                   xmlNode *node, struct value *value) {
  const struct expression *use = declaration->use;
  if (use == NULL) {
    value->object = xmlXPathNewCString(declaration->constant);
    return;
  }
  struct focus focus = {node, 1, 1};
  if (!unknown_touched(evaluation->run, use, 0)) {
    xmlXPathObjectPtr object = evaluation_object(evaluation, use->whole, focus);
    if (!evaluation->unknown) {
      value_take_object(value, object);
      return;
    }
    xmlXPathFreeObject(object);
    evaluation_reset(evaluation);
  }
  unknown_value(evaluation, use, 0, focus, value);
}

static enum answer matches(struct run *run, const struct key_declaration *declaration,
                           xmlNode *node) {
  enum answer answer = ANSWER_NO;
  for (size_t i = 0; i < declaration->alternative_count && answer != ANSWER_YES; i++) {
    xmlElementType kind;
    const char *name;
    matcher_target(declaration->alternatives[i], &kind, &name);
    if ((kind != 0 && kind != node->type) ||
        (name != NULL && !text_equal(name, (const char *)node->name)))
      continue;
    enum answer one = run_match(run, declaration->alternatives[i], node);
    if (one != ANSWER_NO) answer = one;
  }
  return answer;
}

/* ---- Building -------------------------------------------------------------- */

static void add_value(struct key_state *state, const char *value, xmlNode *node, bool sure) {
  if (!sure) state->doubtful = true;
  key_index_add(sure ? state->sure : state->maybe, value, node);
}

static void add_members(struct evaluation *evaluation, struct key_state *state,
                        const struct value *value, xmlNode *node, bool sure) {
  for (size_t i = 0; i < value->count; i++) {
    const struct member *member = &value->items[i];
    bool known = text_known(evaluation, member->node);
    if (!known) state->wild = true;
    xmlChar *text = xmlXPathCastNodeToString(member->node);
    add_value(state, (const char *)text, node, sure && known && member->sure);
    xmlFree(text);
  }
  if (value->open) state->wild = true;
}

static void add_node(struct evaluation *evaluation, struct key_state *state,
                     const struct key_declaration *declaration, xmlNode *node) {
  evaluation_reset(evaluation);
  evaluation->current = node;
  enum answer answer = matches(evaluation->run, declaration, node);
  if (answer == ANSWER_NO) return;
  struct value value = {0};
  if (!evaluation->failed) use_of(evaluation, declaration, node, &value);
  bool sure = answer == ANSWER_YES;
  if (!evaluation->failed && value.nodes) {
    add_members(evaluation, state, &value, node, sure);
  } else if (!evaluation->failed && value.object != NULL) {
    xmlChar *text = xmlXPathCastToString(value.object);
    add_value(state, (const char *)text, node, sure);
    xmlFree(text);
  } else {
    state->wild = true;
  }
  if (evaluation->failed && state->error == NULL) state->error = alloc_text(evaluation->error);
  causes_add_all(&state->causes, &evaluation->causes);
  value_dispose(&value);
}

static bool wants_attributes(const struct key_declaration *declaration) {
  for (size_t i = 0; i < declaration->alternative_count; i++) {
    xmlElementType kind;
    const char *name;
    matcher_target(declaration->alternatives[i], &kind, &name);
    if (kind == XML_ATTRIBUTE_NODE || kind == 0) return true;
  }
  return false;
}

/* When all that the declaration can match was surveyed. */
static bool is_surveyed(const struct run *run, const struct key_declaration *declaration) {
  for (size_t i = 0; i < declaration->alternative_count; i++) {
    xmlElementType kind;
    const char *name;
    matcher_target(declaration->alternatives[i], &kind, &name);
    if (kind != XML_ELEMENT_NODE || !survey_has(run, name)) return false;
  }
  return true;
}

static void walk_surveyed(struct evaluation *evaluation, struct key_state *state,
                          const struct key_declaration *declaration) {
  const struct survey *survey = &evaluation->run->survey;
  for (size_t i = 0; i < survey->count && state->error == NULL; i++)
    add_node(evaluation, state, declaration, survey->elements[i]);
}

static void walk(struct evaluation *evaluation, struct key_state *state,
                 const struct key_declaration *declaration, xmlNode *top) {
  struct run *run = evaluation->run;
  bool attributes = wants_attributes(declaration);
  for (xmlNode *node = top; node != NULL && state->error == NULL;) {
    bool is_mark = run->marks != NULL && run_is_mark(run, node);
    if (!is_mark) add_node(evaluation, state, declaration, node);
    if (attributes && !is_mark && node->type == XML_ELEMENT_NODE)
      for (xmlAttr *each = node->properties; each != NULL; each = each->next)
        add_node(evaluation, state, declaration, (xmlNode *)each);
    node = run_next(node, top, !is_mark);
  }
}

static void build(struct evaluation *evaluation, const struct key *key, struct key_state *state,
                  const xmlDoc *document) {
  struct run *run = evaluation->run;
  bool own = document == run->document;
  struct frame frame;
  evaluation_enter(evaluation, &frame, &run->schema->scope, (xmlNode *)document);
  state->sure = key_index_new();
  state->maybe = key_index_new();
  for (size_t i = 0; i < key->count; i++) {
    const struct key_declaration *declaration = &key->declarations[i];
    if (own && is_surveyed(run, declaration))
      walk_surveyed(evaluation, state, declaration);
    else
      walk(evaluation, state, declaration, (xmlNode *)document);
    for (size_t j = 0; own && j < declaration->alternative_count; j++)
      if (hidden_nodes(run, declaration->alternatives[j], &state->causes)) state->hidden = true;
  }
  state->exact = !state->doubtful && !state->wild && !state->hidden;
  state->unique = key->unique && key->count == 1;
  evaluation_leave(evaluation, &frame);
}

/* Nodes that the schema or a function made have no keys: for them, those of the
 * run's document are asked. */
static const xmlDoc *keyed_document(const struct run *run, const xmlNode *at) {
  const xmlDoc *document = evaluation_document(run, at);
  bool read = library_owns(run->library, document) ||
              (run->home != NULL && document == run->home->document);
  return read ? document : run->document;
}

static struct key_state *state_of(struct run *run, size_t number, const xmlDoc *document) {
  for (size_t i = 0; i < run->key_set_count; i++)
    if (run->key_sets[i].document == document) return &run->key_sets[i].states[number];
  struct key_set set = {document, alloc_array(run->schema->key_count + 1, sizeof *set.states)};
  ARRAY_PUSH(run->key_sets, run->key_set_count, run->key_set_capacity) = set;
  return &set.states[number];
}

static struct key_state *key_ready(struct evaluation *evaluation, const char *name,
                                   const xmlNode *at) {
  struct run *run = evaluation->run;
  size_t number = (size_t)map_get(run->schema->key_numbers, name);
  if (number == 0) {
    evaluation_error(evaluation, "there is no xsl:key '%s'", name);
    return NULL;
  }
  const xmlDoc *document = keyed_document(run, at);
  struct key_state *state = state_of(run, number - 1, document);
  if (state->state == KEY_BUSY) {
    evaluation_error(evaluation, "the key '%s' depends on itself", name);
    return NULL;
  }
  if (state->state == KEY_NEW) {
    state->state = KEY_BUSY;
    build(evaluation, &run->schema->keys[number - 1], state, document);
    state->state = KEY_DONE;
  }
  if (state->error == NULL) return state;
  evaluation_fail(evaluation, state->error);
  return NULL;
}

/* ---- Looking up ------------------------------------------------------------ */

static void look_up_text(struct key_state *state, const char *text, bool sure, struct value *found,
                         struct pointers *seen) {
  for (int pass = 0; pass < 2; pass++) { /* sure ones first: the first of a node stays */
    const struct key_nodes *nodes = key_index_find(pass == 0 ? state->sure : state->maybe, text);
    for (size_t i = 0; nodes != NULL && i < nodes->count; i++) {
      void **place = pointers_at(seen, nodes->nodes[i]);
      bool certain = sure && pass == 0;
      if (*place == NULL) {
        value_add(found, nodes->nodes[i], certain);
        *place = (void *)found->count;
      } else if (certain) {
        found->items[(size_t)*place - 1].sure = true;
      }
    }
  }
}

/* Could nodes that nobody sees, or whose value is not known, have this one? */
static bool may_have_others(const struct key_state *state, const char *text, bool sure) {
  if (!state->wild && !state->hidden) return false;
  return !(state->unique && sure && key_index_find(state->sure, text) != NULL);
}

void keys_value(struct evaluation *evaluation, const char *name, const xmlNode *at,
                const struct value *wanted, struct value *found) {
  found->nodes = true;
  struct key_state *state = key_ready(evaluation, name, at);
  if (state == NULL) return;
  struct pointers seen = {0};
  bool others = false;
  for (size_t i = 0; i < wanted->count; i++) {
    xmlChar *text = xmlXPathCastNodeToString(wanted->items[i].node);
    look_up_text(state, (const char *)text, wanted->items[i].sure, found, &seen);
    others |= may_have_others(state, (const char *)text, wanted->items[i].sure);
    xmlFree(text);
  }
  if (wanted->object != NULL) {
    xmlChar *text = xmlXPathCastToString(wanted->object);
    look_up_text(state, (const char *)text, true, found, &seen);
    others |= may_have_others(state, (const char *)text, true);
    xmlFree(text);
  }
  pointers_dispose(&seen);
  found->open = wanted->open || (!wanted->nodes && wanted->object == NULL) || others;
  if (!value_known(found)) causes_add_all(&evaluation->causes, &state->causes);
}

/* The nodes of an index stand in document order without doubles: the set takes them as
 * they are, in one piece, since many nodes may share a value and ask for it each. */
static void fill_set(xmlNodeSetPtr set, const struct key_nodes *nodes) {
  if (nodes == NULL || nodes->count == 0 || nodes->count > INT_MAX) return;
  xmlNodePtr *table = xmlMalloc(nodes->count * sizeof *table);
  memcpy(table, nodes->nodes, nodes->count * sizeof *table);
  xmlFree(set->nodeTab);
  set->nodeTab = table;
  set->nodeNr = set->nodeMax = (int)nodes->count;
}

static xmlXPathObjectPtr part_of(struct key_nodes nodes, enum key_part part, size_t place) {
  if (part == KEY_COUNT) return xmlXPathNewFloat((double)nodes.count);
  bool one = part == KEY_AT && place >= 1 && place <= nodes.count;
  xmlXPathObjectPtr result = xmlXPathNewNodeSet(one ? nodes.nodes[place - 1] : NULL);
  if (result->nodesetval == NULL) result->nodesetval = xmlXPathNodeSetCreate(NULL);
  if (part == KEY_NODES) fill_set(result->nodesetval, &nodes);
  return result;
}

/* Nothing is open and one text is asked for: as it mostly is. */
static xmlXPathObjectPtr look_up_plainly(const struct key_state *state, xmlXPathObjectPtr object,
                                         enum key_part part, size_t place) {
  xmlChar *text = xmlXPathCastToString(object);
  const struct key_nodes *found = key_index_find(state->sure, (const char *)text);
  xmlFree(text);
  return part_of(found == NULL ? (struct key_nodes){0} : *found, part, place);
}

static bool is_one_text(xmlXPathObjectPtr object) {
  if (object->type == XPATH_NODESET)
    return object->nodesetval != NULL && object->nodesetval->nodeNr == 1;
  return object->type == XPATH_STRING || object->type == XPATH_NUMBER;
}

bool keys_found(struct evaluation *evaluation, const char *name, const xmlNode *at,
                const struct value *wanted) {
  const struct key_state *state = key_ready(evaluation, name, at);
  bool found = false;
  for (size_t i = 0; state != NULL && i < wanted->count && !found; i++) {
    if (!wanted->items[i].sure) continue;
    xmlChar *text = xmlXPathCastNodeToString(wanted->items[i].node);
    found = key_index_find(state->sure, (const char *)text) != NULL;
    xmlFree(text);
  }
  if (state == NULL || wanted->object == NULL) return found;
  xmlChar *text = xmlXPathCastToString(wanted->object);
  found = key_index_find(state->sure, (const char *)text) != NULL;
  xmlFree(text);
  return found;
}

xmlXPathObjectPtr keys_look_up(struct evaluation *evaluation, const char *name, const xmlNode *at,
                               xmlXPathObjectPtr object, enum key_part part, size_t place) {
  const struct key_state *state = key_ready(evaluation, name, at);
  if (state != NULL && state->exact && is_one_text(object))
    return look_up_plainly(state, object, part, place);
  struct value wanted = {0}, found = {0};
  value_take_object(&wanted, xmlXPathObjectCopy(object));
  keys_value(evaluation, name, at, &wanted, &found);
  if (!value_known(&found)) evaluation->unknown = true;
  xmlXPathObjectPtr result = xmlXPathNewNodeSet(NULL);
  if (result->nodesetval == NULL) result->nodesetval = xmlXPathNodeSetCreate(NULL);
  for (size_t i = 0; i < found.count; i++)
    xmlXPathNodeSetAddUnique(result->nodesetval, found.items[i].node);
  value_dispose(&wanted);
  value_dispose(&found);
  if (part == KEY_NODES) return result;
  if (part == KEY_AT) xmlXPathNodeSetSort(result->nodesetval);
  struct key_nodes nodes = {result->nodesetval->nodeTab, (size_t)result->nodesetval->nodeNr, 0};
  xmlXPathObjectPtr piece = part_of(nodes, part, place);
  xmlXPathFreeObject(result);
  return piece;
}

static enum answer has_value(struct evaluation *evaluation, const struct value *value,
                             const char *text) {
  if (!value->nodes && value->object == NULL) return ANSWER_UNKNOWN;
  enum answer answer = value->open ? ANSWER_UNKNOWN : ANSWER_NO;
  if (value->object != NULL) {
    xmlChar *own = xmlXPathCastToString(value->object);
    if (text_equal((const char *)own, text)) answer = ANSWER_YES;
    xmlFree(own);
  }
  for (size_t i = 0; i < value->count && answer != ANSWER_YES; i++) {
    bool known = text_known(evaluation, value->items[i].node);
    xmlChar *own = xmlXPathCastNodeToString(value->items[i].node);
    bool equal = text_equal((const char *)own, text);
    xmlFree(own);
    if (equal && known && value->items[i].sure)
      answer = ANSWER_YES;
    else if (equal || !known)
      answer = ANSWER_UNKNOWN;
  }
  return answer;
}

static enum answer both(enum answer a, enum answer b) {
  if (a == ANSWER_NO || b == ANSWER_NO) return ANSWER_NO;
  return a == ANSWER_YES ? b : a;
}

/* In a frame of its own: this is asked in the middle of matching a context. */
static enum answer declared(struct evaluation *evaluation,
                            const struct key_declaration *declaration, const char *text,
                            xmlNode *node) {
  struct frame frame;
  struct causes causes = {0};
  char error[sizeof evaluation->error] = "";
  evaluation_enter(evaluation, &frame, &evaluation->run->schema->scope, node);
  enum answer answer = matches(evaluation->run, declaration, node);
  struct value value = {0};
  if (answer != ANSWER_NO && !evaluation->failed) {
    use_of(evaluation, declaration, node, &value);
    answer = both(answer, has_value(evaluation, &value, text));
  }
  value_dispose(&value);
  causes_add_all(&causes, &evaluation->causes);
  if (evaluation->failed) {
    memcpy(error, evaluation->error, sizeof error);
    answer = ANSWER_UNKNOWN;
  }
  evaluation_leave(evaluation, &frame);
  if (error[0] != '\0') evaluation_fail(evaluation, error);
  if (answer == ANSWER_UNKNOWN) causes_add_all(&evaluation->causes, &causes);
  causes_dispose(&causes);
  return answer;
}

enum answer keys_front(struct evaluation *evaluation, const char *name, const char *value,
                       xmlNode *node) {
  const struct schema *schema = evaluation->run->schema;
  size_t number = (size_t)map_get(schema->key_numbers, name);
  if (number == 0) return ANSWER_NO; /* refused when the schema was loaded */
  const struct key *key = &schema->keys[number - 1];
  enum answer answer = ANSWER_NO;
  for (size_t i = 0; i < key->count && answer != ANSWER_YES; i++) {
    enum answer one = declared(evaluation, &key->declarations[i], value, node);
    if (one != ANSWER_NO) answer = one;
  }
  return answer;
}

static void drop_states(const struct run *run, struct key_state *states) {
  for (size_t i = 0; i < run->schema->key_count; i++) {
    struct key_state *state = &states[i];
    if (state->sure != NULL) key_index_free(state->sure);
    if (state->maybe != NULL) key_index_free(state->maybe);
    causes_dispose(&state->causes);
    alloc_free(state->error);
  }
  alloc_free(states);
}

void keys_dispose(struct run *run) {
  for (size_t i = 0; i < run->key_set_count; i++)
    drop_states(run, run->key_sets[i].states);
  alloc_free(run->key_sets);
}
