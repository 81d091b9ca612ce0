/* Of several copies of one thing, which is live: by name, place and content. */
#include "check_main.h"

#include "base/moment.h"
#include "base/text.h"
#include "support_servers.h"

#include <string.h>

static const char *role(const struct world *world, size_t artifact) {
  return world->bundle->artifacts[artifact]->role;
}

START_TEST(an_older_copy_is_taken_for_the_live_one) {
  struct world world;
  world_start(&world);
  add_server(&world, "IIS/applicationHost1.config", "Old");
  add_server(&world, "IIS/applicationHost.config", "Live");
  add_server(&world, "IIS/CFGHISTORY_0000000001/applicationHost.config", "Backup");
  world_break(world_add(&world, "IIS/BadApplicationHost.config", "application-host", NULL),
              UNKNOWN_DAMAGED, 128, "not well-formed: bad");
  world_build(&world);
  ck_assert_uint_eq(world.hosts->count, 1);
  ck_assert_str_eq(role(&world, 0), "older copy");
  ck_assert_str_eq(role(&world, 1), "live");
  ck_assert_str_eq(role(&world, 2), "backup");
  ck_assert_str_eq(role(&world, 3), "damaged");
  ck_assert_str_eq(world_text(&world, 0, "//site/@name"), "Live");
  ck_assert_int_eq((int)world_number(&world, 0, "count(//site)"), 1);
  ck_assert_int_eq((int)world_number(&world, 0, "count(//configurationError)"), 0);
  ck_assert_int_eq((int)world_number(&world, 0, "count(//sites/ev:unknown[@of='site'])"), 0);
  world_end(&world);
}
END_TEST

START_TEST(an_older_copy_speaks_for_a_damaged_live_one) {
  struct world world;
  world_start(&world);
  add_server(&world, "applicationHost1.config", "Old");
  world_break(world_add(&world, "applicationHost.config", "application-host", NULL),
              UNKNOWN_DAMAGED, 128, "not well-formed: bad");
  world_build(&world);
  ck_assert_str_eq(role(&world, 0), "older copy");
  ck_assert_str_eq(role(&world, 1), "live");
  ck_assert_int_eq((int)world_number(&world, 0, "count(//site)"), 0);
  const char *error = "//configurationErrors//configurationError";
  ck_assert_str_eq(world_known(&world, 0, error, "hresult"), "0x8007000d");
  ck_assert_str_eq(world_known(&world, 0, error, "problem"), "not-well-formed");
  ck_assert_str_eq(world_known(&world, 0, error, "file"), "applicationHost.config");
  ck_assert_str_eq(world_known(&world, 0, error, "line"), "128");
  ck_assert_uint_eq(origin_of(world_node(&world, 0, error)).line, 128);
  static const char *const containers[][2] = {{"//sites", "site"},
                                              {"//applicationPools", "applicationPool"},
                                              {"//configuration", "level"},
                                              {"//configuration", "sectionDefinition"},
                                              {"//configurationErrors", "configurationError"},
                                              {"//products", "product"}};
  for (size_t i = 0; i < sizeof containers / sizeof *containers; i++)
    ck_assert_str_eq(world_mark(world_node(&world, 0, containers[i][0]), containers[i][1]),
                     "damaged");
  ck_assert_str_eq(world_text(&world, 0, "//sites/ev:unknown[@of='site']/@note"),
                   "applicationHost.config:128: not well-formed: bad");
  world_end(&world);
}
END_TEST

START_TEST(an_older_copy_speaks_for_an_unreadable_live_one) {
  struct world world;
  world_start(&world);
  add_server(&world, "applicationHost1.config", "Old");
  struct artifact *lost = world_add(&world, "applicationHost.config", "web-config", NULL)->artifact;
  world.readings.count--; /* nobody could read it */
  lost->outcome = ARTIFACT_REFUSED;
  alloc_free(lost->reason);
  lost->reason = alloc_text("larger than the limit");
  world_build(&world);
  ck_assert_int_eq((int)world_number(&world, 0, "count(//site)"), 0);
  ck_assert_str_eq(world_mark(world_node(&world, 0, "//sites"), "site"), "limit");
  world_end(&world);
}
END_TEST

