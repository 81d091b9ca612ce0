/* Which products a server has, and who tells their versions. */
#include "check_main.h"

#include "evidence/effective.h"
#include "support_world.h"

#include <string.h>

#define IIS "/evidence/host/products/product[@name='IIS']"
#define WINDOWS "/evidence/host/products/product[@name='Windows']"
#define W3C(number)                                                                                \
  "<log kind='w3c' software='Microsoft Internet Information Services " number "' count='1'/>"

static void start(struct world *world, const char *log, const char *more) {
  world_start(world);
  char *xml = server_xml("<site name='A' id='1'/>", "");
  world_add(world, "applicationHost.config", "application-host", xml);
  alloc_free(xml);
  if (log) world_add(world, "u_ex1.log", "w3c-log", log);
  if (more) world_add(world, "u_ex2.log", "w3c-log", more);
  world_build(world);
}

static const char *version_of(const struct world *world, const char **why) {
  return effective_iis_version(world->hosts->items[0].configuration, why);
}

START_TEST(a_server_without_a_version_has_one) {
  struct world world;
  const char *why;
  start(&world, NULL, NULL);
  ck_assert_str_eq(world_known(&world, 0, IIS, "version"), "?");
  ck_assert_str_eq(world_known(&world, 0, WINDOWS, "version"), "?");
  ck_assert_str_eq(world_text(&world, 0, IIS "/@basis"), "applicationHost.config");
  ck_assert_str_eq(version_of(&world, &why), "10.0.1709");
  ck_assert_ptr_nonnull(strstr(why, "does not say"));
  world_end(&world);
}
END_TEST

START_TEST(a_log_does_not_tell_the_version) {
  struct world world;
  const char *why;
  start(&world, W3C("8.5"), NULL);
  ck_assert_str_eq(world_known(&world, 0, IIS, "version"), "8.5");
  ck_assert_str_eq(world_text(&world, 0, IIS "/@basis"), "W3C log");
  ck_assert_str_eq(version_of(&world, &why), "8.5");
  world_end(&world);
}
END_TEST

START_TEST(an_old_log_undoes_an_upgrade) {
  struct world world;
  const char *why;
  start(&world, W3C("10.0"), W3C("8.5"));
  ck_assert_str_eq(world_known(&world, 0, IIS, "version"), "10.0");
  ck_assert_str_eq(version_of(&world, &why), "10.0.1709");
  ck_assert_ptr_nonnull(strstr(why, "IIS 10.0"));
  world_end(&world);
}
END_TEST

START_TEST(anything_in_a_log_is_a_version) {
  static const char *const odd[] = {W3C("x"), W3C("8.5 or so"), W3C("1000000000"), W3C("")};
  for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
    struct world world;
    start(&world, odd[i], NULL);
    ck_assert_str_eq(world_known(&world, 0, IIS, "version"), "?");
    world_end(&world);
  }
}
END_TEST

#define INETSTP "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\InetStp"
#define CURRENT "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"
#define WINDOWS_KEY(values)                                                                        \
  "<export path='" CURRENT "' key='hkey_local_machine\\software\\microsoft\\windows "              \
  "nt\\currentversion' subkeys='all'/><key path='" CURRENT                                         \
  "' key='hkey_local_machine\\software\\microsoft\\windows nt\\currentversion'>" values "</key>"
#define VALUE(name, key, data) "<value name='" name "' key='" key "' data='" data "'/>"

static void registry_is(const char *facts, const char *iis, const char *windows,
                        const char *defaults) {
  struct world world;
  const char *why;
  world_start(&world);
  char *xml = server_xml("<site name='A' id='1'/>", "");
  world_add(&world, "applicationHost.config", "application-host", xml);
  alloc_free(xml);
  world_add(&world, "u_ex1.log", "w3c-log", W3C("8.5"));
  world_add(&world, "a.reg", "registry", facts);
  world_build(&world);
  ck_assert_str_eq(world_known(&world, 0, IIS, "version"), iis);
  ck_assert_str_eq(world_known(&world, 0, WINDOWS, "version"), windows);
  ck_assert_str_eq(version_of(&world, &why), defaults);
  world_end(&world);
}

START_TEST(the_registry_does_not_tell_the_versions) {
  registry_is(
      "<key path='" INETSTP "' key='hkey_local_machine\\software\\microsoft\\inetstp'>" VALUE(
          "MajorVersion", "majorversion", "10") VALUE("MinorVersion", "minorversion", "0") "</key>",
      "10.0", "?", "10.0.1709");
  registry_is(WINDOWS_KEY(VALUE("CurrentMajorVersionNumber", "currentmajorversionnumber", "10")
                              VALUE("CurrentMinorVersionNumber", "currentminorversionnumber", "0")
                                  VALUE("CurrentBuildNumber", "currentbuildnumber", "14393")
                                      VALUE("UBR", "ubr", "4096")),
              "8.5", "10.0.14393.4096", "10.0");
  registry_is(WINDOWS_KEY(VALUE("CurrentVersion", "currentversion", "6.1")
                              VALUE("CurrentBuildNumber", "currentbuildnumber", "7601")),
              "8.5", "6.1.7601", "7.5");
}
END_TEST

CHECK_MAIN("evidence/products", {
  tcase_add_test(tests, the_registry_does_not_tell_the_versions);
  tcase_add_test(tests, a_server_without_a_version_has_one);
  tcase_add_test(tests, a_log_does_not_tell_the_version);
  tcase_add_test(tests, an_old_log_undoes_an_upgrade);
  tcase_add_test(tests, anything_in_a_log_is_a_version);
})
