/* Effective values from applicationHost.config alone: path-first, merged by
 * attribute, uncertain exactly where a web.config could change them. */
#include "check_main.h"

#include "base/text.h"
#include "support_world.h"

#include <string.h>

#define SSL "system.webServer/security/access/@sslFlags"
#define REDIRECT "system.webServer/httpRedirect/"
#define WINDOWS "system.webServer/security/authentication/windowsAuthentication/"

static const char *const locations =
    "<location path='Default Web Site'><system.webServer><security>"
    "<access sslFlags='Ssl, Ssl128'/><authentication>"
    "<windowsAuthentication enabled='True'><extendedProtection tokenChecking='allow'/>"
    "</windowsAuthentication></authentication></security></system.webServer></location>"
    "<location path='Default Web Site/OWA' overrideMode='Deny'><system.webServer>"
    "<httpRedirect enabled='true'/></system.webServer></location>"
    "<location path='default web site/owa'><system.webServer><security>"
    "<access sslFlags='Ssl'/></security></system.webServer></location>"
    "<location path='Default Web Site/Open' overrideMode='Allow'><system.webServer><security>"
    "<access sslFlags='SslNegotiateCert'/></security></system.webServer></location>"
    "<location path='.'><system.webServer><httpRedirect destination='/all'/>"
    "<security><authentication><anonymousAuthentication userName='[enc:P:eA==:enc]'/>"
    "</authentication></security></system.webServer></location>"
    "<location path='Bad'><system.webServer><security><access sslFlags='Ssl, Nope'/></security>"
    "</system.webServer></location>"
    "<location path='Old' allowOverride='false'><system.webServer>"
    "<urlCompression doStaticCompression='false'/></system.webServer></location>"
    "<location path='Apps' inheritInChildApplications='false'><system.webServer><security>"
    "<access sslFlags='Ssl'/></security></system.webServer></location>";

static const struct {
  const char *key, *path, *value, *reason; /* reason NULL: certain */
} rows[] = {
    {"", SSL, "None", NULL},
    {"other site", SSL, "None", NULL}, /* locked: no web.config can change it */
    {"default web site", SSL, "Ssl, Ssl128", NULL},
    {"default web site/ecp", SSL, "Ssl, Ssl128", NULL},
    {"default web site/owa", SSL, "Ssl", NULL},
    {"default web site/owa/sub/deep", SSL, "Ssl", NULL},
    {"default web site/owall", SSL, "Ssl, Ssl128", NULL},
    {"default web sites", SSL, "None", NULL},
    {"default web site/open", SSL, "SslNegotiateCert", "may-be-overridden"},
    {"default web site/open/below", SSL, "SslNegotiateCert", "may-be-overridden"},
    {"bad", SSL, "Ssl, Nope", "damaged"}, /* 500.19, whatever else it says */
    {"apps", SSL, "Ssl", NULL},
    {"apps/child", SSL, "None", NULL}, /* an application of its own */
    {"apps/folder", SSL, "Ssl", NULL},
    {"default web site", WINDOWS "@enabled", "true", NULL},
    {"default web site/owa", WINDOWS "@enabled", "true", NULL},
    {"other site", WINDOWS "@enabled", "false", NULL},
    {"default web site/owa", WINDOWS "extendedProtection/@tokenChecking", "Allow", NULL},
    {"other site", WINDOWS "extendedProtection/@tokenChecking", "None", NULL},
    {"", REDIRECT "@destination", "/all", NULL},
    {"", REDIRECT "@enabled", "false", NULL},
    {"default web site", REDIRECT "@enabled", "false", "may-be-overridden"},
    {"default web site/owa", REDIRECT "@enabled", "true", NULL}, /* set and locked there */
    {"default web site/owa", REDIRECT "@destination", "/all", "may-be-overridden"},
    {"default web site/owa/x", REDIRECT "@enabled", "true", NULL}, /* locked for all below */
    {"old/x", "system.webServer/urlCompression/@doStaticCompression", "false", NULL},
    {"new", "system.webServer/urlCompression/@doStaticCompression", "true", "may-be-overridden"},
    {"new", "system.webServer/httpCompression/@minFileSizeForComp", "2700", NULL},
    {"", "system.webServer/security/authentication/anonymousAuthentication/@userName",
     "[enc:P:...:enc]", "encrypted"},
    {"x", "system.applicationHost/sites/siteDefaults/@serverAutoStart", "true", NULL},
    {"x", "system.applicationHost/applicationPools/applicationPoolDefaults/@managedRuntimeVersion",
     "v4.0", NULL},
};

