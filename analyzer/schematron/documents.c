/* Other documents of a run: files that document() and pattern/@documents name, and
 * the small ones that hold what functions make (tokens, matches). */
#include "schematron/run_state.h"

#include "base/text.h"
#include "base/xml_source.h"

#include <libxml/xpathInternals.h>
#include <string.h>

enum { FILES_MOST = 1000, SCRATCH_MOST = 1000000 };
#define BYTES_MOST ((size_t)1 << 30)

struct library {
  struct map *by_request, *by_path; /* to documents; one that cannot be read: REFUSED */
  struct pointers owned;
  xmlDoc **documents;
  size_t count, capacity, bytes;
};

static char refused;
#define REFUSED ((void *)&refused)

struct library *library_new(void) {
  struct library *library = alloc_bytes(sizeof *library);
  library->by_request = map_new();
  library->by_path = map_new();
  return library;
}

void library_free(struct library *library) {
  for (size_t i = 0; i < library->count; i++)
    xmlFreeDoc(library->documents[i]);
  alloc_free(library->documents);
  pointers_dispose(&library->owned);
  map_free(library->by_request);
  map_free(library->by_path);
  alloc_free(library);
}

bool library_owns(const struct library *library, const xmlDoc *document) {
  return document != NULL && pointers_get(&library->owned, document) != NULL;
}

/* ---- Names ----------------------------------------------------------------- */

/* What a document says may be hostile: only names that lead nowhere but down. */
static bool is_harmless(const char *href) {
  if (href[0] == '\0' || strpbrk(href, ":\\#") != NULL) return false;
  for (const char *part = href; part != NULL; part = strchr(part, '/')) {
    if (part != href) part++;
    size_t size = strcspn(part, "/");
    if (size == 0 || (size == 2 && part[0] == '.' && part[1] == '.')) return false;
  }
  return true;
}

static const char *path_of_schema_file(const struct schema *schema, const xmlDoc *document) {
  for (size_t i = 0; i < schema->file_count; i++)
    if (schema->files[i].document == document) return schema->files[i].path;
  return NULL;
}

static const xmlDoc *document_of_node(const xmlNode *node) {
  return node->type == XML_NAMESPACE_DECL ? NULL : node->doc;
}

static const char *base_of(const struct run *run, const xmlNode *node) {
  const xmlDoc *document = document_of_node(node);
  const char *path = path_of_schema_file(run->schema, document);
  if (path != NULL) return path;
  return document == NULL ? NULL : (const char *)document->URL;
}

/* ---- Reading --------------------------------------------------------------- */

static xmlDoc *parse(struct evaluation *evaluation, const char *href, const char *path,
                     const char *text, size_t size) {
  struct library *library = evaluation->run->library;
  struct xml_source_options options = {.keep_blanks = true, .keep_comments = true};
  struct xml_failure failure = {.message = ""};
  if (size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
    text += 3;
    size -= 3;
  }
  xmlDoc *document = xml_source_parse(text, size, &options, &failure);
  if (document == NULL) {
    evaluation_error(evaluation, "'%s' cannot be read: line %u: %s", href, failure.line,
                     failure.message);
    return NULL;
  }
  xmlFree((void *)document->URL);
  document->URL = xmlStrdup(BAD_CAST path);
  ARRAY_PUSH(library->documents, library->count, library->capacity) = document;
  *pointers_at(&library->owned, document) = document;
  return document;
}

static xmlDoc *read_through(struct evaluation *evaluation, const char *base, const char *href,
                            bool *there) {
  const struct schema_options *options = &evaluation->run->schema->options;
  struct library *library = evaluation->run->library;
  char path[512] = "";
  size_t size = 0;
  char *bytes = base == NULL ? NULL : options->reader(options->data, base, href, &size, path);
  *there = bytes != NULL;
  if (bytes == NULL) return NULL;
  void **known = map_at(library->by_path, path);
  xmlDoc *document = *known == REFUSED ? NULL : *known;
  library->bytes += *known == NULL ? size : 0;
  if (*known == NULL && (library->count >= FILES_MOST || library->bytes > BYTES_MOST)) {
    evaluation_error(evaluation, "'%s' cannot be read: too many other documents", href);
  } else if (*known == NULL) {
    char *text = alloc_text_n(bytes, size); /* the parser wants a NUL behind it */
    document = parse(evaluation, href, path, text, size);
    alloc_free(text);
    *known = document == NULL ? REFUSED : document;
  }
  alloc_free(bytes);
  return document;
}

static xmlDoc *read_new(struct evaluation *evaluation, const char *base, const char *other_base,
                        const char *href) {
  const struct schema_options *options = &evaluation->run->schema->options;
  bool there = false;
  xmlDoc *document = NULL;
  if (!options->may_read_documents || options->reader == NULL)
    evaluation_error(evaluation, "'%s' cannot be read: no other documents are read here", href);
  else if (!is_harmless(href))
    evaluation_error(evaluation,
                     "'%s' cannot be read: only files beside the schema or the document are", href);
  else
    document = read_through(evaluation, base, href, &there);
  if (document == NULL && !there && !evaluation->failed && !text_equal(base, other_base))
    document = read_through(evaluation, other_base, href, &there);
  if (document == NULL) evaluation_error(evaluation, "'%s' cannot be read", href);
  return document;
}

