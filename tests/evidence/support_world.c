/* Builds bundles and readings by hand. */
#include "support_world.h"

#include "base/digest.h"
#include "base/text.h"
#include "base/xml_source.h"
#include "evidence/vocabulary.h"

#include <check.h>
#include <libxml/relaxng.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <string.h>

void world_start(struct world *world) {
  xml_source_setup();
  *world = (struct world){.bundle = alloc_bytes(sizeof(struct bundle))};
  world->readings.dict = xmlDictCreate();
  world->readings.diags = &world->bundle->diags;
}

static struct artifact *add_artifact(struct world *world, const char *path, const char *xml) {
  struct artifact *artifact = alloc_bytes(sizeof *artifact);
  artifact->number = (uint32_t)world->bundle->count;
  artifact->path = alloc_text(path);
  artifact->size = xml ? strlen(xml) : 0;
  artifact->outcome = ARTIFACT_READ;
  artifact->reason = alloc_text("");
  artifact->kind = artifact->role = "";
  artifact->host = alloc_text("");
  artifact->host_reason = alloc_text("");
  char *all = alloc_format("%s", xml ? xml : path);
  digest_sha256(all, strlen(all), artifact->sha256);
  alloc_free(all);
  ARRAY_PUSH(world->bundle->artifacts, world->bundle->count, world->bundle->capacity) = artifact;
  return artifact;
}

static bool is_configuration(const char *kind) {
  return strcmp(kind, "application-host") == 0 || strcmp(kind, "web-config") == 0 ||
         strcmp(kind, "redirection-config") == 0;
}

static void parse(struct world *world, struct reading *reading, const char *xml) {
  char *whole =
      is_configuration(reading->kind) ? alloc_text(xml) : alloc_format("<facts>%s</facts>", xml);
  struct xml_source_options options = {.dict = world->readings.dict,
                                       .source = reading->artifact->number + 1};
  struct xml_failure failure;
  reading->document = xml_source_parse(whole, strlen(whole), &options, &failure);
  ck_assert_msg(reading->document != NULL, "%s: %s", reading->artifact->path, failure.message);
  xmlNode *root = xmlDocGetRootElement(reading->document);
  reading->facts = root;
  if (is_configuration(reading->kind)) {
    reading->facts = xmlNewDocNode(reading->document, NULL, (const xmlChar *)"facts", NULL);
    xmlDocSetRootElement(reading->document, reading->facts);
    xmlAddChild(reading->facts, root);
  }
  alloc_free(whole);
}

struct reading *world_add(struct world *world, const char *path, const char *kind,
                          const char *xml) {
  struct readings *readings = &world->readings;
  struct reading made = {
      .artifact = add_artifact(world, path, xml), .kind = kind, .complete = true};
  made.artifact->kind = kind;
  ARRAY_PUSH(readings->items, readings->count, readings->capacity) = made;
  struct reading *reading = &readings->items[readings->count - 1];
  if (xml) parse(world, reading, xml);
  return reading;
}

void world_break(struct reading *reading, enum unknown_reason reason, unsigned line,
                 const char *why) {
  reading->complete = false;
  reading->incomplete_reason = reason;
  reading->broken_at = (struct origin){reading->artifact->number + 1, line, 1};
  reading->broken_why = alloc_text(why);
}

/* ---- The schema ----------------------------------------------------------- */

/* Read once for all documents of a test program. */
static xmlRelaxNG *evidence_schema(void) {
  static xmlRelaxNG *schema;
  if (schema) return schema;
  size_t size;
  const char *text = evidence_relax_ng(&size);
  xmlRelaxNGParserCtxt *parser = xmlRelaxNGNewMemParserCtxt(text, (int)size);
  schema = xmlRelaxNGParse(parser);
  xmlRelaxNGFreeParserCtxt(parser);
  ck_assert_msg(schema != NULL, "evidence.rng is no RELAX NG schema");
  return schema;
}