static void start(struct world *world) {
  world_start(world);
  char *xml =
      server_xml("<site name='Default Web Site' id='1'><application path='/'>"
                 "<virtualDirectory path='/' physicalPath='C:\\a'/></application></site>"
                 "<site name='Apps' id='2'><application path='/'>"
                 "<virtualDirectory path='/' physicalPath='C:\\b'/></application>"
                 "<application path='/child'><virtualDirectory path='/' physicalPath='C:\\c'/>"
                 "</application></site>",
                 locations);
  world_add(world, "applicationHost.config", "application-host", xml);
  alloc_free(xml);
  world_build(world);
}

START_TEST(a_value_or_its_certainty_is_wrong) {
  struct world world;
  start(&world);
  struct configuration_answer answer =
      configuration_value(world.hosts->items[0].configuration, rows[_i].key, rows[_i].path);
  ck_assert_str_eq(answer.value, rows[_i].value);
  ck_assert_msg(answer.uncertain == (rows[_i].reason != NULL), "%s %s", rows[_i].key,
                rows[_i].path);
  ck_assert_str_eq(answer.reason, rows[_i].reason ? rows[_i].reason : "");
  world_end(&world);
}
END_TEST

START_TEST(the_element_that_set_a_value_is_not_told) {
  struct world world;
  start(&world);
  const struct configuration *configuration = world.hosts->items[0].configuration;
  struct configuration_answer answer =
      configuration_value(configuration, "default web site/owa", SSL);
  ck_assert_ptr_nonnull(answer.element);
  ck_assert_str_eq(node_get(answer.element, "sslFlags"), "Ssl");
  ck_assert_uint_ne(origin_of(answer.element).line, 0);
  answer = configuration_value(configuration, "x", "system.webServer/serverRuntime/@enabled");
  ck_assert_ptr_null(answer.element);
  ck_assert_str_eq(answer.value, "true");
  world_end(&world);
}
END_TEST

START_TEST(a_lock_is_seen_where_there_is_none) {
  struct world world;
  start(&world);
  const struct configuration *configuration = world.hosts->items[0].configuration;
  ck_assert(configuration_locked(configuration, "x", "system.webServer/security/access"));
  ck_assert(!configuration_locked(configuration, "default web site/open/y",
                                  "system.webServer/security/access"));
  ck_assert(!configuration_locked(configuration, "x", "system.webServer/httpRedirect"));
  ck_assert(configuration_locked(configuration, "default web site/owa/z",
                                 "system.webServer/httpRedirect"));
  ck_assert(!configuration_locked(configuration, "x", "no.such/section"));
  world_end(&world);
}
END_TEST

START_TEST(a_misspelt_path_is_known_or_finds_no_neighbour) {
  char near[160];
  ck_assert(configuration_path_known(SSL, PATH_VALUE, near));
  ck_assert(configuration_path_known("system.webServer/security/access", PATH_SECTION, near));
  ck_assert(configuration_path_known("system.webServer/defaultDocument/files", PATH_ITEMS, near));
  ck_assert(
      !configuration_path_known("system.webServer/security/acess/@sslFlags", PATH_VALUE, near));
  ck_assert_str_eq(near, SSL);
  ck_assert(!configuration_path_known("system.webServer/handlers/[add]/@name", PATH_VALUE, near));
  ck_assert(!configuration_path_known("x", PATH_VALUE, near));
  ck_assert_str_eq(near, "");
}
END_TEST

