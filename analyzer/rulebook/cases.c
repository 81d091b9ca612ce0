/* Case files: reading them, and running a case. The edits are in case_edits.c. */
#include "rulebook/cases.h"

#include "base/buffer.h"
#include "base/map.h"
#include "base/moment.h"
#include "base/origin.h"
#include "base/system.h"
#include "base/text.h"
#include "base/xml_source.h"
#include "evidence/configuration.h"
#include "evidence/node.h"
#include "evidence/vocabulary.h"
#include "rulebook/place.h"
#include "rulebook/private.h"

#include <libxml/relaxng.h>
#include <libxml/xpath.h>
#include <string.h>

#define BUILTIN_STOCK "cases/stock.xml"

struct case_set {
  struct rule_case *items;
  size_t count, capacity;
  xmlDoc **documents; /* of the case files */
  size_t document_count, document_capacity;
  struct map *stocks; /* path -> xmlDoc */
  xmlRelaxNG *evidence;
};

static const char *const kind_words[CASE_KINDS] = {"must-fire", "must-pass", "must-be-unknown",
                                                   "fine", "known-gap"};

const char *case_kind_word(enum case_kind kind) {
  return kind_words[kind];
}

struct case_set *case_set_new(void) {
  struct case_set *set = alloc_bytes(sizeof *set);
  size_t size;
  const char *text = evidence_relax_ng(&size);
  xmlRelaxNGParserCtxt *parser = xmlRelaxNGNewMemParserCtxt(text, (int)size);
  set->evidence = xmlRelaxNGParse(parser);
  xmlRelaxNGFreeParserCtxt(parser);
  set->stocks = map_new();
  return set;
}

void case_set_free(struct case_set *set) {
  if (!set) return;
  for (size_t i = 0; i < set->count; i++) {
    alloc_free(set->items[i].rule);
    alloc_free(set->items[i].title);
    alloc_free(set->items[i].at);
  }
  for (size_t i = 0; i < set->document_count; i++)
    xmlFreeDoc(set->documents[i]);
  for (size_t i = 0; i < map_count(set->stocks); i++)
    xmlFreeDoc(map_value(set->stocks, i));
  map_free(set->stocks);
  xmlRelaxNGFree(set->evidence);
  alloc_free(set->items);
  alloc_free(set->documents);
  alloc_free(set);
}

/* ---- Reading ---- */

static bool complain(struct diags *diags, const char *path, const xmlNode *at,
                     const char *message) {
  struct origin origin = origin_of(at);
  diags_add(diags, DIAG_ERROR, path, origin.line, origin.column, "%s", message);
  return false;
}

static xmlDoc *parse(const char *path, const char *text, size_t size, struct diags *diags) {
  struct xml_failure failure;
  struct xml_source_options options = {.source = 1};
  xmlDoc *document = xml_source_parse(text, size, &options, &failure);
  if (!document)
    diags_add(diags, DIAG_ERROR, path, failure.line, failure.column, "%s", failure.message);
  return document;
}

static const xmlDoc *read_stock(struct case_set *set, struct rule_files *files, const char *path,
                                struct diags *diags) {
  void **place = map_at(set->stocks, path);
  if (*place) return *place;
  size_t size;
  const char *text = rule_files_builtin(path) ? rule_files_text(files, path, &size)
                                              : rule_files_read(files, path, &size, diags);
  *place = text ? parse(path, text, size, diags) : NULL;
  return *place;
}

/* stock.xml beside the case file, else the built-in one. */
static const xmlDoc *stock_of(struct case_set *set, struct rule_files *files, const char *path,
                              struct diags *diags) {
  char *folder = rule_files_folder_of(path);
  char *beside = alloc_format("%s/stock.xml", folder);
  struct system_status status = {.kind = SYSTEM_MISSING};
  if (!rule_files_builtin(path)) system_status(beside, true, &status);
  const xmlDoc *stock =
      read_stock(set, files, status.kind == SYSTEM_FILE ? beside : BUILTIN_STOCK, diags);
  alloc_free(beside);
  alloc_free(folder);
  return stock;
}

static char *value_of(const xmlNode *element, const char *name) {
  xmlChar *value = xmlGetNoNsProp(element, (const xmlChar *)name);
  char *copy = alloc_text(value ? (const char *)value : "");
  xmlFree(value);
  return copy;
}

