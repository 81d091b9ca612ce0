/* `siteglass evidence --expand`: what stands in <ev:effective> are the answers that the
 * iis: functions give, for every path that the schema knows, at every level. */
#include "check_main.h"

#include "base/text.h"
#include "base/xml_source.h"
#include "evidence/iis_schema.h"
#include "support_pipeline.h"

#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>
#include <string.h>

struct expanded {
  struct pipeline pipeline;
  const struct configuration *configuration;
  xmlDoc *document; /* as it was printed, and read again */
  xmlXPathContext *context;
};

static struct expanded expand(const char *path) {
  struct expanded it = {.document = NULL};
  struct rulebook *rulebook = pipeline_rules();
  it.pipeline = pipeline_run(rulebook, &path, 1, NULL);
  rulebook_free(rulebook);
  struct host *host = &it.pipeline.hosts->items[0];
  it.configuration = host->configuration;
  host_expand(host);
  char *text = host_print(host, it.pipeline.bundle);
  struct xml_failure failure;
  struct xml_source_options options = {0};
  it.document = xml_source_parse(text, strlen(text), &options, &failure);
  ck_assert_msg(it.document != NULL, "line %u: %s", failure.line, failure.message);
  alloc_free(text);
  it.context = xmlXPathNewContext(it.document);
  xmlXPathRegisterNs(it.context, (const xmlChar *)"ev", (const xmlChar *)"urn:siteglass:evidence");
  return it;
}

static void end(struct expanded *it) {
  xmlXPathFreeContext(it->context);
  xmlFreeDoc(it->document);
  pipeline_free(&it->pipeline);
}

static xmlXPathObject *ask(struct expanded *it, xmlNode *node, const char *path,
                           const char *expression) {
  it->context->node = node;
  xmlXPathRegisterVariable(it->context, (const xmlChar *)"path",
                           xmlXPathNewCString(path)); /* frees the one before */
  xmlXPathObject *answer = xmlXPathEvalExpression((const xmlChar *)expression, it->context);
  ck_assert_msg(answer != NULL, "%s", expression);
  return answer;
}

static char *text_at(struct expanded *it, xmlNode *node, const char *path, const char *expression) {
  xmlXPathObject *answer = ask(it, node, path, expression);
  xmlChar *text = xmlXPathCastToString(answer);
  char *copy = alloc_text((const char *)text);
  xmlFree(text);
  xmlXPathFreeObject(answer);
  return copy;
}

/* As evidence.rng says that a processor finds them. */
#define SECTION                                                                                    \
  "(ancestor-or-self::ev:level/ev:section[starts-with(concat($path, '/'), concat(@path, "          \
  "'/'))])[last()]"
#define OWN SECTION "/ev:value[@path=$path]"
#define DEFAULT                                                                                    \
  "/evidence/host/ev:effective/ev:schema/ev:section[starts-with($path, concat(@path, '/'))]"       \
  "/ev:value[@path=$path]/@is"
#define VALUE "concat(" OWN "/@is, substring(" DEFAULT ", 1 div not(" OWN ")))"
#define DOUBT "concat(" OWN "/@uncertain, substring(" SECTION "/@uncertain, 1 div not(" OWN ")))"
#define ITEMS SECTION "/ev:items[@path=$path]/*"

static void compare_value(struct expanded *it, xmlNode *level, const char *key, const char *path) {
  struct configuration_answer answer = configuration_value(it->configuration, key, path);
  char *value = text_at(it, level, path, VALUE), *doubt = text_at(it, level, path, DOUBT);
  bool secret = strcmp(value, "(not shown)") == 0;
  ck_assert_msg(secret || strcmp(value, answer.value) == 0, "%s at '%s': '%s' for '%s'", path, key,
                value, answer.value);
  ck_assert_msg(strcmp(doubt, answer.uncertain ? answer.reason : "") == 0,
                "%s at '%s': uncertain '%s' for '%s'", path, key, doubt, answer.reason);
  alloc_free(value);
  alloc_free(doubt);
}

static const char *attribute_of(const xmlNode *node, const char *name) {
  const xmlAttr *found = xmlHasProp((xmlNode *)node, (const xmlChar *)name);
  return found && found->children ? (const char *)found->children->content : "";
}

