/* <registry> of a host: several exports as one, and what they leave unknown. */
#include "check_main.h"

#include "base/text.h"
#include "support_world.h"

#include <string.h>

#define A "HKEY_LOCAL_MACHINE\\SOFTWARE\\A"
#define KEY(below) "path='" A below "' key='hkey_local_machine\\software\\a" below "'"
#define EXPORT(subkeys) "<export " KEY("") " subkeys='" subkeys "'/>"
#define VALUE(name, data) "<value name='" name "' key='" name "' type='REG_SZ' data='" data "'/>"

static struct world world;

static void setup(void) {
  world_start(&world);
}

static void teardown(void) {
  world_end(&world);
}

static void add(const char *path, const char *xml) {
  world_add(&world, path, "registry", xml);
}

/* The data; "-" known to be absent, "?reason" not known. */
static const char *ask(const char *path, const char *name) {
  static char text[64];
  struct registry_answer answer = registry_value(world.hosts->items[0].registry, path, name);
  const char *data = answer.known && answer.present ? node_get(answer.node, "data") : "-";
  snprintf(text, sizeof text, "%s%s", answer.known ? data : "?", answer.known ? "" : answer.reason);
  return text;
}

START_TEST(what_two_exports_say_alike_is_not_known) {
  add("a.reg", EXPORT("all") "<key " KEY("") ">" VALUE("n", "1") "</key>");
  add("b.reg", EXPORT("all") "<key " KEY("") ">" VALUE("n", "1") "</key><key " KEY("\\b") "/>");
  add("c.reg", "<key " KEY("\\c") ">" VALUE("n", "1") "</key>");
  world_build(&world);
  ck_assert_str_eq(ask(A, "n"), "1");
  ck_assert_str_eq(ask(A, "m"), "-");
  ck_assert_str_eq(ask("HKLM\\SOFTWARE\\B", "m"), "?not-in-bundle");
  ck_assert_double_eq(world_number(&world, 0, "count(//registry/export)"), 1);
}
END_TEST

START_TEST(the_first_of_two_exports_that_differ_is_believed) {
  add("a.reg", EXPORT("all") "<key " KEY("") ">" VALUE("n", "1") VALUE("m", "1") "</key>");
  add("b.reg", EXPORT("all") "<key " KEY("") ">" VALUE("n", "2") "</key><key " KEY("\\b") "/>");
  world_build(&world);
  ck_assert_str_eq(ask(A, "n"), "?conflict");
  ck_assert_str_eq(ask(A, "m"), "?conflict"); /* only one has it, and both list all */
  ck_assert_str_eq(ask(A, "o"), "-");
  ck_assert_str_eq(ask(A "\\b", "n"), "?conflict");
}
END_TEST

START_TEST(a_part_of_a_key_contradicts_the_whole) {
  add("a.reg", EXPORT("all") "<key " KEY("") ">" VALUE("n", "1") VALUE("m", "1") "</key>");
  add("q.txt",
      "<key " KEY("") "><ev:unknown xmlns:ev='urn:siteglass:evidence' of='value' "
                      "under='key' reason='ambiguous' needs=''/>" VALUE("n", "1") "</key>");
  world_build(&world);
  ck_assert_str_eq(ask(A, "n"), "1");
  ck_assert_str_eq(ask(A, "m"), "1");
  ck_assert_str_eq(ask(A, "o"), "-");
}
END_TEST

START_TEST(a_damaged_value_contradicts_a_whole_one) {
  const char *damaged = EXPORT("all") "<key " KEY(
      "") "><value name='n' key='n'><ev:unknown xmlns:ev='urn:siteglass:evidence' of='@data' "
          "under='value' reason='damaged' needs=''/></value></key>";
  add("a.reg", damaged);
  add("b.reg", EXPORT("all") "<key " KEY("") ">" VALUE("n", "1") "</key>");
  add("c.reg", damaged);
  world_build(&world);
  ck_assert_str_eq(ask(A, "n"), "1");
}
END_TEST

START_TEST(without_any_export_the_registry_is_empty) {
  world_add(&world, "w.txt", "netsh-sslcert", "");
  world_build(&world);
  ck_assert_str_eq(ask(A, "n"), "?not-in-bundle");
  ck_assert_str_eq(world_mark(world_node(&world, 0, "//registry"), "key"), "not-in-bundle");
}
END_TEST

CHECK_MAIN("evidence/host_registry", {
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_add_test(tests, what_two_exports_say_alike_is_not_known);
  tcase_add_test(tests, the_first_of_two_exports_that_differ_is_believed);
  tcase_add_test(tests, a_part_of_a_key_contradicts_the_whole);
  tcase_add_test(tests, a_damaged_value_contradicts_a_whole_one);
  tcase_add_test(tests, without_any_export_the_registry_is_empty);
})
