/* Tests of base/map. */
#include "base/map.h"

#include "base/alloc.h"
#include "check_main.h"

#include <string.h>

START_TEST(a_key_is_lost_or_found_twice) {
  enum { KEYS = 20000 };
  struct map *map = map_new();
  for (int round = 0; round < 2; round++)
    for (size_t i = 0; i < KEYS; i++) {
      char *key = alloc_format("https/*:443:host%zu.example", i);
      void **place = map_at(map, key);
      ck_assert((*place == NULL) == (round == 0));
      *place = (void *)(uintptr_t)(i + 1);
      alloc_free(key);
    }
  ck_assert_uint_eq(map_count(map), KEYS);
  ck_assert(map_get(map, "https/*:443:host19999.example") == (void *)(uintptr_t)KEYS);
  ck_assert(map_get(map, "https/*:443:host20000.example") == NULL);
  map_free(map);
}
END_TEST

START_TEST(the_order_depends_on_the_hash) {
  struct map *map = map_new();
  const char *keys[] = {"b", "", "a", "long enough for two words", "c", "abcdefg", "abcdefgh"};
  for (size_t i = 0; i < 7; i++)
    *map_at(map, keys[i]) = (void *)(uintptr_t)(i + 1);
  for (size_t i = 0; i < 7; i++) {
    ck_assert_str_eq(map_key(map, i), keys[i]);
    ck_assert(map_value(map, i) == (void *)(uintptr_t)(i + 1));
    ck_assert(map_get(map, keys[i]) == (void *)(uintptr_t)(i + 1));
  }
  map_free(map);
}
END_TEST

START_TEST(keys_are_compared_without_regard_to_case) {
  struct map *map = map_new();
  *map_at(map, "a") = map;
  ck_assert(map_get(map, "A") == NULL);
  ck_assert(map_get(map, "") == NULL);
  map_free(map);
}
END_TEST

START_TEST(an_empty_map_cannot_be_asked) {
  struct map *map = map_new();
  ck_assert(map_get(map, "x") == NULL);
  ck_assert_uint_eq(map_count(map), 0);
  map_free(map);
  map_free(NULL);
}
END_TEST

CHECK_MAIN("base/map", {
  tcase_add_test(tests, a_key_is_lost_or_found_twice);
  tcase_add_test(tests, the_order_depends_on_the_hash);
  tcase_add_test(tests, keys_are_compared_without_regard_to_case);
  tcase_add_test(tests, an_empty_map_cannot_be_asked);
})
