/* Binding, HTTP.SYS record, certificate, store: each join and each mark. */
#include "check_main.h"

#include "base/text.h"
#include "support_world.h"

#include <string.h>

#define BINDING(info, flags)                                                                       \
  "<binding protocol='https' bindingInformation='" info "' sslFlags='" flags "'/>"
#define RECORD_IP(ip, port, hash)                                                                  \
  "<sslCertificate record='" ip ":" port "' type='ip' ip='" ip "' port='" port                     \
  "' certificateHash='" hash "' store='my' appId='{1}'/>"
#define RECORD_HOST(host, port, hash)                                                              \
  "<sslCertificate record='" host ":" port "' type='host' host='" host "' port='" port             \
  "' certificateHash='" hash "' store='my'/>"
#define RECORD_CCS(port)                                                                           \
  "<sslCertificate record='" port "' type='ccs' port='" port "' certificateHash='' store='my'/>"
#define TOLD(info, flags, hash)                                                                    \
  "<site name='S' id='1'><binding protocol='https' bindingInformation='" info "' sslFlags='" flags \
  "' certificateHash='" hash "' certificateStoreName='My'/></site>"

static void add_server(struct world *world, const char *bindings) {
  char *site = alloc_format("<site name='S' id='1'><application path='/'/><bindings>%s</bindings>"
                            "</site>",
                            bindings);
  char *xml = server_xml(site, "");
  world_add(world, "applicationHost.config", "application-host", xml);
  alloc_free(site);
  alloc_free(xml);
}

/* ---- The matching order --------------------------------------------------------- */

static const struct {
  const char *binding, *records, *served; /* record, "none" */
} orders[] = {
    {BINDING("*:444:", "0"), RECORD_IP("0.0.0.0", "444", HASH_A), "0.0.0.0:444"},
    {BINDING(":444:", "0"), RECORD_IP("0.0.0.0", "444", HASH_A), "0.0.0.0:444"},
    {BINDING("*:444:", "0"), RECORD_IP("0.0.0.0", "443", HASH_A), "none"},
    {BINDING("*:443:", "0"), "", "none"},
    {BINDING("*:443:", "0"), RECORD_IP("[::]", "443", HASH_A), "[::]:443"},
    {BINDING("*:443:", "0"), RECORD_IP("[::]", "443", HASH_B) RECORD_IP("0.0.0.0", "443", HASH_A),
     "0.0.0.0:443"},
    {BINDING("*:443:", "0"), RECORD_IP("10.0.0.1", "443", HASH_A), "none"},
    {BINDING("10.0.0.1:443:", "0"),
     RECORD_IP("0.0.0.0", "443", HASH_B) RECORD_IP("10.0.0.1", "443", HASH_A), "10.0.0.1:443"},
    {BINDING("127.0.0.1:443:", "0"), RECORD_IP("0.0.0.0", "443", HASH_A), "0.0.0.0:443"},
    {BINDING("127.0.0.1:443:", "0"), RECORD_IP("[::]", "443", HASH_A), "none"},
    {BINDING("[fe80::1%3]:443:", "0"),
     RECORD_IP("[::]", "443", HASH_A) RECORD_IP("0.0.0.0", "443", HASH_B), "[::]:443"},
    {BINDING("[FE80:0::1]:443:", "0"), RECORD_IP("[fe80::1]", "443", HASH_A), "[fe80::1]:443"},
    {BINDING("*:443:www.a.com", "1"),
     RECORD_IP("0.0.0.0", "443", HASH_B) RECORD_HOST("WWW.a.com.", "443", HASH_A),
     "WWW.a.com.:443"},
    {BINDING("*:443:www.a.com", "33"), RECORD_HOST("*.a.com", "443", HASH_A), "*.a.com:443"},
    {BINDING("*:443:www.a.com", "1"), RECORD_HOST("a.com", "443", HASH_A), "none"},
    {BINDING("*:443:www.a.com", "1"), RECORD_IP("0.0.0.0", "443", HASH_B), "0.0.0.0:443"},
    {BINDING("*:443:www.a.com", "0"), RECORD_HOST("www.a.com", "443", HASH_A), "www.a.com:443"},
    {BINDING("*:443:", "0"), RECORD_HOST("www.a.com", "443", HASH_A), "none"},
    {BINDING("*:443:www.a.com", "3"), RECORD_CCS("443") RECORD_IP("0.0.0.0", "443", HASH_B), "443"},
    {BINDING("*:443:www.a.com", "3"), RECORD_IP("0.0.0.0", "443", HASH_B), "0.0.0.0:443"},
};

START_TEST(a_binding_is_served_by_the_wrong_record) {
  struct world world;
  world_start(&world);
  add_server(&world, orders[_i].binding);
  world_add(&world, "sslcert.txt", "netsh-sslcert", orders[_i].records);
  world_build(&world);
  const char *record =
      world_known(&world, 0, "//site/bindings/binding/certificateBinding", "record");
  ck_assert_msg(text_equal(record, "-") == text_equal(orders[_i].served, "none"), "%s %s: %s",
                orders[_i].binding, orders[_i].records, record);
  if (!text_equal(record, "-")) ck_assert_str_eq(record, orders[_i].served);
  ck_assert_int_eq(
      (int)world_number(&world, 0, "count(//httpSys/ev:unknown[@of='sslCertificate'])"), 0);
  world_end(&world);
}
END_TEST