static bool read_kind(const char *word, enum case_kind *kind) {
  for (int i = 0; i < CASE_KINDS; i++) {
    if (!text_equal(word, kind_words[i])) continue;
    *kind = (enum case_kind)i;
    return true;
  }
  return false;
}

static bool read_wanted(const char *word, enum verdict *verdict) {
  for (int i = VERDICT_FAIL; i <= VERDICT_UNKNOWN; i++) {
    if (!text_equal(word, verdict_word((enum verdict)i))) continue;
    *verdict = (enum verdict)i;
    return true;
  }
  return false;
}

static bool check_case(const struct rule_case *one, const char *kind, const char *wants,
                       struct diags *diags) {
  static const char *const edits[] = {"set", "unset", "remove", "add", "mark"};
  const char *path = one->file;
  const xmlNode *at = one->element;
  struct rule_case read = {0};
  bool good = true;
  if (!*one->rule) good = complain(diags, path, at, "a case needs an attribute 'rule'");
  if (!*one->title) good = complain(diags, path, at, "a case needs an attribute 'title'");
  if (!read_kind(kind, &read.kind))
    return complain(
        diags, path, at,
        "a case needs a kind: must-fire, must-pass, must-be-unknown, fine or known-gap");
  if (read.kind == CASE_MUST_FIRE && !*one->at)
    good = complain(diags, path, at, "a must-fire case needs 'at', the node to blame");
  if (read.kind == CASE_KNOWN_GAP && !read_wanted(wants, &read.wanted))
    good = complain(diags, path, at,
                    "a known-gap case needs 'wants': fail, pass, notapplicable or unknown");
  for (const xmlNode *n = at->children; n; n = n->next) {
    bool known = n->type != XML_ELEMENT_NODE;
    for (size_t i = 0; i < sizeof edits / sizeof *edits; i++)
      known = known || text_equal((const char *)n->name, edits[i]);
    if (!known) good = complain(diags, path, n, "an edit is set, unset, remove, add or mark");
  }
  return good;
}

static void read_case(struct case_set *set, const char *path, const xmlDoc *stock,
                      const xmlNode *element, struct diags *diags) {
  char *kind = value_of(element, "kind"), *wants = value_of(element, "wants");
  struct rule_case one = {.rule = value_of(element, "rule"),
                          .title = value_of(element, "title"),
                          .at = value_of(element, "at"),
                          .element = element,
                          .stock = stock,
                          .file = path,
                          .line = origin_of(element).line};
  if (check_case(&one, kind, wants, diags)) {
    (void)read_kind(kind, &one.kind);
    (void)read_wanted(wants, &one.wanted);
    ARRAY_PUSH(set->items, set->count, set->capacity) = one;
  } else {
    alloc_free(one.rule);
    alloc_free(one.title);
    alloc_free(one.at);
  }
  alloc_free(kind);
  alloc_free(wants);
}

/* `path` lives as long as the file's document: it is kept as its URL. */
static void add_text(struct case_set *set, struct rule_files *files, const char *path,
                     const char *text, size_t size, struct diags *diags) {
  xmlDoc *document = parse(path, text, size, diags);
  if (!document) return;
  ARRAY_PUSH(set->documents, set->document_count, set->document_capacity) = document;
  xmlFree((void *)document->URL);
  document->URL = xmlStrdup((const xmlChar *)path);
  const xmlNode *root = xmlDocGetRootElement(document);
  if (!text_equal((const char *)root->name, "cases")) {
    complain(diags, path, root, "this is no case file: its document element must be 'cases'");
    return;
  }
  const xmlDoc *stock = stock_of(set, files, path, diags);
  for (const xmlNode *n = root->children; stock && n; n = n->next) {
    if (n->type != XML_ELEMENT_NODE) continue;
    if (text_equal((const char *)n->name, "case"))
      read_case(set, (const char *)document->URL, stock, n, diags);
    else
      complain(diags, path, n, "cases holds nothing but 'case' elements");
  }
}

static bool has_file(const struct case_set *set, const char *path) {
  char *wanted = system_resolve(path);
  bool has = false;
  for (size_t i = 0; i < set->document_count && wanted && !has; i++) {
    char *one = system_resolve((const char *)set->documents[i]->URL);
    has = one && text_equal(one, wanted);
    alloc_free(one);
  }
  alloc_free(wanted);
  return has;
}

