/* <configFiles>: files that articles name, flattened, and marked where they are missing. */
#include "check_main.h"
#include "support_world.h"

#include "base/text.h"

static const char exchange_pool[] =
    "<configuration><system.applicationHost><applicationPools><add name='MSExchangeOWAAppPool'/>"
    "</applicationPools><sites/></system.applicationHost></configuration>";
static const char no_exchange[] =
    "<configuration><system.applicationHost><applicationPools/><sites/></system.applicationHost>"
    "</configuration>";
static const char node_runner[] =
    "<configuration><configSections><section name='Own' type='T'/></configSections>"
    "<nodeRunnerSettings memoryLimitMegabytes='2048'/><appSettings>"
    "<add key='A' value='1'/><add key='ApiPassword' value='sesam'/></appSettings></configuration>";
#define NODE_RUNNER "C/Exchange/V15/Bin/Search/Ceres/Runtime/1.0/noderunner.exe.config"
#define FILE_OF(key) "//configFile[@key='" key "']"

static void start(struct world *world, const char *server) {
  world_start(world);
  world_add(world, "inetsrv/config/applicationHost.config", "application-host", server);
}

START_TEST(a_setting_of_a_file_is_not_found) {
  struct world world;
  start(&world, exchange_pool);
  world_add(&world, NODE_RUNNER, "exe-config", node_runner);
  world_build(&world);
  ck_assert_str_eq(
      world_text(&world, 0,
                 FILE_OF("noderunner.exe.config") "/setting[@key='configuration/noderunnersettings/"
                                                  "@memorylimitmegabytes']/@value"),
      "2048");
  ck_assert_str_eq(world_text(&world, 0, "//setting[@value='1']/@path"),
                   "configuration/appSettings/add[A]/@value");
  ck_assert_str_eq(world_text(&world, 0, "//setting[@value='T']/@path"),
                   "configuration/configSections/section[Own]/@type");
  ck_assert_str_eq(world_text(&world, 0, FILE_OF("noderunner.exe.config") "/@present"), "true");
  world_end(&world);
}
END_TEST

START_TEST(a_file_that_is_not_in_the_bundle_is_known_to_set_nothing) {
  struct world world;
  start(&world, exchange_pool);
  world_build(&world);
  const xmlNode *file = world_node(&world, 0, FILE_OF("noderunner.exe.config"));
  ck_assert_ptr_nonnull(file);
  ck_assert_str_eq(world_mark(file, "@present"), "not-in-bundle");
  ck_assert_str_eq(world_mark(file, "setting"), "not-in-bundle");
  world_end(&world);
}
END_TEST

START_TEST(a_server_without_exchange_lacks_files_of_exchange) {
  struct world world;
  start(&world, no_exchange);
  world_build(&world);
  ck_assert_ptr_null(world_node(&world, 0, FILE_OF("noderunner.exe.config")));
  ck_assert_ptr_nonnull(world_node(&world, 0, FILE_OF("administration.config")));
  world_end(&world);
}
END_TEST

#define SHARED                                                                                     \
  "<configuration><runtime><assemblyBinding><dependentAssembly><codeBase href='%s'/>"              \
  "</dependentAssembly></assemblyBinding></runtime></configuration>"

START_TEST(the_two_shared_configurations_are_mixed_up) {
  struct world world;
  char *front = alloc_format(SHARED, "front"), *back = alloc_format(SHARED, "back");
  start(&world, exchange_pool);
  world_add(&world, "V15/FrontEnd/HttpProxy/SharedWebConfig.config", "shared-web-config", front);
  world_add(&world, "V15/ClientAccess/SharedWebConfig.config", "shared-web-config", back);
  world_build(&world);
  ck_assert_str_eq(world_text(&world, 0,
                              "//configFile[@folder='clientaccess']/setting[contains(@key, "
                              "'/codebase/@href')]/@value"),
                   "back");
  ck_assert_str_eq(
      world_text(&world, 0, "//configFile[@folder='frontend\\httpproxy']/setting/@value"), "front");
  world_end(&world);
  start(&world, exchange_pool);
  world_add(&world, "EX01_SharedWebConfig.config", "shared-web-config", front);
  world_build(&world);
  const xmlNode *file = world_node(&world, 0, "//configFile[@folder='clientaccess']");
  ck_assert_str_eq(world_mark(file, "setting"), "ambiguous");
  world_end(&world);
  alloc_free(front);
  alloc_free(back);
}
END_TEST

