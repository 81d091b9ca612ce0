/* The guarded parser: the same tree as libxml2's own, a place for every
 * element and attribute, and bounded work on hostile text. */
#include "check_main.h"

#include "base/buffer.h"
#include "base/system.h"
#include "base/text.h"
#include "base/xml_gate.h"
#include "base/xml_source.h"

#include <libxml/parser.h>
#include <string.h>

static xmlDoc *parse(const char *text, struct xml_failure *failure) {
  struct xml_source_options options = {.source = 7};
  return xml_source_parse(text, strlen(text), &options, failure);
}

static xmlDoc *parse_well(const char *text) {
  struct xml_failure failure = {0};
  xmlDoc *document = parse(text, &failure);
  ck_assert_msg(document != NULL, "%u:%u: %s", failure.line, failure.column, failure.message);
  return document;
}

static struct xml_failure parse_badly(const char *text) {
  struct xml_failure failure = {0};
  xmlDoc *document = parse(text, &failure);
  ck_assert_msg(document == NULL, "accepted: %.60s", text);
  ck_assert(failure.message[0] != '\0');
  ck_assert_uint_ge(failure.line, 1);
  ck_assert_uint_ge(failure.column, 1);
  return failure;
}

/* Where each line starts, so that a place can be looked up in any text. */
struct lines {
  const char **items;
  size_t count, capacity;
};

static struct lines lines_of(const char *text) {
  struct lines lines = {0};
  for (const char *at = text; at; at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL)
    ARRAY_PUSH(lines.items, lines.count, lines.capacity) = at;
  return lines;
}

static const char *at_origin(const struct lines *lines, struct origin origin) {
  ck_assert(origin.line >= 1 && origin.line <= lines->count);
  return lines->items[origin.line - 1] + origin.column - 1;
}

static void check_place(const struct lines *lines, const xmlNode *node, const xmlNs *ns,
                        bool attribute) {
  const char *at = at_origin(lines, origin_of(node));
  if (!attribute) ck_assert_int_eq(*at++, '<');
  if (ns && ns->prefix && text_starts(at, (const char *)ns->prefix))
    at += strlen((const char *)ns->prefix) + 1;
  ck_assert_msg(text_starts(at, (const char *)node->name), "%s is not at %.40s", node->name, at);
  at += strlen((const char *)node->name);
  if (attribute) at += strspn(at, " \t\r\n");
  ck_assert_msg(strchr(attribute ? "=" : "/> \t\r\n", *at) != NULL, "%s ends at %.40s", node->name,
                at);
}

/* Every element's `<name` and every attribute's `name=` is where it says. */
static size_t check_siblings(const struct lines *lines, const xmlNode *element) {
  size_t count = 0;
  for (const xmlNode *node = element; node; node = node->next) {
    if (node->type != XML_ELEMENT_NODE) continue;
    check_place(lines, node, node->ns, false);
    for (const xmlAttr *a = node->properties; a; a = a->next, count++)
      check_place(lines, (const xmlNode *)a, a->ns, true);
    count += 1 + check_siblings(lines, node->children);
  }
  return count;
}

static size_t check_places(const char *text, const xmlNode *root) {
  struct lines lines = lines_of(text);
  size_t count = check_siblings(&lines, root);
  alloc_free(lines.items);
  return count;
}

START_TEST(origins_do_not_name_the_artifact_line_and_column) {
  const char *text = "<?xml version='1.0'?>\n<a>\n  <b c='1'\n     d=\"2\"/>\n</a>\n";
  xmlDoc *document = parse_well(text);
  xmlNode *b = xmlDocGetRootElement(document)->children;
  struct origin at = origin_of(b), c = origin_of((xmlNode *)b->properties),
                d = origin_of((xmlNode *)b->properties->next);
  ck_assert_uint_eq(at.source, 7);
  ck_assert_uint_eq(at.line, 3);
  ck_assert_uint_eq(at.column, 3);
  ck_assert_uint_eq(c.line, 3);
  ck_assert_uint_eq(c.column, 6);
  ck_assert_uint_eq(d.line, 4);
  ck_assert_uint_eq(d.column, 6);
  xmlFreeDoc(document);
}
END_TEST

