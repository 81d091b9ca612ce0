/* CLIXML: names, references, lists, dictionaries, scalars. */
#include "check_main.h"

#include "base/text.h"
#include "base/xml_source.h"
#include "readers/clixml.h"

#include <string.h>

#define OBJS "<Objs Version='1.1.0.1' xmlns='http://schemas.microsoft.com/powershell/2004/04'>"

static xmlDoc *document;
static struct clixml *clixml;

static void open_export(const char *body) {
  char *text = alloc_format(OBJS "%s</Objs>", body);
  struct xml_failure failure;
  document = xml_source_parse(text, strlen(text), NULL, &failure);
  ck_assert_ptr_nonnull(document);
  clixml = clixml_new(document);
  ck_assert_ptr_nonnull(clixml);
  alloc_free(text);
}

static void close_export(void) {
  clixml_free(clixml);
  xmlFreeDoc(document);
}

static void has_text(const xmlNode *value, const char *expected) {
  ck_assert_ptr_nonnull(value);
  char *text = clixml_text(value);
  if (expected)
    ck_assert_str_eq(text, expected);
  else
    ck_assert_ptr_null(text);
  alloc_free(text);
}

static void is_text(const char *scalar, const char *expected) {
  open_export(scalar);
  has_text(clixml_object(clixml, 0), expected);
  close_export();
}

START_TEST(type_names_are_not_shared_or_keep_their_remoting_prefix) {
  open_export("<Obj RefId='0'><TN RefId='0'><T>Deserialized.A.B</T><T>Deserialized.A</T></TN></Obj>"
              "<Obj RefId='1'><TNRef RefId='0'/></Obj>"
              "<Obj RefId='2'><TNRef RefId='7'/></Obj><Obj RefId='3'/>");
  ck_assert_uint_eq(clixml_count(clixml), 4);
  for (size_t i = 0; i < 2; i++) {
    ck_assert_str_eq(clixml_type(clixml, clixml_object(clixml, i)), "A.B");
    ck_assert(clixml_type_is(clixml, clixml_object(clixml, i), "A"));
    ck_assert(!clixml_type_is(clixml, clixml_object(clixml, i), "B"));
    ck_assert(!clixml_type_is(clixml, clixml_object(clixml, i), "a.b"));
  }
  ck_assert_str_eq(clixml_type(clixml, clixml_object(clixml, 2)), "");
  ck_assert_str_eq(clixml_type(clixml, clixml_object(clixml, 3)), "");
  close_export();
}
END_TEST

START_TEST(properties_are_not_found_by_name) {
  open_export("<Obj RefId='0'><Props><S N='One'>p</S><S N='Two'>p2</S></Props>"
              "<MS><S N='one'>m</S><S N='a_x0020_b'>space</S><Nil N='none'/></MS></Obj>");
  xmlNode *object = clixml_object(clixml, 0);
  has_text(clixml_property(clixml, object, "One"), "m");
  has_text(clixml_property(clixml, object, "TWO"), "p2");
  has_text(clixml_property(clixml, object, "a b"), "space");
  ck_assert(clixml_is_nil(clixml_property(clixml, object, "None")));
  has_text(clixml_property(clixml, object, "None"), NULL);
  ck_assert_ptr_null(clixml_property(clixml, object, "Three"));
  close_export();
}
END_TEST

START_TEST(references_lead_elsewhere) {
  open_export("<Obj RefId='0'><MS><Obj N='a' RefId='1'><ToString>one</ToString></Obj></MS></Obj>"
              "<Obj RefId='2'><MS><Ref N='a' RefId='1'/><Ref N='b' RefId='99'/>"
              "<Ref N='c' RefId='x'/><Ref N='self' RefId='2'/></MS></Obj><Ref RefId='1'/>");
  ck_assert_uint_eq(clixml_count(clixml), 3);
  xmlNode *second = clixml_object(clixml, 1);
  has_text(clixml_property(clixml, second, "a"), "one");
  ck_assert_ptr_null(clixml_property(clixml, second, "b"));
  ck_assert_ptr_null(clixml_property(clixml, second, "c"));
  ck_assert_ptr_eq(clixml_property(clixml, second, "self"), second);
  has_text(clixml_object(clixml, 2), "one");
  close_export();
}
END_TEST

START_TEST(a_huge_reference_number_takes_memory) {
  open_export("<Obj RefId='18446744073709551615'/><Obj RefId='49999999'/><Obj RefId='-1'/>");
  ck_assert_uint_eq(clixml_count(clixml), 3);
  close_export();
}
END_TEST

START_TEST(lists_that_were_exported_as_one_object_hide_their_members) {
  open_export("<Obj RefId='0'><TN RefId='0'><T>System.Object[]</T></TN><LST><S>a</S><Nil/>"
              "<Obj RefId='1'><IE><S>b</S></IE></Obj><Ref RefId='0'/></LST></Obj>"
              "<Obj RefId='2'><TN RefId='1'><T>Own.Type</T></TN><Props><S N='p'>v</S></Props>"
              "<IE><S>inner</S></IE></Obj><Nil/>"
              "<Obj RefId='3'><TN RefId='2'><T>Deserialized.System.Collections.ArrayList</T></TN>"
              "<Props><I32 N='Count'>1</I32></Props><LST><S>c</S></LST></Obj>");
  ck_assert_uint_eq(clixml_count(clixml), 4);
  has_text(clixml_object(clixml, 0), "a");
  has_text(clixml_object(clixml, 1), "b");
  ck_assert_str_eq(clixml_type(clixml, clixml_object(clixml, 2)), "Own.Type");
  has_text(clixml_first(clixml_object(clixml, 2)), "inner");
  ck_assert_ptr_null(clixml_next(clixml_first(clixml_object(clixml, 2))));
  has_text(clixml_object(clixml, 3), "c");
  close_export();
}
END_TEST

