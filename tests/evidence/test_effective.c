/* The effective configuration over several files: order, collections, locks, errors,
 * and what is not known. */
#include "check_main.h"

#include "base/buffer.h"
#include "base/text.h"
#include "evidence/effective.h"
#include "support_world.h"

#include <string.h>

#define DOCUMENTS "system.webServer/defaultDocument"
#define MODULES "system.webServer/modules"
#define ERRORS "system.webServer/httpErrors"
#define ACCESS "system.webServer/security/access"

static const char *const declarations =
    "<configSections><sectionGroup name='system.applicationHost'>"
    "<section name='sites' overrideModeDefault='Deny' allowDefinition='AppHostOnly'/>"
    "<section name='applicationPools' overrideModeDefault='Deny' allowDefinition='AppHostOnly'/>"
    "</sectionGroup><sectionGroup name='system.webServer'><section name='defaultDocument'/>"
    "<section name='httpErrors'/><section name='modules' allowDefinition='MachineToApplication'/>"
    "<section name='urlCompression'/><sectionGroup name='security'>"
    "<section name='access' overrideModeDefault='Deny'/></sectionGroup>"
    "</sectionGroup></configSections>";

static const char *const server =
    "<defaultDocument><files><add value='one.htm'/><add value='two.htm'/></files></defaultDocument>"
    "<httpErrors lockAttributes='defaultPath'><error statusCode='404' path='404.htm'/></httpErrors>"
    "<modules><add name='Locked' lockItem='true'/><add name='Free'/></modules>";

static const char *const sites =
    "<applicationPools><add name='P'/></applicationPools><sites>"
    "<site name='Shop' id='1'><application path='/' applicationPool='P'>"
    "<virtualDirectory path='/' physicalPath='C:\\shop'/></application>"
    "<application path='/App' applicationPool='P'>"
    "<virtualDirectory path='/' physicalPath='C:\\shop\\app'/></application>"
    "<logFile period='Hourly'/><bindings><binding protocol='http' bindingInformation='*:80:'/>"
    "</bindings></site><siteDefaults><logFile directory='D:\\logs'/></siteDefaults>"
    "<applicationDefaults enabledProtocols='http,net.tcp'/></sites>";

/* applicationHost.config with `locations`, and the web.configs of Shop and Shop/App, or NULL. */
static struct configuration *start(struct world *world, const char *locations, const char *shop,
                                   const char *app) {
  world_start(world);
  char *xml = alloc_format("<configuration>%s<system.applicationHost>%s</system.applicationHost>"
                           "<system.webServer>%s</system.webServer>%s</configuration>",
                           declarations, sites, server, locations);
  world_add(world, "applicationHost.config", "application-host", xml);
  alloc_free(xml);
  const char *const bodies[] = {shop, app};
  static const char *const paths[] = {"C/shop/web.config", "C/shop/app/web.config"};
  for (size_t i = 0; i < 2; i++) {
    if (!bodies[i]) continue;
    xml = alloc_format("<configuration>%s</configuration>", bodies[i]);
    world_add(world, paths[i], "web-config", xml);
    alloc_free(xml);
  }
  world_build(world);
  return world->hosts->items[0].configuration;
}

#define IN_SERVER(text) "<system.webServer>" text "</system.webServer>"
#define AT(path, more, text) "<location path='" path "'" more ">" IN_SERVER(text) "</location>"
#define FILES(text) "<defaultDocument><files>" text "</files></defaultDocument>"

static char *items_of(const struct configuration *configuration, const char *path,
                      const char *section, enum effective_view view) {
  struct effective_section *found = effective_section_of(configuration, path, section, view);
  ck_assert_msg(found->root != NULL, "%s %s", path, section);
  const struct effective_element *element = found->root;
  if (!element->is_collection) element = element->elements[0];
  char *list = alloc_text("");
  for (size_t i = 0; i < element->item_count; i++) {
    char *longer =
        alloc_format("%s%s%s", list, *list ? " " : "", element->items[i]->attributes[0].value);
    alloc_free(list);
    list = longer;
  }
  effective_section_free(found);
  return list;
}

