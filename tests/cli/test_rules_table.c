/* The tables of rules/README.md are made by the program: are they those of today's rules? */
#include "check_main.h"
#include "cli/support_program.h"

#include "base/alloc.h"
#include "base/text.h"

#include <string.h>

#define README SITEGLASS_SOURCE_DIR "/rules/README.md"

START_TEST(the_readme_has_the_table_of_yesterday) {
  char *folder = folder_new();
  folder_copy(folder, "README.md", README);
  char *copy = path_of(folder, "README.md");
  struct run run = RUN("rules", "table", "--update", copy);
  ck_assert_msg(run.status == 0, "%s", run.err);
  size_t size;
  char *before = file_read(README, &size), *after = file_read(copy, &size);
  ck_assert_msg(text_equal(before, after), "run: siteglass rules table --update rules/README.md");
  run_dispose(&run);
  alloc_free(before);
  alloc_free(after);
  alloc_free(copy);
  folder_remove(folder);
}
END_TEST

START_TEST(a_check_of_healthchecker_is_neither_covered_nor_explained) {
  struct run run = RUN("rules", "table");
  ck_assert_int_eq(run.status, 0);
  ck_assert_msg(strstr(run.out, "\n52 checks: ") != NULL, "%.300s", run.out);
  ck_assert_ptr_null(strstr(run.out, "| none:  |"));
  run_dispose(&run);
}
END_TEST

/* "A11" in the list that begins behind `key`. */
static void each_known(json_t *rule, const char *table) {
  size_t i;
  json_t *id;
  json_array_foreach(json_object_get(rule, "healthchecker"), i, id) {
    const char *check = json_string_value(id);
    if (check[0] != 'A') continue; /* of the other classes there is no list */
    char *row = alloc_format("\n| %s | ", check);
    ck_assert_msg(strstr(table, row) != NULL, "%s: there is no check %s", text_at(rule, "id"),
                  check);
    alloc_free(row);
  }
}

START_TEST(a_rule_names_a_check_that_does_not_exist) {
  struct run table = RUN("rules", "table"), list = RUN("rules", "list", "--format", "json");
  json_t *root = json_loads(list.out, 0, NULL), *rule;
  size_t i;
  json_array_foreach(json_object_get(root, "rules"), i, rule) each_known(rule, table.out);
  ck_assert_uint_gt(i, 50);
  json_decref(root);
  run_dispose(&table);
  run_dispose(&list);
}
END_TEST

START_TEST(a_file_without_a_place_is_written_over) {
  char *folder = folder_new();
  folder_write_text(folder, "other.md", "# Other\n");
  char *path = path_of(folder, "other.md");
  struct run run = RUN("rules", "table", "--update", path);
  ck_assert_int_eq(run.status, 2);
  size_t size;
  char *text = file_read(path, &size);
  ck_assert_str_eq(text, "# Other\n");
  run_dispose(&run);
  alloc_free(text);
  alloc_free(path);
  folder_remove(folder);
}
END_TEST

CHECK_MAIN("cli/rules_table", {
  tcase_add_test(tests, the_readme_has_the_table_of_yesterday);
  tcase_add_test(tests, a_check_of_healthchecker_is_neither_covered_nor_explained);
  tcase_add_test(tests, a_rule_names_a_check_that_does_not_exist);
  tcase_add_test(tests, a_file_without_a_place_is_written_over);
})