START_TEST(dictionaries_are_not_looked_up) {
  open_export("<Obj RefId='0'><DCT><En><S N='Key'>1.2</S><Obj N='Value' RefId='1'>"
              "<ToString>tls</ToString></Obj></En><En><S N='Key'>x</S><Ref N='Value' RefId='1'/>"
              "</En><En/></DCT></Obj>");
  xmlNode *object = clixml_object(clixml, 0);
  has_text(clixml_entry(clixml, object, "1.2"), "tls");
  has_text(clixml_entry(clixml, object, "X"), "tls");
  ck_assert_ptr_null(clixml_entry(clixml, object, "y"));
  close_export();
}
END_TEST

START_TEST(escapes_are_decoded_wrongly) {
  is_text("<S>a_x000D__x000A_b</S>", "a\r\nb");
  is_text("<S>_x005F_x0041_</S>", "_x0041_");
  is_text("<S>_xD83D__xDE00_</S>", "\xF0\x9F\x98\x80");
  is_text("<S>_x00e4_</S>", "\xC3\xA4");
  is_text("<S>_xD83D_x</S>", "\xEF\xBF\xBDx");
  is_text("<S>_xDE00__xD83D_</S>", "\xEF\xBF\xBD\xEF\xBF\xBD");
  is_text("<S>a_x0000_b</S>", "a\xEF\xBF\xBD"
                              "b");
  is_text("<S>_x12_ _x_ _X0041_ _x004</S>", "_x12_ _x_ _X0041_ _x004");
  is_text("<S>_x_x0041_</S>", "_xA");
  is_text("<S>&lt;a&gt; &amp; b</S>", "<a> & b");
  is_text("<S></S>", "");
  is_text("<S>  </S>", "  ");
}
END_TEST

START_TEST(values_of_enumerations_are_not_read) {
  open_export("<Obj RefId='0'><TN RefId='0'><T>My.Enum</T></TN><ToString>IIS, SMTP</ToString>"
              "<I32>24</I32></Obj><I64>-5</I64><S>7</S><B>TRUE</B><U64>18446744073709551615</U64>"
              "<Obj RefId='1'><S>plain</S><MS><S N='x'>note</S></MS></Obj><B>maybe</B>");
  int64_t number;
  bool truth;
  has_text(clixml_object(clixml, 0), "IIS, SMTP");
  ck_assert(clixml_integer(clixml_object(clixml, 0), &number));
  ck_assert_int_eq(number, 24);
  ck_assert(clixml_integer(clixml_object(clixml, 1), &number));
  ck_assert_int_eq(number, -5);
  ck_assert(!clixml_integer(clixml_object(clixml, 2), &number));
  ck_assert(clixml_boolean(clixml_object(clixml, 3), &truth));
  ck_assert(truth);
  ck_assert(!clixml_integer(clixml_object(clixml, 4), &number));
  has_text(clixml_object(clixml, 5), "plain");
  ck_assert(!clixml_boolean(clixml_object(clixml, 6), &truth));
  close_export();
}
END_TEST

START_TEST(byte_arrays_are_not_read) {
  open_export("<BA>AAEC</BA><S>AAEC</S><BA>AA=C</BA><BA/>");
  uint8_t *bytes;
  size_t size;
  ck_assert(clixml_bytes(clixml_object(clixml, 0), &bytes, &size));
  ck_assert_uint_eq(size, 3);
  ck_assert_int_eq(bytes[2], 2);
  alloc_free(bytes);
  ck_assert(!clixml_bytes(clixml_object(clixml, 1), &bytes, &size));
  ck_assert(!clixml_bytes(clixml_object(clixml, 2), &bytes, &size));
  ck_assert(clixml_bytes(clixml_object(clixml, 3), &bytes, &size));
  ck_assert_uint_eq(size, 0);
  alloc_free(bytes);
  close_export();
}
END_TEST

CHECK_MAIN("readers/clixml", {
  alloc_hook_libraries();
  xml_source_setup();
  tcase_add_test(tests, type_names_are_not_shared_or_keep_their_remoting_prefix);
  tcase_add_test(tests, properties_are_not_found_by_name);
  tcase_add_test(tests, references_lead_elsewhere);
  tcase_add_test(tests, a_huge_reference_number_takes_memory);
  tcase_add_test(tests, lists_that_were_exported_as_one_object_hide_their_members);
  tcase_add_test(tests, dictionaries_are_not_looked_up);
  tcase_add_test(tests, escapes_are_decoded_wrongly);
  tcase_add_test(tests, values_of_enumerations_are_not_read);
  tcase_add_test(tests, byte_arrays_are_not_read);
})