static void expect_items(const struct configuration *configuration, const char *path,
                         const char *section, enum effective_view view, const char *expected) {
  char *list = items_of(configuration, path, section, view);
  ck_assert_str_eq(list, expected);
  alloc_free(list);
}

START_TEST(items_come_in_another_order_than_iis_gives_them) {
  struct world world;
  struct configuration *configuration =
      start(&world, AT("Shop/App", "", FILES("<add value='location.htm'/>")),
            IN_SERVER(FILES("<remove value='ONE.htm'/><add value='shop.htm'/>")),
            IN_SERVER(FILES("<add value='app1.htm'/><add value='app2.htm'/>")));
  expect_items(configuration, "", DOCUMENTS, VIEW_FULL, "one.htm two.htm");
  expect_items(configuration, "shop", DOCUMENTS, VIEW_FULL, "shop.htm two.htm");
  expect_items(configuration, "Shop/App", DOCUMENTS, VIEW_FULL,
               "app1.htm app2.htm location.htm shop.htm two.htm");
  expect_items(configuration, "Shop/App/x/y.aspx", DOCUMENTS, VIEW_APPHOST,
               "location.htm one.htm two.htm");
  struct configuration_items items =
      configuration_items(configuration, "shop/app", DOCUMENTS "/files");
  ck_assert_uint_eq(items.count, 5);
  ck_assert(!items.uncertain);
  ck_assert(configuration_item_is(configuration, DOCUMENTS "/files", items.nodes[4], "TWO.HTM"));
  configuration_items_dispose(&items);
  world_end(&world);
}
END_TEST

START_TEST(a_clear_keeps_something) {
  struct world world;
  struct configuration *configuration =
      start(&world, "", IN_SERVER(FILES("<clear/><add value='one.htm'/>")), NULL);
  expect_items(configuration, "Shop", DOCUMENTS, VIEW_FULL, "one.htm");
  ck_assert_int_eq((int)world_number(&world, 0, "count(//configurationError)"), 0);
  world_end(&world);
}
END_TEST

START_TEST(what_is_not_for_child_applications_reaches_them) {
  struct world world;
  struct configuration *configuration =
      start(&world, "",
            AT(".", " inheritInChildApplications='false'", FILES("<add value='shop.htm'/>")), "");
  expect_items(configuration, "Shop/folder", DOCUMENTS, VIEW_FULL, "shop.htm one.htm two.htm");
  expect_items(configuration, "Shop/App", DOCUMENTS, VIEW_FULL, "one.htm two.htm");
  world_end(&world);
}
END_TEST