xmlDoc *library_read(struct evaluation *evaluation, const char *base, const char *other_base,
                     const char *href) {
  struct library *library = evaluation->run->library;
  char *request = alloc_format("%s\n%s", base == NULL ? "" : base, href);
  void *known = map_get(library->by_request, request);
  xmlDoc *document = known == REFUSED ? NULL : known;
  if (known == REFUSED)
    evaluation_error(evaluation, "'%s' cannot be read", href);
  else if (known == NULL)
    document = read_new(evaluation, base, other_base, href);
  if (known == NULL) *map_at(library->by_request, request) = document == NULL ? REFUSED : document;
  alloc_free(request);
  return document;
}

/* ---- What is asked for ----------------------------------------------------- */

static const char *own_url(const struct run *run) {
  return (const char *)run->document->URL;
}

static void add(struct evaluation *evaluation, const char *base, const char *other_base,
                const char *href, xmlNodeSet *found) {
  const struct schema *schema = evaluation->run->schema;
  xmlDoc *document = href[0] == '\0' ? schema->files[0].document
                                     : library_read(evaluation, base, other_base, href);
  if (document != NULL) xmlXPathNodeSetAdd(found, (xmlNode *)document);
}

/* Each node names a file beside its own document, a text one beside the schema. */
static void add_all(struct evaluation *evaluation, xmlXPathObjectPtr wanted, const char *base,
                    const char *schema_path, xmlNodeSet *found) {
  struct run *run = evaluation->run;
  if (wanted->type != XPATH_NODESET) {
    xmlChar *href = xmlXPathCastToString(wanted);
    add(evaluation, base != NULL ? base : schema_path, own_url(run), (const char *)href, found);
    xmlFree(href);
    return;
  }
  int count = wanted->nodesetval == NULL ? 0 : wanted->nodesetval->nodeNr;
  for (int i = 0; i < count && !evaluation->failed; i++) {
    const xmlNode *node = wanted->nodesetval->nodeTab[i];
    xmlChar *href = xmlXPathCastNodeToString((xmlNode *)node);
    add(evaluation, base != NULL ? base : base_of(run, node), schema_path, (const char *)href,
        found);
    xmlFree(href);
  }
}

static const char *path_of_file(const struct schema *schema, double number) {
  bool good = number >= 1 && number <= (double)schema->file_count;
  return schema->files[good ? (size_t)number - 1 : 0].path;
}

/* Of XSLT 1.0, 12.1, with the number of the schema's file before its arguments. */
void call_document(xmlXPathParserContextPtr ctxt, int nargs) {
  if (nargs != 2 && nargs != 3) XP_ERROR(XPATH_INVALID_ARITY);
  struct evaluation *evaluation = evaluation_of(ctxt);
  xmlXPathObjectPtr beside = nargs == 3 ? valuePop(ctxt) : NULL, wanted = valuePop(ctxt);
  const char *path = path_of_file(evaluation->run->schema, xmlXPathPopNumber(ctxt));
  xmlXPathObjectPtr result = xmlXPathNewNodeSet(NULL);
  if (result->nodesetval == NULL) result->nodesetval = xmlXPathNodeSetCreate(NULL);
  bool base_given = beside != NULL && beside->type == XPATH_NODESET &&
                    !xmlXPathNodeSetIsEmpty(beside->nodesetval);
  if (nargs == 3 && !base_given)
    evaluation_error(evaluation, "the second argument of document() must be a node");
  else if (wanted != NULL)
    add_all(evaluation, wanted,
            base_given ? base_of(evaluation->run, beside->nodesetval->nodeTab[0]) : NULL, path,
            result->nodesetval);
  xmlXPathFreeObject(beside);
  xmlXPathFreeObject(wanted);
  valuePush(ctxt, result);
}

/* The other way round than document(): a document's parts lie beside it. */
xmlNodeSet *documents_named(struct evaluation *evaluation, const struct value *value) {
  struct run *run = evaluation->run;
  const char *url = own_url(run), *schema_path = run->schema->files[0].path;
  xmlNodeSet *found = xmlXPathNodeSetCreate(NULL);
  for (size_t i = 0; i < value->count && !evaluation->failed; i++) {
    xmlChar *href = xmlXPathCastNodeToString(value->items[i].node);
    const char *base = base_of(run, value->items[i].node);
    add(evaluation, base != NULL ? base : schema_path, schema_path, (const char *)href, found);
    xmlFree(href);
  }
  if (value->object == NULL) return found;
  xmlChar *href = xmlXPathCastToString(value->object);
  add(evaluation, url != NULL ? url : schema_path, schema_path, (const char *)href, found);
  xmlFree(href);
  return found;
}

/* ---- What functions make --------------------------------------------------- */

xmlDoc *scratch_new(struct evaluation *evaluation) {
  struct scratch *scratch = &evaluation->run->scratch;
  struct scratch_list *list = scratch->depth > 0 ? &scratch->lasting : &scratch->brief;
  if (list->count >= SCRATCH_MOST) {
    evaluation_error(evaluation, "the evaluation takes too much memory and was stopped");
    return NULL;
  }
  xmlDoc *document = xmlNewDoc(BAD_CAST "1.0");
  ARRAY_PUSH(list->documents, list->count, list->capacity) = document;
  return document;
}

static void drop(struct scratch_list *list) {
  for (size_t i = 0; i < list->count; i++)
    xmlFreeDoc(list->documents[i]);
  list->count = 0;
}

void scratch_release(struct run *run) {
  if (run->scratch.brief.count > 0) drop(&run->scratch.brief);
}

void scratch_dispose(struct run *run) {
  drop(&run->scratch.brief);
  drop(&run->scratch.lasting);
  alloc_free(run->scratch.brief.documents);
  alloc_free(run->scratch.lasting.documents);
}