START_TEST(a_lone_copy_of_another_name_is_not_used) {
  struct world world;
  world_start(&world);
  add_server(&world, "E19_ApplicationHost.config", "Lone");
  world_build(&world);
  ck_assert_str_eq(role(&world, 0), "live");
  ck_assert_str_eq(world_text(&world, 0, "//site/@name"), "Lone");
  world_end(&world);
}
END_TEST

START_TEST(one_of_several_odd_copies_is_picked) {
  struct world world;
  world_start(&world);
  add_server(&world, "a_applicationHost.config", "A");
  add_server(&world, "b_applicationHost.config", "B");
  world_build(&world);
  ck_assert_str_ne(role(&world, 0), "live");
  ck_assert_str_ne(role(&world, 1), "live");
  ck_assert_str_eq(world_mark(world_node(&world, 0, "//sites"), "site"), "ambiguous");
  ck_assert_uint_eq(diags_count(&world.bundle->diags, DIAG_WARNING), 1);
  ck_assert_ptr_nonnull(strstr(world.bundle->diags.items[0].message, "b_applicationHost.config"));
  world_end(&world);
}
END_TEST

START_TEST(the_place_of_a_copy_does_not_count) {
  static const struct {
    const char *first, *second, *live; /* NULL: which one is not known */
  } rows[] = {
      {"c/Windows/Temp/applicationHost.config",
       "c/Windows/System32/inetsrv/config/applicationHost.config", "Second"},
      {"inetsrv/config/applicationHost.config", "inetsrv/applicationHost.config", "First"},
      {"applicationHost.config", "copy/applicationHost.config", NULL},
      {"inetsrv/config/applicationHost.config",
       "inetsrv/config/history/CFGHISTORY_1/applicationHost.config", "First"},
      {"history/applicationHost.config", "x/applicationHost.config.bak", "First"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct world world;
    world_start(&world);
    add_server(&world, rows[i].first, "First");
    add_server(&world, rows[i].second, "Second");
    world_build(&world);
    ck_assert_uint_eq(world.hosts->count, 1);
    ck_assert_msg(
        text_equal(world_text(&world, 0, "//site/@name"), rows[i].live ? rows[i].live : ""), "%s",
        rows[i].first);
    if (!rows[i].live)
      ck_assert_str_eq(world_mark(world_node(&world, 0, "//sites"), "site"), "ambiguous");
    world_end(&world);
  }
}
END_TEST

START_TEST(equal_copies_are_ambiguous) {
  struct world world;
  world_start(&world);
  add_server(&world, "a_applicationHost.config", "Same");
  add_server(&world, "b_applicationHost.config", "Same");
  world_build(&world);
  ck_assert_str_eq(role(&world, 0), "live");
  ck_assert_str_eq(role(&world, 1), "unused");
  world_end(&world);
}
END_TEST

START_TEST(shared_configuration_is_not_noticed) {
  static const struct {
    const char *xml;
    bool complete, redirected;
  } rows[] = {
      {"<configuration><configurationRedirection enabled='true' "
       "path='\\\\s\\iis'/></configuration>",
       true, true},
      {"<configuration><configurationRedirection enabled='True'/></configuration>", true, true},
      {"<configuration><configurationRedirection enabled='false' path='x'/></configuration>", true,
       false},
      {"<configuration><configurationRedirection/></configuration>", true, false},
      {"<configuration/>", false, true},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct world world;
    world_start(&world);
    add_server(&world, "applicationHost.config", "Local");
    struct reading *reading =
        world_add(&world, "redirection.config",
                  rows[i].complete ? "redirection-config" : "web-config", rows[i].xml);
    if (!rows[i].complete) world_break(reading, UNKNOWN_DAMAGED, 3, "not well-formed");
    world_build(&world);
    ck_assert_int_eq(world_node(&world, 0, "//site") == NULL, rows[i].redirected);
    const char *mark = world_mark(world_node(&world, 0, "//sites"), "site");
    ck_assert_int_eq(text_equal(mark, "ambiguous"), rows[i].redirected);
    if (i == 0)
      ck_assert_ptr_nonnull(
          strstr(world_text(&world, 0, "//sites/ev:unknown/@note"), "\\\\s\\iis"));
    world_end(&world);
  }
}
END_TEST

START_TEST(an_old_dump_is_taken_for_one_of_today) {
  static const char *const folders[] = {
      "backup", "Old", "bak", "history", "Archive", "config.bak", "CFGHISTORY_0000000002"};
  for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
    struct world world;
    world_start(&world);
    add_server(&world, "applicationHost.config", "S");
    char *dump = alloc_format("%s/sslcert.txt", folders[i]);
    char *store = alloc_format("%s/webhosting.txt", folders[i]);
    char *redirection = alloc_format("%s/redirection.config", folders[i]);
    world_add(&world, dump, "netsh-sslcert",
              "<sslCertificate record='0.0.0.0:1' type='ip' ip='0.0.0.0' port='1' "
              "certificateHash='" HASH_A "' store='my'/>");
    world_add(&world, "sslcert.txt", "netsh-sslcert", "");
    world_add(&world, store, "certutil-store",
              "<store location='LocalMachine' name='WebHosting'/>");
    world_add(&world, "my.txt", "certutil-store", "<store location='LocalMachine' name='My'/>");
    world_add(&world, redirection, "redirection-config",
              "<configuration><configurationRedirection enabled='true' path='x'/></configuration>");
    world_build(&world);
    ck_assert_str_eq(role(&world, 1), "older copy");
    ck_assert_str_eq(role(&world, 2), "live");
    ck_assert_str_eq(role(&world, 3), "older copy"); /* though nothing newer lists that store */
    ck_assert_int_eq((int)world_number(&world, 0, "count(//sslCertificate)"), 0);
    ck_assert_str_eq(world_text(&world, 0, "//site/@name"), "S");
    alloc_free(dump);
    alloc_free(store);
    alloc_free(redirection);
    world_end(&world);
  }
}
END_TEST