static const struct {
  const char *locations, *shop, *app;  /* web.configs */
  const char *hresult, *message, *key; /* hresult NULL: no error */
} errors[] = {
    {"", IN_SERVER("<security><access sslFlags='Ssl'/></security>"), "", "0x80070021",
     "This configuration section cannot be used at this path.", "shop"},
    {AT("Shop", " overrideMode='Allow'", "<security><access sslFlags='None'/></security>"),
     IN_SERVER("<security><access sslFlags='Ssl'/></security>"), "", NULL, NULL, NULL},
    {AT("Shop", " overrideMode='Deny'", "<urlCompression/>"), "", IN_SERVER("<urlCompression/>"),
     "0x80070021", "This configuration section", "shop/app"},
    {"", AT(".", " overrideMode='Deny'", "<urlCompression/>"), IN_SERVER("<urlCompression/>"),
     "0x80070021", "This configuration section", "shop/app"},
    {"", AT(".", " overrideMode='Deny'", "<urlCompression/>") AT("x", "", "<urlCompression/>"), "",
     NULL, NULL, NULL},
    {AT("Shop/App", " overrideMode='Allow'", "<urlCompression/>"),
     AT(".", " overrideMode='Deny'", "<urlCompression/>"), "", "0x80070021", "", "shop"},
    {"", IN_SERVER(FILES("<add value='Two.htm'/>")), "", "0x800700b7",
     "Cannot add duplicate collection entry of type 'add' with unique key attribute 'value' set to "
     "'Two.htm'",
     "shop"},
    {"", IN_SERVER(FILES("<add value='a'/>")), IN_SERVER(FILES("<add value='a'/>")), "0x800700b7",
     "Cannot add duplicate collection entry", "shop/app"},
    {"", IN_SERVER("<httpErrors defaultPath='x.htm'/>"), "", "0x80070021", "Lock violation",
     "shop"},
    {"", IN_SERVER("<httpErrors errorMode='Custom'/>"), "", NULL, NULL, NULL},
    {AT("", "", "<urlCompression lockAllAttributesExcept='doStaticCompression'/>"),
     IN_SERVER("<urlCompression doDynamicCompression='true'/>"), "", "0x80070021", "Lock violation",
     "shop"},
    {AT("", "", "<urlCompression lockAllAttributesExcept='doStaticCompression'/>"),
     IN_SERVER("<urlCompression doStaticCompression='true'/>"), "", NULL, NULL, NULL},
    {"", IN_SERVER("<modules><remove name='Locked'/></modules>"), "", "0x80070021",
     "Lock violation", "shop"},
    {"", IN_SERVER("<modules><clear/></modules>"), "", "0x80070021", "Lock violation", "shop"},
    {"", IN_SERVER("<modules><remove name='Free'/><add name='New'/></modules>"), "", NULL, NULL,
     NULL},
    {AT("Shop", "", "<modules><remove name='Locked'/></modules>"), "", "", NULL, NULL, NULL},
    {"", IN_SERVER("<rewrite><rules><rule name='a'/></rules></rewrite>"), "", "0x8007000d", "",
     "shop"},
    {"", IN_SERVER("<security/>"), "", NULL, NULL, NULL},
    {"", "<configSections/>" IN_SERVER("<urlCompression doStatic='true'/>"), "", "0x8007000d",
     "Unrecognized attribute 'doStatic'", "shop"},
    {"", IN_SERVER("<urlCompression/>") "<configSections/>", "", "0x8007000d",
     "Only one <configSections> element allowed.", "shop"},
    {"", IN_SERVER("<httpErrors><error statusCode='500' path='C:\\e.htm'/></httpErrors>"), "",
     "0x8007000d", "Absolute physical path \"C:\\e.htm\" is not allowed", "shop"},
    {AT("Nowhere", "", "<urlCompression/>"), "", "", NULL, NULL, NULL},
    {AT("Shop", "", "<urlCompression/>") AT("shop", "", "<urlCompression/>"), "", "", "0x800700b7",
     "Config section 'system.webServer/urlCompression' already defined.", "shop"},
    {AT("Shop", "", "<urlCompression/>") AT("shop", "", FILES("")), "", "", NULL, NULL, NULL},
};

START_TEST(an_error_of_iis_is_not_found_or_made_up) {
  struct world world;
  struct configuration *configuration =
      start(&world, errors[_i].locations, errors[_i].shop, errors[_i].app);
  struct config_errors found = effective_errors(configuration, NULL);
  if (!errors[_i].hresult) {
    ck_assert_msg(found.count == 0, "%s", found.count ? found.items[0].message : "");
  } else {
    ck_assert_uint_eq(found.count, 1);
    ck_assert_str_eq(found.items[0].hresult, errors[_i].hresult);
    ck_assert_msg(text_starts(found.items[0].message, errors[_i].message), "%s",
                  found.items[0].message);
    ck_assert_str_eq(world_text(&world, 0, "//configurationError/@key"), errors[_i].key);
    ck_assert_uint_ne(found.items[0].origin.line, 0);
    ck_assert(text_equal_nocase(found.items[0].affects[0], errors[_i].key));
  }
  config_errors_dispose(&found);
  world_end(&world);
}
END_TEST

static const struct effective_attribute *attribute_of(const struct effective_element *element,
                                                      const char *name) {
  for (size_t i = 0; i < element->attribute_count; i++)
    if (strcmp(element->attributes[i].name, name) == 0) return &element->attributes[i];
  ck_abort_msg("no attribute %s", name);
  return NULL;
}

static const struct effective_element *child_of(const struct effective_element *element,
                                                const char *name) {
  for (size_t i = 0; i < element->element_count; i++)
    if (strcmp(element->elements[i]->name, name) == 0) return element->elements[i];
  ck_abort_msg("no element %s", name);
  return NULL;
}