bool fits_schema(xmlDoc *document) {
  xmlRelaxNGValidCtxt *validator = xmlRelaxNGNewValidCtxt(evidence_schema());
  bool fits = xmlRelaxNGValidateDoc(validator, document) == 0;
  xmlRelaxNGFreeValidCtxt(validator);
  return fits;
}

static void strip_places(xmlNode *node) {
  for (; node; node = node->next) {
    if (node->type != XML_ELEMENT_NODE) continue;
    xmlAttr *place =
        xmlHasNsProp(node, (const xmlChar *)"at", (const xmlChar *)EVIDENCE_MARK_NAMESPACE);
    if (place) xmlRemoveProp(place);
    strip_places(node->children);
  }
}

static void check_printed(const struct host *host, const struct bundle *bundle) {
  char *text = host_print(host, bundle);
  struct xml_source_options options = {0};
  struct xml_failure failure;
  xmlDoc *again = xml_source_parse(text, strlen(text), &options, &failure);
  ck_assert_msg(again != NULL, "what is printed is no XML: line %u: %s", failure.line,
                failure.message);
  strip_places(xmlDocGetRootElement(again));
  ck_assert_msg(fits_schema(again), "what is printed does not fit evidence.rng:\n%s", text);
  xmlFreeDoc(again);
  alloc_free(text);
}

void world_build_with(struct world *world, const struct host_choice *choices, size_t count,
                      const int64_t *as_of) {
  struct host_options options = {.choices = choices, .choice_count = count, .as_of = as_of};
  world->hosts = hosts_build(world->bundle, &world->readings, &options);
  for (size_t i = 0; i < world->hosts->count; i++) {
    const struct host *host = &world->hosts->items[i];
    if (!fits_schema(host->document)) {
      char *text = host_print(host, world->bundle);
      ck_abort_msg("a document does not fit evidence.rng:\n%s", text);
    }
    check_printed(host, world->bundle);
  }
  ck_assert_msg(fits_schema(hosts_fleet(world->hosts)), "the fleet does not fit evidence.rng");
}

void world_build(struct world *world) {
  world_build_with(world, NULL, 0, NULL);
}

void world_end(struct world *world) {
  hosts_free(world->hosts);
  readings_dispose(&world->readings);
  for (size_t i = 0; i < world->bundle->count; i++) {
    struct artifact *artifact = world->bundle->artifacts[i];
    alloc_free(artifact->path);
    alloc_free(artifact->reason);
    alloc_free(artifact->host);
    alloc_free(artifact->host_reason);
    alloc_free(artifact);
  }
  alloc_free(world->bundle->artifacts);
  diags_dispose(&world->bundle->diags);
  alloc_free(world->bundle);
  world_text(NULL, 0, NULL);
}

/* ---- Questions ------------------------------------------------------------- */

static xmlXPathObject *evaluate(const struct world *world, size_t host, const char *expression) {
  xmlXPathContext *context = xmlXPathNewContext(world->hosts->items[host].document);
  xmlXPathRegisterNs(context, (const xmlChar *)"ev", (const xmlChar *)EVIDENCE_MARK_NAMESPACE);
  xmlXPathObject *result = xmlXPathEvalExpression((const xmlChar *)expression, context);
  ck_assert_msg(result != NULL, "bad expression: %s", expression);
  xmlXPathFreeContext(context);
  return result;
}

const char *world_text(const struct world *world, size_t host, const char *expression) {
  static char *kept;
  alloc_free(kept);
  kept = NULL;
  if (!world) return "";
  xmlXPathObject *result = evaluate(world, host, expression);
  xmlChar *text = xmlXPathCastToString(result);
  kept = alloc_text((const char *)text);
  xmlFree(text);
  xmlXPathFreeObject(result);
  return kept;
}

double world_number(const struct world *world, size_t host, const char *expression) {
  xmlXPathObject *result = evaluate(world, host, expression);
  double number = xmlXPathCastToNumber(result);
  xmlXPathFreeObject(result);
  return number;
}

