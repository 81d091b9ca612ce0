/* The moment that a server was collected at, from what its artifacts state. */
#include "check_main.h"

#include "base/moment.h"
#include "base/text.h"
#include "support_servers.h"

#include <string.h>

/* A certificate that begins at `begin`, in a store and maybe in a record of HTTP.SYS. */
static void add_certificate(struct world *world, const char *path, const char *begin, bool used) {
  char *xml = alloc_format("<store location='LocalMachine' name='My' complete='true'>"
                           "<certificate thumbprint='" HASH_A "' notBefore='2031-01-01T00:00:00Z' "
                           "notBeforeLatest='%s'/></store>",
                           begin);
  world_add(world, path, "certutil-store", xml);
  alloc_free(xml);
  add_server(world, "applicationHost.config", "S");
  if (used) add_netsh(world, "sslcert.txt", NULL);
}

START_TEST(the_moment_is_not_the_newest_that_is_stated) {
  struct world world;
  world_start(&world);
  add_server(&world, "applicationHost.config", "S");
  struct reading *old = add_netsh(&world, "old.xml", NULL);
  old->has_newest = true;
  old->newest = 1000;
  struct reading *newer = add_netsh(&world, "GetAuthConfig.xml", NULL);
  newer->has_newest = true;
  ck_assert(moment_parse("2024-12-03T14:47:32Z", &newer->newest));
  newer->newest_what = "WhenChangedUTC";
  world.bundle->artifacts[0]->from_archive = world.bundle->artifacts[0]->has_modified = true;
  world.bundle->artifacts[0]->modified = newer->newest - 1000;
  world_build(&world);
  ck_assert_str_eq(world_known(&world, 0, "/evidence", "asOf"), "2024-12-03T14:47:32Z");
  ck_assert_str_eq(world.hosts->items[0].as_of_reason,
                   "newest time in GetAuthConfig.xml (WhenChangedUTC)");
  world_end(&world);
}
END_TEST

START_TEST(a_newer_time_of_the_archive_is_not_minded) {
  struct world world;
  world_start(&world);
  add_server(&world, "applicationHost.config", "S");
  struct reading *reading = add_netsh(&world, "x", NULL);
  reading->has_newest = true;
  reading->newest = 1000;
  struct artifact *artifact = world.bundle->artifacts[0];
  artifact->from_archive = artifact->has_modified = true;
  artifact->modified = 1733184000;
  world_build(&world);
  ck_assert_str_eq(world_known(&world, 0, "/evidence", "asOf"), "2024-12-03T00:00:00Z");
  ck_assert_str_eq(world.hosts->items[0].as_of_reason,
                   "newest file time in the archive (applicationHost.config)");
  world_end(&world);
}
END_TEST

START_TEST(a_certificate_that_begins_in_the_future_moves_the_moment) {
  static const struct {
    bool used, stated;
    int64_t file_time; /* of the archive that its dump stands in; 0: a loose file */
    const char *moment;
  } rows[] = {
      {false, false, 0, "?"},
      {false, true, 0, "2024-12-03T00:00:00Z"},
      {true, false, 0, "2031-05-01T10:00:00Z"}, /* nothing tells better */
      {true, true, 0, "2031-05-01T10:00:00Z"},
      {true, false, 1733270400, "2024-12-04T00:00:00Z"},
      {true, true, 1733270400, "2024-12-04T00:00:00Z"},
      {true, true, 315532800, "2031-05-01T10:00:00Z"}, /* 1980: a packer without times */
      {false, false, 315532800, "?"},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct world world;
    world_start(&world);
    add_certificate(&world, "certutil-my.txt", "2031-05-01T10:00:00Z", rows[i].used);
    struct artifact *dump = world.bundle->artifacts[0];
    dump->from_archive = dump->has_modified = rows[i].file_time != 0;
    dump->modified = rows[i].file_time;
    if (rows[i].stated) {
      struct reading *auth = world_add(&world, "GetAuthConfig.xml", "get-authconfig", "");
      auth->has_newest = true;
      auth->newest = 1733184000;
    }
    world_build(&world);
    ck_assert_msg(text_equal(world_known(&world, 0, "/evidence", "asOf"), rows[i].moment),
                  "row %zu: %s", i, world_known(&world, 0, "/evidence", "asOf"));
    if (i == 3)
      ck_assert_str_eq(world.hosts->items[0].as_of_reason,
                       "newest time in certutil-my.txt (NotBefore of a certificate in use)");
    world_end(&world);
  }
}
END_TEST

START_TEST(a_hint_outweighs_what_is_stated) {
  struct world world;
  world_start(&world);
  struct reading *reading = add_netsh(&world, "x", NULL);
  reading->has_newest = reading->newest_is_hint = true;
  reading->newest = 1733184000;
  world_build(&world);
  ck_assert_str_eq(world_known(&world, 0, "/evidence", "asOf"), "?");
  world_end(&world);
}
END_TEST

START_TEST(the_time_of_a_loose_file_is_believed) {
  for (int from_archive = 0; from_archive < 2; from_archive++) {
    struct world world;
    world_start(&world);
    add_server(&world, "applicationHost.config", "S");
    struct artifact *artifact = world.bundle->artifacts[0];
    artifact->has_modified = true;
    artifact->modified = 1733184000;
    artifact->from_archive = from_archive;
    world_build(&world);
    ck_assert_str_eq(world_known(&world, 0, "/evidence", "asOf"),
                     from_archive ? "2024-12-03T00:00:00Z" : "?");
    ck_assert_int_eq(world.hosts->items[0].has_as_of, from_archive);
    world_end(&world);
  }
}
END_TEST

START_TEST(the_users_moment_is_overruled) {
  struct world world;
  world_start(&world);
  struct reading *reading = add_netsh(&world, "x", NULL);
  reading->has_newest = true;
  reading->newest = 1000;
  int64_t as_of = 86400;
  world_build_with(&world, NULL, 0, &as_of);
  ck_assert_str_eq(world_known(&world, 0, "/evidence", "asOf"), "1970-01-02T00:00:00Z");
  ck_assert_str_eq(world.hosts->items[0].as_of_reason, "--as-of");
  world_end(&world);
}
END_TEST

CHECK_MAIN("evidence/moments", {
  tcase_add_test(tests, the_moment_is_not_the_newest_that_is_stated);
  tcase_add_test(tests, a_newer_time_of_the_archive_is_not_minded);
  tcase_add_test(tests, a_certificate_that_begins_in_the_future_moves_the_moment);
  tcase_add_test(tests, a_hint_outweighs_what_is_stated);
  tcase_add_test(tests, the_time_of_a_loose_file_is_believed);
  tcase_add_test(tests, the_users_moment_is_overruled);
})