START_TEST(defaults_of_sites_do_not_reach_a_site) {
  struct world world;
  struct configuration *configuration = start(&world, "", NULL, NULL);
  struct effective_section *section =
      effective_section_of(configuration, "", "system.applicationHost/sites", VIEW_FULL);
  ck_assert_ptr_nonnull(section->root);
  ck_assert_uint_eq(section->root->item_count, 1);
  const struct effective_element *site = section->root->items[0], *log = child_of(site, "logFile");
  ck_assert_str_eq(attribute_of(log, "directory")->value, "D:\\logs");
  ck_assert_str_eq(attribute_of(log, "directory")->set_by[0].what, "defaults");
  ck_assert_str_eq(attribute_of(log, "period")->value, "Hourly");
  ck_assert(attribute_of(log, "logFormat")->is_default);
  ck_assert(attribute_of(site, "serverAutoStart")->is_default);
  ck_assert_uint_eq(child_of(site, "bindings")->item_count, 1);
  ck_assert_uint_eq(site->item_count, 2);
  const struct effective_attribute *protocols = attribute_of(site->items[1], "enabledProtocols");
  ck_assert_str_eq(protocols->value, "http,net.tcp");
  ck_assert_uint_eq(protocols->set_by_count, 1);
  ck_assert_str_eq(protocols->set_by[0].what, "defaults");
  effective_section_free(section);
  world_end(&world);
}
END_TEST

START_TEST(the_losers_of_a_value_are_not_told_in_order) {
  struct world world;
  struct configuration *configuration =
      start(&world, AT("Shop", "", "<httpErrors errorMode='Detailed'/>"),
            IN_SERVER("<httpErrors errorMode='custom'/>"), NULL);
  struct effective_section *section =
      effective_section_of(configuration, "Shop", ERRORS, VIEW_FULL);
  const struct effective_attribute *mode = attribute_of(section->root, "errorMode");
  ck_assert_str_eq(mode->value, "Custom");
  ck_assert_uint_eq(mode->set_by_count, 2);
  ck_assert_str_eq(mode->set_by[0].value, "Detailed");
  ck_assert(!mode->uncertain);
  ck_assert(attribute_of(section->root, "defaultPath")->locked);
  ck_assert(!section->locked && section->locally_stored);
  ck_assert_str_eq(section->override_mode_effective, "Allow");
  effective_section_free(section);
  world_end(&world);
}
END_TEST

START_TEST(a_lock_does_not_make_a_value_certain) {
  struct world world;
  struct configuration *configuration = start(&world, "", NULL, "");
  struct effective_section *locked =
      effective_section_of(configuration, "Shop/App", ACCESS, VIEW_FULL);
  ck_assert(locked->locked);
  ck_assert_str_eq(locked->locked_how, "overrideModeDefault");
  ck_assert_uint_eq(locked->uncertain_count, 0);
  effective_section_free(locked);
  struct effective_section *open =
      effective_section_of(configuration, "Shop/App", DOCUMENTS, VIEW_FULL);
  ck_assert_uint_eq(open->uncertain_count, 1); /* Shop's is missing, the application's is there */
  ck_assert(attribute_of(open->root, "enabled")->uncertain);
  effective_section_free(open);
  open = effective_section_of(configuration, "Shop/App", DOCUMENTS, VIEW_APPHOST);
  ck_assert_uint_eq(open->uncertain_count, 0);
  effective_section_free(open);
  world_end(&world);
}
END_TEST

START_TEST(a_question_that_iis_refuses_is_answered) {
  static const char *const rows[][3] = {
      {"Nowhere/x", ACCESS, "Unrecognized configuration path 'MACHINE/WEBROOT/APPHOST/Nowhere/x'"},
      {"Shop", "system.webServer/rewrite/rules",
       "The configuration section 'system.webServer/rewrite/rules' cannot be read because it is "
       "missing a section declaration"},
      {"Shop", "log4net",
       "The configuration section 'log4net' cannot be read because it is missing schema"}};
  struct world world;
  struct configuration *configuration =
      start(&world, "",
            "<configSections><section name='log4net' type='x'/></configSections>"
            "<log4net a='b'/>",
            NULL);
  for (size_t i = 0; i < 3; i++) {
    struct effective_section *section =
        effective_section_of(configuration, rows[i][0], rows[i][1], VIEW_FULL);
    ck_assert_ptr_null(section->root);
    ck_assert_uint_eq(section->errors.count, 1);
    ck_assert_str_eq(section->errors.items[0].message, rows[i][2]);
    effective_section_free(section);
  }
  char near[160];
  ck_assert(!effective_path_known(configuration, "Shp/App", near));
  ck_assert_str_eq(near, "Shop/App");
  ck_assert(!effective_section_known(configuration, "system.webServer/module", near));
  ck_assert_str_eq(near, MODULES);
  world_end(&world);
}
END_TEST