START_TEST(an_old_dump_speaks_for_one_that_is_not_there) {
  for (int outside = 0; outside < 2; outside++) {
    struct world world;
    world_start(&world);
    add_server(&world, outside ? "applicationHost.config" : "old/applicationHost.config", "S");
    add_netsh(&world, "old/sslcert.txt", NULL);
    world_build(&world);
    ck_assert_str_eq(role(&world, 1), outside ? "older copy" : "live");
    ck_assert_int_eq((int)world_number(&world, 0, "count(//sslCertificate)"), !outside);
    world_end(&world);
  }
}
END_TEST

START_TEST(an_old_dump_speaks_for_one_that_could_not_be_read) {
  for (int lost = 0; lost < 2; lost++) {
    struct world world;
    world_start(&world);
    add_server(&world, "old/applicationHost.config", "S");
    add_netsh(&world, "old/sslcert.txt", NULL);
    struct artifact *live = world_add(&world, "SSLCERT.TXT", "web-config", NULL)->artifact;
    world.readings.count--; /* nobody could read it */
    live->outcome = lost ? ARTIFACT_REFUSED : ARTIFACT_READ;
    world_build(&world);
    ck_assert_str_eq(role(&world, 1), lost ? "older copy" : "live");
    ck_assert_int_eq((int)world_number(&world, 0, "count(//sslCertificate)"), !lost);
    world_end(&world);
  }
}
END_TEST

CHECK_MAIN("evidence/copies", {
  tcase_add_test(tests, an_older_copy_is_taken_for_the_live_one);
  tcase_add_test(tests, an_older_copy_speaks_for_a_damaged_live_one);
  tcase_add_test(tests, an_older_copy_speaks_for_an_unreadable_live_one);
  tcase_add_test(tests, a_lone_copy_of_another_name_is_not_used);
  tcase_add_test(tests, one_of_several_odd_copies_is_picked);
  tcase_add_test(tests, the_place_of_a_copy_does_not_count);
  tcase_add_test(tests, equal_copies_are_ambiguous);
  tcase_add_test(tests, shared_configuration_is_not_noticed);
  tcase_add_test(tests, an_old_dump_is_taken_for_one_of_today);
  tcase_add_test(tests, an_old_dump_speaks_for_one_that_is_not_there);
  tcase_add_test(tests, an_old_dump_speaks_for_one_that_could_not_be_read);
})