START_TEST(entities_newlines_and_namespaces_shift_attribute_places) {
  const char *text = "<p:a xmlns:p='urn:p' x = 'a&amp;b' y=\"&lt;\n&#65;\" xmlns='urn:d'\n"
                     " p:z='\xC3\xA4' xml:space='preserve' x2='='\r\n\tlast='/>'><!-- x -->"
                     "t<![CDATA[<not x='1'>]]><?pi <q y='2'> ?><b x=''/></p:a>";
  xmlDoc *document = parse_well(text);
  ck_assert_uint_eq(check_places(text, xmlDocGetRootElement(document)), 9);
  xmlChar *value = xmlGetProp(xmlDocGetRootElement(document), BAD_CAST "y");
  ck_assert_str_eq((char *)value, "< A");
  xmlFree(value);
  for (xmlAttr *a = xmlDocGetRootElement(document)->properties; a; a = a->next)
    ck_assert_msg(!a->children->next, "%s is in pieces", a->name); /* node_get reads one */
  xmlFreeDoc(document);
}
END_TEST

START_TEST(attributes_that_end_in_another_ones_name_are_mixed_up) {
  const char *text = "<a bc='1' c='2' xmlnsc='3' c.c='4'/>";
  xmlDoc *document = parse_well(text);
  ck_assert_uint_eq(check_places(text, xmlDocGetRootElement(document)), 5);
  xmlFreeDoc(document);
}
END_TEST

START_TEST(comments_blanks_and_cdata_are_not_as_asked) {
  const char *text = "<a> <!--c--> <b> </b><?p i?><c><![CDATA[x]]></c></a>";
  xmlDoc *document = parse_well(text);
  xmlNode *b = xmlDocGetRootElement(document)->children;
  ck_assert_str_eq((char *)b->name, "b");
  ck_assert_str_eq((char *)b->children->content, " ");
  ck_assert_str_eq((char *)b->next->name, "c");
  ck_assert_int_eq(b->next->children->type, XML_TEXT_NODE);
  xmlFreeDoc(document);
  struct xml_source_options options = {.keep_blanks = true, .keep_comments = true};
  struct xml_failure failure;
  document = xml_source_parse(text, strlen(text), &options, &failure);
  ck_assert_uint_eq(xmlChildElementCount(xmlDocGetRootElement(document)), 2);
  ck_assert_int_eq(xmlDocGetRootElement(document)->children->type, XML_TEXT_NODE);
  ck_assert_int_eq(xmlDocGetRootElement(document)->children->next->type, XML_COMMENT_NODE);
  xmlFreeDoc(document);
}
END_TEST

START_TEST(names_of_two_documents_are_not_shared) {
  xmlDict *dict = xmlDictCreate();
  struct xml_source_options options = {.dict = dict};
  struct xml_failure failure;
  xmlDoc *one = xml_source_parse("<site/>", 7, &options, &failure);
  xmlDoc *two = xml_source_parse("<site/>", 7, &options, &failure);
  ck_assert_ptr_eq(one->children->name, two->children->name);
  ck_assert_ptr_eq(one->dict, dict);
  xmlNode *moved = one->children;
  xmlUnlinkNode(moved);
  xmlAddChild(two->children, moved);
  xmlFreeDoc(one);
  ck_assert_str_eq((char *)two->children->children->name, "site");
  xmlFreeDoc(two);
  xmlDictFree(dict);
}
END_TEST

START_TEST(an_encoding_declaration_changes_the_decoder) {
  const char *encodings[] = {"UTF-7",        "UTF-16",  "UTF-16LE", "windows-1252", "ISO-8859-1",
                             "EBCDIC-CP-US", "no-such", "UCS-4",    "utf-8"};
  for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++) {
    char *text = alloc_format("<?xml version=\"1.0\" encoding=\"%s\"?>\n<a v='\xC3\xA4'>"
                              "+ADw-b/+AD4-</a>",
                              encodings[i]);
    xmlDoc *document = parse_well(text);
    xmlNode *root = xmlDocGetRootElement(document);
    ck_assert_str_eq((char *)root->children->content, "+ADw-b/+AD4-");
    ck_assert_str_eq((char *)root->properties->children->content, "\xC3\xA4");
    xmlFreeDoc(document);
    alloc_free(text);
  }
}
END_TEST

START_TEST(bytes_that_are_not_utf8_are_accepted) {
  struct xml_failure failure = parse_badly("<a>\n<b c='\xE4'/></a>");
  ck_assert_uint_eq(failure.line, 2);
  ck_assert(!failure.refused);
  parse_badly("<a>\xC0\xBC</a>");
  parse_badly("\xFE\xFF<a/>");
}
END_TEST

