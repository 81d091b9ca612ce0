/* SVRL: valid against the published structure, complete, and with locations that
 * any XPath processor finds the node with. */
#include "check_main.h"

#include "base/system.h"
#include "base/text.h"
#include "base/xml_source.h"
#include "schematron/support_engine.h"
#include "schematron/svrl.h"
#include "schematron/svrl_location.h"

#include <libxml/relaxng.h>
#include <libxml/xpathInternals.h>
#include <string.h>

/* ---- Making reports --------------------------------------------------------------- */

static xmlDoc *parse(const char *text) {
  struct xml_source_options options = {.source = 1, .keep_blanks = true, .keep_comments = true};
  struct xml_failure failure;
  xmlDoc *document = xml_source_parse(text, strlen(text), &options, &failure);
  ck_assert_msg(document != NULL, "%u:%u %s\n%s", failure.line, failure.column, failure.message,
                text);
  return document;
}

/* `documents` ends with NULL; they are called "0.xml", "1.xml"... */
static char *report_on(const char *schema_text, const char *phase, const char *const *documents) {
  struct diags diags = {0};
  struct schema_options options = {.plain_comparisons = true};
  struct schema *schema = schema_load(schema_text, strlen(schema_text), "s.sch", &options, &diags);
  ck_assert_msg(schema != NULL, "%s", diags.count > 0 ? diags.items[0].message : "");
  size_t count = schema_pattern_count(schema);
  bool *active = alloc_array(count + 1, sizeof *active);
  struct pattern_tally *tallies = alloc_array(count + 1, sizeof *tallies);
  ck_assert(schema_phase(schema, phase, active));
  struct svrl *svrl = svrl_new(schema, phase);
  struct engine_listener listener = svrl_listener(svrl);
  for (size_t i = 0; documents[i] != NULL; i++) {
    static const char *const names[] = {"0.xml", "1.xml", "2.xml"};
    xmlDoc *document = parse(documents[i]);
    svrl_begin(svrl, document, names[i], active);
    engine_run(schema, document, active, NULL, &listener, tallies);
    xmlFreeDoc(document);
  }
  char *text = svrl_text(svrl); /* when no document is left */
  svrl_free(svrl);
  schema_free(schema);
  diags_dispose(&diags);
  alloc_free(active);
  alloc_free(tallies);
  return text;
}

/* ---- Looking at them -------------------------------------------------------------- */

static void ignore(void *data, const char *format, ...) {
  (void)data, (void)format;
}

static char *text_of_file(const char *path) {
  uint8_t *bytes;
  size_t size;
  char error[128];
  ck_assert_msg(system_read(path, 1 << 20, &bytes, &size, error), "%s: %s", path, error);
  return (char *)bytes;
}

static bool is_valid(xmlDoc *report) {
  char *text = text_of_file(SITEGLASS_SOURCE_DIR "/tests/schematron/svrl.rng");
  xmlDoc *document = parse(text);
  alloc_free(text);
  xmlRelaxNGParserCtxt *parser = xmlRelaxNGNewDocParserCtxt(document);
  xmlRelaxNGSetParserErrors(parser, ignore, ignore, NULL);
  xmlRelaxNG *grammar = xmlRelaxNGParse(parser);
  ck_assert_ptr_nonnull(grammar);
  xmlRelaxNGValidCtxt *validator = xmlRelaxNGNewValidCtxt(grammar);
  xmlRelaxNGSetValidErrors(validator, ignore, ignore, NULL);
  bool valid = xmlRelaxNGValidateDoc(validator, report) == 0;
  xmlRelaxNGFreeValidCtxt(validator);
  xmlRelaxNGFree(grammar);
  xmlRelaxNGFreeParserCtxt(parser);
  xmlFreeDoc(document);
  return valid;
}

