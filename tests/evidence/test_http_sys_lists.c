/* Listen addresses, reservations and queues in the evidence: known when one whole dump
 * says so, else marked with what would tell. */
#include "check_main.h"

#include "support_world.h"

#include "base/text.h"

#define LIST(addresses) "<ipListen>" addresses "</ipListen>"
#define ADDRESS(ip) "<address ip='" ip "'/>"
#define RESERVED "<urlReservation url='http://+:80/x/' scheme='http' host='+' port='80' user='A'/>"
#define LIVE                                                                                       \
  "<requestQueue name='X' key='x'><process id='4'/></requestQueue>"                                \
  "<registeredUrl url='http://+:80/' scheme='http' host='+' port='80' queue='X' processes='4'/>"

static const char *reason(const struct world *world, const char *element, const char *of) {
  return world_mark(world_node(world, 0, element), of);
}

START_TEST(what_is_not_in_the_bundle_is_known) {
  struct world world;
  world_start(&world);
  world_build(&world);
  ck_assert_str_eq(reason(&world, "//httpSys/ipListen", "address"), "not-in-bundle");
  ck_assert_str_eq(reason(&world, "//httpSys", "urlReservation"), "not-in-bundle");
  ck_assert_str_eq(reason(&world, "//httpSys", "requestQueue"), "not-in-bundle");
  ck_assert_str_eq(reason(&world, "//httpSys", "registeredUrl"), "not-in-bundle");
  ck_assert_str_eq(world_text(&world, 0, "//ipListen/ev:unknown/@needs"), "netsh-iplisten");
  world_end(&world);
}
END_TEST

START_TEST(a_whole_dump_leaves_doubts) {
  struct world world;
  world_start(&world);
  world_add(&world, "iplisten.txt", "netsh-iplisten", LIST(ADDRESS("10.0.0.1")));
  world_add(&world, "urlacl.txt", "netsh-urlacl", RESERVED);
  world_add(&world, "servicestate.txt", "netsh-servicestate", LIVE);
  world_build(&world);
  ck_assert_ptr_null(reason(&world, "//httpSys/ipListen", "address"));
  ck_assert_ptr_null(reason(&world, "//httpSys", "urlReservation"));
  ck_assert_ptr_null(reason(&world, "//httpSys", "requestQueue"));
  ck_assert_ptr_null(reason(&world, "//httpSys", "registeredUrl"));
  ck_assert_str_eq(world_text(&world, 0, "//ipListen/address/@ip"), "10.0.0.1");
  ck_assert_str_eq(world_text(&world, 0, "//urlReservation/@user"), "A");
  ck_assert_str_eq(world_text(&world, 0, "//requestQueue/process/@id"), "4");
  ck_assert_str_eq(world_text(&world, 0, "//registeredUrl/@processes"), "4");
  world_end(&world);
}
END_TEST

START_TEST(an_empty_listen_list_is_unknown) {
  struct world world;
  world_start(&world);
  world_add(&world, "iplisten.txt", "netsh-iplisten", LIST(""));
  world_build(&world);
  ck_assert_ptr_null(reason(&world, "//httpSys/ipListen", "address"));
  ck_assert_int_eq((int)world_number(&world, 0, "count(//ipListen/address)"), 0);
  world_end(&world);
}
END_TEST

START_TEST(a_list_that_is_cut_off_is_believed) {
  struct world world;
  world_start(&world);
  struct reading *reading =
      world_add(&world, "iplisten.txt", "netsh-iplisten", LIST(ADDRESS("10.0.0.1")));
  world_break(reading, UNKNOWN_TRUNCATED, 6, "cut");
  world_build(&world);
  ck_assert_str_eq(reason(&world, "//httpSys/ipListen", "address"), "truncated");
  ck_assert_int_eq((int)world_number(&world, 0, "count(//ipListen/address)"), 1);
  world_end(&world);
}
END_TEST

START_TEST(dumps_that_differ_are_believed) {
  struct world world;
  world_start(&world);
  world_add(&world, "a.txt", "netsh-iplisten", LIST(ADDRESS("10.0.0.1")));
  world_add(&world, "b.txt", "netsh-iplisten", LIST(ADDRESS("10.0.0.2")));
  world_add(&world, "c.txt", "netsh-urlacl", RESERVED);
  world_add(&world, "d.txt", "netsh-urlacl", RESERVED);
  world_build(&world);
  ck_assert_str_eq(reason(&world, "//httpSys/ipListen", "address"), "conflict");
  ck_assert_int_eq((int)world_number(&world, 0, "count(//ipListen/address)"), 0);
  ck_assert_ptr_null(reason(&world, "//httpSys", "urlReservation"));
  ck_assert_int_eq((int)world_number(&world, 0, "count(//urlReservation)"), 1);
  world_end(&world);
}
END_TEST

CHECK_MAIN("evidence/http_sys_lists", {
  tcase_add_test(tests, what_is_not_in_the_bundle_is_known);
  tcase_add_test(tests, a_whole_dump_leaves_doubts);
  tcase_add_test(tests, an_empty_listen_list_is_unknown);
  tcase_add_test(tests, a_list_that_is_cut_off_is_believed);
  tcase_add_test(tests, dumps_that_differ_are_believed);
})