void case_set_add(struct case_set *set, struct rule_files *files, const char *path,
                  struct diags *diags) {
  size_t size;
  if (has_file(set, path)) return;
  const char *text = rule_files_read(files, path, &size, diags);
  if (text) add_text(set, files, path, text, size, diags);
}

struct adding {
  struct case_set *set;
  struct rule_files *files;
  struct diags *diags;
};

static void add_builtin(void *data, const struct embedded_file *file) {
  const struct adding *adding = data;
  if (!text_equal(file->path, BUILTIN_STOCK))
    add_text(adding->set, adding->files, file->path, file->text, file->size, adding->diags);
}

void case_set_add_builtin(struct case_set *set, struct rule_files *files, struct diags *diags) {
  struct adding adding = {set, files, diags};
  rule_files_each_builtin("cases", ".xml", add_builtin, &adding);
}

size_t case_set_count(const struct case_set *set) {
  return set->count;
}

const struct rule_case *case_set_at(const struct case_set *set, size_t number) {
  return &set->items[number];
}

const struct rule_case *case_set_find(const struct case_set *set, const char *rule,
                                      enum case_kind kind) {
  for (size_t i = 0; i < set->count; i++)
    if (set->items[i].kind == kind && text_equal(set->items[i].rule, rule)) return &set->items[i];
  return NULL;
}

/* ---- Running ---- */

static void keep_message(void *data, xmlErrorPtr error) {
  char **message = data;
  if (*message) return;
  struct span span = span_trim(span_of(error->message ? error->message : "invalid"));
  *message = span_copy(span);
}

char *case_invalid(const struct case_set *set, xmlDoc *document) {
  xmlRelaxNGValidCtxt *context = xmlRelaxNGNewValidCtxt(set->evidence);
  char *message = NULL;
  xmlRelaxNGSetValidStructuredErrors(context, keep_message, &message);
  int result = xmlRelaxNGValidateDoc(context, document);
  if (result != 0 && !message) message = alloc_text("invalid");
  xmlRelaxNGFreeValidCtxt(context);
  return message;
}

static char *dump_of(xmlNode *node) {
  xmlBuffer *dump = xmlBufferCreate();
  xmlNodeDump(dump, node->doc, node, 0, 0);
  char *text = alloc_text((const char *)xmlBufferContent(dump));
  xmlBufferFree(dump);
  return text;
}

static xmlNode *certificates_of(const xmlDoc *document) {
  const xmlNode *root = xmlDocGetRootElement((xmlDoc *)document);
  const xmlNode *host = root ? node_child(root, "host") : NULL;
  return host ? node_child(host, "certificates") : NULL;
}

static bool is_in_stock(xmlNode *certificate, const xmlDoc *stock) {
  const xmlNode *all = certificates_of(stock);
  char *text = dump_of(certificate);
  bool found = false;
  for (xmlNode *n = all ? node_child(all, "certificate") : NULL; n && !found;
       n = node_next(n, "certificate")) {
    char *other = dump_of(n);
    found = text_equal(text, other);
    alloc_free(other);
  }
  alloc_free(text);
  return found;
}

static const xmlNode *same_in_stock(const xmlNode *certificate, const xmlDoc *stock) {
  const xmlNode *all = certificates_of(stock);
  for (xmlNode *n = all ? node_child(all, "certificate") : NULL; n; n = node_next(n, "certificate"))
    if (text_equal(node_get(n, "thumbprint"), node_get(certificate, "thumbprint"))) return n;
  return NULL;
}

/* Of a certificate that a case edits, the optional attributes that it left alone. */
static void drop_unchanged(xmlNode *certificate, const xmlNode *stock) {
  xmlAttr *next = NULL;
  for (xmlAttr *each = certificate->properties; each; each = next) {
    next = each->next;
    const char *name = (const char *)each->name;
    if (!text_equal(name, "thumbprint") &&
        text_equal(node_get(certificate, name), node_get(stock, name)))
      xmlRemoveProp(each);
  }
}

/* libxml2 takes 20 ms for an element with as many optional attributes as a certificate
 * has. What is as in the stock server, which is valid, is left out. */