static bool holds(xmlDoc *document, const char *test) {
  xmlXPathContext *context = xmlXPathNewContext(document);
  xmlXPathRegisterNs(context, BAD_CAST "svrl", BAD_CAST SVRL_NAMESPACE);
  xmlXPathRegisterNs(context, BAD_CAST "place", BAD_CAST SVRL_PLACE_NAMESPACE);
  xmlXPathRegisterNs(context, BAD_CAST "x", BAD_CAST "urn:x");
  xmlXPathObject *value = xmlXPathEval(BAD_CAST test, context);
  ck_assert_msg(value != NULL, "%s", test);
  bool true_ = xmlXPathCastToBoolean(value) == 1;
  xmlXPathFreeObject(value);
  xmlXPathFreeContext(context);
  return true_;
}

/* The report is valid and each of `tests` (ends with NULL) holds in it. */
static void check_report(const char *schema, const char *phase, const char *const *documents,
                         const char *const *tests) {
  char *text = report_on(schema, phase, documents);
  xmlDoc *report = parse(text);
  ck_assert_msg(is_valid(report), "not valid:\n%s", text);
  for (size_t i = 0; tests[i] != NULL; i++)
    ck_assert_msg(holds(report, tests[i]), "%s\n%s", tests[i], text);
  xmlFreeDoc(report);
  alloc_free(text);
}
#define DOCUMENTS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define TESTS(...) ((const char *const[]){__VA_ARGS__, NULL})

#define SCHEMA(content)                                                                            \
  "<schema xmlns='http://purl.oclc.org/dsdl/schematron' xmlns:x='urn:x' "                          \
  "xmlns:xsl='http://www.w3.org/1999/XSL/Transform' schemaVersion='1.2'>" content "</schema>"

/* ---- The report -------------------------------------------------------------------- */

START_TEST(the_head_of_a_report_is_not_complete) {
  check_report(
      SCHEMA("<title> Shops </title><ns prefix='x' uri='urn:x'/><p>All <emph>about</emph>\n"
             " shops.</p><phase id='f'><active pattern='p'/></phase>"
             "<pattern id='p' icon='i'><title>P</title><rule context='a' id='r' role='o' "
             "flag='l'><assert test='1'/></rule></pattern>"
             "<pattern id='q'><rule context='*'><report test='1'/></rule></pattern>"),
      "f", DOCUMENTS("<r><a/><a/></r>"),
      TESTS("/*/@title = 'Shops' and /*/@phase = 'f' and /*/@schemaVersion = '1.2'",
            "/*/svrl:text[svrl:emph = 'about'] = 'All about shops.'",
            "/*/svrl:ns-prefix-in-attribute-values[@prefix = 'x']/@uri = 'urn:x'",
            "count(//svrl:active-pattern) = 1",
            "//svrl:active-pattern[@id = 'p'][@name = 'P']/@documents = '0.xml'",
            "count(//svrl:fired-rule) = 2",
            "//svrl:fired-rule[2][@id = 'r'][@role = 'o'][@flag = 'l']/@context = 'a'"));
}
END_TEST