#define MORE(binding) binding BINDING("10.0.0.1:443:", "0")

/* The records in order, each followed by a blank. */
static const struct {
  const char *bindings, *records, *served;
} nearer[] = {
    {BINDING("*:443:", "0"), RECORD_IP("0.0.0.0", "443", HASH_A) RECORD_IP("[::]", "443", HASH_B),
     "0.0.0.0:443 [::]:443 "},
    {BINDING("*:443:", "0"), RECORD_IP("0.0.0.0", "443", HASH_A) RECORD_IP("[::]", "443", HASH_A),
     "0.0.0.0:443 "},
    {BINDING("*:443:", "0"), RECORD_IP("0.0.0.0", "443", HASH_A) RECORD_IP("[::]", "444", HASH_B),
     "0.0.0.0:443 "},
    {BINDING("*:443:", "0"), RECORD_IP("[::]", "443", HASH_B), "[::]:443 "},
    {BINDING("*:443:", "0"),
     RECORD_IP("0.0.0.0", "443", HASH_A) RECORD_IP("10.0.0.1", "443", HASH_B),
     "0.0.0.0:443 10.0.0.1:443 "},
    {BINDING("*:443:", "0"), RECORD_IP("0.0.0.0", "443", HASH_A) RECORD_IP("10.0.0.1", "443", ""),
     "0.0.0.0:443 10.0.0.1:443 "},
    {MORE(BINDING("*:443:", "0")),
     RECORD_IP("0.0.0.0", "443", HASH_A) RECORD_IP("10.0.0.1", "443", HASH_B), "0.0.0.0:443 "},
    {BINDING("10.0.0.1:443:w.a", "1"),
     RECORD_HOST("w.a", "443", HASH_A) RECORD_IP("10.0.0.1", "443", HASH_B),
     "w.a:443 10.0.0.1:443 "},
    {BINDING("*:443:w.a", "1"),
     RECORD_HOST("w.a", "443", HASH_A) RECORD_IP("10.0.0.1", "443", HASH_B), "w.a:443 "},
};

START_TEST(a_nearer_record_is_not_minded) {
  struct world world;
  world_start(&world);
  add_server(&world, nearer[_i].bindings);
  world_add(&world, "sslcert.txt", "netsh-sslcert", nearer[_i].records);
  world_add(&world, "my.txt", "certutil-store",
            "<store location='LocalMachine' name='My' complete='true'>"
            "<certificate thumbprint='" HASH_A "' subject='CN=x' hasPrivateKey='true'/></store>");
  world_build(&world);
  char *served = alloc_text("");
  for (xmlNode *each = world_node(&world, 0, "//site/bindings/binding[1]/certificateBinding"); each;
       each = node_next(each, "certificateBinding")) {
    char *longer = alloc_format("%s%s ", served, node_get(each, "record"));
    alloc_free(served);
    served = longer;
    bool alive = text_equal(node_get(each, "certificateHash"), HASH_A);
    ck_assert_str_eq(node_get(each, "usable"), alive ? "true" : "false");
  }
  ck_assert_msg(text_equal(served, nearer[_i].served), "%s %s: %s", nearer[_i].bindings,
                nearer[_i].records, served);
  alloc_free(served);
  world_end(&world);
}
END_TEST

START_TEST(a_certificate_of_the_central_store_is_taken_for_none) {
  static const char *const records[] = {RECORD_CCS("443"), RECORD_HOST("www.a.com", "443", "")};
  for (size_t i = 0; i < 2; i++) {
    struct world world;
    world_start(&world);
    add_server(&world, BINDING("*:443:www.a.com", "3"));
    world_add(&world, "sslcert.txt", "netsh-sslcert", records[i]);
    world_build(&world);
    const char *element = "//site/bindings/binding/certificateBinding";
    static const char *const facts[] = {"certificateHash", "inStore", "hasPrivateKey", "usable"};
    for (size_t j = 0; j < 4; j++)
      ck_assert_str_eq(world_known(&world, 0, element, facts[j]), "?");
    ck_assert_str_eq(world_known(&world, 0, element, "conflict"), "-");
    world_end(&world);
  }
}
END_TEST

START_TEST(a_record_without_a_certificate_is_taken_for_unknown) {
  struct world world;
  world_start(&world);
  add_server(&world, BINDING("*:443:", "0"));
  world_add(&world, "sslcert.txt", "netsh-sslcert",
            RECORD_IP("0.0.0.0", "443", "0000000000000000000000000000000000000000"));
  world_build(&world);
  const char *element = "//site/bindings/binding/certificateBinding";
  ck_assert_str_eq(world_known(&world, 0, element, "certificateHash"), "");
  ck_assert_str_eq(world_known(&world, 0, element, "usable"), "false");
  ck_assert_str_eq(world_known(&world, 0, element, "inStore"), "false");
  world_end(&world);
}
END_TEST

/* ---- What is missing --------------------------------------------------------------- */