static char *why_invalid(const struct case_set *set, const struct rule_case *one,
                         const xmlDoc *document) {
  xmlDoc *copy = xmlCopyDoc((xmlDoc *)document, 1);
  const xmlNode *all = certificates_of(copy);
  xmlNode *next = NULL;
  for (xmlNode *n = all ? node_child(all, "certificate") : NULL; n; n = next) {
    next = node_next(n, "certificate");
    if (!is_in_stock(n, one->stock)) {
      const xmlNode *stock = same_in_stock(n, one->stock);
      if (stock) drop_unchanged(n, stock);
      continue;
    }
    xmlUnlinkNode(n);
    xmlFreeNode(n);
  }
  char *why = case_invalid(set, copy);
  xmlFreeDoc(copy);
  return why;
}

static struct verdicts *check_some(const struct rulebook *rulebook, xmlDoc *document,
                                   const char *const *only, size_t only_count) {
  xmlNode *root = xmlDocGetRootElement(document), *element = node_child(root, "host");
  const char *name = element ? node_get(element, "name") : NULL;
  struct host host = {.name = alloc_text(name ? name : ""), .document = document};
  const char *as_of = node_get(root, "asOf");
  host.has_as_of = as_of && moment_parse(as_of, &host.as_of);
  host.configuration = configuration_new(node_child(element, "configuration"));
  host.registry = registry_new(node_child(element, "registry"));
  struct hosts hosts = {.items = &host, .count = 1};
  struct bundle bundle = {.name = (char *)"case"};
  struct check_options options = {.version = "case",
                                  .profile = "#ALL",
                                  .fail_on = SEVERITY_LOW,
                                  .only = only,
                                  .only_count = only_count};
  struct verdicts *verdicts = rulebook_check(rulebook, &bundle, &hosts, &options);
  verdicts->diags = NULL;
  configuration_free(host.configuration);
  registry_free(host.registry);
  alloc_free(host.name);
  return verdicts;
}

struct verdicts *case_check(const struct rulebook *rulebook, xmlDoc *document) {
  return check_some(rulebook, document, NULL, 0);
}

/* The rule, and those whose finding explains its own, directly or through others. */
struct concerned {
  const char **items;
  size_t count, capacity;
};

static void add_concerned(struct concerned *concerned, const char *rule) {
  for (size_t i = 0; i < concerned->count; i++)
    if (text_equal(concerned->items[i], rule)) return;
  ARRAY_PUSH(concerned->items, concerned->count, concerned->capacity) = rule;
}

static struct concerned concerned_by(const struct rulebook *rulebook, const char *rule) {
  struct concerned concerned = {NULL, 0, 0};
  const char *near;
  add_concerned(&concerned, rule);
  for (size_t i = 0; i < concerned.count; i++) {
    long number = rulebook_find(rulebook, concerned.items[i], &near);
    const struct rule_entry *entry = number < 0 ? NULL : rulebook->entries[number];
    for (size_t s = 0; entry && s < entry->superseded_by_count; s++)
      if (rulebook_find(rulebook, entry->superseded_by[s], &near) >= 0)
        add_concerned(&concerned, entry->superseded_by[s]);
  }
  return concerned;
}

static const struct rule_verdict *verdict_of(const struct verdicts *v, const char *rule) {
  for (size_t i = 0; i < v->rule_verdict_count; i++)
    if (text_equal(v->rules[v->rule_verdicts[i].rule].id, rule)) return &v->rule_verdicts[i];
  return NULL;
}

static bool verdict_fits(const struct rule_case *one, enum verdict verdict) {
  switch (one->kind) {
  case CASE_MUST_FIRE:
    return verdict == VERDICT_FAIL;
  case CASE_MUST_PASS:
    return verdict == VERDICT_PASS;
  case CASE_MUST_BE_UNKNOWN:
    return verdict == VERDICT_UNKNOWN;
  case CASE_KNOWN_GAP:
    return verdict == one->wanted;
  default:
    return verdict == VERDICT_PASS || verdict == VERDICT_NOT_APPLICABLE;
  }
}

/* A finding of the rule, or one that explains it. */
static bool speaks_for(const struct verdicts *v, const struct finding *finding, const char *rule) {
  if (text_equal(v->rules[finding->rule].id, rule)) return true;
  for (size_t i = 0; i < finding->consequence_count; i++)
    if (text_equal(finding->consequences[i], rule)) return true;
  return false;
}