START_TEST(a_failure_is_not_told_completely) {
  check_report(
      SCHEMA(
          "<pattern><rule context='a' role='of-rule'>"
          "<assert id='t' test='@x &lt; 1' role='o' flag='f' severity='s' see='http://e/' "
          "icon='i' fpi='p' xml:lang='en' diagnostics='d e' properties='u v'>m</assert>"
          "<report test='true()'>n</report></rule></pattern>"
          "<diagnostics><diagnostic id='d' xml:lang='de'>warum <value-of select='@x'/></diagnostic>"
          "<diagnostic id='e'>why</diagnostic></diagnostics><properties>"
          "<property id='u' role='r' scheme='s'>v<value-of select='@x'/></property>"
          "<property id='v'><x:y z='1'><value-of select='@x'/></x:y></property></properties>"),
      "#ALL", DOCUMENTS("<r>\n  <a x='2'/></r>"),
      TESTS("//svrl:failed-assert[@id = 't'][@test = '@x < 1'][@role = 'o'][@flag = 'f']"
            "[@severity = 's']/@location = '/r[1]/a[1]'",
            "//svrl:failed-assert/svrl:text[@see = 'http://e/'][@icon = 'i'][@fpi = 'p']"
            "[@xml:lang = 'en'] = 'm'",
            "//svrl:failed-assert/svrl:text[@place:line = 2]/@place:column = 3",
            "//svrl:diagnostic-reference[1][@diagnostic = 'd']/svrl:text[@xml:lang = 'de'] = "
            "'warum 2'",
            "//svrl:diagnostic-reference[2][@diagnostic = 'e'] = 'why'",
            "//svrl:property-reference[@property = 'u'][@role = 'r'][@scheme = 's'] = 'v2'",
            "//svrl:property-reference[@property = 'v']/svrl:text/x:y[@z = 1] = 2",
            "count(//svrl:successful-report) = 1",
            "//svrl:successful-report[not(@id)]/svrl:text = 'n'",
            "not(//svrl:successful-report/@role)"));
}
END_TEST

START_TEST(rich_text_breaks_the_structure) {
  check_report(
      SCHEMA(
          "<pattern><rule context='a'><assert test='@no'>\n  a <emph class='k'>b <span class='c'>"
          "c</span></emph> <dir value='rtl'>d</dir> <x:f><emph>g</emph><x:h x:i='&lt;&quot;'/>"
          "</x:f> <name/> <name path='@x'/> &lt;&amp;]]&gt; </assert></rule></pattern>"),
      "#ALL", DOCUMENTS("<a x='1'/>"),
      TESTS("//svrl:failed-assert/svrl:text = 'a b c d g a 1 <&]]>'",
            "//svrl:text/svrl:emph[@class = 'k'][not(*)] = 'b c'",
            "//svrl:text/svrl:dir[@dir = 'rtl'] = 'd'",
            "//svrl:text/x:f[not(svrl:*)]/x:h/@x:i = '<\"'"));
}
END_TEST

START_TEST(a_location_leads_into_no_document) {
  check_report(SCHEMA("<ns prefix='str' uri='http://exslt.org/strings'/><pattern><rule "
                      "context='a'><assert test='@no' subject='str:tokenize(@x)'/></rule>"
                      "</pattern>"),
               "#ALL", DOCUMENTS("<a x='1 2'/>"),
               TESTS("//svrl:failed-assert/@location = '/a[1]'"));
}
END_TEST

START_TEST(a_name_is_not_that_of_the_message) {
  check_report(SCHEMA("<pattern><rule context='a'><assert test='@no'><name path='@x'/>|<name "
                      "path='text()'/>|<name path='b'/>|<name path='comment()'/>|<name "
                      "path='processing-instruction()'/>|<name path='none'/>|<name "
                      "path='count(*)'/></assert></rule></pattern>"),
               "#ALL", DOCUMENTS("<a x='1'>t<b/><!--c--><?p d?></a>"),
               TESTS("//svrl:failed-assert/svrl:text = '1|t|b|c|p||1'"));
}
END_TEST

START_TEST(properties_keep_the_parameters_of_an_abstract_pattern) {
  check_report(
      SCHEMA("<pattern id='s' abstract='true'><rule context='$c'><assert test='@no' "
             "properties='p'/></rule></pattern><pattern is-a='s'><param name='c' value='a'/><param "
             "name='v' value='@x'/></pattern><pattern is-a='s'><param name='c' value='b'/><param "
             "name='v' value='@y'/></pattern><properties><property id='p' role='r'><value-of "
             "select='$v'/><xsl:copy-of select='c'/></property></properties>"),
      "#ALL", DOCUMENTS("<a x='1' y='2'><b x='3' y='4'><c z='5'/></b></a>"),
      TESTS("//svrl:failed-assert[1]/svrl:property-reference[@property = 'p'][@role = 'r'] = '1'",
            "//svrl:failed-assert[@location = '/a[1]/b[1]']/svrl:property-reference = '4'",
            "//svrl:property-reference/svrl:text/c/@z = '5'"));
}
END_TEST