START_TEST(a_doctype_or_entities_are_accepted) {
  struct xml_failure failure =
      parse_badly("<?xml version='1.0'?>\n <!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>");
  ck_assert(failure.refused);
  ck_assert_uint_eq(failure.line, 2);
  ck_assert_uint_eq(failure.column, 2);
  ck_assert(parse_badly("<!-- --><!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>").refused);
  ck_assert(!parse_badly("<a>&undefined;</a>").refused);
  ck_assert(!parse_badly("<!doctype html><html/>").refused);
}
END_TEST

START_TEST(billion_laughs_are_expanded) {
  struct buffer text = buffer_make(1 << 20);
  buffer_add_text(&text, "<!DOCTYPE l [<!ENTITY l0 'ha'>");
  for (int i = 1; i < 30; i++)
    buffer_add_format(&text, "<!ENTITY l%d '&l%d;&l%d;&l%d;'>", i, i - 1, i - 1, i - 1);
  buffer_add_text(&text, "]><l>&l29;</l>");
  ck_assert(parse_badly(buffer_text(&text)).refused);
  buffer_dispose(&text);
}
END_TEST

static char *nested(unsigned depth) {
  struct buffer text = buffer_make(1 << 24);
  for (unsigned i = 0; i < depth; i++)
    buffer_add_text(&text, "<a>\n");
  for (unsigned i = 0; i < depth; i++)
    buffer_add_text(&text, "</a>");
  return buffer_take(&text);
}

START_TEST(nesting_has_no_limit_or_one_too_low) {
  char *text = nested(256);
  xmlFreeDoc(parse_well(text));
  alloc_free(text);
  text = nested(257);
  struct xml_failure failure = parse_badly(text);
  ck_assert(failure.refused);
  ck_assert_uint_eq(failure.line, 257);
  ck_assert_str_eq(failure.message, "elements are nested more than 256 deep");
  alloc_free(text);
  text = nested(500000);
  ck_assert(parse_badly(text).refused);
  alloc_free(text);
}
END_TEST

static char *with_attributes(unsigned count, const char *name) {
  struct buffer text = buffer_make(1 << 24);
  buffer_add_text(&text, "<r>\n <a ");
  for (unsigned i = 0; i < count; i++)
    buffer_add_format(&text, "%s%u='' ", name, i);
  buffer_add_text(&text, "/></r>");
  return buffer_take(&text);
}

START_TEST(one_element_of_100000_attributes_hangs_the_run) {
  char *text = with_attributes(1000, "a");
  xmlFreeDoc(parse_well(text));
  alloc_free(text);
  text = with_attributes(100000, "a");
  struct xml_failure failure = parse_badly(text);
  ck_assert(failure.refused);
  ck_assert_uint_eq(failure.line, 2);
  ck_assert_uint_eq(failure.column, 2);
  alloc_free(text);
}
END_TEST

/* The gate's view may differ from the parser's behind an error only; so the
 * parser must not read on behind its first error. */
START_TEST(quotes_hide_attributes_from_the_gate_or_make_them_up) {
  struct buffer text = buffer_make(1 << 24);
  buffer_add_text(&text, "<r x='>' y=\"'>\" ");
  for (unsigned i = 0; i < 2000; i++)
    buffer_add_format(&text, "a%u='' ", i);
  buffer_add_text(&text, "/>");
  ck_assert(parse_badly(buffer_text(&text)).refused);
  buffer_clear(&text);
  buffer_add_text(&text, "<r><a b='");
  for (unsigned i = 0; i < 2000; i++)
    buffer_add_text(&text, "=\">");
  buffer_add_text(&text, "'/></r>");
  xmlFreeDoc(parse_well(buffer_text(&text)));
  buffer_dispose(&text);
}
END_TEST

START_TEST(tags_that_close_themselves_count_as_open) {
  struct buffer text = buffer_make(1 << 24);
  buffer_add_text(&text, "<r>");
  for (unsigned i = 0; i < 1000; i++)
    buffer_add_text(&text, "<a/><b ></b ><!-- <c> --><![CDATA[<d>]]><?e <f> ?><g h='/>'/>");
  buffer_add_text(&text, "</r>");
  xmlFreeDoc(parse_well(buffer_text(&text)));
  buffer_dispose(&text);
}
END_TEST