/* The nodes that the rule blames, one a line. */
static char *blamed(const struct verdicts *v, const char *rule) {
  struct buffer out = buffer_make(1 << 20);
  for (size_t i = 0; i < v->finding_count; i++)
    for (size_t p = 0; speaks_for(v, &v->findings[i], rule) && p < v->findings[i].place_count; p++)
      buffer_add_format(&out, "%s\n", v->findings[i].places[p].element);
  return buffer_take(&out);
}

static bool has_line(const char *lines, const char *line) {
  size_t size = strlen(line);
  for (const char *at = lines; *at; at += strcspn(at, "\n") + 1)
    if (strcspn(at, "\n") == size && strncmp(at, line, size) == 0) return true;
  return false;
}

/* NULL when the rule blames a node that `at` names. */
static char *wrong_place(const struct rule_case *one, const struct verdicts *v, xmlDoc *document) {
  char *paths = blamed(v, one->rule), *why = NULL;
  xmlXPathContext *context = xmlXPathNewContext(document);
  xmlXPathObject *found = xmlXPathEval((const xmlChar *)one->at, context);
  bool right = false, any = found && found->type == XPATH_NODESET && found->nodesetval &&
                            found->nodesetval->nodeNr > 0;
  for (int i = 0; any && !right && i < found->nodesetval->nodeNr; i++) {
    char *path = place_path(found->nodesetval->nodeTab[i]);
    right = has_line(paths, path);
    alloc_free(path);
  }
  if (!any)
    why = alloc_format("at=\"%s\" names no node of the edited server", one->at);
  else if (!right) {
    char *shown = alloc_text_n(paths, strcspn(paths, "\n"));
    why = alloc_format("it blames %s, not %s", *shown ? shown : "no node", one->at);
    alloc_free(shown);
  }
  xmlXPathFreeObject(found);
  xmlXPathFreeContext(context);
  alloc_free(paths);
  return why;
}

static char *what_it_says(const struct verdicts *v, const struct rule_case *one,
                          enum verdict verdict) {
  const char *more = "";
  for (size_t i = 0; i < v->error_count && verdict == VERDICT_ERROR; i++)
    if (text_equal(v->rules[v->errors[i].rule].id, one->rule)) more = v->errors[i].message;
  for (size_t i = 0; i < v->finding_count && verdict == VERDICT_FAIL; i++)
    if (speaks_for(v, &v->findings[i], one->rule)) more = v->findings[i].message;
  return alloc_format("the rule says %s%s%s", verdict_word(verdict), *more ? ": " : "", more);
}

static char *judge(const struct rule_case *one, const struct verdicts *v, xmlDoc *document,
                   bool *gap) {
  const struct rule_verdict *found = verdict_of(v, one->rule);
  if (!found) return alloc_format("the rule %s did not run", one->rule);
  bool fits = verdict_fits(one, found->verdict);
  if (one->kind == CASE_KNOWN_GAP) {
    *gap = !fits;
    return fits ? alloc_format("this gap is closed: the rule says %s now; give the case its kind",
                               verdict_word(found->verdict))
                : NULL;
  }
  if (!fits) return what_it_says(v, one, found->verdict);
  return one->kind == CASE_MUST_FIRE ? wrong_place(one, v, document) : NULL;
}

static char *no_rule(const struct rule_case *one, const char *near) {
  return alloc_format("there is no rule '%s'%s%s%s", one->rule, near ? "; did you mean '" : "",
                      near ? near : "", near ? "'?" : "");
}

char *case_run(const struct case_set *set, const struct rulebook *rulebook,
               const struct rule_case *rule_case, bool *gap) {
  const char *near = NULL;
  char error[256];
  *gap = false;
  if (rulebook_find(rulebook, rule_case->rule, &near) < 0) return no_rule(rule_case, near);
  xmlDoc *document = case_document(rule_case, error);
  if (!document) return alloc_text(error);
  char *invalid = why_invalid(set, rule_case, document), *why;
  if (invalid) {
    why = alloc_format("the edited server is no evidence document: %s", invalid);
  } else {
    struct concerned concerned = concerned_by(rulebook, rule_case->rule);
    struct verdicts *verdicts = check_some(rulebook, document, concerned.items, concerned.count);
    alloc_free(concerned.items);
    why = judge(rule_case, verdicts, document, gap);
    verdicts_free(verdicts);
  }
  alloc_free(invalid);
  xmlFreeDoc(document);
  return why;
}
