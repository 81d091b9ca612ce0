/* <folders>: what listings and copied disks tell together, and what they prove of
 * web.configs. */
#include "check_main.h"

#include "evidence/effective.h"
#include "support_world.h"

#include <string.h>

#define FILE_X "<file name='X.txt' size='3'/>"
#define FOLDER "/evidence/host/folders/folder[@key='c:\\inetpub\\wwwroot']"
#define COMPLETE(path, files) "<folder path='" path "' listing='complete'>" files "</folder>"
#define WEB "<file name='Web.config'/>"

static void start(struct world *world, const char *listing, const char *more) {
  world_start(world);
  char *xml = server_xml("<site name='A' id='1'><application path='/'><virtualDirectory path='/' "
                         "physicalPath='%SystemDrive%\\inetpub\\wwwroot'/></application></site>",
                         "");
  world_add(world, "applicationHost.config", "application-host", xml);
  alloc_free(xml);
  if (listing) world_add(world, "one.txt", "folder-listing", listing);
  if (more) world_add(world, "two.txt", "folder-listing", more);
}

static enum config_file_state state_at(const struct world *world, const char *key) {
  const struct artifact *artifact;
  return effective_file_at(world->hosts->items[0].configuration, key, &artifact);
}

static void listing_is(const char *one, const char *two, const char *wanted, bool marked) {
  struct world world;
  start(&world, one, two);
  world_build(&world);
  ck_assert_str_eq(world_text(&world, 0, FOLDER "/@listing"), wanted);
  ck_assert_int_eq(world_mark(world_node(&world, 0, FOLDER), "file") != NULL, marked);
  world_end(&world);
}

START_TEST(a_listing_says_more_than_it_proves) {
  static const char *const whole = COMPLETE("c:\\INETPUB\\wwwroot", FILE_X);
  static const char *const part =
      "<folder path='C:\\inetpub\\wwwroot' listing='partial'>" FILE_X "</folder>";
  static const char *const other =
      "<folder path='C:\\inetpub\\wwwroot' listing='partial'><file name='y'/></folder>";
  listing_is(whole, NULL, "complete", false);
  listing_is(part, NULL, "partial", true);
  listing_is(whole, part, "complete", false);
  listing_is(part, whole, "complete", false);
  listing_is(whole, whole, "complete", false);
  listing_is(whole, other, "partial", true);
  listing_is(other, whole, "partial", true);
  listing_is(whole, COMPLETE("C:\\inetpub\\wwwroot", ""), "partial", true);
}
END_TEST

START_TEST(a_file_of_the_bundle_is_not_in_its_folder) {
  struct world world;
  start(&world, COMPLETE("C:\\inetpub\\wwwroot", FILE_X), NULL);
  world_add(&world, "kape/C/inetpub/wwwroot/web.config", "web-config", "<configuration/>");
  world_build(&world);
  ck_assert_str_eq(world_text(&world, 0, FOLDER "/file[@key='web.config']/@name"), "web.config");
  ck_assert_str_eq(world_text(&world, 0, FOLDER "/@listing"), "partial");
  world_end(&world);
}
END_TEST

START_TEST(a_web_config_that_is_not_listed_may_be_there) {
  struct world world;
  start(&world, COMPLETE("C:\\inetpub\\wwwroot", FILE_X) COMPLETE("C:\\inetpub\\wwwroot\\s", ""),
        NULL);
  world_build(&world);
  ck_assert_int_eq(state_at(&world, "a"), CONFIG_NONE);
  ck_assert_int_eq(state_at(&world, "a/s"), CONFIG_NONE);
  ck_assert_int_eq(state_at(&world, "a/x/y"), CONFIG_NONE);
  world_end(&world);
}
END_TEST

