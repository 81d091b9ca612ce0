/* Pages of rules: what they say, and which evidence they ask for. */
#include "check_main.h"

#include "base/text.h"
#include "base/xml_source.h"
#include "rulebook/page_build.h"
#include "rulebook/private.h"
#include "rulebook/rule_text.h"
#include "support_rules.h"

#include <libxml/relaxng.h>
#include <string.h>

static struct rules_loaded loaded;
static struct case_set *cases;
static struct rule_pages pages;

static void setup(void) {
  xml_source_setup();
  loaded = rules_load(NULL, false);
  ck_assert_ptr_nonnull(loaded.rulebook);
  cases = case_set_new();
  case_set_add_builtin(cases, loaded.files, &loaded.diags);
  pages = rule_pages_new(loaded.rulebook, cases);
}

static void teardown(void) {
  rule_pages_dispose(&pages);
  case_set_free(cases);
  rules_unload(&loaded);
  xml_source_teardown();
}

static const struct rule_page *page_of(const char *id) {
  for (size_t i = 0; i < pages.count; i++)
    if (text_equal(pages.items[i].id, id)) return &pages.items[i];
  ck_abort_msg("no page %s", id);
  return NULL;
}

/* The kinds of all needs: "a|b c" for a or b, and c. */
static char *needs_of(const char *id) {
  const struct rule_page *page = page_of(id);
  char *text = alloc_text("");
  for (size_t i = 0; i < page->need_count; i++) {
    for (size_t k = 0; k < page->needs[i].count; k++) {
      char *more = alloc_format("%s%s%s", text, k ? "|" : i ? " " : "", page->needs[i].kinds[k].id);
      alloc_free(text);
      text = more;
    }
  }
  return text;
}

static void needs(const char *id, const char *kinds) {
  char *found = needs_of(id);
  ck_assert_msg(strstr(found, kinds) != NULL, "%s needs %s, not %s", id, found, kinds);
  alloc_free(found);
}

START_TEST(a_page_of_a_built_in_rule_has_a_hole) {
  ck_assert_uint_eq(pages.count, rulebook_count(loaded.rulebook));
  for (size_t i = 0; i < pages.count; i++) {
    const struct rule_page *p = &pages.items[i];
    ck_assert_str_eq(p->id, rulebook_id(loaded.rulebook, i));
    ck_assert_msg(*p->title && *p->why && p->products.count && p->tags.count, "%s", p->id);
    ck_assert_msg(p->references.count && p->profiles.count, "%s", p->id);
    ck_assert_msg(p->assertion_count && p->repair_count && p->need_count, "%s", p->id);
    ck_assert_msg(*p->bad.title && *p->good.title && *p->bad.fragment, "%s", p->id);
    ck_assert(p->builtin && p->line > 0);
    for (size_t r = 0; r < p->repair_count; r++)
      ck_assert_msg(*p->repairs[r].effect && p->repairs[r].remediation.count, "%s", p->id);
  }
}
END_TEST

START_TEST(a_page_asks_for_other_evidence_than_the_rule_reads) {
  needs("exchange-backend-https-binding-narrowed", "application-host");
  needs("exchange-backend-binding-without-certificate", "netsh-sslcert|get-webbinding");
  needs("exchange-backend-certificate-missing", "certutil-my|get-exchangecertificate");
  needs("oauth-certificate-expired", "get-authconfig");
  needs("oauth-certificate-expired", "certutil-my|get-exchangecertificate");
  needs("powershell-requires-ssl", "application-host");
  char *plain = needs_of("exchange-backend-https-binding-narrowed");
  ck_assert_str_eq(plain, "application-host");
  alloc_free(plain);
}
END_TEST

START_TEST(an_example_shows_another_server_than_the_case) {
  const struct rule_page *p = page_of("exchange-backend-certificate-missing");
  ck_assert_str_eq(p->bad.title, "KB 2779694: the certificate was deleted");
  ck_assert_uint_eq(p->bad.edits.count, 4);
  ck_assert_ptr_nonnull(strstr(p->bad.fragment, "usable=\"false\""));
  ck_assert_ptr_nonnull(strstr(p->good.fragment, "usable=\"true\""));
  ck_assert_str_eq(p->good.title, "the stock server");
}
END_TEST

START_TEST(a_placeholder_is_not_the_value_that_stands_there) {
  static const char text[] =
      "<a xmlns='http://purl.oclc.org/dsdl/schematron'>A <value-of select=\"translate(@store, "
      "'my', 'MY')\"/>\n of <value-of select=\"key('c', @hash)/@issuer\"/>, <value-of "
      "select='sg:as-of-text()'/>, <value-of select='normalize-space($services)'/>.</a>";
  struct xml_failure failure;
  struct xml_source_options options = {.keep_blanks = true};
  xmlDoc *document = xml_source_parse(text, sizeof text - 1, &options, &failure);
  char *line = rule_text_line(xmlDocGetRootElement(document));
  ck_assert_str_eq(line, "A {store} of {issuer}, {sg}, {services}.");
  alloc_free(line);
  xmlFreeDoc(document);
}
END_TEST

START_TEST(rules_that_explain_others_are_not_linked) {
  const struct rule_page *p = page_of("exchange-backend-certificate-missing");
  ck_assert_str_eq(p->superseded_by.items[0], "bound-certificate-without-private-key");
  ck_assert_str_eq(p->supersedes.items[0], "https-binding-without-usable-certificate");
}
END_TEST

