/* Small pieces of memory, and the texts that attributes share. A sanitizer build has
 * neither: there every piece is malloc's own. */
#include "check_main.h"

#include "base/alloc.h"
#include "base/shared_text.h"
#include "base/xml_source.h"

#include <string.h>

enum { PIECES = 20000 };

START_TEST(pieces_overlap_or_are_given_out_twice) {
  static char *pieces[PIECES];
  for (size_t round = 0; round < 2; round++) {
    for (size_t i = 0; i < PIECES; i++) {
      size_t size = 1 + i % 200;
      pieces[i] = alloc_bytes(size);
      for (size_t j = 0; j < size; j++)
        ck_assert_int_eq(pieces[i][j], 0); /* also what was given back before */
      memset(pieces[i], (int)(i % 251) + 1, size);
    }
    for (size_t i = 0; i < PIECES; i++)
      for (size_t j = 0; j < 1 + i % 200; j++)
        ck_assert_int_eq((unsigned char)pieces[i][j], (int)(i % 251) + 1);
    for (size_t i = 0; i < PIECES; i++)
      alloc_free(pieces[i]);
  }
}
END_TEST

START_TEST(a_piece_that_grows_loses_what_it_held) {
  char *text = alloc_text("0123456");
  for (size_t size = 9; size < 5000; size += 7) {
    text = alloc_resize(text, size, 1);
    text[size - 1] = 'x';
    ck_assert_int_eq(memcmp(text, "0123456", 8), 0);
  }
  alloc_free(text);
  text = alloc_resize(NULL, 0, 1);
  ck_assert_ptr_nonnull(text);
  alloc_free(text);
}
END_TEST

START_TEST(a_shared_text_is_of_another_attribute) {
  ck_assert_ptr_null(shared_text("seen once", 9));
  const xmlNode *one = shared_text("seen once", 9), *two = shared_text("seen once", 9);
  ck_assert_ptr_eq(one, two);
  const xmlNode *other = shared_text("seen", 4);
  ck_assert_ptr_null(other);
  const char *longer = "a text that does not fit into the two free pointers";
  (void)shared_text(longer, strlen(longer));
  const xmlNode *of_longer = shared_text(longer, strlen(longer));
  if (!one) return; /* a sanitizer build */
  ck_assert_str_eq((const char *)one->content, "seen once");
  ck_assert_str_eq((const char *)of_longer->content, longer);
  ck_assert_ptr_null(one->next);
  ck_assert_int_eq(one->type, XML_TEXT_NODE);
}
END_TEST

/* Freeing one element must not take the text from another. */
START_TEST(a_freed_attribute_takes_its_text_along) {
  const char *text = "<r><a x='true' y='2025-09-17T14:11:00Z'/><a x='true' "
                     "y='2025-09-17T14:11:00Z'/><a x='true' y='2025-09-17T14:11:00Z'/></r>";
  struct xml_source_options options = {.source = 1};
  struct xml_failure failure;
  xmlDoc *document = xml_source_parse(text, strlen(text), &options, &failure);
  xmlNode *first = xmlDocGetRootElement(document)->children;
  xmlNode *last = first->next->next;
  for (xmlNode *each = first, *next; each != last; each = next) {
    next = each->next;
    xmlUnlinkNode(each);
    xmlFreeNode(each);
  }
  xmlUnsetProp(last, BAD_CAST "x");
  xmlChar *value = xmlGetProp(last, BAD_CAST "y");
  ck_assert_str_eq((const char *)value, "2025-09-17T14:11:00Z");
  xmlFree(value);
  xmlFreeDoc(document);
}
END_TEST

CHECK_MAIN("base/slab", {
  alloc_hook_libraries();
  xml_source_setup();
  tcase_add_test(tests, pieces_overlap_or_are_given_out_twice);
  tcase_add_test(tests, a_piece_that_grows_loses_what_it_held);
  tcase_add_test(tests, a_shared_text_is_of_another_attribute);
  tcase_add_test(tests, a_freed_attribute_takes_its_text_along);
})
