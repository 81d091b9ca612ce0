/* key(): built on first use, in one walk. Besides the nodes of each value it
 * keeps what marks leave open: nodes that may have the value, nodes whose value
 * is not known (`wild`), nodes that may be missing altogether (`hidden`). */
#include "schematron/run_state.h"

#include "base/text.h"

#include <libxml/xpathInternals.h>
#include <string.h>

/* ---- The values of one node ------------------------------------------------ */

static void use_of(struct evaluation *evaluation, const struct expression *use, xmlNode *node,
                   struct value *value) {
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
  if (!evaluation->failed) use_of(evaluation, declaration->use, node, &value);
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

static void walk(struct evaluation *evaluation, struct key_state *state,
                 const struct key_declaration *declaration) {
  struct run *run = evaluation->run;
  xmlNode *top = (xmlNode *)run->document;
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

static void build(struct evaluation *evaluation, const struct key *key, struct key_state *state) {
  struct run *run = evaluation->run;
  struct frame frame;
  evaluation_enter(evaluation, &frame, &run->schema->scope, (xmlNode *)run->document);
  state->sure = key_index_new();
  state->maybe = key_index_new();
  for (size_t i = 0; i < key->count; i++) {
    const struct key_declaration *declaration = &key->declarations[i];
    walk(evaluation, state, declaration);
    for (size_t j = 0; j < declaration->alternative_count; j++)
      if (hidden_nodes(run, declaration->alternatives[j], &state->causes)) state->hidden = true;
  }
  state->exact = !state->doubtful && !state->wild && !state->hidden;
  evaluation_leave(evaluation, &frame);
}

static struct key_state *key_ready(struct evaluation *evaluation, const char *name) {
  struct run *run = evaluation->run;
  size_t number = (size_t)map_get(run->schema->key_numbers, name);
  if (number == 0) {
    evaluation_error(evaluation, "there is no xsl:key '%s'", name);
    return NULL;
  }
  struct key_state *state = &run->keys[number - 1];
  if (state->state == KEY_BUSY) {
    evaluation_error(evaluation, "the key '%s' depends on itself", name);
    return NULL;
  }
  if (state->state == KEY_NEW) {
    state->state = KEY_BUSY;
    build(evaluation, &run->schema->keys[number - 1], state);
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

void keys_value(struct evaluation *evaluation, const char *name, const struct value *wanted,
                struct value *found) {
  found->nodes = true;
  struct key_state *state = key_ready(evaluation, name);
  if (state == NULL) return;
  struct pointers seen = {0};
  for (size_t i = 0; i < wanted->count; i++) {
    xmlChar *text = xmlXPathCastNodeToString(wanted->items[i].node);
    look_up_text(state, (const char *)text, wanted->items[i].sure, found, &seen);
    xmlFree(text);
  }
  if (wanted->object != NULL) {
    xmlChar *text = xmlXPathCastToString(wanted->object);
    look_up_text(state, (const char *)text, true, found, &seen);
    xmlFree(text);
  }
  pointers_dispose(&seen);
  bool asked = wanted->object != NULL || wanted->count > 0;
  found->open = wanted->open || (!wanted->nodes && wanted->object == NULL) ||
                (asked && (state->wild || state->hidden));
  if (!value_known(found)) causes_add_all(&evaluation->causes, &state->causes);
}

/* Nothing is open and one text is asked for: as it mostly is. */
static xmlXPathObjectPtr look_up_plainly(const struct key_state *state, xmlXPathObjectPtr object) {
  xmlXPathObjectPtr result = xmlXPathNewNodeSet(NULL);
  if (result->nodesetval == NULL) result->nodesetval = xmlXPathNodeSetCreate(NULL);
  xmlChar *text = xmlXPathCastToString(object);
  const struct key_nodes *nodes = key_index_find(state->sure, (const char *)text);
  for (size_t i = 0; nodes != NULL && i < nodes->count; i++)
    xmlXPathNodeSetAddUnique(result->nodesetval, nodes->nodes[i]);
  xmlFree(text);
  return result;
}

static bool is_one_text(xmlXPathObjectPtr object) {
  if (object->type == XPATH_NODESET)
    return object->nodesetval != NULL && object->nodesetval->nodeNr == 1;
  return object->type == XPATH_STRING || object->type == XPATH_NUMBER;
}

xmlXPathObjectPtr keys_look_up(struct evaluation *evaluation, const char *name,
                               xmlXPathObjectPtr object) {
  const struct key_state *state = key_ready(evaluation, name);
  if (state != NULL && state->exact && is_one_text(object)) return look_up_plainly(state, object);
  struct value wanted = {0}, found = {0};
  value_take_object(&wanted, xmlXPathObjectCopy(object));
  keys_value(evaluation, name, &wanted, &found);
  if (!value_known(&found)) evaluation->unknown = true;
  xmlXPathObjectPtr result = xmlXPathNewNodeSet(NULL);
  if (result->nodesetval == NULL) result->nodesetval = xmlXPathNodeSetCreate(NULL);
  for (size_t i = 0; i < found.count; i++)
    xmlXPathNodeSetAddUnique(result->nodesetval, found.items[i].node);
  value_dispose(&wanted);
  value_dispose(&found);
  return result;
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
    use_of(evaluation, declaration->use, node, &value);
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

void keys_dispose(struct run *run) {
  for (size_t i = 0; i < run->schema->key_count; i++) {
    struct key_state *state = &run->keys[i];
    if (state->sure != NULL) key_index_free(state->sure);
    if (state->maybe != NULL) key_index_free(state->maybe);
    causes_dispose(&state->causes);
    alloc_free(state->error);
  }
  alloc_free(run->keys);
}
