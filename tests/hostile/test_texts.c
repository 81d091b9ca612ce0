/* Texts made to harm: entities, encodings that lie, depth without end. */
#include "hostile/support_hostile.h"

#include "base/buffer.h"
#include "check_main.h"

#include <string.h>

START_TEST(billion_laughs_fill_the_memory) {
  struct buffer laughs = buffer_make(SIZE_MAX);
  buffer_add_text(&laughs,
                  "<?xml version=\"1.0\"?>\n<!DOCTYPE configuration [<!ENTITY a0 \"ha\">\n");
  for (int i = 1; i < 40; i++)
    buffer_add_format(&laughs, "<!ENTITY a%d \"&a%d;&a%d;&a%d;&a%d;\">\n", i, i - 1, i - 1, i - 1,
                      i - 1);
  buffer_add_text(&laughs, "]>\n<configuration>&a39;</configuration>\n");
  char *folder = hostile_folder();
  folder_write(folder, "a-EX01/web.config", laughs.data, laughs.size);
  folder_write(folder, "a-EX01/GetWebBinding.xml", laughs.data, laughs.size);
  buffer_dispose(&laughs);
  struct run run = hostile_check(folder);
  hostile_says(&run, "a-EX01/web.config");
  hostile_says(&run, "DOCTYPE");
  run_dispose(&run);
  folder_remove(folder);
}
END_TEST

START_TEST(an_entity_brings_in_a_file_of_this_machine) {
  char *folder = hostile_folder();
  folder_write_text(folder, "secret.txt", "never-to-be-seen\n");
  char *secret = path_of(folder, "secret.txt");
  char *xml = alloc_format("<?xml version=\"1.0\"?><!DOCTYPE configuration [<!ENTITY x SYSTEM "
                           "\"file://%s\"><!ENTITY %% y SYSTEM \"http://127.0.0.1:1/y.dtd\">%%y;]>"
                           "<configuration><appSettings><add key=\"a\" value=\"1\"/>&x;"
                           "</appSettings></configuration>",
                           secret);
  folder_write_text(folder, "a-EX01/web.config", xml);
  struct run run = hostile_check(folder);
  ck_assert_ptr_null(strstr(run.out, "never-to-be-seen"));
  hostile_says(&run, "DOCTYPE");
  run_dispose(&run);
  alloc_free(xml);
  alloc_free(secret);
  folder_remove(folder);
}
END_TEST

/* A configuration whose bytes are not what it says, under the name of another server's. */
static void check_encoding(const char *bytes, size_t size, const char *told) {
  char *folder = hostile_folder();
  folder_make(folder, "b-EX02");
  folder_write(folder, "b-EX02/applicationHost.config", bytes, size);
  struct run run = hostile_check(folder);
  if (told) hostile_says(&run, told);
  run_dispose(&run);
  folder_remove(folder);
}

START_TEST(an_encoding_that_lies_is_believed) {
  static const char utf7[] = "<?xml version=\"1.0\" encoding=\"UTF-7\"?>\n"
                             "+ADw-configuration+AD4-+ADw-/configuration+AD4-\n";
  static const char overlong[] =
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
      "<configuration a=\"\xC0\xBC\xE0\x80\xBC\xF8\x80\x80\x80\xBC\"/>\n";
  static const char mark[] = "\xFF\xFE<\0?\0x\0m\0l\0 \0e\0n\0c\0o\0d\0i\0n\0g\0=\0\"\0u\0t\0f\0-\0"
                             "8\0\"\0?\0>\0<\0c\0o\0n\0f\0i\0g\0/\0>\0";
  static const char against[] = "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"utf-16\"?>\n"
                                "<configuration/>\n";
  check_encoding(utf7, sizeof utf7 - 1, "b-EX02/applicationHost.config");
  check_encoding(overlong, sizeof overlong - 1, "b-EX02/applicationHost.config");
  check_encoding(mark, sizeof mark - 1, "b-EX02/applicationHost.config");
  check_encoding(against, sizeof against - 1, NULL);
}
END_TEST

START_TEST(depth_or_width_without_end_stops_the_run) {
  struct buffer deep = buffer_make(SIZE_MAX), wide = buffer_make(SIZE_MAX);
  for (int i = 0; i < 200000; i++)
    buffer_add_text(&deep, "<a>");
  buffer_add_text(&wide, "<configuration");
  for (int i = 0; i < 100000; i++)
    buffer_add_format(&wide, " a%d=\"1\"", i);
  buffer_add_text(&wide, "/>");
  char *folder = hostile_folder();
  folder_write(folder, "a-EX01/deep.xml", deep.data, deep.size);
  folder_write(folder, "a-EX01/web.config", wide.data, wide.size);
  buffer_dispose(&deep);
  buffer_dispose(&wide);
  struct run run = hostile_check(folder);
  hostile_says(&run, "a-EX01/web.config");
  run_dispose(&run);
  folder_remove(folder);
}
END_TEST

START_TEST(nuls_and_line_ends_without_end_stop_the_run) {
  size_t size = 4 << 20;
  char *bytes = alloc_bytes(size), *folder = hostile_folder();
  memset(bytes, '\r', size);
  folder_write(folder, "a-EX01/ends.txt", bytes, size);
  memset(bytes, '=', size);
  folder_write(folder, "a-EX01/banner.txt", bytes, size);
  memset(bytes, 0xE4, size);
  folder_write(folder, "a-EX01/high.txt", bytes, size);
  memset(bytes, 'x', size);
  memset(bytes + 100, 0, size / 2);
  folder_write(folder, "a-EX01/nuls.txt", bytes, size);
  alloc_free(bytes);
  struct run run = hostile_check(folder);
  run_dispose(&run);
  folder_remove(folder);
}
END_TEST

CHECK_MAIN("hostile/texts", {
  tcase_set_timeout(tests, 120);
  tcase_add_test(tests, billion_laughs_fill_the_memory);
  tcase_add_test(tests, an_entity_brings_in_a_file_of_this_machine);
  tcase_add_test(tests, an_encoding_that_lies_is_believed);
  tcase_add_test(tests, depth_or_width_without_end_stops_the_run);
  tcase_add_test(tests, nuls_and_line_ends_without_end_stop_the_run);
})