START_TEST(an_error_in_front_hides_an_attribute_bomb_from_the_gate) {
  char *bomb = with_attributes(100000, "a");
  const char *fronts[] = {
      "<x y=\"<\" z='", "<x y='1' \" ", "<x><!- '",           "<x>]]>&; <y a=\"",
      "<x =\"",         "<1 a='",       "<x>&#0;<!-- -- -->", "<?xml?><x y=\"\x01"};
  for (size_t i = 0; i < sizeof fronts / sizeof *fronts; i++) {
    char *text = alloc_format("%s%s", fronts[i], bomb);
    parse_badly(text);
    alloc_free(text);
  }
  alloc_free(bomb);
}
END_TEST

START_TEST(many_namespaces_or_names_make_the_run_quadratic) {
  struct buffer namespaces = buffer_make(1 << 24);
  char *full;
  for (int i = 0; i < 101; i++)
    buffer_add_format(&namespaces, "<a xmlns:n%d='u%d'%s", i, i, i < 100 ? ">" : "/>");
  for (int i = 0; i < 100; i++)
    buffer_add_text(&namespaces, "</a>");
  full = buffer_take(&namespaces);
  ck_assert(parse_badly(full).refused);
  alloc_free(full);
  buffer_add_text(&namespaces, "<r>"); /* not in scope together: fine */
  for (int i = 0; i < 500; i++)
    buffer_add_format(&namespaces, "<a xmlns='u%d'><b/></a>", i);
  buffer_add_text(&namespaces, "</r>");
  full = buffer_take(&namespaces);
  xmlFreeDoc(parse_well(full));
  alloc_free(full);
  buffer_add_text(&namespaces, "<r>");
  for (int i = 0; i < 60000; i++)
    buffer_add_format(&namespaces, "<n%d/>", i);
  buffer_add_text(&namespaces, "</r>");
  full = buffer_take(&namespaces);
  ck_assert(parse_badly(full).refused);
  alloc_free(full);
}
END_TEST

START_TEST(nul_bytes_and_long_tags_pass_the_gate) {
  struct xml_failure failure;
  ck_assert_ptr_null(xml_source_parse("<a>\0</a>", 8, NULL, &failure));
  ck_assert(failure.refused);
  ck_assert_uint_eq(failure.column, 4);
  struct buffer text = buffer_make(1 << 24);
  buffer_add_text(&text, "<a b='");
  for (int i = 0; i < 1 << 17; i++)
    buffer_add_text(&text, "12345678");
  buffer_add_text(&text, "'/>");
  ck_assert(parse_badly(buffer_text(&text)).refused);
  buffer_dispose(&text);
}
END_TEST

START_TEST(what_is_not_xml_is_accepted_or_has_no_place) {
  const char *texts[] = {"",
                         " ",
                         "x",
                         "<",
                         "<a",
                         "<a>",
                         "<a></b>",
                         "<a/><b/>",
                         "<a b='1' b='2'/>",
                         "<a><![CDATA[",
                         "<!--",
                         "<a><!-- -- --></a>",
                         "<?xml version='1.0'?>",
                         "<a b=c/>",
                         "<a b='<'/>",
                         "</a>",
                         "<>",
                         "<a/>x",
                         "<a><!--"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    ck_assert_msg(!parse_badly(texts[i]).refused, "%s", texts[i]);
}
END_TEST

START_TEST(a_cut_file_is_not_told_from_a_damaged_one) {
  ck_assert(parse_badly("<a>\n<b>").at_end);
  ck_assert(parse_badly("<a>\n<b c='1").at_end);
  ck_assert(parse_badly("<a>\n<!-- ").at_end);
  ck_assert(parse_badly("<a>\n</a").at_end);
  ck_assert(parse_badly("<a>\n<b c=").at_end);
  ck_assert(!parse_badly("<a/> x").at_end);
  struct xml_failure failure = parse_badly("<a>\n<b></c>\n</a>");
  ck_assert(!failure.at_end);
  ck_assert_uint_eq(failure.line, 2);
}
END_TEST

START_TEST(the_message_carries_control_characters) {
  struct xml_failure failure = parse_badly("<a><b\xC2\x9B\xE2\x80\xAE></c></a>");
  ck_assert_ptr_null(strstr(failure.message, "\xC2\x9B"));
  ck_assert_ptr_null(strchr(failure.message, '\n'));
}
END_TEST

START_TEST(the_document_element_is_not_found_by_the_sniff) {
  static const struct {
    const char *text, *name;
  } rows[] = {{"<?xml version='1.0'?>\r\n<!-- <no> -->\n<configuration>", "configuration"},
              {"<!DOCTYPE html>\n<html>", "html"},
              {"<!DOCTYPE a [<!ENTITY x '>'>]><p:local x=''/>", "local"},
              {"  <Objs Version='1'", "Objs"},
              {"text <a/>", ""},
              {"", ""},
              {"<", ""},
              {"<a", ""},
              {"<!-- never closed <a>", ""}};
  char name[64];
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    xml_source_sniff(rows[i].text, strlen(rows[i].text), name);
    ck_assert_str_eq(name, rows[i].name);
  }
}
END_TEST

