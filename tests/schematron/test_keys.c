/* The index behind key(). */
#include "check_main.h"

#include "schematron/keys.h"

#include <stdio.h>

enum { MANY = 40000 };

START_TEST(a_value_finds_the_wrong_nodes) {
  static xmlNode nodes[4];
  struct key_index *index = key_index_new();
  key_index_add(index, "x", &nodes[0]);
  key_index_add(index, "y", &nodes[0]);
  key_index_add(index, "x", &nodes[2]);
  key_index_add(index, "", &nodes[3]);
  const struct key_nodes *found = key_index_find(index, "x");
  ck_assert_ptr_nonnull(found);
  ck_assert_uint_eq(found->count, 2);
  ck_assert_ptr_eq(found->nodes[0], &nodes[0]);
  ck_assert_ptr_eq(found->nodes[1], &nodes[2]);
  ck_assert_uint_eq(key_index_find(index, "y")->count, 1);
  ck_assert_ptr_eq(key_index_find(index, "")->nodes[0], &nodes[3]);
  ck_assert_ptr_null(key_index_find(index, "X"));
  ck_assert_ptr_null(key_index_find(index, "z"));
  key_index_free(index);
}
END_TEST

START_TEST(a_node_is_found_twice_for_one_value) {
  static xmlNode nodes[2];
  struct key_index *index = key_index_new();
  key_index_add(index, "x", &nodes[0]);
  key_index_add(index, "y", &nodes[0]);
  key_index_add(index, "x", &nodes[0]);
  key_index_add(index, "x", &nodes[1]);
  ck_assert_uint_eq(key_index_find(index, "x")->count, 2);
  key_index_free(index);
}
END_TEST

START_TEST(an_empty_index_is_not_empty) {
  struct key_index *index = key_index_new();
  ck_assert_ptr_null(key_index_find(index, ""));
  key_index_free(index);
  key_index_free(NULL);
}
END_TEST

/* Were it quadratic, this would not end. */
START_TEST(many_nodes_of_one_value_or_of_many_values_get_lost) {
  xmlNode *nodes = alloc_array(MANY, sizeof *nodes);
  struct key_index *index = key_index_new();
  for (size_t i = 0; i < MANY; i++) {
    char own[32];
    snprintf(own, sizeof own, "value %zu", i);
    key_index_add(index, "shared", &nodes[i]);
    key_index_add(index, own, &nodes[i]);
  }
  const struct key_nodes *found = key_index_find(index, "shared");
  ck_assert_uint_eq(found->count, MANY);
  for (size_t i = 0; i < MANY; i++)
    ck_assert_ptr_eq(found->nodes[i], &nodes[i]);
  ck_assert_ptr_eq(key_index_find(index, "value 39999")->nodes[0], &nodes[39999]);
  key_index_free(index);
  alloc_free(nodes);
}
END_TEST

CHECK_MAIN("schematron/keys", {
  tcase_add_test(tests, a_value_finds_the_wrong_nodes);
  tcase_add_test(tests, a_node_is_found_twice_for_one_value);
  tcase_add_test(tests, an_empty_index_is_not_empty);
  tcase_add_test(tests, many_nodes_of_one_value_or_of_many_values_get_lost);
})