START_TEST(the_levels_of_a_path_are_others) {
  struct world world;
  struct configuration *configuration = start(&world, "", NULL, "");
  struct effective_levels levels = effective_levels_of(configuration, "shop/app/pics");
  ck_assert_uint_eq(levels.count, 6);
  ck_assert_int_eq(levels.items[2].kind, LEVEL_SERVER);
  ck_assert_int_eq(levels.items[2].state, CONFIG_FOUND);
  ck_assert_str_eq(levels.items[3].path, "Shop");
  ck_assert_int_eq(levels.items[3].state, CONFIG_NOT_IN_BUNDLE);
  ck_assert_int_eq(levels.items[4].kind, LEVEL_APPLICATION);
  ck_assert_int_eq(levels.items[4].state, CONFIG_FOUND);
  ck_assert_str_eq(levels.items[4].folder, "C:\\shop\\app");
  ck_assert_int_eq(levels.items[5].kind, LEVEL_DIRECTORY);
  ck_assert_str_eq(levels.items[5].folder, "C:\\shop\\app\\pics");
  effective_levels_dispose(&levels);
  world_end(&world);
}
END_TEST

/* 300 pools of one name strike all of 1,100 sites. */
START_TEST(many_errors_name_every_path_each) {
  struct buffer xml = buffer_make(SIZE_MAX / 2);
  buffer_add_format(&xml, "<configuration>%s<system.applicationHost><applicationPools>",
                    declarations);
  for (int i = 0; i < 300; i++)
    buffer_add_text(&xml, "<add name='P'/>");
  buffer_add_text(&xml, "</applicationPools><sites>");
  for (int i = 0; i < 1100; i++)
    buffer_add_format(&xml,
                      "<site name='S%d' id='%d'><application path='/'>"
                      "<virtualDirectory path='/' physicalPath='C:\\s'/></application></site>",
                      i, i + 1);
  buffer_add_text(&xml, "</sites></system.applicationHost></configuration>");
  struct world world;
  world_start(&world);
  world_add(&world, "applicationHost.config", "application-host", buffer_text(&xml));
  buffer_dispose(&xml);
  world_build(&world);
  struct config_errors all = effective_errors(world.hosts->items[0].configuration, NULL);
  size_t named = 0;
  ck_assert_uint_eq(all.count, 299);
  for (size_t i = 0; i < all.count; i++) {
    ck_assert_uint_eq(all.items[i].affects_count + all.items[i].affects_more, 1100);
    named += all.items[i].affects_count;
  }
  ck_assert_uint_eq(all.items[0].affects_count, 1000);
  ck_assert_uint_eq(named, 100000);
  config_errors_dispose(&all);
  world_end(&world);
}
END_TEST

CHECK_MAIN("evidence/effective", {
  tcase_add_test(tests, many_errors_name_every_path_each);
  tcase_add_test(tests, items_come_in_another_order_than_iis_gives_them);
  tcase_add_test(tests, a_clear_keeps_something);
  tcase_add_test(tests, what_is_not_for_child_applications_reaches_them);
  tcase_add_loop_test(tests, an_error_of_iis_is_not_found_or_made_up, 0,
                      sizeof errors / sizeof *errors);
  tcase_add_test(tests, defaults_of_sites_do_not_reach_a_site);
  tcase_add_test(tests, the_losers_of_a_value_are_not_told_in_order);
  tcase_add_test(tests, a_lock_does_not_make_a_value_certain);
  tcase_add_test(tests, a_question_that_iis_refuses_is_answered);
  tcase_add_test(tests, the_levels_of_a_path_are_others);
})
