/* The one file that calls the XML parser: libxml2's SAX2 handlers build the
 * ordinary tree, wrapped so that every element and attribute gets its place. */
#include "base/xml_source.h"

#include "base/shared_text.h"
#include "base/text.h"
#include "base/xml_gate.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum {
  NAMES_PER_DOCUMENT = 50000,
  NAMES_PER_DICTIONARY = 200000,
  NAMESPACES_IN_SCOPE = 100,
};

/* A place in the text that only moves forward, so counting lines is linear. */
struct place {
  const char *at, *line_start;
  unsigned line;
};

struct builder {
  const char *text, *end;
  struct place place;
  uint32_t source;
  bool edited;
  size_t names_before; /* in the dictionary */
  int namespaces;      /* declared by the open elements */
  bool failed;
  struct xml_failure *failure;
};

static void move_to(struct place *place, const char *target) {
  const char *next;
  while ((next = memchr(place->at, '\n', (size_t)(target - place->at)))) {
    place->line++;
    place->at = place->line_start = next + 1;
  }
  place->at = target;
}

static void *origin_at(struct builder *builder, const char *target) {
  struct place *place = &builder->place;
  move_to(place, target);
  return origin_pack(
      (struct origin){builder->source, place->line, (unsigned)(target - place->line_start) + 1});
}

static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The first failure stands; the parser does not go on behind it, because the
 * gate vouches only for what is well-formed. */
static void fail(xmlParserCtxt *parser, const char *message, bool refused) {
  struct builder *builder = parser->_private;
  if (builder->failed) return;
  builder->failed = true;
  struct xml_failure *failure = builder->failure;
  *failure = (struct xml_failure){.refused = refused};
  size_t size = strlen(message);
  while (size && is_blank(message[size - 1]))
    size--;
  char *line = alloc_text_n(message, size);
  char *printable = text_printable(line, sizeof failure->message - 1);
  snprintf(failure->message, sizeof failure->message, "%s", printable);
  alloc_free(printable);
  alloc_free(line);
  const char *at = parser->input ? (const char *)parser->input->cur : builder->text;
  if (at < builder->text || at > builder->end) at = builder->place.at;
  xml_gate_place(builder->text, (size_t)(at - builder->text), &failure->line, &failure->column);
  /* No markup ends behind it: what is there is the stump of the last. */
  failure->at_end = !refused && !memchr(at, '>', (size_t)(builder->end - at));
  xmlStopParser(parser);
}

/* libxml2's messages quote what it met, and that can be a piece of a password whose
 * quotes are broken. Only element names of a tag mismatch are repeated. */
static const char *message_of(int code, const char *message) {
  static const struct {
    int code;
    const char *message;
  } own[] = {
      {XML_ERR_UNDECLARED_ENTITY, "an entity is not defined"},
      {XML_WAR_UNDECLARED_ENTITY, "an entity is not defined"},
      {XML_ERR_ATTRIBUTE_WITHOUT_VALUE, "an attribute has no value"},
      {XML_ERR_ATTRIBUTE_REDEFINED, "an attribute stands twice in one element"},
      {XML_ERR_ENTITYREF_SEMICOL_MISSING, "an entity reference does not end in ';'"},
      {XML_ERR_INVALID_CHARREF, "a character reference is not valid"},
      {XML_ERR_INVALID_CHAR, "a character that XML does not allow"},
      {XML_NS_ERR_UNDEFINED_NAMESPACE, "a namespace prefix is not declared"},
  };
  for (size_t i = 0; i < sizeof own / sizeof *own; i++)
    if (own[i].code == code) return own[i].message;
  bool quotes = message && strpbrk(message, "'\"");
  if (!message || (quotes && code != XML_ERR_TAG_NAME_MISMATCH && code != XML_ERR_LT_IN_ATTRIBUTE &&
                   code != XML_ERR_ATTRIBUTE_NOT_STARTED && code != XML_ERR_GT_REQUIRED))
    return "not well-formed";
  return message;
}

