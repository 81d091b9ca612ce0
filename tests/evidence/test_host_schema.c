/* Schema files of the server: what they know beyond the facts is no error. */
#include "check_main.h"
#include "support_world.h"

#include "base/text.h"

static const char server[] =
    "<configuration><configSections><sectionGroup name='system.applicationHost'>"
    "<section name='applicationPools'/><section name='sites'/></sectionGroup>"
    "<sectionGroup name='system.webServer'><section name='directoryBrowse' "
    "overrideModeDefault='Allow'/><section name='gadgets' overrideModeDefault='Allow'/>"
    "</sectionGroup></configSections><system.applicationHost><applicationPools/><sites/>"
    "</system.applicationHost><system.webServer>"
    "<directoryBrowse enabled='true' sparkle='Fast'><glow level='7'/></directoryBrowse>"
    "<gadgets enabled='%s'><add name='a'/><add name='%s'/></gadgets>"
    "</system.webServer></configuration>";

static const char schema[] =
    "<configSchema><sectionSchema name='system.webServer/directoryBrowse'>"
    "<attribute name='enabled' type='bool' defaultValue='true'/>"
    "<attribute name='sparkle' type='enum' defaultValue='Slow'><enum name='Slow' value='0'/>"
    "<enum name='Fast' value='1'/></attribute>"
    "<element name='glow'><attribute name='level' type='int'/></element></sectionSchema>"
    "<sectionSchema name='system.webServer/gadgets'>"
    "<attribute name='enabled' type='bool' defaultValue='false'/>"
    "<collection addElement='add' removeElement='remove' clearElement='clear'>"
    "<attribute name='name' type='string' isUniqueKey='true' required='true'/></collection>"
    "</sectionSchema></configSchema>";

static void start(struct world *world, const char *enabled, const char *second, const char *with) {
  char *text = alloc_format(server, enabled, second);
  world_start(world);
  world_add(world, "inetsrv/config/applicationHost.config", "application-host", text);
  if (with) world_add(world, "inetsrv/config/schema/gadget_schema.xml", "iis-schema", with);
  world_build(world);
  alloc_free(text);
}

static double errors(const struct world *world, const char *problem) {
  char *expression = alloc_format("count(//configurationError[@problem='%s'])", problem);
  double count = world_number(world, 0, expression);
  alloc_free(expression);
  return count;
}

START_TEST(what_the_servers_own_schema_knows_is_called_unknown) {
  struct world world;
  start(&world, "true", "b", NULL);
  ck_assert_double_eq(errors(&world, "unknown-attribute"), 1);
  world_end(&world);
  start(&world, "true", "b", schema);
  ck_assert_double_eq(world_number(&world, 0, "count(//configurationError)"), 0);
  ck_assert_str_eq(world_text(&world, 0, "//schemaFact[@attribute='sparkle']/@names"),
                   "Slow=0,Fast=1");
  ck_assert_double_eq(world_number(&world, 0, "count(//schemaFact[@attribute='enabled'])"), 1);
  world_end(&world);
}
END_TEST

START_TEST(a_section_of_an_added_module_is_not_checked) {
  struct world world;
  start(&world, "perhaps", "a", schema);
  ck_assert_double_eq(errors(&world, "bad-value"), 1);
  ck_assert_double_eq(errors(&world, "duplicate-key"), 1);
  world_end(&world);
}
END_TEST

START_TEST(a_schema_file_changes_what_is_known) {
  struct world world;
  start(&world, "true", "b",
        "<configSchema><sectionSchema name='system.webServer/directoryBrowse'>"
        "<attribute name='enabled' type='int' defaultValue='5'/></sectionSchema>"
        "<sectionSchema name='system.webServer/httpLogging'/></configSchema>");
  ck_assert_double_eq(world_number(&world, 0, "count(//schemaFact)"), 0);
  ck_assert_double_eq(errors(&world, "bad-value"), 0);
  world_end(&world);
}
END_TEST

START_TEST(an_older_schema_file_is_mixed_in) {
  struct world world;
  char *text = alloc_format(server, "true", "b");
  world_start(&world);
  world_add(&world, "inetsrv/config/applicationHost.config", "application-host", text);
  world_add(&world, "inetsrv/config/schema/IIS_schema.xml", "iis-schema", "<configSchema/>");
  world_add(&world, "inetpub/history/CFGHISTORY_0000000001/schema/gadget_schema.xml", "iis-schema",
            schema);
  world_build(&world);
  ck_assert_double_eq(world_number(&world, 0, "count(//schemaFact)"), 0);
  ck_assert_double_eq(errors(&world, "unknown-attribute"), 1);
  world_end(&world);
  alloc_free(text);
}
END_TEST

#define PROXY                                                                                      \
  "<configuration><configSections><sectionGroup name='system.applicationHost'>"                    \
  "<section name='applicationPools'/><section name='sites'/></sectionGroup>"                       \
  "<sectionGroup name='system.webServer'><section name='proxy'/></sectionGroup></configSections>"  \
  "<system.applicationHost><applicationPools/><sites/></system.applicationHost>"                   \
  "<system.webServer><proxy enabled='%s' glitter='1'><glow/></proxy></system.webServer>"           \
  "</configuration>"

static void start_proxy(struct world *world, const char *enabled, const char *with) {
  char *text = alloc_format(PROXY, enabled);
  world_start(world);
  world_add(world, "inetsrv/config/applicationHost.config", "application-host", text);
  if (with) world_add(world, "inetsrv/config/schema/arr_schema.xml", "iis-schema", with);
  world_build(world);
  alloc_free(text);
}

START_TEST(what_a_newer_module_may_know_is_called_an_error) {
  struct world world;
  start_proxy(&world, "true", NULL);
  ck_assert_double_eq(world_number(&world, 0, "count(//configurationError)"), 0);
  ck_assert_str_eq(world_mark(world_node(&world, 0, "//configurationErrors"), "configurationError"),
                   "not-in-bundle");
  world_end(&world);
  start_proxy(&world, "perhaps", NULL); /* no version has such a value */
  ck_assert_double_eq(errors(&world, "bad-value"), 1);
  world_end(&world);
}
END_TEST

START_TEST(what_the_modules_own_schema_lacks_is_no_error) {
  struct world world;
  start_proxy(&world, "true",
              "<configSchema><sectionSchema name='system.webServer/proxy'>"
              "<attribute name='enabled' type='bool' defaultValue='false'/></sectionSchema>"
              "</configSchema>");
  ck_assert_double_eq(errors(&world, "unknown-attribute"), 1);
  ck_assert_double_eq(errors(&world, "unknown-element"), 1);
  world_end(&world);
}
END_TEST

CHECK_MAIN("evidence/host_schema", {
  tcase_add_test(tests, what_the_servers_own_schema_knows_is_called_unknown);
  tcase_add_test(tests, a_section_of_an_added_module_is_not_checked);
  tcase_add_test(tests, a_schema_file_changes_what_is_known);
  tcase_add_test(tests, an_older_schema_file_is_mixed_in);
  tcase_add_test(tests, what_a_newer_module_may_know_is_called_an_error);
  tcase_add_test(tests, what_the_modules_own_schema_lacks_is_no_error);
})