START_TEST(what_a_document_holds_becomes_markup) {
  check_report(SCHEMA("<pattern><rule context='a'><assert test='@no'><value-of select='.'/>"
                      "</assert><assert test='@no' xml:space='preserve'><value-of select='.'/> "
                      " </assert></rule></pattern>"),
               "#ALL",
               DOCUMENTS("<a>&lt;svrl:text>&amp;amp;  \"' &#13;&#9;<![CDATA[</svrl:text>]]></a>"),
               TESTS("//svrl:failed-assert[1]/svrl:text = '<svrl:text>&amp; \"&#39; </svrl:text>' "
                     "or starts-with(//svrl:failed-assert[1]/svrl:text, '<svrl:text>&amp; ')",
                     "not(//svrl:failed-assert/svrl:text/*)",
                     "string-length(//svrl:failed-assert[2]/svrl:text) = 37"));
}
END_TEST

START_TEST(patterns_are_mixed_up) {
  check_report(SCHEMA("<pattern id='p'><rule id='late' context='b'><assert test='@x'/></rule>"
                      "</pattern><pattern id='q'><rule id='early' context='r'><assert test='@x'/>"
                      "</rule><rule id='other' context='b'><assert test='@x'/></rule></pattern>"),
               "#ALL", DOCUMENTS("<r><b/><b x='1'/><b/></r>"),
               TESTS("count(//svrl:fired-rule) = 7", "count(//svrl:failed-assert) = 5",
                     "/*/*[1][self::svrl:active-pattern]/@id = 'p'",
                     "/*/*[2][self::svrl:fired-rule]/@id = 'late'",
                     "/*/*[3][self::svrl:failed-assert]/@location = '/r[1]/b[1]'",
                     "/*/*[4][self::svrl:fired-rule]/@id = 'late'",
                     "/*/*[5][self::svrl:fired-rule]/@id = 'late'",
                     "/*/*[6]/@location = '/r[1]/b[3]'", "/*/*[7]/@id = 'q'"));
}
END_TEST

START_TEST(several_documents_are_not_told_apart) {
  check_report(SCHEMA("<pattern id='p'><rule context='a'><assert test='@x'/></rule></pattern>"),
               "#ALL", DOCUMENTS("<a/>", "<r><a/></r>", "<a x='1'/>"),
               TESTS("count(//svrl:active-pattern) = 3",
                     "//svrl:active-pattern[@documents = '1.xml']/following-sibling::"
                     "svrl:failed-assert[1]/@location = '/r[1]/a[1]'",
                     "//svrl:active-pattern[3][@documents = '2.xml']",
                     "count(//svrl:failed-assert) = 2", "count(//svrl:fired-rule) = 3"));
}
END_TEST

/* ---- Locations --------------------------------------------------------------------- */

static void locates(xmlDoc *document, struct locations *locations, xmlNode *node) {
  struct buffer path = buffer_make(100000);
  locations_write(locations, node, &path);
  xmlXPathContext *context = xmlXPathNewContext(document); /* knows no prefixes */
  xmlXPathObject *value = xmlXPathEval(BAD_CAST path.data, context);
  ck_assert_msg(value != NULL && value->type == XPATH_NODESET, "%s", path.data);
  ck_assert_msg(value->nodesetval != NULL && value->nodesetval->nodeNr == 1 &&
                    value->nodesetval->nodeTab[0] == node,
                "%s", path.data);
  xmlXPathFreeObject(value);
  xmlXPathFreeContext(context);
  buffer_dispose(&path);
}

