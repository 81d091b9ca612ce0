/* Stores: which commands list what is missing, and what certutil alone tells. */
#include "check_main.h"

#include "support_world.h"

#include "base/text.h"

#define SITE                                                                                       \
  "<site name='S' id='1'><application path='/'/><bindings><binding protocol='https' "              \
  "bindingInformation='*:443:' sslFlags='0'/></bindings></site>"

static void add_binding(struct world *world, const char *store) {
  char *site = server_xml(SITE, "");
  char *record = alloc_format("<sslCertificate record='0.0.0.0:443' type='ip' ip='0.0.0.0' "
                              "port='443' certificateHash='" HASH_A "' store='%s'/>",
                              store);
  world_start(world);
  world_add(world, "applicationHost.config", "application-host", site);
  world_add(world, "sslcert.txt", "netsh-sslcert", record);
  alloc_free(site);
  alloc_free(record);
}

START_TEST(a_store_is_said_to_be_collected_by_the_wrong_command) {
  static const struct {
    const char *store, *needs, *note;
  } rows[] = {{"my", "certutil-my get-exchangecertificate", ""},
              {"webhosting", "certutil-webhosting", ""},
              {"remote desktop", "certutil-remote-desktop", ""},
              {"root", "certutil-root", ""},
              {"adfs", "certutil-store", "certutil -store \"adfs\" lists it"}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    struct world world;
    add_binding(&world, rows[i].store);
    world_build(&world);
    ck_assert_str_eq(world_text(&world, 0, "//ev:unknown[@of='@inStore']/@needs"), rows[i].needs);
    ck_assert_str_eq(world_text(&world, 0, "//ev:unknown[@of='@inStore']/@note"), rows[i].note);
    const char *needs = world_text(&world, 0, "//certificate/ev:unknown[@of='@notAfter']/@needs");
    ck_assert_msg(i == 1 || text_equal(needs, rows[i].needs), "%s: %s", rows[i].store, needs);
    world_end(&world);
  }
}
END_TEST

#define STORE(certificates)                                                                        \
  "<store location='LocalMachine' name='My' complete='true'>" certificates "</store>"

START_TEST(the_provider_of_a_key_is_lost_or_guessed) {
  struct world world;
  world_start(&world);
  world_add(&world, "my.txt", "certutil-store",
            STORE("<certificate thumbprint='" HASH_A "' hasPrivateKey='true' keyProvider='P'/>"
                  "<certificate thumbprint='" HASH_B "' hasPrivateKey='true'/>"));
  world_build(&world);
  ck_assert_str_eq(world_known(&world, 0, "//store/entry[@thumbprint='" HASH_A "']", "keyProvider"),
                   "P");
  ck_assert_str_eq(world_known(&world, 0, "//store/entry[@thumbprint='" HASH_B "']", "keyProvider"),
                   "?");
  world_end(&world);
  world_start(&world);
  world_add(&world, "a.txt", "certutil-store",
            STORE("<certificate thumbprint='" HASH_A "' hasPrivateKey='true' keyProvider='P'/>"));
  world_add(&world, "b.txt", "certutil-store",
            STORE("<certificate thumbprint='" HASH_A "' hasPrivateKey='true' keyProvider='Q'/>"));
  world_build(&world);
  ck_assert_str_eq(world_known(&world, 0, "//store/entry", "keyProvider"), "?");
  world_end(&world);
}
END_TEST

/* Of a text only what says so is known to have no other names. */
START_TEST(names_of_a_text_are_known_too_well_or_not_at_all) {
  static const struct {
    const char *certificate;
    bool known;
  } rows[] = {{"<certificate thumbprint='" HASH_A "'/>", false},
              {"<certificate thumbprint='" HASH_A "' namesKnown='true'/>", true},
              {"<certificate thumbprint='" HASH_A "' namesKnown='true'><name type='dns' "
               "value='a'/></certificate>",
               true}};
  for (size_t i = 0; i < 3; i++) {
    struct world world;
    char *store = alloc_format(STORE("%s"), rows[i].certificate);
    world_start(&world);
    world_add(&world, "my.txt", "certutil-store", store);
    world_build(&world);
    const char *reason = world_mark(world_node(&world, 0, "//certificates/certificate"), "name");
    ck_assert_msg(rows[i].known == !reason, "%zu: %s", i, reason);
    ck_assert_int_eq((int)world_number(&world, 0, "count(//certificate/name)"), i == 2);
    ck_assert_int_eq((int)world_number(&world, 0, "count(//@namesKnown)"), 0);
    alloc_free(store);
    world_end(&world);
  }
}
END_TEST

CHECK_MAIN("evidence/certificate_stores", {
  tcase_add_test(tests, a_store_is_said_to_be_collected_by_the_wrong_command);
  tcase_add_test(tests, the_provider_of_a_key_is_lost_or_guessed);
  tcase_add_test(tests, names_of_a_text_are_known_too_well_or_not_at_all);
})