#if LIBXML_VERSION >= 21200
static void on_error(void *context, const xmlError *error) {
#else
static void on_error(void *context, xmlError *error) {
#endif
  if (error->level != XML_ERR_FATAL) return;
  struct builder *builder = ((xmlParserCtxt *)context)->_private;
  if (builder->failed) return;
  fail(context, message_of(error->code, error->message), false);
  if (error->code == XML_ERR_DOCUMENT_END)
    builder->failure->at_end = false; /* something stands behind the end */
}

/* Files of this field have none, and the gate has refused it already. */
static void on_doctype(void *context, const xmlChar *name, const xmlChar *public_id,
                       const xmlChar *system_id) {
  (void)name, (void)public_id, (void)system_id;
  fail(context, "it has a DOCTYPE, which files of this kind never have", true);
}

/* The attribute that starts at or after `at` inside a tag: its name, and where
 * to look for the next. False at the end of the tag. */
static bool next_attribute(const char **at, const char *end, struct span *name) {
  const char *c = *at;
  while (c < end && is_blank(*c))
    c++;
  name->start = c;
  while (c < end && *c != '=' && *c != '>' && *c != '/' && !is_blank(*c))
    c++;
  name->size = (size_t)(c - name->start);
  if (name->size == 0) return false;
  while (c < end && (is_blank(*c) || *c == '='))
    c++;
  const char *close = c < end ? memchr(c + 1, *c, (size_t)(end - c) - 1) : NULL;
  *at = close ? close + 1 : end;
  return true;
}

/* `a` as written may be prefix:a. */
static bool is_named(struct span written, const char *name) {
  size_t size = strlen(name);
  if (written.size < size || memcmp(written.start + written.size - size, name, size) != 0)
    return false;
  return written.size == size || written.start[written.size - size - 1] == ':';
}

static bool is_namespace(struct span written) {
  return written.size >= 5 && memcmp(written.start, "xmlns", 5) == 0 &&
         (written.size == 5 || written.start[5] == ':');
}

static void share_text(xmlAttr *attribute) {
  xmlNode *own = attribute->children;
  if (!own || own->next || own->type != XML_TEXT_NODE || !own->content) return;
  const char *value = (const char *)own->content;
  xmlNode *shared = shared_text(value, strlen(value));
  if (!shared) return;
  attribute->children = attribute->last = shared;
  xmlFreeNode(own);
}

/* What SAX2 tells of an attribute: its name, prefix, namespace, and the value from here to
 * there, which mostly stands in the text itself. */
enum { TOLD_NAME, TOLD_PREFIX, TOLD_URI, TOLD_START, TOLD_END, TOLD };

static bool is_within(const char *at, const char *start, const char *end) {
  return (uintptr_t)at > (uintptr_t)start && (uintptr_t)at < (uintptr_t)end;
}

/* Where the name of this attribute stands; NULL when its value was put together. */
static const char *place_of_told(const xmlChar **told, const char *tag, const char *end) {
  const char *at = (const char *)told[TOLD_START];
  if (!is_within(at, tag, end)) return NULL;
  size_t size = strlen((const char *)told[TOLD_NAME]);
  if (told[TOLD_PREFIX]) size += strlen((const char *)told[TOLD_PREFIX]) + 1;
  at--; /* the quote */
  while (at > tag && (is_blank(at[-1]) || at[-1] == '='))
    at--;
  return (size_t)(at - tag) > size && is_blank(at[-1 - (ptrdiff_t)size]) ? at - size : NULL;
}

/* The usual tag: on one line, and every value as it is written. */
static bool place_plainly(struct builder *builder, xmlNode *element, const char *tag,
                          const char *end, int count, const xmlChar **told) {
  if (memchr(tag, '\n', (size_t)(end - tag))) return false;
  struct origin origin = origin_unpack(element->_private);
  for (xmlAttr *each = element->properties; each; each = each->next, told += TOLD) {
    const char *at = count-- > 0 ? place_of_told(told, tag, end) : NULL;
    if (!at) return false;
    origin.column = (unsigned)(at - builder->place.line_start) + 1;
    each->_private = origin_pack(origin);
  }
  return true;
}

/* The attributes stand in the tree in the order of the tag, less the namespace
 * declarations. One whose place is not found has its element's. */
static void place_attributes(struct builder *builder, xmlNode *element, const char *tag,
                             const char *end) {
  const char *at = tag + 1;
  while (at < end && *at != '/' && !is_blank(*at))
    at++;
  struct span written;
  xmlAttr *attribute = element->properties;
  for (; attribute && next_attribute(&at, end, &written);) {
    const char *name = (const char *)attribute->name;
    if (is_namespace(written) ? !span_equal(written, name) : !is_named(written, name)) continue;
    attribute->_private = origin_at(builder, written.start);
    attribute = attribute->next;
  }
  for (; attribute; attribute = attribute->next)
    attribute->_private = element->_private;
}

static void check_names(xmlParserCtxt *parser, struct builder *builder) {
  size_t names = (size_t)xmlDictSize(parser->dict);
  if (names == builder->names_before) return;
  if (names - builder->names_before > NAMES_PER_DOCUMENT || names > NAMES_PER_DICTIONARY)
    fail(parser, "it has too many different names of elements and attributes", true);
}

static void on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int namespace_count, const xmlChar **namespaces, int count, int defaulted,
                     const xmlChar **attributes) {
  xmlParserCtxt *parser = context;
  struct builder *builder = parser->_private;
  const char *end = (const char *)parser->input->cur;
  builder->namespaces += namespace_count;
  if (builder->namespaces > NAMESPACES_IN_SCOPE) {
    fail(parser, "it has more than 100 namespace declarations in scope", true);
    return;
  }
  xmlSAX2StartElementNs(context, name, prefix, uri, namespace_count, namespaces, count, defaulted,
                        attributes);
  if (builder->failed || !parser->node) return;
  /* A well-formed tag has no < but its first. */
  const char *tag = end;
  if (count > 0 && is_within((const char *)attributes[TOLD_START], builder->place.at, end))
    tag = (const char *)attributes[TOLD_START];
  while (tag > builder->place.at && *tag != '<')
    tag--;
  parser->node->_private = origin_at(builder, tag);
  if (parser->node->properties &&
      !place_plainly(builder, parser->node, tag, end, count, attributes))
    place_attributes(builder, parser->node, tag, end);
  for (xmlAttr *each = parser->node->properties; each && builder->source && !builder->edited;
       each = each->next)
    share_text(each); /* of artifacts: nobody edits them */
  check_names(parser, builder);
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
  xmlParserCtxt *parser = context;
  struct builder *builder = parser->_private;
  if (parser->node)
    for (const xmlNs *ns = parser->node->nsDef; ns; ns = ns->next)
      builder->namespaces--;
  xmlSAX2EndElementNs(context, name, prefix, uri);
}