START_TEST(copies_that_differ_or_are_damaged_are_believed) {
  struct world world;
  start(&world, exchange_pool);
  world_add(&world, "a/" NODE_RUNNER, "exe-config", node_runner)->artifact->sha256[0] = '1';
  world_add(&world, "b/" NODE_RUNNER, "exe-config", "<configuration/>")->artifact->sha256[0] = '2';
  world_break(world_add(&world, "Bin/EdgeTransport.exe.config", "exe-config", NULL),
              UNKNOWN_DAMAGED, 7, "not well-formed");
  world_build(&world);
  const xmlNode *file = world_node(&world, 0, FILE_OF("noderunner.exe.config"));
  ck_assert_str_eq(world_mark(file, "setting"), "conflict");
  file = world_node(&world, 0, FILE_OF("edgetransport.exe.config"));
  ck_assert_str_eq(world_mark(file, "setting"), "damaged");
  world_end(&world);
}
END_TEST

START_TEST(a_secret_is_kept) {
  struct world world;
  start(&world, exchange_pool);
  world_add(&world, NODE_RUNNER, "exe-config", node_runner);
  world_build(&world);
  const xmlNode *setting =
      world_node(&world, 0, "//setting[@key='configuration/appsettings/add[apipassword]/@value']");
  ck_assert_ptr_nonnull(setting);
  ck_assert_ptr_null(node_get(setting, "value"));
  ck_assert_str_eq(world_mark(setting, "@value"), "encrypted");
  world_end(&world);
}
END_TEST

#define LISTING(listing, files)                                                                    \
  "<folder path='C:\\Program Files\\Microsoft\\Exchange Server\\V15\\ClientAccess' "               \
  "listing='" listing "'>" files "</folder>"

static const xmlNode *shared_with(struct world *world, const char *listing) {
  start(world, exchange_pool);
  world_add(world, "folders.txt", "folder-listing", listing);
  world_build(world);
  return world_node(world, 0, "//configFile[@folder='clientaccess']");
}

START_TEST(a_whole_listing_does_not_prove_that_a_file_is_missing) {
  struct world world;
  const xmlNode *file = shared_with(&world, LISTING("complete", "<file name='web.config'/>"));
  ck_assert_str_eq(node_get(file, "present"), "false");
  ck_assert_ptr_null(world_mark(file, "setting"));
  world_end(&world);
  file = shared_with(&world, LISTING("partial", "<file name='web.config'/>"));
  ck_assert_ptr_null(node_get(file, "present"));
  world_end(&world);
  file = shared_with(&world, LISTING("complete", "<file name='SharedWebConfig.config'/>"));
  ck_assert_str_eq(node_get(file, "present"), "true");
  ck_assert_str_eq(world_mark(file, "setting"), "not-in-bundle");
  world_end(&world);
}
END_TEST

CHECK_MAIN("evidence/config_files", {
  tcase_add_test(tests, a_setting_of_a_file_is_not_found);
  tcase_add_test(tests, a_file_that_is_not_in_the_bundle_is_known_to_set_nothing);
  tcase_add_test(tests, a_server_without_exchange_lacks_files_of_exchange);
  tcase_add_test(tests, the_two_shared_configurations_are_mixed_up);
  tcase_add_test(tests, copies_that_differ_or_are_damaged_are_believed);
  tcase_add_test(tests, a_secret_is_kept);
  tcase_add_test(tests, a_whole_listing_does_not_prove_that_a_file_is_missing);
})
