/* What exports of the running server tell beside applicationHost.config, and without it. */
#include "check_main.h"

#include "base/text.h"
#include "support_world.h"

#define BINDING(information) "<binding protocol='https' bindingInformation='" information "'/>"
#define TOLD(name, id, more, inside) "<site name='" name "' id='" id "' " more ">" inside "</site>"
#define SITE(bindings)                                                                             \
  "<site name='A' id='1'><bindings>" bindings "</bindings><application path='/'/></site>"

static struct world world;

static void build(const char *server, const char *kind, const char *told) {
  world_start(&world);
  char *xml = server ? server_xml(server, "") : NULL;
  if (xml) world_add(&world, "applicationHost.config", "application-host", xml);
  alloc_free(xml);
  world_add(&world, "sites.xml", kind, told);
  world_build(&world);
}

START_TEST(a_state_is_lost_or_made_up) {
  build(SITE(""), "get-website", TOLD("a", "1", "state='Stopped'", ""));
  ck_assert_str_eq(world_known(&world, 0, "//site", "state"), "Stopped");
  world_end(&world);
  build(SITE(""), "get-webbinding", TOLD("A", "1", "", ""));
  ck_assert_str_eq(world_known(&world, 0, "//site", "state"), "?");
  world_end(&world);
  build("<site name='A' id='1' state='Started'/>", "get-webbinding", "");
  ck_assert_str_eq(world_known(&world, 0, "//site", "state"), "?");
  world_end(&world);
  build(SITE(""), "appcmd",
        TOLD("A", "1", "state='Stopped'", "") TOLD("A", "1", "state='Started'", ""));
  ck_assert_str_eq(world_known(&world, 0, "//site", "state"), "?");
  world_end(&world);
}
END_TEST

static const struct {
  const char *configured, *told;
  bool conflict;
} pairs[] = {
    {BINDING(":443:"), TOLD("A", "1", "bindings='all'", BINDING("*:443:")), false},
    {BINDING(":443:"), TOLD("A", "1", "", BINDING("*:444:")), true},
    {BINDING(":443:") BINDING("*:444:"), TOLD("A", "1", "", BINDING("*:444:")), false},
    {BINDING(":443:") BINDING("*:444:"), TOLD("A", "1", "bindings='all'", BINDING("*:444:")), true},
};

START_TEST(a_contradiction_passes_in_silence) {
  build(SITE("") "", "get-website", "");
  world_end(&world);
  char *site =
      alloc_format("<site name='A' id='1'><bindings>%s</bindings></site>", pairs[_i].configured);
  build(site, "get-website", pairs[_i].told);
  alloc_free(site);
  const char *mark = world_mark(world_node(&world, 0, "//site/bindings"), "binding");
  ck_assert_msg(text_equal(mark, pairs[_i].conflict ? "conflict" : NULL), "%s", mark ? mark : "-");
  world_end(&world);
}
END_TEST

START_TEST(a_site_more_than_configured_passes_in_silence) {
  build(SITE(""), "get-website", TOLD("B", "2", "", ""));
  ck_assert_str_eq(world_mark(world_node(&world, 0, "//sites"), "site"), "conflict");
  ck_assert(world_number(&world, 0, "count(//site)") == 1);
  world_end(&world);
}
END_TEST

#define TWO(first, second)                                                                         \
  TOLD("A", first, "state='Started' bindings='all'", BINDING("*:443:"))                            \
  TOLD("B", second, "state='Started'", BINDING("*:444:"))

START_TEST(a_listing_proves_more_than_it_can) {
  build(NULL, "get-website", TWO("1", "2"));
  ck_assert(world_number(&world, 0, "count(//site)") == 2);
  ck_assert_ptr_null(world_mark(world_node(&world, 0, "//sites"), "site"));
  ck_assert_ptr_null(world_mark(world_node(&world, 0, "//site[@key='a']/bindings"), "binding"));
  ck_assert_ptr_nonnull(world_mark(world_node(&world, 0, "//site[@key='b']/bindings"), "binding"));
  ck_assert_str_eq(world_text(&world, 0, "//site[@key='b']/bindings/binding/@port"), "444");
  world_end(&world);
  build(NULL, "get-website", TWO("1", "3"));
  ck_assert_ptr_nonnull(world_mark(world_node(&world, 0, "//sites"), "site"));
  world_end(&world);
  build(NULL, "get-webbinding", TWO("1", "2"));
  ck_assert_ptr_nonnull(world_mark(world_node(&world, 0, "//sites"), "site"));
  world_end(&world);
}
END_TEST

CHECK_MAIN("evidence/told_sites", {
  tcase_add_test(tests, a_state_is_lost_or_made_up);
  tcase_add_loop_test(tests, a_contradiction_passes_in_silence, 0,
                      (int)(sizeof pairs / sizeof *pairs));
  tcase_add_test(tests, a_site_more_than_configured_passes_in_silence);
  tcase_add_test(tests, a_listing_proves_more_than_it_can);
})