START_TEST(a_missing_server_file_gives_certain_values) {
  struct world world;
  world_start(&world);
  world_build(&world);
  struct configuration_answer answer =
      configuration_value(world.hosts->items[0].configuration, "default web site", SSL);
  ck_assert(answer.uncertain);
  ck_assert_str_eq(answer.reason, "not-in-bundle");
  ck_assert_str_eq(answer.needs, "application-host");
  ck_assert_str_eq(answer.value, "None");
  world_end(&world);
}
END_TEST

START_TEST(a_section_that_cannot_be_read_here_passes_for_its_default) {
  static const char *const hidden[][2] = {
      {"<location path='S'><system.webServer><security><access configProtectionProvider='P'>"
       "<EncryptedData/></access></security></system.webServer></location>",
       "encrypted"},
      {"<location path='S'><system.webServer><security><access configSource='a.config'/>"
       "</security></system.webServer></location>",
       "not-in-bundle"},
      {"<location path='S'><system.webServer><security><access childSource='a.config'/>"
       "</security></system.webServer></location>",
       "not-in-bundle"}};
  for (size_t i = 0; i < 3; i++) {
    struct world world;
    world_start(&world);
    char *xml = server_xml("", hidden[i][0]);
    world_add(&world, "applicationHost.config", "application-host", xml);
    alloc_free(xml);
    world_build(&world);
    struct configuration_answer answer =
        configuration_value(world.hosts->items[0].configuration, "s/x", SSL);
    ck_assert(answer.uncertain);
    ck_assert_str_eq(answer.reason, hidden[i][1]);
    world_end(&world);
  }
}
END_TEST

START_TEST(a_node_is_asked_at_the_wrong_level) {
  struct world world;
  world_start(&world);
  char *xml = server_xml("<site name='Default Web Site' id='1'><bindings>"
                         "<binding protocol='http' bindingInformation='*:80:'/></bindings>"
                         "<application path='/'><virtualDirectory path='/' physicalPath='c:\\'/>"
                         "<virtualDirectory path='/Pics/' physicalPath='c:\\'/></application>"
                         "<application path='/OWA'><virtualDirectory path='/' physicalPath='c:\\'/>"
                         "</application></site>",
                         "");
  world_add(&world, "applicationHost.config", "application-host", xml);
  alloc_free(xml);
  world_build(&world);
  static const char *const keys[][2] = {
      {"//binding", "default web site"},
      {"//application[@path='/']", "default web site"},
      {"//virtualDirectory[@path='/Pics/']", "default web site/pics"},
      {"//application[@path='/OWA']/virtualDirectory", "default web site/owa"},
      {"//application[@path='/OWA']/@applicationPool", ""},
      {"//applicationPool", ""},
      {"/", ""}};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    xmlNode *node = world_node(&world, 0, keys[i][0]);
    if (node) ck_assert_str_eq(configuration_key_of(node), keys[i][1]);
  }
  ck_assert_str_eq(configuration_key_of(NULL), "");
  world_end(&world);
}
END_TEST

CHECK_MAIN("evidence/configuration", {
  tcase_add_loop_test(tests, a_value_or_its_certainty_is_wrong, 0, sizeof rows / sizeof *rows);
  tcase_add_test(tests, the_element_that_set_a_value_is_not_told);
  tcase_add_test(tests, a_lock_is_seen_where_there_is_none);
  tcase_add_test(tests, a_misspelt_path_is_known_or_finds_no_neighbour);
  tcase_add_test(tests, a_missing_server_file_gives_certain_values);
  tcase_add_test(tests, a_section_that_cannot_be_read_here_passes_for_its_default);
  tcase_add_test(tests, a_node_is_asked_at_the_wrong_level);
})
