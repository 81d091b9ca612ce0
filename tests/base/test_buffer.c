/* Tests of base/buffer and base/alloc. */
#include "base/buffer.h"

#include "check_main.h"

#include <stdint.h>
#include <string.h>

START_TEST(what_was_added_is_not_there) {
  struct buffer buffer = buffer_make(SIZE_MAX);
  ck_assert_str_eq(buffer_text(&buffer), "");
  for (int i = 0; i < 1000; i++)
    buffer_add_format(&buffer, "%d,", i);
  buffer_add_char(&buffer, 'x');
  buffer_add(&buffer, NULL, 0);
  buffer_add_text(&buffer, "end");
  ck_assert(!buffer.overflowed);
  ck_assert_uint_eq(buffer.size, strlen(buffer.data));
  ck_assert(strncmp(buffer.data, "0,1,2,", 6) == 0);
  ck_assert_str_eq(buffer.data + buffer.size - 8, "999,xend");
  buffer_dispose(&buffer);
}
END_TEST

START_TEST(more_than_the_maximum_is_kept_or_nobody_is_told) {
  struct buffer buffer = buffer_make(5);
  buffer_add_text(&buffer, "12345");
  ck_assert(!buffer.overflowed);
  buffer_add_char(&buffer, '6');
  ck_assert(buffer.overflowed);
  ck_assert_str_eq(buffer_text(&buffer), "12345");
  buffer_clear(&buffer);
  ck_assert(!buffer.overflowed);
  buffer_add_format(&buffer, "%s", "123456");
  ck_assert(buffer.overflowed);
  ck_assert_uint_eq(buffer.size, 0);
  buffer_dispose(&buffer);
}
END_TEST

START_TEST(a_size_wraps_around) {
  struct buffer buffer = buffer_make(SIZE_MAX);
  buffer_add_text(&buffer, "x");
  buffer_add(&buffer, "y", SIZE_MAX - 1); /* would need SIZE_MAX + 1 bytes with its NUL */
  ck_assert(buffer.overflowed);
  ck_assert_str_eq(buffer_text(&buffer), "x");
  buffer_dispose(&buffer);
}
END_TEST

START_TEST(taking_an_empty_buffer_gives_nothing) {
  struct buffer buffer = buffer_make(10);
  char *text = buffer_take(&buffer);
  ck_assert_str_eq(text, "");
  alloc_free(text);
  buffer_add_text(&buffer, "ab");
  text = buffer_take(&buffer);
  ck_assert_str_eq(text, "ab");
  ck_assert_uint_eq(buffer.size, 0);
  ck_assert_uint_eq(buffer.maximum, 10);
  alloc_free(text);
}
END_TEST

static void leave(size_t size) {
  _Exit(size == SIZE_MAX ? 42 : 43);
}

START_TEST(a_product_wraps_around) {
  alloc_on_failure(leave);
  void *memory = alloc_array(SIZE_MAX / 2, 3);
  alloc_free(memory);
}
END_TEST

START_TEST(a_growing_array_loses_items) {
  size_t *items = NULL, count = 0, capacity = 0;
  for (size_t i = 0; i < 5000; i++)
    ARRAY_PUSH(items, count, capacity) = i;
  ck_assert_uint_eq(count, 5000);
  for (size_t i = 0; i < count; i++)
    ck_assert_uint_eq(items[i], i);
  alloc_free(items);
}
END_TEST

CHECK_MAIN("base/buffer", {
  tcase_add_test(tests, what_was_added_is_not_there);
  tcase_add_test(tests, more_than_the_maximum_is_kept_or_nobody_is_told);
  tcase_add_test(tests, a_size_wraps_around);
  tcase_add_test(tests, taking_an_empty_buffer_gives_nothing);
  tcase_add_exit_test(tests, a_product_wraps_around, 42);
  tcase_add_test(tests, a_growing_array_loses_items);
})