START_TEST(a_binding_that_nothing_tells_about_has_no_mark) {
  struct world world;
  world_start(&world);
  add_server(&world, BINDING("*:443:", "0") BINDING("*:444:", "0"));
  world_build(&world);
  ck_assert_str_eq(world_text(&world, 0, "//sites/ev:unknown[@of='certificateBinding']/@needs"),
                   "netsh-sslcert get-webbinding");
  ck_assert_int_eq((int)world_number(&world, 0, "count(//ev:unknown[@of='certificateBinding'])"),
                   1);
  ck_assert_str_eq(world_text(&world, 0, "//httpSys/ev:unknown/@of"), "sslCertificate");
  world_end(&world);
}
END_TEST

START_TEST(a_cut_dump_proves_that_a_record_is_missing) {
  struct world world;
  world_start(&world);
  add_server(&world, BINDING("*:443:", "0") BINDING("*:444:", "0"));
  world_break(
      world_add(&world, "sslcert.txt", "netsh-sslcert", RECORD_IP("0.0.0.0", "443", HASH_A)),
      UNKNOWN_TRUNCATED, 20, "the last record is not whole");
  world_build(&world);
  ck_assert_str_eq(
      world_known(&world, 0, "//binding[@port='443']/certificateBinding", "certificateHash"),
      HASH_A);
  const xmlNode *lost = world_node(&world, 0, "//binding[@port='444']");
  ck_assert_ptr_null(node_child(lost, "certificateBinding"));
  ck_assert_str_eq(world_mark(lost, "certificateBinding"), "truncated");
  ck_assert_str_eq(world_text(&world, 0, "//httpSys/ev:unknown/@reason"), "truncated");
  ck_assert_str_eq(world_text(&world, 0, "//httpSys/ev:unknown/@note"),
                   "sslcert.txt:20: the last record is not whole");
  world_end(&world);
}
END_TEST

START_TEST(a_cut_dump_lets_another_record_answer) {
  struct world world;
  world_start(&world);
  add_server(&world, BINDING("*:443:www.a.com", "1"));
  world_break(
      world_add(&world, "sslcert.txt", "netsh-sslcert", RECORD_IP("0.0.0.0", "443", HASH_A)),
      UNKNOWN_TRUNCATED, 20, "cut");
  world_build(&world);
  const xmlNode *binding = world_node(&world, 0, "//binding");
  ck_assert_ptr_null(node_child(binding, "certificateBinding"));
  ck_assert_str_eq(world_mark(binding, "certificateBinding"), "truncated");
  world_end(&world);
}
END_TEST

START_TEST(an_export_that_lacks_a_binding_says_it_has_none) {
  struct world world;
  world_start(&world);
  add_server(&world, BINDING("*:443:", "0") BINDING("*:444:", "0"));
  world_add(&world, "GetWebBinding.xml", "get-webbinding", TOLD(":443:", "0", HASH_A));
  world_build(&world);
  ck_assert_str_eq(
      world_known(&world, 0, "//binding[@port='443']/certificateBinding", "certificateHash"),
      HASH_A);
  ck_assert_str_eq(world_known(&world, 0, "//binding[@port='443']/certificateBinding", "source"),
                   "get-webbinding");
  ck_assert_str_eq(world_known(&world, 0, "//binding[@port='443']/certificateBinding", "record"),
                   "?");
  const xmlNode *other = world_node(&world, 0, "//binding[@port='444']");
  ck_assert_str_eq(world_mark(other, "certificateBinding"), "not-in-bundle");
  ck_assert_str_eq(world_text(&world, 0, "//httpSys/ev:unknown/@reason"), "not-in-bundle");
  world_end(&world);
}
END_TEST

static const struct {
  const char *flags, *told, *expected; /* "?" or the hash */
} told_rows[] = {
    {"0", TOLD("*:443:", "0", ""), "?"}, /* a record of [::] or of the central store may serve */
    {"1", TOLD("*:443:", "1", ""), "?"},
    {"2", TOLD("*:443:", "2", ""), "?"},
    {"0", TOLD("*:443:", "1", HASH_A), "?"}, /* of another time */
    {"0",
     "<site name='S' id='2'><binding protocol='https' bindingInformation='*:443:' sslFlags='0' "
     "certificateHash='" HASH_A "'/></site>",
     "?"},
    {"0",
     "<site name='s'><binding protocol='https' bindingInformation='0.0.0.0:443:' sslFlags='0' "
     "certificateHash='" HASH_A "'/></site>",
     HASH_A},
    {"0", "<site name='S' id='1'><binding protocol='https' bindingInformation='*:443:'/></site>",
     "?"},
};

START_TEST(an_export_is_read_for_more_than_it_says) {
  struct world world;
  world_start(&world);
  char *bindings = alloc_format(
      "<binding protocol='https' bindingInformation='*:443:' sslFlags='%s'/>", told_rows[_i].flags);
  add_server(&world, bindings);
  alloc_free(bindings);
  world_add(&world, "GetWebBinding.xml", "get-webbinding", told_rows[_i].told);
  world_build(&world);
  const xmlNode *binding = world_node(&world, 0, "//binding");
  const xmlNode *joined = node_child(binding, "certificateBinding");
  bool marked = world_mark(binding, "certificateBinding") != NULL;
  ck_assert(marked); /* nearer records than that of every address are netsh's to tell */
  if (text_equal(told_rows[_i].expected, "?"))
    ck_assert_ptr_null(joined);
  else
    ck_assert_str_eq(node_get(joined, "certificateHash"), told_rows[_i].expected);
  world_end(&world);
}
END_TEST