xmlNode *world_node(const struct world *world, size_t host, const char *expression) {
  xmlXPathObject *result = evaluate(world, host, expression);
  xmlNode *node =
      result->nodesetval && result->nodesetval->nodeNr > 0 ? result->nodesetval->nodeTab[0] : NULL;
  xmlXPathFreeObject(result);
  return node;
}

const char *world_mark(const xmlNode *node, const char *of) {
  const char *under = (const char *)node->name;
  for (; node && node->type == XML_ELEMENT_NODE; node = node->parent) {
    for (const xmlNode *mark = node->children; mark; mark = mark->next) {
      if (mark->type != XML_ELEMENT_NODE || !mark->ns ||
          strcmp((const char *)mark->ns->href, EVIDENCE_MARK_NAMESPACE) != 0)
        continue;
      if (text_equal(node_get(mark, "of"), of) && text_equal(node_get(mark, "under"), under))
        return node_get(mark, "reason");
    }
  }
  return NULL;
}

/* "a/b[c='d/e']/f[...]" -> parent path length and the last name. */
static size_t cut_step(const char *path, char name[64]) {
  int depth = 0;
  size_t size = strlen(path), at = size;
  while (at > 0) {
    char c = path[--at];
    if (c == ']') depth++;
    if (c == '[') depth--;
    if (c == '/' && depth == 0) break;
  }
  snprintf(name, 64, "%s", path + at + 1);
  name[strcspn(name, "[")] = '\0';
  return at;
}

/* The element is not there: do marks say that it may be? */
static bool is_hidden(const struct world *world, size_t host, const char *path) {
  char name[64];
  char *copy = alloc_text(path);
  bool hidden = false;
  for (size_t size; (size = cut_step(copy, name)) > 0 && !hidden;) {
    copy[size] = '\0';
    if (copy[size - 1] == '/') break; /* "//": stops at the container */
    xmlNode *parent = world_node(world, host, copy);
    if (parent) {
      hidden = world_mark(parent, name) != NULL;
      break;
    }
  }
  alloc_free(copy);
  return hidden;
}

const char *world_known(const struct world *world, size_t host, const char *element,
                        const char *attribute) {
  const xmlNode *node = world_node(world, host, element);
  if (!node) return is_hidden(world, host, element) ? "?" : "-";
  const char *value = node_get(node, attribute);
  if (value) return value;
  char of[64];
  snprintf(of, sizeof of, "@%s", attribute);
  return world_mark(node, of) ? "?" : "-";
}

char *server_xml(const char *sites, const char *locations) {
  return alloc_format(
      "<configuration>\n<configSections>\n"
      "<sectionGroup name='system.applicationHost'>"
      "<section name='sites' overrideModeDefault='Deny' allowDefinition='AppHostOnly'/>"
      "<section name='applicationPools' overrideModeDefault='Deny' allowDefinition='AppHostOnly'/>"
      "</sectionGroup>\n"
      "<sectionGroup name='system.webServer'>"
      "<section name='httpRedirect' overrideModeDefault='Allow'/>"
      "<section name='urlCompression'/>"
      "<section name='httpCompression' allowDefinition='AppHostOnly'/>"
      "<sectionGroup name='security'><section name='access' overrideModeDefault='Deny'/>"
      "<sectionGroup name='authentication'>"
      "<section name='windowsAuthentication' overrideModeDefault='Deny'/>"
      "<section name='anonymousAuthentication' overrideModeDefault='Deny'/></sectionGroup>"
      "</sectionGroup></sectionGroup>\n</configSections>\n"
      "<system.applicationHost>\n<applicationPools><add name='DefaultAppPool'/>"
      "<applicationPoolDefaults managedRuntimeVersion='v4.0'/></applicationPools>\n"
      "<sites>\n%s\n</sites>\n</system.applicationHost>\n"
      "<system.webServer><security><access sslFlags='None'/></security></system.webServer>\n"
      "%s</configuration>\n",
      sites, locations);
}