static void share_dictionary(xmlParserCtxt *parser, xmlDict *dict) {
  if (!dict) return;
  xmlDictFree(parser->dict);
  parser->dict = dict;
  xmlDictReference(dict);
}

static void set_handlers(xmlParserCtxt *parser, const struct xml_source_options *options) {
  int flags = XML_PARSE_NONET | XML_PARSE_COMPACT | XML_PARSE_NOCDATA | XML_PARSE_IGNORE_ENC;
  xmlCtxtUseOptions(parser, flags | (options->keep_blanks ? 0 : XML_PARSE_NOBLANKS));
  parser->sax->startElementNs = on_start;
  parser->sax->endElementNs = on_end;
  parser->sax->internalSubset = on_doctype;
  parser->sax->serror = on_error;
  if (options->keep_comments) return;
  parser->sax->comment = NULL;
  parser->sax->processingInstruction = NULL;
}

/* The parser reads from our bytes: an input stream without a buffer of its own
 * neither copies nor moves them. */
static void push_input(xmlParserCtxt *parser, const char *text, size_t size) {
  xmlParserInput *input = xmlNewInputStream(parser);
  input->base = input->cur = (const xmlChar *)text;
  input->end = input->base + size;
  input->length = (int)size;
  inputPush(parser, input);
}