/* Cut and changed bytes of a document that has everything: no crash, and never
 * a tree where libxml2 itself sees an error. */
START_TEST(mutations_crash_or_are_accepted_where_libxml2_refuses) {
  const char *seed =
      "<?xml version=\"1.0\"?><a x='1' y=\"&amp;2\"><!-- c --><b:b xmlns:b='u' b:z='q'/>"
      "<![CDATA[d]]>t&#65;<?p i?></a>";
  size_t size = strlen(seed);
  const char bytes[] = "<>&'\"/=!?-[]; \nx\x01\xC3";
  for (size_t i = 0; i < size; i++) {
    for (size_t b = 0; b < sizeof bytes; b++) {
      char *text = alloc_text(seed);
      text[i] = bytes[b]; /* the last one cuts */
      struct xml_failure failure;
      xmlDoc *mine = parse(text, &failure);
      xmlDoc *theirs = xmlReadMemory(text, (int)strlen(text), NULL, "UTF-8", XML_PARSE_NONET);
      ck_assert_msg((mine != NULL) == (theirs != NULL) || (!mine && failure.refused), "%s", text);
      if (mine) check_places(text, xmlDocGetRootElement(mine));
      xmlFreeDoc(mine);
      xmlFreeDoc(theirs);
      alloc_free(text);
    }
  }
}
END_TEST

static void check_same_tree(const char *path, const char *text, size_t size, xmlDoc *theirs) {
  struct xml_source_options options = {.source = 1, .keep_comments = true};
  struct xml_failure failure;
  xmlDoc *mine = xml_source_parse(text, size, &options, &failure);
  ck_assert_msg((mine != NULL) == (theirs != NULL), "%s: %s", path, failure.message);
  if (!mine) return;
  xmlChar *a, *b;
  int a_size, b_size;
  xmlDocDumpMemoryEnc(mine, &a, &a_size, "UTF-8");
  xmlDocDumpMemoryEnc(theirs, &b, &b_size, "UTF-8");
  ck_assert_msg(a_size == b_size && memcmp(a, b, (size_t)a_size) == 0, "%s", path);
  xmlFree(a);
  xmlFree(b);
  check_places(text, xmlDocGetRootElement(mine));
  xmlFreeDoc(mine);
}

static size_t compare_file(const char *path) {
  uint8_t *bytes;
  size_t size, count = 0;
  char error[128];
  ck_assert_msg(system_read(path, 1 << 26, &bytes, &size, error), "%s: %s", path, error);
  const char *text = (const char *)bytes;
  if (text_starts(text, "\xEF\xBB\xBF")) text += 3;
  size -= (size_t)(text - (const char *)bytes);
  char root[64];
  xml_source_sniff(text, size, root);
  if (root[0] && text_utf8_prefix(text, size) == size && !strstr(text, "<!DOCTYPE")) {
    xmlDoc *theirs = xmlReadMemory(text, (int)size, NULL, "UTF-8",
                                   XML_PARSE_NONET | XML_PARSE_NOBLANKS | XML_PARSE_NOCDATA);
    check_same_tree(path, text, size, theirs);
    xmlFreeDoc(theirs);
    count = 1;
  }
  alloc_free(bytes);
  return count;
}

static size_t compare_folder(const char *folder) {
  char **names, error[128];
  size_t count, compared = 0;
  ck_assert(system_list(folder, &names, &count, error));
  for (size_t i = 0; i < count; i++) {
    char *path = alloc_format("%s/%s", folder, names[i]);
    struct system_status status;
    system_status(path, false, &status);
    if (status.kind == SYSTEM_FOLDER) compared += compare_folder(path);
    if (status.kind == SYSTEM_FILE) compared += compare_file(path);
    alloc_free(path);
  }
  system_list_free(names, count);
  return compared;
}