static size_t locate_all(xmlDoc *document, struct locations *locations, xmlNode *node) {
  size_t count = 1;
  locates(document, locations, node);
  if (node->type == XML_ELEMENT_NODE)
    for (xmlAttr *each = node->properties; each != NULL; each = each->next, count++)
      locates(document, locations, (xmlNode *)each);
  if (node->type != XML_ELEMENT_NODE && node->type != XML_DOCUMENT_NODE) return count;
  for (xmlNode *each = node->children; each != NULL; each = each->next)
    count += locate_all(document, locations, each);
  return count;
}

START_TEST(a_location_leads_elsewhere) {
  xmlDoc *document = parse(
      "<?p 1?><!-- 0 --><r xmlns:q='urn:q' xmlns:o=\"it's &quot;o&quot;''\" a='1' q:a='2'>t<a/>u"
      "<q:a/><a xmlns='urn:q'/><a xmlns='urn:other'>v</a><!-- 1 --><?p 2?>w<?q 3?><!-- 2 --><?p 4?>"
      "<o:a o:b='1' b='2'/><o:a/><a>x<![CDATA[y]]>z</a></r><!-- 3 -->");
  struct locations locations = {0};
  ck_assert_uint_eq(locate_all(document, &locations, (xmlNode *)document), 26);
  locations_dispose(&locations);
  xmlFreeDoc(document);
}
END_TEST

/* Beyond the siblings that are counted each time: the numbers that are kept. */
START_TEST(a_location_among_many_siblings_leads_elsewhere) {
  struct buffer text = buffer_make(1 << 20);
  buffer_add_text(&text, "<r xmlns:q='urn:q'>");
  for (size_t i = 0; i < 300; i++)
    buffer_add_text(&text, i % 3 == 0 ? "<a/>t" : i % 3 == 1 ? "<q:a/><!-- c -->" : "<b/><?p 1?>");
  buffer_add_text(&text, "</r>");
  xmlDoc *document = parse(text.data);
  struct locations locations = {0};
  ck_assert_uint_gt(locate_all(document, &locations, (xmlNode *)document), 600);
  locations_dispose(&locations);
  xmlFreeDoc(document);
  buffer_dispose(&text);
}
END_TEST

START_TEST(the_check_of_the_structure_is_blind) {
  static const char *const wrong[] = {
      "<svrl:schematron-output xmlns:svrl='http://purl.oclc.org/dsdl/svrl'/>",
      "<svrl:schematron-output xmlns:svrl='http://purl.oclc.org/dsdl/svrl'>"
      "<svrl:active-pattern/><svrl:failed-assert location='/' test='1'><svrl:text/>"
      "</svrl:failed-assert></svrl:schematron-output>",
      "<svrl:schematron-output xmlns:svrl='http://purl.oclc.org/dsdl/svrl'>"
      "<svrl:active-pattern/><svrl:fired-rule/></svrl:schematron-output>",
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    xmlDoc *document = parse(wrong[i]);
    ck_assert_msg(!is_valid(document), "%s", wrong[i]);
    xmlFreeDoc(document);
  }
}
END_TEST

static void setup(void) {
  xml_source_setup();
}

static void teardown(void) {
  xmlRelaxNGCleanupTypes();
  xml_source_teardown();
}

CHECK_MAIN("schematron/svrl", {
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, the_head_of_a_report_is_not_complete);
  tcase_add_test(tests, a_failure_is_not_told_completely);
  tcase_add_test(tests, rich_text_breaks_the_structure);
  tcase_add_test(tests, a_location_leads_into_no_document);
  tcase_add_test(tests, a_name_is_not_that_of_the_message);
  tcase_add_test(tests, properties_keep_the_parameters_of_an_abstract_pattern);
  tcase_add_test(tests, what_a_document_holds_becomes_markup);
  tcase_add_test(tests, patterns_are_mixed_up);
  tcase_add_test(tests, several_documents_are_not_told_apart);
  tcase_add_test(tests, a_location_leads_elsewhere);
  tcase_add_test(tests, a_location_among_many_siblings_leads_elsewhere);
  tcase_add_test(tests, the_check_of_the_structure_is_blind);
})
