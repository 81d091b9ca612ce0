/* str:tokenize, str:split and str:replace (EXSLT strings) and exsl:node-set:
 * libexslt has them only inside a transformation. */
#include "schematron/run_state.h"

#include "base/text.h"

#include <libxml/xpathInternals.h>
#include <string.h>

enum { ITEMS_MOST = 1000000, TEXT_MOST = 64 * 1024 * 1024 };

bool items_begin(struct items *items, struct evaluation *evaluation, const char *name) {
  *items = (struct items){.evaluation = evaluation,
                          .name = name,
                          .document = scratch_new(evaluation),
                          .nodes = xmlXPathNodeSetCreate(NULL)};
  return items->document != NULL;
}

void items_add(struct items *items, const char *text, size_t size) {
  if (items->document == NULL || items->evaluation->failed) return;
  if (++items->count > ITEMS_MOST) {
    evaluation_error(items->evaluation, "too many pieces of one text");
    return;
  }
  xmlNode *element = xmlNewDocNode(items->document, NULL, BAD_CAST items->name, NULL);
  xmlAddChild(element, xmlNewDocTextLen(items->document, BAD_CAST text, (int)size));
  xmlAddChild((xmlNode *)items->document, element);
  xmlXPathNodeSetAddUnique(items->nodes, element);
}

xmlXPathObjectPtr items_end(struct items *items) {
  return xmlXPathWrapNodeSet(items->nodes);
}

/* Bytes of the character that begins here. */
static size_t character_size(const char *text) {
  size_t size = 1;
  while (((unsigned char)text[size] & 0xC0) == 0x80)
    size++;
  return size;
}

static void add_characters(struct items *items, const char *text) {
  for (size_t size; *text != '\0'; text += size) {
    size = character_size(text);
    items_add(items, text, size);
  }
}

/* ---- Cutting --------------------------------------------------------------- */

static bool is_among(const char *set, const char *character, size_t size) {
  for (; *set != '\0'; set += character_size(set))
    if (memcmp(set, character, size) == 0 && character_size(set) == size) return true;
  return false;
}

static void tokenize(struct items *items, const char *text, const char *delimiters) {
  const char *start = text;
  for (size_t size; *text != '\0'; text += size) {
    size = character_size(text);
    if (!is_among(delimiters, text, size)) continue;
    if (text > start) items_add(items, start, (size_t)(text - start));
    start = text + size;
  }
  if (text > start) items_add(items, start, (size_t)(text - start));
}

static void split(struct items *items, const char *text, const char *delimiter) {
  size_t size = strlen(delimiter);
  for (const char *found; (found = strstr(text, delimiter)) != NULL; text = found + size)
    if (found > text) items_add(items, text, (size_t)(found - text));
  if (*text != '\0') items_add(items, text, strlen(text));
}

/* With an empty second argument every character is a piece. */
static void cut(xmlXPathParserContextPtr ctxt, int nargs, const char *usual,
                void (*cutter)(struct items *, const char *, const char *)) {
  if (nargs != 1 && nargs != 2) XP_ERROR(XPATH_INVALID_ARITY);
  xmlChar *delimiter = nargs == 2 ? xmlXPathPopString(ctxt) : xmlStrdup(BAD_CAST usual);
  xmlChar *text = xmlXPathPopString(ctxt);
  struct items items;
  if (items_begin(&items, evaluation_of(ctxt), "token") && text != NULL && delimiter != NULL) {
    if (delimiter[0] == '\0')
      add_characters(&items, (const char *)text);
    else
      cutter(&items, (const char *)text, (const char *)delimiter);
  }
  xmlFree(text);
  xmlFree(delimiter);
  valuePush(ctxt, items_end(&items));
}

void call_tokenize(xmlXPathParserContextPtr ctxt, int nargs) {
  cut(ctxt, nargs, "\t\r\n ", tokenize);
}

void call_split(xmlXPathParserContextPtr ctxt, int nargs) {
  cut(ctxt, nargs, " ", split);
}

/* ---- Replacing ------------------------------------------------------------- */

struct texts {
  char **items;
  size_t count, capacity;
};

/* One text, or one of each node. */
static void take_texts(struct texts *texts, xmlXPathObjectPtr object) {
  bool set = object != NULL && object->type == XPATH_NODESET;
  int count = !set ? 1 : object->nodesetval == NULL ? 0 : object->nodesetval->nodeNr;
  for (int i = 0; i < count; i++) {
    xmlChar *text = set ? xmlXPathCastNodeToString(object->nodesetval->nodeTab[i])
                        : xmlXPathCastToString(object);
    ARRAY_PUSH(texts->items, texts->count, texts->capacity) = alloc_text((const char *)text);
    xmlFree(text);
  }
}

static void drop_texts(struct texts *texts) {
  for (size_t i = 0; i < texts->count; i++)
    alloc_free(texts->items[i]);
  alloc_free(texts->items);
}

/* The longest that stands here; `size` is 0 when none does. */
static size_t longest_at(const struct texts *wanted, const char *text, size_t *size) {
  size_t best = 0;
  *size = 0;
  for (size_t i = 0; i < wanted->count; i++) {
    size_t each = strlen(wanted->items[i]);
    if (each <= *size || !text_starts(text, wanted->items[i])) continue;
    *size = each;
    best = i;
  }
  return best;
}

/* A single replacement stands for all; where there are too few, nothing is put in. */
static void replace(struct buffer *out, const char *text, const struct texts *wanted,
                    const struct texts *given, bool given_set) {
  while (*text != '\0' && !out->overflowed) {
    size_t size, which = longest_at(wanted, text, &size);
    if (size == 0) {
      buffer_add_char(out, *text++);
      continue;
    }
    if (!given_set) which = 0;
    if (which < given->count) buffer_add_text(out, given->items[which]);
    text += size;
  }
}

void call_replace(xmlXPathParserContextPtr ctxt, int nargs) {
  CHECK_ARITY(3);
  xmlXPathObjectPtr put = valuePop(ctxt), search = valuePop(ctxt);
  xmlChar *text = xmlXPathPopString(ctxt);
  struct texts wanted = {0}, given = {0};
  take_texts(&wanted, search);
  take_texts(&given, put);
  struct buffer out = buffer_make(TEXT_MOST);
  if (text != NULL)
    replace(&out, (const char *)text, &wanted, &given, put != NULL && put->type == XPATH_NODESET);
  if (out.overflowed) evaluation_error(evaluation_of(ctxt), "the text is too long");
  valuePush(ctxt, xmlXPathNewCString(buffer_text(&out)));
  buffer_dispose(&out);
  drop_texts(&wanted);
  drop_texts(&given);
  xmlFree(text);
  xmlXPathFreeObject(put);
  xmlXPathFreeObject(search);
}

/* ---- exsl:node-set --------------------------------------------------------- */

/* Node-sets stay what they are; anything else becomes one text node. */
void call_node_set(xmlXPathParserContextPtr ctxt, int nargs) {
  CHECK_ARITY(1);
  if (ctxt->value == NULL || ctxt->value->type == XPATH_NODESET ||
      ctxt->value->type == XPATH_XSLT_TREE)
    return;
  xmlChar *text = xmlXPathPopString(ctxt);
  xmlDoc *document = scratch_new(evaluation_of(ctxt));
  xmlNode *node = NULL;
  if (document != NULL && text != NULL)
    node = xmlAddChild((xmlNode *)document, xmlNewDocText(document, text));
  xmlFree(text);
  valuePush(ctxt, xmlXPathNewNodeSet(node));
}
