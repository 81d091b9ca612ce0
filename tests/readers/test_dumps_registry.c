/* HTTP.SYS as netsh prints it and as the registry has it: the facts are the same. */
#include "check_main.h"

#include "base/text.h"
#include "bundle/encoding.h"
#include "support/dumps.h"
#include "support_registry.h"

#include <string.h>

#define WEB "37A174A666F07B8BB332B7FE0C462776E46CEC82"
#define OTHER "F6F4501B6059B0EFF5EF4D9F17E4144D21387C47"

static const struct dump_record records[] = {
    {.key = "0.0.0.0:443", .thumbprint = WEB, .store = "My"},
    {.key = "127.0.0.1:443", .thumbprint = WEB, .set = DUMP_NO_HTTP2 | DUMP_NO_LEGACY_TLS},
    {.key = "[::]:444", .thumbprint = OTHER, .set = DUMP_NEGOTIATE | DUMP_NO_REVOCATION},
    {.key = "www.contoso.com:443",
     .thumbprint = WEB,
     .app_id = "{5d89a20c-beab-4389-9447-324788eb944a}",
     .store = "WebHosting",
     .ctl_store = "AdfsTrustedDevices",
     .set = DUMP_REJECT},
    {.key = "443"},
};
enum { RECORDS = sizeof records / sizeof *records };

static struct run read_text(struct buffer *text, const struct dump_style *style) {
  size_t size;
  struct run run;
  char *bytes = dump_encode(text, style, &size);
  run_start(&run);
  run_add(&run, "dump", bytes, size);
  encoding_detect(run.bundle.artifacts[0]);
  run_read(&run);
  alloc_free(bytes);
  buffer_dispose(text);
  return run;
}

static const xmlNode *record_of(const struct reading *reading, const char *key) {
  const xmlNode *record = node_child(reading->facts, "sslCertificate");
  while (record && !text_equal_nocase(node_get(record, "record"), key))
    record = node_next(record, "sslCertificate");
  return record;
}

static void expect_same(const xmlNode *a, const xmlNode *b) {
  for (const xmlAttr *each = a->properties; each; each = each->next) {
    const char *name = (const char *)each->name;
    ck_assert_msg(text_equal_nocase(node_get(a, name), node_get(b, name)), "%s: %s is %s, not %s",
                  node_get(a, "record"), name, node_get(b, name), node_get(a, name));
  }
}

static void compare(bool query, enum dump_encoding encoding) {
  struct dump_style style = {.encoding = encoding};
  struct buffer netsh_text = buffer_make(1 << 20), registry_text = buffer_make(1 << 20);
  dump_sslcert(&netsh_text, records, RECORDS, &style);
  dump_registry_http(&registry_text, records, RECORDS, query);
  struct run netsh = read_text(&netsh_text, &style), registry = read_text(&registry_text, &style);
  const struct reading *one = run_reading(&netsh, 0);
  const struct reading *other = registry_reading(&registry, "registry-http");
  ck_assert(one && one->complete && other && other->complete);
  ck_assert_uint_eq(run_count(other, "sslCertificate"), RECORDS);
  for (size_t i = 0; i < RECORDS; i++) {
    const xmlNode *a = record_of(one, records[i].key), *b = record_of(other, records[i].key);
    ck_assert_msg(a && b, "%s", records[i].key);
    expect_same(a, b);
    expect_same(b, a);
  }
  run_end(&netsh);
  run_end(&registry);
}

START_TEST(an_export_tells_other_records_than_netsh) {
  for (int encoding = 0; encoding < DUMP_ENCODINGS; encoding++)
    compare(false, (enum dump_encoding)encoding);
}
END_TEST

START_TEST(a_query_tells_other_records_than_netsh) {
  for (int encoding = 0; encoding < DUMP_ENCODINGS; encoding++)
    compare(true, (enum dump_encoding)encoding);
}
END_TEST

/* ---- Reservations ------------------------------------------------------------------- */

#define ACL "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\HTTP\\Parameters\\UrlAclInfo"
#define HEAD                                                                                       \
  "01000480000000000000000000000000"                                                               \
  "14000000"
#define NETWORK_SERVICE                                                                            \
  "00001400"                                                                                       \
  "00000020"                                                                                       \
  "010100000000000514000000"
#define EVERYONE                                                                                   \
  "00001400"                                                                                       \
  "00000060"                                                                                       \
  "010100000000000100000000"
#define DENIED                                                                                     \
  "01001400"                                                                                       \
  "00000020"                                                                                       \
  "010100000000000514000000"

static struct run read_reservation(const char *descriptor) {
  char *text = alloc_format("\n" ACL "\n    http://+:80/x/    REG_BINARY    %s\n"
                            "    https://Host:444/    REG_BINARY    %s\n\n",
                            descriptor, descriptor);
  struct run run;
  run_start(&run);
  run_add_text(&run, "acl.txt", text);
  run_read(&run);
  alloc_free(text);
  return run;
}

static void expect(const xmlNode *node, const char *name, const char *value) {
  ck_assert_msg(text_equal(node_get(node, name), value), "%s is %s", name, node_get(node, name));
}

START_TEST(a_reservation_in_the_registry_is_not_read) {
  struct run run = read_reservation(HEAD "0200300002000000" NETWORK_SERVICE EVERYONE);
  const struct reading *reading = registry_reading(&run, "registry-urlacl");
  ck_assert(reading != NULL && reading->complete);
  ck_assert_uint_eq(run_count(reading, "urlReservation"), 4);
  const xmlNode *node = run_fact(reading, "urlReservation", 0);
  expect(node, "scheme", "http");
  expect(node, "host", "+");
  expect(node, "port", "80");
  expect(node, "listen", "true");
  expect(node, "delegate", "false");
  expect(node, "sddl", "D:(A;;GX;;;NS)(A;;GXGW;;;WD)");
  ck_assert(run_marked(node, "@user"));
  expect(run_fact(reading, "urlReservation", 1), "delegate", "true");
  expect(run_fact(reading, "urlReservation", 2), "host", "host");
  run_end(&run);
}
END_TEST

START_TEST(a_descriptor_of_another_kind_is_taken_for_a_permission) {
  static const char *const all[] = {"",
                                    "01000480",
                                    HEAD "02001C0001000000" DENIED,
                                    HEAD "02001C0002000000" NETWORK_SERVICE,
                                    HEAD "0200FF0001000000" NETWORK_SERVICE,
                                    HEAD "02001C0001000000"
                                         "00001400"
                                         "00000020"
                                         "01FF"};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    struct run run = read_reservation(all[i]);
    const struct reading *reading = registry_reading(&run, "registry-urlacl");
    ck_assert(!reading->complete);
    ck_assert_uint_eq(run_count(reading, "urlReservation"), 0);
    run_end(&run);
  }
}
END_TEST

CHECK_MAIN("readers/dumps_registry", {
  tcase_add_test(tests, an_export_tells_other_records_than_netsh);
  tcase_add_test(tests, a_query_tells_other_records_than_netsh);
  tcase_add_test(tests, a_reservation_in_the_registry_is_not_read);
  tcase_add_test(tests, a_descriptor_of_another_kind_is_taken_for_a_permission);
})