START_TEST(a_filter_keeps_what_does_not_fit) {
  size_t all = pages.count;
  struct page_filter filter = {.tag = "auth", .severity = "critical"};
  rule_pages_filter(&pages, &filter);
  ck_assert_uint_gt(pages.count, 0);
  ck_assert_uint_lt(pages.count, all);
  for (size_t i = 0; i < pages.count; i++)
    ck_assert_int_eq(pages.items[i].severity, SEVERITY_CRITICAL);
  struct page_filter product = {.product = "exchange", .id = "oauth-*"};
  rule_pages_filter(&pages, &product);
  ck_assert_uint_eq(pages.count, 2);
  struct page_filter none = {.tag = "no-such-tag"};
  rule_pages_filter(&pages, &none);
  ck_assert_uint_eq(pages.count, 0);
}
END_TEST

/* ---- rules.rng ---- */

static xmlRelaxNG *rules_schema_rng(void) {
  const struct embedded_file *file = rule_files_builtin("rules.rng");
  ck_assert_ptr_nonnull(file);
  xmlRelaxNGParserCtxt *parser = xmlRelaxNGNewMemParserCtxt(file->text, (int)file->size);
  xmlRelaxNG *schema = xmlRelaxNGParse(parser);
  xmlRelaxNGFreeParserCtxt(parser);
  ck_assert_ptr_nonnull(schema);
  return schema;
}

static void ignore(void *data, xmlErrorPtr error) {
  (void)data, (void)error;
}

static bool fits(xmlRelaxNG *schema, const char *text, size_t size) {
  struct xml_failure failure;
  struct xml_source_options options = {.keep_blanks = true};
  xmlDoc *document = xml_source_parse(text, size, &options, &failure);
  ck_assert_msg(document != NULL, "%s", failure.message);
  xmlRelaxNGValidCtxt *context = xmlRelaxNGNewValidCtxt(schema);
  xmlRelaxNGSetValidStructuredErrors(context, ignore, NULL);
  int result = xmlRelaxNGValidateDoc(context, document);
  xmlRelaxNGFreeValidCtxt(context);
  xmlFreeDoc(document);
  return result == 0;
}

struct against {
  xmlRelaxNG *schema;
  size_t count;
};

static void is_valid(void *data, const struct embedded_file *file) {
  struct against *against = data;
  ck_assert_msg(fits(against->schema, file->text, file->size), "%s", file->path);
  against->count++;
}

START_TEST(a_built_in_rule_file_does_not_fit_the_schema_of_rules) {
  struct against against = {.schema = rules_schema_rng()};
  static const char *const folders[] = {"bindings", "certificates", "exchange", "startup"};
  for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
    rule_files_each_builtin(folders[i], ".sch", is_valid, &against);
  is_valid(&against, rule_files_builtin("siteglass.sch"));
  is_valid(&against, rule_files_builtin("keys.sch"));
  ck_assert_uint_ge(against.count, 8);
  xmlRelaxNGFree(against.schema);
}
END_TEST

START_TEST(the_schema_of_rules_takes_what_does_not_load) {
  xmlRelaxNG *schema = rules_schema_rng();
  static const struct {
    const char *patterns;
    bool fits;
  } rows[] = {
      {"<pattern id='a' sg:tags='x y'><title>t</title><p>p</p><rule context='site'>"
       "<assert test='1' role='low' sg:actual='1'>M <value-of select='1'/>.</assert></rule>"
       "</pattern>",
       true},
      {"<pattern id='a' sg:tag='x'/>", false},
      {"<pattern id='a' sg:none='fail'/>", false},
      {"<pattern id='a' sg:products='linux'/>", false},
      {"<pattern id='A'/>", false},
      {"<pattern id='a'><rule context='s'><assert test='1' role='severe'>M.</assert></rule>"
       "</pattern>",
       false},
      {"<pattern id='a'><rule context='s'><assert>M.</assert></rule></pattern>", false},
      {"<diagnostics><diagnostic id='d'><sg:step><sg:run shell='bash'>x</sg:run></sg:step>"
       "</diagnostic></diagnostics>",
       false},
      {"<diagnostics><diagnostic id='d'><sg:efect>x</sg:efect></diagnostic></diagnostics>", false},
      {"<diagnostics><diagnostic id='d'><sg:evidence select='.'/><sg:undo><sg:text>t</sg:text>"
       "</sg:undo></diagnostic></diagnostics>",
       true},
      {"<rools/>", false},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    char *text = rules_schema(rows[i].patterns);
    ck_assert_msg(fits(schema, text, strlen(text)) == rows[i].fits, "%s", rows[i].patterns);
    alloc_free(text);
  }
  xmlRelaxNGFree(schema);
}
END_TEST

CHECK_MAIN("rulebook/pages", {
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, a_page_of_a_built_in_rule_has_a_hole);
  tcase_add_test(tests, a_page_asks_for_other_evidence_than_the_rule_reads);
  tcase_add_test(tests, an_example_shows_another_server_than_the_case);
  tcase_add_test(tests, a_placeholder_is_not_the_value_that_stands_there);
  tcase_add_test(tests, rules_that_explain_others_are_not_linked);
  tcase_add_test(tests, a_filter_keeps_what_does_not_fit);
  tcase_add_test(tests, a_built_in_rule_file_does_not_fit_the_schema_of_rules);
  tcase_add_test(tests, the_schema_of_rules_takes_what_does_not_load);
})