START_TEST(real_files_give_another_tree_than_libxml2_or_wrong_places) {
  NEEDS_SHARED();
  ck_assert_uint_ge(compare_folder(SITEGLASS_SHARED_DIR "/data/corpus"), 35);
  ck_assert_uint_ge(compare_folder(SITEGLASS_SHARED_DIR "/data/exchange"), 45);
  ck_assert_uint_ge(compare_folder(SITEGLASS_SHARED_DIR "/data/iis"), 60);
}
END_TEST

START_TEST(the_damaged_exchange_configuration_does_not_fail_at_line_128) {
  NEEDS_SHARED();
  uint8_t *bytes;
  size_t size;
  char error[128];
  ck_assert(system_read(SITEGLASS_SHARED_DIR "/data/exchange/E19/IIS/BadApplicationHost.config",
                        1 << 26, &bytes, &size, error));
  struct xml_failure failure;
  ck_assert_ptr_null(xml_source_parse((char *)bytes, size, NULL, &failure));
  ck_assert_uint_eq(failure.line, 128);
  ck_assert_str_eq(failure.message,
                   "Opening and ending tag mismatch: sectionGroup line 52 and configSections");
  ck_assert(!failure.refused);
  ck_assert(!failure.at_end);
  alloc_free(bytes);
}
END_TEST

/* Included rule files move into another document, which goes before others do. */
START_TEST(an_edited_document_shares_the_texts_of_its_attributes) {
  static const char text[] = "<a x='same'><b x='same'/><b x='same'/><b x='same'/></a>";
  struct xml_source_options options = {.source = 1, .edited = true};
  struct xml_failure failure;
  xmlDoc *first = xml_source_parse(text, strlen(text), &options, &failure);
  xmlDoc *second = xml_source_parse(text, strlen(text), &options, &failure);
  for (const xmlNode *b = xmlDocGetRootElement(second)->children; b; b = b->next) {
    ck_assert_ptr_eq(b->properties->children->doc, second);
    if (b->next) ck_assert_ptr_ne(b->properties->children, b->next->properties->children);
  }
  xmlFreeDoc(first);
  xmlFreeDoc(second);
}
END_TEST

CHECK_MAIN("base/xml_source", {
  alloc_hook_libraries();
  xml_source_setup();
  tcase_add_test(tests, origins_do_not_name_the_artifact_line_and_column);
  tcase_add_test(tests, entities_newlines_and_namespaces_shift_attribute_places);
  tcase_add_test(tests, attributes_that_end_in_another_ones_name_are_mixed_up);
  tcase_add_test(tests, comments_blanks_and_cdata_are_not_as_asked);
  tcase_add_test(tests, names_of_two_documents_are_not_shared);
  tcase_add_test(tests, an_edited_document_shares_the_texts_of_its_attributes);
  tcase_add_test(tests, an_encoding_declaration_changes_the_decoder);
  tcase_add_test(tests, bytes_that_are_not_utf8_are_accepted);
  tcase_add_test(tests, a_doctype_or_entities_are_accepted);
  tcase_add_test(tests, billion_laughs_are_expanded);
  tcase_add_test(tests, nesting_has_no_limit_or_one_too_low);
  tcase_add_test(tests, one_element_of_100000_attributes_hangs_the_run);
  tcase_add_test(tests, quotes_hide_attributes_from_the_gate_or_make_them_up);
  tcase_add_test(tests, tags_that_close_themselves_count_as_open);
  tcase_add_test(tests, an_error_in_front_hides_an_attribute_bomb_from_the_gate);
  tcase_add_test(tests, many_namespaces_or_names_make_the_run_quadratic);
  tcase_add_test(tests, nul_bytes_and_long_tags_pass_the_gate);
  tcase_add_test(tests, what_is_not_xml_is_accepted_or_has_no_place);
  tcase_add_test(tests, a_cut_file_is_not_told_from_a_damaged_one);
  tcase_add_test(tests, the_message_carries_control_characters);
  tcase_add_test(tests, the_document_element_is_not_found_by_the_sniff);
  tcase_add_test(tests, mutations_crash_or_are_accepted_where_libxml2_refuses);
  tcase_add_test(tests, real_files_give_another_tree_than_libxml2_or_wrong_places);
  tcase_add_test(tests, the_damaged_exchange_configuration_does_not_fail_at_line_128);
})