/* What an export says of a binding is all there is to know only when no record can be
 * nearer: else, or while lines of a dump are missing, others may serve some of its clients. */
START_TEST(a_record_that_nobody_saw_is_known_not_to_be_there) {
  static const struct {
    const char *binding, *flags;
    bool more;
  } rows[] = {{"*:443:", "0", true},
              {"10.0.0.5:443:", "0", false},
              {"*:443:www.a.com", "1", false},
              {"10.0.0.5:443:www.a.com", "1", true}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    for (int cut = 0; cut < 2; cut++) {
      struct world world;
      world_start(&world);
      char *binding =
          alloc_format("<binding protocol='https' bindingInformation='%s' sslFlags='%s'/>",
                       rows[i].binding, rows[i].flags);
      char *told = alloc_format(
          "<site name='S' id='1'><binding protocol='https' bindingInformation='%s' sslFlags='%s' "
          "certificateHash='" HASH_A "' certificateStoreName='My'/></site>",
          rows[i].binding, rows[i].flags);
      add_server(&world, binding);
      world_add(&world, "GetWebBinding.xml", "get-webbinding", told);
      if (cut)
        world_break(world_add(&world, "ssl.txt", "netsh-sslcert", ""), UNKNOWN_TRUNCATED, 4, "cut");
      world_build(&world);
      const char *reason = world_mark(world_node(&world, 0, "//binding"), "certificateBinding");
      ck_assert_msg(rows[i].more == (reason != NULL), "%s: %s", rows[i].binding, reason);
      if (reason) ck_assert_str_eq(reason, cut ? "truncated" : "not-in-bundle");
      ck_assert_str_eq(world_text(&world, 0, "//certificateBinding/@certificateHash"), HASH_A);
      alloc_free(binding);
      alloc_free(told);
      world_end(&world);
    }
}
END_TEST

/* ---- Agreement and contradiction ------------------------------------------------------ */

START_TEST(two_that_agree_are_not_one) {
  struct world world;
  world_start(&world);
  add_server(&world, BINDING("*:443:", "0"));
  world_add(&world, "sslcert.txt", "netsh-sslcert", RECORD_IP("0.0.0.0", "443", HASH_A));
  world_add(&world, "GetWebBinding.xml", "get-webbinding", TOLD("*:443:", "0", HASH_A));
  world_build(&world);
  const char *element = "//site/bindings/binding/certificateBinding";
  ck_assert_int_eq((int)world_number(&world, 0, "count(//certificateBinding)"), 1);
  ck_assert_str_eq(world_known(&world, 0, element, "source"), "netsh-sslcert");
  ck_assert_str_eq(world_known(&world, 0, element, "store"), "my");
  ck_assert_str_eq(world_known(&world, 0, element, "conflict"), "-");
  ck_assert_uint_eq(origin_of(world_node(&world, 0, element)).source, 2);
  world_end(&world);
}
END_TEST

static const struct {
  const char *records, *told;
} contradictions[] = {
    {RECORD_IP("0.0.0.0", "443", HASH_A), TOLD("*:443:", "0", HASH_B)},
    {RECORD_IP("0.0.0.0", "443", HASH_A), TOLD("*:443:", "0", "")},
    {"", TOLD("*:443:", "0", HASH_B)},
    {RECORD_IP("0.0.0.0", "443", HASH_A) RECORD_IP("0.0.0.0", "443", HASH_B), ""},
    {RECORD_IP("0.0.0.0", "443", HASH_A), TOLD("*:443:", "0", HASH_A) TOLD("*:443:", "0", HASH_B)},
};

START_TEST(a_contradiction_is_decided) {
  struct world world;
  world_start(&world);
  add_server(&world, BINDING("*:443:", "0"));
  world_add(&world, "sslcert.txt", "netsh-sslcert", contradictions[_i].records);
  if (*contradictions[_i].told)
    world_add(&world, "GetWebBinding.xml", "get-webbinding", contradictions[_i].told);
  world_add(&world, "my.txt", "certutil-store",
            "<store location='LocalMachine' name='My' complete='true'/>");
  world_build(&world);
  const char *element = "//site/bindings/binding/certificateBinding";
  ck_assert_str_eq(world_known(&world, 0, element, "conflict"), "true");
  static const char *const facts[] = {"certificateHash", "store",         "record",
                                      "inStore",         "hasPrivateKey", "usable"};
  for (size_t i = 0; i < 6; i++)
    ck_assert_str_eq(world_known(&world, 0, element, facts[i]), "?");
  ck_assert_str_eq(world_mark(world_node(&world, 0, element), "@certificateHash"), "conflict");
  ck_assert_int_ge((int)world_number(&world, 0, "count(//claim)"), 2);
  ck_assert_str_eq(
      world_text(&world, 0, "string(//certificates/ev:unknown[@of='certificate']/@of)"), "");
  world_end(&world);
}
END_TEST

START_TEST(a_missing_own_record_contradicts_the_one_that_serves) {
  struct world world;
  world_start(&world);
  add_server(&world, BINDING("127.0.0.1:443:", "0"));
  world_add(&world, "sslcert.txt", "netsh-sslcert", RECORD_IP("0.0.0.0", "443", HASH_A));
  world_add(&world, "GetWebBinding.xml", "get-webbinding", TOLD("127.0.0.1:443:", "0", ""));
  world_build(&world);
  const char *element = "//site/bindings/binding/certificateBinding";
  ck_assert_str_eq(world_known(&world, 0, element, "conflict"), "-");
  ck_assert_str_eq(world_known(&world, 0, element, "certificateHash"), HASH_A);
  world_end(&world);
}
END_TEST

START_TEST(different_stores_for_one_certificate_pass_as_one) {
  struct world world;
  world_start(&world);
  add_server(&world, BINDING("*:443:", "0"));
  world_add(&world, "sslcert.txt", "netsh-sslcert",
            "<sslCertificate record='0.0.0.0:443' type='ip' ip='0.0.0.0' port='443' "
            "certificateHash='" HASH_A "' store='webhosting'/>");
  world_add(&world, "GetWebBinding.xml", "get-webbinding", TOLD("*:443:", "0", HASH_A));
  world_build(&world);
  const char *element = "//site/bindings/binding/certificateBinding";
  ck_assert_str_eq(world_known(&world, 0, element, "certificateHash"), HASH_A);
  ck_assert_str_eq(world_known(&world, 0, element, "store"), "?");
  ck_assert_str_eq(world_known(&world, 0, element, "usable"), "?");
  world_end(&world);
}
END_TEST

START_TEST(two_dumps_that_differ_are_one_list) {
  struct world world;
  world_start(&world);
  add_server(&world, BINDING("*:443:", "0"));
  world_add(&world, "1.txt", "netsh-sslcert", RECORD_IP("0.0.0.0", "443", HASH_A));
  world_add(&world, "2.txt", "netsh-sslcert",
            RECORD_IP("0.0.0.0", "443", HASH_A) RECORD_IP("0.0.0.0", "444", HASH_A));
  world_build(&world);
  ck_assert_str_eq(world_text(&world, 0, "//httpSys/ev:unknown/@reason"), "conflict");
  ck_assert_int_eq((int)world_number(&world, 0, "count(//httpSys/sslCertificate)"), 2);
  ck_assert_str_eq(world_known(&world, 0, "//certificateBinding", "certificateHash"), HASH_A);
  world_end(&world);
}
END_TEST

/* ---- Stores ------------------------------------------------------------------------------ */

#define LISTED(hash, key) "<certificate thumbprint='" hash "' " key "/>"
#define DUMP(complete, inner)                                                                      \
  "<store location='LocalMachine' name='My' " complete ">" inner "</store>"
#define COMPLETE "complete='true'"
#define WITH_KEY "hasPrivateKey='true'"
#define NO_KEY "hasPrivateKey='false'"

static const struct {
  const char *dump, *exported; /* NULL: not in the bundle */
  const char *in_store, *has_key, *usable;
} stores[] = {
    {NULL, NULL, "?", "?", "?"},
    {DUMP(COMPLETE, LISTED(HASH_A, WITH_KEY)), NULL, "true", "true", "true"},
    {DUMP(COMPLETE, LISTED(HASH_A, NO_KEY)), NULL, "true", "false", "false"},
    {DUMP(COMPLETE, LISTED(HASH_A, "")), NULL, "true", "?", "?"},
    {DUMP(COMPLETE, LISTED(HASH_B, WITH_KEY)), NULL, "false", "false", "false"},
    {DUMP("", LISTED(HASH_A, WITH_KEY)), NULL, "true", "true", "true"},
    {DUMP("", LISTED(HASH_B, WITH_KEY)), NULL, "?", "?", "?"},
    {DUMP(COMPLETE, ""), NULL, "false", "false", "false"},
    {NULL, LISTED(HASH_A, ""), "true", "true", "true"},
    {NULL, LISTED(HASH_A, NO_KEY), "true", "false", "false"},
    {NULL, LISTED(HASH_B, ""), "?", "?", "false"},
    {DUMP("", LISTED(HASH_B, "")), LISTED(HASH_B, ""), "?", "?", "false"},
    {DUMP(COMPLETE, LISTED(HASH_A, "")), LISTED(HASH_B, ""), "true", "false", "false"},
    {DUMP(COMPLETE, LISTED(HASH_A, "")), LISTED(HASH_A, ""), "true", "true", "true"},
    {DUMP(COMPLETE, LISTED(HASH_A, NO_KEY)), LISTED(HASH_B, ""), "true", "false", "false"},
    {DUMP(COMPLETE, LISTED(HASH_A, WITH_KEY)), LISTED(HASH_B, ""), "true", "?", "?"},
    {DUMP(COMPLETE, LISTED(HASH_A, NO_KEY)), LISTED(HASH_A, ""), "true", "?", "?"},
    {DUMP(COMPLETE, LISTED(HASH_B, WITH_KEY)), LISTED(HASH_A, ""), "?", "?", "?"},
    {"<store location='CurrentUser' name='My' complete='true'/>", NULL, "?", "?", "?"},
    {"<store location='LocalMachine' name='Root' complete='true'/>", NULL, "?", "?", "?"},
    {DUMP(COMPLETE, LISTED(HASH_A, WITH_KEY)) DUMP(COMPLETE, LISTED(HASH_B, WITH_KEY)), NULL, "?",
     "?", "?"},
    {DUMP(COMPLETE, LISTED("12345", WITH_KEY)), NULL, "?", "?", "?"},
};

START_TEST(a_certificate_is_in_the_wrong_state) {
  struct world world;
  world_start(&world);
  add_server(&world, BINDING("*:443:", "0"));
  world_add(&world, "sslcert.txt", "netsh-sslcert", RECORD_IP("0.0.0.0", "443", HASH_A));
  world_add(&world, "GetAuthConfig.xml", "get-authconfig",
            "<authConfig currentCertificateThumbprint='" HASH_A "' "
            "previousCertificateThumbprint='' nextCertificateThumbprint=''/>");
  if (stores[_i].dump) world_add(&world, "my.txt", "certutil-store", stores[_i].dump);
  if (stores[_i].exported)
    world_add(&world, "GetExchangeCertificate.xml", "get-exchangecertificate", stores[_i].exported);
  world_build(&world);
  const char *element = "//site/bindings/binding/certificateBinding";
  ck_assert_str_eq(world_known(&world, 0, element, "inStore"), stores[_i].in_store);
  ck_assert_str_eq(world_known(&world, 0, element, "hasPrivateKey"), stores[_i].has_key);
  ck_assert_str_eq(world_known(&world, 0, element, "usable"), stores[_i].usable);
  ck_assert_str_eq(world_known(&world, 0, "//exchange/authConfig", "usable"), stores[_i].usable);
  world_end(&world);
}
END_TEST

START_TEST(a_cut_export_proves_that_a_certificate_is_missing) {
  struct world world;
  world_start(&world);
  add_server(&world, BINDING("*:443:", "0"));
  world_add(&world, "sslcert.txt", "netsh-sslcert", RECORD_IP("0.0.0.0", "443", HASH_A));
  world_break(world_add(&world, "GetExchangeCertificate.xml", "get-exchangecertificate",
                        LISTED(HASH_B, "")),
              UNKNOWN_TRUNCATED, 9, "cut");
  world_build(&world);
  ck_assert_str_eq(world_known(&world, 0, "//certificateBinding", "usable"), "?");
  ck_assert_str_eq(world_mark(world_node(&world, 0, "//certificateBinding"), "@usable"),
                   "truncated");
  world_end(&world);
}
END_TEST

START_TEST(the_store_of_a_record_is_not_minded) {
  struct world world;
  world_start(&world);
  add_server(&world, BINDING("*:443:", "0"));
  world_add(&world, "sslcert.txt", "netsh-sslcert",
            "<sslCertificate record='0.0.0.0:443' type='ip' ip='0.0.0.0' port='443' "
            "certificateHash='" HASH_A "' store='webhosting'/>");
  world_add(&world, "my.txt", "certutil-store", DUMP(COMPLETE, LISTED(HASH_A, WITH_KEY)));
  world_add(&world, "GetExchangeCertificate.xml", "get-exchangecertificate", LISTED(HASH_B, ""));
  world_build(&world);
  ck_assert_str_eq(world_known(&world, 0, "//certificateBinding", "usable"), "?");
  ck_assert_str_eq(world_text(&world, 0, "//sites/ev:unknown[@of='@usable']/@needs"),
                   "certutil-webhosting");
  world_end(&world);
}
END_TEST

START_TEST(an_entry_does_not_say_who_listed_it) {
  struct world world;
  world_start(&world);
  add_server(&world, "");
  world_add(&world, "my.txt", "certutil-store",
            DUMP(COMPLETE, LISTED(HASH_A, "") LISTED(HASH_B, "")));
  world_add(&world, "GetExchangeCertificate.xml", "get-exchangecertificate", LISTED(HASH_A, ""));
  world_build(&world);
  const char *my = "//store[@key='my']";
  ck_assert_int_eq((int)world_number(&world, 0, "count(//store)"), 2);
  ck_assert_int_eq((int)world_number(&world, 0, "count(//store[@key='my']/entry)"), 2);
  ck_assert_ptr_null(world_mark(world_node(&world, 0, my), "entry"));
  ck_assert_str_eq(world_mark(world_node(&world, 0, "//store[@key='webhosting']"), "entry"),
                   "not-in-bundle");
  ck_assert_str_eq(world_known(&world, 0, "//entry[@thumbprint='" HASH_A "']", "hasPrivateKey"),
                   "true");
  ck_assert_str_eq(world_known(&world, 0, "//entry[@thumbprint='" HASH_B "']", "hasPrivateKey"),
                   "?");
  world_end(&world);
}
END_TEST

/* ---- Certificates -------------------------------------------------------------------------- */

START_TEST(a_text_dump_outweighs_the_certificate_itself) {
  struct world world;
  world_start(&world);
  add_server(&world, "");
  world_add(&world, "my.txt", "certutil-store",
            DUMP(COMPLETE, "<certificate thumbprint='" HASH_A "' subject='CN=text' "
                           "notAfter='2024-01-01T00:00:00Z' notAfterLatest='2024-01-02T04:00:00Z' "
                           "friendlyName='Old' hasPrivateKey='true'/>"
                           "<certificate thumbprint='" HASH_B "' subject='CN=b' "
                           "notAfter='2024-01-01T00:00:00Z' "
                           "notAfterLatest='2024-01-02T04:00:00Z'/>"));
  world_add(&world, "a.cer", "certificate-file",
            "<certificate thumbprint='" HASH_A "' subject='CN=der' issuer='CN=der' "
            "serialNumber='1' notBefore='2020-01-01T00:00:00Z' "
            "notBeforeLatest='2020-01-01T00:00:00Z' notAfter='2024-01-01T13:00:00Z' "
            "notAfterLatest='2024-01-01T13:00:00Z' keyAlgorithm='RSA' keySize='2048' "
            "signatureAlgorithm='sha256WithRSAEncryption' selfSigned='true'>"
            "<name type='dns' value='a'/></certificate>");
  world_build(&world);
  const char *a = "//certificate[@thumbprint='" HASH_A "']";
  const char *b = "//certificate[@thumbprint='" HASH_B "']";
  ck_assert_int_eq((int)world_number(&world, 0, "count(//certificate)"), 2);
  ck_assert_str_eq(world_known(&world, 0, a, "subject"), "CN=der");
  ck_assert_str_eq(world_known(&world, 0, a, "notAfterLatest"), "2024-01-01T13:00:00Z");
  ck_assert_str_eq(world_known(&world, 0, a, "friendlyName"), "Old");
  ck_assert_ptr_null(world_mark(world_node(&world, 0, a), "name"));
  ck_assert_str_eq(world_known(&world, 0, b, "notAfter"), "2024-01-01T00:00:00Z");
  static const char *const missing[] = {"notBefore",    "notBeforeLatest",    "keySize",
                                        "keyAlgorithm", "signatureAlgorithm", "selfSigned",
                                        "friendlyName"};
  for (size_t i = 0; i < sizeof missing / sizeof *missing; i++)
    ck_assert_str_eq(world_known(&world, 0, b, missing[i]), "?");
  ck_assert_str_eq(world_mark(world_node(&world, 0, b), "name"), "not-in-bundle");
  ck_assert_int_eq((int)world_number(&world, 0, "count(//certificate/@hasPrivateKey)"), 0);
  world_end(&world);
}
END_TEST

#define DESCRIBED(hash) "<certificate thumbprint='" hash "' subject='CN=x'/>"

static const struct {
  const char *records, *dump, *exported, *auth;
  enum { ALL_KNOWN, ANY_MAY_BE, ONE_UNDESCRIBED } then;
} described[] = {
    {RECORD_IP("0.0.0.0", "443", HASH_A), NULL, NULL, NULL, ANY_MAY_BE},
    {RECORD_IP("0.0.0.0", "443", HASH_A), DUMP(COMPLETE, ""), NULL, NULL, ALL_KNOWN},
    {RECORD_IP("0.0.0.0", "443", HASH_A), DUMP("", LISTED(HASH_B, "")), NULL, NULL, ANY_MAY_BE},
    {RECORD_IP("0.0.0.0", "443", HASH_A), NULL,
     DESCRIBED(HASH_A) "<exchangeCertificate thumbprint='" HASH_A
                       "' services='IIS' status='Valid'/>",
     "<authConfig currentCertificateThumbprint='" HASH_A "' previousCertificateThumbprint='' "
     "nextCertificateThumbprint=''/>",
     ALL_KNOWN},
    {RECORD_IP("0.0.0.0", "443", HASH_A), NULL, DESCRIBED(HASH_A), NULL, ANY_MAY_BE},
    {RECORD_IP("0.0.0.0", "443", HASH_A), NULL, DESCRIBED(HASH_A),
     "<authConfig currentCertificateThumbprint='" HASH_B "' previousCertificateThumbprint='' "
     "nextCertificateThumbprint=''/>",
     ONE_UNDESCRIBED},
    {NULL, NULL, DESCRIBED(HASH_A),
     "<authConfig currentCertificateThumbprint='" HASH_A "' previousCertificateThumbprint='' "
     "nextCertificateThumbprint=''/>",
     ANY_MAY_BE},
};

/* A server of Exchange: whose exports could be missing. */
START_TEST(a_certificate_in_use_may_be_anything_unsaid) {
  struct world world;
  world_start(&world);
  add_server(&world, BINDING("*:443:", "0") "</bindings></site><site name='Exchange Back End' "
                                            "id='2'><application path='/'/><bindings>");
  if (described[_i].records)
    world_add(&world, "sslcert.txt", "netsh-sslcert", described[_i].records);
  if (described[_i].dump) world_add(&world, "my.txt", "certutil-store", described[_i].dump);
  if (described[_i].exported)
    world_add(&world, "c.xml", "get-exchangecertificate", described[_i].exported);
  if (described[_i].auth) world_add(&world, "a.xml", "get-authconfig", described[_i].auth);
  world_build(&world);
  const char *mark = world_mark(world_node(&world, 0, "//certificates"), "certificate");
  ck_assert_int_eq(mark != NULL, described[_i].then == ANY_MAY_BE);
  const char *undescribed = "//certificate[@thumbprint='" HASH_B "']";
  static const char *const facts[] = {
      "subject",    "issuer",         "serialNumber", "notBefore", "notBeforeLatest",
      "notAfter",   "notAfterLatest", "keyAlgorithm", "keySize",   "signatureAlgorithm",
      "selfSigned", "friendlyName",   "archived"};
  ck_assert_int_eq((int)world_number(&world, 0, "count(//certificate[not(@subject)])"),
                   described[_i].then == ONE_UNDESCRIBED || _i == 2);
  for (size_t i = 0; described[_i].then == ONE_UNDESCRIBED && i < sizeof facts / sizeof *facts; i++)
    ck_assert_str_eq(world_known(&world, 0, undescribed, facts[i]), "?");
  if (described[_i].then == ONE_UNDESCRIBED)
    ck_assert_str_eq(world_mark(world_node(&world, 0, undescribed), "name"), "not-in-bundle");
  world_end(&world);
}
END_TEST

START_TEST(exports_that_differ_are_believed) {
  struct world world;
  world_start(&world);
  add_server(&world, "");
  world_add(&world, "a1.xml", "get-authconfig",
            "<authConfig currentCertificateThumbprint='" HASH_A "' "
            "previousCertificateThumbprint='' nextCertificateThumbprint=''/>");
  world_add(&world, "a2.xml", "get-authconfig",
            "<authConfig currentCertificateThumbprint='" HASH_B "' "
            "previousCertificateThumbprint='' nextCertificateThumbprint=''/>");
  world_add(&world, "c1.xml", "get-exchangecertificate",
            "<exchangeCertificate thumbprint='" HASH_A "' services='IIS' status='Valid'/>");
  world_add(&world, "c2.xml", "get-exchangecertificate",
            "<exchangeCertificate thumbprint='" HASH_A "' services='None' status='Valid'/>"
            "<exchangeCertificate thumbprint='" HASH_B "' services='None' status='Valid'/>");
  world_build(&world);
  const char *auth = "//exchange/authConfig";
  ck_assert_int_eq((int)world_number(&world, 0, "count(//authConfig)"), 1);
  ck_assert_str_eq(world_known(&world, 0, auth, "currentCertificateThumbprint"), "?");
  ck_assert_str_eq(world_known(&world, 0, auth, "usable"), "?");
  ck_assert_str_eq(world_known(&world, 0, auth, "nextCertificateThumbprint"), "");
  const char *one = "//exchangeCertificate[@thumbprint='" HASH_A "']";
  ck_assert_str_eq(world_known(&world, 0, one, "services"), "?");
  ck_assert_str_eq(world_known(&world, 0, one, "status"), "Valid");
  ck_assert_str_eq(world_mark(world_node(&world, 0, "//exchange"), "exchangeCertificate"),
                   "conflict");
  world_end(&world);
}
END_TEST

CHECK_MAIN("evidence/join", {
  tcase_add_loop_test(tests, a_binding_is_served_by_the_wrong_record, 0,
                      sizeof orders / sizeof *orders);
  tcase_add_loop_test(tests, a_nearer_record_is_not_minded, 0, sizeof nearer / sizeof *nearer);
  tcase_add_test(tests, a_certificate_of_the_central_store_is_taken_for_none);
  tcase_add_test(tests, a_record_without_a_certificate_is_taken_for_unknown);
  tcase_add_test(tests, a_binding_that_nothing_tells_about_has_no_mark);
  tcase_add_test(tests, a_cut_dump_proves_that_a_record_is_missing);
  tcase_add_test(tests, a_cut_dump_lets_another_record_answer);
  tcase_add_test(tests, an_export_that_lacks_a_binding_says_it_has_none);
  tcase_add_loop_test(tests, an_export_is_read_for_more_than_it_says, 0,
                      sizeof told_rows / sizeof *told_rows);
  tcase_add_test(tests, a_record_that_nobody_saw_is_known_not_to_be_there);
  tcase_add_test(tests, two_that_agree_are_not_one);
  tcase_add_loop_test(tests, a_contradiction_is_decided, 0,
                      sizeof contradictions / sizeof *contradictions);
  tcase_add_test(tests, a_missing_own_record_contradicts_the_one_that_serves);
  tcase_add_test(tests, different_stores_for_one_certificate_pass_as_one);
  tcase_add_test(tests, two_dumps_that_differ_are_one_list);
  tcase_add_loop_test(tests, a_certificate_is_in_the_wrong_state, 0,
                      sizeof stores / sizeof *stores);
  tcase_add_test(tests, a_cut_export_proves_that_a_certificate_is_missing);
  tcase_add_test(tests, the_store_of_a_record_is_not_minded);
  tcase_add_test(tests, an_entry_does_not_say_who_listed_it);
  tcase_add_test(tests, a_text_dump_outweighs_the_certificate_itself);
  tcase_add_loop_test(tests, a_certificate_in_use_may_be_anything_unsaid, 0,
                      sizeof described / sizeof *described);
  tcase_add_test(tests, exports_that_differ_are_believed);
})