static void compare_items(struct expanded *it, xmlNode *level, const char *key, const char *path) {
  struct configuration_items items = configuration_items(it->configuration, key, path);
  xmlXPathObject *found = ask(it, level, path, ITEMS);
  size_t count = found->nodesetval ? (size_t)found->nodesetval->nodeNr : 0;
  ck_assert_msg(count == items.count, "%s at '%s': %zu items for %zu", path, key, count,
                items.count);
  for (size_t i = 0; i < count; i++) {
    const xmlNode *is = found->nodesetval->nodeTab[i], *wanted = items.nodes[i];
    for (const xmlAttr *each = wanted->properties; each; each = each->next) {
      const char *shown = attribute_of(is, (const char *)each->name);
      if (strcmp(shown, "(not shown)") != 0)
        ck_assert_str_eq(shown, attribute_of(wanted, (const char *)each->name));
    }
  }
  xmlXPathFreeObject(found);
  configuration_items_dispose(&items);
}

static void compare_lock(struct expanded *it, xmlNode *level, const char *key, const char *path) {
  char *locked = text_at(it, level, path, SECTION "/@locked");
  ck_assert_msg(configuration_locked(it->configuration, key, path) == (strcmp(locked, "true") == 0),
                "%s at '%s': locked '%s'", path, key, locked);
  alloc_free(locked);
}

static bool is_elsewhere(const struct iis_fact *fact) {
  return text_starts(fact->section.start, "system.applicationHost/sites") ||
         text_starts(fact->section.start, "system.applicationHost/applicationPools");
}

static size_t compare_row(struct expanded *it, xmlNode *level, const char *key,
                          const struct iis_fact *fact) {
  if (memchr(fact->element.start, '[', fact->element.size)) return 0;
  char *path = alloc_format("%.*s%s%.*s%s%.*s", (int)fact->section.size, fact->section.start,
                            fact->element.size ? "/" : "", (int)fact->element.size,
                            fact->element.start, fact->attribute.size ? "/@" : "",
                            (int)fact->attribute.size, fact->attribute.start);
  size_t asked = 1;
  if (fact->attribute.size)
    compare_value(it, level, key, path);
  else if (span_equal(fact->type, "collection") && !is_elsewhere(fact))
    compare_items(it, level, key, path);
  else if (span_equal(fact->type, "section"))
    compare_lock(it, level, key, path);
  else
    asked = 0;
  alloc_free(path);
  return asked;
}

/* Every `every`th row of the schema facts, at every level. */
static size_t compare_all(struct expanded *it, size_t every) {
  xmlXPathObject *levels = ask(it, xmlDocGetRootElement(it->document), "",
                               "/evidence/host/ev:effective/descendant::ev:level");
  size_t asked = 0, number = 0;
  for (int i = 0; i < levels->nodesetval->nodeNr; i++) {
    xmlNode *level = levels->nodesetval->nodeTab[i];
    char *key = alloc_text(attribute_of(level, "key"));
    struct iis_fact fact;
    for (size_t position = 0; iis_schema_row(&position, &fact);)
      if (!fact.until.size && number++ % every == 0) asked += compare_row(it, level, key, &fact);
    alloc_free(key);
  }
  xmlXPathFreeObject(levels);
  return asked;
}

START_TEST(an_answer_differs_from_what_is_written_out) {
  struct expanded it = expand(SITEGLASS_SOURCE_DIR "/samples/kb2779694-broken");
  size_t asked = compare_all(&it, 19);
  ck_assert_msg(asked > 250, "%zu", asked);
  end(&it);
}
END_TEST

START_TEST(an_answer_of_e19_differs_from_what_is_written_out) {
  NEEDS_SHARED();
  struct expanded it = expand(SITEGLASS_SHARED_DIR "/data/exchange/E19");
  size_t asked = compare_all(&it, 101);
  ck_assert_msg(asked > 250, "%zu", asked);
  end(&it);
}
END_TEST

START_TEST(a_level_repeats_what_it_inherits) {
  struct expanded it = expand(SITEGLASS_SOURCE_DIR "/samples/kb2779694-broken");
  xmlNode *root = xmlDocGetRootElement(it.document);
  char *repeated = text_at(&it, root, "",
                           "count(//ev:level[@key='default web site/owa']/ev:section[@path="
                           "'system.applicationHost/log'])");
  ck_assert_str_eq(repeated, "0");
  char *told = text_at(&it, root, "",
                       "//ev:level[@key='']/ev:section[@path='system.webServer/security/access']"
                       "/@locked");
  ck_assert_str_eq(told, "true");
  alloc_free(repeated);
  alloc_free(told);
  end(&it);
}
END_TEST

CHECK_MAIN("cli/expand", {
  tcase_set_timeout(tests, 120);
  tcase_add_test(tests, an_answer_differs_from_what_is_written_out);
  tcase_add_test(tests, an_answer_of_e19_differs_from_what_is_written_out);
  tcase_add_test(tests, a_level_repeats_what_it_inherits);
})