START_TEST(a_web_config_that_is_listed_is_taken_for_none) {
  struct world world;
  start(&world,
        COMPLETE("C:\\inetpub\\wwwroot", WEB) COMPLETE("C:\\inetpub\\wwwroot\\s", "")
            COMPLETE("C:\\inetpub\\wwwroot\\s\\t", WEB),
        NULL);
  world_build(&world);
  ck_assert_int_eq(state_at(&world, "a"), CONFIG_NOT_IN_BUNDLE);
  ck_assert_int_eq(state_at(&world, "a/s"), CONFIG_NONE);
  ck_assert_int_eq(state_at(&world, "a/s/t"), CONFIG_NOT_IN_BUNDLE);
  world_end(&world);
}
END_TEST

START_TEST(a_folder_that_is_not_listed_has_no_web_config) {
  struct world world;
  start(&world,
        COMPLETE("C:\\inetpub\\wwwroot", "") "<folder path='C:\\inetpub\\wwwroot\\s' "
                                             "listing='partial'/>",
        NULL);
  world_build(&world);
  ck_assert_int_eq(state_at(&world, "a"), CONFIG_NONE);
  ck_assert_int_eq(state_at(&world, "a/s"), CONFIG_NOT_IN_BUNDLE);
  world_end(&world);
}
END_TEST

START_TEST(a_folder_of_a_bare_list_is_a_file) {
  struct world world;
  start(&world,
        "<folder path='C:\\inetpub' listing='partial'><file name='wwwroot'/></folder>"
        "<folder path='C:\\inetpub\\wwwroot' listing='partial'>" FILE_X "</folder>",
        NULL);
  world_build(&world);
  ck_assert(world_number(&world, 0, "count(/evidence/host/folders/folder/file)") == 1);
  world_end(&world);
}
END_TEST

static void errors_are(const char *listing, const char *wanted) {
  struct world world;
  world_start(&world);
  world_add(&world, "applicationHost.config", "application-host",
            "<configuration><configSections><sectionGroup name='system.applicationHost'>"
            "<section name='sites'/><section name='applicationPools'/></sectionGroup>"
            "<sectionGroup name='system.webServer'><section name='globalModules'/>"
            "<section name='httpCompression'/></sectionGroup></configSections>"
            "<system.applicationHost><applicationPools/><sites/></system.applicationHost>"
            "<system.webServer><globalModules>"
            "<add name='a' image='%windir%\\System32\\inetsrv\\here.dll'/>"
            "<add name='b' image='%WinDir%\\system32\\inetsrv\\gone.dll'/>"
            "<add name='c' image='%windir%\\elsewhere\\x.dll'/><add name='d' image='x.dll'/>"
            "</globalModules></system.webServer></configuration>");
  if (listing) world_add(&world, "dir.txt", "folder-listing", listing);
  world_build(&world);
  ck_assert_str_eq(world_text(&world, 0,
                              "concat(count(//configurationError), ' ', //configurationError/"
                              "@hresult, ' ', //configurationError/@note)"),
                   wanted);
  world_end(&world);
}

START_TEST(a_module_that_is_gone_is_not_told_or_one_that_may_be_there_is) {
  errors_are(NULL, "0  ");
  errors_are(COMPLETE("C:\\Windows\\System32\\inetsrv", "<file name='HERE.dll'/>"),
             "1 0x8007007e the listing of its folder does not have "
             "%WinDir%\\system32\\inetsrv\\gone.dll");
  errors_are("<folder path='C:\\Windows\\System32\\inetsrv' listing='partial'/>", "0  ");
}
END_TEST

CHECK_MAIN("evidence/folders", {
  tcase_add_test(tests, a_module_that_is_gone_is_not_told_or_one_that_may_be_there_is);
  tcase_add_test(tests, a_listing_says_more_than_it_proves);
  tcase_add_test(tests, a_file_of_the_bundle_is_not_in_its_folder);
  tcase_add_test(tests, a_web_config_that_is_not_listed_may_be_there);
  tcase_add_test(tests, a_web_config_that_is_listed_is_taken_for_none);
  tcase_add_test(tests, a_folder_that_is_not_listed_has_no_web_config);
  tcase_add_test(tests, a_folder_of_a_bare_list_is_a_file);
})