xmlDoc *xml_source_parse(const char *text, size_t size, const struct xml_source_options *options,
                         struct xml_failure *failure) {
  static const struct xml_source_options plain = {0};
  if (!options) options = &plain;
  if (!xml_gate_passes(text, size, failure)) return NULL;
  xmlParserCtxt *parser = xmlNewParserCtxt();
  share_dictionary(parser, options->dict);
  struct builder builder = {
      .text = text,
      .end = text + size,
      .place = {.at = text, .line_start = text, .line = 1},
      .source = options->source,
      .edited = options->edited,
      .names_before = (size_t)xmlDictSize(parser->dict),
      .failure = failure,
  };
  parser->_private = &builder;
  set_handlers(parser, options);
  push_input(parser, text, size);
  xmlParseDocument(parser);
  if (!builder.failed && (!parser->wellFormed || !parser->myDoc)) fail(parser, "not XML", false);
  xmlDoc *document = parser->myDoc;
  parser->myDoc = NULL;
  xmlFreeParserCtxt(parser);
  if (!builder.failed) return document;
  xmlFreeDoc(document);
  return NULL;
}

/* Behind a DOCTYPE, its internal subset included. */
static const char *skip_doctype(const char *at, const char *end) {
  const char *close = memchr(at, '>', (size_t)(end - at));
  const char *subset = memchr(at, '[', (size_t)((close ? close : end) - at));
  if (subset) {
    const char *subset_end = memchr(subset, ']', (size_t)(end - subset));
    close = subset_end ? memchr(subset_end, '>', (size_t)(end - subset_end)) : NULL;
  }
  return close ? close + 1 : end;
}

static const char *skip_past(const char *at, const char *end, const char *what) {
  const char *found = xml_gate_find(at, end, what);
  return found ? found + strlen(what) : end;
}

static void copy_local_name(const char *at, const char *end, char name[64]) {
  size_t size = 0;
  for (; at < end && !is_blank(*at) && !strchr("<>/='\"&;", *at); at++) {
    if (*at == ':')
      size = 0;
    else if (size < 63)
      name[size++] = *at;
  }
  name[at < end ? size : 0] = '\0';
}

void xml_source_sniff(const char *text, size_t size, char name[64]) {
  const char *at = text, *end = text + size;
  name[0] = '\0';
  for (;;) {
    while (at < end && is_blank(*at))
      at++;
    if (end - at < 2 || *at != '<') return;
    if (at[1] == '?') {
      at = skip_past(at + 2, end, "?>");
    } else if (at[1] != '!') {
      copy_local_name(at + 1, end, name);
      return;
    } else if (end - at >= 4 && at[2] == '-' && at[3] == '-') {
      at = skip_past(at + 4, end, "-->");
    } else {
      at = skip_doctype(at, end);
    }
  }
}

static xmlParserInput *refuse_entity(const char *url, const char *id, xmlParserCtxt *parser) {
  (void)url, (void)id, (void)parser;
  return NULL;
}

static void PRINTF_LIKE(2, 3) say_nothing(void *context, const char *format, ...) {
  (void)context, (void)format;
}

#if LIBXML_VERSION >= 21200
static void note_nothing(void *context, const xmlError *error) {
#else
static void note_nothing(void *context, xmlError *error) {
#endif
  (void)context, (void)error;
}

void xml_source_setup(void) {
  xmlInitParser();
  xmlSetExternalEntityLoader(refuse_entity);
  xmlSetGenericErrorFunc(NULL, say_nothing);
  xmlSetStructuredErrorFunc(NULL, note_nothing);
}

void xml_source_teardown(void) {
  xmlCleanupParser();
}
